//! The comparison of a pinned answer with a newer release.

use std::collections::{BTreeMap, BTreeSet};

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};
use serde::Serialize;

use super::labels::ByCode;
use super::numbers::number;
use super::texts::{Texts, fill};
use super::wire;
use crate::answer::Dataset;
use crate::domain::Language;
use crate::query::{Params, in_time};

/// A newer release, and how the figures of one answer differ in it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Newer {
    /// The id of the newer release.
    pub release: String,
    /// The day on which this service published the newer release.
    pub published: String,
    /// Address of the same chart with the newest figures, relative to the service.
    pub url: String,
    /// The figures that differ, in the order of the older answer; `null` when the two answers cannot be compared.
    pub changed: Option<Vec<Change>>,
    /// The comparison in a sentence, in the language of the answer.
    pub sentence: String,
}

/// A figure that differs.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ChangedFigure)]
pub struct Change {
    /// The group of the figure, in words.
    pub group: String,
    /// The measure that is counted, in words.
    pub measure: String,
    /// The figure before; `null` where there was none, which does not mean zero.
    pub before: Option<u64>,
    /// The figure now; `null` where the newer release has none.
    pub after: Option<u64>,
    /// The status of the figure now, in words. Present only where the status changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Most rows of an answer that is compared row by row.
pub const MOST_COMPARED: usize = 100_000;

impl Newer {
    /// Compares the figures of an answer with a newer release, in the language of the answer.
    pub fn than(before: &Answer, newest: &Dataset, published: &str, language: Language, base: &str) -> Self {
        let texts = Texts::of(language);
        // If the newer release refuses the question, or its answer is too long, there is nothing to compare.
        let ask = || {
            let query = Params::parse(&before.query).ok()?.take_query(&newest.release).ok()?;
            let published = newest.ask(&query).ok().filter(|own| own.rows() <= MOST_COMPARED)?;
            wire(newest, &query, &published, language, base).ok()
        };
        let changed = changes(before, ask().as_ref(), texts);
        let measures = before.columns.iter().filter(|column| column.role == ColumnRole::Measure).count();
        let sentence = sentence(published, before.rows.len() * measures, changed.as_deref(), texts);
        let url = format!("/embed/{}?{}&lang={language}", before.dataset.id, before.query);
        let release = newest.release.id().to_string();
        Self { release, published: published.to_owned(), url, changed, sentence }
    }
}

/// Compares the answers of two releases to one question; `after` is `None` when the newer one refuses it.
fn changes(before: &Answer, after: Option<&Answer>, texts: &Texts) -> Option<Vec<Change>> {
    let after = after?;
    let measures: Vec<usize> = (0..before.columns.len())
        .filter(|&place| before.columns[place].role == ColumnRole::Measure)
        .collect();
    if before.columns.iter().map(|column| &column.name).ne(after.columns.iter().map(|column| &column.name)) {
        return None;
    }
    let now: BTreeMap<String, &Row> = in_time(&after.rows).map(|row| (key(after, row), row)).collect();
    let mut changed = Vec::new();
    let [old_labels, new_labels] = [before, after].map(ByCode::of);
    let mut compare = |(answer, labels): (&Answer, &ByCode<'_>), old: Option<&Row>, new: Option<&Row>| {
        for &place in &measures {
            let figure = |row: Option<&Row>| match row?.values[place] {
                Value::Count(count) => Some(count),
                _ => None,
            };
            let (before, after) = (figure(old), figure(new));
            // A figure whose status changed, for instance to provisional, counts as a changed figure.
            let now = status(answer, new).filter(|now| old.is_some() && status(answer, old) != Some(now));
            if (before != after || now.is_some())
                && let Some(row) = old.or(new)
            {
                let status = now.map(|code| texts.on_page(&format!("status_{code}")).to_owned());
                let names = labels.names(row, texts);
                let group = if names.is_empty() { texts.total.clone() } else { names.join(", ") };
                let measure = answer.columns[place].title.clone();
                changed.push(Change { group, measure, before, after, status });
            }
        }
    };
    let mut seen = BTreeSet::new();
    for row in in_time(&before.rows) {
        let key = key(before, row);
        compare((before, &old_labels), Some(row), now.get(&key).copied());
        seen.insert(key);
    }
    for row in in_time(&after.rows).filter(|row| !seen.contains(&key(after, row))) {
        compare((after, &new_labels), None, Some(row));
    }
    Some(changed)
}

/// Returns the sentence about a newer release.
fn sentence(published: &str, figures: usize, changed: Option<&[Change]>, texts: &Texts) -> String {
    let day = [("date", published)];
    let first = fill(texts.on_page("newer"), &day);
    let second = match changed {
        None => texts.on_page("newer_incomparable").to_owned(),
        Some([]) => texts.on_page("newer_same").to_owned(),
        Some(changed) => {
            let added = changed.iter().filter(|change| change.before.is_none()).count();
            let told = |key: &str, count: usize| {
                let [count, figures] = [count, figures].map(|count| number(count as u64, texts));
                (count != "0").then(|| fill(texts.on_page(key), &[("count", &count), ("figures", &figures)]))
            };
            // Added figures are counted apart: this chart never showed them.
            let sentences = [told("newer_changed", changed.len() - added), told("newer_added", added)];
            sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    };
    format!("{first} {second}")
}

/// Returns the status of a row's figures; `None` where the dataset has no statuses.
fn status<'a>(answer: &'a Answer, row: Option<&'a Row>) -> Option<&'a str> {
    let place = answer.columns.iter().position(|column| column.role == ColumnRole::Status)?;
    match row?.values.get(place)? {
        Value::Text(code) => Some(code),
        _ => None,
    }
}

/// Returns the codes of a row's dimensions, which identify the row.
fn key(answer: &Answer, row: &Row) -> String {
    let mut key = String::new();
    for (column, value) in answer.columns.iter().zip(&row.values) {
        if column.role == ColumnRole::Dimension {
            match value {
                Value::Text(code) => key.push_str(code),
                Value::Year(year) => key.push_str(&year.to_string()),
                _ => {}
            }
            key.push('\u{1f}');
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use chargesheet_widget::wire::{Column, Labels};

    fn answer(rows: &[(i32, &str, Option<u64>)]) -> Answer {
        let column = |name: &str, role| Column { name: name.to_owned(), role, title: name.to_owned() };
        Answer {
            columns: vec![
                column("year", ColumnRole::Dimension),
                column("outcome", ColumnRole::Dimension),
                column("persons", ColumnRole::Measure),
            ],
            labels: Labels(vec![(
                "outcome".to_owned(),
                vec![("convicted".to_owned(), "Convicted".to_owned())],
            )]),
            rows: rows
                .iter()
                .map(|&(year, outcome, count)| Row {
                    values: vec![
                        Value::Year(year),
                        Value::Text(outcome.to_owned()),
                        count.map_or(Value::Absent, Value::Count),
                    ],
                    ..Row::default()
                })
                .collect(),
            ..Answer::default()
        }
    }

    #[test]
    fn a_figure_that_is_there_no_more_is_not_a_zero() {
        let texts = Texts::of(Language::ENGLISH);
        let before = answer(&[
            (2019, "convicted", Some(3)),
            (2020, "convicted", Some(4)),
            (2021, "convicted", Some(1)),
        ]);
        let after = answer(&[
            (2020, "convicted", Some(5)),
            (2021, "convicted", Some(1)),
            (2022, "convicted", Some(0)),
        ]);
        let changed = changes(&before, Some(&after), texts).expect("comparable");
        let told: Vec<_> = changed.iter().map(|one| (one.group.as_str(), one.before, one.after)).collect();
        assert_eq!(
            told,
            [
                ("2019, Convicted", Some(3), None),
                ("2020, Convicted", Some(4), Some(5)),
                ("2022, Convicted", None, Some(0))
            ]
        );
    }

    #[test]
    fn the_sentence_says_how_many_differ() {
        let texts = Texts::of(Language::ENGLISH);
        let same = sentence("2026-11-20", 9, Some(&[]), texts);
        assert!(same.contains("2026-11-20") && same.contains("the same"), "{same}");
        let change = Change {
            group: String::new(),
            measure: String::new(),
            before: Some(2),
            after: Some(1),
            status: None,
        };
        let told = sentence("2026-11-20", 9, Some(std::slice::from_ref(&change)), texts);
        assert!(told.ends_with("differ in it: 1 of 9."), "{told}");
        let added = Change { before: None, ..change };
        let told = sentence("2026-11-20", 9, Some(&[added]), texts);
        assert!(told.ends_with("new in it: 1.") && !told.contains("of 9"), "{told}");
        assert!(sentence("2026-11-20", 9, None, texts).contains("cannot be compared"));
    }
}
