//! `aggregate.csv-metadata.json`: what the CSV of the same query is, as the W3C has programs find and read it.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::csvw;
use crate::query::Params;

/// Describes the CSV.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let query = params.take_query(&dataset.release)?;
    params.finish(&[])?;
    let published = dataset.ask(&query)?;
    // A description that does not name the address that was asked must be ignored ("Model for Tabular Data and Metadata
    // on the Web", 5.2), so it names the query as it was spelled.
    let url = if asked.query.is_empty() { CSV.to_owned() } else { format!("{CSV}?{}", asked.query) };
    Ok(csvw::json(dataset, &query, &published, &url, &asked.base)?.into())
}

const CSV: &str = "aggregate.csv";

/// Returns the value of the header `Link` that leads from a CSV to its description; `None` where there is none, as for
/// the CSV that is made for Excel, or where the query cannot stand in a header.
pub fn link(query: &str) -> Option<String> {
    let described =
        !query.split('&').any(|pair| pair.starts_with("excel=") || pair.starts_with("separator="));
    let plain = query.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte));
    let mark = if query.is_empty() { "" } else { "?" };
    (described && plain).then(|| {
        format!("<{CSV}-metadata.json{mark}{query}>; rel=\"describedby\"; type=\"application/csvm+json\"")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_description_of_the_same_query_and_never_breaks_a_header() {
        let header = link("by=year&statute=KAZ-CC-274").unwrap();
        assert!(
            header
                .starts_with("<aggregate.csv-metadata.json?by=year&statute=KAZ-CC-274>; rel=\"describedby\"")
        );
        assert!(link("").unwrap().starts_with("<aggregate.csv-metadata.json>;"));
        assert_eq!((link("region=a>b"), link("by=year&excel=1")), (None, None));
    }
}
