//! A socket whose bytes are counted and paced, and which has our words where hyper has none.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Sleep;

use super::pace::Pace;
use super::refusal;
use crate::http::observe::metrics::Metrics;

/// Bytes that the kernel keeps of a connection's answers until the client takes them. Unbounded it grows to megabytes: a few
/// thousand slow readers then hold gigabytes. And a socket reports room only when a third of it is free, so that a slow reader
/// that goes on would look like one that has stopped. This much gives 1 MB/s at 100 ms there and back; the kernel doubles it
/// for its own bookkeeping.
const SEND_BUFFER: u32 = 128 * 1024;
/// How many connections the kernel keeps until they are accepted. It may keep fewer (`net.core.somaxconn`).
const BACKLOG: u32 = 1024;
/// Longest wait for the rest of what was refused, so that the refusal arrives: a socket that is closed with bytes unread
/// takes back what was sent last.
const LINGER: Duration = Duration::from_secs(2);
/// Most of it that is read.
const LINGER_BYTES: usize = 256 * 1024;

/// Listens on an address.
///
/// # Errors
/// When the address is taken, or is not ours.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A service that is started again need not wait until the kernel has forgotten its last connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The state that the bytes and the requests of one connection share.
#[derive(Debug, Default)]
pub struct Seen {
    /// Requests whose head was read.
    requests: AtomicU32,
    /// Whether anything came since the last of them.
    has_begun: AtomicBool,
    /// Whether a line ended since the last of them.
    has_line: AtomicBool,
    is_stalled: AtomicBool,
}

impl Seen {
    /// A request's head was read; returns which one of the connection it was, from 1.
    pub fn request(&self) -> u32 {
        self.has_begun.store(false, Ordering::Relaxed);
        self.has_line.store(false, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Whether the connection was answered, and nothing came since.
    pub fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0 && !self.has_begun.load(Ordering::Relaxed)
    }

    /// Whether the client stopped taking its answer.
    pub fn is_stalled(&self) -> bool {
        self.is_stalled.load(Ordering::Relaxed)
    }

    fn came(&self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.has_begun.store(true, Ordering::Relaxed);
            if !self.has_line.load(Ordering::Relaxed) && bytes.contains(&b'\n') {
                self.has_line.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// A connection's socket.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    seen: Arc<Seen>,
    metrics: Arc<Metrics>,
    pace: Pace,
    refusal: Option<Unsent>,
    linger: Option<Linger>,
}

/// A refusal of ours, on its way.
#[derive(Debug)]
struct Unsent {
    bytes: Vec<u8>,
    sent: usize,
}

#[derive(Debug)]
struct Linger {
    end: Pin<Box<Sleep>>,
    left: usize,
}

impl Socket {
    /// Wraps the socket of a connection.
    pub fn new(stream: TcpStream, seen: Arc<Seen>, metrics: Arc<Metrics>) -> Self {
        // Answers are written whole; waiting for more bytes would only delay them.
        let _ = stream.set_nodelay(true);
        Self { stream, seen, metrics, pace: Pace::default(), refusal: None, linger: None }
    }

    fn poll_send(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.keep_pace(context, sent)
    }

    fn keep_pace(
        &mut self,
        context: &mut Context<'_>,
        sent: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match sent {
            Poll::Ready(Ok(bytes)) => {
                self.pace.took(bytes);
                self.metrics.sent_bytes.inc_by(bytes as u64);
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending if self.pace.is_over(context) => {
                self.seen.is_stalled.store(true, Ordering::Relaxed);
                // What the client does not take, the kernel need not keep either.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            other => other,
        }
    }

    /// Sends our refusal in the place of hyper's. When ours is sent, hyper is told that its own, of `own` bytes, is.
    fn poll_refuse(
        &mut self,
        context: &mut Context<'_>,
        mut unsent: Unsent,
        own: usize,
    ) -> Poll<io::Result<usize>> {
        while let Some(rest) = unsent.bytes.get(unsent.sent..).filter(|rest| !rest.is_empty()) {
            match self.poll_send(context, rest) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(sent)) => unsent.sent += sent,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    self.refusal = Some(unsent);
                    return Poll::Pending;
                }
            }
        }
        self.linger = Some(Linger { end: Box::pin(tokio::time::sleep(LINGER)), left: LINGER_BYTES });
        Poll::Ready(Ok(own))
    }

    /// Returns our words for what hyper is about to send, if that is a refusal of its own.
    fn refusal_instead(&mut self, bytes: &[u8]) -> Option<Unsent> {
        if let Some(begun) = self.refusal.take() {
            return Some(begun);
        }
        // All refusals of hyper begin like this, and few answers of ours do.
        if !bytes.starts_with(b"HTTP/1.1 4") {
            return None;
        }
        let (kind, bytes) = refusal::instead(bytes, !self.seen.has_line.load(Ordering::Relaxed))?;
        self.metrics.refused(kind);
        Some(Unsent { bytes, sent: 0 })
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.seen.came(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.refusal_instead(bytes) {
            Some(unsent) => self.poll_refuse(context, unsent, bytes.len()),
            None => self.poll_send(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        if let Some(unsent) = self.refusal_instead(first) {
            return self.poll_refuse(context, unsent, first.len());
        }
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.keep_pace(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A socket keeps nothing back: what was written is with the kernel.
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        let Self { stream, linger, .. } = &mut *self;
        let Some(linger) = linger else {
            return Poll::Ready(Ok(()));
        };
        let mut piece = [0; 4096];
        while linger.left > 0 && linger.end.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut piece);
            match ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    linger.left = linger.left.saturating_sub(buffer.filled().len());
                }
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
