//! The configurations of proxies in `service/deploy/`, run as they are but for ports and folders, with the words of Debian's
//! units: they start, reload, serve both ports, and what goes through them arrives as the
//! service said it. Varnish has none of ours: it decodes for clients what it keeps, and what it says then must be true. A proxy that `PROXIES` names must be there, as `tests/run` has it; else a missing one is said to be missing,
//! and nothing is proved.

use e2e::repository;
use e2e::service::{Reply, Service};

use crate::server::proxy_program::Proxy;

const PATHS: [&str; 6] = [
    "/statutes/KAZ-CC-274",
    "/v1/datasets/documented-cases/aggregate.csv?by=outcome&statute=KAZ-CC-274",
    "/v1/datasets/reported-figures/aggregate.json?by=year&statute=IND-IPC-124A",
    "/v1/datasets/documented-cases/chart.svg?by=outcome",
    "/widget/statute-chart.js",
    "/v1/datasets/documented-cases/aggregate.csv?by=no",
];

/// What a proxy may say for itself, and what belongs to one connection.
const OF_THE_PROXY: [&str; 9] = [
    "server",
    "via",
    "x-cache",
    "x-varnish",
    "connection",
    "alt-svc",
    "keep-alive",
    "age",
    "strict-transport-security",
];

fn own_headers(reply: &Reply) -> Vec<String> {
    let mut headers = reply.headers();
    headers.retain(|line| !OF_THE_PROXY.iter().any(|name| line.starts_with(&format!("{name}:"))));
    headers
}

/// What goes through a proxy is what the service says: whole, again, in part, compressed, not modified.
fn assert_untouched(service: &Service, proxy: &Proxy) {
    for path in PATHS {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let headers = [("accept-encoding", coding)];
            let own = service.ask("GET", path, &headers);
            // Twice: the second may come from a cache.
            for _ in 0..2 {
                let passed = proxy.ask(path, &headers);
                assert_eq!(
                    (passed.status, own_headers(&passed)),
                    (own.status, own_headers(&own)),
                    "{path} {coding}"
                );
                assert!(passed.body == own.body, "{path} {coding}: another body");
                if own.status == 200 {
                    assert_true(&passed, path);
                }
            }
        }
        let own = service.ask("GET", path, &[("accept-encoding", "identity")]);
        if own.status != 200 {
            continue;
        }
        own.assert_whole();
        let unchanged =
            proxy.ask(path, &[("accept-encoding", "identity"), ("if-none-match", own.header("etag"))]);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{path}");
        let part = proxy.ask(path, &[("accept-encoding", "identity"), ("range", "bytes=10-19")]);
        assert_eq!((part.status, part.body.as_slice()), (206, &own.body[10..20]), "{path}");
        assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", own.body.len()));
        let other = proxy
            .ask(path, &[("accept-encoding", "identity"), ("range", "bytes=10-19"), ("if-range", "\"x\"")]);
        assert_eq!((other.status, other.body.len()), (200, own.body.len()), "{path}");
    }
    assert_eq!(proxy.ask("/metrics", &[]).status, 200, "this machine may read it");
}

#[test]
fn debians_unit_finds_nginx_where_it_looks_for_it() {
    let written =
        std::fs::read_to_string(repository().join("service/deploy/nginx.conf")).expect("it is there");
    let unit = std::fs::read_to_string("/lib/systemd/system/nginx.service").unwrap_or_default();
    let pid = unit.lines().find_map(|line| line.strip_prefix("PIDFile=")).unwrap_or("/run/nginx.pid");
    assert!(written.contains(&format!("\npid {pid};\n")), "{pid}");
    // Whatever is relative lies under a prefix that no service may write.
    for line in written.lines().map(str::trim).filter(|line| line.starts_with("proxy_cache_path")) {
        assert!(line.starts_with("proxy_cache_path /var/cache/"), "{line}");
    }
}

#[test]
fn nginx_passes_on_what_the_service_says_and_keeps_it() {
    let service = Service::start();
    let Some(proxy) = Proxy::nginx(&service) else {
        return;
    };
    assert_untouched(&service, &proxy);
    let asked = || {
        service.metric("chargesheet_http_requests_total{method=\"GET\",route=\"/v1/datasets/{dataset}/aggregate.csv\",status=\"2xx\"}")
    };
    let before = asked();
    for _ in 0..10 {
        assert_eq!(proxy.ask(PATHS[1], &[("accept-encoding", "identity")]).header("x-cache"), "HIT");
    }
    assert_eq!(asked(), before, "what is kept is not asked again");
}

#[test]
fn caddy_passes_on_what_the_service_says() {
    let service = Service::start();
    if let Some(proxy) = Proxy::caddy(&service) {
        assert_untouched(&service, &proxy);
    }
}

/// What a body says of its own bytes holds of them: its digest, and a tag that is strong.
fn assert_true(passed: &Reply, path: &str) {
    let digest = passed.header("repr-digest");
    if !digest.is_empty() || passed.header("etag").starts_with('"') {
        passed.assert_whole();
    }
    assert!(passed.header("content-encoding").is_empty() || digest.is_empty(), "{path}: {digest}");
}

#[test]
fn what_a_cache_says_that_decodes_is_true_of_the_decoded_bytes() {
    let service = Service::start();
    let Some(proxy) = Proxy::varnish(&service) else {
        return;
    };
    let mut decoded = 0;
    for path in PATHS {
        let own = service.ask("GET", path, &[("accept-encoding", "identity")]);
        let coded = service.ask("GET", path, &[("accept-encoding", "gzip")]);
        // It asks for gzip, whatever its clients take, and takes that for all who say gzip.
        for coding in ["identity", "gzip", "br", "zstd", "gzip", "identity", ""] {
            let passed = proxy.ask(path, &[("accept-encoding", coding)]);
            assert_eq!(passed.status, own.status, "{path} {coding}");
            if own.status != 200 {
                assert!(passed.body == own.body, "{path} {coding}");
                continue;
            }
            assert_true(&passed, path);
            let right = if coding == "gzip" { &coded } else { &own };
            assert!(passed.body == right.body, "{path} {coding}: another body");
            assert_eq!(
                passed.header("content-encoding"),
                right.header("content-encoding"),
                "{path} {coding}"
            );
            // The tag is that of every form, and names none.
            let is_strong = passed.header("etag") == own.header("etag");
            assert!(
                is_strong || passed.header("etag") == format!("W/{}", own.header("etag")),
                "{path} {coding}"
            );
            decoded += usize::from(!is_strong && coding != "gzip");
            for tag in [passed.header("etag"), own.header("etag"), coded.header("etag")] {
                for taken in ["gzip", "identity"] {
                    let known = proxy.ask(path, &[("accept-encoding", taken), ("if-none-match", tag)]);
                    assert_eq!((known.status, known.body.len()), (304, 0), "{path} {tag} {taken}");
                }
            }
        }
        if own.status != 200 {
            continue;
        }
        // A part is one of the decoded bytes, and whoever holds it together by a tag gets no other bytes.
        let length = own.body.len();
        let plain = ("accept-encoding", "identity");
        for (range, from, to) in [
            ("bytes=10-19".to_owned(), 10, 20),
            ("bytes=-5".to_owned(), length - 5, length),
            (format!("bytes={}-", length / 2), length / 2, length),
        ] {
            let part = proxy.ask(path, &[plain, ("range", &range)]);
            assert_eq!((part.status, &part.body[..]), (206, &own.body[from..to]), "{path} {range}");
            assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{length}", to - 1), "{path}");
            for tag in [own.header("etag"), coded.header("etag"), "\"x\""] {
                let part = proxy.ask(path, &[plain, ("range", &range), ("if-range", tag)]);
                let right = if part.status == 206 { &own.body[from..to] } else { &own.body[..] };
                assert!([200, 206].contains(&part.status) && part.body == right, "{path} {range} {tag}");
            }
        }
        let beyond = proxy.ask(path, &[plain, ("range", &format!("bytes={length}-"))]);
        assert_eq!(beyond.status, 416, "{path}");
    }
    assert!(decoded > 10, "a cache that does not decode proves nothing");
}
