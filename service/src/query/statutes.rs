//! Which statutes a query keeps, and which one each of them stands for in its answer.

use super::question::Query;
use crate::domain::Dimension;
use crate::release::Release;

impl Query {
    /// Returns the codes of the statutes whose records are kept, in order; `None` when neither statute nor category is
    /// asked for.
    ///
    /// A statute keeps its parts, and where lineages are joined all that belongs to its own. A category keeps the
    /// statutes that stand for one of it.
    pub fn statutes(&self, release: &Release) -> Option<Vec<u16>> {
        let register = release.register();
        let asked = self.keep.get(&Dimension::Statute).map(|numbers| {
            let codes: Vec<u16> = numbers.iter().filter_map(|&number| u16::try_from(number).ok()).collect();
            if self.lineage {
                return register.joined(&codes);
            }
            let mut kept: Vec<u16> = codes.into_iter().flat_map(|code| register.with_parts(code)).collect();
            kept.sort_unstable();
            kept.dedup();
            kept
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

    /// Returns for each statute, in order of codes, the code of the one that it stands for.
    pub fn standing(&self, release: &Release) -> Vec<u16> {
        let register = release.register();
        if self.lineage { register.heirs() } else { (0..).take(register.all().len()).collect() }
    }

    /// Returns for each statute, in order of codes, the number of its category of offence: that of the statute that it
    /// stands for. `None` where the register gives none.
    pub fn categories(&self, release: &Release) -> Vec<Option<u16>> {
        self.standing(release).into_iter().map(|code| release.category(code)).collect()
    }
}
