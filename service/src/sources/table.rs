//! `sources.csv` as bytes: the columns of a capture are filled, and everything else stays as it is.

use std::collections::HashMap;
use std::ops::Range;

/// The columns that a capture fills.
pub const FILLED: [&str; 3] = ["captured", "sha256", "found"];
/// The last column of a file of refused rows. Where it stands, cells are guarded against spreadsheets.
const REJECTED_BECAUSE: &str = "rejected_because";

/// The values of a source's columns, in the order of `FILLED`.
pub type Values = [String; FILLED.len()];

/// A table that was split into its fields.
#[derive(Debug)]
pub struct Table<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    /// For each record, where its fields stand, quotes with them. Blank lines and what stands before the header are left out.
    records: Vec<Vec<Range<usize>>>,
    /// The place of the id among the columns.
    id: usize,
    /// The place of each column that a capture fills.
    filled: [Option<usize>; FILLED.len()],
}

impl<'a> Table<'a> {
    /// Splits a table that `check` has taken. `delimiter` is the declared one.
    ///
    /// # Errors
    /// When the table is not UTF-8, is a file of refused rows, or has no header that is known. The error is in words.
    pub fn read(bytes: &'a [u8], delimiter: Option<u8>) -> Result<Self, String> {
        std::str::from_utf8(bytes)
            .map_err(|_no_text| "is not UTF-8; save it as that, and try again".to_owned())?;
        let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        // Excel's first line says what separates the columns.
        let told = match bytes[start..] {
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', told, b'\r' | b'\n', ..] => Some(told),
            _ => None,
        };
        let start = start + if told.is_some() { 5 } else { 0 };
        let candidates = told.or(delimiter).into_iter().chain([b',', b';', b'\t', b'|']);
        let found = candidates.into_iter().find_map(|delimiter| {
            let records = split(bytes, start, delimiter);
            let names: Vec<String> =
                records.first()?.iter().map(|field| normal(&value(bytes, field))).collect();
            let place = |name: &str| names.iter().position(|own| own == name);
            place("url")?;
            let (id, filled) = (place("source")?, FILLED.map(place));
            Some((Self { bytes, delimiter, records, id, filled }, place(REJECTED_BECAUSE).is_some()))
        });
        match found {
            Some((_, true)) => Err(format!("has the column {REJECTED_BECAUSE}; take it out, and try again")),
            Some((table, false)) => Ok(table),
            None => Err("has no header with the columns source and url".to_owned()),
        }
    }

    /// Returns what the columns hold, by the id of the source. Columns that are missing are empty.
    pub fn values(&self) -> HashMap<String, Values> {
        let of = |record: &Vec<Range<usize>>| {
            let text = |place: Option<usize>| {
                place
                    .and_then(|place| record.get(place))
                    .map_or(String::new(), |field| value(self.bytes, field))
            };
            (text(Some(self.id)).trim().to_owned(), self.filled.map(|place| text(place).trim().to_owned()))
        };
        self.records.iter().skip(1).map(of).collect()
    }

    /// Returns the bytes of the table with new values for some sources. Columns that are missing are added at the end.
    pub fn fill(&self, new: &HashMap<String, Values>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 128 * self.records.len());
        let mut at = 0;
        for (number, record) in self.records.iter().enumerate() {
            let id = record.get(self.id).map(|field| value(self.bytes, field).trim().to_owned());
            let own = id.and_then(|id| new.get(&id)).filter(|_| number > 0);
            let mut changes: Vec<(&Range<usize>, &str)> = Vec::new();
            for (column, place) in self.filled.iter().enumerate() {
                let field = place.and_then(|place| record.get(place));
                changes.extend(field.zip(own.map(|own| own[column].as_str())));
            }
            changes.sort_by_key(|(field, _)| field.start);
            for (field, value) in changes {
                out.extend_from_slice(&self.bytes[at..field.start]);
                out.extend_from_slice(value.as_bytes());
                at = field.end;
            }
            let end = record.last().map_or(at, |field| field.end);
            out.extend_from_slice(&self.bytes[at..end]);
            at = end;
            for column in (0..FILLED.len()).filter(|column| self.filled[*column].is_none()) {
                let added =
                    if number == 0 { FILLED[column] } else { own.map_or("", |own| own[column].as_str()) };
                out.push(self.delimiter);
                out.extend_from_slice(added.as_bytes());
            }
        }
        out.extend_from_slice(&self.bytes[at..]);
        out
    }
}

/// Returns a column's name in its normal spelling, as `check` reads it.
fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// Returns the value of a field.
fn value(bytes: &[u8], field: &Range<usize>) -> String {
    let text = String::from_utf8_lossy(&bytes[field.clone()]);
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => text.into_owned(),
    }
}

/// Splits records and fields (RFC 4180).
fn split(bytes: &[u8], start: usize, delimiter: u8) -> Vec<Vec<Range<usize>>> {
    let mut records = Vec::new();
    let (mut record, mut begin, mut quoted) = (Vec::new(), start, false);
    for at in start..=bytes.len() {
        let byte = bytes.get(at);
        match byte {
            // A doubled quote ends and begins again, which comes to the same.
            Some(b'"') if quoted || at == begin || bytes[at - 1] == b'"' => quoted = !quoted,
            Some(byte) if quoted || (*byte != delimiter && !matches!(byte, b'\n' | b'\r')) => {}
            _ => {
                record.push(begin..at);
                begin = at + 1;
                if byte != Some(&delimiter) {
                    let is_blank = record.len() == 1 && bytes[record[0].clone()].trim_ascii().is_empty();
                    let whole = std::mem::take(&mut record);
                    if !is_blank {
                        records.push(whole);
                    }
                }
            }
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(captured: &str) -> Values {
        [captured.to_owned(), "ab".to_owned(), "all".to_owned()]
    }

    fn filled(text: &str, delimiter: Option<u8>) -> String {
        let new = HashMap::from([("a".to_owned(), values("2026-11-29")), ("none".to_owned(), values("x"))]);
        let table = Table::read(text.as_bytes(), delimiter).unwrap();
        String::from_utf8(table.fill(&new)).unwrap()
    }

    #[test]
    fn only_the_columns_of_a_capture_change() {
        for (given, right) in [
            ("source,url\na,x\nb,y\n", "source,url,captured,sha256,found\na,x,2026-11-29,ab,all\nb,y,,,\n"),
            (
                "source,url,found,captured,sha256,archived_url\r\na,x,\"no\"\"ne\",,0,z\r\nb,y,some,2020-01-01,1,\r\n",
                "source,url,found,captured,sha256,archived_url\r\na,x,all,2026-11-29,ab,z\r\nb,y,some,2020-01-01,1,\r\n",
            ),
            // Quotes, commas and line ends in quotes, blank lines, and an end without a line end stay as they are.
            (
                "\u{feff}url,\"source\",title\n\n\"x,\"\"\ny\",\"a\",\"\"\n   \nx,b,\" t \"",
                "\u{feff}url,\"source\",title,captured,sha256,found\n\n\"x,\"\"\ny\",\"a\",\"\",2026-11-29,ab,all\n   \nx,b,\" t \",,,",
            ),
            (
                "sep=;\nSource;URL;sha256\na;x,y;\n",
                "sep=;\nSource;URL;sha256;captured;found\na;x,y;ab;2026-11-29;all\n",
            ),
            ("source\turl\ra\tx\r", "source\turl\tcaptured\tsha256\tfound\ra\tx\t2026-11-29\tab\tall\r"),
        ] {
            assert_eq!(filled(given, None), right, "{given}");
        }
        assert_eq!(
            filled("source|url\na|x\n", Some(b'|')),
            "source|url|captured|sha256|found\na|x|2026-11-29|ab|all\n"
        );
    }

    #[test]
    fn what_was_there_is_read() {
        let table = Table::read(b"found,source,url,sha256\nsome,a,x,12\n,\"b\",y,\n", None).unwrap();
        let values = table.values();
        assert_eq!(values["a"], ["", "12", "some"].map(str::to_owned));
        assert_eq!(values["b"], Values::default());
        for (wrong, words) in [
            (&b"source,url,rejected_because\n"[..], "rejected_because"),
            (b"id,url\n", "no header"),
            (b"", "no header"),
            (b"source,url\n\xe9,x\n", "UTF-8"),
        ] {
            let said = Table::read(wrong, None).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }

    proptest! {
        #[test]
        fn every_other_field_stays(rows in prop::collection::vec(("[a-c]", "[ a\",\n\r]{0,5}", "[0-9]{0,2}"), 1..5), added: bool) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            let header: &[&str] = if added { &["source", "title", "url"] } else { &["source", "title", "url", "sha256", "captured", "found"] };
            writer.write_record(header).unwrap();
            for (source, title, old) in &rows {
                let fields = [source, title, "u", old, old, old];
                writer.write_record(&fields[..header.len()]).unwrap();
            }
            let given = writer.into_inner().unwrap();
            let new = HashMap::from([("a".to_owned(), values("2026-11-29"))]);
            let out = Table::read(&given, None).unwrap().fill(&new);
            let read = |bytes: &[u8]| -> Vec<Vec<String>> {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
            };
            let (before, after) = (read(&given), read(&out));
            prop_assert_eq!(before.len(), after.len());
            for (old, now) in before.iter().zip(&after) {
                prop_assert_eq!(&old[..3], &now[..3]);
                prop_assert_eq!(now.len(), 6);
                prop_assert_eq!(now.contains(&"ab".to_owned()), now[0] == "a");
            }
        }
    }
}
