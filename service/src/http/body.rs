//! What an answer's body is: bytes, or a text that is written while it is read. Either has a length and a digest that
//! are known before the first byte leaves, so that a reader can tell whether it is whole.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use sha2::{Digest as _, Sha256};
use tokio::task::{JoinError, JoinHandle};
use warp::Reply as _;
use warp::reply::Response;

use crate::present::csv::Csv;

/// Size of a piece in bytes: what a network takes at once, and little beside everything else.
const PIECE: usize = 64 * 1024;

/// A body before it is sent.
#[derive(Debug)]
pub struct Body {
    content: Content,
    rows: Option<usize>,
    is_saved: bool,
}

#[derive(Debug)]
enum Content {
    Whole(Vec<u8>),
    /// Written twice: once to be measured, once to be sent.
    Csv {
        csv: Arc<Csv>,
        length: u64,
        digest: [u8; 32],
    },
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { content: Content::Whole(bytes), rows: None, is_saved: false }
    }
}

impl Body {
    /// Measures a CSV: writes it once, and keeps nothing of the text.
    pub fn measured(csv: Csv) -> Self {
        let (mut length, mut digest) = (0, Sha256::new());
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let mut place = Some(0);
        while let Some(from) = place {
            piece.clear();
            place = csv.write(from, PIECE, &mut piece);
            digest.update(&piece);
            length += piece.len() as u64;
        }
        let rows = Some(csv.rows());
        let content = Content::Csv { csv: Arc::new(csv), length, digest: digest.finalize().into() };
        Self { content, rows, is_saved: false }
    }

    /// Says how many rows it has, the header not counted.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Lets a browser save it under a name of the dataset and its release, whatever its kind of file does.
    pub fn saved(self) -> Self {
        Self { is_saved: true, ..self }
    }

    /// Returns how many rows it has, where it is a table.
    pub fn rows(&self) -> Option<usize> {
        self.rows
    }

    /// Whether a browser is to save it.
    pub fn is_saved(&self) -> bool {
        self.is_saved
    }

    /// Returns its length in bytes.
    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Whole(bytes) => bytes.len() as u64,
            Content::Csv { length, .. } => *length,
        }
    }

    /// Returns its SHA-256.
    pub fn digest(&self) -> [u8; 32] {
        match &self.content {
            Content::Whole(bytes) => Sha256::digest(bytes).into(),
            Content::Csv { digest, .. } => *digest,
        }
    }

    /// Returns a response with it, without any header.
    pub fn into_response(self) -> Response {
        match self.content {
            Content::Whole(bytes) => Response::new(bytes.into()),
            Content::Csv { csv, .. } => {
                warp::reply::stream(Pieces { csv, next: Some(0), writing: None }).into_response()
            }
        }
    }
}

/// The pieces of a CSV, each written when the one before is on its way: off the threads that serve the network, and
/// only as fast as somebody reads.
struct Pieces {
    csv: Arc<Csv>,
    next: Option<usize>,
    writing: Option<JoinHandle<(Vec<u8>, Option<usize>)>>,
}

impl Stream for Pieces {
    type Item = Result<Vec<u8>, JoinError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut writing = match (self.writing.take(), self.next.take()) {
            (Some(writing), _) => writing,
            (None, None) => return Poll::Ready(None),
            (None, Some(from)) => {
                let csv = Arc::clone(&self.csv);
                tokio::task::spawn_blocking(move || {
                    let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
                    let next = csv.write(from, PIECE, &mut piece);
                    (piece, next)
                })
            }
        };
        match Pin::new(&mut writing).poll(context) {
            Poll::Pending => {
                self.writing = Some(writing);
                Poll::Pending
            }
            Poll::Ready(Ok((piece, next))) => {
                self.next = next;
                Poll::Ready(Some(Ok(piece)))
            }
            // The length that was promised is not reached, so the reader can tell.
            Poll::Ready(Err(panic)) => Poll::Ready(Some(Err(panic))),
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

impl<B: hyper::body::Body<Data = hyper::body::Bytes> + Unpin> Stream for Part<B> {
    type Item = Result<hyper::body::Bytes, B::Error>;

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
            let length = |bytes: &hyper::body::Bytes| bytes.len() as u64;
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
