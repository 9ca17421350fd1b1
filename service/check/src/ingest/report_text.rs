//! The report as text for people: a short table per file, and a last line with the totals.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::excerpt::safe_excerpt;
use super::groups::{self, Group};
use super::report::{FileReport, Problem, Reason, Report, Severity};

/// Most lines of a group that are named in its row.
const NAMED: usize = 5;
/// Greatest width of a column of the table, in characters.
const WIDEST: usize = 72;

impl Report {
    /// Writes the report for people, with equal problems in one row. All text from the data is made safe to print.
    pub fn to_text(&self) -> String {
        let groups = self.groups();
        self.text_of(|file, text| {
            let (shown, more) = groups::shown(&groups, &file.name);
            self.table(file, &shown.into_iter().map(Group::cells).collect::<Vec<_>>(), text);
            for (reason, count) in more {
                let _ = writeln!(text, "  and {count} more [{}]", reason.code());
            }
        })
    }

    /// Writes the report for people, with a row for every problem that is listed.
    pub fn to_long_text(&self) -> String {
        self.text_of(|file, text| {
            let own = self.problems.iter().filter(|problem| problem.file == file.name);
            self.table(file, &own.map(Problem::cells).collect::<Vec<_>>(), text);
            for omitted in self.omitted.iter().filter(|omitted| omitted.file == file.name) {
                let _ = writeln!(text, "  and {} more [{}]", omitted.count, omitted.reason.code());
            }
        })
    }

    /// Writes the counts of each file and its table, and the totals.
    fn text_of(&self, mut table: impl FnMut(&FileReport, &mut String)) -> String {
        let mut text = String::new();
        let mut all = FileReport::default();
        for file in &self.files {
            let _ = writeln!(text, "{}: {}", safe_excerpt(&file.name), counts(file));
            table(file, &mut text);
            all.read += file.read;
            all.accepted += file.accepted;
            all.rejected += file.rejected;
            all.duplicates += file.duplicates;
            all.withheld += file.withheld;
        }
        let _ = writeln!(
            text,
            "{} read = {} accepted + {} rejected + {} duplicates + {} withheld",
            all.read, all.accepted, all.rejected, all.duplicates, all.withheld,
        );
        text
    }

    fn table(&self, file: &FileReport, problems: &[[String; 4]], text: &mut String) {
        if problems.is_empty() {
            return;
        }
        let place = if self.has_rows(&file.name) { "row" } else { "line" };
        let header = [place, "column", "what is wrong", "write instead"].map(str::to_owned);
        let rows = || std::iter::once(&header).chain(problems);
        let width = |place: usize| rows().map(|row| row[place].width()).max().unwrap_or(0).min(WIDEST);
        let widths: [usize; 4] = std::array::from_fn(width);
        for [line, column, wrong, instead] in rows() {
            let row = format!(
                "  {}{line}  {column}{}  {wrong}{}  {instead}",
                pad(line, widths[0]),
                pad(column, widths[1]),
                pad(wrong, widths[2]),
            );
            let _ = writeln!(text, "{}", row.trim_end());
        }
    }
}

/// Returns the counts of a file's records in words.
fn counts(file: &FileReport) -> String {
    let mut text = format!("{} records, {} accepted", file.read, file.accepted);
    for (count, word) in
        [(file.rejected, "rejected"), (file.duplicates, "counted once"), (file.withheld, "withheld")]
    {
        if count > 0 {
            let _ = write!(text, ", {count} {word}");
        }
    }
    text
}

fn pad(cell: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(cell.width()))
}

impl Group {
    fn cells(&self) -> [String; 4] {
        [
            self.place(),
            self.column.clone().unwrap_or_default(),
            wrong(self.severity, &self.message, self.reason),
            self.suggestion.as_deref().map(safe_excerpt).unwrap_or_default(),
        ]
    }

    /// Returns the first lines, and how many rows there are where not all lines are named: `3, 4, 5, 6, 7 … (30 rows)`.
    fn place(&self) -> String {
        let named: Vec<String> = self.lines.iter().take(NAMED).map(u64::to_string).collect();
        let named = named.join(", ");
        if self.count > NAMED as u64 { format!("{named} … ({} rows)", self.count) } else { named }
    }
}

/// Returns a problem in words, with the code of its reason.
fn wrong(severity: Severity, message: &str, reason: Reason) -> String {
    let code = reason.code();
    match severity {
        Severity::Error => format!("{message} [{code}]"),
        Severity::Warning => format!("warning: {message} [{code}]"),
    }
}

impl Problem {
    fn cells(&self) -> [String; 4] {
        let line = self.line.or(self.record).map_or(String::new(), |line| line.to_string());
        [
            line,
            self.column.clone().unwrap_or_default(),
            wrong(self.severity, &self.message, self.reason),
            self.suggestion.as_deref().map(safe_excerpt).unwrap_or_default(),
        ]
    }

    /// Returns the problem as one line for people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if let Some(line) = self.line {
            let _ = write!(text, "line {line}");
            if let Some(column) = &self.column {
                let _ = write!(text, ", column {column}");
            }
            text.push_str(": ");
        }
        text.push_str(&wrong(self.severity, &self.message, self.reason));
        if let Some(suggestion) = &self.suggestion {
            let _ = write!(text, "; write `{}`", safe_excerpt(suggestion));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Say;

    #[test]
    fn values_that_are_all_different_do_not_fill_the_terminal() {
        let problem = |line: u64| Problem {
            record: Some(line),
            excerpt: line.to_string(),
            ..Problem::of_file("charges.csv", Reason::BadNumber, Say::new("bad_number").with("value", line))
                .on_line(line)
                .in_column("value")
        };
        let file = FileReport { name: "charges.csv".to_owned(), ..FileReport::default() };
        let report =
            Report { files: vec![file], problems: (1..=60).map(problem).collect(), ..Report::default() };
        let text = report.to_text();
        assert!(text.contains("\n    50  value") && !text.contains("\n    51  value"), "{text}");
        assert!(text.contains("\n  and 10 more [bad_number]\n"), "{text}");
        assert!(report.to_long_text().contains("\n    60  value"));
    }

    #[test]
    fn the_last_line_adds_up_and_the_table_stays_short() {
        let file = FileReport {
            name: "charges.csv".to_owned(),
            read: 29,
            accepted: 5,
            rejected: 22,
            duplicates: 1,
            withheld: 1,
            ..FileReport::default()
        };
        let message = Say::new("bad_number").with("value", "x");
        let problem = Problem {
            record: Some(1),
            severity: Severity::Error,
            suggestion: Some("4".to_owned()),
            ..Problem::of_file("charges.csv", Reason::BadNumber, message).on_line(2).in_column("value")
        };
        let report = Report { files: vec![file], problems: vec![problem; 22], ..Report::default() };
        let text = report.to_text();
        assert!(
            text.starts_with(
                "charges.csv: 29 records, 5 accepted, 22 rejected, 1 counted once, 1 withheld\n"
            ),
            "{text}"
        );
        let row = "  2, 2, 2, 2, 2 … (22 rows)  value   `x` is no whole number; write digits only [bad_number]  4\n";
        assert!(text.contains(row), "{text}");
        assert_eq!(text.lines().count(), 4, "{text}");
        let long = report.to_long_text();
        assert_eq!(
            long.matches("     2  value   `x` is no whole number; write digits only [bad_number]  4\n")
                .count(),
            22,
            "{long}"
        );
        assert_eq!(text.lines().last(), long.lines().last());
        assert!(text.ends_with("29 read = 5 accepted + 22 rejected + 1 duplicates + 1 withheld\n"), "{text}");
    }
}
