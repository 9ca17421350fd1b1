//! The main counting rule of each series of reported figures.

use std::collections::BTreeMap;

use crate::domain::tables::RULES;
use crate::ingest::Figure;

/// Tells for each figure whether it is counted by the main rule of its series: the rule of most of its figures, among equals the
/// first in [`RULES`]. Figures by other rules are left out of answers that do not ask for them: two rules in one series would look
/// like a rise or a fall.
pub fn main_rules(figures: &[Figure]) -> Vec<bool> {
    let mut counts: BTreeMap<_, [usize; RULES.len()]> = BTreeMap::new();
    let place = |figure: &Figure| RULES.iter().position(|rule| *rule == figure.rule).unwrap_or_default();
    for figure in figures {
        counts.entry(figure.series()).or_default()[place(figure)] += 1;
    }
    let is_main = |figure: &Figure| {
        let own = place(figure);
        let of_series = &counts[&figure.series()];
        (0..RULES.len()).all(|other| (of_series[own], other) >= (of_series[other], own))
    };
    figures.iter().map(is_main).collect()
}
