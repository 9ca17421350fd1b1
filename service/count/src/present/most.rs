//! The limits on how long an answer is in a form.

use crate::query::{Cause, Query, QueryError, value};

/// Checks that an answer has no more rows or series than a form of it allows. `what` and `most` end the sentence of
/// the error: "a workbook has at most" and the limit.
///
/// # Errors
/// When the answer has more. The error names the files that hold any number.
pub fn within(
    query: &Query,
    (number, things): (usize, &str),
    what: &str,
    most: usize,
) -> Result<(), QueryError> {
    if number <= most {
        return Ok(());
    }
    let by: Vec<&str> = query.by.iter().map(|dimension| dimension.name()).collect();
    let problem = format!(
        "makes {number} {things}, and {what} {most}; take aggregate.csv or aggregate.parquet, which hold any number, or \
         keep less"
    );
    Err(value("by", &by.join(","), problem, &[]).because(Cause::TooManyRows(most)))
}
