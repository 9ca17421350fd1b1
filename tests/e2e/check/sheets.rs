//! Sheets become a package in the page: what is asked, what is answered, and what comes out.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::archive;
use e2e::browser::Browser;
use e2e::empty_folder;
use e2e::repository;
use e2e::service::Service;
use serde_json::Value;

use super::speed::as_workbook;
use super::ways::large;
use super::{FILES, FOLDER, checked, command, opened, saved};

pub(super) fn sheet(case: &str, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| repository().join("tests/sheets").join(case).join(name)).collect()
}

pub(super) const FORM: &str = "for (const [name, text] of Object.entries({ name: 'own-cases', title: 'Own cases', source: 'Files of courts', \
    caveat: 'Only the cases that are known.' })) document.getElementById(`form-${name}`).value = text;";

pub(super) fn click(browser: &Browser, text: &str) {
    browser.click(&format!(
        "[...document.querySelectorAll('#result button')].find((one) => one.textContent.includes({text:?}))"
    ));
}

/// Waits until the page shows a heading, and returns the text of the page.
pub(super) fn told(browser: &Browser, heading: &str) -> String {
    browser.wait_until(&format!(
        "document.getElementById('work').hidden && document.querySelector('#said h2')?.textContent.includes({heading:?})"
    ));
    browser.text("document.querySelector('main').innerText")
}

/// Returns the files of a ZIP file, by name.
pub(super) fn files_of(zip: &[u8]) -> Vec<(String, String)> {
    let entries = fs::read_dir(archive::unpacked(zip)).expect("it is unpacked").map_while(Result::ok);
    let read = |path: &Path| fs::read_to_string(path).expect("the files of a package are text");
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), read(&entry.path()))).collect()
}

pub(super) fn named<'f>(files: &'f [(String, String)], name: &str) -> &'f str {
    files.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str()).unwrap_or_default()
}

#[test]
fn a_sheet_with_the_mapping_and_the_key_of_the_last_time_needs_no_answer() {
    let service = Service::start();
    let browser = opened(&service, "en");
    let picked = sheet("01-russian-list", &["sheet.xlsx", "statutes.csv", "mapping.json", "key.txt"]);
    let expected = repository().join("tests/sheets/01-russian-list/expected");
    assert_eq!(checked(&browser, FILES, &picked), "asked");
    // The mapping of the case says nothing of the package.
    if browser.value("document.getElementById('form-name') !== null") == true {
        browser.value(&format!("{{ {FORM} }}"));
        click(&browser, "Make the package");
    }
    told(&browser, "package is made");
    let files = files_of(&saved(&browser, "(ZIP)", "package.zip"));
    for name in ["charges.csv", "statutes.csv"] {
        let by_hand = fs::read_to_string(expected.join(name)).expect("the case has it");
        assert_eq!(named(&files, name), by_hand, "{name}");
    }
    click(&browser, "Draw the charts");
    browser.wait_until("document.querySelectorAll('#preview img').length > 1");
    browser.wait_until(
        "[...document.querySelectorAll('#preview img')].every((one) => one.complete && one.naturalWidth > 0)",
    );
    browser.assert_console_clean();
}

#[test]
fn what_nobody_knows_is_asked_and_no_name_leaves_but_with_the_refused_rows() {
    let service = Service::start();
    let browser = opened(&service, "en");
    let names = ["Person A01", "Person A02", "Person A17"];
    let picked = sheet("01-russian-list", &["sheet.xlsx", "statutes.csv"]);
    assert_eq!(checked(&browser, FILES, &picked), "asked");
    let mut seen = told(&browser, "Questions about your sheet");
    browser.run(
        "for (const field of document.querySelectorAll('.asked select')) {\n\
           const values = [...field.options].map((one) => one.value);\n\
           field.value = values.includes('p') ? 'p' : values.includes('d') ? 'd' : field.value;\n\
         }",
        Vec::new(),
    );
    click(&browser, "Go on");
    seen += &told(&browser, "need a key");
    let key = saved(&browser, "Make a key", "chargesheet-key.txt");
    assert!(String::from_utf8_lossy(&key).starts_with("chargesheet-key 1\n"));
    seen += &told(&browser, "All questions are answered");
    browser.value(&format!("{{ {FORM} }}"));
    click(&browser, "Make the package");
    seen += &told(&browser, "package is made");
    let report = String::from_utf8(saved(&browser, "(JSON)", "report.json")).expect("JSON is text");
    let parsed: Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!(parsed["tables"][0]["read"], 21);
    let files = files_of(&saved(&browser, "(ZIP)", "package.zip"));
    assert!(named(&files, "charges.csv").contains(",D-"), "{files:?}");
    let digits = String::from_utf8_lossy(&key).lines().nth(1).expect("the key").to_owned();
    let stored =
        browser.text("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
    let texts = files.iter().map(|(_, text)| text).chain([&report, &seen, &stored]);
    for text in texts {
        for name in names.iter().copied().chain([digits.as_str()]) {
            assert!(!text.contains(name), "{name}: {text}");
        }
    }
    browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn an_answer_that_is_none_is_asked_again_and_a_column_can_be_changed() {
    let service = Service::start();
    let browser = opened(&service, "ru");
    let picked = sheet("03-kazakh-ods", &["sheet.ods", "statutes.csv"]);
    assert_eq!(checked(&browser, FILES, &picked), "asked");
    let wrong = "const field = [...document.querySelectorAll('.asked select')].find((one) => one.value === 'dismissed');\n\
        field.value = '';";
    browser.run(wrong, Vec::new());
    click(&browser, "Дальше");
    browser.wait_until("document.querySelector('.asked .wrong') !== null");
    // The column of outcomes is left out: every row lacks one then.
    let before = browser.value("document.querySelectorAll('.columns select').length");
    browser.run(
        "const field = [...document.querySelectorAll('.columns select')].find((one) => one.value === 'outcome');\n\
         field.value = '-'; field.dispatchEvent(new Event('change'));",
        Vec::new(),
    );
    browser.wait_until(
        "![...document.querySelectorAll('.columns select')].some((one) => one.value === 'outcome')",
    );
    assert_eq!(browser.value("document.querySelectorAll('.columns select').length"), before);
    browser.assert_console_clean();
}

#[test]
fn what_a_value_of_ones_own_means_is_chosen_from_a_list_and_the_value_stands_in_no_file() {
    let folder = empty_folder("check-own-values");
    let sheet = folder.join("list.csv");
    let rows = "case_id,country,statute,date_charged,outcome,defendant_id,role\n\
        1,KAZ,KAZ-CC-274,2020-05-17,fined Zvanov,1,\n2,KAZ,KAZ-CC-274,2021,convicted,2,who knows\n";
    fs::write(&sheet, rows).expect("target/ can be written");
    let service = Service::start();
    let browser = opened(&service, "ru");
    assert_eq!(checked(&browser, FILES, &[sheet]), "asked");
    let seen = browser.text("document.querySelector('main').innerText");
    assert!(seen.contains("fined Zvanov") && seen.contains("who knows"), "{seen}");
    browser.run(
        "const [outcome, role] = document.querySelectorAll('.asked select');\n\
         outcome.value = 'convicted'; role.value = '#empty';",
        Vec::new(),
    );
    click(&browser, "Дальше");
    let seen = told(&browser, "На все вопросы есть ответ");
    assert!(seen.contains("ключ"), "{seen}");
    browser.value(&format!("{{ {FORM} }}"));
    click(&browser, "Собрать пакет");
    told(&browser, "Пакет собран");
    let files = files_of(&saved(&browser, "(ZIP)", "package.zip"));
    let lines: Vec<&str> = named(&files, "charges.csv").lines().skip(1).collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("convicted")), "{lines:?}");
    let report = String::from_utf8(saved(&browser, "(JSON)", "report.json")).expect("JSON is text");
    for text in files.iter().map(|(_, text)| text).chain([&report]) {
        assert!(!text.to_lowercase().contains("zvanov") && !text.contains("who knows"), "{text}");
    }
    browser.assert_console_clean();
}

#[test]
fn a_package_of_workbooks_has_the_report_of_the_command_line() {
    let service = Service::start();
    let browser = opened(&service, "ru");
    let folder = large("check-workbooks", 40);
    let charges = fs::read_to_string(folder.join("charges.csv")).unwrap();
    // One row is wrong, and one comes twice.
    let twice = charges.lines().last().unwrap();
    let charges = charges.replacen("2020-03-01", "2020-03-41", 1) + twice + "\n";
    fs::write(folder.join("charges.csv"), charges).unwrap();
    let workbook = as_workbook(&folder, "check-workbooks-xlsx");
    assert_eq!(checked(&browser, FOLDER, std::slice::from_ref(&workbook)), "reject_rows");
    let report = saved(&browser, "(JSON)", "report.json");
    assert!(report == command(&workbook, &["--json"]).stdout, "{}", String::from_utf8_lossy(&report));
    // It is that of the same rows as CSV.
    let csv = command(&folder, &["--json"]).stdout;
    assert_eq!(String::from_utf8_lossy(&report).replace(".xlsx", ".csv"), String::from_utf8_lossy(&csv));
}
