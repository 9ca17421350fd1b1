//! The makers of files. Each parses its question, gets the answer, and writes the answer in a format.

use serde::Serialize;

use super::asked::{Answered, Asked, MOVERS, Output};
use crate::answer::records;
use crate::disclosure::Published;
use crate::domain::parameters::names;
use crate::domain::{Dimension, Language};
use crate::explorer::{self, Chart};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::archive::{self, ArchiveError};
use crate::present::citation::Citation;
use crate::present::codebook::{self, Codebook};
use crate::present::csv::{self, Csv, Dialect};
use crate::present::fonts::fonts;
use crate::present::movers::{self as moved, MoversTold};
use crate::present::newer::{MOST_COMPARED, Newer};
use crate::present::png::{Painted, PngError, png as rasterise};
use crate::present::{
    self, Facet, Json, coded, croissant, csvw, evidence, jsonstat, laid_out, mark, package, sdmx,
    svg as drawing, trend, xlsx,
};
use crate::query::{Deadline, Params};
use crate::trend::{Question, movers};

/// The result of a maker.
pub type Made = Result<Output, Problem>;

/// `aggregate.json`: the table with everything that a reader or a chart needs.
pub fn aggregate_json(asked: &Asked, params: Params) -> Made {
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    let plan = Some(published.plan().to_owned());
    let json = Json::of(&asked.dataset, &query, published, language, &asked.base)?;
    Ok(Output { body: Body::measured(json), plan })
}

/// `aggregate.csv`: the table as CSV.
pub fn aggregate_csv(asked: &Asked, mut params: Params) -> Made {
    let dialect = Dialect::take(&mut params)?;
    let Answered { query, published, .. } = asked.answer(params, &csv::PARAMETERS)?;
    let plan = Some(published.plan().to_owned());
    let csv = Csv::of(&asked.dataset, &query, published, dialect);
    let rows = csv.rows();
    let mut body = Body::measured(csv).with_rows(rows);
    body.facts.is_saved = dialect != Dialect::Plain;
    Ok(Output { body, plan })
}

/// `aggregate.parquet`: the table for data frames.
pub fn aggregate_parquet(asked: &Asked, params: Params) -> Made {
    let Answered { query, published, .. } = asked.answer(params, &[])?;
    let (dataset, base) = (&asked.dataset, &asked.base);
    let about = present::about(dataset, &query, &published, Language::ENGLISH, base)?;
    let file = present::parquet::parquet(&query, &dataset.release, &published, &about, base);
    table(file.map_err(|error| Problem::unwritten(&error))?, &published)
}

/// `aggregate.xlsx`: the table as an Excel workbook.
pub fn aggregate_xlsx(asked: &Asked, params: Params) -> Made {
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    let (dataset, base) = (&asked.dataset, &asked.base);
    let about = present::about(dataset, &query, &published, language, base)?;
    table(xlsx::xlsx(&query, &dataset.release, &published, &about, language, base)?, &published)
}

/// `aggregate.jsonstat.json`: the table as a cube.
pub fn aggregate_jsonstat(asked: &Asked, params: Params) -> Made {
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    let (dataset, base) = (&asked.dataset, &asked.base);
    let about = present::about(dataset, &query, &published, language, base)?;
    Ok(jsonstat::jsonstat(dataset, &query, &published, &about, language, base)?.into())
}

/// `aggregate.sdmx.csv`: the figures as observations.
pub fn aggregate_sdmx(asked: &Asked, params: Params) -> Made {
    let Answered { query, published, .. } = asked.answer(params, &[])?;
    let (file, rows) = sdmx::csv(&query, &asked.dataset.release, &published)?;
    Ok(Body::from(file).with_rows(rows).into())
}

/// `aggregate.sdmx.xml`: what stands in `aggregate.sdmx.csv` for the same query.
pub fn sdmx_structure(asked: &Asked, params: Params) -> Made {
    let Answered { query, published, .. } = asked.answer(params, &[])?;
    Ok(sdmx::structure(&query, &asked.dataset.release, &published).into())
}

/// `aggregate.csv-metadata.json`: the description of the CSV for the same query.
pub fn csv_metadata(asked: &Asked, params: Params) -> Made {
    let Answered { query, published, .. } = asked.answer(params, &[])?;
    // A reader must ignore a description that does not name the address of the table ("Model for Tabular Data and Metadata on the
    // Web", 5.2). So the description names the query as it was spelled.
    let mark = if asked.query.is_empty() { "" } else { "?" };
    let url = format!("aggregate.csv{mark}{}", asked.query);
    Ok(csvw::json(&asked.dataset, &query, &published, &url, &asked.base)?.into())
}

/// `aggregate.zip`: the answer with everything needed to read it offline.
pub fn aggregate_zip(asked: &Asked, params: Params) -> Made {
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    let (dataset, query, published, base) = (&asked.dataset, &query, &published, &asked.base);
    Ok(archive::pack(&archive::Answer { dataset, query, published, language, base })?.into())
}

/// `croissant.json`: how libraries of machine learning load the dataset.
pub fn croissant_json(asked: &Asked, mut params: Params) -> Made {
    let language = params.take_language("lang")?.unwrap_or_default();
    params.finish_with(&["lang"])?;
    Ok(croissant::croissant(&asked.dataset, language, &asked.base)?.into())
}

/// `package.zip`: the whole dataset in the format in which publishers deliver it.
pub fn package_zip(asked: &Asked, params: Params) -> Made {
    params.finish_with(&[])?;
    let release = &asked.dataset.release;
    let count = release.manifest().records();
    if count > package::LIMIT {
        return Err(Problem::not_implemented(&format!(
            "dataset `{}` has {count} records, and packages are made of at most {}; ask for the groups that you need \
             with /v1/datasets/{}/aggregate.csv, or its publisher for the package",
            release.dataset(),
            package::LIMIT,
            release.dataset(),
        )));
    }
    let records = records(&asked.dataset)?;
    Ok(package::package(release, &records).map_err(ArchiveError::from)?.into())
}

/// `chart.svg`: the chart as an SVG picture.
pub fn chart_svg(asked: &Asked, params: Params) -> Made {
    picture(asked, params, false)
}

/// `chart.png`: the same picture in pixels.
pub fn chart_png(asked: &Asked, params: Params) -> Made {
    picture(asked, params, true)
}

/// `chart.json`: what the picture shows besides the answer, and where everything in it is.
pub fn chart_json(asked: &Asked, mut params: Params) -> Made {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let drawn_as = drawing::take_asked(&mut params)?;
    let Answered { query, published, .. } = asked.answer(params, &drawing::PARAMETERS)?;
    drawn_as.fits(&query, &dataset.release, &published)?;
    let answer = present::wire(dataset, &query, &published, language, &asked.base)?;
    let (drawing, height) = drawn_as.compose(&answer)?;
    Deadline::current().keep();
    Ok(laid_out::json(&answer, &drawing.map, (drawn_as.spec.width(), height)).into())
}

fn picture(asked: &Asked, mut params: Params, is_png: bool) -> Made {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let drawn_as = drawing::take_asked(&mut params)?;
    let mut known = drawing::PARAMETERS.to_vec();
    let (mut scale, mut has_codes) = (1, false);
    if is_png {
        known.extend(["scale", "names"]);
        (scale, has_codes) = (drawing::take_scale(&mut params)?, drawing::take_names(&mut params)?);
    }
    let Answered { query, published, .. } = asked.answer(params, &known)?;
    drawn_as.fits(&query, &dataset.release, &published)?;
    let mut answer = present::wire(dataset, &query, &published, language, &asked.base)?;
    if has_codes {
        answer = coded::in_codes(answer, language);
    }
    let (svg, height) = drawn_as.draw(&answer)?;
    Deadline::current().keep();
    let citation = Citation::of(dataset, &query, &published, language, &asked.base);
    let licence = present::licence(&dataset.release);
    if !is_png {
        return Ok(mark::on_svg(&svg, &citation, &licence, &asked.base).into_bytes().into());
    }
    drawing::check_scale((drawn_as.spec.width(), height), scale)?;
    match rasterise(&svg, scale, fonts()) {
        Ok(Painted { bytes, is_local }) => {
            let scale = if scale == 1 { String::new() } else { format!("&scale={scale}") };
            let names = if has_codes { "&names=codes" } else { "" };
            let form = format!("{}{scale}{names}", drawn_as.spelled());
            let mut body = Body::from(mark::on_png(&bytes, &citation, &licence, &asked.base, &form));
            body.facts.is_passing = is_local;
            Ok(body.into())
        }
        Err(PngError::Unpaintable(error)) => Err(Problem::not_implemented(&error.to_string())),
        Err(error) => Err(Problem::unwritten(&error)),
    }
}

/// `chart.html`: one file with the chart, its figures and the program that draws them.
pub fn chart_html(asked: &Asked, params: Params) -> Made {
    let chart = Chart::read(&asked.dataset, true, params, &asked.base)?;
    Ok(explorer::document(&chart)?.into_bytes().into())
}

/// `evidence.csv`: the sources behind an answer.
pub fn evidence_csv(asked: &Asked, params: Params) -> Made {
    // Sources are in their own languages, so `lang` has no effect here. It is accepted because other files take it.
    let (query, _) = asked.question(params, &["lang"])?;
    let found = asked.dataset.evidence(&query)?;
    let release = &asked.dataset.release;
    let rows = evidence::rows(release, &found);
    Ok(Body::from(evidence::csv(&query, release, &found)).with_rows(rows).into())
}

/// Returns the citation of an answer.
pub fn citation(asked: &Asked, params: Params) -> Result<Citation, Problem> {
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    Ok(Citation::of(&asked.dataset, &query, &published, language, &asked.base))
}

/// Whether something newer than a pinned answer is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewerAnswer<'a> {
    dataset: &'a str,
    /// The release of the answer.
    release: &'a str,
    /// The newest release; null while it is this one.
    newer: Option<Newer>,
}

/// `newer.json`: whether there is a newer release, and its figures for the question of a pinned answer.
pub fn newer(asked: &Asked, params: Params) -> Made {
    let Asked { dataset, catalog, base, .. } = asked;
    let Answered { query, language, published } = asked.answer(params, &["lang"])?;
    present::within(&query, (published.rows(), "rows"), "figures are compared of at most", MOST_COMPARED)?;
    let before = present::wire(dataset, &query, &published, language, base)?;
    let (id, own) = (dataset.release.dataset(), dataset.release.id().as_str());
    let newer = catalog
        .newer_than(id, own)
        .map(|(newest, published)| Newer::than(&before, newest, published, language, base));
    json(&NewerAnswer { dataset: id, release: own, newer })
}

/// Counts per value, with the release they are of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Facets<'a> {
    dataset: &'a str,
    release: &'a str,
    facets: Vec<Facet>,
}

/// `facets.json`: the number of records for each value.
pub fn facets(asked: &Asked, mut params: Params) -> Made {
    let dataset = &asked.dataset;
    let release = &dataset.release;
    let language = params.take_language("lang")?.unwrap_or_default();
    let of = params.take_facets(release)?;
    // Facets count records, whatever the grouping and the measure.
    let (query, _) = asked.question(params, &["of", "lang"])?;
    let facets = of
        .iter()
        .map(|&of| Ok(present::facets(of, release, &dataset.facets(&query, of)?, language)))
        .collect::<Result<_, Problem>>()?;
    json(&Facets { dataset: release.dataset(), release: release.id().as_str(), facets })
}

/// `trend.json`: the development of an answer over time.
pub fn trend_json(asked: &Asked, params: Params) -> Made {
    let (query, language) = asked.question(params, &["lang"])?;
    json(&trend::trend(&asked.dataset, &query, language)?)
}

/// `movers.json`: what grew or shrank most between two periods.
pub fn movers_json(asked: &Asked, params: Params) -> Made {
    json(&compared(asked, params)?.0)
}

/// `movers.csv`: the same as `movers.json`, as a table.
pub fn movers_csv(asked: &Asked, params: Params) -> Made {
    let (told, of) = compared(asked, params)?;
    let rows = told.rows.len() + told.not_comparable.len();
    Ok(Body::from(moved::csv(&told, of)).with_rows(rows).into())
}

fn compared(asked: &Asked, mut params: Params) -> Result<(MoversTold, Dimension), Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let question = Question::take(&mut params, &dataset.release)?;
    params.finish_with(&names(MOVERS))?;
    let found = movers(dataset, &question)?;
    Ok((moved::movers(&question, &dataset.release, &found, language), question.of))
}

/// Returns the codebook of the dataset, or of one answer if the query has a question.
pub fn codebook(asked: &Asked, mut params: Params) -> Result<Codebook, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    if params.is_empty() {
        return Ok(Codebook::of(dataset, language)?);
    }
    let Answered { query, published, .. } = asked.answer(params, &["lang"])?;
    Ok(Codebook::of_answer(&query, &dataset.release, &published, language))
}

/// `codebook.csv`: the meaning of columns and codes, as a table.
pub fn codebook_csv(asked: &Asked, params: Params) -> Made {
    Ok(codebook::csv(&codebook(asked, params)?).into())
}

/// `manifest.json`: the contents of the release.
pub fn manifest(asked: &Asked, params: Params) -> Made {
    params.finish_with(&[])?;
    Ok(asked.dataset.release.manifest().to_json().into())
}

fn json(told: &impl Serialize) -> Made {
    Ok(serde_json::to_vec(told).expect("an answer has only strings, finite numbers and lists").into())
}

fn table(file: Vec<u8>, published: &Published) -> Made {
    let plan = Some(published.plan().to_owned());
    Ok(Output { body: Body::from(file).with_rows(published.rows()), plan })
}
