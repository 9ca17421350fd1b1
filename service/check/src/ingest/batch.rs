//! Records that were split and whose fields are still to be read.

use super::report::Reason;

/// Most characters a field may have.
pub const LONGEST_FIELD: usize = 65_536;
/// How much is kept of a cell that is too long: more than is ever shown.
const SHOWN_OF_LONGEST: usize = 256;

/// Marks a field that stood in quotes.
pub(super) const QUOTED: u32 = 1 << 31;
/// Marks a field whose text is in [`Batch::unescaped`].
pub(super) const UNESCAPED: u32 = 1 << 31;

/// Where a field's text is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its first byte; with [`UNESCAPED`] in the other text.
    pub start: u32,
    /// The byte behind it, with [`QUOTED`] where it stood in quotes.
    pub end: u32,
}

/// A record of a file, before its fields are read.
#[derive(Debug, Clone)]
pub struct Record {
    /// RowPositions of its fields among those of the batch.
    pub(super) fields: std::ops::Range<u32>,
    /// Where it stands in the text, without its line end.
    pub(super) bytes: std::ops::Range<u32>,
    /// The physical line on which it starts; the file's first is 1.
    pub line: u64,
    /// What is wrong with its form, where something is.
    pub fault: Option<Reason>,
}

/// Some records of a file, in order.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    /// Texts of fields that have doubled quotes, with single ones.
    pub(super) unescaped: String,
    /// The fields of all records.
    pub(super) fields: Vec<Field>,
    /// The records.
    pub records: Vec<Record>,
    /// Lines with nothing on them: how many, and the first.
    pub blank_lines: Option<(u64, u64)>,
    /// Sequences that are no UTF-8, by place in the text, with the byte that stood there.
    damage: Vec<(u32, u8)>,
    /// How many sequences are no UTF-8, and how many characters beyond ASCII are.
    pub beyond_ascii: (u64, u64),
    /// Bytes of the file that these records and what stands between them took.
    pub size: u64,
}

impl Batch {
    /// Returns how many fields a record has.
    #[inline]
    pub fn width(&self, record: &Record) -> usize {
        record.fields.len()
    }

    /// Adds its blank lines to those found so far: how many, and the first.
    pub fn add_blank_lines(&self, so_far: &mut Option<(u64, u64)>) {
        if let Some((count, first)) = self.blank_lines {
            let (before, earliest) = so_far.unwrap_or((0, first));
            *so_far = Some((before + count, earliest));
        }
    }

    /// Returns a field of a record; `""` where it has none at that place.
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

    /// Returns a field with every byte that is no UTF-8 shown as U+FFFD.
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

    /// Returns a record's bytes as they stand in the file, without its line end.
    pub fn raw(&self, record: &Record) -> Vec<u8> {
        let (start, end) = (record.bytes.start as usize, record.bytes.end as usize);
        let mut bytes = self.text.as_bytes().get(start..end).unwrap_or_default().to_vec();
        let first = self.damage.partition_point(|(place, _)| (*place as usize) < start);
        for &(place, byte) in self.damage[first..].iter().take_while(|(place, _)| (*place as usize) < end) {
            bytes[place as usize - start] = byte;
        }
        bytes
    }

    /// Takes the text over: what is no UTF-8 is marked, and the records that have it are told.
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
        // Nearly every file is ASCII without control characters. Without a branch for each byte that is seen eight
        // per cent of the whole check sooner (measured against `any` over the bytes).
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

    /// Whether a field has a control character other than a tab or a line end in quotes.
    fn has_control_character(&self, record: &Record) -> bool {
        (0..record.fields.len()).any(|place| {
            let quoted = self.fields[record.fields.start as usize + place].end & QUOTED != 0;
            self.text(record, place)
                .chars()
                .any(|symbol| symbol.is_control() && !(quoted && matches!(symbol, '\t' | '\n' | '\r')))
        })
    }

    /// Adds a record that was made somewhere else of cells, which are UTF-8. What no record may have is its fault, as
    /// in a file that was split; a cell that is too long is cut.
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

    /// Returns how many bytes its text has.
    pub fn text_size(&self) -> usize {
        self.text.len()
    }

    /// Replaces every byte that is no UTF-8 by a space, and remembers it.
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
        // Every character beyond ASCII has one byte of this kind.
        self.beyond_ascii.1 = bytes.iter().filter(|&&byte| byte >= 0xc0).count() as u64;
    }
}
