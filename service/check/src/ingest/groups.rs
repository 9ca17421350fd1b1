//! Equal problems as one: those of a column that have the same reason and value.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::report::{Omitted, Problem, Reason, Report, Severity};
use crate::domain::Say;

/// Most lines that are named for a group.
const NAMED: usize = 10;
/// Most groups of one kind that are shown for a file. Values that are all different teach nothing more.
const SHOWN: usize = 50;

/// Problems of one file and column with the same reason, value and words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Group {
    /// Path of the file within the package.
    pub file: String,
    /// The column, if the problems lie in one column.
    pub column: Option<String>,
    /// The kind of problem.
    pub reason: Reason,
    /// Whether the problems refuse rows or the file, or are only warnings.
    pub severity: Severity,
    /// The value, safe to print. Empty where the problem is not one of a value.
    pub value: String,
    /// How many problems there are.
    pub count: u64,
    /// The first lines on which they are, at most ten; in Parquet, the numbers of the rows.
    pub lines: Vec<u64>,
    /// The problem in words of English. Empty for problems that are only counted.
    pub message: String,
    /// The same as a sentence by key, with values.
    #[serde(flatten)]
    pub says: Option<Say>,
    /// What to write instead, if that is known: a value, or a sentence in English.
    pub suggestion: Option<String>,
    /// The suggestion as a sentence by key, if it is one.
    pub hint: Option<Say>,
    #[serde(skip)]
    is_of_file: bool,
}

impl Group {
    fn of(problem: &Problem, value: &str) -> Self {
        Self {
            file: problem.file.clone(),
            column: problem.column.clone(),
            reason: problem.reason,
            severity: problem.severity,
            value: value.to_owned(),
            count: 0,
            lines: Vec::new(),
            message: problem.message.clone(),
            says: Some(problem.says.clone()),
            suggestion: problem.suggestion.clone(),
            hint: problem.hint.clone(),
            is_of_file: problem.record.is_none(),
        }
    }

    fn of_omitted(omitted: &Omitted) -> Self {
        Self {
            file: omitted.file.clone(),
            column: None,
            reason: omitted.reason,
            severity: omitted.severity,
            value: String::new(),
            count: omitted.count,
            lines: Vec::new(),
            message: String::new(),
            says: None,
            suggestion: None,
            hint: None,
            is_of_file: false,
        }
    }
}

/// Returns the groups of a file that are shown to people, and how many problems of each reason are not.
pub(super) fn shown<'g>(groups: &'g [Group], file: &str) -> (Vec<&'g Group>, BTreeMap<Reason, u64>) {
    let mut counts: BTreeMap<Reason, usize> = BTreeMap::new();
    let mut more: BTreeMap<Reason, u64> = BTreeMap::new();
    let mut shown = Vec::new();
    for group in groups.iter().filter(|group| group.file == file) {
        let count = counts.entry(group.reason).or_default();
        *count += usize::from(!group.message.is_empty());
        if group.message.is_empty() || *count > SHOWN {
            *more.entry(group.reason).or_default() += group.count;
        } else {
            shown.push(group);
        }
    }
    (shown, more)
}

impl Report {
    /// Whether the rows of a file are named by their numbers, because it has no lines.
    pub(super) fn has_rows(&self, file: &str) -> bool {
        let mut of_file = self.problems.iter().filter(|problem| problem.file == file);
        of_file.any(|problem| problem.record.is_some() && problem.line.is_none())
    }

    /// Returns the problems in groups, in the order of files: problems of a whole file first, then those of the most rows. What is
    /// [omitted](Report::omitted) makes a group for each kind.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known = HashMap::new();
        for problem in &self.problems {
            // A damaged row is its own excerpt, and no two are the same.
            let value = if problem.column.is_some() { problem.excerpt.as_str() } else { "" };
            let Problem { file, column, reason, severity, message, .. } = problem;
            let is_error = *severity == Severity::Error;
            let place =
                *known.entry((file, column, *reason, is_error, value, message)).or_insert_with(|| {
                    groups.push(Group::of(problem, value));
                    groups.len() - 1
                });
            let group = &mut groups[place];
            group.count += 1;
            if group.lines.len() < NAMED {
                group.lines.extend(problem.line.or(problem.record));
            }
        }
        groups.extend(self.omitted.iter().map(Group::of_omitted));
        let order = |group: &Group| {
            let file = self.files.iter().position(|file| file.name == group.file);
            let first = group.lines.first().copied().unwrap_or(u64::MAX);
            (file, !group.is_of_file, Reverse(group.count), first)
        };
        groups.sort_by_cached_key(order);
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::super::FileReport;
    use super::*;

    fn problem(line: u64, value: &str) -> Problem {
        let says = Say::new("unknown_country").with("value", value);
        Problem {
            record: Some(line - 1),
            excerpt: value.to_owned(),
            ..Problem::of_file("charges.csv", Reason::UnknownCountry, says).on_line(line).in_column("country")
        }
    }

    fn report(problems: Vec<Problem>) -> Report {
        let file = FileReport { name: "charges.csv".to_owned(), ..FileReport::default() };
        Report { files: vec![file], problems, ..Report::default() }
    }

    #[test]
    fn thirty_equal_problems_are_one_line_with_thirty() {
        let groups = report((2..32).map(|line| problem(line, "Kazakhstan")).collect()).groups();
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].count, &groups[0].lines), (30, &(2..12).collect::<Vec<_>>()));
        assert_eq!((groups[0].column.as_deref(), &*groups[0].value), (Some("country"), "Kazakhstan"));
    }

    #[test]
    fn two_values_are_two_lines_and_the_more_frequent_comes_first() {
        let whole = Problem::of_file("charges.csv", Reason::UnknownColumn, "unknown_column").on_line(1);
        let all = [problem(2, "A"), problem(3, "B"), problem(4, "B"), whole];
        let groups = report(all.to_vec()).groups();
        let found: Vec<_> = groups.iter().map(|group| (&*group.value, group.count, &*group.lines)).collect();
        assert_eq!(found, [("", 1, &[1][..]), ("B", 2, &[3, 4]), ("A", 1, &[2])]);
    }

    #[test]
    fn damaged_rows_are_grouped_by_what_is_wrong_with_them() {
        let damaged = |line: u64, row: &str| Problem {
            record: Some(line - 1),
            excerpt: row.to_owned(),
            ..Problem::of_file("charges.csv", Reason::TooFewFields, "too_few_fields").on_line(line)
        };
        let groups = report(vec![damaged(2, "a,b"), damaged(3, "c,d")]).groups();
        assert_eq!((groups.len(), &*groups[0].value, groups[0].count), (1, "", 2));
    }

    #[test]
    fn what_is_only_counted_is_a_group_without_lines() {
        let omitted = Omitted {
            file: "charges.csv".to_owned(),
            reason: Reason::UnknownCountry,
            severity: Severity::Error,
            count: 7,
        };
        let report = Report { omitted: vec![omitted], ..report(vec![problem(2, "A")]) };
        let counts: Vec<u64> = report.groups().iter().map(|group| group.count).collect();
        assert_eq!(counts, [7, 1]);
        let told = &report.to_json()["groups"][1];
        assert_eq!((&told["key"], &told["values"]["value"]), (&"unknown_country".into(), &"A".into()));
        let groups = report.to_json()["groups"].as_array().map(Vec::len);
        assert_eq!((groups, report.to_json()["problems"].as_array().map(Vec::len)), (Some(2), Some(1)));
    }
}
