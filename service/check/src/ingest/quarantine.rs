//! Quarantine: refused rows in a file of their own, where they can be repaired and read again.
//!
//! A quarantine file has the columns of the original file, and a last column that says why each row was refused. It
//! is UTF-8 with a byte order mark and commas, so that a spreadsheet opens it correctly. It is always read in that
//! form, whatever the package declares for the file that it replaces. A cell that a spreadsheet would run as a
//! formula gets an apostrophe in front; reading the file again removes it.

use std::collections::BTreeMap;
use std::io::{Error, Result, Write};

use super::batch::{Batch, Record};
use super::column_names::REJECTED_BECAUSE;
use super::header::{self, Header};
use super::report::{Problem, Problems, Reason, Report, Severity};
use super::row::unguarded;
use crate::domain::tables::Column;
use crate::domain::would_run;
use crate::package::Source;

/// A quarantine file that is being written.
pub struct Quarantine<'r, W: Write> {
    out: csv::Writer<W>,
    /// The first reason of each refused record.
    rejected: BTreeMap<u64, Reason>,
    /// The listed problems of each refused record.
    listed: BTreeMap<u64, Vec<&'r Problem>>,
    rows: u64,
}

impl<'r, W: Write> Quarantine<'r, W> {
    /// Begins the quarantine of a file. The report says which of the file's rows are refused.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(report: &'r Report, file: &str, mut out: W) -> Result<Self> {
        let mut listed: BTreeMap<u64, Vec<&Problem>> = BTreeMap::new();
        let problems = report.problems.iter().filter(|problem| problem.file == file);
        for problem in problems.filter(|problem| problem.severity == Severity::Error) {
            if let Some(record) = problem.record {
                listed.entry(record).or_default().push(problem);
            }
        }
        out.write_all("\u{feff}".as_bytes())?;
        // Every cell is in quotes, so that a tab or a line end in a cell stays as it was.
        let out = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
        let rejected = report.rejected.get(file).into_iter().flatten().copied().collect();
        Ok(Self { out, rejected, listed, rows: 0 })
    }

    /// Returns the numbers of the refused records, in order.
    pub fn numbers(&self) -> Vec<u64> {
        self.rejected.keys().copied().collect()
    }

    fn write(&mut self, cells: Vec<String>, because: String) -> Result<()> {
        Ok(self.out.write_record(cells.into_iter().chain([because]).map(|cell| guarded(&cell)))?)
    }

    /// Writes the header: the names of the file's columns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_names(&mut self, names: Vec<String>) -> Result<()> {
        self.write(names, REJECTED_BECAUSE.to_owned())
    }

    /// Writes a record if it is refused. `place` says where the record stands.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, number: u64, place: &str, cells: Vec<String>) -> Result<()> {
        let Some(reason) = self.rejected.get(&number) else { return Ok(()) };
        let because = words(*reason, self.listed.get(&number));
        self.rows += 1;
        self.write(cells, format!("{place}: {because}"))
    }

    /// Writes the refused records of a CSV file.
    ///
    /// # Errors
    /// When the file cannot be read or has changed since it was checked, or the records cannot be written.
    pub fn keep_lines(&mut self, source: Source<'_>, columns: &'static [Column]) -> Result<()> {
        let header = header::read(source, columns, &mut Problems::default());
        let mut header =
            header.map_err(|_refused| Error::other("the file has changed since it was checked"))?;
        let width = header.names.len() - usize::from(header.quarantine);
        self.keep_names(header.names[..width].to_vec())?;
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

    /// Ends the file. Returns the number of rows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> Result<u64> {
        self.out.flush()?;
        Ok(self.rows)
    }
}

/// Returns a cell that no spreadsheet runs as a formula. Reading the file again restores the original.
fn guarded(cell: &str) -> String {
    if would_run(cell) || cell.starts_with('\'') { format!("'{cell}") } else { cell.to_owned() }
}

/// Returns the fields of a record in the columns of its file. Missing fields are empty, and surplus fields are joined
/// in the last one. Fields of a quarantine file come without their guards and without the reasons for the earlier
/// refusal.
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

/// Returns the reasons for which a row was refused.
fn words(reason: Reason, problems: Option<&Vec<&Problem>>) -> String {
    let Some(problems) = problems else { return reason.code() };
    let each = problems.iter().map(|problem| {
        let instead = problem.suggestion.as_ref().map_or(String::new(), |right| format!("; write `{right}`"));
        let column = problem.column.as_ref().map_or(String::new(), |column| format!("{column}: "));
        format!("{column}{}{instead} [{}]", problem.message, problem.reason.code())
    });
    each.collect::<Vec<_>>().join(" / ")
}
