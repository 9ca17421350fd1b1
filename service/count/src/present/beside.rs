//! What a picture shows besides the answer: short texts for small pictures, the history of the law, and colours.

use std::collections::BTreeSet;

use chargesheet_widget::wire::{Beside, LawEvent, Looks};

use super::colours;
use super::describe::{filters, source_line};
use super::legend_label;
use super::lineage::one;
use super::sources::Sources;
use super::texts::{Texts, fill};
use crate::disclosure::Published;
use crate::domain::{CodeList, Dimension, EventKind, Language, Period, Statute};
use crate::query::Query;
use crate::release::Release;

/// Most statutes whose history stands beside an answer. The events of more would hide each other.
const MOST_STATUTES: usize = 3;

/// Returns what a picture of an answer shows besides the answer.
pub fn beside(
    query: &Query,
    release: &Release,
    published: &Published,
    sources: &Sources<'_>,
    language: Language,
) -> Beside {
    let texts = Texts::of(language);
    // Of what no row names, an outcome changes the meaning of a figure most.
    let (mut chosen, rows) = (query.clone(), &query.by);
    chosen.keep.retain(|dimension, _| *dimension == Dimension::Outcome && !rows.contains(dimension));
    (chosen.from, chosen.to) = (None, None);
    Beside {
        short: short(query, release, language),
        counted: counted(query, release, published, texts),
        filters: filters(query, release, texts, language).join("; "),
        chosen: filters(&chosen, release, texts, language).join("; "),
        source: source_line(release, published, sources, texts, 1),
        credit: fill(texts.picture.get("credit"), &[("day", &release.id().as_str()[..10])]),
        more: texts.more_sources.clone(),
        notes: texts.picture.get("notes").to_owned(),
        // What an answer leaves out is known where the answer is made.
        in_words: Vec::new(),
        free: texts.picture.get("free").to_owned(),
        running: texts.picture.get("running").to_owned(),
        stock: texts.picture.get("stock").to_owned(),
        no_figure: texts.picture.get("no_figure").to_owned(),
        names: names(query, release, published, language),
        events: events(query, release, language),
        looks: looks(query, release, published),
    }
}

/// Returns country and offence, as far as all statutes behind an answer share them; else the title of the dataset.
fn short(query: &Query, release: &Release, language: Language) -> String {
    let register = release.register();
    let concerned: Vec<&Statute> = match (one(query, release), query.statutes(release)) {
        (Some(code), _) => vec![register.at(code)],
        (None, Some(codes)) => codes.iter().map(|&code| register.at(code)).collect(),
        (None, None) => register.all().iter().collect(),
    };
    let shared = |of: &dyn Fn(&Statute) -> &str| -> Option<String> {
        let all: BTreeSet<&str> = concerned.iter().map(|statute| of(statute)).collect();
        (all.len() == 1).then(|| all.into_iter().collect())
    };
    let label = |list: &CodeList, code: Option<String>| -> Option<String> {
        code.and_then(|code| list.get(&code).map(|entry| entry.label.get(language).to_owned()))
    };
    let lists = release.lists();
    let country = match query.only_country() {
        Some(number) => Some(release.label(Dimension::Country, number, language).to_owned()),
        None => label(&lists.countries, shared(&|statute| &statute.country)),
    };
    let offence = label(&lists.offences, shared(&|statute| &statute.offence));
    match (country, offence) {
        (Some(country), Some(offence)) => {
            let mut letters = offence.chars();
            let first = letters.next().map_or(String::new(), |letter| letter.to_lowercase().collect());
            format!("{country}: {first}{}", letters.as_str())
        }
        (country, offence) => {
            let titles = release.descriptor().titles();
            country.or(offence).unwrap_or_else(|| titles.get(language).to_owned())
        }
    }
}

/// Returns what is counted, for each year or month, and by what.
fn counted(query: &Query, release: &Release, published: &Published, texts: &Texts) -> String {
    let measures: Vec<&str> = query.measures.iter().map(|&measure| texts.measure(measure)).collect();
    let mut measures = measures.join(", ");
    for (dimension, key) in [(Dimension::Month, "a_month"), (Dimension::Year, "a_year")] {
        if query.by.contains(&dimension) {
            measures = fill(texts.picture.get(key), &[("measure", &measures)]);
            break;
        }
    }
    // Outcomes of several stages are no results.
    let has_stages = |column: usize| {
        let codes = published.each_row().filter_map(|row| super::keys::number(published.key(column, row)));
        let stage = |number| {
            let entry = release.lists().outcomes.get(release.code(Dimension::Outcome, number));
            entry.map_or("", |entry| entry.stage.as_str())
        };
        codes.map(stage).collect::<BTreeSet<&str>>().len() > 1
    };
    let others = query.by.iter().enumerate().filter(|(_, dimension)| !dimension.is_time());
    let grouped: Vec<&str> = others
        .map(|(column, &dimension)| match dimension {
            Dimension::Outcome if has_stages(column) => texts.picture.get("stage"),
            other => texts.grouped_by(other),
        })
        .collect();
    if grouped.is_empty() {
        return measures;
    }
    format!("{measures}, {}", fill(&texts.by, &[("dimensions", &texts.list(&grouped))]))
}

/// Returns the names of statutes with their countries, by id, where those of several countries stand in an answer.
fn names(
    query: &Query,
    release: &Release,
    published: &Published,
    language: Language,
) -> Vec<(String, String)> {
    let Some(column) = query.by.iter().position(|&dimension| dimension == Dimension::Statute) else {
        return Vec::new();
    };
    let occurring: BTreeSet<u32> =
        published.each_row().filter_map(|row| super::keys::number(published.key(column, row))).collect();
    let country = |number: u32| release.country(u16::try_from(number).ok()?);
    if occurring.iter().map(|&number| country(number)).collect::<BTreeSet<_>>().len() < 2 {
        return Vec::new();
    }
    let named = |number: u32| {
        let country =
            country(number).map_or("", |country| release.label(Dimension::Country, country.into(), language));
        let label = legend_label(release, Dimension::Statute, number, language);
        (release.code(Dimension::Statute, number).to_owned(), format!("{country}: {label}"))
    };
    occurring.into_iter().map(named).collect()
}

/// Returns the look of each outcome that occurs.
fn looks(query: &Query, release: &Release, published: &Published) -> Looks {
    let column = query.by.iter().position(|&dimension| dimension == Dimension::Outcome);
    let numbers: BTreeSet<u32> = match (column, query.keep.get(&Dimension::Outcome)) {
        (Some(column), _) => {
            published.each_row().filter_map(|row| super::keys::number(published.key(column, row))).collect()
        }
        // All figures are of the one outcome that was asked for.
        (None, Some(kept)) if kept.len() == 1 => kept.iter().copied().collect(),
        (None, _) => return Looks::default(),
    };
    let look = |number| {
        let code = release.code(Dimension::Outcome, number);
        colours::of(code).map(|look| (code.to_owned(), look))
    };
    Looks(numbers.into_iter().filter_map(look).collect())
}

/// Returns the events in the history of the statutes that a question names, in order of time.
fn events(query: &Query, release: &Release, language: Language) -> Vec<LawEvent> {
    let (register, texts) = (release.register(), Texts::of(language));
    let Some(asked) = query.keep.get(&Dimension::Statute) else {
        return Vec::new();
    };
    let mut codes: BTreeSet<u16> = asked.iter().filter_map(|&number| u16::try_from(number).ok()).collect();
    if query.lineage {
        let heirs: BTreeSet<u16> = codes.iter().map(|&code| register.heir(code)).collect();
        codes.extend(heirs.iter().flat_map(|&code| register.predecessors(code)));
        codes.extend(heirs);
    }
    if codes.len() > MOST_STATUTES {
        return Vec::new();
    }
    let is_several = codes.len() > 1;
    let mut events: Vec<(Period, LawEvent)> = Vec::new();
    for statute in codes.iter().map(|&code| register.at(code)) {
        let mut add = |at: Period, kind: &str, text: String, url: &str, breaks: bool| {
            let label = texts.of_life(kind);
            // Where several laws are told, the article says whose event it is.
            let label = if is_several { format!("{}: {label}", statute.article) } else { label.to_owned() };
            let (kind, statute, url) = (kind.to_owned(), statute.id.clone(), url.to_owned());
            events.push((at, LawEvent { at: at.to_string(), kind, label, text, statute, url, breaks }));
        };
        let told: Vec<_> = release.history_of(&statute.id).collect();
        let ends = |day: Period| {
            let is_end = |kind| matches!(kind, EventKind::Repealed | EventKind::Renumbered);
            told.iter().any(|event| is_end(event.kind) && event.date.year() == day.year())
        };
        if let Some(from) = statute.in_force_from.filter(|from| !ends(*from)) {
            let text = fill(texts.on_page("in_force"), &[("from", &from.to_string())]);
            add(from, "from", text, &statute.url, false);
        }
        for event in &told {
            let text = event.text.get(language).to_owned();
            add(event.date, event.kind.name(), text, &event.url, event.breaks_series);
        }
        if let Some(to) = statute.in_force_to.filter(|to| !ends(*to)) {
            let text = fill(texts.on_page("in_force_until"), &[("to", &to.to_string())]);
            add(to, "to", text, &statute.url, false);
        }
    }
    events.sort_by(|one, other| (one.0.packed(), &one.1.statute).cmp(&(other.0.packed(), &other.1.statute)));
    events.into_iter().map(|(_, event)| event).collect()
}
