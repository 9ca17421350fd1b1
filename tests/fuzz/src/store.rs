//! A store of releases in a folder of this process, with files in and around it that are not published.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use chargesheet::ingest::{Rules, ingest};
use chargesheet::package::Package;
use chargesheet::release::{Content, Store};

/// What stands in files that nobody may read from outside.
pub const CANARY: &[u8] = b"canary-5b1c7e";

/// The dataset of the store.
pub const DATASET: &str = "documented-cases";

/// A folder of this process alone. What processes that have ended have left is taken away when the next begins: a fuzzer
/// ends without a word.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let place = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
        for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
            // Where there is no /proc, nothing is known of others.
            if process.is_some_and(|process| {
                Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists()
            }) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = place.join(format!("{PREFIX}{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("temporary files can be made");
        Self(folder)
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PREFIX: &str = "chargesheet-fuzz-";

/// A folder with a store, `store`, and other files.
pub struct Scratch {
    _folder: Folder,
    store: PathBuf,
    release: String,
}

impl Scratch {
    /// Makes the folder, and publishes a bundled dataset.
    pub fn new() -> Self {
        let own = Folder::new();
        let folder = own.path();
        let root = folder.join("store");
        let store = Store::open_or_make(&root).expect("a store can be made");
        let bundled = chargesheet_data::PACKAGES.iter().find(|package| package.name == DATASET);
        let package = Package::bundled(bundled.expect("it is bundled")).expect("it is right");
        let rules = Rules::of(today());
        let (ingested, report) = ingest(&package, &rules).expect("it is right");
        let content = Content::of(ingested);
        let lock = store.lock(DATASET).expect("nobody else has it");
        let published = store.publish(&lock, &content, &report, jiff::Timestamp::UNIX_EPOCH);
        let release = published.expect("it can be written").id.to_string();
        drop(lock);
        for place in ["", "store", &format!("store/{DATASET}"), &format!("store/{DATASET}/{release}")] {
            for name in ["secret.json", "secret.js", ".secret.json", "secret"] {
                fs::write(folder.join(place).join(name), CANARY).expect("temporary files can be written");
            }
        }
        Self { _folder: own, store: root, release }
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

/// The last day a record may be of, always the same.
pub fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 24)
}
