//! Strict CSV: columns by name, every record with its line, every fault named.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::lines::Lines;
use super::report::{FileReport, Problem, Reason, Report, Severity, safe_excerpt};
use crate::domain::nearest;

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the header must have it.
    pub need: Need,
}

/// What is asked of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there, and no field of it may be empty.
    Filled,
    /// It must be there.
    Present,
    /// It may be there.
    Optional,
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Data records before it, plus 1.
    pub record: u64,
    /// The line on which it starts; the header's is 1.
    pub line: u64,
}

/// One record whose required fields are filled.
#[derive(Debug)]
pub struct Row<'a> {
    /// Where it stands.
    pub place: Place,
    fields: &'a StringRecord,
    positions: &'a [Option<usize>],
}

impl Row<'_> {
    /// Returns a field by the place of its column in the list the table was opened with; `""` where the
    /// file has no such column.
    pub fn text(&self, column: usize) -> &str {
        self.positions[column].and_then(|position| self.fields.get(position)).unwrap_or_default()
    }
}

/// What became of a valid record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was taken.
    Kept,
    /// Its publisher keeps it back; it must appear nowhere.
    Withheld,
}

/// What is wrong with a row: the column's place in the list, the reason, words, and a better value.
#[derive(Debug)]
pub struct Refusal {
    /// Place of the column in the list the table was opened with.
    pub column: usize,
    /// What kind of fault.
    pub reason: Reason,
    /// What is wrong, in words; the value comes before it.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Refusal {
    /// Makes a refusal without a suggestion.
    pub fn new(column: usize, reason: Reason, message: impl Into<String>) -> Self {
        Self { column, reason, message: message.into(), suggestion: None }
    }

    /// Adds what should be written instead.
    pub fn suggesting(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }
}

/// A CSV file that is being read, and what has been found in it.
pub struct Table<'r> {
    columns: &'static [Column],
    positions: Vec<Option<usize>>,
    width: usize,
    reader: csv::Reader<Box<dyn Read + 'r>>,
    lines: Lines,
    /// What became of the records so far.
    pub counts: FileReport,
    problems: Vec<Problem>,
}

impl<'r> Table<'r> {
    /// Reads the header. `None` when the file is refused as a whole; the report says why.
    pub fn open(
        file: &str,
        input: Box<dyn Read + 'r>,
        columns: &'static [Column],
        report: &mut Report,
    ) -> Option<Self> {
        let (lines, input) = Lines::of(input);
        // Fields are counted here, so that a wrong number is one row's fault and not the file's end.
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
        let counts = FileReport { name: file.to_owned(), ..FileReport::default() };
        let mut problems = Vec::new();
        let mut complain =
            |reason, severity, message: String, column: Option<&str>, suggestion: Option<&str>| {
                problems.push(Problem {
                    file: file.to_owned(),
                    record: None,
                    line: Some(1),
                    column: column.map(safe_excerpt),
                    reason,
                    severity,
                    message,
                    excerpt: String::new(),
                    suggestion: suggestion.map(str::to_owned),
                });
            };
        let header = match reader.byte_headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                complain(
                    Reason::EmptyFile,
                    Severity::Error,
                    format!("the header cannot be read: {error}"),
                    None,
                    None,
                );
                ByteRecord::new()
            }
        };
        if header.is_empty() {
            complain(Reason::EmptyFile, Severity::Error, "the file has no header".to_owned(), None, None);
        }
        // Spreadsheets write a byte order mark in front; it is no part of the first name.
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').to_owned())
            .collect();
        for (position, name) in names.iter().enumerate() {
            if names[..position].contains(name) {
                let message = format!("column `{}` stands in the header twice", safe_excerpt(name));
                complain(Reason::RepeatedColumn, Severity::Error, message, Some(name), None);
            } else if !columns.iter().any(|column| column.name == name) {
                let message =
                    format!("column `{}` is not known and is published nowhere", safe_excerpt(name));
                let meant = nearest(name, columns.iter().map(|column| column.name));
                complain(Reason::UnknownColumn, Severity::Warning, message, Some(name), meant);
            }
        }
        for column in columns.iter().filter(|column| column.need != Need::Optional) {
            if !header.is_empty() && !names.iter().any(|name| name == column.name) {
                let message = format!("column `{}` is missing", column.name);
                complain(Reason::MissingColumn, Severity::Error, message, Some(column.name), None);
            }
        }
        let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
        let positions =
            columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
        let table = Self { columns, positions, width: names.len(), reader, lines, counts, problems };
        if refused {
            table.close(report);
            return None;
        }
        Some(table)
    }

    /// Whether the file has the column.
    pub fn has(&self, column: usize) -> bool {
        self.positions[column].is_some()
    }

    /// Reads every record: `take` turns a row into whatever is kept, or says what is wrong with it.
    pub fn for_each(&mut self, mut take: impl FnMut(&Row<'_>) -> Result<Taken, Refusal>) {
        let mut bytes = ByteRecord::new();
        loop {
            let place = Place { record: self.counts.read + 1, line: self.reader.position().line() };
            match self.reader.read_byte_record(&mut bytes) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => {
                    self.refuse(
                        place,
                        None,
                        Reason::InvalidUtf8,
                        format!("the file cannot be read further: {error}"),
                        "",
                        None,
                    );
                    self.counts.read += 1;
                    break;
                }
            }
            let start = bytes.position().map_or(0, csv::Position::byte);
            let line = self.lines.at_or_behind(start).unwrap_or(place.line);
            let place = Place { line, ..place };
            self.counts.read += 1;
            if bytes.len() != self.width {
                let reason =
                    if bytes.len() < self.width { Reason::TooFewFields } else { Reason::TooManyFields };
                let message = format!("{} fields where the header has {}", bytes.len(), self.width);
                self.refuse(place, None, reason, message, "", None);
                continue;
            }
            let fields = match StringRecord::from_byte_record(bytes) {
                Ok(fields) => fields,
                Err(error) => {
                    let message = format!("not UTF-8: {}", error.utf8_error());
                    bytes = error.into_byte_record();
                    self.refuse(place, None, Reason::InvalidUtf8, message, "", None);
                    continue;
                }
            };
            let positions = std::mem::take(&mut self.positions);
            let row = Row { place, fields: &fields, positions: &positions };
            let empty = (0..self.columns.len())
                .find(|&column| self.columns[column].need == Need::Filled && row.text(column).is_empty());
            let taken = match empty {
                Some(column) => Err(Refusal::new(column, Reason::MissingValue, "is empty and must not be")),
                None => take(&row),
            };
            match taken {
                Ok(Taken::Kept) => self.counts.accepted += 1,
                Ok(Taken::Withheld) => self.counts.withheld += 1,
                Err(refusal) => {
                    let value = safe_excerpt(row.text(refusal.column));
                    let message = if value.is_empty() {
                        format!("`{}` {}", self.columns[refusal.column].name, refusal.message)
                    } else {
                        format!("`{value}` {}", refusal.message)
                    };
                    self.refuse(
                        place,
                        Some(refusal.column),
                        refusal.reason,
                        message,
                        &value,
                        refusal.suggestion,
                    );
                }
            }
            self.positions = positions;
            bytes = fields.into_byte_record();
        }
    }

    fn refuse(
        &mut self,
        place: Place,
        column: Option<usize>,
        reason: Reason,
        message: String,
        excerpt: &str,
        suggestion: Option<String>,
    ) {
        self.counts.rejected += 1;
        self.problems.push(Problem {
            file: self.counts.name.clone(),
            record: Some(place.record),
            line: Some(place.line),
            column: column.map(|column| self.columns[column].name.to_owned()),
            reason,
            severity: Severity::Error,
            message,
            excerpt: excerpt.to_owned(),
            suggestion,
        });
    }

    /// Counts a record that had been accepted as refused after all.
    pub fn refuse_later(&mut self, place: Place, column: usize, reason: Reason, message: String) {
        self.counts.accepted -= 1;
        self.refuse(place, Some(column), reason, message, "", None);
    }

    /// Counts a record that had been accepted as a repetition of another.
    pub fn repeat_later(&mut self, place: Place, first: Place, column: usize) {
        self.counts.accepted -= 1;
        self.counts.duplicates += 1;
        self.problems.push(Problem {
            file: self.counts.name.clone(),
            record: Some(place.record),
            line: Some(place.line),
            column: Some(self.columns[column].name.to_owned()),
            reason: Reason::Duplicate,
            severity: Severity::Warning,
            message: format!("the same record as on line {}; counted once", first.line),
            excerpt: String::new(),
            suggestion: None,
        });
    }

    /// Ends reading: what was found goes into the report, in the order of the lines.
    pub fn close(mut self, report: &mut Report) {
        self.problems.sort_by_key(|problem| problem.record);
        report.files.push(self.counts);
        report.problems.append(&mut self.problems);
    }
}
