//! The changes between two releases: the service's list, and the same changes counted again from the figures.

use std::collections::{BTreeMap, BTreeSet};

use crate::packages::Package;
use crate::service::Service;
use crate::store::Store;
use crate::table::Table;

/// A service of a store that has several releases of one dataset.
pub struct Served {
    /// The id of the dataset.
    pub dataset: String,
    /// The ids of the releases, the oldest first.
    pub ids: Vec<String>,
    /// The service of the store.
    pub service: Service,
    /// The store.
    pub store: Store,
}

impl Served {
    /// Publishes packages of one dataset into a new store, and serves the store.
    pub fn with(name: &str, packages: &[Package]) -> Self {
        let store = Store::empty(name);
        let ids = packages.iter().map(|package| store.add(package)).collect();
        let dataset = packages.first().map_or("", Package::dataset).to_owned();
        Self { dataset, ids, service: store.serve(), store }
    }

    /// Returns the path of a file of the dataset.
    pub fn path(&self, file: &str) -> String {
        format!("/v1/datasets/{}/{file}", self.dataset)
    }

    /// Requests the changes between the first two releases.
    pub fn changes(&self) -> Changes {
        Changes::of(self, &self.ids[0], &self.ids[1])
    }
}

/// A line of a list of changes, without its key: the kind of change, before, after, difference.
pub type Line = (String, Option<i128>, Option<i128>, i128);

/// The changes between two releases, as the service lists them.
#[derive(Debug)]
pub struct Changes {
    /// The lines, by codes and measure.
    pub lines: BTreeMap<Vec<String>, Line>,
    /// Before, after and difference, by measure.
    pub totals: BTreeMap<String, (i128, i128, i128)>,
    /// The list as CSV.
    pub table: Table,
}

impl Changes {
    /// Requests the list as JSON and as CSV, which must say the same.
    ///
    /// # Panics
    /// When the two forms differ, or a cell is listed twice.
    pub fn of(served: &Served, from: &str, to: &str) -> Self {
        let query = format!("from={from}&to={to}");
        let table = Table::parse(&served.service.text(&served.path(&format!("changes.csv?{query}"))));
        let json = served.service.json(&served.path(&format!("changes.json?{query}")));
        assert_eq!((&json["from"]["release"], &json["to"]["release"]), (&from.into(), &to.into()));
        let keys = key_columns(&table);
        let number = |text: &str| (!text.is_empty()).then(|| text.parse().expect("a number"));
        let mut lines = BTreeMap::new();
        let objects = json["changes"].as_array().expect("a list of changes");
        assert_eq!(objects.len(), table.rows.len());
        for (row, object) in table.rows.iter().zip(objects) {
            let cell = |name: &str| row[table.column(name)].as_str();
            for name in &keys {
                assert_eq!(object[name].as_str().unwrap_or_default(), cell(name), "{name} of {object}");
            }
            assert_eq!(object["change"], cell("change"));
            for side in ["before", "after"] {
                let value = object[side]["value"].as_i64().map(i128::from);
                assert_eq!(value, number(cell(side)), "{side} of {object}");
            }
            assert_eq!(object["difference"].as_i64().map(i128::from), number(cell("difference")));
            let key = keys.iter().map(|name| cell(name).to_owned()).collect();
            let difference = number(cell("difference")).expect("there is a difference");
            let line = (cell("change").to_owned(), number(cell("before")), number(cell("after")), difference);
            assert!(lines.insert(key, line).is_none(), "twice: {row:?}");
        }
        let whole = |value: &serde_json::Value| i128::from(value.as_i64().expect("a whole number"));
        let totals = json["totals"].as_array().expect("a list of totals").iter().map(|total| {
            let measure = total["measure"].as_str().unwrap_or_default().to_owned();
            (measure, (whole(&total["before"]), whole(&total["after"]), whole(&total["difference"])))
        });
        Self { lines, totals: totals.collect(), table }
    }

    /// Fails when the differences of the cells do not add up to the differences of the totals.
    ///
    /// # Panics
    /// When they do not add up.
    pub fn assert_adds_up(&self) {
        let mut sums: BTreeMap<String, i128> = self.totals.keys().map(|name| (name.clone(), 0)).collect();
        for (key, (_, _, _, difference)) in &self.lines {
            *sums.get_mut(&key[key.len() - 1]).expect("every measure has a total") += difference;
        }
        for (measure, (before, after, difference)) in &self.totals {
            assert_eq!(after - before, *difference, "{measure}");
            assert_eq!(sums[measure], *difference, "{measure}");
        }
    }

    /// Counts the changes between the first two releases again, from the finest table of each release, and compares them with
    /// the service's list.
    ///
    /// # Panics
    /// When the lists differ.
    pub fn assert_recounted(&self, served: &Served, measures: &[&str]) {
        let mut dimensions = key_columns(&self.table);
        dimensions.pop();
        let sides = [0, 1].map(|place| finest(served, &served.ids[place], &dimensions, measures));
        let keys: BTreeSet<&Vec<String>> = sides.iter().flat_map(BTreeMap::keys).collect();
        let mut expected = BTreeMap::new();
        for key in keys {
            let (before, after) = (sides[0].get(key).copied(), sides[1].get(key).copied());
            let change = match (before, after) {
                (None, _) => "added",
                (_, None) => "removed",
                _ if before != after => "changed",
                _ => continue,
            };
            let difference = after.unwrap_or(0) - before.unwrap_or(0);
            expected.insert(key.clone(), (change.to_owned(), before, after, difference));
        }
        assert_eq!(self.lines, expected);
        for measure in measures {
            let sum = |side: &BTreeMap<Vec<String>, i128>| -> i128 {
                side.iter()
                    .filter(|(key, _)| key.last().is_some_and(|own| own == measure))
                    .map(|(_, value)| value)
                    .sum()
            };
            let (before, after) = (sum(&sides[0]), sum(&sides[1]));
            assert_eq!(self.totals[*measure], (before, after, after - before), "{measure}");
        }
    }
}

/// Returns the columns that identify a cell: the dimensions and the measure.
fn key_columns(table: &Table) -> Vec<String> {
    let end = table.column("measure");
    assert_eq!(table.column("change"), 0);
    table.header[1..=end].to_vec()
}

/// Returns the finest table of a release from the service: the figure, by codes and measure.
fn finest(
    served: &Served,
    id: &str,
    dimensions: &[String],
    measures: &[&str],
) -> BTreeMap<Vec<String>, i128> {
    let described = served.service.json(&served.path(&format!("releases/{id}")));
    let own: Vec<&str> = described["dimensions"]
        .as_array()
        .expect("a list of dimensions")
        .iter()
        .filter_map(|dimension| dimension["name"].as_str())
        .collect();
    let query = format!("by={}&measure={}", own.join(","), measures.join(","));
    let table =
        Table::parse(&served.service.text(&served.path(&format!("releases/{id}/aggregate.csv?{query}"))));
    let mut cells = BTreeMap::new();
    for row in &table.rows {
        for measure in measures {
            let Ok(value) = row[table.column(measure)].parse() else { continue };
            let code = |name: &String| own.contains(&name.as_str()).then(|| row[table.column(name)].clone());
            let mut key: Vec<String> = dimensions.iter().map(|name| code(name).unwrap_or_default()).collect();
            key.push((*measure).to_owned());
            assert!(cells.insert(key, value).is_none(), "a finest table has each cell once");
        }
    }
    cells
}
