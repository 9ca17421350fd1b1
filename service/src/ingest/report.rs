//! What was read, what was refused and why.

use std::fmt::Write as _;

/// Why a row, or a whole file, is refused or warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The file has no header, or nothing in it.
    EmptyFile,
    /// A column that the file must have is not in its header.
    MissingColumn,
    /// A column stands in the header twice.
    RepeatedColumn,
    /// A column that we do not know; it is published nowhere.
    UnknownColumn,
    /// A row is not UTF-8.
    InvalidUtf8,
    /// A row has fewer fields than the header.
    TooFewFields,
    /// A row has more fields than the header.
    TooManyFields,
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
    /// The same record again; counted once.
    Duplicate,
    /// The same key with different content: of charges and figures none is taken, in a register the first.
    ConflictingDuplicate,
    /// Several sources for one cell, and not exactly one of them preferred.
    PreferredNotOne,
    /// More rows or codes than the columns can hold.
    TooMany,
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

/// Whether the row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is refused.
    Error,
    /// It is taken; somebody should look at it.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Path of the file within the package.
    pub file: String,
    /// Which data record, from 1; `None` when it concerns the file.
    pub record: Option<u64>,
    /// The line on which the record starts; the header's is 1.
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
    /// Everything that is wrong, in the order of the files.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether anything was refused.
    pub fn refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Writes the report for people: a table per file, and a last line that adds up.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            let _ = writeln!(text, "{}: {} records", file.name, file.read);
            for problem in self.problems.iter().filter(|problem| problem.file == file.name) {
                let _ = writeln!(text, "  {}", problem.to_text());
            }
        }
        let sum = |count: fn(&FileReport) -> u64| self.files.iter().map(count).sum::<u64>();
        let _ = writeln!(
            text,
            "{} read = {} accepted + {} rejected + {} duplicates + {} withheld",
            sum(|file| file.read),
            sum(|file| file.accepted),
            sum(|file| file.rejected),
            sum(|file| file.duplicates),
            sum(|file| file.withheld),
        );
        text
    }
}

impl Problem {
    /// Writes the problem as one line for people.
    pub fn to_text(&self) -> String {
        let mut text = match self.severity {
            Severity::Error => String::new(),
            Severity::Warning => "warning: ".to_owned(),
        };
        if let Some(line) = self.line {
            let _ = write!(text, "line {line}");
            if let Some(column) = &self.column {
                let _ = write!(text, ", column {column}");
            }
            text.push_str(": ");
        }
        text.push_str(&self.message);
        if let Some(suggestion) = &self.suggestion {
            let _ = write!(text, "; did you mean `{suggestion}`?");
        }
        let _ = write!(text, " [{}]", self.reason.code());
        text
    }
}

/// Returns a value cut to a length that can be read, with everything that a terminal could act on shown as `\u{…}`.
pub fn safe_excerpt(value: &str) -> String {
    const LONGEST: usize = 60;
    let mut safe = String::new();
    for (count, symbol) in value.chars().enumerate() {
        if count == LONGEST {
            safe.push('…');
            break;
        }
        // Control characters, and the marks that reorder or hide text.
        let hidden = matches!(symbol, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if symbol.is_control() || hidden {
            safe.extend(symbol.escape_unicode());
        } else {
            safe.push(symbol);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_cannot_move_the_cursor_or_reorder_text() {
        assert_eq!(safe_excerpt("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(safe_excerpt(&"я".repeat(100)).chars().count(), 61);
    }

    #[test]
    fn the_last_line_adds_up() {
        let file = FileReport {
            name: "charges.csv".to_owned(),
            read: 9,
            accepted: 5,
            rejected: 2,
            duplicates: 1,
            withheld: 1,
        };
        let report = Report { files: vec![file], problems: Vec::new() };
        assert!(report.to_text().ends_with("9 read = 5 accepted + 2 rejected + 1 duplicates + 1 withheld\n"));
    }
}
