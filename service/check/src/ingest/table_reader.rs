//! A strict reader of tables: columns go by name, every record has a position, every fault is named, and every record
//! is counted.

use std::sync::atomic::Ordering;

use super::batch::{Batch, LONGEST_FIELD, PassedOver, Record};
use super::excerpt::safe_excerpt;
use super::header::{self, Header};
use super::nameless::Nameless;
use super::platform::Platform;
use super::report::{FileReport, Problem, Problems, Reason, Report, Severity};
use super::row::{Refusals, Row, Taken};
use super::row_positions::Position;
use super::rules::Rules;
use crate::domain::Say;
use crate::domain::tables::Column;
use crate::package::{Facts, Source};

/// A table that is being read, and the problems found so far.
pub struct TableReader<'r, 'u> {
    columns: &'static [Column],
    header: Option<Header<'r>>,
    /// For each requested column: its place in the file.
    pub places: Vec<Option<usize>>,
    /// The names of the file's columns.
    pub names: Vec<String>,
    guarded: bool,
    encoding_declared: bool,
    /// Whether the file has lines, as CSV does. In other formats a record is named by its number.
    has_lines: bool,
    rules: &'u Rules,
    /// Number of the file among those of its table, counted from 0.
    pub file: usize,
    /// Whether the file may have no record, because other files of the table have some.
    pub may_be_empty: bool,
    /// Counts of the records so far.
    pub counts: FileReport,
    /// The problems so far.
    pub problems: Problems,
    beyond_ascii: (u64, u64),
    passed_over: PassedOver,
    nameless: Nameless,
}

impl<'r, 'u> TableReader<'r, 'u> {
    /// Begins a table that another reader decodes, and that has rows but no lines. The caller must set names and
    /// places.
    pub fn of_rows(path: String, columns: &'static [Column], rules: &'u Rules) -> Self {
        Self {
            columns,
            header: None,
            places: Vec::new(),
            names: Vec::new(),
            guarded: false,
            encoding_declared: false,
            has_lines: false,
            rules,
            file: 0,
            may_be_empty: false,
            counts: FileReport { name: path, ..FileReport::default() },
            problems: Problems::default(),
            beyond_ascii: (0, 0),
            passed_over: PassedOver::default(),
            nameless: Nameless::default(),
        }
    }

    /// Reads the header of a CSV file. Returns `None` when the whole file is refused; the report says why.
    pub fn open(
        source: Source<'r>,
        columns: &'static [Column],
        rules: &'u Rules,
        report: &mut Report,
    ) -> Option<Self> {
        let mut table = Self { has_lines: true, ..Self::of_rows(source.path.clone(), columns, rules) };
        table.encoding_declared = source.declared.encoding.is_some();
        match header::read(source, columns, &mut table.problems) {
            Ok(header) => {
                table.places.clone_from(&header.places);
                table.names.clone_from(&header.names);
                table.guarded = header.quarantine;
                table.passed_over = header.passed_over;
                table.nameless = Nameless::of(&header.names);
                table.header = Some(header);
                Some(table)
            }
            Err(rest) => {
                table.end(rest.finish());
                table.close(report);
                None
            }
        }
    }

    /// Counts records that were accepted by column, without a look at each. Returns the position of the first.
    pub fn accept(&mut self, rows: u64) -> Position {
        let first = self.counts.read + 1;
        self.counts.read += rows;
        self.counts.accepted += rows;
        Position { file: self.file, record: first, line: first }
    }

    /// Whether the file has a column.
    pub fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// Reads every record. `take` parses a row and stores the result, or returns the faults.
    pub fn for_each(
        &mut self,
        platform: &dyn Platform,
        mut take: impl FnMut(&Row<'_>) -> Result<Taken, Refusals>,
    ) {
        let Some(Header { mut splitter, pending, .. }) = self.header.take() else {
            return;
        };
        if let Some(batch) = pending {
            self.take_batch(&batch, &mut take);
        }
        let read = platform
            .read_ahead(&mut || splitter.next_batch(), &mut |batch| self.take_batch(&batch, &mut take));
        self.end(read.and_then(|()| splitter.into_input().finish()));
    }

    /// Reads the records of a batch. It does for them what [`TableReader::for_each`] does.
    pub fn take_batch(&mut self, batch: &Batch, take: &mut impl FnMut(&Row<'_>) -> Result<Taken, Refusals>) {
        self.rules.bytes_read.fetch_add(batch.size, Ordering::Relaxed);
        self.beyond_ascii.0 += batch.beyond_ascii.0;
        self.beyond_ascii.1 += batch.beyond_ascii.1;
        self.passed_over.add(&batch.passed_over);
        let places = std::mem::take(&mut self.places);
        for record in &batch.records {
            self.counts.read += 1;
            let position = Position { file: self.file, record: self.counts.read, line: record.line };
            self.nameless.count(batch, record);
            if let Some((reason, says)) = self.fault_of_form(batch, record) {
                self.counts.rejected += 1;
                self.problems.reject(position.record, reason);
                let excerpt = || safe_excerpt(&String::from_utf8_lossy(&batch.raw(record)));
                self.complain(position, None, reason, Severity::Error, || (says, excerpt(), None));
                continue;
            }
            let (columns, guarded) = (self.columns, self.guarded);
            let row = Row { position, batch, record, columns, places: &places, guarded };
            match take(&row) {
                Ok(Taken::Kept) => self.counts.accepted += 1,
                Ok(Taken::Withheld) => self.counts.withheld += 1,
                Err(refusals) => self.refuse(&row, refusals),
            }
        }
        self.places = places;
    }

    /// Returns the fault of a record's form, which is checked before its values.
    fn fault_of_form(&self, batch: &Batch, record: &Record) -> Option<(Reason, Say)> {
        let (width, expected) = (batch.width(record), self.names.len());
        if let Some(reason) = record.fault {
            let says = match reason {
                Reason::InvalidUtf8 if self.encoding_declared => "invalid_utf8.declared".into(),
                Reason::InvalidUtf8 => "invalid_utf8".into(),
                Reason::StrayQuote => "stray_quote".into(),
                Reason::UnclosedQuote => "unclosed_quote".into(),
                Reason::FieldTooLong => Say::new("field_too_long").with("most", LONGEST_FIELD),
                _ => "control_character".into(),
            };
            return Some((reason, says));
        }
        if width != expected {
            let (reason, key) = match width < expected {
                true => (Reason::TooFewFields, "too_few_fields"),
                false => (Reason::TooManyFields, "too_many_fields"),
            };
            return Some((reason, Say::new(key).with("width", width).with("expected", expected)));
        }
        let mut names = self.names.iter().enumerate();
        let is_header = names.all(|(place, name)| batch.text(record, place) == name);
        is_header.then(|| (Reason::RepeatedHeader, "repeated_header".into()))
    }

    fn refuse(&mut self, row: &Row<'_>, refusals: Refusals) {
        self.counts.rejected += 1;
        for refusal in refusals.0 {
            self.problems.reject(row.position.record, refusal.reason);
            let name = self.columns[refusal.column].name;
            self.complain(row.position, Some(refusal.column), refusal.reason, Severity::Error, || {
                let value = safe_excerpt(row.text(refusal.column));
                let subject = if value.is_empty() { name } else { &value };
                let found = || refusal.later.and_then(|(find, today)| find(row.text(refusal.column), today));
                (refusal.says.with("value", subject), value, refusal.suggestion.or_else(found))
            });
        }
    }

    /// Adds a problem of a record. `words` gives the sentence, the excerpt and the suggestion, and is only called when
    /// the problem is listed.
    fn complain(
        &mut self,
        position: Position,
        column: Option<usize>,
        reason: Reason,
        severity: Severity,
        words: impl FnOnce() -> (Say, String, Option<String>),
    ) {
        let (file, columns, has_lines) = (&self.counts.name, self.columns, self.has_lines);
        self.problems.add(reason, severity, || {
            let (says, excerpt, suggestion) = words();
            Problem {
                file: file.clone(),
                record: Some(position.record),
                line: has_lines.then_some(position.line),
                column: column.map(|column| columns[column].name.to_owned()),
                reason,
                severity,
                message: says.english(),
                says,
                excerpt,
                suggestion,
                hint: None,
            }
        });
    }

    /// Refuses a record that was accepted before, and corrects the counts.
    pub fn refuse_later(&mut self, position: Position, column: usize, reason: Reason, says: &Say) {
        self.counts.accepted -= 1;
        self.counts.rejected += 1;
        self.problems.reject(position.record, reason);
        let words = || (says.clone(), String::new(), None);
        self.complain(position, Some(column), reason, Severity::Error, words);
    }

    /// Counts a record that was accepted before as a repetition of an earlier one. `of` is the name of the file of the
    /// earlier one, if that is another file.
    pub fn repeat_later(&mut self, position: Position, first: Position, of: Option<&str>, column: usize) {
        self.counts.accepted -= 1;
        self.counts.duplicates += 1;
        let has_lines = self.has_lines;
        self.complain(position, Some(column), Reason::Duplicate, Severity::Warning, || {
            let says = match (of, has_lines) {
                (Some(file), _) => Say::new("duplicate.file").with("row", first.record).with("file", file),
                (None, true) => Say::new("duplicate").with("line", first.line),
                (None, false) => Say::new("duplicate.row").with("row", first.record),
            };
            (says, String::new(), None)
        });
    }

    /// Says that the records at some positions have the same key and different content. `of` is the name of a file, where
    /// the positions are in several.
    pub fn conflict<'n>(
        &self,
        mut positions: impl ExactSizeIterator<Item = Position>,
        of: impl Fn(Position) -> Option<&'n str>,
    ) -> Say {
        const NAMED: usize = 10;
        let key = match (self.has_lines, positions.len() > NAMED) {
            (true, false) => "conflicting_duplicate.lines",
            (true, true) => "conflicting_duplicate.lines_more",
            (false, false) => "conflicting_duplicate.rows",
            (false, true) => "conflicting_duplicate.rows_more",
        };
        let number = |position: Position| {
            let number = if self.has_lines { position.line } else { position.record };
            of(position).map_or(number.to_string(), |file| format!("{number} (`{file}`)"))
        };
        let numbers: Vec<_> = positions.by_ref().take(NAMED).map(number).collect();
        Say::new(key).with("lines", numbers.join(", "))
    }

    /// Warns of an accepted record. `words` gives the sentence and the excerpt.
    pub fn warn(
        &mut self,
        position: Position,
        column: usize,
        reason: Reason,
        words: impl FnOnce() -> (Say, String),
    ) {
        self.complain(position, Some(column), reason, Severity::Warning, || {
            let (says, excerpt) = words();
            (says, excerpt, None)
        });
    }

    /// Ends the file: it was read to its end, or reading failed.
    pub fn end(&mut self, read: std::io::Result<Facts>) {
        let facts = match read {
            Ok(facts) => facts,
            Err(error) => {
                return self.refuse_file(Reason::Unreadable, Say::new("unreadable.end").with("error", error));
            }
        };
        if let Some((declared, found)) = facts.size_mismatch {
            let says = Say::new("bytes_mismatch").with("found", found).with("declared", declared);
            self.refuse_file(Reason::BytesMismatch, says);
        }
        if let Some((declared, found)) = facts.digest_mismatch {
            let says = Say::new("hash_mismatch").with("found", found).with("declared", declared);
            self.refuse_file(Reason::HashMismatch, says);
        }
        self.counts.sha256 = facts.sha256;
    }

    fn refuse_file(&mut self, reason: Reason, says: impl Into<Say>) {
        self.problems.note(Problem::of_file(&self.counts.name, reason, says));
    }

    /// Closes the table. Its counts and problems go into the report, in the order of lines.
    pub fn close(mut self, report: &mut Report) {
        let (damaged, beyond_ascii) = self.beyond_ascii;
        // One invalid byte is damage. A text in another encoding has many of them, and hardly a valid UTF-8 character
        // beyond ASCII.
        if !self.encoding_declared && damaged > 1 && damaged > beyond_ascii {
            let says = Say::new("undeclared_encoding.places").with("count", damaged);
            let problem = Problem::of_file(&self.counts.name, Reason::UndeclaredEncoding, says);
            self.problems.note(problem.hinting("undeclared_encoding.places.hint"));
        }
        let FileReport { read, rejected, .. } = self.counts;
        if self.problems.is_clean_of_file_errors() && read == 0 {
            let key = if self.has_lines { "header_only" } else { "header_only.rows" };
            let problem = Problem::of_file(&self.counts.name, Reason::HeaderOnly, key);
            self.problems.note(if self.may_be_empty { problem.warning() } else { problem });
        }
        let percent = 100.0 * rejected as f64 / read.max(1) as f64;
        let most = self.rules.max_rejected_percent;
        if percent > most {
            let says = Say::new("too_many_rejected").with("rejected", rejected);
            self.refuse_file(Reason::TooManyRejected, says.with("read", read).with("most", most));
        }
        if let Some((count, first)) = self.passed_over.blank_lines {
            let says = match count {
                1 => Say::new("blank_line.one"),
                _ => Say::new("blank_line.many").with("count", count),
            };
            let problem = Problem::of_file(&self.counts.name, Reason::BlankLine, says);
            self.problems.note(problem.warning().on_line(first));
        }
        if let Some((count, first)) = self.passed_over.empty_rows {
            let says = Say::new("sheet_empty_rows").with("count", count);
            let problem = Problem::of_file(&self.counts.name, Reason::SheetEmptyRows, says);
            self.problems.note(problem.warning().on_line(first));
        }
        self.nameless.close(&self.counts.name, &mut self.problems);
        self.problems.close(self.counts, report);
    }
}
