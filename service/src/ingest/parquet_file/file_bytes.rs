//! The bytes of a Parquet file, as the library that decodes them asks for them.

use std::io::{BufReader, Read};

use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::package::{SharedInput, SharedReader};

/// Most bytes that a page may have once it is unpacked. Writers make pages of a megabyte; a file of some kilobytes that
/// unpacks to gigabytes is made to do harm.
const LARGEST_PAGE: u64 = 1 << 28;

/// A file, read at the places that are asked for.
pub struct FileBytes(pub SharedInput);

impl Length for FileBytes {
    fn len(&self) -> u64 {
        self.0.size()
    }
}

impl ChunkReader for FileBytes {
    type T = BufReader<SharedReader>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        // The library reads the header of each page from here; what it says is asked before anything is unpacked.
        let mut header = Vec::with_capacity(32);
        self.0.at(start).take(32).read_to_end(&mut header)?;
        match unpacked_size(&header) {
            Some(size) if size > LARGEST_PAGE => Err(ParquetError::General(format!(
                "a page of {size} bytes; no page may have more than {LARGEST_PAGE}"
            ))),
            _ => Ok(BufReader::with_capacity(1 << 12, self.0.at(start))),
        }
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

/// The size that the header of a page states, once it is unpacked; `None` where no such header stands.
///
/// It begins with the page's kind, this size and the packed one, in the compact protocol of Thrift: before each the
/// byte `0x15` (the next field, 32 bits), then the number, seven bits to a byte, with its sign in the last bit.
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
    // A size below zero is refused by the library.
    Some(numbers[1]).filter(|size| size & 1 == 0).map(|size| size >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_page_is_read_off_its_header() {
        // A data page of 1,000,000 bytes, packed into 25.
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
}
