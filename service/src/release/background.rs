//! What a release says besides its records: the lives of its statutes, the populations of countries.

use super::text_table::TextTable;
use super::{Release, background_tables};
use crate::domain::{Event, Period, Population};

impl Release {
    /// Returns everything that happened to its statutes, by statute and date.
    pub fn history(&self) -> &[Event] {
        &self.background.history
    }

    /// Returns what happened to a statute, in order of time.
    pub fn history_of<'r>(&'r self, statute: &'r str) -> impl Iterator<Item = &'r Event> {
        let history = self.history();
        let first = history.partition_point(|event| event.statute.as_str() < statute);
        history[first..].iter().take_while(move |event| event.statute == statute)
    }

    /// Returns when a series of a statute's figures breaks: figures before and after such a moment count different
    /// things. In order of time, each once.
    ///
    /// What breaks the series of an article breaks that of its parts, and what breaks that of a part breaks that of
    /// the article, which counts it too.
    pub fn breaks(&self, statute: &str) -> Vec<Period> {
        let Some(code) = self.register.code(statute) else { return Vec::new() };
        let mut concerned: Vec<&str> = self
            .register
            .with_parts(code)
            .into_iter()
            .map(|code| self.register.at(code).id.as_str())
            .collect();
        let mut whole = self.register.at(code).parent.as_deref();
        // A register has no circles; if it had, none is longer than the register.
        while let Some(id) = whole.filter(|id| !concerned.contains(id)) {
            concerned.push(id);
            whole = self.register.get(id).and_then(|statute| statute.parent.as_deref());
        }
        let breaking = self.history().iter().filter(|event| event.breaks_series);
        let mut breaks: Vec<Period> = breaking
            .filter(|event| concerned.contains(&event.statute.as_str()))
            .map(|event| event.date)
            .collect();
        breaks.sort_unstable_by_key(|date| date.packed());
        breaks.dedup();
        breaks
    }

    /// Returns the tables of histories and populations that are there, by the names of their resources.
    pub fn background_tables(&self) -> Vec<(&'static str, TextTable)> {
        background_tables::tables(&self.background)
    }

    /// Returns all populations, by country and year; none where the package brings none.
    pub fn populations(&self) -> &[Population] {
        &self.background.population
    }

    /// Returns the population of a country, by its ISO 3166-1 alpha-3 code, in a year.
    pub fn population(&self, country: &str, year: i32) -> Option<&Population> {
        let all = self.populations();
        all.binary_search_by(|of| of.place().cmp(&(country, year))).ok().map(|place| &all[place])
    }
}
