//! Everything that fuzzing has kept, once more, by the ordinary compiler: a short form of hours of libFuzzer.
//!
//! It is a test of the service's crate, not of `e2e`, which links none of our crates, and no crate of its own in the
//! workspace: so polars is compiled once, with the features that the service asks for.

#[path = "src/lib.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// Inputs of a target in byte order of their names.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("it can be read"))).collect()
}

/// Every target with the names of its inputs, as a test each.
macro_rules! replayed {
    ($($target:ident),+ $(,)?) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target));
        })+

        #[test]
        fn every_target_is_replayed() {
            let names: Vec<&str> = targets::TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($target)),+]);
        }
    };
}

replayed!(addresses, conditions, csv_ingest, mapping, ods, package, parquet_ingest, picture, query, xlsx);

fn replay(target: &str) {
    let inputs = corpus(target);
    assert!(inputs.len() >= 10, "{target} has {} inputs", inputs.len());
    for (path, bytes) in inputs {
        let replayed = std::panic::catch_unwind(|| targets::run(target, &bytes));
        assert!(replayed.is_ok(), "{} breaks a promise; why is told above", path.display());
    }
}
