//! An example question for a dataset, chosen so that the answer has much to show.

use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::query::{Params, Query, escape};

/// The grouping of an example.
const GROUPED: &str = "year,outcome";

/// Returns the statute with most rows in a dataset, among the statutes whose figures it shows by year and outcome; `None`
/// where it has none.
pub fn statute<'c>(catalog: &'c Catalog, dataset: &Dataset) -> Option<&'c str> {
    let id = dataset.release.dataset();
    let mut candidates: Vec<(u64, &str)> = catalog
        .statutes()
        .into_iter()
        .filter_map(|statute| {
            let own = catalog.coverage(&statute.id).iter().find(|coverage| coverage.dataset == id)?;
            Some((own.rows, statute.id.as_str()))
        })
        .collect();
    // The statute with most rows comes first; among equals, byte order decides.
    candidates.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
    candidates.into_iter().map(|(_, statute)| statute).find(|statute| {
        let answered = read(dataset, statute).and_then(|query| dataset.ask(&query).ok());
        answered.is_some_and(|answer| answer.rows() > 0)
    })
}

/// Returns the query string of a question that the dataset answers, without `?`.
pub fn query(catalog: &Catalog, dataset: &Dataset) -> String {
    match statute(catalog, dataset) {
        Some(statute) => text(statute),
        // Grouped by every dimension, no figures are summed, so the question is never refused.
        None => {
            let names: Vec<&str> =
                dataset.release.dimensions().iter().map(|dimension| dimension.name()).collect();
            format!("by={}", names.join(","))
        }
    }
}

fn text(statute: &str) -> String {
    format!("by={GROUPED}&statute={}", escape(statute))
}

fn read(dataset: &Dataset, statute: &str) -> Option<Query> {
    Params::parse(&text(statute)).ok()?.take_query(&dataset.release).ok()
}
