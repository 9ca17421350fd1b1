//! For ever: what a pinned address answered once, it answers always, byte for byte.
//!
//! `tests/corpus/pinned.txt` has a line for each of some thousands of pinned addresses of the bundled releases: the
//! SHA-256 of the answer, and the address. Whoever cites an answer relies on it. A change of the program that changes
//! one of them is a change of what was cited, and needs a better reason than that the new bytes are nicer.
//!
//! `UPDATE_CORPUS=1 tests/run --test e2e corpus` adds the addresses that are not held yet, those of a new bundled release
//! for one; lines that are there stay as they are. For a change that was decided on, take the lines out first;
//! `data/CHANGELOG.md` or `CHANGELOG.md` says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use e2e::service::Service;
use e2e::{repository, sha256};

/// Fewest addresses that are held.
const FEWEST: usize = 8_000;

fn file() -> PathBuf {
    repository().join("tests/corpus/pinned.txt")
}

/// A service whose public address is always the same: citations name it.
fn service() -> Service {
    Service::start_with(&["--public-url", "https://charges.example"])
}

/// The lines of a file of pinned answers: a digest and an address each.
pub fn lines(file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).expect("the pinned answers are there");
    let line = |line: &str| {
        let (digest, address) = line.split_once("  ").expect("a digest, an address");
        (digest.to_owned(), address.to_owned())
    };
    text.lines().map(line).collect()
}

/// The addresses that do not answer what they did, each with its status; or may not be kept for ever any more.
pub fn changed(service: &Service, lines: &[(String, String)]) -> Vec<String> {
    let mut changed = Vec::new();
    for (expected, address) in lines {
        let reply = service.get(address);
        let immutable = reply.header("cache-control") == "public, max-age=31536000, immutable";
        if reply.status != 200 || sha256(&reply.body) != *expected || !immutable {
            changed.push(format!("{} {address}", reply.status));
        }
    }
    changed
}

/// The groupings, filters and measures that are asked of each dataset.
fn queries() -> [(&'static str, Vec<String>); 3] {
    let with = |bases: &[&str], filters: &[&str], measures: &[&str]| {
        let mut all = Vec::new();
        for by in bases {
            for filter in filters {
                for measure in measures {
                    let parts = [*by, *filter, *measure];
                    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    all.push(parts.join("&"));
                }
            }
        }
        all
    };
    let cases = with(
        &["by=", "by=year", "by=outcome", "by=country,year", "by=statute,outcome", "by=role,month"],
        &["", "statute=KAZ-CC-274", "country=KAZ,POL,RUS", "from=2019&to=2022"],
        &["", "measure=persons,cases,charges"],
    );
    let mut figures = with(
        &["by=year,outcome", "by=statute,year,outcome", "by=country,statute,outcome,year,source"],
        &[
            "statute=IND-IPC-124A",
            "statute=KAZ-CC-274",
            "country=POL",
            "country=GBR&from=2015",
            "country=TUR,RUS&to=2021",
            "",
        ],
        &["measure=persons", "measure=cases"],
    );
    figures.extend(with(
        &["by=year&outcome=convicted", "by=year,outcome&labels=kk", "by=year,outcome&labels=ru&from=2010"],
        &["statute=IND-IPC-124A", "statute=POL-KK-135.2"],
        &["measure=persons", "measure=persons,cases"],
    ));
    figures.extend(with(
        &["by=period,outcome", "by=period,area,outcome&labels=ru", "by=year,rule,outcome"],
        &["statute=KAZ-CC-274", "country=KAZ", "country=DEU,GBR,RUS", "from=2020&to=2022"],
        &["measure=persons", "measure=cases"],
    ));
    let results =
        "outcome=acquitted,convicted,discontinued-no-offence,discontinued-other-grounds,medical-measures";
    let shared = format!("{results}&share=outcome");
    let courts = with(
        &["by=year,outcome", "by=statute,year,outcome", "by=year,outcome,rule&labels=kk"],
        &["statute=RUS-CC-282", "statute=RUS-CC-129", "from=2015&to=2020", ""],
        &["", results, &shared],
    );
    [("documented-cases", cases), ("reported-figures", figures), ("russian-courts", courts)]
}

/// The forms that each query is asked in.
const FORMS: [&str; 9] = [
    "aggregate.csv",
    "aggregate.json",
    "aggregate.json?lang=ru",
    "aggregate.json?lang=kk",
    "chart.svg",
    "chart.svg?type=bar&theme=dark&lang=ru",
    "chart.svg?type=stacked&width=375&height=420&lang=kk",
    "chart.svg?type=line&width=1200&height=600",
    "facets.json?of=outcome,statute",
];

/// The forms that tell of an answer: each is asked of every statute and measure.
const TOLD: [&str; 7] = [
    "trend.json?by=year",
    "trend.json?by=year,outcome",
    "trend.json?by=year,outcome&lang=ru",
    "trend.json?by=year,outcome&lang=kk",
    "evidence.csv?by=year,outcome",
    "citation.txt?by=year,outcome",
    "codebook.json?by=year,outcome",
];

/// What tells of answers, asked once of each release.
const TOLD_OF_ALL: [&str; 16] = [
    "trend.json",
    "trend.json?by=year,role&country=KAZ",
    "trend.json?by=year,country&outcome=convicted&lang=ru",
    "evidence.csv",
    "evidence.csv?by=country,year,outcome,source",
    "evidence.csv?by=statute,outcome&country=KAZ,RUS",
    "citation.txt?by=country,year",
    "citation.txt?by=country,statute,outcome,year,source&lang=ru",
    "citation.txt?by=country,statute,outcome,year,source&lang=kk",
    "codebook.json",
    "codebook.json?lang=ru",
    "codebook.json?lang=kk",
    "movers.csv?before=2014&after=2021",
    "movers.csv?before=2019&after=2022&outcome=convicted",
    "movers.csv?before=2014..2016&after=2019..2021&outcome=registered&min=0&lang=ru",
    "movers.csv?before=2019&after=2021&of=country&outcome=convicted&measure=cases&lang=kk",
];

/// All addresses that could be held; some cannot be drawn or added up, and are left out.
fn addresses(service: &Service) -> Vec<String> {
    let mut all = Vec::new();
    for (dataset, queries) in queries() {
        let described = service.json(&format!("/v1/datasets/{dataset}"));
        let release = described["release"]["id"].as_str().expect("a release has an id").to_owned();
        let pinned = format!("/v1/datasets/{dataset}/releases/{release}");
        all.extend(["", "?lang=ru", "?lang=kk"].map(|query| format!("{pinned}{query}")));
        all.push(format!("{pinned}/manifest.json"));
        for query in queries {
            for form in FORMS {
                let separator = if form.contains('?') { '&' } else { '?' };
                all.push(format!("{pinned}/{form}{separator}{query}"));
            }
        }
        let listed = service.json(&format!("/v1/datasets/{dataset}/releases"));
        let statutes = service.json("/v1/statutes");
        for release in listed["releases"].as_array().expect("a list") {
            let id = release["id"].as_str().expect("a release has an id");
            let pinned = format!("/v1/datasets/{dataset}/releases/{id}");
            all.extend(TOLD_OF_ALL.map(|form| format!("{pinned}/{form}")));
            for statute in statutes["statutes"].as_array().expect("a list") {
                // The register has statutes that this dataset says nothing of.
                let covering = statute["datasets"].as_array().expect("a list");
                if covering.iter().all(|covering| covering["dataset"] != dataset) {
                    continue;
                }
                let statute = statute["id"].as_str().expect("a statute has an id");
                for measure in ["persons", "cases"] {
                    let told =
                        TOLD.map(|form| format!("{pinned}/{form}&statute={statute}&measure={measure}"));
                    all.extend(told);
                }
            }
        }
    }
    all
}

fn add_new() {
    let service = service();
    let mut lines: BTreeMap<String, String> =
        lines(&file()).into_iter().map(|(digest, address)| (address, digest)).collect();
    for address in addresses(&service) {
        if lines.contains_key(&address) {
            continue;
        }
        let reply = service.get(&address);
        if reply.status == 200 {
            lines.insert(address, sha256(&reply.body));
        }
    }
    let text: String = lines.iter().map(|(address, digest)| format!("{digest}  {address}\n")).collect();
    std::fs::write(file(), text).expect("the corpus can be written");
}

#[test]
fn what_was_cited_is_answered_byte_for_byte() {
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        add_new();
    }
    let lines = lines(&file());
    assert!(lines.len() >= FEWEST, "only {} addresses are held", lines.len());
    for (form, fewest) in [
        ("/aggregate.csv", 50),
        ("/aggregate.json", 50),
        ("/chart.svg", 50),
        ("/facets.json", 50),
        ("/trend.json", 50),
        ("/evidence.csv", 50),
        ("/citation.txt", 50),
        ("/codebook.json", 50),
        ("/movers.csv", 5),
    ] {
        let held = lines.iter().filter(|(_, address)| address.contains(form)).count();
        assert!(held >= fewest, "only {held} of {form}");
    }
    let service = service();
    let changed = changed(&service, &lines);
    assert!(
        changed.is_empty(),
        "{} of {} pinned answers are not what they were:\n{}",
        changed.len(),
        lines.len(),
        changed.iter().take(20).cloned().collect::<Vec<_>>().join("\n"),
    );
    service.assert_log_clean();
}
