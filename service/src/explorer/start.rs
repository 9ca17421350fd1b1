//! What the start page shows before the list: one chart, and three findings.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::address::{asked, in_language, of_dataset, of_statute};
use super::chart::Chart;
use super::frame::PageError;
use super::statute::statute_chart;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language};
use crate::ingest::Records;
use crate::present::plain::plain;
use crate::present::{country_name, short_name_of};
use crate::query::Params;

/// How many findings there are.
const FINDINGS: usize = 3;

/// Width in which a wide page shows the chart, in pixels. A wider picture would be scaled down, and its words with it.
const BESIDE: u32 = 550;

/// Findings about the bundled figures, each with the figures that it tells.
const FILE: &str = include_str!("findings.json");

/// The chart of the start page.
pub struct First {
    pub chart: Chart,
    /// Heights of the wide and of the narrow picture, in pixels.
    pub heights: (u32, u32),
    /// Size of the picture beside the findings.
    pub beside: (u32, u32),
    pub alt: String,
    /// Address of the statute's page.
    pub address: String,
}

impl First {
    fn of(chart: Chart, address: String) -> Self {
        let heights = chart.heights();
        // Where it cannot be drawn so narrow, its place is as high as that of the wide picture.
        let beside = (BESIDE, chart.height_at(BESIDE).unwrap_or(heights.0));
        Self { heights, beside, alt: chart.alt(), address, chart }
    }
}

/// A finding in a sentence.
pub struct Finding {
    pub text: String,
    /// The statute's country and law, as the name of the link.
    pub name: String,
    pub address: String,
}

#[derive(Deserialize)]
struct Written {
    findings: Vec<WrittenFinding>,
}

#[derive(Deserialize)]
struct WrittenFinding {
    sentence: BTreeMap<String, String>,
    figures: Vec<WrittenFigure>,
}

#[derive(Deserialize)]
struct WrittenFigure {
    dataset: String,
    statute: String,
    outcome: String,
    measure: String,
    rule: String,
    period: String,
    value: u64,
}

impl WrittenFigure {
    /// Whether the catalog has the figure as it is told.
    fn is_there(&self, catalog: &Catalog) -> bool {
        let Some(dataset) = catalog.dataset(&self.dataset) else { return false };
        let release = &dataset.release;
        let Records::Figures { figures, .. } = release.records() else { return false };
        let code = release.register().code(&self.statute);
        figures.iter().any(|own| {
            Some(own.statute) == code
                && own.preferred
                && own.value == self.value
                && own.area.is_empty()
                && own.measure.name() == self.measure
                && own.rule == self.rule
                && own.span.to_string() == self.period
                && release.code(Dimension::Outcome, own.outcome.into()) == self.outcome
        })
    }
}

/// Returns the chart of the start page: the one that a package says, else that of the statute whose long series has the greatest
/// figure.
///
/// # Errors
/// On a bug.
pub fn first(catalog: &Catalog, base: &str, language: Language) -> Result<Option<First>, PageError> {
    // A release may not answer the question of its package; then another chart is shown.
    if let Some(said) = catalog.datasets().find_map(|dataset| said(dataset, base, language)) {
        return Ok(Some(said));
    }
    let Some(id) = striking(catalog) else { return Ok(None) };
    let chart = statute_chart(catalog, base, &id, &format!("lang={language}"))?;
    Ok(chart.map(|chart| First::of(chart, of_statute(&id, language))))
}

/// Returns the chart that a package says the start page shows first.
fn said(dataset: &Dataset, base: &str, language: Language) -> Option<First> {
    let start =
        Some(dataset.release.descriptor().chargesheet.start.as_str()).filter(|start| !start.is_empty())?;
    let params = Params::parse(&format!("{start}&lang={language}")).ok()?;
    let chart = Chart::read(dataset, false, params, base).ok()?;
    let address = match asked(&chart.answer.query, "statute") {
        Some(id) if !id.contains(',') => in_language(&format!("/statutes/{id}"), language),
        _ => in_language(&of_dataset("/datasets", dataset.release.dataset(), None), language),
    };
    Some(First::of(chart, address))
}

/// Fewest years of a series that is shown first where no package says which.
const LONG: usize = 8;

/// Returns the id of the statute whose long series has the greatest figure; where none is long, that of the longest.
fn striking(catalog: &Catalog) -> Option<String> {
    let most = |id: &str| {
        let long = catalog.coverage(id).iter().filter(|own| own.line.len() >= LONG);
        long.flat_map(|own| own.line.iter().map(|(_, value)| *value)).max()
    };
    let statutes = catalog.statutes();
    let best = statutes.iter().filter_map(|statute| Some((most(&statute.id)?, &statute.id)));
    let best = best.max_by_key(|(most, id)| (*most, std::cmp::Reverse(*id)));
    best.map(|(_, id)| id.clone()).or_else(|| longest(catalog).into_iter().next())
}

/// Returns the ids of the statutes with a series, the longest first.
fn longest(catalog: &Catalog) -> Vec<String> {
    let length = |id: &str| catalog.coverage(id).iter().map(|own| own.line.len()).max().unwrap_or_default();
    let mut all: Vec<(usize, &str)> =
        catalog.statutes().into_iter().map(|statute| (length(&statute.id), statute.id.as_str())).collect();
    all.retain(|(length, _)| *length > 0);
    all.sort_by_key(|(length, id)| (std::cmp::Reverse(*length), *id));
    all.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// Returns three findings: those that were written about the bundled figures, as far as the catalog has these figures and the language
/// is written, then the plain answers on the longest series.
///
/// # Errors
/// On a bug.
pub fn findings(catalog: &Catalog, language: Language) -> Result<Vec<Finding>, PageError> {
    static WRITTEN: LazyLock<Written> =
        LazyLock::new(|| serde_json::from_str(FILE).expect("the findings are compiled in and tested"));
    let mut found = Vec::new();
    let mut told: Vec<String> = Vec::new();
    let mut add = |id: &str, text: String, told: &mut Vec<String>| {
        let Some(statute) = catalog.statute(id).filter(|_| !told.iter().any(|own| own == id)) else { return };
        told.push(id.to_owned());
        let country = country_name(&statute.country, language);
        let name = format!("{country}, {}", short_name_of(statute, language));
        found.push(Finding { text, name, address: of_statute(id, language) });
    };
    for own in &WRITTEN.findings {
        let statute = own.figures.first().map(|figure| figure.statute.as_str());
        let is_true = own.figures.iter().all(|figure| figure.is_there(catalog));
        if let (Some(id), Some(text), true) = (statute, own.sentence.get(language.code()), is_true) {
            add(id, text.clone(), &mut told);
        }
    }
    for id in longest(catalog).iter().take(2 * FINDINGS) {
        if told.len() >= FINDINGS {
            break;
        }
        if let Some(statute) = catalog.statute(id) {
            add(id, plain(catalog, statute, language)?.used.text, &mut told);
        }
    }
    found.truncate(FINDINGS);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Bundled, Sources};

    #[test]
    fn every_finding_has_its_figures_and_every_language() {
        let sources = Sources::load(&[], Bundled::Served, None).unwrap();
        let catalog = sources.catalog(None).unwrap().0;
        let written: Written = serde_json::from_str(FILE).unwrap();
        assert_eq!(written.findings.len(), FINDINGS);
        for own in &written.findings {
            assert!(!own.figures.is_empty());
            for figure in &own.figures {
                assert!(figure.is_there(&catalog), "{} {} {}", figure.statute, figure.period, figure.value);
            }
            for language in Language::all().take(3) {
                assert!(own.sentence[language.code()].len() > 20);
            }
        }
        for language in Language::all() {
            assert_eq!(findings(&catalog, language).unwrap().len(), FINDINGS);
        }
    }

    #[test]
    fn without_figures_there_is_nothing_to_find() {
        let catalog = Catalog::default();
        assert!(findings(&catalog, Language::ENGLISH).unwrap().is_empty());
        assert!(first(&catalog, "", Language::ENGLISH).unwrap().is_none());
    }
}
