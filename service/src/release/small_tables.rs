//! Statutes, sources and figures as rows of text, and back.

use super::text_table::{Columns, TextTable, Type};
use crate::domain::{Language, Lists, Localized, Measure, Period, Register, Status, Statute};
use crate::ingest::{Figure, FigureSource};

/// Columns of the register.
pub const STATUTES: Columns = &[
    ("statute", Type::Text),
    ("parent", Type::Text),
    ("country", Type::Text),
    ("law", Type::Text),
    ("article", Type::Text),
    ("part", Type::Text),
    ("title_en", Type::Text),
    ("title_ru", Type::Text),
    ("title_kk", Type::Text),
    ("offence", Type::Text),
    ("in_force_from", Type::Text),
    ("in_force_to", Type::Text),
    ("successor", Type::Text),
    ("url", Type::Text),
];

/// Columns of the sources of reported figures.
pub const SOURCES: Columns = &[
    ("source", Type::Text),
    ("publisher", Type::Text),
    ("title", Type::Text),
    ("url", Type::Text),
    ("published", Type::Text),
    ("kind", Type::Text),
    ("counting_rule", Type::Text),
    ("time_basis", Type::Text),
    ("measure_type", Type::Text),
];

/// Columns of reported figures.
pub const COUNTS: Columns = &[
    ("statute", Type::Text),
    ("country", Type::Text),
    ("year", Type::Number),
    ("outcome", Type::Text),
    ("unit", Type::Text),
    ("source", Type::Text),
    ("value", Type::Number),
    ("status", Type::Text),
    ("preferred", Type::Flag),
    ("note", Type::Text),
];

fn written(period: Option<Period>) -> String {
    period.map_or(String::new(), |period| period.to_string())
}

/// A period that may be missing; `None` when it is neither.
fn period(text: &str) -> Option<Option<Period>> {
    if text.is_empty() { Some(None) } else { Period::parse(text).ok().map(Some) }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the register as rows.
pub fn statutes(register: &Register) -> TextTable {
    let row = |statute: &Statute| {
        vec![
            statute.id.clone(),
            statute.parent.clone().unwrap_or_default(),
            statute.country.clone(),
            statute.law.clone(),
            statute.article.clone(),
            statute.part.clone(),
            statute.title.own(Language::ENGLISH).to_owned(),
            statute.title.own(Language::RUSSIAN).to_owned(),
            statute.title.own(Language::KAZAKH).to_owned(),
            statute.offence.clone(),
            written(statute.in_force_from),
            written(statute.in_force_to),
            statute.successor.clone().unwrap_or_default(),
            statute.url.clone(),
        ]
    };
    TextTable::of(STATUTES, register.all().iter().map(row).collect())
}

/// Returns the register that rows are of; `None` when they are damaged.
pub fn register(table: &TextTable) -> Option<Register> {
    let statute = |row: &Vec<String>| {
        Some(Statute {
            id: row[0].clone(),
            parent: some(&row[1]),
            country: row[2].clone(),
            law: row[3].clone(),
            article: row[4].clone(),
            part: row[5].clone(),
            title: Localized::new(&row[6], &row[7], &row[8]),
            offence: row[9].clone(),
            in_force_from: period(&row[10])?,
            in_force_to: period(&row[11])?,
            successor: some(&row[12]),
            url: row[13].clone(),
        })
    };
    let statutes = table.rows.iter().map(statute).collect::<Option<Vec<_>>>()?;
    (statutes.len() <= Register::LIMIT).then(|| Register::new(statutes))
}

/// Returns sources as rows.
pub fn sources(sources: &[FigureSource]) -> TextTable {
    let row = |source: &FigureSource| {
        vec![
            source.id.clone(),
            source.publisher.clone(),
            source.title.clone(),
            source.url.clone(),
            written(source.published),
            source.kind.to_owned(),
            source.counting_rule.to_owned(),
            source.time_basis.to_owned(),
            source.measure_type.to_owned(),
        ]
    };
    TextTable::of(SOURCES, sources.iter().map(row).collect())
}

/// Returns the sources that rows are of; `None` when they are damaged.
pub fn figure_sources(table: &TextTable) -> Option<Vec<FigureSource>> {
    let source = |row: &Vec<String>| {
        Some(FigureSource {
            id: row[0].clone(),
            publisher: row[1].clone(),
            title: row[2].clone(),
            url: row[3].clone(),
            published: period(&row[4])?,
            kind: FigureSource::word_of(&row[5])?,
            counting_rule: FigureSource::word_of(&row[6])?,
            time_basis: FigureSource::word_of(&row[7])?,
            measure_type: FigureSource::word_of(&row[8])?,
        })
    };
    table.rows.iter().map(source).collect()
}

/// Returns figures as rows.
pub fn counts(lists: &Lists, register: &Register, figures: &[Figure], sources: &[FigureSource]) -> TextTable {
    let row = |figure: &Figure| {
        vec![
            register.at(figure.statute).id.clone(),
            lists.countries.at(figure.country.into()).code.clone(),
            figure.year.to_string(),
            lists.outcomes.at(figure.outcome.into()).code.clone(),
            figure.measure.name().to_owned(),
            sources[usize::from(figure.source)].id.clone(),
            figure.value.to_string(),
            figure.status.code().to_owned(),
            figure.preferred.to_string(),
            figure.note.clone(),
        ]
    };
    TextTable::of(COUNTS, figures.iter().map(row).collect())
}

/// Returns the figures that rows are of; `None` when they are damaged.
pub fn figures(
    table: &TextTable,
    lists: &Lists,
    register: &Register,
    sources: &[FigureSource],
) -> Option<Vec<Figure>> {
    let figure = |row: &Vec<String>| {
        let source = sources.binary_search_by(|other| other.id.cmp(&row[5])).ok()?;
        Some(Figure {
            statute: register.code(&row[0])?,
            country: u8::try_from(lists.countries.number(&row[1])?).ok()?,
            year: row[2].parse().ok()?,
            outcome: u8::try_from(lists.outcomes.number(&row[3])?).ok()?,
            measure: Measure::from_name(&row[4])?,
            source: u16::try_from(source).ok()?,
            value: row[6].parse().ok()?,
            status: Status::from_code(&row[7])?,
            preferred: row[8].parse().ok()?,
            note: row[9].clone(),
        })
    };
    table.rows.iter().map(figure).collect()
}
