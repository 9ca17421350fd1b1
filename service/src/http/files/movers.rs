//! `movers.{json,csv}`: what grew or shrank most between two periods.

use super::Asked;
use crate::domain::Dimension;
use crate::http::body::Body;
use crate::http::parameters::{Group, LANG, MOVERS, WITHOUT_PERIOD};
use crate::http::problem::Problem;
use crate::present::movers::{self as told, MoversTold};
use crate::query::Params;
use crate::trend::{Question, movers};

/// The parameters: the periods are `before` and `after`.
pub const PARAMETERS: &[Group] = &[MOVERS, WITHOUT_PERIOD, LANG];

/// Makes the rows with all that a reader needs.
pub fn json(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(told::json(&compared(asked, params)?.0).into())
}

/// Makes the table.
pub fn csv(asked: &Asked, params: Params) -> Result<Body, Problem> {
    let (told, of) = compared(asked, params)?;
    let rows = told.rows.len() + told.not_comparable.len();
    Ok(Body::from(told::csv(&told, of)).with_rows(rows))
}

fn compared(asked: &Asked, mut params: Params) -> Result<(MoversTold, Dimension), Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let question = Question::take(&mut params, &dataset.release)?;
    let known: Vec<&'static str> = PARAMETERS.iter().copied().flatten().map(|own| own.name).collect();
    params.finish_with(&known)?;
    let found = movers(dataset, &question)?;
    Ok((told::movers(&question, &dataset.release, &found, language), question.of))
}
