//! The body of a response: bytes, or a text that is generated while it is sent. The length and the digest are known before the
//! first byte is sent, so that a client can check whether the body is complete.

pub mod budget;
pub mod codec;
pub mod coding;
pub mod stream;

use std::sync::Arc;

use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};

use crate::present::Written;
use crate::query::Deadline;
use budget::{BodyBudget, BodyPermit, SMALL};
use coding::Coding;
use stream::{Content, OutgoingBody, PIECE, Sending, whole};

/// Largest body that is cached, in bytes. Larger ones are rare, and would evict hundreds of others.
pub const LARGEST_CACHED: usize = 4 * 1024 * 1024;

/// The budget for bodies. Its spares are large bodies that nobody is reading at the moment.
pub type Budget = BodyBudget<Body>;

/// A body before it is sent. Clones share the bytes.
#[derive(Debug, Clone)]
pub struct Body {
    /// Everything known about the body besides its content.
    pub facts: Facts,
    content: Content,
    packed: Option<(Coding, Bytes)>,
    /// Whether the memory is accounted for: the body has a permit, or is compiled into the program.
    is_held: bool,
}

/// Everything known about a body besides its content.
#[derive(Debug, Clone)]
pub struct Facts {
    /// SHA-256 of the uncoded bytes.
    pub digest: [u8; 32],
    /// Length of the uncoded body, in bytes.
    pub length: u64,
    /// Number of rows if the body is a table, without the header.
    pub rows: Option<usize>,
    /// Whether browsers save this body as a file named after the dataset and its release, even if files of this kind are usually
    /// shown.
    pub is_saved: bool,
    /// Whether another service, or this one after a restart, may return other bytes for the same release.
    pub is_passing: bool,
}

impl Facts {
    fn new(digest: [u8; 32], length: u64) -> Self {
        Self { digest, length, rows: None, is_saved: false, is_passing: false }
    }
}

impl From<Vec<u8>> for Body {
    fn from(mut bytes: Vec<u8>) -> Self {
        let facts = Facts::new(Sha256::digest(&bytes).into(), bytes.len() as u64);
        if bytes.len() <= LARGEST_CACHED {
            // The cache counts a body by its length, so spare capacity is released.
            bytes.shrink_to_fit();
        }
        Self::new(Content::Whole(bytes.into()), facts)
    }
}

impl Body {
    fn new(content: Content, facts: Facts) -> Self {
        Self { facts, content, packed: None, is_held: false }
    }

    /// Makes a body from bytes whose facts are known.
    pub fn known(bytes: Bytes, facts: Facts) -> Self {
        Self::new(Content::Whole(bytes), facts)
    }

    /// Makes a body from bytes whose memory is accounted for already.
    pub fn held(bytes: Bytes, facts: Facts) -> Self {
        Self { is_held: true, ..Self::known(bytes, facts) }
    }

    /// Makes a body from a file that is compiled into the program. `brotli` is its coded form, made at build time.
    pub fn of_program(bytes: &'static [u8], brotli: &'static [u8]) -> Self {
        let facts = Facts::new(Sha256::digest(bytes).into(), bytes.len() as u64);
        let body = Self::held(Bytes::from_static(bytes), facts);
        body.with_packed(Coding::Brotli, Bytes::from_static(brotli))
    }

    /// Adds a coded form of the body that was made at build time, with the highest compression.
    pub fn with_packed(self, coding: Coding, bytes: Bytes) -> Self {
        Self { packed: Some((coding, bytes)), ..self }
    }

    /// Makes a body from a generated text. The text is generated once to measure it. The bytes are kept if they are small enough to
    /// cache.
    pub fn measured(text: impl Written) -> Self {
        let (mut length, mut digest) = (0, Sha256::new());
        let mut kept = Some(Vec::new());
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let mut marks = Vec::new();
        let mut place = Some(0);
        while let Some(from) = place {
            Deadline::current().keep();
            marks.push((length, from));
            piece.clear();
            place = text.write(from, PIECE, &mut piece);
            digest.update(&piece);
            length += piece.len() as u64;
            kept = kept.filter(|kept: &Vec<u8>| kept.len() + piece.len() <= LARGEST_CACHED);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(&piece);
            }
        }
        let content = match kept {
            Some(mut kept) => {
                kept.shrink_to_fit();
                Content::Whole(kept.into())
            }
            None => Content::Written { text: Arc::new(text), marks: marks.into(), permit: None },
        };
        Self::new(content, Facts::new(digest.finalize().into(), length))
    }

    /// Sets the number of rows, without the header.
    pub fn with_rows(mut self, rows: usize) -> Self {
        self.facts.rows = Some(rows);
        self
    }

    /// Takes a permit for the memory of the body, unless it has one already. Clones share the permit. `None` if the budget is
    /// exhausted.
    pub fn permitted(mut self, budget: &Budget) -> Option<Self> {
        if !self.is_held {
            match &mut self.content {
                Content::Whole(bytes) => *bytes = budget.hold(bytes.clone())?,
                Content::Written { text, permit, .. } => *permit = Some(budget.large(text.weight())?),
            }
            self.is_held = true;
        }
        Some(self)
    }

    /// Whether the body is so small that its readers need no permit.
    pub fn is_small(&self) -> bool {
        self.facts.length <= SMALL as u64
    }

    /// Returns the approximate memory of the body, in bytes.
    pub fn weight(&self) -> u64 {
        match &self.content {
            Content::Whole(bytes) => bytes.len() as u64,
            Content::Written { text, .. } => text.weight(),
        }
    }

    /// Returns the bytes, if they are all in memory.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Written { .. } => None,
        }
    }

    /// Returns the coded form that was made at build time, if there is one.
    pub fn packed(&self) -> Option<&(Coding, Bytes)> {
        self.packed.as_ref()
    }

    /// Returns the body for the network: the whole body in a coding, or a range of the uncoded bytes, given by its first and last
    /// byte. With a reader's permit, the body is sent in pieces, for as long as the permit may be held.
    pub fn outgoing(
        self,
        coding: Coding,
        part: Option<(u64, u64)>,
        reader: Option<BodyPermit>,
    ) -> OutgoingBody {
        match (self.content, part) {
            (Content::Whole(bytes), None) if coding == Coding::Identity && reader.is_none() => whole(bytes),
            (content, None) => Sending::all(content, coding, reader).outgoing(),
            (content, Some(part)) => Sending::part(content, part, reader).outgoing(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt as _;

    use super::*;
    use crate::http::observe::metrics::Metrics;

    #[test]
    fn a_body_that_may_be_kept_has_no_more_memory_than_bytes() {
        let mut text = Vec::with_capacity(5000);
        text.extend_from_slice(b"KAZ-CC-274,convicted,2019");
        let Content::Whole(bytes) = Body::from(text).content else { panic!("all bytes are there") };
        // A single owner gets the same allocation back.
        assert_eq!(Vec::from(bytes).capacity(), 25);
    }

    #[test]
    fn a_body_has_its_place_until_its_last_answer_is_gone() {
        let metrics = Arc::new(Metrics::default());
        let budget = Budget::new(0, 3 << 20, Arc::clone(&metrics));
        let body = Body::from(vec![b'x'; 2 << 20]).permitted(&budget).unwrap();
        assert_eq!(metrics.sending.get(), 2 << 20);
        // The body has a permit already, and its clones share it.
        let again = body.clone().permitted(&budget).unwrap();
        assert_eq!(metrics.sending.get(), 2 << 20);
        assert!(Body::from(vec![b'y'; 2 << 20]).permitted(&budget).is_none());
        assert!(Body::of_program(&[0; 1 << 20], &[]).permitted(&budget).is_some());
        let reader = budget.large(1000).unwrap();
        let response = again.outgoing(Coding::Identity, Some((3, 5)), Some(reader));
        drop(body);
        assert_eq!(metrics.sending.get(), (2 << 20) + 1000);
        drop(response);
        assert_eq!(metrics.sending.get(), 0);
    }

    /// Lines of numbers, with a counter of the pieces that are generated.
    #[derive(Debug)]
    struct Numbers {
        lines: usize,
        pieces: Arc<AtomicUsize>,
    }

    impl Written for Numbers {
        fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize> {
            self.pieces.fetch_add(1, Ordering::Relaxed);
            let mut line = place;
            while line < self.lines && out.len() < enough {
                out.extend_from_slice(format!("{line},{}\n", line * 7).as_bytes());
                line += 1;
            }
            (line < self.lines).then_some(line)
        }

        fn weight(&self) -> u64 {
            0
        }
    }

    #[tokio::test]
    async fn a_part_of_a_text_is_written_from_the_piece_on_that_it_begins_in() {
        let (lines, pieces) = (500_000, Arc::new(AtomicUsize::new(0)));
        let whole: String = (0..lines).map(|line| format!("{line},{}\n", line * 7)).collect();
        let body = Body::measured(Numbers { lines, pieces: Arc::clone(&pieces) });
        let length = body.facts.length;
        assert!(body.bytes().is_none() && length == whole.len() as u64, "{length}");
        for (first, last) in
            [(0, 0), (length - 1, length - 1), (65_536, 65_540), (5_000_000, 5_200_000), (0, length - 1)]
        {
            let before = pieces.load(Ordering::Relaxed);
            let part = body.clone().outgoing(Coding::Identity, Some((first, last)), None);
            let read = part.collect().await.unwrap().to_bytes();
            assert!(read == whole.as_bytes()[first as usize..=last as usize], "{first}-{last}");
            let most = (last - first) as usize / PIECE + 2;
            let written = pieces.load(Ordering::Relaxed) - before;
            assert!(written <= most, "{first}-{last}: {written} pieces");
        }
    }
}
