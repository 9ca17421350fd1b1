//! The report of a check: what was read, what was refused, and why.

use std::collections::BTreeMap;

use super::excerpt::safe_excerpt;
use crate::domain::Say;

/// The reason for a refusal or a warning. It concerns a row or a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // The whole file.
    /// The file has nothing in it.
    EmptyFile,
    /// The file has a header and no record.
    HeaderOnly,
    /// The first line has data instead of column names.
    NoHeader,
    /// Lines stand above the header.
    TitleAboveHeader,
    /// A required column is missing in the header.
    MissingColumn,
    /// A column name stands in the header twice.
    RepeatedColumn,
    /// More columns than any table has.
    TooManyColumns,
    /// The file is compressed, a spreadsheet, a web page or JSON, and not CSV.
    NotCsv,
    /// The file is declared to be Parquet, but it is another format, cut off, damaged or encrypted.
    NotParquet,
    /// A column of a Parquet file has a type that we do not read.
    ColumnType,
    /// A column of a Parquet file would take more memory than any table of records needs.
    TooLarge,
    /// Another file of the same table has other columns.
    OtherColumns,
    /// The file is not UTF-8, and no other encoding is declared.
    UndeclaredEncoding,
    /// The file has another encoding than the declared one.
    EncodingMismatch,
    /// The columns are separated by another character than the declared one.
    DelimiterMismatch,
    /// The size of the file differs from the declared one.
    BytesMismatch,
    /// The digest of the file differs from the declared one.
    HashMismatch,
    /// More rows are refused than the limit allows.
    TooManyRejected,
    /// The file could not be read to its end.
    Unreadable,
    // The header, as warnings.
    /// A column that we do not know. It is never published.
    UnknownColumn,
    /// A column's name differs from the known one in case or spaces.
    HeaderSpelling,
    /// The columns are separated by another character than a comma, and no delimiter is declared.
    UndeclaredDelimiter,
    /// Lines with nothing on them.
    BlankLine,
    /// Rows in which all fields are empty, as spreadsheets leave them.
    SheetEmptyRows,
    /// Columns without a name and without content, as spreadsheets leave them.
    SheetEmptyColumns,
    /// A column without a name that has content.
    SheetNamelessColumn,
    // The form of a row.
    /// A row has bytes that are invalid in the file's encoding.
    InvalidUtf8,
    /// A control character that no text needs.
    ControlCharacter,
    /// A field has more than 65,536 characters.
    FieldTooLong,
    /// A row has fewer fields than the header.
    TooFewFields,
    /// A row has more fields than the header.
    TooManyFields,
    /// The header is repeated among the rows.
    RepeatedHeader,
    /// A quote inside an unquoted field, or text behind a closing quote.
    StrayQuote,
    /// A quote that is opened and never closed.
    UnclosedQuote,
    // The values.
    /// A required field is empty.
    MissingValue,
    /// A date that is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    DateFormat,
    /// A day that does not exist in the calendar.
    DateImpossible,
    /// A date after today.
    DateInFuture,
    /// A date before 1900.
    DateOutOfRange,
    /// A text that is no ISO 3166-1 alpha-3 code.
    UnknownCountry,
    /// A statute that is not in the package's `statutes.csv`.
    UnknownStatute,
    /// The statute belongs to another country.
    StatuteCountryMismatch,
    /// The related statute of an event does not fit the kind of event.
    RelatedMismatch,
    /// The fields that say of which period a figure is do not go together.
    PeriodMismatch,
    /// A text that is not in `reference/outcomes.csv`.
    UnknownOutcome,
    /// A text that is not in `reference/roles.csv`.
    UnknownRole,
    /// A text that is not in `reference/offences.csv`.
    UnknownOffence,
    /// A source that is not in the package's `sources.csv`.
    UnknownSource,
    /// A word that the column does not allow.
    UnknownWord,
    /// A text that is no whole number.
    BadNumber,
    /// A number below zero.
    NegativeValue,
    /// A text that is no `http` or `https` address.
    BadAddress,
    /// Names in several languages of which one has no language tag, or one that BCP 47 does not know.
    BadLanguage,
    /// More rows or codes than the columns can hold.
    TooMany,
    // Between rows.
    /// The same record again. It is counted once.
    Duplicate,
    /// The same key with different content. None of these records is accepted.
    ConflictingDuplicate,
    /// Several sources state a figure for one cell, and not exactly one of them is preferred.
    PreferredNotOne,
    /// Ids that differ only by case, by invisible characters or by letters that look alike.
    SimilarIds,
    /// An outcome dated before the charge.
    OutcomeBeforeCharge,
    /// A final outcome without its date.
    FinalWithoutDate,
    /// A pending charge that has an outcome date.
    PendingWithDate,
}

impl Reason {
    /// Returns the code used in reports.
    pub fn code(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// Whether a problem refuses the row or the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row or the file is refused.
    Error,
    /// The row or the file is accepted, and somebody should look at it.
    Warning,
}

/// The verdict on a whole package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything is accepted without a warning.
    Accept,
    /// Everything is accepted, and somebody should look at the warnings.
    AcceptWithWarning,
    /// Some rows are refused, and the others are accepted.
    RejectRows,
    /// A file is refused, and so the package is.
    RejectFile,
}

/// A problem, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// Path of the file within the package.
    pub file: String,
    /// Number of the data record, from 1. `None` when the problem concerns the whole file.
    pub record: Option<u64>,
    /// The line on which the record starts; the header is on line 1. Parquet has no lines.
    pub line: Option<u64>,
    /// The column, if the problem lies in one column.
    pub column: Option<String>,
    /// The kind of problem.
    pub reason: Reason,
    /// Whether the problem refuses the row or file, or is only a warning.
    pub severity: Severity,
    /// The problem in words of English.
    pub message: String,
    /// The same as a sentence by key, with values.
    #[serde(flatten)]
    pub says: Say,
    /// The value, safe to print.
    pub excerpt: String,
    /// What to write instead, if that is known: a value, or a sentence in English.
    pub suggestion: Option<String>,
    /// The suggestion as a sentence by key, if it is one.
    pub hint: Option<Say>,
}

/// How many records a file has, and what became of them. `read` is the sum of the other counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileReport {
    /// Path of the file within the package.
    pub name: String,
    /// SHA-256 of its bytes, in hex digits.
    pub sha256: String,
    /// Data records in the file.
    pub read: u64,
    /// Records that were accepted.
    pub accepted: u64,
    /// Records that were refused.
    pub rejected: u64,
    /// Records that are identical to an earlier one. They are counted once.
    pub duplicates: u64,
    /// Records that their publisher withholds (`publish` is `false`).
    pub withheld: u64,
}

/// The report that `chargesheet check` prints.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// One entry per file read.
    pub files: Vec<FileReport>,
    /// The problems, in the order of files and lines.
    pub problems: Vec<Problem>,
    /// Counts of the problems that are not listed, by file, code and severity. The limit keeps a report readable.
    pub omitted: Vec<Omitted>,
    /// The refused rows of each file: record number and reason. They are not written out; [`super::quarantine`] reads
    /// them.
    #[serde(skip)]
    pub rejected: BTreeMap<String, Vec<(u64, Reason)>>,
}

/// A count of problems of one kind that are not listed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Omitted {
    /// Path of the file within the package.
    pub file: String,
    /// The kind of problem.
    pub reason: Reason,
    /// Whether the problems refuse rows, or are only warnings.
    pub severity: Severity,
    /// How many problems there are.
    pub count: u64,
}

impl Report {
    /// Returns the verdict on the whole package.
    pub fn verdict(&self) -> Verdict {
        let of = |problem: &Problem| match (problem.severity, problem.record) {
            (Severity::Error, None) => Verdict::RejectFile,
            (Severity::Error, Some(_)) => Verdict::RejectRows,
            (Severity::Warning, _) => Verdict::AcceptWithWarning,
        };
        let omitted = |omitted: &Omitted| match omitted.severity {
            Severity::Error => Verdict::RejectRows,
            Severity::Warning => Verdict::AcceptWithWarning,
        };
        let listed = self.problems.iter().map(of);
        listed.chain(self.omitted.iter().map(omitted)).max().unwrap_or(Verdict::Accept)
    }

    /// Whether anything is refused.
    pub fn refused(&self) -> bool {
        self.verdict() >= Verdict::RejectRows
    }

    /// Hides what stands in some files: their problems keep their places and reasons, and lose every value.
    pub fn hide_values(&mut self, is_hidden: impl Fn(&str) -> bool) {
        for problem in self.problems.iter_mut().filter(|problem| is_hidden(&problem.file)) {
            problem.says = Say::new("ready_value");
            problem.message = problem.says.english();
            problem.excerpt.clear();
            (problem.suggestion, problem.hint) = (None, None);
        }
    }

    /// Returns the first problem that refuses a row or a file.
    pub fn first_error(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.severity == Severity::Error)
    }

    /// Returns how many problems refuse a row or a file.
    pub fn errors(&self) -> u64 {
        let listed =
            self.problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
        let omitted = self.omitted.iter().filter(|omitted| omitted.severity == Severity::Error);
        listed + omitted.map(|omitted| omitted.count).sum::<u64>()
    }

    /// Returns the report with its verdict as one JSON object, as `check --json` prints it.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "verdict": self.verdict(),
            "files": self.files,
            "problems": self.problems,
            "omitted": self.omitted,
            "groups": self.groups(),
        })
    }
}

/// The problems of a file that is being read. They are listed up to a limit; beyond it they are only counted.
#[derive(Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    counts: BTreeMap<(Reason, bool), (u64, u64)>,
    rejected: Vec<(u64, Reason)>,
}

impl Problems {
    /// Most problems of one kind that are listed for a file. A million equal lines help nobody, and a report must fit
    /// in memory whatever is read.
    const LISTED: u64 = 10_000;

    /// Adds a problem. `words` is only called when the problem is listed.
    pub fn add(&mut self, reason: Reason, severity: Severity, words: impl FnOnce() -> Problem) {
        let (listed, omitted) = self.counts.entry((reason, severity == Severity::Error)).or_default();
        if *listed < Self::LISTED {
            *listed += 1;
            self.listed.push(words());
        } else {
            *omitted += 1;
        }
    }

    /// Adds a problem that concerns the whole file.
    pub fn note(&mut self, problem: Problem) {
        self.add(problem.reason, problem.severity, || problem);
    }

    /// Records that a row is refused.
    pub fn reject(&mut self, record: u64, reason: Reason) {
        // A row may have several faults. Only the first is recorded as the reason.
        if self.rejected.last().is_none_or(|(last, _)| *last != record) {
            self.rejected.push((record, reason));
        }
    }

    /// Whether no problem refuses the whole file.
    pub fn is_clean_of_file_errors(&self) -> bool {
        !self.listed.iter().any(|problem| problem.severity == Severity::Error && problem.record.is_none())
    }

    /// Counts problems that are not listed.
    pub fn omit(&mut self, reason: Reason, severity: Severity, count: u64) {
        self.counts.entry((reason, severity == Severity::Error)).or_default().1 += count;
    }

    /// Moves the problems and the counts into the report, in the order of lines.
    pub fn close(mut self, counts: FileReport, report: &mut Report) {
        self.listed.sort_by_key(|problem| problem.record);
        self.rejected.sort_unstable();
        self.rejected.dedup_by_key(|(record, _)| *record);
        for ((reason, is_error), (_, omitted)) in self.counts {
            if omitted > 0 {
                let severity = if is_error { Severity::Error } else { Severity::Warning };
                report.omitted.push(Omitted { file: counts.name.clone(), reason, severity, count: omitted });
            }
        }
        if !self.rejected.is_empty() {
            report.rejected.insert(counts.name.clone(), self.rejected);
        }
        report.files.push(counts);
        report.problems.append(&mut self.listed);
    }
}

impl Problem {
    /// Makes a problem that refuses a whole file.
    pub fn of_file(file: &str, reason: Reason, says: impl Into<Say>) -> Self {
        let says = says.into();
        Self {
            file: file.to_owned(),
            record: None,
            line: None,
            column: None,
            reason,
            severity: Severity::Error,
            message: says.english(),
            says,
            excerpt: String::new(),
            suggestion: None,
            hint: None,
        }
    }

    /// Turns the problem into a warning: the file is still read.
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Adds the line of the problem, if the file has lines.
    pub fn on_line(self, line: impl Into<Option<u64>>) -> Self {
        Self { line: line.into(), ..self }
    }

    /// Adds the name of the column that has the problem.
    pub fn in_column(self, column: &str) -> Self {
        Self { column: Some(safe_excerpt(column)), ..self }
    }

    /// Adds what to write instead.
    pub fn suggesting(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }

    /// Adds what to do instead.
    pub fn hinting(self, hint: impl Into<Say>) -> Self {
        let hint = hint.into();
        Self { suggestion: Some(hint.english()), hint: Some(hint), ..self }
    }
}
