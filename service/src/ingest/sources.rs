//! `sources.csv`: who published the figures of a reported dataset, and how they counted.

use super::dictionary::composed;
use super::field::{Dates, address, word};
use super::header::{Column, Need};
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::unique::Unique;
use crate::domain::Period;
use crate::package::Source;

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

pub(super) const COLUMNS: [Column; 9] = [
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

/// The words that columns allow.
const KINDS: &[&str] = &["official", "ngo", "press"];
const COUNTING_RULES: &[&str] = &["not-stated", "principal-offence", "any-charge"];
const TIME_BASES: &[&str] = &["not-stated", "offence", "registration", "charge", "first-instance", "final"];
const MEASURE_TYPES: &[&str] = &["flow", "stock"];

impl FigureSource {
    /// Returns one of the words that the columns allow as the one that is compiled in.
    pub fn word_of(text: &str) -> Option<&'static str> {
        let all = [KINDS, COUNTING_RULES, TIME_BASES, MEASURE_TYPES];
        all.into_iter().flatten().copied().find(|word| *word == text)
    }
}

/// Reads the sources, in byte order of their ids: the place of a source is its code. `None` when the file as a
/// whole cannot be read as a table.
pub fn read(
    source: Source<'_>,
    dates: &Dates,
    rules: &Rules,
    report: &mut Report,
) -> Option<Vec<FigureSource>> {
    let mut table = Table::open(source, &COLUMNS, rules, report)?;
    let mut unique: Unique<FigureSource> = Unique::new();
    table.for_each(|row| {
        let read = row.filled().and_then(|()| figure_source(row, dates));
        let source = read.inspect_err(|_| unique.refuse(composed(row.text(SOURCE)).into_owned()))?;
        if unique.len() > usize::from(u16::MAX) {
            return Err(Refusal::new(SOURCE, Reason::TooMany, "is one source more than fit").into());
        }
        unique.take(source.id.clone(), source, row.place);
        Ok(Taken::Kept)
    });
    let (mut sources, _places) = unique.settle(&mut table, SOURCE);
    table.close(report);
    sources.sort_by(|left, right| left.id.cmp(&right.id));
    Some(sources)
}

fn figure_source(row: &Row<'_>, dates: &Dates) -> Result<FigureSource, Refusals> {
    let mut faults = Refusals::default();
    let id = row.text(SOURCE);
    // In an answer, ids stand beside each other with a space between them.
    if id.contains(char::is_whitespace) || id.contains(',') {
        let message = "has a space or a comma, which an id cannot have";
        faults.note::<()>(Err(Refusal::new(SOURCE, Reason::UnknownWord, message)));
    }
    let url = faults.note(address(row, URL).map(str::to_owned));
    let published = faults.note(dates.optional(row, PUBLISHED));
    let mut one_of = |column, words| faults.note(word(row, column, words)).unwrap_or_default();
    let (kind, counting_rule) = (one_of(KIND, KINDS), one_of(COUNTING_RULE, COUNTING_RULES));
    let (time_basis, measure_type) = (one_of(TIME_BASIS, TIME_BASES), one_of(MEASURE_TYPE, MEASURE_TYPES));
    faults.settle()?;
    Ok(FigureSource {
        id: composed(id).into_owned(),
        publisher: row.text(PUBLISHER).to_owned(),
        title: row.text(TITLE).to_owned(),
        url: url.unwrap_or_default(),
        published: published.flatten(),
        kind,
        counting_rule,
        time_basis,
        measure_type,
    })
}
