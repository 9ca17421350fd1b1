//! Which figures may be added, and the refusal where they may not.
//!
//! Reported figures of different stages overlap (everyone convicted was prosecuted), those of different
//! statutes can be of the same persons, and those of different years can be of the same cases. A dataset
//! declares over which dimensions its figures may be summed; over any other, a query must either group or
//! keep one value.

use super::{Query, QueryError};
use crate::domain::Dimension;
use crate::ingest::Records;
use crate::release::Release;

/// Checks that a query adds nothing that may not be added.
///
/// Counts of a case-level dataset are never added: each group is counted anew.
///
/// # Errors
/// Names the first dimension that is neither grouped by nor kept to one value.
pub fn check(query: &Query, release: &Release) -> Result<(), QueryError> {
    let Records::Figures { .. } = release.records() else {
        return Ok(());
    };
    let additive = release.descriptor().additive();
    let settled = |dimension| {
        query.by.contains(&dimension) || additive.contains(&dimension) || pins(query, dimension, release)
    };
    for (dimension, why) in [
        (Dimension::Statute, "figures of different statutes can be of the same persons and cases"),
        (Dimension::Outcome, "figures of different stages overlap: everyone convicted was prosecuted"),
        (Dimension::Year, "a case or person can be in the figures of several years"),
        (Dimension::Country, "each country counts by its own rules"),
    ] {
        if settled(dimension) {
            continue;
        }
        if dimension == Dimension::Country && statutes_settle_country(query, release) {
            continue;
        }
        return Err(refusal(dimension, why, release, &instead(dimension)));
    }
    // A share is of a sum. Several sources can report the same cell, whatever a dataset declares.
    if let Some(share) = query.share
        && (share == Dimension::Source || !additive.contains(&share))
    {
        let why = "a share would be of the sum over it, and its values overlap or are counted by other rules";
        let mut refused = refusal(share, why, release, "Leave `share` out");
        if let QueryError::NotAdditive { parameter, .. } = &mut refused {
            *parameter = "share";
        }
        return Err(refused);
    }
    // Without a word about sources, the preferred one is used; several chosen ones must stand apart.
    let several_sources = query.keep.get(&Dimension::Source).is_some_and(|sources| sources.len() > 1);
    if several_sources && !query.by.contains(&Dimension::Source) {
        return Err(refusal(
            Dimension::Source,
            "several sources can report the same cell",
            release,
            &instead(Dimension::Source),
        ));
    }
    Ok(())
}

fn pins(query: &Query, dimension: Dimension, release: &Release) -> bool {
    if dimension == Dimension::Year {
        return matches!((query.from, query.to), (Some(from), Some(to)) if from.year() == to.year());
    }
    let Some([number]) = query.keep.get(&dimension).map(Vec::as_slice) else {
        return false;
    };
    if dimension != Dimension::Statute {
        return true;
    }
    // A statute keeps its parts: it is one value only when no more than one of them has figures.
    let Records::Figures { figures, .. } = release.records() else {
        return true;
    };
    let kept = u16::try_from(*number).map(|code| release.register().with_parts(code)).unwrap_or_default();
    let mut with_figures: Vec<u16> =
        figures.iter().map(|figure| figure.statute).filter(|statute| kept.contains(statute)).collect();
    with_figures.sort_unstable();
    with_figures.dedup();
    with_figures.len() <= 1
}

/// A statute is one country's. That statutes may be added does not mean that countries may.
pub(super) fn statutes_settle_country(query: &Query, release: &Release) -> bool {
    if query.by.contains(&Dimension::Statute) {
        return true;
    }
    let Some(numbers) = query.keep.get(&Dimension::Statute) else { return false };
    let mut countries: Vec<&str> = numbers
        .iter()
        .filter_map(|&number| u16::try_from(number).ok())
        .flat_map(|code| release.register().with_parts(code))
        .map(|code| release.register().at(code).country.as_str())
        .collect();
    countries.sort_unstable();
    countries.dedup();
    countries.len() <= 1
}

/// What to ask instead of a sum over a dimension.
fn instead(dimension: Dimension) -> String {
    let one = match dimension {
        Dimension::Year => "one year (`from=2020&to=2020`)".to_owned(),
        _ => format!("one {dimension} (`{dimension}=…`)"),
    };
    format!("Group by it (add `{dimension}` to `by`) or keep {one}")
}

fn refusal(dimension: Dimension, why: &str, release: &Release, instead: &str) -> QueryError {
    let dataset = release.dataset();
    QueryError::NotAdditive {
        parameter: dimension.name(),
        dimension,
        explanation: format!("figures of `{dataset}` may not be summed over {dimension}: {why}. {instead}"),
    }
}
