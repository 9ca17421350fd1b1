//! A file of a package while it is read: counted, digested, decoded.

use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{Decoder, DecoderResult, Encoding};
use sha2::{Digest as _, Sha256};

use super::digest::hex;
use super::{Digest, LARGEST, Resource};
use crate::disk;

/// How much of the file is read at once.
const CHUNK: usize = 1 << 18;

/// What a package declares of a file, where it does.
#[derive(Clone, Default)]
pub struct Declared {
    /// An encoding other than UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// What stands between two fields.
    pub delimiter: Option<u8>,
    bytes: Option<u64>,
    digest: Option<Digest>,
}

/// A file of a package. Reading gives its text in UTF-8; a byte that the declared encoding does not have
/// comes out as `0xff`, which no UTF-8 has, so that it is found as damage.
pub struct Source<'r> {
    /// Its path within the package.
    pub path: String,
    /// What the package declares of it.
    pub declared: Declared,
    input: Box<dyn Read + Send + 'r>,
    decoder: Option<Decoder>,
    decoded: Vec<u8>,
    decoded_at: usize,
    raw: Vec<u8>,
    raw_at: usize,
    ended: bool,
    size: u64,
    sha256: Sha256,
}

/// What a file of a package is read from: anything that can be read at any place.
pub trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

/// A file that several readers read at once, each at its own place.
#[derive(Clone)]
pub struct SharedInput {
    input: Arc<Mutex<Box<dyn Input>>>,
    size: u64,
}

impl SharedInput {
    /// Shares a file.
    ///
    /// # Errors
    /// When its size cannot be told: a pipe has none.
    pub fn new(mut input: Box<dyn Input>) -> std::io::Result<Self> {
        let size = input.seek(SeekFrom::End(0))?;
        Ok(Self { input: Arc::new(Mutex::new(input)), size })
    }

    /// Returns how many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns a reader that begins at a place.
    pub fn at(&self, place: u64) -> SharedReader {
        SharedReader { shared: self.clone(), place }
    }
}

/// Reads a [`SharedInput`] from one place on.
pub struct SharedReader {
    shared: SharedInput,
    place: u64,
}

impl Read for SharedReader {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        // A reader that panicked has left the file at some place, and every reader goes to its own.
        let mut input = self.shared.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(self.place))?;
        let size = input.read(out)?;
        self.place += size as u64;
        Ok(size)
    }
}

/// What is known of a file that was read to its end.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// SHA-256 of its bytes, in hex digits.
    pub sha256: String,
    /// Declared and real size, where they differ.
    pub size_mismatch: Option<(u64, u64)>,
    /// Declared and real digest, where they differ.
    pub digest_mismatch: Option<(String, String)>,
}

impl<'r> Source<'r> {
    /// Begins to read a file.
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
            decoder: encoding.map(Encoding::new_decoder_with_bom_removal),
            decoded: Vec::new(),
            decoded_at: 0,
            raw: Vec::new(),
            raw_at: 0,
            ended: false,
            size: 0,
            sha256: Sha256::new(),
        }
    }

    /// Returns the first bytes of the file as they are, without taking them away.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_bytes(&mut self) -> std::io::Result<&[u8]> {
        if self.raw.is_empty() {
            self.read_raw()?;
        }
        Ok(&self.raw[self.raw_at..])
    }

    /// Reads the file as UTF-8 with commas from here on, whatever is declared of it. Nothing may have been read yet.
    pub fn forget_declared_form(&mut self) {
        self.decoder = None;
        self.declared.encoding = None;
        self.declared.delimiter = None;
    }

    /// Reads the rest of the file, and says what it was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn finish(mut self) -> std::io::Result<Facts> {
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

    fn read_raw(&mut self) -> std::io::Result<()> {
        self.raw.clear();
        self.raw_at = 0;
        let size = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)?;
        self.ended = size < CHUNK;
        self.size += size as u64;
        // It may grow while it is read.
        disk::within(self.size, LARGEST)?;
        self.sha256.update(&self.raw);
        if let Some(digest) = &mut self.declared.digest {
            digest.update(&self.raw);
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Decodes on into `out`, which has room for some characters; 0 at the end of the file.
    fn decode(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if self.raw_at == self.raw.len() && !self.ended {
                self.read_raw()?;
            }
            let Some(decoder) = &mut self.decoder else { return Ok(0) };
            let room = out.len() - 1;
            let raw = &self.raw[self.raw_at..];
            let (result, read, mut written) =
                decoder.decode_to_utf8_without_replacement(raw, &mut out[..room], self.ended);
            self.raw_at += read;
            match result {
                DecoderResult::Malformed(..) => {
                    out[written] = 0xff;
                    written += 1;
                }
                DecoderResult::InputEmpty if self.ended => self.decoder = None,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.decoded.is_empty() && self.decoder.is_some() {
            let mut decoded = std::mem::take(&mut self.decoded);
            decoded.resize(CHUNK, 0);
            let size = self.decode(&mut decoded)?;
            decoded.truncate(size);
            self.decoded = decoded;
            self.decoded_at = 0;
        }
        let (from, at) = if self.decoded.is_empty() {
            if self.raw_at == self.raw.len() && !self.ended {
                self.read_raw()?;
            }
            (&self.raw, &mut self.raw_at)
        } else {
            (&self.decoded, &mut self.decoded_at)
        };
        let size = out.len().min(from.len() - *at);
        out[..size].copy_from_slice(&from[*at..*at + size]);
        *at += size;
        if self.decoded_at == self.decoded.len() {
            self.decoded.clear();
            self.decoded_at = 0;
        }
        Ok(size)
    }
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
