//! `trend.json`: the change of series over time, in numbers and in a sentence that claims no more than the test shows.

mod context;
mod limits;
mod note;
mod one;
mod rates;

use serde::Serialize;

use context::Context;

use super::texts::Texts;
use super::within;
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Language};
use crate::ingest::Records;
use crate::query::{Cause, Deadline, Query, value};
use crate::release::Release;
use crate::trend::{Series, series, undated};

pub use note::{Key, Limit, Named, Note};
pub use one::{Change, Direction, SeriesTrend, SlopeTold, Test, YearFigure};
pub use rates::{RateTold, Rates};

/// The trends of an answer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Trend {
    /// The dataset's id.
    pub dataset: String,
    /// The id of the release that the answer was made from.
    pub release: String,
    /// The pinned address of this answer, relative to the service. Its content never changes.
    pub url: String,
    /// The query in its canonical spelling.
    pub query: String,
    /// The language of the texts.
    pub language: String,
    /// The measure that is counted.
    pub measure: Named,
    /// The trend of each group, in display order.
    pub series: Vec<SeriesTrend>,
    /// The rates of outcomes over everything that the query keeps; `null` where there are none.
    pub rates: Option<Rates>,
    /// The reason why there are no rates.
    pub no_rates: Option<Note>,
    /// The limits that concern all series.
    pub limits: Vec<Note>,
    /// The statistical methods, with their sources.
    pub method: Vec<String>,
}

/// Most series in one answer. Each takes a kilobyte or more.
const MOST_SERIES: usize = 10_000;

/// The methods of trends, as keys into the texts.
const METHODS: [&str; 5] =
    ["method_change", "method_test", "method_slope", "method_independent", "method_rates"];

/// Returns the trends of a question's answer, in a language. Only the first measure counts; shares and label columns change
/// nothing.
///
/// # Errors
/// When the question is not grouped by year, or is grouped by month; or as [`Dataset::ask`].
pub fn trend(dataset: &Dataset, query: &Query, language: Language) -> Result<Trend, AnswerError> {
    let release = &dataset.release;
    let mut query = Query { share: None, labels: None, ..query.clone() };
    query.measures.truncate(1);
    check(&query)?;
    let texts = Texts::of(language);
    let published = dataset.ask(&query)?;
    let mut all = series(&query, &published);
    within(&query, (all.len(), "series"), "trends are told of at most", MOST_SERIES)?;
    let context = Context { query: &query, release, texts, language };
    context.sort(&mut all);
    let undated = undated(dataset, &query, &published)?;
    let tell = |series: &Series| {
        // The test compares every pair of years, so each series checks the deadline.
        Deadline::current().keep();
        context.tell(series, undated.get(&series.keys).copied())
    };
    let told: Vec<SeriesTrend> = all.iter().map(tell).collect();
    let (rates, no_rates) = rates::tell(dataset, &query, language)?;
    let canonical = query.canonical(release);
    let measure = query.measures[0];
    Ok(Trend {
        dataset: release.dataset().to_owned(),
        release: release.id().to_string(),
        url: format!("/v1/datasets/{}/releases/{}/trend.json?{canonical}", release.dataset(), release.id()),
        query: canonical,
        language: language.code().to_owned(),
        measure: Named { code: measure.name().to_owned(), label: texts.measure(measure).to_owned() },
        limits: limits_of_all(&told, release, texts),
        series: told,
        rates,
        no_rates,
        method: METHODS.iter().map(|key| texts.on_trend(key).to_owned()).collect(),
    })
}

fn check(query: &Query) -> Result<(), AnswerError> {
    let by: Vec<&str> = query.by.iter().map(|dimension| dimension.name()).collect();
    let refuse = |problem: &str, expected: &[&str]| {
        let refused = value("by", &by.join(","), problem.to_owned(), expected);
        Err(AnswerError::Refused(refused.because(Cause::NeedsYears)))
    };
    if query.by.contains(&Dimension::Month) {
        let why = "trends are found over years: months of a year differ by season, which this test takes for change; \
                   group by `year`";
        return refuse(why, &["year"]);
    }
    if !query.by.contains(&Dimension::Year) {
        return refuse("a trend is one over years; add `year`", &["year"]);
    }
    Ok(())
}

/// Returns the limits that concern all series together.
fn limits_of_all(told: &[SeriesTrend], release: &Release, texts: &Texts) -> Vec<Note> {
    let tested = told.iter().filter(|series| series.test.is_some()).count();
    let is_documented = matches!(release.records(), Records::Charges(_));
    let limits = [
        (told.is_empty(), Limit::NothingRecorded),
        (tested > 1, Limit::SeveralSeries),
        (is_documented, Limit::DocumentedOnly),
    ];
    let limits = limits.into_iter().filter(|(is_so, _)| *is_so);
    limits.map(|(_, own)| Note::limit(own, texts, Vec::new(), &[("count", &tested.to_string())])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::{Incomparable, Missing, NoRates};

    /// Returns the key of every text for a code that an answer may have: the prefix and the code.
    fn keys() -> Vec<String> {
        let limits = Limit::NAMES.iter().map(|limit| format!("limit_{limit}"));
        let reasons = Missing::NAMES.iter().chain(&NoRates::NAMES).map(|code| format!("reason_{code}"));
        let apart = Incomparable::NAMES.iter().map(|reason| format!("apart_{reason}"));
        limits.chain(reasons).chain(apart).collect()
    }

    #[test]
    fn every_code_has_a_sentence_in_every_language() {
        for language in Language::all() {
            let texts = Texts::of(language);
            for key in keys() {
                assert_ne!(texts.on_trend(&key), key, "{language}");
            }
        }
    }

    #[test]
    fn every_sentence_on_a_code_belongs_to_one_that_there_is() {
        let keys: Vec<String> = keys().iter().map(|key| key.replace('-', "_")).collect();
        let written = Texts::of(Language::ENGLISH).trend.0.keys();
        let of_codes =
            written.filter(|key| ["limit_", "reason_", "apart_"].iter().any(|start| key.starts_with(start)));
        for key in of_codes {
            assert!(keys.contains(key), "{key}");
        }
    }

    #[test]
    fn no_sentence_says_more_than_a_test_can() {
        let forbidden = [
            "significant",
            "proves",
            "there is no trend",
            "значим",
            "доказыва",
            "тренда нет,",
            "маңызды",
            "дәлелде",
        ];
        for language in Language::all() {
            for key in ["rise", "fall", "unfound", "few", "span", "span_percent", "movers"] {
                let text = Texts::of(language).on_trend(key).to_lowercase();
                assert!(forbidden.iter().all(|word| !text.contains(word)), "{language} {key}: {text}");
            }
        }
    }
}
