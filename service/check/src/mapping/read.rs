//! Reads `mapping.json`. Every fault is told, with its line and what was expected.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use serde_json::{Map, Value as Json};

use crate::domain::tables::{CHARGES, COUNTS, Column, TABLES, Table};
use crate::domain::{Say, nearest};
use crate::package::places::{Places, pointer_to};
use crate::package::{Kind, json};

use super::form::{ColumnMapping, Mapping, Origin, SheetChoice, TableMapping, VERSION, plain};
use super::headings::LAYOUT_DIGITS;
use super::pseudonym::VALUE_DIGITS;
use super::write::ROW_NUMBER;

/// What a mapping says.
const NAMES: [&str; 5] = ["mapping", "kind", "key", "tables", "package"];
/// What it says of a table.
const NAMES_OF_TABLES: [&str; 9] =
    ["table", "sheet", "header", "layout", "hidden_rows", "encoding", "delimiter", "columns", "left_out"];
/// What it says of a column.
const NAMES_OF_COLUMNS: [&str; 8] =
    ["from", "always", "pseudonym", "dates", "serials", "empty", "values", "by_key"];

impl Mapping {
    /// Reads the bytes of a mapping.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Say>> {
        let damaged = |line: usize, expected: &str| vec![fault(line, "mapping.json", "no JSON", expected)];
        let (json, places) = match json::read(bytes) {
            None => return Err(damaged(1, "save it as UTF-8")),
            // What the reader of JSON says could quote a name.
            Some(Err(error)) => {
                return Err(damaged(
                    error.line(),
                    "something is missing there, or a name stands there twice",
                ));
            }
            Some(Ok(read)) => read,
        };
        if let Some(version) = json["mapping"].as_u64().filter(|version| *version > VERSION) {
            return Err(vec![Say::new("mapping_newer").with("version", version)]);
        }
        let mut reader = Reader { places, faults: Vec::new() };
        let mapping = reader.mapping(&json);
        match mapping {
            Some(mapping) if reader.faults.is_empty() => Ok(mapping),
            _ => Err(reader.faults),
        }
    }
}

fn fault(line: impl ToString, property: &str, given: &str, expected: impl ToString) -> Say {
    let say = Say::new("mapping_form").with("line", line.to_string()).with("property", property);
    say.with("given", given).with("expected", expected)
}

struct Reader {
    places: Places,
    faults: Vec<Say>,
}

impl Reader {
    fn wrong(&mut self, at: &str, given: Option<&Json>, expected: impl ToString) {
        let line = self.places.line(at).unwrap_or(1);
        // What stands there stays in the file; its line says where.
        let given = if given.is_none() { "missing" } else { "…" };
        let is_own = |name: &str| {
            NAMES.iter().chain(&NAMES_OF_TABLES).chain(&NAMES_OF_COLUMNS).any(|own| *own == name)
                || TABLES.iter().any(|table| table.column(name).is_some())
        };
        let told = |part: &str| {
            let name = part.replace("~1", "/").replace("~0", "~");
            let is_place = name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_digit());
            if is_own(&name) || is_place { name } else { "…".to_owned() }
        };
        let property: Vec<String> = at.split('/').skip(1).map(told).collect();
        let property = if property.is_empty() { "mapping.json".to_owned() } else { property.join(".") };
        self.faults.push(fault(line, &property, given, expected));
    }

    /// Returns an object whose members have these names, or tells which has another.
    fn object<'j>(&mut self, at: &str, json: &'j Json, names: &[&str]) -> Option<&'j Map<String, Json>> {
        let Some(object) = json.as_object() else {
            self.wrong(at, Some(json), "write an object: {…}");
            return None;
        };
        for (name, value) in object.iter().filter(|(name, _)| !names.contains(&name.as_str())) {
            let near = nearest(name, names.iter().copied()).map(|near| format!("; did you mean {near:?}?"));
            let expected = format!("expected one of {}{}", names.join(", "), near.unwrap_or_default());
            self.wrong(&pointer_to(at, name), Some(value), expected);
        }
        Some(object)
    }

    fn text(&mut self, at: &str, object: &Map<String, Json>, name: &str) -> Option<String> {
        let value = object.get(name).filter(|value| !value.is_null())?;
        if value.as_str().is_none() {
            self.wrong(&pointer_to(at, name), Some(value), "write it as text, in quotes");
        }
        value.as_str().map(str::to_owned)
    }

    fn flag(&mut self, at: &str, object: &Map<String, Json>, name: &str) -> bool {
        let value = object.get(name);
        if value.is_some_and(|value| !value.is_boolean()) {
            self.wrong(&pointer_to(at, name), value, "write true or false");
        }
        value.and_then(Json::as_bool).unwrap_or(false)
    }

    /// Returns the value of a word.
    fn word<V: Copy>(
        &mut self,
        at: &str,
        object: &Map<String, Json>,
        name: &str,
        words: &[(&'static str, V)],
    ) -> Option<V> {
        let text = self.text(at, object, name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let near = nearest(&text, names.iter().copied()).map(|near| format!("; did you mean {near:?}?"));
            let expected = format!("expected one of {}{}", names.join(", "), near.unwrap_or_default());
            self.wrong(&pointer_to(at, name), object.get(name), expected);
        }
        found
    }

    fn mapping(&mut self, json: &Json) -> Option<Mapping> {
        let object = self.object("", json, &NAMES)?;
        if object.get("mapping").and_then(Json::as_u64) != Some(VERSION) {
            self.wrong(
                "/mapping",
                object.get("mapping"),
                format!("write {VERSION}, the version of the form"),
            );
        }
        let kinds = Kind::ALL.map(|kind| (kind.name(), kind));
        let kind = self.word("", object, "kind", &kinds);
        if object.get("kind").is_none() {
            self.wrong("/kind", None, "write case-level or reported");
        }
        let key = self.text("", object, "key");
        let package = object.get("package").cloned().unwrap_or_else(|| Map::new().into());
        let package = match package {
            Json::Object(package) => package,
            other => {
                self.wrong("/package", Some(&other), "write an object: {…}");
                Map::new()
            }
        };
        let tables = self.tables(object)?;
        Some(Mapping { kind: kind?, key, tables, package })
    }

    fn tables(&mut self, object: &Map<String, Json>) -> Option<Vec<TableMapping>> {
        let Some(list) = object.get("tables").and_then(Json::as_array) else {
            self.wrong("/tables", object.get("tables"), "write a list: […]");
            return None;
        };
        let mut tables: Vec<TableMapping> = Vec::new();
        for (place, json) in list.iter().enumerate() {
            let at = pointer_to("/tables", &place.to_string());
            let Some(table) = self.table(&at, json) else { continue };
            if tables.iter().any(|own| own.table.name == table.table.name) {
                self.wrong(&pointer_to(&at, "table"), json.get("table"), "name each table once");
            }
            tables.push(table);
        }
        Some(tables)
    }

    fn table(&mut self, at: &str, json: &Json) -> Option<TableMapping> {
        let object = self.object(at, json, &NAMES_OF_TABLES)?;
        let table = self.word(
            at,
            object,
            "table",
            &[&CHARGES, &COUNTS].map(|table: &'static Table| (table.name, table)),
        );
        if object.get("table").is_none() {
            self.wrong(&pointer_to(at, "table"), None, "name the table");
        }
        let table = table?;
        let header = self.header(at, object);
        let encoding = self.text(at, object, "encoding").and_then(|label| {
            let found = Encoding::for_label(label.as_bytes());
            if found.is_none() {
                let expected = "write a label of the Encoding Standard, such as utf-8 or windows-1251";
                self.wrong(&pointer_to(at, "encoding"), object.get("encoding"), expected);
            }
            found
        });
        let delimiter = self.text(at, object, "delimiter").and_then(|text| match text.as_bytes() {
            [sign] if *sign == b'\t' || (sign.is_ascii_punctuation() && *sign != b'"') => Some(*sign),
            _ => {
                let expected = "write one sign, or a tab (\"\\t\")";
                self.wrong(&pointer_to(at, "delimiter"), object.get("delimiter"), expected);
                None
            }
        });
        let columns_at = pointer_to(at, "columns");
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let json = object.get("columns").cloned().unwrap_or(Json::Null);
        let own = self.object(&columns_at, &json, &names)?;
        let targets = own.iter().filter_map(|(name, json)| Some((table.column(name)?, name, json)));
        let columns = targets.filter_map(|(target, name, json)| {
            let column = self.column(&pointer_to(&columns_at, name), json)?;
            Some((target, column))
        });
        let columns: Vec<(&'static Column, ColumnMapping)> = columns.collect();
        Some(TableMapping {
            table,
            sheet: self.sheet(at, object),
            header,
            hidden_rows: self.word(at, object, "hidden_rows", &Mapping::HIDDEN),
            encoding,
            delimiter,
            columns,
            left_out: self.texts(&pointer_to(at, "left_out"), object.get("left_out")),
            layout: self
                .text(at, object, "layout")
                .map(|own| self.digits(&pointer_to(at, "layout"), &own, LAYOUT_DIGITS)),
        })
    }

    fn sheet(&mut self, at: &str, object: &Map<String, Json>) -> Option<SheetChoice> {
        let number = object.get("sheet").and_then(Json::as_u64);
        match number.and_then(|number| usize::try_from(number).ok()) {
            Some(number) => Some(SheetChoice::Number(number)),
            None => self.text(at, object, "sheet").map(SheetChoice::Name),
        }
    }

    fn header(&mut self, at: &str, object: &Map<String, Json>) -> (u32, u32) {
        let Some(json) = object.get("header") else { return (1, 1) };
        let rows: Vec<u32> = serde_json::from_value(json.clone()).unwrap_or_default();
        match rows[..] {
            [first, last] if first > 0 && first <= last && last - first < 10 => (first, last),
            _ => {
                let expected = "write its first and its last row: [1, 1]; a header has at most ten rows";
                self.wrong(&pointer_to(at, "header"), Some(json), expected);
                (1, 1)
            }
        }
    }

    fn texts(&mut self, at: &str, json: Option<&Json>) -> Vec<String> {
        let Some(json) = json else { return Vec::new() };
        serde_json::from_value(json.clone()).unwrap_or_else(|_error| {
            self.wrong(at, Some(json), "write a list of texts: [\"…\"]");
            Vec::new()
        })
    }

    fn column(&mut self, at: &str, json: &Json) -> Option<ColumnMapping> {
        let object = self.object(at, json, &NAMES_OF_COLUMNS)?;
        let from = match (object.get("from"), self.text(at, object, "always")) {
            (None, Some(text)) => Origin::Always(text),
            (Some(Json::String(heading)), None) if heading == ROW_NUMBER => Origin::RowNumber,
            (Some(Json::String(heading)), None) => Origin::Columns(vec![heading.clone()]),
            (Some(list @ Json::Array(several)), None) if !several.is_empty() => {
                Origin::Columns(self.texts(&pointer_to(at, "from"), Some(list)))
            }
            _ => {
                let expected = "write `from` with a heading or a list of headings, or `always` with a text";
                self.wrong(at, Some(json), expected);
                return None;
            }
        };
        let values = self.codes(at, object, "values");
        let (by_key, marks_at) = (self.codes(at, object, "by_key"), pointer_to(at, "by_key"));
        let by_key = by_key.into_iter();
        let by_key = by_key.map(|(mark, code)| (self.digits(&marks_at, &mark, VALUE_DIGITS), code)).collect();
        Some(ColumnMapping {
            from,
            values: values.into_iter().map(|(value, code)| (plain(&value), code)).collect(),
            by_key,
            dates: self.word(at, object, "dates", &Mapping::ORDERS),
            serials: self.flag(at, object, "serials"),
            empty: self.text(at, object, "empty"),
            pseudonym: self.flag(at, object, "pseudonym"),
        })
    }

    /// Returns hex digits in small letters, or tells that there are not as many.
    fn digits(&mut self, at: &str, text: &str, count: usize) -> String {
        if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.wrong(at, Some(&text.into()), format!("expected {count} hex digits"));
        }
        text.to_ascii_lowercase()
    }

    /// Returns the codes of values.
    fn codes(
        &mut self,
        at: &str,
        object: &Map<String, Json>,
        name: &str,
    ) -> BTreeMap<String, Option<String>> {
        let mut codes = BTreeMap::new();
        let Some(json) = object.get(name) else { return codes };
        let at = pointer_to(at, name);
        if !json.is_object() {
            self.wrong(&at, Some(json), "write an object: {…}");
        }
        for (value, code) in json.as_object().into_iter().flatten() {
            match code {
                Json::String(code) => _ = codes.insert(value.clone(), Some(code.clone())),
                Json::Null => _ = codes.insert(value.clone(), None),
                other => self.wrong(&pointer_to(&at, value), Some(other), "write a code, or null"),
            }
        }
        codes
    }
}
