//! The lives of statutes, as all datasets together tell them.

use std::collections::BTreeSet;

use super::Catalog;
use crate::answer::Dataset;
use crate::domain::{Event, EventKind, Statute};

impl Catalog {
    /// Returns the statutes whose successor a statute is, in byte order of their ids.
    pub fn predecessors(&self, id: &str) -> Vec<&Statute> {
        let mut all = self.statutes();
        all.retain(|statute| statute.successor.as_deref() == Some(id));
        all
    }

    /// Returns what happened to a statute in order of time, each event with the dataset that tells it. What several
    /// datasets tell is taken from the first.
    pub fn history(&self, id: &str) -> Vec<(&Dataset, &Event)> {
        self.events(|event| event.statute == id)
    }

    /// Returns the events by which a statute came to stand beside another one that covers the same acts: cases under
    /// the event's statute may have been diverted to it.
    pub fn diverted_to(&self, id: &str) -> Vec<(&Dataset, &Event)> {
        self.events(|event| event.kind == EventKind::Parallel && event.related.as_deref() == Some(id))
    }

    fn events(&self, is_meant: impl Fn(&Event) -> bool) -> Vec<(&Dataset, &Event)> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for dataset in self.datasets() {
            for event in dataset.release.history().iter().filter(|event| is_meant(event)) {
                if seen.insert(event.place()) {
                    all.push((&**dataset, event));
                }
            }
        }
        all.sort_by_key(|(_, event)| (event.date.packed(), event.kind, event.place()));
        all
    }
}
