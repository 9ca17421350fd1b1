//! `chargesheet query`: answers one question on the terminal.

use std::process::ExitCode;
use std::sync::Arc;

use super::print;
use crate::answer::counted_by;
use crate::catalog::Catalog;
use crate::engine::Choice;
use crate::present::citation::Citation;
use crate::present::{self, mark, svg};
use crate::query::Params;

/// The output format of an answer on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The table as CSV.
    Csv,
    /// JSON: the table with everything that a reader or a chart needs.
    Json,
    /// The chart as a picture.
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

/// Answers one question with the given engine. Without a format, prints how the engine would count.
///
/// # Errors
/// When there is no such dataset, or the question is refused. The error is in words.
pub fn query(
    catalog: &Catalog,
    dataset: &str,
    text: &str,
    engine: Choice,
    format: Option<Format>,
) -> Result<ExitCode, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let found = catalog.release(dataset, None).map_err(|absent| absent.to_text(dataset, None))?;
    let found = match engine {
        Choice::Fastest => found,
        other => Arc::new(counted_by(&found, other).map_err(|error| words(&error))?),
    };
    let release = &found.release;
    let mut params = Params::parse(text).map_err(|error| words(&error))?;
    let language = match format {
        None | Some(Format::Csv) => None,
        Some(Format::Json | Format::Svg) => params.take_language("lang").map_err(|error| words(&error))?,
    };
    let asked = match format {
        Some(Format::Svg) => Some(svg::take_asked(&mut params).map_err(|error| words(&error))?),
        _ => None,
    };
    let query = params.take_query(release).map_err(|error| words(&error))?;
    params.finish(&[]).map_err(|error| words(&error))?;
    let Some(format) = format else {
        let plan = found.explain(&query).map_err(|error| words(&error))?;
        print((plan + "\n").as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let published = found.ask(&query).map_err(|error| words(&error))?;
    let wire = || present::wire(&found, &query, &published, language.unwrap_or_default(), "");
    let body = match (format, asked) {
        (Format::Csv, _) => present::csv::csv(&query, release, &published),
        (_, None) => present::json(&wire().map_err(|error| words(&error))?),
        (_, Some(asked)) => {
            let answer = wire().map_err(|error| words(&error))?;
            let picture = asked.draw(&answer).map_err(|error| words(&error))?.0;
            let citation = Citation::of(&found, &query, &published, language.unwrap_or_default(), "");
            mark::on_svg(&picture, &citation, &present::licence(release), "").into_bytes()
        }
    };
    print(&body)?;
    Ok(ExitCode::SUCCESS)
}
