//! An answer as CSV: tidy, plain, and inert in a spreadsheet.

use super::{Month, rate, rounded};
use crate::disclosure::Published;
use crate::domain::{Dimension, inert};
use crate::query::Query;
use crate::release::Release;

/// Writes an answer as CSV: UTF-8 without byte order mark, comma, `\n`, quotes as in RFC 4180.
///
/// Columns: the dimensions as codes (each followed by its label where labels were asked for), the
/// measures, shares, and for a reported dataset status and source ids. An empty cell is not known or not
/// reported, never zero.
pub fn csv(query: &Query, release: &Release, answer: &Published) -> Vec<u8> {
    let mut out = Vec::new();
    line(&mut out, header(query, answer, release).iter().map(String::as_str));
    for row in 0..answer.rows() {
        line(&mut out, cells(query, release, answer, row).iter().map(String::as_str));
    }
    out
}

fn header(query: &Query, _answer: &Published, release: &Release) -> Vec<String> {
    let mut names = Vec::new();
    for &dimension in &query.by {
        names.push(dimension.name().to_owned());
        if query.labels.is_some() && !dimension.is_time() {
            names.push(format!("{dimension}_label"));
        }
    }
    names.extend(query.measures.iter().map(|measure| measure.name().to_owned()));
    if query.share.is_some() {
        names.extend(["share", "share_low", "share_high"].map(str::to_owned));
    }
    names.extend(rate::names(query));
    if matches!(release.records(), crate::ingest::Records::Figures { .. }) {
        names.extend(["status", "sources"].map(str::to_owned));
    }
    names
}

fn cells(query: &Query, release: &Release, answer: &Published, row: usize) -> Vec<String> {
    let mut cells = Vec::new();
    for (column, &dimension) in query.by.iter().enumerate() {
        let key = answer.key(column, row);
        cells.push(key_text(dimension, key, release));
        if let Some(language) = query.labels
            && !dimension.is_time()
        {
            let number = key.and_then(|key| u32::try_from(key).ok());
            cells.push(number.map_or(String::new(), |number| {
                inert(release.label(dimension, number, language)).into_owned()
            }));
        }
    }
    for measure in 0..query.measures.len() {
        cells.push(answer.value(measure, row).map_or(String::new(), |value| value.to_string()));
    }
    if query.share.is_some() {
        let interval = answer.share(row);
        for bound in [interval.map(|i| i.share), interval.map(|i| i.low), interval.map(|i| i.high)] {
            cells.push(bound.map_or(String::new(), |bound| rounded(bound).to_string()));
        }
    }
    let bounds = rate::values(query, answer, row).into_iter();
    cells.extend(bounds.map(|bound| bound.map_or(String::new(), |bound| bound.to_string())));
    if let Some(evidence) = answer.evidence(row) {
        cells.push(evidence.status.code().to_owned());
        let ids: Vec<&str> =
            evidence.sources.iter().map(|&source| release.code(Dimension::Source, source.into())).collect();
        cells.push(inert(&ids.join(" ")).into_owned());
    }
    cells
}

/// Returns a key as it stands in a CSV cell.
pub(super) fn key_text(dimension: Dimension, key: Option<i32>, release: &Release) -> String {
    match (dimension, key) {
        (_, None) => String::new(),
        (Dimension::Year, Some(year)) => year.to_string(),
        (Dimension::Month, Some(month)) => Month(month).to_string(),
        (_, Some(number)) => u32::try_from(number)
            .map_or(String::new(), |number| inert(release.code(dimension, number)).into_owned()),
    }
}

/// Writes one line, with quotes only where RFC 4180 asks for them.
pub(super) fn line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push(b'"');
            out.extend(cell.replace('"', "\"\"").bytes());
            out.push(b'"');
        } else {
            out.extend(cell.bytes());
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_only_where_they_must() {
        let mut out = Vec::new();
        line(&mut out, ["a", "b,c", "d\"e", "f\ng", ""].into_iter());
        assert_eq!(String::from_utf8(out).unwrap(), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
    }
}
