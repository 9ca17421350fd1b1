//! The charges of a package: one row per charge.

use super::charges::{Charges, Ids};
use super::dictionary::Dictionary;
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
use super::untaken::Untaken;
use crate::domain::{Period, Register, outcomes};
use crate::package::Source;

pub(super) const CASE_ID: usize = 0;
pub(super) const DEFENDANT_ID: usize = 1;
pub(super) const COUNTRY: usize = 2;
pub(super) const STATUTE: usize = 3;
pub(super) const DATE_CHARGED: usize = 4;
pub(super) const OUTCOME: usize = 5;
pub(super) const CHARGE_ID: usize = 6;
pub(super) const DATE_OUTCOME: usize = 7;
pub(super) const SENTENCE: usize = 8;
pub(super) const SENTENCE_MONTHS: usize = 9;
pub(super) const ROLE: usize = 10;
pub(super) const REGION: usize = 11;
pub(super) const SOURCE: usize = 12;
pub(super) const PUBLISH: usize = 13;

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
    let charges = take_all(&mut table, register, dates, |table, reading, ids| {
        table.for_each(|row| reading.take_or_note(row, ids));
    });
    table.close(report);
    charges
}

/// Takes the charges of a table that is open, and settles what only shows between rows: `read` gives every row to be
/// taken.
pub(super) fn take_all<'r, 'u>(
    table: &mut Table<'r, 'u>,
    register: &Register,
    dates: &Dates,
    read: impl FnOnce(&mut Table<'r, 'u>, &mut Reading<'_>, &mut IdColumns<'_>),
) -> Charges {
    let has: [bool; COLUMNS.len()] = std::array::from_fn(|column| table.has(column));
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
        read(table, &mut reading, &mut ids);
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
        warn_of_similar(table, &places, column, numbered);
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
    settle_repetitions(&mut charges, repeated, &also_untaken, &places, table, key);
    charges.shrink();
    charges
}

/// The columns of ids.
pub(super) struct IdColumns<'scope> {
    pub cases: IdColumn<'scope>,
    pub defendants: IdColumn<'scope>,
    /// The charges' own, where the file has them.
    pub own: Option<IdColumn<'scope>>,
}

/// Something about an accepted row that somebody should look at.
pub(super) struct Doubt {
    row: usize,
    reason: Reason,
}

/// Most doubts of one kind that are kept; the report lists no more.
pub(super) const DOUBTS: usize = 100_000;

/// What is known while the rows are read.
pub(super) struct Reading<'a> {
    pub charges: Charges,
    pub has: [bool; COLUMNS.len()],
    pub places: Places,
    pub register: &'a Register,
    pub dates: &'a Dates,
    pub vocabulary: Vocabulary,
    pub doubts: Vec<Doubt>,
    pub pending: Option<u16>,
    pub untaken: Untaken,
}

impl Reading<'_> {
    /// Takes a row; the key of one that is not taken is noted.
    pub fn take_or_note(&mut self, row: &Row<'_>, ids: &mut IdColumns<'_>) -> Result<Taken, Refusals> {
        let taken = self.take(row, ids);
        if !matches!(taken, Ok(Taken::Kept)) {
            self.untaken.note(row);
        }
        taken
    }

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
            let row = charges.decided.len() - 1;
            self.doubt(row, charged, outcome, decided);
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

    /// Notes what is odd about the dates of a charge.
    pub fn doubt(&mut self, row: usize, charged: Option<Period>, outcome: u8, decided: Option<Period>) {
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
            self.doubts.push(Doubt { row, reason });
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
