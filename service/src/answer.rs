//! How a question is answered: one function for the HTTP routes, the command line and the charts.

use crate::disclosure::{
    Published, PublishedEvidence, PublishedRecords, protect, protect_charges, protect_evidence,
    protect_figures,
};
use crate::domain::Dimension;
use crate::ingest::Records;
pub use crate::query::AnswerError;
use crate::query::{Index, Query, aggregate, check, evidence, facets, origins, statutes_behind};
use crate::release::{Release, StoreError};

/// A release that is ready to be asked.
#[derive(Debug)]
pub struct Dataset {
    /// The release.
    pub release: Release,
    index: Index,
}

/// Why there are no records.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// They could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Dataset {
    /// Makes a release ready.
    ///
    /// # Errors
    /// When its columns cannot be laid out, which is a bug.
    pub fn new(mut release: Release) -> Result<Self, AnswerError> {
        release.forget_ids();
        let index = Index::of(&mut release)?;
        Ok(Self { release, index })
    }

    /// Answers a question.
    ///
    /// # Errors
    /// When it would add what may not be added; or on a bug.
    pub fn ask(&self, query: &Query) -> Result<Published, AnswerError> {
        check(query, &self.release)?;
        let counts = aggregate(query, &self.release, &self.index)?;
        Ok(protect(counts, self.release.disclosure()))
    }

    /// Whether a question would be answered: that it adds nothing that may not be added.
    pub fn may_ask(&self, query: &Query) -> bool {
        check(query, &self.release).is_ok()
    }

    /// Counts the records per value of a dimension under the filters of a question.
    ///
    /// # Errors
    /// On a bug.
    pub fn facets(&self, query: &Query, of: Dimension) -> Result<Published, AnswerError> {
        let counts = facets(query, of, &self.release, &self.index)?;
        Ok(protect(counts, self.release.disclosure()))
    }

    /// Returns what stands behind the answer to a question.
    ///
    /// # Errors
    /// As [`Dataset::ask`]: what is refused has nothing behind it.
    pub fn evidence(&self, query: &Query) -> Result<PublishedEvidence, AnswerError> {
        check(query, &self.release)?;
        let behind = evidence(query, &self.release, &self.index)?;
        Ok(protect_evidence(behind, self.release.disclosure()))
    }

    /// Whether an answer that is not by statute has figures of several statutes, each in a group of its own.
    ///
    /// Nothing is added in it; but a reader may take its groups for a series of one statute.
    pub fn mixes_statutes(&self, query: &Query) -> bool {
        let may_be_added = self.release.descriptor().additive().contains(&Dimension::Statute);
        !may_be_added
            && !query.by.contains(&Dimension::Statute)
            && statutes_behind(query, &self.release).len() > 1
    }

    /// Returns every record, in the order of the release. Case-level records are laid out anew for it.
    ///
    /// # Errors
    /// When the store cannot be read; or on a bug.
    pub fn records(&self) -> Result<PublishedRecords<'_>, RecordsError> {
        let policy = self.release.disclosure();
        if let Records::Figures { figures, .. } = self.release.records() {
            return Ok(protect_figures(figures, policy));
        }
        let charges = match self.release.read_charges()? {
            Some(read) => read,
            None => self.index.charges(&self.release).unwrap_or_default(),
        };
        Ok(protect_charges(charges, policy))
    }

    /// Returns where the charges that a question keeps come from, as their records say it.
    ///
    /// # Errors
    /// On a bug.
    pub fn origins(&self, query: &Query) -> Result<Vec<&str>, AnswerError> {
        origins(query, &self.release, &self.index)
    }

    /// Returns the dimensions of an answer over which its figures may be stacked on each other.
    ///
    /// Those are, of all but the axis (the year or month, else the first dimension), the ones that the
    /// dataset declares additive, and whose sum is in fact the count without them: a defendant with two
    /// outcomes in one year is one person, and a stack that showed two would lie.
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
                place != axis && declared.contains(&own)
            })
            .map(|(_, &dimension)| dimension)
            .collect();
        let rest: Vec<Dimension> =
            query.by.iter().copied().filter(|dimension| !stacked.contains(dimension)).collect();
        if stacked.is_empty() || matches!(self.release.records(), Records::Figures { .. }) {
            return Ok(stacked);
        }
        let whole = self.ask(&Query { by: rest, share: None, rate: false, ..query.clone() })?;
        let sum = |table: &Published| -> Vec<u64> {
            (0..query.measures.len())
                .map(|measure| table.each_row().filter_map(|row| table.value(measure, row)).sum())
                .collect()
        };
        // Counting anew never gives more than adding up, group by group; so equal totals mean equal groups.
        Ok(if sum(&whole) == sum(answer) { stacked } else { Vec::new() })
    }
}
