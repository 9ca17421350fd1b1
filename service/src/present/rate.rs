//! Rates per 100,000 people in answers: their columns, their digits, and whose populations they are made with.

use chargesheet_widget::wire::{Column, ColumnRole, Source, Value};

use super::texts::{Texts, fill};
use crate::disclosure::Published;
use crate::query::{Query, Rate, population_of};
use crate::release::Release;

/// Returns the names of the columns of rates: of the first measure, and of the bounds of its 95 % interval.
pub fn names(query: &Query) -> Vec<String> {
    if !query.rate {
        return Vec::new();
    }
    let rate = format!("{}_per_100000", query.measures[0]);
    ["", "_low", "_high"].map(|bound| format!("{rate}{bound}")).to_vec()
}

/// Returns the columns. Their role is `label`: they stand beside the figures, and a chart does not draw them.
pub fn columns(query: &Query, texts: &Texts) -> Vec<Column> {
    let measure = query.measures.first().map_or("", |&measure| texts.measure(measure));
    let titles = [&texts.rate.title, &texts.rate.low, &texts.rate.high];
    let column = |(name, title): (String, &String)| Column {
        name,
        role: ColumnRole::Label,
        title: fill(title, &[("measure", measure)]),
    };
    names(query).into_iter().zip(titles).map(column).collect()
}

/// Returns the rate of a row and its bounds; nothing where no rates were asked for.
pub fn values(query: &Query, published: &Published, row: usize) -> Vec<Option<f64>> {
    if !query.rate {
        return Vec::new();
    }
    let rate = published.rate(row);
    let bound = |of: fn(Rate) -> f64| rate.map(of).map(rounded);
    vec![bound(|rate| rate.rate), bound(|rate| rate.low), bound(|rate| rate.high)]
}

/// Returns them as cells of an answer.
pub fn cells(query: &Query, published: &Published, row: usize) -> impl Iterator<Item = Value> {
    values(query, published, row).into_iter().map(|bound| bound.map_or(Value::Absent, Value::Real))
}

/// Returns where the populations are from that rates were made with, each once.
pub fn sources(query: &Query, release: &Release, published: &Published, texts: &Texts) -> Vec<Source> {
    if !query.rate {
        return Vec::new();
    }
    let rated = (0..published.rows()).filter(|&row| published.rate(row).is_some());
    let used = rated.filter_map(|row| population_of(query, release, |column| published.key(column, row)));
    let mut used: Vec<(&str, &str)> = used.map(|of| (of.source.as_str(), of.url.as_str())).collect();
    used.sort_unstable();
    used.dedup();
    let source = |(source, url): (&str, &str)| Source {
        title: fill(&texts.rate.source, &[("source", source)]),
        url: url.to_owned(),
        ..Source::default()
    };
    used.into_iter().map(source).collect()
}

/// Returns a rate as it stands in answers: six digits that count, however small it is.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.5e}").parse().unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_count() {
        for (rate, shown) in
            [(0.0, "0"), (0.000_071_428_571, "0.0000714286"), (1234.5678, "1234.57"), (12.0, "12")]
        {
            assert_eq!(rounded(rate).to_string(), shown);
        }
    }
}
