//! From the columns of a sheet to the tables of a package.
//!
//! A [`Mapping`] holds what only the publisher can say: which column is which, what a value means, and in what order a
//! date is written. [`fn@convert`] applies it to sheets. What is not certain is refused row by row, never guessed, and a
//! name of a person is never written.

mod again;
mod answer;
mod as_csv;
mod ask;
mod codes;
mod columns;
mod content;
mod convert;
mod dates;
mod described;
mod earlier;
mod form;
mod headings;
mod id_form;
mod leaves;
mod look;
mod making;
mod meaning;
mod names;
mod open;
mod people;
mod pseudonym;
mod quarantine;
mod question;
mod read;
mod ready;
mod refusals;
mod registers;
mod row;
mod samples;
mod session;
mod statutes;
mod survey;
mod told;
mod values;
mod walk;
mod warnings;
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use answer::Answered;
pub use as_csv::SheetsAsCsv;
pub use codes::codes_of;
pub use columns::{By, Target, by_name, targets};
pub use convert::{Converted, MAPPING, convert};
pub use dates::{ReadDate, read_date};
pub use described::Described;
pub use form::{ColumnMapping, DateOrder, HiddenRows, Mapping, Origin, SheetChoice, TableMapping};
pub use headings::{Seen, SeenColumns};
pub use leaves::columns_that_leave;
pub use making::Made;
pub use meaning::Meant;
pub use pseudonym::Key;
pub use quarantine::is_quarantine;
pub use question::{Asked, Question};
pub use ready::Ready;
pub use refusals::Refusal;
pub use samples::Samples;
pub use session::Session;
pub use statutes::statute_meant;
pub use told::Refused;
pub use values::meant;
pub use walk::SheetFile;
