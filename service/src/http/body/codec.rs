//! Encoders and decoders for the content codings, for a whole body or for one piece at a time.

use std::io::{self, Read as _, Write};
use std::sync::{Arc, Mutex, PoisonError};

use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::coding::Coding;

/// Bodies of this length in bytes or more get a lower zstd level, so that the client does not wait.
const LARGE: usize = 128 * 1024;

/// Window of brotli for cached bodies, as a power of two: 4 MB, the size of the largest one.
const WINDOW: u32 = 22;

/// Window of brotli for bodies that are coded while they are sent. With a larger window, nothing would come out for megabytes.
const WINDOW_STREAMED: u32 = 18;

/// Compression level for bodies that are coded once. Measured on real answers and pages (the test `efforts_side_by_side` prints the
/// figures): brotli 5 codes 27 kB in 3 ms, 9 is 1 % smaller for 20 times the time, 11 is 13 % smaller for 50 times.
fn effort(coding: Coding, length: usize) -> u32 {
    match coding {
        Coding::Identity => 0,
        Coding::Brotli => 5,
        Coding::Zstd if length < LARGE => 6,
        Coding::Zstd => 3,
        Coding::Gzip => 6,
    }
}

/// Compression level for bodies that are coded while they are sent. It takes a tenth of the time, and the result is a few percent
/// larger.
fn effort_streamed(coding: Coding) -> u32 {
    match coding {
        Coding::Identity => 0,
        Coding::Brotli | Coding::Zstd => 1,
        Coding::Gzip => 4,
    }
}

/// Codes a whole body. The same version of the program always returns the same bytes. Their memory is shrunk to fit, because the
/// cache counts a body by its length.
///
/// # Errors
/// When a library fails, which is a bug, since it only writes to memory.
pub fn encode(coding: Coding, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let effort = effort(coding, bytes.len());
    let mut coded = if coding == Coding::Zstd {
        // The bulk encoder writes the length into the frame header, so that the client can allocate its buffer once.
        zstd::bulk::compress(bytes, effort.cast_signed())?
    } else {
        let mut coder = Coder::with(coding, effort, WINDOW)?;
        coder.write(bytes)?;
        coder.finish()
    };
    coded.shrink_to_fit();
    Ok(coded)
}

/// Decodes a body of a known length. `None` if the result has another length.
pub fn decode(coding: Coding, bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(length);
    match coding {
        Coding::Identity => decoded.extend_from_slice(bytes),
        Coding::Zstd => decoded = zstd::bulk::decompress(bytes, length).ok()?,
        Coding::Brotli => _ = brotli::Decompressor::new(bytes, 4096).read_to_end(&mut decoded).ok()?,
        Coding::Gzip => _ = flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded).ok()?,
    }
    (decoded.len() == length).then_some(decoded)
}

/// An encoder that takes a body one piece at a time. It buffers at most one window.
pub struct Coder {
    /// Finishes the coded body when it is dropped.
    encoder: Box<dyn Write + Send>,
    coded: Coded,
}

/// The output of an encoder, shared with the code that takes it.
#[derive(Clone, Default)]
struct Coded(Arc<Mutex<Vec<u8>>>);

impl Coded {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Coded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Coder {
    /// Starts an encoder for a body that is coded while it is sent.
    ///
    /// # Errors
    /// When a library fails, because of a bug or a lack of memory.
    pub fn new(coding: Coding) -> io::Result<Self> {
        Self::with(coding, effort_streamed(coding), WINDOW_STREAMED)
    }

    fn with(coding: Coding, effort: u32, window: u32) -> io::Result<Self> {
        let coded = Coded::default();
        let out = coded.clone();
        let encoder: Box<dyn Write + Send> = match coding {
            Coding::Identity => Box::new(out),
            Coding::Brotli => Box::new(CompressorWriter::new(out, 4096, effort, window)),
            Coding::Zstd => {
                Box::new(zstd::stream::write::Encoder::new(out, effort.cast_signed())?.auto_finish())
            }
            // The gzip header has no time and no file name, so the bytes are the same every time.
            Coding::Gzip => Box::new(GzEncoder::new(out, Compression::new(effort))),
        };
        Ok(Self { encoder, coded })
    }

    /// Codes the next piece.
    ///
    /// # Errors
    /// When a library fails, which is a bug.
    pub fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.encoder.write_all(piece)
    }

    /// Returns the output since the last call. It may be empty, because encoders buffer their input.
    pub fn ready(&mut self) -> Vec<u8> {
        self.coded.take()
    }

    /// Finishes the body, and returns the rest of the output. This only writes to memory, so it cannot fail.
    pub fn finish(self) -> Vec<u8> {
        drop(self.encoder);
        self.coded.take()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_pieces(coding: Coding, bytes: &[u8], size: usize) -> Vec<u8> {
        let mut coder = Coder::new(coding).unwrap();
        let mut coded = Vec::new();
        for piece in bytes.chunks(size) {
            coder.write(piece).unwrap();
            coded.append(&mut coder.ready());
        }
        coded.append(&mut coder.finish());
        coded
    }

    #[test]
    fn a_large_body_comes_out_while_it_goes_in() {
        // The numbers do not repeat, so that every piece produces output.
        let mut state = 1_u64;
        let text: String = (0..400_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("{}\n", state >> 44)
            })
            .collect();
        for coding in [Coding::Brotli, Coding::Zstd, Coding::Gzip] {
            let mut coder = Coder::new(coding).unwrap();
            let mut most_held = 0;
            let mut held = 0;
            for piece in text.as_bytes().chunks(64 * 1024) {
                coder.write(piece).unwrap();
                held = if coder.ready().is_empty() { held + piece.len() } else { 0 };
                most_held = most_held.max(held);
            }
            assert!(most_held < 1024 * 1024, "{coding:?} held {most_held}");
        }
    }

    #[test]
    #[ignore = "prints a table for people who choose efforts; takes files in CODED, with spaces between"]
    fn efforts_side_by_side() {
        for path in std::env::var("CODED").unwrap_or_default().split_whitespace() {
            let bytes = std::fs::read(path).unwrap();
            for (coding, efforts) in [
                (Coding::Brotli, &[1_u32, 4, 5, 6, 7, 9, 11][..]),
                (Coding::Zstd, &[1, 3, 6, 9, 12, 19]),
                (Coding::Gzip, &[1, 4, 6, 9]),
            ] {
                for &effort in efforts {
                    let repeats = (200_000 / bytes.len()).clamp(1, 20);
                    let since = std::time::Instant::now();
                    let mut length = 0;
                    for _ in 0..repeats {
                        length = if coding == Coding::Zstd {
                            zstd::bulk::compress(&bytes, effort.cast_signed()).unwrap().len()
                        } else {
                            let mut coder = Coder::with(coding, effort, WINDOW).unwrap();
                            coder.write(&bytes).unwrap();
                            coder.finish().len()
                        };
                    }
                    let took = since.elapsed().as_secs_f64() * 1000.0 / repeats as f64;
                    println!(
                        "{path} {} {} {effort}: {length} bytes, {took:.2} ms",
                        bytes.len(),
                        coding.name()
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_cut_short_is_not_taken_for_the_whole() {
        let text = "by=year&statute=KAZ-CC-274,".repeat(40);
        for coding in Coding::ALL {
            let coded = encode(coding, text.as_bytes()).unwrap();
            assert_eq!(coded.capacity(), coded.len(), "{coding:?}");
            assert_eq!(decode(coding, &coded, text.len()).as_deref(), Some(text.as_bytes()));
            assert_eq!(decode(coding, &coded[..coded.len() / 2], text.len()), None, "{coding:?}");
            assert_eq!(decode(coding, &coded, text.len() + 1), None, "{coding:?}");
        }
    }

    proptest! {
        #[test]
        fn every_coding_gives_back_what_went_in(
            bytes in prop::collection::vec(any::<u8>(), 0..3000), size in 1_usize..700,
        ) {
            for coding in Coding::ALL {
                let whole = encode(coding, &bytes).unwrap();
                prop_assert_eq!(decode(coding, &whole, bytes.len()), Some(bytes.clone()));
                let pieces = in_pieces(coding, &bytes, size);
                // A zstd frame without a length in its header must be decoded as a stream.
                let decoded = match coding {
                    Coding::Zstd => zstd::stream::decode_all(&pieces[..]).ok(),
                    _ => decode(coding, &pieces, bytes.len()),
                };
                prop_assert_eq!(decoded, Some(bytes.clone()));
            }
        }
    }
}
