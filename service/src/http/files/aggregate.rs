//! `aggregate.{json,csv,parquet,xlsx}`: the answer to a question.

use super::Asked;
use crate::domain::Language;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::csv::{self, Csv, Dialect};
use crate::present::{self, Json};
use crate::query::Params;

/// Makes the table with all that a reader or a chart needs: written while it is read.
pub fn json(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    let plan = published.plan().to_owned();
    let json = Json::of(dataset, &query, published, language, &asked.base)?;
    Ok(Body::measured(json).with_plan(&plan))
}

/// Makes the table: written while it is read.
pub fn csv(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let dialect = Dialect::take(&mut params)?;
    let query = params.take_query(&dataset.release)?;
    params.finish(&csv::PARAMETERS)?;
    let published = dataset.ask(&query)?;
    let plan = published.plan().to_owned();
    let csv = Csv::of(dataset, &query, published, dialect);
    let rows = csv.rows();
    let body = Body::measured(csv).with_rows(rows).with_plan(&plan);
    Ok(if dialect == Dialect::Plain { body } else { body.saved() })
}

/// Makes the table for data frames.
pub fn parquet(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let query = params.take_query(&dataset.release)?;
    params.finish(&[])?;
    let published = dataset.ask(&query)?;
    let about = present::about(dataset, &query, &published, Language::ENGLISH, &asked.base)?;
    let file = present::parquet::parquet(&query, &dataset.release, &published, &about, &asked.base);
    Ok(Body::from(file.map_err(|error| Problem::unwritten(&error))?)
        .with_rows(published.rows())
        .with_plan(published.plan()))
}

/// Makes the workbook.
pub fn xlsx(asked: &Asked, mut params: Params) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    let about = present::about(dataset, &query, &published, language, &asked.base)?;
    let file = present::xlsx::xlsx(&query, &dataset.release, &published, &about, language, &asked.base);
    Ok(Body::from(file?).with_rows(published.rows()).with_plan(published.plan()))
}
