//! Benchmarks of reading: from text to a release, and from a store into memory.

use chargesheet::ingest::{Records, ingest};
use chargesheet::release::{Columns, Release, TABLES};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use crate::register::{CHARGES, DATASET, REGISTER, ingested, rules};

/// Parses a CSV: reads every field and numbers every id.
#[divan::bench(sample_count = 10)]
fn from_csv(bencher: Bencher) {
    let register = &*REGISTER;
    bencher
        .counter(ItemsCount::new(CHARGES))
        .counter(BytesCount::new(register.text_bytes))
        .bench(|| ingest(&register.package, &rules()));
}

/// Sorts the records, and computes digests and the id.
#[divan::bench(sample_count = 10)]
fn sealed(bencher: Bencher) {
    bencher.counter(ItemsCount::new(CHARGES)).with_inputs(ingested).bench_values(Release::seal);
}

/// Builds the columns and the precomputed tables of counts.
#[divan::bench(sample_count = 10)]
fn laid_out(bencher: Bencher) {
    let release = Release::seal(ingested());
    let Records::Charges(charges) = release.records() else { return };
    let statutes = release.register().all().len();
    bencher.counter(ItemsCount::new(CHARGES)).bench(|| Columns::of(charges, statutes, TABLES));
}

/// Reads and checks a release's files, of which `columns.bin` is the largest.
#[divan::bench]
fn from_store(bencher: Bencher) {
    let register = &*REGISTER;
    let length = std::fs::metadata(register.columns_file()).expect("it is there").len();
    bencher
        .counter(ItemsCount::new(CHARGES))
        .counter(BytesCount::new(length))
        .bench(|| register.store.load(DATASET, &register.id));
}
