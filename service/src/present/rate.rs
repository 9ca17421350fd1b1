//! Rates per 100,000 people in answers: their columns, their digits, and whose populations they are made with.

use chargesheet_widget::wire::{Column, ColumnRole, Source, Value};

use super::table::Bound;
use super::texts::{Texts, fill};
use crate::answer::population_of;
use crate::disclosure::Published;
use crate::query::Query;
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
    let bounds = [Bound::Value, Bound::Low, Bound::High];
    let column = |(name, bound): (String, Bound)| Column {
        name,
        role: ColumnRole::Label,
        title: title(query, bound, texts),
    };
    names(query).into_iter().zip(bounds).map(column).collect()
}

/// Returns what a column of rates is, in words.
pub fn title(query: &Query, bound: Bound, texts: &Texts) -> String {
    let measure = query.measures.first().map_or("", |&measure| texts.measure(measure));
    let title = match bound {
        Bound::Value => &texts.rate.title,
        Bound::Low => &texts.rate.low,
        Bound::High => &texts.rate.high,
    };
    fill(title, &[("measure", measure)])
}

/// Returns the rate of a row, or a bound of its interval; `None` where there is no figure or no population.
pub fn value(published: &Published, row: usize, bound: Bound) -> Option<f64> {
    let rate = published.rate(row)?;
    Some(rounded(match bound {
        Bound::Value => rate.rate,
        Bound::Low => rate.low,
        Bound::High => rate.high,
    }))
}

/// Returns the rate of a row and its bounds as cells of an answer; nothing where no rates were asked for.
pub fn cells(query: &Query, published: &Published, row: usize) -> Vec<Value> {
    if !query.rate {
        return Vec::new();
    }
    [Bound::Value, Bound::Low, Bound::High]
        .map(|bound| value(published, row, bound).map_or(Value::Absent, Value::Real))
        .to_vec()
}

/// Returns where the populations are from that rates were made with, each once.
pub fn sources(query: &Query, release: &Release, published: &Published, texts: &Texts) -> Vec<Source> {
    if !query.rate {
        return Vec::new();
    }
    let rated = published.each_row().filter(|&row| published.rate(row).is_some());
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
