//! XML, one element at a time. Names are compared without their prefixes, and a document type is refused, so that there is
//! no entity to expand.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};

use crate::domain::Say;

use super::limits::{damaged, told_part, unread};

/// A part of a spreadsheet that is read as XML.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
    part: String,
}

/// What comes next in a part.
pub(super) enum Piece<'x> {
    /// An element begins. One without content ends right behind.
    Begin(Element<'x>),
    /// The innermost element ends.
    End,
    /// A piece of text. A text may come in several pieces.
    Text(Cow<'x, str>),
    /// The part ends.
    Over,
}

/// The beginning of an element.
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// Returns its name without a prefix.
    pub fn name(&self) -> &[u8] {
        self.0.local_name().into_inner()
    }

    /// Returns attributes by their names without prefixes.
    pub fn attributes<const N: usize>(&self, names: [&str; N]) -> Result<[Option<Cow<'_, str>>; N], Say> {
        let mut found = [const { None }; N];
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let own = attribute.key.local_name().into_inner();
            let place = names.iter().position(|name| name.as_bytes() == own);
            if let Some(place) = place.filter(|place| found[*place].is_none()) {
                found[place] = Some(attribute.unescape_value().map_err(damaged)?);
            }
        }
        Ok(found)
    }

    /// Returns an attribute by its name without a prefix.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'_, str>>, Say> {
        self.attributes([name]).map(|[found]| found)
    }

    /// Whether some attribute of a name, with any prefix, has this value.
    pub fn says(&self, name: &str, value: &str) -> bool {
        let is_it = |own: &Attribute<'_>| {
            own.key.local_name().as_ref() == name.as_bytes() && &*own.value == value.as_bytes()
        };
        self.0.attributes().with_checks(false).filter_map(Result::ok).any(|own| is_it(&own))
    }

    /// Returns an attribute as a number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, Say> {
        let wrong = |_error| damaged(format_args!("{name} is no number"));
        self.attribute(name)?.map(|text| text.trim().parse().map_err(wrong)).transpose()
    }

    /// Whether an attribute is there and says yes.
    pub fn flag(&self, name: &str) -> Result<bool, Say> {
        Ok(matches!(self.attribute(name)?.as_deref(), Some("1" | "true" | "on")))
    }

    /// Whether an element that means yes by being there does so: `<strike/>`, and not `<strike val="0"/>`.
    pub fn means_yes(&self) -> Result<bool, Say> {
        Ok(!matches!(self.attribute("val")?.as_deref(), Some("0" | "false" | "off")))
    }
}

impl<R: BufRead> Xml<R> {
    pub fn new(input: R, part: &str) -> Self {
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, part: part.to_owned() }
    }

    /// Returns what comes next. Comments and instructions are empty texts.
    pub fn next(&mut self) -> Result<Piece<'_>, Say> {
        let Self { reader, buffer, depth, part } = self;
        buffer.clear();
        let wrong = |error: &dyn std::fmt::Display| damaged(format_args!("{}: {error}", told_part(part)));
        Ok(match reader.read_event_into(buffer).map_err(|error| failed(&error, part))? {
            Event::Start(start) | Event::Empty(start) => {
                *depth += 1;
                Piece::Begin(Element(start))
            }
            Event::End(_) => {
                *depth -= 1;
                Piece::End
            }
            Event::Text(text) => Piece::Text(text.decode().map_err(|error| wrong(&error))?),
            Event::CData(text) => Piece::Text(text.decode().map_err(|error| wrong(&error))?),
            Event::GeneralRef(reference) => {
                let sign = reference.resolve_char_ref().map_err(|error| wrong(&error))?;
                let name = reference.decode().map_err(|error| wrong(&error))?;
                match (sign, resolve_predefined_entity(&name)) {
                    (Some(sign), _) => Piece::Text(Cow::Owned(sign.to_string())),
                    (None, Some(text)) => Piece::Text(Cow::Borrowed(text)),
                    (None, None) => return Err(wrong(&"it has an entity, which is never expanded")),
                }
            }
            Event::DocType(_) => return Err(wrong(&"it has a document type, which no spreadsheet has")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => Piece::Text(Cow::Borrowed("")),
            Event::Eof if *depth > 0 => return Err(wrong(&"it ends in the middle")),
            Event::Eof => Piece::Over,
        })
    }

    /// Reads to the end of the element that has just begun.
    pub fn skip(&mut self) -> Result<(), Say> {
        self.end(|_text| {})
    }

    /// Reads to the end of the element that has just begun, and adds its text to `out`.
    pub fn text(&mut self, out: &mut String) -> Result<(), Say> {
        self.end(|text| out.push_str(text))
    }

    fn end(&mut self, mut each: impl FnMut(&str)) -> Result<(), Say> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Piece::Begin(_) => depth += 1,
                Piece::End => depth -= 1,
                Piece::Text(text) => each(&text),
                Piece::Over => break,
            }
        }
        Ok(())
    }
}

fn failed(error: &quick_xml::Error, part: &str) -> Say {
    match error {
        quick_xml::Error::Io(error) => unread(error),
        // The library's words quote the file.
        _ => damaged(format_args!("{}: its XML is broken", told_part(part))),
    }
}
