#![no_main]
//! `chargesheet_fuzz::run("parquet_ingest", …)` on what libFuzzer makes up.

libfuzzer_sys::fuzz_target!(init: chargesheet_fuzz::end_at_panics(), |bytes: &[u8]| chargesheet_fuzz::run("parquet_ingest", bytes));
