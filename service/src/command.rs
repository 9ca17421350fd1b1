//! What each command of the program does.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use crate::catalog::Catalog;
use crate::domain::today;
use crate::http;
use crate::ingest::ingest;
use crate::package::Package;
use crate::present::{self, svg};
use crate::query::Params;

/// The form of an answer on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The table.
    Csv,
    /// The table with all that a reader or a chart needs.
    Json,
    /// The picture.
    Svg,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "svg" => Ok(Self::Svg),
            _ => Err("expected csv, json or svg".to_owned()),
        }
    }
}

/// Exit code of `check` when a row is refused.
const REFUSED: u8 = 1;
/// Exit code of `check` when the package itself cannot be read.
const UNREADABLE: u8 = 3;

/// Checks a package, prints the report.
///
/// # Errors
/// When the report cannot be printed.
pub fn check(folder: &Path) -> Result<ExitCode, String> {
    let read = Package::from_folder(folder).and_then(|package| ingest(&package, today()));
    match read {
        Ok((_, report)) => {
            print(report.to_text().as_bytes())?;
            Ok(if report.refused() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS })
        }
        Err(error) => {
            eprintln!("chargesheet: {error}");
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

/// Answers one question.
///
/// # Errors
/// When there is no such dataset, or the question is refused; in words.
pub fn query(catalog: &Catalog, dataset: &str, text: &str, format: Format) -> Result<ExitCode, String> {
    let Some(found) = catalog.dataset(dataset) else {
        let hint =
            catalog.nearest_dataset(dataset).map_or(String::new(), |id| format!("; did you mean `{id}`?"));
        return Err(format!("no dataset `{dataset}`{hint}"));
    };
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let release = &found.release;
    let mut params = Params::parse(text).map_err(|error| words(&error))?;
    let language = match format {
        Format::Csv => None,
        Format::Json | Format::Svg => params.take_language("lang").map_err(|error| words(&error))?,
    };
    let asked = match format {
        Format::Svg => Some(svg::take_asked(&mut params).map_err(|error| words(&error))?),
        Format::Csv | Format::Json => None,
    };
    let query = params.take_query(release).map_err(|error| words(&error))?;
    params.finish(&[]).map_err(|error| words(&error))?;
    let published = found.ask(&query).map_err(|error| words(&error))?;
    let wire = || present::wire(found, &query, &published, language.unwrap_or_default(), "");
    let body = match (format, asked) {
        (Format::Csv, _) => present::csv::csv(&query, release, &published),
        (_, None) => present::json(&wire().map_err(|error| words(&error))?),
        (_, Some(asked)) => {
            let answer = wire().map_err(|error| words(&error))?;
            asked.draw(&answer).map_err(|error| words(&error))?.0.into_bytes()
        }
    };
    print(&body)?;
    Ok(ExitCode::SUCCESS)
}

fn print(body: &[u8]) -> Result<(), String> {
    std::io::stdout().write_all(body).map_err(|error| format!("cannot write the answer: {error}"))
}

/// Serves until the program is told to stop.
///
/// # Errors
/// When the address cannot be listened on; in words.
pub fn serve(catalog: Catalog, listen: SocketAddr, public_url: Option<String>) -> Result<ExitCode, String> {
    if let Some(url) = &public_url
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        return Err(format!("--public-url {url}: is no address; begin with https:// or http://"));
    }
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
        http::serve(http::App::new(catalog, &base), listener, stopped()).await;
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
