//! Bytes into records and fields: RFC 4180, read strictly.
//!
//! A damaged record must be named and must not damage its neighbours, so this is our own reader and not
//! the `csv` crate's, which swallows rows behind a quote that is never closed. Lines may end in LF, CRLF, a lone
//! CR, or all of them. `tests.rs` holds it against the `csv` crate on files that are right.

use std::io::{ErrorKind, Read};

use super::batch::{Batch, Field, QUOTED, Record, UNESCAPED};
use super::report::Reason;

/// Most characters a field may have.
pub const LONGEST_FIELD: usize = 65_536;
/// Most bytes of one physical line that are looked at as a record; what is longer is refused unread.
const LONGEST_LINE: usize = 1 << 24;
/// How much is read at once.
const BLOCK: usize = 1 << 18;

/// Splits a file into batches of records.
pub struct Splitter<R> {
    input: R,
    delimiter: u8,
    /// What each byte means outside quotes: whether a field ends or goes on strangely at it.
    special: [bool; 256],
    /// Fields of the header, once it was read: how a line looks that is a record by itself.
    width: Option<usize>,
    buffer: Vec<u8>,
    ended: bool,
    /// Whether what comes next is the rest of a line that was given up.
    skipping: bool,
    line: u64,
}

/// How one field was read.
enum Scan {
    /// It ends at this place, before a delimiter or line end.
    Field(Field, usize),
    /// More must be read before it is known.
    Incomplete,
    /// It is wrong; the record goes on behind this place as text.
    Wrong(Reason, usize),
}

impl<R: Read> Splitter<R> {
    /// Makes a splitter of a file that begins with `start`, of which the rest is still in `input`.
    pub fn new(start: Vec<u8>, input: R, delimiter: u8) -> Self {
        let mut special = [false; 256];
        for byte in [delimiter, b'"', b'\n', b'\r'] {
            special[usize::from(byte)] = true;
        }
        Self { input, delimiter, special, width: None, buffer: start, ended: false, skipping: false, line: 1 }
    }

    /// Tells how many fields the header has.
    pub fn set_width(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Gives the file back.
    pub fn into_input(self) -> R {
        self.input
    }

    /// Reads on. `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_batch(&mut self) -> std::io::Result<Option<Batch>> {
        self.batch_of(usize::MAX)
    }

    /// Reads the first record alone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_record(&mut self) -> std::io::Result<Option<Batch>> {
        self.batch_of(1)
    }

    fn batch_of(&mut self, most: usize) -> std::io::Result<Option<Batch>> {
        loop {
            let mut batch = Batch::default();
            let taken = self.split(&mut batch, most);
            if taken > 0 {
                let rest = self.buffer.split_off(taken);
                let text = std::mem::replace(&mut self.buffer, rest);
                batch.fill(text, self.delimiter);
                return Ok(Some(batch));
            }
            if self.ended {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> std::io::Result<()> {
        let old = self.buffer.len();
        self.buffer.resize(old + BLOCK.max(old), 0);
        let mut filled = old;
        while filled < self.buffer.len() {
            match self.input.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(size) => filled += size,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(filled);
                    return Err(error);
                }
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }

    /// Splits what has been read; returns how many bytes the whole records in it took.
    fn split(&mut self, batch: &mut Batch, most: usize) -> usize {
        let mut at = 0;
        if self.skipping {
            let Some(next) = self.line_end(0).and_then(|end| self.behind_line_end(end)) else {
                return if self.ended { self.buffer.len() } else { self.buffer.len().saturating_sub(1) };
            };
            self.skipping = false;
            at = next;
        }
        while at < self.buffer.len() && batch.records.len() < most {
            if let Some(end) = self.line_end(at) {
                let Some(next) = self.behind_line_end(end) else { break };
                if end == at || self.buffer[at..end].iter().all(|&byte| byte == b' ') {
                    let (count, first) = batch.blank_lines.unwrap_or((0, self.line));
                    batch.blank_lines = Some((count + 1, first));
                    self.line += 1;
                    at = next;
                    continue;
                }
            } else if !self.ended && self.buffer.len() - at < LONGEST_LINE {
                break;
            }
            let Some(next) = self.record(at, batch) else { break };
            at = next;
        }
        at
    }

    /// Returns where the physical line ends that starts at a place; at the end of a file that is its end.
    fn line_end(&self, at: usize) -> Option<usize> {
        let found = memchr::memchr2(b'\n', b'\r', &self.buffer[at..]).map(|offset| at + offset);
        found.or_else(|| self.ended.then_some(self.buffer.len()))
    }

    /// Returns the place behind a line end; `None` when it is not known yet whether a LF follows the CR.
    fn behind_line_end(&self, end: usize) -> Option<usize> {
        match self.buffer.get(end) {
            Some(b'\r') => match self.buffer.get(end + 1) {
                Some(b'\n') => Some(end + 2),
                None if !self.ended => None,
                _ => Some(end + 1),
            },
            Some(_) => Some(end + 1),
            None => Some(end),
        }
    }

    /// Splits one record; returns the place behind its line end, `None` when more must be read.
    fn record(&mut self, start: usize, batch: &mut Batch) -> Option<usize> {
        let (first_field, first_unescaped) = (batch.fields.len(), batch.unescaped.len());
        let mut at = start;
        let mut fault = None;
        let end = loop {
            match self.field(at, start, batch.fields.len() - first_field, &mut batch.unescaped) {
                Scan::Field(field, end) => {
                    batch.fields.push(field);
                    if self.buffer.get(end) == Some(&self.delimiter) {
                        at = end + 1;
                        continue;
                    }
                    break end;
                }
                Scan::Incomplete => {
                    batch.fields.truncate(first_field);
                    batch.unescaped.truncate(first_unescaped);
                    return None;
                }
                Scan::Wrong(reason, behind) => {
                    fault = Some(reason);
                    // From here the record is only text; it ends with its line, so that the next one is read.
                    let Some(end) = self.line_end(behind) else {
                        if self.buffer.len() - start < LONGEST_LINE {
                            batch.fields.truncate(first_field);
                            batch.unescaped.truncate(first_unescaped);
                            return None;
                        }
                        self.skipping = true;
                        break self.buffer.len();
                    };
                    self.rest_as_text(at, end, &mut batch.fields);
                    break end;
                }
            }
        };
        let Some(next) = self.behind_line_end(end) else {
            batch.fields.truncate(first_field);
            batch.unescaped.truncate(first_unescaped);
            return None;
        };
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX >> 1);
        batch.records.push(Record {
            fields: number(first_field)..number(batch.fields.len()),
            bytes: number(start)..number(end),
            line: self.line,
            fault,
        });
        self.line += 1 + self.line_ends_within(start, end);
        Some(next)
    }

    fn rest_as_text(&self, mut at: usize, end: usize, fields: &mut Vec<Field>) {
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX >> 1);
        loop {
            let found =
                memchr::memchr(self.delimiter, &self.buffer[at..end]).map_or(end, |offset| at + offset);
            fields.push(Field { start: number(at), end: number(found) });
            if found == end {
                return;
            }
            at = found + 1;
        }
    }

    fn line_ends_within(&self, start: usize, end: usize) -> u64 {
        let mut ends = 0;
        let mut at = start;
        while let Some(offset) = memchr::memchr2(b'\n', b'\r', &self.buffer[at..end]) {
            ends += 1;
            at += offset + 1;
            if self.buffer[at - 1] == b'\r' && at < end && self.buffer[at] == b'\n' {
                at += 1;
            }
        }
        ends
    }

    fn field(&self, at: usize, record: usize, place: usize, unescaped: &mut String) -> Scan {
        if self.buffer.get(at) == Some(&b'"') {
            return self.quoted(at, record, place, unescaped);
        }
        let buffer = &self.buffer;
        let mut end = at;
        while end < buffer.len() && !self.special[usize::from(buffer[end])] {
            end += 1;
        }
        if end == buffer.len() && !self.ended {
            if end - record >= LONGEST_LINE {
                return Scan::Wrong(Reason::FieldTooLong, end);
            }
            return Scan::Incomplete;
        }
        if buffer.get(end) == Some(&b'"') {
            return Scan::Wrong(Reason::StrayQuote, end);
        }
        if end - at > LONGEST_FIELD && self.is_too_long(at, end) {
            return Scan::Wrong(Reason::FieldTooLong, end);
        }
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX >> 1);
        Scan::Field(Field { start: number(at), end: number(end) }, end)
    }

    fn is_too_long(&self, start: usize, end: usize) -> bool {
        // Every character has one byte that does not go on from the byte before it.
        let characters = self.buffer[start..end].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        characters > LONGEST_FIELD
    }

    /// Reads a field in quotes, which may have delimiters, line ends and doubled quotes in it.
    fn quoted(&self, open: usize, record: usize, place: usize, unescaped: &mut String) -> Scan {
        let buffer = &self.buffer;
        let first_line_end = self.line_end(open);
        let mut at = open + 1;
        let mut doubled = false;
        let close = loop {
            let Some(offset) = memchr::memchr(b'"', &buffer[at..]) else {
                let too_far = buffer.len() - open > LONGEST_FIELD * 4;
                return match first_line_end {
                    Some(end) if self.ended || too_far => Scan::Wrong(Reason::UnclosedQuote, end),
                    None if buffer.len() - record >= LONGEST_LINE => {
                        Scan::Wrong(Reason::FieldTooLong, buffer.len())
                    }
                    _ => Scan::Incomplete,
                };
            };
            at += offset + 1;
            match buffer.get(at) {
                Some(b'"') => {
                    doubled = true;
                    at += 1;
                }
                None if !self.ended => return Scan::Incomplete,
                _ => break at - 1,
            }
        };
        let one_line = first_line_end.is_some_and(|end| end > close);
        let wrong = |reason| Scan::Wrong(reason, if one_line { at } else { first_line_end.unwrap_or(at) });
        let ends_well =
            buffer.get(at).is_none_or(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        if !ends_well {
            return wrong(if one_line { Reason::StrayQuote } else { Reason::UnclosedQuote });
        }
        if close - open > LONGEST_FIELD && self.is_too_long(open + 1, close) {
            return wrong(if one_line { Reason::FieldTooLong } else { Reason::UnclosedQuote });
        }
        if !one_line && self.swallowed_a_record(record, close, place) {
            return wrong(Reason::UnclosedQuote);
        }
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX >> 1);
        let (start, end) = if doubled {
            let start = unescaped.len();
            // Bytes that are no UTF-8 refuse the record anyway.
            unescaped.push_str(&String::from_utf8_lossy(&buffer[open + 1..close]).replace("\"\"", "\""));
            (number(start) | UNESCAPED, number(unescaped.len()))
        } else {
            (number(open + 1), number(close))
        };
        Scan::Field(Field { start, end: end | QUOTED }, at)
    }

    /// Whether a line that a quoted field runs over looks like a record by itself: it has as many
    /// delimiters as the header. Then the quote was never meant to run on, and closing it far below is an accident.
    ///
    /// A text in the last column may start on a line with all the delimiters, and one in the first column end on such a line.
    fn swallowed_a_record(&self, record: usize, close: usize, place: usize) -> bool {
        let Some(width) = self.width.filter(|width| *width > 1) else {
            return false;
        };
        let mut start = record;
        loop {
            let Some(end) = self.line_end(start) else { return false };
            let is_whole = memchr::memchr_iter(self.delimiter, &self.buffer[start..end]).count() == width - 1;
            let is_first = start == record;
            let is_last = end > close;
            let allowed = (is_first && place + 1 == width) || (is_last && place == 0);
            if is_whole && !allowed {
                return true;
            }
            if is_last {
                return false;
            }
            match self.behind_line_end(end) {
                Some(next) if next > start => start = next,
                _ => return false,
            }
        }
    }
}
