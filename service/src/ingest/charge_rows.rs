//! The charges of a package: one row per charge.

use super::charges::{
    CASE_ID, CHARGE_ID, COUNTRY, Charges, DATE_CHARGED, DATE_OUTCOME, DEFENDANT_ID, Ids, OUTCOME, PUBLISH,
    REGION, ROLE, SENTENCE, SENTENCE_MONTHS, SOURCE, STATUTE,
};
use super::excluded_keys::ExcludedKeys;
use super::field::{Dates, Vocabulary, count, separable, similar_words, statute_of, unspecified, word};
use super::id_list::IdList;
use super::ids::{IdColumn, Numbered, Unique};
use super::repeats::settle_repetitions;
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken, is_blank};
use super::row_positions::RowPositions;
use super::similar::similar;
use super::table_reader::{Rules, TableReader};
use crate::domain::tables::CHARGES;
use crate::domain::{Period, Register, outcomes};
use crate::package::Source;

/// Most doubts that are kept; the report lists no more.
const DOUBTS: usize = 100_000;

/// Reads the charges of a CSV file. Rows that are refused or withheld are not among them; the report says which.
pub fn read(source: Source<'_>, register: &Register, rules: &Rules, report: &mut Report) -> Charges {
    let Some(mut table) = TableReader::open(source, CHARGES.columns, rules, report) else {
        return Charges::default();
    };
    let charges = take_all(&mut table, register, rules, |table, reading, ids| {
        table.for_each(|row| reading.take_or_note(row, ids));
    });
    table.close(report);
    charges
}

/// Takes the charges of a table that is open, and settles what only shows between rows: `read` gives every row to be
/// taken.
pub(super) fn take_all<'r, 'u>(
    table: &mut TableReader<'r, 'u>,
    register: &Register,
    rules: &Rules,
    read: impl FnOnce(&mut TableReader<'r, 'u>, &mut Reading<'_>, &mut IdColumns<'_>),
) -> Charges {
    let has: [bool; CHARGES.columns.len()] = std::array::from_fn(|column| table.has(column));
    let mut reading = Reading {
        charges: Charges { has_roles: has[ROLE], has_regions: has[REGION], ..Charges::default() },
        has,
        positions: RowPositions::default(),
        register,
        dates: Dates(rules.today),
        vocabulary: Vocabulary::default(),
        unspecified: unspecified(),
        doubts: Vec::new(),
        pending: outcomes().number("pending"),
        excluded: ExcludedKeys::of(has[CHARGE_ID]),
    };
    let [cases, defendants, own] = std::thread::scope(|scope| {
        let mut ids = [
            IdColumn::begin(scope, Unique::No),
            IdColumn::begin(scope, Unique::No),
            IdColumn::begin(scope, Unique::Expected),
        ];
        read(table, &mut reading, &mut ids);
        ids.map(IdColumn::finish)
    });
    let Reading { mut charges, positions, doubts, excluded, .. } = reading;
    for (row, reason) in doubts {
        let message = match reason {
            Reason::OutcomeBeforeCharge => "the outcome lies before the charge",
            Reason::FinalWithoutDate => "a final outcome without its date",
            _ => "a pending charge with the date of an outcome",
        };
        table.warn(positions.at(row), DATE_OUTCOME, reason, || (message.to_owned(), String::new()));
    }
    for (column, numbered) in [(CASE_ID, &cases), (DEFENDANT_ID, &defendants), (CHARGE_ID, &own)] {
        warn_of_similar(table, &positions, column, numbered);
    }
    (charges.case, charges.defendant, charges.own) = (cases.numbers, defendants.numbers, own.numbers);
    let mut ids = Box::new(Ids { cases: cases.ids, defendants: defendants.ids, charges: own.ids });
    let also_excluded = excluded.among(&charges, &mut ids, register);
    // Sorting, which comes next, takes memory of its own.
    for list in [&mut ids.cases, &mut ids.defendants, &mut ids.charges] {
        list.forget_lookup();
    }
    charges.ids = Some(ids);
    settle_repetitions(&mut charges, own.repeated, &also_excluded, &positions, table);
    charges.shrink();
    charges
}

/// The columns of ids: of cases, of defendants, and of charges, where the file has them.
pub(super) type IdColumns<'scope> = [IdColumn<'scope>; 3];

/// What is known while the rows are read.
pub(super) struct Reading<'a> {
    pub charges: Charges,
    pub has: [bool; CHARGES.columns.len()],
    pub positions: RowPositions,
    pub register: &'a Register,
    pub dates: Dates,
    vocabulary: Vocabulary,
    unspecified: u8,
    /// Rows that somebody should look at, and why.
    doubts: Vec<(usize, Reason)>,
    pub pending: Option<u16>,
    excluded: ExcludedKeys,
}

impl Reading<'_> {
    /// Takes a row; the key of one that is not taken is noted.
    pub fn take_or_note(&mut self, row: &Row<'_>, ids: &mut IdColumns<'_>) -> Result<Taken, Refusals> {
        let taken = self.take(row, ids);
        if !matches!(taken, Ok(Taken::Kept)) {
            self.excluded.note(row);
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
        let country = faults.note(vocabulary.countries.number(row, COUNTRY));
        let statute = country.and_then(|_| {
            faults.note(statute_of(row, COUNTRY, STATUTE, self.register, &mut vocabulary.statutes))
        });
        let charged = faults.note(self.dates.or_unknown(row, DATE_CHARGED));
        let outcome = faults.note(vocabulary.outcomes.number(row, OUTCOME));
        let decided = faults.note(self.dates.optional(row, DATE_OUTCOME)).flatten();
        let months = match row.text(SENTENCE_MONTHS) {
            "" => Some(0),
            _ => faults.note(months(row)),
        };
        let role = match row.text(ROLE) {
            "" => Some(self.unspecified),
            _ => faults.note(vocabulary.roles.number(row, ROLE)),
        };
        faults.note(separable(row, REGION));
        if self.charges.len() == u32::MAX as usize {
            let message = format!("is one charge more than {}", u32::MAX);
            faults.note::<()>(Err(Refusal::new(CASE_ID, Reason::TooMany, message)));
        }
        faults.settle()?;
        let charges = &mut self.charges;
        // Numbered only now: a row that is refused must not take a place from another.
        let region = match row.text(REGION) {
            "" => 0,
            text => u16::try_from(charges.regions.code(text) + 1)
                .map_err(|_too_many| Refusal::new(REGION, Reason::TooMany, "is one region more than fit"))?,
        };
        let (Some(country), Some(statute), Some(charged), Some(outcome)) =
            (country, statute, charged, outcome)
        else {
            unreachable!("what could not be read was noted as a fault");
        };
        charges.country.push(country);
        charges.statute.push(statute);
        charges.charged.push(charged.map_or(0, Period::packed));
        charges.outcome.push(outcome);
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
        if has[DATE_OUTCOME] {
            charges.decided.push(decided.map_or(0, Period::packed));
            self.doubt(self.charges.len() - 1, charged, outcome, decided);
        }
        for (ids, column) in ids.iter_mut().zip([CASE_ID, DEFENDANT_ID, CHARGE_ID]) {
            if has[column] {
                ids.push(row.text(column));
            }
        }
        self.positions.push(row.position);
        Ok(Taken::Kept)
    }

    /// Notes what is odd about the dates of a charge.
    pub fn doubt(&mut self, row: usize, charged: Option<Period>, outcome: u8, decided: Option<Period>) {
        let reason = match decided {
            // 2022 is not before 2022-03: it may be later in that year.
            Some(decided) if charged.is_some_and(|charged| decided.last_day() < charged.first_day()) => {
                Reason::OutcomeBeforeCharge
            }
            Some(_) if self.pending == Some(outcome.into()) => Reason::PendingWithDate,
            None if outcomes().at(outcome.into()).is_final => Reason::FinalWithoutDate,
            _ => return,
        };
        if self.doubts.len() < DOUBTS {
            self.doubts.push((row, reason));
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
fn warn_of_similar(table: &mut TableReader<'_, '_>, positions: &RowPositions, column: usize, ids: &Numbered) {
    // Digits look like nothing else.
    let IdList::Texts(texts) = &ids.ids else { return };
    for (first, other) in similar(texts) {
        let Some(row) = ids.numbers.iter().position(|&number| number == other) else { continue };
        table.warn(positions.at(row), column, Reason::SimilarIds, || {
            similar_words(texts.text(first), texts.text(other))
        });
    }
}
