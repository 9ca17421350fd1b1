//! Whole tables of a dataset, in the groupings that most questions begin with.

use super::address::in_language;
use crate::answer::Dataset;
use crate::domain::{Dimension, Language};
use crate::present::titles;
use crate::query::Query;

/// A table without any filter.
pub struct Whole {
    /// What is counted, and by what.
    pub title: String,
    /// Its files: the name of the form, and the address.
    pub files: Vec<(&'static str, String)>,
}

/// The groupings, the finest first.
const GROUPINGS: [&[Dimension]; 7] = {
    use Dimension::{Category, Country, Outcome, Statute, Year};
    [
        &[Country, Statute, Outcome, Year],
        &[Country, Outcome, Year],
        &[Category, Country, Outcome],
        &[Statute, Outcome],
        &[Country, Outcome],
        &[Year, Outcome],
        &[Year],
    ]
};

/// The forms of a table.
const FORMS: [(&str, &str); 4] = [("CSV", "csv"), ("XLSX", "xlsx"), ("Parquet", "parquet"), ("ZIP", "zip")];

/// Returns the tables that a dataset can give without adding what may not be added. `api` is the path of the dataset, or
/// of one of its releases.
pub fn tables(dataset: &Dataset, api: &str, language: Language) -> Vec<Whole> {
    let release = &dataset.release;
    let measures = &release.descriptor().chargesheet.measures;
    let queries = GROUPINGS.iter().map(|by| Query::everything(by.to_vec(), measures.clone()));
    let answered = queries.filter(|query| dataset.may_ask(query));
    let whole = |query: Query| {
        let canonical = query.canonical(release);
        let file = |(name, ending)| {
            let address = format!("{api}/aggregate.{ending}?{canonical}");
            let has_words = matches!(ending, "xlsx" | "zip");
            (name, if has_words { in_language(&address, language) } else { address })
        };
        Whole { title: titles(&query, release, language).1, files: FORMS.map(file).into() }
    };
    answered.map(whole).collect()
}
