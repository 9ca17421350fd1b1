//! What the worker of the page `/check` calls: the check of a package, and the way from sheets to one.

mod package;
mod page;
mod picked_sheets;
mod sheets;
mod told;

use crate::ingest::Ingested;

pub use package::{check, quarantine, report};
pub use sheets::{
    sheets_among, sheets_answer, sheets_assign, sheets_change, sheets_finish, sheets_key, sheets_open,
    sheets_quarantine, sheets_report, sheets_zip,
};

/// Returns the records of what was checked or made last that may be published.
pub fn accepted() -> Option<Ingested> {
    sheets::accepted().or_else(package::accepted)
}
