//! The rates of outcomes: how proceedings ended, in numbers, formulas and a sentence.

use serde::Serialize;

use super::note::Note;
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Entry, Language};
use crate::engine::Cell;
use crate::present::numbers::{decimal, number, percent, significant};
use crate::present::texts::{Texts, fill};
use crate::query::Query;
use crate::trend::{ACQUITTED, CONVICTED, ENDED, Missing, Outcomes, Rate, SMALL, UNKNOWN, outcomes};

/// How proceedings ended, over everything that a query keeps.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Rates {
    /// The rates: convicted, acquitted, ended without a verdict; each among those with a final outcome.
    pub rates: Vec<RateTold>,
    /// The year that the numbers are of, where they are published figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The number with any final outcome: the denominator of the rates.
    pub ended: u64,
    /// The number with an outcome that is not final; `null` where no source reports it.
    pub open: Option<u64>,
    /// The number whose outcome is not known.
    pub unknown: Option<u64>,
    /// The definitions: final outcomes, outcomes that are not convictions, and the way persons are counted.
    pub definitions: Vec<String>,
    /// All rates in words.
    pub sentence: String,
    /// The sentence on pages. It has every number, and says where and why the numbers do not add up. The data keep the other
    /// sentence, because pinned addresses have answered with it.
    #[serde(skip)]
    #[schema(ignore)]
    pub explained: String,
}

/// The rate of one way of ending.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RateTold {
    /// `convicted`, `acquitted` or `without-verdict`.
    pub code: &'static str,
    /// The name of the rate.
    pub label: String,
    /// The formula in words: which number is divided by which.
    pub formula: String,
    /// The part; `null` where no source reports it.
    pub numerator: Option<u64>,
    /// The whole.
    pub denominator: u64,
    /// The share of the part in the whole; `null` with a whole under ten.
    pub share: Option<f64>,
    /// Lower bound of the share's 95 % Wilson interval.
    pub low: Option<f64>,
    /// Upper bound of the share's 95 % Wilson interval.
    pub high: Option<f64>,
    /// The reason why there is no share.
    pub no_share: Option<Note>,
}

/// Describes how proceedings ended, or why there are no rates.
pub(super) fn tell(
    dataset: &Dataset,
    query: &Query,
    language: Language,
) -> Result<(Option<Rates>, Option<Note>), AnswerError> {
    let texts = Texts::of(language);
    let found = match outcomes(dataset, query)? {
        Ok(found) => found,
        Err(why) => return Ok((None, Some(Note::of("reason", why.name(), texts)))),
    };
    let list = dataset.release.lists().outcomes.entries();
    let labels = |wanted: &dyn Fn(&Entry) -> bool| -> String {
        let labels: Vec<&str> =
            list.iter().filter(|entry| wanted(entry)).map(|entry| entry.label.get(language)).collect();
        labels.join("; ")
    };
    let complete = dataset.release.complete_outcomes();
    // Of published figures, only outcomes that the dataset declares complete are counted.
    let is_counted = |entry: &Entry| match found.year {
        Some(_) => {
            dataset.release.number(Dimension::Outcome, &entry.code).is_some_and(|own| complete.contains(&own))
        }
        None => true,
    };
    let rate = |code: &'static str, codes: &[&str], own: Cell<Rate>| {
        let share = own.ok().and_then(|rate| rate.share);
        let is_among = |entry: &Entry| codes.contains(&entry.code.as_str()) && is_counted(entry);
        RateTold {
            code,
            label: texts.on_trend(&format!("rate_{code}")).to_owned(),
            formula: fill(texts.on_trend("formula"), &[("outcomes", &labels(&is_among))]),
            numerator: own.map(|rate| rate.numerator).ok(),
            denominator: found.ended,
            share: share.map(|share| significant(share.share)),
            low: share.map(|share| significant(share.low)),
            high: share.map(|share| significant(share.high)),
            no_share: (own.is_ok() && share.is_none())
                .then(|| Note::of("reason", Missing::Under10.name(), texts)),
        }
    };
    let is_open = |entry: &Entry| !entry.is_final && entry.code != UNKNOWN;
    let definition = |key: &str, outcomes: String| fill(texts.on_trend(key), &[("outcomes", &outcomes)]);
    let mut rates = Rates {
        rates: vec![
            rate("convicted", &CONVICTED, found.convicted),
            rate("acquitted", &ACQUITTED, found.acquitted),
            rate("without-verdict", &ENDED, found.without_verdict),
        ],
        year: found.year,
        ended: found.ended,
        open: found.open.ok(),
        unknown: found.unknown.ok(),
        definitions: vec![
            definition("final_outcomes", labels(&|entry| entry.is_final && is_counted(entry))),
            definition("open_outcomes", labels(&is_open)),
            texts.on_trend("suspended").to_owned(),
            texts.on_trend("anew").to_owned(),
        ],
        sentence: sentence(&found, query, Telling::Short, texts),
        explained: sentence(&found, query, Telling::Explained, texts),
    };
    if found.year.is_some() {
        // Nothing is said of open cases and of persons with several outcomes, for there are none.
        rates.definitions.truncate(1);
    }
    Ok((Some(rates), None))
}

/// The level of detail of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// The numbers that have a rate, and the number with an outcome that is not final.
    Short,
    /// Every number, and the reason where the numbers do not add up.
    Explained,
}

fn sentence(found: &Outcomes, query: &Query, telling: Telling, texts: &Texts) -> String {
    let is_explained = telling == Telling::Explained;
    let count = |count: Cell| match count {
        Ok(count) => number(count, texts),
        Err(gap) => texts.on_trend(gap.name()).to_owned(),
    };
    let rate = |rate: Cell<Rate>| {
        let counted = count(rate.map(|rate| rate.numerator));
        let Ok(rate) = rate else { return counted };
        let Some(share) = rate.share else { return counted };
        let values = [
            ("count", &*counted),
            ("percent", &percent(share.share, false, texts)),
            ("low", &decimal(share.low * 100.0, 1, texts)),
            ("high", &percent(share.high, false, texts)),
        ];
        fill(texts.on_trend("rate_share"), &values)
    };
    let parts =
        [found.convicted, found.acquitted, found.without_verdict].map(|rate| rate.map(|rate| rate.numerator));
    let together = |parts: &[Cell]| parts.iter().flatten().sum::<u64>();
    // A reader who adds up the numbers of the sentence is told why the sum differs from the whole.
    let overlap = |key: &str, sum: u64, whole: Cell| {
        let Some(whole) = whole.ok().filter(|whole| is_explained && sum > *whole) else {
            return String::new();
        };
        let [sum, whole, ended] = [sum, whole, found.ended].map(|count| number(count, texts));
        fill(texts.on_trend(key), &[("sum", &sum), ("whole", &whole), ("ended", &ended)])
    };
    let of_ended = together(&parts) + found.other.unwrap_or_default();
    let of_all = found.ended + together(&[found.open, found.unknown]);
    let other = found.other.ok().filter(|other| is_explained && *other > 0);
    let values = [
        ("year", &*found.year.map_or(String::new(), |year| year.to_string())),
        ("measure", &*texts.measure(query.measures[0]).to_lowercase()),
        ("ended", &number(found.ended, texts)),
        ("convicted", &rate(found.convicted)),
        ("acquitted", &rate(found.acquitted)),
        ("without_verdict", &rate(found.without_verdict)),
        (
            "other",
            &other.map_or(String::new(), |other| {
                fill(texts.on_trend("rates_other"), &[("other", &number(other, texts))])
            }),
        ),
        ("overlap", &overlap("rates_overlap", of_ended, Ok(found.ended))),
        ("open", &count(found.open)),
        ("unknown", &count(found.unknown)),
        ("overlap_all", &overlap("rates_overlap_all", of_all, found.all)),
    ];
    let told = match found.year {
        // Nothing is reported of what is open, and nothing overlaps.
        Some(_) => fill(texts.on_trend("rates_of_year"), &values),
        None => fill(texts.on_trend("rates"), &values),
    };
    if found.ended < SMALL { format!("{told} {}", texts.on_trend("rates_small")) } else { told }
}
