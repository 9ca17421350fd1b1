//! The rules of data packages: what a package must be, and whether it is. This part of Chargesheet also runs in a
//! browser.
//!
//! [`domain`] holds the terms of the field as types, and [`package`] reads the descriptor of a package. [`sheet`] reads
//! spreadsheets, which [`mapping`] turns into packages. Bytes come in, and records and problems go out. Nothing in this
//! crate uses a disk, a network, a thread or a clock; the service does. Only `browser` depends on the browser: the worker
//! of the page `/check` calls it.

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod domain;
pub mod ingest;
pub mod mapping;
#[cfg(test)]
mod messy_sheets;
pub mod package;
pub mod sheet;
