//! Answers that are kept: computed once, within a bound, and never another's.

use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::store::Store;
use e2e::wait_for;

use crate::server::content_coding::{CASES, ask, decoded, paths};

#[test]
fn no_header_of_a_request_changes_what_others_get() {
    let public = ["--public-url", "https://charges.example"];
    let (clean, asked) = (Service::start_with(&public), Service::start_with(&public));
    let strange = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-prefix", "/evil"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
        ("x-http-method-override", "DELETE"),
        ("forwarded", "host=evil.example;proto=http"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
        ("accept", "application/evil"),
        ("accept-language", "ru, kk;q=0.9"),
        ("cookie", "lang=ru"),
        ("authorization", "Basic ZXZpbDpldmls"),
        ("user-agent", "evil"),
        ("save-data", "on"),
        ("if-modified-since", "Wed, 21 Oct 2037 07:28:00 GMT"),
        ("cache-control", "no-cache"),
    ];
    for path in paths(&clean) {
        let first = asked.ask("GET", &path, &strange);
        let (second, right) = (asked.get(&path), clean.get(&path));
        assert_eq!((first.status, first.headers()), (200, right.headers()), "{path}");
        assert!(first.body == right.body && second.body == right.body, "{path}");
        assert_eq!(second.headers(), right.headers(), "{path}");
    }
    // Another host, another scheme: the same address below it.
    let path = format!("{CASES}/aggregate.json?by=outcome,country");
    for host in ["evil.example", "localhost:1"] {
        let first = asked.ask("GET", &path, &[("host", host)]);
        assert_eq!((first.status, first.body), (200, clean.get(&path).body), "{host}");
    }
    asked.assert_log_clean();
}

#[test]
fn a_hundred_who_ask_the_same_at_once_have_it_computed_once() {
    let service = Service::start();
    for (accepted, path) in [
        ("identity", format!("{CASES}/chart.png?by=year,outcome&scale=3&width=1300")),
        ("br", format!("{CASES}/aggregate.json?by=statute,outcome,year")),
    ] {
        let start = Barrier::new(100);
        let replies: Vec<(String, Vec<u8>)> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..100)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        let reply = ask(&service, &path, accepted);
                        assert_eq!(reply.status, 200);
                        (reply.header("server-timing").to_owned(), decoded(&reply))
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().expect("it is answered")).collect()
        });
        let computed = replies.iter().filter(|(timing, _)| timing.starts_with("query")).count();
        assert_eq!(computed, 1, "{path}");
        assert!(replies.iter().all(|(timing, body)| !timing.is_empty() && *body == replies[0].1), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn one_question_is_computed_once_however_it_is_spelled() {
    let service = Service::start();
    let id = service.json(CASES)["release"]["id"].as_str().expect("a release has an id").to_owned();
    let first = service.get(&format!("{CASES}/aggregate.json?by=year&outcome=convicted,charged&lang=en"));
    assert!(first.header("server-timing").starts_with("query"), "{}", first.header("server-timing"));
    for spelled in [
        "/aggregate.json?lang=en&outcome=charged,convicted&by=year".to_owned(),
        "/aggregate.json?lang=en&outcome=charged%2Cconvicted".to_owned(),
        format!("/releases/{id}/aggregate.json?by=year&outcome=convicted,charged&lang=en"),
        format!("/releases/{id}/aggregate.json?by=year&measure=persons&outcome=convicted,charged&lang=en"),
    ] {
        let reply = service.get(&format!("{CASES}{spelled}"));
        assert_eq!((reply.status, reply.body == first.body), (200, true), "{spelled}");
        assert_eq!(reply.header("server-timing"), "cache;desc=\"hit\"", "{spelled}");
        let is_pinned = spelled.starts_with("/releases");
        assert_eq!(reply.header("cache-control").contains("immutable"), is_pinned, "{spelled}");
    }
    // What names the address that was asked is of that address.
    for query in ["by=year,outcome", "by=year%2Coutcome"] {
        let told = service.json(&format!("{CASES}/aggregate.csv-metadata.json?{query}"));
        assert_eq!(told["url"], format!("aggregate.csv?{query}"));
    }
    let codebook = [
        service.get(&format!("{CASES}/codebook.csv")),
        service.get(&format!("{CASES}/codebook.csv?by=year")),
    ];
    assert_ne!(codebook[0].body, codebook[1].body, "a question is not the dataset");
    service.assert_log_clean();
}

#[test]
fn what_is_kept_has_a_bound_and_a_problem_is_not_kept() {
    // Each a document with the whole program in it: 60 of them take megabytes, however they are coded.
    let paths: Vec<String> =
        (0..60).map(|title| format!("{CASES}/chart.html?by=outcome&title=Title%20{title}")).collect();
    for (room, kept) in [("0", 0..=0), ("1", 1..=20), ("128", 60..=60)] {
        let service = Service::start_with(&["--cache-mb", room]);
        let before: Vec<Vec<u8>> = paths.iter().map(|path| service.get(path).body).collect();
        // From the last on, which is there if any is.
        let after: Vec<Reply> = paths.iter().rev().map(|path| service.get(path)).collect();
        let hits = after.iter().filter(|reply| reply.header("server-timing").starts_with("cache")).count();
        assert!(kept.contains(&hits), "{hits} of 60 with {room} MB");
        assert!(after.iter().rev().zip(before).all(|(after, before)| after.body == before));
        let wrong = service.get(&format!("{CASES}/aggregate.json?by=no"));
        assert_eq!(
            (wrong.status, wrong.header("cache-control"), wrong.header("vary")),
            (400, "no-store", "")
        );
        service.assert_log_clean();
    }
}

#[test]
fn nothing_is_sent_of_a_release_once_it_is_withdrawn_nor_news_of_yesterday() {
    let store = Store::empty("store-wire");
    let ids: Vec<String> = (1..=2).map(|number| store.add(&Package::cases().with_charges(number))).collect();
    let service = store.serve();
    let pinned = format!("/v1/datasets/example-cases/releases/{}", ids[1]);
    let files = ["aggregate.csv?by=outcome", "aggregate.json?by=outcome", "chart.svg?by=outcome", ""];
    let paths = files.map(|file| format!("{pinned}/{file}").trim_end_matches('/').to_owned());
    let codings = ["identity", "br", "zstd", "gzip"];
    let unpinned = "/v1/datasets/example-cases/aggregate.json?by=outcome";
    let newer = format!("/v1/datasets/example-cases/releases/{}/newer.json?by=outcome", ids[0]);
    for _kept in 0..2 {
        for (path, coding) in paths.iter().flat_map(|path| codings.map(|coding| (path, coding))) {
            assert_eq!(ask(&service, path, coding).status, 200, "{path}");
        }
        assert_eq!(service.get(unpinned).header("chargesheet-release"), ids[1]);
        assert_eq!(service.json(&newer)["newer"]["release"], ids[1].as_str());
    }
    assert!(store.withdraw("example-cases", &[&ids[1]], "safety").status.success());
    wait_for("the release to be gone", || (service.get(&paths[0]).status == 410).then_some(()));
    for (path, coding) in paths.iter().flat_map(|path| codings.map(|coding| (path, coding))) {
        let reply = ask(&service, path, coding);
        assert_eq!((reply.status, reply.header("content-encoding")), (410, ""), "{path} {coding}");
        let part = service.ask("GET", path, &[("range", "bytes=0-1"), ("accept-encoding", coding)]);
        assert_eq!(part.status, 410, "{path} {coding}");
    }
    assert_eq!(service.get(unpinned).header("chargesheet-release"), ids[0]);
    assert!(service.json(&newer)["newer"].is_null());
    let third = store.add(&Package::cases().with_charges(3));
    wait_for("the new release to be served", || {
        (service.get(unpinned).header("chargesheet-release") == third).then_some(())
    });
    assert_eq!(service.json(&newer)["newer"]["release"], third.as_str());
    service.assert_log_clean();
}

#[test]
fn a_release_that_cannot_be_loaded_throws_away_nothing_that_is_kept_and_is_served_once_it_can() {
    let store = Store::empty("store-unloadable");
    store.add(&Package::cases());
    let list = store.path().join("example-cases/releases.json");
    let read = |path: &Path| std::fs::read(path).expect("a store can be read");
    let write = |path: &Path, bytes: &[u8]| std::fs::write(path, bytes).expect("a store can be written");
    let before = read(&list);
    let newer = store.add(&Package::cases().version("2.0.0"));
    let after = read(&list);
    let file = store.path().join("example-cases").join(&newer).join("columns.bin");
    let whole = read(&file);
    write(&list, &before);
    write(&file, b"damage");
    let service = store.serve();
    let answer = "/v1/datasets/example-cases/aggregate.csv?by=outcome";
    let right = service.text(answer);
    write(&list, &after);
    wait_for("the release to be tried", || service.log().contains("cannot be loaded").then_some(()));
    // The list has one release more: that is another state of things, once.
    let misses = || service.metric("chargesheet_cache_misses_total{cache=\"answers\"}");
    wait_for("the answer to be kept again", || {
        let before = misses();
        service.text(answer);
        (misses() == before).then_some(())
    });
    let (kept, since) = (misses(), Instant::now());
    // Longer than until the next try.
    while since.elapsed() < Duration::from_secs(7) {
        assert_eq!(service.text(answer), right);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(misses(), kept, "what is kept was thrown away");
    assert_eq!(service.log().lines().count(), 1, "the operator is told once: {}", service.log());
    write(&file, &whole);
    wait_for("the release to be served", || {
        (service.get(answer).header("chargesheet-release") == newer).then_some(())
    });
}
