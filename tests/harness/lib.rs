//! The foundation of the end-to-end tests: the real program, a third party's website, and a real browser.
//!
//! Every process started here ends when its value is dropped, even when a test panics. Nothing sleeps for a fixed time:
//! [`wait_for`] checks a condition again and again until it holds.

pub mod archive;
pub mod audit;
pub mod browser;
pub mod changes;
pub mod check_page;
pub mod disk;
pub mod draft;
pub mod drawing;
pub mod emulation;
pub mod html;
pub mod input;
pub mod network;
pub mod npm;
pub mod packages;
pub mod partner;
pub mod plain;
pub mod python;
pub mod raw;
pub mod service;
pub mod slow;
pub mod store;
pub mod table;
pub mod warc;
pub mod wordpress;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

/// The first release of the bundled cases. What it answers is known by heart and never changes.
pub const FIRST_CASES: &str = "/v1/datasets/documented-cases/releases/2026-11-24-82da7d0c38b4";

/// The release 1.1.0 of the bundled figures, likewise.
pub const FIRST_FIGURES: &str = "/v1/datasets/reported-figures/releases/2026-11-26-745fb3632212";

/// Longest wait for a condition. It is long, because a busy machine must not fail a test.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Returns the root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_owned()
}

/// Returns the folder of a case: a small package in `tests/cases`.
pub fn case(name: &str) -> PathBuf {
    repository().join("tests/cases").join(name)
}

/// Returns cargo's target folder, which holds the test binary, wherever the folder is.
pub fn target() -> PathBuf {
    profile().parent().expect("cargo puts the folder of a profile into target/").to_owned()
}

/// Returns cargo's output folder for the profile that the tests were built with.
pub fn profile() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    test.ancestors().nth(2).expect("cargo puts test binaries into target/<profile>/deps").to_owned()
}

/// Calls `look` again and again until it returns a value, and returns this value.
///
/// # Panics
/// When there is still no value after [`PATIENCE`].
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a signal to a process that a test started.
pub fn signal(name: &str, process: &str) {
    // Without libc, the program `kill` is the only way. It fails if the process has already ended, which is no fault.
    let _ = Command::new("kill").args([&format!("-{name}"), "--", process]).output();
}

/// Returns a number that no other caller gets, for unique names.
pub fn ticket() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::SeqCst)
}

/// Makes an empty folder for a test under `target/`.
///
/// # Panics
/// When the folder cannot be made.
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = target().join("tmp").join("e2e").join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// Returns every file below a folder, by its path from there.
///
/// # Panics
/// When something in the folder cannot be read.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("it can be read") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies below").to_owned();
                found.insert(name, std::fs::read(&path).expect("it can be read"));
            }
        }
    }
    found
}

/// Returns a path as an argument of a command.
///
/// # Panics
/// Never: the tests' folders are UTF-8.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

/// Returns the SHA-256 of some bytes, in hexadecimal digits.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
