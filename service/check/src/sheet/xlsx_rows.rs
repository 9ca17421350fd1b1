//! The rows of an XLSX sheet.

use std::io::BufRead;

use crate::domain::Say;

use super::container::Container;
use super::facts::{Facts, Rows};
use super::formats::Formats;
use super::limits::{Budget, LARGEST_PART, damaged};
use super::merges::Merges;
use super::row::{MOST_COLUMNS, MOST_ROWS, Marks, Row, Value, column_name, place};
use super::texts::{RICH, STRUCK, Texts, item};
use super::xml::{Element, Piece, Xml};

/// The rows of a sheet that is being read.
pub(super) struct XlsxRows<'b, R> {
    xml: Xml<R>,
    texts: &'b Texts,
    formats: &'b Formats,
    merges: Merges,
    facts: Facts,
    budget: Budget,
    is_among_rows: bool,
    /// The cell that is being read: its type, its text, and whether it has a formula.
    kind: String,
    text: String,
}

impl<'b> XlsxRows<'b, ()> {
    pub fn new(
        container: &'b mut Container,
        part: &str,
        (texts, formats): (&'b Texts, &'b Formats),
        merges: Merges,
        facts: Facts,
    ) -> Result<XlsxRows<'b, impl BufRead + use<'b>>, Say> {
        let budget = Budget::new(part, LARGEST_PART);
        let xml = container.xml(part)?;
        let (kind, text) = (String::new(), String::new());
        Ok(XlsxRows { xml, texts, formats, merges, facts, budget, is_among_rows: false, kind, text })
    }
}

impl<R: BufRead> Rows for XlsxRows<'_, R> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Say> {
        loop {
            match self.xml.next()? {
                Piece::Begin(element) => match element.name() {
                    b"sheetData" => self.is_among_rows = true,
                    b"col" => {
                        if let Some(columns) = hidden_columns(&element)? {
                            self.facts.hidden_columns.push(columns);
                        }
                    }
                    b"row" if self.is_among_rows => {
                        let before = self.facts.last_row;
                        let number = element.number("r")?.unwrap_or(before.saturating_add(1));
                        if number <= before || number > MOST_ROWS {
                            return Err(damaged(format_args!("row {number} stands behind row {before}")));
                        }
                        row.begin(number, element.flag("hidden")?);
                        self.facts.empty_rows += u64::from(number - before - 1);
                        self.facts.last_row = number;
                        self.cells(row)?;
                        self.merges.fill(row, &mut self.budget)?;
                        return Ok(true);
                    }
                    _ if self.is_among_rows => self.xml.skip()?,
                    _ => {}
                },
                // Elements among the rows are read whole, so this is the end of all rows.
                Piece::End => self.is_among_rows = false,
                Piece::Text(_) => {}
                Piece::Over => return Ok(false),
            }
        }
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl<R: BufRead> XlsxRows<'_, R> {
    fn cells(&mut self, row: &mut Row) -> Result<(), Say> {
        let mut next = 0;
        loop {
            match self.xml.next()? {
                Piece::Begin(element) if element.name() == b"c" => {
                    let [own, format, kind] = element.attributes(["r", "s", "t"])?;
                    let column = match own.as_deref() {
                        None => next,
                        Some(text) => match place(text) {
                            Some((column, number)) if number == row.number => column,
                            _ => {
                                let number = row.number;
                                return Err(damaged(format_args!("row {number} has a cell of another row")));
                            }
                        },
                    };
                    if column >= MOST_COLUMNS {
                        return Err(damaged(format_args!(
                            "row {} has more than {MOST_COLUMNS} cells",
                            row.number
                        )));
                    }
                    let format = format.map_or(Ok(0), |text| text.trim().parse());
                    let format = format.map_err(|_error| damaged("s is no number"))?;
                    self.kind.clear();
                    self.kind.push_str(kind.as_deref().unwrap_or("n"));
                    self.cell(row, column, format)?;
                    next = column + 1;
                    self.facts.width = self.facts.width.max(next);
                }
                Piece::Begin(_) => self.xml.skip()?,
                Piece::End | Piece::Over => return Ok(()),
                Piece::Text(_) => {}
            }
        }
    }

    /// Reads a cell to its end.
    fn cell(&mut self, row: &mut Row, column: u32, format: usize) -> Result<(), Say> {
        let name = || format!("{}{}", column_name(column), row.number);
        let (mut marks, mut has_value, mut rich, mut struck) = (Marks::default(), false, false, false);
        self.text.clear();
        loop {
            match self.xml.next()? {
                Piece::Begin(element) => match element.name() {
                    b"v" => {
                        has_value = true;
                        self.xml.text(&mut self.text)?;
                    }
                    b"f" => {
                        marks.add(Marks::FORMULA);
                        self.xml.skip()?;
                    }
                    b"is" => {
                        has_value = true;
                        let found = item(&mut self.xml, &mut self.text)?;
                        (rich, struck) = (found & RICH != 0, found & STRUCK != 0);
                    }
                    _ => self.xml.skip()?,
                },
                Piece::End | Piece::Over => break,
                Piece::Text(_) => {}
            }
        }
        let format = self.formats.get(format);
        // What stands there is not quoted: it may be a name.
        let wrong = || damaged(format_args!("{} holds what it cannot", name()));
        let text = self.text.as_str();
        let padded: String;
        let value = match &*self.kind {
            "s" if has_value => {
                let shared = text.trim().parse().ok().and_then(|number| self.texts.get(number));
                let shared = shared.ok_or_else(wrong)?;
                (rich, struck) = (shared.is_rich, shared.is_struck);
                Value::Text(shared.text)
            }
            "str" | "inlineStr" => Value::Text(text),
            _ if text.is_empty() => Value::Empty,
            "e" => Value::Error(text),
            "b" => Value::Flag(text.trim() == "1" || text.trim().eq_ignore_ascii_case("true")),
            "d" => Value::moment(text.trim()).ok_or_else(wrong)?,
            "n" => match text.trim().parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(days) if format.is_date => Value::Serial(days),
                Some(number) if format.digits > 1 && number >= 0.0 && number.fract() == 0.0 => {
                    padded = format!("{number:0digits$}", digits = format.digits);
                    Value::Text(&padded)
                }
                Some(number) => Value::Number(number),
                None => return Err(wrong()),
            },
            _ => return Err(wrong()),
        };
        if marks.has(Marks::FORMULA) {
            self.facts.formulas += 1;
            if value == Value::Empty {
                return Err(Say::new("sheet_formula_empty").with("cell", name()));
            }
        }
        self.facts.rich += u64::from(rich);
        if struck || (format.is_struck && !value.is_empty()) {
            self.facts.strike(name);
        }
        // A text may be shared by any number of cells.
        if let Value::Text(text) = value {
            self.budget.spend(text.len() as u64)?;
        }
        if value != Value::Empty {
            row.set(column, value, marks);
        }
        Ok(())
    }
}

/// Returns the columns that an element hides, if it does.
fn hidden_columns(element: &Element<'_>) -> Result<Option<(u32, u32)>, Say> {
    let (first, last) = (element.number::<u32>("min")?, element.number::<u32>("max")?);
    let hidden = element.flag("hidden")?;
    Ok(first
        .zip(last)
        .filter(|(first, _)| hidden && *first > 0)
        .map(|(first, last)| (first - 1, last.saturating_sub(1))))
}
