//! What was read, what was refused and why.

use std::collections::BTreeMap;

use super::excerpt::safe_excerpt;

/// Why a row, or a whole file, is refused or warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // The whole file.
    /// The file has nothing in it.
    EmptyFile,
    /// The file has a header and no record.
    HeaderOnly,
    /// The first line has data where the names of the columns should stand.
    NoHeader,
    /// Lines stand above the header.
    TitleAboveHeader,
    /// A column that the file must have is not in its header.
    MissingColumn,
    /// A column stands in the header twice.
    RepeatedColumn,
    /// More columns than any table has.
    TooManyColumns,
    /// Compressed, a spreadsheet, a web page, JSON: not CSV.
    NotCsv,
    /// Declared to be Parquet, and none, or one that is cut off, damaged or encrypted.
    NotParquet,
    /// A column of a Parquet file has a type that nothing is read from.
    ColumnType,
    /// A column of a Parquet file becomes larger in memory than any table of records does.
    TooLarge,
    /// Not UTF-8, and no other encoding is declared.
    UndeclaredEncoding,
    /// Another encoding than the declared one.
    EncodingMismatch,
    /// The columns are separated by something else than is declared.
    DelimiterMismatch,
    /// The file has another size than is declared.
    BytesMismatch,
    /// The file has another digest than is declared.
    HashMismatch,
    /// More rows are refused than may be.
    TooManyRejected,
    /// The file could not be read to its end.
    Unreadable,
    // The header, as warnings.
    /// A column that we do not know; it is published nowhere.
    UnknownColumn,
    /// A column's name is written with other letters or spaces.
    HeaderSpelling,
    /// The columns are separated by something else than a comma, which is not declared.
    UndeclaredDelimiter,
    /// Lines with nothing on them.
    BlankLine,
    // The form of a row.
    /// A row is not in the file's encoding.
    InvalidUtf8,
    /// A character that no text has.
    ControlCharacter,
    /// A field has more than 65,536 characters.
    FieldTooLong,
    /// A row has fewer fields than the header.
    TooFewFields,
    /// A row has more fields than the header.
    TooManyFields,
    /// A row of empty fields.
    BlankRow,
    /// The header again, among the rows.
    RepeatedHeader,
    /// A quote within a field that is not in quotes, or something behind a closing quote.
    StrayQuote,
    /// A quote that is opened and not closed.
    UnclosedQuote,
    // The values.
    /// A required field is empty.
    MissingValue,
    /// A date has another form than `YYYY`, `YYYY-MM`, `YYYY-MM-DD`.
    DateFormat,
    /// A day that no calendar has.
    DateImpossible,
    /// A date after today.
    DateInFuture,
    /// A date before 1900.
    DateOutOfRange,
    /// Not an ISO 3166-1 alpha-3 code.
    UnknownCountry,
    /// Not in the package's `statutes.csv`.
    UnknownStatute,
    /// The statute is another country's.
    StatuteCountryMismatch,
    /// The other statute of an event is not one that it can be.
    RelatedMismatch,
    /// Not in `reference/outcomes.csv`.
    UnknownOutcome,
    /// Not in `reference/roles.csv`.
    UnknownRole,
    /// Not in `reference/offences.csv`.
    UnknownOffence,
    /// Not in the package's `sources.csv`.
    UnknownSource,
    /// Not one of the words that the column allows.
    UnknownWord,
    /// Not a whole number.
    BadNumber,
    /// Below zero.
    NegativeValue,
    /// No `http` or `https` address.
    BadAddress,
    /// More rows or codes than the columns can hold.
    TooMany,
    // Between rows.
    /// The same record again; counted once.
    Duplicate,
    /// The same key with different content: none is taken.
    ConflictingDuplicate,
    /// Several sources for one cell, and not exactly one of them preferred.
    PreferredNotOne,
    /// Ids that differ only by case, or by letters that are invisible or look alike.
    SimilarIds,
    /// An outcome before the charge.
    OutcomeBeforeCharge,
    /// A final outcome without its date.
    FinalWithoutDate,
    /// A pending charge with the date of an outcome.
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

/// Whether the row, or the file, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is refused.
    Error,
    /// It is taken; somebody should look at it.
    Warning,
}

/// What is said of a package as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything is right.
    Accept,
    /// Everything is taken; something should be looked at.
    AcceptWithWarning,
    /// Some rows are refused, the others taken.
    RejectRows,
    /// A file is refused, and with it the package.
    RejectFile,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Path of the file within the package.
    pub file: String,
    /// Which data record, from 1; `None` when it concerns the file.
    pub record: Option<u64>,
    /// The line on which the record starts; the header's is 1. Parquet has no lines.
    pub line: Option<u64>,
    /// The column, where it is one column's fault.
    pub column: Option<String>,
    /// What kind of fault.
    pub reason: Reason,
    /// Whether the row is refused.
    pub severity: Severity,
    /// What is wrong, in words.
    pub message: String,
    /// The value, safe to print.
    pub excerpt: String,
    /// What to write instead, where that can be known.
    pub suggestion: Option<String>,
}

/// How many records a file had and what became of them: `read` is the sum of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct FileReport {
    /// Path of the file within the package.
    pub name: String,
    /// SHA-256 of its bytes, in hex digits.
    pub sha256: String,
    /// Data records in it.
    pub read: u64,
    /// Records taken.
    pub accepted: u64,
    /// Records refused.
    pub rejected: u64,
    /// Records that repeat another to the letter; counted once.
    pub duplicates: u64,
    /// Records that their publisher keeps back (`publish` is `false`).
    pub withheld: u64,
}

/// What `chargesheet check` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// One entry per file read.
    pub files: Vec<FileReport>,
    /// What is wrong, in the order of the files and their lines.
    pub problems: Vec<Problem>,
    /// Problems beyond the ones listed, by file, code and severity: a report stays readable.
    pub omitted: Vec<Omitted>,
    /// Rows refused, by file: which record, and why. Not part of what is written: [`super::quarantine`] reads it.
    #[serde(skip)]
    pub rejected: BTreeMap<String, Vec<(u64, Reason)>>,
}

/// Problems of one kind that are counted and not listed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Omitted {
    /// Path of the file within the package.
    pub file: String,
    /// What kind of fault.
    pub reason: Reason,
    /// Whether rows are refused for it.
    pub severity: Severity,
    /// How many.
    pub count: u64,
}

impl Report {
    /// Returns what is said of the package as a whole.
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

    /// Whether anything was refused.
    pub fn refused(&self) -> bool {
        self.verdict() >= Verdict::RejectRows
    }

    /// Returns the first thing for which something is refused.
    pub fn first_error(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.severity == Severity::Error)
    }

    /// Returns how many things something is refused for.
    pub fn errors(&self) -> u64 {
        let listed =
            self.problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
        let omitted = self.omitted.iter().filter(|omitted| omitted.severity == Severity::Error);
        listed + omitted.map(|omitted| omitted.count).sum::<u64>()
    }

    /// Returns one object with the verdict, as `check --json` prints it.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "verdict": self.verdict(),
            "files": self.files,
            "problems": self.problems,
            "omitted": self.omitted,
        })
    }
}

/// The problems of one file while it is read: listed up to a number, counted beyond it.
#[derive(Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    counts: BTreeMap<(Reason, bool), (u64, u64)>,
    rejected: Vec<(u64, Reason)>,
}

impl Problems {
    /// Most problems of one kind that are listed for a file. A million equal lines help nobody, and a report
    /// must fit in memory whatever is read.
    const LISTED: u64 = 10_000;

    /// Adds a problem; its words are only made when it is listed.
    pub fn add(&mut self, reason: Reason, severity: Severity, words: impl FnOnce() -> Problem) {
        let (listed, omitted) = self.counts.entry((reason, severity == Severity::Error)).or_default();
        if *listed < Self::LISTED {
            *listed += 1;
            self.listed.push(words());
        } else {
            *omitted += 1;
        }
    }

    /// Adds a problem of the whole file.
    pub fn note(&mut self, problem: Problem) {
        self.add(problem.reason, problem.severity, || problem);
    }

    /// Notes that a record is refused.
    pub fn reject(&mut self, record: u64, reason: Reason) {
        // A row may have several faults; the first of them stands for it.
        if self.rejected.last().is_none_or(|(last, _)| *last != record) {
            self.rejected.push((record, reason));
        }
    }

    /// Whether nothing refuses the whole file.
    pub fn is_clean_of_file_errors(&self) -> bool {
        !self.listed.iter().any(|problem| problem.severity == Severity::Error && problem.record.is_none())
    }

    /// Moves everything into the report, in the order of the lines.
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
    /// Makes a problem for which a whole file is refused.
    pub fn of_file(file: &str, reason: Reason, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            record: None,
            line: None,
            column: None,
            reason,
            severity: Severity::Error,
            message: message.into(),
            excerpt: String::new(),
            suggestion: None,
        }
    }

    /// Makes it a warning: the file is read.
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Adds the line that it is on, where there are lines.
    pub fn on_line(self, line: impl Into<Option<u64>>) -> Self {
        Self { line: line.into(), ..self }
    }

    /// Adds the name of the column that it is about.
    pub fn in_column(self, column: &str) -> Self {
        Self { column: Some(safe_excerpt(column)), ..self }
    }

    /// Adds what to write, or to do, instead.
    pub fn suggesting(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }
}
