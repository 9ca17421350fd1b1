//! `chargesheet cite-check`: whether what was cited still holds, and what a picture shows.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use e2e::packages::Package;
use e2e::partner::{Page, Partner};
use e2e::service::{Service, program};
use e2e::store::Store;
use e2e::{empty_folder, python, sha256, wait_for};
use serde_json::{Value, json};

use crate::api::citations::cited;

/// Runs the command with something on its standard input, and proxies that would lead nowhere.
fn check(arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut child = Command::new(program())
        .arg("cite-check")
        .args(arguments)
        .env("http_proxy", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut stdin = child.stdin.take().expect("it was asked for");
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&stderr), "", "what is found is no complaint");
    (status.code(), String::from_utf8(stdout).expect("UTF-8 is printed"))
}

#[test]
fn a_citation_in_any_form_holds() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases&labels=ru";
    let file = |name: &str| service.text(&format!("/v1/datasets/reported-figures/{name}?{query}"));
    let text = file("citation.txt");
    let (address, digest) = cited(&text);
    let short =
        text.split_whitespace().find(|word| word.contains("/s/")).expect("a short address").to_owned();
    let folder = empty_folder("cite-check");
    let mut all =
        vec![format!("{address}#sha256={digest}"), format!("{short}#sha256={digest}"), "-".to_owned()];
    for name in ["citation.txt", "citation.bib", "citation.ris", "citation.json"] {
        all.push(python::file(&folder, name, file(name).as_bytes()));
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let (code, told) = check(&all, &text);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told.lines().count(), all.len(), "{told}");
    assert!(told.lines().all(|line| line.starts_with("holds  ") && !line.contains("warning")), "{told}");
    let (code, told) = check(&["--json", all[0]], "");
    let told: Value = serde_json::from_str(&told).expect("JSON is printed");
    assert_eq!(code, Some(0));
    assert_eq!(
        told,
        json!({ "checked": [{
            "state": "holds", "address": address, "pinned": true, "cited": digest, "found": digest,
            "since": null, "reason": null, "problem": null,
        }] })
    );
    service.assert_log_clean();
}

#[test]
fn what_can_change_is_warned_of_and_what_has_no_digest_is_not_compared() {
    let service = Service::start();
    let current = format!("{}/v1/datasets/documented-cases/aggregate.csv?by=outcome", service.base);
    let digest = sha256(&service.get("/v1/datasets/documented-cases/aggregate.csv?by=outcome").body);
    let (code, told) = check(&[&format!("{current}#sha256={digest}")], "");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("warning: this address names no release"), "{told}");
    let (code, told) = check(&[&current], "");
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.starts_with("no digest") && told.contains(&digest) && told.contains("nothing was compared"),
        "{told}"
    );
    let (code, told) = check(&[&format!("{current}#sha256=12")], "");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("is not 64 hex digits"), "{told}");
}

#[test]
fn a_withdrawn_figure_is_gone_with_since_and_why() {
    let store = Store::empty("cite-check-withdrawn");
    let first = store.add(&Package::cases());
    let service = store.serve();
    let text = service.text("/v1/datasets/example-cases/citation.txt?by=year");
    assert!(store.withdraw("example-cases", &[&first], "person-request").status.success());
    let path = format!("/v1/datasets/example-cases/releases/{first}/aggregate.csv");
    let problem = wait_for("the release to be gone", || {
        let reply = service.get(&path);
        (reply.status == 410).then(|| reply.json())
    });
    let (code, told) = check(&["-"], &text);
    assert_eq!(code, Some(1), "{told}");
    let since = problem["since"].as_str().expect("since when");
    assert!(told.starts_with("gone  ") && told.contains(since) && told.contains("person-request"), "{told}");
}

#[test]
fn other_bytes_differ_wherever_they_come_from() {
    let pinned = "/v1/datasets/d/releases/2026-11-24-0123456789ab/aggregate.csv";
    let good = "year,cases\n2020,4\n";
    let redirect = |path: &str, to: &str| {
        Page::answer(path, "308 Permanent Redirect", "text/plain", "").with_header("location", to)
    };
    let partner = Partner::start(vec![
        Page::answer(pinned, "200 OK", "text/csv", "year,cases\n2020,5\n"),
        redirect("/s/AQ.csv", pinned),
        redirect("/round", "/round"),
        Page::answer(
            "/rude",
            "404 Not Found",
            "application/problem+json",
            "{\"detail\":\"\\u001b[2Jno\\nsuch\"}",
        ),
        Page::answer("/broken", "200 OK", "text/csv", good).with_header("transfer-encoding", "chunked"),
    ]);
    let digest = sha256(good.as_bytes());
    let of = |path: &str| format!("{}{path}#sha256={digest}", partner.base);
    let now = sha256(b"year,cases\n2020,5\n");
    for path in [pinned, "/s/AQ"] {
        let (code, told) = check(&[&of(path)], "");
        assert_eq!(code, Some(1), "{told}");
        assert!(told.starts_with("differs  ") && told.contains(&digest) && told.contains(&now), "{told}");
        assert!(!told.contains("warning"), "{told}");
    }
    for (path, words) in
        [("/round", "redirects more than 5 times"), ("/rude", "it answers 404"), ("/broken", "")]
    {
        let (code, told) = check(&["--timeout", "5", &of(path)], "");
        assert_eq!(code, Some(2), "{told}");
        assert!(told.starts_with("unreachable ") && told.contains(words), "{told}");
        assert!(told.lines().count() == 1 && !told.contains('\u{1b}'), "{told:?}");
    }
    // One that differs weighs more than one that is out of reach.
    assert_eq!(check(&[&of("/rude"), &of(pinned)], "").0, Some(1));
    // Nobody is told who asks, and the digest stays here.
    for request in partner.requests() {
        assert!(!request.line.contains("sha256"), "{}", request.line);
        let agent = request.header("user-agent").unwrap_or_default();
        assert!(agent.starts_with("chargesheet-cite-check/"), "{agent}");
        assert_eq!(request.header("cookie").or(request.header("referer")), None);
    }
}

#[test]
fn what_cannot_be_reached_or_read_is_said_in_one_line_each() {
    let nowhere = format!("http://127.0.0.1:9/v1/a.csv#sha256={}", "0".repeat(64));
    let (code, told) =
        check(&["--timeout", "5", &nowhere, "no-such-file.bib", "-", "http://"], "no citation");
    assert_eq!(code, Some(2), "{told}");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    assert!(lines[0].starts_with("unreachable ") && lines[0].contains("no connection"), "{told}");
    assert!(lines[1].starts_with("unreadable ") && lines[1].contains("no-such-file.bib"), "{told}");
    assert!(lines[2].contains("has no address with a digest"), "{told}");
    assert!(lines[3].starts_with("unreachable "), "{told}");
}

/// Writes a changed copy of a picture beside it, and returns its path.
fn changed(folder: &std::path::Path, name: &str, arguments: &[&str]) -> String {
    let made = python::run("picture.py", arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    python::file(folder, name, &made.stdout)
}

#[test]
fn a_picture_says_which_figures_it_shows_and_whether_they_hold() {
    let service = Service::start();
    let folder = empty_folder("cite-check-pictures");
    let query = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
    let of = |name: &str| format!("/v1/datasets/reported-figures/{name}?{query}&lang=ru");
    let form = "&width=375&theme=dark&type=bar&title=%D0%90%20%26%20B&scale=2";
    let png = python::file(&folder, "chart.png", &service.get(&format!("{}{form}", of("chart.png"))).body);
    let svg = python::file(&folder, "chart.svg", &service.get(&of("chart.svg")).body);
    let (figures, digest) = cited(&service.text(&of("citation.txt")));
    let path = figures.strip_prefix(&service.base).expect("an address of the service").to_owned();
    // Another program reads it too, and nothing in it names the host.
    let texts: Value = serde_json::from_str(&python::printed("picture.py", &["read", &png])).expect("JSON");
    assert_eq!(texts["Source"], format!("{path}#sha256={digest}"));
    let title = texts["Title"].as_str().expect("a title");
    assert!(service.text(&of("citation.txt")).contains(title), "{title}");
    assert!(
        texts["Copyright"].as_str().is_some_and(|licence| licence.contains("creativecommons")),
        "{texts}"
    );
    assert!(!texts.to_string().contains(&service.base), "{texts}");
    // At the address that it names is this very picture.
    let own = texts["URL"].as_str().expect("its own address");
    assert_eq!(service.get(own).body, std::fs::read(&png).expect("it was written"), "{own}");

    let (code, told) = check(&[&png, "--at", &service.base], "");
    assert_eq!(code, Some(0), "{told}");
    let shown = format!("{figures}  (shown by {png}: {title})");
    assert!(told.starts_with("holds  ") && told.contains(&shown), "{told}");
    let (_, told) = check(&["--json", &png, "--at", &service.base], "");
    let told: Value = serde_json::from_str(&told).expect("JSON is printed");
    assert_eq!(told["checked"][0]["state"], "holds");
    assert_eq!(told["checked"][0]["picture"]["title"], title);
    // A mark does not say whom to ask, and an SVG does not name its own address.
    let (code, told) = check(&[&png], "");
    assert!(code == Some(2) && told.starts_with("uncompared  /v1/") && told.contains("--at"), "{told}");
    let (code, told) = check(&[&svg, "--at", &service.base], "");
    assert!(
        code == Some(2) && told.starts_with("uncompared  ") && told.contains("figures that it names hold"),
        "{told}"
    );
    let (code, told) = check(&[&svg, "--at", &format!("{}{}", service.base, of("chart.svg"))], "");
    assert!(code == Some(0) && told.starts_with("holds  "), "{told}");
    service.assert_log_clean();
}

#[test]
fn a_picture_with_a_forged_mark_or_none_is_told_in_a_sentence() {
    let service = Service::start();
    let folder = empty_folder("cite-check-forged-pictures");
    let address = "/v1/datasets/documented-cases/chart.png?by=outcome&statute=KAZ-CC-274";
    let body = service.get(address).body;
    let png = python::file(&folder, "chart.png", &body);
    let texts: Value = serde_json::from_str(&python::printed("picture.py", &["read", &png])).expect("JSON");
    let digest =
        texts["Source"].as_str().and_then(|source| source.split("sha256=").nth(1)).expect("a digest");
    let forged = |name: &str, old: &str, new: &str| changed(&folder, name, &["forge", &png, old, new]);
    let mut longer = body.clone();
    longer.push(0);
    for (picture, state, words) in [
        (
            forged("host.png", "/v1/", "https://elsewhere.example/v1/"),
            "forged",
            "names the host of `https://elsewhere.example",
        ),
        (
            forged("path.png", "aggregate.csv", "aggregate.tsv"),
            "forged",
            "is not the path of an aggregate.csv",
        ),
        (forged("own.png", "chart.png?by=outcome", "chart.png?by=year"), "forged", "is not a picture of"),
        (
            forged("digest.png", digest, &"0".repeat(64)),
            "differs",
            "the digest in its mark is not that of these figures",
        ),
        (
            python::file(&folder, "longer.png", &longer),
            "differs",
            "the figures that it names hold, but it is not the picture",
        ),
        (changed(&folder, "saved.png", &["save", &png]), "unreadable", "is a picture without a mark"),
        (
            python::file(&folder, "cut.png", &body[..body.len() / 2]),
            "unreadable",
            "is a PNG that is damaged or cut off",
        ),
        (
            python::file(&folder, "other.jpg", b"\xff\xd8\xff\xe0"),
            "unreadable",
            "is a JPEG, which has no mark",
        ),
        (
            python::file(&folder, "plain.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            "unreadable",
            "without a mark",
        ),
    ] {
        let (code, told) = check(&[&picture, "--at", &service.base], "");
        assert!(told.starts_with(state) && told.contains(words), "{picture}: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        let is_wrong = matches!(state, "forged" | "differs");
        assert!(if is_wrong { code == Some(1) } else { code != Some(0) }, "{picture}: {code:?}");
    }
    service.assert_log_clean();
}
