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

use self::reader::{AS_TEXT, Part, Property, Reader, near_to, one_of};
use super::places::Places;
use super::{Caveat, Contributor, Descriptor, Kind, License, Origin, PackageError, Settings};
use crate::domain::parameters::{BY, FIGURES, FILTERS, PERIOD, SHEET, names};
use crate::domain::{CodeList, Dimension, Language, Measure, Period, Say};

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

/// Reads a descriptor. `places` are the lines of its values, `place` names the package in errors, and `outcomes` is the
/// list that its records are checked against.
///
/// # Errors
/// With all faults.
pub fn read(
    json: &Value,
    places: &Places,
    place: &str,
    outcomes: &CodeList,
) -> Result<Descriptor, Vec<PackageError>> {
    let mut reader = Reader { place, outcomes, faults: Vec::new() };
    let mut root = reader.object(json, Property::root(places).shown_as("the whole")).unwrap_or_default();
    root.place = Property::root(places);
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
        self.must_have(root, "licenses", "expected.licence");
        if root.get("licenses").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.wrong(&root.property("licenses"), "[]", "expected.licence");
        }
        let mut licenses = Vec::new();
        for part in self.parts(root, "licenses") {
            let [name, title] = ["name", "title"].map(|name| self.optional(&part, name).unwrap_or_default());
            licenses.push(License { name, title, path: self.address(&part, "path") });
        }
        self.must_have(root, "sources", "expected.sources");
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
        self.must_have(root, "resources", "expected.resources");
        let (resources, declared) = self.resources(root);
        self.must_have(root, "chargesheet", "expected.chargesheet");
        let settings = self.object(root.get("chargesheet")?, root.property("chargesheet"))?;
        let kind = self.word_of(&settings, "kind");
        let is_listed = root.get("resources").is_some_and(Value::is_array);
        for table in kind.filter(|_| is_listed).map_or(&[][..], Kind::tables) {
            if !declared.contains(*table) {
                let (place, kind) = (self.place.to_owned(), kind.map_or("", Kind::name));
                let line = root.property("resources").line();
                self.faults.push(PackageError::NoResource { place, line, name: table, kind });
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
        let property = root.property("name");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let is_plain = !name.is_empty() && name.bytes().all(plain);
        if !is_plain {
            self.wrong_text(&property, name, "expected.name_letters");
        } else if name.len() > LONGEST_NAME {
            let expected = Say::new("expected.name_length").with("count", name.len());
            self.wrong_text(&property, name, expected.with("most", LONGEST_NAME));
        }
        let right = name.trim_start_matches(['.', '_', '-']).trim_end_matches('.');
        let is_right = is_plain && !right.is_empty() && right.len() <= LONGEST_NAME;
        let such_as = |key| match is_right {
            true => Say::new(key)
                .with_said("such_as", Say::new("expected.such_as").with("name", format!("{right:?}"))),
            false => Say::new(key),
        };
        let first = match name.as_bytes().first() {
            Some(b'.') => Some("expected.name_dot"),
            Some(b'_') => Some("expected.name_underscore"),
            Some(b'-') => Some("expected.name_hyphen"),
            _ => None,
        };
        // A store does not take hidden folders for datasets, and programs take a word that begins with a hyphen for
        // an option.
        if let Some(first) = first {
            self.wrong_text(&property, name, such_as(first));
        } else if name.ends_with('.') {
            // Some systems drop a dot at the end of a folder's name.
            self.wrong_text(&property, name, such_as("expected.name_end"));
        } else if name == STORE_MARK {
            self.wrong_text(&property, name, "expected.name_store");
        }
    }

    fn check_created(&mut self, root: &Part<'_>, created: &str) {
        // The first ten characters begin the id of every release, so they must be a day and nothing else.
        let (day, time) = created.split_at_checked(10).unwrap_or((created, ""));
        let begins_with_a_day = matches!(Period::parse(day), Ok(Period::Day(_))) && time.starts_with('T');
        let is_moment = begins_with_a_day && created.parse::<jiff::Timestamp>().is_ok();
        if !is_moment && root.get("created").is_some_and(Value::is_string) {
            self.wrong_text(&root.property("created"), created, "expected.created");
        }
    }

    fn settings(&mut self, part: &Part<'_>, kind: Option<Kind>) -> Option<Settings> {
        for name in part.object.into_iter().flat_map(Map::keys) {
            if !SETTINGS.contains(&name.as_str()) {
                let property = part.property(name).shown_as("a property of chargesheet");
                self.wrong_text(&property, name, one_of(&SETTINGS, Some(name)));
            }
        }
        let time_basis = self.word_of(part, "time_basis");
        let disclosure = self.word_of(part, "disclosure");
        let measures = self.measures(part);
        self.must_have(part, "additive", "expected.additive");
        let additive = self.texts(part, "additive");
        if let Some(dimensions) = kind.map(Kind::dimensions) {
            let names: Vec<_> = dimensions.iter().map(|dimension| dimension.name()).collect();
            for name in &additive {
                if !Dimension::from_name(name).is_some_and(|dimension| dimensions.contains(&dimension)) {
                    let number = additive.iter().position(|other| other == name).unwrap_or_default();
                    let property = part.property("additive").at(number);
                    self.wrong_text(&property, name, one_of(&names, Some(name)));
                }
            }
        }
        let complete_outcomes = self.complete_outcomes(part, kind);
        let start = self.start(part);
        let caveat = |value: &Value| serde_json::from_value::<Vec<Caveat>>(value.clone()).ok();
        let caveats = self.by_language(part, "caveats", caveat, "expected.caveats");
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
        let areas = self.by_language(part, "areas", names, "expected.areas");
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
        let (name, expected) = ("measures", "expected.measures");
        let property = part.property(name);
        self.must_have(part, name, expected);
        let list = self.list(part, name);
        let measures: Vec<Measure> = list
            .iter()
            .enumerate()
            .filter_map(|(number, value)| self.word(&property.at(number), value))
            .collect();
        let once: BTreeSet<Measure> = measures.iter().copied().collect();
        if part.get(name).is_some_and(Value::is_array) && (list.is_empty() || once.len() < measures.len()) {
            let names: Vec<_> = measures.iter().map(|measure| measure.name()).collect();
            self.wrong_text(&property, &names.join(","), expected);
        }
        measures
    }

    /// Reads the outcomes that are declared complete and disjoint.
    fn complete_outcomes(&mut self, part: &Part<'_>, kind: Option<Kind>) -> Vec<String> {
        let name = "complete_outcomes";
        let property = part.property(name);
        let faults = self.faults.len();
        let (codes, outcomes) = (self.texts(part, name), self.outcomes);
        if part.get(name).is_none() || self.faults.len() > faults {
            return codes;
        }
        if kind == Some(Kind::CaseLevel) {
            self.is_a(&property, "package.a_list", "expected.outcomes_case");
        }
        if codes.len() < 2 {
            self.wrong_text(&property, &codes.join(","), "expected.outcomes_two");
        }
        for (place, code) in codes.iter().enumerate() {
            let property = property.at(place);
            let whole = outcomes.ancestors(code).find(|whole| codes.iter().any(|other| other == whole));
            if outcomes.get(code).is_none() {
                let expected = near_to(Say::new("expected.outcomes_codes"), outcomes.nearest(code));
                self.wrong_text(&property, code, expected);
            } else if codes[..place].contains(code) {
                self.wrong_text(&property, code, "expected.outcomes_twice");
            } else if let Some(whole) = whole {
                let expected = Say::new("expected.outcomes_part").with("whole", format!("{whole:?}"));
                self.wrong_text(&property, code, expected);
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
                let expected = Say::new("expected.parameter")
                    .with("name", format!("{name:?}"))
                    .with_said("expected", one_of(&known, Some(name)));
                self.wrong_text(&part.property("start"), &start, expected);
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
        expected: &'static str,
    ) -> BTreeMap<String, T> {
        let property = part.property(name);
        let mut told = BTreeMap::new();
        let Some(value) = part.get(name) else { return told };
        let Some(values) = value.as_object() else {
            self.wrong_kind(&property, value, "expected.by_language");
            return told;
        };
        for (code, value) in values {
            if Language::from_code(code).is_none() {
                let known: Vec<_> = Language::all().map(Language::code).collect();
                let expected = Say::new("expected.languages").with("languages", known.join(", "));
                self.wrong_text(&property.below(code).shown_as(&property.shown), code, expected);
            }
            match read(value) {
                Some(read) => _ = told.insert(code.clone(), read),
                None => self.wrong_kind(&property.below(code), value, expected),
            }
        }
        told
    }
}
