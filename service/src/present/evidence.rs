//! The sources behind an answer as CSV: one row per figure; for single cases, one row per group and source text.

use super::csv::line;
use super::keys::{code, number};
use super::sources::names;
use super::table::SPAN_PARTS;
use crate::disclosure::PublishedEvidence;
use crate::domain::{Dimension, Language, Span, inert};
use crate::engine::Cell;
use crate::ingest::{Figure, FigureSource, Records};
use crate::query::{Query, in_time, keep_deadline};
use crate::release::Release;

/// A reported figure with its source, and whether the answer uses the figure.
struct Line<'f> {
    figure: &'f Figure,
    source: &'f FigureSource,
    is_used: bool,
}

type TextOf = fn(&Line<'_>) -> String;

/// The dimensions that name the cell of a figure, as far as the release has them.
const CELL: [Dimension; 7] = [
    Dimension::Country,
    Dimension::Statute,
    Dimension::Year,
    Dimension::Period,
    Dimension::Area,
    Dimension::Outcome,
    Dimension::Rule,
];

/// The columns that follow the cell: what the source says about the figure.
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

type SourceTextOf = fn(&FigureSource) -> String;

/// The columns about copies of the source. A release has those that one of its sources fills.
const COPIES: [(&str, SourceTextOf); 4] = [
    ("archived_url", |source| source.archived_url.clone()),
    ("captured", |source| source.captured.map_or(String::new(), |day| day.to_string())),
    ("sha256", |source| source.sha256.clone()),
    ("found", |source| source.found.to_owned()),
];

/// Writes the evidence of an answer as CSV, in the form of [`super::csv::csv`].
///
/// For a reported dataset, there is a row for each figure that the answer uses (`used` is `true`) and for each figure that
/// another source gives for the same cell (`false`). `statute` is the statute that the source names. Where lineages are
/// joined, `lineage` is the statute that this statute is counted under; an answer by category has `category`. Within each
/// group of the answer, the `value`s with `used` add up to the answer's figure.
///
/// For a case-level dataset, there is a row for each group and each text that says where records come from. The row has the
/// addresses of the described publications that the text names, and the number of charges with this text. The numbers add
/// up to the charges of the group.
pub fn csv(query: &Query, release: &Release, evidence: &PublishedEvidence) -> Vec<u8> {
    match release.records() {
        Records::Figures { figures, sources } => reported(query, release, evidence, figures, sources),
        Records::Charges(_) => cases(query, release, evidence),
    }
}

/// Returns the number of rows of this CSV, without the header.
pub fn rows(release: &Release, evidence: &PublishedEvidence) -> usize {
    match release.records() {
        Records::Figures { .. } => evidence.figures().len(),
        Records::Charges(_) => evidence.charges(release).count(),
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
    let own = release.dimensions();
    let cell = || CELL.into_iter().filter(|dimension| own.contains(dimension));
    for dimension in cell() {
        header.extend(names_of(query, dimension));
        if dimension == Dimension::Statute {
            header.extend(query.lineage.then(|| "lineage".to_owned()));
            header.extend(has_category.then(|| "category".to_owned()));
        }
    }
    header.extend(FIGURE.map(|(name, _)| name.to_owned()));
    let is_filled = |of: SourceTextOf| sources.iter().any(|source| !of(source).is_empty());
    let copies: Vec<_> = COPIES.into_iter().filter(|(_, of)| is_filled(*of)).collect();
    header.extend(copies.iter().map(|(name, _)| (*name).to_owned()));
    let mut out = Vec::new();
    line(&mut out, header.iter().map(String::as_str));
    let spelled =
        |dimension, number: Option<u16>| code(release, dimension, number.map(i32::from)).unwrap_or_default();
    for &(place, is_used) in in_time(evidence.figures()) {
        let figure = &figures[place];
        let statute = usize::from(figure.statute);
        let mut cells = Vec::new();
        for dimension in cell() {
            cells.extend(key(query, release, dimension, release.key(figure, dimension)));
            if dimension == Dimension::Statute {
                cells.extend(query.lineage.then(|| spelled(Dimension::Statute, Some(standing[statute]))));
                cells.extend(has_category.then(|| spelled(Dimension::Category, categories[statute])));
            }
        }
        let own = Line { figure, source: &sources[usize::from(figure.source)], is_used };
        cells.extend(FIGURE.map(|(_, of)| of(&own)));
        cells.extend(copies.iter().map(|(_, of)| of(own.source)));
        write(&mut out, &cells);
    }
    out
}

fn cases(query: &Query, release: &Release, evidence: &PublishedEvidence) -> Vec<u8> {
    let mut header: Vec<String> = query.by.iter().flat_map(|&dimension| names_of(query, dimension)).collect();
    header.extend(["source", "url", "charges"].map(str::to_owned));
    // The number of a text only tells when the text was first met. Readers look for words, so rows are sorted by the text.
    let mut rows: Vec<(Vec<Option<i32>>, &str, Cell)> = evidence.charges(release).collect();
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

/// Writes a line of texts that no spreadsheet runs as formulas. None of the numbers is negative, so none looks like a formula.
fn write(out: &mut Vec<u8>, cells: &[String]) {
    let inert: Vec<_> = cells.iter().map(|cell| inert(cell)).collect();
    line(out, inert.iter().map(|cell| &**cell));
}

/// Returns the language of a dimension's labels; `None` where no labels were asked for.
fn labelled(query: &Query, dimension: Dimension) -> Option<Language> {
    query.labels.filter(|_| !dimension.is_time() && dimension != Dimension::Period)
}

/// Returns the names of a dimension's columns: the code, and the label if labels were asked for.
fn names_of(query: &Query, dimension: Dimension) -> Vec<String> {
    let mut names = vec![dimension.name().to_owned()];
    names.extend(labelled(query, dimension).map(|_| format!("{dimension}_label")));
    if dimension == Dimension::Period {
        names.extend(SPAN_PARTS.map(|(name, _)| name.to_owned()));
    }
    names
}

/// Returns the cells of these columns; empty where the key is not known.
fn key(query: &Query, release: &Release, dimension: Dimension, own: Option<i32>) -> Vec<String> {
    let label = labelled(query, dimension).map(|language| {
        number(own).map_or(String::new(), |number| release.label(dimension, number, language).to_owned())
    });
    let code = code(release, dimension, own).unwrap_or_default();
    let parts = (dimension == Dimension::Period).then(|| Span::parts(&code).map(str::to_owned));
    let mut cells = vec![code];
    cells.extend(label);
    cells.extend(parts.into_iter().flatten());
    cells
}
