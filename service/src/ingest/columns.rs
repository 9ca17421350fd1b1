//! The names of a file's columns, held against those that a file of its kind may have.

use super::excerpt::safe_excerpt;
use super::header::{Column, Need, REJECTED_BECAUSE, normal};
use super::report::{Problem, Problems, Reason, Severity};
use crate::domain::nearest;

/// Returns for each column asked for where it stands in the file; `None` when the file is refused for its columns.
/// What is wrong, or odd, is among the problems. `line` is that of the header, where there are lines.
pub fn settle(
    names: &[String],
    columns: &[Column],
    line: Option<u64>,
    path: &str,
    problems: &mut Problems,
) -> Option<Vec<Option<usize>>> {
    let mut complain = |severity, column: &str, reason, message: String, hint: Option<&str>| {
        problems.add(reason, severity, || Problem {
            severity,
            suggestion: hint.map(str::to_owned),
            ..Problem::of_file(path, line, Some(column), reason, message)
        });
    };
    let normal: Vec<String> = names.iter().map(|name| normal(name)).collect();
    let known = |name: &str| columns.iter().any(|column| column.name == name) || name == REJECTED_BECAUSE;
    let mut refused = false;
    for (position, name) in normal.iter().enumerate() {
        let shown = safe_excerpt(&names[position]);
        if normal[..position].contains(name) {
            let message = match line {
                Some(_) => format!("column `{shown}` stands in the header twice"),
                None => format!("column `{shown}` is there twice"),
            };
            complain(Severity::Error, name, Reason::RepeatedColumn, message, None);
            refused = true;
        } else if !known(name) {
            let message = format!("column `{shown}` is not known and is published nowhere");
            let meant = nearest(name, columns.iter().map(|column| column.name));
            complain(Severity::Warning, &names[position], Reason::UnknownColumn, message, meant);
        } else if *name != names[position] {
            let message = format!("column `{shown}` is read as `{name}`");
            complain(Severity::Warning, &names[position], Reason::HeaderSpelling, message, Some(name));
        }
    }
    let position = |column: &Column| normal.iter().position(|name| name == column.name);
    for column in columns.iter().filter(|column| column.need != Need::Optional) {
        if position(column).is_none() {
            let message = format!("column `{}` is missing", column.name);
            complain(Severity::Error, column.name, Reason::MissingColumn, message, None);
            refused = true;
        }
    }
    (!refused).then(|| columns.iter().map(position).collect())
}
