//! The header of a CSV file: whether the file is CSV, which byte separates its columns, and which columns it has.

use std::io::Read as _;

use super::batch::{Batch, PassedOver};
use super::column_names::{self, REJECTED_BECAUSE, is_known, normal, required};
use super::report::{Problem, Problems, Reason};
use super::split::Splitter;
use crate::domain::Say;
use crate::domain::tables::Column;
use crate::package::Source;

/// Bytes of a file that are examined before its records are read.
const START: usize = 1 << 16;
/// Records that are searched for a header below the first line.
const LOOKED_THROUGH: usize = 20;

/// The header of a file, and the rest of the file.
pub struct Header<'r> {
    /// For each requested column: its place in the file.
    pub places: Vec<Option<usize>>,
    /// The fields of the header as written.
    pub names: Vec<String>,
    /// The records that are not read yet.
    pub splitter: Splitter<Source<'r>>,
    /// Records that were read together with the header.
    pub pending: Option<Batch>,
    /// Whether the file is a quarantine file. Its cells are guarded against spreadsheets.
    pub quarantine: bool,
    /// Lines above the header that are passed over.
    pub passed_over: PassedOver,
}

/// Reads the header. A file that is refused as a whole is returned, so that the rest can be digested.
///
/// # Errors
/// When the file is refused. The problems say why.
pub fn read<'r>(
    mut source: Source<'r>,
    columns: &'static [Column],
    problems: &mut Problems,
) -> Result<Header<'r>, Box<Source<'r>>> {
    let path = source.path.clone();
    let begun = begin(&mut source).and_then(|mut start| {
        let excel = excel_delimiter(&mut start);
        Ok((delimiter(excel, &start, &source, columns, problems)?, start, excel.is_some()))
    });
    let (delimiter, start, is_for_excel) = match begun {
        Ok(begun) => begun,
        Err(problem) => {
            problems.note(*problem);
            return Err(Box::new(source));
        }
    };
    let mut splitter = Splitter::new(start, source, delimiter);
    match header(&mut splitter, columns, &path, problems) {
        Ok((names, places, pending, mut passed_over)) => {
            // Only the line end is left of Excel's `sep=` line. It is not a blank line that somebody wrote.
            let others = |(lines, _): (u64, u64)| (lines > 1).then(|| (lines - 1, 2));
            if is_for_excel {
                passed_over.blank_lines = passed_over.blank_lines.and_then(others);
            }
            let quarantine = names.last().is_some_and(|name| normal(name) == REJECTED_BECAUSE);
            Ok(Header { places, names, splitter, pending, quarantine, passed_over })
        }
        Err(problem) => {
            problem.into_iter().for_each(|problem| problems.note(*problem));
            Err(Box::new(splitter.into_input()))
        }
    }
}

/// The result of reading a header: names, places, records read already, and lines passed over.
type Found = (Vec<String>, Vec<Option<usize>>, Option<Batch>, PassedOver);

/// Finds the header. The error is the problem that refuses the file, or `None` when the problem was noted before.
fn header(
    splitter: &mut Splitter<Source<'_>>,
    columns: &'static [Column],
    path: &str,
    problems: &mut Problems,
) -> Result<Found, Option<Box<Problem>>> {
    let refused =
        |line: u64, reason, says: Say| Some(Box::new(Problem::of_file(path, reason, says).on_line(line)));
    let hinted = |line: u64, reason, says: Say, hint: Say| {
        Some(Box::new(Problem::of_file(path, reason, says).on_line(line).hinting(hint)))
    };
    let mut passed_over = PassedOver::default();
    let first = loop {
        let batch = splitter
            .first_record()
            .map_err(|error| refused(1, Reason::Unreadable, Say::new("unreadable").with("error", error)))?;
        let Some(batch) = batch else {
            return Err(hinted(1, Reason::EmptyFile, "empty_file".into(), "empty_file.hint".into()));
        };
        passed_over.add(&batch.passed_over);
        if !batch.records.is_empty() {
            break batch;
        }
    };
    let record = &first.records[0];
    let line = record.line;
    let names: Vec<String> =
        (0..first.width(record)).map(|place| first.text(record, place).to_owned()).collect();
    if let Some(problem) = column_names::too_many(&names, path) {
        return Err(Some(Box::new(problem.on_line(line))));
    }
    if let Some(fault) = record.fault {
        let (reason, key) = match fault {
            Reason::InvalidUtf8 => (Reason::UndeclaredEncoding, "undeclared_encoding.header"),
            _ => (fault, "damaged_header"),
        };
        return Err(refused(line, reason, key.into()));
    }
    let normal: Vec<String> = names.iter().map(|name| normal(name)).collect();
    splitter.set_width(names.len());
    let pending = splitter.next_batch();
    if !has_all(&normal, columns) {
        let below = pending.as_ref().ok().and_then(Option::as_ref).and_then(|batch| lower(batch, columns));
        if let Some(below) = below {
            let [says, hint] = ["title_above_header", "title_above_header.hint"]
                .map(|key| Say::new(key).with("line", below));
            return Err(hinted(line, Reason::TitleAboveHeader, says, hint));
        }
        if !normal.iter().any(|name| is_known(name, columns)) {
            let columns = required(columns).collect::<Vec<_>>().join(",");
            let hint = Say::new("no_header.hint").with("columns", columns);
            return Err(hinted(line, Reason::NoHeader, "no_header".into(), hint));
        }
    }
    let places = column_names::find(&names, columns, Some(line), path, problems);
    let pending = pending.map_err(|error| {
        refused(line, Reason::Unreadable, Say::new("unreadable.further").with("error", error))
    })?;
    Ok((names, places.ok_or(None)?, pending, passed_over))
}

/// Whether the names contain every name that a header must have.
fn has_all(names: &[String], columns: &[Column]) -> bool {
    required(columns).all(|required| names.iter().any(|name| name == required))
}

/// Returns the line of a record near the start that has every name a header must have.
fn lower(batch: &Batch, columns: &[Column]) -> Option<u64> {
    let mut near = batch.records.iter().take(LOOKED_THROUGH);
    let is_header = |record: &&_| {
        let names = (0..batch.width(record)).map(|place| normal(batch.text(record, place)));
        has_all(&names.collect::<Vec<_>>(), columns)
    };
    near.find(is_header).map(|record| record.line)
}

/// Binary and other formats that are no CSV: their first bytes, what they are, and what to do.
const OTHER_FORMATS: [(&[u8], &str, &str); 8] = [
    (b"\x1f\x8b", "not_csv.gzip", "not_csv.unpack.hint"),
    (b"PK\x03\x04", "not_csv.zip", "not_csv.save.hint"),
    (b"\xd0\xcf\x11\xe0", "not_csv.xls", "not_csv.save.hint"),
    (b"%PDF", "not_csv.pdf", "not_csv.pdf.hint"),
    (b"PAR1", "not_csv.parquet", "not_csv.parquet.hint"),
    (b"\x28\xb5\x2f\xfd", "not_csv.zstd", "not_csv.unpack.hint"),
    (b"BZh", "not_csv.bzip2", "not_csv.unpack.hint"),
    (b"\xfd7zXZ", "not_csv.xz", "not_csv.unpack.hint"),
];

/// Reads the start of the text, without the byte order mark. The error says why the file is no CSV.
fn begin(source: &mut Source<'_>) -> Result<Vec<u8>, Box<Problem>> {
    let path = source.path.clone();
    let refused = |reason, says: Say| Problem::of_file(&path, reason, says);
    let unreadable =
        |error| Box::new(refused(Reason::Unreadable, Say::new("unreadable").with("error", error)));
    let declared = source.declared.encoding;
    let raw = source.first_bytes().map_err(unreadable)?;
    if let Some((_, what, hint)) = OTHER_FORMATS.iter().find(|(magic, ..)| raw.starts_with(magic)) {
        return Err(refused(Reason::NotCsv, Say::new(what)).hinting(*hint).into());
    }
    let has_mark = raw.starts_with(b"\xef\xbb\xbf");
    let is_quarantine = has_mark && is_header_of_quarantine(raw);
    if let Some(encoding) = declared.filter(|_| has_mark && !is_quarantine) {
        let says = Say::new("encoding_mismatch").with("encoding", encoding.name());
        return Err(refused(Reason::EncodingMismatch, says).hinting("encoding_mismatch.hint").into());
    }
    let utf16 = raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff");
    if declared.is_none() && (utf16 || raw.iter().take(64).any(|&byte| byte == 0)) {
        let problem = refused(Reason::UndeclaredEncoding, "undeclared_encoding.utf16".into());
        return Err(problem.hinting("undeclared_encoding.utf16.hint").into());
    }
    if is_quarantine {
        source.forget_declared_form();
    }
    let mut start = Vec::with_capacity(START);
    source.by_ref().take(START as u64).read_to_end(&mut start).map_err(unreadable)?;
    if start.starts_with("\u{feff}".as_bytes()) {
        start.drain(..3);
    }
    let what = match start.trim_ascii_start().first() {
        Some(b'<') => "not_csv.html",
        Some(b'{' | b'[') => "not_csv.json",
        _ => return Ok(start),
    };
    Err(refused(Reason::NotCsv, Say::new(what)).hinting("not_csv.table.hint").into())
}

/// Removes Excel's first line `sep=;` and returns the delimiter that it states. The line end stays, so that lines are
/// counted as an editor counts them.
fn excel_delimiter(start: &mut Vec<u8>) -> Option<u8> {
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', told, b'\r' | b'\n', ..] = start[..] else {
        return None;
    };
    let separates = told == b'\t' || (told.is_ascii_punctuation() && told != b'"');
    separates.then(|| {
        start.drain(..5);
        told
    })
}

/// Whether the first line is the header of a file that [`super::quarantine`] wrote.
fn is_header_of_quarantine(raw: &[u8]) -> bool {
    let line = raw.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    line.ends_with(format!(",\"{REJECTED_BECAUSE}\"").as_bytes())
        || line.ends_with(format!(",{REJECTED_BECAUSE}").as_bytes())
}

/// Finds the delimiter. Excel's `sep=` line decides, else the declared delimiter, else the comma. Another delimiter
/// is taken when only that one yields the columns that the file must have.
fn delimiter(
    excel: Option<u8>,
    start: &[u8],
    source: &Source<'_>,
    columns: &[Column],
    problems: &mut Problems,
) -> Result<u8, Box<Problem>> {
    let declared = source.declared.delimiter;
    let expected = declared.unwrap_or(b',');
    let text = start.trim_ascii_start();
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let fits = |delimiter: u8| {
        let names = line.split(|&byte| byte == delimiter);
        let names = names.map(|name| normal(String::from_utf8_lossy(name).trim_matches('"')));
        has_all(&names.collect::<Vec<_>>(), columns)
    };
    let found = excel.or_else(|| {
        let others = [b',', b';', b'\t', b'|'];
        others.into_iter().find(|&other| other != expected && !fits(expected) && fits(other))
    });
    let Some(found) = found.filter(|found| *found != expected) else { return Ok(expected) };
    if declared.is_some() {
        let says = Say::new("delimiter_mismatch").with_said("found", name_of(found));
        let says = says.with_said("declared", name_of(expected));
        return Err(Problem::of_file(&source.path, Reason::DelimiterMismatch, says).on_line(1).into());
    }
    let says = Say::new("undeclared_delimiter").with_said("found", name_of(found));
    let problem = Problem::of_file(&source.path, Reason::UndeclaredDelimiter, says);
    let escaped = if found == b'\t' { "\\t".to_owned() } else { char::from(found).to_string() };
    let hint = format!("\"dialect\": {{\"delimiter\": \"{escaped}\"}}");
    problems.note(problem.warning().on_line(1).suggesting(hint));
    Ok(found)
}

fn name_of(delimiter: u8) -> Say {
    Say::new(match delimiter {
        b',' => "sign.comma",
        b';' => "sign.semicolon",
        b'\t' => "sign.tab",
        b'|' => "sign.bar",
        _ => "sign.other",
    })
}
