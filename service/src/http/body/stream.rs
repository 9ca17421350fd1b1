//! The content of a body, and the stream that sends it one piece at a time.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, unfold};
use hyper::body::{Bytes, Frame, SizeHint};
use tokio::sync::Semaphore;

use super::budget::BodyPermit;
use super::codec::Coder;
use super::coding::Coding;
use crate::http::threads::processors;
use crate::present::Written;

/// Size of a piece in bytes: about what a socket takes at once, and small beside other memory.
pub const PIECE: usize = 64 * 1024;

/// A response for the network.
pub type Outgoing = warp::http::Response<OutgoingBody>;

/// A body for the network. It is not boxed as warp's is, because most bodies are whole and need no allocation to be sent.
pub enum OutgoingBody {
    /// All bytes. `None` after they were taken.
    Whole(Option<Bytes>),
    /// A stream of pieces.
    Stream(BoxStream<'static, io::Result<Frame<Bytes>>>),
}

/// Returns bytes as a body for the network.
pub fn whole(bytes: Bytes) -> OutgoingBody {
    OutgoingBody::Whole(Some(bytes).filter(|bytes| !bytes.is_empty()))
}

impl hyper::body::Body for OutgoingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream(pieces) => pieces.poll_next_unpin(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// The content of a body.
#[derive(Debug, Clone)]
pub enum Content {
    /// All bytes.
    Whole(Bytes),
    /// A text that is generated twice: once to measure it, once to send it.
    Written {
        /// The generator of the text.
        text: Arc<dyn Written>,
        /// The byte offset and the position in the text where each piece begins, in order. A range is generated from the piece that
        /// contains its first byte.
        marks: Arc<[(u64, usize)]>,
        /// The permit for the memory of `text`.
        permit: Option<BodyPermit>,
    },
}

impl Content {
    /// Appends the piece that begins at a position. Returns the position of the next piece.
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

    /// Returns where the piece with this byte begins: its byte offset, and its position in the text.
    fn piece_of(&self, byte: u64) -> (u64, usize) {
        match self {
            // For bytes in memory, the position is the byte offset.
            Self::Whole(_) => (byte, usize::try_from(byte).unwrap_or(usize::MAX)),
            Self::Written { marks, .. } => {
                let behind = marks.partition_point(|(begin, _)| *begin <= byte);
                behind.checked_sub(1).map_or((0, 0), |mark| marks[mark])
            }
        }
    }
}

/// A body that is being sent.
pub struct Sending {
    content: Content,
    /// The position of the next piece, in the text or in bytes. `None` after the last piece.
    next: Option<usize>,
    coding: Coding,
    /// Created with the first piece.
    coder: Option<Coder>,
    /// Number of bytes to skip, and then to send.
    skip: u64,
    left: u64,
    /// Held until the last piece is on its way. The permit limits the time for that.
    reader: Option<BodyPermit>,
}

impl Sending {
    /// Sends the whole content in a coding.
    pub fn all(content: Content, coding: Coding, reader: Option<BodyPermit>) -> Self {
        Self { content, next: Some(0), coding, coder: None, skip: 0, left: u64::MAX, reader }
    }

    /// Sends a range, from the first to the last byte. The content must have both.
    pub fn part(content: Content, (first, last): (u64, u64), reader: Option<BodyPermit>) -> Self {
        let (begin, place) = content.piece_of(first);
        let (next, skip, left) = (Some(place), first - begin, last - first + 1);
        Self { next, skip, left, ..Self::all(content, Coding::Identity, reader) }
    }

    /// Generates pieces until there is something to send. The result is empty at the end.
    fn next_piece(&mut self) -> io::Result<Bytes> {
        if self.reader.as_ref().is_some_and(BodyPermit::is_over) {
            return Err(io::ErrorKind::TimedOut.into());
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
                coded.append(&mut coder.finish());
            }
            let passed = self.skip.min(coded.len() as u64);
            let taken = self.left.min(coded.len() as u64 - passed);
            (self.skip, self.left) = (self.skip - passed, self.left - taken);
            if self.left == 0 {
                self.next = None;
            }
            if taken > 0 {
                // Both are at most the length of `coded`, which is a usize.
                return Ok(Bytes::from(coded).slice(passed as usize..(passed + taken) as usize));
            }
        }
        Ok(Bytes::new())
    }

    /// Returns the body for the network. Each piece is generated on a blocking thread when the previous one is on its way, so no
    /// faster than the client reads.
    pub fn outgoing(self) -> OutgoingBody {
        OutgoingBody::Stream(unfold(Some(self), Self::step).boxed())
    }

    async fn step(sending: Option<Self>) -> Option<(io::Result<Frame<Bytes>>, Option<Self>)> {
        /// Permits to generate a piece, one for each processor, so that downloads leave processors for other requests.
        static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(processors()));
        let mut sending = sending?;
        // The semaphore is never closed.
        let turn = TURNS.acquire().await.ok();
        let writing = tokio::task::spawn_blocking(move || {
            let written = sending.next_piece();
            drop(turn);
            (written, sending)
        });
        match writing.await {
            Ok((Ok(piece), _)) if piece.is_empty() => None,
            Ok((Ok(piece), own)) => Some((Ok(Frame::data(piece)), own.next.is_some().then_some(own))),
            // The body is shorter than its announced length, or lacks its last chunk. So the client notices the error.
            Ok((Err(error), _)) => Some((Err(error), None)),
            Err(panic) => Some((Err(io::Error::other(panic)), None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use http_body_util::BodyExt as _;

    use super::*;
    use crate::http::body::budget::BodyBudget;
    use crate::http::body::codec::decode;

    /// A text that counts how many of its pieces are generated at the same time.
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
            let content = Content::Written { text, marks: Arc::default(), permit: None };
            tokio::spawn(Sending::all(content, Coding::Zstd, None).outgoing().collect())
        };
        for reader in (0..20 * processors()).map(|_| stream()).collect::<Vec<_>>() {
            reader.await.unwrap().unwrap();
        }
        assert!((1..=processors()).contains(&slow.most.load(Ordering::SeqCst)), "{slow:?}");
    }

    #[test]
    fn a_body_breaks_off_when_it_was_sent_for_too_long() {
        for (longest, is_over) in [(Duration::ZERO, true), (Duration::from_secs(3600), false)] {
            let budget = BodyBudget::<()>::within(longest, 0, 1000, Arc::default());
            let content = Content::Whole(Bytes::from_static(b"text"));
            let mut sending = Sending::all(content, Coding::Identity, budget.large(1));
            assert_eq!(sending.next_piece().is_err(), is_over);
        }
    }

    #[test]
    fn a_body_that_is_coded_while_it_is_sent_is_the_same_body() {
        let text = b"KAZ-CC-274,convicted,2019\n".repeat(20_000);
        for coding in Coding::ALL {
            let content = Content::Whole(text.clone().into());
            let mut sending = Sending::all(content, coding, None);
            let mut coded = Vec::new();
            let mut pieces = 0;
            while sending.next.is_some() {
                coded.extend_from_slice(&sending.next_piece().unwrap());
                pieces += 1;
            }
            assert!(sending.next_piece().unwrap().is_empty());
            assert!(coding != Coding::Identity || pieces > 5, "{coding:?} in {pieces}");
            let decoded = match coding {
                Coding::Zstd => zstd::stream::decode_all(&coded[..]).ok(),
                _ => decode(coding, &coded, text.len()),
            };
            assert_eq!(decoded.as_deref(), Some(&text[..]), "{coding:?}");
        }
    }
}
