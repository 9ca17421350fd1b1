//! A question about two periods: the counts, the periods, and the codes that are compared.

use super::rates::SMALL;
use crate::domain::{Dimension, Period};
use crate::ingest::Records;
use crate::query::{Params, Query, QueryError, value};
use crate::release::Release;

/// Default of `min`: a code is left out when both its counts are smaller.
const LEAST: u64 = SMALL;
/// Default number of rows.
const ROWS: usize = 20;
/// Greatest number of rows.
const MOST_ROWS: usize = 1000;

/// A span of whole years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first year.
    pub first: Period,
    /// The last year.
    pub last: Period,
}

impl Span {
    /// Reads `2014` or `2014..2016`; `None` when the text is neither, or ends before it begins.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let year = |text: &str| Period::parse(text).ok().filter(|period| matches!(period, Period::Year(_)));
        let span = Self { first: year(first)?, last: year(last)? };
        (span.first.year() <= span.last.year()).then_some(span)
    }

    /// Returns the number of years in the span.
    pub fn years(self) -> u32 {
        self.last.year().abs_diff(self.first.year()) + 1
    }

    pub(super) fn contains(self, year: i32) -> bool {
        (self.first.year()..=self.last.year()).contains(&year)
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last {
            write!(out, "{}", self.first)
        } else {
            write!(out, "{}–{}", self.first, self.last)
        }
    }
}

/// A comparison of two periods.
#[derive(Debug, Clone)]
pub struct Question {
    /// The query: filters and measure. Its grouping is ignored.
    pub query: Query,
    /// The dimension whose codes are compared.
    pub of: Dimension,
    /// The earlier period.
    pub before: Span,
    /// The later period.
    pub after: Span,
    /// A code is left out when both its counts are smaller.
    pub min: u64,
    /// The greatest number of rows.
    pub limit: usize,
}

impl Question {
    /// Takes the question out of the parameters, and checks each part against the release.
    ///
    /// # Errors
    /// When a parameter is not known here, or asks for a sum that may not be made.
    pub fn take(params: &mut Params, release: &Release) -> Result<Self, QueryError> {
        let of = take_dimension(params, release)?;
        let before = take_span(params, "before")?;
        let after = take_span(params, "after")?;
        if before.last.year() >= after.first.year() {
            let problem = format!("does not end before `after` begins, in {}", after.first);
            return Err(value("before", &before.to_string(), problem, &[]));
        }
        let min = number(params, "min", LEAST, 0, u64::MAX)?;
        let limit = number(params, "limit", ROWS as u64, 1, MOST_ROWS as u64)?;
        for name in ["from", "to"] {
            if let Some(given) = params.peek(name) {
                let problem = "the periods are `before` and `after`; leave it out".to_owned();
                return Err(value(name, given, problem, &[]));
            }
        }
        let mut query = params.take_query(release)?;
        query.measures.truncate(1);
        let question =
            Self { query, of, before, after, min, limit: usize::try_from(limit).unwrap_or(MOST_ROWS) };
        question.check(release)?;
        Ok(question)
    }

    /// Returns the statute whose counts are compared: the statute of a row, or the single statute that the question keeps.
    pub(super) fn statute(&self, key: Option<i32>) -> Option<u16> {
        if self.of == Dimension::Statute {
            return u16::try_from(key?).ok();
        }
        match self.query.keep.get(&Dimension::Statute).map(Vec::as_slice) {
            Some([one]) => u16::try_from(*one).ok(),
            _ => None,
        }
    }

    /// Checks that several years can be one count: years may be added, or the count can be made anew from records.
    fn check(&self, release: &Release) -> Result<(), QueryError> {
        let is_counted_anew = matches!(release.records(), Records::Charges(_));
        let may_add = is_counted_anew || release.descriptor().additive().contains(&Dimension::Year);
        for (name, span) in [("before", self.before), ("after", self.after)] {
            if span.years() > 1 && !may_add {
                let problem = format!(
                    "figures of `{}` may not be summed over years, because a case or person can be in the figures of several; \
                     name one year",
                    release.dataset()
                );
                return Err(value(name, &format!("{}..{}", span.first, span.last), problem, &[]));
            }
        }
        Ok(())
    }

    /// Returns the question as text (without `?`): parameters in a fixed order, with defaults spelled out.
    pub fn canonical(&self, release: &Release) -> String {
        let kept =
            Query { by: vec![self.of], share: None, labels: None, ..self.query.clone() }.canonical(release);
        let (_, kept) = kept.split_once('&').unwrap_or_default();
        let span = |span: Span| {
            if span.first == span.last {
                span.first.to_string()
            } else {
                format!("{}..{}", span.first, span.last)
            }
        };
        let (before, after) = (span(self.before), span(self.after));
        format!("of={}&before={before}&after={after}&{kept}&min={}&limit={}", self.of, self.min, self.limit)
    }

    pub(super) fn asking(&self, by: Vec<Dimension>, first: Period, last: Period) -> Query {
        let query = self.query.clone();
        Query { by, from: Some(first), to: Some(last), share: None, labels: None, ..query }
    }
}

fn take_dimension(params: &mut Params, release: &Release) -> Result<Dimension, QueryError> {
    let text = params.take("of").unwrap_or_else(|| Dimension::Statute.name().to_owned());
    let own: Vec<Dimension> =
        release.dimensions().into_iter().filter(|dimension| !dimension.is_time()).collect();
    let names: Vec<&str> = own.iter().map(|dimension| dimension.name()).collect();
    let found = Dimension::from_name(&text).filter(|dimension| own.contains(dimension));
    found.ok_or_else(|| {
        let problem = format!(
            "name one dimension whose codes are compared; dataset `{}` has {}",
            release.dataset(),
            names.join(", ")
        );
        value("of", &text, problem, &names)
    })
}

fn take_span(params: &mut Params, name: &'static str) -> Result<Span, QueryError> {
    let text = params.take(name).unwrap_or_default();
    Span::parse(&text).ok_or_else(|| {
        let problem = "name a year (`2014`), or the first and the last of several (`2014..2016`)".to_owned();
        value(name, &text, problem, &[])
    })
}

fn number(
    params: &mut Params,
    name: &'static str,
    default: u64,
    least: u64,
    most: u64,
) -> Result<u64, QueryError> {
    let Some(text) = params.take(name) else { return Ok(default) };
    let within = text.parse::<u64>().ok().filter(|number| (least..=most).contains(number));
    within.ok_or_else(|| {
        let range =
            if most == u64::MAX { format!("from {least} up") } else { format!("from {least} to {most}") };
        value(name, &text, format!("is no whole number {range}"), &[])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_year_or_years_in_order() {
        let years = |text: &str| Span::parse(text).map(Span::years);
        assert_eq!(years("2014"), Some(1));
        assert_eq!(years("2014..2016"), Some(3));
        for wrong in ["", "2014..", "2016..2014", "2014-05", "2014..2016..2018", "14", "2014...2016"] {
            assert_eq!(years(wrong), None, "{wrong:?}");
        }
    }
}
