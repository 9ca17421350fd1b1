//! The results of engines: counts, and the evidence behind them.

use std::sync::Arc;

use super::cells::{Cell, Cells};
use crate::domain::{Measure, Status};

/// Counts straight from a release, before the disclosure policy: one row per group, sorted by the dimensions.
///
/// Not serialisable: only [`crate::disclosure::protect`] turns them into counts that may leave the service.
#[derive(Default)]
pub struct Counts {
    /// Columns of keys, one per dimension of the selection: numbers of codes, years, or months since January of year 0. `None`
    /// means "unknown".
    pub(crate) keys: Vec<Cells<Option<i32>>>,
    /// Columns of counts, one per measure of the selection.
    pub(crate) values: Vec<Cells<Cell>>,
    /// The evidence for each row of a reported dataset; empty for a case-level one.
    pub(crate) evidence: Vec<Evidence>,
    /// How the rows were counted, in words that reveal no number.
    pub(crate) plan: String,
    /// The texts of the sources of records, by number, where the release has not all of them in memory; else empty.
    pub(crate) origins: Arc<[String]>,
}

impl Counts {
    /// Makes the result of an engine: columns of keys and of counts, the evidence for each row, and how the rows were counted.
    pub fn of(
        keys: Vec<Cells<Option<i32>>>,
        values: Vec<Cells<Cell>>,
        evidence: Vec<Evidence>,
        plan: String,
    ) -> Self {
        Self { keys, values, evidence, plan, ..Self::default() }
    }

    /// Gives these counts the texts of their sources of records, by number.
    pub fn with_origins(self, origins: &Arc<[String]>) -> Self {
        Self { origins: Arc::clone(origins), ..self }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Cells::len)
    }

    /// Whether the first measure can be one of these charges: every group is one of theirs, and has no more than its charges. Where
    /// both count the same selection, they have the same groups. The charges may lack the last dimensions; then the groups that they
    /// do not distinguish have no more charges together.
    pub fn fits(&self, charges: &Self, is_same: bool) -> bool {
        let key = |counts: &Self, row| -> Vec<Option<i32>> {
            counts.keys[..charges.keys.len()].iter().map(|column| column.at(row)).collect()
        };
        let mut own = 0;
        for row in 0..charges.rows() {
            let of = key(charges, row);
            let (mut sum, Ok(most)) = (0_u64, charges.values[0].at(row)) else { return false };
            let first = own;
            while own < self.rows() && key(self, own) == of {
                match self.values[0].at(own) {
                    Ok(count) if count > 0 => sum = sum.saturating_add(count),
                    _ => return false,
                }
                own += 1;
            }
            if sum > most || first == own && is_same {
                return false;
            }
        }
        own == self.rows()
    }

    /// Returns these counts with the measures of others beside them; `None` where the groups are not the same.
    pub fn beside(mut self, others: Self) -> Option<Self> {
        if self.keys != others.keys {
            return None;
        }
        self.values.extend(others.values);
        self.plan = [self.plan, others.plan].join(", ");
        Some(self)
    }

    /// Returns the approximate size in memory, in bytes.
    pub fn weight(&self) -> u64 {
        let keys = self.keys.len() * self.rows() * size_of::<i32>();
        let values = self.values.len() * self.rows() * size_of::<u64>();
        (keys + values + size_of_val(&self.evidence[..])) as u64
    }
}

impl std::fmt::Debug for Counts {
    /// Prints the shape, never the numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Counts({} dimensions, {} measures, {} rows)",
            self.keys.len(),
            self.values.len(),
            self.rows()
        )
    }
}

/// The evidence for a row of a reported dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Of the statuses of its figures, the one that asks for most caution.
    pub status: Status,
    /// The sources of the figures shown, then other sources that report the same cells. Each part is ascending.
    pub sources: Vec<u16>,
    /// Figures of other sources that differ from the figures shown.
    pub rivals: Vec<Rival>,
}

/// A figure from another source than the one shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rival {
    /// The measure on which the two sources disagree.
    pub measure: Measure,
    /// Index of the other source among the release's sources.
    pub source: u16,
    /// The other source's figure.
    pub value: u64,
}

/// The evidence for an answer, straight from the release, before the disclosure policy.
///
/// Not serialisable: only [`crate::disclosure::protect_evidence`] turns it into what may leave the service.
pub enum Behind {
    /// In a reported dataset: indexes of figures in the release, each with whether the answer uses the figure. The unused
    /// figures are those of other sources for the same cells. Figures are sorted by statute, year, outcome and measure; within
    /// such a cell the used ones come first.
    Figures(Vec<(usize, bool)>),
    /// In a case-level dataset: charges by the dimensions of the selection and, in one more column of keys, by the number of
    /// the record's source text.
    Charges(Counts),
}

impl std::fmt::Debug for Behind {
    /// Prints the kind, never the numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Figures(_) => "Behind::Figures",
            Self::Charges(_) => "Behind::Charges",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(groups: &[(Option<i32>, u64)]) -> Counts {
        let keys = vec![groups.iter().map(|(key, _)| *key).collect()];
        let values = vec![groups.iter().map(|(_, count)| Ok(*count)).collect()];
        Counts::of(keys, values, Vec::new(), "plan".to_owned())
    }

    #[test]
    fn persons_fit_charges_of_the_same_groups_and_are_no_more() {
        let charges = counts(&[(None, 2), (Some(1), 5), (Some(3), 1)]);
        let fits = |groups: &[(Option<i32>, u64)]| {
            let persons = counts(groups);
            (persons.fits(&charges, true), persons.fits(&charges, false))
        };
        assert_eq!(fits(&[(None, 1), (Some(1), 5), (Some(3), 1)]), (true, true));
        assert_eq!(fits(&[(Some(1), 5)]), (false, true), "fewer groups fit only a part of the charges");
        assert_eq!(fits(&[]), (false, true));
        for wrong in [
            &[(None, 1), (Some(1), 6), (Some(3), 1)][..],
            &[(None, 1), (Some(1), 0), (Some(3), 1)],
            &[(None, 1), (Some(2), 1), (Some(3), 1)],
            &[(None, 1), (Some(1), 5), (Some(3), 1), (Some(4), 1)],
            &[(Some(3), 1), (Some(1), 5)],
        ] {
            assert_eq!(fits(wrong), (false, false), "{wrong:?}");
        }
    }

    #[test]
    fn groups_that_the_charges_do_not_distinguish_have_no_more_together() {
        let charges = counts(&[(None, 2), (Some(1), 5)]);
        let by_source = |last: u64| {
            let mut own = counts(&[(None, 2), (Some(1), 1), (Some(1), last)]);
            own.keys.push([None, Some(0), Some(7)].into_iter().collect());
            own.fits(&charges, true)
        };
        assert!(by_source(4) && !by_source(5));
    }

    #[test]
    fn measures_stand_beside_each_other_only_where_the_groups_are_the_same() {
        let one = || counts(&[(None, 2), (Some(1), 5)]);
        let both = one().beside(counts(&[(None, 1), (Some(1), 3)])).expect("the groups are the same");
        assert_eq!((both.values.len(), both.rows(), both.plan.as_str()), (2, 2, "plan, plan"));
        assert!(one().beside(counts(&[(None, 1), (Some(2), 3)])).is_none());
        assert!(one().beside(counts(&[(None, 1)])).is_none());
    }
}
