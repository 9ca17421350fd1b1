//! The third answer: what cannot be said?

use std::collections::BTreeSet;

use super::known::{ENDED, Known, Line};
use super::words::Words;
use crate::catalog::Catalog;
use crate::domain::{EventKind, Lists, Measure};
use crate::present::texts::fill;

/// Most sentences before the last two, which are always said where they are true.
const MOST: usize = 4;

/// Returns the sentences, the most important first.
pub fn texts(catalog: &Catalog, known: &Known, lead: Option<&Line>, words: &Words) -> Vec<String> {
    if !known.has_figures() && known.charges.is_empty() {
        return vec![words.say("k-unknown", &[])];
    }
    let compared = lead.map_or(0, |line| line.facts.used.len());
    let mut out = Vec::new();
    if compared == 1 {
        out.push(words.say("k-one", &[]));
    } else if lead.is_none() && !known.spans.is_empty() {
        let count = known.spans.len() as u64;
        out.push(words.say_by("k-periods", count, &[("count", &words.number(count))]));
    }
    if let Some(line) = lead.filter(|line| line.facts.is_cut) {
        out.push(words.say_years("k-break", "breaks", &line.facts.breaks, &[]));
    }
    out.extend(diverted(catalog, known, words));
    out.extend(of_provision(known, words));
    out.extend(of_people(known, lead, words));
    if let Some(line) = lead {
        out.extend(of_years(known, line, words));
    }
    if known.lines.iter().any(|line| line.outcome == "convicted-additional") {
        out.push(words.say("k-additional", &[]));
    }
    out.extend(lead.filter(|line| line.area.is_empty()).and_then(|_| apart(known, words)));
    if !known.charges.is_empty() && !known.has_figures() {
        out.push(words.say("k-documented", &[]));
    }
    out.truncate(MOST);
    if known.has_figures() && known.notes > 0 {
        let count = words.number(known.notes as u64);
        out.push(words.say_by("k-notes", known.notes as u64, &[("count", &count)]));
    }
    if compared >= 2 {
        out.push(words.say("k-why", &[]));
    }
    out
}

/// Tells how many figures stand by themselves: of other periods, and of parts of the country.
fn apart(known: &Known, words: &Words) -> Option<String> {
    let in_areas = known.lines.iter().filter(|line| !line.area.is_empty()).map(|line| line.points.len());
    let areas = in_areas.sum::<usize>() + known.spans.iter().filter(|own| !own.area.is_empty()).count();
    let periods = known.spans.iter().filter(|own| own.area.is_empty()).count();
    let key = match (periods, areas) {
        (0, 0) => return None,
        (_, 0) => "k-apart-periods",
        (0, _) => "k-apart-areas",
        _ => "k-apart-both",
    };
    let count = (periods + areas) as u64;
    Some(words.say_by(key, count, &[("count", &words.number(count))]))
}

/// Tells the statutes to which cases were diverted.
fn diverted(catalog: &Catalog, known: &Known, words: &Words) -> Vec<String> {
    let parallel = known.history.iter().filter(|event| event.kind == EventKind::Parallel);
    let related =
        parallel.filter_map(|event| Some((event.date.year(), catalog.statute(event.related.as_deref()?)?)));
    let told = related.map(|(year, other)| {
        let article = fill(&words.texts.article, &[("article", &other.article)]);
        let name = format!("{article}, {}", other.title.get(words.language));
        words.say("k-diverted", &[("year", &year.to_string()), ("statute", &name)])
    });
    told.collect()
}

/// Tells that the figures are of several provisions, or of a whole law.
fn of_provision(known: &Known, words: &Words) -> Option<String> {
    let statute = known.statute;
    let title = statute.title.get(crate::domain::Language::ENGLISH);
    let is_group = statute.offence == "several" || title.contains(" together");
    let key = match (is_group, statute.article.is_empty()) {
        (true, _) => "k-group",
        (false, true) => "k-act",
        (false, false) => return None,
    };
    known.has_figures().then(|| words.say(key, &[]))
}

/// Tells that nobody is known to be accused, or that only cases are counted.
fn of_people(known: &Known, lead: Option<&Line>, words: &Words) -> Option<String> {
    let lead = lead?;
    let lines = known.lines.iter().map(|line| (line.outcome.as_str(), line.measure));
    let mut all = lines.chain(known.spans.iter().map(|own| (own.outcome, own.measure)));
    let is_accused = |outcome: &str| ["charged", "prosecuted", "convicted", ENDED].contains(&outcome);
    let has_accused =
        all.clone().any(|(outcome, measure)| measure == Measure::Persons && is_accused(outcome));
    let stage = Lists::bundled().outcomes.get(&lead.outcome).map_or("", |entry| entry.stage.as_str());
    if stage == "registered" && !has_accused {
        return Some(words.say("k-early", &[]));
    }
    let counts_people = all.any(|(_, measure)| measure == Measure::Persons);
    (lead.measure == Measure::Cases && !counts_people).then(|| words.say("k-people", &[]))
}

/// Tells the years without a figure, and those on which sources disagree.
fn of_years(known: &Known, line: &Line, words: &Words) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((first, last)) = line.facts.ends() {
        let gaps: Vec<i32> = (first.year..=last.year).filter(|&year| line.of(year).is_none()).collect();
        if !gaps.is_empty() {
            out.push(words.say_years("k-gaps", "years", &gaps, &[]));
        }
    }
    // Whatever the page names of a year can be what sources disagree on.
    let same = known.lines.iter().filter(|other| other.area == line.area).flat_map(|other| &other.points);
    let disputed: BTreeSet<i32> = same.filter(|own| own.is_disputed).map(|own| own.year).collect();
    let disputed: Vec<i32> = disputed.into_iter().collect();
    if !disputed.is_empty() && !line.facts.used.is_empty() {
        out.push(words.say_years("k-disputed", "years", &disputed, &[]));
    }
    out
}
