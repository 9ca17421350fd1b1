//! `statutes.csv` into a register.

use super::dictionary::composed;
use super::field::{Dates, Vocabulary, address, listed, separable};
use super::header::{Column, Need};
use super::reader::{Rules, Table};
use super::relations::{Fault, Relation, faults};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::unique::Unique;
use crate::domain::{Localized, Period, PeriodError, Register, Statute};
use crate::package::Source;

const STATUTE: usize = 0;
const PARENT: usize = 1;
const COUNTRY: usize = 2;
const LAW: usize = 3;
const ARTICLE: usize = 4;
const PART: usize = 5;
const TITLE_EN: usize = 6;
const TITLE_RU: usize = 7;
const TITLE_KK: usize = 8;
const OFFENCE: usize = 9;
const IN_FORCE_FROM: usize = 10;
const IN_FORCE_TO: usize = 11;
const SUCCESSOR: usize = 12;
const URL: usize = 13;

pub(super) const COLUMNS: [Column; 14] = [
    Column { name: "statute", need: Need::Filled },
    Column { name: "parent", need: Need::Present },
    Column { name: "country", need: Need::Filled },
    Column { name: "law", need: Need::Filled },
    Column { name: "article", need: Need::Present },
    Column { name: "part", need: Need::Present },
    Column { name: "title_en", need: Need::Filled },
    Column { name: "title_ru", need: Need::Present },
    Column { name: "title_kk", need: Need::Present },
    Column { name: "offence", need: Need::Present },
    Column { name: "in_force_from", need: Need::Present },
    Column { name: "in_force_to", need: Need::Present },
    Column { name: "successor", need: Need::Present },
    Column { name: "url", need: Need::Present },
];

/// Reads the register. Rows that are refused are not in it; the report says which. `None` when the file as
/// a whole cannot be read as a table.
pub fn read(source: Source<'_>, dates: &Dates, rules: &Rules, report: &mut Report) -> Option<Register> {
    let mut table = Table::open(source, &COLUMNS, rules, report)?;
    let mut unique: Unique<Statute> = Unique::new();
    let mut vocabulary = Vocabulary::default();
    table.for_each(|row| {
        let read = row.filled().and_then(|()| statute(row, dates, &mut vocabulary));
        let statute = read.inspect_err(|_| unique.refuse(composed(row.text(STATUTE)).into_owned()))?;
        if unique.len() == Register::LIMIT {
            let message = format!("is one more than {}", Register::LIMIT);
            return Err(Refusal::new(STATUTE, Reason::TooMany, message).into());
        }
        unique.take(statute.id.clone(), statute, row.place);
        Ok(Taken::Kept)
    });
    let (mut statutes, places) = unique.settle(&mut table, STATUTE);
    // Parents and successors may stand below the rows that name them, so they are checked at the end.
    let faults = faults(&statutes);
    for (statute, fault) in statutes.iter().zip(&faults) {
        let Some(Fault { relation, reason, message }) = fault else { continue };
        let column = match relation {
            Relation::Parent => PARENT,
            Relation::Successor => SUCCESSOR,
            Relation::Country => COUNTRY,
        };
        table.refuse_later(places[&statute.id], column, *reason, message.clone());
    }
    let mut right = faults.iter().map(Option::is_none);
    statutes.retain(|_| right.next().unwrap_or(true));
    table.close(report);
    Some(Register::new(statutes))
}

fn statute(row: &Row<'_>, dates: &Dates, vocabulary: &mut Vocabulary) -> Result<Statute, Refusals> {
    let mut faults = Refusals::default();
    faults.note(separable(row, STATUTE));
    faults.note(listed(row, COUNTRY, &mut vocabulary.countries, Reason::UnknownCountry));
    if !row.text(OFFENCE).is_empty() {
        faults.note(listed(row, OFFENCE, &mut vocabulary.offences, Reason::UnknownOffence));
    }
    let from = faults.note(dates.optional(row, IN_FORCE_FROM));
    let to = faults.note(day_to_come(row.text(IN_FORCE_TO)));
    let url = faults.note(address(row, URL).map(str::to_owned));
    faults.settle()?;
    let named = |column| Some(row.text(column)).filter(|text| !text.is_empty()).map(composed);
    Ok(Statute {
        id: composed(row.text(STATUTE)).into_owned(),
        parent: named(PARENT).map(std::borrow::Cow::into_owned),
        country: row.text(COUNTRY).to_owned(),
        law: row.text(LAW).to_owned(),
        article: row.text(ARTICLE).to_owned(),
        part: row.text(PART).to_owned(),
        title: Localized::new(row.text(TITLE_EN), row.text(TITLE_RU), row.text(TITLE_KK)),
        offence: row.text(OFFENCE).to_owned(),
        in_force_from: from.flatten(),
        in_force_to: to.flatten(),
        successor: named(SUCCESSOR).map(std::borrow::Cow::into_owned),
        url: url.unwrap_or_default(),
    })
}

/// A law may be known to end on a day still to come, so its end is not held against today.
fn day_to_come(text: &str) -> Result<Option<Period>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    Period::parse(text).map(Some).map_err(|error| {
        let reason = match error {
            PeriodError::Format => Reason::DateFormat,
            PeriodError::Impossible => Reason::DateImpossible,
        };
        Refusal::new(IN_FORCE_TO, reason, error.to_string())
    })
}
