//! The rows of an ODS sheet.

use std::collections::HashSet;
use std::io::BufRead;

use crate::domain::Say;
use crate::ingest::batch::LONGEST_FIELD;

use super::facts::{Facts, Rows};
use super::limits::{Budget, LARGEST_PART, damaged};
use super::merges::{Merge, Merges};
use super::row::{MOST_COLUMNS, MOST_ROWS, Marks, Row, Value, column_name};
use super::xml::{Element, Piece, Xml};

/// The part that holds all sheets.
pub(super) const CONTENT: &str = "content.xml";

/// The rows of a sheet that is being read.
pub(super) struct OdsRows<'b, R> {
    xml: Xml<R>,
    struck: &'b HashSet<String>,
    merges: Merges,
    facts: Facts,
    budget: Budget,
    /// A row that comes several times, and how often it still does.
    repeated: (Row, u32),
    /// Columns that were named so far.
    columns: u32,
    /// Elements that rows stand in, the sheet among them.
    depth: usize,
    is_over: bool,
}

/// What a cell says of itself before its text.
struct Typed {
    kind: Kind,
    is_formula: bool,
    is_struck: bool,
}

enum Kind {
    Nothing,
    /// The text that is shown, or this one.
    Text(Option<String>),
    Error,
    Value(Value<'static>),
}

impl<'b, R: BufRead> OdsRows<'b, R> {
    pub fn new(mut xml: Xml<R>, struck: &'b HashSet<String>, sheet: usize) -> Result<Self, Say> {
        let mut number = 0;
        loop {
            match xml.next()? {
                Piece::Begin(element) if element.name() == b"table" => {
                    if number == sheet {
                        break;
                    }
                    number += 1;
                    xml.skip()?;
                }
                Piece::Over => return Err(damaged(format_args!("sheet {sheet} is missing"))),
                _ => {}
            }
        }
        Ok(Self {
            xml,
            struck,
            merges: Merges::default(),
            facts: Facts::default(),
            budget: Budget::new(CONTENT, LARGEST_PART),
            repeated: (Row::default(), 0),
            columns: 0,
            depth: 1,
            is_over: false,
        })
    }

    fn column(&mut self, times: u32, hidden: bool) {
        let first = self.columns;
        self.columns = first.saturating_add(times);
        if hidden && times > 0 {
            self.facts.hidden_columns.push((first, self.columns - 1));
        }
    }

    /// Reads the cells of a row to its end.
    fn cells(&mut self, row: &mut Row) -> Result<(), Say> {
        let (mut column, mut text) = (0_u32, String::new());
        loop {
            match self.xml.next()? {
                Piece::Begin(element) => {
                    let is_covered = element.name() == b"covered-table-cell";
                    if !is_covered && element.name() != b"table-cell" {
                        self.xml.skip()?;
                        continue;
                    }
                    let times = element.number("number-columns-repeated")?.unwrap_or(1_u32);
                    let rows = element.number("number-rows-spanned")?.unwrap_or(1_u32);
                    let columns = element.number("number-columns-spanned")?.unwrap_or(1_u32);
                    let typed = typed(&element, self.struck)?;
                    text.clear();
                    let mut seen = Seen { struck: typed.is_struck, ..Seen::default() };
                    self.content(&mut text, &mut seen)?;
                    self.facts.comments += seen.comments;
                    // What lies under a merged cell is not shown to anybody.
                    let value = match &typed.kind {
                        _ if is_covered => Value::Empty,
                        Kind::Nothing => Value::Empty,
                        Kind::Text(own) => Value::Text(own.as_deref().unwrap_or(&text)),
                        Kind::Error => Value::Error(&text),
                        // An id such as 00075 is a number that is shown with zeros.
                        Kind::Value(Value::Number(_)) if is_padded(&text) => Value::Text(&text),
                        Kind::Value(value) => *value,
                    };
                    let name = || format!("{}{}", column_name(column), row.number);
                    if typed.is_formula && value == Value::Empty && !is_covered {
                        return Err(Say::new("sheet_formula_empty").with("cell", name()));
                    }
                    let mut marks = Marks::default();
                    if value != Value::Empty {
                        if column.saturating_add(times) > MOST_COLUMNS {
                            return Err(damaged(format_args!(
                                "row {} has more than {MOST_COLUMNS} cells",
                                row.number
                            )));
                        }
                        if typed.is_formula {
                            marks.add(Marks::FORMULA);
                            self.facts.formulas += u64::from(times);
                        }
                        self.facts.rich += u64::from(seen.rich);
                        if seen.struck && !value.is_empty() {
                            self.facts.strike(name);
                        }
                        for place in column..column + times {
                            self.budget.spend(text.len() as u64)?;
                            row.set(place, value, marks);
                        }
                    }
                    if (rows > 1 || columns > 1) && column < MOST_COLUMNS {
                        let merge = Merge::spanning(row.number, column, rows, columns);
                        self.merges.add(merge);
                        self.facts.merges.push(merge);
                    }
                    column = column.saturating_add(times);
                }
                Piece::End | Piece::Over => {
                    if row.width() > 0 {
                        self.facts.width = self.facts.width.max(column.min(MOST_COLUMNS));
                    }
                    return Ok(());
                }
                Piece::Text(_) => {}
            }
        }
    }

    /// Reads what a cell shows, to the end of the cell.
    fn content(&mut self, text: &mut String, seen: &mut Seen) -> Result<(), Say> {
        let (mut depth, mut paragraph_at, mut is_first) = (1_usize, None, true);
        while depth > 0 {
            match self.xml.next()? {
                Piece::Begin(element) => {
                    depth += 1;
                    match element.name() {
                        b"annotation" => {
                            seen.comments += 1;
                            depth -= 1;
                            self.xml.skip()?;
                        }
                        b"ruby-text" | b"note" | b"table" | b"shapes" | b"frame" => {
                            depth -= 1;
                            self.xml.skip()?;
                        }
                        b"p" if paragraph_at.is_none() => {
                            paragraph_at = Some(depth);
                            if !std::mem::take(&mut is_first) {
                                text.push('\n');
                            }
                        }
                        b"span" => {
                            seen.rich = true;
                            let style = element.attribute("style-name")?;
                            seen.struck |= style.is_some_and(|style| self.struck.contains(&*style));
                        }
                        b"s" => {
                            let count = element.number::<usize>("c")?.unwrap_or(1);
                            text.extend(std::iter::repeat_n(' ', count.min(LONGEST_FIELD)));
                        }
                        b"tab" => text.push('\t'),
                        b"line-break" => text.push('\n'),
                        _ => {}
                    }
                }
                Piece::End => {
                    paragraph_at = paragraph_at.filter(|at| *at != depth);
                    depth -= 1;
                }
                Piece::Text(piece) if paragraph_at.is_some() => add_collapsed(text, &piece),
                Piece::Text(_) => {}
                Piece::Over => break,
            }
        }
        Ok(())
    }
}

/// What was seen in a cell beside its text.
#[derive(Default)]
struct Seen {
    rich: bool,
    struck: bool,
    comments: u64,
}

/// Whether a number is shown with zeros before its first digit.
fn is_padded(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|sign| sign.is_ascii_digit())
}

/// Adds a text of XML, whose blanks and line ends count as one blank.
fn add_collapsed(text: &mut String, piece: &str) {
    for sign in piece.chars() {
        match sign {
            ' ' | '\t' | '\r' | '\n' => {
                if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                    text.push(' ');
                }
            }
            sign => text.push(sign),
        }
    }
}

fn typed(element: &Element<'_>, struck: &HashSet<String>) -> Result<Typed, Say> {
    let kind = element.attribute("value-type")?;
    let wrong = |what: &str| damaged(format_args!("a cell of type {what} has no such value"));
    let kind = match kind.as_deref() {
        None => Kind::Nothing,
        Some(_) if element.says("value-type", "error") => Kind::Error,
        Some("float" | "currency" | "percentage") => {
            let number = element.number::<f64>("value")?.filter(|number| number.is_finite());
            Kind::Value(Value::Number(number.ok_or_else(|| wrong("float"))?))
        }
        Some("date") => {
            let day = element.attribute("date-value")?.and_then(|text| Value::moment(&text));
            Kind::Value(day.ok_or_else(|| wrong("date"))?)
        }
        Some("boolean") => Kind::Value(Value::Flag(element.says("boolean-value", "true"))),
        Some(_) => Kind::Text(element.attribute("string-value")?.map(|text| text.into_owned())),
    };
    let style = element.attribute("style-name")?;
    Ok(Typed {
        kind,
        is_formula: element.attribute("formula")?.is_some(),
        is_struck: style.is_some_and(|style| struck.contains(&*style)),
    })
}

impl<R: BufRead> Rows for OdsRows<'_, R> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Say> {
        if self.repeated.1 > 0 && self.repeated.0.number < MOST_ROWS {
            self.repeated.1 -= 1;
            self.repeated.0.number += 1;
            self.budget.spend(self.repeated.0.size())?;
            row.clone_from(&self.repeated.0);
            self.merges.fill(row, &mut self.budget)?;
            self.facts.last_row = row.number;
            return Ok(true);
        }
        self.repeated.1 = 0;
        while !self.is_over {
            match self.xml.next()? {
                Piece::Begin(element) => match element.name() {
                    b"table-column" => {
                        let times = element.number("number-columns-repeated")?.unwrap_or(1);
                        let hidden =
                            element.says("visibility", "collapse") || element.says("visibility", "filter");
                        self.column(times, hidden);
                        self.xml.skip()?;
                    }
                    b"table-row" => {
                        let times = element.number("number-rows-repeated")?.unwrap_or(1_u32).max(1);
                        let hidden =
                            element.says("visibility", "collapse") || element.says("visibility", "filter");
                        let number = self.facts.last_row.saturating_add(1);
                        row.begin(number, hidden);
                        self.cells(row)?;
                        if row.width() == 0 && self.merges.is_idle() {
                            let last = self.facts.last_row.saturating_add(times).min(MOST_ROWS);
                            self.facts.empty_rows += u64::from(last - self.facts.last_row);
                            self.facts.last_row = last;
                            continue;
                        }
                        if number > MOST_ROWS {
                            return Err(damaged(format_args!("it has more than {MOST_ROWS} rows")));
                        }
                        self.facts.last_row = number;
                        if times > 1 {
                            self.repeated = (row.clone(), times - 1);
                        }
                        self.merges.fill(row, &mut self.budget)?;
                        return Ok(true);
                    }
                    // Rows stand in groups, and in a header that is printed on each page.
                    b"table-row-group"
                    | b"table-header-rows"
                    | b"table-rows"
                    | b"table-column-group"
                    | b"table-header-columns"
                    | b"table-columns" => self.depth += 1,
                    _ => self.xml.skip()?,
                },
                Piece::End => {
                    self.depth -= 1;
                    self.is_over = self.depth == 0;
                }
                Piece::Text(_) => {}
                Piece::Over => self.is_over = true,
            }
        }
        Ok(false)
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }
}
