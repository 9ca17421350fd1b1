//! The head of a cached answer: everything but its body, ready to be sent with each coding.

use std::sync::OnceLock;

use hyper::body::Bytes;
use warp::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, VARY,
};

use crate::http::body::coding::Coding;
use crate::http::body::{Body, Facts, LARGEST_CACHED};
use crate::http::response::{REPR_DIGEST, tag_of};

/// Shortest body that is coded, in bytes. Below this, the overhead of a coding costs as much as it saves.
const LEAST_CODED: u64 = 200;

/// Media types that are compressed already. All other bodies are text, or WebAssembly, which compresses as well as text.
const COMPRESSED: [&str; 5] = [
    "image/png",
    "application/zip",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// The head of an answer with status 200.
#[derive(Debug)]
pub struct Head {
    /// Everything known about the body.
    pub facts: Facts,
    /// Whether the body can be coded. It cannot if it is compressed already.
    pub is_codable: bool,
    /// The headers of the uncoded body.
    headers: HeaderMap,
    tag: String,
    /// The coded form that was made at build time.
    packed: Option<(Coding, Bytes)>,
    /// For each other coding, the headers without the length. Filled when a coding is first sent.
    coded: [OnceLock<HeaderMap>; Coding::ALL.len()],
}

impl Head {
    /// Makes the head of a body from the headers that the route has set.
    pub fn new(mut headers: HeaderMap, body: &Body) -> Self {
        let media_type = headers.get(CONTENT_TYPE).and_then(|own| own.to_str().ok()).unwrap_or_default();
        let is_codable = !COMPRESSED.contains(&media_type);
        if is_codable {
            // The uncoded body needs `Vary` too: caches must know that there are other forms.
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let (facts, packed) = (body.facts.clone(), body.packed().cloned());
        Self { tag: tag_of(&facts.digest), facts, is_codable, headers, packed, coded: Default::default() }
    }

    /// Whether the body is too short to be coded for clients that accept it uncoded.
    pub fn is_short(&self) -> bool {
        self.facts.length < LEAST_CODED
    }

    /// Whether the answer may be cached. Answers about the present moment may not.
    pub fn is_lasting(&self) -> bool {
        self.headers.get(CACHE_CONTROL).is_some_and(|own| own != "no-store")
    }

    /// Whether the body may be cached and sent again in each coding. Other bodies are coded while they are sent.
    pub fn is_cached(&self) -> bool {
        self.is_lasting() && self.facts.length <= LARGEST_CACHED as u64
    }

    /// Returns the body in a coding, if that form was made at build time.
    pub fn packed(&self, coding: Coding) -> Option<Bytes> {
        self.packed.as_ref().filter(|(own, _)| *own == coding).map(|(_, bytes)| bytes.clone())
    }

    /// Returns the entity tag of the body in a coding. The tag of the uncoded body is strong. All coded forms share one weak tag. A
    /// strong one would be wrong, because a later version of the program may code the same bytes better (RFC 9110, 8.8.1), and
    /// because a cache that decodes the body for a client passes on the tag with the uncoded bytes. The weak tag only says that the
    /// content is the same.
    pub fn tag(&self, coding: Coding) -> String {
        let weak = if coding == Coding::Identity { "" } else { "W/" };
        format!("{weak}\"{}\"", self.tag)
    }

    /// Whether a tag, without `W/` and quotes, is that of the body. Any coding will do, because all forms have the same content.
    pub fn is_tagged(&self, opaque: &str) -> bool {
        opaque == self.tag
    }

    /// Returns the headers of the body in a coding. `length` is its length in that coding, in bytes. `None` if the length is not
    /// known before the body is sent; then the last chunk marks the end (RFC 9112, 8).
    pub fn headers(&self, coding: Coding, length: Option<usize>) -> HeaderMap {
        if coding == Coding::Identity {
            return self.headers.clone();
        }
        let mut headers = self.coded[coding as usize].get_or_init(|| self.coded_headers(coding)).clone();
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        headers
    }

    /// Returns the headers of a coded form, without the length. They have no `Repr-Digest`: RFC 9530, 3 defines it over the coded
    /// bytes, and a cache that decodes the body would pass it on with other bytes.
    fn coded_headers(&self, coding: Coding) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.remove(CONTENT_LENGTH);
        headers.remove(REPR_DIGEST);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        if let Ok(tag) = HeaderValue::from_str(&self.tag(coding)) {
            headers.insert(ETAG, tag);
        }
        headers
    }

    /// Returns the headers of a 304 for a client that would get this coding. Headers that describe the body are left out (RFC 9110,
    /// 15.4.5).
    pub fn unchanged_headers(&self, coding: Coding) -> HeaderMap {
        let mut headers = self.headers(coding, None);
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, ACCEPT_RANGES, REPR_DIGEST] {
            headers.remove(name);
        }
        headers
    }

    /// Returns the approximate memory of the head, in bytes.
    pub fn weight(&self) -> u64 {
        // A header is a name, a value and a slot in a table, and most headers need no heap. The factor 2 allows for another coding.
        let one = |value: &HeaderValue| value.len() as u64 + 100;
        2 * self.headers.values().map(one).sum::<u64>()
            + self.packed.as_ref().map_or(0, |own| own.1.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(media_type: &'static str) -> Head {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (CACHE_CONTROL, HeaderValue::from_static("public, max-age=60")),
        ]);
        Head::new(headers, &Body::from(vec![b'a'; 300]))
    }

    #[test]
    fn the_body_as_it_is_has_a_strong_tag_and_every_coded_form_the_weak_one_of_the_same_content() {
        let head = head("text/csv");
        let [identity, coded @ ..] = Coding::ALL.map(|coding| head.tag(coding));
        assert!(
            identity.starts_with('"') && coded.iter().all(|tag| *tag == format!("W/{identity}")),
            "{coded:?}"
        );
        assert!(head.is_tagged(identity.trim_matches('"')));
        for other in ["", "x", &head.tag[1..], &format!("{}-br", head.tag)] {
            assert!(!head.is_tagged(other), "{other}");
        }
    }

    #[test]
    fn a_form_that_was_packed_is_the_form_whoever_asked_before() {
        let packed = Body::from(vec![b'a'; 300]).with_packed(Coding::Brotli, Bytes::from_static(b"packed"));
        let head = Head::new(HeaderMap::new(), &packed);
        assert_eq!(head.packed(Coding::Brotli).as_deref(), Some(&b"packed"[..]));
        assert_eq!(head.packed(Coding::Gzip), None);
        // Two forms of the same coding each get their own length.
        assert_eq!(head.headers(Coding::Brotli, Some(6))[CONTENT_LENGTH], "6");
        assert_eq!(head.headers(Coding::Brotli, Some(7))[CONTENT_LENGTH], "7");
    }

    #[test]
    fn what_is_compressed_does_not_vary() {
        for (media_type, varies) in
            [("image/png", false), ("application/zip", false), ("image/svg+xml", true), ("text/csv", true)]
        {
            let head = head(media_type);
            assert_eq!((head.is_codable, head.headers.contains_key(VARY)), (varies, varies), "{media_type}");
        }
    }

    #[test]
    fn a_coded_form_says_what_holds_when_a_cache_has_decoded_it() {
        let mut head = head("text/csv");
        head.headers.insert(REPR_DIGEST, HeaderValue::from_static("sha-256=:x:"));
        assert!(head.headers(Coding::Identity, Some(300)).contains_key(REPR_DIGEST));
        let coded = head.headers(Coding::Gzip, Some(3));
        assert_eq!(coded[CONTENT_ENCODING], "gzip");
        assert_eq!(coded[CONTENT_LENGTH], "3");
        assert!(!coded.contains_key(REPR_DIGEST));
        let streamed = head.headers(Coding::Gzip, None);
        assert_eq!(streamed[ETAG], coded[ETAG]);
        assert!(!streamed.contains_key(CONTENT_LENGTH) && !streamed.contains_key(REPR_DIGEST));
        let unchanged = head.unchanged_headers(Coding::Gzip);
        assert_eq!(unchanged[VARY], "accept-encoding");
        assert_eq!(unchanged[ETAG], coded[ETAG]);
        assert!(unchanged.contains_key(CACHE_CONTROL) && !unchanged.contains_key(CONTENT_ENCODING));
    }
}
