//! Counts of charges, defendants and cases: by the cheapest of several ways that are all exact.
//!
//! Charges are added up from the smallest table that tells apart what is asked: one of the tables of counts that were made
//! in advance, or the charges themselves ([`plan`]). Distinct defendants and cases cannot be added, so those are
//! counted from the charges, group by group ([`distinct`]).

mod count;
mod distinct;
mod layout;
mod marks;
mod parted;
mod plan;
mod scan;
mod tally;
#[cfg(test)]
mod tests;
mod together;

use self::layout::Layout;
pub use self::plan::Plan;
use self::tally::Tally;
use super::{AnswerError, Cells, Counts, Query, QueryError, in_time, keep_deadline};
use crate::domain::{Dimension, Measure};
use crate::release::{Columns, Release};

/// Most rows of an answer. What has more is no answer that somebody reads, and takes memory from everybody else.
pub const MOST_ROWS: usize = 5_000_000;

/// From so many rows on, every processor goes through a part of them.
const MANY: usize = if cfg!(test) { 16 } else { 1 << 18 };

/// Counts a query's measures, one row per group with charges, sorted by its dimensions.
///
/// # Errors
/// When the answer would have more rows than [`MOST_ROWS`], or takes longer than it may.
pub fn counts(query: &Query, release: &Release, columns: &Columns) -> Result<Counts, AnswerError> {
    let (groups, _) = counted(query, false, release, columns)?;
    Ok(groups)
}

/// Counts charges per group of a query and text that says where their records come from: the groups, and for each the
/// text's number.
///
/// # Errors
/// As [`counts`].
pub fn by_origin(
    query: &Query,
    release: &Release,
    columns: &Columns,
) -> Result<(Counts, Vec<Option<u32>>), AnswerError> {
    let query = Query { measures: vec![Measure::Charges], ..query.clone() };
    counted(&query, true, release, columns)
}

/// Counts charges per value of a dimension, under the filters of a query.
///
/// # Errors
/// As [`counts`].
pub fn of_values(
    query: &Query,
    of: Dimension,
    release: &Release,
    columns: &Columns,
) -> Result<Counts, AnswerError> {
    let query = Query { by: vec![of], measures: vec![Measure::Charges], ..query.clone() };
    counts(&query, release, columns)
}

fn counted(
    query: &Query,
    by_origin: bool,
    release: &Release,
    columns: &Columns,
) -> Result<(Counts, Vec<Option<u32>>), AnswerError> {
    let plan = Plan::of(query, by_origin, release, columns);
    let layout = Layout::of(query, by_origin, release, columns, &plan).ok_or_else(too_many)?;
    let mut tallies = Vec::with_capacity(query.measures.len());
    for measure in &query.measures {
        tallies.push(match measure {
            Measure::Charges => count::charges(&layout, &plan)?,
            Measure::Persons => distinct::distinct(&layout, columns, &columns.defendant, columns.defendants)?,
            Measure::Cases => distinct::distinct(&layout, columns, &columns.case, columns.cases)?,
        });
    }
    let mut counts = told(query, &layout, &tallies)?;
    let origins = if by_origin { counts.keys.pop().unwrap_or_default() } else { Cells::default() };
    let origins = origins.iter().map(|origin| origin.and_then(|origin| u32::try_from(origin).ok()));
    counts.plan = plan.told(query);
    Ok((counts, origins.collect()))
}

/// Turns counts of cells into rows.
fn told(query: &Query, layout: &Layout, tallies: &[Tally]) -> Result<Counts, AnswerError> {
    let first = &tallies[0];
    let cells = first.cells().ok_or_else(too_many)?;
    let mut keys = layout.keys(&cells);
    let of = |tally: &Tally| in_time(&cells).map(|&cell| Some(tally.at(cell))).collect();
    let mut values: Vec<Cells<u64>> = tallies.iter().map(of).collect();
    if !layout.is_in_order {
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_unstable_by(|&left, &right| {
            keep_deadline();
            let orders = keys.iter().map(|column| column.at(left).cmp(&column.at(right)));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        for column in &mut keys {
            column.reorder(&order);
        }
        for column in &mut values {
            column.reorder(&order);
        }
    }
    debug_assert!(values.len() == query.measures.len());
    Ok(Counts { keys, values, ..Counts::default() })
}

fn too_many() -> AnswerError {
    AnswerError::Refused(QueryError::TooManyRows { most: MOST_ROWS })
}
