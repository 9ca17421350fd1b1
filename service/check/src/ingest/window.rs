//! A window on a file: the bytes that were read and are not split yet. It finds line ends and fields.
//!
//! The size of the blocks in which a file is read must not change the records. Every decision therefore depends on
//! bytes of the file, and on limits that count from the start of a line, a field or a record. No decision depends on
//! where a block ends: an answer that needs unread bytes is "not known yet".

use super::batch::{Field, LONGEST_FIELD, QUOTED, UNESCAPED};
use super::report::Reason;

/// Most bytes of a physical line that is split, and of all lines of one record.
pub(super) const LONGEST_LINE: usize = 1 << 24;
/// Most bytes of a character in UTF-8. A doubled quote takes two bytes.
const LONGEST_CHARACTER: usize = 4;

/// The bytes that were read and not split yet.
pub(super) struct Window {
    /// The bytes. The first byte begins a line, or continues a line that is being skipped.
    pub bytes: Vec<u8>,
    /// Whether the file ends behind these bytes.
    pub ended: bool,
    /// The byte that separates fields.
    pub delimiter: u8,
    /// Number of fields of the header, once it is read. A line with as many fields looks like a record of its own.
    pub width: Option<usize>,
    /// Most characters of a field. Limits are fields of this struct so that tests can reach them with few bytes.
    pub longest_field: usize,
    /// Most bytes of a physical line, and of a record.
    pub longest_line: usize,
    /// For each byte outside quotes: whether the field ends there, or the byte is misplaced.
    special: [bool; 256],
}

/// The result of reading one field.
pub(super) enum Scan {
    /// The field, and where it ends: before a delimiter or a line end.
    Field(Field, usize),
    /// More bytes must be read before the field is known.
    Unknown,
    /// The field is wrong. The record is kept as text up to the line end at this place.
    Wrong(Reason, usize),
}

impl Window {
    /// Makes the window of a file. `bytes` are the first bytes of the file.
    pub fn new(bytes: Vec<u8>, delimiter: u8) -> Self {
        let mut special = [false; 256];
        for byte in [delimiter, b'"', b'\n', b'\r'] {
            special[usize::from(byte)] = true;
        }
        Self {
            bytes,
            ended: false,
            delimiter,
            width: None,
            longest_field: LONGEST_FIELD,
            longest_line: LONGEST_LINE,
            special,
        }
    }

    /// Returns where the physical line ends that starts at `at`. The last line ends at the end of the file.
    /// Returns `None` when the line end has not been read.
    #[inline]
    pub fn line_end(&self, at: usize) -> Option<usize> {
        let found = memchr::memchr2(b'\n', b'\r', &self.bytes[at..]).map(|offset| at + offset);
        found.or_else(|| self.ended.then_some(self.bytes.len()))
    }

    /// Returns the place behind a line end. Returns `None` while a CR is the last byte read, because a LF may follow.
    #[inline]
    pub fn behind_line_end(&self, end: usize) -> Option<usize> {
        match self.bytes.get(end) {
            Some(b'\r') => match self.bytes.get(end + 1) {
                Some(b'\n') => Some(end + 2),
                None if !self.ended => None,
                _ => Some(end + 1),
            },
            Some(_) => Some(end + 1),
            None => Some(end),
        }
    }

    /// Whether a line or record is too long. It starts at `start`; its end may not have been read.
    #[inline]
    pub fn is_line_too_long(&self, start: usize, end: Option<usize>) -> bool {
        // An unread line end lies behind all bytes that were read.
        end.unwrap_or(self.bytes.len()) - start > self.longest_line
    }

    /// Counts the line ends between two places.
    pub fn line_ends_within(&self, start: usize, end: usize) -> u64 {
        let mut ends = 0;
        let mut at = start;
        while let Some(offset) = memchr::memchr2(b'\n', b'\r', &self.bytes[at..end]) {
            ends += 1;
            at += offset + 1;
            if self.bytes[at - 1] == b'\r' && at < end && self.bytes[at] == b'\n' {
                at += 1;
            }
        }
        ends
    }

    /// Reads the field at a place of a record. `line_end` is the end of the line on which the field starts. If the
    /// field ends on a later line, the end of that line was read too. A text with doubled quotes goes into
    /// `unescaped`.
    #[inline]
    pub fn field(&self, at: usize, record: usize, line_end: usize, unescaped: &mut String) -> Scan {
        let line = &self.bytes[..line_end];
        if line.get(at) == Some(&b'"') {
            return self.quoted(at, record, line_end, unescaped);
        }
        let mut end = at;
        while end < line.len() && !self.special[usize::from(line[end])] {
            end += 1;
        }
        if line.get(end) == Some(&b'"') {
            return Scan::Wrong(Reason::StrayQuote, line_end);
        }
        if self.is_field_too_long(at, end) {
            return Scan::Wrong(Reason::FieldTooLong, line_end);
        }
        Scan::Field(Field { start: place(at), end: place(end) }, end)
    }

    #[inline]
    fn is_field_too_long(&self, start: usize, end: usize) -> bool {
        if end - start <= self.longest_field {
            return false;
        }
        // Every character has exactly one byte that is no UTF-8 continuation byte.
        let field = &self.bytes[start..end];
        let characters = field.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        // Inside quotes every quote is doubled, and outside them there is none.
        let doubled = memchr::memchr_iter(b'"', field).count() / 2;
        characters - doubled > self.longest_field
    }

    /// Reads a field in quotes. It may contain delimiters, line ends and doubled quotes.
    #[inline]
    fn quoted(&self, open: usize, record: usize, line_end: usize, unescaped: &mut String) -> Scan {
        let bytes = &self.bytes;
        // A field of several lines whose closing quote lies beyond this place is too long, so the search stops here.
        let farthest = line_end.max(open + 2 + LONGEST_CHARACTER * self.longest_field);
        let reach = farthest.min(bytes.len());
        let mut at = open + 1;
        let mut doubled = false;
        let close = loop {
            let Some(offset) = memchr::memchr(b'"', &bytes[at.min(reach)..reach]) else {
                let is_known = self.ended || reach == farthest;
                return if is_known { Scan::Wrong(Reason::UnclosedQuote, line_end) } else { Scan::Unknown };
            };
            at += offset + 1;
            match bytes.get(at) {
                Some(b'"') => {
                    doubled = true;
                    at += 1;
                }
                None if !self.ended => return Scan::Unknown,
                _ => break at - 1,
            }
        };
        let one_line = close < line_end;
        let ends_well =
            bytes.get(at).is_none_or(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        if !ends_well {
            let reason = if one_line { Reason::StrayQuote } else { Reason::UnclosedQuote };
            return Scan::Wrong(reason, line_end);
        }
        let last_line_end = if one_line {
            line_end
        } else {
            let last = self.line_end(at);
            if self.is_line_too_long(record, last) {
                return Scan::Wrong(Reason::UnclosedQuote, line_end);
            }
            // The last line is judged as a whole, so its end must have been read: delimiters may follow the field.
            let Some(last) = last else { return Scan::Unknown };
            if self.swallowed_a_record(record, open, close) {
                return Scan::Wrong(Reason::UnclosedQuote, line_end);
            }
            last
        };
        if self.is_field_too_long(open + 1, close) {
            return Scan::Wrong(Reason::FieldTooLong, last_line_end);
        }
        let (start, end) = if doubled {
            let start = unescaped.len();
            // A record with invalid UTF-8 is refused anyway, so the replacement loses nothing.
            unescaped.push_str(&String::from_utf8_lossy(&bytes[open + 1..close]).replace("\"\"", "\""));
            (place(start) | UNESCAPED, place(unescaped.len()))
        } else {
            (place(open + 1), place(close))
        };
        Scan::Field(Field { start, end: end | QUOTED }, at)
    }

    /// Whether the lines that a quoted field covers look like records of their own: they have as many delimiters as
    /// the header. Then the opening quote is a mistake, and the next quote, far below, closes it by accident. The
    /// end of the last line must have been read.
    ///
    /// One such line proves nothing, because a text may contain commas. Either the first and the last line must look
    /// like records, or all lines between them.
    fn swallowed_a_record(&self, record: usize, open: usize, close: usize) -> bool {
        let Some(width) = self.width.filter(|width| *width > 1) else {
            return false;
        };
        let mut whole = Vec::new();
        // Counted from the line on which this field opens. Earlier lines of the record were judged with their own
        // fields.
        let before = memchr::memrchr2(b'\n', b'\r', &self.bytes[record..open]);
        let mut start = before.map_or(record, |end| record + end + 1);
        while let Some(end) = self.line_end(start) {
            let delimiters = memchr::memchr_iter(self.delimiter, &self.bytes[start..end]).count();
            whole.push(delimiters == width - 1);
            match self.behind_line_end(end) {
                Some(next) if end <= close && next > start => start = next,
                _ => break,
            }
        }
        match &whole[..] {
            [first, between @ .., last] => {
                (*first && *last) || (!between.is_empty() && between.iter().all(|is_whole| *is_whole))
            }
            _ => false,
        }
    }
}

/// Returns a place in the text of a batch as a 32-bit number.
#[inline]
pub(super) fn place(at: usize) -> u32 {
    // A batch has a few megabytes, so its places always fit.
    u32::try_from(at).unwrap_or(u32::MAX >> 1)
}
