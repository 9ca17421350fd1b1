//! What holds for every answer, whatever was asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chargesheet::http::Description;
use roxmltree::Document;
use sha2::{Digest as _, Sha256};

/// Holds an answer to GET against what it says of itself. It is one of these statuses.
pub fn hold(address: &str, response: &Description, statuses: &[u16]) {
    let status = response.status;
    assert!(statuses.contains(&status), "{status} for {address}: {}", words(response));
    assert_eq!(response.broken, None, "{address}");
    if let Some(length) = response.header("content-length") {
        assert_eq!(length, response.body.len().to_string(), "{address}");
    }
    for (name, value) in [("x-content-type-options", "nosniff"), ("access-control-allow-origin", "*")] {
        assert_eq!(response.header(name), Some(value), "{address}");
    }
    let policy = response.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'"), "{address}: {policy}");
    let media_type = response.header("content-type").unwrap_or_default();
    if status == 200 {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&response.body)));
        let said = response.header("repr-digest");
        // What tells of a moment has none.
        assert!(said.is_none_or(|said| said == digest), "{address}: {said:?}");
    }
    match media_type.split(';').next().unwrap_or_default() {
        "application/problem+json" => {
            let problem = json(address, response);
            assert_eq!(problem["status"], status, "{address}");
            assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{address}");
        }
        "application/json" | "application/ld+json" | "application/vnd.citationstyles.csl+json" => {
            json(address, response);
        }
        "image/svg+xml" => drawn(address, response),
        "text/csv" => table(address, response),
        "text/html" => assert!(text(address, response).trim_start().starts_with("<!"), "{address}"),
        _ => {}
    }
}

fn words(response: &Description) -> String {
    String::from_utf8_lossy(&response.body).chars().take(500).collect()
}

fn text<'r>(address: &str, response: &'r Description) -> &'r str {
    std::str::from_utf8(&response.body).unwrap_or_else(|error| panic!("{address}: {error}"))
}

fn json(address: &str, response: &Description) -> serde_json::Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{address}: {error}"))
}

/// A table has rows of one width, as many as it says.
fn table(address: &str, response: &Description) {
    let text = text(address, response);
    // The form for Excel has a byte order mark, and perhaps semicolons.
    if text.starts_with('\u{feff}') {
        return;
    }
    let mut rows = 0_usize;
    for record in csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes()).records() {
        record.unwrap_or_else(|error| panic!("{address}: {error}"));
        rows += 1;
    }
    let said = response.header("chargesheet-rows");
    assert!(said.is_none_or(|said| said == rows.to_string()), "{address}: {rows} rows, not {said:?}");
}

/// A picture is well-formed, and has in it only what we draw with.
pub fn drawn(address: &str, response: &Description) {
    let text = text(address, response);
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{address}: {error}: {text}"));
    for node in document.descendants() {
        assert!(!node.is_pi() && !node.is_comment(), "{address}: {text}");
        if !node.is_element() {
            continue;
        }
        let name = node.tag_name();
        let is_told = node.ancestors().skip(1).any(|parent| parent.tag_name().name() == "metadata");
        let (namespaces, names): (&[&str], &[&str]) =
            if is_told { (&TOLD_IN, &TOLD) } else { (&["http://www.w3.org/2000/svg"], &DRAWN) };
        assert!(name.namespace().is_some_and(|space| namespaces.contains(&space)), "{address}: {text}");
        assert!(names.contains(&name.name()), "{address}: <{}>", name.name());
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{address}: {}", attribute.name());
            assert_ne!(attribute.name(), "href", "{address}");
        }
    }
}

/// The elements that pictures are made of.
const DRAWN: [&str; 14] = [
    "svg", "title", "desc", "defs", "g", "rect", "circle", "line", "path", "polyline", "polygon", "text",
    "tspan", "metadata",
];

/// The elements in which a picture tells programs what it shows, and their namespaces: RDF with Dublin Core.
const TOLD: [&str; 7] = ["RDF", "Description", "title", "source", "publisher", "date", "rights"];
const TOLD_IN: [&str; 2] =
    ["http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/dc/elements/1.1/"];

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, media_type: &str, body: &str) -> Description {
        let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        let headers = vec![
            header("content-type", media_type),
            header("x-content-type-options", "nosniff"),
            header("access-control-allow-origin", "*"),
            header("content-security-policy", "default-src 'none'"),
        ];
        Description { status, headers, body: body.as_bytes().to_vec(), broken: None }
    }

    fn is_held(response: Description) -> bool {
        std::panic::catch_unwind(|| hold("/", &response, &[200, 400])).is_ok()
    }

    #[test]
    fn what_breaks_a_promise_is_found() {
        let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        let right = [
            response(200, "image/svg+xml", &svg("<title>a &lt;b&gt;</title>")),
            response(200, "text/csv; charset=utf-8", "year,persons\n2020,4\n"),
            response(400, "application/problem+json", r#"{"status":400,"detail":"no such year"}"#),
        ];
        for response in right {
            assert!(is_held(response.clone()), "{response:?}");
        }
        let broken = Description { broken: Some("lost".to_owned()), ..response(200, "text/plain", "x") };
        let bare = Description { headers: Vec::new(), ..response(200, "text/plain", "x") };
        let wrong = [
            response(500, "text/plain", "x"),
            response(200, "image/svg+xml", &svg("<script/>")),
            response(200, "image/svg+xml", &svg("<metadata><script/></metadata>")),
            response(200, "image/svg+xml", &svg("<g onload=\"x\"/>")),
            response(200, "image/svg+xml", "<svg>"),
            response(200, "text/csv", "year,persons\n2020\n"),
            response(200, "application/json", "{"),
            response(400, "application/problem+json", r#"{"status":404,"detail":"x"}"#),
            broken,
            bare,
        ];
        for response in wrong {
            assert!(!is_held(response.clone()), "{response:?}");
        }
    }
}
