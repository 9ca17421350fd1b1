//! Bytes into records and fields: RFC 4180, read strictly.
//!
//! A damaged record must be named and must not damage its neighbours, so this is our own reader and not
//! the `csv` crate's, which swallows rows behind a quote that is never closed. Lines may end in LF, CRLF, a lone
//! CR, or all of them. `tests.rs` holds it against the `csv` crate on files that are right.

use std::io::Read;

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
    /// How much is read at once.
    block: usize,
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
        Self {
            input,
            delimiter,
            special,
            width: None,
            buffer: start,
            ended: false,
            skipping: false,
            line: 1,
            block: BLOCK,
        }
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
        let wanted = self.block.max(self.buffer.len());
        let size = self.input.by_ref().take(wanted as u64).read_to_end(&mut self.buffer)?;
        self.ended = size < wanted;
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
        // Looked up once a line: a line may have millions of fields.
        let mut line_end = self.line_end(start);
        let end = loop {
            if line_end.is_some_and(|end| end < at) {
                line_end = self.line_end(at);
            }
            match self.field(at, start, line_end, &mut batch.unescaped) {
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
                    // Where an earlier field has run over the line's end, that is what went wrong: the record
                    // is its first line, and the others are read for themselves.
                    let first_line = self.line_end(start).filter(|end| *end < at);
                    let (from, behind) = first_line.map_or((at, behind), |end| (start, end));
                    if first_line.is_some() {
                        batch.fields.truncate(first_field);
                        batch.unescaped.truncate(first_unescaped);
                    }
                    fault = Some(if first_line.is_some() { Reason::UnclosedQuote } else { reason });
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
                    self.rest_as_text(from, end, &mut batch.fields);
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

    fn field(&self, at: usize, record: usize, line_end: Option<usize>, unescaped: &mut String) -> Scan {
        if self.buffer.get(at) == Some(&b'"') {
            return self.quoted(at, record, line_end, unescaped);
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
        let field = &self.buffer[start..end];
        let characters = field.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        // Within quotes, a quote is written twice; outside there is none.
        let doubled = memchr::memchr_iter(b'"', field).count() / 2;
        characters - doubled > LONGEST_FIELD
    }

    /// Reads a field in quotes, which may have delimiters, line ends and doubled quotes in it.
    fn quoted(&self, open: usize, record: usize, line_end: Option<usize>, unescaped: &mut String) -> Scan {
        let buffer = &self.buffer;
        let first_line_end = line_end;
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
        if !one_line && (at - record > LONGEST_LINE || self.swallowed_a_record(record, open, close)) {
            return wrong(Reason::UnclosedQuote);
        }
        if close - open > LONGEST_FIELD && self.is_too_long(open + 1, close) {
            return Scan::Wrong(Reason::FieldTooLong, at);
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

    /// Whether the lines that a quoted field runs over look like records by themselves: they have as many delimiters
    /// as the header. Then the quote was never meant to run on, and closing it far below is an accident.
    ///
    /// A text may have commas, so one such line says nothing. It is the first and the last that must both look so, or
    /// all between them.
    fn swallowed_a_record(&self, record: usize, open: usize, close: usize) -> bool {
        let Some(width) = self.width.filter(|width| *width > 1) else {
            return false;
        };
        let mut whole = Vec::new();
        // From the line on which this field opens: earlier lines of the record were looked at with theirs.
        let before = memchr::memrchr2(b'\n', b'\r', &self.buffer[record..open]);
        let mut start = before.map_or(record, |end| record + end + 1);
        while let Some(end) = self.line_end(start) {
            let delimiters = memchr::memchr_iter(self.delimiter, &self.buffer[start..end]).count();
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// All records of a text: their fields, or what is wrong with them, and their lines.
    fn split(text: &[u8], block: usize, width: Option<usize>) -> Vec<(Result<Vec<String>, Reason>, u64)> {
        let mut splitter = Splitter::new(Vec::new(), text, b',');
        splitter.block = block;
        splitter.width = width;
        let mut found = Vec::new();
        let mut size = 0;
        while let Some(batch) = splitter.next_batch().unwrap() {
            size += batch.size;
            for record in &batch.records {
                let fields = (0..batch.width(record)).map(|place| batch.text(record, place).to_owned());
                found.push((record.fault.map_or_else(|| Ok(fields.collect()), Err), record.line));
            }
        }
        assert_eq!(size, text.len() as u64, "every byte belongs to some batch");
        found
    }

    fn fields(text: &[u8], block: usize) -> Vec<Result<Vec<String>, Reason>> {
        split(text, block, None).into_iter().map(|(record, _)| record).collect()
    }

    const PIECES: [&str; 12] = ["a", "KAZ", "\"", ",", "\n", "\r\n", "\r", "й", " ", "2020", "'", ";"];

    fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
        let field = vec(select(&PIECES[..]), 0..5).prop_map(|pieces| pieces.concat());
        vec(vec(field, 3), 1..12)
    }

    proptest! {
        #[test]
        fn a_file_that_the_csv_crate_wrote_is_read_as_it_was_written(
            rows in table(),
            end in select(vec!["\n", "\r\n", "\r"]),
            block in 1_usize..40,
        ) {
            let terminator = match end {
                "\n" => csv::Terminator::Any(b'\n'),
                "\r" => csv::Terminator::Any(b'\r'),
                _ => csv::Terminator::CRLF,
            };
            let mut out = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
            for row in &rows {
                out.write_record(row).unwrap();
            }
            let text = out.into_inner().unwrap();
            let expected: Vec<Result<Vec<String>, Reason>> = rows.into_iter().map(Ok).collect();
            prop_assert_eq!(fields(&text, block), expected);
        }

        #[test]
        fn no_bytes_are_too_odd_and_blocks_change_nothing(
            pieces in vec(select(vec![
                &b"\""[..], b",", b"\n", b"\r", b"a", b"\xff", b"\xd0", b"\xb9", b"\0", b"\t", b"\"\"", b"x,y,z\n",
            ]), 0..60),
            block in 1_usize..40,
            width in select(vec![None, Some(3)]),
        ) {
            let text = pieces.concat();
            let whole = split(&text, 1 << 20, width);
            prop_assert_eq!(split(&text, block, width), whole.clone());
            prop_assert!(whole.is_sorted_by(|(_, left), (_, right)| left < right));
        }

        #[test]
        fn two_stray_quotes_spoil_two_records_at_most(places in vec(0_usize..2000, 1..=2)) {
            let mut text: Vec<u8> = Vec::new();
            for row in 0..60 {
                text.extend(format!("C{row},D{row},KAZ,KAZ-274,2020-04-20,pending\n").bytes());
            }
            for place in places {
                text.insert(place.min(text.len()), b'"');
            }
            let found = split(&text, 1 << 20, Some(6));
            let right = found.iter().filter(|(record, _)| record.as_ref().is_ok_and(|fields| fields.len() == 6));
            prop_assert!(right.count() >= 58, "{found:?}");
            // A quote that was put between two records may join them to one; nothing else may.
            prop_assert!(found.len() >= 59, "{found:?}");
        }
    }

    #[test]
    fn a_text_of_several_lines_is_no_accident() {
        for text in [
            "a,b,\"one\ntwo\"\n",
            "\"one\ntwo\",b,c\n",
            "a,\"one\ntwo\",c\n",
            "a,\"one, two\nthree\",c\n",
            "a,\"one\ntwo, three\",c\n",
        ] {
            let found = split(text.as_bytes(), 64, Some(3));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].0.is_ok(), "{found:?}");
        }
    }

    #[test]
    fn a_quote_that_would_run_over_whole_records_is_not_closed_there() {
        let text = b"a,\"b,c\nd,e,f\ng,h\",i\nj,k,l\n";
        let found = split(text, 64, Some(3));
        assert_eq!(found[0], (Err(Reason::UnclosedQuote), 1));
        assert_eq!(found[1].0, Ok(["d", "e", "f"].map(str::to_owned).to_vec()));
        assert_eq!(found[2], (Err(Reason::StrayQuote), 3));
        assert_eq!(found[3].0, Ok(["j", "k", "l"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn hostile_quotes_take_no_longer_than_their_bytes() {
        // Each of these took the square of its length.
        let lines = "\"\n\",".repeat(200_000);
        assert!(!split(lines.as_bytes(), BLOCK, Some(3)).is_empty());
        let fields = "\"a\",".repeat(1_000_000);
        assert_eq!(split(fields.as_bytes(), BLOCK, Some(3)).len(), 1);
    }

    #[test]
    fn a_line_without_end_is_given_up_and_does_not_fill_the_memory() {
        let mut text = b"a,b\n".to_vec();
        text.extend(vec![b'x'; LONGEST_LINE + 5_000_000]);
        text.extend(b"\nc,d\n");
        let found = split(&text, BLOCK, Some(2));
        assert_eq!(found.len(), 3, "{}", found.len());
        assert_eq!(found[1], (Err(Reason::FieldTooLong), 2));
        assert_eq!(found[2], (Ok(["c", "d"].map(str::to_owned).to_vec()), 3));
    }
}
