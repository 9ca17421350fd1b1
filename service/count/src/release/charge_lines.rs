//! Charges as the canonical lines over which their digest is computed.
//!
//! A release can have a hundred million lines. The text of a coded cell is therefore prepared once, with the tab after it, and
//! copied. Because records are sorted, most lines begin with the same cells as the line before, so the beginning is kept and
//! copied too.

use super::canonical::{Lines, escaped, is_plain};
use super::charge_table::{self, Codes, Table};
use crate::domain::Period;
use crate::ingest::{IdList, Texts, write_whole};

/// A column that is prepared for writing lines.
enum Column<'a> {
    Coded(Codes<'a>, Texts),
    Texts(&'a [u32], Texts),
    /// Packed dates, and the text that 0 stands for.
    Dates(&'a [u32], &'static str),
    Months(&'a [u32]),
    /// Ids, and whether none of them needs escaping. This is checked once, not for every row.
    Ids(&'a [u32], &'a IdList, bool),
}

/// Returns the text of each code, with the tab after it. In a column that may be empty, code 0 has an empty text.
fn cells<'t>(texts: impl Iterator<Item = &'t str>, may_be_absent: bool) -> Texts {
    let mut cells = Texts::default();
    for text in may_be_absent.then_some("").into_iter().chain(texts) {
        cells.push(&format!("{}\t", escaped(text)));
    }
    cells
}

impl<'a> Column<'a> {
    /// Returns the prepared column; `None` where the column is not part of a line.
    fn of(cells: charge_table::Cells<'a>) -> Option<Self> {
        Some(match cells {
            charge_table::Cells::Coded { codes, texts, may_be_absent } => {
                Self::Coded(codes, self::cells(texts.into_iter(), may_be_absent))
            }
            charge_table::Cells::Texts(numbers, texts) => {
                Self::Texts(numbers, self::cells(texts.texts(), true))
            }
            charge_table::Cells::Dates(packed, absent) => Self::Dates(packed, absent.unwrap_or_default()),
            charge_table::Cells::Months(months) => Self::Months(months),
            charge_table::Cells::Ids(numbers, list) => {
                let list = list?;
                let plain = matches!(list, IdList::Texts(texts) if is_plain(texts.run()));
                Self::Ids(numbers, list, plain)
            }
            charge_table::Cells::Numbers(_) => return None,
        })
    }

    #[inline]
    fn write(&self, row: usize, line: &mut Vec<u8>) {
        match self {
            Self::Coded(codes, cells) => {
                return line.extend_from_slice(cells.at(codes.at(row) as usize).as_bytes());
            }
            Self::Texts(numbers, cells) => {
                return line.extend_from_slice(cells.at(numbers[row] as usize).as_bytes());
            }
            Self::Dates(packed, absent) if packed[row] == 0 => line.extend_from_slice(absent.as_bytes()),
            Self::Dates(packed, _) => {
                let mut text = String::with_capacity(10);
                Period::write_packed(packed[row], &mut text);
                line.extend_from_slice(text.as_bytes());
            }
            Self::Months(months) => {
                if let Some(months) = months[row].checked_sub(1) {
                    write_whole(months.into(), line);
                }
            }
            Self::Ids(numbers, IdList::Texts(texts), false) => {
                line.extend_from_slice(escaped(texts.text(numbers[row])).as_bytes());
            }
            Self::Ids(numbers, list, _) => list.write(numbers[row], line),
        }
        line.push(b'\t');
    }
}

/// Returns the number of charges, and the digest of their lines.
pub fn digest(table: &Table<'_>) -> (u64, String) {
    let (names, columns): (Vec<_>, Vec<_>) =
        table.columns().into_iter().filter_map(|(name, cells)| Some((name, Column::of(cells)?))).unzip();
    let mut lines = Lines::of(names);
    // Charges are sorted by statute, country and date.
    let (first, others) = columns.split_at(3);
    let charges = table.charges;
    let mut begun = None;
    let mut beginning = Vec::new();
    for row in 0..charges.len() {
        let begins = (charges.statute[row], charges.country[row], charges.charged[row]);
        if begun != Some(begins) {
            begun = Some(begins);
            beginning.clear();
            first.iter().for_each(|column| column.write(row, &mut beginning));
        }
        let line = lines.line();
        line.extend_from_slice(&beginning);
        others.iter().for_each(|column| column.write(row, line));
        lines.end_record();
    }
    lines.digest()
}
