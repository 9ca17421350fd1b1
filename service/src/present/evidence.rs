//! The sources behind an answer as CSV: one row per figure, or per group and text that says where records come from.

use super::Month;
use super::csv::line;
use super::sources::names;
use crate::disclosure::PublishedEvidence;
use crate::domain::{Dimension, Language, inert};
use crate::ingest::{Figure, FigureSource, Records};
use crate::query::{Query, in_time, keep_deadline};
use crate::release::Release;

/// The columns of a figure before its cell is complete, with the dimension whose label stands behind each.
const CELL: [(&str, Option<Dimension>); 4] = [
    ("country", Some(Dimension::Country)),
    ("statute", Some(Dimension::Statute)),
    ("year", None),
    ("outcome", Some(Dimension::Outcome)),
];

/// The columns of a figure behind its cell.
const FIGURE: [&str; 15] = [
    "measure",
    "value",
    "used",
    "status",
    "preferred",
    "note",
    "source",
    "publisher",
    "title",
    "url",
    "published",
    "kind",
    "counting_rule",
    "time_basis",
    "measure_type",
];

/// Writes what stands behind an answer as CSV, in the form of [`super::csv::csv`].
///
/// Of a reported dataset, each figure that the answer uses (`used` is `true`), and beside it what other sources say of
/// the same cell (`false`). `statute` is the one that the source names; where lineages are joined, `lineage` is the one
/// that it stands for, and an answer by category has `category`: within the groups of the answer, the `value`s that are
/// `used` add up to its figures.
///
/// Of a case-level dataset, each group of the answer with each text that says where its records come from, the
/// addresses of the described publications that the text names, and how many charges it is of: they add up to the
/// charges of the group.
pub fn csv(query: &Query, release: &Release, evidence: &PublishedEvidence) -> Vec<u8> {
    match release.records() {
        Records::Figures { figures, sources } => reported(query, release, evidence, figures, sources),
        Records::Charges(_) => cases(query, release, evidence),
    }
}

/// Returns how many rows that CSV has, the header not counted.
pub fn rows(release: &Release, evidence: &PublishedEvidence) -> usize {
    match release.records() {
        Records::Figures { .. } => evidence.figures().len(),
        Records::Charges(_) => evidence.charges().count(),
    }
}

fn reported(
    query: &Query,
    release: &Release,
    evidence: &PublishedEvidence,
    figures: &[Figure],
    sources: &[FigureSource],
) -> Vec<u8> {
    let has_category =
        query.by.contains(&Dimension::Category) || query.keep.contains_key(&Dimension::Category);
    let (standing, categories) = (query.standing(release), query.categories(release));
    let mut header = Vec::new();
    for (name, label) in CELL {
        header.push(name.to_owned());
        header.extend(query.labels.and(label).map(|_| format!("{name}_label")));
        if name == "statute" {
            header.extend(query.lineage.then(|| "lineage".to_owned()));
            header.extend(has_category.then(|| "category".to_owned()));
        }
    }
    header.extend(FIGURE.map(str::to_owned));
    let mut out = Vec::new();
    line(&mut out, header.iter().map(String::as_str));
    let code = |dimension, number: u32| inert(release.code(dimension, number)).into_owned();
    for &(place, is_used) in in_time(evidence.figures()) {
        let figure = &figures[place];
        let statute = usize::from(figure.statute);
        let mut cells = Vec::new();
        for (name, label) in CELL {
            let number = match name {
                "country" => u32::from(figure.country),
                "statute" => u32::from(figure.statute),
                _ => u32::from(figure.outcome),
            };
            cells.push(label.map_or_else(|| figure.year.to_string(), |dimension| code(dimension, number)));
            if let (Some(language), Some(dimension)) = (query.labels, label) {
                cells.push(inert(release.label(dimension, number, language)).into_owned());
            }
            if name == "statute" {
                cells.extend(query.lineage.then(|| code(Dimension::Statute, standing[statute].into())));
                let category = categories[statute].map(|number| code(Dimension::Category, number.into()));
                cells.extend(has_category.then(|| category.unwrap_or_default()));
            }
        }
        let source = &sources[usize::from(figure.source)];
        let truth = |is_so: bool| is_so.to_string();
        let published = source.published.map_or(String::new(), |day| day.to_string());
        cells.extend([
            figure.measure.name().to_owned(),
            figure.value.to_string(),
            truth(is_used),
            figure.status.code().to_owned(),
            truth(figure.preferred),
            inert(&figure.note).into_owned(),
            inert(&source.id).into_owned(),
            inert(&source.publisher).into_owned(),
            inert(&source.title).into_owned(),
            inert(&source.url).into_owned(),
            published,
            source.kind.to_owned(),
            source.counting_rule.to_owned(),
            source.time_basis.to_owned(),
            source.measure_type.to_owned(),
        ]);
        line(&mut out, cells.iter().map(String::as_str));
    }
    out
}

fn cases(query: &Query, release: &Release, evidence: &PublishedEvidence) -> Vec<u8> {
    let mut header = Vec::new();
    for &dimension in &query.by {
        header.push(dimension.name().to_owned());
        header.extend(labelled(query, dimension).map(|_| format!("{dimension}_label")));
    }
    header.extend(["source", "url", "charges"].map(str::to_owned));
    // A text's number says when it was met; a reader looks for its words.
    let mut rows: Vec<(Vec<Option<i32>>, &str, u64)> = evidence
        .charges()
        .map(|(group, origin, charges)| (group, origin.map_or("", |number| release.origin(number)), charges))
        .collect();
    rows.sort_unstable_by(|one, other| {
        keep_deadline();
        one.cmp(other)
    });
    let mut out = Vec::new();
    line(&mut out, header.iter().map(String::as_str));
    for (group, text, charges) in in_time(rows) {
        let mut cells = Vec::new();
        for (&dimension, &key) in query.by.iter().zip(&group) {
            cells.push(key_text(dimension, key, release));
            if let Some(language) = labelled(query, dimension) {
                let number = key.and_then(|key| u32::try_from(key).ok());
                let label = number.map_or("", |number| release.label(dimension, number, language));
                cells.push(inert(label).into_owned());
            }
        }
        let described = release.descriptor().sources.iter().filter(|origin| names(text, origin));
        let addresses: Vec<&str> = described.map(|origin| origin.path.as_str()).collect();
        cells.extend([
            inert(text).into_owned(),
            inert(&addresses.join(" ")).into_owned(),
            charges.to_string(),
        ]);
        line(&mut out, cells.iter().map(String::as_str));
    }
    out
}

/// The language of the labels behind a dimension's codes, where some were asked for.
fn labelled(query: &Query, dimension: Dimension) -> Option<Language> {
    query.labels.filter(|_| !dimension.is_time())
}

/// Returns a key as it stands in a cell.
fn key_text(dimension: Dimension, key: Option<i32>, release: &Release) -> String {
    match (dimension, key) {
        (_, None) => String::new(),
        (Dimension::Year, Some(year)) => year.to_string(),
        (Dimension::Month, Some(month)) => Month(month).to_string(),
        (_, Some(number)) => u32::try_from(number)
            .map_or(String::new(), |number| inert(release.code(dimension, number)).into_owned()),
    }
}
