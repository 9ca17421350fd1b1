//! Where the charges of a release in parts lie, and whether the cluster sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::cluster::{ClusterError, Connection, Rows};
use crate::release::{FOLDER, Part, Parts};

/// Where the charges of a release in parts lie.
#[derive(Debug)]
pub struct Place {
    /// The folder or file, as the cluster reads it.
    pub charges: String,
    /// The names of their columns.
    pub columns: Vec<String>,
    /// The files in it: the name, the bytes and the rows of each.
    pub files: Vec<(String, u64, u64)>,
    /// When each file was last changed, once the cluster has listed them.
    changed: Mutex<Option<BTreeMap<String, i64>>>,
}

impl Place {
    /// Finds the charges of a release in a folder, whose path must be the same on every machine of the cluster.
    pub fn of(folder: &Path, parts: &Parts) -> Self {
        let whole = std::path::absolute(folder).unwrap_or_else(|_no_path| folder.to_owned());
        let name = |part: &Part| part.name.rsplit('/').next().unwrap_or_default().to_owned();
        let files = parts.parts.iter().map(|part| (name(part), part.bytes, part.rows)).collect();
        Self::with(format!("file://{}", whole.join(FOLDER).display()), parts.columns.clone(), files)
    }

    /// Makes a place of files with these columns: the name, the bytes and the rows of each.
    pub fn with(charges: String, columns: Vec<String>, files: Vec<(String, u64, u64)>) -> Self {
        Self { charges, columns, files, changed: Mutex::default() }
    }

    /// Holds the files that the cluster lists by a statement against those of the release.
    ///
    /// # Errors
    /// When one is missing, is another one or was written anew, or there is one more; or the cluster does not answer.
    pub fn hold(&self, list: &str, connection: &Connection, most: Duration) -> Result<(), ClusterError> {
        let rows = Rows::from(connection.ask(list, most)?);
        let [bytes, changed, counted] = [1, 2, 3].map(|column| rows.numbers(column));
        let (bytes, changed, counted) = (bytes?, changed?, counted?);
        let mut seen = BTreeMap::new();
        for (place, name) in rows.texts(0)?.enumerate() {
            let numbers = (bytes[place], counted[place], changed[place]);
            seen.insert(name.unwrap_or_default().to_owned(), numbers);
        }
        let wrong = |what: String| Err(ClusterError::NotWhole { what });
        // A file without rows is not listed.
        for (name, bytes, rows) in self.files.iter().filter(|(_, _, rows)| *rows > 0) {
            let number = |number: u64| i64::try_from(number).ok();
            match seen.get(name) {
                None => return wrong(format!("it does not see the part {name}")),
                Some((own, counted, _)) if *own != number(*bytes) || *counted != number(*rows) => {
                    let [own, counted] = [own, counted].map(|number| number.unwrap_or_default());
                    return wrong(format!(
                        "the part {name} has {counted} rows in {own} bytes, and not {rows} in {bytes}"
                    ));
                }
                Some(_) => {}
            }
        }
        let filled = self.files.iter().filter(|(_, _, rows)| *rows > 0);
        let named: BTreeSet<&String> = filled.map(|(name, ..)| name).collect();
        if let Some(name) = seen.keys().find(|name| !named.contains(name)) {
            return wrong(format!("it sees {name}, which is no part of the release"));
        }
        let now: BTreeMap<String, i64> =
            seen.into_iter().map(|(name, (_, _, changed))| (name, changed.unwrap_or_default())).collect();
        let mut before = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let before = before.get_or_insert_with(|| now.clone());
        match now.iter().find(|(name, changed)| before.get(*name) != Some(changed)) {
            Some((name, _)) => wrong(format!("the part {name} was written anew while it was served")),
            None => Ok(()),
        }
    }
}
