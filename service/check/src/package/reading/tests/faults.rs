//! Tests of where the faults of a descriptor stand, and of all of them being told at once.

use serde_json::json;

use super::super::*;
use crate::domain::outcomes;

/// A descriptor without a fault.
pub fn good() -> Value {
    json!({
        "name": "forms", "title": "Forms", "version": "1", "created": "2026-01-02T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }], "sources": [],
        "resources": [{ "name": "charges", "path": "charges.csv" }, { "name": "statutes", "path": "statutes.csv" }],
        "chargesheet": {
            "kind": "case-level", "measures": ["persons"], "time_basis": "charge", "additive": [], "disclosure": "none",
        },
    })
}

/// Reads a descriptor that is written with a property on each line.
pub fn read_lines(json: &Value) -> Result<Descriptor, Vec<PackageError>> {
    read(json, &Places::of(&serde_json::to_string_pretty(json).unwrap()), "forms", outcomes())
}

/// Returns everything that is wrong with a descriptor, in sentences.
pub fn faults(json: &Value) -> Vec<String> {
    read_lines(json).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn every_fault_has_its_line() {
    let json = r#"{
  "name": "Forms",
  "version": 1,
  "created": "today",
  "licenses": [
    { "name": "CC0-1.0" },
    { "name": "X",
      "path": "javascript:x" }
  ],
  "sources": [7],
  "contributors": [
    { "title": "A" },
    { "title": 8 }
  ],
  "resources": [
    { "name": "statutes", "path": "statutes.csv", "bytes": "1",
      "hash": "x" },
    { "name": "sources",
      "path": "/sources.csv",
      "dialect": {
        "quoteChar": "'",
        "delimiter": ";;"
      },
      "encoding": "x" },
    { "path": "x" }
  ],
  "chargesheet": {
    "kind": "reported",
    "time_basis": "charge",
    "measures": ["persons",
      "people"],
    "additive": [
      "country",
      "yaer"
    ],
    "aditive": 1,
    "caveats": {
      "en": [],
      "xx": [],
      "ru": "x" }
  }
}"#;
    let value: Value = serde_json::from_str(json).unwrap();
    let faults = read(&value, &Places::of(json), "forms", outcomes()).unwrap_err();
    let found: Vec<(u64, String)> = faults
        .iter()
        .map(|fault| {
            let PackageError::Property { property, .. } = fault else {
                return (fault.line().unwrap(), "no resource".to_owned());
            };
            (fault.line().unwrap(), property.clone())
        })
        .collect();
    let expected = [
        (1, "title"),
        (3, "version"),
        (2, "name"),
        (4, "created"),
        (8, "licenses.path"),
        (10, "sources"),
        (13, "contributors.title"),
        (17, "resources.hash"),
        (16, "resources.bytes"),
        (19, "resources.path"),
        (24, "resources.encoding"),
        (21, "resources.dialect.quoteChar"),
        (22, "resources.dialect.delimiter"),
        (25, "resources.name"),
        (15, "no resource"),
        (36, "a property of chargesheet"),
        (27, "chargesheet.disclosure"),
        (31, "chargesheet.measures"),
        (34, "chargesheet.additive"),
        (39, "chargesheet.caveats"),
        (40, "chargesheet.caveats.ru"),
    ];
    assert_eq!(found, expected.map(|(line, property)| (line, property.to_owned())));
    let said = PackageError::from(faults).to_string();
    for line in [
        "datapackage.json of forms, line 1: title is missing; write it as text, in quotes",
        "datapackage.json of forms, line 15, declares no resource \"counts\"; a dataset of kind reported needs it",
    ] {
        assert!(said.lines().any(|own| own == line), "no {line} in:\n{said}");
    }
}

#[test]
fn faults_in_json_are_keys_with_values() {
    let mut json = good();
    json["chargesheet"]["kind"] = "reportd".into();
    let error = PackageError::from(read_lines(&json).unwrap_err());
    let told = error.to_json();
    assert_eq!((&told["verdict"], told["faults"].as_array().unwrap().len()), (&json!("unreadable"), 1));
    let fault = &told["faults"][0];
    assert_eq!(
        (&fault["key"], &fault["message"]),
        (&json!("package.property_line"), &json!(error.to_string()))
    );
    assert_eq!(fault["values"]["expected"]["values"]["near"]["key"], "expected.near");
}

#[test]
fn all_faults_are_told_at_once() {
    let json = json!({
        "name": "Forms", "version": 1, "created": "today", "licenses": [{ "path": "javascript:x" }], "contributors": [7],
        "resources": [
            { "name": "charges", "path": "/charges.csv", "encoding": "x", "dialect": { "quoteChar": "'" } }, { "path": "x" },
        ],
        "chargesheet": { "kind": "reported", "measures": ["people"], "additive": ["yaer"], "aditive": 1, "notes": 7 },
    });
    let said = faults(&json).join("\n");
    for word in [
        "name is \"Forms\"",
        "title is missing",
        "version is 1;",
        "created is",
        "licenses.path",
        "contributors is 7",
        "sources is missing",
        "resources.path is \"/charges.csv\"",
        "resources.encoding",
        "resources.dialect.quoteChar",
        "resources.name is missing",
        "people",
        "declares no resource \"counts\"",
        "time_basis is missing",
        "disclosure is missing",
        "did you mean \"year\"",
        "did you mean \"additive\"",
        "chargesheet.notes is 7",
    ] {
        assert!(said.contains(word), "no {word} in:\n{said}");
    }
}
