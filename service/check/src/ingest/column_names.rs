//! The names of a file's columns, and the check of these names against the description of the table.

use super::excerpt::safe_excerpt;
use super::report::{Problem, Problems, Reason, Severity};
use super::row::is_blank;
use crate::domain::tables::{Column, Need};
use crate::domain::{Say, nearest};

/// The last column of a quarantine file. It says why each row was refused, and is ignored when the file is read
/// again.
pub const REJECTED_BECAUSE: &str = "rejected_because";

/// Most columns a file may have.
const MOST_COLUMNS: usize = 256;

/// Returns a column's name in its normal spelling: lower case, with `_` for spaces.
pub fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// Whether a table may have a column of this name.
pub fn is_known(name: &str, columns: &[Column]) -> bool {
    columns.iter().any(|column| column.name == name) || name == REJECTED_BECAUSE
}

/// Returns the names of the required columns.
pub fn required(columns: &[Column]) -> impl Iterator<Item = &'static str> {
    columns
        .iter()
        .filter(|column| !matches!(column.need, Need::Optional | Need::Later))
        .map(|column| column.name)
}

/// Returns the problem of a file with too many columns, or `None`. Columns without a name do not count.
pub fn too_many(names: &[String], path: &str) -> Option<Problem> {
    let count = names.iter().filter(|name| !is_blank(name)).count();
    (count > MOST_COLUMNS).then(|| {
        let says = Say::new("too_many_columns").with("count", count).with("most", MOST_COLUMNS);
        Problem::of_file(path, Reason::TooManyColumns, says)
    })
}

/// Returns the place in the file of each requested column, or `None` when the columns refuse the file. Problems and
/// warnings go into `problems`. `line` is the line of the header, if the file has lines.
pub fn find(
    names: &[String],
    columns: &[Column],
    line: Option<u64>,
    path: &str,
    problems: &mut Problems,
) -> Option<Vec<Option<usize>>> {
    let mut refused = false;
    let mut complain = |column: &str, problem: Problem| {
        refused |= problem.severity == Severity::Error;
        problems.note(problem.on_line(line).in_column(column));
    };
    let of_file =
        |reason, key, column: &str| Problem::of_file(path, reason, Say::new(key).with("column", column));
    let normal: Vec<String> = names.iter().map(|name| normal(name)).collect();
    for (place, (name, given)) in normal.iter().zip(names).enumerate() {
        // A spreadsheet leaves columns without a name. Whether they have content is known at the end of the file.
        if line.is_some() && is_blank(given) {
            continue;
        }
        let shown = safe_excerpt(given);
        if normal[..place].contains(name) {
            let key = if line.is_some() { "repeated_column" } else { "repeated_column.rows" };
            complain(name, of_file(Reason::RepeatedColumn, key, &shown));
        } else if !is_known(name, columns) {
            let suggestion = nearest(name, columns.iter().map(|column| column.name)).map(str::to_owned);
            let problem = of_file(Reason::UnknownColumn, "unknown_column", &shown).warning();
            complain(given, Problem { suggestion, ..problem });
        } else if name != given {
            let says = Say::new("header_spelling").with("column", shown).with("name", name);
            let problem = Problem::of_file(path, Reason::HeaderSpelling, says).warning();
            complain(given, problem.suggesting(name.as_str()));
        }
    }
    let place = |name: &str| normal.iter().position(|other| other == name);
    for name in required(columns).filter(|name| place(name).is_none()) {
        complain(name, of_file(Reason::MissingColumn, "missing_column", name));
    }
    (!refused).then(|| columns.iter().map(|column| place(column.name)).collect())
}
