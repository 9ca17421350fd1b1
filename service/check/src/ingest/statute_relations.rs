//! References between statutes: parents and successors. They must exist and must not form a circle.

use std::collections::HashMap;

use super::excerpt::safe_excerpt;
use super::report::Reason;
use crate::domain::{Say, Statute};

/// A fault in what a statute says of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column of the reference.
    pub column: &'static str,
    /// The kind of fault.
    pub reason: Reason,
    /// What is wrong.
    pub says: Say,
}

/// Returns the fault of each statute, in the order of the statutes, or `None` where there is none.
///
/// A statute that names a refused statute is refused too, because every reference of a register must resolve. Each
/// statute and each reference is visited once or twice, however long the chains are.
pub fn faults(statutes: &[Statute]) -> Vec<Option<Fault>> {
    let number: HashMap<&str, usize> =
        statutes.iter().enumerate().map(|(number, statute)| (statute.id.as_str(), number)).collect();
    let named = |name: &Option<String>| name.as_deref().and_then(|id| number.get(id).copied());
    let parents: Vec<Option<usize>> = statutes.iter().map(|statute| named(&statute.parent)).collect();
    let successors: Vec<Option<usize>> = statutes.iter().map(|statute| named(&statute.successor)).collect();
    let in_circle = in_circle(&parents);
    let own = |place: usize| {
        let statute = &statutes[place];
        if let Some(id) = statute.parent.as_ref().filter(|_| parents[place].is_none()) {
            return Some(missing("parent", id));
        }
        if let Some(id) = statute.successor.as_ref().filter(|_| successors[place].is_none()) {
            return Some(missing("successor", id));
        }
        // A part is a provision of the same law, and so belongs to the same country.
        let parent = parents[place].map(|parent| &statutes[parent]);
        let id = || safe_excerpt(&statute.id);
        if let Some(parent) = parent.filter(|parent| parent.country != statute.country) {
            let says = Say::new("statute_country_mismatch.parent").with("id", id());
            let says = says.with("country", &parent.country);
            return Some(Fault { column: "country", reason: Reason::StatuteCountryMismatch, says });
        }
        in_circle[place].then(|| Fault {
            column: "parent",
            reason: Reason::UnknownStatute,
            says: Say::new("unknown_statute.circle").with("id", id()),
        })
    };
    let mut faults: Vec<Option<Fault>> = (0..statutes.len()).map(own).collect();
    let mut namers: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); statutes.len()];
    for place in 0..statutes.len() {
        for (other, column) in [(parents[place], "parent"), (successors[place], "successor")] {
            if let Some(other) = other {
                namers[other].push((place, column));
            }
        }
    }
    let mut refused: Vec<usize> = (0..statutes.len()).filter(|&place| faults[place].is_some()).collect();
    while let Some(place) = refused.pop() {
        for &(namer, column) in &namers[place] {
            if faults[namer].is_none() {
                faults[namer] = Some(missing(column, &statutes[place].id));
                refused.push(namer);
            }
        }
    }
    faults
}

fn missing(column: &'static str, id: &str) -> Fault {
    let says = Say::new("unknown_statute.register").with("id", safe_excerpt(id));
    Fault { column, reason: Reason::UnknownStatute, says }
}

/// Returns for each statute whether following parents leads back to it.
fn in_circle(parents: &[Option<usize>]) -> Vec<bool> {
    // The number of the walk that first met each statute, or 0 for none yet.
    let mut walk_of = vec![0_usize; parents.len()];
    let mut in_circle = vec![false; parents.len()];
    for start in 0..parents.len() {
        let walk = start + 1;
        let mut next = Some(start);
        while let Some(place) = next.filter(|&place| walk_of[place] == 0) {
            walk_of[place] = walk;
            next = parents[place];
        }
        // The walk ended at a statute that it had visited itself, so the statutes from there on form a circle.
        let mut around = next.filter(|&place| walk_of[place] == walk && !in_circle[place]);
        while let Some(place) = around.filter(|&place| !in_circle[place]) {
            in_circle[place] = true;
            around = parents[place];
        }
    }
    in_circle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statutes(all: &[(&str, &str, &str)]) -> Vec<Statute> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        all.iter()
            .map(|(id, parent, successor)| Statute {
                id: (*id).to_owned(),
                parent: some(parent),
                country: "KAZ".to_owned(),
                successor: some(successor),
                ..Statute::default()
            })
            .collect()
    }

    fn refused(all: &[(&str, &str, &str)]) -> Vec<bool> {
        faults(&statutes(all)).iter().map(Option::is_some).collect()
    }

    #[test]
    fn nothing_names_what_is_not_there() {
        assert_eq!(refused(&[("A", "", ""), ("B", "A", "A")]), [false, false]);
        // C names B, which names a missing statute. D names C as its successor.
        let chain = [("A", "", ""), ("B", "X", ""), ("C", "B", ""), ("D", "", "C")];
        assert_eq!(refused(&chain), [false, true, true, true]);
    }

    #[test]
    fn a_circle_and_what_hangs_on_it_are_refused() {
        let circle = [("A", "B", ""), ("B", "C", ""), ("C", "A", ""), ("D", "A", ""), ("E", "", "")];
        assert_eq!(refused(&circle), [true, true, true, true, false]);
        assert_eq!(refused(&[("A", "A", "")]), [true]);
    }

    #[test]
    fn a_long_chain_is_no_circle() {
        let ids: Vec<String> = (0..50_000).map(|number| format!("S-{number}")).collect();
        let all: Vec<(&str, &str, &str)> = (0..ids.len())
            .map(|number| (ids[number].as_str(), if number == 0 { "" } else { ids[number - 1].as_str() }, ""))
            .collect();
        assert!(refused(&all).iter().all(|refused| !refused));
    }
}
