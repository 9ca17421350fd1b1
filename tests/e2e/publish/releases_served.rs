//! Releases over HTTP: the newest is served at once, an old one for ever, a withdrawn one never again.

use std::process::Output;
use std::time::{Duration, Instant};

use e2e::packages::Package;
use e2e::service::{Reply, Service, run};
use e2e::store::Store;
use e2e::wait_for;
use serde_json::Value;

use crate::publish::commands::stdout;

/// How soon what was published or withdrawn is what is served, and a second for a machine that compiles meanwhile.
const SOON: Duration = Duration::from_secs(3);

pub const FILES: [&str; 6] = [
    "aggregate.csv?by=statute,outcome&measure=persons,cases,charges",
    "aggregate.json?by=outcome&lang=ru",
    "aggregate.json?by=",
    "chart.svg?by=outcome",
    "facets.json?of=outcome,year",
    "",
];

/// Returns the path of a file of a dataset, pinned where a release is named.
pub fn path(dataset: &str, release: Option<&str>, file: &str) -> String {
    let release = release.map_or(String::new(), |release| format!("/releases/{release}"));
    format!("/v1/datasets/{dataset}{release}{}{file}", if file.is_empty() { "" } else { "/" })
}

/// Asks for everything of a release: what is served for ever.
pub fn everything(service: &Service, dataset: &str, release: &str) -> Vec<(Vec<String>, String)> {
    FILES
        .iter()
        .map(|file| {
            let reply = service.get(&path(dataset, Some(release), file));
            assert_eq!(reply.status, 200, "{release} {file}: {}", reply.text());
            assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable", "{file}");
            assert_eq!(reply.header("chargesheet-release"), release, "{file}");
            (reply.headers(), reply.text())
        })
        .collect()
}

/// Waits until the unpinned address answers from a release, and fails when that took too long.
pub fn assert_soon_newest(service: &Service, dataset: &str, release: &str) {
    let since = Instant::now();
    wait_for("the release to be served", || {
        let reply = service.get(&path(dataset, None, ""));
        (reply.header("chargesheet-release") == release).then_some(())
    });
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
}

/// Waits until an address says that its release is withdrawn, and fails when that took too long.
pub fn assert_soon_gone(service: &Service, path: &str) -> Reply {
    let since = Instant::now();
    let reply =
        wait_for("the release to be gone", || Some(service.get(path)).filter(|reply| reply.status != 200));
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
    reply
}

/// An answer says that a release is withdrawn, since when, and why.
pub fn assert_tombstone(reply: &Reply, release: &str, since: &str, reason: &str) {
    assert_eq!(reply.status, 410, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert!(!reply.header("cache-control").contains("immutable"));
    let problem = reply.json();
    for (member, value) in [("value", release), ("since", since), ("reason", reason)] {
        assert_eq!(problem[member], value, "{problem}");
    }
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(release) && detail.contains(since), "{detail}");
}

/// Withdraws a release; returns since when it is withdrawn, as the program says.
pub fn withdraw(store: &Store, dataset: &str, release: &str, reason: &str) -> String {
    let output = store.withdraw(dataset, &[release], reason);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let since = said.split("is withdrawn since ").nth(1).and_then(|rest| rest.split(": ").next());
    assert!(said.contains(&format!(": {reason}\n")), "{said}");
    since.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn what_is_published_while_serving_is_served_and_what_was_served_stays() {
    for (older, newer) in [
        (Package::cases(), Package::cases().version("2.0.0").rows(["C1,D1,FRA,FRA-X-1,2020,fined,"])),
        (Package::figures(), Package::figures().version("2.0.0").saying("title", "Other figures")),
    ] {
        let dataset = older.dataset().to_owned();
        let store = Store::empty(&format!("store-served-{dataset}"));
        let first = store.add(&older);
        // Citations name the address, and that of a test is another each time.
        let serve = || {
            Service::start_with(&[
                "--no-bundled",
                "--store",
                store.text(),
                "--public-url",
                "https://charges.example",
            ])
        };
        let service = serve();
        assert_soon_newest(&service, &dataset, &first);
        // Figures are asked for by outcome only where they may be added up.
        let files: Vec<&str> =
            FILES.into_iter().filter(|file| dataset == "example-cases" || !file.contains('?')).collect();
        let pinned = |release: &str| -> Vec<(Vec<String>, String)> {
            files
                .iter()
                .map(|file| service.get(&path(&dataset, Some(release), file)))
                .map(|reply| (reply.headers(), reply.text()))
                .collect()
        };
        let before = pinned(&first);
        let live = service.get(&path(&dataset, None, "aggregate.csv?by=year,statute,outcome"));
        let second = store.add(&newer);
        assert_soon_newest(&service, &dataset, &second);
        assert_eq!(pinned(&first), before, "the old release is what it was");
        let tag = live.header("etag");
        let renewed = service.ask(
            "GET",
            &path(&dataset, None, "aggregate.json?by=year,statute,outcome"),
            &[("if-none-match", tag)],
        );
        assert_eq!(renewed.status, 200, "who has the old answer gets the new one");
        assert_eq!(renewed.json()["release"]["id"], second.as_str());
        assert!(!renewed.header("cache-control").contains("immutable"));
        for file in &files {
            let (live, pinned) =
                (service.get(&path(&dataset, None, file)), service.get(&path(&dataset, Some(&second), file)));
            assert_eq!((live.status, pinned.status), (200, 200), "{file}");
            assert_eq!(live.header("chargesheet-release"), second, "{file}");
            if !file.is_empty() {
                assert_eq!(live.text(), pinned.text(), "{file}");
            }
        }
        // A service that starts later answers with the same bytes from the disk.
        let later = serve();
        for (file, (_, before)) in files.iter().zip(&before) {
            assert_eq!(later.text(&path(&dataset, Some(&first), file)), *before, "{file}");
        }
        service.assert_log_clean();
    }
}

#[test]
fn a_new_dataset_is_served_without_a_restart() {
    let store = Store::empty("store-new-dataset");
    let first = store.add(&Package::cases());
    let service = store.serve();
    assert_eq!(service.get("/v1/datasets/example-figures").status, 404);
    let other = store.add(&Package::figures());
    assert_soon_newest(&service, "example-figures", &other);
    assert_soon_newest(&service, "example-cases", &first);
    let listed = service.json("/v1/datasets");
    let releases: Vec<&str> = listed["datasets"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["release"].as_str())
        .collect();
    assert_eq!(releases, [first.as_str(), &other]);
    service.assert_log_clean();
}

#[test]
fn the_releases_of_a_dataset_are_listed_the_newest_first() {
    let store = Store::empty("store-listed");
    let mut noted = Package::cases().version("1.1.0").with_charges(7).version("1.1.0");
    noted.descriptor["chargesheet"]["notes"] = serde_json::json!({ "en": "Seven charges.", "ru": "Семь." });
    // An older date does not make an older release: the order is that of publishing.
    let packages = [Package::cases(), noted.created("2020-05-05"), Package::cases().version("2.0.0")];
    let ids: Vec<String> = packages.iter().map(|package| store.add(package)).collect();
    let service = store.serve();
    let listed = service.json("/v1/datasets/example-cases/releases");
    assert_eq!(listed["dataset"], "example-cases");
    let releases = listed["releases"].as_array().expect("a list of releases");
    let of = |member: &str| -> Vec<&Value> { releases.iter().map(|release| &release[member]).collect() };
    assert_eq!(of("id"), [ids[2].as_str(), &ids[1], &ids[0]]);
    assert_eq!(of("current"), [true, false, false]);
    assert_eq!(of("version"), ["2.0.0", "1.1.0", "1.0.0"]);
    assert_eq!(of("records"), [4, 7, 4]);
    assert_eq!(releases[1]["notes"], serde_json::json!({ "en": "Seven charges.", "ru": "Семь." }));
    assert!(releases.iter().all(|release| release["withdrawn"].is_null()), "{listed}");
    let mut moments: Vec<String> =
        of("published").into_iter().map(|moment| moment.as_str().unwrap_or_default().to_owned()).collect();
    moments.reverse();
    assert!(moments.is_sorted() && moments[0].ends_with('Z'), "{moments:?}");
    for release in releases {
        let (id, sha256) =
            (release["id"].as_str().unwrap_or_default(), release["sha256"].as_str().unwrap_or_default());
        assert_eq!((sha256.len(), &id[11..]), (64, &sha256[..12]));
        let described = service.json(release["url"].as_str().expect("a release has an address"));
        assert_eq!(described["release"]["id"], id);
        assert_eq!(described["release"]["sha256"], sha256);
    }
    let reply = service.get("/v1/datasets/example-case/releases");
    assert_eq!((reply.status, &reply.json()["nearest"]), (404, &"example-cases".into()));
    for parameter in ["lang", "limit"] {
        let reply = service.get(&format!("/v1/datasets/example-cases/releases?{parameter}=1"));
        assert_eq!((reply.status, &reply.json()["parameter"]), (400, &parameter.into()));
    }
    service.assert_log_clean();
}

#[test]
fn the_bundled_data_are_a_release_too() {
    let store = Store::empty("store-bundled");
    let publish = || run(&["publish", "--bundled", "--store", store.text()]);
    let output = publish();
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let told =
        |output: &Output, word: &str| stdout(output).lines().filter(|line| line.contains(word)).count();
    // Earlier versions of a bundled package are releases like any other.
    assert_eq!(told(&output, "published "), 12, "{}", stdout(&output));
    assert_eq!(told(&publish(), "is published already"), 12);
    store.assert_whole();
    // Compiled in, from the store, or both: the same release under the same name, once.
    let (bundled, stored) = (Service::start(), store.serve());
    let both = Service::start_with(&["--store", store.text()]);
    for dataset in ["documented-cases", "reported-figures", "russian-courts"] {
        let ids = store.releases(dataset);
        for service in [&bundled, &stored, &both] {
            let listed = service.json(&path(dataset, None, "releases"));
            let listed = listed["releases"].as_array().expect("a list of releases");
            let listed: Vec<&str> =
                listed.iter().rev().filter_map(|release| release["id"].as_str()).collect();
            assert_eq!(listed, ids, "{dataset}");
        }
        for file in [
            "aggregate.csv?by=statute,year,outcome",
            "facets.json?of=outcome,year",
            "chart.svg?by=year,outcome&statute=KAZ-CC-274",
        ] {
            let [one, other] =
                [&bundled, &stored].map(|service| service.get(&path(dataset, Some(&ids[0]), file)));
            assert_eq!((one.status, one.body), (other.status, other.body), "{dataset} {file}");
        }
    }
    // The store has the last word on what is compiled in as well.
    let all: Vec<(String, String)> = store
        .releases("russian-courts")
        .into_iter()
        .map(|id| (id.clone(), withdraw(&store, "russian-courts", &id, "error")))
        .collect();
    for service in [&stored, &both] {
        let newest = all.last().expect("there are releases");
        let reply =
            assert_soon_gone(service, &path("russian-courts", None, "aggregate.csv?by=statute,year,outcome"));
        assert_tombstone(&reply, &newest.0, &newest.1, "error");
        for (id, since) in &all {
            let reply = service.get(&path("russian-courts", Some(id), "chart.svg?by=outcome"));
            assert_tombstone(&reply, id, since, "error");
        }
        service.assert_log_clean();
    }
}
