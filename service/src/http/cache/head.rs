//! All that an answer says besides its body, ready to be sent in each coding.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};
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
    /// The headers of the body in each other coding, once one was sent, by [`Coding::number`].
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
        Self { headers, digest, tag, length: body.length(), is_codable, coded: Default::default() }
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

    /// Whether the body may be kept and sent again.
    pub fn is_kept(&self) -> bool {
        let is_of_a_moment = self.headers.get(CACHE_CONTROL).is_none_or(|own| own == "no-store");
        !is_of_a_moment && usize::try_from(self.length).is_ok_and(|length| length <= LARGEST_KEPT)
    }

    /// Returns the tag of the body in a coding. That of the body as it is is strong. A coded form has a weak one, because a
    /// later version of the program may code the same bytes better (RFC 9110, 8.8.1), and one of its own (8.8.3.3).
    pub fn tag(&self, coding: Coding) -> String {
        match coding {
            Coding::Identity => format!("\"{}\"", self.tag),
            coding => format!("W/\"{}-{}\"", self.tag, coding.name()),
        }
    }

    /// Whether a tag, without quotes and weakness, is that of the body in any coding: whoever has one has them all.
    pub fn is_tagged(&self, opaque: &str) -> bool {
        let Some(rest) = opaque.strip_prefix(self.tag.as_str()) else {
            return false;
        };
        rest.is_empty()
            || rest
                .strip_prefix('-')
                .is_some_and(|name| Coding::ALL.into_iter().skip(1).any(|coding| coding.name() == name))
    }

    /// Returns the headers of the body in a coding, whose bytes these are.
    pub fn headers(&self, coding: Coding, bytes: &Bytes) -> HeaderMap {
        if coding == Coding::Identity {
            return self.headers.clone();
        }
        let made = self.coded[coding.number()].get_or_init(|| {
            let mut headers = self.streamed_headers(coding);
            headers.insert(CONTENT_LENGTH, bytes.len().into());
            // RFC 9530, 3: of the selected representation, which is what the coding makes of it.
            if let Ok(digest) = HeaderValue::from_str(&repr_digest(&Sha256::digest(bytes).into())) {
                headers.insert(REPR_DIGEST, digest);
            }
            headers
        });
        made.clone()
    }

    /// Returns the headers of the body in a coding that it is put in while it is sent: its length and digest are not known
    /// before. That it is whole shows in the last chunk (RFC 9112, 8).
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
    fn each_coding_has_a_tag_of_its_own_and_all_are_known_again() {
        let head = head("text/csv");
        let tags = Coding::ALL.map(|coding| head.tag(coding));
        assert!(tags[0].starts_with('"') && tags[1..].iter().all(|tag| tag.starts_with("W/\"")), "{tags:?}");
        for (place, tag) in tags.iter().enumerate() {
            assert!(!tags[..place].contains(tag));
            assert!(head.is_tagged(tag.trim_start_matches("W/").trim_matches('"')), "{tag}");
        }
        for other in ["", "-br", "x", &format!("{}-", head.tag), &format!("{}-identity", head.tag)] {
            assert!(!head.is_tagged(other), "{other}");
        }
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
    fn a_coded_form_tells_of_itself_and_one_that_is_streamed_of_what_it_knows() {
        let head = head("text/csv");
        let coded = head.headers(Coding::Gzip, &Bytes::from_static(b"xyz"));
        assert_eq!(coded[CONTENT_ENCODING], "gzip");
        assert_eq!(coded[CONTENT_LENGTH], "3");
        assert_eq!(coded[REPR_DIGEST], repr_digest(&Sha256::digest(b"xyz").into()));
        let streamed = head.streamed_headers(Coding::Gzip);
        assert_eq!(streamed[ETAG], coded[ETAG]);
        assert!(!streamed.contains_key(CONTENT_LENGTH) && !streamed.contains_key(REPR_DIGEST));
        let unchanged = head.unchanged_headers(Coding::Gzip);
        assert_eq!(unchanged[VARY], "accept-encoding");
        assert_eq!(unchanged[ETAG], coded[ETAG]);
        assert!(unchanged.contains_key(CACHE_CONTROL) && !unchanged.contains_key(CONTENT_ENCODING));
    }
}
