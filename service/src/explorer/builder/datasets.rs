//! The datasets of the builder: each is offered, or comes with the reason why the same choices lead to no chart there.

use chargesheet_count::picture::Picture;

use super::super::choices::{Judge, Offer};
use super::state::State;
use super::statutes::group;
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language};
use crate::present::refusal::{told, told_cause};
use crate::query::{Cause, Params, QueryError};

/// The chart of a state, or why there is none; and why the chosen kind cannot be drawn.
type Led = (Result<Picture, QueryError>, Option<QueryError>);

/// Completes a question where its state leaves something open, and draws it; `None` where nothing is chosen yet.
///
/// # Errors
/// On a bug.
pub fn lead(
    catalog: &Catalog,
    judge: &mut Judge<'_>,
    state: &mut State,
    is_grouped: bool,
) -> Result<Option<Led>, AnswerError> {
    if !is_grouped {
        group(catalog, judge.dataset, state);
        if state.query.keep.is_empty() {
            return Ok(None);
        }
    }
    state.query = if state.is_measured {
        judge.settled(&state.query)?
    } else {
        judge.measured(&state.query, &state.form.shape)?
    };
    judge.best(&state.query, &state.form.shape).map(Some)
}

/// Returns the datasets. `asked` is what the form says, as a query, once something is chosen.
pub fn datasets(
    catalog: &Catalog,
    state: &State,
    asked: Option<&str>,
    base: &str,
    language: Language,
) -> Vec<Offer> {
    let offer = |dataset: &std::sync::Arc<Dataset>| {
        let (id, titles) = (dataset.release.dataset(), dataset.release.descriptor().titles());
        let offer = Offer::free(id, titles.get(language), id == state.dataset);
        let asked = asked.filter(|_| !offer.chosen);
        let why = asked.map_or(String::new(), |asked| why(catalog, dataset, asked, base, language));
        Offer { why, ..offer }
    };
    catalog.datasets().map(offer).collect()
}

/// Returns why a query leads to no chart of another dataset; an empty text where it leads to one.
fn why(catalog: &Catalog, dataset: &Dataset, asked: &str, base: &str, language: Language) -> String {
    let nothing = || told_cause(&Cause::NoFigures, language);
    let Ok(mut params) = Params::parse(asked) else { return String::new() };
    let is_of_statutes = params.peek("statute").is_some();
    params.set("dataset", dataset.release.dataset());
    let (mut state, left) = match State::read(params, catalog, language) {
        Ok(read) => read,
        Err(refused) => return told(&refused, language),
    };
    // A chart of everything else is not what was chosen.
    if is_of_statutes && !state.query.keep.contains_key(&Dimension::Statute) {
        return nothing();
    }
    match lead(catalog, &mut Judge::new(dataset, base), &mut state, left.is_grouped) {
        Ok(None) => nothing(),
        Ok(Some((Err(refused), _))) => told(&refused, language),
        // Where it cannot answer now, only who chooses it is told.
        Ok(Some(_)) | Err(_) => String::new(),
    }
}
