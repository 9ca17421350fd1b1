//! The figures of a statute that no series of years can hold: of other periods, and of parts of a country.

use super::frame::PageError;
use crate::answer::Dataset;
use crate::domain::{Dimension, Language, Statute};
use crate::ingest::{Figure, FigureSource, Records};
use crate::present::numbers::number;
use crate::present::texts::Texts;
use crate::present::{legend_label, span_text};
use crate::query::Query;

/// A figure that stands by itself.
pub struct Alone<'a> {
    /// Its period in words.
    pub period: String,
    /// The name of the part of the country that it is of; empty for the whole.
    pub area: &'a str,
    /// The part of the statute that it is of; empty for the statute itself.
    pub part: String,
    /// The outcome, in words.
    pub outcome: String,
    /// The figure.
    pub value: String,
    /// What is counted.
    pub measure: &'a str,
    /// The source.
    pub source: &'a FigureSource,
    /// What the publisher says about the figure.
    pub note: &'a str,
}

/// Returns the figures of a statute that are not of a calendar year and the whole country, in order of time, each with its
/// source. Figures of other sources for the same period stand beside each other.
///
/// # Errors
/// On a bug.
pub fn spans<'a>(
    dataset: &'a Dataset,
    statute: &Statute,
    language: Language,
) -> Result<Vec<Alone<'a>>, PageError> {
    let (release, texts) = (&*dataset.release, Texts::of(language));
    let Records::Figures { figures, sources } = release.records() else { return Ok(Vec::new()) };
    let Some(code) = release.number(Dimension::Statute, &statute.id) else { return Ok(Vec::new()) };
    let further = [Dimension::Period, Dimension::Area, Dimension::Rule, Dimension::Source];
    let own = release.dimensions();
    if !own.iter().any(|dimension| further[..2].contains(dimension)) {
        return Ok(Vec::new());
    }
    let by = further.into_iter().filter(|dimension| own.contains(dimension)).collect();
    let mut query = Query::everything(by, release.descriptor().chargesheet.measures.clone());
    query.keep.insert(Dimension::Statute, vec![code]);
    let evidence = dataset.evidence(&Query {
        by: [&query.by[..], &[Dimension::Statute, Dimension::Outcome]].concat(),
        ..query
    })?;
    let mut found: Vec<&Figure> = evidence.figures().iter().map(|&(place, _)| &figures[place]).collect();
    found.retain(|figure| figure.span.year().is_none() || !figure.area.is_empty());
    found.sort_by_cached_key(|figure| {
        let outcome = release.place(Dimension::Outcome, figure.outcome.into());
        (figure.area.clone(), figure.span.order(), outcome, figure.statute, figure.measure)
    });
    let alone = |figure: &'a Figure| Alone {
        period: span_text(&figure.span.to_string(), language),
        area: release
            .number(Dimension::Area, &figure.area)
            .map_or("", |area| release.label(Dimension::Area, area, language)),
        part: match u32::from(figure.statute) {
            own if own == code => String::new(),
            part => legend_label(release, Dimension::Statute, part, language),
        },
        outcome: legend_label(release, Dimension::Outcome, figure.outcome.into(), language),
        value: number(figure.value, texts),
        measure: texts.measure(figure.measure),
        source: &sources[usize::from(figure.source)],
        note: &figure.note,
    };
    Ok(found.into_iter().map(alone).collect())
}
