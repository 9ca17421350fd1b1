//! What an answer's body is: bytes, or a text that is written while it is read. Either has a length and a digest that
//! are known before the first byte leaves, so that a reader can tell whether it is whole.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;
use warp::Reply as _;
use warp::reply::Response;

use super::coding::{Coder, Coding};
use super::sending::{Place, SMALL, Sending};
use crate::present::Written;
use crate::query::Deadline;

/// Size of a piece in bytes: what a network takes at once, and little beside everything else.
const PIECE: usize = 64 * 1024;

/// Largest body that is kept to be sent again, in bytes. What is larger is rare, and would push out hundreds of others.
pub const LARGEST_KEPT: usize = 4 * 1024 * 1024;

/// A body before it is sent. A copy shares the bytes.
#[derive(Debug, Clone)]
pub struct Body {
    content: Content,
    digest: [u8; 32],
    rows: Option<usize>,
    is_saved: bool,
    plan: Option<Arc<str>>,
    coded: Option<(Coding, &'static [u8])>,
    room: Room,
    reader: Option<Place>,
}

/// Whether a body has a place in memory.
#[derive(Debug, Clone)]
enum Room {
    /// It was made just now.
    Unasked,
    /// Its bytes hold it themselves, or are the program's.
    Own,
    /// What it is written from has one.
    Place(#[expect(dead_code, reason = "held, and never looked at")] Place),
    /// There was none left.
    None,
}

#[derive(Debug, Clone)]
enum Content {
    Whole(Bytes),
    /// Written twice: once to be measured, once to be sent.
    Written {
        text: Arc<dyn Written>,
        length: u64,
    },
}

impl From<Vec<u8>> for Body {
    fn from(mut bytes: Vec<u8>) -> Self {
        let digest = Sha256::digest(&bytes).into();
        if bytes.len() <= LARGEST_KEPT {
            // What is kept is counted by its length.
            bytes.shrink_to_fit();
        }
        Self::known(bytes.into(), digest)
    }
}

impl Body {
    /// Makes a body of bytes whose SHA-256 is known.
    pub fn known(bytes: Bytes, digest: [u8; 32]) -> Self {
        Self::of(Content::Whole(bytes), digest)
    }

    /// Makes a body of bytes that have their place in memory already.
    pub fn held(bytes: Bytes, digest: [u8; 32]) -> Self {
        Self { room: Room::Own, ..Self::known(bytes, digest) }
    }

    fn of(content: Content, digest: [u8; 32]) -> Self {
        let (rows, plan, coded, reader) = (None, None, None, None);
        Self { content, digest, rows, is_saved: false, plan, coded, room: Room::Unasked, reader }
    }

    /// Makes a body of a file of the program, with a coded form of it that was made when the program was built.
    pub fn packed(bytes: &'static [u8], coding: Coding, coded: &'static [u8]) -> Self {
        let digest = Sha256::digest(bytes).into();
        Self { coded: Some((coding, coded)), ..Self::held(Bytes::from_static(bytes), digest) }
    }

    /// Measures a text: writes it once, and keeps nothing of it where it is large.
    pub fn measured(text: impl Written) -> Self {
        let (mut length, mut digest) = (0, Sha256::new());
        let mut kept = Some(Vec::new());
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let mut place = Some(0);
        while let Some(from) = place {
            Deadline::current().keep();
            piece.clear();
            place = text.write(from, PIECE, &mut piece);
            digest.update(&piece);
            length += piece.len() as u64;
            kept = kept.filter(|kept: &Vec<u8>| kept.len() + piece.len() <= LARGEST_KEPT);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(&piece);
            }
        }
        let content = match kept {
            Some(mut kept) => {
                kept.shrink_to_fit();
                Content::Whole(kept.into())
            }
            None => Content::Written { text: Arc::new(text), length },
        };
        Self::of(content, digest.finalize().into())
    }

    /// Says how many rows it has, the header not counted.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Says in a word or two which way was taken to compute it, for `Server-Timing`. Anything but visible ASCII without
    /// quotes is left out.
    pub fn with_plan(self, plan: &str) -> Self {
        let is_plain = |letter: &char| matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\');
        let plan: String = plan.chars().filter(is_plain).collect();
        Self { plan: Some(plan.into()), ..self }
    }

    /// Lets a browser save it under a name of the dataset and its release, whatever its kind of file does.
    pub fn saved(self) -> Self {
        Self { is_saved: true, ..self }
    }

    /// Takes a place in memory for it, for as long as anybody has it, unless it has one: whether there was room shows in
    /// [`Body::has_room`].
    pub fn placed(mut self, sending: &Sending) -> Self {
        if !matches!(self.room, Room::Unasked) {
            return self;
        }
        self.room = match &mut self.content {
            Content::Whole(bytes) => match sending.hold(bytes.clone()) {
                Some(held) => {
                    *bytes = held;
                    Room::Own
                }
                None => Room::None,
            },
            Content::Written { text, .. } => sending.place(text.weight()).map_or(Room::None, Room::Place),
        };
        self
    }

    /// Whether it is so small that what its readers hold of it is not counted.
    pub fn is_small(&self) -> bool {
        self.length() <= SMALL as u64
    }

    /// Returns how many bytes of memory it holds, about.
    pub fn weight(&self) -> u64 {
        match &self.content {
            Content::Whole(bytes) => bytes.len() as u64,
            Content::Written { text, .. } => text.weight(),
        }
    }

    /// Whether there is room for it in memory.
    pub fn has_room(&self) -> bool {
        !matches!(self.room, Room::None)
    }

    /// Has it be sent in pieces, for as long as this place may be held: that of one who reads what is too large to be kept.
    pub fn read_by(self, reader: Place) -> Self {
        Self { reader: Some(reader), ..self }
    }

    /// Returns a part of it, by its first and last byte; `None` where not all bytes are there.
    pub fn part(self, first: u64, last: u64) -> Option<Self> {
        let (first, last) = (usize::try_from(first).ok()?, usize::try_from(last).ok()?);
        let bytes = self.bytes().filter(|bytes| first <= last && last < bytes.len())?.slice(first..=last);
        Some(Self { content: Content::Whole(bytes), ..self })
    }

    /// Returns how many rows it has, where it is a table.
    pub fn rows(&self) -> Option<usize> {
        self.rows
    }

    /// Whether a browser is to save it.
    pub fn is_saved(&self) -> bool {
        self.is_saved
    }

    /// Returns which way was taken to compute it, where that was told.
    pub fn plan(&self) -> Option<&str> {
        self.plan.as_deref()
    }

    /// Returns its length in bytes.
    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Whole(bytes) => bytes.len() as u64,
            Content::Written { length, .. } => *length,
        }
    }

    /// Returns its SHA-256.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Returns its bytes where they are all there.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            Content::Written { .. } => None,
        }
    }

    /// Returns its bytes in a coding where they were coded when the program was built.
    pub fn coded(&self, coding: Coding) -> Option<Bytes> {
        self.coded.filter(|(own, _)| *own == coding).map(|(_, bytes)| Bytes::from_static(bytes))
    }

    /// Returns a response with it, without any header.
    pub fn into_response(self) -> Response {
        match self.content {
            Content::Whole(bytes) if self.reader.is_none() => Response::new(bytes.into()),
            _ => self.into_stream(Coding::Identity),
        }
    }

    /// Returns a response that codes it while it is sent, without any header.
    pub fn into_stream(self, coding: Coding) -> Response {
        let Self { content, room, reader, .. } = self;
        let state = Writing { content, next: Some(0), coding, coder: None, _room: room, reader };
        warp::reply::stream(Pieces { state: Some(state), writing: None }).into_response()
    }
}

/// A body that is being written.
struct Writing {
    content: Content,
    /// Where the next piece begins: one of a text's own, or a byte; `None` after the last.
    next: Option<usize>,
    coding: Coding,
    /// There from the first piece on.
    coder: Option<Coder>,
    /// Both are held until the last piece is on its way.
    _room: Room,
    reader: Option<Place>,
}

impl Writing {
    /// Writes until something can be sent; empty at the end.
    fn go_on(&mut self) -> std::io::Result<Vec<u8>> {
        if self.reader.as_ref().is_some_and(Place::is_over) {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        let mut piece = Vec::new();
        while let Some(from) = self.next {
            piece.clear();
            self.next = self.content.write(from, &mut piece);
            let coder = match &mut self.coder {
                Some(coder) => coder,
                none => none.insert(Coder::new(self.coding)?),
            };
            coder.write(&piece)?;
            let mut coded = coder.ready();
            if self.next.is_none()
                && let Some(coder) = self.coder.take()
            {
                coded.append(&mut coder.finish()?);
            }
            if !coded.is_empty() {
                return Ok(coded);
            }
        }
        Ok(Vec::new())
    }
}

impl Content {
    /// Appends the piece that begins at a place; returns where the next one does.
    fn write(&self, from: usize, piece: &mut Vec<u8>) -> Option<usize> {
        match self {
            Self::Written { text, .. } => text.write(from, PIECE, piece),
            Self::Whole(bytes) => {
                let to = bytes.len().min(from + PIECE);
                piece.extend_from_slice(&bytes[from..to]);
                Some(to).filter(|to| *to < bytes.len())
            }
        }
    }
}

/// The pieces of a body, each written when the one before is on its way: off the threads that serve the network, and
/// only as fast as somebody reads.
struct Pieces {
    state: Option<Writing>,
    writing: Option<JoinHandle<(std::io::Result<Vec<u8>>, Writing)>>,
}

impl Stream for Pieces {
    type Item = std::io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut writing = match (self.writing.take(), self.state.take()) {
            (Some(writing), _) => writing,
            (None, None) => return Poll::Ready(None),
            (None, Some(mut state)) => tokio::task::spawn_blocking(move || (state.go_on(), state)),
        };
        match Pin::new(&mut writing).poll(context) {
            Poll::Pending => {
                self.writing = Some(writing);
                Poll::Pending
            }
            Poll::Ready(Ok((Ok(piece), state))) => {
                self.state = state.next.is_some().then_some(state);
                Poll::Ready(Some(piece).filter(|piece| !piece.is_empty()).map(Ok))
            }
            // The length that was promised is not reached, or the last chunk is missing, so the reader can tell.
            Poll::Ready(Ok((Err(error), _))) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Err(panic)) => Poll::Ready(Some(Err(std::io::Error::other(panic)))),
        }
    }
}

/// A part of a body: what comes before it is passed over, what comes after is not read.
pub struct Part<B> {
    body: B,
    skip: u64,
    left: u64,
}

impl<B> Part<B> {
    /// Takes `length` bytes of a body from `first` on.
    pub fn of(body: B, first: u64, length: u64) -> Self {
        Self { body, skip: first, left: length }
    }
}

impl<B: hyper::body::Body<Data = Bytes> + Unpin> Stream for Part<B> {
    type Item = Result<Bytes, B::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.left > 0 {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else {
                return Poll::Ready(None);
            };
            let mut bytes = match frame.map(|frame| frame.into_data()) {
                Ok(Ok(bytes)) => bytes,
                Ok(Err(_trailers)) => continue,
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
            let length = |bytes: &Bytes| bytes.len() as u64;
            let passed = self.skip.min(length(&bytes));
            self.skip -= passed;
            let taken = self.left.min(length(&bytes) - passed);
            if taken == 0 {
                continue;
            }
            self.left -= taken;
            // Neither is more than the length of `bytes`, which is a usize.
            let (from, to) = (passed as usize, (passed + taken) as usize);
            bytes = bytes.slice(from..to);
            return Poll::Ready(Some(Ok(bytes)));
        }
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::metrics::Metrics;
    use super::*;

    #[test]
    fn a_plan_never_breaks_the_header_that_it_stands_in() {
        let body = Body::from(Vec::new()).with_plan("cube, \"by\" year\r\nX: y\\ é");
        assert_eq!(body.plan(), Some("cube, by yearX: y "));
    }

    #[test]
    fn a_body_that_may_be_kept_has_no_more_memory_than_bytes() {
        let mut text = Vec::with_capacity(5000);
        text.extend_from_slice(b"KAZ-CC-274,convicted,2019");
        let Content::Whole(bytes) = Body::from(text).content else { panic!("all bytes are there") };
        // A single owner gets the very memory back.
        assert_eq!(Vec::from(bytes).capacity(), 25);
    }

    #[test]
    fn a_body_has_its_place_until_its_last_answer_is_gone() {
        let metrics = Arc::new(Metrics::new());
        let sending = Sending::new(0, 3 << 20, Arc::clone(&metrics));
        let body = Body::from(vec![b'x'; 2 << 20]).placed(&sending);
        assert!(body.has_room() && metrics.sending.get() == 2 << 20);
        // It has one already, and so has whatever is made of it.
        let again = body.clone().placed(&sending);
        let part = again.part(3, 5).unwrap();
        assert_eq!((part.length(), metrics.sending.get()), (3, 2 << 20));
        assert!(!Body::from(vec![b'y'; 2 << 20]).placed(&sending).has_room());
        assert!(Body::packed(&[0; 1 << 20], Coding::Brotli, b"").placed(&sending).has_room());
        let reader = sending.place(1000).unwrap();
        let response = part.read_by(reader).into_response();
        drop(body);
        assert_eq!(metrics.sending.get(), (2 << 20) + 1000);
        drop(response);
        assert_eq!(metrics.sending.get(), 0);
    }

    #[test]
    fn a_body_breaks_off_when_it_was_sent_for_too_long() {
        for (longest, is_over) in [(Duration::ZERO, true), (Duration::from_secs(3600), false)] {
            let sending = Sending::within(longest, 0, 1000, Arc::default());
            let content = Content::Whole(Bytes::from_static(b"text"));
            let (coding, reader) = (Coding::Identity, sending.place(1));
            let mut state = Writing { content, next: Some(0), coding, coder: None, _room: Room::Own, reader };
            assert_eq!(state.go_on().is_err(), is_over);
        }
    }

    #[test]
    fn a_body_that_is_coded_while_it_is_sent_is_the_same_body() {
        let text = b"KAZ-CC-274,convicted,2019\n".repeat(20_000);
        for coding in Coding::ALL {
            let content = Content::Whole(text.clone().into());
            let mut state =
                Writing { content, next: Some(0), coding, coder: None, _room: Room::Own, reader: None };
            let mut coded = Vec::new();
            let mut pieces = 0;
            while state.next.is_some() {
                coded.append(&mut state.go_on().unwrap());
                pieces += 1;
            }
            assert_eq!(state.go_on().unwrap(), Vec::<u8>::new());
            assert!(coding != Coding::Identity || pieces > 5, "{coding:?} in {pieces}");
            let decoded = match coding {
                Coding::Zstd => zstd::stream::decode_all(&coded[..]).ok(),
                _ => super::super::coding::decode(coding, &coded, text.len()),
            };
            assert_eq!(decoded.as_deref(), Some(&text[..]), "{coding:?}");
        }
    }
}
