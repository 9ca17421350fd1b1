//! An answer in words: its titles, the lines under its chart, and its text for screen readers.

use std::collections::{BTreeMap, BTreeSet};

use chargesheet_widget::wire::{Answer, Text};

use super::alt::{alt, axis};
use super::numbers::{number, periods};
use super::sources::Sources;
use super::texts::{Texts, fill};
use super::{legend_label, lineage};
use crate::answer::{Left, LeftOut};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language, Status};
use crate::ingest::Records;
use crate::query::{Query, in_time};
use crate::release::Release;

/// Most sources named in the line under a chart.
const NAMED_SOURCES: usize = 3;

/// Releases whose answers without rows name the sources of the whole dataset. That was a fault, but people have cited these
/// addresses, and the answer of a cited address never changes.
const NAME_ALL_SOURCES: [&str; 3] =
    ["2026-11-24-82da7d0c38b4", "2026-11-24-a2fcc5d0d11e", "2026-11-26-745fb3632212"];

/// Returns the caveats of an answer: those of the dataset, and those of the statutes in the answer or in its question.
pub fn caveats(query: &Query, release: &Release, published: &Published, language: Language) -> Vec<String> {
    let column = query.by.iter().position(|&dimension| dimension == Dimension::Statute);
    let concerned: Vec<u16> = match (query.statutes(release), column) {
        (Some(kept), _) => kept,
        (None, Some(column)) => {
            let shown: BTreeSet<u16> =
                published.each_row().filter_map(|row| published.key(column, row)?.try_into().ok()).collect();
            // Where a statute stands for others, the caveats of those others apply too.
            let standing = query.standing(release);
            (0..)
                .zip(standing)
                .filter(|(_, standing)| shown.contains(standing))
                .map(|(code, _)| code)
                .collect()
        }
        (None, None) => (0..).take(release.register().all().len()).collect(),
    };
    let countries: Vec<&str> = query
        .keep
        .get(&Dimension::Country)
        .into_iter()
        .flatten()
        .map(|&n| release.code(Dimension::Country, n))
        .collect();
    let register = release.register();
    let is_concerned = |statute: &crate::domain::Statute| {
        register.code(&statute.id).is_some_and(|code| concerned.binary_search(&code).is_ok())
            && (countries.is_empty() || countries.contains(&statute.country.as_str()))
    };
    release.descriptor().caveats(language, register, &is_concerned).into_iter().map(str::to_owned).collect()
}

/// Returns the texts of a chart. They are a part of cited answers, so their words stay; notes name what is left out.
pub fn text(
    query: &Query,
    release: &Release,
    published: &Published,
    answer: &Answer,
    sources: &Sources<'_>,
    language: Language,
) -> Text {
    let texts = Texts::of(language);
    let measures: Vec<&str> = query.measures.iter().map(|&measure| texts.measure(measure)).collect();
    let (title, subtitle) = titles(query, release, language);
    let x_title = axis(query).map_or(String::new(), |(_, dimension)| texts.dimension(dimension).to_owned());
    let told = alt(query, release, published, texts, language);
    Text {
        alt: format!(
            "{title}. {subtitle}. {}",
            if published.rows() == 0 { texts.empty.clone() } else { told }
        ),
        title,
        subtitle,
        x_title,
        y_title: measures.join(" / "),
        share_title: fill(&texts.share_title, &[("measure", &measures[0].to_lowercase())]),
        source_line: source_line(release, published, sources, texts, NAMED_SOURCES),
        dataset_line: fill(
            &texts.dataset_line,
            &[("dataset", &answer.dataset.title), ("release", &answer.release.id)],
        ),
        notes: {
            let mut notes = notes(query, release, published, texts);
            notes.extend(lineage::notes(query, release, published, language));
            notes
        },
        unknown: texts.unknown.clone(),
        not_in_force: texts.not_in_force.clone(),
        empty: texts.empty.clone(),
        thousands: texts.thousands.clone(),
        decimal: texts.decimal.clone(),
        not_shown: texts.chart.get("not_shown").to_owned(),
        shown_periods: texts.chart.get("shown_periods").to_owned(),
        key_break: texts.chart.get("key_break").to_owned(),
        key_provisional: texts.chart.get("key_provisional").to_owned(),
        key_disagree: texts.chart.get("key_disagree").to_owned(),
        key_interval: texts.chart.get("key_interval").to_owned(),
    }
}

/// Returns the title of an answer and its subtitle: what is counted, by what, and with which filters.
pub fn titles(query: &Query, release: &Release, language: Language) -> (String, String) {
    let texts = Texts::of(language);
    let measures: Vec<&str> = query.measures.iter().map(|&measure| texts.measure(measure)).collect();
    let title = lineage::title(query, release, language)
        .unwrap_or_else(|| release.descriptor().titles().get(language).to_owned());
    (title, subtitle(query, release, texts, &measures, language))
}

/// Returns the citation of an answer as a sentence; `address` is where these figures never change.
pub fn citation(query: &Query, release: &Release, language: Language, address: &str) -> String {
    let (title, _) = titles(query, release, language);
    let dataset = release.descriptor().titles();
    let values = [
        ("title", title.as_str()),
        ("dataset", dataset.get(language)),
        ("release", release.id().as_str()),
        ("url", address),
    ];
    fill(&Texts::of(language).citation, &values)
}

/// Returns the unit counted, the grouping, and every filter except a single statute, which the title names.
fn subtitle(
    query: &Query,
    release: &Release,
    texts: &Texts,
    measures: &[&str],
    language: Language,
) -> String {
    let grouped: Vec<&str> = query.by.iter().map(|&dimension| texts.grouped_by(dimension)).collect();
    let grouping = if grouped.is_empty() {
        texts.total.clone()
    } else {
        fill(&texts.by, &[("dimensions", &texts.list(&grouped))])
    };
    let mut parts = vec![format!("{} {grouping}", measures.join(", "))];
    parts.extend(filters(query, release, texts, language));
    parts.join("; ")
}

/// Returns every filter except a single statute, each with its dimension.
pub fn filters(query: &Query, release: &Release, texts: &Texts, language: Language) -> Vec<String> {
    let mut parts = Vec::new();
    for (&dimension, numbers) in &query.keep {
        if dimension == Dimension::Statute && numbers.len() == 1 {
            continue;
        }
        let labels: Vec<String> =
            numbers.iter().map(|&number| legend_label(release, dimension, number, language)).collect();
        parts.push(format!("{}: {}", texts.dimension(dimension).to_lowercase(), labels.join(", ")));
    }
    match (query.from, query.to) {
        (None, None) => {}
        (Some(from), Some(to)) if from == to => parts.push(from.to_string()),
        (from, to) => {
            let end = |period: Option<crate::domain::Period>| {
                period.map_or("…".to_owned(), |period| period.to_string())
            };
            parts.push(format!("{}–{}", end(from), end(to)));
        }
    }
    parts
}

/// Returns the line that says who published the figures. An answer without rows has no figures, and so no such line.
/// It names `most` publishers, and how many others there are.
pub fn source_line(
    release: &Release,
    published: &Published,
    sources: &Sources<'_>,
    texts: &Texts,
    most: usize,
) -> String {
    // The publisher of most of the figures shown stands first; among equals, byte order decides.
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for evidence in published.each_row().filter_map(|row| published.evidence(row)) {
        if let Some(&source) = evidence.sources.first() {
            *first.entry(release.code(Dimension::Source, source.into())).or_default() += 1;
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, name) in in_time(sources.names()) {
        *counts.entry(name).or_default() += first.get(id).copied().unwrap_or_default();
    }
    let mut names: Vec<&str> = counts.keys().copied().collect();
    names.sort_by_key(|name| std::cmp::Reverse(counts[name]));
    let is_cited_with_all = NAME_ALL_SOURCES.contains(&release.id().as_str());
    if names.is_empty() && (published.rows() > 0 || is_cited_with_all) {
        names = release.descriptor().sources.iter().map(|origin| origin.title.as_str()).collect();
    }
    if names.is_empty() {
        return String::new();
    }
    let mut line = names[..names.len().min(most)].join("; ");
    let more = (names.len() as u64 + sources.left_out()).saturating_sub(most as u64);
    if more > 0 {
        line = format!("{line} {}", fill(&texts.more_sources, &[("count", &more.to_string())]));
    }
    fill(&texts.source_line, &[("sources", &line)])
}

/// Most codes that a sentence about left-out figures names. Cited answers have so many.
const NAMED_CODES: usize = 8;
/// Most periods, areas or rules that such a sentence names in words, which are longer.
const NAMED_IN_WORDS: usize = 4;

/// Returns the sentences about the figures that an answer leaves out: with codes, or in words.
pub fn left_out(left_out: &LeftOut, release: &Release, language: Language, in_words: bool) -> Vec<String> {
    let texts = Texts::of(language);
    let most = if in_words { NAMED_IN_WORDS } else { NAMED_CODES };
    let sentence = |text: &str, key: &str, dimension: Dimension, left: &Left| {
        let name = |(code, &number): (&String, &u32)| match in_words {
            true => legend_label(release, dimension, number, language),
            false => code.clone(),
        };
        let mut names: Vec<String> = left.codes.iter().take(most).map(name).collect();
        names.extend((left.codes.len() > most).then(|| "…".to_owned()));
        (left.count > 0)
            .then(|| fill(text, &[("count", &number(left.count as u64, texts)), (key, &names.join("; "))]))
    };
    [
        sentence(&texts.left_out_periods, "periods", Dimension::Period, &left_out.periods),
        sentence(&texts.left_out_cut, "periods", Dimension::Period, &left_out.cut),
        sentence(&texts.left_out_areas, "areas", Dimension::Area, &left_out.areas),
        sentence(&texts.left_out_rules, "rules", Dimension::Rule, &left_out.rules),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the sentences that a reader must see beside the chart.
fn notes(query: &Query, release: &Release, published: &Published, texts: &Texts) -> Vec<String> {
    let Some((column, dimension)) = axis(query).filter(|(_, dimension)| dimension.is_time()) else {
        return Vec::new();
    };
    let with = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<i32> {
        let rows = published.each_row().filter(|&row| wanted(row));
        rows.filter_map(|row| published.key(column, row)).collect()
    };
    let present = with(&|_| true);
    let mut notes = Vec::new();
    let mut note = |text: &str, keys: BTreeSet<i32>| {
        if !keys.is_empty() {
            notes.push(fill(text, &[("periods", &periods(dimension, keys.into_iter().collect()))]));
        }
    };
    if let (Some(&first), Some(&last)) = (present.first(), present.last())
        && dimension == Dimension::Year
    {
        let missing = (first..=last).filter(|year| !present.contains(year)).collect();
        let reported = matches!(release.records(), Records::Figures { .. });
        note(if reported { &texts.missing_note } else { &texts.missing_records }, missing);
    }
    let has_status = |wanted: &'static [Status]| {
        move |row: usize| published.evidence(row).is_some_and(|e| wanted.contains(&e.status))
    };
    note(&texts.break_note, with(&has_status(&[Status::Break])));
    note(&texts.provisional_note, with(&has_status(&[Status::Provisional, Status::Estimated])));
    note(&texts.disagree_note, with(&|row| published.evidence(row).is_some_and(|e| !e.rivals.is_empty())));
    notes
}
