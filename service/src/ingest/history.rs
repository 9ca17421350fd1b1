//! `history.csv`: what happened to statutes, each event with its source. An optional table.

use super::dictionary::composed;
use super::field::{Dates, Meant, address, statute_id, word};
use super::header::{Column, Need};
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::unique::Unique;
use crate::domain::{Event, EventKind, Localized, Register};
use crate::package::Source;

const STATUTE: usize = 0;
const DATE: usize = 1;
const KIND: usize = 2;
const BREAKS_SERIES: usize = 3;
const RELATED: usize = 4;
const TEXT_EN: usize = 5;
const TEXT_RU: usize = 6;
const TEXT_KK: usize = 7;
const URL: usize = 8;

pub(super) const COLUMNS: [Column; 9] = [
    Column { name: "statute", need: Need::Filled },
    Column { name: "date", need: Need::Filled },
    Column { name: "kind", need: Need::Filled },
    // Filled, never guessed: whether figures can be compared is what the table is for.
    Column { name: "breaks_series", need: Need::Filled },
    Column { name: "related", need: Need::Present },
    Column { name: "text_en", need: Need::Filled },
    Column { name: "text_ru", need: Need::Present },
    Column { name: "text_kk", need: Need::Present },
    Column { name: "url", need: Need::Filled },
];

/// Most events of a package: a register of [`Register::LIMIT`] statutes with some each.
const LIMIT: usize = 1_000_000;

/// Reads the events, in their order. Rows that are refused are not among them; the report says which.
pub fn read(
    source: Source<'_>,
    register: &Register,
    dates: &Dates,
    rules: &Rules,
    report: &mut Report,
) -> Vec<Event> {
    let Some(mut table) = Table::open(source, &COLUMNS, rules, report) else {
        return Vec::new();
    };
    let mut unique: Unique<Event> = Unique::new();
    let mut meant = Meant::default();
    table.for_each(|row| {
        let read = row.filled().and_then(|()| event(row, register, dates, &mut meant));
        let event = read.inspect_err(|_| unique.refuse(key(row)))?;
        if unique.len() == LIMIT {
            return Err(Refusal::new(STATUTE, Reason::TooMany, format!("is one more than {LIMIT}")).into());
        }
        unique.take(key(row), event, row.place);
        Ok(Taken::Kept)
    });
    let (mut events, _places) = unique.settle(&mut table, STATUTE);
    table.close(report);
    events.sort_by(|left, right| left.place().cmp(&right.place()));
    events
}

/// What names an event, as it is shown when it stands in the file twice. No id has a comma.
fn key(row: &Row<'_>) -> String {
    [STATUTE, DATE, KIND, RELATED].map(|column| composed(row.text(column)).into_owned()).join(", ")
}

fn event(row: &Row<'_>, register: &Register, dates: &Dates, meant: &mut Meant) -> Result<Event, Refusals> {
    let mut faults = Refusals::default();
    let statute = faults.note(statute_id(row, STATUTE, register, meant));
    let date = faults.note(dates.period(row, DATE));
    let kind = faults.note(word(row, KIND, &EventKind::NAMES)).and_then(EventKind::from_name);
    let breaks = faults.note(word(row, BREAKS_SERIES, &["false", "true"]));
    let related = match row.text(RELATED) {
        "" => None,
        _ => faults.note(statute_id(row, RELATED, register, meant)),
    };
    let url = faults.note(address(row, URL).map(str::to_owned));
    if let (Some(statute), Some(kind)) = (&statute, kind) {
        faults.note(fits(row, register, statute, kind, related.as_deref()));
    }
    faults.settle()?;
    let (Some(statute), Some(date), Some(kind)) = (statute, date, kind) else {
        unreachable!("what could not be read was noted as a fault");
    };
    Ok(Event {
        statute,
        date,
        kind,
        breaks_series: breaks == Some("true"),
        related,
        text: Localized::new(row.text(TEXT_EN), row.text(TEXT_RU), row.text(TEXT_KK)),
        url: url.unwrap_or_default(),
    })
}

/// Holds the other statute against the kind of event, and against what the register says of the two.
fn fits(
    row: &Row<'_>,
    register: &Register,
    statute: &str,
    kind: EventKind,
    related: Option<&str>,
) -> Result<(), Refusal> {
    let Some(related) = related else {
        if kind == EventKind::Parallel && row.text(RELATED).is_empty() {
            let message = "is empty; a parallel article must be named";
            return Err(Refusal::new(RELATED, Reason::MissingValue, message));
        }
        return Ok(());
    };
    if related == statute {
        let message = "is the statute itself; name the other one, or nothing";
        return Err(Refusal::new(RELATED, Reason::RelatedMismatch, message));
    }
    let country = |id: &str| register.get(id).map_or("", |statute| statute.country.as_str());
    if country(related) != country(statute) {
        let message =
            format!("is a statute of {}, and the event is one of {}", country(related), country(statute));
        return Err(Refusal::new(RELATED, Reason::RelatedMismatch, message));
    }
    let succeeds = |first: &str, second: &str| {
        register.get(first).is_some_and(|statute| statute.successor.as_deref() == Some(second))
    };
    if kind == EventKind::Renumbered && !succeeds(statute, related) && !succeeds(related, statute) {
        let message = "is neither the successor nor a predecessor of the statute in statutes.csv";
        let right = register.get(statute).and_then(|statute| statute.successor.as_deref());
        return Err(Refusal::new(RELATED, Reason::RelatedMismatch, message).suggesting(right));
    }
    Ok(())
}
