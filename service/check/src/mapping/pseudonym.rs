//! Pseudonyms: ids in place of names, which nobody can undo without the publisher's key.

use std::fmt;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::Say;
use crate::package::hex;

/// The first line of a file that holds a key.
const FIRST_LINE: &str = "chargesheet-key 1";
/// The last line of such a file.
const WARNING: &str =
    "This is a secret key of Chargesheet. Whoever has it can find out who is in the data. Never publish it.";
/// Bytes of a key.
const BYTES: usize = 32;
/// Bytes that SHA-256 takes at once.
const BLOCK: usize = 64;
/// Hex digits of a pseudonym: 80 bits, so that no two of a million names meet.
const DIGITS: usize = 20;

/// Hex digits of what stands for a value.
pub(super) const VALUE_DIGITS: usize = 16;

/// The key that pseudonyms are made with.
#[derive(Clone)]
pub struct Key([u8; BYTES]);

impl Key {
    /// Makes a key of random bytes.
    pub fn of(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads the file of a key.
    ///
    /// # Errors
    /// When the file holds no key.
    pub fn parse(text: &str) -> Result<Self, Say> {
        let read = || {
            let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
            let digits = lines.next().filter(|first| *first == FIRST_LINE).and_then(|_| lines.next())?;
            let is_hex = digits.len() == 2 * BYTES && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let mut key = [0; BYTES];
            for (place, byte) in key.iter_mut().enumerate().filter(|_| is_hex) {
                *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).ok()?;
            }
            is_hex.then_some(Self(key))
        };
        read().ok_or_else(|| Say::new("key_form"))
    }

    /// Writes the file of the key.
    pub fn file(&self) -> String {
        format!("{FIRST_LINE}\n{}\n{WARNING}\n", hex(&self.0))
    }

    /// Returns the mark by which a mapping knows the key. Nothing about names follows from it.
    pub fn mark(&self) -> String {
        hex(&self.sign("chargesheet-key-check")[..4])
    }

    /// Returns the pseudonym of a name for a column.
    pub fn pseudonym(&self, column: &str, name: &str) -> String {
        let signed = self.sign(&format!("chargesheet/{column}/1\n{}", plain_name(name)));
        format!("D-{}", &hex(&signed)[..DIGITS])
    }

    /// Returns what stands for a value of a column in a mapping, which everybody may read. `value` is in the form in which values are
    /// compared.
    pub(super) fn value_mark(&self, column: &str, value: &str) -> String {
        hex(&self.sign(&format!("chargesheet-value/{column}/1\n{value}"))[..VALUE_DIGITS / 2])
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        hmac(&self.0, text.as_bytes())
    }
}

/// Returns the HMAC-SHA-256 of a message (RFC 2104). The crate `hmac` would switch on a feature of `digest` that polars is compiled
/// without, and so compile polars again. `key` has at most a block of bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new_with_prefix(padded(0x36)).chain_update(message).finalize();
    Sha256::new_with_prefix(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The key is in no message of a fault.
impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key")
    }
}

/// Returns the form in which names are compared: NFC, in small letters, with single spaces, and `е` for `ё`.
pub(super) fn plain_name(name: &str) -> String {
    let composed: String = name.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::of(std::array::from_fn(|place| place as u8))
    }

    #[test]
    fn a_message_is_signed_as_rfc_4231_says() {
        // Its cases 1 to 5. The others have keys of more than a block, which no key of ours has.
        let counted: Vec<u8> = (1..=25).collect();
        for (key, message, signed) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&counted, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
        ] {
            assert!(hex(&hmac(key, message)).starts_with(signed), "{message:?}");
        }
    }

    #[test]
    fn a_name_has_one_pseudonym_however_it_is_spelled() {
        assert_eq!(key().mark(), "d8a9f68b");
        let own = key().pseudonym("defendant_id", "Mark Ёne");
        assert!(own.len() == 22 && own.starts_with("D-"), "{own}");
        assert_eq!(key().pseudonym("defendant_id", " mark\u{a0} ЕNE "), own);
        assert_ne!(key().pseudonym("case_id", "Mark Ёne"), own);
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_nothing_else_is() {
        assert_eq!(Key::parse(&key().file()).unwrap().mark(), key().mark());
        let file = key().file();
        for wrong in [
            "",
            "chargesheet-key 1",
            "chargesheet-key 2\n00",
            &file.replace("0001", "00zz"),
            &file.replace("0001", "00"),
        ] {
            assert_eq!(Key::parse(wrong).unwrap_err().key, "key_form", "{wrong}");
        }
        assert_eq!(format!("{:?}", key()), "Key");
    }
}
