//! What an earlier version wrote goes on working: its store, its answers, its script on other people's pages, its mirror.

use std::path::{Path, PathBuf};

use e2e::archive::untarred;
use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::plain::PlainServer;
use e2e::service::{Service, run};
use e2e::store::Store;
use e2e::{empty_folder, files, html, repository, sha256, text, ticket};

use crate::api::corpus::{changed, lines};

const PUBLIC: &str = "https://charges.example";
const DRAWN: &str = "!!document.querySelector('statute-chart')?.shadowRoot?.querySelector('svg')";
/// The release that its publisher took back.
const WITHDRAWN: &str = "/v1/datasets/example-figures/releases/2026-01-02-45a217c00ffa";

/// The folders of the versions, by their names.
fn versions() -> Vec<(String, PathBuf)> {
    let folder = repository().join("tests/versions");
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(folder)
        .expect("the versions are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().expect("it has a name").to_string_lossy().into_owned(), path))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "there is a version");
    found
}

/// A copy of a version's store: serving keeps today's widget in it.
fn store(version: &str, folder: &Path) -> Store {
    let copy = empty_folder(&format!("store-of-{version}-{}", ticket()));
    Store::copy_of(&folder.join("store"), &copy).expect("target/ can be written")
}

fn serve(store: &Store) -> Service {
    Service::start_with(&["--no-bundled", "--store", store.text(), "--public-url", PUBLIC])
}

#[test]
fn a_store_of_an_earlier_version_is_whole_and_answers_as_it_did() {
    for (version, folder) in versions() {
        let store = store(&version, &folder);
        assert!(store.assert_whole().ends_with("4 checked, 0 damaged\n"));
        let service = serve(&store);
        let mut held = lines(&folder.join("pinned.txt"));
        // Figures stay byte for byte; the drawing of a picture may change, as API.md says.
        held.retain(|(_, address)| !address.contains("/chart.svg"));
        assert!(held.len() > 150, "only {} addresses are held", held.len());
        let changed = changed(&service, &held);
        assert!(changed.is_empty(), "{version}: {}", changed.join("\n"));
        let gone = service.get(&format!("{WITHDRAWN}/aggregate.csv?by=year,outcome&measure=cases"));
        assert_eq!(gone.status, 410, "{version}: {}", gone.text());
        service.assert_log_clean();
    }
}

#[test]
fn a_snippet_of_an_earlier_version_draws_with_its_own_script() {
    for (version, folder) in versions() {
        let store = store(&version, &folder);
        let service = serve(&store);
        let copied = std::fs::read_to_string(folder.join("snippet.html")).expect("the snippet is there");
        assert!(copied.contains(&format!("/widget/{version}-")), "{copied}");
        let script = html::attributes(&copied, "src").into_iter().find(|src| src.contains("/widget/"));
        let script = script.expect("a snippet loads its script");
        let snippet = copied.replace(PUBLIC, &service.base);
        let partner = Partner::start(vec![Page::html("/news", &snippet)]);
        let browser = Browser::start();
        browser.open(&format!("{}/news", partner.base));
        browser.run("document.querySelector('statute-chart').scrollIntoView()", Vec::new());
        browser.wait_until(DRAWN);
        let drawn = browser
            .text("document.querySelector('statute-chart').shadowRoot.querySelector('svg').textContent");
        assert!(drawn.contains("Example offence"), "{version}: {drawn}");
        let loaded = script.replace(PUBLIC, &service.base);
        assert!(browser.requests().contains(&loaded), "{version}: {loaded} was not asked for");
        browser.assert_console_clean();
        service.assert_log_clean();
    }
}

#[test]
fn a_mirror_of_an_earlier_version_draws_and_its_citations_hold() {
    for (version, folder) in versions() {
        let mirror = untarred(&folder.join("mirror.tar.xz"));
        let server = PlainServer::of(&mirror);
        let browser = Browser::start();
        browser.open(&format!("{}/statutes/FRA-X-1.html", server.base));
        browser.wait_until(DRAWN);
        browser.assert_console_clean();

        // What its files cite, the store still answers.
        let service = serve(&store(&version, &folder));
        let (mut cited, mut beside_it) = (0, 0);
        let files = files(&mirror);
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with("citation.txt")) {
            let text = std::str::from_utf8(text).expect("a citation is UTF-8");
            let address = text.split_whitespace().find(|word| word.contains("#sha256="));
            let address = address.expect("a citation has a digest").trim_start_matches(PUBLIC);
            let (address, digest) = address.split_once("#sha256=").expect("as found");
            assert_eq!(sha256(&service.get(address).body), digest, "{address}");
            // Not every page with a citation offers the table.
            if let Some(beside) = files.get(&path.with_file_name("aggregate.csv")) {
                assert_eq!(sha256(beside), digest, "{}", path.display());
                beside_it += 1;
            }
            cited += 1;
        }
        assert!(cited > 3 && beside_it > 1, "only {cited} citations, {beside_it} tables");

        // A later export takes its place.
        let (out, store) = (text(&mirror), store(&version, &folder));
        let again =
            run(&["export", "--no-bundled", "--store", store.text(), "--out", out, "--public-url", PUBLIC]);
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    }
}
