//! The second answer: how does it end?

use std::collections::{BTreeMap, BTreeSet};

use super::known::{Apart, ENDED, Known, Line, parent, rank};
use super::used::{newest, what};
use super::words::{Words, with_first};
use crate::domain::{Lists, Measure};
use crate::present::span_text;
use crate::trend::{ACQUITTED, CONVICTED, ENDED as WITHOUT_VERDICT, Point, SMALL};

/// How many years back the latest results may be, where an earlier year has more of them.
const RECENT: i32 = 5;

/// The parts of convictions that are told where the dataset's outcomes are complete.
const SENTENCES: [&str; 3] = ["sentenced-prison", "suspended-sentence", "fined"];

/// Returns the answer for a statute.
pub fn text(known: &Known, lead: Option<&Line>, words: &Words) -> String {
    // Where there are figures of the whole country, those of its parts are left out.
    let has_whole = known.lines.iter().map(|line| line.area).chain(known.spans.iter().map(|own| own.area));
    let has_whole = has_whole.into_iter().any(str::is_empty);
    let lines: Vec<&Line> = known.lines.iter().filter(|line| !has_whole || line.area.is_empty()).collect();
    let spans: Vec<&Apart> = known.spans.iter().filter(|own| !has_whole || own.area.is_empty()).collect();
    let mut out = match known.lines.iter().find(|line| line.outcome == ENDED && !line.points.is_empty()) {
        Some(ended) => complete(known, ended, words),
        None => of_results(&lines, words).or_else(|| of_periods(&spans, words)).unwrap_or_default(),
    };
    if out.is_empty() && known.has_figures() {
        let what = match lead {
            Some(line) => what(line, words),
            None => {
                newest(known.spans.iter()).map_or(String::new(), |own| words.phrase(own.outcome, own.measure))
            }
        };
        out.push(words.say("e-early", &[("what", &what)]));
    }
    let charges: u64 = known.charges.values().sum();
    if charges > 0 {
        let mut by: Vec<(&String, &u64)> = known.charges.iter().collect();
        by.sort_by_key(|(outcome, _)| rank(outcome));
        let list: Vec<String> = by.into_iter().map(|(outcome, count)| item(outcome, *count, words)).collect();
        let values = [("count", &*words.number(charges)), ("list", &list.join(", "))];
        out.push(words.say_by("e-documented", charges, &values));
    }
    out.retain(|text| !text.is_empty());
    if out.is_empty() { words.say("e-none", &[]) } else { out.join(" ") }
}

/// Tells the results of the last year in which all of them are known. Only these may be divided by their sum.
fn complete(known: &Known, ended: &Line, words: &Words) -> Vec<String> {
    let Some(point) = ended.points.last() else { return Vec::new() };
    let complete = ended.dataset.release.descriptor().complete_outcomes();
    let own = |line: &&Line| {
        std::ptr::eq(line.dataset, ended.dataset)
            && line.area.is_empty()
            && (line.measure, line.rule) == (ended.measure, ended.rule)
    };
    let value = |outcome: &str| {
        let mut lines = known.lines.iter().filter(own);
        lines
            .find(|line| line.outcome == outcome)
            .and_then(|line| line.of(point.year))
            .map_or(0, |point| point.value)
    };
    let among = |wanted: &dyn Fn(&str) -> bool| -> u64 {
        complete.iter().filter(|outcome| wanted(outcome)).map(|outcome| value(outcome)).sum()
    };
    let (total, mut printed, mut items) = (point.value, 0, Vec::new());
    let is_named = |outcome: &str| {
        CONVICTED.contains(&outcome) || ACQUITTED.contains(&outcome) || WITHOUT_VERDICT.contains(&outcome)
    };
    let medical = |outcome: &str| outcome == "medical-measures";
    for (key, count, is_always) in [
        ("i-convicted", among(&|outcome| CONVICTED.contains(&outcome)), true),
        ("i-acquitted", among(&|outcome| ACQUITTED.contains(&outcome)), true),
        ("i-without-verdict", among(&|outcome| WITHOUT_VERDICT.contains(&outcome)), false),
        ("i-medical", among(&medical), false),
        ("i-other", among(&|outcome| !is_named(outcome) && !medical(outcome)), false),
    ] {
        if count > 0 || is_always {
            let share = if total < SMALL { String::new() } else { share(count, total, &mut printed, words) };
            items.push(format!("{}{share}", words.say_by(key, count, &[("count", &words.number(count))])));
        }
    }
    let (year, list, count) = (point.year.to_string(), items.join(", "), words.number(total));
    let rounded = match printed {
        100 => String::new(),
        sum => words.say("rounded", &[("sum", &sum.to_string())]),
    };
    let values = [("year", year.as_str()), ("ended", &count), ("list", &list), ("rounded", &rounded)];
    let first = match total {
        0 => words.say("e-complete-zero", &values),
        _ if total < SMALL => words.say_by("e-complete-small", total, &values),
        _ => words.say_by("e-complete", total, &values),
    };
    let parts = SENTENCES.iter().map(|outcome| (*outcome, value(outcome))).collect();
    vec![first, parts_of(parts, value("convicted"), words)]
}

/// Returns a part of a whole in whole per cent, and adds what is printed. A half is rounded up.
fn share(part: u64, whole: u64, printed: &mut u64, words: &Words) -> String {
    if part == 0 {
        return String::new();
    }
    let percent = (200 * part + whole) / (2 * whole);
    *printed += percent;
    match percent {
        0 => words.say("share-under", &[]),
        100 if part < whole => words.say("share-over", &[]),
        _ => words.say("share", &[("percent", &percent.to_string())]),
    }
}

/// Tells the parts of a number of convicted, which may be more or fewer than all of them.
fn parts_of(mut parts: Vec<(&str, u64)>, whole: u64, words: &Words) -> String {
    parts.retain(|(_, count)| *count > 0);
    if parts.is_empty() || whole == 0 {
        return String::new();
    }
    parts.sort_by_key(|(outcome, count)| (std::cmp::Reverse(*count), rank(outcome)));
    let list: Vec<String> = parts.iter().map(|(outcome, count)| item(outcome, *count, words)).collect();
    let sum: u64 = parts.iter().map(|(_, count)| count).sum();
    let key = match sum.cmp(&whole) {
        std::cmp::Ordering::Equal => "e-parts",
        std::cmp::Ordering::Greater => "e-parts-over",
        std::cmp::Ordering::Less if parts.len() == 1 => "e-parts-one",
        std::cmp::Ordering::Less => "e-parts-short",
    };
    let values = [("list", list.join(", ")), ("sum", words.number(sum)), ("whole", words.number(whole))];
    words.say(key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// Returns the name of an outcome with a number.
fn item(outcome: &str, count: u64, words: &Words) -> String {
    let (name, count) = (with_first(&words.label(outcome), false), words.number(count));
    words.say("e-item", &[("name", &name), ("count", &count)])
}

/// Whether an outcome ends a case.
fn is_result(outcome: &str) -> bool {
    let stage = Lists::bundled().outcomes.get(outcome).map_or("", |entry| entry.stage.as_str());
    stage == "final" && !["convicted-additional", "decided", ENDED].contains(&outcome)
}

/// Returns the sentence that the results make no whole.
fn tail<'o>(mut outcomes: impl Iterator<Item = &'o str>, words: &Words) -> String {
    let is_penalty =
        |outcome: &str| outcome.starts_with("administrative-") && outcome != "administrative-diversion";
    words.say(if outcomes.all(is_penalty) { "e-no-share-administrative" } else { "e-no-share" }, &[])
}

/// A figure: a line, and the place of its point.
type Own<'l, 'k> = (&'l Line<'k>, usize);

/// Returns the results without the parts of others that are there, and tells them.
fn listed<'o, 'l, 'k>(all: &[&'o Own<'l, 'k>], words: &Words) -> (Vec<&'o Own<'l, 'k>>, String) {
    let persons = all.iter().filter(|own| own.0.measure == Measure::Persons);
    let have: BTreeSet<&str> = persons.map(|own| own.0.outcome.as_str()).collect();
    let mut shown: Vec<&Own> =
        all.iter().copied().filter(|own| !have.contains(parent(&own.0.outcome))).collect();
    shown.sort_by_key(|own| (rank(&own.0.outcome), own.0.measure));
    let told = |own: &&Own| words.counted(&own.0.outcome, own.0.measure, own.0.points[own.1].value);
    let list = shown.iter().map(told).collect::<Vec<_>>().join(", ");
    (shown, list)
}

/// Tells the results of the year and measure, among the last five years, that have the most of them.
fn of_results(lines: &[&Line], words: &Words) -> Option<Vec<String>> {
    let results = lines.iter().filter(|line| is_result(&line.outcome) && line.rule != "any");
    let results: Vec<(&Line, usize)> =
        results.flat_map(|line| (0..line.points.len()).map(|place| (*line, place))).collect();
    let point = |(line, place): &(&Line, usize)| -> Point { line.points[*place].clone() };
    let newest = results.iter().map(|own| point(own).year).max()?;
    let mut kinds: BTreeMap<(i32, Measure), BTreeSet<&str>> = BTreeMap::new();
    for own in &results {
        let year = point(own).year;
        if year > newest - RECENT && parent(&own.0.outcome).is_empty() {
            kinds.entry((year, own.0.measure)).or_default().insert(&own.0.outcome);
        }
    }
    let best =
        kinds.iter().max_by_key(|((year, measure), own)| (own.len(), *year, std::cmp::Reverse(*measure)));
    let (year, measure) = best.map_or((newest, None), |((year, measure), _)| (*year, Some(*measure)));
    let of = |year: i32, measure: Option<Measure>| -> Vec<&(&Line, usize)> {
        let is_it = |own: &&(&Line, usize)| {
            point(own).year == year && measure.is_none_or(|measure| own.0.measure == measure)
        };
        results.iter().filter(is_it).collect()
    };
    let now = of(year, measure);
    let (shown, list) = listed(&now, words);
    let tail = tail(shown.iter().map(|own| own.0.outcome.as_str()), words);
    let mut out = vec![words.say("e-some", &[("year", &year.to_string()), ("list", &list), ("tail", &tail)])];
    let whole = shown.iter().find(|own| own.0.outcome == "convicted" && own.0.measure == Measure::Persons);
    if let Some(whole) = whole {
        let is_part = |own: &&&(&Line, usize)| {
            parent(&own.0.outcome) == "convicted"
                && own.0.measure == Measure::Persons
                && source(own) == source(whole)
        };
        let parts =
            now.iter().filter(is_part).map(|own| (own.0.outcome.as_str(), point(own).value)).collect();
        out.push(parts_of(parts, point(whole).value, words));
    }
    if newest > year {
        let list = listed(&of(newest, None), words).1;
        out.push(words.say("e-newer", &[("year", &newest.to_string()), ("list", &list)]));
    }
    Some(out)
}

/// Tells the results of the period that ends last.
fn of_periods(spans: &[&Apart], words: &Words) -> Option<Vec<String>> {
    let results: Vec<&Apart> = spans.iter().copied().filter(|own| is_result(own.outcome)).collect();
    let top = newest(results.iter().copied())?;
    let mut same: Vec<&Apart> = results.iter().copied().filter(|own| own.span == top.span).collect();
    let have: BTreeSet<&str> = same.iter().map(|own| own.outcome).collect();
    same.retain(|own| !have.contains(parent(own.outcome)));
    same.sort_by_key(|own| (rank(own.outcome), own.measure));
    let items = same.iter().map(|own| words.counted(own.outcome, own.measure, own.value));
    let list = items.collect::<Vec<_>>().join(", ");
    let (period, tail) =
        (span_text(&top.span.to_string(), words.language), tail(same.iter().map(|own| own.outcome), words));
    Some(vec![words.say("e-periods", &[("period", &period), ("list", &list), ("tail", &tail)])])
}

/// Returns the id of the source of a figure.
fn source<'a>(own: &Own<'a, '_>) -> &'a str {
    &own.0.sources[own.1].id
}
