//! `citation.{txt,bib,ris,json}`: how an answer is cited.

use super::Asked;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::present::citation::Citation;
use crate::query::Params;

/// Makes the citation as a sentence.
pub fn text(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(cited(asked, params)?.to_text().into_bytes().into())
}

/// Makes the citation for BibTeX and biblatex.
pub fn bibtex(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(cited(asked, params)?.to_bibtex().into_bytes().into())
}

/// Makes the citation in RIS.
pub fn ris(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(cited(asked, params)?.to_ris().into_bytes().into())
}

/// Makes the citation as CSL-JSON.
pub fn csl(asked: &Asked, params: Params) -> Result<Body, Problem> {
    Ok(cited(asked, params)?.to_csl().into())
}

fn cited(asked: &Asked, mut params: Params) -> Result<Citation, Problem> {
    let dataset = &asked.dataset;
    let language = params.take_language("lang")?.unwrap_or_default();
    let query = params.take_query(&dataset.release)?;
    params.finish(&["lang"])?;
    let published = dataset.ask(&query)?;
    Ok(Citation::of(dataset, &query, &published, language, &asked.base))
}
