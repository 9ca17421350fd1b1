//! What was answered in the page: it can be changed, a second list is read with it and says so, and nothing typed is lost.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::browser::Browser;
use e2e::empty_folder;
use e2e::service::{Service, run};
use serde_json::{Value, json};

use super::sheets::{FORM, click, files_of, named, sheet, told};
use super::{FILES, checked, opened, saved};

const QUESTIONS: &str = "Questions about your sheet";
const ANSWERED: &str = "All questions are answered";

/// Writes a list with names, without countries, with days that have two readings, and with a word of its own.
fn list(folder: &Path, name: &str, word: &str) -> PathBuf {
    let rows = format!(
        "case_id,ФИО,statute,date_charged,outcome\n1,Zvanov Testov,KAZ-CC-274,03.04.2020,{word}\n\
         2,Probova Shchuka,KAZ-CC-274,05.06.2021,convicted\n"
    );
    let path = folder.join(name);
    fs::write(&path, rows).expect("target/ can be written");
    path
}

/// Answers the question whose sentence has a text.
fn answer(browser: &Browser, of: &str, text: &str) {
    browser.run(
        "const [of, text] = arguments;\n\
         const asked = [...document.querySelectorAll('.asked')].find((one) => one.querySelector('label')?.textContent.includes(of));\n\
         const [field, more] = asked.querySelectorAll('.answer select, .answer input');\n\
         field.value = text.startsWith('=') ? '=' : text;\n\
         field.dispatchEvent(new Event('change'));\n\
         if (text.startsWith('=')) more.value = text.slice(1);",
        vec![json!(of), json!(text)],
    );
}

/// Returns what the fields of the question hold whose sentence has a text.
fn given(browser: &Browser, of: &str) -> Value {
    browser.run(
        "const [of] = arguments;\n\
         const asked = [...document.querySelectorAll('.asked')].find((one) => one.querySelector('label')?.textContent.includes(of));\n\
         return asked ? [...asked.querySelectorAll('.answer select, .answer input')].map((one) => one.value) : null;",
        vec![json!(of)],
    )
}

/// Chooses what a column of the sheet is.
fn assign(browser: &Browser, heading: &str, target: &str) {
    let changed = browser.run(
        "const [heading, target] = arguments;\n\
         const field = [...document.querySelectorAll('.columns select')].find((one) => one.getAttribute('aria-label').includes(heading));\n\
         field.value = target;\n\
         field.dispatchEvent(new Event('change'));\n\
         return field.value;",
        vec![json!(heading), json!(target)],
    );
    assert_eq!(changed, target, "{heading}");
}

/// Answers the questions of a list. `names` is what becomes of the names.
fn answer_all(browser: &Browser, names: &str, word: &str) {
    answer(browser, "ФИО", names);
    answer(browser, "needs country", "=KAZ");
    answer(browser, "date_charged", "d");
    answer(browser, word, "convicted");
    click(browser, "Go on");
}

/// Opens the page with a list whose questions are answered, without names.
fn answered(service: &Service, folder: &str) -> Browser {
    let own = list(&empty_folder(folder), "list.csv", "who knows");
    let browser = opened(service, "en");
    assert_eq!(checked(&browser, FILES, &[own]), "asked");
    answer_all(&browser, "-", "who knows");
    told(&browser, ANSWERED);
    browser
}

/// Makes the package, and returns its ZIP file.
fn made(browser: &Browser) -> Vec<u8> {
    click(browser, "Make the package");
    told(browser, "package is made");
    saved(browser, "(ZIP)", "package.zip")
}

fn assert_charges(zip: &[u8], parts: &[&str]) {
    let files = files_of(zip);
    let charges = named(&files, "charges.csv");
    assert!(parts.iter().all(|part| charges.contains(part)), "{parts:?}: {charges}");
}

#[test]
fn every_answer_is_shown_and_can_be_changed_and_two_packages_beside_a_list_are_refused() {
    let folder = empty_folder("check-changed");
    let own = list(&folder, "list.csv", "who knows");
    let service = Service::start();
    let browser = opened(&service, "en");
    assert_eq!(checked(&browser, FILES, std::slice::from_ref(&own)), "asked");
    answer_all(&browser, "p", "who knows");
    told(&browser, "need a key");
    let key = folder.join("own-key.txt");
    fs::write(&key, saved(&browser, "Make a key", "chargesheet-key.txt")).expect("target/ can be written");
    told(&browser, ANSWERED);
    browser.value(&format!("{{ {FORM} }}"));
    let first = made(&browser);
    assert_charges(&first, &["2020-04-03,convicted", ",D-"]);

    click(&browser, "Change the answers");
    told(&browser, QUESTIONS);
    assert_eq!(given(&browser, "needs country"), json!(["=", "KAZ"]));
    assert_eq!(given(&browser, "date_charged"), json!(["d"]));
    assert_eq!(given(&browser, "who knows"), json!(["convicted"]));
    answer(&browser, "date_charged", "m");
    answer(&browser, "who knows", "acquitted");
    click(&browser, "Go on");
    told(&browser, ANSWERED);
    assert_eq!(browser.text("document.getElementById('form-title').value"), "Own cases");
    let second = made(&browser);
    assert_charges(&second, &["2020-03-04,acquitted", ",D-"]);

    // The same list again keeps the answers, which can be changed.
    assert_eq!(checked(&browser, FILES, std::slice::from_ref(&own)), "asked");
    told(&browser, ANSWERED);
    click(&browser, "Change the answers");
    told(&browser, QUESTIONS);
    assert_eq!(given(&browser, "date_charged"), json!(["m"]));
    assert_eq!(given(&browser, "who knows"), json!(["acquitted"]));

    let keep = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("target/ can be written");
        fs::write(&path, bytes).expect("target/ can be written");
        path
    };
    let (one, other, namesake) =
        (keep("package.zip", &first), keep("other.zip", &second), keep("more/package.zip", &second));
    for (further, expected) in [
        (vec![&one, &key], ANSWERED),
        (vec![&one, &other, &key], "several packages or mappings"),
        (vec![&one, &namesake, &key], "the same name"),
    ] {
        let files: Vec<PathBuf> = [&own].into_iter().chain(further).cloned().collect();
        checked(&browser, FILES, &files);
        let seen = browser.text("document.getElementById('said').innerText");
        assert!(seen.contains(expected), "{expected}: {seen}");
    }
    browser.assert_console_clean();
}

#[test]
fn a_second_list_says_that_it_is_read_with_the_answers_of_the_first_and_a_chosen_key_is_the_key() {
    let folder = empty_folder("check-second-list");
    let first = list(&folder, "first.csv", "who knows");
    let second = list(&folder, "second.csv", "nobody knows");
    let service = Service::start();
    let browser = opened(&service, "en");
    let reused = "document.getElementById('reused')?.textContent ?? ''";
    // What was chosen and never sent is gone.
    assert_eq!(checked(&browser, FILES, std::slice::from_ref(&first)), "asked");
    answer(&browser, "ФИО", "p");
    answer(&browser, "date_charged", "d");
    assert_eq!(checked(&browser, FILES, std::slice::from_ref(&second)), "asked");
    assert_eq!((given(&browser, "ФИО"), given(&browser, "date_charged")), (json!(["-"]), json!([""])));
    assert_eq!(browser.text(reused), "");

    answer_all(&browser, "p", "nobody knows");
    told(&browser, "need a key");
    saved(&browser, "Make a key", "chargesheet-key.txt");
    told(&browser, ANSWERED);
    assert_eq!(checked(&browser, FILES, std::slice::from_ref(&first)), "asked");
    assert!(browser.text(reused).contains("is used for this one too"), "{}", browser.text(reused));
    assert_eq!(given(&browser, "date_charged"), Value::Null);
    assert_eq!(given(&browser, "who knows"), json!([""]));
    click(&browser, "Forget the answers");
    browser.wait_until(
        "document.getElementById('reused') === null && document.querySelector('.asked') !== null",
    );
    assert_eq!((given(&browser, "ФИО"), given(&browser, "date_charged")), (json!(["-"]), json!([""])));

    // Answers with a new key, and then a list with another key beside it.
    answer_all(&browser, "p", "who knows");
    told(&browser, "need a key");
    saved(&browser, "Make a key", "chargesheet-key.txt");
    told(&browser, ANSWERED);
    let other = sheet("01-russian-list", &["key.txt", "mapping.json"]);
    let [key, mapping] = &other[..] else { unreachable!("there are two") };
    assert_eq!(checked(&browser, FILES, &[second, key.clone()]), "asked");
    assert!(browser.text(reused).contains("is not used here"), "{}", browser.text(reused));
    answer_all(&browser, "p", "nobody knows");
    told(&browser, ANSWERED);
    browser.value(&format!("{{ {FORM} }}"));
    let files = files_of(&made(&browser));
    let key_of = |mapping: &str| serde_json::from_str::<Value>(mapping).expect("it is JSON")["key"].clone();
    let expected = key_of(&fs::read_to_string(mapping).expect("the case has it"));
    assert!(expected.is_string());
    assert_eq!(key_of(named(&files, "mapping.json")), expected);
    browser.assert_console_clean();
}

#[test]
fn a_column_that_gets_a_meaning_again_is_asked_about_again() {
    let service = Service::start();
    let browser = answered(&service, "check-again");
    assign(&browser, "outcome", "-");
    told(&browser, QUESTIONS);
    assign(&browser, "outcome", "outcome");
    browser.wait_until("document.querySelector('.asked label')?.textContent.includes('who knows')");
    assert_eq!(given(&browser, "who knows"), json!([""]));
    answer(&browser, "who knows", "acquitted");
    click(&browser, "Go on");
    told(&browser, ANSWERED);
    // The number of the row stands for the person, and makes room for pseudonyms.
    assign(&browser, "ФИО", "defendant_id");
    told(&browser, QUESTIONS);
    answer(&browser, "defendant_id", "p");
    click(&browser, "Go on");
    told(&browser, "need a key");
    saved(&browser, "Make a key", "chargesheet-key.txt");
    told(&browser, ANSWERED);
    browser.value(&format!("{{ {FORM} }}"));
    assert_charges(&made(&browser), &["2020-04-03", "acquitted", ",D-"]);
    browser.assert_console_clean();
}

#[test]
fn a_fault_of_the_form_stands_beside_its_field_and_what_was_typed_stays() {
    let service = Service::start();
    let browser = answered(&service, "check-form");
    browser.value(&format!("{{ {FORM} }}"));
    for (field, wrong, right) in [
        ("title", "The case of Zvanov Testov", "Own cases"),
        ("name", "Мои дела", "own-cases"),
        ("source", " ", "Courts"),
    ] {
        browser.value(&format!("document.getElementById('form-{field}').value = {wrong:?}"));
        click(&browser, "Make the package");
        told(&browser, "not made yet");
        let told_at = browser
            .text(&format!("document.querySelector('label:has(#form-{field}) + .wrong')?.textContent"));
        assert!(told_at.contains(field), "{field}: {told_at}");
        assert_eq!(browser.value("document.querySelectorAll('.wrong').length"), 1, "{field}");
        assert_eq!(browser.text("document.activeElement.id"), format!("form-{field}"));
        let typed = browser.text("document.getElementById('form-caveat').value");
        assert_eq!(typed, "Only the cases that are known.");
        assert_eq!(browser.text(&format!("document.getElementById('form-{field}').value")), wrong);
        assert_eq!(browser.value("document.body.innerText.includes('(ZIP)')"), false);
        browser.value(&format!("document.getElementById('form-{field}').value = {right:?}"));
    }
    let files = files_of(&made(&browser));
    assert!(named(&files, "datapackage.json").contains("own-cases"));
    browser.assert_console_clean();
}

#[test]
fn letters_of_another_sheet_are_asked_again_and_it_is_said_why() {
    let folder = empty_folder("check-letters");
    let own = list(&folder, "list.csv", "convicted");
    let out = folder.join("made");
    let arguments = ["init", "--yes", &own.to_string_lossy(), "--out", &out.to_string_lossy()];
    assert_eq!(run(&arguments).status.code(), Some(3));
    let left = fs::read_to_string(folder.join("made.mapping.json")).expect("it was left");
    let mut mapping: Value = serde_json::from_str(&left).expect("it is JSON");
    mapping["tables"][0]["columns"]["case_id"] = json!({ "from": "#A" });
    let layout = mapping["tables"][0]["layout"].clone();
    let other = if layout == "abc" { "abd" } else { "abc" };
    let service = Service::start();
    let browser = opened(&service, "en");
    let notice =
        "[...document.querySelectorAll('#result .notice, .notice')].map((one) => one.textContent).join()";
    for (layout, is_said) in [(layout, false), (json!(other), true)] {
        mapping["tables"][0]["layout"] = layout;
        let path = folder.join("mapping.json");
        fs::write(&path, mapping.to_string()).expect("target/ can be written");
        assert_eq!(checked(&browser, FILES, &[own.clone(), path]), "asked");
        let said = browser.text(notice);
        assert_eq!(said.contains("others than when the mapping was made"), is_said, "{said}");
    }
    browser.assert_console_clean();
}
