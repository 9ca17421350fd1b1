//! A release with the engine that counts it. HTTP routes, the command line and charts all get their answers here.

use std::sync::Arc;

use super::additivity::{are_disjoint, check};
use super::error::AnswerError;
use super::rates::rates;
use super::shares::shares;
use crate::disclosure::{Published, PublishedEvidence, protect, protect_evidence};
use crate::domain::{Dimension, sorted};
use crate::engine::{Behind, Cell, Engine, EngineError, Gap, Origins, Selection};
use crate::ingest::{Figure, Records};
use crate::query::{Query, keep_deadline};
use crate::release::{Columns, Release, Tables};

/// A release with the engine that counts it.
#[derive(Debug)]
pub struct Dataset {
    /// The release.
    pub release: Arc<Release>,
    /// Its charges as columns; `None` for a reported dataset.
    columns: Option<Arc<Columns>>,
    pub(super) engine: Box<dyn Engine>,
}

impl Dataset {
    /// Makes a dataset of a release and the engine that counts it. `columns` are its charges; a reported dataset has none.
    pub fn with(release: Arc<Release>, columns: Option<Arc<Columns>>, engine: Box<dyn Engine>) -> Self {
        Self { release, columns, engine }
    }

    /// Makes a release ready for queries, with the engine that `open` gives it. Charges are moved into columns, not copied: memory
    /// must not hold a hundred million charges twice. `tables` of counts are made where the release has none.
    ///
    /// # Errors
    /// When `open` fails.
    pub fn opened(
        mut release: Release,
        tables: Tables,
        open: impl FnOnce(&Arc<Release>, Option<&Arc<Columns>>) -> Result<Box<dyn Engine>, EngineError>,
    ) -> Result<Self, AnswerError> {
        release.forget_ids();
        let columns = release.take_columns();
        let statutes = release.register().all().len();
        let columns = match release.records_mut() {
            Records::Charges(charges) if columns.is_none() => {
                let columns = Columns::of(charges, statutes, tables);
                charges.forget_columns();
                Some(columns)
            }
            _ => columns,
        };
        let (release, columns) = (Arc::new(release), columns.map(Arc::new));
        let engine = open(&release, columns.as_ref())?;
        Ok(Self { release, columns, engine })
    }

    /// Returns its charges as columns; `None` for a reported dataset.
    pub fn columns(&self) -> Option<&Arc<Columns>> {
        self.columns.as_ref()
    }

    /// Resolves a query into a selection, and refuses one that would sum figures that may not be summed.
    fn checked(&self, query: &Query) -> Result<Selection, AnswerError> {
        let selection = Selection::of(query, &self.release);
        check(query, &selection, &self.release, || self.figures_used(&selection))?;
        Ok(selection)
    }

    /// Returns the reported figures that the answer uses; none in a case-level dataset.
    fn figures_used(&self, selection: &Selection) -> Result<Vec<&Figure>, AnswerError> {
        let Records::Figures { figures, .. } = self.release.records() else {
            return Ok(Vec::new());
        };
        Ok(match self.engine.evidence(selection)? {
            Behind::Figures(places) => {
                places.iter().filter(|(_, is_used)| *is_used).map(|&(place, _)| &figures[place]).collect()
            }
            Behind::Charges(_) => Vec::new(),
        })
    }

    /// Answers a query. Shares and rates are computed from the counts that the disclosure policy releases.
    ///
    /// # Errors
    /// When the query would sum figures that may not be summed, or the answer would have too many rows; or on a bug.
    pub fn ask(&self, query: &Query) -> Result<Published, AnswerError> {
        let counts = self.engine.count(&self.checked(query)?)?;
        let published = protect(counts, self.release.disclosure());
        let shares = shares(query, &self.release, &published);
        let rates = rates(query, &self.release, &published);
        Ok(published.with(shares, rates))
    }

    /// Describes how a query would be counted: the engine's plan, in words.
    ///
    /// # Errors
    /// As [`Dataset::ask`].
    pub fn explain(&self, query: &Query) -> Result<String, AnswerError> {
        Ok(self.engine.explain(&self.checked(query)?)?)
    }

    /// Whether everything is counted here, and so within moments.
    pub fn is_near(&self) -> bool {
        self.engine.is_near()
    }

    /// Whether the query may be answered: it sums no figures that may not be summed.
    pub fn may_ask(&self, query: &Query) -> bool {
        self.checked(query).is_ok()
    }

    /// Counts the records for each value of a dimension, under the filters of a query.
    ///
    /// # Errors
    /// On a bug.
    pub fn facets(&self, query: &Query, of: Dimension) -> Result<Published, AnswerError> {
        let counts = self.engine.facets(&Selection::of_facets(query, of, &self.release))?;
        Ok(protect(counts, self.release.disclosure()))
    }

    /// Returns the evidence for an answer: the records or figures that it is computed from.
    ///
    /// # Errors
    /// As [`Dataset::ask`]: a refused query has no evidence.
    pub fn evidence(&self, query: &Query) -> Result<PublishedEvidence, AnswerError> {
        let behind = self.engine.evidence(&self.checked(query)?)?;
        Ok(protect_evidence(behind, self.release.disclosure()))
    }

    /// Returns the codes of the statutes whose own figures the answer uses, in order; none in a case-level dataset.
    ///
    /// # Errors
    /// On a bug.
    pub fn statutes_behind(&self, query: &Query) -> Result<Vec<u16>, AnswerError> {
        let figures = self.figures_used(&Selection::of(query, &self.release))?;
        Ok(sorted(figures.into_iter().map(|figure| figure.statute).collect()))
    }

    /// Whether an answer that is not grouped by statute has figures of several statutes, each statute in its own groups.
    ///
    /// Such an answer adds nothing that may not be added, but a reader may mistake its groups for a series of one statute.
    pub fn mixes_statutes(&self, query: &Query) -> bool {
        let may_be_added = self.release.descriptor().additive().contains(&Dimension::Statute);
        !may_be_added
            && !query.by.contains(&Dimension::Statute)
            && self.statutes_behind(query).is_ok_and(|statutes| statutes.len() > 1)
    }

    /// Returns what the selected charges say of where they come from. There is nothing for a reported dataset, whose figures name
    /// their sources one by one. `named` and `most` are those of [`Origins::of`].
    ///
    /// # Errors
    /// On a bug.
    pub fn origins(&self, query: &Query, named: &[&str], most: usize) -> Result<Origins, AnswerError> {
        if matches!(self.release.records(), Records::Figures { .. }) {
            return Ok(Origins::default());
        }
        let all = Selection::of(query, &self.release).charges_by(Vec::new());
        if let Some(origins) = self.engine.origins(&all, named, most)? {
            return Ok(origins);
        }
        let behind = protect_evidence(self.engine.evidence(&all)?, self.release.disclosure());
        let texts = behind.charges(&self.release).filter(|(_, text, _)| !text.is_empty());
        let mut texts: Vec<String> = texts.map(|(_, text, _)| text.to_owned()).collect();
        texts.sort_unstable_by(|one, other| {
            keep_deadline();
            one.cmp(other)
        });
        Ok(Origins::of(texts, named, most))
    }

    /// Returns the dimensions of an answer over which a chart may stack its figures.
    ///
    /// The axis (the year or month, else the first dimension) is never one of them. Any other dimension must be declared
    /// additive by the dataset, and its parts must in fact sum to the count without it. A defendant with two outcomes in one
    /// year is one person, and a stack that showed two would lie.
    ///
    /// # Errors
    /// As [`Dataset::ask`].
    pub fn stackable(&self, query: &Query, answer: &Published) -> Result<Vec<Dimension>, AnswerError> {
        let axis = query.axis();
        let declared = self.release.descriptor().additive();
        let stacked: Vec<Dimension> = query
            .by
            .iter()
            .enumerate()
            .filter(|&(place, &dimension)| {
                // A category is a set of statutes.
                let own = if dimension == Dimension::Category { Dimension::Statute } else { dimension };
                let is_declared = declared.contains(&own)
                    || own == Dimension::Outcome && are_disjoint(query, &self.release);
                place != axis && is_declared
            })
            .map(|(_, &dimension)| dimension)
            .collect();
        let rest: Vec<Dimension> =
            query.by.iter().copied().filter(|dimension| !stacked.contains(dimension)).collect();
        if stacked.is_empty() || matches!(self.release.records(), Records::Figures { .. }) {
            return Ok(stacked);
        }
        let whole = self.ask(&Query { by: rest, share: None, rate: false, ..query.clone() })?;
        let sums = |table: &Published| -> Vec<Cell> {
            (0..query.measures.len()).map(|measure| table.sum(measure)).collect()
        };
        // A new count is never higher than the sum of the parts, in any group. Equal totals therefore mean equal groups.
        // A total with a withheld part proves nothing.
        let (whole, parts) = (sums(&whole), sums(answer));
        Ok(if whole == parts && !whole.contains(&Err(Gap::Withheld)) { stacked } else { Vec::new() })
    }
}
