//! `statutes.csv` into a register.

use std::io::Read;

use super::field::{Dates, address, separable};
use super::reader::{Column, Need, Refusal, Table, Taken};
use super::report::{Reason, Report, safe_excerpt};
use crate::domain::{Localized, Period, PeriodError, Register, Statute, countries, offences};

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

const COLUMNS: [Column; 14] = [
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

/// Reads the register. Rows that are refused are not in it; the report says which.
pub fn read(file: &str, input: Box<dyn Read + '_>, dates: &mut Dates, report: &mut Report) -> Register {
    let Some(mut table) = Table::open(file, input, &COLUMNS, report) else {
        return Register::default();
    };
    let mut statutes: Vec<Statute> = Vec::new();
    let mut places = std::collections::HashMap::new();
    table.for_each(|row| {
        let id = row.text(STATUTE);
        separable(row, STATUTE)?;
        if countries().get(row.text(COUNTRY)).is_none() {
            return Err(Refusal::new(
                COUNTRY,
                Reason::UnknownCountry,
                "is no country code (ISO 3166-1 alpha-3)",
            )
            .suggesting(countries().nearest(row.text(COUNTRY))));
        }
        let offence = row.text(OFFENCE);
        if !offence.is_empty() && offences().get(offence).is_none() {
            return Err(Refusal::new(
                OFFENCE,
                Reason::UnknownOffence,
                "is no category of offence that we know",
            )
            .suggesting(offences().nearest(offence)));
        }
        if statutes.len() == Register::LIMIT {
            return Err(Refusal::new(
                STATUTE,
                Reason::TooMany,
                format!("is one more than {}", Register::LIMIT),
            ));
        }
        if places.contains_key(id) {
            return Err(Refusal::new(STATUTE, Reason::ConflictingDuplicate, "is in the register already"));
        }
        let named = |column| Some(row.text(column)).filter(|text| !text.is_empty()).map(str::to_owned);
        statutes.push(Statute {
            id: id.to_owned(),
            parent: named(PARENT),
            country: row.text(COUNTRY).to_owned(),
            law: row.text(LAW).to_owned(),
            article: row.text(ARTICLE).to_owned(),
            part: row.text(PART).to_owned(),
            title: Localized::new(row.text(TITLE_EN), row.text(TITLE_RU), row.text(TITLE_KK)),
            offence: offence.to_owned(),
            in_force_from: dates.optional(row, IN_FORCE_FROM)?,
            in_force_to: day_to_come(row.text(IN_FORCE_TO))?,
            successor: named(SUCCESSOR),
            url: address(row, URL)?.to_owned(),
        });
        places.insert(id.to_owned(), row.place);
        Ok(Taken::Kept)
    });
    // Parents and successors may stand below the rows that name them, so they are checked at the end.
    statutes.retain(|statute| {
        let missing = [(PARENT, &statute.parent), (SUCCESSOR, &statute.successor)].into_iter().find_map(
            |(column, other)| other.as_ref().filter(|id| !places.contains_key(*id)).map(|id| (column, id)),
        );
        let Some((column, id)) = missing else {
            return true;
        };
        let place = places[&statute.id];
        let message = format!("`{}` is not in the register", safe_excerpt(id));
        table.refuse_later(place, column, Reason::UnknownStatute, message);
        false
    });
    // A part is a provision of the same law, and so of the same country.
    let country_of: std::collections::HashMap<String, String> =
        statutes.iter().map(|statute| (statute.id.clone(), statute.country.clone())).collect();
    statutes.retain(|statute| {
        let parents = statute.parent.as_ref().and_then(|parent| country_of.get(parent));
        let Some(other) = parents.filter(|country| **country != statute.country) else {
            return true;
        };
        let message = format!("`{}` is a part of a statute of {other}", safe_excerpt(&statute.id));
        table.refuse_later(places[&statute.id], COUNTRY, Reason::StatuteCountryMismatch, message);
        false
    });
    let circles: Vec<String> = statutes
        .iter()
        .filter(|statute| is_own_ancestor(statute, &statutes))
        .map(|statute| statute.id.clone())
        .collect();
    statutes.retain(|statute| !circles.contains(&statute.id));
    for id in &circles {
        let message = format!("`{}` would be a part of itself", safe_excerpt(id));
        table.refuse_later(places[id], PARENT, Reason::UnknownStatute, message);
    }
    table.close(report);
    Register::new(statutes)
}

fn is_own_ancestor(statute: &Statute, statutes: &[Statute]) -> bool {
    let mut next = statute.parent.as_deref();
    for _ in 0..statutes.len() {
        match next {
            None => return false,
            Some(id) if id == statute.id => return true,
            Some(id) => {
                next = statutes.iter().find(|other| other.id == id).and_then(|other| other.parent.as_deref());
            }
        }
    }
    // A circle above it that it is no part of: its own members are refused.
    false
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
