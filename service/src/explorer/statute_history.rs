//! The history of a statute on its page: its events, and what is known about each year.

use super::address::of_statute;
use super::evidence::behind_year;
use super::frame::PageError;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Event, EventKind, Language, Period, Statute};
use crate::package::Kind;
use crate::present::statute_history::{Series, Standing, Year, Years, years};
use crate::present::texts::{Texts, fill};
use crate::present::{number, short_name_of};
use crate::release::Release;

/// Most rows of a table that stands open: on a phone, about one screen.
const SHORT: usize = 12;

/// The history section of a statute's page.
pub struct History<'a> {
    /// The events, in order of time.
    pub moments: Vec<Moment>,
    /// The years in the dataset that is shown.
    pub years: Option<YearTable<'a>>,
}

/// An event in the history of a statute.
#[derive(Default)]
pub struct Moment {
    /// The date of the event; empty where it is not known.
    pub date: String,
    /// The kind of event, in a word or two.
    pub what: &'static str,
    /// The related statute that came before, after or beside: its name and address.
    pub related: Option<(String, String)>,
    /// The event in a sentence of its source.
    pub text: String,
    /// The meaning of the event for the figures, in a sentence of this service.
    pub note: &'static str,
    /// Address of the event's source.
    pub source: String,
    /// Whether the event breaks the series, so that figures before and after cannot be compared.
    pub breaks: bool,
}

/// The years of a statute in a dataset, with what is known about each.
pub struct YearTable<'a> {
    told: Years,
    release: &'a Release,
    statute: &'a Statute,
    language: Language,
    texts: &'static Texts,
}

impl YearTable<'_> {
    fn is_reported(&self) -> bool {
        self.release.descriptor().chargesheet.kind == Kind::Reported
    }

    /// Returns the title of the table.
    pub fn title(&self) -> String {
        let titles = self.release.descriptor().titles();
        fill(self.texts.of_life("years"), &[("dataset", titles.get(self.language))])
    }

    /// Returns the meaning of a gap in this dataset.
    pub fn gap(&self) -> &'static str {
        self.texts.of_life(if self.is_reported() { "gap_reported" } else { "gap_cases" })
    }

    /// Returns the meaning of a missing figure in a series.
    pub fn missing(&self) -> &'static str {
        self.texts.of_life(if self.is_reported() { "not_published" } else { "no_record" })
    }

    /// Returns, for each series, its outcome, its measure, and the part of the statute if the series is about one.
    pub fn columns(&self) -> Vec<(&str, String)> {
        let column = |series: &Series| {
            let Series { statute, outcome, measure } = series;
            let part = if *statute == self.statute.id { String::new() } else { format!(" ({statute})") };
            (self.outcome(*outcome), format!("{}{part}", self.texts.measure(*measure)))
        };
        self.told.series.iter().map(column).collect()
    }

    fn outcome(&self, outcome: u32) -> &str {
        self.release.label(Dimension::Outcome, outcome, self.language)
    }

    /// Returns the rows. Successive years without figures share a row if they have the same standing; a year with a break stands alone.
    pub fn rows(&self) -> impl Iterator<Item = &[Year]> {
        let is_alone = |year: &Year| Self::has_figures(year) || self.breaks(year);
        let alike =
            move |one: &Year, next: &Year| one.standing == next.standing && !is_alone(one) && !is_alone(next);
        self.told.years.chunk_by(alike)
    }

    /// Whether the table is short enough to stand open.
    pub fn is_short(&self) -> bool {
        self.rows().count() <= SHORT
    }

    /// Returns the year of a row, or its first and last year.
    pub fn span(&self, row: &[Year]) -> String {
        match row {
            [first, .., last] => format!("{}–{}", first.year, last.year),
            _ => row.iter().map(|year| year.year.to_string()).collect(),
        }
    }

    /// Whether the series breaks in a year.
    pub fn breaks(&self, year: &Year) -> bool {
        self.release.breaks(&self.statute.id).into_iter().any(|own| own.year() == year.year)
    }

    /// Whether a year has figures.
    pub fn has_figures(year: &Year) -> bool {
        matches!(year.standing, Standing::Figures | Standing::Zero)
    }

    /// Returns the figures of a year, each with its series.
    pub fn figures<'y>(&'y self, year: &'y Year) -> impl Iterator<Item = (&'y Series, Option<u64>)> {
        self.told.series.iter().zip(year.values.iter().copied())
    }

    /// Returns the address of the evidence for a figure, the name of the link, and the figure as text.
    pub fn linked(&self, series: &Series, year: &Year, value: u64) -> (String, String, String) {
        let text = number(value, self.texts);
        let measure = self.texts.measure(series.measure).to_lowercase();
        let of = format!("{}, {}, {measure}", year.year, self.outcome(series.outcome));
        let name = fill(self.texts.evidence.get("cell"), &[("value", &text), ("cell", &of)]);
        (behind_year(self.release, series, year.year), name, text)
    }
}

/// Returns the history of a statute, with its years in the dataset that is shown; `None` where nothing is known.
///
/// # Errors
/// On a bug.
pub fn history<'a>(
    catalog: &Catalog,
    statute: &'a Statute,
    shown: Option<&'a Dataset>,
    language: Language,
) -> Result<Option<History<'a>>, PageError> {
    let moments = moments(catalog, statute, language);
    let table = |dataset: &'a Dataset| {
        let (told, texts) = (years(dataset, &statute.id)?, Texts::of(language));
        Ok::<_, PageError>(YearTable { told, release: &dataset.release, statute, language, texts })
    };
    let years = shown.map(table).transpose()?.filter(|table| !table.told.years.is_empty());
    Ok((!moments.is_empty() || years.is_some()).then_some(History { moments, years }))
}

/// The order of events on the same day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Predecessor,
    Begins,
    Happens,
    Ends,
    Successor,
}

fn moments(catalog: &Catalog, statute: &Statute, language: Language) -> Vec<Moment> {
    let texts = Texts::of(language);
    let mut all: Vec<(Option<Period>, Turn, Moment)> = Vec::new();
    let mut add = |date: Option<Period>, turn, moment| {
        all.push((
            date,
            turn,
            Moment { date: date.map_or(String::new(), |date| date.to_string()), ..moment },
        ));
    };
    let link = |id: &str| {
        let other = catalog.statute(id)?;
        let name = format!("{}: {}", short_name_of(other, language), other.title.get(language));
        Some((name, of_statute(id, language)))
    };
    let plain =
        |key: &'static str, related| Moment { what: texts.of_life(key), related, ..Moment::default() };
    let told = |event: &Event, key: &'static str, related| Moment {
        text: event.text.get(language).to_owned(),
        source: event.url.clone(),
        breaks: event.breaks_series,
        ..plain(key, related)
    };
    let renumbered = |id: &str, other: &str| {
        let mut events = catalog.history(id).into_iter().map(|(_, event)| event);
        events.find(|event| event.kind == EventKind::Renumbered && event.related.as_deref() == Some(other))
    };
    let is_told = |id: &str| renumbered(&statute.id, id).is_some();
    for before in catalog.predecessors(&statute.id).into_iter().filter(|before| !is_told(&before.id)) {
        let passed = renumbered(&before.id, &statute.id);
        let date = statute.in_force_from.or(passed.map(|event| event.date)).or(before.in_force_to);
        let moment = match passed {
            // The source's sentence is about the other statute, so it is left out.
            Some(event) => Moment { text: String::new(), ..told(event, "predecessor", link(&before.id)) },
            None => plain("predecessor", link(&before.id)),
        };
        add(date, Turn::Predecessor, moment);
    }
    if let Some(from) = statute.in_force_from {
        add(Some(from), Turn::Begins, plain("from", None));
    }
    for (_, event) in catalog.history(&statute.id) {
        let note = if event.kind == EventKind::Parallel { texts.of_life("diverted_to") } else { "" };
        let key = match (event.kind, &event.related) {
            (EventKind::Renumbered, Some(other)) if statute.successor.as_ref() == Some(other) => "goes_on",
            (EventKind::Renumbered, Some(_)) => "predecessor",
            (kind, _) => kind.name(),
        };
        let related = event.related.as_deref().and_then(link);
        add(Some(event.date), Turn::Happens, Moment { note, ..told(event, key, related) });
    }
    for (_, event) in catalog.diverted_to(&statute.id) {
        // The break is in the other statute's series, not in this one.
        let (breaks, note) = (false, texts.of_life("diverted_from"));
        let moment = told(event, "parallel_to", link(&event.statute));
        add(Some(event.date), Turn::Happens, Moment { breaks, note, ..moment });
    }
    if let Some(to) = statute.in_force_to {
        add(Some(to), Turn::Ends, plain("to", None));
    }
    if let Some(successor) = statute.successor.as_deref().filter(|id| !is_told(id)) {
        add(statute.in_force_to, Turn::Successor, plain("successor", link(successor)));
    }
    // An event without a date stands first if it is a beginning, and last otherwise.
    let place = |date: Option<Period>, turn: Turn| {
        date.map_or(if turn <= Turn::Begins { 0 } else { u32::MAX }, Period::packed)
    };
    all.sort_by_key(|(date, turn, _)| (place(*date, *turn), *turn));
    all.into_iter().map(|(_, _, moment)| moment).collect()
}
