//! `chargesheet check`: reports what is wrong with a data package.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::{FILE_REFUSED, ROWS_REFUSED, UNREADABLE, complain, print, today};
use crate::ingest::{Ingested, Report, Rules, Verdict, ingest, json_line, quarantine};
use crate::package::{Package, PackageError, from_path};

/// What to check, and how the report is printed.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// The folder that holds datapackage.json, or a ZIP file of it.
    folder: PathBuf,
    /// Prints one JSON object for programs.
    #[arg(long)]
    json: bool,
    /// Prints a row for every problem, where equal problems of a column are one row else.
    #[arg(long, conflicts_with = "json")]
    all: bool,
    #[command(flatten)]
    refusal: RefusalOptions,
}

/// Which rows are refused, and where they are kept.
#[derive(Debug, Args)]
pub struct RefusalOptions {
    /// The share of a file's rows, in percent, of which more may not be refused; else the file is refused whole.
    #[arg(long, value_name = "PERCENT", default_value = "5", value_parser = percent)]
    pub max_rejected: f64,
    /// Folder in which refused rows are kept, to be repaired and read again.
    #[arg(long, value_name = "DIR")]
    pub quarantine: Option<PathBuf>,
    /// The latest date that a record may have.
    #[arg(skip = today())]
    pub today: Date,
}

impl RefusalOptions {
    /// Returns the rules of a check.
    pub(super) fn rules(&self) -> Rules {
        Rules { max_rejected_percent: self.max_rejected, ..Rules::of(self.today) }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let right = number.ok().filter(|number| (0.0..=100.0).contains(number));
    right.ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

/// Checks a package and prints the report.
///
/// # Errors
/// When the report cannot be printed, or the refused rows cannot be written.
pub fn check(options: &CheckOptions) -> Result<ExitCode, String> {
    let rules = options.refusal.rules();
    let read = from_path(&options.folder)
        .and_then(|package| read(&package, &rules).map(|(_, report)| (package, report)));
    let (package, report) = match read {
        Ok(read) => read,
        Err(error) => {
            if options.json {
                print(json_line(&error.to_json()).as_bytes())?;
            }
            complain(&error.to_string());
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    let text = match options {
        CheckOptions { json: true, .. } => json_line(&report.to_json()),
        CheckOptions { all: true, .. } => report.to_long_text(),
        _ => report.to_text(),
    };
    print(text.as_bytes())?;
    if let Some(folder) = &options.refusal.quarantine {
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
