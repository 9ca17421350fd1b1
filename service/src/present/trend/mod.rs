//! `trend.json`: what series say over time, in numbers and in a sentence that says no more than the test does.

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
use crate::query::{Deadline, Query, value};
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
    /// The release that it was made from.
    pub release: String,
    /// The pinned address of this very answer, relative to the service.
    pub url: String,
    /// The query in its canonical spelling.
    pub query: String,
    /// The language of the texts.
    pub language: String,
    /// What is counted.
    pub measure: Named,
    /// One for each group, in display order.
    pub series: Vec<SeriesTrend>,
    /// How it ended, over everything that the query keeps.
    pub rates: Option<Rates>,
    /// Why there are no rates.
    pub no_rates: Option<Note>,
    /// What limits all of it.
    pub limits: Vec<Note>,
    /// The methods, with their sources.
    pub method: Vec<String>,
}

/// Most series whose trends are told, each in a kilobyte or more.
const MOST_SERIES: usize = 10_000;

/// The methods of trends, as keys of texts.
const METHODS: [&str; 5] =
    ["method_change", "method_test", "method_slope", "method_independent", "method_rates"];

/// Returns the trends of what a question asks, in a language. Only its first measure is looked at; shares and label columns
/// change nothing.
///
/// # Errors
/// When the question is not grouped by year, or is by month; or as [`Dataset::ask`].
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
        // Every pair of years is compared.
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
        Err(AnswerError::Refused(value("by", &by.join(","), problem.to_owned(), expected)))
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

/// What limits all series together.
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

/// Returns trends as JSON text.
pub fn json(trend: &Trend) -> Vec<u8> {
    serde_json::to_vec(trend).expect("trends have only strings, finite numbers and lists")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::{Incomparable, Missing, NoRates};

    /// Every code that an answer may have, with what stands before it in the keys of texts.
    fn keys() -> Vec<String> {
        let limits = Limit::ALL.iter().map(|limit| format!("limit_{}", limit.code()));
        let missing = Missing::ALL.map(Missing::code).into_iter();
        let reasons = missing.chain(NoRates::ALL.map(NoRates::code)).map(|code| format!("reason_{code}"));
        let apart = Incomparable::ALL.iter().map(|reason| format!("apart_{}", reason.code()));
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
