//! `chart.{svg,png,html}`: the answer as a picture, and as one file that asks nobody for anything.

use chargesheet_widget::chart::DrawError;

use super::Asked;
use crate::explorer::{self, Chart};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::coded::in_codes;
use crate::present::fonts::fonts;
use crate::present::png::{Painted, PngError, png as rasterise};
use crate::present::svg as drawing;
use crate::present::wire;
use crate::query::{Deadline, Params};

/// Draws the answer.
pub fn svg(asked: &Asked, params: Params) -> Result<Body, Problem> {
    picture(asked, params, Form::Svg)
}

/// Draws the answer in pixels.
pub fn png(asked: &Asked, params: Params) -> Result<Body, Problem> {
    picture(asked, params, Form::Png)
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
fn picture(asked: &Asked, mut params: Params, form: Form) -> Result<Body, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let drawn_as = drawing::take_asked(&mut params)?;
    let mut known = drawing::PARAMETERS.to_vec();
    let (mut scale, mut has_codes) = (1, false);
    if form == Form::Png {
        known.extend(["scale", "names"]);
        (scale, has_codes) = (drawing::take_scale(&mut params)?, drawing::take_names(&mut params)?);
    }
    let query = params.take_query(&dataset.release)?;
    params.finish(&known)?;
    let published = dataset.ask(&query)?;
    let undrawable = |error: DrawError| Problem::undrawable(error.to_string());
    drawn_as.fits(&query, &dataset.release, &published).map_err(undrawable)?;
    let mut answer = wire(dataset, &query, &published, language, &asked.base)?;
    if has_codes {
        answer = in_codes(answer, language);
    }
    let (svg, height) = drawn_as.draw(&answer).map_err(undrawable)?;
    Deadline::current().keep();
    if form == Form::Svg {
        return Ok(svg.into_bytes().into());
    }
    drawing::check_scale((drawn_as.spec.width(), height), scale)?;
    match rasterise(&svg, scale, fonts()) {
        Ok(Painted { bytes, is_local: true }) => Ok(Body::from(bytes).passing()),
        Ok(Painted { bytes, is_local: false }) => Ok(bytes.into()),
        Err(PngError::Unpaintable(error)) => Err(Problem::not_implemented(&error.to_string())),
        Err(error) => Err(Problem::unwritten(&error)),
    }
}
