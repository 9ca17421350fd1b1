//! Where `init` makes a package, keeps refused rows, and makes a key.

use std::path::Path;

use e2e::service::run;
use e2e::{empty_folder, text};
use serde_json::Value;

use super::{init, sheets};
use crate::publish::commands::{stderr, stdout};

#[test]
fn no_quarantine_no_key_and_no_sheet_lies_in_the_package() {
    let case = sheets().join("06-errors-and-rich-text");
    let folder = empty_folder("init-inside");
    let out = folder.join("package");
    for (option, path) in [("--quarantine", out.join("refused")), ("--key", out.join("../package/key.txt"))] {
        let output = init(&case, &out, &[option, text(&path)]);
        assert!(stderr(&output).contains("would lie in the package"), "{option}: {}", stderr(&output));
        assert!(!out.exists());
    }
    // A link that leads nowhere yet would lead into the package as soon as that is made.
    let link = folder.join("link");
    for place in ["package/refused", "package"] {
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(folder.join(place), &link).unwrap();
        for option in ["--quarantine", "--key"] {
            let output = init(&case, &out, &[option, text(&link)]);
            assert!(stderr(&output).contains("leads nowhere"), "{option} {place}: {}", stderr(&output));
            assert!(!out.exists());
        }
    }
    std::fs::remove_file(&link).unwrap();
    std::fs::create_dir_all(&out).unwrap();
    std::os::unix::fs::symlink(&out, &link).unwrap();
    let output = init(&case, &out, &["--quarantine", text(&link.join("refused"))]);
    assert!(stderr(&output).contains("would lie in the package"), "{}", stderr(&output));
    let output = init(&case, &link, &["--quarantine", text(&out.join("refused"))]);
    assert!(stderr(&output).contains("would lie in the package"), "{}", stderr(&output));
    // The list of cases itself.
    let sheet = out.join("cases.xlsx");
    std::fs::copy(case.join("sheet.xlsx"), &sheet).unwrap();
    let output = run(&["init", "--yes", text(&sheet), "--out", text(&out)]);
    assert!(stderr(&output).contains("would lie in the package"), "{}", stderr(&output));
}

#[test]
fn a_package_is_made_where_nothing_else_lies() {
    let case = sheets().join("06-errors-and-rich-text");
    let folder = empty_folder("init-out");
    let out = folder.join("package");
    assert_eq!(init(&case, &out, &[]).status.code(), Some(1));
    assert_eq!(init(&case, &out, &[]).status.code(), Some(1), "a package that was made before is replaced");
    let quarantine = "\u{feff}\"Names of persons may stand in this file. Never publish it. Keep it where nobody else reads it.\"\n";
    for (name, content) in [("notes.txt", ""), ("key.txt", "chargesheet-key 1"), ("sources.csv", quarantine)]
    {
        let other = out.join(name);
        std::fs::write(&other, content).unwrap();
        let before = std::fs::read(out.join("charges.csv")).unwrap();
        let output = init(&case, &out, &[]);
        assert_eq!(output.status.code(), Some(4), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains(name), "{name}: {}", stderr(&output));
        assert_eq!(std::fs::read(out.join("charges.csv")).unwrap(), before);
        std::fs::remove_file(&other).unwrap();
    }
    std::fs::create_dir(out.join("refused")).unwrap();
    assert!(stderr(&init(&case, &out, &[])).contains("refused"));
    std::fs::remove_dir(out.join("refused")).unwrap();
    std::fs::remove_file(out.join("datapackage.json")).unwrap();
    assert!(stderr(&init(&case, &out, &[])).contains("datapackage.json"));
    let zip = folder.join("other.zip");
    std::fs::write(&zip, "somebody's own").unwrap();
    assert!(stderr(&init(&case, &zip, &[])).contains("is no package"));
    assert_eq!(std::fs::read(&zip).unwrap(), b"somebody's own");
}

#[test]
fn a_key_is_made_where_it_is_missing_and_taken_the_next_time() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = sheets().join("01-russian-list");
    let folder = empty_folder("init-new-key");
    let (key, mapping) = (folder.join("my.key"), folder.join("mapping.json"));
    let mut json: Value = serde_json::from_slice(&std::fs::read(case.join("mapping.json")).unwrap()).unwrap();
    json.as_object_mut().unwrap().remove("key");
    std::fs::write(&mapping, json.to_string()).unwrap();
    let make = |out: &str, mapping: &Path| {
        let (sheet, statutes, out) = (case.join("sheet.xlsx"), case.join("statutes.csv"), folder.join(out));
        let arguments = ["init", "--yes", text(&sheet), text(&statutes), "--mapping", text(mapping)];
        let output = run(&[&arguments[..], &["--key", text(&key), "--out", text(&out)]].concat());
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        (stderr(&output), std::fs::read_to_string(out.join("charges.csv")).unwrap())
    };
    let (told, first) = make("first", &mapping);
    assert!(told.contains("a new key was made: 32 random bytes"), "{told}");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let (told, second) = make("second", &folder.join("first/mapping.json"));
    assert!(!told.contains("a new key") && first == second, "{told}");
}

#[test]
fn no_secret_is_put_into_another_package_and_no_table_of_an_earlier_one_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = sheets().join("06-errors-and-rich-text");
    let folder = empty_folder("init-secrets");
    let (other, out, refused) = (folder.join("other"), folder.join("out"), folder.join("refused"));
    assert_eq!(init(&case, &other, &[]).status.code(), Some(1));
    for arguments in [["--quarantine", text(&other)], ["--quarantine", text(&other.join("in"))]] {
        let output = init(&case, &out, &arguments);
        assert_eq!((output.status.code(), stderr(&output).contains("which is published")), (Some(4), true));
    }
    let output = init(&case, &out, &["--key", text(&other.join("my.key"))]);
    assert!(stderr(&output).contains("which is published"), "{}", stderr(&output));
    assert_eq!(init(&case, &out, &["--quarantine", text(&refused)]).status.code(), Some(1));
    assert_eq!(std::fs::metadata(&refused).unwrap().permissions().mode() & 0o777, 0o700);
    // A list of one's own is no list of refused rows.
    let own = refused.join("charges.csv");
    std::fs::write(&own, "mine").unwrap();
    let output = init(&case, &out, &["--quarantine", text(&refused)]);
    assert!(stderr(&output).contains("holds no refused rows"), "{}", stderr(&output));
    assert_eq!(std::fs::read(&own).unwrap(), b"mine");
    std::fs::write(out.join("counts.csv"), "of an earlier package").unwrap();
    let output = init(&case, &out, &[]);
    assert!(stderr(&output).contains("counts.csv of an earlier package"), "{}", stderr(&output));
}
