//! Bodies over the wire, in the form that a client takes.

use std::io::Read as _;
use std::path::PathBuf;

use e2e::packages::Package;
use e2e::service::{Reply, Service};

/// A dataset of single cases.
pub const CASES: &str = "/v1/datasets/documented-cases";
const CODINGS: [&str; 3] = ["br", "zstd", "gzip"];

/// What is compressed already.
const COMPRESSED: [&str; 4] = [".png", ".zip", ".parquet", ".xlsx"];

/// Everything that a dataset answers with, and the pages.
pub fn paths(service: &Service) -> Vec<String> {
    let described = service.json(CASES);
    let files = described["files"].as_array().expect("a dataset lists its files");
    let mut paths: Vec<String> = files
        .iter()
        .map(|file| {
            let file = file.as_str().expect("a file is a path");
            match file.rsplit('/').next().unwrap_or_default() {
                "manifest.json" | "package.zip" | "croissant.json" => file.to_owned(),
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

/// Asks with an `Accept-Encoding`.
pub fn ask(service: &Service, path: &str, coding: &str) -> Reply {
    service.ask("GET", path, &[("accept-encoding", coding)])
}

/// Returns the body as it is.
pub fn decoded(reply: &Reply) -> Vec<u8> {
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

#[test]
fn everything_decodes_to_what_it_is_and_says_in_which_form_it_came() {
    let service = Service::start();
    let mut coded_bytes = 0;
    for path in paths(&service) {
        let plain = service.get(&path);
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}: {}", plain.text());
        let varies = if is_compressed(&path) { "" } else { "accept-encoding" };
        assert_eq!(plain.header("vary"), varies, "{path}");
        plain.assert_whole();
        let tag = plain.header("etag").to_owned();
        let tags = [tag.clone(), format!("W/{tag}")];
        for coding in CODINGS {
            let reply = ask(&service, &path, coding);
            assert_eq!((reply.status, reply.header("vary")), (200, varies), "{path} {coding}");
            assert!(decoded(&reply) == plain.body, "{path} {coding}");
            assert_eq!(reply.header("content-length"), reply.body.len().to_string(), "{path} {coding}");
            assert_eq!(reply.header("cache-control"), plain.header("cache-control"), "{path} {coding}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"), "{path} {coding}");
            if varies.is_empty() || plain.body.len() < 200 {
                assert_eq!(reply.headers(), plain.headers(), "{path} {coding}");
                continue;
            }
            assert_eq!(reply.header("content-encoding"), coding, "{path}");
            // What a cache that decodes would send along says nothing of the coded bytes.
            assert_eq!((reply.header("etag"), reply.header("repr-digest")), (tags[1].as_str(), ""), "{path}");
            let head = service.ask("HEAD", &path, &[("accept-encoding", coding)]);
            assert_eq!(head.headers(), reply.headers(), "{path} {coding}");
            assert!(head.body.is_empty(), "{path}");
            coded_bytes += reply.body.len();
        }
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
    whole.assert_whole();
    let coded = ask(&service, &path, "br");
    assert_eq!(coded.header("content-encoding"), "br");
    for _cold_and_kept in 0..2 {
        let part = service.ask("GET", &path, &[("accept-encoding", "br"), ("range", "bytes=10-19")]);
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[10..20]));
        assert_eq!((part.header("content-encoding"), part.header("etag")), ("", whole.header("etag")));
        assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", whole.body.len()));
        assert_eq!(part.header("repr-digest"), whole.header("repr-digest"));
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
    let folder = large_package();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    for file in ["aggregate.csv", "aggregate.json"] {
        let path = &format!("/v1/datasets/example-cases/{file}?{LARGE}");
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
            let own: Vec<String> = reply
                .headers()
                .into_iter()
                .filter(|header| !header.starts_with("transfer-encoding"))
                .collect();
            assert_eq!(head.headers(), own, "{coding}");
            let known = [("accept-encoding", coding), ("if-none-match", reply.header("etag"))];
            assert_eq!(service.ask("GET", path, &known).status, 304, "{coding}");
        }
        // Of equals the quickest.
        assert_eq!(ask(&service, path, "gzip, deflate, br, zstd").header("content-encoding"), "zstd");
        let part =
            service.ask("GET", path, &[("accept-encoding", "zstd"), ("range", "bytes=4000000-4000009")]);
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[4_000_000..4_000_010]));
    }
    service.assert_log_clean();
}

#[test]
fn what_is_asked_again_of_a_large_answer_is_not_computed_again() {
    let folder = large_package();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    for file in ["aggregate.csv", "aggregate.json"] {
        let path = &format!("/v1/datasets/example-cases/{file}?{LARGE}");
        let whole = service.get(path);
        let (length, tag) = (whole.body.len(), whole.header("etag"));
        assert!(whole.header("server-timing").starts_with("query"), "{}", whole.header("server-timing"));
        let ask = |method: &str, headers: &[(&str, &str)]| {
            let reply = service.ask(method, path, headers);
            let timing = reply.header("server-timing");
            assert!(timing.starts_with("cache") || reply.status == 416, "{method} {headers:?}: {timing}");
            reply
        };
        for (range, from, to) in [
            ("bytes=-1".to_owned(), length - 1, length),
            ("bytes=0-0".to_owned(), 0, 1),
            ("bytes=65530-65541".to_owned(), 65_530, 65_542),
            ("bytes=3000000-3200000".to_owned(), 3_000_000, 3_200_001),
            (format!("bytes={}-", length - 100_000), length - 100_000, length),
        ] {
            for condition in [&[][..], &[("if-range", tag)]] {
                let reply = ask("GET", &[&[("range", range.as_str())], condition].concat());
                assert!(
                    reply.status == 206 && reply.body == whole.body[from..to],
                    "{range} {}",
                    reply.status
                );
                assert_eq!(reply.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
                assert_eq!(reply.header("repr-digest"), whole.header("repr-digest"), "{range}");
            }
        }
        assert_eq!(ask("HEAD", &[]).headers(), whole.headers());
        assert_eq!(ask("GET", &[("if-none-match", tag)]).status, 304);
        assert_eq!(ask("GET", &[("if-match", "\"0\"")]).status, 412);
        let beyond = ask("GET", &[("range", &format!("bytes={length}-"))]);
        assert_eq!(
            (beyond.status, beyond.header("content-range")),
            (416, format!("bytes */{length}").as_str())
        );
        assert!(ask("GET", &[]).body == whole.body);
        assert!(decoded(&ask("GET", &[("accept-encoding", "zstd")])) == whole.body);
        // However it is spelled.
        let other = service.get(&path.replace("month,statute,outcome", "month%2Cstatute,outcome"));
        assert!(other.header("server-timing").starts_with("cache") && other.body == whole.body);
    }
    service.assert_log_clean();
}

/// A question to [`large_package`] whose answers are too large to be kept.
pub const LARGE: &str = "by=month,statute,outcome&labels=en&measure=persons,cases,charges";

/// Charges of two statutes, of every outcome in every month of a hundred and twenty-five years.
pub fn large_package() -> PathBuf {
    let outcomes = outcomes();
    let months = (1900..2025).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let groups = months.flat_map(|month| outcomes.iter().map(move |outcome| (month.clone(), outcome)));
    let rows = groups.zip(0..).flat_map(|((month, outcome), id)| {
        ["FRA-X-1", "FRA-X-1.2"].map(|statute| format!("C{id},D{id},FRA,{statute},{month},{outcome},"))
    });
    Package::cases().rows(rows).write()
}

/// The codes of outcomes that the service knows.
fn outcomes() -> Vec<String> {
    let service = Service::start();
    let described = service.json(CASES);
    let outcomes = described["outcomes"].as_array().expect("a dataset lists outcomes");
    // With more of them, the coded form of the large answer would be large as well.
    outcomes.iter().filter_map(|outcome| outcome["code"].as_str().map(str::to_owned)).take(23).collect()
}
