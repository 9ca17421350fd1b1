//! The report as text for people: a short table per file, and a last line with the totals.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::excerpt::safe_excerpt;
use super::report::{FileReport, Problem, Reason, Report, Severity};

/// Most problems of one kind that are shown for a file. The eleventh teaches nothing that ten did not.
const SHOWN: usize = 10;
/// Greatest width of a column of the table, in characters.
const WIDEST: usize = 72;

impl Report {
    /// Writes the report for people. All text from the data is made safe to print.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            let _ = writeln!(text, "{}: {}", safe_excerpt(&file.name), counts(file));
            self.table(file, &mut text);
        }
        let mut all = FileReport::default();
        for file in &self.files {
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

    fn table(&self, file: &FileReport, text: &mut String) {
        let mut hidden: BTreeMap<Reason, u64> = BTreeMap::new();
        for omitted in self.omitted.iter().filter(|omitted| omitted.file == file.name) {
            *hidden.entry(omitted.reason).or_default() += omitted.count;
        }
        let mut shown: BTreeMap<Reason, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for problem in self.problems.iter().filter(|problem| problem.file == file.name) {
            let count = shown.entry(problem.reason).or_default();
            *count += 1;
            if *count <= SHOWN {
                rows.push(problem.cells());
            } else {
                *hidden.entry(problem.reason).or_default() += 1;
            }
        }
        if rows.is_empty() {
            return;
        }
        let of_file = || self.problems.iter().filter(|problem| problem.file == file.name);
        // In a file without lines, rows are named by their number.
        let has_rows = of_file().any(|problem| problem.record.is_some() && problem.line.is_none());
        let place = if has_rows { "row" } else { "line" };
        rows.insert(0, [place, "column", "what is wrong", "write instead"].map(str::to_owned));
        let width = |place: usize| rows.iter().map(|row| row[place].width()).max().unwrap_or(0).min(WIDEST);
        let widths: [usize; 4] = std::array::from_fn(width);
        for [line, column, wrong, instead] in &rows {
            let row = format!(
                "  {}{line}  {column}{}  {wrong}{}  {instead}",
                pad(line, widths[0]),
                pad(column, widths[1]),
                pad(wrong, widths[2]),
            );
            let _ = writeln!(text, "{}", row.trim_end());
        }
        for (reason, count) in hidden {
            let _ = writeln!(text, "  and {count} more [{}]", reason.code());
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

impl Problem {
    fn cells(&self) -> [String; 4] {
        let line = self.line.or(self.record).map_or(String::new(), |line| line.to_string());
        [
            line,
            self.column.clone().unwrap_or_default(),
            self.wrong(),
            self.suggestion.as_deref().map(safe_excerpt).unwrap_or_default(),
        ]
    }

    /// Returns the problem in words, with the code of its reason.
    fn wrong(&self) -> String {
        let code = self.reason.code();
        match self.severity {
            Severity::Error => format!("{} [{code}]", self.message),
            Severity::Warning => format!("warning: {} [{code}]", self.message),
        }
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
        text.push_str(&self.wrong());
        if let Some(suggestion) = &self.suggestion {
            let _ = write!(text, "; write `{}`", safe_excerpt(suggestion));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let message = "`x` is no whole number".to_owned();
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
        assert!(text.contains("     2  value   `x` is no whole number [bad_number]  4\n"), "{text}");
        assert!(text.contains("\n  and 12 more [bad_number]\n"), "{text}");
        assert!(text.ends_with("29 read = 5 accepted + 22 rejected + 1 duplicates + 1 withheld\n"), "{text}");
    }
}
