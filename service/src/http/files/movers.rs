//! `movers.{json,csv}`: what grew or shrank most between two periods.

use super::Asked;
use crate::domain::Dimension;
use crate::http::problem::Problem;
use crate::present::movers::{self as told, MoversTold};
use crate::query::Params;
use crate::trend::{Question, movers};

/// Makes the rows with all that a reader needs.
pub fn json(asked: &Asked, params: Params) -> Result<Vec<u8>, Problem> {
    Ok(told::json(&compared(asked, params)?.0))
}

/// Makes the table.
pub fn csv(asked: &Asked, params: Params) -> Result<Vec<u8>, Problem> {
    let (told, of) = compared(asked, params)?;
    Ok(told::csv(&told, of))
}

fn compared(asked: &Asked, mut params: Params) -> Result<(MoversTold, Dimension), Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let question = Question::take(&mut params, &dataset.release)?;
    params.finish(&["of", "before", "after", "min", "limit", "lang"])?;
    let found = movers(dataset, &question)?;
    Ok((told::movers(&question, &dataset.release, &found, language), question.of))
}
