//! A file of a package that is being read: the bytes are counted, digested and decoded.

use std::io::{Error, Read, Result, Seek};

use encoding_rs::Encoding;
use sha2::{Digest as _, Sha256};

use super::decoding::Decoding;
use super::digest::hex;
use super::{Digest, Resource};

/// Most bytes of a package's file.
pub const LARGEST: u64 = 64 << 30;
/// Bytes of a file that are read at once.
const CHUNK: usize = 1 << 18;

/// What a package declares about a file. Every part is optional.
#[derive(Default)]
pub struct Declared {
    /// An encoding other than UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// The byte that separates fields.
    pub delimiter: Option<u8>,
    bytes: Option<u64>,
    digest: Option<Digest>,
}

/// A file of a package. Reading it gives its text in UTF-8. A byte that is invalid in the declared encoding becomes
/// `0xff`, which no UTF-8 text has, and so is found as damage.
pub struct Source<'r> {
    /// Its path within the package.
    pub path: String,
    /// What the package declares about the file.
    pub declared: Declared,
    input: Box<dyn Read + Send + 'r>,
    decoder: Option<Decoding>,
    decoded: Buffer,
    raw: Buffer,
    ended: bool,
    size: u64,
    sha256: Sha256,
}

/// A buffer of bytes, of which those before `at` were taken.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    at: usize,
}

impl Buffer {
    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Moves bytes into `out`, as many as fit. Returns their number.
    fn take(&mut self, out: &mut [u8]) -> usize {
        let size = out.len().min(self.rest().len());
        out[..size].copy_from_slice(&self.rest()[..size]);
        self.at += size;
        size
    }
}

/// The bytes of a package's file, which can be read at any place.
pub trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

/// The facts about a file that was read to its end.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// SHA-256 of its bytes, in hex digits.
    pub sha256: String,
    /// The declared and the real size in bytes, if they differ.
    pub size_mismatch: Option<(u64, u64)>,
    /// The declared and the real digest, if they differ.
    pub digest_mismatch: Option<(String, String)>,
}

impl<'r> Source<'r> {
    /// Begins reading a file.
    pub fn new(input: Box<dyn Read + Send + 'r>, resource: &Resource) -> Self {
        let encoding = resource.encoding;
        let declared = Declared {
            encoding,
            delimiter: resource.delimiter,
            bytes: resource.bytes,
            digest: resource.hash.as_deref().and_then(Digest::parse),
        };
        Self {
            path: resource.path.clone(),
            declared,
            input,
            decoder: encoding.map(Decoding::of),
            decoded: Buffer::default(),
            raw: Buffer::default(),
            ended: false,
            size: 0,
            sha256: Sha256::new(),
        }
    }

    /// Returns the first bytes of the file, without decoding or consuming them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_bytes(&mut self) -> Result<&[u8]> {
        if self.raw.bytes.is_empty() {
            self.read_raw()?;
        }
        Ok(self.raw.rest())
    }

    /// Reads the file as UTF-8 with commas, whatever is declared. Nothing may have been read before.
    pub fn forget_declared_form(&mut self) {
        self.decoder = None;
        self.declared.encoding = None;
        self.declared.delimiter = None;
    }

    /// Reads the rest of the file, and returns the facts about the whole of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn finish(mut self) -> Result<Facts> {
        while !self.ended {
            self.read_raw()?;
        }
        let size_mismatch =
            self.declared.bytes.filter(|bytes| *bytes != self.size).map(|declared| (declared, self.size));
        Ok(Facts {
            sha256: hex(&self.sha256.finalize()),
            size_mismatch,
            digest_mismatch: self.declared.digest.and_then(Digest::mismatch),
        })
    }

    fn read_raw(&mut self) -> Result<()> {
        self.raw.bytes.clear();
        self.raw.at = 0;
        let size = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw.bytes)?;
        self.ended = size < CHUNK;
        self.size += size as u64;
        // The file may grow while it is read.
        within(self.size, LARGEST)?;
        self.sha256.update(&self.raw.bytes);
        if let Some(digest) = &mut self.declared.digest {
            digest.update(&self.raw.bytes);
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Reads more bytes, if all bytes read so far were taken.
    fn fill_raw(&mut self) -> Result<()> {
        if self.raw.rest().is_empty() && !self.ended { self.read_raw() } else { Ok(()) }
    }

    /// Decodes more text, or nothing at the end of the file.
    fn decode(&mut self) -> Result<()> {
        self.decoded.at = 0;
        self.decoded.bytes.clear();
        while self.decoded.bytes.is_empty() {
            self.fill_raw()?;
            let Some(decoder) = &mut self.decoder else { break };
            decoder.decode(self.raw.rest(), self.ended, &mut self.decoded.bytes);
            self.raw.at = self.raw.bytes.len();
            if self.ended {
                self.decoder = None;
            }
        }
        Ok(())
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.decoded.rest().is_empty() && self.decoder.is_some() {
            self.decode()?;
        }
        if !self.decoded.rest().is_empty() {
            return Ok(self.decoded.take(out));
        }
        self.fill_raw()?;
        Ok(self.raw.take(out))
    }
}

/// Reads to the end. At most `most` bytes may come.
///
/// # Errors
/// When the input cannot be read, or is larger.
pub fn read_all(input: impl Read, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(most + 1).read_to_end(&mut bytes)?;
    within(bytes.len() as u64, most).map(|()| bytes)
}

/// Checks that a file has at most `most` bytes.
///
/// # Errors
/// When it has more.
pub fn within(size: u64, most: u64) -> Result<()> {
    if size <= most { Ok(()) } else { Err(Error::other(format!("it has more than {} MiB", most >> 20))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(encoding: Option<&'static Encoding>) -> Resource {
        Resource {
            name: "charges".to_owned(),
            path: "charges.csv".to_owned(),
            encoding,
            ..Resource::default()
        }
    }

    #[test]
    fn a_declared_encoding_is_decoded_and_what_it_does_not_have_is_marked() {
        let declared = resource(Some(encoding_rs::WINDOWS_1251));
        let mut text = Vec::new();
        Source::new(Box::new(&b"\xc0\xeb\xec\x98"[..]), &declared).read_to_end(&mut text).unwrap();
        assert_eq!(text, "Алм\u{98}".as_bytes());
        let declared = resource(Some(encoding_rs::SHIFT_JIS));
        let mut text = Vec::new();
        Source::new(Box::new(&b"a\xff b"[..]), &declared).read_to_end(&mut text).unwrap();
        assert_eq!(text, b"a\xff b");
    }

    #[test]
    fn size_and_digest_are_held_against_what_is_declared() {
        let hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let declared = Resource { bytes: Some(0), hash: Some(hash.to_owned()), ..resource(None) };
        let facts = Source::new(Box::new(&b""[..]), &declared).finish().unwrap();
        assert_eq!((facts.size_mismatch, facts.digest_mismatch), (None, None));
        let facts = Source::new(Box::new(&b"x"[..]), &declared).finish().unwrap();
        assert_eq!(facts.size_mismatch, Some((0, 1)));
        assert!(facts.digest_mismatch.is_some());
    }
}
