//! A reader of CSV (RFC 4180), simple and slow, and independent of the crates under test.

use std::path::Path;

/// The content of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows, each with as many cells as the header.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a CSV text. A byte order mark at the beginning is not part of the first name.
    ///
    /// # Panics
    /// When the text is empty, or a row has another number of cells than the header.
    pub fn parse(text: &str) -> Self {
        let mut lines = records(text.strip_prefix('\u{feff}').unwrap_or(text));
        assert!(!lines.is_empty(), "a CSV has a header");
        let header = lines.remove(0);
        for row in &lines {
            assert_eq!(row.len(), header.len(), "{row:?} against {header:?}");
        }
        Self { header, rows: lines }
    }

    /// Reads a CSV file.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn read(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(&text)
    }

    /// Returns the position of a column.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn column(&self, name: &str) -> usize {
        self.header
            .iter()
            .position(|own| own == name)
            .unwrap_or_else(|| panic!("no column {name} in {:?}", self.header))
    }

    /// Returns the cells of the named columns, row by row.
    pub fn select(&self, names: &[&str]) -> Vec<Vec<&str>> {
        let places: Vec<usize> = names.iter().map(|name| self.column(name)).collect();
        self.rows.iter().map(|row| places.iter().map(|&place| row[place].as_str()).collect()).collect()
    }
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut symbols = text.chars().peekable();
    while let Some(symbol) = symbols.next() {
        match symbol {
            '"' if quoted && symbols.peek() == Some(&'"') => {
                symbols.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            _ => field.push(symbol),
        }
    }
    assert!(
        record.is_empty() && field.is_empty() && !quoted,
        "a CSV ends with a line end, not with {field:?}"
    );
    records
}
