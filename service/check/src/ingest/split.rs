//! A strict CSV reader (RFC 4180): it splits bytes into records.
//!
//! A damaged record must be named and must not damage its neighbours. The `csv` crate does not promise this: it
//! swallows the rows behind a quote that is never closed. Lines may end in LF, CRLF or a lone CR, also mixed in one
//! file. The tests compare the reader with the `csv` crate on files without faults, and with itself reading in blocks
//! of other sizes, which must not change the records.

use std::io::Read;

use super::batch::{Batch, Field, PassedOver, QUOTED, Record, UNESCAPED};
use super::report::Reason;
use super::window::{Scan, Window, place};

/// Bytes that are read at once.
const BLOCK: usize = 1 << 18;
/// Bytes of a skipped line that are kept for the report.
const SHOWN_OF_GIVEN_UP: usize = 256;

/// A splitter of a file into batches of records.
pub struct Splitter<R> {
    input: R,
    /// Bytes that were read and are not split yet.
    window: Window,
    /// Whether the next bytes are the rest of a line that was too long and is being skipped.
    skipping: bool,
    line: u64,
    /// Bytes that are read at once.
    block: usize,
}

impl<R: Read> Splitter<R> {
    /// Makes a splitter for a file. `start` holds the bytes that were already read, `input` the rest.
    pub fn new(start: Vec<u8>, input: R, delimiter: u8) -> Self {
        Self { input, window: Window::new(start, delimiter), skipping: false, line: 1, block: BLOCK }
    }

    /// Sets the number of fields of the header.
    pub fn set_width(&mut self, width: usize) {
        self.window.width = Some(width);
    }

    /// Returns the file.
    pub fn into_input(self) -> R {
        self.input
    }

    /// Reads and splits the next block. Returns `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_batch(&mut self) -> std::io::Result<Option<Batch>> {
        self.batch_of(usize::MAX)
    }

    /// Reads only the first record, or the blank lines above it.
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
                let rest = self.window.bytes.split_off(taken);
                let text = std::mem::replace(&mut self.window.bytes, rest);
                batch.fill(text, self.window.delimiter);
                return Ok(Some(batch));
            }
            if self.window.ended {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> std::io::Result<()> {
        let wanted = self.block.max(self.window.bytes.len());
        let size = self.input.by_ref().take(wanted as u64).read_to_end(&mut self.window.bytes)?;
        self.window.ended = size < wanted;
        Ok(())
    }

    /// Splits the bytes in the window. Returns how many bytes the complete records took.
    fn split(&mut self, batch: &mut Batch, most: usize) -> usize {
        let mut at = 0;
        while at < self.window.bytes.len() && batch.records.len() < most {
            if self.skipping {
                at = self.skip(at);
                if self.skipping {
                    break;
                }
                continue;
            }
            let end = self.window.line_end(at);
            if self.window.is_line_too_long(at, end) {
                at = self.give_up(at, batch);
                continue;
            }
            let Some(end) = end else { break };
            if end == at || self.window.bytes[at..end].iter().all(|&byte| byte == b' ') {
                let Some(next) = self.window.behind_line_end(end) else { break };
                let blank = PassedOver { blank_lines: Some((1, self.line)), ..PassedOver::default() };
                batch.passed_over.add(&blank);
                self.line += 1;
                at = next;
                continue;
            }
            let Some(next) = self.record(at, end, batch) else { break };
            at = next;
        }
        at
    }

    /// Adds a record without fields for a line that is too long. Returns the place from which the rest of the line is
    /// skipped.
    fn give_up(&mut self, start: usize, batch: &mut Batch) -> usize {
        let shown = start + SHOWN_OF_GIVEN_UP.min(self.window.longest_line);
        // The cut must not split a character: the record would then be refused as invalid UTF-8.
        let first_byte = |at: &usize| self.window.bytes[*at] & 0xc0 != 0x80;
        let shown = (start..=shown).rev().take(4).find(first_byte).unwrap_or(shown);
        let fields = place(batch.fields.len());
        batch.records.push(Record {
            fields: fields..fields,
            bytes: place(start)..place(shown),
            line: self.line,
            fault: Some(Reason::FieldTooLong),
        });
        self.line += 1;
        self.skipping = true;
        shown
    }

    /// Skips the bytes of a line that is too long, as far as they were read. Returns the place behind them.
    fn skip(&mut self, at: usize) -> usize {
        let next = self.window.line_end(at).and_then(|end| self.window.behind_line_end(end));
        self.skipping = next.is_none();
        // The last byte stays: it may be a CR whose LF has not been read.
        let next = next.unwrap_or(self.window.bytes.len() - 1);
        // Skipped bytes are blanked, so that their encoding is not checked. A check would depend on where the block
        // ends.
        self.window.bytes[at..next].fill(b' ');
        next
    }

    /// Splits one record whose first line was read. Returns the place behind its line end, or `None` when more bytes
    /// must be read.
    fn record(&mut self, start: usize, first_line_end: usize, batch: &mut Batch) -> Option<usize> {
        let (first_field, first_unescaped) = (batch.fields.len(), batch.unescaped.len());
        let read = self.fields(start, first_line_end, batch);
        let read = read.and_then(|(end, fault)| Some((end, self.window.behind_line_end(end)?, fault)));
        let Some((end, next, fault)) = read else {
            batch.fields.truncate(first_field);
            batch.unescaped.truncate(first_unescaped);
            return None;
        };
        if fault.is_none() && batch.fields[first_field..].iter().all(|field| self.is_empty(field)) {
            let empty = PassedOver { empty_rows: Some((1, self.line)), ..PassedOver::default() };
            batch.passed_over.add(&empty);
            batch.fields.truncate(first_field);
        } else {
            batch.records.push(Record {
                fields: place(first_field)..place(batch.fields.len()),
                bytes: place(start)..place(end),
                line: self.line,
                fault,
            });
        }
        let more_lines = if end > first_line_end { self.window.line_ends_within(start, end) } else { 0 };
        self.line += 1 + more_lines;
        Some(next)
    }

    /// Whether a field has nothing but spaces and tabs in it.
    #[inline]
    fn is_empty(&self, field: &Field) -> bool {
        let (start, end) = (field.start as usize, (field.end & !QUOTED) as usize);
        // A field with doubled quotes is not empty.
        field.start & UNESCAPED == 0 && self.window.bytes[start..end].iter().all(|byte| b" \t".contains(byte))
    }

    /// Reads the fields of a record. Returns where the record ends, and its fault if it has one.
    fn fields(
        &self,
        start: usize,
        first_line_end: usize,
        batch: &mut Batch,
    ) -> Option<(usize, Option<Reason>)> {
        let (first_field, first_unescaped) = (batch.fields.len(), batch.unescaped.len());
        let (mut at, mut line_end) = (start, first_line_end);
        loop {
            match self.window.field(at, start, line_end, &mut batch.unescaped) {
                Scan::Field(field, end) => {
                    batch.fields.push(field);
                    if self.window.bytes.get(end) != Some(&self.window.delimiter) {
                        return Some((end, None));
                    }
                    if end > line_end {
                        line_end = self.window.line_end(end)?;
                    }
                    at = end + 1;
                }
                Scan::Unknown => return None,
                // The rest of the record is kept as plain text up to the line end, so that reading goes on with the
                // next line.
                Scan::Wrong(reason, end) if at <= first_line_end => {
                    self.rest_as_text(at, end, &mut batch.fields);
                    return Some((end, Some(reason)));
                }
                // An earlier field ran past the line end, which caused the fault. The record is therefore only its
                // first line, and the other lines are read as records of their own.
                Scan::Wrong(..) => {
                    batch.fields.truncate(first_field);
                    batch.unescaped.truncate(first_unescaped);
                    self.rest_as_text(start, first_line_end, &mut batch.fields);
                    return Some((first_line_end, Some(Reason::UnclosedQuote)));
                }
            }
        }
    }

    fn rest_as_text(&self, mut at: usize, end: usize, fields: &mut Vec<Field>) {
        loop {
            let found = memchr::memchr(self.window.delimiter, &self.window.bytes[at..end])
                .map_or(end, |offset| at + offset);
            fields.push(Field { start: place(at), end: place(found) });
            if found == end {
                return;
            }
            at = found + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::batch::LONGEST_FIELD;
    use super::super::window::LONGEST_LINE;
    use super::*;

    /// A record as the tests compare it: its line, its fault, its fields and its bytes.
    type RecordRead = (u64, Option<Reason>, Vec<String>, Vec<u8>);

    /// Everything that was read from a text.
    #[derive(Debug, Default, Clone, PartialEq)]
    struct Reading {
        records: Vec<RecordRead>,
        passed_over: PassedOver,
        beyond_ascii: (u64, u64),
        size: u64,
    }

    impl Reading {
        fn take(&mut self, batch: &Batch) {
            for record in &batch.records {
                let fields = (0..batch.width(record)).map(|place| batch.restored(record, place)).collect();
                self.records.push((record.line, record.fault, fields, batch.raw(record)));
            }
            self.passed_over.add(&batch.passed_over);
            self.beyond_ascii.0 += batch.beyond_ascii.0;
            self.beyond_ascii.1 += batch.beyond_ascii.1;
            self.size += batch.size;
        }
    }

    /// How a text is read: bytes already read, bytes read at once, whether the first record is read alone.
    type Way = (usize, usize, bool);

    fn reading(
        text: &[u8],
        (start, block, alone): Way,
        width: Option<usize>,
        limits: (usize, usize),
    ) -> Reading {
        let (start, input) = text.split_at(start.min(text.len()));
        let mut splitter = Splitter::new(start.to_vec(), input, b',');
        splitter.block = block;
        splitter.window.width = width;
        (splitter.window.longest_field, splitter.window.longest_line) = limits;
        let mut found = Reading::default();
        while alone && found.records.is_empty() {
            let Some(batch) = splitter.first_record().unwrap() else { break };
            found.take(&batch);
        }
        while let Some(batch) = splitter.next_batch().unwrap() {
            found.take(&batch);
        }
        assert_eq!(found.size, text.len() as u64, "every byte belongs to some batch");
        found
    }

    /// Returns all records of a text: the fields or the fault of each, and its line.
    fn split(text: &[u8], block: usize, width: Option<usize>) -> Vec<(Result<Vec<String>, Reason>, u64)> {
        reading(text, (0, block, false), width, (LONGEST_FIELD, LONGEST_LINE))
            .records
            .into_iter()
            .map(|(line, fault, fields, _)| (fault.map_or(Ok(fields), Err), line))
            .collect()
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
            let is_filled = |row: &Vec<String>| row.iter().any(|field| !field.trim_matches(' ').is_empty());
            let expected: Vec<Result<Vec<String>, Reason>> = rows.into_iter().filter(is_filled).map(Ok).collect();
            prop_assert_eq!(fields(&text, block), expected);
        }

        #[test]
        fn no_bytes_are_too_odd_and_blocks_change_nothing(
            pieces in vec(select(vec![
                &b"\""[..], b",", b"\n", b"\r", b"a", b"\xff", b"\xd0", b"\xb9", b"\0", b"\t", b"\"\"", b"x,y,z\n",
                b" ", b"\r\n", b"\",\"", b"\xf0\x9f\x98\x80",
            ]), 0..60),
            start in 0_usize..80,
            block in 1_usize..40,
            alone in any::<bool>(),
            width in select(vec![None, Some(2), Some(3)]),
            longest_field in select(vec![1, 4, LONGEST_FIELD]),
            longest_line in select(vec![4, 12, 40, LONGEST_LINE]),
        ) {
            let text = pieces.concat();
            let limits = (longest_field, longest_line);
            let whole = reading(&text, (0, 1 << 20, false), width, limits);
            prop_assert_eq!(&reading(&text, (start, block, alone), width, limits), &whole);
            prop_assert!(whole.records.is_sorted_by(|left, right| left.0 < right.0));
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
            // A quote between two records may join them into one; nothing else may.
            prop_assert!(found.len() >= 59, "{found:?}");
        }
    }

    #[test]
    fn a_quote_is_judged_by_its_whole_last_line() {
        // The first and the third line look like records of three fields. The last does not, once it is read to its
        // end.
        let text = b",,\"\n\n,,\n\",\n";
        let whole = split(text, 64, Some(3));
        assert_eq!(whole, [(Ok(["", "", "\n\n,,\n", ""].map(str::to_owned).to_vec()), 1)]);
        for block in 1..=text.len() {
            assert_eq!(split(text, block, Some(3)), whole, "block {block}");
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
        // Reading each of these once took time in the square of its length.
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
        for block in [BLOCK, 1 << 26] {
            let found = split(&text, block, Some(2));
            assert_eq!(found.len(), 3, "{}", found.len());
            assert_eq!(found[1], (Err(Reason::FieldTooLong), 2));
            assert_eq!(found[2], (Ok(["c", "d"].map(str::to_owned).to_vec()), 3));
        }
    }

    #[test]
    fn a_line_that_is_given_up_is_shown_by_its_whole_first_characters() {
        let text = format!("ab{}\nc\n", "й".repeat(20));
        let found = reading(text.as_bytes(), (0, 7, false), None, (LONGEST_FIELD, 15));
        let given_up = (1, Some(Reason::FieldTooLong), Vec::new(), "abйййййй".as_bytes().to_vec());
        assert_eq!(found.records, [given_up, (2, None, vec!["c".to_owned()], b"c".to_vec())]);
    }

    #[test]
    fn a_quote_that_is_closed_too_far_below_spoils_its_line_alone() {
        let text = format!("a,b\n\"{}\",c\nd,e\n", "x\n".repeat(200_000));
        let whole = split(text.as_bytes(), 1 << 26, Some(2));
        assert_eq!(whole.len(), 200_003);
        assert_eq!(whole[1], (Err(Reason::UnclosedQuote), 2));
        assert_eq!(whole[200_002], (Ok(["d", "e"].map(str::to_owned).to_vec()), 200_003));
        for block in [1000, BLOCK] {
            assert_eq!(split(text.as_bytes(), block, Some(2)), whole);
        }
    }
}
