//! The rules between charges: similar ids, and keys that are repeated or belong to a refused row.

use super::charge_rows::{ChargeRows, CheckedRows};
use super::charges::{CASE_ID, CHARGE_ID, Charges, DEFENDANT_ID, Ids};
use super::field::similar_words;
use super::id_list::IdList;
use super::numbering::Numbered;
use super::platform::Platform;
use super::repeats::settle_repetitions;
use super::report::{Reason, Report};
use super::row_positions::RowPositions;
use super::rules::Rules;
use super::similar::similar;
use super::table_reader::TableReader;
use crate::domain::tables::CHARGES;
use crate::domain::{Lists, Register};
use crate::package::Source;

/// Reads the charges of a CSV file. Refused and withheld rows are left out; the report lists them.
pub fn read(
    source: Source<'_>,
    lists: &Lists,
    register: &Register,
    rules: &Rules,
    platform: &dyn Platform,
    report: &mut Report,
) -> Charges {
    let Some(mut table) = TableReader::open(source, CHARGES.columns, rules, report) else {
        return Charges::default();
    };
    let mut rows = ChargeRows::of(&table, lists, register, rules, platform);
    table.for_each(platform, |row| rows.take(row));
    let tables = std::slice::from_mut(&mut table);
    let charges = rows.end(tables).settle(tables, register);
    table.close(report);
    charges
}

impl CheckedRows {
    /// Applies the rules between rows. `tables` are the files that the rows come from, in the order of their numbers.
    pub fn settle(self, tables: &mut [TableReader<'_, '_>], register: &Register) -> Charges {
        let Self { mut charges, positions, ids: [cases, defendants, own], excluded } = self;
        for (column, numbered) in [(CASE_ID, &cases), (DEFENDANT_ID, &defendants), (CHARGE_ID, &own)] {
            warn_of_similar(tables, &positions, column, numbered);
        }
        (charges.case, charges.defendant, charges.own) = (cases.numbers, defendants.numbers, own.numbers);
        let mut ids = Box::new(Ids { cases: cases.ids, defendants: defendants.ids, charges: own.ids });
        let also_excluded = excluded.among(&charges, &mut ids, register);
        // Frees memory before the sort, which needs memory of its own.
        for list in [&mut ids.cases, &mut ids.defendants, &mut ids.charges] {
            list.forget_lookup();
        }
        charges.ids = Some(ids);
        settle_repetitions(&mut charges, own.repeated, &also_excluded, &positions, tables);
        charges.shrink();
        charges
    }
}

/// Warns of ids that a person would confuse.
fn warn_of_similar(
    tables: &mut [TableReader<'_, '_>],
    positions: &RowPositions,
    column: usize,
    ids: &Numbered,
) {
    // Ids of digits have no look-alikes.
    let IdList::Texts(texts) = &ids.ids else { return };
    for (first, other) in similar(texts) {
        let Some(row) = ids.numbers.iter().position(|&number| number == other) else { continue };
        let own = positions.at(row);
        tables[own.file]
            .warn(own, column, Reason::SimilarIds, || similar_words(texts.text(first), texts.text(other)));
    }
}
