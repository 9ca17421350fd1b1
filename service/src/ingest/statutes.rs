//! `statutes.csv` into a register.

use std::collections::{BTreeMap, HashMap};

use super::dictionary::{Dictionary, composed};
use super::excerpt::safe_excerpt;
use super::field::{Dates, Vocabulary, address, listed, separable, similar_words};
use super::header::{Column, Need};
use super::places::Place;
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::similar::similar;
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
    let mut statutes: Vec<Statute> = Vec::new();
    let mut known: HashMap<String, (usize, Place)> = HashMap::new();
    let mut repeated: Vec<(Place, String)> = Vec::new();
    let mut conflicting: Vec<(Place, String)> = Vec::new();
    let mut vocabulary = Vocabulary::default();
    table.for_each(|row| {
        row.filled()?;
        let statute = statute(row, dates, &mut vocabulary)?;
        if let Some(&(first, _)) = known.get(&statute.id) {
            let again = if statutes[first] == statute { &mut repeated } else { &mut conflicting };
            again.push((row.place, statute.id));
            return Ok(Taken::Kept);
        }
        if statutes.len() == Register::LIMIT {
            let message = format!("is one more than {}", Register::LIMIT);
            return Err(Refusal::new(STATUTE, Reason::TooMany, message).into());
        }
        known.insert(statute.id.clone(), (statutes.len(), row.place));
        statutes.push(statute);
        Ok(Taken::Kept)
    });
    let places: HashMap<String, Place> = known.into_iter().map(|(id, (_, place))| (id, place)).collect();
    // Nobody can know which of two is right, so none is taken.
    let firsts: BTreeMap<String, Place> =
        conflicting.iter().map(|(_, id)| (id.clone(), places[id])).collect();
    let (same, others): (Vec<_>, Vec<_>) = repeated.into_iter().partition(|(_, id)| !firsts.contains_key(id));
    for (place, id) in same {
        table.repeat_later(place, places[&id], STATUTE);
    }
    let firsts_too = firsts.iter().map(|(id, place)| (*place, id.clone()));
    for (place, id) in firsts_too.chain(others).chain(conflicting) {
        let message = format!("`{}` stands in the register with different content", safe_excerpt(&id));
        table.refuse_later(place, STATUTE, Reason::ConflictingDuplicate, message);
    }
    statutes.retain(|statute| !firsts.contains_key(&statute.id));
    let mut ids = Dictionary::default();
    for statute in &statutes {
        ids.code(&statute.id);
    }
    for (first, other) in similar(&ids) {
        let words = || similar_words(ids.text(first), ids.text(other));
        table.warn(places[ids.text(other)], STATUTE, Reason::SimilarIds, words);
    }
    // Parents and successors may stand below the rows that name them, so they are checked at the end.
    statutes.retain(|statute| {
        let missing = [(PARENT, &statute.parent), (SUCCESSOR, &statute.successor)].into_iter().find_map(
            |(column, other)| {
                other
                    .as_ref()
                    .filter(|id| !places.contains_key(*id) || firsts.contains_key(*id))
                    .map(|id| (column, id))
            },
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
    let country_of: HashMap<String, String> =
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
    let parent_of: HashMap<&str, &str> = statutes
        .iter()
        .filter_map(|statute| Some((statute.id.as_str(), statute.parent.as_deref()?)))
        .collect();
    let circles: Vec<String> = statutes
        .iter()
        .filter(|statute| is_own_ancestor(&statute.id, &parent_of))
        .map(|statute| statute.id.clone())
        .collect();
    statutes.retain(|statute| !circles.contains(&statute.id));
    for id in &circles {
        let message = format!("`{}` would be a part of itself", safe_excerpt(id));
        table.refuse_later(places[id], PARENT, Reason::UnknownStatute, message);
    }
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

fn is_own_ancestor(statute: &str, parent_of: &HashMap<&str, &str>) -> bool {
    let mut next = parent_of.get(statute);
    for _ in 0..parent_of.len() {
        match next {
            None => return false,
            Some(id) if *id == statute => return true,
            Some(id) => next = parent_of.get(id),
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
