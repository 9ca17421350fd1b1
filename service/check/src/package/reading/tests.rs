//! Tests of what a descriptor may say, in the spellings of other programs, and of the message for what it may not.

mod faults;

use encoding_rs::Encoding;
use serde_json::json;

use self::faults::{faults, good, read_lines};
use super::*;

/// Returns the only fault of a descriptor whose property at `pointer` has this value.
fn fault(pointer: &str, value: Value) -> String {
    let mut json = good();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap()[name] = value;
    let faults = faults(&json);
    assert_eq!(faults.len(), 1, "{pointer}: {faults:#?}");
    let (place, said) = faults[0].split_once(": ").unwrap();
    assert!(place.starts_with("datapackage.json of forms, line "), "{place}");
    said.to_owned()
}

#[test]
fn what_other_programs_write_is_taken() {
    let resource = |more: Value| {
        let mut json = good();
        let own = json["resources"][0].as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        read_lines(&json).unwrap().resources[0].clone()
    };
    for (written, path) in [
        (json!("./charges.csv"), "charges.csv"),
        (json!("data\\charges.csv"), "data/charges.csv"),
        (json!(".\\data\\charges.csv"), "data/charges.csv"),
        (json!("data//./charges.csv"), "data/charges.csv"),
        (json!(["charges.csv"]), "charges.csv"),
    ] {
        assert_eq!(resource(json!({ "path": written })).path, path, "{written}");
    }
    for (label, name) in [
        ("UTF8", None),
        ("utf_8_sig", None),
        (" utf-8 ", None),
        ("cp1251", Some("windows-1251")),
        ("windows_1251", Some("windows-1251")),
        ("iso8859_5", Some("ISO-8859-5")),
        ("latin_1", Some("windows-1252")),
        ("utf_16_le", Some("UTF-16LE")),
        ("koi8_r", Some("KOI8-R")),
        ("shift_jis", Some("Shift_JIS")),
    ] {
        let found = resource(json!({ "encoding": label })).encoding.map(Encoding::name);
        assert_eq!(found, name, "{label}");
    }
    let dialect = json!({ "csv": { "delimiter": ";", "quoteChar": "\"", "skipInitialSpace": false } });
    assert_eq!(resource(json!({ "dialect": dialect })).delimiter, Some(b';'));
    let usual = json!({ "delimiter": "\t", "header": true, "headerRows": [1], "commentRows": [], "lineTerminator": "\r\n" });
    assert_eq!(resource(json!({ "dialect": usual, "bytes": 7, "hash": null })).delimiter, Some(b'\t'));
    let mut more = good();
    more["resources"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "codes", "path": "https://example.org/codes.xlsx" }));
    more["homepage"] = json!("https://example.org");
    more["profile"] = json!("tabular-data-package");
    assert_eq!(faults(&more), [""; 0]);
}

#[test]
fn a_name_begins_with_a_letter_or_digit_and_is_no_file_of_a_store() {
    for (name, said) in [
        (".hidden", "it begins with a dot, begin with a lower-case letter or digit, such as \"hidden\""),
        ("..", "it begins with a dot, begin with a lower-case letter or digit"),
        ("--help", "it begins with a hyphen, begin with a lower-case letter or digit, such as \"help\""),
        ("-x", "it begins with a hyphen, begin with a lower-case letter or digit, such as \"x\""),
        ("_.a.", "it begins with an underscore, begin with a lower-case letter or digit, such as \"a\""),
        ("a.", "it ends with a dot, leave it out, such as \"a\""),
        ("chargesheet-store.json", "a file of every store has this name, choose another"),
        ("", "use lower-case letters, digits, `.`, `_` and `-`"),
    ] {
        assert_eq!(fault("/name", json!(name)), format!("name is {name:?}; {said}"));
    }
    let mut json = good();
    json["name"] = json!(".Hidden");
    assert_eq!(faults(&json).len(), 2, "all that is wrong is told: {:?}", faults(&json));
    for name in ["a", "1", "a-", "a_", "2026.charges_v1-2", "releases.json", "chargesheet-store", "a..b"] {
        json["name"] = json!(name);
        assert_eq!(faults(&json), [""; 0], "{name}");
    }
}

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
fn complete_outcomes_are_codes_of_the_list_and_disjoint() {
    let reported = |codes: Value| {
        let mut json = good();
        let names = ["statutes", "sources", "counts"];
        json["resources"] = names.map(|name| json!({ "name": name, "path": format!("{name}.csv") })).into();
        json["chargesheet"]["kind"] = "reported".into();
        json["chargesheet"]["complete_outcomes"] = codes;
        json
    };
    let read = |codes| read_lines(&reported(codes)).unwrap();
    let codes = ["convicted", "acquitted", "medical-measures"];
    assert_eq!(read(json!(codes)).complete_outcomes(), codes);
    let plain = serde_json::to_value(read(Value::Null)).unwrap();
    assert!(plain.get("complete_outcomes").is_none(), "{plain}");
    for (codes, expected) in [
        (
            json!(["convicted", "aquitted"]),
            "\"aquitted\"; expected codes of the list of outcomes; did you mean \"acquitted\"?",
        ),
        (
            json!(["convicted", "acquitted", "convicted"]),
            "\"convicted\"; it stands there already, name each outcome once",
        ),
        (
            json!(["fined", "acquitted", "convicted"]),
            "\"fined\"; it is a part of \"convicted\", which stands there too",
        ),
        (json!(["convicted"]), "\"convicted\"; name at least two outcomes, or leave it out"),
        (json!([]), "\"\"; name at least two outcomes, or leave it out"),
        (json!("convicted"), "\"convicted\"; write a list: […]"),
        (json!(["convicted", 1]), "1; write it as text, in quotes"),
    ] {
        let faults = faults(&reported(codes.clone()));
        assert_eq!(faults.len(), 1, "{codes}: {faults:#?}");
        assert!(
            faults[0].contains("chargesheet.complete_outcomes") && faults[0].contains(expected),
            "{}",
            faults[0]
        );
    }
    let of_cases = fault("/chargesheet/complete_outcomes", json!(["convicted", "acquitted"]));
    assert!(of_cases.contains("only reported figures need it"), "{of_cases}");
}

#[test]
fn the_first_chart_is_a_question_of_known_parameters() {
    let started = |start: Value| {
        let mut json = good();
        json["chargesheet"]["start"] = start;
        json
    };
    let question = "by=year&statute=KAZ-CC-274&outcome=registered&type=line";
    let read = |start| read_lines(&started(start)).unwrap();
    assert_eq!(read(json!(question)).chargesheet.start, question);
    assert_eq!(serde_json::to_value(read(json!(question))).unwrap()["start"], question);
    // A manifest without it has the bytes that it had before there was such a property.
    for none in [Value::Null, json!("")] {
        assert!(serde_json::to_value(read(none)).unwrap().get("start").is_none());
    }
    for (start, expected) in [
        (
            json!("by=year&outcom=charged"),
            "\"outcom\" is no parameter of a question, expected one of by, country",
        ),
        (json!("by=year&outcom=charged"), "did you mean \"outcome\"?"),
        (json!("?by=year"), "\"?by\" is no parameter of a question"),
        (json!("by=year&"), "\"\" is no parameter of a question"),
        (json!("by=year&theme=dark"), "\"theme\" is no parameter of a question"),
        (json!(["by=year"]), "write it as text, in quotes"),
    ] {
        let fault = fault("/chargesheet/start", start.clone());
        assert!(fault.starts_with("chargesheet.start is ") && fault.contains(expected), "{start}: {fault}");
    }
}

#[test]
fn a_package_describes_itself_and_its_areas_in_several_languages() {
    let mut json = good();
    json["description"] = "Cases".into();
    let plain = serde_json::to_value(read_lines(&json).unwrap()).unwrap();
    for name in ["description_ru", "description_kk", "areas"] {
        assert!(plain.get(name).is_none(), "{name}: {plain}");
    }
    json["chargesheet"]["description_ru"] = "Дела".into();
    json["chargesheet"]["areas"] = json!({ "ru": { "I\u{302}le": "Остров" } });
    let read = read_lines(&json).unwrap();
    let [ru, kk] = [Language::RUSSIAN, Language::KAZAKH];
    assert_eq!((read.descriptions().get(ru), read.descriptions().get(kk)), ("Дела", "Cases"));
    // The code of an area is stored in Unicode NFC.
    assert_eq!((read.area_name("\u{ce}le", ru), read.area_name("\u{ce}le", kk)), (Some("Остров"), None));
    for (areas, expected) in [
        (json!({ "rus": {} }), "chargesheet.areas is \"rus\"; expected one of the languages en, ru, kk"),
        (
            json!({ "ru": "Остров" }),
            "chargesheet.areas.ru is \"Остров\"; write an object with the code of each area",
        ),
        (json!({ "ru": { "Île": 1 } }), "chargesheet.areas.ru is an object; write an object with the code"),
        (json!(["Остров"]), "chargesheet.areas is a list; write an object with a language in front of each"),
    ] {
        let fault = fault("/chargesheet/areas", areas.clone());
        assert!(fault.starts_with(expected), "{areas}: {fault}");
    }
}

#[test]
fn only_the_web_is_an_address() {
    for address in
        ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "LICENSE.md"]
    {
        for (pointer, value) in [
            ("/licenses", json!([{ "name": "X", "path": address }])),
            ("/sources", json!([{ "title": "X", "path": address }])),
            ("/contributors", json!([{ "title": "X", "path": address }])),
            ("/homepage", json!(address)),
        ] {
            let said = fault(pointer, value);
            assert!(said.contains(address) && said.contains("https://"), "{pointer}: {said}");
        }
    }
}

#[test]
fn charges_may_be_in_several_files_of_parquet() {
    let with = |more: Value| {
        let mut json = good();
        json["resources"][0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json
    };
    let both = json!(["c/1.parquet", ".\\c\\2.parquet"]);
    let read = read_lines(&with(json!({ "path": both }))).unwrap();
    let files: Vec<_> = read.files_of("charges").map(|file| (file.path.as_str(), file.is_parquet)).collect();
    assert_eq!(files, [("c/1.parquet", true), ("c/2.parquet", true)]);
    let folder = read_lines(&with(json!({ "path": "c/", "format": "parquet" }))).unwrap();
    assert_eq!(
        folder.resource("charges").map(|file| (file.path.as_str(), file.is_parquet)),
        Some(("c", true))
    );
    for (more, words) in [
        (
            json!({ "path": ["a.parquet", "b.csv"] }),
            "resources.path is a list of 2; write one path; only charges may be",
        ),
        (
            json!({ "path": both, "bytes": 7 }),
            "resources.bytes is 7; charges in several files have no size or digest",
        ),
        (
            json!({ "path": ["a.parquet", "../b.parquet"] }),
            "resources.path is \"../b.parquet\"; name a file below",
        ),
        (json!({ "path": [] }), "resources.path is a list"),
    ] {
        let faults = faults(&with(more));
        assert!(faults.len() == 1 && faults[0].contains(words), "{faults:#?}");
    }
}
