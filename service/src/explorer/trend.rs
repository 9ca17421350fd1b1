//! The section on changes over time on a statute's page: sentences, then the method and the limits.

use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Language};
use crate::present::trend::{SeriesTrend, Trend, trend};
use crate::query::Params;

/// Most series described in sentences; the data have all of them.
const TOLD: usize = 4;

/// The section on changes over time.
pub struct Shown {
    pub sentences: Vec<String>,
    /// The sentence on the rates of outcomes; empty where there are none.
    pub rates: String,
    /// The limits of the numbers, each with its series.
    pub limits: Vec<String>,
    pub method: Vec<String>,
    /// Address of the trends as data.
    pub address: String,
}

/// Returns the section for the query of an answer; `None` when there is nothing to say.
///
/// # Errors
/// On a bug.
pub fn shown(
    dataset: &Dataset,
    query: &str,
    address: String,
    language: Language,
) -> Result<Option<Shown>, AnswerError> {
    let query = Params::parse(query)?.take_query(&dataset.release)?;
    if !query.by.contains(&Dimension::Year) || query.by.contains(&Dimension::Month) {
        return Ok(None);
    }
    let Trend { series, rates, limits, method, .. } = trend(dataset, &query, language)?;
    let can_be_told = |series: &&SeriesTrend| series.change.is_some();
    let mut told: Vec<&SeriesTrend> = series.iter().filter(can_be_told).collect();
    // The series with most compared years are chosen, and keep the order of the chart.
    let mut longest: Vec<usize> = (0..told.len()).collect();
    longest.sort_by_key(|&place| std::cmp::Reverse(used(told[place])));
    longest.truncate(TOLD);
    longest.sort_unstable();
    told = longest.into_iter().map(|place| told[place]).collect();
    let ended = rates.as_ref().map_or(String::new(), |rates| rates.explained.clone());
    if told.is_empty() && ended.is_empty() {
        return Ok(None);
    }
    let of_series = told
        .iter()
        .flat_map(|series| series.limits.iter().map(move |limit| format!("{}: {}", series.name, limit.text)));
    let formulas = rates.iter().flat_map(|rates| {
        let formulas = rates.rates.iter().map(|rate| format!("{}: {}", rate.label, rate.formula));
        formulas.chain(rates.definitions.iter().cloned())
    });
    Ok(Some(Shown {
        sentences: told.iter().map(|series| series.sentence.clone()).collect(),
        rates: ended,
        limits: of_series.chain(limits.into_iter().map(|limit| limit.text)).collect(),
        method: method.into_iter().chain(formulas).collect(),
        address,
    }))
}

/// Returns how many years of a series are compared.
fn used(series: &SeriesTrend) -> usize {
    series.figures.iter().filter(|figure| figure.unused.is_none()).count()
}
