//! What the worker of the page `/check` calls, and what it must offer: bytes of picked files, and ears for progress.
//!
//! One instance checks one package, and then gives its report and its refused rows.

use std::cell::RefCell;
use std::io::{Error, Read, Result, Seek, SeekFrom};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::domain::Language;
use crate::domain::tables::TABLES;
use crate::ingest::quarantine::Quarantine;
use crate::ingest::{OneThread, Report, Rules, ingest, json_line};
use crate::package::{Files, Input, Package, PackageError};

#[wasm_bindgen]
extern "C" {
    /// Copies bytes of a picked file into `out`, from a place on. Returns how many there were; less than zero when the file
    /// cannot be read.
    #[wasm_bindgen(js_name = readAt)]
    fn read_at(file: u32, place: f64, out: &mut [u8]) -> i32;
    /// Is told the bytes of all files that will be read, before the first is.
    #[wasm_bindgen(js_name = beginRead)]
    fn begin_read(bytes: f64);
    /// Is told the place in the program of a fault of its own, and nothing that was read.
    #[wasm_bindgen(js_name = tellFault)]
    fn tell_fault(place: &str);
}

/// A package that was checked.
struct Checked {
    package: Package,
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
    std::panic::set_hook(Box::new(|fault| {
        tell_fault(&fault.location().map(ToString::to_string).unwrap_or_default());
    }));
    let language = Language::from_code(language).unwrap_or_default();
    let files: Vec<(String, u64)> = serde_json::from_str(files).expect("the worker writes a list");
    let rules = Rules::of(today.parse().expect("the worker writes a date"));
    let read = Package::among(Box::new(Picked(files)), unnamed).and_then(|package| {
        begin_read(package.size() as f64);
        let (_, report) = ingest(&package, &rules, &OneThread)?;
        Ok(Checked { package, report })
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
        let Checked { package, report } = checked.as_ref()?;
        let is_file = |name| package.descriptor.resource(name).is_some_and(|own| own.path == path);
        let table = TABLES.into_iter().find(|table| is_file(table.name))?;
        let mut rows = Vec::new();
        let mut kept = Quarantine::begin(report, path, &mut rows).ok()?;
        kept.keep_lines(package.resource(table.name).ok()?, table.columns).ok()?;
        kept.end().ok()?;
        Some(rows)
    })
}

/// The picked files, by name and size. A file's place in the list is its number.
#[derive(Debug)]
struct Picked(Vec<(String, u64)>);

impl Files for Picked {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        let number = self.0.iter().position(|(own, _)| own == path).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(PickedFile { number: number as u32, size: self.0[number].1, at: 0 }))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.iter().find(|(own, _)| own == path).map(|(_, size)| *size)
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }
}

/// A picked file that is being read.
struct PickedFile {
    number: u32,
    size: u64,
    at: u64,
}

impl Read for PickedFile {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let left = self.size.saturating_sub(self.at);
        let wanted = out.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let read = read_at(self.number, self.at as f64, &mut out[..wanted]);
        let read =
            usize::try_from(read).map_err(|_negative| Error::other("the browser cannot read it any more"))?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for PickedFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
