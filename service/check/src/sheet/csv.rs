//! A CSV file as a sheet: the same strict splitting as that of a package's files.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251, WINDOWS_1252};

use crate::domain::Say;
use crate::ingest::batch::Batch;
use crate::ingest::split::Splitter;
use crate::package::decoding::decoded;
use crate::package::{Input, Resource, Source};

use super::facts::{Facts, Rows};
use super::limits::unread;
use super::row::{MOST_COLUMNS, Marks, Row, Value};

/// Bytes whose letters are looked at when an encoding is suggested.
const LOOKED_AT: usize = 1 << 16;
/// Bytes that the delimiter is looked for in.
const START: usize = 1 << 14;
/// Signs that separate fields. The first of those that are equally frequent is taken.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a CSV file that is being read.
pub struct Csv<'i> {
    splitter: Splitter<Source<'i>>,
    batch: Batch,
    at: usize,
    facts: Facts,
}

impl<'i> Csv<'i> {
    /// Reads a file from its beginning. Without an encoding it is UTF-8, or what its mark says; without a delimiter, the one that its
    /// first line has most of.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(
        mut input: Box<dyn Input + 'i>,
        encoding: Option<&'static Encoding>,
        delimiter: Option<u8>,
    ) -> Result<Self, Say> {
        let mut mark = Vec::new();
        input
            .rewind()
            .and_then(|()| input.by_ref().take(3).read_to_end(&mut mark))
            .map_err(|error| unread(&error))?;
        input.rewind().map_err(|error| unread(&error))?;
        let by_mark = Encoding::for_bom(&mark).map(|(encoding, _)| encoding);
        let encoding = Some(by_mark.or(encoding).unwrap_or(UTF_8));
        let mut source = Source::new(Box::new(input), &Resource { encoding, ..Resource::default() });
        let mut start = Vec::new();
        source.by_ref().take(START as u64).read_to_end(&mut start).map_err(|error| unread(&error))?;
        let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&start));
        let splitter = Splitter::new(start, source, delimiter);
        Ok(Self { splitter, batch: Batch::default(), at: 0, facts: Facts::default() })
    }
}

/// Returns the sign that the first line with any text has most of.
fn delimiter_of(start: &[u8]) -> u8 {
    let mut lines = start.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |sign: &u8| memchr::memchr_iter(*sign, first).count();
    // The last of equal ones would win.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Returns the encoding that a file seems to have, or `None` when it is UTF-8 or begins with a mark.
///
/// # Errors
/// When the file cannot be read.
pub fn suggested_encoding(input: &mut dyn Input) -> io::Result<Option<&'static Encoding>> {
    input.seek(SeekFrom::Start(0))?;
    let (mut bytes, mut is_first, mut ended) = (Vec::new(), true, false);
    while !ended {
        let size = (&mut *input).take(1 << 18).read_to_end(&mut bytes)?;
        ended = size == 0;
        if is_first && Encoding::for_bom(&bytes).is_some() {
            return Ok(None);
        }
        is_first = false;
        match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.clear(),
            // A letter may be cut in two by the end of what was read.
            Err(error) if error.error_len().is_none() && !ended => drop(bytes.drain(..error.valid_up_to())),
            Err(error) => {
                let from = error.valid_up_to().saturating_sub(LOOKED_AT / 2);
                let looked_at = &bytes[from..bytes.len().min(from + LOOKED_AT)];
                return Ok(Some(if is_cyrillic(looked_at) { WINDOWS_1251 } else { WINDOWS_1252 }));
            }
        }
    }
    Ok(None)
}

/// Whether most bytes beyond ASCII are letters of words when they are read as windows-1251: small letters behind letters, which the
/// accents of other languages are not.
fn is_cyrillic(bytes: &[u8]) -> bool {
    let text = decoded(WINDOWS_1251, bytes);
    let signs: Vec<char> = text.chars().collect();
    let is_own = |sign: char| ('\u{400}'..='\u{4ff}').contains(&sign);
    let beyond = signs.iter().filter(|sign| !sign.is_ascii()).count();
    let in_words =
        signs.windows(2).filter(|pair| is_own(pair[0]) && is_own(pair[1]) && pair[1].is_lowercase()).count();
    in_words * 2 > beyond
}

impl Rows for Csv<'_> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Say> {
        while self.at >= self.batch.records.len() {
            // Counted behind the rows of a batch, so that what is counted stands above the next row.
            let passed_over = [self.batch.passed_over.blank_lines, self.batch.passed_over.empty_rows];
            self.facts.empty_rows += passed_over.into_iter().flatten().map(|(count, _)| count).sum::<u64>();
            self.batch = Batch::default();
            self.at = 0;
            let Some(batch) = self.splitter.next_batch().map_err(|error| unread(&error))? else {
                return Ok(false);
            };
            self.batch = batch;
        }
        let record = &self.batch.records[self.at];
        self.at += 1;
        row.begin(u32::try_from(record.line).unwrap_or(u32::MAX), false);
        row.fault = record.fault;
        let width = u32::try_from(self.batch.width(record)).unwrap_or(MOST_COLUMNS).min(MOST_COLUMNS);
        for column in 0..width {
            match self.batch.text(record, column as usize) {
                "" => {}
                text => row.set(column, Value::Text(text), Marks::default()),
            }
        }
        self.facts.width = self.facts.width.max(width);
        self.facts.last_row = row.number;
        Ok(true)
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }
}
