//! What has been read of a file and is not split yet: where its lines end, and what its fields are.
//!
//! How much is read at once must change nothing. So everything here is decided by bytes of the file and by limits that
//! count from the start of a line, a field or a record, never by where that which has been read happens to end. While an answer
//! takes bytes that have not been read, it is that nothing is known yet.

use super::batch::{Field, LONGEST_FIELD, QUOTED, UNESCAPED};
use super::report::Reason;

/// Most bytes of one physical line that are looked at as a record, and of all lines of one record.
pub(super) const LONGEST_LINE: usize = 1 << 24;
/// Most bytes that a character takes in UTF-8; a doubled quote takes two.
const LONGEST_CHARACTER: usize = 4;

/// The bytes that were read and not split yet.
pub(super) struct Window {
    /// The bytes; the first begins a line, or goes on with one that was given up.
    pub bytes: Vec<u8>,
    /// Whether the file ends behind them.
    pub ended: bool,
    /// What separates fields.
    pub delimiter: u8,
    /// Fields of the header, once it was read: how a line looks that is a record by itself.
    pub width: Option<usize>,
    /// Most characters of a field. The limits are fields so that tests can reach them with few bytes.
    pub longest_field: usize,
    /// Most bytes of a physical line, and of a record.
    pub longest_line: usize,
    /// What each byte means outside quotes: whether a field ends or goes on strangely at it.
    special: [bool; 256],
}

/// How one field was read.
pub(super) enum Scan {
    /// It ends at this place, before a delimiter or line end.
    Field(Field, usize),
    /// More must be read before it is known.
    Unknown,
    /// It is wrong; the record is text up to the line end at this place.
    Wrong(Reason, usize),
}

impl Window {
    /// Makes the window of a file that begins with these bytes.
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

    /// Returns where the physical line ends that starts at a place; at the end of a file that is its end. `None` when
    /// that has not been read.
    #[inline]
    pub fn line_end(&self, at: usize) -> Option<usize> {
        let found = memchr::memchr2(b'\n', b'\r', &self.bytes[at..]).map(|offset| at + offset);
        found.or_else(|| self.ended.then_some(self.bytes.len()))
    }

    /// Returns the place behind a line end; `None` when it is not known yet whether a LF follows the CR.
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

    /// Whether a line or record that starts at a place is too long, where its line end is known or not.
    #[inline]
    pub fn is_line_too_long(&self, start: usize, end: Option<usize>) -> bool {
        // Where no line end has been read, it is behind everything that has.
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

    /// Reads the field that starts at a place of a record; `line_end` is where the line ends on which it starts. Where it
    /// ends on another, the end of that one has been read too. Text with doubled quotes goes into `unescaped`.
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
        // Every character has one byte that does not go on from the byte before it.
        let field = &self.bytes[start..end];
        let characters = field.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        // Within quotes, a quote is written twice; outside there is none.
        let doubled = memchr::memchr_iter(b'"', field).count() / 2;
        characters - doubled > self.longest_field
    }

    /// Reads a field in quotes, which may have delimiters, line ends and doubled quotes in it.
    #[inline]
    fn quoted(&self, open: usize, record: usize, line_end: usize, unescaped: &mut String) -> Scan {
        let bytes = &self.bytes;
        // A field of several lines that is closed farther away is too long; it is not looked for there.
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
            // The last line is judged whole: its delimiters behind the field may be still to be read.
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
            // Bytes that are no UTF-8 refuse the record anyway.
            unescaped.push_str(&String::from_utf8_lossy(&bytes[open + 1..close]).replace("\"\"", "\""));
            (place(start) | UNESCAPED, place(unescaped.len()))
        } else {
            (place(open + 1), place(close))
        };
        Scan::Field(Field { start, end: end | QUOTED }, at)
    }

    /// Whether the lines that a quoted field runs over look like records by themselves: they have as many delimiters
    /// as the header. Then the quote was never meant to run on, and closing it far below is an accident. The end of
    /// the last of them must have been read.
    ///
    /// A text may have commas, so one such line says nothing. It is the first and the last that must both look so, or
    /// all between them.
    fn swallowed_a_record(&self, record: usize, open: usize, close: usize) -> bool {
        let Some(width) = self.width.filter(|width| *width > 1) else {
            return false;
        };
        let mut whole = Vec::new();
        // From the line on which this field opens: earlier lines of the record were looked at with theirs.
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

/// Returns a place in a batch's text as it is kept.
#[inline]
pub(super) fn place(at: usize) -> u32 {
    // A batch is some megabytes.
    u32::try_from(at).unwrap_or(u32::MAX >> 1)
}
