//! The statutes behind an answer, in words, where they are more than its title or its groups name.

use std::collections::BTreeSet;

use chargesheet_widget::wire::InForce;

use super::texts::{Texts, fill};
use super::{name_of, short_name_of};
use crate::answer::Dataset;
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::query::{Query, in_force_between};
use crate::release::Release;

/// Most statutes named in the line under a chart.
const NAMED: usize = 3;
/// Most statutes named in a caveat.
const NAMED_IN_CAVEAT: usize = 200;

/// Returns the title of an answer about one statute and the statutes counted under it.
pub fn title(query: &Query, release: &Release, language: Language) -> Option<String> {
    let code = one(query, release)?;
    let own = name_of(release.register().at(code), release.lists(), language);
    let predecessors = if query.lineage { release.register().predecessors(code) } else { Vec::new() };
    if predecessors.is_empty() {
        return Some(own);
    }
    let texts = Texts::of(language);
    let names: Vec<String> =
        predecessors.iter().map(|&code| short_name_of(release.register().at(code), language)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Some(fill(texts.lineage.get("title"), &[("statute", &own), ("predecessors", &texts.list(&names))]))
}

/// Returns the code of the single statute that a query keeps. Where lineages are joined, this is the last successor.
pub fn one(query: &Query, release: &Release) -> Option<u16> {
    let [number] = query.keep.get(&Dimension::Statute)?.as_slice() else {
        return None;
    };
    let code = u16::try_from(*number).ok()?;
    Some(if query.lineage { release.register().heir(code) } else { code })
}

/// Returns when the statute of an answer was in force. Where lineages are joined, this begins with the first predecessor.
pub fn in_force(query: &Query, release: &Release) -> Option<InForce> {
    let (from, to) = in_force_between(query, release, one(query, release)?);
    (from.is_some() || to.is_some())
        .then(|| InForce { from: from.map(|day| day.to_string()), to: to.map(|day| day.to_string()) })
}

/// Returns the statutes that an answer counts under their successors, in order of codes.
fn predecessors(query: &Query, release: &Release, published: &Published) -> Vec<u16> {
    if !query.lineage {
        return Vec::new();
    }
    let register = release.register();
    let column = query.by.iter().position(|&dimension| dimension == Dimension::Statute);
    let shown: Option<BTreeSet<u16>> = column.map(|column| {
        published.each_row().filter_map(|row| u16::try_from(published.key(column, row)?).ok()).collect()
    });
    let kept = query.statutes(release);
    let countries = query.keep.get(&Dimension::Country);
    let in_country = |code: u16| {
        let own = release.number(Dimension::Country, &register.at(code).country);
        countries.is_none_or(|kept| own.is_some_and(|own| kept.contains(&own)))
    };
    let is_shown = |heir: u16| shown.as_ref().is_none_or(|shown| shown.contains(&heir));
    let is_kept = |code: u16| kept.as_ref().is_none_or(|kept| kept.binary_search(&code).is_ok());
    let replaced = register.replaced().into_iter();
    replaced
        .filter(|&(code, heir)| is_shown(heir) && is_kept(code) && in_country(code))
        .map(|(code, _)| code)
        .collect()
}

/// Names statutes with their ids.
fn named(codes: &[u16], release: &Release, language: Language) -> Vec<String> {
    let statutes = codes.iter().map(|&code| release.register().at(code));
    statutes.map(|statute| format!("{} ({})", short_name_of(statute, language), statute.id)).collect()
}

/// Returns the notes beside the chart of an answer that counts statutes under their successors.
pub fn notes(query: &Query, release: &Release, published: &Published, language: Language) -> Vec<String> {
    let texts = Texts::of(language);
    let names = named(&predecessors(query, release, published), release, language);
    if names.is_empty() {
        return Vec::new();
    }
    vec![fill(texts.lineage.get("note"), &[("statutes", &first(&names, NAMED, texts))])]
}

/// Returns the first `most` names, and how many more there are.
fn first(names: &[String], most: usize, texts: &Texts) -> String {
    let told = names[..names.len().min(most)].join("; ");
    match names.len().checked_sub(most).filter(|more| *more > 0) {
        Some(more) => format!("{told} {}", fill(&texts.more_sources, &[("count", &more.to_string())])),
        None => told,
    }
}

/// Returns the caveats of an answer whose figures come from several statutes.
pub fn caveats(dataset: &Dataset, query: &Query, published: &Published, language: Language) -> Vec<String> {
    let texts = Texts::of(language);
    let release = &dataset.release;
    let mut caveats = Vec::new();
    let mut caveat = |text: &str, codes: &[u16]| {
        if !codes.is_empty() {
            let names = first(&named(codes, release, language), NAMED_IN_CAVEAT, texts);
            caveats.push(fill(text, &[("statutes", &names)]));
        }
    };
    caveat(texts.lineage.get("caveat"), &predecessors(query, release, published));
    if dataset.mixes_statutes(query) {
        caveat(texts.lineage.get("several"), &dataset.statutes_behind(query).unwrap_or_default());
    }
    caveats
}
