//! The days between which a statute is in force.

use super::question::Query;
use crate::domain::{Period, Statute};
use crate::release::Release;

/// Returns the first and the last day of a statute, where known. Where lineages are joined, the first day is that of the first
/// predecessor.
pub fn in_force_between(query: &Query, release: &Release, code: u16) -> (Option<Period>, Option<Period>) {
    let register = release.register();
    let own = register.at(code);
    let (mut from, to) = (own.in_force_from, own.in_force_to);
    if query.lineage {
        let predecessors: Vec<&Statute> =
            register.predecessors(code).into_iter().map(|code| register.at(code)).collect();
        let is_first = |statute: &&&Statute| {
            !predecessors.iter().any(|other| other.successor.as_ref() == Some(&statute.id))
        };
        let mut first = predecessors.iter().filter(is_first).map(|statute| statute.in_force_from);
        if let Some(one) = first.next() {
            // If the beginning of one statute is not known, the beginning of the whole lineage is not known.
            from = first.fold(one, |earliest, other| {
                let (earliest, other) = (earliest?, other?);
                Some(if other.first_day() < earliest.first_day() { other } else { earliest })
            });
        }
    }
    (from, to)
}
