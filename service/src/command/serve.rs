//! `chargesheet serve`: the datasets over HTTP.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use super::print;
use crate::catalog::Sources;
use crate::http;

/// Serves until the program is told to stop. Answers that were made already are kept in `cache` bytes of memory.
///
/// # Errors
/// When a dataset cannot be loaded, or the address not be listened on; in words.
pub fn serve(
    sources: Sources,
    listen: SocketAddr,
    public_url: Option<String>,
    cache: u64,
) -> Result<ExitCode, String> {
    if let Some(url) = &public_url
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        return Err(format!("--public-url {url}: is no address; begin with https:// or http://"));
    }
    let app = http::App::new(sources).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    runtime.block_on(async {
        let listener = http::bind(listen).await?;
        let address = listener.local_addr().map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        let base = public_url.unwrap_or_else(|| format!("http://{address}"));
        print(format!("Chargesheet is at http://{address}/\n").as_bytes())?;
        let _ = std::io::stdout().flush();
        let app = app.at(&base).keeping(cache);
        tokio::spawn(app.clone().keep_up());
        http::serve(app, listener, stopped()).await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Waits for SIGTERM or SIGINT.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
