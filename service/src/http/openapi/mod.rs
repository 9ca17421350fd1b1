//! `/openapi.json`: the description of the API, made from the tables that the service uses itself and from the types of its
//! answers.
//!
//! OpenAPI 3.1.0, <https://spec.openapis.org/oas/v3.1.0>. The general document has addresses with `{dataset}` and the codes of all
//! datasets. The document of one dataset (`?dataset=…`) is exact: every parameter that it allows is valid.

mod codes;
pub mod frame;
mod responses;
mod schemas;
mod scope;

use std::sync::Arc;

use serde_json::{Map, Value, json};
use warp::http::StatusCode;

use super::app::App;
use super::files::{FILES, File};
use super::problem::{Answer, Problem};
use super::response::{Caching, respond};
use super::route_table::{Part, ROUTES, Route};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::query::Params;
use frame::frame;
use scope::Scope;

/// Answers `/openapi.json`.
pub async fn openapi(app: App, query: String) -> Answer {
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
    Ok(respond(StatusCode::OK, "application/json", app.compute(made).await?, Caching::Current))
}

/// Returns the description of the whole API, or of one dataset's addresses. `base` is the public address of the service, without a
/// trailing slash.
pub fn document(catalog: &Catalog, base: &str, one: Option<&Arc<Dataset>>) -> Value {
    let scope = Scope::of(catalog, one);
    let mut paths = Map::new();
    let mut put = |route: &Route<'_>, file| {
        let path =
            scope.one.map_or_else(|| route.path.to_owned(), |one| route.path.replace("{dataset}", one));
        paths.insert(path, operation(route, file, &scope));
    };
    let is_told =
        |route: &&Route<'_>| route.is_offered() && (one.is_none() || route.path.contains("{dataset}"));
    for route in ROUTES.iter().filter(is_told) {
        put(route, None);
        // The files of a dataset follow the dataset itself.
        if matches!(route.path, "/v1/datasets/{dataset}" | "/v1/datasets/{dataset}/releases/{release}") {
            for file in FILES {
                let (path, about) = (format!("{}/{}", route.path, file.name), about(file, route));
                // `package.zip` answers 501 if the dataset is too large for a package.
                let statuses: &[u16] = if file.name == "package.zip" { &[501] } else { &[] };
                let (parameters, schema) = (file.parameters, file.schema);
                let (path, about, media_types) = (&*path, &*about, &[file.media_type][..]);
                let own = Route { path, about, parameters, media_types, schema, statuses, ..*route };
                put(&own, Some(file));
            }
        }
    }
    let mut document = frame();
    if let Some(one) = scope.one {
        document["info"]["title"] = format!("Chargesheet: {one}").into();
    }
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"] = json!([{ "url": if base.is_empty() { "/" } else { base } }]);
    document["paths"] = paths.into();
    let mut all = schemas::schemas();
    if let Value::Object(others) = document["components"]["schemas"].take() {
        all.extend(others);
    }
    all.extend(codes::schemas(&scope));
    document["components"]["schemas"] = all.into();
    document
}

/// Returns the sentence about a file, for the newest release or for one that the address names.
fn about(file: &File, route: &Route<'_>) -> String {
    match (route.path.contains("{release}"), file.lasts) {
        (true, true) => format!("{} Pinned to a release: the same for ever.", file.about),
        (true, false) => format!("{} Of the figures of one release.", file.about),
        (false, _) => file.about.to_owned(),
    }
}

fn operation(route: &Route<'_>, file: Option<&File>, scope: &Scope<'_>) -> Value {
    let varying = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let varying = varying.filter(|part| scope.one.is_none() || *part != "dataset");
    let parts = varying.map(|name| codes::part(name, route, scope));
    let query = || route.parameters.iter().copied().flatten();
    // With the parameter `of`, values are counted on their own and not in groups. So `by` gets no example.
    let is_grouped = !query().any(|parameter| parameter.name == "of");
    let query = query().filter_map(|parameter| {
        let mut own = codes::parameter(parameter, scope)?;
        if parameter.name == "by" && !is_grouped {
            own.as_object_mut()?.remove("example");
        }
        if parameter.name == "lang" && route.is_page() && file.is_none() {
            return Some(codes::any_language(own));
        }
        // Pages accept what forms send.
        Some(if route.part == Part::Pages { codes::may_be_empty(own) } else { own })
    });
    let parameters: Vec<Value> = parts.chain(query).collect();
    json!({ "get": {
        "operationId": id(route.path, route.part),
        "summary": route.about,
        "tags": [route.part.name()],
        "parameters": parameters,
        "responses": responses::of(route, file),
    } })
}

/// Makes the `operationId`, from the words of the path.
fn id(path: &str, part: Part) -> String {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let words = match &words[..] {
        [] => "start".to_owned(),
        ["v1", words @ ..] if !words.is_empty() => words.join("_"),
        words => words.join("_"),
    };
    // A page and its data may have paths with the same words.
    if part == Part::Pages { format!("page_{words}") } else { words }
}
