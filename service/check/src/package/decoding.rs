//! Text in other encodings, decoded piece by piece. A machine decodes with the tables of `encoding_rs`. A browser has these tables
//! already: they would be an eighth of what the page loads. Both follow the Encoding Standard.

use encoding_rs::{Encoding, UTF_8};

/// A byte that no text in UTF-8 has. It stands for each sequence of bytes that is invalid in its encoding.
pub const INVALID: u8 = 0xff;

/// The sign that a decoder writes for what it cannot read.
const UNREADABLE: &[u8] = "\u{fffd}".as_bytes();

/// A decoder that has a part of a text. A mark of the encoding at the start is no text.
pub struct Decoding(Held);

enum Held {
    /// UTF-8: whether the start was read, and bytes of a letter that is not whole yet.
    Utf8 {
        is_begun: bool,
        kept: Vec<u8>,
    },
    Other(other::Decoder),
}

impl Decoding {
    /// Begins a text.
    pub fn of(encoding: &'static Encoding) -> Self {
        Self(match encoding == UTF_8 {
            true => Held::Utf8 { is_begun: false, kept: Vec::new() },
            false => Held::Other(other::Decoder::of(encoding)),
        })
    }

    /// Appends the text of further bytes to `out`. `is_last` says that none come after them.
    pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut Vec<u8>) {
        match &mut self.0 {
            Held::Utf8 { is_begun, kept } => {
                kept.extend_from_slice(bytes);
                let mark = "\u{feff}".as_bytes();
                if !*is_begun && !is_last && kept.len() < mark.len() {
                    return;
                }
                if !std::mem::replace(is_begun, true) && kept.starts_with(mark) {
                    kept.drain(..mark.len());
                }
                let whole = without_invalid(kept, is_last, out);
                kept.drain(..whole);
            }
            Held::Other(decoder) => {
                let from = out.len();
                decoder.decode(bytes, is_last, out);
                mark_unreadable(out, from);
            }
        }
    }
}

/// Returns a whole text.
pub fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let mut text = Vec::new();
    Decoding::of(encoding).decode(bytes, true, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Copies UTF-8, with [`INVALID`] in the place of what is none. Returns the number of bytes that were read: unless they are the last,
/// those of a letter that is not whole stay.
fn without_invalid(bytes: &[u8], is_last: bool, out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    loop {
        let Err(error) = std::str::from_utf8(&bytes[at..]) else {
            out.extend_from_slice(&bytes[at..]);
            return bytes.len();
        };
        out.extend_from_slice(&bytes[at..at + error.valid_up_to()]);
        at += error.valid_up_to();
        match error.error_len() {
            Some(length) => at += length,
            None if is_last => at = bytes.len(),
            None => return at,
        }
        out.push(INVALID);
    }
}

/// Puts [`INVALID`] in the place of each sign for what could not be read.
fn mark_unreadable(text: &mut Vec<u8>, from: usize) {
    let mut signs = memchr::memmem::find_iter(&text[from..], UNREADABLE).peekable();
    if signs.peek().is_none() {
        return;
    }
    let (mut marked, mut at) = (Vec::with_capacity(text.len() - from), 0);
    for sign in signs {
        marked.extend_from_slice(&text[from + at..from + sign]);
        marked.push(INVALID);
        at = sign + UNREADABLE.len();
    }
    marked.extend_from_slice(&text[from + at..]);
    text.truncate(from);
    text.append(&mut marked);
}

#[cfg(not(target_arch = "wasm32"))]
mod other {
    use encoding_rs::Encoding;

    /// The library's decoder.
    pub struct Decoder(encoding_rs::Decoder);

    impl Decoder {
        pub fn of(encoding: &'static Encoding) -> Self {
            Self(encoding.new_decoder_with_bom_removal())
        }

        pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut Vec<u8>) {
            let from = out.len();
            let most = self.0.max_utf8_buffer_length(bytes.len()).unwrap_or(usize::MAX);
            out.resize(from + most, 0);
            let (_, _, written, _) = self.0.decode_to_utf8(bytes, &mut out[from..], is_last);
            out.truncate(from + written);
        }
    }
}

#[cfg(target_arch = "wasm32")]
pub use other::browser_decodes;

#[cfg(target_arch = "wasm32")]
mod other {
    use std::cell::Cell;

    use encoding_rs::Encoding;

    /// The browser's functions: one begins a text in an encoding and gives it a number, the other decodes a piece of it.
    type Browser = (fn(&str) -> u32, fn(u32, &[u8], bool) -> String);

    thread_local! {
        static BROWSER: Cell<Option<Browser>> = const { Cell::new(None) };
    }

    /// Says how the browser decodes.
    pub fn browser_decodes(begin: fn(&str) -> u32, decode: fn(u32, &[u8], bool) -> String) {
        BROWSER.set(Some((begin, decode)));
    }

    /// A decoder of the browser, by its number.
    pub struct Decoder(u32);

    impl Decoder {
        pub fn of(encoding: &'static Encoding) -> Self {
            Self(BROWSER.get().map_or(0, |(begin, _)| begin(encoding.name())))
        }

        pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut Vec<u8>) {
            let text = BROWSER.get().map(|(_, decode)| decode(self.0, bytes, is_last));
            out.extend_from_slice(text.unwrap_or_default().as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, UTF_16LE, WINDOWS_1251};
    use proptest::prelude::*;

    use super::*;

    /// Returns the text of bytes that come in two pieces.
    fn in_two(encoding: &'static Encoding, bytes: &[u8], cut: usize) -> Vec<u8> {
        let (first, second) = bytes.split_at(cut.min(bytes.len()));
        let (mut decoding, mut out) = (Decoding::of(encoding), Vec::new());
        decoding.decode(first, false, &mut out);
        decoding.decode(second, true, &mut out);
        out
    }

    proptest! {
        #[test]
        fn pieces_are_decoded_as_the_standard_says(bytes in any::<Vec<u8>>(), marked in any::<bool>(), cut in 0_usize..20) {
            let bytes = if marked { [&b"\xef\xbb\xbf"[..], &bytes].concat() } else { bytes };
            for encoding in [UTF_8, UTF_16LE, GB18030, WINDOWS_1251] {
                let (text, _) = encoding.decode_with_bom_removal(&bytes);
                let expected: Vec<u8> = text.chars().flat_map(|letter| match letter {
                    '\u{fffd}' => vec![INVALID],
                    letter => letter.to_string().into_bytes(),
                }).collect();
                let is_text_itself = encoding == UTF_8 && String::from_utf8_lossy(&bytes).contains('\u{fffd}')
                    && bytes.windows(3).any(|three| three == UNREADABLE);
                if !is_text_itself {
                    prop_assert_eq!(in_two(encoding, &bytes, cut), expected, "{}", encoding.name());
                }
            }
        }
    }
}
