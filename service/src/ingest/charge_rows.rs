//! `charges.csv`: one row per charge.

use std::collections::HashSet;

use super::charges::{Charges, Ids};
use super::dictionary::{Dictionary, composed};
use super::field::{Dates, Vocabulary, count, listed, separable, similar_words, statute_of, word};
use super::header::{Column, Need};
use super::id_list::IdList;
use super::ids::{IdColumn, Numbered, Unique};
use super::places::Places;
use super::reader::{Rules, Table};
use super::repeats::settle_repetitions;
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken, is_blank};
use super::similar::similar;
use crate::domain::{Period, Register, outcomes};
use crate::package::Source;

const CASE_ID: usize = 0;
const DEFENDANT_ID: usize = 1;
const COUNTRY: usize = 2;
const STATUTE: usize = 3;
const DATE_CHARGED: usize = 4;
const OUTCOME: usize = 5;
const CHARGE_ID: usize = 6;
const DATE_OUTCOME: usize = 7;
const SENTENCE: usize = 8;
const SENTENCE_MONTHS: usize = 9;
const ROLE: usize = 10;
const REGION: usize = 11;
const SOURCE: usize = 12;
const PUBLISH: usize = 13;

pub(super) const COLUMNS: [Column; 14] = [
    Column { name: "case_id", need: Need::Filled },
    Column { name: "defendant_id", need: Need::Filled },
    Column { name: "country", need: Need::Filled },
    Column { name: "statute", need: Need::Filled },
    Column { name: "date_charged", need: Need::Filled },
    Column { name: "outcome", need: Need::Filled },
    Column { name: "charge_id", need: Need::Optional },
    Column { name: "date_outcome", need: Need::Optional },
    Column { name: "sentence", need: Need::Optional },
    Column { name: "sentence_months", need: Need::Optional },
    Column { name: "role", need: Need::Optional },
    Column { name: "region", need: Need::Optional },
    Column { name: "source", need: Need::Optional },
    Column { name: "publish", need: Need::Optional },
];

/// Reads the charges. Rows that are refused or withheld are not among them; the report says which.
pub fn read(
    source: Source<'_>,
    register: &Register,
    dates: &Dates,
    rules: &Rules,
    report: &mut Report,
) -> Charges {
    let Some(mut table) = Table::open(source, &COLUMNS, rules, report) else {
        return Charges::default();
    };
    let has = std::array::from_fn(|column| table.has(column));
    let mut reading = Reading {
        charges: Charges { has_roles: has[ROLE], has_regions: has[REGION], ..Charges::default() },
        has,
        places: Places::default(),
        register,
        dates,
        vocabulary: Vocabulary::default(),
        doubts: Vec::new(),
        pending: outcomes().number("pending"),
        untaken: Untaken { has_own: has[CHARGE_ID], keys: Dictionary::default() },
    };
    let (cases, defendants, own) = std::thread::scope(|scope| {
        let mut ids = IdColumns {
            cases: IdColumn::begin(scope, Unique::No),
            defendants: IdColumn::begin(scope, Unique::No),
            own: has[CHARGE_ID].then(|| IdColumn::begin(scope, Unique::Expected)),
        };
        table.for_each(|row| {
            let taken = reading.take(row, &mut ids);
            if !matches!(taken, Ok(Taken::Kept)) {
                reading.untaken.note(row);
            }
            taken
        });
        (ids.cases.finish(), ids.defendants.finish(), ids.own.map(IdColumn::finish).unwrap_or_default())
    });
    let Reading { mut charges, places, doubts, untaken, .. } = reading;
    for Doubt { row, reason } in doubts {
        let (column, message) = match reason {
            Reason::OutcomeBeforeCharge => (DATE_OUTCOME, "the outcome lies before the charge"),
            Reason::FinalWithoutDate => (DATE_OUTCOME, "a final outcome without its date"),
            _ => (DATE_OUTCOME, "a pending charge with the date of an outcome"),
        };
        table.warn(places.at(row), column, reason, || (message.to_owned(), String::new()));
    }
    for (column, numbered) in [(CASE_ID, &cases), (DEFENDANT_ID, &defendants), (CHARGE_ID, &own)] {
        warn_of_similar(&mut table, &places, column, numbered);
    }
    charges.case = cases.numbers;
    charges.defendant = defendants.numbers;
    let repeated = own.repeated;
    let mut own_ids = own.ids;
    if !untaken.keys.is_empty() {
        own_ids.make_lookup();
    }
    charges.ids = Some(Box::new(Ids {
        cases: cases.ids,
        defendants: defendants.ids,
        charges: own_ids,
        charge: own.numbers,
    }));
    let key = if has[CHARGE_ID] { CHARGE_ID } else { CASE_ID };
    let also_untaken = untaken.among(&charges, register);
    if let Some(ids) = charges.ids.as_deref_mut() {
        // Sorting, which comes next, takes memory of its own.
        for list in [&mut ids.cases, &mut ids.defendants, &mut ids.charges] {
            list.forget_lookup();
        }
    }
    settle_repetitions(&mut charges, repeated, &also_untaken, &places, &mut table, key);
    table.close(report);
    charges.shrink();
    charges
}

/// The columns of ids.
struct IdColumns<'scope> {
    cases: IdColumn<'scope>,
    defendants: IdColumn<'scope>,
    /// The charges' own, where the file has them.
    own: Option<IdColumn<'scope>>,
}

/// The keys of rows that were refused or are kept back: a charge that stands there as well, in another row, is one of
/// which nobody can know what is right, and perhaps one that its publisher meant to keep back.
struct Untaken {
    /// Whether charges have ids of their own; else case, defendant and statute are the key.
    has_own: bool,
    keys: Dictionary,
}

/// Stands between the parts of a key; no text of a row has it.
const BETWEEN: &str = "\u{1f}";

impl Untaken {
    fn note(&mut self, row: &Row<'_>) {
        let key = if self.has_own {
            composed(row.text(CHARGE_ID)).into_owned()
        } else {
            [CASE_ID, DEFENDANT_ID, STATUTE]
                .map(|column| composed(row.text(column)).into_owned())
                .join(BETWEEN)
        };
        self.keys.code(&key);
    }

    /// Returns which of the charges have one of the keys.
    fn among(&self, charges: &Charges, register: &Register) -> HashSet<usize> {
        let Some(ids) = charges.ids.as_deref().filter(|_| !self.keys.is_empty()) else {
            return HashSet::new();
        };
        if self.has_own {
            let own: HashSet<u32> = self.keys.texts().filter_map(|key| ids.charges.find(key)).collect();
            let among = ids.charge.iter().enumerate().filter(|(_, id)| own.contains(id));
            return among.map(|(row, _)| row).collect();
        }
        let numbers = |key: &str| {
            let mut parts = key.split(BETWEEN);
            let case = ids.cases.find(parts.next()?)?;
            let defendant = ids.defendants.find(parts.next()?)?;
            Some((case, defendant, register.code(parts.next()?)?))
        };
        let keys: HashSet<(u32, u32, u16)> = self.keys.texts().filter_map(numbers).collect();
        let of = |row: usize| (charges.case[row], charges.defendant[row], charges.statute[row]);
        (0..charges.len()).filter(|&row| keys.contains(&of(row))).collect()
    }
}

/// Something about an accepted row that somebody should look at.
struct Doubt {
    row: usize,
    reason: Reason,
}

/// Most doubts of one kind that are kept; the report lists no more.
const DOUBTS: usize = 100_000;

/// What is known while the rows are read.
struct Reading<'a> {
    charges: Charges,
    has: [bool; COLUMNS.len()],
    places: Places,
    register: &'a Register,
    dates: &'a Dates,
    vocabulary: Vocabulary,
    doubts: Vec<Doubt>,
    pending: Option<u16>,
    untaken: Untaken,
}

impl Reading<'_> {
    fn take(&mut self, row: &Row<'_>, ids: &mut IdColumns<'_>) -> Result<Taken, Refusals> {
        if self.has[PUBLISH] && word(row, PUBLISH, &["true", "false"])? == "false" {
            return Ok(Taken::Withheld);
        }
        row.filled()?;
        let mut faults = Refusals::default();
        let has = self.has;
        if has[CHARGE_ID] && is_blank(row.text(CHARGE_ID)) {
            let message = "is empty; where the column exists it is the key";
            faults.note::<()>(Err(Refusal::new(CHARGE_ID, Reason::MissingValue, message)));
        }
        let vocabulary = &mut self.vocabulary;
        let country = faults.note(listed(row, COUNTRY, &mut vocabulary.countries, Reason::UnknownCountry));
        let statute = match country {
            Some(_) => {
                faults.note(statute_of(row, COUNTRY, STATUTE, self.register, &mut vocabulary.statutes))
            }
            None => None,
        };
        let charged = faults.note(self.dates.or_unknown(row, DATE_CHARGED));
        let outcome = faults.note(listed(row, OUTCOME, &mut vocabulary.outcomes, Reason::UnknownOutcome));
        let decided =
            if has[DATE_OUTCOME] { faults.note(self.dates.optional(row, DATE_OUTCOME)) } else { None };
        let months = match row.text(SENTENCE_MONTHS) {
            "" => Some(0),
            _ => faults.note(months(row)),
        };
        let role = match row.text(ROLE) {
            "" => Some(vocabulary.unspecified),
            _ => faults.note(listed(row, ROLE, &mut vocabulary.roles, Reason::UnknownRole)),
        };
        if has[REGION] {
            faults.note(separable(row, REGION));
        }
        if self.charges.len() == u32::MAX as usize {
            let message = format!("is one charge more than {}", u32::MAX);
            faults.note::<()>(Err(Refusal::new(CASE_ID, Reason::TooMany, message)));
        }
        faults.settle()?;
        // Numbered only now: a row that is refused must not take a place from another.
        let region = if has[REGION] { self.region(row)? } else { 0 };
        let (Some(country), Some(statute), Some(charged), Some(outcome)) =
            (country, statute, charged, outcome)
        else {
            unreachable!("what could not be read was noted as a fault");
        };
        let decided = decided.flatten();
        let charges = &mut self.charges;
        charges.country.push(country);
        charges.statute.push(statute);
        charges.charged.push(charged.map_or(0, Period::packed));
        charges.outcome.push(outcome);
        if has[DATE_OUTCOME] {
            charges.decided.push(decided.map_or(0, Period::packed));
            self.doubt(charged, outcome, decided);
        }
        let charges = &mut self.charges;
        if has[ROLE] {
            charges.role.extend(role);
        }
        if has[REGION] {
            charges.region.push(region);
        }
        if has[SENTENCE_MONTHS] {
            charges.sentence_months.extend(months);
        }
        for (column, codes) in [(SENTENCE, &mut charges.sentence), (SOURCE, &mut charges.source)] {
            if has[column] {
                codes.push(match row.text(column) {
                    "" => 0,
                    text => charges.texts.code(text) + 1,
                });
            }
        }
        ids.cases.push(row.text(CASE_ID));
        ids.defendants.push(row.text(DEFENDANT_ID));
        if let Some(own) = &mut ids.own {
            own.push(row.text(CHARGE_ID));
        }
        self.places.push(row.place);
        Ok(Taken::Kept)
    }

    fn region(&mut self, row: &Row<'_>) -> Result<u16, Refusal> {
        let text = row.text(REGION);
        if text.is_empty() {
            return Ok(0);
        }
        u16::try_from(self.charges.regions.code(text) + 1)
            .map_err(|_too_many| Refusal::new(REGION, Reason::TooMany, "is one region more than fit"))
    }

    /// Notes what is odd about the dates of the row that is being taken.
    fn doubt(&mut self, charged: Option<Period>, outcome: u8, decided: Option<Period>) {
        let is_final = outcomes().at(outcome.into()).is_final;
        let reason = match decided {
            // 2022 is not before 2022-03: it may be later in that year.
            Some(decided) if charged.is_some_and(|charged| decided.last_day() < charged.first_day()) => {
                Reason::OutcomeBeforeCharge
            }
            Some(_) if self.pending == Some(outcome.into()) => Reason::PendingWithDate,
            None if is_final => Reason::FinalWithoutDate,
            _ => return,
        };
        if self.doubts.len() < DOUBTS {
            self.doubts.push(Doubt { row: self.charges.decided.len() - 1, reason });
        }
    }
}

fn months(row: &Row<'_>) -> Result<u32, Refusal> {
    let months = count(row, SENTENCE_MONTHS)?;
    u32::try_from(months).ok().and_then(|months| months.checked_add(1)).ok_or_else(|| {
        Refusal::new(SENTENCE_MONTHS, Reason::BadNumber, "is more months than any sentence has")
    })
}

/// Warns of ids that a person would take for one.
fn warn_of_similar(table: &mut Table<'_, '_>, places: &Places, column: usize, ids: &Numbered) {
    // Digits look like nothing else.
    let IdList::Texts(texts) = &ids.ids else { return };
    for (first, other) in similar(texts) {
        let Some(row) = ids.numbers.iter().position(|&number| number == other) else { continue };
        table.warn(places.at(row), column, Reason::SimilarIds, || {
            similar_words(texts.text(first), texts.text(other))
        });
    }
}
