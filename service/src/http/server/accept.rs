//! The accept loop. warp has no head timeout, no connection limit and no shutdown deadline, so the service has its own loop.
//!
//! Every wait has a time limit, and every limit a name. The addresses of clients are not even read.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use prometheus::IntGauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection_limit::connection_limit;
use super::refusal::HEAD_BYTES;
use super::request::{Answers, RequestHandler};
use super::socket::{Seen, Socket};
use crate::http::observe::log;
use crate::http::observe::metrics::{Metrics, Timeout};

/// Time limit for the whole head of a request, from the start of the connection or the end of the previous response. It also limits
/// how long a connection may idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The same limit when three quarters of the connections are taken. A client that wants an answer sends its head in one piece. All
/// others have to make room.
const HEAD_TIMEOUT_WHEN_FULL: Duration = Duration::from_secs(3);
/// Time limit for open requests at shutdown.
const DRAIN: Duration = Duration::from_secs(10);
/// Pause after a failed accept. The usual reason is a lack of file descriptors, so other connections must end first.
const PAUSE: Duration = Duration::from_millis(50);

/// An accepted connection with its permit.
type Accepted = Option<(TcpStream, OwnedSemaphorePermit)>;

/// Accepts connections, and serves each on its own task.
pub struct Acceptor {
    listener: TcpListener,
    metrics: Arc<Metrics>,
    places: Arc<Semaphore>,
    most: usize,
    patient: http1::Builder,
    hurried: http1::Builder,
    graceful: GracefulShutdown,
}

impl Acceptor {
    /// Makes the acceptor for a listener, with as many connections as the file descriptors of the process allow.
    pub fn new(listener: TcpListener, metrics: Arc<Metrics>) -> Self {
        let http = |head_timeout| {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(head_timeout).max_buf_size(HEAD_BYTES);
            http
        };
        let most = connection_limit();
        metrics.connections_limit.set(i64::try_from(most).unwrap_or(i64::MAX));
        let (patient, hurried) = (http(HEAD_TIMEOUT), http(HEAD_TIMEOUT_WHEN_FULL));
        let (places, graceful) = (Arc::new(Semaphore::new(most)), GracefulShutdown::new());
        Self { listener, metrics, places, most, patient, hurried, graceful }
    }

    /// Waits for a permit, then for a connection. `None` if accepting failed, after a short pause.
    ///
    /// While all permits are taken, new connections wait in the kernel, at no cost to the service. A refusal would itself need one
    /// of the permits. Permits become free within seconds, because idle connections are closed.
    pub async fn next(&self) -> Accepted {
        if self.places.available_permits() == 0 {
            let message = format!("all {} connections are taken; further ones wait", self.most);
            log::warn("connections.full", &message);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        match self.listener.accept().await {
            Ok((stream, _address)) => Some((stream, place)),
            Err(error) => {
                self.metrics.accept_failures.inc();
                log::warn("connections.failing", &format!("no connection can be accepted: {error}"));
                tokio::time::sleep(PAUSE).await;
                None
            }
        }
    }

    /// Serves a connection.
    pub fn serve<A: Answers>(&self, accepted: Accepted, handler: &Arc<RequestHandler<A>>) {
        let Some((stream, place)) = accepted else {
            return;
        };
        let metrics = Arc::clone(&self.metrics);
        metrics.accepted.inc();
        let open = Open::count(&metrics.connections);
        let seen = Arc::new(Seen::default());
        let socket = Socket::new(stream, Arc::clone(&seen), Arc::clone(&metrics));
        let http =
            if self.places.available_permits() < self.most / 4 { &self.hurried } else { &self.patient };
        let (handler, own) = (Arc::clone(handler), Arc::clone(&seen));
        let service = service_fn(move |request| handler.handle(&own, request));
        let connection = self.graceful.watch(http.serve_connection(TokioIo::new(socket), service));
        tokio::spawn(async move {
            // Broken connections are normal on a network, so only timeouts are counted.
            if let Err(error) = connection.await {
                if seen.is_stalled() {
                    metrics.timed_out(Timeout::Write);
                } else if error.is_timeout() {
                    metrics.timed_out(if seen.is_idle() { Timeout::Idle } else { Timeout::Head });
                }
            }
            drop((open, place));
        });
    }

    /// Stops accepting connections, and waits for open requests.
    pub async fn close(self) {
        drop(self.listener);
        if tokio::time::timeout(DRAIN, self.graceful.shutdown()).await.is_err() {
            self.metrics.timed_out(Timeout::Drain);
            log::fault("some answers were still open after 10 s and were cut off");
        }
    }
}

/// Counts a connection as open until it is dropped.
struct Open(IntGauge);

impl Open {
    fn count(connections: &IntGauge) -> Self {
        connections.inc();
        Self(connections.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::{Read as _, Write as _};
    use std::net::SocketAddr;

    use futures_util::FutureExt as _;
    use futures_util::future::BoxFuture;
    use warp::http::request::Parts;

    use super::*;
    use crate::http::body::stream::{Outgoing, whole};
    use crate::http::readiness::Readiness;
    use crate::http::server::socket::listen;

    /// A handler that panics: at `/now` and `/later` before its first await, at `/late` after it. Other paths get an answer,
    /// `/there` at once.
    struct Panicking;

    impl Answers for Panicking {
        fn at_once(&self, request: &Parts) -> Option<Outgoing> {
            assert_ne!(request.uri.path(), "/now", "a test panics on purpose");
            (request.uri.path() == "/there").then(|| Outgoing::new(whole("well".into())))
        }

        fn answer(&self, request: Parts) -> BoxFuture<'static, Outgoing> {
            assert_ne!(request.uri.path(), "/later", "a test panics on purpose");
            async move {
                tokio::task::yield_now().await;
                assert_ne!(request.uri.path(), "/late", "a test panics on purpose");
                Outgoing::new(whole("well".into()))
            }
            .boxed()
        }
    }

    /// Requests paths on one connection. Returns all the bytes of the responses.
    fn ask(address: SocketAddr, paths: &[&str]) -> String {
        let mut stream = std::net::TcpStream::connect(address).expect("the test listens");
        for path in paths {
            stream
                .write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes())
                .expect("it is read");
        }
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it is read");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("it is answered and closed");
        said
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_handler_that_panics_is_a_500_with_a_number_and_its_connection_goes_on() {
        let metrics = Arc::new(Metrics::default());
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let acceptor = Acceptor::new(listener, Arc::clone(&metrics));
        let readiness = Arc::new(Readiness::loading(Arc::clone(&metrics)));
        let handler =
            Arc::new(RequestHandler { answers: Panicking, readiness, metrics: Arc::clone(&metrics) });
        let asked = tokio::task::spawn_blocking(move || {
            ask(address, &["/now", "/later", "/late", "/there", "/well"])
        });
        acceptor.serve(acceptor.next().await, &handler);
        let said = asked.await.expect("the client does not panic");
        let statuses: Vec<&str> =
            said.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
        assert_eq!(statuses, ["500", "500", "500", "200", "200", "200"], "{said}");
        let faults: Vec<&str> = said.split("urn:chargesheet:fault:").skip(1).collect();
        let numbers: BTreeSet<_> = faults.iter().filter_map(|fault| fault.split('"').next()).collect();
        assert_eq!((faults.len(), numbers.len()), (3, 3), "{said}");
        acceptor.close().await;
        // The last response is sent a moment before its connection is counted as closed.
        let closed = async {
            while metrics.connections.get() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DRAIN, closed).await.expect("every connection is counted as closed");
    }
}
