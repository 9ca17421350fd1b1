//! An answer as CSV: tidy, plain, and inert in a spreadsheet. The text is written whole, or piece by piece while the client reads.

use std::io::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use super::table::{Cell, Column, cell, columns};
use super::written::Written;
use crate::answer::Dataset;
use crate::disclosure::Published;
use crate::domain::{inert, write_cell};
use crate::query::{Params, Query, QueryError, value};
use crate::release::Release;

/// The form of a CSV file: encoding mark, separator, and how a number that is not whole is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// UTF-8 without byte order mark, comma, `\n`, quotes as in RFC 4180.
    #[default]
    Plain,
    /// As plain, with the byte order mark that tells spreadsheets to read UTF-8, and without decimal marks (`markless`).
    Excel,
    /// The same with semicolons as separators. For Excel in regions with a decimal comma, such as Russia and Kazakhstan: Excel
    /// takes the separator from the region of the system.
    ExcelSemicolon,
}

/// The parameters of a [`Dialect`].
pub const PARAMETERS: [&str; 2] = ["excel", "separator"];

impl Dialect {
    /// Takes the parameters `excel` and `separator` out of `params`.
    ///
    /// # Errors
    /// When either parameter has an invalid value, or `separator` is given without `excel=1`.
    pub fn take(params: &mut Params) -> Result<Self, QueryError> {
        let (excel, separator) = (params.take("excel"), params.take("separator"));
        match excel.as_deref() {
            None | Some("1") => {}
            Some(other) => {
                let problem = "write `excel=1` for the CSV that Excel opens, or leave it out".to_owned();
                return Err(value("excel", other, problem, &["1"]));
            }
        }
        match (excel, separator.as_deref()) {
            (None, None) => Ok(Self::Plain),
            (None, Some(asked)) => {
                let problem = "stands only with `excel=1`: the plain CSV always has commas".to_owned();
                Err(value("separator", asked, problem, &[]))
            }
            (Some(_), None | Some("comma")) => Ok(Self::Excel),
            (Some(_), Some("semicolon")) => Ok(Self::ExcelSemicolon),
            (Some(_), Some(other)) => {
                let problem = "is no separator of the CSV for Excel".to_owned();
                Err(value("separator", other, problem, &["comma", "semicolon"]))
            }
        }
    }

    fn separator(self) -> u8 {
        if self == Self::ExcelSemicolon { b';' } else { b',' }
    }
}

/// Writes an answer as plain CSV.
///
/// Columns: the dimensions as codes (each followed by its label if labels were asked for), the measures, shares, rates, and
/// for a reported dataset the status and the source ids. An empty cell means not known or not reported, never zero.
pub fn csv(query: &Query, release: &Release, answer: &Published) -> Vec<u8> {
    let mut all = Vec::new();
    pieces(query, release, answer, |piece| all.extend_from_slice(piece));
    all
}

/// Returns the SHA-256 of an answer as plain CSV. The whole text is never held in memory.
pub fn digest(query: &Query, release: &Release, answer: &Published) -> [u8; 32] {
    let mut digest = Sha256::new();
    pieces(query, release, answer, |piece| digest.update(piece));
    digest.finalize().into()
}

/// Writes an answer as plain CSV, and hands on a few lines at a time.
fn pieces(query: &Query, release: &Release, answer: &Published, mut take: impl FnMut(&[u8])) {
    const ENOUGH: usize = 1 << 16;
    let layout = Layout::of(query, release, answer, Dialect::Plain);
    let mut out = Vec::with_capacity(ENOUGH + ENOUGH / 8);
    layout.header(&mut out);
    for row in answer.each_row() {
        layout.record(&mut out, release, answer, row);
        if out.len() >= ENOUGH {
            take(&out);
            out.clear();
        }
    }
    take(&out);
}

/// The columns of a CSV, with the texts that occur many times in a column.
#[derive(Debug)]
struct Layout {
    columns: Vec<Column>,
    fields: Vec<Option<Fields>>,
    dialect: Dialect,
}

impl Layout {
    fn of(query: &Query, release: &Release, answer: &Published, dialect: Dialect) -> Self {
        let columns = columns(query, release);
        let fields = Fields::of(&columns, release, answer, |out, cell| one(out, cell, dialect));
        Self { columns, fields, dialect }
    }

    fn header(&self, out: &mut Vec<u8>) {
        if self.dialect != Dialect::Plain {
            out.extend("\u{feff}".bytes());
        }
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                out.push(self.dialect.separator());
            }
            write_cell(out, &column.name, self.dialect.separator());
        }
        out.push(b'\n');
    }

    fn record(&self, out: &mut Vec<u8>, release: &Release, answer: &Published, row: usize) {
        for (place, (column, fields)) in self.columns.iter().zip(&self.fields).enumerate() {
            if place > 0 {
                out.push(self.dialect.separator());
            }
            match fields {
                Some(fields) => out.extend_from_slice(fields.at(answer, row)),
                None => one(out, &cell(column.holds, release, answer, row), self.dialect),
            }
        }
        out.push(b'\n');
    }
}

/// An answer that is written as CSV piece by piece, with the same bytes each time. The whole text is never held in memory.
#[derive(Debug)]
pub struct Csv {
    dataset: Arc<Dataset>,
    answer: Published,
    layout: Layout,
}

impl Csv {
    /// Prepares an answer for writing.
    pub fn of(dataset: &Arc<Dataset>, query: &Query, answer: Published, dialect: Dialect) -> Self {
        let layout = Layout::of(query, &dataset.release, &answer, dialect);
        Self { dataset: Arc::clone(dataset), answer, layout }
    }

    /// Returns the number of rows, without the header.
    pub fn rows(&self) -> usize {
        self.answer.rows()
    }
}

impl Written for Csv {
    fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize> {
        if place == 0 {
            self.layout.header(out);
        }
        // The header is line 0, so row `n` of the answer is line `n + 1`.
        for line in place.max(1)..=self.answer.rows() {
            if out.len() >= enough {
                return Some(line);
            }
            self.layout.record(out, &self.dataset.release, &self.answer, line - 1);
        }
        None
    }

    fn weight(&self) -> u64 {
        self.answer.weight()
    }
}

/// Writes one field.
fn one(out: &mut Vec<u8>, cell: &Cell<'_>, dialect: Dialect) {
    const WRITTEN: &str = "memory takes what is written to it";
    match cell {
        Cell::Absent(_) => {}
        Cell::Year(year) => write!(out, "{year}").expect(WRITTEN),
        Cell::Count(count) => out.extend_from_slice(itoa::Buffer::new().format(*count).as_bytes()),
        Cell::Share(real) | Cell::Rate(real) if dialect != Dialect::Plain => {
            out.extend(markless(*real).bytes())
        }
        Cell::Share(real) | Cell::Rate(real) => write!(out, "{real}").expect(WRITTEN),
        Cell::Text(text) => write_cell(out, &inert(text), dialect.separator()),
        Cell::Month(_) | Cell::List(_) => {
            write_cell(out, &inert(&cell.text().unwrap_or_default()), dialect.separator());
        }
    }
}

/// Writes a number that is not whole as a whole number with its power of ten: `0.538462` is `538462E-6`.
///
/// Spreadsheets take the decimal mark from the region of the system, and a number with another mark for text or for a date:
/// `1.5` is the first of May in Germany. Excel and LibreOffice read this form as the same number in every region.
fn markless(real: f64) -> String {
    let text = real.to_string();
    let Some((whole, decimals)) = text.split_once('.') else { return text };
    let digits = format!("{whole}{decimals}");
    format!("{}E-{}", digits.trim_start_matches('0'), decimals.len())
}

/// Writes one line, with quotes only where RFC 4180 requires them.
pub(super) fn line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_cell(out, cell, b',');
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_only_where_they_must() {
        let mut out = Vec::new();
        line(&mut out, ["a", "b,c", "d\"e", "f\ng", ""].into_iter());
        assert_eq!(String::from_utf8(out).unwrap(), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
        let mut out = Vec::new();
        write_cell(&mut out, "a,b", b';');
        write_cell(&mut out, "a;b", b';');
        assert_eq!(String::from_utf8(out).unwrap(), "a,b\"a;b\"");
    }

    #[test]
    fn a_number_without_a_decimal_mark_is_the_same_number() {
        for (real, written) in [
            (0.538462, "538462E-6"),
            (1.5, "15E-1"),
            (0.05, "5E-2"),
            (12.0, "12"),
            (0.0, "0"),
            (100.25, "10025E-2"),
        ] {
            assert_eq!(markless(real), written);
        }
        // Excel holds 15 digits, and shares have six decimals.
        for real in (1..2000_u32).map(|number| f64::from(number) / 1999.0) {
            assert_eq!(markless(real).parse::<f64>(), Ok(real), "{real}");
        }
    }

    #[test]
    fn a_separator_is_taken_only_for_excel() {
        let take = |text: &str| Dialect::take(&mut Params::parse(text).unwrap());
        assert_eq!(take(""), Ok(Dialect::Plain));
        assert_eq!(take("excel=1"), Ok(Dialect::Excel));
        assert_eq!(take("excel=1&separator=comma"), Ok(Dialect::Excel));
        assert_eq!(take("excel=1&separator=semicolon"), Ok(Dialect::ExcelSemicolon));
        for (wrong, says) in [
            ("separator=semicolon", "stands only with `excel=1`"),
            ("excel=0", "write `excel=1`"),
            ("excel=1&separator=semikolon", "did you mean `semicolon`?"),
        ] {
            let error = take(wrong).unwrap_err().to_string();
            assert!(error.contains(says), "{wrong}: {error}");
        }
    }
}
