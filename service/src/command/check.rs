//! `chargesheet check`: reports what is wrong with a data package.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::{FILE_REFUSED, ROWS_REFUSED, UNREADABLE, complain, print};
use crate::ingest::{Ingested, Report, Rules, Verdict, ingest, printable_json, quarantine};
use crate::package::{Kind, Package, PackageError, from_folder};

/// Checks a package and prints the report. Writes no file, unless a folder for refused rows is given. Records dated after `today`
/// are refused.
///
/// # Errors
/// When the report cannot be printed, or the refused rows cannot be written.
pub fn check(
    folder: &Path,
    max_rejected_percent: f64,
    as_json: bool,
    keep_refused_in: Option<&Path>,
    today: Date,
) -> Result<ExitCode, String> {
    let rules = Rules { max_rejected_percent, ..Rules::of(today) };
    let read =
        from_folder(folder).and_then(|package| read(&package, &rules).map(|(_, report)| (package, report)));
    let (package, report) = match read {
        Ok(read) => read,
        Err(error) => {
            if as_json {
                print(format!("{}\n", printable_json(&error.to_json().to_string())).as_bytes())?;
            }
            complain(&error.to_string());
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    if as_json {
        print(format!("{}\n", printable_json(&report.to_json().to_string())).as_bytes())?;
    } else {
        print(report.to_text().as_bytes())?;
    }
    if let Some(folder) = keep_refused_in {
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
    let names: &[&str] = match package.descriptor.chargesheet.kind {
        Kind::CaseLevel => &["statutes", "history", "population", "charges"],
        Kind::Reported => &["statutes", "history", "population", "sources", "counts"],
    };
    let size = names.iter().map(|name| package.size(name)).sum();
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
