//! A reader of the files that a `datapackage.json` declares.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use encoding_rs::{Encoding, REPLACEMENT, UTF_8};
use serde_json::Value;

use super::reader::{AS_TEXT, Part, Reader};
use crate::domain::Say;
use crate::domain::tables::TABLES;
use crate::package::{Digest, Resource};

impl Reader<'_> {
    /// Returns the resources that can be read, and the names of all declared resources.
    pub(super) fn resources(&mut self, root: &Part<'_>) -> (Vec<Resource>, BTreeSet<String>) {
        let mut names = BTreeSet::new();
        let mut resources = Vec::new();
        for part in self.parts(root, "resources") {
            let name = self.text(&part, "name");
            if !name.is_empty() && !names.insert(name.clone()) {
                self.wrong_text(&part.property("name"), &name, "expected.resource_twice");
            }
            if TABLES.iter().any(|table| table.name == name) {
                resources.extend(self.files(&part, &name));
            } else if let Some(path) = part.get("path").and_then(Value::as_str) {
                resources.push(Resource { name, path: path.to_owned(), ..Resource::default() });
            }
        }
        (resources, names)
    }

    /// Returns the files of a table.
    fn files(&mut self, part: &Part<'_>, name: &str) -> Vec<Resource> {
        let paths = self.paths(part);
        let (format, kind) = (self.optional(part, "format"), self.optional(part, "mediatype"));
        let has = |text: &str| text.to_ascii_lowercase().contains("parquet");
        let ends = |path: &String| path.to_ascii_lowercase().ends_with(".parquet");
        let is_parquet = match (&format, &kind) {
            (Some(declared), _) | (None, Some(declared)) => has(declared),
            (None, None) => !paths.is_empty() && paths.iter().all(ends),
        };
        let path = part.property("path");
        if is_parquet && name != "charges" {
            self.wrong_text(&path, paths.first().map_or("", String::as_str), "expected.parquet_only");
        }
        let label = self.optional(part, "encoding").unwrap_or_else(|| "utf-8".to_owned());
        let encoding = encoding_of(&label);
        if encoding.is_none() {
            self.wrong_text(&part.property("encoding"), &label, "expected.encoding");
        }
        let hash = self.optional(part, "hash");
        if let Some(hash) = hash.as_deref().filter(|hash| Digest::parse(hash).is_none()) {
            self.wrong_text(&part.property("hash"), hash, "expected.hash");
        }
        let bytes = part.get("bytes");
        if let Some(other) = bytes.filter(|bytes| !bytes.is_u64()) {
            self.wrong_kind(&part.property("bytes"), other, "expected.bytes");
        }
        let delimiter = self.delimiter(part);
        if paths.len() > 1 {
            if !is_parquet {
                let what = Say::new("package.a_list_of").with("count", paths.len());
                self.is_a(&path, what, "expected.one_path");
            }
            for name in ["bytes", "hash"] {
                if let Some(value) = part.get(name) {
                    self.wrong(&part.property(name), value, "expected.of_one_file");
                }
            }
        }
        let file = |path| Resource {
            name: name.to_owned(),
            path,
            is_parquet,
            encoding: encoding.filter(|encoding| *encoding != UTF_8),
            delimiter,
            bytes: bytes.and_then(Value::as_u64),
            hash: hash.clone(),
        };
        paths.into_iter().map(file).collect()
    }

    /// Returns the paths of a resource, with `/` between folders and without parts that mean nothing, such as `./`.
    fn paths(&mut self, part: &Part<'_>) -> Vec<String> {
        let property = &part.property("path");
        let given = match part.get("path") {
            Some(Value::Array(list)) if !list.is_empty() => &list[..],
            Some(one) => std::slice::from_ref(one),
            None => {
                let expected = match part.get("data") {
                    Some(_) => "expected.data_within",
                    None => "expected.path",
                };
                self.is_a(property, "package.missing", expected);
                return Vec::new();
            }
        };
        let mut paths = Vec::new();
        for value in given {
            let Some(text) = value.as_str() else {
                self.wrong_kind(property, value, AS_TEXT);
                continue;
            };
            let place = below(text);
            if place.is_none() {
                let expected = if text.contains("://") {
                    "expected.no_address"
                } else {
                    // The standard forbids absolute and parent paths, because a package must not read files outside its
                    // folder.
                    "expected.path"
                };
                self.wrong_text(property, text, expected);
            }
            paths.extend(place);
        }
        paths
    }

    /// Returns the delimiter. Other settings of a dialect are refused if we cannot follow them.
    fn delimiter(&mut self, part: &Part<'_>) -> Option<u8> {
        let dialect = part.get("dialect")?;
        let Some(outer) = dialect.as_object() else {
            self.wrong_kind(&part.property("dialect"), dialect, "expected.dialect");
            return None;
        };
        // Some programs write the settings of CSV below `csv`.
        let inner = outer.get("csv").and_then(Value::as_object);
        let get = |name: &str| {
            let found = outer.get(name).or_else(|| inner.and_then(|inner| inner.get(name)));
            found.filter(|value| !value.is_null())
        };
        let is_usual = |name: &str, value: &Value| match name {
            "header" | "doubleQuote" => *value == true,
            "skipInitialSpace" => *value == false,
            "quoteChar" => value == "\"",
            "headerRows" => *value == serde_json::json!([1]),
            "commentRows" => value.as_array().is_some_and(Vec::is_empty),
            _ => value == "",
        };
        for name in [
            "header",
            "headerRows",
            "commentRows",
            "quoteChar",
            "doubleQuote",
            "escapeChar",
            "commentChar",
            "nullSequence",
            "skipInitialSpace",
        ] {
            if let Some(value) = get(name).filter(|value| !is_usual(name, value)) {
                let property = part.property("dialect").below(name);
                self.wrong(&property, value, "expected.dialect_only");
            }
        }
        let delimiter = get("delimiter")?;
        match delimiter.as_str().unwrap_or_default().as_bytes() {
            [byte] if *byte == b'\t' || (byte.is_ascii_punctuation() && *byte != b'"') => Some(*byte),
            _ => {
                let property = part.property("dialect").below("delimiter");
                self.wrong_kind(&property, delimiter, "expected.delimiter");
                None
            }
        }
    }
}

/// Returns the encoding of a label. Labels of the Encoding Standard and Python's names are known.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let plain = label.trim().to_ascii_lowercase().replace('_', "-");
    let plain = match plain.as_str() {
        "utf-8-sig" => "utf-8",
        "utf-16-le" => "utf-16le",
        "utf-16-be" => "utf-16be",
        "latin-1" => "latin1",
        "mac-cyrillic" => "x-mac-cyrillic",
        plain => plain,
    };
    let of = |label: &str| Encoding::for_label(label.as_bytes());
    of(label).or_else(|| of(plain)).filter(|encoding| *encoding != REPLACEMENT)
}

/// Returns a path below the package's folder in its normal spelling, or `None` when it leads elsewhere.
fn below(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let has_drive = path.as_bytes().get(1) == Some(&b':') || path.contains("://");
    let mut parts = Vec::new();
    for part in Path::new(&path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.is_empty() && !has_drive).then(|| parts.join("/"))
}
