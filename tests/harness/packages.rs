//! Small made-up data packages, which are taken from `cases/`, changed in memory, and written into a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{case, empty_folder, ticket};

/// A data package that is not yet written.
#[derive(Debug, Clone)]
pub struct Package {
    /// The content of `datapackage.json`.
    pub descriptor: Value,
    /// The tables, by file name.
    pub tables: BTreeMap<String, String>,
    /// The file name of the table of records.
    records: &'static str,
}

impl Package {
    /// Returns a package of single cases: `example-cases`, with the columns of `cases/good-cases`.
    pub fn cases() -> Self {
        Self::of("good-cases", "charges.csv")
    }

    /// Returns a package of reported figures: `example-figures`, with the columns of `cases/good-figures`.
    pub fn figures() -> Self {
        Self::of("good-figures", "counts.csv")
    }

    fn of(name: &str, records: &'static str) -> Self {
        let mut descriptor = Value::Null;
        let mut tables = BTreeMap::new();
        for entry in std::fs::read_dir(case(name)).expect("the case is there") {
            let path = entry.expect("the case can be read").path();
            let text = std::fs::read_to_string(&path).expect("the case can be read");
            match path.file_name().map(|name| name.to_string_lossy().into_owned()) {
                Some(name) if name == "datapackage.json" => {
                    descriptor = serde_json::from_str(&text).expect("the descriptor is JSON");
                }
                Some(name) => _ = tables.insert(name, text),
                None => {}
            }
        }
        Self { descriptor, tables, records }
    }

    /// Sets the version of the package.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        self.saying("version", version)
    }

    /// Sets the day on which the package was made, `YYYY-MM-DD`.
    #[must_use]
    pub fn created(self, day: &str) -> Self {
        self.saying("created", &format!("{day}T00:00:00Z"))
    }

    /// Sets a text in the descriptor.
    #[must_use]
    pub fn saying(mut self, member: &str, text: &str) -> Self {
        self.descriptor[member] = json!(text);
        self
    }

    /// Replaces the records by these lines; the header stays.
    #[must_use]
    pub fn rows<T: AsRef<str>>(mut self, rows: impl IntoIterator<Item = T>) -> Self {
        let table = self.records_mut();
        let mut text = table.lines().next().unwrap_or_default().to_owned();
        text.push('\n');
        for row in rows {
            text.push_str(row.as_ref());
            text.push('\n');
        }
        *table = text;
        self
    }

    /// Gives the package this many charges, each of another person in another case. Releases are told apart by this count.
    #[must_use]
    pub fn with_charges(self, number: usize) -> Self {
        let version = number.to_string();
        let rows = (0..number).map(|row| format!("C{row},D{row},FRA,FRA-X-1,2020-03-01,pending,"));
        self.version(&version).rows(rows)
    }

    /// Adds a table, and declares it under this name. The rows are lines below the header.
    ///
    /// # Panics
    /// Never: every case declares its resources.
    #[must_use]
    pub fn with_table(mut self, name: &str, header: &str, rows: &[&str]) -> Self {
        let file = format!("{name}.csv");
        let resources = self.descriptor["resources"].as_array_mut().expect("a case has a list of resources");
        resources.retain(|resource| resource["name"] != name);
        resources.push(json!({ "name": name, "path": file }));
        self.tables.insert(file, format!("{header}\n{}\n", rows.join("\n")));
        self
    }

    /// Returns the table of records, to be changed.
    ///
    /// # Panics
    /// Never: every case has such a table.
    pub fn records_mut(&mut self) -> &mut String {
        self.tables.get_mut(self.records).expect("every case has records")
    }

    /// Returns the id of the package's dataset.
    pub fn dataset(&self) -> &str {
        self.descriptor["name"].as_str().unwrap_or_default()
    }

    /// Writes the package into a new folder.
    ///
    /// # Panics
    /// When `target/` cannot be written.
    pub fn write(&self) -> PathBuf {
        let folder = empty_folder(&format!("package-{}", ticket()));
        for (name, text) in &self.tables {
            std::fs::write(folder.join(name), text).expect("target/ can be written");
        }
        let descriptor = self.descriptor.to_string();
        std::fs::write(folder.join("datapackage.json"), descriptor).expect("target/ can be written");
        folder
    }
}
