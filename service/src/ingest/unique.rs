//! Tables of things with an id of their own: the register, the sources.

use std::collections::{BTreeSet, HashMap};

use super::dictionary::Dictionary;
use super::excerpt::safe_excerpt;
use super::field::similar_words;
use super::places::Place;
use super::reader::Table;
use super::report::Reason;
use super::similar::similar;

/// Things by id, while their table is read: the same thing twice is one, two different things of one id are none.
#[derive(Debug)]
pub struct Unique<T> {
    things: Vec<T>,
    /// Number and place of the first thing of each id.
    known: HashMap<String, (usize, Place)>,
    repeated: Vec<(Place, String)>,
    conflicting: Vec<(Place, String)>,
    /// Ids of rows that were refused: what they would have said of the thing is not known.
    refused: BTreeSet<String>,
}

impl<T: PartialEq> Unique<T> {
    /// Makes an empty collection.
    pub fn new() -> Self {
        Self {
            things: Vec::new(),
            known: HashMap::new(),
            repeated: Vec::new(),
            conflicting: Vec::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Returns how many different ids there are.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Takes a thing.
    pub fn take(&mut self, id: String, thing: T, place: Place) {
        match self.known.get(&id) {
            Some(&(first, _)) if self.things[first] == thing => self.repeated.push((place, id)),
            Some(_) => self.conflicting.push((place, id)),
            None => {
                self.known.insert(id, (self.things.len(), place));
                self.things.push(thing);
            }
        }
    }

    /// Notes that a row with this id was refused.
    pub fn refuse(&mut self, id: String) {
        self.refused.insert(id);
    }

    /// Settles repetitions, and warns of ids that look like one. Returns the things, each with its place.
    pub fn settle(self, table: &mut Table<'_, '_>, column: usize) -> (Vec<T>, HashMap<String, Place>) {
        let Self { mut things, known, repeated, conflicting, refused } = self;
        // Nobody can know which of two is right, so none is taken.
        let mut none: BTreeSet<String> = conflicting.iter().map(|(_, id)| id.clone()).collect();
        none.extend(refused.into_iter().filter(|id| known.contains_key(id)));
        let mut ids = Dictionary::default();
        let mut in_order: Vec<(&String, &(usize, Place))> = known.iter().collect();
        in_order.sort_unstable_by_key(|(_, (number, _))| *number);
        for (id, _) in &in_order {
            ids.code(id);
        }
        for (first, other) in similar(&ids) {
            let words = || similar_words(ids.text(first), ids.text(other));
            table.warn(known[ids.text(other)].1, column, Reason::SimilarIds, words);
        }
        let (same, others): (Vec<_>, Vec<_>) = repeated.into_iter().partition(|(_, id)| !none.contains(id));
        for (place, id) in same {
            table.repeat_later(place, known[&id].1, column);
        }
        let firsts = none.iter().map(|id| (known[id].1, id.clone()));
        for (place, id) in firsts.chain(others).chain(conflicting) {
            let message = format!("`{}` stands in the file with different content", safe_excerpt(&id));
            table.refuse_later(place, column, Reason::ConflictingDuplicate, message);
        }
        let kept: Vec<bool> = in_order.iter().map(|(id, _)| !none.contains(*id)).collect();
        let mut kept = kept.into_iter();
        things.retain(|_| kept.next().unwrap_or(true));
        (things, known.into_iter().map(|(id, (_, place))| (id, place)).collect())
    }
}
