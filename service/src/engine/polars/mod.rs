//! The reference engine, which answers every question with a polars plan over one frame of records.

mod frame;
mod plan;

use std::sync::Arc;
use std::time::Duration;

use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, PolarsError, PolarsResult, col};

use self::frame::Frame;
use self::plan::{PLACE, RECORDS, grouped, kept, measured, of_measures};
use crate::domain::Dimension;
use crate::ingest::{Figure, Records};
use crate::query::{Deadline, in_time};
use crate::release::{Columns, Release};
use chargesheet_count::engine::{
    Behind, Cell, Cells, Counts, Engine, EngineError, Gap, MOST_ROWS, Selection, behind, evidence_of,
};

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
        Ok(Self { frame: Frame::of_charges(columns).map_err(Failed::from)?, figures: None })
    }

    /// Builds the frame of a release's reported figures.
    ///
    /// # Errors
    /// When polars cannot build the frame, which is a bug.
    pub fn of_figures(release: &Arc<Release>) -> Result<Self, EngineError> {
        let frame = Frame::of_figures(release, figures_of(release)).map_err(Failed::from)?;
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
    fn collected(&self, plan: LazyFrame) -> Result<DataFrame, Failed> {
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
        if done.height() > MOST_ROWS { Err(EngineError::TooManyRows.into()) } else { Ok(done) }
    }
}

fn figures_of(release: &Release) -> &[Figure] {
    match release.records() {
        Records::Figures { figures, .. } => figures,
        Records::Charges(_) => &[],
    }
}

/// Why polars did not count.
enum Failed {
    Engine(EngineError),
    Polars(PolarsError),
}

impl From<EngineError> for Failed {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<PolarsError> for Failed {
    fn from(error: PolarsError) -> Self {
        Self::Polars(error)
    }
}

impl From<Failed> for EngineError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Engine(error) => error,
            Failed::Polars(error) => Self::Failed(error.to_string()),
        }
    }
}

impl Engine for Polars {
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError> {
        Ok(self.counted(selection)?)
    }

    fn facets(&self, selection: &Selection) -> Result<Counts, EngineError> {
        Ok(self.faceted(selection)?)
    }

    fn evidence(&self, selection: &Selection) -> Result<Behind, EngineError> {
        Ok(self.behind(selection)?)
    }

    fn explain(&self, selection: &Selection) -> Result<String, EngineError> {
        Ok(self.explained(selection)?)
    }
}

impl Polars {
    fn counted(&self, selection: &Selection) -> Result<Counts, Failed> {
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
        Ok(Counts::of(keys, values, evidence, "polars".to_owned()))
    }

    fn faceted(&self, selection: &Selection) -> Result<Counts, Failed> {
        let groups = self.collected(grouped(kept(&self.frame, selection)?, &selection.by, Vec::new()))?;
        let values = vec![counts(&groups, RECORDS)?];
        Ok(Counts::of(keys(&groups, selection)?, values, Vec::new(), String::new()))
    }

    fn behind(&self, selection: &Selection) -> Result<Behind, Failed> {
        if self.figures.is_none() {
            return Ok(Behind::Charges(self.counted(&selection.charges_by_source())?));
        }
        let kept = of_measures(kept(&self.frame, selection)?, &self.frame, selection);
        let places = self.collected(kept.select([col(PLACE)]))?;
        let mut used: Vec<usize> =
            places.column(PLACE)?.u32()?.iter().flatten().map(|place| place as usize).collect();
        used.sort_unstable();
        Ok(Behind::Figures(behind(&used, self.figures())))
    }

    fn explained(&self, selection: &Selection) -> Result<String, Failed> {
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
