//! The whole site as plain files: complete, relative, and as alive as files can be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use e2e::browser::Browser;
use e2e::html::attributes;
use e2e::packages::Package;
use e2e::plain::PlainServer;
use e2e::service::{Service, run};
use e2e::{audit, empty_folder, sha256};

const PUBLIC: &str = "https://chargesheet.example";
/// The chart is drawn. It stands below the answers, so it is brought into sight first.
const DRAWN: &str = "(document.querySelector('statute-chart')?.scrollIntoView(), !!document.querySelector('statute-chart')?.shadowRoot?.querySelector('.drawing svg'))";

/// Exports the bundled data into `mirror` below a new folder.
fn exported(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    let out = folder.join("mirror");
    let done = run(&["export", "--out", &out.display().to_string(), "--public-url", PUBLIC]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let left: Vec<_> =
        std::fs::read_dir(&folder).expect("it is there").map(|one| one.expect("read").file_name()).collect();
    assert_eq!(left, ["mirror"], "nothing is left beside");
    out
}

/// One mirror for all tests that only read it: an export takes a minute.
fn shared() -> &'static Path {
    static MIRROR: LazyLock<PathBuf> = LazyLock::new(|| exported("mirror-shared"));
    &MIRROR
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let named = |(name, content): (PathBuf, Vec<u8>)| (name.to_string_lossy().into_owned(), content);
    e2e::files(folder).into_iter().map(named).collect()
}

/// The path that a relative link leads to.
fn led(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split(['#', '?']).next().unwrap_or_default().split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{link} in {from} leaves the mirror"),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Holds every link of every page of a mirror to be relative and to lead to a file; returns how many there are.
fn assert_linked(all: &BTreeMap<String, Vec<u8>>) -> usize {
    let mut checked = 0;
    for (name, content) in all.iter().filter(|(name, _)| name.ends_with(".html")) {
        let html = String::from_utf8_lossy(content);
        // The file that stands alone holds a program in it, whose text is no link.
        if name.ends_with("/chart.html") {
            continue;
        }
        for kind in ["href", "src", "srcset"] {
            for value in attributes(&html, kind) {
                let link = value.split(' ').next().unwrap_or_default();
                assert!(!link.starts_with('/'), "{name}: {kind}={link}");
                // What the page brings along itself leads nowhere.
                let is_inside = link.starts_with('#') || link.starts_with("data:");
                if is_inside || link.contains("://") || link.is_empty() {
                    continue;
                }
                checked += 1;
                let file = led(name, link);
                assert!(all.contains_key(&file), "{name}: {kind}={link} leads to {file}, which is not there");
            }
        }
    }
    checked
}

#[test]
fn every_link_of_a_mirror_is_relative_and_leads_to_a_file() {
    let out = exported("mirror-links");
    let all = files(&out);
    let checked = assert_linked(&all);
    assert!(checked > 1_000, "{checked} links");
    // Its own list of digests holds, for every file but itself.
    let sums = String::from_utf8_lossy(&all["SHA256SUMS"]).into_owned();
    assert_eq!(sums.lines().count(), all.len() - 1);
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("a digest and a name");
        assert_eq!(sha256(&all[name]), sum, "{name}");
    }
    // Once more gives the same, also in the place of the first.
    let again = run(&["export", "--out", &out.display().to_string(), "--public-url", PUBLIC]);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(files(&out) == all, "the same service gives the same files");
}

#[test]
fn names_in_a_mirror_are_names_on_every_system() {
    // Statutes and datasets are called as their publishers like: like devices, like files, like each other.
    let ids = ["CON", "aux.txt", "x.csv", "X.CSV", "nul.", "com1", "a/b", "index.html", "con"];
    let mut folders = Vec::new();
    for dataset in ["index.html", "aggregate.csv", "x", "x.json", "nul", "prn.csv"] {
        let mut package = Package::cases().saying("name", dataset);
        let statutes = package.tables.get_mut("statutes.csv").expect("a case has statutes");
        let header = statutes.lines().next().unwrap_or_default().to_owned();
        let rows = ids.map(|id| format!("{id},,FRA,Example Act,1,,Example offence,,,defamation,,,,"));
        *statutes = format!("{header}\n{}\n", rows.join("\n"));
        let charges =
            ids.iter().enumerate().map(|(row, id)| format!("C{row},D{row},FRA,{id},2020-03-01,pending,"));
        folders.push(package.rows(charges).write());
    }
    let out = empty_folder("mirror-names").join("mirror");
    let out_text = out.display().to_string();
    let mut arguments = vec!["export", "--no-bundled", "--out", &out_text, "--public-url", PUBLIC];
    for folder in &folders {
        arguments.extend(["--data", folder.to_str().expect("the path is UTF-8")]);
    }
    let done = run(&arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let all = files(&out);
    assert!(assert_linked(&all) > 500);
    let mut paths = BTreeMap::new();
    for (name, content) in &all {
        let parts: Vec<&str> = name.split('/').collect();
        for (depth, part) in parts.iter().enumerate() {
            let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
            let is_device = ["con", "prn", "aux", "nul", "com1"].contains(&stem.as_str());
            assert!(!is_device && !part.ends_with(['.', ' ']), "{name}: Windows has no {part}");
            let path = parts[..=depth].join("/");
            let is_file = depth + 1 == parts.len();
            let known = paths.entry(path.to_lowercase()).or_insert_with(|| (path.clone(), is_file));
            assert_eq!(*known, (path, is_file), "one path in two spellings, or a file and a folder");
        }
        // A web server tells by the name what a file is.
        let is_page = content.trim_ascii_start().starts_with(b"<!doctype html>");
        assert_eq!(is_page, name.ends_with(".html"), "{name}");
    }
}

#[test]
fn a_page_of_a_mirror_says_itself_what_it_may_load() {
    let out = shared();
    let service = Service::start_with(&["--public-url", PUBLIC]);
    for (page, address) in [("index.html", "/"), ("statutes/IND-IPC-124A.html", "/statutes/IND-IPC-124A")] {
        let header = service.get(address).header("content-security-policy").to_owned();
        let (meta, behind) = header.split_once("; frame-ancestors").expect("only a header can say this");
        assert!(behind.ends_with("'none'"), "{header}");
        let html = std::fs::read_to_string(out.join(page)).expect("the page is there");
        let wanted = format!("<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"{meta}\">\n");
        assert!(html.contains(&wanted), "{page}: {}", &html[..600]);
    }
    for (name, content) in files(out).iter().filter(|(name, _)| name.ends_with(".html")) {
        let html = String::from_utf8_lossy(content);
        let said = html.matches("http-equiv=\"Content-Security-Policy\"").count();
        assert_eq!(said, 1, "{name}");
    }
}

#[test]
fn figures_in_a_mirror_are_those_of_the_service() {
    let out = shared();
    let service = Service::start_with(&["--public-url", PUBLIC]);
    let page = std::fs::read_to_string(out.join("statutes/IND-IPC-124A.html")).expect("the page is there");
    let csv = attributes(&page, "href").into_iter().find(|link| link.ends_with("/aggregate.csv"));
    let csv = std::fs::read(out.join(led("statutes/IND-IPC-124A.html", &csv.expect("a link to CSV"))))
        .expect("the CSV is there");
    let live = service.text("/statutes/IND-IPC-124A");
    let address = attributes(&live, "href").into_iter().find(|link| link.contains("/aggregate.csv?"));
    assert_eq!(csv, service.get(&address.expect("a link to CSV").replace("&amp;", "&")).body);
    // What a chart shows besides its figures is in the figures that it finds there.
    let figures = attributes(&page, "src").into_iter().find(|link| link.ends_with("/aggregate.json"));
    let figures = std::fs::read(out.join(led("statutes/IND-IPC-124A.html", &figures.expect("a chart"))));
    let figures: serde_json::Value = serde_json::from_slice(&figures.expect("the figures")).expect("JSON");
    let beside = &figures["beside"];
    assert!(beside["looks"].is_object(), "{beside}");
    assert!(
        beside["events"]
            .as_array()
            .is_some_and(|events| events.iter().any(|event| event["label"] == "Suspended")),
        "{beside}"
    );
}

#[test]
fn a_mirror_is_read_from_a_plain_file_server() {
    let out = shared();
    // Not at the root of its host: links must not need it.
    let server = PlainServer::of(out.parent().expect("it lies in a folder"));
    let browser = Browser::start();
    for (page, words) in [
        ("statutes/IND-IPC-124A.html", "This is a copy of"),
        ("statutes/KAZ-CC-274.ru.html", "Это копия сайта"),
        ("statutes/KAZ-CC-274.kk.html", "сайтының көшірмесі"),
    ] {
        browser.open(&format!("{}/mirror/{page}", server.base));
        browser.wait_until(DRAWN);
        assert!(browser.text("document.body.innerText").contains(words), "{page}");
        assert_eq!(browser.value("document.querySelectorAll('form, textarea').length"), 0, "{page}");
        let found = browser.violations(&audit::WCAG);
        assert!(found.is_empty(), "{page}: {found:#?}");
    }
    browser.screenshot("mirror-statute-1200", 1200);
    // From page to page, as a reader goes.
    browser.open(&format!("{}/mirror/", server.base));
    browser.run("document.querySelector('table th[scope=row] a').click()", Vec::new());
    browser.wait_until("location.pathname.includes('/statutes/')");
    browser.wait_until("!!document.querySelector('h1')");
    let elsewhere: Vec<String> = browser
        .requests()
        .into_iter()
        .filter(|url| !url.starts_with(&server.base) && !url.starts_with("blob:"))
        .collect();
    assert_eq!(elsewhere, Vec::<String>::new());
    browser.assert_console_clean();
}

#[test]
fn a_mirror_is_read_from_a_stick() {
    let out = shared();
    let browser = Browser::start();
    browser.go_offline(true);
    browser.open(&format!("file://{}/statutes/IND-IPC-124A.html", out.display()));
    // No script of ours may be loaded by a page from a disk; the picture needs none.
    browser.wait_until(
        "[...document.querySelectorAll('statute-chart img')].some((image) => image.naturalWidth > 300)",
    );
    assert!(browser.text("document.body.innerText").contains("2014"));
    // What the page says of what it may load lets its own files be loaded.
    assert_eq!(browser.value("document.styleSheets.length > 0"), true);
    assert_eq!(browser.value("getComputedStyle(document.querySelector('.brand')).display"), "flex");
    browser.screenshot("mirror-stick-1200", 1200);
    let sent: Vec<String> = browser.requests().into_iter().filter(|url| url.starts_with("http")).collect();
    assert_eq!(sent, Vec::<String>::new());
}

#[test]
fn what_is_no_earlier_export_is_left_alone() {
    let folder = empty_folder("mirror-occupied");
    std::fs::write(folder.join("diary.txt"), "mine").expect("written");
    let refused = run(&["export", "--out", &folder.display().to_string(), "--public-url", PUBLIC]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("is not empty and no earlier export"), "{told}");
    assert_eq!(std::fs::read_to_string(folder.join("diary.txt")).expect("still there"), "mine");
    let refused = run(&["export", "--out", "x", "--public-url", "chargesheet.example"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("begin with https://"), "{told}");
}
