//! An XLSX workbook: its sheets, and what they share.

use std::io::{BufReader, Read};

use memchr::memmem::Finder;

use crate::domain::Say;

use super::container::{Container, Part};
use super::facts::Facts;
use super::facts::SheetName;
use super::formats::Formats;
use super::limits::{damaged, unread};
use super::merges::{Merge, Merges};
use super::texts::Texts;
use super::xlsx_rows::XlsxRows;
use super::xml::{Piece, Xml};

/// Most bytes of an element that names a merged range.
const LONGEST_MERGE: usize = 1 << 12;

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Xlsx {
    /// Its sheets in order.
    pub sheets: Vec<SheetName>,
    /// The part of each sheet.
    parts: Vec<String>,
    is_1904: bool,
    texts: Texts,
    formats: Formats,
}

/// What a part of the file names by an id.
struct Relation {
    id: String,
    /// The last word of its type, such as `worksheet`.
    kind: String,
    part: String,
}

impl Xlsx {
    /// Reads a workbook whose main part is `main`.
    pub fn open(container: &mut Container, main: &str) -> Result<Self, Say> {
        let relations = relations(container, main)?;
        let mut book = Self::default();
        let mut xml = container.xml(main)?;
        loop {
            match xml.next()? {
                Piece::Begin(element) if element.name() == b"workbookPr" => {
                    book.is_1904 = element.flag("date1904")?;
                }
                Piece::Begin(element) if element.name() == b"sheet" => {
                    let id = element.attribute("id")?.unwrap_or_default();
                    let relation = relations.iter().find(|own| own.id == *id && own.kind == "worksheet");
                    let state = element.attribute("state")?.unwrap_or_default();
                    // A sheet of a chart only is no table.
                    if let Some(relation) = relation {
                        let name = element.attribute("name")?.unwrap_or_default().into_owned();
                        book.sheets
                            .push(SheetName { name, hidden: matches!(&*state, "hidden" | "veryHidden") });
                        book.parts.push(relation.part.clone());
                    }
                }
                Piece::Over => break,
                _ => {}
            }
        }
        drop(xml);
        for relation in &relations {
            match &*relation.kind {
                "sharedStrings" => book.texts = Texts::read(container.xml(&relation.part)?)?,
                "styles" => book.formats = Formats::read(container.xml(&relation.part)?)?,
                _ => {}
            }
        }
        Ok(book)
    }

    /// Returns the rows of a sheet.
    pub fn rows<'b>(
        &'b self,
        container: &'b mut Container,
        sheet: usize,
    ) -> Result<XlsxRows<'b, impl std::io::BufRead + use<'b>>, Say> {
        let part = self.parts.get(sheet).ok_or_else(|| damaged(format_args!("sheet {sheet} is missing")))?;
        let merges = merges(container.part(part)?)?;
        let mut facts = Facts { is_1904: self.is_1904, merges, ..Facts::default() };
        for relation in relations(container, part)? {
            if relation.kind == "comments" && container.has(&relation.part) {
                facts.comments += count(container.xml(&relation.part)?, b"comment")?;
            }
        }
        let merges = Merges::new(facts.merges.clone());
        XlsxRows::new(container, part, (&self.texts, &self.formats), merges, facts)
    }
}

/// Returns what a part names, or nothing where it names nothing.
fn relations(container: &mut Container, part: &str) -> Result<Vec<Relation>, Say> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name =
        if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let mut found = Vec::new();
    if !container.has(&name) {
        return Ok(found);
    }
    let mut xml = container.xml(&name)?;
    loop {
        match xml.next()? {
            Piece::Begin(element) if element.name() == b"Relationship" => {
                let kind = element.attribute("Type")?.unwrap_or_default();
                let target = element.attribute("Target")?.unwrap_or_default();
                found.push(Relation {
                    id: element.attribute("Id")?.unwrap_or_default().into_owned(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    part: resolved(folder, &target),
                });
            }
            Piece::Over => return Ok(found),
            _ => {}
        }
    }
}

/// Returns the part that a relation of a part in `folder` leads to.
fn resolved(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// Returns the main part of a workbook, which the whole file names.
pub(super) fn main_part(container: &mut Container) -> Result<Option<String>, Say> {
    let found = relations(container, "")?.into_iter().find(|relation| relation.kind == "officeDocument");
    Ok(found.map(|relation| relation.part))
}

fn count(mut xml: Xml<impl std::io::BufRead>, name: &[u8]) -> Result<u64, Say> {
    let mut count = 0;
    loop {
        match xml.next()? {
            Piece::Begin(element) => count += u64::from(element.name() == name),
            Piece::Over => return Ok(count),
            _ => {}
        }
    }
}

/// Returns the merged ranges of a sheet. They stand behind its rows, so its part is unpacked once for them alone; and a part
/// that unpacks to too much is refused before a row was read.
fn merges(part: Part<'_>) -> Result<Vec<Merge>, Say> {
    let mut part = BufReader::with_capacity(1 << 16, part);
    let (finder, mut merges) = (Finder::new(b"mergeCell"), Vec::new());
    let (mut window, mut ended) = (Vec::new(), false);
    while !ended {
        let size = part.by_ref().take(1 << 18).read_to_end(&mut window).map_err(|error| unread(&error))?;
        ended = size == 0;
        let mut from = 0;
        while let Some(at) = finder.find(&window[from..]).map(|at| from + at) {
            let Some(length) = memchr::memchr(b'>', &window[at..]) else { break };
            merges.extend(merge_of(&window[..at], &window[at..at + length]));
            from = at + length;
        }
        // What may be the beginning of an element is looked at again.
        let kept = window.len().saturating_sub(LONGEST_MERGE).max(from);
        window.drain(..kept);
    }
    Ok(merges)
}

/// Reads a merged range from what stands before its name and behind it.
fn merge_of(before: &[u8], element: &[u8]) -> Option<Merge> {
    let prefix =
        before.iter().rev().position(|byte| !(byte.is_ascii_alphanumeric() || b":_-.".contains(byte)))?;
    let is_element = before[before.len() - 1 - prefix] == b'<' && element.get(9)?.is_ascii_whitespace();
    let text = std::str::from_utf8(is_element.then_some(element)?).ok()?;
    let behind = text.split_once("ref=")?.1;
    let quote = behind.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    Merge::parse(behind[1..].split(quote).next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_lead_to_parts() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/sheet.xml"), "xl/sheet.xml");
        assert_eq!(resolved("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolved("", "../../x"), "x");
    }

    #[test]
    fn merged_ranges_are_found_with_any_prefix_and_only_in_elements() {
        let range = |text: &str| {
            let at = text.find("mergeCell").unwrap();
            merge_of(&text.as_bytes()[..at], text[at..].split('>').next().unwrap().as_bytes())
                .map(|own| own.to_string())
        };
        assert_eq!(range(r#"<mergeCell ref="A1:B2"/>"#).as_deref(), Some("A1:B2"));
        assert_eq!(range(r#"<x:mergeCell a="1" ref='A1:B2' />"#).as_deref(), Some("A1:B2"));
        for wrong in [
            r#"<mergeCells count="1">"#,
            r#"<t>mergeCell ref="A1:B2"<"#,
            "<mergeCell ref=",
            r#"<mergeCell ref="A1"/>"#,
        ] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
