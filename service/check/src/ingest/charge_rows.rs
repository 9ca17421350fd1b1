//! The charges of a package, one row per charge, and the rules that need only one row.

use super::charges::{
    CASE_ID, CHARGE_ID, CODED_AT, COUNTRY, Charges, DATE_CHARGED, DATE_OUTCOME, DEFENDANT_ID, OUTCOME,
    PUBLISH, ROLE, SENTENCE, SENTENCE_MONTHS, SOURCE, STATUTE,
};
use super::excluded_keys::ExcludedKeys;
use super::field::{Dates, Vocabulary, count, separable, statute_of, unspecified, word};
use super::id_column::IdColumn;
use super::numbering::{Numbered, Unique};
use super::platform::Platform;
use super::report::{Problem, Reason};
use super::row::{Refusal, Refusals, Row, Taken, is_blank};
use super::row_positions::RowPositions;
use super::rules::Rules;
use super::table_reader::TableReader;
use crate::domain::tables::CHARGES;
use crate::domain::{Lists, Period, Register, Say};

/// Most rows with a doubt that are kept. The report lists no more than this.
const DOUBTS: usize = 100_000;

/// A checker of charges, row by row. Its rules need no other row, so the parts of a register can be checked
/// separately. The rules between rows come afterwards ([`CheckedRows::settle`]).
pub struct ChargeRows<'a> {
    pub(super) charges: Charges,
    pub(super) has: [bool; CHARGES.columns.len()],
    /// The name of the first file.
    first: String,
    pub(super) positions: RowPositions,
    /// The codes that rows may name.
    pub lists: &'a Lists,
    /// The statutes that rows may name.
    pub register: &'a Register,
    /// The parser of dates.
    pub dates: Dates,
    vocabulary: Vocabulary<'a>,
    unspecified: u8,
    /// Rows that get a warning, and the reason.
    doubts: Vec<(usize, Reason)>,
    pub(super) pending: Option<u16>,
    excluded: ExcludedKeys,
    /// The columns of ids: cases, defendants, and charges if the file has ids of charges.
    pub(super) ids: [IdColumn; 3],
}

/// Charges that passed the rules of one row.
pub struct CheckedRows {
    /// The charges, without their ids.
    pub charges: Charges,
    /// The position of each charge in its file.
    pub positions: RowPositions,
    /// Numbered ids of cases, of defendants and of charges.
    pub ids: [Numbered; 3],
    /// The keys of rows that were refused or withheld.
    pub excluded: ExcludedKeys,
}

impl<'a> ChargeRows<'a> {
    /// Begins the charges of an open table, which may go on in further files.
    pub fn of(
        table: &TableReader<'_, '_>,
        lists: &'a Lists,
        register: &'a Register,
        rules: &Rules,
        platform: &dyn Platform,
    ) -> Self {
        let has: [bool; CHARGES.columns.len()] = std::array::from_fn(|column| table.has(column));
        let mut charges = Charges { has_roles: has[ROLE], ..Charges::default() };
        for (column, place) in charges.coded.iter_mut().zip(CODED_AT) {
            column.is_there = has[place];
        }
        Self {
            charges,
            has,
            first: table.counts.name.clone(),
            positions: RowPositions::default(),
            lists,
            register,
            dates: Dates(rules.today),
            vocabulary: Vocabulary::of(lists),
            unspecified: unspecified(lists),
            doubts: Vec::new(),
            pending: lists.outcomes.number("pending"),
            excluded: ExcludedKeys::of(has[CHARGE_ID]),
            ids: [Unique::No, Unique::No, Unique::Expected].map(|unique| IdColumn::of(unique, platform)),
        }
    }

    /// Whether a further file has the columns of the first. Otherwise it is refused: an empty cell of one file would mean
    /// something else than an empty cell of another.
    pub fn goes_on_in(&self, table: &mut TableReader<'_, '_>) -> bool {
        compare_columns(&self.first, &self.has, table);
        table.problems.is_clean_of_file_errors()
    }

    /// Ends the rows. Their doubts become warnings of their files.
    pub fn end(self, tables: &mut [TableReader<'_, '_>]) -> CheckedRows {
        for (row, reason) in self.doubts {
            let key = match reason {
                Reason::OutcomeBeforeCharge => "outcome_before_charge",
                Reason::FinalWithoutDate => "final_without_date",
                _ => "pending_with_date",
            };
            let own = self.positions.at(row);
            tables[own.file].warn(own, DATE_OUTCOME, reason, || (key.into(), String::new()));
        }
        let Self { charges, positions, excluded, .. } = self;
        CheckedRows { charges, positions, ids: self.ids.map(IdColumn::finish), excluded }
    }

    /// Takes a row. If the row is refused or withheld, its key is recorded.
    ///
    /// # Errors
    /// With all faults of the row.
    pub fn take(&mut self, row: &Row<'_>) -> Result<Taken, Refusals> {
        let taken = self.check(row);
        if !matches!(taken, Ok(Taken::Kept)) {
            self.excluded.note(row);
        }
        taken
    }

    fn check(&mut self, row: &Row<'_>) -> Result<Taken, Refusals> {
        if self.has[PUBLISH] && word(row, PUBLISH, &["true", "false"])? == "false" {
            return Ok(Taken::Withheld);
        }
        row.filled()?;
        let mut faults = Refusals::default();
        let has = self.has;
        if has[CHARGE_ID] && is_blank(row.text(CHARGE_ID)) {
            let empty = Refusal::new(CHARGE_ID, Reason::MissingValue, "missing_value.charge_id");
            faults.note::<()>(Err(empty));
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
        for column in CODED_AT {
            faults.note(separable(row, column));
        }
        if self.charges.len() == u32::MAX as usize {
            let says = Say::new("too_many.charges").with("most", u32::MAX);
            faults.note::<()>(Err(Refusal::new(CASE_ID, Reason::TooMany, says)));
        }
        faults.settle()?;
        let charges = &mut self.charges;
        // Texts are numbered only now, because a refused row must not use up a number.
        let mut coded = [0; CODED_AT.len()];
        for ((code, column), place) in coded.iter_mut().zip(&mut charges.coded).zip(CODED_AT) {
            let text = row.text(place);
            if !text.is_empty() {
                let name = CHARGES.columns[place].name;
                let too_many =
                    || Refusal::new(place, Reason::TooMany, Say::new("too_many.texts").with("name", name));
                *code = u16::try_from(column.texts.code(text) + 1).ok().ok_or_else(too_many)?;
            }
        }
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
        for (column, code) in charges.coded.iter_mut().zip(coded).filter(|(column, _)| column.is_there) {
            column.codes.push(code);
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
        for (ids, column) in self.ids.iter_mut().zip([CASE_ID, DEFENDANT_ID, CHARGE_ID]) {
            if has[column] {
                ids.push(row.text(column));
            }
        }
        self.positions.push(row.position);
        Ok(Taken::Kept)
    }

    /// Records a doubt about the dates of a charge.
    pub fn doubt(&mut self, row: usize, charged: Option<Period>, outcome: u8, decided: Option<Period>) {
        let reason = match decided {
            // 2022 is not before 2022-03: the day may lie later in that year.
            Some(decided) if charged.is_some_and(|charged| decided.last_day() < charged.first_day()) => {
                Reason::OutcomeBeforeCharge
            }
            Some(_) if self.pending == Some(outcome.into()) => Reason::PendingWithDate,
            None if self.lists.outcomes.at(outcome.into()).is_final => Reason::FinalWithoutDate,
            _ => return,
        };
        if self.doubts.len() < DOUBTS {
            self.doubts.push((row, reason));
        }
    }
}

/// Notes the columns that a further file has and the first has not, and the other way around.
pub fn compare_columns(first: &str, has: &[bool], table: &mut TableReader<'_, '_>) {
    for (place, column) in CHARGES.columns.iter().enumerate() {
        let key = match (has[place], table.has(place)) {
            (true, false) => "other_columns.without",
            (false, true) => "other_columns.with",
            _ => continue,
        };
        let says = Say::new(key).with("column", column.name).with("file", first);
        let problem = Problem::of_file(&table.counts.name, Reason::OtherColumns, says);
        table.problems.note(problem.in_column(column.name));
    }
}

fn months(row: &Row<'_>) -> Result<u32, Refusal> {
    let months = count(row, SENTENCE_MONTHS)?;
    u32::try_from(months)
        .ok()
        .and_then(|months| months.checked_add(1))
        .ok_or_else(|| Refusal::new(SENTENCE_MONTHS, Reason::BadNumber, "bad_number.months"))
}
