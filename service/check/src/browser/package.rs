//! The check of a package. One instance checks one package, and then gives its report and its refused rows.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::domain::Language;
use crate::domain::tables::TABLES;
use crate::ingest::quarantine::Quarantine;
use crate::ingest::{Ingested, OneThread, Report, Rules, Verdict, ingest, json_line};
use crate::mapping::SheetsAsCsv;
use crate::package::{Package, PackageError, among};

use super::page::{Picked, begin};

/// A package that was checked.
struct Checked {
    package: Package,
    rules: Rules,
    report: Report,
}

thread_local! {
    static CHECKED: RefCell<Option<Checked>> = const { RefCell::new(None) };
    /// The report as `check --json` prints it.
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Checks the package among picked files. `files` is a list of names and sizes as JSON, `today` the latest day that a
/// record may have, `language` the code of the reader's language, `unnamed` what a package without a folder is called.
///
/// Returns what the page shows, as JSON: a [`Shown`](crate::ingest::Shown), or the verdict `unreadable` with `faults`.
#[wasm_bindgen]
pub fn check(files: &str, today: &str, language: &str, unnamed: &str) -> String {
    let language = Language::from_code(language).unwrap_or_default();
    let files = Picked::of(files);
    let rules = Rules::of(today.parse().expect("the worker writes a date"));
    let read = among(Box::new(files), unnamed).and_then(|(files, place)| {
        let package = Package::open(Box::new(SheetsAsCsv::of(files)), &place)?;
        begin(package.size());
        let (_, report) = ingest(&package, &rules, &OneThread)?;
        Ok(Checked { package, rules, report })
    });
    let (shown, printed) = match &read {
        Ok(checked) => {
            (serde_json::to_string(&checked.report.shown(language)), json_line(&checked.report.to_json()))
        }
        Err(error) => (Ok(unreadable(error, language)), json_line(&error.to_json())),
    };
    CHECKED.set(read.ok());
    PRINTED.set(printed);
    shown.expect("a report has only texts and numbers")
}

/// Returns the faults of a package that cannot be read, as JSON.
fn unreadable(error: &PackageError, language: Language) -> String {
    let faults: Vec<_> = error.faults().iter().map(|fault| fault.says().in_language(language)).collect();
    serde_json::json!({ "verdict": "unreadable", "faults": faults }).to_string()
}

/// Reads the package that was checked once more, and returns the records that may be published. Nothing, when a file of it is
/// refused or cannot be read again.
pub(super) fn accepted() -> Option<Ingested> {
    CHECKED.with_borrow(|checked| {
        let Checked { package, rules, report } = checked.as_ref()?;
        begin(package.size());
        let is_published = report.verdict() != Verdict::RejectFile;
        let (accepted, again) = is_published.then(|| ingest(package, rules, &OneThread).ok())??;
        // A file may be gone or changed by now.
        (again.verdict() == report.verdict()).then_some(accepted)
    })
}

/// Returns the report of the last check, as `check --json` prints it, and forgets it.
#[wasm_bindgen]
pub fn report() -> Vec<u8> {
    PRINTED.take().into_bytes()
}

/// Returns the refused rows of a file of the package, as `check --quarantine` writes them. Nothing, when the file cannot
/// be read again.
#[wasm_bindgen]
pub fn quarantine(path: &str) -> Option<Vec<u8>> {
    CHECKED.with_borrow(|checked| {
        let Checked { package, report, .. } = checked.as_ref()?;
        let is_file = |name| package.descriptor.resource(name).is_some_and(|own| own.path == path);
        let table = TABLES.into_iter().find(|table| is_file(table.name))?;
        let mut rows = Vec::new();
        let mut kept = Quarantine::begin(report, path, &mut rows).ok()?;
        kept.keep_lines(package.resource(table.name).ok()?, table.columns).ok()?;
        kept.end().ok()?;
        Some(rows)
    })
}
