//! The sources behind an answer as CSV: one row per figure, or per group and text that says where records come from.

use super::csv::line;
use super::keys::{code, number};
use super::sources::names;
use crate::disclosure::PublishedEvidence;
use crate::domain::{Dimension, Language, inert};
use crate::engine::Cell;
use crate::ingest::{Figure, FigureSource, Records};
use crate::query::{Query, in_time, keep_deadline};
use crate::release::Release;

/// A figure with its source, and whether the answer uses it.
struct Line<'f> {
    figure: &'f Figure,
    source: &'f FigureSource,
    is_used: bool,
}

type KeyOf = fn(&Figure) -> i32;
type TextOf = fn(&Line<'_>) -> String;

/// The columns of the cell that a figure stands in, each with the number of its code or its year.
const CELL: [(Dimension, KeyOf); 4] = [
    (Dimension::Country, |figure| figure.country.into()),
    (Dimension::Statute, |figure| figure.statute.into()),
    (Dimension::Year, |figure| figure.year),
    (Dimension::Outcome, |figure| figure.outcome.into()),
];

/// The columns of a figure behind its cell.
const FIGURE: [(&str, TextOf); 15] = [
    ("measure", |line| line.figure.measure.to_string()),
    ("value", |line| line.figure.value.to_string()),
    ("used", |line| line.is_used.to_string()),
    ("status", |line| line.figure.status.code().to_owned()),
    ("preferred", |line| line.figure.preferred.to_string()),
    ("note", |line| line.figure.note.to_string()),
    ("source", |line| line.source.id.clone()),
    ("publisher", |line| line.source.publisher.clone()),
    ("title", |line| line.source.title.clone()),
    ("url", |line| line.source.url.clone()),
    ("published", |line| line.source.published.map_or(String::new(), |day| day.to_string())),
    ("kind", |line| line.source.kind.to_owned()),
    ("counting_rule", |line| line.source.counting_rule.to_owned()),
    ("time_basis", |line| line.source.time_basis.to_owned()),
    ("measure_type", |line| line.source.measure_type.to_owned()),
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
    for (dimension, _) in CELL {
        header.extend(names_of(query, dimension));
        if dimension == Dimension::Statute {
            header.extend(query.lineage.then(|| "lineage".to_owned()));
            header.extend(has_category.then(|| "category".to_owned()));
        }
    }
    header.extend(FIGURE.map(|(name, _)| name.to_owned()));
    let mut out = Vec::new();
    line(&mut out, header.iter().map(String::as_str));
    let spelled =
        |dimension, number: Option<u16>| code(release, dimension, number.map(i32::from)).unwrap_or_default();
    for &(place, is_used) in in_time(evidence.figures()) {
        let figure = &figures[place];
        let statute = usize::from(figure.statute);
        let mut cells = Vec::new();
        for (dimension, of) in CELL {
            cells.extend(key(query, release, dimension, Some(of(figure))));
            if dimension == Dimension::Statute {
                cells.extend(query.lineage.then(|| spelled(Dimension::Statute, Some(standing[statute]))));
                cells.extend(has_category.then(|| spelled(Dimension::Category, categories[statute])));
            }
        }
        let own = Line { figure, source: &sources[usize::from(figure.source)], is_used };
        cells.extend(FIGURE.map(|(_, of)| of(&own)));
        write(&mut out, &cells);
    }
    out
}

fn cases(query: &Query, release: &Release, evidence: &PublishedEvidence) -> Vec<u8> {
    let mut header: Vec<String> = query.by.iter().flat_map(|&dimension| names_of(query, dimension)).collect();
    header.extend(["source", "url", "charges"].map(str::to_owned));
    // A text's number says when it was met; a reader looks for its words.
    let mut rows: Vec<(Vec<Option<i32>>, &str, Cell)> = evidence
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
        let keys = query.by.iter().zip(&group);
        let mut cells: Vec<String> =
            keys.flat_map(|(&dimension, &own)| key(query, release, dimension, own)).collect();
        let described = release.descriptor().sources.iter().filter(|origin| names(text, origin));
        let addresses: Vec<&str> = described.map(|origin| origin.path.as_str()).collect();
        let charges = charges.map_or(String::new(), |count| count.to_string());
        cells.extend([text.to_owned(), addresses.join(" "), charges]);
        write(&mut out, &cells);
    }
    out
}

/// Writes a line of texts that no spreadsheet runs. None of its numbers is negative.
fn write(out: &mut Vec<u8>, cells: &[String]) {
    let inert: Vec<_> = cells.iter().map(|cell| inert(cell)).collect();
    line(out, inert.iter().map(|cell| &**cell));
}

/// The language of the labels behind a dimension's codes, where some were asked for.
fn labelled(query: &Query, dimension: Dimension) -> Option<Language> {
    query.labels.filter(|_| !dimension.is_time())
}

/// The names of a dimension's columns: of its codes, and of their labels where those were asked for.
fn names_of(query: &Query, dimension: Dimension) -> Vec<String> {
    let label = labelled(query, dimension).map(|_| format!("{dimension}_label"));
    [Some(dimension.name().to_owned()), label].into_iter().flatten().collect()
}

/// What stands in those columns; nothing where the key is not known.
fn key(query: &Query, release: &Release, dimension: Dimension, own: Option<i32>) -> Vec<String> {
    let label = labelled(query, dimension).map(|language| {
        number(own).map_or(String::new(), |number| release.label(dimension, number, language).to_owned())
    });
    [Some(code(release, dimension, own).unwrap_or_default()), label].into_iter().flatten().collect()
}
