//! The names of a file's columns, and the check of these names against the description of the table.

use super::excerpt::safe_excerpt;
use super::report::{Problem, Problems, Reason, Severity};
use super::row::is_blank;
use crate::domain::nearest;
use crate::domain::tables::{Column, Need};

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
        let message = format!("{count} columns; no table has more than {MOST_COLUMNS}");
        Problem::of_file(path, Reason::TooManyColumns, message)
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
    let of_file = |reason, message: String| Problem::of_file(path, reason, message);
    let normal: Vec<String> = names.iter().map(|name| normal(name)).collect();
    for (place, (name, given)) in normal.iter().zip(names).enumerate() {
        // A spreadsheet leaves columns without a name. Whether they have content is known at the end of the file.
        if line.is_some() && is_blank(given) {
            continue;
        }
        let shown = safe_excerpt(given);
        if normal[..place].contains(name) {
            let twice = if line.is_some() { "stands in the header twice" } else { "is there twice" };
            complain(name, of_file(Reason::RepeatedColumn, format!("column `{shown}` {twice}")));
        } else if !is_known(name, columns) {
            let message = format!("column `{shown}` is not known and is published nowhere");
            let suggestion = nearest(name, columns.iter().map(|column| column.name)).map(str::to_owned);
            complain(given, Problem { suggestion, ..of_file(Reason::UnknownColumn, message).warning() });
        } else if name != given {
            let message = format!("column `{shown}` is read as `{name}`");
            let problem = of_file(Reason::HeaderSpelling, message).warning();
            complain(given, problem.suggesting(name.as_str()));
        }
    }
    let place = |name: &str| normal.iter().position(|other| other == name);
    for name in required(columns).filter(|name| place(name).is_none()) {
        complain(name, of_file(Reason::MissingColumn, format!("column `{name}` is missing")));
    }
    (!refused).then(|| columns.iter().map(|column| place(column.name)).collect())
}
