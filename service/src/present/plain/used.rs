//! The first answer: is it used more?

use super::facts::{Facts, State};
use super::known::{Apart, Known, Line, rank};
use super::words::{Words, with_first};
use crate::domain::{Period, SpanKind, Status};
use crate::present::span_text;
use crate::trend::{Point, SMALL, last_complete_year};

/// Returns what a series counts, with its part of the country and its rule.
pub fn what(line: &Line, words: &Words) -> String {
    let mut text = words.phrase(&line.outcome, line.measure);
    if !line.area.is_empty() {
        let area = words.area(line.area, &line.dataset.release);
        text = words.say("what-area", &[("what", &text), ("area", &area)]);
    }
    if line.rule == "any" && line.outcome != "convicted-additional" {
        text = words.say("what-any", &[("what", &text)]);
    }
    text
}

/// Returns the answer for a statute.
pub fn of_statute(known: &Known, lead: Option<&Line>, words: &Words) -> String {
    if let Some(line) = lead {
        let told = [Some(of_line(line, words)), after(known, line, words)];
        return told.into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
    if let Some(own) = newest(known.spans.iter()) {
        let mut what = words.phrase(own.outcome, own.measure);
        if !own.area.is_empty() {
            let area = words.area(own.area, &own.dataset.release);
            what = words.say("what-area", &[("what", &what), ("area", &area)]);
        }
        let (period, value) = (span_text(&own.span.to_string(), words.language), words.number(own.value));
        return words.say("u-periods", &[("what", &what), ("period", &period), ("value", &value)]);
    }
    let charges: u64 = known.charges.values().sum();
    if charges > 0 {
        return words.say_by("u-documented", charges, &[("count", &words.number(charges))]);
    }
    words.say("u-none", &[])
}

/// Returns what there is after the last year of a series, so that nobody takes old figures for today's. Nothing can come after a law that
/// is out of force.
fn after(known: &Known, line: &Line, words: &Words) -> Option<String> {
    let last = line.points.last()?.year;
    let year = last.to_string();
    let later = known.spans.iter().filter(|own| own.area == line.area && own.span.to.year() > last);
    let same = later.clone().filter(|own| (own.outcome, own.measure) == (&*line.outcome, line.measure));
    let of_same = newest(same).map(|own| ("u-after-same", own));
    if let Some((key, own)) = of_same.or_else(|| newest(later).map(|own| ("u-after-periods", own))) {
        let what = words.phrase(own.outcome, own.measure);
        let (period, value) = (span_text(&own.span.to_string(), words.language), words.number(own.value));
        let values = [("year", &*year), ("what", &what), ("period", &period), ("value", &value)];
        return Some(words.say(key, &values));
    }
    let is_over = known.statute.in_force_to.is_some_and(|day| day.year() <= last);
    let is_old = last_complete_year(&line.dataset.release).is_some_and(|year| last < year);
    (is_old && !is_over).then(|| words.say("u-after", &[("year", &year)]))
}

/// Returns the answer for one series.
pub fn of_line(line: &Line, words: &Words) -> String {
    let facts = &line.facts;
    let Some((first, last)) = facts.ends() else { return words.say("u-unusable", &[]) };
    let what = with_first(&what(line, words), true);
    let (low, high) = (words.number(first.value), words.number(last.value));
    let (count, from, to) = (facts.used.len() as u64, first.year.to_string(), last.year.to_string());
    let number = count.to_string();
    let percent = facts.percent().map_or(String::new(), |percent| {
        let key = if facts.state == State::Rise { "percent-more" } else { "percent-fewer" };
        words.say(key, &[("percent", &words.number(percent))])
    });
    let item = |point: &Point| {
        let (value, year) = (words.number(point.value), point.year.to_string());
        words.say("u-item", &[("value", &value), ("year", &year)])
    };
    let list = match facts.state {
        State::Few => facts.used.iter().map(item).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let values = [
        ("What", what.as_str()),
        ("list", &list),
        ("n", &number),
        ("first", &low),
        ("last", &high),
        ("first_year", &from),
        ("last_year", &to),
        ("percent", &percent),
    ];
    let mut out = Vec::new();
    out.push(match facts.state {
        State::Unusable => words.say("u-unusable", &[]),
        State::One => words.say("u-one", &values),
        State::Few => words.say("u-few", &values),
        State::Same => words.say_by("u-same", count, &values),
        State::Rise if last.value > first.value => words.say("u-rise", &values),
        State::Rise => words.say("u-rise-ends-lower", &values),
        State::Fall if last.value < first.value => words.say("u-fall", &values),
        State::Fall => words.say("u-fall-ends-higher", &values),
        State::Unfound(_) => words.say_by("u-unfound", count, &values),
    });
    if let State::Unfound(needed) = facts.state
        && !facts.is_over
    {
        out.push(needed.map_or_else(
            || words.say("u-needed-more", &[]),
            |needed| words.say_by("u-needed", needed as u64, &[("needed", &needed.to_string())]),
        ));
    }
    further(facts, words, &mut out);
    out.join(" ")
}

/// Adds what else has to be said of the figures that are compared.
fn further(facts: &Facts, words: &Words, out: &mut Vec<String>) {
    let Some((first, last)) = facts.ends() else { return };
    let (count, several) = (facts.used.len(), facts.used.len() >= 2);
    if several && facts.used.iter().all(|point| point.value < SMALL) && facts.state != State::Same {
        out.push(words.say("u-small", &[]));
    }
    if let Some(peak) = facts.peak() {
        let values = [("highest", words.number(peak.value)), ("highest_year", peak.year.to_string())];
        out.push(words.say("u-peak", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    let whole = last.year.abs_diff(first.year) as usize + 1;
    if several && count < whole {
        let (count, text) = (count.to_string(), whole.to_string());
        out.push(words.say_by("u-gaps", whole as u64, &[("n", &count), ("whole", &text)]));
    }
    if facts.is_cut {
        let (from, to) = (first.year.to_string(), last.year.to_string());
        let used = if several {
            words.say("used-several", &[("from", &from), ("to", &to)])
        } else {
            words.say("used-one", &[("year", &from)])
        };
        out.push(words.say_years("u-break", "breaks", &facts.breaks, &[("used", &used)]));
    }
    if let Some(newest) = &facts.newest {
        let (value, year) = (words.number(newest.value), newest.year.to_string());
        out.push(words.say("u-newest", &[("value", &value), ("year", &year)]));
    }
    if !facts.events.is_empty() {
        out.push(words.say_years("u-event", "events", &facts.events, &[]));
    }
    if facts.sources_differ {
        out.push(words.say("u-sources", &[]));
    }
    let is_estimate = |point: &&Point| matches!(point.status, Some(Status::Estimated | Status::Provisional));
    for point in facts.used.iter().filter(is_estimate) {
        out.push(words.say("u-estimate", &[("years", &point.year.to_string())]));
    }
}

/// Returns the newest of the figures of other periods: of the whole country before a part, then the one whose period ends last, a count
/// of events before a number at a moment, the longest, and the earliest step of a proceeding.
pub fn newest<'k, 'a: 'k>(spans: impl Iterator<Item = &'k Apart<'a>>) -> Option<&'k Apart<'a>> {
    let spans: Vec<&Apart> = spans.collect();
    // Of equal ones the first counts.
    let current = spans.iter().rev().filter(|own| !spans.iter().any(|other| overtakes(other, own)));
    current.copied().max_by_key(|own| {
        let rank = std::cmp::Reverse(rank(own.outcome));
        let is_stock = own.span.kind == SpanKind::Stock;
        let begins = std::cmp::Reverse(own.span.first_day());
        (own.area.is_empty(), own.span.last_day(), own.span.kind == SpanKind::Flow, !is_stock, begins, rank)
    })
}

/// Whether a figure was counted after another, of which only the year is known up to which it was counted: a count since the same day
/// that is higher, in the same year.
fn overtakes(later: &Apart, own: &Apart) -> bool {
    let of = |own: &Apart| {
        (own.outcome.to_owned(), own.measure, own.area.to_owned(), own.span.first_day(), own.span.to.year())
    };
    let is_open = own.span.kind == SpanKind::Running && matches!(own.span.to, Period::Year(_));
    is_open && later.span.kind != SpanKind::Stock && of(later) == of(own) && later.value > own.value
}
