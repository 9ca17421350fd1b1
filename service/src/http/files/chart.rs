//! `chart.{svg,png,html}`: the answer as a picture, and as one file that asks nobody for anything.

use chargesheet_widget::chart::DrawError;

use super::Asked;
use crate::explorer::{self, Chart};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::png::png as rasterise;
use crate::present::svg as drawing;
use crate::present::wire;
use crate::query::{Deadline, Params};

/// Draws the answer.
pub fn svg(asked: &Asked, params: Params) -> Result<Body, Problem> {
    picture(asked, params, Form::Svg).map(Body::from)
}

/// Draws the answer in pixels.
pub fn png(asked: &Asked, params: Params) -> Result<Body, Problem> {
    picture(asked, params, Form::Png).map(Body::from)
}

/// Makes the file that holds the chart, its figures and the program that draws them.
pub fn html(asked: &Asked, params: Params) -> Result<Body, Problem> {
    let chart = Chart::read(&asked.dataset, true, params, &asked.base)?;
    Ok(explorer::document(&chart)?.into_bytes().into())
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Png,
}

/// Makes a picture.
fn picture(asked: &Asked, mut params: Params, form: Form) -> Result<Vec<u8>, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let drawn_as = drawing::take_asked(&mut params)?;
    let mut known = drawing::PARAMETERS.to_vec();
    let scale = if form == Form::Png {
        known.push("scale");
        drawing::take_scale(&mut params)?
    } else {
        1
    };
    let query = params.take_query(&dataset.release)?;
    params.finish(&known)?;
    let published = dataset.ask(&query)?;
    let undrawable = |error: DrawError| Problem::undrawable(error.to_string());
    drawn_as.fits(&query, &dataset.release, &published).map_err(undrawable)?;
    let answer = wire(dataset, &query, &published, language, &asked.base)?;
    let (svg, height) = drawn_as.draw(&answer).map_err(undrawable)?;
    Deadline::current().keep();
    if form == Form::Svg {
        return Ok(svg.into_bytes());
    }
    drawing::check_scale((drawn_as.spec.width(), height), scale)?;
    rasterise(&svg, scale).map_err(|error| {
        crate::http::log(&format!("a picture failed: {error}"));
        Problem::internal()
    })
}
