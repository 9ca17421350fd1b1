//! `/v1/statutes` and `/v1/statutes/{id}`: the register, and which datasets cover what.

use serde::Serialize;
use warp::reply::Response;

use super::app::App;
use super::datasets::json;
use super::headers::Caching;
use super::problem::Problem;
use crate::catalog::Catalog;
use crate::domain::{Language, Statute, offences};
use crate::present::name_of;
use crate::query::Params;

/// A statute and who has figures on it.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    /// Country, law, article and title in words.
    name: String,
    country: &'a str,
    law: &'a str,
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

#[derive(Debug, Serialize)]
struct Offence<'a> {
    code: &'a str,
    label: &'a str,
}

/// What a dataset has on a statute and its parts.
#[derive(Debug, Serialize)]
struct Covering<'a> {
    dataset: &'a str,
    /// The release that this was read from.
    release: &'a str,
    first_year: Option<i32>,
    last_year: Option<i32>,
    outcomes: Vec<&'a str>,
    measures: Vec<&'static str>,
}

/// Answers `/v1/statutes`.
pub fn list(app: &App, query: &str) -> Response {
    match language(query) {
        Ok(language) => {
            let catalog = &app.catalog();
            let all: Vec<Entry<'_>> =
                catalog.statutes().into_iter().map(|statute| entry(catalog, statute, language)).collect();
            json(&serde_json::json!({ "statutes": all }), Caching::Current)
        }
        Err(problem) => problem.response(),
    }
}

/// Answers `/v1/statutes/{id}`.
pub fn one(app: &App, id: &str, query: &str) -> Response {
    let language = match language(query) {
        Ok(language) => language,
        Err(problem) => return problem.response(),
    };
    let catalog = app.catalog();
    match catalog.statute(id) {
        Some(statute) => json(&entry(&catalog, statute, language), Caching::Current),
        None => Problem::not_found("statute", id, catalog.nearest_statute(id)).response(),
    }
}

fn language(query: &str) -> Result<Language, Problem> {
    let mut params = Params::parse(query)?;
    let language = params.take_language("lang")?.unwrap_or_default();
    params.finish_with(&["lang"])?;
    Ok(language)
}

fn entry<'a>(catalog: &'a Catalog, statute: &'a Statute, language: Language) -> Entry<'a> {
    let parts = catalog
        .statutes()
        .into_iter()
        .filter(|other| other.parent.as_ref() == Some(&statute.id))
        .map(|other| other.id.as_str());
    Entry {
        id: &statute.id,
        name: name_of(statute, language),
        country: &statute.country,
        law: &statute.law,
        article: &statute.article,
        part: &statute.part,
        title: statute.title.get(language),
        offence: offences()
            .get(&statute.offence)
            .map(|offence| Offence { code: &offence.code, label: offence.label.get(language) }),
        parent: statute.parent.as_deref(),
        parts: parts.collect(),
        successor: statute.successor.as_deref(),
        in_force_from: statute.in_force_from.map(|day| day.to_string()),
        in_force_to: statute.in_force_to.map(|day| day.to_string()),
        text: Some(statute.url.as_str()).filter(|url| !url.is_empty()),
        url: format!("/v1/statutes/{}", statute.id),
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
            })
            .collect(),
    }
}
