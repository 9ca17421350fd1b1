//! A row of a sheet, and its cells.

use jiff::civil::{Date, DateTime, Time};

use crate::ingest::Reason;
use crate::ingest::row::unguarded;

/// Most rows of a sheet, in Excel and LibreOffice.
pub const MOST_ROWS: u32 = 1 << 20;
/// Most columns of a sheet.
pub const MOST_COLUMNS: u32 = 1 << 14;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'r> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'r str),
    /// A number.
    Number(f64),
    /// A number that is shown as a date or a time: days since the first day that the workbook counts from.
    Serial(f64),
    /// A day.
    Day(Date),
    /// A day with a time of day.
    Moment(Date),
    /// True or false.
    Flag(bool),
    /// An error in place of a value, such as `#REF!`.
    Error(&'r str),
}

/// What else is known of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Its value was computed by a formula, and saved.
    pub const FORMULA: Self = Self(1);
    /// It lies in a merged range, below the range's first row; the value is that of the range.
    pub const MERGED: Self = Self(2);
    /// It lies in a merged range, right of the range's first column; the value is that of the range.
    pub const ACROSS: Self = Self(4);

    /// Whether it has this mark.
    pub fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    /// Adds a mark.
    pub fn add(&mut self, mark: Self) {
        self.0 |= mark.0;
    }
}

/// A cell of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell<'r> {
    /// What it holds.
    pub value: Value<'r>,
    /// What else is known of it.
    pub marks: Marks,
}

/// A row. It is filled again for each row of a sheet, so that no row costs memory of its own.
#[derive(Debug, Default, Clone)]
pub struct Row {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Whether the sheet hides it.
    pub hidden: bool,
    /// The fault of its form, which only rows of CSV have.
    pub fault: Option<Reason>,
    texts: String,
    cells: Vec<Slot>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    held: Held,
    marks: Marks,
}

#[derive(Debug, Clone, Copy)]
enum Held {
    Text(usize, usize),
    Error(usize, usize),
    Other(Value<'static>),
}

const NOTHING: Slot = Slot { held: Held::Other(Value::Empty), marks: Marks(0) };

impl Row {
    /// Empties it, for the row of a number.
    pub(super) fn begin(&mut self, number: u32, hidden: bool) {
        (self.number, self.hidden, self.fault) = (number, hidden, None);
        self.texts.clear();
        self.cells.clear();
    }

    /// Sets the cell of a column, counted from 0. Columns are less than [`MOST_COLUMNS`].
    pub(super) fn set(&mut self, column: u32, value: Value<'_>, marks: Marks) {
        let place = column as usize;
        if self.cells.len() <= place {
            self.cells.resize(place + 1, NOTHING);
        }
        let held = match value {
            Value::Text(text) => self.keep(text, Held::Text),
            Value::Error(text) => self.keep(text, Held::Error),
            Value::Empty => Held::Other(Value::Empty),
            Value::Number(number) => Held::Other(Value::Number(number)),
            Value::Serial(days) => Held::Other(Value::Serial(days)),
            Value::Day(day) => Held::Other(Value::Day(day)),
            Value::Moment(day) => Held::Other(Value::Moment(day)),
            Value::Flag(flag) => Held::Other(Value::Flag(flag)),
        };
        self.cells[place] = Slot { held, marks };
    }

    fn keep(&mut self, text: &str, held: fn(usize, usize) -> Held) -> Held {
        let start = self.texts.len();
        self.texts.push_str(text);
        held(start, self.texts.len())
    }

    /// Returns the number of its cells, up to the last that may hold something.
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// Returns the cell of a column, counted from 0.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        let slot = self.cells.get(column).copied().unwrap_or(NOTHING);
        let value = match slot.held {
            Held::Text(start, end) => Value::Text(&self.texts[start..end]),
            Held::Error(start, end) => Value::Error(&self.texts[start..end]),
            Held::Other(value) => value,
        };
        Cell { value, marks: slot.marks }
    }

    /// Returns the value of a column. The value of cells that are merged across columns counts for the first of them.
    pub fn value(&self, column: usize) -> Value<'_> {
        let cell = self.cell(column);
        if cell.marks.has(Marks::ACROSS) { Value::Empty } else { cell.value }
    }

    /// Takes away what guards the texts of a quarantine file from being run as formulas.
    pub(crate) fn unguard(&mut self) {
        for slot in &mut self.cells {
            if let Held::Text(start, end) = &mut slot.held {
                *start = *end - unguarded(&self.texts[*start..*end]).len();
            }
        }
    }

    /// Returns about how many bytes it takes.
    pub(super) fn size(&self) -> u64 {
        (self.texts.len() + 16 * self.cells.len()) as u64
    }

    /// Whether no cell holds anything but blanks.
    pub fn is_empty(&self) -> bool {
        (0..self.cells.len()).all(|column| self.value(column).is_empty())
    }
}

impl Value<'_> {
    /// Reads a date of ISO 8601, with or without a time of day. Midnight is none.
    pub(super) fn moment(text: &str) -> Option<Self> {
        let moment: DateTime = text.trim_end_matches('Z').parse().ok()?;
        let is_midnight = moment.time() == Time::midnight();
        Some(if is_midnight { Self::Day(moment.date()) } else { Self::Moment(moment.date()) })
    }

    /// Whether it is nothing, or a text of blanks.
    pub fn is_empty(self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Returns it as the text that people see: whole numbers without a fraction, days as `YYYY-MM-DD`.
    pub fn text(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.to_owned(),
            Self::Number(number) | Self::Serial(number) => plain_number(number),
            Self::Day(day) | Self::Moment(day) => day.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// Writes a number in digits, without a fraction where it is whole.
pub fn plain_number(number: f64) -> String {
    // Minus zero is written as zero.
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// Returns the letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Reads a place such as `AB12`: its column from 0, and its row from 1.
pub(super) fn place(text: &str) -> Option<(u32, u32)> {
    let text = text.as_bytes();
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let column = text[..letters].iter().try_fold(0_u32, |sum, letter| {
        sum.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    let digits = &text[letters..];
    let digit = |sum: u32, byte: &u8| sum.checked_mul(10)?.checked_add(u32::from(byte.wrapping_sub(b'0')));
    let row = digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().try_fold(0, digit))??;
    ((1..=MOST_COLUMNS).contains(&column) && (1..=MOST_ROWS).contains(&row)).then(|| (column - 1, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_columns_are_named() {
        assert_eq!(place("A1"), Some((0, 1)));
        assert_eq!(place("XFD1048576"), Some((MOST_COLUMNS - 1, MOST_ROWS)));
        for wrong in
            ["", ":", "A", "1", "A0", "XFE1", "A1048577", "A1B", "Ж1", "AAAAAAAAAAAA1", "A99999999999"]
        {
            assert_eq!(place(wrong), None, "{wrong}");
        }
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(column), name);
            assert_eq!(place(&format!("{name}7")), Some((column, 7)));
        }
    }

    #[test]
    fn a_row_keeps_what_was_set_and_forgets_it_with_the_next() {
        let mut row = Row::default();
        row.begin(3, false);
        row.set(2, Value::Text("b"), Marks::ACROSS);
        row.set(0, Value::Text("a"), Marks::default());
        assert_eq!((row.width(), row.value(0), row.value(1)), (3, Value::Text("a"), Value::Empty));
        assert_eq!((row.cell(2).value, row.value(2)), (Value::Text("b"), Value::Empty));
        assert_eq!(row.value(9), Value::Empty);
        row.begin(4, true);
        assert!(row.is_empty() && row.hidden);
        row.set(1, Value::Text(" \u{a0} "), Marks::default());
        assert!(row.is_empty());
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let texts = [1.0, -0.0, 12.5, 1e15, 44623.0].map(plain_number);
        assert_eq!(texts, ["1", "0", "12.5", "1000000000000000", "44623"]);
    }
}
