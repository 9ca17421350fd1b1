//! The statutes that a query selects, and the statute under which each of them is counted.

use super::question::Query;
use crate::domain::{Dimension, sorted};
use crate::release::Release;

impl Query {
    /// Returns the codes of the selected statutes, in order; `None` when the query filters by neither statute nor category.
    ///
    /// A filter on a statute includes its parts. With `lineage`, it also includes the statutes with the same final successor
    /// and their parts. A filter on a category includes the statutes that are counted under a statute of that category.
    pub fn statutes(&self, release: &Release) -> Option<Vec<u16>> {
        let register = release.register();
        let asked = self.keep.get(&Dimension::Statute).map(|numbers| {
            let codes: Vec<u16> = numbers.iter().filter_map(|&number| u16::try_from(number).ok()).collect();
            if self.lineage {
                return register.joined(&codes);
            }
            sorted(codes.into_iter().flat_map(|code| register.with_parts(code)).collect())
        });
        let Some(categories) = self.keep.get(&Dimension::Category) else {
            return asked;
        };
        let mut kept = asked.unwrap_or_else(|| (0..).take(register.all().len()).collect());
        let category = self.categories(release);
        kept.retain(|&code| {
            category[usize::from(code)].is_some_and(|own| categories.contains(&u32::from(own)))
        });
        Some(kept)
    }

    /// Returns for each statute, in order of codes, the code of the statute under which it is counted.
    pub fn standing(&self, release: &Release) -> Vec<u16> {
        let register = release.register();
        if self.lineage { register.heirs() } else { (0..).take(register.all().len()).collect() }
    }

    /// Returns for each statute, in order of codes, the category of the statute under which it is counted, as a number. `None`
    /// where the register has no category.
    pub fn categories(&self, release: &Release) -> Vec<Option<u16>> {
        self.standing(release).into_iter().map(|code| release.category(code)).collect()
    }
}
