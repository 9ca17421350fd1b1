//! All that an answer says besides its body, ready to be sent in each coding.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use warp::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, VARY,
};

use super::super::body::{Body, LARGEST_KEPT};
use super::super::coding::Coding;
use super::super::headers::REPR_DIGEST;

/// Shortest body that is coded, in bytes: below it head and tables of a coding take what they save.
const LEAST_CODED: u64 = 200;

/// What is compressed already; all else that we send is text, or WebAssembly, which shrinks as text does.
const COMPRESSED: [&str; 5] = [
    "image/png",
    "application/zip",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// The head of an answer with the status 200.
#[derive(Debug)]
pub struct Head {
    /// The headers of the body as it is.
    headers: HeaderMap,
    digest: [u8; 32],
    tag: String,
    length: u64,
    is_codable: bool,
    /// The form that was made of the body when the program was built.
    packed: Option<(Coding, Bytes)>,
    /// The headers of the body in each other coding but its length, once one was sent, by [`Coding::number`].
    coded: [OnceLock<HeaderMap>; 4],
}

impl Head {
    /// Makes the head of a body out of the headers that a route gave it. All of them are used, whatever was asked.
    pub fn new(mut headers: HeaderMap, body: &Body) -> Self {
        let digest = body.digest();
        let media_type = headers.get(CONTENT_TYPE).and_then(|own| own.to_str().ok()).unwrap_or_default();
        let is_codable = !COMPRESSED.contains(&media_type);
        if is_codable {
            // Also where this form is the body as it is: a cache must know that there are others.
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let tag = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let (length, packed) = (body.length(), body.packed_form().cloned());
        Self { headers, digest, tag, length, is_codable, packed, coded: Default::default() }
    }

    /// Returns the SHA-256 of the body as it is.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Returns the length of the body as it is.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether the body can be coded: it is not compressed already.
    pub fn is_codable(&self) -> bool {
        self.is_codable
    }

    /// Whether the body is so short that it goes as it is to those who take that.
    pub fn is_short(&self) -> bool {
        self.length < LEAST_CODED
    }

    /// Whether the answer stays right for a while: it tells of no moment.
    pub fn is_lasting(&self) -> bool {
        self.headers.get(CACHE_CONTROL).is_some_and(|own| own != "no-store")
    }

    /// Whether the body may be kept and sent again in each coding. What may not is coded while it is sent.
    pub fn is_kept(&self) -> bool {
        self.is_lasting() && usize::try_from(self.length).is_ok_and(|length| length <= LARGEST_KEPT)
    }

    /// Returns the body in a coding where that form was made when the program was built.
    pub fn packed(&self, coding: Coding) -> Option<Bytes> {
        self.packed.as_ref().filter(|(own, _)| *own == coding).map(|(_, bytes)| bytes.clone())
    }

    /// Returns the tag of the body in a coding. That of the body as it is is strong. All coded forms have the same one,
    /// weak: a later version of the program may code the same bytes better (RFC 9110, 8.8.1), and a cache that decodes
    /// for a client sends the tag along with bytes that have no coding any more. So the tag says no more than holds of
    /// every form: that it is this content.
    pub fn tag(&self, coding: Coding) -> String {
        let weak = if coding == Coding::Identity { "" } else { "W/" };
        format!("{weak}\"{}\"", self.tag)
    }

    /// Whether a tag, without quotes and weakness, is that of the body in any coding: whoever has one has them all.
    pub fn is_tagged(&self, opaque: &str) -> bool {
        opaque == self.tag
    }

    /// Returns the headers of the body in a coding in which it has so many bytes.
    pub fn headers(&self, coding: Coding, length: usize) -> HeaderMap {
        if coding == Coding::Identity {
            return self.headers.clone();
        }
        let mut headers = self.coded[coding.number()].get_or_init(|| self.streamed_headers(coding)).clone();
        headers.insert(CONTENT_LENGTH, length.into());
        headers
    }

    /// Returns the headers of the body in a coding in which its length is not known before it is sent. That it is whole
    /// shows in the last chunk (RFC 9112, 8). No coded form has a digest: RFC 9530, 3 has it be of the coded bytes, and a
    /// cache that decodes for a client would send it along with others.
    pub fn streamed_headers(&self, coding: Coding) -> HeaderMap {
        let mut headers = self.headers.clone();
        if coding == Coding::Identity {
            return headers;
        }
        headers.remove(CONTENT_LENGTH);
        headers.remove(REPR_DIGEST);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        if let Ok(tag) = HeaderValue::from_str(&self.tag(coding)) {
            headers.insert(ETAG, tag);
        }
        headers
    }

    /// Returns the headers of a 304 for whoever would get this coding (RFC 9110, 15.4.5: what tells of the body is left
    /// out).
    pub fn unchanged_headers(&self, coding: Coding) -> HeaderMap {
        let mut headers = self.streamed_headers(coding);
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, ACCEPT_RANGES, REPR_DIGEST] {
            headers.remove(name);
        }
        headers
    }

    /// Returns about how many bytes it takes.
    pub fn weight(&self) -> u64 {
        // A header is a name, a value and a place in a table; most are not on the heap. Twice, for another coding.
        let one = |value: &HeaderValue| value.len() as u64 + 100;
        2 * self.headers.values().map(one).sum::<u64>()
            + self.packed.as_ref().map_or(0, |own| own.1.len() as u64)
    }
}

/// Returns `Repr-Digest` of bytes with a SHA-256.
pub fn repr_digest(digest: &[u8; 32]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest))
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
        // Of two forms of one coding each has its own length.
        assert_eq!(head.headers(Coding::Brotli, 6)[CONTENT_LENGTH], "6");
        assert_eq!(head.headers(Coding::Brotli, 7)[CONTENT_LENGTH], "7");
    }

    #[test]
    fn what_is_compressed_does_not_vary() {
        for (media_type, varies) in
            [("image/png", false), ("application/zip", false), ("image/svg+xml", true), ("text/csv", true)]
        {
            let head = head(media_type);
            assert_eq!(
                (head.is_codable(), head.headers.contains_key(VARY)),
                (varies, varies),
                "{media_type}"
            );
        }
    }

    #[test]
    fn a_coded_form_says_what_holds_when_a_cache_has_decoded_it() {
        let mut head = head("text/csv");
        head.headers.insert(REPR_DIGEST, HeaderValue::from_static("sha-256=:x:"));
        assert!(head.headers(Coding::Identity, 300).contains_key(REPR_DIGEST));
        let coded = head.headers(Coding::Gzip, 3);
        assert_eq!(coded[CONTENT_ENCODING], "gzip");
        assert_eq!(coded[CONTENT_LENGTH], "3");
        assert!(!coded.contains_key(REPR_DIGEST));
        let streamed = head.streamed_headers(Coding::Gzip);
        assert_eq!(streamed[ETAG], coded[ETAG]);
        assert!(!streamed.contains_key(CONTENT_LENGTH) && !streamed.contains_key(REPR_DIGEST));
        let unchanged = head.unchanged_headers(Coding::Gzip);
        assert_eq!(unchanged[VARY], "accept-encoding");
        assert_eq!(unchanged[ETAG], coded[ETAG]);
        assert!(unchanged.contains_key(CACHE_CONTROL) && !unchanged.contains_key(CONTENT_ENCODING));
    }
}
