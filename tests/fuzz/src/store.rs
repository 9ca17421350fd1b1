//! A store of releases in a folder of this process, with files in and around it that are not published.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chargesheet::domain::Lists;
use chargesheet::ingest::{Rules, ingest};
use chargesheet::package::Package;
use chargesheet::release::{Content, Store};

/// What stands in files that nobody may read from outside.
pub const CANARY: &[u8] = b"canary-5b1c7e";

/// The dataset of the store.
pub const DATASET: &str = "documented-cases";

/// A folder with a store, `store`, and other files. It is taken away when it is dropped; that of a fuzzer that ends by
/// itself stays among the temporary files of the machine.
pub struct Scratch {
    folder: PathBuf,
    store: PathBuf,
    release: String,
}

impl Scratch {
    /// Makes the folder, and publishes a bundled dataset.
    pub fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("chargesheet-fuzz-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("temporary files can be made");
        let root = folder.join("store");
        let store = Store::open_or_make(&root).expect("a store can be made");
        let bundled = chargesheet_data::PACKAGES.iter().find(|package| package.name == DATASET);
        let package = Package::bundled(bundled.expect("it is bundled")).expect("it is right");
        let rules = Rules::of(today());
        let (ingested, report) = ingest(&package, &rules).expect("it is right");
        let content = Content::of(ingested, Arc::clone(Lists::bundled()));
        let lock = store.lock(DATASET).expect("nobody else has it");
        let published = store.publish(&lock, &content, &report, jiff::Timestamp::UNIX_EPOCH);
        let release = published.expect("it can be written").id.to_string();
        drop(lock);
        for place in ["", "store", &format!("store/{DATASET}"), &format!("store/{DATASET}/{release}")] {
            for name in ["secret.json", "secret.js", ".secret.json", "secret"] {
                fs::write(folder.join(place).join(name), CANARY).expect("temporary files can be written");
            }
        }
        Self { folder, store: root, release }
    }

    /// Returns the store's folder.
    pub fn store(&self) -> &Path {
        &self.store
    }

    /// Returns the id of its release.
    pub fn release(&self) -> &str {
        &self.release
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The last day a record may be of, always the same.
pub fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 24)
}
