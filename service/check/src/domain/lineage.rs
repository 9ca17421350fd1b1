//! The lineage of statutes: which provision replaced or renumbered which.

use std::collections::{BTreeMap, BTreeSet};

use super::Register;

impl Register {
    /// Returns the code of a statute's heir, the last in its chain of successors. A statute without a successor is
    /// its own heir.
    ///
    /// A part that names no successor follows its article. In a circle of successors, the heir is the first in byte
    /// order.
    pub fn heir(&self, code: u16) -> u16 {
        let mut way = vec![code];
        loop {
            let Some(next) = way.last().and_then(|&last| self.next(last)) else {
                return way.last().copied().unwrap_or(code);
            };
            if let Some(start) = way.iter().position(|&been| been == next) {
                return way[start..].iter().copied().min().unwrap_or(code);
            }
            way.push(next);
        }
    }

    /// Returns for each statute, in the order of codes, the code of its [heir](Self::heir).
    pub fn heirs(&self) -> Vec<u16> {
        (0..).take(self.all().len()).map(|code| self.heir(code)).collect()
    }

    /// Returns the codes of all statutes that belong together with the given ones, in order. These are the statutes
    /// with the same heir, their parts, the statutes with the same heir as those parts, and so on.
    pub fn joined(&self, codes: &[u16]) -> Vec<u16> {
        let heirs = self.heirs();
        let mut with_heir: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
        for (code, &heir) in (0..).zip(&heirs) {
            with_heir.entry(heir).or_default().push(code);
        }
        let mut open = codes.to_vec();
        let mut kept = BTreeSet::new();
        while let Some(code) = open.pop() {
            if kept.insert(code) {
                open.extend(self.parts(code));
                // The entry is removed, so that statutes with this heir are added only once.
                open.extend(with_heir.remove(&heirs[usize::from(code)]).unwrap_or_default());
            }
        }
        kept.into_iter().collect()
    }

    /// Returns the codes of the statutes that name a successor and have another heir than themselves, in order. Each
    /// comes with the code of its heir.
    ///
    /// Parts that follow their article are left out, because whoever names the article includes them.
    pub fn replaced(&self) -> Vec<(u16, u16)> {
        (0..)
            .take(self.all().len())
            .filter(|&code| self.successor(code).is_some())
            .map(|code| (code, self.heir(code)))
            .filter(|(code, heir)| code != heir)
            .collect()
    }

    /// Returns the codes of the statutes that an heir has [replaced](Self::replaced) in the end, in order.
    pub fn predecessors(&self, heir: u16) -> Vec<u16> {
        self.replaced().into_iter().filter(|(_, own)| *own == heir).map(|(code, _)| code).collect()
    }

    fn successor(&self, code: u16) -> Option<u16> {
        self.at(code).successor.as_deref().and_then(|id| self.code(id))
    }

    /// Returns the successor of a statute, or else of the nearest article above it that has one.
    fn next(&self, code: u16) -> Option<u16> {
        let mut own = code;
        // A register has no circles of parents. The limit ends the loop if it had one.
        for _ in 0..=self.all().len() {
            if let Some(next) = self.successor(own) {
                return Some(next);
            }
            own = self.at(own).parent.as_deref().and_then(|id| self.code(id))?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Statute;

    /// Makes a register from the id, parent and successor of each statute.
    fn register(statutes: &[(&str, &str, &str)]) -> Register {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let statute = |&(id, parent, successor): &(&str, &str, &str)| Statute {
            id: id.to_owned(),
            parent: some(parent),
            successor: some(successor),
            country: "KAZ".to_owned(),
            title: crate::domain::Localized::new(id.to_owned(), String::new(), String::new()),
            ..Statute::default()
        };
        Register::new(statutes.iter().map(statute).collect())
    }

    fn ids<'r>(register: &'r Register, codes: &[u16]) -> Vec<&'r str> {
        codes.iter().map(|&code| register.at(code).id.as_str()).collect()
    }

    #[test]
    fn a_statute_stands_for_the_last_of_its_successors() {
        let register = register(&[("A", "", "B"), ("B", "", "C"), ("C", "", ""), ("D", "", "")]);
        assert_eq!(ids(&register, &register.heirs()), ["C", "C", "C", "D"]);
        let code = |id| register.code(id).unwrap();
        assert_eq!(ids(&register, &register.predecessors(code("C"))), ["A", "B"]);
        for member in ["A", "B", "C"] {
            assert_eq!(ids(&register, &register.joined(&[code(member)])), ["A", "B", "C"], "{member}");
        }
    }

    #[test]
    fn a_part_goes_its_own_way_or_that_of_its_article() {
        let register = register(&[
            ("A", "", "B"),
            ("A.1", "A", "B.1"),
            ("A.2", "A", ""),
            ("B", "", ""),
            ("B.1", "B", ""),
        ]);
        assert_eq!(ids(&register, &register.heirs()), ["B", "B.1", "B", "B", "B.1"]);
        let joined = |id| ids(&register, &register.joined(&[register.code(id).unwrap()])).join(" ");
        assert_eq!(joined("A.1"), "A.1 B.1");
        assert_eq!(joined("B.1"), "A.1 B.1");
        assert_eq!(joined("A"), "A A.1 A.2 B B.1");
        assert_eq!(joined("A.2"), "A A.1 A.2 B B.1");
    }

    #[test]
    fn a_circle_has_one_heir() {
        let register = register(&[("A", "", "C"), ("B", "", "C"), ("C", "", "B"), ("D", "", "D")]);
        assert_eq!(ids(&register, &register.heirs()), ["B", "B", "B", "D"]);
    }

    proptest! {
        #[test]
        fn whoever_belongs_to_a_lineage_names_the_same_lineage(
            drawn in proptest::collection::vec((0..12_usize, 0..12_usize, any::<bool>(), any::<bool>()), 1..12)
        ) {
            let names: Vec<String> = (0..12).map(|number| format!("{number:02}")).collect();
            let statutes: Vec<(&str, &str, &str)> = drawn.iter().enumerate().map(|(place, (parent, successor, is_part, is_replaced))| {
                // Only an earlier statute can be a parent. Any statute can be a successor.
                let parent = if *is_part && place > 0 { names[parent % place].as_str() } else { "" };
                (names[place].as_str(), parent, if *is_replaced { names[*successor].as_str() } else { "" })
            }).collect();
            let register = register(&statutes);
            let heirs = register.heirs();
            for code in 0..u16::try_from(heirs.len()).unwrap() {
                let heir = heirs[usize::from(code)];
                prop_assert_eq!(register.heir(heir), heir, "an heir stands for itself");
                let joined = register.joined(&[code]);
                prop_assert!(joined.contains(&heir) && joined.contains(&code));
                prop_assert_eq!(&register.joined(&[heir]), &joined);
                prop_assert_eq!(&register.joined(&joined), &joined);
                for kept in register.with_parts(code) {
                    prop_assert!(joined.contains(&kept));
                }
            }
        }
    }
}
