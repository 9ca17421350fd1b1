//! An ODS workbook: its sheets, and what they share.

use std::collections::HashSet;

use crate::domain::Say;

use super::container::Container;
use super::facts::SheetName;
use super::ods_rows::{CONTENT, OdsRows};
use super::xml::Piece;

/// The part that names the others, and what they are encrypted with.
const MANIFEST: &str = "META-INF/manifest.xml";

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Ods {
    /// Its sheets in order.
    pub sheets: Vec<SheetName>,
    /// Names of styles that strike text through.
    struck: HashSet<String>,
}

impl Ods {
    /// Reads a workbook.
    pub fn open(container: &mut Container) -> Result<Self, Say> {
        if container.has(MANIFEST) {
            let mut xml = container.xml(MANIFEST)?;
            loop {
                match xml.next()? {
                    Piece::Begin(element) if element.name() == b"encryption-data" => {
                        return Err(Say::new("sheet_password"));
                    }
                    Piece::Over => break,
                    _ => {}
                }
            }
        }
        let (mut book, mut hiding, mut style) = (Self::default(), HashSet::new(), String::new());
        let (mut depth, mut table_at) = (0, None);
        let mut xml = container.xml(CONTENT)?;
        loop {
            match xml.next()? {
                Piece::Begin(element) => {
                    depth += 1;
                    match element.name() {
                        b"style" => style = element.attribute("name")?.unwrap_or_default().into_owned(),
                        b"table-properties" if element.says("display", "false") => {
                            hiding.insert(style.clone());
                        }
                        b"text-properties" => {
                            let line = element.attribute("text-line-through-style")?;
                            let kind = element.attribute("text-line-through-type")?;
                            if line.or(kind).is_some_and(|line| line != "none") {
                                book.struck.insert(style.clone());
                            }
                        }
                        // A table within a table is no sheet.
                        b"table" if table_at.is_none() => {
                            table_at = Some(depth);
                            let own = element.attribute("style-name")?.unwrap_or_default();
                            let name = element.attribute("name")?.unwrap_or_default().into_owned();
                            book.sheets.push(SheetName { name, hidden: hiding.contains(&*own) });
                        }
                        _ => {}
                    }
                }
                Piece::End => {
                    table_at = table_at.filter(|at| *at != depth);
                    depth -= 1;
                }
                Piece::Text(_) => {}
                Piece::Over => return Ok(book),
            }
        }
    }

    /// Returns the rows of a sheet.
    pub fn rows<'b>(
        &'b self,
        container: &'b mut Container,
        sheet: usize,
    ) -> Result<OdsRows<'b, impl std::io::BufRead + use<'b>>, Say> {
        OdsRows::new(container.xml(CONTENT)?, &self.struck, sheet)
    }
}
