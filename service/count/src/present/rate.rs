//! Rates per 100,000 people in answers: their columns, their digits, and the sources of the populations.

use chargesheet_widget::wire::Source;

use super::numbers::significant;
use super::texts::{Texts, fill};
use crate::answer::population_of;
use crate::disclosure::Published;
use crate::domain::sorted;
use crate::engine;
use crate::query::Query;
use crate::release::Release;
use crate::statistics::Interval;

/// A share or rate, or a bound of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The share or rate itself.
    Value,
    /// The lower bound.
    Low,
    /// The upper bound.
    High,
}

impl Bound {
    /// All three, in the order of their columns.
    pub const ALL: [Self; 3] = [Self::Value, Self::Low, Self::High];

    /// Returns this bound of a share, with six decimals: finer than any register's counts can tell apart.
    pub fn of_share(self, interval: Interval) -> f64 {
        let share = match self {
            Self::Value => interval.share,
            Self::Low => interval.low,
            Self::High => interval.high,
        };
        (share * 1e6).round() / 1e6
    }
}

/// Returns the names of the columns of rates: the rate of the first measure, and the bounds of its 95 % interval.
pub fn names(query: &Query) -> Vec<String> {
    if !query.rate {
        return Vec::new();
    }
    let rate = format!("{}_per_100000", query.measures[0]);
    ["", "_low", "_high"].map(|bound| format!("{rate}{bound}")).to_vec()
}

/// Returns the title of a column of rates.
pub fn title(query: &Query, bound: Bound, texts: &Texts) -> String {
    let measure = query.measures.first().map_or("", |&measure| texts.measure(measure));
    let title = match bound {
        Bound::Value => texts.rate.get("title"),
        Bound::Low => texts.rate.get("low"),
        Bound::High => texts.rate.get("high"),
    };
    fill(title, &[("measure", measure)])
}

/// Returns the rate of a row, or a bound of its interval.
pub fn value(published: &Published, row: usize, bound: Bound) -> engine::Cell<f64> {
    let rate = published.rate(row)?;
    Ok(significant(match bound {
        Bound::Value => rate.rate,
        Bound::Low => rate.low,
        Bound::High => rate.high,
    }))
}

/// Returns the sources of the populations that the rates were made with, each once.
pub fn sources(query: &Query, release: &Release, published: &Published, texts: &Texts) -> Vec<Source> {
    if !query.rate {
        return Vec::new();
    }
    let rated = published.each_row().filter(|&row| published.rate(row).is_ok());
    let used = rated.filter_map(|row| population_of(query, release, |column| published.key(column, row)));
    let used = sorted(used.map(|of| (of.source.as_str(), of.url.as_str())).collect());
    let source = |(source, url): (&str, &str)| Source {
        title: fill(texts.rate.get("source"), &[("source", source)]),
        url: url.to_owned(),
        ..Source::default()
    };
    used.into_iter().map(source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_count() {
        for (rate, shown) in
            [(0.0, "0"), (0.000_071_428_571, "0.0000714286"), (1234.5678, "1234.57"), (12.0, "12")]
        {
            assert_eq!(significant(rate).to_string(), shown);
        }
    }
}
