//! The scope of a description of the API: all datasets, or one.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::Dimension;
use crate::domain::parameters::{Parameter, Values};
use crate::explorer::example;
use crate::query::{Params, short};

/// The scope of a description of the API.
pub struct Scope<'a> {
    /// The catalog that is served.
    pub catalog: &'a Catalog,
    /// The datasets described.
    pub datasets: Vec<&'a Arc<Dataset>>,
    /// The id of the dataset, if the scope is a single one. The paths then contain this id.
    pub one: Option<&'a str>,
    /// A statute on which the first dataset has figures.
    pub statute: Option<String>,
    /// The short address of a question that the first dataset can answer.
    pub code: Option<String>,
}

impl<'a> Scope<'a> {
    /// Makes the scope of one dataset, or of all.
    pub fn of(catalog: &'a Catalog, one: Option<&'a Arc<Dataset>>) -> Self {
        let datasets = one.map_or_else(|| catalog.datasets().collect(), |one| vec![one]);
        let first = datasets.first();
        let statute = first.and_then(|dataset| example::statute(catalog, dataset)).map(str::to_owned);
        let code = first.and_then(|dataset| {
            let mut asked = Params::parse(&example::query(catalog, dataset)).ok()?;
            short(&asked.take_query(&dataset.release).ok()?, &dataset.release, None)
        });
        Self { catalog, datasets, one: one.map(|one| one.release.dataset()), statute, code }
    }

    /// Returns the dimensions of the datasets, each once.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let has = |dimension: &Dimension| {
            self.datasets.iter().any(|dataset| dataset.release.askable().contains(dimension))
        };
        Dimension::ALL.into_iter().filter(has).collect()
    }

    /// Whether any of the datasets has populations.
    pub fn has_populations(&self) -> bool {
        self.datasets.iter().any(|dataset| !dataset.release.populations().is_empty())
    }

    /// Returns the first and the last year of the first dataset's figures on the statute. If there is a single year, the year
    /// before it comes first, so that there are always two.
    fn years(&self) -> Option<(i32, i32)> {
        let id = self.datasets.first()?.release.dataset();
        let covered = self.catalog.coverage(self.statute.as_deref()?);
        let (first, last) = covered.iter().find(|coverage| coverage.dataset == id)?.years?;
        Some((first.min(last - 1), last))
    }

    /// Returns the releases of the single dataset that are not withdrawn.
    pub fn releases(&self) -> Vec<&str> {
        let all = self.one.and_then(|one| self.catalog.releases(one).ok()).unwrap_or_default();
        let live = all.iter().filter(|listed| listed.entry.withdrawn.is_none());
        live.map(|listed| listed.entry.id.as_str()).collect()
    }

    /// Returns an example value for a parameter. The examples together make a question that has an answer.
    pub fn example(&self, parameter: &Parameter) -> Option<Value> {
        match parameter.name {
            "by" => Some(json!(["year", "outcome"])),
            "of" if parameter.values == Values::Compared => Some("outcome".into()),
            "of" => Some(json!(["outcome", "year"])),
            "before" => self.years().map(|(first, _)| format!("{first:04}").into()),
            "after" => self.years().map(|(_, last)| format!("{last:04}").into()),
            "statute" => self.statute.as_ref().map(|statute| json!([statute])),
            "dataset" => self.datasets.first().map(|dataset| dataset.release.dataset().into()),
            _ => None,
        }
    }
}
