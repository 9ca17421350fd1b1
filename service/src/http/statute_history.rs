//! The history of a statute in `/v1/statutes/{id}`: events, predecessors, parallel articles, and what each year has.

use serde::Serialize;

use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Event, EventKind, Language};
use crate::present::statute_history::{Standing, years};

/// The life of a statute.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Life<'a> {
    /// Statutes whose successor it is.
    predecessors: Vec<&'a str>,
    /// What happened to it, in order of time.
    history: Vec<EventNote<'a>>,
    /// Articles that cover the same acts on another track.
    parallel: Vec<Parallel<'a>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EventNote<'a> {
    date: String,
    kind: &'static str,
    /// Whether figures before and after count different things.
    breaks_series: bool,
    related: Option<&'a str>,
    text: &'a str,
    /// Address of the source.
    url: &'a str,
    /// Who tells it.
    dataset: &'a str,
    release: &'a str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Parallel<'a> {
    statute: &'a str,
    since: String,
    /// Which way cases may have been diverted: `to` that statute, or `from` it.
    diverted: &'static str,
}

/// A year of a statute in a dataset.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct YearNote<'a> {
    year: i32,
    standing: Standing,
    figures: Vec<FigureNote<'a>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FigureNote<'a> {
    /// The statute itself, or a part of it.
    statute: String,
    outcome: &'a str,
    measure: &'static str,
    value: u64,
}

/// Returns the life of a statute.
pub fn life<'a>(catalog: &'a Catalog, id: &str, language: Language) -> Life<'a> {
    let history = catalog.history(id);
    let beside = |of: &'a str, event: &Event, diverted| Parallel {
        statute: of,
        since: event.date.to_string(),
        diverted,
    };
    let to = history.iter().filter(|(_, event)| event.kind == EventKind::Parallel);
    let to = to.filter_map(|(_, event)| Some(beside(event.related.as_deref()?, event, "to")));
    let from = catalog.diverted_to(id).into_iter().map(|(_, event)| beside(&event.statute, event, "from"));
    Life {
        predecessors: catalog.predecessors(id).into_iter().map(|statute| statute.id.as_str()).collect(),
        parallel: to.chain(from).collect(),
        history: history
            .iter()
            .map(|(dataset, event)| EventNote {
                date: event.date.to_string(),
                kind: event.kind.name(),
                breaks_series: event.breaks_series,
                related: event.related.as_deref(),
                text: event.text.get(language),
                url: &event.url,
                dataset: dataset.release.dataset(),
                release: dataset.release.id().as_str(),
            })
            .collect(),
    }
}

/// Returns what is known of each year of a statute in a dataset.
///
/// # Errors
/// On a bug.
pub fn year_notes<'a>(dataset: &'a Dataset, id: &str) -> Result<Vec<YearNote<'a>>, AnswerError> {
    let told = years(dataset, id)?;
    let note = |year: &crate::present::statute_history::Year| YearNote {
        year: year.year,
        standing: year.standing,
        figures: told
            .series
            .iter()
            .zip(&year.values)
            .filter_map(|(series, value)| Some((series, (*value)?)))
            .map(|(series, value)| FigureNote {
                statute: series.statute.clone(),
                outcome: dataset.release.code(Dimension::Outcome, series.outcome),
                measure: series.measure.name(),
                value,
            })
            .collect(),
    };
    Ok(told.years.iter().map(note).collect())
}
