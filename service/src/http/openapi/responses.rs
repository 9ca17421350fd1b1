//! What addresses answer: bodies, headers and statuses.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::http::files::{File, Taken};
use crate::http::route_table::Route;

fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// Returns the responses of an address, by status. `file` is the file of a dataset that it is the address of.
pub fn of(route: &Route<'_>, file: Option<&File>) -> Map<String, Value> {
    let is_page =
        route.media_types.iter().all(|media_type| media_type.starts_with("text/html")) && file.is_none();
    let has_tag = !route.is_operators() && !route.is_short();
    let mut answers = Map::new();
    if route.is_short() {
        answers.insert("308".to_owned(), leads());
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
            // Without an ending it is typed by people, with one it is asked by programs.
            _ if route.is_short() => "Either",
            400..=411 if is_page => "Page",
            // A page says so where the release of a page cannot be read, a problem where that of a frame cannot.
            503 if is_page => "Either",
            _ => "",
        };
        answers.insert(status.to_string(), component("responses", &format!("{form}{status}")));
    }
    answers
}

/// The answer to a right question.
fn good(route: &Route<'_>, file: Option<&File>) -> Value {
    let mut content = Map::new();
    for media_type in route.media_types {
        let schema = match route.schema {
            Some(name) => component("schemas", name),
            None if media_type.starts_with("text/") || media_type.contains("svg") => {
                json!({ "type": "string" })
            }
            // Bytes that are no text, and JSON that is only the element's own.
            None => json!({}),
        };
        content.insert((*media_type).to_owned(), json!({ "schema": schema }));
    }
    let of_a_release = route.path.starts_with("/v1/datasets/{dataset}") && !route.path.ends_with("/releases");
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
        ("Content-Disposition", is(|file| file.taken != Taken::AsItIs)),
        ("Link", is(|file| file.shows_chart)),
    ];
    let own = all.into_iter().filter(|(_, is_there)| *is_there);
    let headers: Map<String, Value> =
        own.map(|(name, _)| (name.to_owned(), component("headers", name))).collect();
    json!({ "description": "The answer.", "headers": headers, "content": content })
}

/// The answer that leads elsewhere.
fn leads() -> Value {
    json!({
        "description": "Leads to what it stands for; the body is that address.",
        "headers": {
            "Location": component("headers", "Location"),
            "Cache-Control": component("headers", "Cache-Control"),
            "Chargesheet-Release": component("headers", "Chargesheet-Release"),
        },
        "content": { "text/plain; charset=utf-8": { "schema": { "type": "string" } } },
    })
}

/// Returns the headers, by name.
pub fn headers() -> Value {
    let maybe = |description: &str, pattern: &str, is_required: bool| {
        let schema = json!({ "type": "string", "pattern": pattern });
        json!({ "description": description, "required": is_required, "schema": schema })
    };
    let header = |description: &str, pattern: &str| maybe(description, pattern, true);
    let release = "^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}$";
    json!({
        "ETag": header("Made of the SHA-256 of the body as it is; strong, or of a coded form weak. `If-None-Match` with either gives 304, `If-Match` another version's 412.", "^(W/)?\"[0-9a-f]{32}\"$"),
        // Not of a coded form.
        "Repr-Digest": maybe("SHA-256 of the whole body as it is, also where only a part of it is sent (RFC 9530). Not of one that has a `Content-Encoding`.", "^sha-256=:[A-Za-z0-9+/]{43}=:$", false),
        "Vary": maybe("`accept-encoding`, of everything that is not compressed already.", "^accept-encoding$", false),
        "Content-Encoding": maybe("`br`, `zstd` or `gzip`, as `Accept-Encoding` weighs them.", "^(br|zstd|gzip)$", false),
        "Server-Timing": maybe("Where the time went: `query`, or that the answer was there already.", ".", false),
        "Accept-Ranges": header("`bytes`: a transfer that broke off can be taken up again with `Range` and `If-Range`.", "^bytes$"),
        "Content-Range": header("Which bytes of how many these are.", "^bytes [0-9]+-[0-9]+/[0-9]+$"),
        "Cache-Control": header("How long the answer stays right: for ever under a pinned address, else a minute.", "."),
        "Chargesheet-Release": header("The release that the answer was made from.", release),
        "Chargesheet-Release-From": header("Of two releases that are compared, the older.", release),
        "Chargesheet-Rows": header("How many rows a table has, its header not counted.", "^[0-9]+$"),
        "Content-Disposition": header("The name that a browser saves it under: dataset and release.", "^(inline|attachment); filename=\".+\"$"),
        // Not for Excel's form, nor for a query that no header can hold.
        "Link": maybe("Leads from a chart or its figures to what oEmbed says of it (`rel=\"alternate\"`), and from a CSV to its description (`rel=\"describedby\"`, CSV on the Web), but not from the one for Excel.", "rel=\"(alternate|describedby)\"", false),
        "Location": header("What it stands for.", "^/(report|v1/datasets)/"),
        "Allow": header("The methods that are possible.", "."),
    })
}

/// Returns the responses that many addresses have, by name.
pub fn named() -> Value {
    let statuses = [
        (
            400,
            "The question means nothing here: the problem names the parameter, the value, why, and the nearest right one.",
        ),
        (404, "There is no such thing; the nearest one is named."),
        (410, "The release was withdrawn: since when and why."),
        (412, "`If-Match` names another version of the answer than there is now."),
        (416, "`Range` begins behind the last byte."),
        (500, "A bug of the service."),
        (501, "It could be asked for, and is not made here."),
        (
            503,
            "Not at this moment: too many ask, it takes too long, data are being loaded, or a release cannot be read. `Retry-After` says when to ask again.",
        ),
    ];
    let mut all = Map::new();
    all.insert(
        "NotModified".to_owned(),
        json!({ "description": "The client has the answer already (`If-None-Match`)." }),
    );
    all.insert(
        "Part".to_owned(),
        json!({
            "description": "The bytes that `Range` asks for, with the headers and media type of the whole.",
            "headers": { "Content-Range": component("headers", "Content-Range") },
            "content": { "*/*": {} },
        }),
    );
    for (status, description) in statuses {
        let problem = json!({ "schema": component("schemas", "Problem") });
        let page = json!({ "schema": { "type": "string" } });
        let (json, html) = ("application/problem+json", "text/html; charset=utf-8");
        let mut put = |form: &str, content: Value| {
            let told = json!({ "description": description, "content": content });
            all.insert(format!("{form}{status}"), told);
        };
        put("", json!({ json: problem }));
        put("Page", json!({ html: page }));
        put("Either", json!({ json: problem, html: page }));
    }
    all.into()
}
