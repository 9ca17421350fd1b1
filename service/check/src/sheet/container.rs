//! The ZIP archive that a spreadsheet is.

use std::io::{self, BufReader, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::domain::Say;
use crate::package::Input;

use super::limits::{Bomb, LARGEST_PART, damaged, told_part, unread};
use super::xml::Xml;

/// A part that is larger than this must not be packed too well.
const LARGE: u64 = 64 << 20;
/// No table packs better than to this share.
const BEST_PACKED: u64 = 250;

fn unzipped(error: ZipError) -> Say {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Say::new("sheet_password")
        }
        ZipError::Io(error) => unread(&error),
        _ => damaged("its archive is broken"),
    }
}

/// A part that is being unpacked. Its bytes are counted, and sizes that the archive states are not believed.
pub(super) struct Part<'c> {
    file: ZipFile<'c, Box<dyn Input>>,
    name: String,
    packed: u64,
    read: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = self.file.read(out)?;
        self.read += size as u64;
        let is_bomb = self.read > LARGE && self.read / BEST_PACKED > self.packed;
        if is_bomb || self.read > LARGEST_PART {
            let most = if is_bomb { LARGE } else { LARGEST_PART };
            return Err(io::Error::other(Bomb { part: self.name.clone(), most }));
        }
        Ok(size)
    }
}

/// The archive.
pub(super) struct Container {
    archive: ZipArchive<Box<dyn Input>>,
}

impl Container {
    pub fn open(input: Box<dyn Input>) -> Result<Self, Say> {
        Ok(Self { archive: ZipArchive::new(input).map_err(unzipped)? })
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Returns the names of all parts.
    pub fn names(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.archive.file_names().filter_map(Result::ok)
    }

    /// Opens a part.
    pub fn part(&mut self, name: &str) -> Result<Part<'_>, Say> {
        let file = self.archive.by_name(name).map_err(|error| match error {
            ZipError::FileNotFound => damaged(format_args!("{} is missing", told_part(name))),
            other => unzipped(other),
        })?;
        let packed = file.compressed_size();
        Ok(Part { file, name: name.to_owned(), packed, read: 0 })
    }

    /// Opens a part as XML.
    pub fn xml(&mut self, name: &str) -> Result<Xml<BufReader<Part<'_>>>, Say> {
        Ok(Xml::new(BufReader::with_capacity(1 << 16, self.part(name)?), name))
    }

    /// Returns the first bytes of a part, at most `most`.
    pub fn start(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Say> {
        let mut bytes = Vec::new();
        self.part(name)?.take(most).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
        Ok(bytes)
    }
}
