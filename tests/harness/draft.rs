//! Small made-up data packages, written by a test and checked by the real program.
//!
//! A draft has a hundred good charges. The rows that a test adds stand in the middle of them. A bad row is therefore less
//! than one in twenty, and damage has neighbours on both sides.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::check_page::assert_page_says_the_same;
use crate::service::run;
use crate::{empty_folder, text};

/// The columns of the charges of a draft.
pub const COLUMNS: [&str; 12] = [
    "case_id",
    "defendant_id",
    "country",
    "statute",
    "date_charged",
    "outcome",
    "date_outcome",
    "sentence",
    "sentence_months",
    "role",
    "region",
    "publish",
];

/// The number of good charges in a draft.
pub const GOOD: u64 = 100;
/// The number of the record that is the first row added by a test.
pub const FIRST_ADDED: u64 = 51;

const STATUTES: &str = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
FRA-X-1,,FRA,Example Act,1,,Example offence,,,defamation,2015-01-01,,,https://example.org/law
NAM-X-1,,NAM,Example Act,1,,Example offence,,,,,,,
XKX-X-1,,XKX,Example Act,1,,Example offence,,,,,,,
KAZ-CC-274,,KAZ,Example Code,274,,Example offence,,,,,,,
";

/// A package that is not yet written.
#[derive(Debug, Clone)]
pub struct Draft {
    name: String,
    statutes: String,
    descriptor: Value,
    header: String,
    added: Vec<String>,
    good: u64,
}

impl Draft {
    /// Begins a package with a hundred good charges. `name` is the name of its folder.
    pub fn new(name: &str) -> Self {
        let descriptor = json!({
            "name": "example-cases",
            "title": "Example cases",
            "version": "1.0.0",
            "created": "2026-01-02T00:00:00Z",
            "licenses": [{ "name": "CC0-1.0" }],
            "sources": [{ "title": "A made-up source", "path": "https://example.org/cases" }],
            "resources": [
                { "name": "charges", "path": "charges.csv" },
                { "name": "statutes", "path": "statutes.csv" },
            ],
            "chargesheet": {
                "kind": "case-level",
                "measures": ["persons", "cases", "charges"],
                "time_basis": "charge",
                "additive": ["country", "statute", "outcome", "year", "role", "region"],
                "disclosure": "none",
            },
        });
        Self {
            name: name.to_owned(),
            statutes: STATUTES.to_owned(),
            descriptor,
            header: COLUMNS.join(","),
            added: Vec::new(),
            good: GOOD,
        }
    }

    /// Gives the package a folder of its own, among several packages made from one draft.
    pub fn numbered(mut self, number: usize) -> Self {
        self.name = format!("{}-{number}", self.name);
        self
    }

    /// Sets the number of good charges.
    pub fn good(mut self, good: u64) -> Self {
        self.good = good;
        self
    }

    /// Replaces the header of the charges; the rows stay unchanged.
    pub fn header(mut self, header: &str) -> Self {
        header.clone_into(&mut self.header);
        self
    }

    /// Adds a line in the middle, exactly as given.
    pub fn line(mut self, line: &str) -> Self {
        self.added.push(line.to_owned());
        self
    }

    /// Adds a charge in the middle that differs from a good charge in some columns.
    pub fn charge(self, cells: &[(&str, &str)]) -> Self {
        let line = charge(&format!("ADDED{:03}", self.added.len()), cells);
        self.line(&line)
    }

    /// Adds a line to the statutes.
    pub fn statute(mut self, line: &str) -> Self {
        self.statutes.push_str(line);
        self.statutes.push('\n');
        self
    }

    /// Sets a property of the charges' resource in `datapackage.json`.
    pub fn declaring(mut self, property: &str, value: Value) -> Self {
        self.descriptor["resources"][0][property] = value;
        self
    }

    /// Sets a property of `datapackage.json` itself.
    pub fn saying(mut self, property: &str, value: Value) -> Self {
        self.descriptor[property] = value;
        self
    }

    /// Returns the charges as CSV.
    pub fn charges(&self) -> String {
        let good: Vec<String> = (0..self.good).map(|number| charge(&format!("{number:04}"), &[])).collect();
        let (before, after) = good.split_at(good.len() / 2);
        let lines = [before, &self.added, after].concat();
        format!("{}\n{}\n", self.header, lines.join("\n"))
    }

    /// Writes the package, and returns its folder.
    pub fn write(&self) -> PathBuf {
        self.write_as(self.charges().as_bytes())
    }

    /// Writes the package with these bytes as its charges, and returns its folder.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn write_as(&self, charges: &[u8]) -> PathBuf {
        let folder = empty_folder(&format!("rulebook-{}", self.name));
        for (file, bytes) in [
            ("datapackage.json", self.descriptor.to_string().as_bytes()),
            ("statutes.csv", self.statutes.as_bytes()),
            ("charges.csv", charges),
        ] {
            std::fs::write(folder.join(file), bytes).expect("target/ can be written");
        }
        folder
    }

    /// Writes the package and checks it.
    pub fn check(&self) -> Checked {
        Checked::of(&self.write(), &[])
    }

    /// Writes the package with these bytes as its charges, and checks it.
    pub fn check_as(&self, charges: &[u8]) -> Checked {
        Checked::of(&self.write_as(charges), &[])
    }
}

/// Returns the line of a charge that differs from a good charge in some columns. `id` makes the charge unique.
///
/// # Panics
/// When there is no such column.
pub fn charge(id: &str, cells: &[(&str, &str)]) -> String {
    let (case, defendant) = (format!("C-{id}"), format!("D-{id}"));
    let mut row: [&str; COLUMNS.len()] = [
        &case,
        &defendant,
        "FRA",
        "FRA-X-1",
        "2020-03-01",
        "convicted",
        "2021-04",
        "a fine",
        "",
        "journalist",
        "Example region",
        "",
    ];
    for (name, value) in cells {
        let place = COLUMNS.iter().position(|column| column == name);
        row[place.unwrap_or_else(|| panic!("no column {name}"))] = value;
    }
    row.map(quoted).join(",")
}

/// Returns a field as CSV spells it.
pub fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r', '\t']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Returns what `query` answers about the package in a folder, as CSV.
///
/// # Panics
/// When the question is refused.
pub fn csv(folder: &Path, query: &str) -> String {
    let output = run(&["query", "--data", text(folder), "example-cases", query, "--format", "csv"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("the answer is UTF-8")
}

/// The result of `chargesheet check --json` on a package.
pub struct Checked {
    /// The exit code.
    pub code: i32,
    /// The JSON object that the program printed.
    pub json: Value,
}

impl Checked {
    /// Checks a package. In every result, the counts must add up, the exit code must fit the verdict, and the page of the check
    /// must say the same.
    ///
    /// # Panics
    /// When they do not, or the program prints no result.
    pub fn of(folder: &Path, arguments: &[&str]) -> Self {
        let output = run(&[&["check", text(folder), "--json"], arguments].concat());
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {output:?}");
        });
        let checked = Self { code: output.status.code().expect("the program ends by itself"), json };
        let expected = match checked.verdict() {
            "accept" | "accept_with_warning" => 0,
            "reject_rows" => 1,
            "reject_file" => 2,
            other => panic!("a verdict {other}"),
        };
        assert_eq!(checked.code, expected, "{checked:?}");
        // The page of the check knows no arguments.
        if arguments.is_empty() {
            assert_page_says_the_same(folder, &checked.json);
        }
        for file in checked.json["files"].as_array().expect("a list of files") {
            let [read, parts @ ..] = counts(file);
            assert_eq!(read, parts.iter().sum::<u64>(), "{file}");
        }
        checked
    }

    /// Returns the verdict.
    pub fn verdict(&self) -> &str {
        self.json["verdict"].as_str().expect("a verdict is a word")
    }

    /// Returns the counts of the charges: read, accepted, rejected, duplicates, withheld.
    ///
    /// # Panics
    /// When the result has no such counts.
    pub fn counts(&self) -> [u64; 5] {
        let files = self.json["files"].as_array().expect("a list of files");
        let file = files.iter().find(|file| file["name"] == "charges.csv");
        counts(file.unwrap_or_else(|| panic!("no charges in {self:?}")))
    }

    /// Returns the problems.
    pub fn problems(&self) -> &[Value] {
        self.json["problems"].as_array().expect("a list of problems")
    }

    /// Returns the reasons of all problems, in their order.
    pub fn reasons(&self) -> Vec<&str> {
        self.problems().iter().filter_map(|problem| problem["reason"].as_str()).collect()
    }

    /// Fails unless there is exactly one problem with this reason; returns the problem.
    ///
    /// # Panics
    /// When there is another problem, or none.
    pub fn only(&self, reason: &str) -> &Value {
        assert_eq!(self.reasons(), [reason], "{self:?}");
        &self.problems()[0]
    }

    /// Fails unless the charges were refused as a whole for this one reason; returns the problem.
    ///
    /// # Panics
    /// When they were not refused like this.
    pub fn refused_whole(&self, reason: &str) -> &Value {
        assert_eq!((self.verdict(), self.code), ("reject_file", 2), "{self:?}");
        let problem = self.only(reason);
        assert_eq!(problem["severity"], "error", "{problem}");
        assert_eq!(problem["file"], "charges.csv", "{problem}");
        assert!(problem["record"].is_null(), "{problem}");
        problem
    }

    /// Fails unless every row was accepted with one warning; returns the warning.
    ///
    /// # Panics
    /// When the result differs.
    pub fn warned(&self, reason: &str) -> &Value {
        assert_eq!((self.verdict(), self.code), ("accept_with_warning", 0), "{self:?}");
        let problem = self.only(reason);
        assert_eq!(problem["severity"], "warning", "{problem}");
        problem
    }

    /// Fails unless the first row added by the test was refused for this reason, and no other row was refused. Returns the
    /// problem.
    ///
    /// # Panics
    /// When the result differs.
    pub fn refused_row(&self, reason: &str) -> &Value {
        assert_eq!((self.verdict(), self.code), ("reject_rows", 1), "{self:?}");
        assert_eq!(self.counts()[2], 1, "{self:?}");
        let problem = self.only(reason);
        assert_eq!(problem["severity"], "error", "{problem}");
        assert_eq!(problem["record"], FIRST_ADDED, "{problem}");
        assert_eq!(problem["line"], FIRST_ADDED + 1, "{problem}");
        problem
    }

    /// Fails unless everything was accepted without a problem.
    ///
    /// # Panics
    /// When it was not.
    pub fn accepted(&self) {
        assert_eq!((self.verdict(), self.code), ("accept", 0), "{self:?}");
        assert_eq!(self.problems(), [] as [Value; 0]);
    }
}

impl std::fmt::Debug for Checked {
    /// Prints only the first problems, because a person reads the failure.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(out, "{} with exit code {}", self.verdict(), self.code)?;
        for file in self.json["files"].as_array().into_iter().flatten() {
            writeln!(out, "  {}: {:?}", file["name"], counts(file))?;
        }
        for problem in self.problems().iter().take(8) {
            writeln!(out, "  {problem}")?;
        }
        writeln!(out, "  {} problems in all", self.problems().len())
    }
}

fn counts(file: &Value) -> [u64; 5] {
    ["read", "accepted", "rejected", "duplicates", "withheld"]
        .map(|name| file[name].as_u64().unwrap_or_else(|| panic!("no {name} in {file}")))
}
