//! What a description of the API is about: all datasets, or one.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::Dimension;
use crate::domain::parameters::{Parameter, Values};
use crate::explorer::example;
use crate::query::{Params, short};

/// What a description is about.
pub struct Scope<'a> {
    /// Everything that is served.
    pub catalog: &'a Catalog,
    /// The datasets described.
    pub datasets: Vec<&'a Arc<Dataset>>,
    /// The dataset, where it is one alone: it then stands in the addresses.
    pub one: Option<&'a str>,
    /// A statute that the first of them has figures on.
    pub statute: Option<String>,
    /// The short address of a question that the first of them has an answer to.
    pub code: Option<String>,
}

impl<'a> Scope<'a> {
    /// The scope of one dataset, or of all.
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

    /// The dimensions of the datasets, each once.
    pub fn dimensions(&self) -> Vec<Dimension> {
        let has = |dimension: &Dimension| {
            self.datasets.iter().any(|dataset| dataset.release.askable().contains(dimension))
        };
        Dimension::ALL.into_iter().filter(has).collect()
    }

    /// Whether some of the datasets bring populations.
    pub fn has_populations(&self) -> bool {
        self.datasets.iter().any(|dataset| !dataset.release.populations().is_empty())
    }

    /// The first and the last year that the first dataset has figures of on the statute; two years in any case.
    fn years(&self) -> Option<(i32, i32)> {
        let id = self.datasets.first()?.release.dataset();
        let covered = self.catalog.coverage(self.statute.as_deref()?);
        let (first, last) = covered.iter().find(|coverage| coverage.dataset == id)?.years?;
        Some((first.min(last - 1), last))
    }

    /// The releases of the one dataset that are not withdrawn.
    pub fn releases(&self) -> Vec<&str> {
        let all = self.one.and_then(|one| self.catalog.releases(one).ok()).unwrap_or_default();
        let live = all.iter().filter(|listed| listed.entry.withdrawn.is_none());
        live.map(|listed| listed.entry.id.as_str()).collect()
    }

    /// A value to try a parameter with: together they make a question that has an answer.
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
