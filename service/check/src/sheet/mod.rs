//! Spreadsheets: XLSX, ODS and CSV files as rows of cells, one row at a time.
//!
//! The readers keep what a table needs and count the rest: formulas, merged and hidden cells, formats within a text and
//! comments become [`Facts`], so that nothing is lost silently. No part of a file may unpack to more than the limit, and
//! no entity of XML is expanded.

mod book;
mod container;
mod csv;
mod facts;
mod formats;
mod limits;
mod merges;
mod ods;
mod ods_rows;
mod row;
mod texts;
mod xlsx;
mod xlsx_rows;
mod xml;

#[cfg(test)]
pub(crate) mod tests;

pub use book::{Book, hint};
pub use csv::{Csv, suggested_encoding};
pub use facts::{Facts, Rows, SheetName};
pub use merges::Merge;
pub use row::{Cell, Marks, Row, Value, column_name, plain_number};
