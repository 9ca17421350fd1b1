//! The name under which a reader saves a file. It says what the file holds, and the day of its release:
//! `chargesheet_IND-IPC-124A_cases_by-year_2026-11-26.csv`.

use crate::domain::parameters::{Group, names};
use crate::query::{Params, Query};
use crate::release::Release;

/// Most codes of a dimension that stand in a name. More are counted.
const MOST_CODES: usize = 3;

/// Longest code that stands in a name, in bytes.
const LONGEST_CODE: usize = 40;

/// Returns the name of a file of a dataset for a query. `own` is the name of the file in its address.
pub fn name(own: &str, parameters: &[Group], release: &Release, query: &str) -> String {
    let (stem, ending) = own.split_once('.').unwrap_or((own, ""));
    let mut parts = vec!["chargesheet".to_owned()];
    let asks = names(parameters).contains(&"by") && !(stem == "codebook" && query.is_empty());
    match asks.then(|| question(release, query)).flatten() {
        Some(question) => parts.extend(question),
        None => parts.push(release.dataset().to_owned()),
    }
    if stem != "aggregate" {
        parts.push(stem.to_owned());
    }
    named(parts, release.id().as_str(), ending)
}

/// Returns the name of a comparison of two releases of a dataset.
pub fn comparison(dataset: &str, [from, to]: [&str; 2], ending: &str) -> String {
    named(vec!["chargesheet".to_owned(), dataset.to_owned(), "changes".to_owned(), day(from)], to, ending)
}

fn named(mut parts: Vec<String>, release: &str, ending: &str) -> String {
    parts.push(day(release));
    format!("{}.{ending}", parts.join("_"))
}

/// Returns the day of a release, with which its id begins.
fn day(release: &str) -> String {
    release.get(..10).unwrap_or(release).to_owned()
}

/// Returns what a query asks, in words for a name. `None` if it cannot be read; the answer then says why.
fn question(release: &Release, query: &str) -> Option<Vec<String>> {
    let mut params = Params::parse(query).ok()?;
    let Query { by, keep, lineage, from, to, measures, share, rate, labels } =
        params.take_query(release).ok()?;
    let mut parts = Vec::new();
    for (dimension, numbers) in &keep {
        let codes: Vec<&str> = numbers.iter().map(|&number| release.code(*dimension, number)).collect();
        let fits = codes.len() <= MOST_CODES && codes.iter().all(|code| is_plain(code));
        parts.push(if fits { codes.join("+") } else { format!("{}-{dimension}", codes.len()) });
    }
    if parts.is_empty() {
        parts.push(release.dataset().to_owned());
    }
    if lineage {
        parts.push("lineage".to_owned());
    }
    parts.push(measures.iter().map(|measure| measure.name()).collect::<Vec<_>>().join("-"));
    let mut said = |name: &str| params.take(name).filter(|value| is_plain(value));
    let by = by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join("-");
    let (before, after) = (said("before"), said("after"));
    parts.push(match (before, after, said("of")) {
        (Some(before), Some(after), _) => format!("{before}-to-{after}"),
        (_, _, Some(of)) => format!("of-{of}"),
        _ if by.is_empty() => "total".to_owned(),
        _ => format!("by-{by}"),
    });
    match (from, to) {
        (Some(from), Some(to)) => parts.push(format!("{from}-to-{to}")),
        (Some(from), None) => parts.push(format!("from-{from}")),
        (None, Some(to)) => parts.push(format!("to-{to}")),
        (None, None) => {}
    }
    parts.extend(share.map(|share| format!("share-{share}")));
    parts.extend(rate.then(|| "rate".to_owned()));
    parts.extend(labels.map(|labels| labels.to_string()).or_else(|| said("lang")));
    parts.extend(said("type"));
    parts.extend(said("excel").map(|_| "excel".to_owned()));
    Some(parts)
}

/// Whether a text can stand in a name on every file system, and in a quoted header.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_CODE && text.bytes().all(is_plain)
}
