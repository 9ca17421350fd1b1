//! `sources.csv`: who published the figures of a reported dataset, and how they counted.

use std::io::Read;

use super::field::{Dates, address, word};
use super::reader::{Column, Need, Refusal, Table, Taken};
use super::report::{Reason, Report};
use crate::domain::Period;

/// Somebody's publication of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureSource {
    /// Its id.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, where known.
    pub published: Option<Period>,
    /// `official`, `ngo` or `press`.
    pub kind: &'static str,
    /// Which offence of a person counts: `principal-offence`, `any-charge` or `not-stated`.
    pub counting_rule: &'static str,
    /// What the year is the year of: `offence`, `registration`, `charge`, `first-instance`, `final` or `not-stated`.
    pub time_basis: &'static str,
    /// `flow`: during the year. `stock`: at one day of it.
    pub measure_type: &'static str,
}

const SOURCE: usize = 0;
const PUBLISHER: usize = 1;
const TITLE: usize = 2;
const URL: usize = 3;
const PUBLISHED: usize = 4;
const KIND: usize = 5;
const COUNTING_RULE: usize = 6;
const TIME_BASIS: usize = 7;
const MEASURE_TYPE: usize = 8;

const COLUMNS: [Column; 9] = [
    Column { name: "source", need: Need::Filled },
    Column { name: "publisher", need: Need::Filled },
    Column { name: "title", need: Need::Filled },
    Column { name: "url", need: Need::Filled },
    Column { name: "published", need: Need::Present },
    Column { name: "kind", need: Need::Filled },
    Column { name: "counting_rule", need: Need::Present },
    Column { name: "time_basis", need: Need::Present },
    Column { name: "measure_type", need: Need::Present },
];

/// Reads the sources, in byte order of their ids: the place of a source is its code.
pub fn read(
    file: &str,
    input: Box<dyn Read + '_>,
    dates: &mut Dates,
    report: &mut Report,
) -> Vec<FigureSource> {
    let Some(mut table) = Table::open(file, input, &COLUMNS, report) else {
        return Vec::new();
    };
    let mut sources: Vec<FigureSource> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    table.for_each(|row| {
        let id = row.text(SOURCE);
        // In an answer, ids stand beside each other with a space between them.
        if id.contains(char::is_whitespace) || id.contains(',') {
            return Err(Refusal::new(
                SOURCE,
                Reason::UnknownWord,
                "has a space or a comma, which an id cannot have",
            ));
        }
        if sources.len() > usize::from(u16::MAX) {
            return Err(Refusal::new(SOURCE, Reason::TooMany, "is one source more than fit"));
        }
        let source = FigureSource {
            id: id.to_owned(),
            publisher: row.text(PUBLISHER).to_owned(),
            title: row.text(TITLE).to_owned(),
            url: address(row, URL)?.to_owned(),
            published: dates.optional(row, PUBLISHED)?,
            kind: word(row, KIND, &["official", "ngo", "press"])?,
            counting_rule: word(row, COUNTING_RULE, &["not-stated", "principal-offence", "any-charge"])?,
            time_basis: word(
                row,
                TIME_BASIS,
                &["not-stated", "offence", "registration", "charge", "first-instance", "final"],
            )?,
            measure_type: word(row, MEASURE_TYPE, &["flow", "stock"])?,
        };
        if !seen.insert(id.to_owned()) {
            return Err(Refusal::new(SOURCE, Reason::ConflictingDuplicate, "is in sources.csv already"));
        }
        sources.push(source);
        Ok(Taken::Kept)
    });
    table.close(report);
    sources.sort_by(|left, right| left.id.cmp(&right.id));
    sources
}
