//! The history of a statute, merged from all datasets.

use std::collections::BTreeSet;

use super::Catalog;
use crate::answer::Dataset;
use crate::domain::{Event, EventKind, Statute};

impl Catalog {
    /// Returns the statutes that name this statute as their successor, in byte order of their ids.
    pub fn predecessors(&self, id: &str) -> Vec<&Statute> {
        let mut all = self.statutes();
        all.retain(|statute| statute.successor.as_deref() == Some(id));
        all
    }

    /// Returns the events of a statute in order of time, each with the dataset that reports it. If several datasets report the same
    /// event, the first dataset is given.
    pub fn history(&self, id: &str) -> Vec<(&Dataset, &Event)> {
        self.events(|event| event.statute == id)
    }

    /// Returns the events that put another statute beside this one, covering the same acts. Cases under the event's statute may
    /// have been diverted to this one.
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
