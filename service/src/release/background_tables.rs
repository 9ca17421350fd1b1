//! The history of statutes and the populations of countries as rows of text, and back.

use super::manifest::Table;
use super::text_table::{Columns, TextTable, Type};
use crate::domain::{Event, EventKind, Language, Localized, Period, Population};
use crate::ingest::Background;

/// Columns of what happened to statutes.
const HISTORY: Columns = &[
    ("statute", Type::Text),
    ("date", Type::Text),
    ("kind", Type::Text),
    ("related", Type::Text),
    ("breaks_series", Type::Flag),
    ("text_en", Type::Text),
    ("text_ru", Type::Text),
    ("text_kk", Type::Text),
    ("url", Type::Text),
];

/// Columns of populations.
const POPULATION: Columns = &[
    ("country", Type::Text),
    ("year", Type::Number),
    ("population", Type::Number),
    ("source", Type::Text),
    ("url", Type::Text),
];

/// The tables that a release has only where its package brings them, with their columns.
const OPTIONAL: [(&str, Columns); 2] = [("history", HISTORY), ("population", POPULATION)];

/// Returns the tables that are there, by name. A table without rows is in no manifest, so that the id of a release
/// without it is what it was before there were such tables.
pub fn tables(background: &Background) -> Vec<(&'static str, TextTable)> {
    let all = [("history", history(&background.history)), ("population", population(&background.population))];
    all.into_iter().filter(|(_, table)| !table.rows.is_empty()).collect()
}

/// Returns the name and columns of each of these tables that a manifest lists.
pub fn listed(tables: &[Table]) -> impl Iterator<Item = (&'static str, Columns)> {
    OPTIONAL.into_iter().filter(|(name, _)| tables.iter().any(|table| table.name == *name))
}

/// Reads a table into the background; `None` when its rows are damaged.
pub fn read(name: &str, table: &TextTable, into: &mut Background) -> Option<()> {
    match name {
        "history" => {
            into.history = table.rows.iter().map(|row| event(row)).collect::<Option<_>>()?;
            into.history.sort_by(|left, right| left.place().cmp(&right.place()));
        }
        _ => {
            into.population = table.rows.iter().map(|row| of_country(row)).collect::<Option<_>>()?;
            into.population.sort_by(|left, right| left.place().cmp(&right.place()));
        }
    }
    Some(())
}

fn history(events: &[Event]) -> TextTable {
    let row = |event: &Event| {
        vec![
            event.statute.clone(),
            event.date.to_string(),
            event.kind.name().to_owned(),
            event.related.clone().unwrap_or_default(),
            event.breaks_series.to_string(),
            event.text.own(Language::ENGLISH).to_owned(),
            event.text.own(Language::RUSSIAN).to_owned(),
            event.text.own(Language::KAZAKH).to_owned(),
            event.url.clone(),
        ]
    };
    TextTable::of(HISTORY, events.iter().map(row).collect())
}

fn event(row: &[String]) -> Option<Event> {
    let [statute, date, kind, related, breaks, english, russian, kazakh, url] = row else { return None };
    Some(Event {
        statute: statute.clone(),
        date: Period::parse(date).ok()?,
        kind: EventKind::from_name(kind)?,
        breaks_series: breaks.parse().ok()?,
        related: (!related.is_empty()).then(|| related.clone()),
        text: Localized::new(english, russian, kazakh),
        url: url.clone(),
    })
}

fn population(all: &[Population]) -> TextTable {
    let row = |of: &Population| {
        vec![
            of.country.clone(),
            of.year.to_string(),
            of.persons.to_string(),
            of.source.clone(),
            of.url.clone(),
        ]
    };
    TextTable::of(POPULATION, all.iter().map(row).collect())
}

fn of_country(row: &[String]) -> Option<Population> {
    let [country, year, persons, source, url] = row else { return None };
    Some(Population {
        country: country.clone(),
        year: year.parse().ok()?,
        persons: persons.parse().ok().filter(|persons| *persons > 0)?,
        source: source.clone(),
        url: url.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut again = Background::default();
        for (name, table) in tables(&some) {
            read(name, &table, &mut again).unwrap();
        }
        assert_eq!(again, some);
        assert!(tables(&Background::default()).is_empty());
    }
}
