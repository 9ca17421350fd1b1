//! Fields of one row that must go together.

use super::report::Reason;
use super::row::{Refusal, Row};
use crate::domain::tables::{COUNTS, HISTORY};
use crate::domain::{EventKind, Period, Register, Span, SpanKind};

/// Checks the related statute of an event against the kind of event, and against the register. `texts` are the fields that
/// could be read, in the order of the table.
///
/// # Errors
/// When they do not go together. A field that could not be read is not judged.
pub fn check_related(register: &Register, row: &Row<'_>, texts: &[Option<String>]) -> Result<(), Refusal> {
    let text = |name: &str| texts[HISTORY.place(name)].as_deref();
    let (Some(statute), Some(kind)) = (text("statute"), text("kind").and_then(EventKind::from_name)) else {
        return Ok(());
    };
    let column = HISTORY.place("related");
    let mismatch = |message: &str| Refusal::new(column, Reason::RelatedMismatch, message);
    let Some(related) = text("related").filter(|related| !related.is_empty()) else {
        if kind == EventKind::Parallel && row.text(column).is_empty() {
            let message = "is empty; a parallel article must be named";
            return Err(Refusal::new(column, Reason::MissingValue, message));
        }
        return Ok(());
    };
    if related == statute {
        return Err(mismatch("is the statute itself; name the other one, or nothing"));
    }
    let country = |id: &str| register.get(id).map_or("", |statute| statute.country.as_str());
    let (own, others) = (country(statute), country(related));
    if others != own {
        return Err(mismatch(&format!("is a statute of {others}, and the event is one of {own}")));
    }
    let successor = |id: &str| register.get(id).and_then(|statute| statute.successor.as_deref());
    let follow = successor(statute) == Some(related) || successor(related) == Some(statute);
    if kind == EventKind::Renumbered && !follow {
        let message = "is neither the successor nor a predecessor of the statute in statutes.csv";
        return Err(mismatch(message).suggesting(successor(statute)));
    }
    Ok(())
}

/// Checks that the fields of a figure's period go together: a calendar year, or a span.
///
/// # Errors
/// When they do not. A field that could not be read is not judged.
pub fn check_span(row: &Row<'_>, texts: &[Option<String>]) -> Result<(), Refusal> {
    let fields = ["year", "from", "to", "span"].map(|name| texts[COUNTS.place(name)].as_deref());
    let [Some(year), Some(from), Some(to), Some(kind)] = fields else {
        // Another fault says more.
        return Ok(());
    };
    if Span::from_texts([year, from, to, kind]).is_some() {
        return Ok(());
    }
    let fault = |column, reason, message: &str| Err(Refusal::new(COUNTS.place(column), reason, message));
    let missing = |column, message: &str| fault(column, Reason::MissingValue, message);
    let mismatch = |column, message: &str| fault(column, Reason::PeriodMismatch, message);
    let is_text = |column| !row.text(COUNTS.place(column)).is_empty();
    match SpanKind::from_name(kind) {
        _ if !year.is_empty() => {
            let column = ["from", "to", "span"].into_iter().find(|column| is_text(column)).unwrap_or("year");
            mismatch(column, "stands beside `year`; leave one of the two empty")
        }
        _ if from.is_empty() && to.is_empty() => {
            missing("year", "is empty; write the calendar year, or the period in `from`, `to` and `span`")
        }
        None => missing("span", "is empty; write flow, running or stock"),
        _ if to.is_empty() => missing("to", "is empty; write the last day, month or year"),
        Some(SpanKind::Stock) => mismatch("from", "is filled, and a stock has only a moment, in `to`"),
        _ if from.is_empty() => missing("from", "is empty; write the first day, month or year"),
        Some(kind) => {
            let ends = Period::parse(from).ok().zip(Period::parse(to).ok());
            let Some(year) = ends.and_then(|(from, to)| Span { from, to, kind }.is_year()) else {
                return mismatch("from", "is after `to`");
            };
            let message = "begins a whole calendar year; write the year in `year`, and leave `from`, `to` and `span` empty";
            mismatch("from", message).map_err(|refusal| refusal.suggesting(Some(&year.to_string())))
        }
    }
}
