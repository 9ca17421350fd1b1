//! `chargesheet coverage`: how much there is of each country, as a table in Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use super::print;
use crate::answer::{Dataset, records};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Period};
use crate::ingest::Figure;

/// The head of the table.
const HEAD: &str = "| country | dataset | statutes | records | years | of calendar years | other periods | running totals | \
                    stocks | of a part of the country |\n|---|---|---|---|---|---|---|---|---|---|\n";

/// What a dataset has of one country.
#[derive(Default)]
struct Country {
    statutes: BTreeSet<u16>,
    years: BTreeSet<i32>,
    records: u64,
    of_years: u64,
    /// Figures of other periods: flows, running totals, stocks.
    of_spans: [u64; 3],
    of_parts: u64,
}

impl Country {
    fn add(&mut self, statute: u16, year: Option<i32>) {
        self.statutes.insert(statute);
        self.records += 1;
        self.years.extend(year);
        self.of_years += u64::from(year.is_some());
    }

    fn add_figure(&mut self, figure: &Figure) {
        self.add(figure.statute, figure.span.year());
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
/// When the records cannot be read.
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
    let records = records(dataset).map_err(|error| error.to_string())?;
    let mut found: BTreeMap<String, Country> = BTreeMap::new();
    let name = |number: u8| release.label(Dimension::Country, number.into(), Language::ENGLISH).to_owned();
    for figure in records.figures() {
        found.entry(name(figure.country)).or_default().add_figure(figure);
    }
    if let Some(charges) = records.charges() {
        for (place, &country) in charges.country.iter().enumerate() {
            let year = Period::unpacked(charges.charged[place]).map(Period::year);
            found.entry(name(country)).or_default().add(charges.statute[place], year);
        }
    }
    Ok(found)
}
