//! The program on the terminal: `check`, `query`, `serve`, and what it says when it cannot.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use e2e::service::{Service, run};
use e2e::{case, empty_folder, repository, text};

/// Copies a package and replaces one thing in one of its files; an empty file name: nothing.
pub fn package_with(name: &str, good: &str, file: &str, what: &str, by: &str) -> PathBuf {
    let folder = empty_folder(name);
    for entry in std::fs::read_dir(case(good)).expect("the case is there") {
        let entry = entry.expect("the case can be read");
        let mut content = std::fs::read_to_string(entry.path()).expect("the case can be read");
        if entry.file_name() == file {
            assert!(content.contains(what), "{what} in {file}");
            content = content.replacen(what, by, 1);
        }
        std::fs::write(folder.join(entry.file_name()), content).expect("target/ can be written");
    }
    folder
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("what is printed is UTF-8")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what is printed is UTF-8")
}

/// The program says one sentence on stderr that has all the words, and nothing else; returns its exit code.
pub fn assert_one_sentence(output: &Output, words: &[&str]) -> i32 {
    let said = stderr(output);
    assert_eq!(said.trim_end().lines().count(), 1, "not one line: {said}");
    assert!(said.starts_with("chargesheet: "), "{said}");
    for word in words {
        assert!(said.contains(word), "no {word} in: {said}");
    }
    for noise in ["panicked", "backtrace", "Os {", "unwrap", "Error {"] {
        assert!(!said.contains(noise), "{noise} in: {said}");
    }
    assert_eq!(stdout(output), "");
    let code = output.status.code().expect("the program ends by itself");
    assert_ne!(code, 0, "{said}");
    code
}

#[test]
fn a_taken_port_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port can be had");
    let address = taken.local_addr().expect("a bound socket has an address").to_string();
    let code = assert_one_sentence(&run(&["serve", "--listen", &address]), &[&address, "taken", "--listen"]);
    assert_eq!(code, 2);
}

#[test]
fn a_wrong_command_line_is_refused() {
    for arguments in [
        &["serv"][..],
        &["serve", "--listen", "here"],
        &["query"],
        &["query", "documented-cases", "--format", "pdf"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    let output = run(&["serve", "--public-url", "ftp://example.org"]);
    assert_one_sentence(&output, &["--public-url", "ftp://example.org", "https://"]);
}

#[test]
fn a_public_address_that_no_reader_could_use_is_refused() {
    let out = empty_folder("public-url");
    let out = out.to_str().expect("the path is UTF-8");
    for (address, words) in [
        ("https://ngo.example/figures", ["the path `/figures`", "such as https://figures.ngo.example"]),
        ("https://ngo.example/?x", ["`?x`", "https://HOST"]),
        ("https://ngo.example/#f", ["`#f`", "https://HOST"]),
        ("https://", ["empty host", "https://HOST"]),
        ("https://me@ngo.example", ["names a user", "https://HOST"]),
        ("https://-a.example", ["a hyphen at the beginning", "expected https://a.example"]),
        ("https://1.2.3", ["read as 1.2.0.3", "expected https://1.2.0.3"]),
    ] {
        for command in [&["serve"][..], &["export", "--out", out]] {
            let output = run(&[command, &["--public-url", address]].concat());
            assert_eq!(assert_one_sentence(&output, &words), 2, "{address}");
        }
    }
}

#[test]
fn who_serves_others_without_a_public_address_is_warned() {
    // An address of no machine (RFC 5737): it is warned of before it turns out that nobody can listen there.
    let warned = |more: &[&str]| stderr(&run(&[&["serve", "--listen", "192.0.2.1:3030"][..], more].concat()));
    let said = warned(&[]);
    for word in ["--public-url", "http://192.0.2.1:3030", "citations", "snippets", "oEmbed"] {
        assert!(said.contains(word), "no {word} in {said}");
    }
    let told = warned(&["--public-url", "https://charges.example"]);
    assert!(!told.contains("--public-url") && told.contains("192.0.2.1:3030"), "{told}");
}

#[test]
fn a_question_on_the_terminal_has_the_answer_of_the_web_address_byte_for_byte() {
    let service = Service::start();
    for (dataset, query) in [
        ("documented-cases", ""),
        ("documented-cases", "by=outcome&statute=KAZ-CC-274&measure=persons,cases,charges"),
        ("documented-cases", "by=&country=KAZ"),
        ("reported-figures", "by=year,outcome&statute=IND-IPC-124A&measure=cases&labels=kk"),
        ("reported-figures", "by=statute,year,outcome,source&measure=persons,cases&from=2015&to=2020"),
    ] {
        let files = format!("/v1/datasets/{dataset}");
        for (format, file) in [("csv", "aggregate.csv"), ("svg", "chart.svg")] {
            let reply = service.get(&format!("{files}/{file}?{query}"));
            let output = run(&["query", dataset, query, "--format", format]);
            if reply.status == 200 {
                assert_eq!(stdout(&output), reply.text(), "{dataset} {query} as {format}");
                assert_eq!(output.status.code(), Some(0));
            } else {
                // Too many series for a picture: refused in both places, for the same reason.
                let detail = reply.json()["detail"].as_str().unwrap_or_default().to_owned();
                assert_one_sentence(&output, &[&detail]);
            }
        }
        let mut json = service.json(&format!("{files}/aggregate.json?{query}"));
        let output = run(&["query", dataset, query, "--format", "json"]);
        let mut own: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
        // Only the citation differs: it names the address of the service.
        assert_ne!(own["citation"].take(), json["citation"].take());
        assert_eq!(own, json, "{dataset} {query}");
    }
    service.assert_log_clean();
}

#[test]
fn a_wrong_question_on_the_terminal_is_one_sentence() {
    for (dataset, query, words) in [
        ("documented-case", "", &["documented-case", "did you mean `documented-cases`?"][..]),
        ("documented-cases", "statute=KAZ-CC-247", &["KAZ-CC-247", "did you mean `KAZ-CC-274`?"]),
        ("documented-cases", "statut=KAZ-CC-274", &["statut", "did you mean `statute`?"]),
        ("reported-figures", "by=year", &["may not be summed over statute"]),
        ("documented-cases", "from=2020-13", &["from=2020-13"]),
    ] {
        assert_eq!(assert_one_sentence(&run(&["query", dataset, query]), words), 2, "{query}");
    }
}

#[test]
fn a_publishers_folder_is_served_beside_the_bundled_data() {
    let (cases, figures) = (case("good-cases"), case("good-figures"));
    let service = Service::start_with(&["--data", text(&cases), "--data", text(&figures)]);
    let listed = service.json("/v1/datasets");
    let ids: Vec<&str> = listed["datasets"]
        .as_array()
        .expect("a list of datasets")
        .iter()
        .filter_map(|dataset| dataset["id"].as_str())
        .collect();
    let bundled = ["documented-cases", "reported-figures", "russian-courts"];
    assert_eq!(ids, [&bundled[..], &["example-cases", "example-figures"]].concat());
    // What its publisher keeps back is in no figure; one person in two cases is one person.
    assert_eq!(
        service.text("/v1/datasets/example-cases/aggregate.csv?by=&measure=persons,cases,charges"),
        "persons,cases,charges\n3,3,4\n"
    );
    assert_eq!(
        service.text("/v1/datasets/example-cases/aggregate.csv?by=year&statute=FRA-X-1&measure=persons"),
        "year,persons\n,1\n2020,2\n2021,1\n"
    );
    // A reported zero is a zero; the year is additive here, for once. Who says something else comes last.
    assert_eq!(
        service.text("/v1/datasets/example-figures/aggregate.csv?by=year&statute=FRA-X-1&outcome=registered&measure=cases"),
        "year,cases,status,sources\n2019,0,A,bureau\n2020,12,A,bureau monitor\n"
    );
    assert_eq!(
        service.text(
            "/v1/datasets/example-figures/aggregate.csv?by=&statute=FRA-X-1&outcome=registered&measure=cases"
        ),
        "cases,status,sources\n12,A,bureau monitor\n"
    );
    let page = service.text("/statutes/FRA-X-1");
    assert!(page.contains("Example offence"), "{page}");
    service.assert_log_clean();
}

#[test]
fn the_bundled_data_can_be_left_out() {
    let cases = case("good-cases");
    let service = Service::start_with(&["--no-bundled", "--data", text(&cases)]);
    let listed = service.json("/v1/datasets");
    assert_eq!(listed["datasets"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(service.get("/v1/datasets/documented-cases").status, 404);
    assert_eq!(service.get("/statutes/KAZ-CC-274").status, 404);
    service.assert_log_clean();
}

#[test]
fn one_name_cannot_be_two_datasets() {
    let cases = case("good-cases");
    let output = run(&["serve", "--listen", "127.0.0.1:0", "--data", text(&cases), "--data", text(&cases)]);
    assert_one_sentence(&output, &["example-cases", text(&cases)]);
}

#[test]
fn a_changed_row_makes_another_release() {
    let release = |folder: &Path| {
        let service = Service::start_with(&["--no-bundled", "--data", text(folder)]);
        let described = service.json("/v1/datasets/example-cases");
        described["release"]["id"].as_str().expect("a release has an id").to_owned()
    };
    let same = package_with("release-same", "good-cases", "", "", "");
    let changed = package_with("release-changed", "good-cases", "charges.csv", "2020-03-01", "2020-03-02");
    assert_eq!(release(&case("good-cases")), release(&same));
    assert_ne!(release(&case("good-cases")), release(&changed));
}

#[test]
fn the_address_that_readers_see_can_be_told() {
    let service = Service::start_with(&["--public-url", "https://charges.example/"]);
    let page = service.text("/statutes/KAZ-CC-274");
    assert!(page.contains("https://charges.example/v1/datasets/"), "the snippet names the public address");
    assert!(!page.contains(service.address()), "nothing names the private one");
    let answer = service.json("/v1/datasets/documented-cases/aggregate.json");
    let citation = answer["citation"].as_str().unwrap_or_default();
    assert!(
        citation.contains("https://charges.example/v1/datasets/documented-cases/releases/"),
        "{citation}"
    );
}

#[test]
fn the_service_ends_when_it_is_told_to() {
    let mut service = Service::start();
    assert_eq!(service.get("/healthz").status, 200);
    let (code, took) = service.terminate();
    assert_eq!(code, Some(0), "{}", service.log());
    // An idle connection, as the test's own, must not hold it up until the deadline of ten seconds.
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    service.assert_log_clean();
}

#[test]
fn the_coverage_in_the_handbook_of_the_data_is_what_the_command_prints() {
    let printed = stdout(&run(&["coverage"]));
    let handbook =
        std::fs::read_to_string(repository().join("data/README.md")).expect("the handbook is there");
    let (_, rest) = handbook.split_once("<!-- coverage -->").expect("its place is marked");
    let (table, _) = rest.split_once("<!-- /coverage -->").expect("its end is marked");
    assert_eq!(table.trim(), printed.trim());
    assert!(printed.lines().count() > 30, "{printed}");
}
