//! A batch of records that are split, and whose fields are not parsed yet.

use super::report::Reason;

/// Most characters a field may have.
pub const LONGEST_FIELD: usize = 65_536;
/// Characters that are kept of a field that is too long: more than a report ever shows.
const SHOWN_OF_LONGEST: usize = 256;

/// Marks a field that stood in quotes.
pub(super) const QUOTED: u32 = 1 << 31;
/// Marks a field whose text is in [`Batch::unescaped`].
pub(super) const UNESCAPED: u32 = 1 << 31;

/// Where the text of a field stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// The first byte. With [`UNESCAPED`] the place is in the text of unescaped fields.
    pub start: u32,
    /// The byte behind the last one. With [`QUOTED`] the field stood in quotes.
    pub end: u32,
}

/// A record of a file, before its fields are parsed.
#[derive(Debug, Clone)]
pub struct Record {
    /// The range of its fields among the fields of the batch.
    pub(super) fields: std::ops::Range<u32>,
    /// The range of its bytes in the text, without the line end.
    pub(super) bytes: std::ops::Range<u32>,
    /// The physical line on which it starts. The first line of a file is 1.
    pub line: u64,
    /// The fault of its form, if it has one.
    pub fault: Option<Reason>,
}

/// Lines of a file that are passed over: of each kind their number, and the line of the first.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PassedOver {
    /// Lines with nothing on them.
    pub blank_lines: Option<(u64, u64)>,
    /// Rows in which all fields are empty. Spreadsheets leave them behind the last row.
    pub empty_rows: Option<(u64, u64)>,
}

impl PassedOver {
    /// Adds the lines that come behind those counted so far.
    pub fn add(&mut self, behind: &Self) {
        for (so_far, more) in
            [(&mut self.blank_lines, behind.blank_lines), (&mut self.empty_rows, behind.empty_rows)]
        {
            if let Some((count, first)) = more {
                let (before, earliest) = so_far.unwrap_or((0, first));
                *so_far = Some((before + count, earliest));
            }
        }
    }
}

/// A batch of records of a file, in order.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    /// The texts of fields with doubled quotes, after each pair became a single quote.
    pub(super) unescaped: String,
    /// The fields of all records.
    pub(super) fields: Vec<Field>,
    /// The records.
    pub records: Vec<Record>,
    /// Lines that are no records.
    pub passed_over: PassedOver,
    /// Bytes that are not valid UTF-8: the place of each in the text, and its value.
    damage: Vec<(u32, u8)>,
    /// The number of invalid UTF-8 sequences, and of characters beyond ASCII.
    pub beyond_ascii: (u64, u64),
    /// Bytes of the file that the batch took, blank lines and line ends included.
    pub size: u64,
}

impl Batch {
    /// Returns how many fields a record has.
    #[inline]
    pub fn width(&self, record: &Record) -> usize {
        record.fields.len()
    }

    /// Returns a field of a record, or `""` when the record has fewer fields.
    #[inline]
    pub fn text(&self, record: &Record, place: usize) -> &str {
        let fields = &self.fields[record.fields.start as usize..record.fields.end as usize];
        let Some(field) = fields.get(place) else { return "" };
        let end = (field.end & !QUOTED) as usize;
        if field.start & UNESCAPED != 0 {
            &self.unescaped[(field.start & !UNESCAPED) as usize..end]
        } else {
            &self.text[field.start as usize..end]
        }
    }

    /// Returns a field in which every invalid UTF-8 byte is shown as U+FFFD.
    pub fn restored(&self, record: &Record, place: usize) -> String {
        let field = self.fields[record.fields.start as usize + place];
        if record.fault != Some(Reason::InvalidUtf8) || field.start & UNESCAPED != 0 {
            return self.text(record, place).to_owned();
        }
        let raw = self.raw(record);
        let start = field.start.saturating_sub(record.bytes.start) as usize;
        let end = (field.end & !QUOTED).saturating_sub(record.bytes.start) as usize;
        String::from_utf8_lossy(raw.get(start..end).unwrap_or_default()).into_owned()
    }

    /// Returns the bytes of a record as they stand in the file, without the line end.
    pub fn raw(&self, record: &Record) -> Vec<u8> {
        let (start, end) = (record.bytes.start as usize, record.bytes.end as usize);
        let mut bytes = self.text.as_bytes().get(start..end).unwrap_or_default().to_vec();
        let first = self.damage.partition_point(|(place, _)| (*place as usize) < start);
        for &(place, byte) in self.damage[first..].iter().take_while(|(place, _)| (*place as usize) < end) {
            bytes[place as usize - start] = byte;
        }
        bytes
    }

    /// Sets the text of the batch. Invalid UTF-8 is replaced by spaces, and the records that contain it get that
    /// fault.
    pub(super) fn fill(&mut self, mut bytes: Vec<u8>, delimiter: u8) {
        self.size = bytes.len() as u64;
        if !bytes.is_ascii() {
            self.mark_damage(&mut bytes);
        }
        self.text = String::from_utf8(bytes).expect("every byte that is no UTF-8 was replaced");
        for &(place, _) in &self.damage {
            let behind = self.records.partition_point(|record| record.bytes.start <= place);
            if let Some(record) = behind.checked_sub(1).map(|at| &mut self.records[at])
                && place < record.bytes.end
            {
                record.fault = Some(Reason::InvalidUtf8);
            }
        }
        // Nearly every file is ASCII without control characters. Testing the bytes without a branch for each makes
        // the whole check eight per cent faster (measured against `any` over the bytes).
        let odd = |byte: u8| {
            ((byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != delimiter)) | (byte >= 0x7f)
        };
        let has_odd = |chunk: &[u8]| chunk.iter().fold(false, |found, &byte| found | odd(byte));
        if !self.text.as_bytes().chunks(256).any(has_odd) {
            return;
        }
        for at in 0..self.records.len() {
            let record = &self.records[at];
            if record.fault.is_none() && self.has_control_character(record) {
                self.records[at].fault = Some(Reason::ControlCharacter);
            }
        }
    }

    /// Whether a field has a control character, other than a tab or a line end in quotes.
    fn has_control_character(&self, record: &Record) -> bool {
        (0..record.fields.len()).any(|place| {
            let quoted = self.fields[record.fields.start as usize + place].end & QUOTED != 0;
            self.text(record, place)
                .chars()
                .any(|symbol| symbol.is_control() && !(quoted && matches!(symbol, '\t' | '\n' | '\r')))
        })
    }

    /// Adds a record of cells that another reader decoded to UTF-8. It gets the same faults as a record that was
    /// split from CSV, and a cell that is too long is cut.
    pub fn push_record(&mut self, line: u64, cells: impl Iterator<Item = impl AsRef<str>>) {
        let place = |place: usize| u32::try_from(place).expect("a batch is made of some megabytes");
        let (first, start) = (place(self.fields.len()), place(self.text.len()));
        let mut fault = None;
        for cell in cells {
            if self.fields.len() > first as usize {
                self.text.push(',');
            }
            let cell = match cell.as_ref().char_indices().nth(LONGEST_FIELD) {
                Some(_) => {
                    fault = Some(Reason::FieldTooLong);
                    let cut = cell.as_ref().char_indices().nth(SHOWN_OF_LONGEST).map_or(0, |(at, _)| at);
                    &cell.as_ref()[..cut]
                }
                None => cell.as_ref(),
            };
            let start = place(self.text.len());
            self.text.push_str(cell);
            self.fields.push(Field { start, end: place(self.text.len()) | QUOTED });
        }
        let (fields, bytes) = (first..place(self.fields.len()), start..place(self.text.len()));
        let mut record = Record { fields, bytes, line, fault };
        if record.fault.is_none() && self.has_control_character(&record) {
            record.fault = Some(Reason::ControlCharacter);
        }
        self.records.push(record);
    }

    /// Returns the number of bytes of the text.
    pub fn text_size(&self) -> usize {
        self.text.len()
    }

    /// Replaces every invalid UTF-8 byte by a space, and remembers the byte.
    fn mark_damage(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while let Err(error) = std::str::from_utf8(&bytes[at..]) {
            let start = at + error.valid_up_to();
            let length = error.error_len().unwrap_or(bytes.len() - start);
            self.beyond_ascii.0 += 1;
            for (place, byte) in (start..).zip(&mut bytes[start..start + length]) {
                self.damage.push((u32::try_from(place).unwrap_or(u32::MAX), *byte));
                *byte = b' ';
            }
            at = start + length;
        }
        // Every character beyond ASCII has exactly one such leading byte.
        self.beyond_ascii.1 = bytes.iter().filter(|&&byte| byte >= 0xc0).count() as u64;
    }
}
