//! Titles: a line such as `v1/datasets/documented-cases/chart.svg?by=year&width=500`, and behind it a title in any bytes.

use std::sync::LazyLock;

use super::promises::hold;
use super::service::{LINE_BYTES, Service};
use super::text::{split_line, target, value};

static SERVICE: LazyLock<Service> = LazyLock::new(|| Service::of(None, 0));

/// An element that is none of ours: where it comes out of a title as markup, a title can bring markup.
const MARKUP: &str = "\"'--><canary-element onload=x>]]>&#0;&canary;";

/// A title is drawn as it is, or refused; it is markup nowhere.
pub fn run(bytes: &[u8]) {
    let (line, title) = split_line(bytes);
    let joint = if line.contains('?') { '&' } else { '?' };
    for end in ["", MARKUP] {
        let title = [title, end.as_bytes()].concat();
        let address = format!("/{}{joint}title={}", target(line.as_bytes()), value(&title));
        if address.len() > LINE_BYTES {
            return;
        }
        let Some(response) = SERVICE.get(&address) else { return };
        hold(&address, &response, &[200, 308, 400, 404]);
        let media_type = response.header("content-type").unwrap_or_default();
        if media_type.starts_with("text/html") || media_type.starts_with("image/svg+xml") {
            let body = String::from_utf8_lossy(&response.body);
            assert!(!body.contains("<canary-element"), "{address}: {body}");
        }
        let Ok(title) = std::str::from_utf8(&title) else { continue };
        if response.status == 200 && media_type.starts_with("image/svg+xml") && is_plain(&line, title) {
            named(&address, &response.body, title);
        }
    }
}

/// Whether the title is the only one, and of letters that XML has (1.0, 2.2) and changes nothing of.
fn is_plain(line: &str, title: &str) -> bool {
    let is_own = |letter: char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    !line.contains("title") && !line.contains('%') && !title.trim().is_empty() && title.chars().all(is_own)
}

/// A picture says its title to those who hear it, letter by letter as it was given.
fn named(address: &str, body: &[u8], title: &str) {
    let text = String::from_utf8_lossy(body);
    let document = roxmltree::Document::parse(&text).expect("it was parsed before");
    let found = document.descendants().any(|node| {
        let said = node.text().unwrap_or_default();
        node.has_tag_name(("http://www.w3.org/2000/svg", "title")) && said.contains(title.trim())
    });
    assert!(found, "{address}: the title is not in {text}");
}
