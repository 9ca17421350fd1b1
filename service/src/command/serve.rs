//! `chargesheet serve`: the datasets over HTTP.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::oneshot;

use super::print;
use crate::catalog::Sources;
use crate::http::{self, Level, LogFormat};

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address under which readers reach the service.
    pub public_url: Option<String>,
    /// Form of the log.
    pub log: LogFormat,
    /// Room for answers that were made already, in bytes.
    pub cache: u64,
    /// Room for large bodies until they are sent, in bytes, besides those that are kept.
    pub sending: u64,
    /// Longest time for one answer.
    pub answer_time: Duration,
    /// How long connections are still taken after the program was told to end.
    pub turning_away: Duration,
}

/// Serves until the program is told to stop. It listens at once, and says its address when what `load` brings is there.
///
/// # Errors
/// When a dataset cannot be loaded, or the address not be listened on; in words.
pub fn serve(
    load: impl FnOnce() -> Result<Sources, String> + Send + 'static,
    options: ServeOptions,
) -> Result<ExitCode, String> {
    let ServeOptions { listen, public_url, log, cache, sending, answer_time, turning_away } = options;
    let public_url = public_url.map(|url| super::public_url(&url)).transpose()?;
    http::choose_log(log);
    if public_url.is_none() && !listen.ip().to_canonical().is_loopback() {
        let message = format!(
            "without --public-url, citations, short addresses, snippets and previews name http://{listen}, which readers \
             elsewhere do not reach, and pasted addresses become no charts (oEmbed); give --public-url https://HOST"
        );
        http::tell(Level::Warning, "public-url.missing", &message, &[("address", json!(listen.to_string()))]);
    }
    let metrics = http::metrics();
    http::count_panics(Arc::clone(&metrics));
    let runtime = http::runtime()?;
    let served = runtime.block_on(async {
        let listener = http::bind(listen)?;
        let address = listener.local_addr().map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        let version = env!("CARGO_PKG_VERSION");
        let fields = [("address", json!(address.to_string())), ("version", json!(version))];
        http::tell(
            Level::Info,
            "start",
            &format!("chargesheet {version} listens on {address} and loads"),
            &fields,
        );
        let base = public_url.unwrap_or_else(|| format!("http://{address}"));
        let counted = Arc::clone(&metrics);
        let app = tokio::task::spawn_blocking(move || {
            let app = http::App::counting(load()?, counted).map_err(|error| error.to_string())?;
            Ok(app.at(&base).keeping(cache, sending).answering_within(answer_time))
        });
        // A panic was told of where it happened; a program that cannot load has nothing to go on with.
        let loading =
            async { app.await.unwrap_or_else(|_| Err("loading failed by a bug of the program".to_owned())) };
        let ready = |app: http::App| {
            // Whoever started the program may have gone with its standard output; readers have not.
            let _ = print(format!("Chargesheet is at http://{address}/\n").as_bytes());
            let _ = std::io::stdout().flush();
            http::tell(Level::Info, "ready", &format!("ready at http://{address}/"), &fields);
            tokio::spawn(app.keep_up());
        };
        let (first, second) = told_to_stop();
        tokio::select! {
            served = http::serve(listener, metrics, loading, ready, first, turning_away) => {
                served.map(|()| ExitCode::SUCCESS)
            }
            signal = second => Ok(ExitCode::from(ENDED_BY_SIGNAL + signal)),
        }
    });
    // What still loads or computes has nobody who waits for it.
    runtime.shutdown_background();
    if served.is_ok() {
        http::tell(Level::Info, "end", "the service has ended", &[]);
    }
    served
}

/// Exit codes of programs that a signal ended begin here, as shells count.
const ENDED_BY_SIGNAL: u8 = 128;
const SIGINT: u8 = 2;
const SIGTERM: u8 = 15;

/// Waits for SIGTERM or SIGINT: for the first, after which open answers may end, and for the second, after which nothing
/// may, with its number.
fn told_to_stop() -> (impl Future<Output = ()>, impl Future<Output = u8>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (tell_first, first) = oneshot::channel();
    let (tell_second, second) = oneshot::channel();
    tokio::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => SIGTERM,
                _ = interrupt.recv() => SIGINT,
            }
        };
        next().await;
        let _ = tell_first.send(());
        let _ = tell_second.send(next().await);
    });
    let first = async {
        let _ = first.await;
    };
    let second = async {
        match second.await {
            Ok(signal) => signal,
            Err(_) => std::future::pending().await,
        }
    };
    (first, second)
}
