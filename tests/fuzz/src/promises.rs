//! What holds for every answer, whatever was asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chargesheet::http::Reaction;
use roxmltree::Document;
use sha2::{Digest as _, Sha256};

/// Holds an answer to GET against what it says of itself. It is one of these statuses.
pub fn hold(address: &str, reaction: &Reaction, statuses: &[u16]) {
    let status = reaction.status;
    assert!(statuses.contains(&status), "{status} for {address}: {}", words(reaction));
    assert_eq!(reaction.broken, None, "{address}");
    if let Some(length) = reaction.header("content-length") {
        assert_eq!(length, reaction.body.len().to_string(), "{address}");
    }
    for (name, value) in [("x-content-type-options", "nosniff"), ("access-control-allow-origin", "*")] {
        assert_eq!(reaction.header(name), Some(value), "{address}");
    }
    let policy = reaction.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'"), "{address}: {policy}");
    let media_type = reaction.header("content-type").unwrap_or_default();
    if status == 200 {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&reaction.body)));
        let said = reaction.header("repr-digest");
        // What tells of a moment has none.
        assert!(said.is_none_or(|said| said == digest), "{address}: {said:?}");
    }
    match media_type.split(';').next().unwrap_or_default() {
        "application/problem+json" => {
            let problem = json(address, reaction);
            assert_eq!(problem["status"], status, "{address}");
            assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{address}");
        }
        "application/json" | "application/ld+json" | "application/vnd.citationstyles.csl+json" => {
            json(address, reaction);
        }
        "image/svg+xml" => drawn(address, reaction),
        "text/csv" => table(address, reaction),
        "text/html" => assert!(text(address, reaction).trim_start().starts_with("<!"), "{address}"),
        _ => {}
    }
}

fn words(reaction: &Reaction) -> String {
    String::from_utf8_lossy(&reaction.body).chars().take(500).collect()
}

fn text<'r>(address: &str, reaction: &'r Reaction) -> &'r str {
    std::str::from_utf8(&reaction.body).unwrap_or_else(|error| panic!("{address}: {error}"))
}

fn json(address: &str, reaction: &Reaction) -> serde_json::Value {
    serde_json::from_slice(&reaction.body).unwrap_or_else(|error| panic!("{address}: {error}"))
}

/// A table has rows of one width, as many as it says.
fn table(address: &str, reaction: &Reaction) {
    let text = text(address, reaction);
    // The form for Excel has a byte order mark, and perhaps semicolons.
    if text.starts_with('\u{feff}') {
        return;
    }
    let mut rows = 0_usize;
    for record in csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes()).records() {
        record.unwrap_or_else(|error| panic!("{address}: {error}"));
        rows += 1;
    }
    let said = reaction.header("chargesheet-rows");
    assert!(said.is_none_or(|said| said == rows.to_string()), "{address}: {rows} rows, not {said:?}");
}

/// A picture is well-formed, and has in it only what we draw with.
pub fn drawn(address: &str, reaction: &Reaction) {
    let text = text(address, reaction);
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{address}: {error}: {text}"));
    for node in document.descendants() {
        assert!(!node.is_pi() && !node.is_comment(), "{address}: {text}");
        if !node.is_element() {
            continue;
        }
        let name = node.tag_name();
        assert_eq!(name.namespace(), Some("http://www.w3.org/2000/svg"), "{address}");
        assert!(ELEMENTS.contains(&name.name()), "{address}: <{}>", name.name());
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{address}: {}", attribute.name());
            assert_ne!(attribute.name(), "href", "{address}");
        }
    }
}

/// The elements that pictures are made of.
const ELEMENTS: [&str; 13] = [
    "svg", "title", "desc", "defs", "g", "rect", "circle", "line", "path", "polyline", "polygon", "text",
    "tspan",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn reaction(status: u16, media_type: &str, body: &str) -> Reaction {
        let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        let headers = vec![
            header("content-type", media_type),
            header("x-content-type-options", "nosniff"),
            header("access-control-allow-origin", "*"),
            header("content-security-policy", "default-src 'none'"),
        ];
        Reaction { status, headers, body: body.as_bytes().to_vec(), broken: None }
    }

    fn is_held(reaction: Reaction) -> bool {
        std::panic::catch_unwind(|| hold("/", &reaction, &[200, 400])).is_ok()
    }

    #[test]
    fn what_breaks_a_promise_is_found() {
        let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        let right = [
            reaction(200, "image/svg+xml", &svg("<title>a &lt;b&gt;</title>")),
            reaction(200, "text/csv; charset=utf-8", "year,persons\n2020,4\n"),
            reaction(400, "application/problem+json", r#"{"status":400,"detail":"no such year"}"#),
        ];
        for reaction in right {
            assert!(is_held(reaction.clone()), "{reaction:?}");
        }
        let broken = Reaction { broken: Some("lost".to_owned()), ..reaction(200, "text/plain", "x") };
        let bare = Reaction { headers: Vec::new(), ..reaction(200, "text/plain", "x") };
        let wrong = [
            reaction(500, "text/plain", "x"),
            reaction(200, "image/svg+xml", &svg("<script/>")),
            reaction(200, "image/svg+xml", &svg("<g onload=\"x\"/>")),
            reaction(200, "image/svg+xml", "<svg>"),
            reaction(200, "text/csv", "year,persons\n2020\n"),
            reaction(200, "application/json", "{"),
            reaction(400, "application/problem+json", r#"{"status":404,"detail":"x"}"#),
            broken,
            bare,
        ];
        for reaction in wrong {
            assert!(!is_held(reaction.clone()), "{reaction:?}");
        }
    }
}
