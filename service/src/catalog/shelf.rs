//! A cache of releases loaded from a store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::error::LoadError;
use crate::answer::{Dataset, opened};
use crate::release::{Release, Store};

/// Maximum number of releases in the cache.
const RELEASES: usize = 64;
/// Maximum number of records of all cached releases together. A single release may have more.
const RECORDS: u64 = 20_000_000;

/// The ids of a dataset and of a release.
type Key = (String, String);

/// The cache of releases. The least recently used release is evicted first.
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
    /// Locked while the release is loaded, so that concurrent requests wait for a single load.
    place: Arc<Mutex<Option<Arc<Dataset>>>>,
    /// When the release was last requested, as a counter of all requests to the cache.
    asked: u64,
    records: u64,
}

/// Loads a release and makes it ready for queries. Returns the records that it holds too: of one in parts, which a cluster counts,
/// those of its tables of counts.
#[cfg(feature = "cluster")]
fn loaded(store: &Store, dataset: &str, release: &str) -> Result<(Dataset, u64), LoadError> {
    let (release, parts) = store.load_any(dataset, release)?;
    let Some(parts) = parts else { return whole(release) };
    let records = parts.cubes.iter().map(|cube| cube.rows).sum();
    Ok((crate::answer::in_parts(release, &parts)?, records))
}

/// Loads a release and makes it ready for queries. Returns its records too.
#[cfg(not(feature = "cluster"))]
fn loaded(store: &Store, dataset: &str, release: &str) -> Result<(Dataset, u64), LoadError> {
    whole(store.load(dataset, release)?)
}

fn whole(release: Release) -> Result<(Dataset, u64), LoadError> {
    let records = release.manifest().records();
    Ok((opened(release)?, records))
}

impl Shelf {
    /// Returns a release, and loads it if it is not cached.
    ///
    /// # Errors
    /// When the release cannot be loaded.
    pub fn get(&self, store: &Store, dataset: &str, release: &str) -> Result<Arc<Dataset>, LoadError> {
        let key = (dataset.to_owned(), release.to_owned());
        let place = self.place(&key);
        // A load that panicked leaves the slot empty, so the poison can be ignored.
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = &*place {
            return Ok(Arc::clone(there));
        }
        let (loaded, records) = loaded(store, dataset, release)?;
        let loaded = Arc::new(loaded);
        *place = Some(Arc::clone(&loaded));
        drop(place);
        self.make_room(&key, records);
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

    /// Evicts the least recently used releases until the rest is within the limits.
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
