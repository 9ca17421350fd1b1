//! A reader of `datapackage.json`, property by property, so that one run reports everything that is wrong.
//!
//! Spellings of other programs are accepted where they can mean only one thing: `./counts.csv`, folders with `\`,
//! encodings by the names that Python uses, a dialect below `csv`.

mod reader;
mod resource;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use self::reader::{AS_TEXT, Part, Reader, one_of};
use super::{Caveat, Contributor, Descriptor, Kind, License, Origin, PackageError, Settings};
use crate::domain::parameters::{BY, FIGURES, FILTERS, PERIOD, SHEET, names};
use crate::domain::{CodeList, Dimension, Language, Measure, Period};

/// Most letters of a dataset's name. Folders and files are named after the dataset, and such names may have at most
/// 255 bytes.
const LONGEST_NAME: usize = 200;
/// The file that marks a folder as a store. It lies beside the folders of datasets, so no dataset may have its name.
pub const STORE_MARK: &str = "chargesheet-store.json";
/// The properties of the `chargesheet` object.
const SETTINGS: [&str; 14] = [
    "kind",
    "measures",
    "time_basis",
    "additive",
    "complete_outcomes",
    "start",
    "disclosure",
    "caveats",
    "notes",
    "title_ru",
    "title_kk",
    "description_ru",
    "description_kk",
    "areas",
];

/// Reads a descriptor. `place` names the package in errors, and `outcomes` is the list that its records are checked against.
///
/// # Errors
/// With all faults.
pub fn read(json: &Value, place: &str, outcomes: &CodeList) -> Result<Descriptor, Vec<PackageError>> {
    let mut reader = Reader { place, outcomes, faults: Vec::new() };
    let root = reader.object(json, "the whole").unwrap_or_default();
    let descriptor = reader.descriptor(&root);
    match descriptor {
        Some(descriptor) if reader.faults.is_empty() => Ok(descriptor),
        _ => Err(reader.faults),
    }
}

impl Reader<'_> {
    fn descriptor(&mut self, root: &Part<'_>) -> Option<Descriptor> {
        let (name, title) = (self.text(root, "name"), self.text(root, "title"));
        let description = self.optional(root, "description").unwrap_or_default();
        let (version, created) = (self.text(root, "version"), self.text(root, "created"));
        self.check_name(root, &name);
        self.check_created(root, &created);
        self.address(root, "homepage");
        self.must_have(root, "licenses", "name at least one licence");
        if root.get("licenses").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.wrong("licenses", "[]", "name at least one licence");
        }
        let mut licenses = Vec::new();
        for part in self.parts(root, "licenses") {
            let [name, title] = ["name", "title"].map(|name| self.optional(&part, name).unwrap_or_default());
            licenses.push(License { name, title, path: self.address(&part, "path") });
        }
        self.must_have(
            root,
            "sources",
            "name where the figures come from, each with a title and a path: […]",
        );
        let mut sources = Vec::new();
        for part in self.parts(root, "sources") {
            let title = self.optional(&part, "title").unwrap_or_default();
            sources.push(Origin { title, path: self.address(&part, "path") });
        }
        let mut contributors = Vec::new();
        for part in self.parts(root, "contributors") {
            self.address(&part, "path");
            contributors.push(Contributor { title: self.optional(&part, "title").unwrap_or_default() });
        }
        self.must_have(root, "resources", "declare each file by name and path: [{…}, …]");
        let (resources, declared) = self.resources(root);
        let property = "chargesheet";
        self.must_have(root, property, "write what only Chargesheet asks for: {…}");
        let settings = self.object(root.get(property)?, property)?;
        let settings = Part { within: format!("{property}."), ..settings };
        let kind = self.word_of(&settings, "kind");
        let is_listed = root.get("resources").is_some_and(Value::is_array);
        for table in kind.filter(|_| is_listed).map_or(&[][..], Kind::tables) {
            if !declared.contains(*table) {
                let (place, kind) = (self.place.to_owned(), kind.map_or("", Kind::name));
                self.faults.push(PackageError::NoResource { place, name: table, kind });
            }
        }
        let chargesheet = self.settings(&settings, kind)?;
        Some(Descriptor {
            name,
            title,
            description,
            version,
            created,
            licenses,
            sources,
            contributors,
            resources,
            chargesheet,
        })
    }

    fn check_name(&mut self, root: &Part<'_>, name: &str) {
        if !root.get("name").is_some_and(Value::is_string) {
            return;
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let is_plain = !name.is_empty() && name.bytes().all(plain);
        if !is_plain {
            self.wrong_text("name", name, "use lower-case letters, digits, `.`, `_` and `-`");
        } else if name.len() > LONGEST_NAME {
            let expected = format!("it has {} letters, use at most {LONGEST_NAME}", name.len());
            self.wrong_text("name", name, expected);
        }
        let right = name.trim_start_matches(['.', '_', '-']).trim_end_matches('.');
        let is_right = is_plain && !right.is_empty() && right.len() <= LONGEST_NAME;
        let such_as = if is_right { format!(", such as {right:?}") } else { String::new() };
        let first = match name.as_bytes().first() {
            Some(b'.') => Some("a dot"),
            Some(b'_') => Some("an underscore"),
            Some(b'-') => Some("a hyphen"),
            _ => None,
        };
        // A store does not take hidden folders for datasets, and programs take a word that begins with a hyphen for
        // an option.
        if let Some(first) = first {
            let expected =
                format!("it begins with {first}, begin with a lower-case letter or digit{such_as}");
            self.wrong_text("name", name, expected);
        } else if name.ends_with('.') {
            // Some systems drop a dot at the end of a folder's name.
            self.wrong_text("name", name, format!("it ends with a dot, leave it out{such_as}"));
        } else if name == STORE_MARK {
            self.wrong_text("name", name, "a file of every store has this name, choose another");
        }
    }

    fn check_created(&mut self, root: &Part<'_>, created: &str) {
        // The first ten characters begin the id of every release, so they must be a day and nothing else.
        let (day, time) = created.split_at_checked(10).unwrap_or((created, ""));
        let begins_with_a_day = matches!(Period::parse(day), Ok(Period::Day(_))) && time.starts_with('T');
        let is_moment = begins_with_a_day && created.parse::<jiff::Timestamp>().is_ok();
        if !is_moment && root.get("created").is_some_and(Value::is_string) {
            self.wrong_text("created", created, "write a moment such as 2026-11-24T00:00:00Z");
        }
    }

    fn settings(&mut self, part: &Part<'_>, kind: Option<Kind>) -> Option<Settings> {
        for name in part.object.into_iter().flat_map(Map::keys) {
            if !SETTINGS.contains(&name.as_str()) {
                self.wrong_text("a property of chargesheet", name, one_of(&SETTINGS, Some(name)));
            }
        }
        let time_basis = self.word_of(part, "time_basis");
        let disclosure = self.word_of(part, "disclosure");
        let measures = self.measures(part);
        self.must_have(part, "additive", "list the dimensions over which figures may be summed: […]");
        let additive = self.texts(part, "additive");
        if let Some(dimensions) = kind.map(Kind::dimensions) {
            let names: Vec<_> = dimensions.iter().map(|dimension| dimension.name()).collect();
            for name in &additive {
                if !Dimension::from_name(name).is_some_and(|dimension| dimensions.contains(&dimension)) {
                    self.wrong_text("chargesheet.additive", name, one_of(&names, Some(name)));
                }
            }
        }
        let complete_outcomes = self.complete_outcomes(part, kind);
        let start = self.start(part);
        let caveat = |value: &Value| serde_json::from_value::<Vec<Caveat>>(value.clone()).ok();
        let expected = "write a list of sentences, or of {\"text\": \"…\", \"statutes\": [\"…\"]}";
        let caveats = self.by_language(part, "caveats", caveat, expected);
        let note = |value: &Value| value.as_str().map(str::to_owned);
        let notes = self.by_language(part, "notes", note, AS_TEXT);
        let [title_ru, title_kk, description_ru, description_kk] =
            ["title_ru", "title_kk", "description_ru", "description_kk"]
                .map(|name| self.optional(part, name).unwrap_or_default());
        // Codes of areas are compared in Unicode NFC, as all ids are.
        let names = |value: &Value| {
            let name = |(code, name): (&String, &Value)| {
                Some((code.nfc().collect::<String>(), name.as_str()?.to_owned()))
            };
            value.as_object()?.iter().map(name).collect::<Option<BTreeMap<String, String>>>()
        };
        let expected = "write an object with the code of each area and its name: {\"…\": \"…\"}";
        let areas = self.by_language(part, "areas", names, expected);
        Some(Settings {
            kind: kind?,
            measures,
            time_basis: time_basis?,
            additive,
            complete_outcomes,
            start,
            disclosure: disclosure?,
            caveats,
            notes,
            title_ru,
            title_kk,
            description_ru,
            description_kk,
            areas,
        })
    }

    fn measures(&mut self, part: &Part<'_>) -> Vec<Measure> {
        let (name, property) = ("measures", "chargesheet.measures");
        let expected = "list each measure once, at least one";
        self.must_have(part, name, expected);
        let list = self.list(part, name);
        let measures: Vec<Measure> = list.iter().filter_map(|value| self.word(property, value)).collect();
        let once: BTreeSet<Measure> = measures.iter().copied().collect();
        if part.get(name).is_some_and(Value::is_array) && (list.is_empty() || once.len() < measures.len()) {
            let names: Vec<_> = measures.iter().map(|measure| measure.name()).collect();
            self.wrong_text(property, &names.join(","), expected);
        }
        measures
    }

    /// Reads the outcomes that are declared complete and disjoint.
    fn complete_outcomes(&mut self, part: &Part<'_>, kind: Option<Kind>) -> Vec<String> {
        let (name, property) = ("complete_outcomes", "chargesheet.complete_outcomes");
        let faults = self.faults.len();
        let (codes, outcomes) = (self.texts(part, name), self.outcomes);
        if part.get(name).is_none() || self.faults.len() > faults {
            return codes;
        }
        if kind == Some(Kind::CaseLevel) {
            let expected = "leave it out, each charge has one outcome; only reported figures need it";
            self.wrong(property, "a list", expected);
        }
        if codes.len() < 2 {
            self.wrong_text(property, &codes.join(","), "name at least two outcomes, or leave it out");
        }
        for (place, code) in codes.iter().enumerate() {
            let whole = outcomes.ancestors(code).find(|whole| codes.iter().any(|other| other == whole));
            if outcomes.get(code).is_none() {
                let near = outcomes.nearest(code).map(|near| format!("; did you mean {near:?}?"));
                let expected = format!("expected codes of the list of outcomes{}", near.unwrap_or_default());
                self.wrong_text(property, code, expected);
            } else if codes[..place].contains(code) {
                self.wrong_text(property, code, "it stands there already, name each outcome once");
            } else if let Some(whole) = whole {
                let expected =
                    format!("it is a part of {whole:?}, which stands there too, leave out one of them");
                self.wrong_text(property, code, expected);
            }
        }
        codes
    }

    /// Reads the question of the chart on the start page.
    fn start(&mut self, part: &Part<'_>) -> String {
        let start = self.optional(part, "start").unwrap_or_default();
        let known = names(&[BY, FILTERS, PERIOD, FIGURES, SHEET]);
        for name in start.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name)) {
            if !start.is_empty() && !known.contains(&name) {
                let expected =
                    format!("{name:?} is no parameter of a question, {}", one_of(&known, Some(name)));
                self.wrong_text("chargesheet.start", &start, expected);
            }
        }
        start
    }

    /// Reads the texts of a property by language.
    fn by_language<T>(
        &mut self,
        part: &Part<'_>,
        name: &str,
        read: impl Fn(&Value) -> Option<T>,
        expected: &str,
    ) -> BTreeMap<String, T> {
        let property = part.property(name);
        let mut told = BTreeMap::new();
        let Some(value) = part.get(name) else { return told };
        let Some(values) = value.as_object() else {
            self.wrong_kind(
                &property,
                value,
                "write an object with a language in front of each: {\"en\": …}",
            );
            return told;
        };
        for (code, value) in values {
            if Language::from_code(code).is_none() {
                let known: Vec<_> = Language::all().map(Language::code).collect();
                self.wrong_text(
                    &property,
                    code,
                    format!("expected one of the languages {}", known.join(", ")),
                );
            }
            match read(value) {
                Some(read) => _ = told.insert(code.clone(), read),
                None => self.wrong_kind(&format!("{property}.{code}"), value, expected),
            }
        }
        told
    }
}
