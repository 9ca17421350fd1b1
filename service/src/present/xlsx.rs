//! An answer as a workbook: a sheet of typed cells that loads without cleaning, and a sheet that explains them.

mod about;
mod text;

use chargesheet_widget::wire::Answer;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use text::write_text;

use super::table::{Cell, Column, Holds, cell, columns};
use super::texts::Texts;
use super::within;
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::query::{Query, QueryError};
use crate::release::Release;

/// Most rows of a workbook. A sheet could hold 1,048,576 rows, but a row takes a kilobyte of memory until the file is written
/// (measured: 0.8 GB for 750,000 rows of five columns), and nobody reads so many in a spreadsheet.
const MOST_ROWS: usize = 250_000;

/// The words before this limit in the error.
const BOUND: &str = "a workbook has at most";

/// Counts below this bound are exact in a cell, which holds a double.
const EXACT: u64 = 1 << 53;

/// Narrowest and widest column, in digits.
const WIDTHS: (usize, usize) = (9, 60);

/// The number of the paper size A4 in a workbook (ECMA-376, 18.3.1.63).
const A4: u8 = 9;

/// Longest title at the foot of a page, in characters. Excel takes 255 with all codes, and an ampersand counts twice.
const LONGEST_FOOT: usize = 110;

/// Rows that are measured to find the width of a column.
const MEASURED: usize = 2_000;

/// The reason why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The answer is right, but too large for a workbook.
    #[error(transparent)]
    Refused(#[from] QueryError),
    /// The library failed, which is a bug.
    #[error("the workbook could not be written: {0}")]
    Failed(#[from] XlsxError),
}

/// Writes an answer as XLSX, with the same bytes each time.
///
/// The first row of the first sheet has the names of the CSV's columns, with labels in `language` unless the query names
/// another. Years, counts and shares are numbers; everything else is text that is never run as a formula. An empty cell means not known or not reported, never zero. `about` is the result
/// of [`super::about`] for this answer; `base` is the public address of the service.
///
/// # Errors
/// When the answer has more rows than a workbook may have; or on a bug.
pub fn xlsx(
    query: &Query,
    release: &Release,
    answer: &Published,
    about: &Answer,
    language: Language,
    base: &str,
) -> Result<Vec<u8>, SheetError> {
    within(query, (answer.rows(), "rows"), BOUND, MOST_ROWS)?;
    let texts = &Texts::of(language).sheet;
    // Whoever opens a workbook reads it, so codes have labels beside them.
    let query = &Query { labels: query.labels.or(Some(language)), ..query.clone() };
    let columns = columns(query, release);
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&about.text.title)
            .set_subject(&about.text.subtitle)
            .set_author("Chargesheet")
            .set_comment(&about.citation)
            .set_creation_datetime(&created(release)?),
    );
    let sheet = workbook.add_worksheet();
    sheet.set_name(texts.get("data"))?;
    data(sheet, &columns, release, answer)?;
    sheet.set_repeat_rows(0, 0)?;
    printed(sheet, &about.text.title);
    let sheet = workbook.add_worksheet();
    sheet.set_name(texts.get("about"))?;
    let is_empty = answer.rows() == 0;
    about::write(
        sheet,
        &about::Sheet { columns: &columns, query, release, about, language, base, is_empty },
    )?;
    printed(sheet, &about.text.title);
    Ok(workbook.save_to_buffer()?)
}

/// Returns when the release was made, in UTC. With the time of the request, a workbook would never have the same bytes twice.
fn created(release: &Release) -> Result<ExcelDateTime, XlsxError> {
    let said = release.descriptor().created.parse::<jiff::Timestamp>().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    // Excel's calendar begins in 1900.
    ExcelDateTime::parse_from_str(&said.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .or_else(|_before| ExcelDateTime::from_ymd(1900, 1, 1))
}

/// Sets a sheet up for printing: lying A4, all columns on a page, and title and number of the page at its foot.
fn printed(sheet: &mut Worksheet, title: &str) {
    let title: String = title.chars().take(LONGEST_FOOT).collect();
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    // An ampersand begins a code of Excel's, and two are one.
    sheet.set_footer(format!("&L{}&R&P / &N", title.replace('&', "&&")));
}

/// Writes the sheet with the table.
fn data(
    sheet: &mut Worksheet,
    columns: &[Column],
    release: &Release,
    answer: &Published,
) -> Result<(), XlsxError> {
    let header = Format::new().set_bold();
    for (place, column) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, place, &column.name, &header)?;
        let format = match column.holds {
            Holds::Key(_, Dimension::Year) => Format::new().set_num_format("0"),
            Holds::Count(_) => Format::new().set_num_format("#,##0"),
            // The cell keeps the fraction; only the format shows a percentage.
            Holds::Share(_) => Format::new().set_num_format("0.0%"),
            Holds::Rate(_) => Format::new().set_num_format("#,##0.00###"),
            Holds::Label(..) => Format::new().set_text_wrap(),
            _ => Format::new(),
        };
        let mut widest = column.name.chars().count() + 3;
        for (number, row) in answer.each_row().zip(1_u32..) {
            let cell = cell(column.holds, release, answer, number);
            let width = write(sheet, (row, place), &cell, &format)?;
            if number < MEASURED {
                widest = widest.max(width);
            }
        }
        // A width is at most 62 digits, so the number is exact.
        let width = u8::try_from(widest.clamp(WIDTHS.0, WIDTHS.1) + 2).unwrap_or(u8::MAX);
        sheet.set_column_width(place, f64::from(width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    // Both numbers fit: the rows were counted above, and a query has no more columns than dimensions and measures.
    let (rows, last) = (u32::try_from(answer.rows()), u16::try_from(columns.len().saturating_sub(1)));
    if let (Ok(rows), Ok(last)) = (rows, last) {
        sheet.autofilter(0, 0, rows, last)?;
    }
    Ok(())
}

/// Writes a cell, and returns about how wide it is, in digits.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell<'_>,
    format: &Format,
) -> Result<usize, XlsxError> {
    let (number, width) = match cell {
        Cell::Absent(_) => return Ok(0),
        Cell::Year(year) => (f64::from(*year), 4),
        Cell::Share(real) | Cell::Rate(real) => (*real, 8),
        // The cast is exact, because the count is below `EXACT`.
        Cell::Count(count) if *count < EXACT => (*count as f64, digits(*count)),
        Cell::Count(_) | Cell::Month(_) | Cell::Text(_) | Cell::List(_) => {
            let count = if let Cell::Count(count) = cell { Some(count.to_string().into()) } else { None };
            let text = count.or(cell.text()).unwrap_or_default();
            write_text(sheet, (row, column), &text, format)?;
            return Ok(text.chars().count());
        }
    };
    sheet.write_number_with_format(row, column, number, format)?;
    Ok(width)
}

/// Returns the width of a count in digits, with its separators.
fn digits(count: u64) -> usize {
    let digits = count.to_string().len();
    digits + digits / 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_a_workbook_has_are_refused_with_the_files_that_hold_them() {
        let query = Query::everything(vec![Dimension::Region, Dimension::Month], Vec::new());
        let fits = |rows| within(&query, (rows, "rows"), BOUND, MOST_ROWS);
        assert_eq!(fits(MOST_ROWS), Ok(()));
        let error = fits(MOST_ROWS + 1).unwrap_err().to_string();
        assert!(error.contains("by=region,month") && error.contains("aggregate.parquet"), "{error}");
    }
}
