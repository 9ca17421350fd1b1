//! The one spelling of what a file is asked: two addresses with the same one have the same bytes.

use super::{Asked, File};
use crate::query::{Params, escape};

/// Files that read the question as [`Params::take_query`] does and show nothing of how it was spelled: defaults that are
/// left out are the same as defaults that are told.
const CANONICAL: [&str; 15] = [
    "aggregate.csv",
    "aggregate.json",
    "aggregate.parquet",
    "aggregate.xlsx",
    "aggregate.zip",
    "chart.png",
    "chart.svg",
    "citation.bib",
    "citation.json",
    "citation.ris",
    "citation.txt",
    "evidence.csv",
    "facets.json",
    "newer.json",
    "trend.json",
];

/// Returns what is asked, of which release; `None` where it cannot be read: the file itself says why not.
///
/// `generation` is the state of things, for files that are not the same for ever.
pub fn question(file: &File, asked: &Asked, generation: u64) -> Option<String> {
    let release = &asked.dataset.release;
    let mut params = Params::parse(&asked.query).ok()?;
    let mut text = format!("{}/{}/{}", release.dataset(), release.id(), file.name);
    if !file.lasts {
        text.push_str(&format!("@{generation}"));
    }
    if file.name == "aggregate.csv-metadata.json" {
        // It names the query as it was spelled.
        return Some(format!("{text}?{}", asked.query));
    }
    if CANONICAL.contains(&file.name) {
        text.push('?');
        text.push_str(&params.take_query(release).ok()?.canonical(release));
    }
    for (name, value) in params.pairs() {
        text.push_str(&format!("&{}={}", escape(name), escape(value)));
    }
    Some(text)
}
