//! The description of a chart in words, for screen readers and for readers without pictures.

use std::collections::BTreeMap;

use super::keys::{self, period};
use super::numbers::number;
use super::texts::{Texts, fill};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::query::Query;
use crate::release::Release;

/// Returns the column and the dimension of the chart's axis.
pub fn axis(query: &Query) -> Option<(usize, Dimension)> {
    let place = query.axis();
    query.by.get(place).map(|&dimension| (place, dimension))
}

/// Most groups that the text describes one by one.
const TOLD_GROUPS: usize = 12;

/// A series of a chart. `named_by` is the row and the measure that give its name; `values` are in time order.
#[derive(Default)]
struct Series {
    named_by: (usize, usize),
    values: Vec<(Option<i32>, u64)>,
}

/// Returns the text of a chart, series by series or group by group.
pub fn alt(
    query: &Query,
    release: &Release,
    published: &Published,
    texts: &Texts,
    language: Language,
) -> String {
    let time = axis(query).filter(|(_, dimension)| dimension.is_time());
    let is_told = |column: usize| time.is_none_or(|(axis, _)| axis != column);
    // Series in display order, each with its periods in time order.
    let mut series: BTreeMap<Vec<usize>, Series> = BTreeMap::new();
    for row in published.each_row() {
        for measure in 0..query.measures.len() {
            let Ok(value) = published.cell(measure, row) else {
                continue;
            };
            let own = query.by.iter().enumerate().filter(|(column, _)| is_told(*column));
            let mut order: Vec<usize> = own
                .map(|(column, &dimension)| match keys::number(published.key(column, row)) {
                    Some(number) if !dimension.is_time() => release.place(dimension, number),
                    Some(number) => number as usize,
                    None => usize::MAX,
                })
                .collect();
            if query.measures.len() > 1 || order.is_empty() {
                order.push(measure);
            }
            let key = time.and_then(|(axis, _)| published.key(axis, row));
            let own = series.entry(order).or_default();
            own.named_by = (row, measure);
            own.values.push((key, value));
        }
    }
    // Names are made only for the series in the text: an answer may have a million of them.
    let name = |(row, measure): (usize, usize)| {
        let own = query.by.iter().enumerate().filter(|(column, _)| is_told(*column));
        let mut names: Vec<String> = own
            .map(|(column, &own)| keys::name(release, own, published.key(column, row), language))
            .collect();
        if query.measures.len() > 1 || names.is_empty() {
            names.push(texts.measure(query.measures[measure]).to_owned());
        }
        names.join(", ")
    };
    let total = series.len();
    let mut sentences: Vec<String> = series
        .into_values()
        .take(TOLD_GROUPS)
        .map(|own| sentence(&name(own.named_by), &own.values, time.map(|(_, dimension)| dimension), texts))
        .collect();
    if total > TOLD_GROUPS {
        sentences.push(fill(&texts.alt_more, &[("count", &(total - TOLD_GROUPS).to_string())]));
    }
    sentences.join(" ")
}

fn sentence(name: &str, values: &[(Option<i32>, u64)], time: Option<Dimension>, texts: &Texts) -> String {
    let dated: Vec<(i32, u64)> =
        values.iter().filter_map(|&(key, value)| key.map(|key| (key, value))).collect();
    let count = |value: u64| number(value, texts);
    let (Some(time), Some(&(first_key, first)), Some(&(last_key, last))) =
        (time, dated.first(), dated.last())
    else {
        let value = values.iter().map(|&(_, value)| count(value)).collect::<Vec<_>>().join(", ");
        return fill(&texts.alt_value, &[("name", name), ("value", &value)]);
    };
    let period = |key| period(time, key);
    let undated: u64 = values.iter().filter(|(key, _)| key.is_none()).map(|(_, value)| value).sum();
    let undated = if undated == 0 {
        String::new()
    } else {
        let period = [("name", name), ("value", &count(undated)), ("period", &texts.unknown.to_lowercase())];
        format!(" {}", fill(&texts.alt_undated, &period))
    };
    if dated.len() == 1 {
        let told = fill(
            &texts.alt_single,
            &[("name", name), ("value", &count(first)), ("period", &period(first_key))],
        );
        return told + &undated;
    }
    // Among equal highest values, the earliest is named.
    let highest = dated.iter().copied().rev().max_by_key(|(_, value)| *value).unwrap_or((first_key, first));
    let lowest = dated.iter().copied().min_by_key(|(_, value)| *value).unwrap_or((first_key, first));
    let told = fill(
        &texts.alt_series,
        &[
            ("name", name),
            ("first", &count(first)),
            ("first_period", &period(first_key)),
            ("highest", &count(highest.1)),
            ("highest_period", &period(highest.0)),
            ("lowest", &count(lowest.1)),
            ("lowest_period", &period(lowest.0)),
            ("last", &count(last)),
            ("last_period", &period(last_key)),
        ],
    );
    told + &undated
}
