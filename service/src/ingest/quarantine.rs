//! Refused rows, kept where they can be repaired and read again.
//!
//! A quarantine file has the columns of the file it comes from, and as the last one why each row was refused. It is
//! UTF-8 with a byte order mark and commas, so that a spreadsheet opens it right, and it is read as that whatever the
//! package declares of the file that it takes the place of. Cells that a spreadsheet would run have an apostrophe in
//! front; reading the file again takes it away.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::batch::{Batch, Record};
use super::column_names::REJECTED_BECAUSE;
use super::header::{self, Header};
use super::parquet_file::{self, SharedInput};
use super::report::{Problem, Problems, Reason, Report, Severity};
use super::row::unguarded;
use crate::domain::tables::{CHARGES, COUNTS, Column, HISTORY, POPULATION, SOURCES, STATUTES};
use crate::domain::would_run;
use crate::package::{Package, PackageError, Source, is_own_file};

/// Why refused rows could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The package cannot be read again.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A file cannot be read again, or a quarantine file not be written.
    #[error("cannot keep the refused rows in {path}: {source}")]
    Write {
        /// The quarantine file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Writes the refused rows of a package, a file per file, into a folder that is made where it is missing.
/// Returns what was written, with how many rows.
///
/// # Errors
/// When a file of the package cannot be read again, or the folder not be written.
pub fn keep(
    package: &Package,
    report: &Report,
    folder: &Path,
) -> Result<Vec<(PathBuf, u64)>, QuarantineError> {
    let mut written = Vec::new();
    for table in [&STATUTES, &CHARGES, &SOURCES, &COUNTS, &HISTORY, &POPULATION] {
        let name = table.name;
        let Some(resource) = package.descriptor.resource(name) else { continue };
        let Some(rejected) = report.rejected.get(&resource.path) else { continue };
        let path = folder.join(format!("{name}.csv"));
        let failed = |source| QuarantineError::Write { path: path.display().to_string(), source };
        if is_own_file(package, &path) {
            let message = "that is the package's own file; name another folder";
            return Err(failed(std::io::Error::other(message)));
        }
        let mut quarantine = Quarantine::begin(report, &resource.path, rejected, &path).map_err(failed)?;
        let kept = if resource.is_parquet {
            SharedInput::new(package.input(name)?.1)
                .and_then(|input| quarantine.keep_rows(input, &resource.path))
        } else {
            quarantine.keep_lines(package.resource(name)?, table.columns)
        };
        let kept = kept.and_then(|()| quarantine.end(&path));
        written.push((path.clone(), kept.map_err(failed)?));
    }
    Ok(written)
}

/// A quarantine file while it is written, beside its place: one of before is there until the new one is whole.
struct Quarantine<'r> {
    out: csv::Writer<std::fs::File>,
    beside: PathBuf,
    /// The first reason of each refused record.
    rejected: BTreeMap<u64, Reason>,
    /// What is listed of each.
    listed: BTreeMap<u64, Vec<&'r Problem>>,
    rows: u64,
}

impl<'r> Quarantine<'r> {
    fn begin(
        report: &'r Report,
        file: &str,
        rejected: &[(u64, Reason)],
        path: &Path,
    ) -> std::io::Result<Self> {
        let mut listed: BTreeMap<u64, Vec<&Problem>> = BTreeMap::new();
        let problems = report.problems.iter().filter(|problem| problem.file == file);
        for problem in problems.filter(|problem| problem.severity == Severity::Error) {
            if let Some(record) = problem.record {
                listed.entry(record).or_default().push(problem);
            }
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension("csv.new");
        let mut file = std::fs::File::create(&beside)?;
        file.write_all("\u{feff}".as_bytes())?;
        // Always in quotes: a tab or a line end within a cell must come back as it was.
        let out = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(file);
        Ok(Self { out, beside, rejected: rejected.iter().copied().collect(), listed, rows: 0 })
    }

    fn write(&mut self, cells: Vec<String>, because: String) -> std::io::Result<()> {
        Ok(self.out.write_record(cells.into_iter().chain([because]).map(|cell| guarded(&cell)))?)
    }

    /// Keeps a refused record; `place` says where it stands.
    fn keep(&mut self, number: u64, place: &str, cells: Vec<String>) -> std::io::Result<()> {
        let Some(reason) = self.rejected.get(&number) else { return Ok(()) };
        let because = words(*reason, self.listed.get(&number));
        self.rows += 1;
        self.write(cells, format!("{place}: {because}"))
    }

    fn keep_lines(&mut self, source: Source<'_>, columns: &'static [Column]) -> std::io::Result<()> {
        let header = header::read(source, columns, &mut Problems::default());
        let mut header =
            header.map_err(|_refused| std::io::Error::other("the file has changed since it was checked"))?;
        let width = header.names.len() - usize::from(header.quarantine);
        self.write(header.names[..width].to_vec(), REJECTED_BECAUSE.to_owned())?;
        let mut number = 0;
        let mut next = header.pending.take();
        while let Some(batch) = next {
            for record in &batch.records {
                number += 1;
                if self.rejected.contains_key(&number) {
                    self.keep(number, &format!("line {}", record.line), cells(&batch, record, &header))?;
                }
            }
            next = header.splitter.next_batch()?;
        }
        Ok(())
    }

    /// Likewise for a file of columns: those that are read, as they would be in CSV.
    fn keep_rows(&mut self, input: SharedInput, name: &str) -> std::io::Result<()> {
        let numbers: Vec<u64> = self.rejected.keys().copied().collect();
        parquet_file::each_row(input, name, numbers.into_iter(), |number, cells| match number {
            Some(number) => self.keep(number, &format!("row {number}"), cells),
            None => self.write(cells, REJECTED_BECAUSE.to_owned()),
        })
    }

    /// Puts the file in its place. Returns how many rows it has.
    fn end(mut self, path: &Path) -> std::io::Result<u64> {
        self.out.flush()?;
        std::fs::rename(&self.beside, path)?;
        Ok(self.rows)
    }
}

/// Returns a cell that no spreadsheet runs, and that reading turns back into what it was.
fn guarded(cell: &str) -> String {
    if would_run(cell) || cell.starts_with('\'') { format!("'{cell}") } else { cell.to_owned() }
}

/// The fields of a record in the columns of its file: missing ones are empty, and what is too much stands in the
/// last. Out of a quarantine file they come without its guards, and without why they were refused before.
fn cells(batch: &Batch, record: &Record, header: &Header<'_>) -> Vec<String> {
    let mut cells: Vec<String> =
        (0..batch.width(record)).map(|place| batch.restored(record, place)).collect();
    let mut width = header.names.len();
    if header.quarantine {
        width -= 1;
        if cells.len() == width + 1 {
            cells.pop();
        }
        cells = cells.iter().map(|cell| unguarded(cell).to_owned()).collect();
    }
    if cells.len() > width {
        let rest = cells.split_off(width - 1).join(",");
        cells.push(rest);
    }
    cells.resize(width, String::new());
    cells
}

/// Why a row was refused.
fn words(reason: Reason, problems: Option<&Vec<&Problem>>) -> String {
    let Some(problems) = problems else { return reason.code() };
    let each = problems.iter().map(|problem| {
        let instead = problem.suggestion.as_ref().map_or(String::new(), |right| format!("; write `{right}`"));
        let column = problem.column.as_ref().map_or(String::new(), |column| format!("{column}: "));
        format!("{column}{}{instead} [{}]", problem.message, problem.reason.code())
    });
    each.collect::<Vec<_>>().join(" / ")
}
