//! Bodies in their codings, by the digest of what they say: what two addresses share is kept once.

use hyper::body::Bytes;
use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

use super::super::body::Body;
use super::super::coding::{Coding, decode};

/// What identifies a form: the SHA-256 of the body as it is, and its coding.
pub type FormKey = ([u8; 32], Coding);

/// Bytes that a form needs besides its own: key, links of the table.
const AROUND: u64 = 160;

/// How many parts the table has, each with its lock and its share of the room.
const PARTS: usize = 4;

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<FormKey, Bytes> for Weight {
    fn weight(&self, _: &FormKey, bytes: &Bytes) -> u64 {
        bytes.len() as u64 + AROUND
    }
}

type Table = Cache<FormKey, Bytes, Weight>;

/// The forms that are kept.
///
/// Those of text as it is, ten times as large as its coded forms, have a room of their own, in which only what is asked
/// often stays. They can be made of any other form.
#[derive(Debug)]
pub struct Forms {
    compact: Table,
    plain: Table,
}

impl Forms {
    /// Makes a table with room for so many bytes.
    pub fn new(room: u64) -> Self {
        Self { compact: table(room - room / 4), plain: table(room / 4) }
    }

    fn of(&self, coding: Coding, is_codable: bool) -> &Table {
        if coding == Coding::Identity && is_codable { &self.plain } else { &self.compact }
    }

    /// Returns a form where it is kept.
    pub fn get(&self, key: &FormKey, is_codable: bool) -> Option<Bytes> {
        self.of(key.1, is_codable).get(key)
    }

    /// Keeps a form.
    pub fn keep(&self, key: FormKey, is_codable: bool, bytes: Bytes) {
        self.of(key.1, is_codable).insert(key, bytes);
    }

    /// Returns a body of so many bytes out of whatever form is kept; one that had to be decoded has no place in memory yet.
    pub fn body(&self, digest: [u8; 32], length: usize) -> Option<Body> {
        let identity = (digest, Coding::Identity);
        if let Some(bytes) = self.plain.get(&identity).or_else(|| self.compact.get(&identity)) {
            return Some(Body::held(bytes, digest));
        }
        // The quickest to decode first.
        [Coding::Zstd, Coding::Gzip, Coding::Brotli].into_iter().find_map(|coding| {
            let coded = self.compact.get(&(digest, coding))?;
            Some(Body::known(decode(coding, &coded, length)?.into(), digest))
        })
    }

    /// Returns how many bytes are taken.
    pub fn weight(&self) -> u64 {
        self.compact.weight() + self.plain.weight()
    }
}

fn table(room: u64) -> Table {
    const TYPICAL: u64 = 8 * 1024;
    // More than there can be of this size on any machine is as good as this.
    let items = usize::try_from(room / TYPICAL).unwrap_or(usize::MAX).max(PARTS);
    let options = OptionsBuilder::new()
        .shards(PARTS)
        .estimated_items_capacity(items)
        .weight_capacity(room)
        .build()
        .expect("all that is needed is set");
    Cache::with_options(
        options,
        Weight,
        quick_cache::DefaultHashBuilder::default(),
        quick_cache::sync::DefaultLifecycle::default(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::coding::encode;
    use super::*;

    #[test]
    fn a_body_comes_back_out_of_any_form() {
        let text = b"by=year,outcome\n".repeat(100);
        for coding in Coding::ALL {
            let forms = Forms::new(1 << 20);
            let body = Body::from(text.clone());
            assert!(forms.body(body.digest(), text.len()).is_none());
            forms.keep((body.digest(), coding), true, encode(coding, &text).unwrap().into());
            let back = forms.body(body.digest(), text.len()).expect("it is kept");
            assert_eq!(back.bytes().map(|bytes| &bytes[..]), Some(&text[..]), "{coding:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_let_go_and_no_text_pushes_out_what_is_compact() {
        const ROOM: u64 = 1 << 20;
        let forms = Forms::new(ROOM);
        let small = ([0; 32], Coding::Brotli);
        forms.keep(small, true, Bytes::from_static(b"small"));
        for number in 0..=u8::MAX {
            forms.keep(([number; 32], Coding::Identity), true, vec![0; 20_000].into());
            assert!(forms.weight() <= ROOM, "{}", forms.weight());
        }
        assert!(forms.get(&small, true).is_some());
        // More than a part has room for is not kept at all.
        forms.keep(([9; 32], Coding::Zstd), true, vec![0; 1 << 20].into());
        assert!(forms.get(&([9; 32], Coding::Zstd), true).is_none());
    }
}
