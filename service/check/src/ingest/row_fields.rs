//! Fields of one row that must go together.

use super::report::Reason;
use super::row::{Refusal, Row};
use crate::domain::tables::{COUNTS, HISTORY};
use crate::domain::{EventKind, Period, Register, Say, Span, SpanKind};

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
    let mismatch = |says: Say| Refusal::new(column, Reason::RelatedMismatch, says);
    let Some(related) = text("related").filter(|related| !related.is_empty()) else {
        if kind == EventKind::Parallel && row.text(column).is_empty() {
            return Err(Refusal::new(column, Reason::MissingValue, "missing_value.related"));
        }
        return Ok(());
    };
    if related == statute {
        return Err(mismatch("related_mismatch.itself".into()));
    }
    let country = |id: &str| register.get(id).map_or("", |statute| statute.country.as_str());
    let (own, others) = (country(statute), country(related));
    if others != own {
        return Err(mismatch(Say::new("related_mismatch.country").with("others", others).with("own", own)));
    }
    let successor = |id: &str| register.get(id).and_then(|statute| statute.successor.as_deref());
    let follow = successor(statute) == Some(related) || successor(related) == Some(statute);
    if kind == EventKind::Renumbered && !follow {
        return Err(mismatch("related_mismatch.renumbered".into()).suggesting(successor(statute)));
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
    let fault = |column, reason, key: &'static str| Err(Refusal::new(COUNTS.place(column), reason, key));
    let missing = |column, key| fault(column, Reason::MissingValue, key);
    let mismatch = |column, key| fault(column, Reason::PeriodMismatch, key);
    let is_text = |column| !row.text(COUNTS.place(column)).is_empty();
    match SpanKind::from_name(kind) {
        _ if !year.is_empty() => {
            let column = ["from", "to", "span"].into_iter().find(|column| is_text(column)).unwrap_or("year");
            mismatch(column, "period_mismatch.year")
        }
        _ if from.is_empty() && to.is_empty() => missing("year", "missing_value.year"),
        None => missing("span", "missing_value.span"),
        _ if to.is_empty() => missing("to", "missing_value.to"),
        Some(SpanKind::Stock) => mismatch("from", "period_mismatch.stock"),
        _ if from.is_empty() => missing("from", "missing_value.from"),
        Some(kind) => {
            let ends = Period::parse(from).ok().zip(Period::parse(to).ok());
            let Some(year) = ends.and_then(|(from, to)| Span { from, to, kind }.is_year()) else {
                return mismatch("from", "period_mismatch.order");
            };
            mismatch("from", "period_mismatch.whole_year")
                .map_err(|refusal| refusal.suggesting(Some(&year.to_string())))
        }
    }
}
