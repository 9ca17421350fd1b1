//! The check that an answer sums only figures that may be summed, and the refusal where it would not.
//!
//! Reported figures of different stages overlap, because everyone convicted was prosecuted. Figures of different statutes can
//! describe the same persons, and figures of different years the same cases. A dataset declares the dimensions over which its
//! figures may be summed. Over any other dimension, a query must either group or select a single value.
//! For statutes and countries, the figures themselves decide: where no group has figures of two of them, nothing is summed.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Dimension, Measure};
use crate::engine::Selection;
use crate::ingest::{Figure, Records};
use crate::query::{Cause, Query, QueryError};
use crate::release::Release;

/// Checks that a query sums no figures that may not be summed.
///
/// Counts of a case-level dataset are never summed: each group is counted on its own.
///
/// # Errors
/// The error names the first dimension that is neither grouped by nor filtered to one value. For statutes and countries, it
/// names the first group that would be a sum, with its parts. `figures` returns the figures that the answer uses.
pub fn check<'r, E: From<QueryError>>(
    query: &Query,
    selection: &Selection,
    release: &'r Release,
    figures: impl Fn() -> Result<Vec<&'r Figure>, E>,
) -> Result<(), E> {
    let Records::Figures { .. } = release.records() else {
        return Ok(());
    };
    let additive = release.descriptor().additive();
    let are_disjoint = are_disjoint(query, release);
    if are_disjoint && !pins(query, Dimension::Outcome) {
        refuse_partial_sums(query, selection, release, &figures()?)?;
    }
    for (dimension, why) in [
        (Dimension::Statute, "figures of different statutes can be of the same persons and cases"),
        (Dimension::Outcome, "figures of different stages overlap: everyone convicted was prosecuted"),
        (Dimension::Year, "a case or person can be in the figures of several years"),
        (Dimension::Country, "each country counts by its own rules"),
        (Dimension::Period, "periods can overlap, and a running total is no part of a sum"),
        (Dimension::Area, "figures of a part of a country are in those of the whole, and parts can overlap"),
        (Dimension::Rule, "one counts a person under the gravest offence only, the other under each"),
    ] {
        let is_free = are_disjoint && dimension == Dimension::Outcome;
        if is_free || additive.contains(&dimension) || pins(query, dimension) {
            continue;
        }
        if matches!(dimension, Dimension::Outcome | Dimension::Year) {
            return Err(
                refusal(Cause::Overlaps(dimension), dimension, why, release, &instead(dimension)).into()
            );
        }
        if let Some(sum) = Sum::over(dimension, selection, release, &figures()?) {
            let why = format!("{why} ({})", sum.told(dimension, query, release));
            let is_joined = query.lineage && query.by.contains(&Dimension::Statute);
            let apart = "Leave `lineage` out, so that each statute stands by itself".to_owned();
            let instead = if is_joined { apart } else { instead(dimension) };
            let cause = if is_joined { Cause::Joined } else { Cause::Overlaps(dimension) };
            let mut refused = refusal(cause, dimension, &why, release, &instead);
            if let QueryError::NotAdditive { parameter, .. } = &mut refused
                && is_joined
            {
                *parameter = "lineage";
            }
            return Err(refused.into());
        }
    }
    // A share divides by a sum. Several sources can report the same cell, whatever a dataset declares.
    let is_declared = |share: Dimension| match share {
        Dimension::Source => false,
        // A category is a set of statutes.
        Dimension::Category => additive.contains(&Dimension::Statute),
        Dimension::Outcome if is_whole(query, release) => true,
        other => additive.contains(&other),
    };
    if let Some(share) = query.share.filter(|&share| !is_declared(share)) {
        let why = "a share would be of the sum over it, and its values overlap or are counted by other rules";
        let complete: Vec<&str> =
            release.complete_outcomes().iter().map(|&n| release.code(share, n)).collect();
        let (cause, instead) = match share {
            Dimension::Outcome if !complete.is_empty() => (
                Cause::ShareNeeds(complete.iter().map(|&code| code.to_owned()).collect()),
                format!(
                    "Keep `outcome={}`: the dataset declares these complete and disjoint",
                    complete.join(",")
                ),
            ),
            _ => (Cause::ShareOverlaps(share), "Leave `share` out".to_owned()),
        };
        let mut refused = refusal(cause, share, why, release, &instead);
        if let QueryError::NotAdditive { parameter, .. } = &mut refused {
            *parameter = "share";
        }
        return Err(refused.into());
    }
    // A share divides by the sum over its dimension, so all of the sum must be counted by one rule.
    if let Some(share) = query.share {
        let by = selection.by.iter().copied().filter(|&own| own != share).collect();
        let whole = Selection { by, ..selection.clone() };
        if Sum::over(Dimension::Rule, &whole, release, &figures()?).is_some() {
            let why = "a share would be of figures by both counting rules";
            return Err(
                refusal(Cause::BothRules, Dimension::Rule, why, release, &instead(Dimension::Rule)).into()
            );
        }
    }
    // Without a filter on sources, the preferred source of each cell is used. Several selected sources must stay separate.
    let several_sources = query.keep.get(&Dimension::Source).is_some_and(|sources| sources.len() > 1);
    if several_sources && !query.by.contains(&Dimension::Source) {
        return Err(refusal(
            Cause::Overlaps(Dimension::Source),
            Dimension::Source,
            "several sources can report the same cell",
            release,
            &instead(Dimension::Source),
        )
        .into());
    }
    Ok(())
}

/// Whether a query keeps only outcomes that its dataset declares complete and disjoint. They may be added and stacked: nobody
/// is in two of them.
pub fn are_disjoint(query: &Query, release: &Release) -> bool {
    let complete = release.complete_outcomes();
    let kept = query.keep.get(&Dimension::Outcome);
    kept.is_some_and(|kept| kept.iter().all(|outcome| complete.contains(outcome)))
}

/// Whether a query keeps all outcomes that its dataset declares complete, and no others. Only of these there are shares.
fn is_whole(query: &Query, release: &Release) -> bool {
    let complete = release.complete_outcomes();
    !complete.is_empty() && query.keep.get(&Dimension::Outcome) == Some(&complete)
}

/// Refuses a sum over outcomes in which one of them is not reported: the sum would be too small.
fn refuse_partial_sums<'r>(
    query: &Query,
    selection: &Selection,
    release: &'r Release,
    figures: &[&'r Figure],
) -> Result<(), QueryError> {
    let mut groups: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
    for figure in figures {
        // A year is in no group of its own where it may be added, but its outcomes must be complete there too.
        let group: Vec<_> = selection.by.iter().map(|&own| selection.key(release, figure, own)).collect();
        let cell = (group, figure.measure, figure.statute, figure.span.order());
        groups.entry(cell).or_default().insert(figure.outcome.into());
    }
    let kept = query.keep.get(&Dimension::Outcome).into_iter().flatten();
    let missing = kept.copied().find_map(|outcome| {
        let lacks = groups.iter().find(|(_, own)| !own.contains(&outcome))?;
        Some((outcome, lacks.0.2))
    });
    let Some((outcome, statute)) = missing else { return Ok(()) };
    let statute = release.register().at(statute).id.clone();
    let outcome = release.code(Dimension::Outcome, outcome).to_owned();
    let why = format!("for {statute} `{outcome}` is not reported everywhere, so the sum would be too small");
    let cause = Cause::PartOfSum { outcome, statute };
    Err(refusal(cause, Dimension::Outcome, &why, release, &instead(Dimension::Outcome)))
}

/// Whether a query groups by a dimension or selects one value of it, so that nothing is summed over it.
fn pins(query: &Query, dimension: Dimension) -> bool {
    match dimension {
        // A statute that stands for its predecessors includes their figures, and a filter on a statute includes its parts.
        Dimension::Statute => query.by.contains(&dimension) && !query.lineage,
        // Without a period in the question, only figures of calendar years are kept.
        Dimension::Period if !query.keep.contains_key(&dimension) => true,
        Dimension::Year if query.by.contains(&Dimension::Period) => true,
        Dimension::Year if query.keep.contains_key(&Dimension::Period) => true,
        Dimension::Year => query.only_year().is_some() || query.by.contains(&dimension),
        _ => query.by.contains(&dimension) || query.keep.get(&dimension).is_some_and(|kept| kept.len() == 1),
    }
}

/// A group of an answer that would sum figures of several statutes or countries.
struct Sum {
    /// The group's number in each dimension of the query.
    group: Vec<Option<i32>>,
    measure: Measure,
    /// Numbers of the statutes or countries that would be summed, in order.
    added: Vec<u32>,
}

impl Sum {
    /// Finds the first group in which one measure has figures of several statutes or countries.
    fn over(
        dimension: Dimension,
        selection: &Selection,
        release: &Release,
        figures: &[&Figure],
    ) -> Option<Self> {
        // The figure's own statute counts, not the one it stands for: figures of predecessors are summed too.
        let own = |figure: &Figure| release.key(figure, dimension).and_then(|key| u32::try_from(key).ok());
        let mut groups: BTreeMap<(Vec<Option<i32>>, Measure), Vec<u32>> = BTreeMap::new();
        for figure in figures {
            let group =
                selection.by.iter().map(|&dimension| selection.key(release, figure, dimension)).collect();
            groups.entry((group, figure.measure)).or_default().extend(own(figure));
        }
        groups.into_iter().find_map(|((group, measure), mut added)| {
            added.sort_unstable();
            added.dedup();
            (added.len() > 1).then_some(Self { group, measure, added })
        })
    }

    /// Describes the group, and what it would sum.
    fn told(&self, dimension: Dimension, query: &Query, release: &Release) -> String {
        let codes: Vec<&str> = self.added.iter().map(|&number| release.code(dimension, number)).collect();
        let group = query.by.iter().zip(&self.group).map(|(&dimension, number)| match number {
            None => format!("{dimension} unknown"),
            Some(number) if dimension.is_time() => format!("{dimension} {number}"),
            Some(number) => {
                let code = u32::try_from(*number).map_or("", |number| release.code(dimension, number));
                format!("{dimension} {code}")
            }
        });
        let group: Vec<String> = group.collect();
        let group = if group.is_empty() { "the total".to_owned() } else { group.join(", ") };
        format!("in {group}, {} of {} would be added", self.measure, listed(&codes))
    }
}

/// Most codes that a refusal lists.
const NAMED: usize = 6;

/// Returns codes as text: all of them if they are few.
fn listed(codes: &[&str]) -> String {
    match codes {
        [first @ .., last] if (1..NAMED).contains(&first.len()) => format!("{} and {last}", first.join(", ")),
        _ if codes.len() > NAMED => {
            format!("{} and {} more", codes[..NAMED].join(", "), codes.len() - NAMED)
        }
        _ => codes.concat(),
    }
}

/// Returns what to ask instead of a sum over a dimension.
fn instead(dimension: Dimension) -> String {
    let one = match dimension {
        Dimension::Year => "one year (`from=2020&to=2020`)".to_owned(),
        _ => format!("one {dimension} (`{dimension}=…`)"),
    };
    format!("Group by it (add `{dimension}` to `by`) or keep {one}")
}

fn refusal(cause: Cause, dimension: Dimension, why: &str, release: &Release, instead: &str) -> QueryError {
    let dataset = release.dataset();
    QueryError::NotAdditive {
        parameter: dimension.name(),
        dimension,
        explanation: format!("figures of `{dataset}` may not be summed over {dimension}: {why}. {instead}"),
        cause: Box::new(cause),
    }
}
