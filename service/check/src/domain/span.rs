//! Spans: the periods that reported figures are of.

use std::fmt;

use jiff::civil::Date;

use super::Period;

crate::words! {
    /// What the figure of a span counts.
    #[derive(PartialOrd, Ord)]
    SpanKind {
        /// The events between the first day and the last.
        Flow = "flow",
        /// All events since the first day, as counted up to the last. It is no sum of what came before: cases may have been
        /// joined, moved or counted again.
        Running = "running",
        /// The number at a moment.
        Stock = "stock",
    }
}

/// The period that a reported figure is of: a calendar year, another stretch of time, or a moment.
///
/// Figures of whole calendar years make series. Figures of all other spans stand by themselves: a figure of 18 months is in
/// no year, and a running total is no part of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day, month or year. For a stock, its moment.
    pub from: Period,
    /// The last day, month or year.
    pub to: Period,
    /// What is counted.
    pub kind: SpanKind,
}

impl Span {
    /// Returns the span of a calendar year, or `None` when the calendar does not go so far.
    pub fn of_year(year: i32) -> Option<Self> {
        let year = Period::of_year(year)?;
        Some(Self { from: year, to: year, kind: SpanKind::Flow })
    }

    /// Parses the fields `year`, `from`, `to` and `span` of a row. Returns `None` when they do not go together.
    pub fn from_texts([year, from, to, kind]: [&str; 4]) -> Option<Self> {
        if !year.is_empty() {
            return Self::of_year(year.parse().ok()?)
                .filter(|_| from.is_empty() && to.is_empty() && kind.is_empty());
        }
        let (to, kind) = (Period::parse(to).ok()?, SpanKind::from_name(kind)?);
        let from = match (kind, from) {
            (SpanKind::Stock, "") => to,
            (SpanKind::Stock, _) => return None,
            _ => Period::parse(from).ok()?,
        };
        let span = Self { from, to, kind };
        (from.first_day() <= to.last_day() && span.is_year().is_none()).then_some(span)
    }

    /// Returns the fields `year`, `from`, `to` and `span` of a row.
    pub fn to_texts(self) -> [String; 4] {
        match self.year() {
            Some(year) => [year.to_string(), String::new(), String::new(), String::new()],
            None => {
                let from = if self.kind == SpanKind::Stock { String::new() } else { self.from.to_string() };
                [String::new(), from, self.to.to_string(), self.kind.name().to_owned()]
            }
        }
    }

    /// Returns the calendar year whose events the figure counts, if it counts the events of one. Only such figures make
    /// series of years.
    pub fn year(self) -> Option<i32> {
        (matches!(self.from, Period::Year(_)) && self.from == self.to && self.kind == SpanKind::Flow)
            .then(|| self.from.year())
    }

    /// Returns the calendar year whose days are exactly those of a flow, however they are written.
    pub fn is_year(self) -> Option<i32> {
        let (first, last) = (self.first_day(), self.last_day());
        let is_whole = first.day_of_year() == 1 && last == first.last_of_year();
        (is_whole && self.kind == SpanKind::Flow).then(|| self.from.year())
    }

    /// Returns the first day.
    pub fn first_day(self) -> Date {
        self.from.first_day()
    }

    /// Returns the last day.
    pub fn last_day(self) -> Date {
        self.to.last_day()
    }

    /// Returns what the code of a span says: its first day, month or year, its last, and what is counted.
    pub fn parts(code: &str) -> [&str; 3] {
        let (period, kind) = code.split_once(':').unwrap_or((code, SpanKind::Flow.name()));
        let (from, to) = period.split_once('/').unwrap_or((period, period));
        [from, to, kind]
    }

    /// Returns the key by which spans are sorted: by their first day, then by their last.
    pub fn order(self) -> (Date, Date, SpanKind, u32, u32) {
        (self.first_day(), self.last_day(), self.kind, self.from.packed(), self.to.packed())
    }
}

/// A span is written as the code of the dimension `period`: `2020`, `2020-03/2021-06-11` (an interval of ISO 8601),
/// `2020-03/2021-06-11:running` or `2021-06-11:stock`.
impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            _ if self.year().is_some() => write!(out, "{}", self.from),
            SpanKind::Flow => write!(out, "{}/{}", self.from, self.to),
            SpanKind::Running => write!(out, "{}/{}:running", self.from, self.to),
            SpanKind::Stock => write!(out, "{}:stock", self.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_again_and_has_a_code() {
        for (texts, code) in [
            (["2020", "", "", ""], "2020"),
            (["", "2020-03", "2021-06-11", "flow"], "2020-03/2021-06-11"),
            (["", "2020-03", "2021-06-11", "running"], "2020-03/2021-06-11:running"),
            (["", "2020", "2020", "running"], "2020/2020:running"),
            (["", "2014", "2019", "flow"], "2014/2019"),
            (["", "", "2021-06-11", "stock"], "2021-06-11:stock"),
            (["", "", "2020", "stock"], "2020:stock"),
        ] {
            let span = Span::from_texts(texts).unwrap();
            assert_eq!(span.to_texts(), texts);
            assert_eq!(span.to_string(), code);
            assert_eq!(span.year().is_some(), code == "2020");
            let [from, to, kind] = Span::parts(code);
            assert_eq!((from, to, kind), (&*span.from.to_string(), &*span.to.to_string(), span.kind.name()));
        }
    }

    #[test]
    fn fields_that_do_not_go_together_are_no_span() {
        for texts in [
            ["", "", "", ""],
            ["2020", "2020-01", "", ""],
            ["2020", "", "", "stock"],
            ["", "2020-01", "", "flow"],
            ["", "", "2020-01", "flow"],
            ["", "2020-01", "2020-02", ""],
            ["", "2020-01", "2020-02", "stock"],
            ["", "2021", "2020", "flow"],
            // The calendar year 2020 is written in one way only.
            ["", "2020", "2020", "flow"],
            ["", "2020-01", "2020-12-31", "flow"],
        ] {
            assert_eq!(Span::from_texts(texts), None, "{texts:?}");
        }
    }
}
