//! An answer for SDMX, the standard of statistical offices: SDMX-CSV 2.0.0, and the structure message (SDMX-ML 3.0) that says what
//! its columns and codes mean. There is no query syntax of SDMX's own: our addresses ask.
//!
//! <https://github.com/sdmx-twg/sdmx-csv>, <https://sdmx.org/standards-2/>. Every figure is an observation of its own, and the
//! dimension `MEASURE` says what is counted.

mod names;
mod structure;

use std::borrow::Cow;

use names::{AGENCY, concept, id, measure, missing, unit};
pub use structure::structure;

use super::csv::line;
use super::cube::{Cube, Figure};
use super::within;
use crate::disclosure::Published;
use crate::engine::Gap;
use crate::query::{Query, QueryError};
use crate::release::Release;

/// Most observations of a file, which is made in memory.
const MOST: usize = 1_000_000;

/// The columns that follow the dimensions.
const BEHIND: [&str; 5] = ["MEASURE", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "CONF_STATUS"];

/// Writes an answer as SDMX-CSV 2.0.0. A number that is missing is `NaN`, as SDMX 3.0 says; never zero.
///
/// # Errors
/// When there are more observations than one file has.
pub fn csv(query: &Query, release: &Release, answer: &Published) -> Result<(Vec<u8>, usize), QueryError> {
    let cube = Cube::of(query, release, answer);
    let observations = answer.rows().saturating_mul(cube.figures.len());
    within(query, (observations, "observations"), "SDMX-CSV has at most", MOST)?;
    let (id, version) = id(query, release);
    let named = format!("{AGENCY}:{id}({version})");
    let mut out = Vec::new();
    let dimensions: Vec<Cow<'_, str>> = query.by.iter().map(|own| concept(*own, query)).collect();
    let header = ["STRUCTURE", "STRUCTURE_ID", "ACTION"].into_iter();
    line(&mut out, header.chain(dimensions.iter().map(|own| &**own)).chain(BEHIND));
    let mut rows = 0;
    for row in cube.rows() {
        let codes = cube.axes.iter().zip(cube.keys(row)).map(|(axis, key)| axis.code(release, key));
        let codes: Vec<String> = codes.collect();
        for column in &cube.figures {
            let (value, status, confidential) = match cube.figure(column, row) {
                Figure::Whole(count) => (count.to_string(), cube.status(row), "F"),
                Figure::Real(real) => (real.to_string(), cube.status(row), "F"),
                Figure::None(gap) => {
                    let confidential = if gap == Gap::Withheld { "C" } else { "F" };
                    ("NaN".to_owned(), missing(gap), confidential)
                }
            };
            let (measure, unit) = (measure(column), unit(column, &cube));
            let behind = [&*measure, &value, status, &unit, confidential];
            let front = ["dataflow", &named, "I"].into_iter();
            line(&mut out, front.chain(codes.iter().map(String::as_str)).chain(behind));
            rows += 1;
        }
    }
    Ok((out, rows))
}
