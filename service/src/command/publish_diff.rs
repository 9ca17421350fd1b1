//! What publishing a package would change, against the newest release of its dataset.

use std::fmt::Write as _;

use serde_json::Value;

use super::check::read;
use crate::answer::opened;
use crate::domain::sorted;
use crate::ingest::{Records, Rules, printable};
use crate::package::Package;
use crate::present::changes::{Cell, Change, Changes};
use crate::release::{Release, Store};

/// Most records of a package that is compared. It is read a second time for that.
const MOST_RECORDS: u64 = 1_000_000;
/// Most cells that are named.
const NAMED: usize = 20;

/// The differences between a package and the newest release of its dataset.
#[derive(Debug)]
pub(super) struct Difference {
    /// The differences in words, a line for each. Empty where there is nothing to compare with.
    pub text: String,
    /// The release that the package would become, if it was made for the comparison.
    pub release: Option<String>,
}

/// Compares a package with a release of its dataset. What cannot be compared is said in a line.
pub(super) fn difference(
    store: &Store,
    before: Option<&str>,
    package: &Package,
    rules: &Rules,
    records: &Records,
) -> Difference {
    let dataset = &package.descriptor.name;
    let count = match records {
        Records::Charges(charges) => charges.len() as u64,
        Records::Figures { figures, .. } => figures.len() as u64,
    };
    let Some(before) = before else { return Difference { text: String::new(), release: None } };
    if count > MOST_RECORDS {
        let text = format!("  {count} records are too many to compare them with {before}\n");
        return Difference { text, release: None };
    }
    let compared = || -> Result<Difference, String> {
        let (ingested, _) = read(package, rules).map_err(|error| error.to_string())?;
        let after = Release::seal(ingested);
        let release = Some(after.id().to_string());
        if release.as_deref() == Some(before) {
            return Ok(Difference { text: String::new(), release });
        }
        let old = store.load(dataset, before).map_err(|error| error.to_string())?;
        Ok(Difference { text: words(old, after)?, release })
    };
    compared().unwrap_or_else(|error| {
        let text = format!("  nothing is compared with {before}: {}\n", printable(&error));
        Difference { text, release: None }
    })
}

/// Returns the differences of two releases in words.
fn words(old: Release, new: Release) -> Result<String, String> {
    let mut text = String::new();
    let (before, after) = (old.manifest().records(), new.manifest().records());
    let _ = writeln!(text, "  {} -> {}: {before} -> {after} records", old.id(), new.id());
    let tables = |release: &Release| -> Vec<(String, String)> {
        let tables = release.manifest().tables().iter();
        tables.map(|table| (table.name.clone(), table.sha256.clone())).collect()
    };
    list(&mut text, "tables that differ", differing(&tables(&old), &tables(&new)));
    let properties = |release: &Release| {
        properties(&serde_json::to_value(release.manifest().descriptor()).unwrap_or_default())
    };
    list(&mut text, "properties that differ", differing(&properties(&old), &properties(&new)));
    let [old, new] = [old, new].map(|release| opened(release).map_err(|error| error.to_string()));
    let changes = Changes::between(&old?, &new?).map_err(|error| error.to_string())?;
    let of = |change| changes.cells.iter().filter(|cell| cell.change == change).count();
    let [added, changed, removed] = [Change::Added, Change::Changed, Change::Removed].map(of);
    let _ = writeln!(text, "  {added} figures added, {changed} changed, {removed} removed");
    for cell in changes.cells.iter().take(NAMED) {
        let _ = writeln!(text, "    {}", row(cell));
    }
    if changes.cells.len() > NAMED {
        let _ = writeln!(text, "    and {} more", changes.cells.len() - NAMED);
    }
    Ok(text)
}

/// Returns a cell in a line: its codes, the measure, and the figure before and after.
fn row(cell: &Cell) -> String {
    let codes = cell.key.iter().filter(|code| !code.is_empty()).map(|code| printable(code));
    let codes = codes.collect::<Vec<_>>().join(" ");
    let [before, after] = [cell.before, cell.after]
        .map(|content| content.map_or_else(|| "none".to_owned(), |content| content.value.to_string()));
    let is_same = before == after;
    let figures =
        if is_same { format!("{before}, with another status") } else { format!("{before} -> {after}") };
    format!("{codes} {}: {figures}", cell.measure.name())
}

/// Returns the properties of a descriptor, those of objects by their path.
fn properties(descriptor: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, value) in descriptor.as_object().into_iter().flatten() {
        match value.as_object().filter(|_| name == "chargesheet") {
            Some(own) => {
                all.extend(own.iter().map(|(inner, value)| (format!("{name}.{inner}"), value.to_string())))
            }
            None => all.push((name.clone(), value.to_string())),
        }
    }
    all
}

/// Returns the names that are on one side only, or with something else on the other, in byte order.
fn differing(old: &[(String, String)], new: &[(String, String)]) -> Vec<String> {
    let only = |these: &[(String, String)], others: &[(String, String)]| -> Vec<String> {
        these.iter().filter(|own| !others.contains(own)).map(|(name, _)| name.clone()).collect()
    };
    sorted([only(old, new), only(new, old)].concat())
}

fn list(text: &mut String, what: &str, names: Vec<String>) {
    if !names.is_empty() {
        let _ = writeln!(text, "  {what}: {}", names.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_once() {
        let side = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (old, new) =
            (side(&[("a", "1"), ("b", "1"), ("c", "1")]), side(&[("a", "1"), ("b", "2"), ("d", "1")]));
        assert_eq!(differing(&old, &new), ["b", "c", "d"]);
        let descriptor = serde_json::json!({ "title": "A", "chargesheet": { "kind": "reported" } });
        let names: Vec<String> = properties(&descriptor).into_iter().map(|(name, _)| name).collect();
        assert!(
            names.contains(&"title".to_owned()) && names.contains(&"chargesheet.kind".to_owned()),
            "{names:?}"
        );
    }

    #[test]
    fn two_releases_are_compared_in_words() {
        let of = |package| {
            let (ingested, _) = read(&Package::bundled(package).unwrap(), &Rules::of_any_day()).unwrap();
            Release::seal(ingested)
        };
        let newest =
            chargesheet_data::PACKAGES.iter().find(|package| package.name == "reported-figures").unwrap();
        let earlier = chargesheet_data::EARLIER.iter().find(|package| package.name == newest.name).unwrap();
        let text = words(of(earlier), of(newest)).unwrap();
        let mut lines = text.lines();
        assert!(
            lines.next().is_some_and(|line| line.contains(" -> ") && line.ends_with(" records")),
            "{text}"
        );
        assert!(text.contains("tables that differ: counts") || text.contains(", counts"), "{text}");
        assert!(text.contains(" figures added, ") && text.lines().count() <= 4 + NAMED + 1, "{text}");
    }
}
