//! The small tables of a release (statutes, sources, figures, history, populations), converted to rows of text and back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::text_table::TextTable;
use crate::domain::tables::{COUNTS, HISTORY, POPULATION, SOURCES, STATUTES, Table};
use crate::domain::{Lists, Register};
use crate::ingest::{Background, Figure, FigureSource, from_texts, to_texts};

/// Converts the full rows of a table into records; `None` when one of the rows is damaged.
pub fn records<T: DeserializeOwned>(rows: &[Vec<String>]) -> Option<Vec<T>> {
    rows.iter().map(|row| from_texts(row)).collect()
}

fn table(table: &Table, records: &[impl Serialize]) -> TextTable {
    TextTable::of(table, records.iter().map(to_texts).collect())
}

/// Returns the register as rows.
pub fn statutes(register: &Register) -> TextTable {
    table(&STATUTES, register.all())
}

/// Returns sources as rows.
pub fn sources(sources: &[FigureSource]) -> TextTable {
    table(&SOURCES, sources)
}

/// Returns figures as rows.
pub fn counts(lists: &Lists, register: &Register, figures: &[Figure], sources: &[FigureSource]) -> TextTable {
    let rows = figures.iter().map(|figure| figure.to_texts(lists, register, sources));
    TextTable::of(&COUNTS, rows.collect())
}

/// Returns the non-empty tables of the background, by name. An empty table is left out of the manifest, so that releases from
/// before these tables existed keep their ids.
pub fn background(background: &Background) -> Vec<(&'static str, TextTable)> {
    let all = [
        ("history", table(&HISTORY, &background.history)),
        ("population", table(&POPULATION, &background.population)),
    ];
    all.into_iter().filter(|(_, table)| !table.rows.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Event, EventKind, Localized, Period, Population};

    #[test]
    fn what_is_written_is_read_again_and_nothing_is_no_table() {
        let some = Background {
            history: vec![Event {
                statute: "KAZ-1".to_owned(),
                date: Period::parse("2023-07").unwrap(),
                kind: EventKind::Parallel,
                breaks_series: true,
                related: Some("KAZ-2".to_owned()),
                text: Localized::new("en", "ru", ""),
                url: "https://example.org/".to_owned(),
            }],
            population: vec![Population {
                country: "KAZ".to_owned(),
                year: 2023,
                persons: 19_900_000,
                source: "A made-up office".to_owned(),
                url: "https://example.org/people".to_owned(),
            }],
        };
        let tables = background(&some);
        let history = records(&tables[0].1.full_rows(&HISTORY)).unwrap();
        let population = records(&tables[1].1.full_rows(&POPULATION)).unwrap();
        assert_eq!(Background { history, population }, some);
        assert_eq!(tables[0].1.rows[0][..5], ["KAZ-1", "2023-07", "parallel", "KAZ-2", "true"]);
        assert!(background(&Background::default()).is_empty());
    }
}
