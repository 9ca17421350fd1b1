//! Our own accept loop: warp sets no header timeout, no limit of connections and no deadline for going down.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use warp::http::Request;
use warp::reply::Response;

use super::App;
use super::edge::{Edge, without_reading};

/// Longest wait for a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest wait for the body of a request that is refused.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// Most of such a body that is read, in bytes.
const BODY_BYTES: usize = 64 * 1024;
/// Longest wait for open answers when the service goes down.
const DRAIN: Duration = Duration::from_secs(10);
/// Most connections at once.
const CONNECTIONS: usize = 4096;
/// Largest head of a request, in bytes.
const HEAD_BYTES: usize = 16 * 1024;

/// Takes an address to listen on.
///
/// # Errors
/// When the address is taken or is not ours; the message says so in words.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program; choose another with --listen, such as --listen 127.0.0.1:0")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Reads a short body to its end.
async fn pass_over(mut body: Incoming) {
    let mut read = 0;
    while read < BODY_BYTES {
        match std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, bytes_of),
            Some(Err(_)) | None => return,
        }
    }
}

fn bytes_of(data: &impl AsRef<[u8]>) -> usize {
    data.as_ref().len()
}

/// Serves until `stop` is ready, then lets open answers end.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let edge = Edge::of(app);
    let handle = service_fn(move |request: Request<Incoming>| {
        let edge = edge.clone();
        async move {
            if let Some(response) = edge.at_once(request.method(), request.uri(), request.headers()) {
                return Ok::<Response, Infallible>(response);
            }
            let method = request.method().clone();
            if let Some(response) = without_reading(&method) {
                // A body that is still coming when the connection closes would take the answer with it.
                let _ = tokio::time::timeout(BODY_TIMEOUT, pass_over(request.into_body())).await;
                return Ok(response);
            }
            let (parts, _nothing) = request.into_parts();
            Ok(edge.answer(&parts.method, &parts.uri, &parts.headers).await)
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let Some((stream, place)) = accepted else {
            continue;
        };
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), handle.clone()));
        tokio::spawn(async move {
            // A connection that breaks is the network's matter; there is nothing to tell and nobody to name.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(DRAIN) => super::log("some answers were still open after 10 s and were cut off"),
    }
}

/// Waits for a place, then for a connection. `None` when accepting failed; it is tried again after a moment.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _address)) => {
            // Answers are written whole; waiting for more bytes would only delay them.
            let _ = stream.set_nodelay(true);
            Some((stream, place))
        }
        Err(_) => {
            // Out of file descriptors, most likely: others must end first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
