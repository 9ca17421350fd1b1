//! Bodies in their codings, by the digest of what they say: what two addresses share is kept once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

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
    /// Bodies that are too large to be kept, for as long as they are held elsewhere.
    large: Mutex<HashMap<[u8; 32], Weak<Body>>>,
}

/// A body that is there.
#[derive(Debug)]
pub enum AnyForm {
    /// As it is.
    Body(Body),
    /// In a coding.
    Coded(Coding, Bytes),
}

impl AnyForm {
    /// Returns the body, whose SHA-256 and length these are. One that had to be decoded has no place in memory yet; `None`
    /// when it cannot be decoded.
    pub fn decoded(self, digest: [u8; 32], length: u64) -> Option<Body> {
        match self {
            Self::Body(body) => Some(body),
            Self::Coded(coding, coded) => {
                Some(Body::known(decode(coding, &coded, usize::try_from(length).ok()?)?.into(), digest))
            }
        }
    }
}

impl Forms {
    /// Makes a table with room for so many bytes.
    pub fn new(room: u64) -> Self {
        Self { compact: table(room - room / 4), plain: table(room / 4), large: Mutex::default() }
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

    /// Remembers a body that is too large to be kept, for as long as somebody else holds it. Returns whether the same was
    /// not remembered already.
    pub fn remember(&self, body: &Arc<Body>) -> bool {
        let mut large = self.large.lock().unwrap_or_else(PoisonError::into_inner);
        large.retain(|_, held| held.strong_count() > 0);
        let is_new = !large.contains_key(&body.digest());
        if is_new {
            large.insert(body.digest(), Arc::downgrade(body));
        }
        is_new
    }

    /// Returns a body in whatever form there is.
    pub fn find(&self, digest: [u8; 32]) -> Option<AnyForm> {
        let identity = (digest, Coding::Identity);
        if let Some(bytes) = self.plain.get(&identity).or_else(|| self.compact.get(&identity)) {
            return Some(AnyForm::Body(Body::held(bytes, digest)));
        }
        // The quickest to decode first.
        let mut codings = [Coding::Zstd, Coding::Gzip, Coding::Brotli].into_iter();
        let coded =
            codings.find_map(|coding| Some(AnyForm::Coded(coding, self.compact.get(&(digest, coding))?)));
        coded.or_else(|| {
            let large = self.large.lock().unwrap_or_else(PoisonError::into_inner);
            Some(AnyForm::Body(Body::clone(&*large.get(&digest)?.upgrade()?)))
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
            assert!(forms.find(body.digest()).is_none());
            forms.keep((body.digest(), coding), true, encode(coding, &text).unwrap().into());
            let found = forms.find(body.digest()).expect("it is kept");
            let back = found.decoded(body.digest(), body.length()).expect("it is a form of it");
            assert_eq!(back.bytes().map(|bytes| &bytes[..]), Some(&text[..]), "{coding:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_found_while_it_is_held() {
        let forms = Forms::new(1 << 20);
        let body = Arc::new(Body::from(b"year\n".to_vec()));
        assert!(forms.remember(&body) && !forms.remember(&Arc::new(Body::clone(&body))));
        assert!(matches!(forms.find(body.digest()), Some(AnyForm::Body(found)) if found.length() == 5));
        let digest = body.digest();
        drop(body);
        assert!(forms.find(digest).is_none());
        assert!(forms.remember(&Arc::new(Body::from(b"month\n".to_vec()))));
        assert_eq!(forms.large.lock().unwrap().len(), 1, "what is gone is forgotten");
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
