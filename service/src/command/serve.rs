//! `chargesheet serve`: serves the datasets over HTTP.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, value_parser};
use serde_json::json;
use tokio::sync::oneshot;

use super::{Counting, one_of, print};
use crate::catalog::Sources;
use crate::domain::Language;
use crate::explorer::{About, leave_check_out};
use crate::http::{self, ANSWER_TIME, Level, LogFormat};

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3030")]
    listen: SocketAddr,
    /// Address under which readers reach the service, for citations and snippets: https://HOST, without a path.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Memory for answers that were made already, in megabytes; 0 keeps none.
    #[arg(long, value_name = "MB", default_value = "128", value_parser = value_parser!(u64).range(..=1_048_576))]
    cache_mb: u64,
    /// Memory for bodies of more than 128 kB until they are sent, in megabytes, besides those that are kept; what finds no
    /// room is answered with 503.
    #[arg(long, value_name = "MB", default_value = "512", value_parser = value_parser!(u64).range(1..=1_048_576))]
    sending_mb: u64,
    /// Form of the log on standard error: text (sentences, only of what asks for attention) or json (one object a line, of
    /// every event).
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = log_format)]
    log: LogFormat,
    /// Longest time for one answer, in seconds; what takes longer is answered with 503.
    #[arg(long, value_name = "SECONDS", default_value_t = ANSWER_TIME.as_secs(), value_parser = value_parser!(u64).range(1..=3600))]
    answer_within: u64,
    /// How long connections are still taken after SIGTERM, in seconds, while /readyz says 503: as long as a load balancer
    /// needs to see it.
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = value_parser!(u64).range(0..=300))]
    turn_away: u64,
    /// Text of the page /about in English, a part of Markdown of at most 64 kB; texts in other languages lie beside it, as
    /// about.ru.md beside about.md. Without it the page has a text of the program's.
    #[arg(long, value_name = "FILE")]
    about: Option<PathBuf>,
    #[command(flatten)]
    counting: Counting,
    /// Leaves out the check in the browser: /check answers 404, and nothing links to it.
    #[arg(long)]
    no_check: bool,
}

/// Reads the text about the publisher, and those in other languages beside it.
fn about(file: &Path) -> Result<About, String> {
    let beside = |language: Language| {
        if language == Language::ENGLISH {
            file.to_owned()
        } else {
            file.with_extension(format!("{language}.md"))
        }
    };
    let mut texts = Vec::new();
    for language in Language::all() {
        let path = beside(language);
        match std::fs::read(&path) {
            Ok(bytes) => texts.push((language, bytes)),
            Err(error) if language == Language::ENGLISH || error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot read {}: {error}", path.display()));
            }
            Err(_) => {}
        }
    }
    About::of(texts).map_err(|(language, error)| format!("{} {error}", beside(language).display()))
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    let found = one_of(&LogFormat::ALL, LogFormat::name, text);
    found.map_err(|names| format!("expected {}", names.join(" or ")))
}

/// Serves until the program is told to stop. Accepts connections at once, and prints its address when `load` is done.
///
/// # Errors
/// When a dataset cannot be loaded, or the address cannot be bound. The error is in words.
pub fn serve(
    load: impl FnOnce() -> Result<Sources, String> + Send + 'static,
    options: ServeOptions,
) -> Result<ExitCode, String> {
    let listen = options.listen;
    let about = options.about.as_deref().map(about).transpose()?.unwrap_or_default();
    let public_url = options.public_url.map(|url| super::public_url(&url)).transpose()?;
    http::choose_log(options.log);
    // Before threads are counted: some wait for the cluster.
    options.counting.choose()?;
    if options.no_check {
        leave_check_out();
    }
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
        let message = format!("chargesheet {version} listens on {address} and loads");
        http::tell(Level::Info, "start", &message, &fields);
        let base = public_url.unwrap_or_else(|| format!("http://{address}"));
        let counted = Arc::clone(&metrics);
        let app = tokio::task::spawn_blocking(move || {
            let app = http::App::counting(load()?, counted).map_err(|error| error.to_string())?;
            let app = app.at(&base).telling(about).keeping(options.cache_mb << 20, options.sending_mb << 20);
            Ok(app.answering_within(Duration::from_secs(options.answer_within)))
        });
        // The panic hook has already logged the panic. Without data the program cannot go on.
        let loading =
            async { app.await.unwrap_or_else(|_| Err("loading failed by a bug of the program".to_owned())) };
        let ready = |app: http::App| {
            // The program that reads standard output may be gone. That is no reason to stop serving.
            let _ = print(format!("Chargesheet is at http://{address}/\n").as_bytes());
            let _ = std::io::stdout().flush();
            http::tell(Level::Info, "ready", &format!("ready at http://{address}/"), &fields);
            tokio::spawn(app.keep_up());
        };
        let (first, second) = told_to_stop();
        tokio::select! {
            served = http::serve(listener, metrics, loading, ready, first, Duration::from_secs(options.turn_away)) => {
                served.map(|()| ExitCode::SUCCESS)
            }
            signal = second => Ok(ExitCode::from(ENDED_BY_SIGNAL + signal)),
        }
    });
    // Nobody waits any more for what is still loading or computing.
    runtime.shutdown_background();
    if served.is_ok() {
        http::tell(Level::Info, "end", "the service has ended", &[]);
    }
    served
}

/// Shells add this number to a signal to get the exit code of a program that the signal ended.
const ENDED_BY_SIGNAL: u8 = 128;
const SIGINT: u8 = 2;
const SIGTERM: u8 = 15;

/// Waits for SIGTERM or SIGINT. After the first signal, open requests may finish. The second signal ends the program at once, and
/// is returned as a number.
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
    let first = async { _ = first.await };
    let second = async {
        match second.await {
            Ok(signal) => signal,
            Err(_) => std::future::pending().await,
        }
    };
    (first, second)
}
