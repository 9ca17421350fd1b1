//! What an answer's body is: bytes, or a text that is written while it is read. Either has a length and a digest that
//! are known before the first byte leaves, so that a reader can tell whether it is whole.

use std::sync::{Arc, LazyLock};

use futures_core::Stream;
use futures_util::stream::unfold;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use warp::Reply as _;
use warp::reply::Response;

use super::coding::{Coder, Coding};
use super::part::Part;
use super::sending::{Place, SMALL, Sending};
use super::threads::processors;
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
    is_passing: bool,
    plan: Option<Arc<str>>,
    packed: Option<(Coding, Bytes)>,
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
        /// Where pieces begin, from the first on: the byte, and the place in the text. A part is written from there.
        marks: Arc<[(u64, usize)]>,
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
        let (rows, plan, packed, reader) = (None, None, None, None);
        let (is_saved, is_passing, room) = (false, false, Room::Unasked);
        Self { content, digest, rows, is_saved, is_passing, plan, packed, room, reader }
    }

    /// Makes a body of a file of the program.
    pub fn of_program(bytes: &'static [u8]) -> Self {
        Self::held(Bytes::from_static(bytes), Sha256::digest(bytes).into())
    }

    /// Says what it is in a coding: a form that was made when the program was built, as small as it gets.
    pub fn with_packed(self, coding: Coding, bytes: Bytes) -> Self {
        Self { packed: Some((coding, bytes)), ..self }
    }

    /// Measures a text: writes it once, and keeps nothing of it where it is large.
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
            None => Content::Written { text: Arc::new(text), length, marks: marks.into() },
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

    /// Says that another service, or this one when it is started anew, may have other bytes for the same release.
    pub fn passing(self) -> Self {
        Self { is_passing: true, ..self }
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

    /// Returns how many rows it has, where it is a table.
    pub fn rows(&self) -> Option<usize> {
        self.rows
    }

    /// Whether a browser is to save it.
    pub fn is_saved(&self) -> bool {
        self.is_saved
    }

    /// Whether its address may have other bytes one day, though it names a release.
    pub fn is_passing(&self) -> bool {
        self.is_passing
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

    /// Returns the form of it that was made when the program was built, where there is one.
    pub fn packed_form(&self) -> Option<&(Coding, Bytes)> {
        self.packed.as_ref()
    }

    /// Returns a response with it, without any header.
    pub fn into_response(self) -> Response {
        match self.content {
            Content::Whole(bytes) if self.reader.is_none() => Response::new(bytes.into()),
            _ => self.into_stream(Coding::Identity),
        }
    }

    /// Returns a response with a part of it, by its first and last byte, both of which it has, without any header.
    pub fn into_part(self, first: u64, last: u64) -> Response {
        let (begin, place) = match &self.content {
            // A place in bytes that are there is a byte.
            Content::Whole(_) => (first, usize::try_from(first).unwrap_or(usize::MAX)),
            Content::Written { marks, .. } => {
                let behind = marks.partition_point(|(begin, _)| *begin <= first);
                behind.checked_sub(1).map_or((0, 0), |mark| marks[mark])
            }
        };
        let from = self.written(Coding::Identity, place).into_body();
        warp::reply::stream(Part::of(from, first - begin, last - first + 1)).into_response()
    }

    /// Returns a response that codes it while it is sent, without any header.
    pub fn into_stream(self, coding: Coding) -> Response {
        self.written(coding, 0)
    }

    fn written(self, coding: Coding, place: usize) -> Response {
        let Self { content, room, reader, .. } = self;
        let state = Writing { content, next: Some(place), coding, coder: None, _room: room, reader };
        warp::reply::stream(pieces(state)).into_response()
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

/// Leave to write a piece: one for each processor, so that downloads do not take the processors from everybody else.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(processors()));

/// The pieces of a body, each written when the one before is on its way: off the threads that serve the network, and
/// only as fast as somebody reads.
fn pieces(state: Writing) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    unfold(Some(state), async |state| {
        let mut state = state?;
        // It is never closed.
        let turn = TURNS.acquire().await.ok();
        let writing = tokio::task::spawn_blocking(move || {
            let written = state.go_on();
            drop(turn);
            (written, state)
        });
        match writing.await {
            Ok((Ok(piece), _)) if piece.is_empty() => None,
            Ok((Ok(piece), state)) => Some((Ok(piece), state.next.is_some().then_some(state))),
            // The length that was promised is not reached, or the last chunk is missing, so the reader can tell.
            Ok((Err(error), _)) => Some((Err(error), None)),
            Err(panic) => Some((Err(std::io::Error::other(panic)), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
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
        assert_eq!(metrics.sending.get(), 2 << 20);
        assert!(!Body::from(vec![b'y'; 2 << 20]).placed(&sending).has_room());
        assert!(Body::of_program(&[0; 1 << 20]).placed(&sending).has_room());
        let reader = sending.place(1000).unwrap();
        let response = again.read_by(reader).into_part(3, 5);
        drop(body);
        assert_eq!(metrics.sending.get(), (2 << 20) + 1000);
        drop(response);
        assert_eq!(metrics.sending.get(), 0);
    }

    /// Lines of numbers that counts how often a piece of it is written.
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
        let length = body.length();
        assert!(body.bytes().is_none() && length == whole.len() as u64, "{length}");
        for (first, last) in
            [(0, 0), (length - 1, length - 1), (65_536, 65_540), (5_000_000, 5_200_000), (0, length - 1)]
        {
            let before = pieces.load(Ordering::Relaxed);
            let mut part = body.clone().into_part(first, last).into_body();
            let mut read = Vec::new();
            while let Some(frame) =
                std::future::poll_fn(|context| hyper::body::Body::poll_frame(Pin::new(&mut part), context))
                    .await
            {
                read.extend_from_slice(&frame.unwrap().into_data().unwrap());
            }
            assert!(read == whole.as_bytes()[first as usize..=last as usize], "{first}-{last}");
            let most = (last - first) as usize / PIECE + 2;
            let written = pieces.load(Ordering::Relaxed) - before;
            assert!(written <= most, "{first}-{last}: {written} pieces");
        }
    }

    /// A text that notes how many of its pieces are written at once.
    #[derive(Debug, Default)]
    struct Slow {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    impl Written for Slow {
        fn write(&self, place: usize, _enough: usize, out: &mut Vec<u8>) -> Option<usize> {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(1));
            self.now.fetch_sub(1, Ordering::SeqCst);
            out.push(b'x');
            (place < 10).then_some(place + 1)
        }

        fn weight(&self) -> u64 {
            0
        }
    }

    #[tokio::test]
    async fn as_many_pieces_are_written_at_once_as_there_are_processors() {
        let slow = Arc::new(Slow::default());
        let stream = || {
            let text: Arc<dyn Written> = slow.clone();
            let (content, coding) =
                (Content::Written { text, length: 11, marks: Arc::default() }, Coding::Zstd);
            let state =
                Writing { content, next: Some(0), coding, coder: None, _room: Room::Own, reader: None };
            tokio::spawn(async move {
                let mut all = Box::pin(pieces(state));
                while std::future::poll_fn(|context| all.as_mut().poll_next(context)).await.is_some() {}
            })
        };
        for reader in (0..20 * processors()).map(|_| stream()).collect::<Vec<_>>() {
            reader.await.unwrap();
        }
        assert!((1..=processors()).contains(&slow.most.load(Ordering::SeqCst)), "{slow:?}");
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
