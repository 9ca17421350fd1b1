//! Where the charges of a release in parts lie, and whether the cluster sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cluster::{ClusterError, Connection, Rows};
use crate::release::{FOLDER, Part, Parts};

/// How long a list of the files holds. No question asks for it again meanwhile.
const HOLDS: Duration = Duration::from_secs(60);

/// What the cluster has told of the files.
#[derive(Debug, Default)]
struct Seen {
    /// When each file was last changed, as the first list said.
    changed: Option<BTreeMap<String, i64>>,
    /// When a list was last asked for and was right.
    right: Option<Instant>,
}

/// Where the charges of a release in parts lie.
#[derive(Debug)]
pub struct Place {
    /// The folder or file, as the cluster reads it.
    pub charges: String,
    /// The names of their columns.
    pub columns: Vec<String>,
    /// The files in it: the name, the bytes and the rows of each.
    pub files: Vec<(String, u64, u64)>,
    seen: Mutex<Seen>,
}

impl Place {
    /// Finds the charges of a release in a folder, whose path without links must be the same on every machine of the cluster.
    pub fn of(folder: &Path, parts: &Parts) -> Self {
        let whole = folder.canonicalize().unwrap_or_else(|_no_path| folder.to_owned());
        let name = |part: &Part| part.name.rsplit('/').next().unwrap_or_default().to_owned();
        let files = parts.parts.iter().map(|part| (name(part), part.bytes, part.rows)).collect();
        Self::with(format!("file://{}", whole.join(FOLDER).display()), parts.columns.clone(), files)
    }

    /// Makes a place of files with these columns: the name, the bytes and the rows of each.
    pub fn with(charges: String, columns: Vec<String>, files: Vec<(String, u64, u64)>) -> Self {
        Self { charges, columns, files, seen: Mutex::default() }
    }

    /// Whether no charge lies there. Spark cannot read a folder without a file.
    pub fn is_empty(&self) -> bool {
        self.files.iter().all(|(_, _, rows)| *rows == 0)
    }

    /// Holds the files that the cluster lists by a statement against those of the release, once a minute.
    ///
    /// # Errors
    /// When one is missing, is another one or was written anew, or there is one more; or the cluster does not answer.
    pub fn hold(&self, list: &str, connection: &Connection, most: Duration) -> Result<(), ClusterError> {
        let own = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if own().right.is_some_and(|right| right.elapsed() < HOLDS) {
            return Ok(());
        }
        let asked = Instant::now();
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
        let mut own = own();
        let before = own.changed.get_or_insert_with(|| now.clone());
        match now.iter().find(|(name, changed)| before.get(*name) != Some(changed)) {
            Some((name, _)) => wrong(format!("the part {name} was written anew while it was served")),
            None => {
                own.right = Some(asked);
                Ok(())
            }
        }
    }
}
