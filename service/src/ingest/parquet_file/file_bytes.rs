//! The bytes of a Parquet file, in the form in which the decoding library asks for them.

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::limits::{LARGEST_PAGE, Watch};
use super::shared_input::{SharedInput, SharedReader};

/// A file that is read at any place. The library reads the description of the columns from it.
pub struct FileBytes(pub SharedInput);

impl Length for FileBytes {
    fn len(&self) -> u64 {
        self.0.size()
    }
}

impl ChunkReader for FileBytes {
    type T = BufReader<SharedReader>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::with_capacity(1 << 12, self.0.at(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.0.size());
        if end.is_none() {
            let message = format!("bytes from {start} on, {length} of them, lie beyond the end of the file");
            return Err(ParquetError::EOF(message));
        }
        let mut bytes = vec![0; length];
        self.0.at(start).read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// The bytes of a column's pages. The library first asks for a page's header, then for the page, and unpacks the
/// page. The unpacked size is checked before that.
pub struct PageBytes {
    file: FileBytes,
    watch: Arc<Watch>,
    column: String,
    packing: Compression,
    /// The unpacked size of the next page, as its header states it.
    stated: AtomicU64,
}

impl PageBytes {
    /// Makes the bytes of a column. `packing` is how its pages are compressed.
    pub fn new(input: SharedInput, watch: Arc<Watch>, column: String, packing: Compression) -> Self {
        Self { file: FileBytes(input), watch, column, packing, stated: AtomicU64::new(0) }
    }
}

impl Length for PageBytes {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for PageBytes {
    type T = BufReader<SharedReader>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let mut header = Vec::with_capacity(32);
        self.file.0.at(start).take(32).read_to_end(&mut header)?;
        // The library might read a header of another form, with a size that was not checked.
        let size = unpacked_size(&header)
            .ok_or_else(|| ParquetError::General("a page has no header as writers make it".to_owned()))?;
        if size > LARGEST_PAGE {
            return Err(self.watch.refuse(&self.column, &format!("a page of {size} bytes")));
        }
        self.stated.store(size, Ordering::Relaxed);
        self.file.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        let bytes = self.file.get_bytes(start, length)?;
        let stated = self.stated.load(Ordering::Relaxed);
        if !fits(&bytes, self.packing, stated) {
            let found = format!("a page that unpacks to more than the {stated} bytes that it states");
            return Err(self.watch.refuse(&self.column, &found));
        }
        Ok(bytes)
    }
}

/// Whether packed bytes unpack to no more than the stated size, or than a page may have. For some compressions the
/// library unpacks everything that comes. For all others it allocates the stated size and stops there.
fn fits(packed: &[u8], packing: Compression, stated: u64) -> bool {
    // One byte of deflate stands for at most 1,032 bytes (RFC 1951: 258 for two bits), one byte of LZ4 for at most
    // 255.
    let at_most = |ratio: u64| packed.len() as u64 * ratio <= LARGEST_PAGE;
    match packing {
        Compression::GZIP(_) => at_most(1_032) || ends_by(flate2::read::MultiGzDecoder::new(packed), stated),
        Compression::BROTLI(_) => ends_by(brotli::Decompressor::new(packed, 1 << 16), stated),
        Compression::LZ4 => at_most(255),
        _ => true,
    }
}

/// Whether a reader ends after at most `size` bytes. Damaged data end where the damage is.
fn ends_by(reader: impl Read, size: u64) -> bool {
    let read = std::io::copy(&mut reader.take(size + 1), &mut std::io::sink());
    read.map_or(true, |read| read <= size)
}

/// Returns the unpacked size that the header of a page states, or `None` when the bytes are no such header.
///
/// The header is in the compact protocol of Thrift, and begins with three numbers: the kind of page, the unpacked
/// size and the packed size. Before each stands the byte `0x15` (the next field, 32 bits). A number has seven bits to
/// a byte, and its sign in the lowest bit.
fn unpacked_size(header: &[u8]) -> Option<u64> {
    let mut rest = header;
    let mut numbers = [0; 3];
    for number in &mut numbers {
        rest = rest.strip_prefix(&[0x15])?;
        for place in 0.. {
            let (&byte, behind) = rest.split_first()?;
            rest = behind;
            *number |= u64::from(byte & 0x7f).checked_shl(7 * place).filter(|_| place < 9)?;
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    // The library refuses a size below zero.
    Some(numbers[1]).filter(|size| size & 1 == 0).map(|size| size >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    use parquet::basic::{BrotliLevel, GzipLevel};

    #[test]
    fn the_size_of_a_page_is_read_off_its_header() {
        // A data page of 1,000,000 bytes, compressed into 25.
        let header = [0x15, 0x00, 0x15, 0x80, 0x89, 0x7a, 0x15, 0x32, 0x2c];
        assert_eq!(unpacked_size(&header), Some(1_000_000));
        assert_eq!(unpacked_size(b"\x15\x04\x19\x5c"), None);
        assert_eq!(unpacked_size(b"\x15\x00\x15"), None);
        assert_eq!(unpacked_size(&[0x15; 32]), None);
        assert_eq!(
            unpacked_size(&[0x15, 0, 0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            None
        );
    }

    #[test]
    fn a_page_that_states_a_gigabyte_is_refused_by_its_column() {
        for (header, words) in [
            ([0x15, 0x00, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15, 0x32], "a page of 1073741824 bytes"),
            // The same size in the long form, which no writer uses.
            ([0x15, 0x00, 0x05, 0x04, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15], "no header as writers make it"),
        ] {
            let input = SharedInput::new(Box::new(std::io::Cursor::new(header.to_vec()))).unwrap();
            let pages = PageBytes::new(input, Arc::default(), "region".to_owned(), Compression::UNCOMPRESSED);
            let error = pages.get_read(0).err().unwrap();
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn what_unpacks_to_more_than_it_states_is_found_before_it_is_unpacked() {
        let zeros = vec![0; 3 << 20];
        let mut packed = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        packed.write_all(&zeros).unwrap();
        let brotli = packed.into_inner();
        let is_fine =
            |packed: &[u8], stated| fits(packed, Compression::BROTLI(BrotliLevel::default()), stated);
        assert!(is_fine(&brotli, 3 << 20) && !is_fine(&brotli, (3 << 20) - 1));
        assert!(is_fine(b"no brotli at all", 10), "the library says what is wrong with it");

        let level = flate2::Compression::best();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), level);
        // More bytes than a page may have, in several parts, as gzip allows.
        for _ in 0..100 {
            packed.write_all(&zeros).unwrap();
        }
        let gzip = packed.finish().unwrap();
        assert!(gzip.len() < 1 << 19);
        let packing = Compression::GZIP(GzipLevel::default());
        assert!(!fits(&gzip, packing, 1000));
        assert!(fits(&gzip, packing, 300 << 20));
        assert!(!fits(&vec![0; 2 << 20], Compression::LZ4, 1000));
        assert!(fits(&vec![0; 2 << 20], Compression::SNAPPY, 1000), "the library makes room for 1,000");
    }
}
