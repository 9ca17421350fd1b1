//! The responses of an address: statuses, bodies and headers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::http::files::File;
use crate::http::route_table::Route;

fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// Returns the responses of an address, by status. If the address is that of a dataset's file, `file` is that file.
pub fn of(route: &Route<'_>, file: Option<&File>) -> Map<String, Value> {
    let is_page =
        route.media_types.iter().all(|media_type| media_type.starts_with("text/html")) && file.is_none();
    let has_tag = !route.is_operators() && !route.leads();
    let mut answers = Map::new();
    if route.leads() {
        answers.insert("308".to_owned(), leads(route));
    } else {
        answers.insert("200".to_owned(), good(route, file));
    }
    if has_tag {
        answers.insert("206".to_owned(), component("responses", "Part"));
        answers.insert("304".to_owned(), component("responses", "NotModified"));
    }
    let mut statuses: BTreeSet<u16> =
        route.statuses.iter().copied().filter(|status| *status >= 400).collect();
    statuses.insert(500);
    if !route.is_operators() && (!route.path.ends_with("/{file}") || file.is_some()) {
        statuses.insert(400);
    }
    if route.path.contains("{dataset}") {
        statuses.extend([404, 410]);
    }
    if !route.is_operators() {
        statuses.insert(503);
    }
    if has_tag {
        statuses.extend([412, 416]);
    }
    for status in statuses {
        let form = match status {
            // People type short addresses without an ending, programs request those with one.
            _ if route.is_short() => "Either",
            400..=411 if is_page => "Page",
            // If the release cannot be read, ordinary pages answer with a page, and frames with a problem document.
            503 if is_page => "Either",
            _ => "",
        };
        answers.insert(status.to_string(), component("responses", &format!("{form}{status}")));
    }
    answers
}

/// Returns the response to a valid request.
fn good(route: &Route<'_>, file: Option<&File>) -> Value {
    let mut content = Map::new();
    for media_type in route.media_types {
        let schema = match route.schema {
            Some(name) => component("schemas", name),
            None if media_type.starts_with("text/") || media_type.contains("svg") => {
                json!({ "type": "string" })
            }
            // Binary data, and JSON that only the widget reads.
            None => json!({}),
        };
        content.insert((*media_type).to_owned(), json!({ "schema": schema }));
    }
    let is_list = ["/releases", "/timemap"].iter().any(|end| route.path.ends_with(end));
    let of_a_release = route.path.starts_with("/v1/datasets/{dataset}") && !is_list;
    let has_tag = !route.is_operators();
    let is = |property: fn(&File) -> bool| file.is_some_and(property);
    let all = [
        ("ETag", has_tag),
        ("Repr-Digest", has_tag),
        ("Accept-Ranges", has_tag),
        ("Vary", has_tag),
        ("Content-Encoding", has_tag),
        ("Server-Timing", true),
        ("Cache-Control", true),
        ("Chargesheet-Release", of_a_release),
        ("Chargesheet-Release-From", route.path.contains("/changes.")),
        ("Chargesheet-Rows", is(|file| file.is_table)),
        ("Content-Disposition", file.is_some() || route.path.contains("/changes.")),
        ("Link", file.is_some()),
        ("Last-Modified", file.is_some()),
    ];
    let own = all.into_iter().filter(|(_, is_there)| *is_there);
    let headers: Map<String, Value> =
        own.map(|(name, _)| (name.to_owned(), component("headers", name))).collect();
    json!({ "description": "The answer.", "headers": headers, "content": content })
}

/// Returns the response of a redirect.
fn leads(route: &Route<'_>) -> Value {
    let all = [("Location", true), ("Cache-Control", true), ("Chargesheet-Release", route.is_short())];
    let own = all.into_iter().filter(|(_, is_there)| *is_there);
    let headers: Map<String, Value> =
        own.map(|(name, _)| (name.to_owned(), component("headers", name))).collect();
    json!({
        "description": "Leads to what it stands for; the body is that address.",
        "headers": headers,
        "content": { "text/plain; charset=utf-8": { "schema": { "type": "string" } } },
    })
}
