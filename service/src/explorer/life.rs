//! The life of a statute on its page: what happened to it, and what is known of each year.

use super::PageError;
use super::evidence::behind_year;
use super::index::statute_address;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Event, EventKind, Language, Period, Statute};
use crate::present::life::{Series, Standing, Year, Years, years};
use crate::present::texts::{Texts, fill};
use crate::present::{number, short_name_of};
use crate::release::Release;

/// The section.
pub struct Life {
    /// What happened, in order of time.
    pub moments: Vec<Moment>,
    /// The years in the dataset shown.
    pub years: Option<YearTable>,
}

/// Something that happened.
pub struct Moment {
    /// When; empty where it is not known.
    pub date: String,
    /// What, in a word or two.
    pub what: String,
    /// Another statute that it leads to or comes from: its name and address.
    pub related: Option<(String, String)>,
    /// It in a sentence of its source.
    pub text: String,
    /// What it means for the figures, in ours.
    pub note: String,
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

/// Returns the life of a statute, with its years in the dataset shown; `None` where nothing is known.
///
/// # Errors
/// On a bug.
pub fn life(
    catalog: &Catalog,
    statute: &Statute,
    shown: Option<&Dataset>,
    language: Language,
) -> Result<Option<Life>, PageError> {
    let texts = Texts::of(language);
    let moments = moments(catalog, statute, texts, language);
    let table = match shown {
        None => None,
        Some(dataset) => {
            let told = years(dataset, &statute.id)?;
            (!told.years.is_empty()).then(|| year_table(&told, dataset, statute, texts, language))
        }
    };
    Ok((!moments.is_empty() || table.is_some()).then_some(Life { moments, years: table }))
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

fn moments(catalog: &Catalog, statute: &Statute, texts: &'static Texts, language: Language) -> Vec<Moment> {
    let mut all: Vec<(Option<Period>, Turn, Moment)> = Vec::new();
    let link = |id: &str| {
        let other = catalog.statute(id)?;
        let name = format!("{}: {}", short_name_of(other, language), other.title.get(language));
        Some((name, statute_address(id, language)))
    };
    let plain = |key: &str, related| Moment {
        date: String::new(),
        what: texts.of_life(key).to_owned(),
        related,
        text: String::new(),
        note: String::new(),
        source: String::new(),
        breaks: false,
    };
    let told = |event: &Event, key: &str, related: Option<(String, String)>| Moment {
        what: texts.of_life(key).to_owned(),
        related,
        text: event.text.get(language).to_owned(),
        note: String::new(),
        source: event.url.clone(),
        breaks: event.breaks_series,
        date: String::new(),
    };
    let own: Vec<&Event> = catalog.history(&statute.id).into_iter().map(|(_, event)| event).collect();
    let is_told = |id: &str| {
        let passes = |event: &&Event| event.kind == EventKind::Renumbered;
        own.iter().copied().filter(passes).any(|event| event.related.as_deref() == Some(id))
    };
    for before in catalog.predecessors(&statute.id).into_iter().filter(|before| !is_told(&before.id)) {
        let passed =
            catalog.history(&before.id).into_iter().map(|(_, event)| event).find(|event| {
                event.kind == EventKind::Renumbered && event.related.as_ref() == Some(&statute.id)
            });
        let date = statute.in_force_from.or(passed.map(|event| event.date)).or(before.in_force_to);
        let moment = match passed {
            // Its sentence is said of the other statute.
            Some(event) => Moment { text: String::new(), ..told(event, "predecessor", link(&before.id)) },
            None => plain("predecessor", link(&before.id)),
        };
        all.push((date, Turn::Predecessor, moment));
    }
    if let Some(from) = statute.in_force_from {
        all.push((Some(from), Turn::Begins, plain("from", None)));
    }
    for event in &own {
        let diverted = if event.kind == EventKind::Parallel { texts.of_life("diverted_to") } else { "" };
        let key = match (event.kind, &event.related) {
            (EventKind::Renumbered, Some(other)) if statute.successor.as_ref() == Some(other) => "goes_on",
            (EventKind::Renumbered, Some(_)) => "predecessor",
            (kind, _) => kind.name(),
        };
        let related = event.related.as_deref().and_then(link);
        let moment = Moment { note: diverted.to_owned(), ..told(event, key, related) };
        all.push((Some(event.date), Turn::Happens, moment));
    }
    for (_, event) in catalog.diverted_to(&statute.id) {
        let moment = Moment {
            // It is the other statute's series that breaks.
            breaks: false,
            note: texts.of_life("diverted_from").to_owned(),
            ..told(event, "parallel_to", link(&event.statute))
        };
        all.push((Some(event.date), Turn::Happens, moment));
    }
    if let Some(to) = statute.in_force_to {
        all.push((Some(to), Turn::Ends, plain("to", None)));
    }
    if let Some(successor) = statute.successor.as_deref().filter(|id| !is_told(id)) {
        all.push((statute.in_force_to, Turn::Successor, plain("successor", link(successor))));
    }
    // What has no date stands first where it came before, and last where it came after.
    let place = |date: Option<Period>, turn: Turn| {
        date.map_or(if turn <= Turn::Begins { 0 } else { u32::MAX }, Period::packed)
    };
    all.sort_by_key(|(date, turn, _)| (place(*date, *turn), *turn));
    let dated = |(date, _, moment): (Option<Period>, Turn, Moment)| Moment {
        date: date.map_or(String::new(), |date| date.to_string()),
        ..moment
    };
    all.into_iter().map(dated).collect()
}

fn year_table(
    told: &Years,
    dataset: &Dataset,
    statute: &Statute,
    texts: &'static Texts,
    language: Language,
) -> YearTable {
    let release = &dataset.release;
    let breaks: Vec<i32> = release.breaks(&statute.id).into_iter().map(Period::year).collect();
    let is_reported = release.descriptor().chargesheet.kind == crate::package::Kind::Reported;
    let missing = texts.of_life(if is_reported { "not_published" } else { "no_record" });
    let mut rows: Vec<YearRow> = Vec::new();
    let mut first = 0;
    while let Some(year) = told.years.get(first) {
        let has_figures = matches!(year.standing, Standing::Figures | Standing::Zero);
        let alike =
            |other: &&Year| other.standing == year.standing && !has_figures && !breaks.contains(&other.year);
        // A year in which the series breaks stands alone.
        let more = match breaks.contains(&year.year) {
            true => 0,
            false => told.years[first + 1..].iter().take_while(alike).count(),
        };
        let last = &told.years[first + more];
        rows.push(YearRow {
            years: if more == 0 { year.year.to_string() } else { format!("{}–{}", year.year, last.year) },
            breaks: breaks.contains(&year.year),
            standing: year.standing.name(),
            words: if has_figures { "" } else { texts.of_life(year.standing.name()) },
            cells: if has_figures { cells(told, year, missing, release, language) } else { Vec::new() },
        });
        first += more + 1;
    }
    let column = |series: &Series| {
        let outcome = release.label(Dimension::Outcome, series.outcome, language).to_owned();
        let measure = texts.measure(series.measure);
        let part =
            if series.statute == statute.id { String::new() } else { format!(" ({})", series.statute) };
        (outcome, format!("{measure}{part}"))
    };
    YearTable {
        title: fill(texts.of_life("years"), &[("dataset", release.descriptor().titles().get(language))]),
        columns: told.series.iter().map(column).collect(),
        rows,
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
        let Some(value) = value else {
            let (text, evidence, evidence_name) = (String::new(), String::new(), String::new());
            return YearCell { text, words: missing, evidence, evidence_name };
        };
        let text = number(*value, texts);
        let outcome = release.label(Dimension::Outcome, series.outcome, language);
        let of = format!("{}, {outcome}, {}", year.year, texts.measure(series.measure).to_lowercase());
        YearCell {
            words: if *value == 0 { texts.of_life("zero") } else { "" },
            evidence: behind_year(release, series, year.year),
            evidence_name: fill(&texts.evidence.cell, &[("value", &text), ("cell", &of)]),
            text,
        }
    };
    told.series.iter().zip(&year.values).map(cell).collect()
}
