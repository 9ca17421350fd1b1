//! The interface of a counting engine.

use super::counts::{Behind, Counts};
use super::selection::Selection;
use crate::query::in_time;

/// The most rows that an answer may have. Nobody reads a longer answer, and its memory would be taken from all other users.
pub const MOST_ROWS: usize = 5_000_000;

/// Counts the records of one release.
///
/// Rows are sorted by the dimensions, in the order of the selection. Unknown values come first, years and months are in time
/// order, and codes in byte order. Only groups with records appear.
/// An engine observes the deadline of the calling thread ([`Deadline::current`](crate::query::Deadline::current)): it unwinds
/// when the deadline has passed.
pub trait Engine: std::fmt::Debug + Send + Sync {
    /// Returns one row per group, with the measures and, for reported figures, the evidence for each row.
    ///
    /// # Errors
    /// When there would be more than [`MOST_ROWS`] rows, or the engine fails.
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError>;

    /// Returns the number of records per group. A record is a charge or a reported figure. A menu must not sum figures that
    /// may not be summed, but it can say how many there are.
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn facets(&self, selection: &Selection) -> Result<Counts, EngineError> {
        self.count(&selection.charges_by(selection.by.clone()))
    }

    /// Returns the evidence for an answer: for charges, how many each source has.
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn evidence(&self, selection: &Selection) -> Result<Behind, EngineError> {
        Ok(Behind::Charges(self.count(&selection.charges_by_source())?))
    }

    /// Returns what the selected charges say of where they come from; `None` where the [evidence](Engine::evidence) tells it, as it does
    /// for every engine that has the texts at hand. `named` and `most` are those of [`Origins::of`].
    ///
    /// # Errors
    /// As [`Engine::count`].
    fn origins(
        &self,
        _charges: &Selection,
        _named: &[&str],
        _most: usize,
    ) -> Result<Option<Origins>, EngineError> {
        Ok(None)
    }

    /// Whether it counts everything here, and so within moments. An engine that does not asks other machines.
    fn is_near(&self) -> bool {
        true
    }

    /// Describes how [`Engine::count`] would count, in words.
    ///
    /// # Errors
    /// When the engine fails.
    fn explain(&self, selection: &Selection) -> Result<String, EngineError>;
}

/// The texts in which charges say where they come from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Of each address that was asked for: whether a text names it.
    pub named: Vec<bool>,
    /// The texts that name none of them, in byte order, as many as were asked for.
    pub others: Vec<String>,
    /// How many more such texts there are.
    pub more: u64,
}

impl Origins {
    /// Looks for addresses in different texts, which are in byte order. Of the texts that name none of them, `most` are kept. No text
    /// names an empty address.
    pub fn of(texts: Vec<String>, named: &[&str], most: usize) -> Self {
        let finders: Vec<_> = named.iter().map(|name| memchr::memmem::Finder::new(name.as_bytes())).collect();
        let mut own = Self { named: vec![false; named.len()], ..Self::default() };
        for text in in_time(texts) {
            let mut names_any = false;
            for (finder, is_named) in finders.iter().zip(&mut own.named) {
                let names = !finder.needle().is_empty() && finder.find(text.as_bytes()).is_some();
                names_any |= names;
                *is_named |= names;
            }
            match names_any {
                true => {}
                false if own.others.len() < most => own.others.push(text),
                false => own.more += 1,
            }
        }
        own
    }
}

/// Why an engine could not count.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The answer would have too many rows.
    #[error("more than {MOST_ROWS} rows")]
    TooManyRows,
    /// Not enough memory.
    #[error(transparent)]
    Memory(#[from] std::io::Error),
    /// A cluster has to count, and does not answer as it should: it is away, or what it says cannot be believed.
    #[error("{0}")]
    Away(String),
    /// A cluster has to count, and as many questions wait for it as may.
    #[error("as many questions wait for the cluster as may")]
    Busy,
    /// The engine rejects its own plan, which is a bug.
    #[error("{0}")]
    Failed(String),
}
