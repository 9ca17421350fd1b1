//! ZIP files with the same bytes whenever they are made: the order of the files is fixed, and the release dates them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::query::Deadline;

pub use zip::result::ZipError;

/// Bytes that are packed between two checks of the deadline.
const PIECE: usize = 1 << 20;

/// A ZIP file that is being written.
#[derive(Debug)]
pub struct Archive {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
}

impl Archive {
    /// Begins an archive whose files are dated `created`, RFC 3339.
    pub fn created(created: &str) -> Self {
        // ZIP dates begin in 1980, count in steps of two seconds and have no time zone. The moment is written in UTC.
        let moment = created.parse::<jiff::Timestamp>().ok().and_then(|moment| {
            let utc = jiff::tz::TimeZone::UTC.to_datetime(moment);
            let part = |number: i8| u8::try_from(number).ok();
            DateTime::from_date_and_time(
                u16::try_from(utc.year()).ok()?,
                part(utc.month())?,
                part(utc.day())?,
                part(utc.hour())?,
                part(utc.minute())?,
                part(utc.second())?,
            )
            .ok()
        });
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(moment.unwrap_or(DateTime::DEFAULT))
            .unix_permissions(0o644);
        Self { writer: ZipWriter::new(Cursor::new(Vec::new())), options }
    }

    /// Adds a whole file.
    ///
    /// # Errors
    /// When the archive would become larger than ZIP allows.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<(), ZipError> {
        let mut file = self.begin(name)?;
        for piece in content.chunks(PIECE) {
            Deadline::current().keep();
            file.write_all(piece)?;
        }
        Ok(())
    }

    /// Begins a file. Everything written until the next file begins is its content.
    ///
    /// # Errors
    /// As [`Archive::add`].
    pub fn begin(&mut self, name: &str) -> Result<impl Write, ZipError> {
        self.writer.start_file(name, self.options)?;
        Ok(&mut self.writer)
    }

    /// Ends the archive and returns its bytes.
    ///
    /// # Errors
    /// As [`Archive::add`].
    pub fn finish(self) -> Result<Vec<u8>, ZipError> {
        Ok(self.writer.finish()?.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn files_come_back_in_their_order_with_the_date_of_the_release() {
        let make = || {
            let mut archive = Archive::created("2026-11-24T12:34:56Z");
            archive.add("b.csv", b"a,b\n").unwrap();
            archive.add("a.txt", "ә".as_bytes()).unwrap();
            archive.finish().unwrap()
        };
        assert_eq!(make(), make());
        let mut read = zip::ZipArchive::new(Cursor::new(make())).unwrap();
        let names: Vec<String> =
            (0..read.len()).map(|place| read.name_for_index(place).unwrap().unwrap().into_owned()).collect();
        assert_eq!(names, ["b.csv", "a.txt"]);
        let mut text = String::new();
        let mut file = read.by_name("a.txt").unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(
            (text.as_str(), file.last_modified().unwrap().to_string().as_str()),
            ("ә", "2026-11-24 12:34:56")
        );
    }

    #[test]
    fn a_date_that_zip_does_not_know_is_no_fault() {
        for created in ["1970-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "never"] {
            let mut archive = Archive::created(created);
            archive.add("a", b"").unwrap();
            assert!(archive.finish().is_ok(), "{created}");
        }
    }
}
