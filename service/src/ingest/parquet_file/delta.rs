//! The DELTA encodings of Parquet, which write numbers and texts as differences. They are read only to learn how
//! large the values become: a text may repeat the beginning of the text before it, so a few bytes per row can stand
//! for long texts.

/// Returns the length of all texts of a page together, in bytes, or `None` when the page is damaged. `data` are the
/// values of the page in DELTA_BYTE_ARRAY; there may be at most `most` of them.
pub fn decoded_bytes(data: &[u8], most: usize) -> Option<u64> {
    let (prefixes, at) = numbers(data, most)?;
    let (suffixes, _) = numbers(data.get(at..)?, most)?;
    if prefixes.len() != suffixes.len() {
        return None;
    }
    let (mut length, mut sum) = (0_u64, 0_u64);
    for (prefix, suffix) in prefixes.into_iter().zip(suffixes) {
        length = length.min(u64::try_from(prefix).ok()?) + u64::try_from(suffix).ok()?;
        sum = sum.checked_add(length)?;
    }
    Some(sum)
}

/// Returns how many numbers a page claims to have. The page is in DELTA_BINARY_PACKED, or in DELTA_LENGTH_BYTE_ARRAY,
/// which begins with its lengths.
pub fn stated(data: &[u8]) -> Option<u64> {
    let mut bytes = Bytes { data, at: 0 };
    let (_block, _parts) = (bytes.number()?, bytes.number()?);
    bytes.number()
}

/// Reads at most `most` numbers in DELTA_BINARY_PACKED. Returns the numbers, and the place behind them.
///
/// The format is a header and then blocks. The header has the number of values in a block, the number of parts in a
/// block, the number of values in total, and the first value. A block has the least difference, the bit width of each
/// part, and the parts, lowest bits first. Source: Apache Parquet, Encodings, "Delta Encoding".
fn numbers(data: &[u8], most: usize) -> Option<(Vec<i32>, usize)> {
    let mut bytes = Bytes { data, at: 0 };
    let block = usize::try_from(bytes.number()?).ok()?;
    let parts = usize::try_from(bytes.number()?).ok()?;
    let count = usize::try_from(bytes.number()?).ok().filter(|count| *count <= most)?;
    let first = i32::try_from(bytes.signed()?).ok()?;
    let part =
        block.checked_div(parts).filter(|part| *part > 0 && part * parts == block && part % 32 == 0)?;
    let mut all = Vec::with_capacity(count);
    if count > 0 {
        all.push(first);
    }
    let mut last = first;
    while all.len() < count {
        let least = i32::try_from(bytes.signed()?).ok()?;
        let widths = bytes.take(parts)?;
        for &width in widths {
            let left = count - all.len();
            if left == 0 {
                break;
            }
            let packed = bytes.take(part.checked_mul(width.into())? / 8)?;
            for place in 0..left.min(part) {
                last = last.wrapping_add(least).wrapping_add(difference(packed, place, width)?);
                all.push(last);
            }
        }
    }
    Some((all, bytes.at))
}

/// Returns one of the bit-packed numbers.
fn difference(packed: &[u8], place: usize, width: u8) -> Option<i32> {
    if width > 32 {
        return None;
    }
    let from = place * usize::from(width);
    let mut word = [0; 8];
    let there = packed.get(from / 8..)?;
    let length = there.len().min(8);
    word[..length].copy_from_slice(&there[..length]);
    let bits = u64::from_le_bytes(word) >> (from % 8) & ((1 << width) - 1);
    u32::try_from(bits).ok().map(u32::cast_signed)
}

/// A reader of bytes in order.
struct Bytes<'d> {
    data: &'d [u8],
    at: usize,
}

impl<'d> Bytes<'d> {
    fn take(&mut self, count: usize) -> Option<&'d [u8]> {
        let taken = self.data.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    /// Reads a number of variable length, seven bits to a byte (ULEB128).
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Reads such a number whose lowest bit is its sign.
    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}
