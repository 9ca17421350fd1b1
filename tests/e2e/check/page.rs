//! What the page says of a package is what the command line says, byte for byte.

use std::path::PathBuf;

use e2e::archive;
use e2e::draft::Draft;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::{case, empty_folder};
use serde_json::Value;

use super::{FILES, FOLDER, checked, command, opened, saved};

/// Packages of every verdict, each as a folder.
fn folders() -> Vec<(&'static str, PathBuf)> {
    let unreadable = {
        let mut package = Package::figures();
        package.descriptor["version"] = Value::from(1);
        package.descriptor["chargesheet"]["kind"] = Value::from("reportd");
        package.write()
    };
    // Browsers decode other encodings by themselves. Greek has no letter at this place, though ICU and Node know one.
    let greek = Draft::new("page-greek").charge(&[("sentence", "a MARK fine")]);
    let greek = greek.declaring("encoding", Value::from("windows-1253"));
    let (before, after) = greek
        .charges()
        .split_once("MARK")
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .expect("it is there");
    let greek = greek.write_as(&[before.as_bytes(), b"\xaa", after.as_bytes()].concat());
    let lacking = Package::cases().write();
    std::fs::remove_file(lacking.join("charges.csv")).expect("target/ can be written");
    vec![
        ("accept", case("good-cases")),
        ("accept", case("good-figures")),
        ("accept_with_warning", Draft::new("page-warned").line("").write()),
        ("reject_rows", Draft::new("page-rows").charge(&[("country", "Kazakhstan")]).write()),
        ("reject_rows", greek),
        ("reject_file", case("bad-rows")),
        ("unreadable", unreadable),
        ("unreadable", lacking),
    ]
}

#[test]
fn the_page_says_what_the_command_says() {
    let service = Service::start();
    let browser = opened(&service, "en");
    for (verdict, folder) in folders() {
        assert_eq!(checked(&browser, FOLDER, std::slice::from_ref(&folder)), verdict, "{}", folder.display());
        let said = command(&folder, &["--json"]).stdout;
        let report = saved(&browser, "(JSON)", "report.json");
        assert!(report == said, "{}: {}", folder.display(), String::from_utf8_lossy(&report));
        // What is shown is read from the same report.
        let json: Value = serde_json::from_slice(&said).expect("the report is JSON");
        let shown = browser.text("document.querySelector('main').innerText");
        for file in json["files"].as_array().into_iter().flatten() {
            assert!(shown.contains(file["name"].as_str().unwrap_or_default()), "{shown}");
        }
        let told = json["groups"].as_array().or(json["faults"].as_array()).into_iter().flatten();
        for group in told {
            // What stands between backticks is shown as code.
            let message = group["message"].as_str().unwrap_or_default().replace('`', "");
            assert!(shown.contains(&message), "{group}: {shown}");
        }
    }
    assert!(browser.cookies().is_empty());
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn loose_files_a_zip_file_and_a_dropped_folder_are_the_same_package() {
    let service = Service::start();
    let browser = opened(&service, "en");
    let folder = case("bad-rows");
    let said = command(&folder, &["--json"]).stdout;
    let files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the case is there")
        .map(|entry| entry.expect("the case can be read").path())
        .collect();
    let zipped = archive::zipped(&folder, "bad-rows.zip");
    let mut ways: Vec<(&str, Vec<PathBuf>)> = vec![("loose", files), ("zip", vec![zipped])];
    ways.push(("folder", vec![folder.clone()]));
    for (way, picked) in &ways {
        let field = if *way == "folder" { FOLDER } else { FILES };
        assert_eq!(checked(&browser, field, picked), "reject_file", "{way}");
        assert!(saved(&browser, "(JSON)", "report.json") == said, "{way}");
    }
    // Anywhere on the page, also beside the field.
    for (way, picked) in &ways {
        browser.open(&format!("{}/check", service.base));
        browser.drop_at(600.0, 60.0, picked);
        browser.wait_until(super::ENDED);
        assert!(saved(&browser, "(JSON)", "report.json") == said, "{way}");
    }
    browser.assert_console_clean();
}

#[test]
fn refused_rows_are_those_that_the_command_keeps() {
    let service = Service::start();
    let browser = opened(&service, "ru");
    let folder = case("bad-rows");
    checked(&browser, FOLDER, std::slice::from_ref(&folder));
    let kept = empty_folder("check-quarantine");
    command(&folder, &["--quarantine", kept.to_str().expect("the path is UTF-8")]);
    let rows = saved(&browser, "charges.csv", "refused-charges.csv");
    assert!(rows == std::fs::read(kept.join("charges.csv")).expect("the command keeps it"));
    // Beside the button stands what is in it.
    assert!(browser.text("document.querySelector('#result .notice').innerText").contains("имена"));
}

#[test]
fn what_is_no_package_is_told_with_what_to_do_in_each_language() {
    let folder = empty_folder("check-no-package");
    let write = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("target/ can be written");
        path
    };
    let sheet = write("list.xlsx", b"PK\x03\x04");
    let parquet = write("charges.parquet", b"PAR1PAR1");
    let old = write("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let service = Service::start();
    for (language, words) in [
        (
            "en",
            [
                "its archive is broken; open it in a spreadsheet program and save it again",
                "chargesheet check FOLDER",
                "save it as XLSX",
            ],
        ),
        ("ru", ["сохраните заново", "chargesheet check FOLDER", "сохраните как XLSX"]),
        ("kk", ["қайта сақтаңыз", "chargesheet check FOLDER", "XLSX, ODS немесе CSV UTF-8 түрінде"]),
    ] {
        let browser = opened(&service, language);
        for (path, word) in [&sheet, &parquet, &old].into_iter().zip(words) {
            assert_eq!(checked(&browser, FILES, std::slice::from_ref(path)), "unreadable");
            let said = browser.text("document.getElementById('said').innerText");
            assert!(said.contains(word), "{language} {word}: {said}");
        }
    }
}

#[test]
fn problems_are_told_in_the_readers_language() {
    let service = Service::start();
    for language in ["ru", "kk"] {
        let browser = opened(&service, language);
        checked(&browser, FOLDER, &[case("bad-rows")]);
        let told = browser.value(
            "[...document.querySelectorAll('.problems td:nth-child(3)')].map((cell) => cell.innerText)",
        );
        let told = told.as_array().cloned().unwrap_or_default();
        assert!(told.len() > 8, "{told:?}");
        for sentence in told {
            let sentence = sentence.as_str().unwrap_or_default();
            assert!(sentence.chars().any(|letter| ('а'..='я').contains(&letter)), "{language}: {sentence}");
        }
    }
}
