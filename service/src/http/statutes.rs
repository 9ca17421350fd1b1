//! `/v1/statutes` and `/v1/statutes/{id}`: the register of statutes, the datasets that cover each, and the history of one statute.

use std::collections::BTreeMap;

use serde::Serialize;

use super::app::App;
use super::datasets::language;
use super::problem::{Answer, Problem};
use super::response::{Caching, json};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Event, EventKind, Language, Lists, Statute, offences};
use crate::explorer;
use crate::present::name_of;
use crate::present::plain::plain;
use crate::present::statute_history::{Standing, Year, years};

/// A statute and who has figures on it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StatuteEntry)]
pub struct Entry<'a> {
    id: &'a str,
    /// Country, law, article and title in words.
    name: String,
    country: &'a str,
    law: &'a str,
    /// The law's name in its own languages; only where it is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    law_own: Vec<OwnName<'a>>,
    article: &'a str,
    part: &'a str,
    title: &'a str,
    offence: Option<Offence<'a>>,
    parent: Option<&'a str>,
    parts: Vec<&'a str>,
    successor: Option<&'a str>,
    in_force_from: Option<String>,
    in_force_to: Option<String>,
    text: Option<&'a str>,
    url: String,
    datasets: Vec<Covering<'a>>,
}

/// A name of a law in a language of its own.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OwnName<'a> {
    /// The language, as a tag of BCP 47.
    language: &'a str,
    name: &'a str,
}

/// The register.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Statutes<'a> {
    statutes: Vec<Entry<'a>>,
    /// A dataset that cannot be read at this moment, so that its figures are missing here; only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<&'a str>,
}

/// A category of offence.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Offence<'a> {
    code: &'a str,
    label: &'a str,
}

/// What a dataset has on a statute and its parts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Covering<'a> {
    dataset: &'a str,
    /// The release that this was read from.
    release: &'a str,
    first_year: Option<i32>,
    last_year: Option<i32>,
    outcomes: Vec<&'a str>,
    measures: Vec<&'static str>,
    /// What is known of each year; only where one statute is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    years: Option<Vec<YearNote<'a>>>,
}

/// A statute with its history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Statute)]
pub struct One<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    #[serde(flatten)]
    life: Life<'a>,
    /// A dataset that cannot be read at this moment, so that its figures are missing here; only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<&'a str>,
}

/// Answers `/v1/statutes`.
pub async fn list(app: App, query: String) -> Answer {
    let catalog = app.catalog();
    app.compute(move || {
        let language = language(&query)?;
        let all = catalog.statutes();
        let parts = parts_of(&all);
        let statutes = all.iter().map(|statute| entry(&catalog, statute, &parts, language)).collect();
        Ok(json(&Statutes { statutes, unreadable: catalog.unread() }, Caching::Current))
    })
    .await
}

/// Answers `/v1/statutes/{id}`.
pub async fn one(app: App, id: String, query: String) -> Answer {
    let catalog = app.catalog();
    app.compute(move || {
        let language = language(&query)?;
        let Some(statute) = catalog.statute(&id) else { return Err(missing(&catalog, &id)) };
        let parts = parts_of(&catalog.statutes());
        let mut entry = entry(&catalog, statute, &parts, language);
        for covering in &mut entry.datasets {
            if let Some(dataset) = catalog.dataset(covering.dataset) {
                covering.years = Some(year_notes(dataset, &id)?);
            }
        }
        let life = life(&catalog, &id, language);
        Ok(json(&One { entry, life, unreadable: catalog.unread() }, Caching::Current))
    })
    .await
}

fn missing(catalog: &Catalog, id: &str) -> Problem {
    catalog.unread().map_or_else(
        || Problem::not_found("statute", id, catalog.nearest_statute(id)),
        |dataset| Problem::unread_dataset("statute", id, dataset),
    )
}

/// The ids of the parts of each statute that has parts.
type Parts<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn parts_of<'a>(statutes: &[&'a Statute]) -> Parts<'a> {
    let mut parts = Parts::new();
    for statute in statutes {
        if let Some(parent) = &statute.parent {
            parts.entry(parent).or_default().push(&statute.id);
        }
    }
    parts
}

/// The names that the search knows.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Names {
    /// In the order of the language's alphabet.
    names: Vec<String>,
}

/// Answers `/v1/names.json`.
pub async fn names(app: App, query: String) -> Answer {
    let language = language(&query)?;
    let catalog = app.catalog();
    app.compute(move || Ok(json(&Names { names: explorer::names(&catalog, language) }, Caching::Current)))
        .await
}

/// Answers `/v1/statutes/{id}/answers.json`.
pub async fn answers(app: App, id: String, query: String) -> Answer {
    let language = language(&query)?;
    let catalog = app.catalog();
    let made = move || {
        let Some(statute) = catalog.statute(&id) else { return Err(missing(&catalog, &id)) };
        Ok(json(&plain(&catalog, statute, language)?, Caching::Current))
    };
    app.compute(made).await
}

fn entry<'a>(catalog: &'a Catalog, statute: &'a Statute, parts: &Parts<'a>, language: Language) -> Entry<'a> {
    Entry {
        id: &statute.id,
        name: name_of(statute, Lists::bundled(), language),
        country: &statute.country,
        law: &statute.law,
        law_own: statute.own_laws().map(|(language, name)| OwnName { language, name }).collect(),
        article: &statute.article,
        part: &statute.part,
        title: statute.title.get(language),
        offence: offences()
            .get(&statute.offence)
            .map(|offence| Offence { code: &offence.code, label: offence.label.get(language) }),
        parent: statute.parent.as_deref(),
        parts: parts.get(statute.id.as_str()).cloned().unwrap_or_default(),
        successor: statute.successor.as_deref(),
        in_force_from: statute.in_force_from.map(|day| day.to_string()),
        in_force_to: statute.in_force_to.map(|day| day.to_string()),
        text: Some(statute.url.as_str()).filter(|url| !url.is_empty()),
        url: format!("/v1/statutes/{}", crate::query::escape_part(&statute.id)),
        datasets: catalog
            .coverage(&statute.id)
            .iter()
            .map(|coverage| Covering {
                dataset: &coverage.dataset,
                release: &coverage.release,
                first_year: coverage.years.map(|(first, _)| first),
                last_year: coverage.years.map(|(_, last)| last),
                outcomes: coverage.outcomes.iter().map(|(code, _)| code.as_str()).collect(),
                measures: coverage.measures.iter().map(|measure| measure.name()).collect(),
                years: None,
            })
            .collect(),
    }
}

/// The life of a statute.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Life<'a> {
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
struct YearNote<'a> {
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

/// Returns the history of a statute.
fn life<'a>(catalog: &'a Catalog, id: &str, language: Language) -> Life<'a> {
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

/// Returns the notes on each year of a statute in a dataset.
fn year_notes<'a>(dataset: &'a Dataset, id: &str) -> Result<Vec<YearNote<'a>>, AnswerError> {
    let told = years(dataset, id)?;
    let note = |year: &Year| YearNote {
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
