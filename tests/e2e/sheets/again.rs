//! The next list: what a mapping and its key keep, and what is asked first.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use e2e::service::{program, run};
use e2e::{empty_folder, text};
use serde_json::{Value, json};

use crate::publish::commands::{stderr, stdout};

/// Writes a list of 12 charges with these columns: `A` and `B` have headings that stand in no list.
fn list(path: &Path, columns: &str, outcome: &str) {
    let mut csv = columns.replace('A', "Наша карточка").replace('B', "Фигурант наш №") + "\n";
    for row in 0..12 {
        let field = |column| match column {
            "A" | "case_id" => (100 + row / 3).to_string(),
            "B" | "defendant_id" => (700 + row).to_string(),
            "country" => "KAZ".to_owned(),
            "statute" => "KAZ-CC-274".to_owned(),
            "date_charged" => format!("2022-05-{}", 13 + row),
            "outcome" => if row == 0 { outcome } else { "convicted" }.to_owned(),
            _ => "x".to_owned(),
        };
        csv += &(columns.split(',').map(field).collect::<Vec<String>>().join(",") + "\n");
    }
    std::fs::write(path, csv).expect("the list is written");
}

fn json_of(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).expect("it is JSON")
}

/// Runs `init` on a terminal, in a folder, with what somebody types, and then closes the terminal.
fn typed(folder: &Path, arguments: &str, lines: &[&str]) -> Output {
    let typed = folder.join("typed.txt");
    std::fs::write(&typed, lines.iter().map(|line| format!("{line}\n")).collect::<String>())
        .expect("the lines are written");
    Command::new("script")
        .args(["-qec", &format!("{} init {arguments}", program().display()), "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::from(std::fs::File::open(&typed).expect("it was written")))
        .output()
        .expect("script, of util-linux, runs")
}

const COLUMNS: &str = "A,B,country,statute,date_charged,outcome";

#[test]
fn letters_of_another_sheet_are_refused_when_nobody_answers() {
    let folder = empty_folder("init-letters");
    let (sheet, kept) = (folder.join("a.csv"), folder.join("a.mapping.json"));
    list(&sheet, COLUMNS, "convicted");
    let make = |sheet: &str, mapping: Option<&Path>, out: &str| {
        let (sheet, out) = (folder.join(sheet), folder.join(out));
        let mut arguments = vec!["init", "--yes", text(&sheet), "--out", text(&out)];
        arguments.extend(mapping.iter().flat_map(|path| ["--mapping", text(path)]));
        run(&arguments)
    };
    // What a run leaves that nobody answered has the layout, so that letters can be written into it.
    assert_eq!(make("a.csv", None, "a").status.code(), Some(3));
    let mut mapping = json_of(&kept);
    let columns = &mut mapping["tables"][0]["columns"];
    columns["case_id"] = json!({ "from": "#A" });
    columns["defendant_id"] = json!({ "from": "#B" });
    mapping["package"] = json!({
        "name": "x", "title": "X", "licenses": [{ "name": "CC-BY-4.0" }], "sources": [{ "title": "s" }],
        "chargesheet": {
            "kind": "case-level", "measures": ["persons", "cases"], "time_basis": "charge", "additive": ["year"],
            "disclosure": "none", "caveats": { "en": ["x"] },
        },
    });
    std::fs::write(&kept, mapping.to_string()).unwrap();
    let output = make("a.csv", Some(&kept), "made");
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let charges = std::fs::read_to_string(folder.join("made/charges.csv")).unwrap();
    assert!(charges.contains("100,700") || charges.contains("700,100"), "{charges}");
    for (number, columns) in [
        "B,A,country,statute,date_charged,outcome",
        "other,A,B,country,statute,date_charged,outcome",
        "A,B,other,country,statute,date_charged,outcome",
    ]
    .into_iter()
    .enumerate()
    {
        list(&folder.join("b.csv"), columns, "convicted");
        let out = format!("b{number}");
        let output = make("b.csv", Some(&folder.join("made/mapping.json")), &out);
        let said = stdout(&output) + &stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{columns}: {said}");
        assert!(said.contains("others than when the mapping was made"), "{columns}: {said}");
        assert!(said.contains("which column is #A") && !said.contains("Наша"), "{columns}: {said}");
        assert!(!folder.join(&out).exists(), "{columns}");
        let left = &json_of(&folder.join(format!("{out}.mapping.json")))["tables"][0];
        assert_ne!(left["layout"], mapping["tables"][0]["layout"], "{columns}");
        assert!(!left.to_string().contains("\"#A\""), "{left}");
    }
}

#[test]
fn an_answer_is_kept_by_its_new_key_when_a_run_ends_early() {
    let folder = empty_folder("init-early");
    list(&folder.join("a.csv"), &COLUMNS.replace('A', "case_id").replace('B', "defendant_id"), "ours Zvanov");
    let output = typed(&folder, "a.csv --out made --key my.key", &["acquitted", "not a name"]);
    let said = stdout(&output);
    assert!(said.contains("what is \"ours Zvanov\"?") && said.contains("name of the dataset"), "{said}");
    assert!(said.contains("a new key was made") && !folder.join("made").exists(), "{said}");
    let kept = folder.join("made.mapping.json");
    let outcome = json_of(&kept)["tables"][0]["columns"]["outcome"].clone();
    let by_key = outcome["by_key"].as_object().unwrap_or_else(|| panic!("{outcome}"));
    assert_eq!(by_key.values().collect::<Vec<_>>(), ["acquitted"]);
    assert!(!outcome.to_string().contains("vanov"), "{outcome}");

    // Without its key, nobody is asked anything.
    let other = std::fs::read_to_string(folder.join("my.key")).unwrap();
    let other = other
        .lines()
        .enumerate()
        .map(|(line, text)| if line == 1 { "7".repeat(64) } else { text.to_owned() });
    std::fs::write(folder.join("other.key"), other.collect::<Vec<_>>().join("\n")).unwrap();
    for (key, words) in [
        ("", "kept by a key"),
        (" --key none.key", "none.key"),
        (" --key other.key", "this key is another one"),
    ] {
        for yes in ["", " --yes"] {
            let arguments = format!("a.csv --out made --mapping made.mapping.json{key}{yes}");
            let said = stdout(&typed(&folder, &arguments, &["acquitted"]));
            assert!(said.contains(words) && said.contains("nothing was made"), "{arguments}: {said}");
            assert!(!said.contains("what is") && !said.contains("question"), "{arguments}: {said}");
        }
    }
    assert!(!folder.join("none.key").exists() && !folder.join("made-2.mapping.json").exists());

    // With it, only what is open is asked, and neither the licence nor the source needs an address.
    let answers = ["cases", "Cases", "CC-BY-4.0", "", "an office", "-", "Only what the office wrote."];
    let output = typed(&folder, "a.csv --out made --mapping made.mapping.json --key my.key", &answers);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("what is \"ours"), "{said}");
    assert!(std::fs::read_to_string(folder.join("made/charges.csv")).unwrap().contains("acquitted"));
    let descriptor = json_of(&folder.join("made/datapackage.json"));
    assert_eq!(descriptor["licenses"], json!([{ "name": "CC-BY-4.0" }]));
    assert_eq!(descriptor["sources"], json!([{ "title": "an office" }]));
}
