//! Bodies over the wire: coded, kept, computed once; and never another's.

use std::io::Read as _;
use std::sync::Barrier;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::store::Store;
use e2e::wait_for;
use sha2::{Digest as _, Sha256};

const CASES: &str = "/v1/datasets/documented-cases";
const CODINGS: [&str; 3] = ["br", "zstd", "gzip"];

/// What is compressed already.
const COMPRESSED: [&str; 4] = [".png", ".zip", ".parquet", ".xlsx"];

/// Everything that a dataset answers with, and the pages.
fn paths(service: &Service) -> Vec<String> {
    let described = service.json(CASES);
    let files = described["files"].as_array().expect("a dataset lists its files");
    let mut paths: Vec<String> = files
        .iter()
        .map(|file| {
            let file = file.as_str().expect("a file is a path");
            match file.rsplit('/').next().unwrap_or_default() {
                "manifest.json" | "package.zip" => file.to_owned(),
                "facets.json" => format!("{file}?of=outcome,year"),
                name if name.starts_with("movers.") => {
                    format!("{file}?of=outcome&before=2010..2016&after=2017..2024&min=0")
                }
                name if name.starts_with("trend.") => format!("{file}?by=year"),
                _ => format!("{file}?by=year,outcome"),
            }
        })
        .collect();
    assert!(paths.len() > 20, "{paths:?}");
    let script = service.text("/statutes/KAZ-CC-274");
    let (_, script) = script.split_once("src=\"/widget/").expect("a page loads the widget");
    let script = script.split('"').next().expect("an attribute ends");
    for path in [
        "/",
        "/api",
        "/assets/explorer.css",
        "/datasets/documented-cases",
        "/embed/documented-cases?by=year",
        "/openapi.json",
        "/report/documented-cases?by=outcome",
        "/statutes/KAZ-CC-274",
        "/v1/catalog.jsonld",
        "/v1/datasets",
        "/v1/statutes",
        "/widget/chargesheet_widget_bg.wasm",
        "/widget/statute-chart.js",
    ] {
        paths.push(path.to_owned());
    }
    paths.push(format!("/widget/{script}"));
    paths
}

fn is_compressed(path: &str) -> bool {
    let file = path.split('?').next().unwrap_or_default();
    COMPRESSED.iter().any(|ending| file.ends_with(ending))
}

fn ask(service: &Service, path: &str, coding: &str) -> Reply {
    service.ask("GET", path, &[("accept-encoding", coding)])
}

fn decoded(reply: &Reply) -> Vec<u8> {
    let mut whole = Vec::new();
    let read = match reply.header("content-encoding") {
        "br" => brotli::Decompressor::new(&reply.body[..], 4096).read_to_end(&mut whole),
        "gzip" => flate2::read::GzDecoder::new(&reply.body[..]).read_to_end(&mut whole),
        "zstd" => {
            zstd::stream::Decoder::new(&reply.body[..]).and_then(|mut body| body.read_to_end(&mut whole))
        }
        "" => (&reply.body[..]).read_to_end(&mut whole),
        other => panic!("a coding `{other}`"),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", reply.header("content-encoding")));
    whole
}

fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

#[test]
fn everything_decodes_to_what_it_is_and_says_in_which_form_it_came() {
    let service = Service::start();
    let mut coded_bytes = 0;
    for path in paths(&service) {
        let plain = service.get(&path);
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}: {}", plain.text());
        let varies = if is_compressed(&path) { "" } else { "accept-encoding" };
        assert_eq!(plain.header("vary"), varies, "{path}");
        let mut tags = vec![plain.header("etag").to_owned()];
        for coding in CODINGS {
            let reply = ask(&service, &path, coding);
            assert_eq!((reply.status, reply.header("vary")), (200, varies), "{path} {coding}");
            assert!(decoded(&reply) == plain.body, "{path} {coding}");
            assert_eq!(reply.header("content-length"), reply.body.len().to_string(), "{path} {coding}");
            assert_eq!(reply.header("repr-digest"), digest_of(&reply.body), "{path} {coding}");
            assert_eq!(reply.header("cache-control"), plain.header("cache-control"), "{path} {coding}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"), "{path} {coding}");
            if varies.is_empty() || plain.body.len() < 200 {
                assert_eq!(reply.headers(), plain.headers(), "{path} {coding}");
                continue;
            }
            assert_eq!(reply.header("content-encoding"), coding, "{path}");
            assert!(reply.header("etag").starts_with("W/\""), "{path}: a coded form has a weak tag");
            let head = service.ask("HEAD", &path, &[("accept-encoding", coding)]);
            assert_eq!(head.headers(), reply.headers(), "{path} {coding}");
            assert!(head.body.is_empty(), "{path}");
            tags.push(reply.header("etag").to_owned());
            coded_bytes += reply.body.len();
        }
        assert!(tags.iter().enumerate().all(|(place, tag)| !tags[..place].contains(tag)), "{path}: {tags:?}");
        // Whoever has any form has the newest content; what they would get now says how long.
        for (tag, coding) in tags.iter().flat_map(|tag| ["br", "identity"].map(|coding| (tag, coding))) {
            let asked = [("if-none-match", tag.as_str()), ("accept-encoding", coding)];
            let reply = service.ask("GET", &path, &asked);
            assert_eq!((reply.status, reply.header("vary")), (304, varies), "{path} {tag} {coding}");
            assert_eq!(reply.header("cache-control"), plain.header("cache-control"), "{path}");
            assert_eq!((reply.header("content-encoding"), reply.header("repr-digest")), ("", ""), "{path}");
            assert!(tags.iter().any(|tag| tag == reply.header("etag")), "{path}: {}", reply.header("etag"));
        }
    }
    assert!(coded_bytes > 0);
    service.assert_log_clean();
}

#[test]
fn weights_choose_and_who_refuses_everything_gets_the_figures_all_the_same() {
    let service = Service::start();
    let path = format!("{CASES}/aggregate.json?by=year,outcome");
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5, *;q=0", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "zstd"),
        ("identity;q=0, zstd", "zstd"),
        ("identity, gzip;q=0.2", ""),
        ("deflate", ""),
        ("identity;q=0", ""),
        ("*;q=0", ""),
        ("", ""),
    ] {
        let reply = ask(&service, &path, accepted);
        assert_eq!((reply.status, reply.header("content-encoding")), (200, coding), "{accepted:?}");
        assert_eq!(reply.header("vary"), "accept-encoding", "{accepted:?}");
    }
    // Too short to gain anything; coded only for those who take it in no other way.
    let short = format!("{CASES}/aggregate.csv?by=");
    assert!(service.get(&short).body.len() < 200);
    for (accepted, coding) in [("br, gzip", ""), ("br, identity;q=0", "br")] {
        assert_eq!(ask(&service, &short, accepted).header("content-encoding"), coding, "{accepted}");
    }
    service.assert_log_clean();
}

#[test]
fn a_part_is_of_the_body_as_it_is_unless_that_is_refused() {
    let service = Service::start();
    let path =
        "/v1/datasets/reported-figures/aggregate.csv?by=country,statute,outcome,year,source".to_owned();
    let whole = service.get(&path);
    let coded = ask(&service, &path, "br");
    assert_eq!(coded.header("content-encoding"), "br");
    for _cold_and_kept in 0..2 {
        let part = service.ask("GET", &path, &[("accept-encoding", "br"), ("range", "bytes=10-19")]);
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[10..20]));
        assert_eq!((part.header("content-encoding"), part.header("etag")), ("", whole.header("etag")));
        assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", whole.body.len()));
        assert_eq!(part.header("repr-digest"), digest_of(&whole.body));
    }
    // The tag of a coded form vouches for no byte of the body as it is.
    let condition = [("accept-encoding", "br"), ("range", "bytes=10-19"), ("if-range", coded.header("etag"))];
    let reply = service.ask("GET", &path, &condition);
    assert_eq!((reply.status, reply.body == whole.body), (200, true));
    let condition = [("accept-encoding", "br"), ("range", "bytes=10-19"), ("if-range", whole.header("etag"))];
    assert_eq!(service.ask("GET", &path, &condition).status, 206);
    let refused = [("accept-encoding", "br, identity;q=0"), ("range", "bytes=10-19")];
    let reply = service.ask("GET", &path, &refused);
    assert_eq!((reply.status, reply.header("content-encoding")), (200, "br"));
    assert!(decoded(&reply) == whole.body);
    let beyond = service.ask("GET", &path, &[("accept-encoding", "br"), ("range", "bytes=9999999-")]);
    assert_eq!(beyond.status, 416);
    let (yes, no) = (whole.header("etag"), "\"0\"");
    for (condition, status) in [(yes, 200), (no, 412)] {
        let reply = service.ask("GET", &path, &[("accept-encoding", "br"), ("if-match", condition)]);
        assert_eq!(reply.status, status, "{condition}");
    }
    // A range means nothing to HEAD.
    let head = service.ask("HEAD", &path, &[("accept-encoding", "br"), ("range", "bytes=0-1")]);
    assert_eq!((head.status, head.headers()), (200, coded.headers()));
    service.assert_log_clean();
}

#[test]
fn a_large_answer_is_coded_while_it_is_sent() {
    let outcomes = outcomes();
    let months = (1900..2025).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let groups = months.flat_map(|month| outcomes.iter().map(move |outcome| (month.clone(), outcome)));
    let rows = groups.zip(0..).flat_map(|((month, outcome), id)| {
        ["FRA-X-1", "FRA-X-1.2"].map(|statute| format!("C{id},D{id},FRA,{statute},{month},{outcome},"))
    });
    let folder = Package::cases().rows(rows).write();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    let path = "/v1/datasets/example-cases/aggregate.csv?by=month,statute,outcome&labels=en&measure=persons,cases,charges";
    let whole = service.get(path);
    assert!(whole.body.len() > 4 * 1024 * 1024, "{} bytes", whole.body.len());
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    for coding in CODINGS {
        let reply = ask(&service, path, coding);
        assert_eq!((reply.status, reply.header("content-encoding")), (200, coding));
        assert!(decoded(&reply) == whole.body, "{coding}");
        // Not known before it was written; that it is whole shows in the last chunk.
        assert_eq!((reply.header("content-length"), reply.header("repr-digest")), ("", ""), "{coding}");
        assert_eq!(reply.header("chargesheet-rows"), whole.header("chargesheet-rows"));
        assert!(reply.body.len() * 5 < whole.body.len(), "{coding}: {} bytes", reply.body.len());
        let head = service.ask("HEAD", path, &[("accept-encoding", coding)]);
        let own: Vec<String> =
            reply.headers().into_iter().filter(|header| !header.starts_with("transfer-encoding")).collect();
        assert_eq!(head.headers(), own, "{coding}");
        let known = [("accept-encoding", coding), ("if-none-match", reply.header("etag"))];
        assert_eq!(service.ask("GET", path, &known).status, 304, "{coding}");
    }
    // Of equals the quickest.
    assert_eq!(ask(&service, path, "gzip, deflate, br, zstd").header("content-encoding"), "zstd");
    let part = service.ask("GET", path, &[("accept-encoding", "zstd"), ("range", "bytes=4000000-4000009")]);
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[4_000_000..4_000_010]));
    service.assert_log_clean();
}

/// The codes of outcomes that the service knows.
fn outcomes() -> Vec<String> {
    let service = Service::start();
    let described = service.json(CASES);
    let outcomes = described["outcomes"].as_array().expect("a dataset lists outcomes");
    outcomes.iter().filter_map(|outcome| outcome["code"].as_str().map(str::to_owned)).collect()
}

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
    let first = format!("{CASES}/aggregate.json?by=year,outcome,country,statute");
    for (room, is_there) in [("0", false), ("1", false), ("128", true)] {
        let service = Service::start_with(&["--cache-mb", room]);
        let before = service.get(&first).body;
        for width in 300..700 {
            let path = format!("{CASES}/chart.svg?by=year,outcome&width={width}");
            assert_eq!(service.get(&path).status, 200, "{path}");
        }
        let after = service.get(&first);
        assert_eq!(after.header("server-timing").starts_with("cache"), is_there, "{room} MB");
        assert!(after.body == before);
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
