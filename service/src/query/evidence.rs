//! What stands behind an answer: the reported figures one by one, or where the charges counted come from.

use super::figures::Kept;
use super::{AnswerError, Cells, Index, Query, charges, keep_deadline};
use crate::ingest::Records;
use crate::release::Release;

/// What stands behind an answer, straight from the release.
///
/// Not serialisable: only [`crate::disclosure::protect_evidence`] turns it into what may leave.
pub enum Behind {
    /// Of a reported dataset: places of figures among the release's, and whether the answer uses each. A figure that
    /// it does not use is what another source says of the same cell.
    Figures(Vec<(usize, bool)>),
    /// Of a case-level dataset: per group of the answer and text that says where a record comes from.
    Charges {
        /// Columns of keys, one per dimension of the query, as in [`super::Counts`].
        keys: Vec<Cells<i32>>,
        /// Numbers of the texts. `None`: the record does not say.
        origins: Vec<Option<u32>>,
        /// How many charges.
        charges: Vec<u64>,
    },
}

impl std::fmt::Debug for Behind {
    /// Prints the kind, never the numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Figures(_) => "Behind::Figures",
            Self::Charges { .. } => "Behind::Charges",
        })
    }
}

/// Finds what stands behind the answer to a query that has passed [`check`](super::check).
///
/// Figures stand by statute, year, outcome and measure; within such a cell those that the answer uses come first.
/// Charges stand as the groups of the answer do, within a group by the number of the text.
///
/// # Errors
/// When there would be too many of them.
pub fn evidence(query: &Query, release: &Release, index: &Index) -> Result<Behind, AnswerError> {
    let (frame, figures) = match (index, release.records()) {
        (Index::Charges(columns), _) => {
            let (counts, origins) = charges::by_origin(query, release, columns)?;
            let charges = counts
                .values
                .first()
                .map_or(Vec::new(), |column| column.iter().map(Option::unwrap_or_default).collect());
            return Ok(Behind::Charges { keys: counts.keys, origins, charges });
        }
        (Index::Figures(frame), Records::Figures { figures, .. }) => (frame, figures),
        (Index::Figures(_), Records::Charges(_)) => return Ok(Behind::Figures(Vec::new())),
    };
    let used = Kept::by(query, release).places;
    let mut all: Vec<(usize, bool)> = used.iter().map(|&place| (place, true)).collect();
    let mut others: Vec<usize> = used
        .iter()
        .inspect(|_| keep_deadline())
        .flat_map(|&place| &frame.same_cell[place])
        .filter_map(|&other| usize::try_from(other).ok())
        .filter(|other| used.binary_search(other).is_err())
        .collect();
    others.sort_unstable();
    others.dedup();
    all.extend(others.into_iter().map(|place| (place, false)));
    all.sort_by_key(|&(place, is_used)| {
        let (statute, year, outcome, measure, _) = figures[place].place();
        (statute, year, outcome, measure, !is_used, place)
    });
    Ok(Behind::Figures(all))
}
