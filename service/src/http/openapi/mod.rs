//! `/openapi.json`: the description of the API, made of the tables that it is served by and the types that answers have.
//!
//! OpenAPI 3.1.0, <https://spec.openapis.org/oas/v3.1.0>. The general document has addresses with `{dataset}` in them and
//! knows the codes of all datasets. That of one dataset (`?dataset=…`) is exact: what it calls a right parameter is one.

mod codes;
mod routes;
mod schemas;

use std::sync::Arc;

use serde_json::{Map, Value, json};
use warp::http::StatusCode;
use warp::reply::Response;

use super::app::App;
use super::assets;
use super::files::{FILES, File};
use super::headers::{Caching, respond};
use super::parameters::{Group, Parameter};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::Dimension;
use crate::explorer::example;
use crate::query::Params;
use crate::widget_files;
use routes::{Part, ROUTES, Route};

/// Answers `/openapi.json`.
pub async fn openapi(app: App, query: String) -> Response {
    let (catalog, base) = (app.catalog(), Arc::clone(&app.base));
    let made = move || {
        let mut params = Params::parse(&query)?;
        let one = params.take("dataset");
        params.finish_with(&["dataset"])?;
        let one = one
            .map(|id| catalog.release(&id, None).map_err(|absent| Problem::absent(&id, None, absent)))
            .transpose()?;
        let document = document(&catalog, &base, one.as_ref());
        Ok(serde_json::to_vec(&document).expect("a description has only strings, numbers and lists"))
    };
    match app.compute(made).await {
        Ok(body) => respond(StatusCode::OK, "application/json", body, Caching::Current),
        Err(problem) => problem.response(),
    }
}

/// What a description is about.
pub struct Scope<'a> {
    /// Everything that is served.
    catalog: &'a Catalog,
    /// The datasets described.
    datasets: Vec<&'a Arc<Dataset>>,
    /// The dataset, where it is one alone: it then stands in the addresses.
    one: Option<&'a str>,
    /// A statute that the first of them has figures on.
    statute: Option<String>,
}

impl Scope<'_> {
    /// The dimensions of the datasets, each once.
    fn dimensions(&self) -> Vec<Dimension> {
        let has = |dimension: &Dimension| {
            self.datasets.iter().any(|dataset| dataset.release.dimensions().contains(dimension))
        };
        Dimension::ALL.into_iter().filter(has).collect()
    }

    /// The releases of the one dataset that are not withdrawn.
    fn releases(&self) -> Vec<&str> {
        let all = self.one.and_then(|one| self.catalog.releases(one).ok()).unwrap_or_default();
        let live = all.iter().filter(|listed| listed.entry.withdrawn.is_none());
        live.map(|listed| listed.entry.id.as_str()).collect()
    }

    /// A value to try a parameter with: together they make a question that has an answer.
    fn example(&self, parameter: &Parameter) -> Option<Value> {
        match parameter.name {
            "by" => Some(json!(["year", "outcome"])),
            "of" => Some(json!(["outcome", "year"])),
            "statute" => self.statute.as_ref().map(|statute| json!([statute])),
            "dataset" => self.datasets.first().map(|dataset| dataset.release.dataset().into()),
            _ => None,
        }
    }
}

/// Returns the description of the whole API, or of the addresses of one dataset. `base` is the public address of the
/// service without a final slash.
pub fn document(catalog: &Catalog, base: &str, one: Option<&Arc<Dataset>>) -> Value {
    let datasets = one.map_or_else(|| catalog.datasets().collect(), |one| vec![one]);
    let statute = datasets.first().and_then(|dataset| example::statute(catalog, dataset));
    let scope = Scope {
        catalog,
        datasets,
        one: one.map(|one| one.release.dataset()),
        statute: statute.map(str::to_owned),
    };
    let mut paths = Map::new();
    for route in ROUTES {
        if one.is_some() && !route.path.contains("{dataset}") {
            continue;
        }
        let operation = operation(route, &scope);
        paths.insert(path(route.path, &scope), operation);
        // The files of a dataset follow what is said of the dataset itself.
        if matches!(route.path, "/v1/datasets/{dataset}" | "/v1/datasets/{dataset}/releases/{release}") {
            for file in FILES {
                paths.insert(
                    path(&format!("{}/{}", route.path, file.name), &scope),
                    of_file(file, route, &scope),
                );
            }
        }
    }
    let mut all = schemas::schemas();
    all.extend(codes::schemas(&scope));
    let title = scope.one.map_or_else(|| "Chargesheet".to_owned(), |one| format!("Chargesheet: {one}"));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "How often a law is used against people, as figures that can be cited.",
            "description": "Everything is read with GET or HEAD, from any origin, without a key. Errors are `application/problem+json` (RFC 9457) and name the parameter, the value, why, and the nearest right value. A parameter that means nothing is an error, never ignored. An address with a release in it gives the same for ever.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": if base.is_empty() { "/" } else { base } }],
        "tags": Part::ALL.map(|part| json!({ "name": part.name(), "description": part.about() })),
        "paths": paths,
        "components": { "schemas": all, "responses": responses(), "headers": headers() },
    })
}

/// The path of a route: with the dataset's id in it where it is one alone.
fn path(path: &str, scope: &Scope<'_>) -> String {
    match scope.one {
        Some(one) => path.replace("{dataset}", one),
        None => path.to_owned(),
    }
}

fn of_file(file: &File, route: &Route, scope: &Scope<'_>) -> Value {
    let path = format!("{}/{}", route.path, file.name);
    let is_pinned = path.contains("{release}");
    let about = match (is_pinned, file.lasts) {
        (true, true) => format!("{} Pinned to a release: the same for ever.", file.about),
        (true, false) => format!("{} Of the figures of one release.", file.about),
        (false, _) => file.about.to_owned(),
    };
    told(
        &Told {
            path: &path,
            about: &about,
            part: Part::Datasets,
            parameters: file.parameters,
            media_types: &[file.media_type],
            schema: file.schema,
            statuses: &[],
        },
        scope,
    )
}

fn operation(route: &Route, scope: &Scope<'_>) -> Value {
    let Route { path, about, part, parameters, media_types, schema, statuses } = *route;
    told(&Told { path, about, part, parameters, media_types, schema, statuses }, scope)
}

/// What is said of an address.
struct Told<'a> {
    path: &'a str,
    about: &'a str,
    part: Part,
    parameters: &'a [Group],
    media_types: &'a [&'a str],
    schema: Option<&'a str>,
    statuses: &'a [u16],
}

fn told(told: &Told<'_>, scope: &Scope<'_>) -> Value {
    let varying = told.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let varying = varying.filter(|part| scope.one.is_none() || *part != "dataset");
    let parts = varying.map(|name| {
        let mut part = codes::part(name, scope);
        let files = match told.path {
            "/assets/{file}" => assets::names(),
            _ => widget_files::FILES.iter().map(|file| file.name).collect(),
        };
        if name == "file" {
            part["schema"]["enum"] = files.clone().into();
            part["example"] = files.first().copied().unwrap_or_default().into();
        }
        part
    });
    let query = told.parameters.iter().copied().flatten();
    // Pages read what forms send.
    let is_form = told.part == Part::Pages;
    let query = query
        .filter_map(|parameter| codes::parameter(parameter, scope))
        .map(|parameter| if is_form { codes::may_be_empty(parameter) } else { parameter });
    let parameters: Vec<Value> = parts.chain(query).collect();
    let is_page = told.media_types.iter().all(|media_type| media_type.starts_with("text/html"))
        && !told.path.starts_with("/v1/");
    let mut answers = Map::new();
    if told.statuses.contains(&308) {
        answers.insert("308".to_owned(), leads());
    } else {
        answers.insert("200".to_owned(), good(told));
    }
    if told.path != "/healthz" {
        answers.insert("304".to_owned(), json!({ "$ref": "#/components/responses/NotModified" }));
    }
    let takes_any =
        !matches!(told.path, "/healthz" | "/widget/{file}" | "/widget/{version}/{file}" | "/assets/{file}");
    let mut statuses: Vec<u16> = if takes_any { vec![400] } else { Vec::new() };
    statuses.extend(told.statuses.iter().filter(|status| **status >= 400));
    if told.path.contains("{dataset}") {
        statuses.extend([404, 410, 503]);
    }
    statuses.push(500);
    for status in statuses {
        let form = if is_page && status < 500 { "Page" } else { "" };
        answers
            .insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{form}{status}") }));
    }
    json!({ "get": {
        "operationId": id(told.path, told.part),
        "summary": told.about,
        "tags": [told.part.name()],
        "parameters": parameters,
        "responses": answers,
    } })
}

/// A name for programs: the words of a path.
fn id(path: &str, part: Part) -> String {
    let words: Vec<&str> = path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && *word != "v1")
        .collect();
    let words = if words.is_empty() { "start".to_owned() } else { words.join("_") };
    // The page of a thing and the thing itself have paths of the same words.
    if part == Part::Pages { format!("page_{words}") } else { words }
}

/// The answer to a right question.
fn good(told: &Told<'_>) -> Value {
    let mut content = Map::new();
    for media_type in told.media_types {
        let schema = match told.schema {
            Some(name) => json!({ "$ref": format!("#/components/schemas/{name}") }),
            None if media_type.starts_with("text/") || media_type.contains("svg") => {
                json!({ "type": "string" })
            }
            // Bytes that are no text, and JSON that is only the element's own.
            None => json!({}),
        };
        content.insert((*media_type).to_owned(), json!({ "schema": schema }));
    }
    let header = |name: &str| json!({ "$ref": format!("#/components/headers/{name}") });
    let mut headers = Map::new();
    if told.path != "/healthz" {
        headers.insert("ETag".to_owned(), header("ETag"));
    }
    headers.insert("Cache-Control".to_owned(), header("Cache-Control"));
    let compares = told.path.contains("/changes.");
    let of_a_release = told.path.starts_with("/v1/datasets/{dataset}") && !told.path.ends_with("/releases");
    if of_a_release {
        headers.insert("Chargesheet-Release".to_owned(), header("Chargesheet-Release"));
    }
    if compares {
        headers.insert("Chargesheet-Release-From".to_owned(), header("Chargesheet-Release-From"));
    }
    json!({ "description": "The answer.", "headers": headers, "content": content })
}

/// The answer that leads elsewhere.
fn leads() -> Value {
    let place =
        json!({ "schema": { "type": "string" }, "description": "What it stands for.", "required": true });
    json!({ "description": "Leads to what it stands for.", "headers": { "Location": place }, "content": { "text/plain": { "schema": { "type": "string" } } } })
}

fn headers() -> Value {
    let header = |description: &str, pattern: &str| {
        let schema = json!({ "type": "string", "pattern": pattern });
        json!({ "description": description, "required": true, "schema": schema })
    };
    let release = "^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}$";
    json!({
        "ETag": header("Strong: made of the SHA-256 of the body. `If-None-Match` gives 304.", "^\"[0-9a-f]{32}\"$"),
        "Cache-Control": header("How long the answer stays right: for ever under a pinned address, else a minute.", "."),
        "Chargesheet-Release": header("The release that the answer was made from.", release),
        "Chargesheet-Release-From": header("Of two releases that are compared, the older.", release),
        "Allow": header("The methods that are possible.", "."),
    })
}

fn responses() -> Value {
    let statuses = [
        (
            400,
            "The question means nothing here: the problem names the parameter, the value, why, and the nearest right one.",
        ),
        (404, "There is no such thing; the nearest one is named."),
        (410, "The release was withdrawn: since when and why."),
        (500, "A bug of the service."),
        (501, "It could be asked for, and is not made here."),
        (503, "A release cannot be read at this moment."),
    ];
    let mut all = Map::new();
    all.insert(
        "NotModified".to_owned(),
        json!({ "description": "The client has the answer already (`If-None-Match`)." }),
    );
    for (status, description) in statuses {
        let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        all.insert(
            status.to_string(),
            json!({ "description": description, "content": { "application/problem+json": problem } }),
        );
        let page = json!({ "schema": { "type": "string" } });
        all.insert(
            format!("Page{status}"),
            json!({ "description": description, "content": { "text/html; charset=utf-8": page } }),
        );
    }
    all.into()
}
