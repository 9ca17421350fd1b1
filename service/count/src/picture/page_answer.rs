//! The answer as pages show it.

use chargesheet_widget::wire::Answer;

use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::ingest::Records;
use crate::present::texts::{Texts, fill};
use crate::present::wire;
use crate::query::Query;

/// Returns an answer for pages, with the caveat on shares whose parts overlap. `aggregate.json` lacks this caveat, because the
/// answers at its pinned addresses must not change.
///
/// # Errors
/// As [`Dataset::ask`].
pub fn page_answer(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let mut answer = wire(dataset, query, published, language, base)?;
    answer.caveats.extend(overlap(dataset, query, published, Texts::of(language))?);
    Ok(answer)
}

/// Returns the caveat on shares whose parts overlap: a person with two outcomes is counted in both.
fn overlap(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    texts: &Texts,
) -> Result<Option<String>, AnswerError> {
    let Some(shared) = query.share.filter(|_| matches!(dataset.release.records(), Records::Charges(_)))
    else {
        return Ok(None);
    };
    let by = query.by.iter().copied().filter(|&dimension| dimension != shared).collect();
    let measures = query.measures[..1].to_vec();
    let whole = dataset.ask(&Query { by, measures, share: None, rate: false, ..query.clone() })?;
    let dimension = texts.dimension(shared).to_lowercase();
    let (parts, whole) = (published.sum(0), whole.sum(0));
    Ok((parts.is_ok() && whole.is_ok() && parts > whole)
        .then(|| fill(&texts.share_overlap, &[("dimension", &dimension)])))
}
