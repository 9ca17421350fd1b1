//! The beginning of a file: whether it is CSV at all, what separates its columns, and which they are.

use std::io::Read as _;

use super::batch::Batch;
use super::columns;
use super::report::{Problem, Problems, Reason, Severity};
use super::split::Splitter;
use crate::package::Source;

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the header must have it.
    pub need: Need,
}

/// What is asked of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there, and no field of it may be empty.
    Filled,
    /// It must be there.
    Present,
    /// It may be there.
    Optional,
}

/// The last column of a quarantine file: why each row was refused. Reading such a file again leaves it out.
pub const REJECTED_BECAUSE: &str = "rejected_because";

/// Most columns a file may have.
pub(super) const MOST_COLUMNS: usize = 256;
/// How much of a file is looked at before its records are read.
const START: usize = 1 << 16;
/// How many records are looked through for a header that stands too low.
const LOOKED_THROUGH: usize = 20;

/// The header of a file, and what comes behind it.
pub struct Header<'r> {
    /// For each column asked for: where it stands in the file.
    pub positions: Vec<Option<usize>>,
    /// The header's fields as they stand.
    pub names: Vec<String>,
    /// Its records, still to be read.
    pub splitter: Splitter<Source<'r>>,
    /// Records that were read already.
    pub pending: Option<Batch>,
    /// Whether it is a quarantine file, whose cells are guarded against spreadsheets.
    pub quarantine: bool,
    /// Lines with nothing on them above the first record.
    pub blank_lines: Option<(u64, u64)>,
}

/// Reads the header. When the file is refused as a whole, gives back what is left of it, to be digested.
///
/// # Errors
/// When the file is refused; why is among the problems.
pub fn read<'r>(
    mut source: Source<'r>,
    columns: &[Column],
    problems: &mut Problems,
) -> Result<Header<'r>, Box<Source<'r>>> {
    let path = source.path.clone();
    let mut refuse = |line, column: Option<&str>, reason, message: String, suggestion: Option<&str>| {
        problems.add(reason, Severity::Error, || Problem {
            suggestion: suggestion.map(str::to_owned),
            ..Problem::of_file(&path, line, column, reason, message)
        });
    };
    let mut start = match begin(&mut source) {
        Ok(start) => start,
        Err((reason, message, suggestion)) => {
            refuse(None, None, reason, message, suggestion);
            return Err(Box::new(source));
        }
    };
    let declared = source.declared.delimiter;
    let told = told_to_excel(&mut start);
    let found = match told {
        Some(told) if told == declared.unwrap_or(b',') => Delimiter::AsExpected(told),
        Some(told) => Delimiter::Other(told),
        None => delimiter(&start, declared, columns),
    };
    let delimiter = match found {
        Delimiter::AsExpected(delimiter) => delimiter,
        Delimiter::Other(other) if declared.is_none() => {
            let message = format!("the columns are separated by {}, which is not declared", name_of(other));
            problems.add(Reason::UndeclaredDelimiter, Severity::Warning, || Problem {
                severity: Severity::Warning,
                suggestion: Some(format!("\"dialect\": {{\"delimiter\": \"{}\"}}", escaped(other))),
                ..Problem::of_file(&path, Some(1), None, Reason::UndeclaredDelimiter, message)
            });
            other
        }
        Delimiter::Other(other) => {
            let message = format!(
                "the columns are separated by {}, and {} is declared",
                name_of(other),
                name_of(declared.unwrap_or(b',')),
            );
            refuse(Some(1), None, Reason::DelimiterMismatch, message, None);
            return Err(Box::new(source));
        }
    };
    let mut splitter = Splitter::new(start, source, delimiter);
    match header(&mut splitter, columns, &path, problems) {
        Ok((names, positions, pending, blank_lines)) => {
            // What was left of the line for Excel is its end, and that is none that somebody left blank.
            let others = |(lines, _): (u64, u64)| (lines > 1).then(|| (lines - 1, 2));
            let blank_lines = if told.is_some() { blank_lines.and_then(others) } else { blank_lines };
            let quarantine = names.last().is_some_and(|name| normal(name) == REJECTED_BECAUSE);
            Ok(Header { positions, names, splitter, pending, quarantine, blank_lines })
        }
        Err(Refused) => Err(Box::new(splitter.into_input())),
    }
}

/// The file is refused; why is among the problems.
struct Refused;

/// Names, positions, records read already, blank lines.
type Found = (Vec<String>, Vec<Option<usize>>, Option<Batch>, Option<(u64, u64)>);

fn header(
    splitter: &mut Splitter<Source<'_>>,
    columns: &[Column],
    path: &str,
    problems: &mut Problems,
) -> Result<Found, Refused> {
    let mut complain = |severity, line, column: Option<&str>, reason, message: String, hint: Option<&str>| {
        problems.add(reason, severity, || Problem {
            severity,
            suggestion: hint.map(str::to_owned),
            ..Problem::of_file(path, Some(line), column, reason, message)
        });
    };
    let mut blank_lines = None;
    let first = loop {
        match splitter.first_record() {
            Err(error) => {
                let message = format!("the file cannot be read: {error}");
                complain(Severity::Error, 1, None, Reason::Unreadable, message, None);
                return Err(Refused);
            }
            Ok(None) => {
                let message = "the file is empty".to_owned();
                complain(Severity::Error, 1, None, Reason::EmptyFile, message, Some("give it a header"));
                return Err(Refused);
            }
            Ok(Some(batch)) => {
                batch.add_blank_lines(&mut blank_lines);
                if !batch.records.is_empty() {
                    break batch;
                }
            }
        }
    };
    let record = &first.records[0];
    let names: Vec<String> =
        (0..first.width(record)).map(|place| first.text(record, place).to_owned()).collect();
    if names.len() > MOST_COLUMNS {
        let message = format!("{} columns; no table has more than {MOST_COLUMNS}", names.len());
        complain(Severity::Error, record.line, None, Reason::TooManyColumns, message, None);
        return Err(Refused);
    }
    if let Some(fault) = record.fault {
        let (reason, message) = match fault {
            Reason::InvalidUtf8 => {
                (Reason::UndeclaredEncoding, "the header is not UTF-8, and no other encoding is declared")
            }
            _ => (fault, "the header is damaged: look at its quotes and control characters"),
        };
        complain(Severity::Error, record.line, None, reason, message.to_owned(), None);
        return Err(Refused);
    }
    let normal: Vec<String> = names.iter().map(|name| normal(name)).collect();
    let known = |name: &str| columns.iter().any(|column| column.name == name) || name == REJECTED_BECAUSE;
    let missing: Vec<&str> = columns
        .iter()
        .filter(|column| column.need != Need::Optional && !normal.iter().any(|name| name == column.name))
        .map(|column| column.name)
        .collect();
    splitter.set_width(names.len());
    let pending = splitter.next_batch();
    if !missing.is_empty() {
        let below =
            pending.as_ref().ok().and_then(Option::as_ref).and_then(|batch| lower_header(batch, columns));
        if let Some(line) = below {
            let message = format!("the header stands on line {line}; what is above it is no data");
            let hint = format!("delete the lines above line {line}");
            complain(Severity::Error, record.line, None, Reason::TitleAboveHeader, message, Some(&hint));
            return Err(Refused);
        }
        if !normal.iter().any(|name| known(name)) {
            let required: Vec<&str> = columns
                .iter()
                .filter(|column| column.need != Need::Optional)
                .map(|column| column.name)
                .collect();
            let message = "the first line names no column that we know".to_owned();
            let hint = format!("begin with {}", required.join(","));
            complain(Severity::Error, record.line, None, Reason::NoHeader, message, Some(&hint));
            return Err(Refused);
        }
    }
    let positions = columns::settle(&names, columns, Some(record.line), path, problems);
    let pending = match pending {
        Ok(pending) => pending,
        Err(error) => {
            let message = format!("the file cannot be read further: {error}");
            let file = Problem::of_file(path, Some(record.line), None, Reason::Unreadable, message);
            problems.add(Reason::Unreadable, Severity::Error, || file);
            return Err(Refused);
        }
    };
    let positions = positions.ok_or(Refused)?;
    Ok((names, positions, pending, blank_lines))
}

/// The line of a record that has all the names a header must have, if there is one near the start.
fn lower_header(batch: &Batch, columns: &[Column]) -> Option<u64> {
    let is_header = |names: &[String]| {
        let mut required = columns.iter().filter(|column| column.need != Need::Optional);
        required.all(|column| names.iter().any(|name| name == column.name))
    };
    batch
        .records
        .iter()
        .take(LOOKED_THROUGH)
        .find(|record| {
            let names: Vec<String> =
                (0..batch.width(record)).map(|place| normal(batch.text(record, place))).collect();
            is_header(&names)
        })
        .map(|record| record.line)
}

/// Returns a column's name as it should be written: case and spaces are forgiven.
pub fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// Reads the start of the text, without its byte order mark; or says why the file is no CSV.
fn begin(source: &mut Source<'_>) -> Result<Vec<u8>, (Reason, String, Option<&'static str>)> {
    let unreadable =
        |error: std::io::Error| (Reason::Unreadable, format!("the file cannot be read: {error}"), None);
    let declared = source.declared.encoding;
    let raw = source.first_bytes().map_err(unreadable)?;
    for (magic, what, hint) in [
        (&b"\x1f\x8b"[..], "compressed with gzip", "unpack it first"),
        (b"PK\x03\x04", "a ZIP archive or a spreadsheet (XLSX, ODS)", "save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0", "an old spreadsheet (XLS)", "save it as CSV UTF-8"),
        (b"%PDF", "a PDF document", "copy its table into CSV"),
        (
            b"PAR1",
            "a Parquet file",
            "export it as CSV UTF-8; charges may be Parquet, in a file whose name ends in .parquet",
        ),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first"),
        (b"BZh", "compressed with bzip2", "unpack it first"),
        (b"\xfd7zXZ", "compressed with xz", "unpack it first"),
    ] {
        if raw.starts_with(magic) {
            return Err((Reason::NotCsv, format!("this is {what}, not CSV"), Some(hint)));
        }
    }
    let is_quarantine = raw.starts_with(b"\xef\xbb\xbf") && is_header_of_quarantine(raw);
    if let Some(encoding) = declared
        && raw.starts_with(b"\xef\xbb\xbf")
        && !is_quarantine
    {
        let message = format!("the file begins with the mark of UTF-8, and {} is declared", encoding.name());
        return Err((Reason::EncodingMismatch, message, Some("leave the encoding out")));
    }
    let utf16 = raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff");
    if declared.is_none() && (utf16 || raw.iter().take(64).any(|&byte| byte == 0)) {
        let message = "the file looks like UTF-16, and no encoding is declared".to_owned();
        return Err((Reason::UndeclaredEncoding, message, Some("declare it, or save the file as UTF-8")));
    }
    if is_quarantine {
        source.forget_declared_form();
    }
    let mut start = vec![0; START];
    let mut filled = 0;
    while filled + 8 < START {
        match source.read(&mut start[filled..]).map_err(unreadable)? {
            0 => break,
            size => filled += size,
        }
    }
    start.truncate(filled);
    if start.starts_with("\u{feff}".as_bytes()) {
        start.drain(..3);
    }
    let first = start.trim_ascii_start();
    let lower: Vec<u8> = first.iter().take(14).map(u8::to_ascii_lowercase).collect();
    let what = match lower.first() {
        Some(b'<') => "a web page or XML",
        Some(b'{' | b'[') => "JSON",
        _ => return Ok(start),
    };
    Err((Reason::NotCsv, format!("this is {what}, not CSV"), Some("save the table as CSV UTF-8")))
}

/// Takes away what a first line `sep=;` tells Excel, and returns it: what separates the columns. The end of the line stays, so
/// that lines are counted as an editor counts them.
fn told_to_excel(start: &mut Vec<u8>) -> Option<u8> {
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', told, b'\r' | b'\n', ..] = start[..] else {
        return None;
    };
    let separates = told == b'\t' || (told.is_ascii_punctuation() && told != b'"');
    separates.then(|| {
        start.drain(..5);
        told
    })
}

/// Whether the first line is that of a file which [`super::quarantine`] wrote.
fn is_header_of_quarantine(raw: &[u8]) -> bool {
    let line = raw.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    line.ends_with(format!(",\"{REJECTED_BECAUSE}\"").as_bytes())
        || line.ends_with(format!(",{REJECTED_BECAUSE}").as_bytes())
}

enum Delimiter {
    AsExpected(u8),
    Other(u8),
}

/// Finds what separates the columns: what is declared (else a comma), unless only something else gives the
/// columns that the file must have.
fn delimiter(start: &[u8], declared: Option<u8>, columns: &[Column]) -> Delimiter {
    let expected = declared.unwrap_or(b',');
    let text = start.trim_ascii_start();
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let required = columns.iter().filter(|column| column.need != Need::Optional);
    let fits = |delimiter: u8| {
        let names: Vec<String> = line
            .split(|&byte| byte == delimiter)
            .map(|name| normal(String::from_utf8_lossy(name).trim_matches('"')))
            .collect();
        required.clone().all(|column| names.iter().any(|name| name == column.name))
    };
    let others = [b',', b';', b'\t', b'|'];
    match others.into_iter().find(|&other| other != expected && !fits(expected) && fits(other)) {
        Some(other) => Delimiter::Other(other),
        None => Delimiter::AsExpected(expected),
    }
}

fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b',' => "commas",
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "bars",
        _ => "other signs",
    }
}

fn escaped(delimiter: u8) -> String {
    if delimiter == b'\t' { "\\t".to_owned() } else { char::from(delimiter).to_string() }
}
