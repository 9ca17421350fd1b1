//! A socket that counts its bytes, enforces the client's pace, and replaces the bare refusals of hyper.

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

/// Size of the kernel's send buffer per connection, in bytes. Without a limit it grows to megabytes, and a few thousand slow
/// clients hold gigabytes. Also, a socket reports room only when a third of its buffer is free, so with a large buffer a slow
/// client would look like one that has stopped. This size allows 1 MB/s with a round trip of 100 ms. The kernel doubles it for its
/// own bookkeeping.
const SEND_BUFFER: u32 = 128 * 1024;
/// Number of connections that wait in the kernel to be accepted. The kernel may keep fewer (`net.core.somaxconn`).
const BACKLOG: u32 = 1024;
/// How long to read the rest of a refused request, so that the refusal arrives. If a socket is closed with unread bytes, the client
/// may lose what was sent last.
const LINGER: Duration = Duration::from_secs(2);
/// Maximum number of bytes read of it.
const LINGER_BYTES: usize = 256 * 1024;

/// Listens on an address.
///
/// # Errors
/// When the address is in use, or does not belong to this host.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Without this, a restarted service would have to wait until the kernel has forgotten the old connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit the size.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// State of a connection, shared by its socket and its requests.
#[derive(Debug, Default)]
pub struct Seen {
    /// Number of requests whose head has been read.
    requests: AtomicU32,
    /// Whether any byte has arrived since the last of these requests.
    has_begun: AtomicBool,
    /// Whether a line has ended since the last of these requests.
    has_line: AtomicBool,
    is_stalled: AtomicBool,
}

impl Seen {
    /// Records that a request's head has been read. Returns its number on the connection, from 1.
    pub fn request(&self) -> u32 {
        self.has_begun.store(false, Ordering::Relaxed);
        self.has_line.store(false, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Whether the connection has had a request, and no byte has arrived since.
    pub fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Relaxed) > 0 && !self.has_begun.load(Ordering::Relaxed)
    }

    /// Whether the client has stopped reading its response.
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

/// The socket of a connection.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    seen: Arc<Seen>,
    metrics: Arc<Metrics>,
    pace: Pace,
    refusal: Option<Unsent>,
    linger: Option<Linger>,
}

/// A refusal that is being sent.
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
        // Responses are written whole, so waiting for more bytes would only delay them.
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
                // The kernel need not keep bytes that the client does not read.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            other => other,
        }
    }

    /// Sends the service's refusal in place of hyper's. Once it is sent, hyper is told that all of its `own` bytes were written.
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

    /// Returns the replacement for the bytes that hyper is about to send, if these are a bare refusal.
    fn refusal_instead(&mut self, bytes: &[u8]) -> Option<Unsent> {
        if let Some(begun) = self.refusal.take() {
            return Some(begun);
        }
        // All refusals of hyper begin like this, and few responses of the service do.
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
        // The socket has no buffer of its own, since written bytes are with the kernel.
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
