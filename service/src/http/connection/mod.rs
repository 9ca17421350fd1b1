//! Our own accept loop: warp sets no header timeout, no limit of connections and no deadline for going down.
//!
//! Every wait here has an end, and every number a name. Addresses of clients are not even asked for.

mod pace;
mod places;
mod refusal;
mod request;
mod target;
mod wire;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_service::Service;
use warp::http::Request;
use warp::reply::Response;

use super::app::App;
use super::edge::Edge;
use super::log::{Level, Seldom, tell};
use super::metrics::{Metrics, Timeout};
use super::readiness::Readiness;
use super::routes::before_loaded;
use request::{Answering, Answers};
use wire::{Seen, Wire};

pub use request::LINE_BYTES;

/// Longest wait for the whole head of a request, from the start of the connection or the end of the answer before: also
/// how long a connection may idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The same when three quarters of the places are taken. Who asks sends a head in one piece; who does not makes room.
const HEAD_TIMEOUT_WHEN_FULL: Duration = Duration::from_secs(3);
/// Largest head of a request, in bytes. A browser's has less than two thousand.
pub const HEAD_BYTES: usize = 16 * 1024;
/// Longest wait for open answers when the service goes down.
const DRAIN: Duration = Duration::from_secs(10);
/// Pause when no connection can be accepted, for lack of descriptors most likely: others must end first.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes an address to listen on.
///
/// # Errors
/// When the address is taken or is not ours; the message says so in words.
pub fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    wire::listen(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program; choose another with --listen, such as --listen 127.0.0.1:0")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Serves: until the data are there only what the operator asks, then everything, until `stop` is ready; then lets open
/// answers end. `when_ready` is told when the data are there. After `stop`, connections are still taken for `turning_away`,
/// so that a load balancer can see that the service is not ready any more.
///
/// # Errors
/// When `loading` fails, with its message.
pub async fn serve(
    listener: TcpListener,
    metrics: Arc<Metrics>,
    loading: impl Future<Output = Result<App, String>>,
    when_ready: impl FnOnce(App),
    stop: impl Future<Output = ()>,
    turning_away: Duration,
) -> Result<(), String> {
    let readiness = Arc::new(Readiness::loading(Arc::clone(&metrics)));
    let before = warp::service(before_loaded(Arc::clone(&metrics), Arc::clone(&readiness)));
    let answers = Staged { before, loaded: OnceLock::new() };
    let answering =
        Arc::new(Answering { answers, readiness: Arc::clone(&readiness), metrics: Arc::clone(&metrics) });
    let door = Door::of(listener, metrics);
    let mut when_ready = Some(when_ready);
    tokio::pin!(loading, stop);
    loop {
        tokio::select! {
            accepted = door.next() => door.let_in(accepted, &answering),
            app = &mut loading, if when_ready.is_some() => {
                let app = app?;
                let edge = Edge::of(app.clone(), Arc::clone(&readiness));
                if answering.answers.loaded.set(edge).is_ok() && let Some(ready) = when_ready.take() {
                    readiness.loaded();
                    ready(app);
                }
            }
            () = &mut stop => break,
        }
    }
    readiness.drain();
    tell(Level::Info, "draining", "the service was told to end, and lets open answers end first", &[]);
    let turned = tokio::time::sleep(turning_away);
    tokio::pin!(turned);
    loop {
        tokio::select! {
            () = &mut turned => break,
            accepted = door.next() => door.let_in(accepted, &answering),
        }
    }
    door.close().await;
    Ok(())
}

/// The routes from before the data are loaded, and what answers from then on.
struct Staged<S> {
    before: S,
    loaded: OnceLock<Edge>,
}

impl<S> Answers for Staged<S>
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
{
    fn at_once(&self, request: &Request<Incoming>) -> Option<Response> {
        self.loaded.get()?.at_once(request.method(), request.uri(), request.headers())
    }

    fn answer(&self, request: Request<Incoming>) -> BoxFuture<'static, Response> {
        if let Some(edge) = self.loaded.get() {
            let edge = edge.clone();
            let (parts, _nothing) = request.into_parts();
            return async move { edge.answer(&parts.method, &parts.uri, &parts.headers).await }.boxed();
        }
        let mut before = self.before.clone();
        async move {
            // What is asked here is ready at any time, and cannot fail.
            let Ok(response) = before.call(request).await;
            response
        }
        .boxed()
    }
}

/// A connection with its place.
type Accepted = Option<(TcpStream, OwnedSemaphorePermit)>;

/// Where connections come in.
struct Door {
    listener: TcpListener,
    metrics: Arc<Metrics>,
    places: Arc<Semaphore>,
    most: usize,
    patient: http1::Builder,
    hurried: http1::Builder,
    graceful: GracefulShutdown,
    is_full: Seldom,
    is_failing: Seldom,
}

impl Door {
    fn of(listener: TcpListener, metrics: Arc<Metrics>) -> Self {
        let http = |head_timeout| {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(head_timeout).max_buf_size(HEAD_BYTES);
            http
        };
        let most = places::places();
        metrics.connections_limit.set(i64::try_from(most).unwrap_or(i64::MAX));
        Self {
            listener,
            metrics,
            places: Arc::new(Semaphore::new(most)),
            most,
            patient: http(HEAD_TIMEOUT),
            hurried: http(HEAD_TIMEOUT_WHEN_FULL),
            graceful: GracefulShutdown::new(),
            is_full: Seldom::default(),
            is_failing: Seldom::default(),
        }
    }

    /// Waits for a place, then for a connection. `None` when accepting failed; it is tried again after a moment.
    ///
    /// When all places are taken, new connections wait with the kernel, at no cost to us: a refusal would need the very
    /// place that is not there, and places become free within seconds, since whoever holds one without using it is closed.
    async fn next(&self) -> Accepted {
        if self.places.available_permits() == 0 {
            let message = format!("all {} connections are taken; further ones wait", self.most);
            self.is_full.warn("connections.full", &message);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        match self.listener.accept().await {
            Ok((stream, _address)) => Some((stream, place)),
            Err(error) => {
                self.metrics.accept_failures.inc();
                self.is_failing
                    .warn("connections.failing", &format!("no connection can be accepted: {error}"));
                tokio::time::sleep(PAUSE).await;
                None
            }
        }
    }

    fn let_in<A: Answers>(&self, accepted: Accepted, answering: &Arc<Answering<A>>) {
        let Some((stream, place)) = accepted else {
            return;
        };
        let metrics = Arc::clone(&self.metrics);
        metrics.accepted.inc();
        let open = Open::count(Arc::clone(&metrics));
        let seen = Arc::new(Seen::default());
        let wire = Wire::of(stream, Arc::clone(&seen), Arc::clone(&metrics));
        let http =
            if self.places.available_permits() < self.most / 4 { &self.hurried } else { &self.patient };
        let (answering, own) = (Arc::clone(answering), Arc::clone(&seen));
        let handle = service_fn(move |request| answering.answer(&own, request));
        let connection = self.graceful.watch(http.serve_connection(TokioIo::new(wire), handle));
        tokio::spawn(async move {
            // A connection that breaks is the network's matter; there is nothing to tell and nobody to name.
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

    /// Takes no more connections, and waits for the answers that are open.
    async fn close(self) {
        let Self { listener, metrics, graceful, .. } = self;
        drop(listener);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = tokio::time::sleep(DRAIN) => {
                metrics.timed_out(Timeout::Drain);
                super::log("some answers were still open after 10 s and were cut off");
            }
        }
    }
}

/// Counts a connection as open until it is dropped.
struct Open(Arc<Metrics>);

impl Open {
    fn count(metrics: Arc<Metrics>) -> Self {
        metrics.connections.inc();
        Self(metrics)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.connections.dec();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::{Read as _, Write as _};

    use super::*;

    /// Panics at `/now` and `/later` before it waits for anything, at `/late` after; answers everything else, `/there` at once.
    struct Panicking;

    impl Answers for Panicking {
        fn at_once(&self, request: &Request<Incoming>) -> Option<Response> {
            assert_ne!(request.uri().path(), "/now", "a test panics on purpose");
            (request.uri().path() == "/there").then(|| Response::new("well".into()))
        }

        fn answer(&self, request: Request<Incoming>) -> BoxFuture<'static, Response> {
            assert_ne!(request.uri().path(), "/later", "a test panics on purpose");
            async move {
                tokio::task::yield_now().await;
                assert_ne!(request.uri().path(), "/late", "a test panics on purpose");
                Response::new("well".into())
            }
            .boxed()
        }
    }

    /// Asks for paths on one connection; returns all that was answered.
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
        let metrics = Arc::new(Metrics::new());
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let door = Door::of(listener, Arc::clone(&metrics));
        let readiness = Arc::new(Readiness::loading(Arc::clone(&metrics)));
        let answering = Arc::new(Answering { answers: Panicking, readiness, metrics: Arc::clone(&metrics) });
        let asked = tokio::task::spawn_blocking(move || {
            ask(address, &["/now", "/later", "/late", "/there", "/well"])
        });
        door.let_in(door.next().await, &answering);
        let said = asked.await.expect("the client does not panic");
        let statuses: Vec<&str> =
            said.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
        assert_eq!(statuses, ["500", "500", "500", "200", "200", "200"], "{said}");
        let faults: Vec<&str> = said.split("urn:chargesheet:fault:").skip(1).collect();
        let numbers: BTreeSet<_> = faults.iter().filter_map(|fault| fault.split('"').next()).collect();
        assert_eq!((faults.len(), numbers.len()), (3, 3), "{said}");
        door.close().await;
        // The last answer is sent a moment before its connection is counted as closed.
        let closed = async {
            while metrics.connections.get() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DRAIN, closed).await.expect("every connection is counted as closed");
    }
}
