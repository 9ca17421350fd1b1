//! `chargesheet coverage`: how much there is of each country, as a table in Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use super::print;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::disclosure::protect_figures;
use crate::domain::{Dimension, Language, Measure};
use crate::ingest::{Figure, Records};
use crate::query::Query;

/// The head of the table.
const HEAD: &str = "| country | dataset | statutes | records | years | of calendar years | other periods | running totals | \
                    stocks | of a part of the country |\n|---|---|---|---|---|---|---|---|---|---|\n";

/// What a dataset has of one country.
#[derive(Default)]
struct Country {
    statutes: BTreeSet<u32>,
    years: BTreeSet<i32>,
    records: u64,
    of_years: u64,
    /// Figures of other periods: flows, running totals, stocks.
    of_spans: [u64; 3],
    of_parts: u64,
}

impl Country {
    fn add(&mut self, statute: u32, year: Option<i32>, records: u64) {
        self.statutes.insert(statute);
        self.records += records;
        self.years.extend(year);
        self.of_years += if year.is_some() { records } else { 0 };
    }

    fn add_figure(&mut self, figure: &Figure) {
        self.add(figure.statute.into(), figure.span.year(), 1);
        self.of_parts += u64::from(!figure.area.is_empty());
        if figure.span.year().is_none() {
            self.of_spans[figure.span.kind as usize] += 1;
        }
    }

    fn line(&self, country: &str, dataset: &str) -> String {
        let years = match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) if first < last => format!("{first}–{last}"),
            (Some(only), _) => only.to_string(),
            _ => String::new(),
        };
        let [flows, running, stocks] = self.of_spans;
        let numbers = [self.of_years, flows, running, stocks, self.of_parts];
        let numbers = numbers.map(|number| if number == 0 { String::new() } else { number.to_string() });
        format!(
            "| {country} | {dataset} | {} | {} | {years} | {} |\n",
            self.statutes.len(),
            self.records,
            numbers.join(" | ")
        )
    }
}

/// Prints how many records each dataset has of each country, and of which periods.
///
/// # Errors
/// When a dataset cannot be counted.
pub fn coverage(catalog: &Catalog) -> Result<ExitCode, String> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for dataset in catalog.datasets() {
        for (country, found) in of_dataset(dataset)? {
            let line = found.line(&country, dataset.release.dataset());
            lines.push((country, line));
        }
    }
    // Lines of one country stand together, in the order of the datasets.
    lines.sort_by(|left, right| left.0.cmp(&right.0));
    let table: String = lines.into_iter().map(|(_, line)| line).collect();
    print(format!("{HEAD}{table}").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns what a dataset has, by the name of the country.
fn of_dataset(dataset: &Dataset) -> Result<BTreeMap<String, Country>, String> {
    let release = &dataset.release;
    let mut found: BTreeMap<String, Country> = BTreeMap::new();
    let name = |number: u32| release.label(Dimension::Country, number, Language::ENGLISH).to_owned();
    if let Records::Figures { figures, .. } = release.records() {
        for figure in protect_figures(figures, release.disclosure()).figures() {
            found.entry(name(figure.country.into())).or_default().add_figure(figure);
        }
        return Ok(found);
    }
    // Counted, not read: the charges of a release in parts are not here.
    let by = vec![Dimension::Country, Dimension::Statute, Dimension::Year];
    let answer = dataset.ask(&Query::everything(by, vec![Measure::Charges]));
    let answer = answer.map_err(|error| format!("`{}`: {error}", release.dataset()))?;
    for row in answer.each_row() {
        let number = |column| answer.key(column, row).and_then(|key: i32| u32::try_from(key).ok());
        if let (Some(country), Some(statute), Ok(charges)) = (number(0), number(1), answer.cell(0, row)) {
            found.entry(name(country)).or_default().add(statute, answer.key(2, row), charges);
        }
    }
    Ok(found)
}
