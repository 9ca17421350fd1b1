//! The ways to the page and through it: by keyboard, without network, from a stick and a mirror; cancelled, failed, left out.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::browser::Browser;
use e2e::draft::{COLUMNS, Draft, charge};
use e2e::html::attributes;
use e2e::service::{Service, run};
use e2e::{case, empty_folder};

use super::{FILES, FOLDER, checked, command, opened, saved};

/// Most bytes of the program, compressed with brotli.
const PROGRAM: usize = 1_000_000;
/// Most bytes of the page over the network: it holds the program as text, so that it is one file.
const BUDGET: usize = 1_350_000;

/// A package that takes a browser some seconds.
pub fn large(name: &str, rows: usize) -> PathBuf {
    let folder = Draft::new(name).write();
    let mut text = COLUMNS.join(",") + "\n";
    for row in 0..rows {
        text.push_str(&charge(&row.to_string(), &[]));
        text.push('\n');
    }
    std::fs::write(folder.join("charges.csv"), text).expect("target/ can be written");
    folder
}

#[test]
fn the_program_is_a_megabyte_at_most_and_the_page_little_more() {
    let service = Service::start();
    for language in ["en", "ru", "kk"] {
        let reply = service.ask("GET", &format!("/check?lang={language}"), &[("accept-encoding", "br")]);
        assert_eq!((reply.status, reply.header("content-encoding")), (200, "br"));
        println!("{language}: {} bytes", reply.body.len());
        assert!(reply.body.len() <= BUDGET, "{language}: {} bytes", reply.body.len());
        // It asks for nothing more.
        let page = service.text(&format!("/check?lang={language}"));
        assert!(attributes(&page, "src").iter().all(|source| source.starts_with("data:")));
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'self'"), "{policy}");
        let (said, framed) = policy.split_once("; frame-ancestors").expect("nobody may frame it");
        assert_eq!((attributes(&page, "content")[0].as_str(), framed), (said, " 'none'"));
    }
    assert_eq!(service.get("/check?language=ru").status, 400);
    let browser = opened(&service, "en");
    let unpacked = "const bytes = Uint8Array.from(atob(document.getElementById('program').textContent), (sign) => sign.charCodeAt(0));\n\
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));\n\
        const program = new Uint8Array(await new Response(stream).arrayBuffer());\n\
        let text = ''; for (const byte of program) text += String.fromCharCode(byte);\n\
        return btoa(text);";
    let program = browser.run(unpacked, Vec::new());
    let program = STANDARD.decode(program.as_str().unwrap_or_default()).expect("the script writes Base64");
    let program = e2e::partner::brotli(&program);
    println!("program: {} bytes", program.len());
    assert!(program.len() <= PROGRAM, "{} bytes", program.len());
}

#[test]
fn a_check_can_be_cancelled_and_another_begun() {
    let service = Service::start();
    let browser = opened(&service, "en");
    browser.choose(FOLDER, &[large("check-cancelled", 400_000)]);
    browser.wait_until("document.getElementById('progress').value > 0");
    // The page answers while the worker works.
    browser.click("document.getElementById('cancel')");
    browser.wait_until("document.getElementById('said').dataset.verdict === 'cancelled'");
    assert_eq!(browser.value("document.getElementById('work').checkVisibility()"), false);
    assert_eq!(browser.value("document.activeElement === document.getElementById('files')"), true);
    assert_eq!(checked(&browser, FOLDER, &[case("good-cases")]), "accept");
    // What was chosen last is what is shown, however quickly one follows the other.
    browser.choose(FOLDER, &[case("bad-rows")]);
    browser.choose(FOLDER, &[case("good-figures")]);
    browser.wait_until("document.getElementById('result').innerText.includes('counts.csv')");
    assert_eq!(browser.text("document.getElementById('said').dataset.verdict"), "accept");
    browser.assert_console_clean();
}

#[test]
fn the_page_is_used_by_keyboard_and_read_aloud() {
    let service = Service::start();
    let browser = opened(&service, "en");
    let focused = || browser.text("document.activeElement.id || document.activeElement.textContent.trim()");
    let mut way = Vec::new();
    while way.last().map(String::as_str) != Some("folder") && way.len() < 20 {
        browser.press("Tab");
        way.push(focused());
    }
    assert!(way.contains(&"files".to_owned()) && way.contains(&"folder".to_owned()), "{way:?}");
    assert_eq!(browser.text("document.getElementById('said').role"), "status");
    checked(&browser, FOLDER, &[case("bad-rows")]);
    assert_eq!(browser.text("document.querySelector('#said h2').textContent"), "Refused");
    // On to the table, and to the buttons.
    for _ in 0..10 {
        browser.press("Tab");
        way.push(focused());
    }
    assert!(way.iter().any(|own| own.contains("Save the report")), "{way:?}");
    assert!(way.iter().any(|own| own.contains("Save the refused rows of charges.csv")), "{way:?}");
}

#[test]
fn the_saved_page_checks_without_any_network() {
    let service = Service::start();
    let browser = opened(&service, "kk");
    browser.click("document.querySelector('#keep a')");
    let file = browser.saved("chargesheet-check-kk.html");
    assert!(file == service.get("/check?lang=kk").body, "it is the page itself");
    drop(service);
    let stick = empty_folder("check-stick").join("check.html");
    std::fs::write(&stick, file).expect("target/ can be written");
    let browser = Browser::start();
    browser.go_offline(true);
    browser.open(&format!("file://{}", stick.display()));
    assert_eq!(checked(&browser, FOLDER, &[case("bad-rows")]), "reject_file");
    let said = command(&case("bad-rows"), &["--json"]).stdout;
    assert!(saved(&browser, "(JSON)", "report.json") == said);
    // Nothing in it leads to a service that is not there.
    assert_eq!(browser.value("document.querySelectorAll('[href^=\"/\"], #keep').length"), 0);
    assert_eq!(browser.requests(), Vec::<String>::new());
    browser.assert_console_clean();
    browser.screenshot("check-stick-1200", 1200);
}

#[test]
fn a_browser_that_cannot_says_what_to_do() {
    let service = Service::start();
    let browser = Browser::start();
    browser.run_first("delete globalThis.WebAssembly;");
    browser.open(&format!("{}/check", service.base));
    assert_eq!(checked(&browser, FOLDER, &[case("good-cases")]), "failed");
    let said = browser.text("document.getElementById('said').innerText");
    assert!(said.contains("WebAssembly") && said.contains("chargesheet check FOLDER"), "{said}");
    let without = Browser::start();
    without.switch_scripts_off();
    without.open(&format!("{}/check", service.base));
    let shown = without.text("document.body.innerText");
    assert!(shown.contains("The check needs JavaScript"), "{shown}");
    assert_eq!(without.value("document.getElementById('drop').checkVisibility()"), false);
}

#[test]
fn files_that_are_gone_are_told_and_break_nothing() {
    let service = Service::start();
    let browser = opened(&service, "en");
    // Longer than what the worker holds of a file at a time.
    let folder = large("check-gone", 60_000);
    let wrong = charge("X", &[("country", "Kazakhstan")]);
    let path = folder.join("charges.csv");
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, format!("{text}{wrong}\n")).expect("target/ can be written");
    assert_eq!(checked(&browser, FOLDER, std::slice::from_ref(&folder)), "reject_rows");
    std::fs::remove_dir_all(&folder).expect("target/ can be written");
    let click = |button: &str| browser.click(&format!("document.querySelector({button:?})"));
    click("#preview button");
    browser.wait_until(
        "document.querySelector('#preview [role=status]').textContent.includes('Choose them again')",
    );
    click("#result .notice + .offers button");
    browser.wait_until("document.getElementById('said').dataset.verdict === 'failed'");
    let said = browser.text("document.getElementById('said').innerText");
    assert!(said.contains("Choose them again"), "{said}");
    assert_eq!(checked(&browser, FILES, &[case("good-cases").join("charges.csv")]), "asked");
}

#[test]
fn an_operator_may_leave_the_check_out() {
    let pages = [
        "/",
        "/about",
        "/statutes/KAZ-CC-274",
        "/datasets/documented-cases",
        "/charts/new",
        "/api",
        "/nothing",
    ];
    let with = Service::start();
    let without = Service::start_with(&["--no-check"]);
    for page in pages {
        assert!(with.get(page).text().contains("/check"), "{page}");
        assert!(!without.get(page).text().contains("/check"), "{page}");
    }
    assert_eq!(with.get("/check").status, 200);
    for page in ["/check", "/check?lang=ru"] {
        assert_eq!(without.get(page).status, 404);
    }
    let paths = |service: &Service| {
        service.json("/openapi.json")["paths"].as_object().map_or(0, serde_json::Map::len)
    };
    assert_eq!(paths(&with), paths(&without) + 1);
    with.assert_log_clean();
    without.assert_log_clean();
}

#[test]
fn a_mirror_has_the_check_too() {
    let out = empty_folder("check-mirror").join("mirror");
    let folder = case("good-cases");
    let (data, target) = (folder.display().to_string(), out.display().to_string());
    let arguments = [
        "export",
        "--no-bundled",
        "--data",
        &data,
        "--out",
        &target,
        "--public-url",
        "https://chargesheet.example",
    ];
    let done = run(&arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let browser = Browser::start();
    browser.go_offline(true);
    for (page, note) in [
        ("check.html", "This is a copy of"),
        ("check.ru.html", "Это копия сайта"),
        ("check.kk.html", "көшірмесі"),
    ] {
        browser.open(&format!("file://{}", out.join(page).display()));
        assert!(browser.text("document.body.innerText").contains(note), "{page}");
        assert_eq!(checked(&browser, FOLDER, std::slice::from_ref(&folder)), "accept");
        // The rest of the copy lies around it.
        let home = browser.text("document.querySelector('.brand').getAttribute('href')");
        assert!(out.join(&home).is_file(), "{home}");
    }
    browser.assert_console_clean();
}
