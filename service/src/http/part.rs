//! A part of a body, for `Range`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use hyper::body::Bytes;

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
