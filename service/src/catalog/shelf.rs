//! Releases that were loaded from a store, as many as may stay in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::LoadError;
use crate::answer::Dataset;
use crate::release::Store;

/// Most releases that stay loaded.
const RELEASES: usize = 64;
/// Most records that all of them have together; one release alone may have more.
const RECORDS: u64 = 20_000_000;

/// A dataset and a release.
type Key = (String, String);

/// Loaded releases, the least recently asked given up first.
#[derive(Debug, Default)]
pub struct Shelf {
    slots: Mutex<Slots>,
}

#[derive(Debug, Default)]
struct Slots {
    by_key: BTreeMap<Key, Slot>,
    asked: u64,
}

#[derive(Debug, Default)]
struct Slot {
    /// Locked while it is loaded: whoever asks for the same meanwhile waits for the one load.
    place: Arc<Mutex<Option<Arc<Dataset>>>>,
    /// When it was asked last, as a count of all askings.
    asked: u64,
    records: u64,
}

impl Shelf {
    /// Returns a release, and loads it where it is not there.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn get(&self, store: &Store, dataset: &str, release: &str) -> Result<Arc<Dataset>, LoadError> {
        let key = (dataset.to_owned(), release.to_owned());
        let place = self.place(&key);
        // A load that panicked has left nothing behind that could be wrong.
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = &*place {
            return Ok(Arc::clone(there));
        }
        let loaded = Arc::new(Dataset::new(store.load(dataset, release)?)?);
        *place = Some(Arc::clone(&loaded));
        drop(place);
        self.make_room(&key, loaded.release.manifest().records());
        Ok(loaded)
    }

    fn place(&self, key: &Key) -> Arc<Mutex<Option<Arc<Dataset>>>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.asked += 1;
        let asked = slots.asked;
        let slot = slots.by_key.entry(key.clone()).or_default();
        slot.asked = asked;
        Arc::clone(&slot.place)
    }

    /// Gives up what was asked longest ago, until what stays is not too much.
    fn make_room(&self, new: &Key, records: u64) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.by_key.get_mut(new) {
            slot.records = records;
        }
        loop {
            let all: u64 = slots.by_key.values().map(|slot| slot.records).sum();
            if slots.by_key.len() <= RELEASES && all <= RECORDS {
                return;
            }
            let others = slots.by_key.iter().filter(|(key, _)| *key != new);
            let Some(oldest) = others.min_by_key(|(_, slot)| slot.asked).map(|(key, _)| key.clone()) else {
                return;
            };
            slots.by_key.remove(&oldest);
        }
    }
}
