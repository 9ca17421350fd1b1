//! What a picture says, in words: for screen readers, and where pictures are off.

use std::collections::BTreeMap;

use super::describe::{axis, number, period_text};
use super::legend_label;
use super::texts::{Texts, fill};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::query::Query;
use crate::release::Release;

/// Most groups told one by one.
const TOLD_GROUPS: usize = 12;

/// A series: its name, and its values with their periods in time order.
#[derive(Default)]
struct Series {
    name: String,
    values: Vec<(Option<i32>, u64)>,
}

/// What the picture says, series by series or group by group.
pub fn alt(
    query: &Query,
    release: &Release,
    published: &Published,
    texts: &Texts,
    language: Language,
) -> String {
    let time = axis(query).filter(|(_, dimension)| dimension.is_time());
    // Series in display order, each with its periods in time order.
    let mut series: BTreeMap<Vec<usize>, Series> = BTreeMap::new();
    for row in 0..published.rows() {
        for (measure, &unit) in query.measures.iter().enumerate() {
            let Some(value) = published.value(measure, row) else {
                continue;
            };
            let mut order = Vec::new();
            let mut names = Vec::new();
            for (column, &dimension) in query.by.iter().enumerate() {
                if time.is_some_and(|(axis, _)| axis == column) {
                    continue;
                }
                match published.key(column, row).and_then(|key| u32::try_from(key).ok()) {
                    Some(number) if !dimension.is_time() => {
                        order.push(release.place(dimension, number));
                        names.push(legend_label(release, dimension, number, language));
                    }
                    Some(number) => {
                        order.push(number as usize);
                        names.push(period_text(dimension, number as i32));
                    }
                    None => {
                        order.push(usize::MAX);
                        names.push(texts.unknown.clone());
                    }
                }
            }
            if query.measures.len() > 1 || names.is_empty() {
                order.push(measure);
                names.push(texts.measure(unit).to_owned());
            }
            let key = time.and_then(|(axis, _)| published.key(axis, row));
            let own = series.entry(order).or_default();
            own.name = names.join(", ");
            own.values.push((key, value));
        }
    }
    let total = series.len();
    let mut sentences: Vec<String> = series
        .into_values()
        .take(TOLD_GROUPS)
        .map(|own| sentence(&own.name, &own.values, time.map(|(_, dimension)| dimension), texts))
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
    let period = |key| period_text(time, key);
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
    // Of equal values the earliest is named.
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
