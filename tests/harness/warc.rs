//! Archives of web pages (WARC), read by what ISO 28500 says of them.

use std::io::Read as _;
use std::path::Path;

/// A record: its head, and its block.
pub type Record = (String, Vec<u8>);

/// Reads an archive. Each record is unpacked by itself, and cut by its stated length.
///
/// # Panics
/// When the file is no archive of records that are packed by themselves.
pub fn records(path: &Path) -> Vec<Record> {
    let file = std::fs::read(path).expect("the archive can be read");
    let mut rest = file.as_slice();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        let mut record = Vec::new();
        decoder.read_to_end(&mut record).expect("a record is gzip");
        rest = decoder.into_inner();
        let end = record.windows(4).position(|four| four == b"\r\n\r\n").expect("a record has a head") + 4;
        let head = String::from_utf8(record[..end].to_vec()).expect("a head is text");
        let length = field(&head, "Content-Length").and_then(|length| length.parse().ok());
        let length: usize = length.expect("a record states its length");
        assert_eq!(&record[end + length..], b"\r\n\r\n", "{head}");
        records.push((head, record[end..end + length].to_vec()));
    }
    records
}

/// Returns a field of a head.
pub fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Reads the only archive in a folder.
///
/// # Panics
/// When there is not exactly one file, or as [`records`].
pub fn only(folder: &Path) -> Vec<Record> {
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("it was made").flatten().map(|entry| entry.path()).collect();
    let [file] = &files[..] else { panic!("not one file: {files:?}") };
    assert!(file.to_string_lossy().ends_with(".warc.gz"), "{}", file.display());
    records(file)
}
