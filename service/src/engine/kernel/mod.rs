//! The fast engine for charges. It chooses the cheapest of several exact methods.
//!
//! Charges are added up from the smallest table that distinguishes what the query needs: a precomputed table of counts, or the
//! charges themselves ([`plan`]). Counts of distinct defendants and cases cannot be added, so they are computed from the
//! charges, group by group ([`distinct`]).

mod count;
mod distinct;
mod distinct_radix;
mod layout;
mod marks;
mod plan;
mod scan;
mod tally;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::Arc;

use self::layout::Layout;
use self::plan::Plan;
#[cfg(feature = "cluster")]
pub use self::plan::needed;
use self::tally::Tally;
use crate::domain::Measure;
use crate::query::{in_time, keep_deadline};
use crate::release::Columns;
use chargesheet_count::engine::Counts;
use chargesheet_count::engine::Selection;
use chargesheet_count::engine::{Cell, Cells};
use chargesheet_count::engine::{Engine, EngineError};

/// The engine that counts charges over narrow columns.
#[derive(Debug)]
pub struct Kernel {
    columns: Arc<Columns>,
}

impl Kernel {
    /// Makes an engine for these charges.
    pub fn new(columns: &Arc<Columns>) -> Self {
        Self { columns: Arc::clone(columns) }
    }
}

impl Engine for Kernel {
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let columns = &*self.columns;
        let plan = Plan::of(selection, columns);
        let layout = Layout::of(selection, columns, &plan).ok_or(EngineError::TooManyRows)?;
        let tally = |measure: &Measure| match measure {
            Measure::Charges => count::charges(&layout, &plan),
            Measure::Persons => distinct::distinct(&layout, columns, &columns.defendant, columns.defendants),
            Measure::Cases => distinct::distinct(&layout, columns, &columns.case, columns.cases),
        };
        let tallies = selection.measures.iter().map(tally).collect::<Result<Vec<_>, _>>()?;
        let (keys, values) = rows(&layout, &tallies)?;
        Ok(Counts::of(keys, values, Vec::new(), plan.told(selection)))
    }

    fn explain(&self, selection: &Selection) -> Result<String, EngineError> {
        Ok(Plan::of(selection, &self.columns).told(selection))
    }
}

/// Columns of keys, and columns of counts.
type Rows = (Vec<Cells<Option<i32>>>, Vec<Cells<Cell>>);

/// Converts tallies of cells into rows.
fn rows(layout: &Layout, tallies: &[Tally]) -> Result<Rows, EngineError> {
    let cells = tallies[0].cells().ok_or(EngineError::TooManyRows)?;
    let mut keys = layout.keys(&cells);
    let of = |tally: &Tally| in_time(&cells).map(|&cell| Ok(tally.at(cell))).collect();
    let mut values: Vec<Cells<Cell>> = tallies.iter().map(of).collect();
    if !layout.is_in_order {
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_unstable_by(|&left, &right| {
            keep_deadline();
            let orders = keys.iter().map(|column| column.at(left).cmp(&column.at(right)));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        keys.iter_mut().for_each(|column| column.reorder(&order));
        values.iter_mut().for_each(|column| column.reorder(&order));
    }
    Ok((keys, values))
}
