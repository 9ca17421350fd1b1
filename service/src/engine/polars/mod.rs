//! The reference engine, which answers every question with a polars plan over one frame of records.

mod evidence;
mod frame;
mod plan;

use std::sync::Arc;
use std::time::Duration;

use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, PolarsResult, col};

use self::evidence::{behind, evidence_of};
use self::frame::Frame;
pub use self::frame::main_rules;
use self::plan::{PLACE, RECORDS, grouped, kept, measured, of_measures};
use super::cells::{Cell, Cells, Gap};
use super::contract::{Engine, EngineError, MOST_ROWS};
use super::counts::{Behind, Counts};
use super::selection::Selection;
use crate::domain::Dimension;
use crate::ingest::{Figure, Records};
use crate::query::{Deadline, in_time};
use crate::release::{Columns, Release};

/// Fewer records than this are counted within milliseconds, without a thread that watches the deadline.
const FEW: usize = 1 << 16;

/// The engine that counts with polars.
#[derive(Debug)]
pub struct Polars {
    frame: Frame,
    /// The release whose figures are in the frame; `None` for charges.
    figures: Option<Arc<Release>>,
}

impl Polars {
    /// Builds the frame of charges.
    ///
    /// # Errors
    /// When polars cannot build the frame, which is a bug.
    pub fn of_charges(columns: &Columns) -> Result<Self, EngineError> {
        Ok(Self { frame: Frame::of_charges(columns)?, figures: None })
    }

    /// Builds the frame of a release's reported figures.
    ///
    /// # Errors
    /// When polars cannot build the frame, which is a bug.
    pub fn of_figures(release: &Arc<Release>) -> Result<Self, EngineError> {
        let frame = Frame::of_figures(release, figures_of(release))?;
        Ok(Self { frame, figures: Some(Arc::clone(release)) })
    }

    fn figures(&self) -> &[Figure] {
        self.figures.as_ref().map_or(&[], |release| figures_of(release))
    }

    fn plan(&self, selection: &Selection) -> PolarsResult<LazyFrame> {
        let kept = of_measures(kept(&self.frame, selection)?, &self.frame, selection);
        let mut counted: Vec<Expr> =
            selection.measures.iter().map(|&measure| measured(&self.frame, measure)).collect();
        counted.extend(self.figures.is_some().then(|| col(PLACE).implode(true)));
        Ok(grouped(kept, &selection.by, counted))
    }

    /// Runs a plan. A plan over many records runs on polars' own threads, while this thread watches the deadline. When the
    /// deadline has passed, `running` is dropped, and polars stops the plan after its current operation.
    fn collected(&self, plan: LazyFrame) -> Result<DataFrame, EngineError> {
        let deadline = Deadline::current();
        let done = if deadline.moment().is_none() || self.frame.records.height() < FEW {
            plan.collect()?
        } else {
            let running = plan.collect_concurrently()?;
            loop {
                if let Some(done) = running.fetch() {
                    break done?;
                }
                deadline.keep();
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        deadline.keep();
        if done.height() > MOST_ROWS { Err(EngineError::TooManyRows) } else { Ok(done) }
    }
}

fn figures_of(release: &Release) -> &[Figure] {
    match release.records() {
        Records::Figures { figures, .. } => figures,
        Records::Charges(_) => &[],
    }
}

impl Engine for Polars {
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let groups = self.collected(self.plan(selection)?)?;
        let keys = keys(&groups, selection)?;
        let values = selection.measures.iter().map(|measure| counts(&groups, measure.name()));
        let values = values.collect::<PolarsResult<_>>()?;
        let mut evidence = Vec::new();
        if self.figures.is_some() {
            for places in in_time(groups.column(PLACE)?.list()?.amortized_iter()).flatten() {
                evidence.push(evidence_of(places.as_ref().u32()?.iter().flatten(), self.figures()));
            }
        }
        Ok(Counts { keys, values, evidence, plan: "polars".to_owned() })
    }

    fn facets(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let groups = self.collected(grouped(kept(&self.frame, selection)?, &selection.by, Vec::new()))?;
        let values = vec![counts(&groups, RECORDS)?];
        Ok(Counts { keys: keys(&groups, selection)?, values, ..Counts::default() })
    }

    fn evidence(&self, selection: &Selection) -> Result<Behind, EngineError> {
        if self.figures.is_none() {
            return Ok(Behind::Charges(self.count(&selection.charges_by_source())?));
        }
        let kept = of_measures(kept(&self.frame, selection)?, &self.frame, selection);
        let places = self.collected(kept.select([col(PLACE)]))?;
        let mut used: Vec<usize> =
            places.column(PLACE)?.u32()?.iter().flatten().map(|place| place as usize).collect();
        used.sort_unstable();
        Ok(Behind::Figures(behind(&used, self.figures())))
    }

    fn explain(&self, selection: &Selection) -> Result<String, EngineError> {
        Ok(self.plan(selection)?.explain(false)?)
    }
}

fn keys(groups: &DataFrame, selection: &Selection) -> PolarsResult<Vec<Cells<Option<i32>>>> {
    let key = |dimension: &Dimension| Ok(groups.column(dimension.name())?.i32()?.iter().collect());
    selection.by.iter().map(key).collect()
}

fn counts(groups: &DataFrame, name: &str) -> PolarsResult<Cells<Cell>> {
    let column = groups.column(name)?.cast(&DataType::UInt64)?;
    // A missing count is not zero.
    Ok(column.u64()?.iter().map(|count| count.ok_or(Gap::NotReported)).collect())
}
