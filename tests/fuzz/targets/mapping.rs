//! `chargesheet_fuzz::run("mapping", …)` on what libFuzzer makes up.

#![no_main]

#[path = "panics.rs"]
mod panics;

libfuzzer_sys::fuzz_target!(init: panics::end_at_panics(), |bytes: &[u8]| chargesheet_fuzz::run("mapping", bytes));
