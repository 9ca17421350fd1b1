//! The text of a page, as a reader sees it: decoded, and without the marks of HTML.

use std::borrow::Cow;
use std::io::Read as _;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use memchr::memmem;

/// Bytes at the start of a page in which it may name its encoding, as browsers have it.
const LOOKED_THROUGH: usize = 1024;
/// The elements that do not end a word or a number. Whatever else begins or ends, begins a new line. A raised figure, as of a
/// footnote, is no digit of the number before it, so `sup` is not among them.
const WITHIN_A_LINE: [&str; 32] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong",
    "time", "tt", "u", "var", "wbr",
];
/// The named characters that can stand beside digits or between them.
const NAMED: [(&str, char); 17] = [
    ("amp", '&'),
    ("apos", '\''),
    ("comma", ','),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("hairsp", '\u{200a}'),
    ("lrm", '\u{200e}'),
    ("nbsp", '\u{a0}'),
    ("numsp", '\u{2007}'),
    ("percnt", '%'),
    ("period", '.'),
    ("puncsp", '\u{2008}'),
    ("rlm", '\u{200f}'),
    ("rsquo", '\u{2019}'),
    ("shy", '\u{ad}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
];

/// What a server says of the bytes that it sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// `Content-Type`, as sent.
    pub content_type: String,
    /// `Content-Encoding`, as sent.
    pub coding: String,
}

/// Returns the text of a page.
///
/// # Errors
/// When the bytes are not text, or are coded in a way that is not read. The error is in words.
pub fn text(body: &[u8], described: &Described, most: u64) -> Result<String, String> {
    let body = uncoded(body, described.coding.trim(), most)?;
    let (media_type, parameters) =
        described.content_type.split_once(';').unwrap_or((&described.content_type, ""));
    let media_type = media_type.trim().to_ascii_lowercase();
    let begins = body.trim_ascii_start();
    let is_markup = match media_type.as_str() {
        _ if begins.starts_with(b"%PDF") => return Err("it is a PDF, of which no text is read".to_owned()),
        "text/html" | "application/xhtml+xml" | "text/xml" | "application/xml" => true,
        "" | "text/plain" => begins.starts_with(b"<"),
        other if other.starts_with("text/") || other.ends_with("json") => false,
        other if other.ends_with("+xml") => true,
        other => return Err(format!("it is of the type {other}, of which no text is read")),
    };
    if media_type.is_empty() && body.contains(&0) {
        return Err("it says nothing of its type, and is no text".to_owned());
    }
    let text = decoded(&body, parameters);
    match media_type.as_str() {
        _ if is_markup => Ok(without_marks(&text)),
        "text/csv" => Ok(cells(&text)),
        _ => Ok(text.into_owned()),
    }
}

/// Takes off the coding of a body. It was asked for without any, and some servers send one all the same.
fn uncoded<'a>(body: &'a [u8], coding: &str, most: u64) -> Result<Cow<'a, [u8]>, String> {
    match coding.to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body.into()),
        "gzip" | "x-gzip" => {
            let mut bytes = Vec::new();
            let read = flate2::read::MultiGzDecoder::new(body).take(most + 1).read_to_end(&mut bytes);
            read.map_err(|error| format!("it cannot be unpacked: {error}"))?;
            if bytes.len() as u64 > most {
                return Err(format!("it unpacks to more than {} MB", most / 1_000_000));
            }
            Ok(bytes.into())
        }
        other => Err(format!("it is coded with {other}, which is not read")),
    }
}

/// Decodes text by its byte order mark, else as the header or the page itself declares; else as UTF-8, or as Windows-1252 where it is
/// not UTF-8.
fn decoded<'a>(body: &'a [u8], parameters: &str) -> Cow<'a, str> {
    let start = &body[..body.len().min(LOOKED_THROUGH)];
    let declared = label(parameters.as_bytes(), b"charset")
        .or_else(|| label(start, b"charset"))
        .or_else(|| start.starts_with(b"<?xml").then(|| label(start, b"encoding")).flatten());
    let plain = || if std::str::from_utf8(body).is_ok() { UTF_8 } else { WINDOWS_1252 };
    declared.unwrap_or_else(plain).decode(body).0
}

/// Returns the encoding that is named after a word and `=`.
fn label(text: &[u8], word: &[u8]) -> Option<&'static Encoding> {
    let text = text.to_ascii_lowercase();
    let mut places = memmem::find_iter(&text, word);
    places.find_map(|at| {
        let after = text[at + word.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let after = after.strip_prefix(b"\"").or(after.strip_prefix(b"'")).unwrap_or(after);
        let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.+".contains(byte);
        let end = after.iter().position(|byte| !is_label(byte)).unwrap_or(after.len());
        Encoding::for_label(&after[..end])
    })
}

/// Returns the cells of a CSV file, each on a line of its own.
fn cells(text: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records = reader.records().map_while(Result::ok);
    records
        .flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Takes the tags, comments, scripts and styles out of HTML, and decodes its references to characters.
fn without_marks(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (own, after) = character(rest);
            text.push(own);
            rest = after;
        } else if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(tag) = Tag::read(rest) {
            rest = &rest[tag.length..];
            if !WITHIN_A_LINE.contains(&tag.name.as_str()) {
                text.push('\n');
            }
            if !tag.ends && ["script", "style"].contains(&tag.name.as_str()) {
                rest = behind(rest, &tag.name);
            }
        } else {
            text.push('<');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

/// A tag, a declaration or an instruction.
struct Tag {
    /// In lower case; empty for a declaration or an instruction.
    name: String,
    /// Whether it ends an element.
    ends: bool,
    /// Its length in bytes.
    length: usize,
}

impl Tag {
    /// Reads what begins with `<`; `None` where that is a mere sign.
    fn read(text: &str) -> Option<Self> {
        let inner = &text[1..];
        let ends = inner.starts_with('/');
        let begin = &inner[usize::from(ends)..];
        if !begin.starts_with(|first: char| first.is_ascii_alphabetic() || (!ends && "!?".contains(first))) {
            return None;
        }
        let name = begin
            .split(|sign: char| sign.is_whitespace() || "/>!?".contains(sign))
            .next()
            .unwrap_or_default();
        let mut quote = None;
        let end = text.bytes().position(|byte| match (quote, byte) {
            (None, b'>') => true,
            // Quotes are those of values: a stray one in a declaration must not swallow the page.
            (None, b'"' | b'\'') if !name.is_empty() => {
                quote = Some(byte);
                false
            }
            (Some(own), byte) if own == byte => {
                quote = None;
                false
            }
            _ => false,
        });
        // A quote that is never closed: the tag ends where it seems to.
        let end = end.or_else(|| text.find('>')).map_or(text.len(), |end| end + 1);
        Some(Self { name: name.to_ascii_lowercase(), ends, length: end })
    }
}

/// Returns what stands behind the element of a script or a style.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let is_end = |at: &usize| {
        let tag = &text.as_bytes()[at + 2..];
        tag.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
    };
    memmem::find_iter(text.as_bytes(), b"</").find(is_end).map_or("", |at| &text[at..])
}

/// Decodes the reference to a character at the start of a text. Returns the character and what stands behind. A name that has
/// nothing to do with numbers becomes a replacement character, which is no digit and separates none.
fn character(text: &str) -> (char, &str) {
    let inner = &text[1..];
    let is_own = |sign: char| sign.is_ascii_alphanumeric() || sign == '#';
    let end = inner.find(|sign| !is_own(sign)).unwrap_or(inner.len());
    let (name, after) = inner.split_at(end);
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let named = NAMED.iter().find(|(own, _)| *own == name).map(|(_, character)| *character);
    let is_whole = after.starts_with(';');
    match number.and_then(char::from_u32).or(named) {
        Some(found) => (found, after.strip_prefix(';').unwrap_or(after)),
        None if is_whole && !name.is_empty() => (char::REPLACEMENT_CHARACTER, &after[1..]),
        None => ('&', inner),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    const MOST: u64 = 1_000_000;

    fn read(body: &[u8], content_type: &str) -> Result<String, String> {
        text(body, &Described { content_type: content_type.to_owned(), coding: String::new() }, MOST)
    }

    #[test]
    fn marks_are_taken_out_and_only_what_ends_a_line_ends_a_number() {
        for (html, right) in [
            ("<p>4<b>,</b>598</p>", "\n4,598\n"),
            ("<td>12</td><td>314</td>", "\n12\n\n314\n"),
            ("4,598<sup>3</sup>", "4,598\n3\n"),
            ("a<!-- 7 -->b", "ab"),
            ("a<SCRIPT>var x = \"</p>7\";</Script >b", "a\n\nb"),
            ("a<style>.x{width:7px}</style>b", "a\n\nb"),
            ("<a title=\"7 > 6\" href='x'>8</a>", "8"),
            ("<!DOCTYPE html \"><p>9", "\n\n9"),
            ("1 < 2 & 3", "1 < 2 & 3"),
            (
                "1&nbsp;234&#8239;5&#x2009;6&thinsp;7&eacute;8",
                "1\u{a0}234\u{202f}5\u{2009}6\u{2009}7\u{fffd}8",
            ),
            ("AT&T; &;", "AT\u{fffd} &;"),
            ("<p title=\"never closed>7</p>", "\n7\n"),
            ("<", "<"),
            ("a<p", "a\n"),
        ] {
            assert_eq!(without_marks(html), right, "{html}");
        }
    }

    #[test]
    fn a_page_is_decoded_as_it_says() {
        let russian = b"\xd1\xf2\xe0\xf2\xfc\xff 1\xa0234";
        let right = "Статья 1\u{a0}234";
        let declared = |meta: &str| [meta.as_bytes(), russian].concat();
        assert_eq!(read(russian, "text/html; charset=windows-1251").unwrap(), right);
        assert_eq!(read(russian, "text/html;Charset=\"CP1251\"").unwrap(), right);
        for meta in [
            "<meta charset=windows-1251>",
            "<META http-equiv='x' content='text/html; charset = \"windows-1251\"'>",
        ] {
            assert_eq!(read(&declared(meta), "text/html").unwrap().trim(), right, "{meta}");
        }
        let xml = declared("<?xml version='1.0' encoding='windows-1251'?>");
        assert_eq!(read(&xml, "application/rss+xml").unwrap().trim(), right);
        // The header comes before the page, and the byte order mark before both.
        assert_eq!(
            read(&declared("<meta charset=utf-8>"), "text/html; charset=windows-1251").unwrap().trim(),
            right
        );
        assert_eq!(read("\u{feff}Статья".as_bytes(), "text/plain; charset=windows-1251").unwrap(), "Статья");
        // Without a word of it: UTF-8, or what the web was before.
        assert_eq!(read("é 1\u{a0}234".as_bytes(), "text/plain").unwrap(), "é 1\u{a0}234");
        assert_eq!(read(b"\xe9 1\xa0234", "").unwrap(), "é 1\u{a0}234");
    }

    #[test]
    fn the_cells_of_a_table_are_not_read_as_one_number() {
        assert_eq!(read(b"a,b\n12,314\n\"1,234\",5", "text/csv").unwrap(), "a\nb\n12\n314\n1,234\n5");
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        for (body, content_type, words) in [
            (&b"%PDF-1.7"[..], "application/pdf", "a PDF"),
            (b"\n%PDF-1.7", "text/html", "a PDF"),
            (b"\x89PNG", "image/png", "image/png"),
            (b"\x89PNG\0", "", "no text"),
            (b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "spreadsheetml"),
        ] {
            let said = read(body, content_type).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn a_coding_is_taken_off_and_bounded() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("314 ".repeat(1000).as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let described =
            |coding: &str| Described { content_type: "text/plain".to_owned(), coding: coding.to_owned() };
        assert_eq!(text(&packed, &described("GZIP"), 4000).unwrap().len(), 4000);
        assert!(text(&packed, &described("gzip"), 3999).unwrap_err().contains("more than"));
        assert!(text(b"no gzip", &described("gzip"), 4000).unwrap_err().contains("unpacked"));
        assert!(text(&packed, &described("br"), 4000).unwrap_err().contains("coded with br"));
    }

    proptest! {
        #[test]
        fn no_page_does_harm(body in "(<|>|&|#|;|\"|'|/|!--|-->|script|p|é|[0-9]|.){0,40}") {
            let _ = read(body.as_bytes(), "text/html");
        }
    }
}
