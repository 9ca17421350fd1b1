//! A package as one ZIP file: reading one that somebody made, and writing one with the same bytes whenever it is made.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use ::zip::read::ZipFile;
use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::DESCRIPTOR;
use super::source::Input;
use crate::domain::Say;

pub use ::zip::result::ZipError;

/// Most files of an archive that is read.
const MOST_FILES: usize = 1_000;
/// A file that is larger than this must not be packed too well.
const LARGE: u64 = 64 << 20;
/// No table packs better than to this share.
const BEST_PACKED: u64 = 250;
/// Bytes that are packed between two calls of the function that may end the work.
const PIECE: usize = 1 << 20;

/// Files by their path.
pub type Unpacked = Vec<(String, Arc<[u8]>)>;

/// Returns the files of a package in a ZIP file. Together they may have `most` bytes. A folder around all of them is left out.
///
/// # Errors
/// When the file is no ZIP or is damaged, encrypted or a bomb, has a path that leads out, a file twice or too many files, or has no
/// descriptor.
pub fn unzip(mut input: Box<dyn Input>, most: u64) -> Result<Unpacked, Say> {
    refuse_repeated(&mut input)?;
    let mut archive = ZipArchive::new(input).map_err(|error| fault(&error))?;
    let mut files = Unpacked::new();
    let mut names = BTreeSet::new();
    let mut left = most;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(|error| fault(&error))?;
        let name = file.name().map_err(|error| fault(&error))?.into_owned();
        // What a Mac puts beside the files.
        if file.is_dir() || name.starts_with("__MACOSX/") {
            continue;
        }
        let path = below(&name).filter(|_| !file.is_symlink());
        let path = path.ok_or_else(|| Say::new("zip_path").with("path", format!("{name:?}")))?;
        if !names.insert(path.clone()) {
            return Err(Say::new("zip_twice").with("path", format!("{path:?}")));
        }
        let bytes = unpacked(&mut file, &path, left, most)?;
        left -= bytes.len() as u64;
        files.push((path, bytes.into()));
    }
    let is_there = |files: &Unpacked| files.iter().any(|(path, _)| path == DESCRIPTOR);
    if !is_there(&files) {
        files = without_folder(files);
    }
    if is_there(&files) { Ok(files) } else { Err("zip_no_descriptor".into()) }
}

fn fault(error: &ZipError) -> Say {
    match error {
        ZipError::UnsupportedArchive(why) if *why == ZipError::PASSWORD_REQUIRED => "zip_encrypted".into(),
        ZipError::InvalidPassword => "zip_encrypted".into(),
        other => Say::new("zip_damaged").with("error", other),
    }
}

/// Unpacks a file. Its bytes are counted, because the size that the archive states may be wrong.
fn unpacked(
    file: &mut ZipFile<'_, Box<dyn Input>>,
    path: &str,
    left: u64,
    most: u64,
) -> Result<Vec<u8>, Say> {
    let packed = file.compressed_size().max(1);
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        let piece = file.by_ref().take(PIECE as u64).read_to_end(&mut bytes);
        piece.map_err(|error| Say::new("zip_damaged").with("error", error))?;
        let size = bytes.len() as u64;
        let is_packed_too_well = size > LARGE && size / BEST_PACKED > packed;
        if size > left || is_packed_too_well {
            let most = if size > left { most } else { LARGE };
            return Err(Say::new("zip_bomb").with("path", format!("{path:?}")).with("most", most >> 20));
        }
        if bytes.len() == before {
            return Ok(bytes);
        }
    }
}

/// Returns a path with `/` between folders, or `None` when it leads out of the archive.
fn below(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    let parts: Vec<&str> = name.split('/').filter(|part| !["", "."].contains(part)).collect();
    let is_below = !name.starts_with('/') && !has_drive && !parts.contains(&"..") && !parts.is_empty();
    is_below.then(|| parts.join("/"))
}

/// Leaves out the folder that all files are in, if there is one.
fn without_folder(files: Unpacked) -> Unpacked {
    let folder = files.first().and_then(|(path, _)| Some(path.split_once('/')?.0.to_owned() + "/"));
    match folder.filter(|folder| files.iter().all(|(path, _)| path.starts_with(folder))) {
        Some(folder) => {
            files.into_iter().map(|(path, bytes)| (path[folder.len()..].to_owned(), bytes)).collect()
        }
        None => files,
    }
}

/// Reads the names in the archive's directory. The library keeps only the last of files with the same name.
///
/// # Errors
/// When a name is there twice, or there are too many.
fn refuse_repeated(input: &mut Box<dyn Input>) -> Result<(), Say> {
    let damaged = |error: std::io::Error| Say::new("zip_damaged").with("error", error);
    let archive = ZipArchive::new(&mut *input).map_err(|error| fault(&error))?;
    let (start, known) = (archive.central_directory_start(), archive.len());
    if known > MOST_FILES {
        return Err(Say::new("zip_many").with("count", known).with("most", MOST_FILES));
    }
    if archive.has_duplicate_names() {
        let mut names = BTreeSet::new();
        input.seek(SeekFrom::Start(start)).map_err(damaged)?;
        let mut entry = [0; 46];
        for _ in 0..=MOST_FILES {
            input.read_exact(&mut entry).map_err(damaged)?;
            let length = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
            let mut name = vec![0; length(28).into()];
            input.read_exact(&mut name).map_err(damaged)?;
            let behind = i64::from(length(30)) + i64::from(length(32));
            input.seek(SeekFrom::Current(behind)).map_err(damaged)?;
            if !names.insert(name.clone()) {
                let path = format!("{:?}", String::from_utf8_lossy(&name));
                return Err(Say::new("zip_twice").with("path", path));
            }
        }
        return Err(Say::new("zip_many").with("count", names.len()).with("most", MOST_FILES));
    }
    input.rewind().map_err(damaged)
}

/// A ZIP file that is being written.
#[derive(Debug)]
pub struct Archive {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
    /// Is called now and then while a file is packed, and may end the work.
    between: fn(),
}

impl Archive {
    /// Begins an archive whose files are dated `created`, RFC 3339. `between` is called now and then while a file is packed.
    pub fn created(created: &str, between: fn()) -> Self {
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
        Self { writer: ZipWriter::new(Cursor::new(Vec::new())), options, between }
    }

    /// Adds a whole file.
    ///
    /// # Errors
    /// When the archive would become larger than ZIP allows.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<(), ZipError> {
        let between = self.between;
        let mut file = self.begin(name)?;
        for piece in content.chunks(PIECE) {
            between();
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
    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Archive::created("2026-11-24T12:34:56Z", || ());
        for (name, content) in files {
            archive.add(name, content).unwrap();
        }
        archive.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> Result<Vec<(String, Vec<u8>)>, String> {
        let files = unzip(Box::new(Cursor::new(bytes)), 100 << 20).map_err(|says| {
            let told = says.english();
            assert!(told != says.key && !told.contains("  "), "{told}");
            told
        })?;
        Ok(files.into_iter().map(|(path, bytes)| (path, bytes.to_vec())).collect())
    }

    fn paths(bytes: Vec<u8>) -> Vec<String> {
        read(bytes).unwrap().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn files_come_back_in_their_order_with_the_date_of_the_release() {
        let make = || archive(&[("b.csv", b"a,b\n"), (DESCRIPTOR, "ә".as_bytes())]);
        assert_eq!(make(), make());
        let files = read(make()).unwrap();
        assert_eq!(files[0], ("b.csv".to_owned(), b"a,b\n".to_vec()));
        assert_eq!(files[1], (DESCRIPTOR.to_owned(), "ә".as_bytes().to_vec()));
        let mut read = ZipArchive::new(Cursor::new(make())).unwrap();
        let file = read.by_name(DESCRIPTOR).unwrap();
        assert_eq!(file.last_modified().unwrap().to_string(), "2026-11-24 12:34:56");
    }

    #[test]
    fn a_date_that_zip_does_not_know_is_no_fault() {
        for created in ["1970-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "never"] {
            let mut archive = Archive::created(created, || ());
            archive.add("a", b"").unwrap();
            assert!(archive.finish().is_ok(), "{created}");
        }
    }

    #[test]
    fn a_folder_around_everything_is_forgiven() {
        let own = [DESCRIPTOR, "data/charges.csv"];
        assert_eq!(paths(archive(&[(own[0], b"{}"), (own[1], b"x")])), own);
        let within = archive(&[("cases/datapackage.json", b"{}"), ("cases/data/charges.csv", b"x")]);
        assert_eq!(paths(within), own);
        let of_a_mac = archive(&[
            ("cases/datapackage.json", b"{}"),
            ("__MACOSX/cases/._datapackage.json", b"x"),
            ("cases\\data\\charges.csv", b"x"),
        ]);
        assert_eq!(paths(of_a_mac), own);
    }

    #[test]
    fn what_is_no_package_is_refused_by_its_cause() {
        let good: (&str, &[u8]) = (DESCRIPTOR, b"{}");
        let none = "the ZIP file has no datapackage.json, neither at its top nor in its only folder";
        assert_eq!(read(archive(&[("charges.csv", b"x")])).unwrap_err(), none);
        assert_eq!(read(archive(&[("a/datapackage.json", b"{}"), ("b", b"x")])).unwrap_err(), none);
        for path in ["../charges.csv", "/charges.csv", "a/../../b", "C:\\charges.csv", "..\\x"] {
            let told = read(archive(&[good, (path, b"x")])).unwrap_err();
            assert_eq!(told, format!("{path:?} would lie outside of the package; it is not read"));
        }
        let mut twice = archive(&[good, ("charges.csv", b"x"), ("chargez.csv", b"y")]);
        while let Some(at) = twice.windows(11).position(|bytes| bytes == b"chargez.csv") {
            twice[at + 6] = b's';
        }
        assert_eq!(read(twice).unwrap_err(), "\"charges.csv\" is in the ZIP file twice");
        let other_way = archive(&[good, ("charges.csv", b"x"), ("./charges.csv", b"y")]);
        assert_eq!(read(other_way).unwrap_err(), "\"charges.csv\" is in the ZIP file twice");
        let mut locked = archive(&[good]);
        let directory = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        (locked[6], locked[directory + 8]) = (1, 1);
        assert_eq!(read(locked).unwrap_err(), "the ZIP file is protected by a password; make one without");
        let many: Vec<String> = (0..1_001).map(|number| number.to_string()).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(read(archive(&many)).unwrap_err(), "the ZIP file has 1001 files; at most 1000 are read");
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let zeros = vec![b'0'; 65 << 20];
        let told = read(archive(&[(DESCRIPTOR, b"{}"), ("charges.csv", &zeros)])).unwrap_err();
        assert_eq!(told, "\"charges.csv\" unpacks to more than 64 MiB");
        // Together the files may have as much as is allowed for all.
        let files = archive(&[(DESCRIPTOR, b"{}"), ("a", &zeros[..2 << 20]), ("b", &zeros[..2 << 20])]);
        let told = unzip(Box::new(Cursor::new(files)), 3 << 20).unwrap_err().english();
        assert_eq!(told, "\"b\" unpacks to more than 3 MiB");
    }

    #[test]
    fn damage_does_no_harm() {
        let whole = archive(&[(DESCRIPTOR, b"{\"name\": \"x\"}"), ("charges.csv", b"a,b\n1,2\n")]);
        for end in 0..whole.len() {
            assert!(read(whole[..end].to_vec()).is_err(), "{end}");
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 0x55;
            let _ = read(other);
        }
    }
}
