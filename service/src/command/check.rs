//! `chargesheet check`: reports what is wrong with a data package.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::{FILE_REFUSED, ROWS_REFUSED, UNREADABLE, complain, print};
use crate::ingest::{Ingested, Report, Rules, Verdict, ingest, json_line, quarantine};
use crate::package::{Package, PackageError, from_path};

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Equal problems of a column as one row.
    Groups,
    /// A row for every problem.
    EveryProblem,
    /// One JSON object.
    Json,
}

/// Options for checking a package.
#[derive(Debug)]
pub struct CheckOptions {
    /// The largest share of a file's rows that may be refused, in percent.
    pub max_rejected_percent: f64,
    /// How the report is printed.
    pub listing: Listing,
    /// The folder for refused rows. Without one, no file is written.
    pub quarantine: Option<PathBuf>,
    /// The latest date that a record may have.
    pub today: Date,
}

/// Checks a package and prints the report.
///
/// # Errors
/// When the report cannot be printed, or the refused rows cannot be written.
pub fn check(folder: &Path, options: &CheckOptions) -> Result<ExitCode, String> {
    let CheckOptions { max_rejected_percent, listing, ref quarantine, today } = *options;
    let rules = Rules { max_rejected_percent, ..Rules::of(today) };
    let read =
        from_path(folder).and_then(|package| read(&package, &rules).map(|(_, report)| (package, report)));
    let (package, report) = match read {
        Ok(read) => read,
        Err(error) => {
            if listing == Listing::Json {
                print(json_line(&error.to_json()).as_bytes())?;
            }
            complain(&error.to_string());
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    let text = match listing {
        Listing::Groups => report.to_text(),
        Listing::EveryProblem => report.to_long_text(),
        Listing::Json => json_line(&report.to_json()),
    };
    print(text.as_bytes())?;
    if let Some(folder) = quarantine {
        keep(&package, &report, folder)?;
    }
    Ok(code(&report))
}

/// Writes refused rows to a folder, and prints the paths.
pub(super) fn keep(package: &Package, report: &Report, folder: &Path) -> Result<(), String> {
    for (path, rows) in quarantine::keep(package, report, folder).map_err(|error| error.to_string())? {
        let what = if rows == 1 { "1 refused row is".to_owned() } else { format!("{rows} refused rows are") };
        eprintln!("{what} in {}", path.display());
    }
    Ok(())
}

/// Returns the exit code for a report.
pub(super) fn code(report: &Report) -> ExitCode {
    match report.verdict() {
        Verdict::Accept | Verdict::AcceptWithWarning => ExitCode::SUCCESS,
        Verdict::RejectRows => ExitCode::from(ROWS_REFUSED),
        Verdict::RejectFile => ExitCode::from(FILE_REFUSED),
    }
}

/// Reads a package. On a terminal, a progress bar appears after one second.
pub(super) fn read(package: &Package, rules: &Rules) -> Result<(Ingested, Report), PackageError> {
    if !std::io::stderr().is_terminal() {
        return ingest(package, rules);
    }
    let size = package.size();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let bar = scope.spawn(|| show_progress(size, rules, &done));
        let read = ingest(package, rules);
        done.store(true, Ordering::Relaxed);
        bar.thread().unpark();
        read
    })
}

fn show_progress(size: u64, rules: &Rules, done: &AtomicBool) {
    let started = std::time::Instant::now();
    let mut bar: Option<ProgressBar> = None;
    while !done.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(100));
        if started.elapsed() < Duration::from_secs(1) {
            continue;
        }
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{bar:40} {percent} %, {bytes} of {total_bytes}");
            let bar = ProgressBar::new(size);
            bar.set_style(style.unwrap_or_else(|_wrong| ProgressStyle::default_bar()));
            bar
        });
        bar.set_position(rules.bytes_read.load(Ordering::Relaxed));
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
