//! A file with sheets, whatever its format.

use std::io::{Read, SeekFrom};

use encoding_rs::Encoding;
use memchr::memmem::Finder;

use crate::domain::Say;
use crate::package::Input;

use super::container::Container;
use super::csv::Csv;
use super::facts::{Rows, SheetName};
use super::limits::unread;
use super::ods::Ods;
use super::ods_rows::CONTENT;
use super::xlsx::{Xlsx, main_part};

/// The first bytes of a ZIP archive.
const ZIP: &[u8] = b"PK";
/// The first bytes of a compound file, which old and encrypted workbooks are.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The name within a compound file that says that it is encrypted, in UTF-16.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
/// Formats that are no table, by their first bytes.
const OTHER: [(&[u8], &str); 6] = [
    (b"\x1f\x8b", "not_csv.gzip"),
    (b"%PDF", "not_csv.pdf"),
    (b"PAR1", "not_csv.parquet"),
    (b"\x28\xb5\x2f\xfd", "not_csv.zstd"),
    (b"BZh", "not_csv.bzip2"),
    (b"\xfd7zXZ", "not_csv.xz"),
];
/// Parts of archives that are other documents.
const OTHER_PARTS: [(&str, &str); 4] = [
    ("xl/workbook.bin", "sheet_other.xlsb"),
    ("Index/Document.iwa", "sheet_other.numbers"),
    ("word/document.xml", "sheet_other.document"),
    ("ppt/presentation.xml", "sheet_other.document"),
];

/// A file with sheets.
pub struct Book {
    format: Format,
    sheets: Vec<SheetName>,
    has_macros: bool,
}

enum Format {
    Xlsx(Container, Xlsx),
    Ods(Container, Ods),
    Csv { input: Box<dyn Input>, encoding: Option<&'static Encoding>, delimiter: Option<u8> },
}

impl Book {
    /// Opens a file: XLSX, ODS or CSV, told by its first bytes. The only sheet of a CSV file has the name `name`.
    ///
    /// # Errors
    /// When the file is of another format, protected by a password, damaged, or unpacks to too much.
    pub fn open(mut input: Box<dyn Input>, name: &str) -> Result<Self, Say> {
        let mut start = Vec::new();
        input.by_ref().take(8).read_to_end(&mut start).map_err(|error| unread(&error))?;
        if start.starts_with(COMPOUND) {
            let is_encrypted = contains(&mut *input, ENCRYPTED)?;
            return Err(Say::new(if is_encrypted { "sheet_password" } else { "sheet_other.xls" }));
        }
        if let Some((_, key)) = OTHER.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(Say::new(key));
        }
        input.seek(SeekFrom::Start(0)).map_err(|error| unread(&error))?;
        if !start.starts_with(ZIP) {
            let sheets = vec![SheetName { name: name.to_owned(), hidden: false }];
            let format = Format::Csv { input, encoding: None, delimiter: None };
            return Ok(Self { format, sheets, has_macros: false });
        }
        Self::in_archive(Container::open(input)?)
    }

    fn in_archive(mut container: Container) -> Result<Self, Say> {
        if let Some((_, key)) = OTHER_PARTS.iter().find(|(part, _)| container.has(part)) {
            return Err(Say::new(key));
        }
        let kind = if container.has("mimetype") { container.start("mimetype", 128)? } else { Vec::new() };
        let is_ods = Finder::new(b"opendocument.spreadsheet").find(&kind).is_some();
        if is_ods && container.has(CONTENT) {
            let ods = Ods::open(&mut container)?;
            let sheets = ods.sheets.clone();
            // Macros of LibreOffice lie in folders of their own.
            let has_macros =
                container.names().any(|name| name.starts_with("Basic/") || name.starts_with("Scripts/"));
            return Self { format: Format::Ods(container, ods), sheets, has_macros }.with_a_sheet();
        }
        if !kind.is_empty() {
            return Err(Say::new("sheet_other.document"));
        }
        let Some(main) = main_part(&mut container)? else { return Err(Say::new("sheet_no_table")) };
        let xlsx = Xlsx::open(&mut container, &main)?;
        let sheets = xlsx.sheets.clone();
        let has_macros = container.names().any(|name| name.ends_with("vbaProject.bin"));
        Self { format: Format::Xlsx(container, xlsx), sheets, has_macros }.with_a_sheet()
    }

    fn with_a_sheet(self) -> Result<Self, Say> {
        if self.sheets.is_empty() { Err(Say::new("sheet_no_table")) } else { Ok(self) }
    }

    /// Returns the sheets in their order.
    pub fn sheets(&self) -> &[SheetName] {
        &self.sheets
    }

    /// Whether it has macros, which are neither run nor kept.
    pub fn has_macros(&self) -> bool {
        self.has_macros
    }

    /// Whether it is CSV.
    pub fn is_csv(&self) -> bool {
        matches!(self.format, Format::Csv { .. })
    }

    /// Returns the encoding that a CSV file seems to have, unless it is UTF-8.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn suggested_encoding(&mut self) -> Result<Option<&'static Encoding>, Say> {
        match &mut self.format {
            Format::Csv { input, .. } => {
                super::csv::suggested_encoding(&mut **input).map_err(|error| unread(&error))
            }
            _ => Ok(None),
        }
    }

    /// Sets how a CSV file is read. Without an encoding it is UTF-8, without a delimiter the one that its first line shows.
    pub fn read_as(&mut self, as_encoding: Option<&'static Encoding>, as_delimiter: Option<u8>) {
        if let Format::Csv { encoding, delimiter, .. } = &mut self.format {
            (*encoding, *delimiter) = (as_encoding, as_delimiter);
        }
    }

    /// Begins to read a sheet, from its first row.
    ///
    /// # Errors
    /// When there is no such sheet, or its beginning cannot be read.
    pub fn rows(&mut self, sheet: usize) -> Result<Box<dyn Rows + '_>, Say> {
        Ok(match &mut self.format {
            Format::Xlsx(container, xlsx) => Box::new(xlsx.rows(container, sheet)?),
            Format::Ods(container, ods) => Box::new(ods.rows(container, sheet)?),
            Format::Csv { input, encoding, delimiter } => {
                Box::new(Csv::open(Box::new(input), *encoding, *delimiter)?)
            }
        })
    }
}

/// Whether bytes stand anywhere in a file.
fn contains(input: &mut dyn Input, wanted: &[u8]) -> Result<bool, Say> {
    let (finder, mut window) = (Finder::new(wanted), Vec::new());
    loop {
        let size = (&mut *input).take(1 << 18).read_to_end(&mut window).map_err(|error| unread(&error))?;
        if finder.find(&window).is_some() {
            return Ok(true);
        }
        if size == 0 {
            return Ok(false);
        }
        window.drain(..window.len().saturating_sub(wanted.len()));
    }
}

/// Returns what to do about a file that cannot be read, where that is known.
pub fn hint(says: &Say) -> Option<Say> {
    let key = match (says.code(), says.key) {
        ("sheet_password", _) => "sheet_password.hint",
        ("sheet_other", _) => "sheet_other.hint",
        ("sheet_damaged", _) => "sheet_damaged.hint",
        (_, "not_csv.pdf") => "not_csv.pdf.hint",
        (_, "not_csv.parquet") => "not_csv.parquet.hint",
        ("not_csv", _) => "not_csv.unpack.hint",
        _ => return says.inner().find_map(hint),
    };
    Some(Say::new(key))
}
