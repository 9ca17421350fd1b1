//! The history of a statute on its page: what happened to it, and what is known of each year.

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

/// The section.
pub struct History {
    /// What happened, in order of time.
    pub moments: Vec<Moment>,
    /// The years in the dataset shown.
    pub years: Option<YearTable>,
}

/// Something that happened.
#[derive(Default)]
pub struct Moment {
    /// When; empty where it is not known.
    pub date: String,
    /// What, in a word or two.
    pub what: &'static str,
    /// Another statute that it leads to or comes from: its name and address.
    pub related: Option<(String, String)>,
    /// It in a sentence of its source.
    pub text: String,
    /// What it means for the figures, in ours.
    pub note: &'static str,
    /// Address of its source.
    pub source: String,
    /// Whether figures before and after cannot be compared.
    pub breaks: bool,
}

/// Years, those without any figure that stand alike in one row.
pub struct YearTable {
    /// What the table is of.
    pub title: String,
    /// For each series its outcome, what is counted, and the part of the statute where it is one.
    pub columns: Vec<(String, String)>,
    pub rows: Vec<YearRow>,
    /// What a gap means here.
    pub gap: &'static str,
}

/// A row of years.
pub struct YearRow {
    /// The year, or the first and the last.
    pub years: String,
    /// Whether a series breaks there.
    pub breaks: bool,
    /// How it stands, as a class.
    pub standing: &'static str,
    /// How it stands, in words; empty where there are figures.
    pub words: &'static str,
    pub cells: Vec<YearCell>,
}

/// A figure of a year.
#[derive(Default)]
pub struct YearCell {
    /// The figure; empty where there is none.
    pub text: String,
    /// What it means that there is none, or that it is zero.
    pub words: &'static str,
    /// Address of what stands behind it.
    pub evidence: String,
    /// The name of the link there.
    pub evidence_name: String,
}

/// Returns the history of a statute, with its years in the dataset shown; `None` where nothing is known.
///
/// # Errors
/// On a bug.
pub fn history(
    catalog: &Catalog,
    statute: &Statute,
    shown: Option<&Dataset>,
    language: Language,
) -> Result<Option<History>, PageError> {
    let moments = moments(catalog, statute, language);
    let told =
        shown.map(|dataset| Ok::<_, PageError>((years(dataset, &statute.id)?, dataset))).transpose()?;
    let told = told.filter(|(years, _)| !years.years.is_empty());
    let years = told.map(|(years, dataset)| year_table(&years, dataset, statute, language));
    Ok((!moments.is_empty() || years.is_some()).then_some(History { moments, years }))
}

/// Where a moment stands among those of one day.
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
            // Its sentence is said of the other statute.
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
        // It is the other statute's series that breaks.
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
    // What has no date stands first where it came before, and last where it came after.
    let place = |date: Option<Period>, turn: Turn| {
        date.map_or(if turn <= Turn::Begins { 0 } else { u32::MAX }, Period::packed)
    };
    all.sort_by_key(|(date, turn, _)| (place(*date, *turn), *turn));
    all.into_iter().map(|(_, _, moment)| moment).collect()
}

fn year_table(told: &Years, dataset: &Dataset, statute: &Statute, language: Language) -> YearTable {
    let (release, texts) = (&dataset.release, Texts::of(language));
    let breaks: Vec<i32> = release.breaks(&statute.id).into_iter().map(Period::year).collect();
    let is_reported = release.descriptor().chargesheet.kind == Kind::Reported;
    let missing = texts.of_life(if is_reported { "not_published" } else { "no_record" });
    let has_figures = |year: &Year| matches!(year.standing, Standing::Figures | Standing::Zero);
    // A year in which the series breaks stands alone, and so does one with figures.
    let is_alone = |year: &Year| has_figures(year) || breaks.contains(&year.year);
    let alike = |one: &Year, next: &Year| one.standing == next.standing && !is_alone(one) && !is_alone(next);
    let row = |years: &[Year]| {
        let (year, last) = (&years[0], &years[years.len() - 1]);
        let has_figures = has_figures(year);
        YearRow {
            years: if years.len() == 1 {
                year.year.to_string()
            } else {
                format!("{}–{}", year.year, last.year)
            },
            breaks: breaks.contains(&year.year),
            standing: year.standing.name(),
            words: if has_figures { "" } else { texts.of_life(year.standing.name()) },
            cells: if has_figures { cells(told, year, missing, release, language) } else { Vec::new() },
        }
    };
    let column = |series: &Series| {
        let outcome = release.label(Dimension::Outcome, series.outcome, language).to_owned();
        let is_own = series.statute == statute.id;
        let part = if is_own { String::new() } else { format!(" ({})", series.statute) };
        (outcome, format!("{}{part}", texts.measure(series.measure)))
    };
    YearTable {
        title: fill(texts.of_life("years"), &[("dataset", release.descriptor().titles().get(language))]),
        columns: told.series.iter().map(column).collect(),
        rows: told.years.chunk_by(alike).map(row).collect(),
        gap: texts.of_life(if is_reported { "gap_reported" } else { "gap_cases" }),
    }
}

fn cells(
    told: &Years,
    year: &Year,
    missing: &'static str,
    release: &Release,
    language: Language,
) -> Vec<YearCell> {
    let texts = Texts::of(language);
    let cell = |(series, value): (&Series, &Option<u64>)| {
        let Some(value) = *value else { return YearCell { words: missing, ..YearCell::default() } };
        let text = number(value, texts);
        let outcome = release.label(Dimension::Outcome, series.outcome, language);
        let of = format!("{}, {outcome}, {}", year.year, texts.measure(series.measure).to_lowercase());
        YearCell {
            words: if value == 0 { texts.of_life("zero") } else { "" },
            evidence: behind_year(release, series, year.year),
            evidence_name: fill(texts.evidence.get("cell"), &[("value", &text), ("cell", &of)]),
            text,
        }
    };
    told.series.iter().zip(&year.values).map(cell).collect()
}
