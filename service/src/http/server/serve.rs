//! The life of the service: loading the data, answering requests, and shutting down.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use tokio::net::TcpListener;
use warp::http::request::Parts;

use super::accept::Acceptor;
use super::request::{Answers, RequestHandler};
use super::socket::listen;
use crate::http::app::App;
use crate::http::body::stream::Outgoing;
use crate::http::observe::log::{Level, tell};
use crate::http::observe::metrics::Metrics;
use crate::http::pipeline::Pipeline;
use crate::http::pipeline::negotiation::outgoing;
use crate::http::readiness::Readiness;
use crate::http::routes::{before_loaded, router};
use crate::http::template::TEMPLATES;

/// Makes the metrics of the service, with a label for each route.
pub fn metrics() -> Arc<Metrics> {
    Arc::new(Metrics::new(TEMPLATES.names()))
}

/// Binds an address to listen on.
///
/// # Errors
/// When the address is in use, or does not belong to this host. The error is in words.
pub fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    listen(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{address} is taken by another program; choose another with --listen, such as --listen 127.0.0.1:0")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Serves until `stop` is ready. Until `loading` is done, only the operator's requests are answered, and then all. `when_ready` is
/// called once the data are loaded. After `stop`, connections are still accepted for `turning_away`, so that a load balancer can
/// see that the service is no longer ready. After that, open requests may finish.
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
    let (own, counted) = (Arc::clone(&readiness), Arc::clone(&metrics));
    let answers = Staged { metrics: counted, readiness: own, loaded: OnceLock::new() };
    let (own, counted) = (Arc::clone(&readiness), Arc::clone(&metrics));
    let handler = Arc::new(RequestHandler { answers, readiness: own, metrics: counted });
    let acceptor = Acceptor::new(listener, metrics);
    let mut when_ready = Some(when_ready);
    tokio::pin!(loading, stop);
    loop {
        tokio::select! {
            accepted = acceptor.next() => acceptor.serve(accepted, &handler),
            app = &mut loading, if when_ready.is_some() => {
                let app = app?;
                let pipeline = Pipeline::new(app.clone(), router(app.clone(), Arc::clone(&readiness)));
                if handler.answers.loaded.set(pipeline).is_ok() && let Some(ready) = when_ready.take() {
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
            accepted = acceptor.next() => acceptor.serve(accepted, &handler),
        }
    }
    acceptor.close().await;
    Ok(())
}

/// A handler that uses the pipeline once the data are loaded.
struct Staged {
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    loaded: OnceLock<Pipeline>,
}

impl Answers for Staged {
    fn at_once(&self, request: &Parts) -> Option<Outgoing> {
        self.loaded.get()?.at_once(request)
    }

    fn answer(&self, request: Parts) -> BoxFuture<'static, Outgoing> {
        if let Some(pipeline) = self.loaded.get().cloned() {
            return async move { pipeline.answer(&request).await }.boxed();
        }
        let answer = before_loaded(request.uri.path(), &self.metrics, &self.readiness);
        ready(outgoing(answer.unwrap_or_else(|problem| problem.response()), &request.method)).boxed()
    }
}
