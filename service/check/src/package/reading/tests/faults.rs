//! What is not taken: each fault by its cause and with its line, and all at once.

use serde_json::json;

use super::*;

#[test]
fn what_is_not_taken_is_refused_by_its_cause() {
    for (pointer, value, said) in [
        ("/version", json!(1.5), "version is 1.5; write it as text, in quotes"),
        ("/title", Value::Null, "title is missing; write it as text, in quotes"),
        ("/title", json!(["A"]), "title is a list; write it as text, in quotes"),
        ("/name", json!("Forms"), "name is \"Forms\"; use lower-case letters, digits, `.`, `_` and `-`"),
        (
            "/created",
            json!("2026-01-02"),
            "created is \"2026-01-02\"; write a moment such as 2026-11-24T00:00:00Z",
        ),
        ("/licenses", json!([]), "licenses is []; name at least one licence"),
        ("/licenses", json!("CC0"), "licenses is \"CC0\"; write a list: […]"),
        (
            "/resources/0/path",
            json!("../charges.csv"),
            "resources.path is \"../charges.csv\"; name a file below the package's folder",
        ),
        (
            "/resources/0/path",
            json!("..\\charges.csv"),
            "resources.path is \"..\\\\charges.csv\"; name a file below the package's folder",
        ),
        (
            "/resources/0/path",
            json!("C:\\data\\charges.csv"),
            "resources.path is \"C:\\\\data\\\\charges.csv\"; name a file below the package's folder",
        ),
        (
            "/resources/0/path",
            json!("/etc/passwd"),
            "resources.path is \"/etc/passwd\"; name a file below the package's folder",
        ),
        ("/resources/0/path", json!(""), "resources.path is \"\"; name a file below the package's folder"),
        (
            "/resources/0/path",
            json!("https://example.org/charges.csv"),
            "resources.path is \"https://example.org/charges.csv\"; files are not fetched; put it into the package's folder and name it there",
        ),
        (
            "/resources/0/path",
            json!(["a.csv", "b.csv"]),
            "resources.path is a list of 2; write one path; only charges may be in several files, as Parquet",
        ),
        (
            "/resources/1/path",
            json!("statutes.parquet"),
            "resources.path is \"statutes.parquet\"; only charges may be Parquet; write this table as CSV",
        ),
        (
            "/resources/0/encoding",
            json!("utf9"),
            "resources.encoding is \"utf9\"; write a label of the Encoding Standard, such as utf-8 or windows-1251",
        ),
        (
            "/resources/0/bytes",
            json!("7"),
            "resources.bytes is \"7\"; write the size of the file in bytes, a whole number",
        ),
        (
            "/resources/0/dialect",
            json!("dialect.json"),
            "resources.dialect is \"dialect.json\"; write it here, as an object: {\"delimiter\": \";\"}",
        ),
        (
            "/resources/0/dialect",
            json!({ "header": false }),
            "resources.dialect.header is false; only the delimiter may be another than in RFC 4180",
        ),
        (
            "/resources/0/dialect",
            json!({ "csv": { "delimiter": ";;" } }),
            "resources.dialect.delimiter is \";;\"; write one sign, or a tab (\"\\t\")",
        ),
        (
            "/chargesheet/kind",
            json!("reportd"),
            "chargesheet.kind is \"reportd\"; expected one of case-level, reported; did you mean \"reported\"?",
        ),
        ("/chargesheet/disclosure", Value::Null, "chargesheet.disclosure is missing; expected one of none"),
        (
            "/chargesheet/measures",
            json!(["cases", "cases"]),
            "chargesheet.measures is \"cases,cases\"; list each measure once, at least one",
        ),
        (
            "/chargesheet/caveats",
            json!({ "en": "x" }),
            "chargesheet.caveats.en is \"x\"; write a list of sentences, or of {\"text\": \"…\", \"statutes\": [\"…\"]}",
        ),
        (
            "/chargesheet/notes",
            json!({ "xx": "x" }),
            "chargesheet.notes is \"xx\"; expected one of the languages en, ru, kk",
        ),
    ] {
        assert_eq!(fault(pointer, value), said, "{pointer}");
    }
    let long = "n".repeat(300);
    assert!(fault("/name", json!(long)).ends_with("…; it has 300 letters, use at most 200"));
    assert!(fault("/chargesheet/aditive", json!([])).ends_with("; did you mean \"additive\"?"));
    let mut twice = good();
    let again = json!({ "name": "charges", "path": "more.csv" });
    twice["resources"].as_array_mut().unwrap().push(again);
    let said = faults(&twice).join("\n");
    assert!(said.lines().count() == 1 && said.contains("\"charges\"; it is declared twice"), "{said}");
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
