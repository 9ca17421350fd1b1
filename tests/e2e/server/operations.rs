//! The service seen by who runs it: readiness, going down, figures, log; and what a request may be at most.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use e2e::packages::Package;
use e2e::raw::Raw;
use e2e::service::{Service, program};
use e2e::wait_for;

/// Sends one request on a connection of its own; returns the whole answer as text, and its problem where it is one.
fn say(service: &Service, request: impl AsRef<[u8]>) -> (String, Value) {
    let mut raw = Raw::to(service.address());
    raw.send(request);
    let said = raw.rest();
    let body = said.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let problem = serde_json::from_str(body).unwrap_or_default();
    (said, problem)
}

#[test]
fn a_request_line_of_more_than_8_kb_is_414_and_one_below_is_read() {
    let service = Service::start();
    let fits = "a".repeat(8192 - "GET / HTTP/1.1".len());
    for (letters, status) in [
        (fits.clone(), 404),
        (format!("{fits}a"), 414),
        ("a".repeat(20_000), 414),
        ("a".repeat(900_000), 414),
    ] {
        let request = format!("GET /{letters} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let (said, problem) = say(&service, request);
        assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{} letters: {:.200}", letters.len(), said);
        if status == 414 {
            assert!(said.contains("\r\ncontent-type: application/problem+json\r\n"), "{said}");
            assert_eq!(problem["type"], "urn:chargesheet:problem:line-too-long", "{said}");
            assert_eq!(problem["status"], 414);
        }
    }
    // The same where it is not the first request of its connection.
    let (said, problem) = {
        let mut raw = Raw::to(service.address());
        raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
        assert_eq!(raw.answer().1, b"ok\n");
        raw.send(format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(50_000)));
        let said = raw.rest();
        let body = said.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
        (said, serde_json::from_str::<Value>(&body).unwrap_or_default())
    };
    assert_eq!(problem["status"], 414, "{said}");
    service.assert_log_clean();
}

#[test]
fn a_head_of_more_than_16_kb_is_431_and_what_is_no_http_is_400() {
    let service = Service::start();
    let large = format!("GET / HTTP/1.1\r\nhost: x\r\ncookie: {}\r\n\r\n", "a".repeat(20_000));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(150));
    for (request, status, kind) in [
        (large, 431, "head-too-large"),
        (many, 431, "head-too-large"),
        ("hello\r\n\r\n".to_owned(), 400, "malformed"),
        ("GET / HTTP/1.1\r\nbad header\r\n\r\n".to_owned(), 400, "malformed"),
    ] {
        let (said, problem) = say(&service, &request);
        assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{request:.60}: {said:.200}");
        assert_eq!(problem["type"], format!("urn:chargesheet:problem:{kind}"), "{said}");
        assert!(said.contains("\r\nconnection: close\r\n") && said.contains("\r\ndate: "), "{said}");
    }
    // TLS where there is none.
    let (said, _) = say(&service, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 400 "), "{said}");
    assert!(service.metric("chargesheet_refusals_total{kind=\"head\"}") >= 2.0);
    assert!(service.metric("chargesheet_refusals_total{kind=\"malformed\"}") >= 2.0);
    service.assert_log_clean();
}

#[test]
fn a_request_of_http_1_1_says_once_whom_it_asks() {
    let service = Service::start();
    for (request, status, word) in [
        ("GET /healthz HTTP/1.1\r\nhost: x\r\n", 200, ""),
        ("GET /healthz HTTP/1.1\r\n", 400, "is missing"),
        ("GET /v1/datasets HTTP/1.1\r\n", 400, "is missing"),
        ("GET /nowhere HTTP/1.1\r\n", 400, "is missing"),
        ("POST / HTTP/1.1\r\ncontent-length: 2\r\n", 400, "is missing"),
        ("GET /healthz HTTP/1.1\r\nhost: x\r\nhost: x\r\n", 400, "there are 2 headers `Host`"),
        ("GET /healthz HTTP/1.0\r\nhost: x\r\nhost: y\r\n", 400, "there are 2 headers `Host`"),
        ("GET /healthz HTTP/1.1\r\nhost: a b\r\n", 400, "is `a b`"),
        ("GET /healthz HTTP/1.1\r\nhost: a/b\r\n", 400, "is `a/b`"),
        ("GET /healthz HTTP/1.1\r\nhost: user@x\r\n", 400, "is `user@x`"),
        ("GET /healthz HTTP/1.1\r\nhost: x:99999\r\n", 400, "is `x:99999`"),
        ("GET /healthz HTTP/1.1\r\nhost:\r\n", 400, "is ``"),
        ("GET /healthz HTTP/1.0\r\nhost: a/b\r\n", 400, "is `a/b`"),
        ("GET /healthz HTTP/1.0\r\n", 200, ""),
        ("GET /healthz HTTP/1.1\r\nhost: [::1]:3030\r\n", 200, ""),
        // A whole address is one of the same service, whatever `Host` says beside it.
        ("GET http://charges.example/healthz HTTP/1.1\r\nhost: x\r\n", 200, ""),
        ("GET http://charges.example/healthz HTTP/1.1\r\n", 400, "is missing"),
        ("GET http://charges.example?lang=ru HTTP/1.1\r\nhost: x\r\n", 200, "lang=\"ru\""),
        ("GET http://charges.example HTTP/1.1\r\nhost: x\r\n", 200, "lang=\"en\""),
        ("GET http://user@charges.example/healthz HTTP/1.1\r\nhost: x\r\n", 400, "no target of GET"),
        ("GET ftp://charges.example/healthz HTTP/1.1\r\nhost: x\r\n", 400, "no target of GET"),
        ("GET charges.example:80 HTTP/1.1\r\nhost: x\r\n", 400, "no target of GET"),
        ("GET * HTTP/1.1\r\nhost: x\r\n", 400, "no target of GET"),
        ("OPTIONS * HTTP/1.1\r\nhost: x\r\n", 204, ""),
    ] {
        let body = if request.starts_with("POST") { "ab" } else { "" };
        let (said, problem) = say(&service, format!("{request}connection: close\r\n\r\n{body}"));
        // An answer has the version of the request, or ours.
        assert!(
            said.get(8..).is_some_and(|said| said.starts_with(&format!(" {status} "))),
            "{request}: {said:.200}"
        );
        assert!(said.contains(word), "{request}: {said}");
        if status == 400 {
            assert_eq!(problem["type"], "urn:chargesheet:problem:malformed", "{request}: {said}");
            assert!(said.to_lowercase().contains("\r\nconnection: close\r\n"), "{said}");
        }
    }
    // Also where an answer is kept that needs no route.
    assert_eq!(service.get("/v1/statutes").status, 200);
    let (said, _) = say(&service, "GET /v1/statutes HTTP/1.1\r\n\r\n");
    assert!(said.starts_with("HTTP/1.1 400 "), "{said:.200}");
    assert!(service.metric("chargesheet_refusals_total{kind=\"malformed\"}") >= 15.0);
    service.assert_log_clean();
}

#[test]
fn a_connection_is_closed_after_a_thousand_requests_and_says_so() {
    let service = Service::start();
    let mut raw = Raw::to(service.address());
    for number in 1..=1000 {
        raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
        let (head, body) = raw.answer();
        assert_eq!(body, b"ok\n");
        assert_eq!(head.contains("connection: close"), number == 1000, "{number}: {head}");
    }
    assert_eq!(raw.rest(), "");
}

#[test]
fn while_data_are_loaded_it_lives_is_not_ready_and_says_when_to_come_again() {
    // It takes a second or more to find that the very last row is wrong.
    let rows = (0..1_500_000).map(|row| format!("C{row},D{row},FRA,FRA-X-1,2020-03-01,pending,"));
    let folder = Package::cases().rows(rows.chain([",D,FRA,FRA-X-1,2020-03-01,pending,".to_owned()])).write();
    // A port that was free a moment ago.
    let address = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener.local_addr().expect("it has an address").to_string()
    };
    let child = Command::new(program())
        .args(["serve", "--listen", &address, "--data", folder.to_str().expect("the path is UTF-8")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let ask = |path: &str| {
        let mut raw = wait_for("it to listen", || {
            std::net::TcpStream::connect(&address).ok().map(|_| Raw::to(&address))
        });
        raw.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        raw.rest().to_lowercase()
    };
    assert!(ask("/healthz").starts_with("http/1.1 200 "));
    assert!(ask("/metrics").contains("\nchargesheet_ready 0\n"));
    for path in ["/readyz", "/", "/v1/datasets", "/nowhere"] {
        let said = ask(path);
        assert!(said.starts_with("http/1.1 503 "), "{path}: {said}");
        assert!(
            said.contains("\r\nretry-after: 1\r\n") && said.contains("urn:chargesheet:problem:loading"),
            "{said}"
        );
    }
    // It ends as it does when what is wrong is known at once.
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("chargesheet: ") && said.lines().count() == 1, "{said}");
    assert!(output.stdout.is_empty(), "it never was ready");
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn a_service_that_is_told_to_end_is_not_ready_and_ends_what_was_asked() {
    let mut service = Service::start_with(&["--turn-away", "2"]);
    assert_eq!(service.text("/readyz"), "ready\n");
    // An answer that is still being taken when the end comes.
    let mut open = Raw::to(service.address());
    open.send("GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n");
    service.signal("TERM");
    let turned = wait_for("it to be not ready", || {
        let reply = service.get("/readyz");
        (reply.status == 503).then_some(reply)
    });
    assert_eq!(turned.json()["type"], "urn:chargesheet:problem:draining");
    assert_eq!(turned.header("connection"), "close");
    assert_eq!(service.get("/healthz").status, 200);
    assert_eq!(service.get("/v1/datasets").status, 200, "who still comes is answered");
    let (head, body) = open.answer();
    assert!(head.starts_with("http/1.1 200 ") && body.ends_with(b"}"));
    assert_eq!(service.ended(), Some(0));
    service.assert_log_clean();
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let mut service = Service::start_with(&["--turn-away", "300"]);
        service.signal("TERM");
        wait_for("it to be not ready", || (service.get("/readyz").status == 503).then_some(()));
        let began = Instant::now();
        service.signal(name);
        assert_eq!(service.ended(), Some(code));
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn neither_figures_nor_log_hold_anything_of_who_asks() {
    let service = Service::start_with(&["--log", "json"]);
    let headers = [
        ("user-agent", "Secret-Agent"),
        ("referer", "https://secret.example/"),
        ("x-forwarded-for", "192.0.2.7"),
    ];
    for path in [
        "/v1/datasets/documented-cases/aggregate.csv?by=year&statute=SECRET",
        "/v1/datasets/secret/aggregate.csv",
        "/statutes/secret",
        "/secret?secret=secret",
    ] {
        for method in ["GET", "HEAD"] {
            service.ask(method, path, &headers);
        }
        let (said, _) =
            say(&service, format!("SECRET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        assert!(said.starts_with("HTTP/1.1 405 "), "{said}");
    }
    let figures = service.text("/metrics");
    let log = service.log();
    for text in [&figures, &log] {
        for word in ["secret", "192.0.2.7", "user-agent", "referer"] {
            assert!(!text.to_lowercase().contains(word), "{word}: {text}");
        }
    }
    // 127.0.0.1 is where it listens; no other address, and no port of a client.
    let events: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let names: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(names, ["start", "release.served", "release.served", "release.served", "ready"], "{log}");
    assert!(
        figures
            .contains("chargesheet_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"} 1\n"),
        "{figures}"
    );
    assert_eq!(service.metric("chargesheet_ready"), 1.0);
    assert_eq!(service.metric("chargesheet_datasets"), 3.0);
    assert!(service.metric("chargesheet_http_sent_bytes_total") > 1000.0);
    assert!(
        service.metric("chargesheet_http_request_duration_seconds_count{route=\"/statutes/{statute}\"}")
            >= 3.0
    );
}

#[test]
fn every_figure_is_described_in_the_operators_handbook() {
    let service = Service::start();
    service.get("/v1/statutes");
    let handbook =
        std::fs::read_to_string(e2e::repository().join("service/OPERATING.md")).expect("it is there");
    for line in service.text("/metrics").lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let name = rest.split(' ').next().unwrap_or_default();
            assert!(handbook.contains(&format!("`{name}")), "{name} is not in service/OPERATING.md");
        }
    }
}
