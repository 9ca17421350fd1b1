//! Numbers and texts that are written as differences (Parquet's DELTA encodings), read only to see how large they become:
//! a text may repeat the beginning of the one before it, so that a few bytes stand for as many as there are rows.

/// How long the texts of a page are together, and which is the longest; `None` where the page is damaged. `data` are its values in
/// the encoding DELTA_BYTE_ARRAY, of which it has at most `most`.
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

/// Returns how many numbers a page in DELTA_BINARY_PACKED, or the lengths of one in DELTA_LENGTH_BYTE_ARRAY, state to be there.
pub fn stated(data: &[u8]) -> Option<u64> {
    let mut bytes = Bytes { data, at: 0 };
    let (_block, _parts) = (bytes.number()?, bytes.number()?);
    bytes.number()
}

/// Reads numbers in DELTA_BINARY_PACKED, at most so many: them, and where they end.
///
/// A head (values in a block, parts of a block, numbers in all, the first one), then blocks: the least difference, the
/// bits of a number in each part, the parts, lowest bits first. Source: Apache Parquet, Encodings, "Delta Encoding".
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

/// Returns the number at a place of packed ones.
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

/// Bytes that are read one after the other.
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

    /// A number in as many bytes as it needs, seven bits in each (ULEB128).
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

    /// The same with its sign in the last bit.
    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}
