//! A citation as CSL-JSON 1.0, which Zotero, Pandoc and every CSL processor read.

use serde::Serialize;

use super::{Citation, PUBLISHER};

/// An item, with the variables of CSL 1.0.2 that it has. There is no `accessed`: the day of access is the reader's.
#[derive(Debug, Serialize)]
struct Item<'a> {
    id: &'a str,
    r#type: &'static str,
    title: &'a str,
    author: Vec<Name<'a>>,
    issued: Issued,
    #[serde(rename = "container-title")]
    dataset: &'a str,
    publisher: &'static str,
    version: &'a str,
    /// The release: what the dataset's publisher counts as `version` is not enough to find it.
    number: &'a str,
    #[serde(rename = "URL")]
    url: &'a str,
    note: String,
    language: &'static str,
}

/// An organisation.
#[derive(Debug, Serialize)]
struct Name<'a> {
    literal: &'a str,
}

#[derive(Debug, Serialize)]
struct Issued {
    #[serde(rename = "date-parts")]
    parts: [[u16; 3]; 1],
}

/// Returns a list of one item.
pub fn items(citation: &Citation) -> Vec<u8> {
    let item = Item {
        id: &citation.key,
        r#type: "dataset",
        title: &citation.title,
        author: citation.authors.iter().map(|name| Name { literal: name }).collect(),
        issued: Issued { parts: [citation.day()] },
        dataset: &citation.dataset,
        publisher: PUBLISHER,
        version: &citation.version,
        number: &citation.release,
        url: &citation.url,
        note: citation.notes().join(". "),
        language: citation.language.code(),
    };
    serde_json::to_vec(&[item]).expect("an item has only strings and numbers")
}
