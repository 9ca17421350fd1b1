//! The comparability of a code's counts in two periods: whether they can be compared, and why not.

use std::collections::BTreeMap;

use super::question::{Question, Span};
use super::series::{last_complete_year, law_breaks};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{Dimension, Status};
use crate::engine::{Cell, Gap};
use crate::ingest::Records;
use crate::query::{Query, in_force_between};
use crate::release::Release;

chargesheet_check::words! {
    /// The reason why the counts of a code are not compared.
    #[derive(PartialOrd, Ord)]
    Incomparable {
        /// No figure is reported for one of the periods.
        NotReported = "not-reported",
        /// No figure is reported for some of the years of a period.
        YearsMissing = "years-missing",
        /// The definition changes between the periods.
        Break = "break",
        /// The dataset does not cover one of the periods.
        NotCovered = "not-covered",
        /// The statute came into force after the earlier period.
        BeforeForce = "before-force",
        /// The statute was no longer in force in the later period.
        AfterForce = "after-force",
        /// The later period had not ended when the package was made.
        Incomplete = "incomplete-years",
    }
}

impl Incomparable {
    /// Returns the count, or a more exact reason for its absence where this reason gives one.
    pub(super) fn instead_of(self, count: Cell) -> Cell {
        match (count, self) {
            (Err(Gap::NotReported), Self::BeforeForce | Self::AfterForce) => Err(Gap::NotInForce),
            (Err(Gap::NotReported), Self::NotCovered) => Err(Gap::Unknown),
            _ => count,
        }
    }
}

/// The years with a figure, by code; each with whether it begins a new definition.
type Reported = BTreeMap<Option<i32>, Vec<(i32, bool)>>;

/// The years that have figures, and the facts that decide whether they can be compared.
pub(super) struct Years {
    /// The years with figures of a reported dataset.
    reported: Option<Reported>,
    /// The first and last year of a case-level dataset.
    covered: Option<(i32, i32)>,
    pub(super) undated: Cell,
}

impl Years {
    pub(super) fn of(dataset: &Dataset, question: &Question) -> Result<Self, AnswerError> {
        let years = vec![Dimension::Year];
        if matches!(dataset.release.records(), Records::Charges(_)) {
            let whole = dataset.ask(&Query::everything(years.clone(), question.query.measures.clone()))?;
            let covered: Vec<i32> = whole.each_row().filter_map(|row| whole.key(0, row)).collect();
            let covered = covered.iter().min().copied().zip(covered.iter().max().copied());
            let own = Query { by: years, share: None, labels: None, ..question.query.clone() };
            return Ok(Self { reported: None, covered, undated: undated(&dataset.ask(&own)?) });
        }
        let by = vec![question.of, Dimension::Year];
        let answer = dataset.ask(&question.asking(by, question.before.first, question.after.last))?;
        let mut reported = Reported::new();
        for row in answer.each_row() {
            if let (Some(year), Ok(_)) = (answer.key(1, row), answer.cell(0, row)) {
                let is_break = answer.evidence(row).is_some_and(|evidence| evidence.status == Status::Break);
                reported.entry(answer.key(0, row)).or_default().push((year, is_break));
            }
        }
        Ok(Self { reported: Some(reported), covered: None, undated: Err(Gap::NotReported) })
    }

    /// Returns the reason why the counts of a code cannot be compared; `None` when they can.
    pub(super) fn against(
        &self,
        key: Option<i32>,
        counts: [Cell; 2],
        question: &Question,
        release: &Release,
    ) -> Option<Incomparable> {
        let spans = [question.before, question.after];
        if last_complete_year(release).is_some_and(|last| question.after.last.year() > last) {
            return Some(Incomparable::Incomplete);
        }
        // A withheld count is not zero, whichever kind of dataset has it.
        if counts.contains(&Err(Gap::Withheld)) {
            return Some(Incomparable::NotReported);
        }
        if let Some(code) = question.statute(key) {
            let (from, to) = in_force_between(&question.query, release, code);
            if from.is_some_and(|from| from.first_day() > question.before.last.last_day()) {
                return Some(Incomparable::BeforeForce);
            }
            if to.is_some_and(|to| to.last_day() < question.after.first.first_day()) {
                return Some(Incomparable::AfterForce);
            }
        }
        let law = question.statute(key).map_or(Vec::new(), |code| law_breaks(&question.query, release, code));
        let crossed =
            |year: &i32| *year > question.before.first.year() && *year <= question.after.last.year();
        let is_broken = law.iter().any(crossed);
        if let Some(reported) = &self.reported {
            let own = reported.get(&key).map_or(&[][..], Vec::as_slice);
            let in_span = |span: Span| own.iter().filter(|(year, _)| span.contains(*year)).count();
            let is_whole = |span: Span| in_span(span) == span.years() as usize;
            return if counts.iter().any(Result::is_err) {
                Some(Incomparable::NotReported)
            } else if !spans.into_iter().all(is_whole) {
                Some(Incomparable::YearsMissing)
            } else if is_broken
                || own.iter().any(|&(year, is_break)| is_break && year > question.before.first.year())
            {
                Some(Incomparable::Break)
            } else {
                None
            };
        }
        if is_broken {
            return Some(Incomparable::Break);
        }
        let is_covered = |span: Span| {
            self.covered.is_some_and(|(first, last)| span.first.year() >= first && span.last.year() <= last)
        };
        // A period that the dataset covers only in part has no full count.
        (!spans.into_iter().all(is_covered)).then_some(Incomparable::NotCovered)
    }
}

fn undated(by_year: &Published) -> Cell {
    let row = by_year.each_row().find(|&row| by_year.key(0, row).is_none());
    row.map_or(Ok(0), |row| by_year.cell(0, row))
}
