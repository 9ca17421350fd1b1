//! A report as a page shows it: counts of each file and groups of problems, with sentences in the reader's language.

use super::excerpt::safe_excerpt;
use super::groups;
use super::report::{FileReport, Report, Severity, Verdict};
use crate::domain::Language;

/// What a page shows of a report.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Shown {
    /// The verdict on the package.
    pub verdict: Verdict,
    /// The files, in the order in which they were read.
    pub files: Vec<ShownFile>,
}

/// A file of a report.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ShownFile {
    /// Its path within the package, as it is.
    pub path: String,
    /// How many records it has, and what became of them.
    #[serde(flatten)]
    pub counts: FileReport,
    /// Whether its rows are named by their numbers and not by lines.
    pub has_rows: bool,
    /// Its problems, those of the most rows first.
    pub groups: Vec<ShownGroup>,
    /// Code and number of the problems that are not shown one by one.
    pub more: Vec<(String, u64)>,
}

/// Equal problems of a file.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ShownGroup {
    /// The first lines on which they are.
    pub lines: Vec<u64>,
    /// How many problems there are.
    pub count: u64,
    /// The column, if they lie in one.
    pub column: Option<String>,
    /// Whether rows or the file are refused for it.
    pub severity: Severity,
    /// The code of the reason.
    pub code: String,
    /// What is wrong, as a sentence.
    pub says: String,
    /// What to write instead, if that is known.
    pub instead: Option<String>,
}

impl Report {
    /// Returns what a page shows of the report. All text from the data is made safe to print.
    pub fn shown(&self, language: Language) -> Shown {
        let groups = self.groups();
        let file = |counts: &FileReport| {
            let (shown, more) = groups::shown(&groups, &counts.name);
            let group = |group: &groups::Group| ShownGroup {
                lines: group.lines.clone(),
                count: group.count,
                column: group.column.clone(),
                severity: group.severity,
                code: group.reason.code(),
                says: group.says.as_ref().map(|says| says.in_language(language)).unwrap_or_default(),
                instead: match &group.hint {
                    Some(hint) => Some(hint.in_language(language)),
                    None => group.suggestion.as_deref().map(safe_excerpt),
                },
            };
            ShownFile {
                path: counts.name.clone(),
                counts: FileReport { name: safe_excerpt(&counts.name), ..counts.clone() },
                has_rows: self.has_rows(&counts.name),
                groups: shown.into_iter().map(group).collect(),
                more: more.into_iter().map(|(reason, count)| (reason.code(), count)).collect(),
            }
        };
        Shown { verdict: self.verdict(), files: self.files.iter().map(file).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Problem, Reason};
    use super::*;
    use crate::domain::Say;

    fn problem(line: u64) -> Problem {
        let says = Say::new("bad_number").with("value", line);
        Problem {
            record: Some(line),
            excerpt: line.to_string(),
            ..Problem::of_file("charges.csv", Reason::BadNumber, says).on_line(line).in_column("value")
        }
    }

    #[test]
    fn a_page_shows_what_the_command_prints_in_its_readers_language() {
        let file = FileReport { name: "charges.csv".to_owned(), read: 60, ..FileReport::default() };
        let problems = (1..=60).map(problem).collect();
        let report = Report { files: vec![file], problems, ..Report::default() };
        let shown = report.shown(Language::RUSSIAN);
        assert_eq!((shown.verdict, shown.files.len()), (Verdict::RejectRows, 1));
        let file = &shown.files[0];
        assert_eq!((file.groups.len(), &*file.more), (50, &[("bad_number".to_owned(), 10)][..]));
        assert_eq!(report.to_text().matches("[bad_number]").count(), 51);
        let says = Say::new("bad_number").with("value", 1).in_language(Language::RUSSIAN);
        assert_eq!((&file.groups[0].says, &*file.groups[0].lines), (&says, &[1][..]));
    }

    #[test]
    fn what_to_do_is_said_in_the_readers_language_and_a_value_as_it_is_written() {
        let hint = problem(2).hinting("not_csv.save.hint");
        let value = problem(3).suggesting("3\u{202e}");
        let file = FileReport { name: "charges.csv".to_owned(), ..FileReport::default() };
        let report = Report { files: vec![file], problems: vec![hint, value], ..Report::default() };
        let instead = |language| {
            let groups = &report.shown(language).files[0].groups;
            groups.iter().map(|group| group.instead.clone().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(instead(Language::ENGLISH), ["save it as CSV UTF-8", "3\\u{202e}"]);
        assert_eq!(instead(Language::KAZAKH)[0], Say::new("not_csv.save.hint").in_language(Language::KAZAKH));
        assert_ne!(instead(Language::KAZAKH)[0], instead(Language::ENGLISH)[0]);
    }
}
