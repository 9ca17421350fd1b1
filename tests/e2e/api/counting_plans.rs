//! Charges are counted in several ways, chosen by the question: every way is held against a recount of the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use e2e::packages::Package;
use e2e::service::{Service, run};
use e2e::store::Store;

use crate::publish::commands::stdout;

/// So many that tables of counts are made in advance, and worth their room.
const ROWS: usize = 150_000;

const STATUTES: [&str; 6] = ["FRA-X-1", "FRA-X-2", "FRA-X-3", "GBR-Y-1", "GBR-Y-2", "GBR-Y-3"];
const OUTCOMES: [&str; 4] = ["acquitted", "convicted", "fined", "pending"];
const ROLES: [&str; 3] = ["activist", "journalist", "other"];
const HEADER: &str = "case_id,defendant_id,country,statute,date_charged,outcome,charge_id,role,region,source";

/// A charge by the names of its columns.
type Charge = BTreeMap<&'static str, String>;

/// A number that looks drawn, the same every time (the mixing step of SplitMix64).
fn drawn(seed: usize, salt: u64) -> usize {
    let mut bits = (seed as u64).wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((bits ^ (bits >> 31)) >> 33).expect("31 bits fit")
}

fn charge(row: usize) -> Charge {
    let case = row / 3;
    let statute = STATUTES[drawn(row, 1) % STATUTES.len()];
    let (year, month, day) = (2015 + drawn(case, 2) % 6, 1 + drawn(case, 3) % 12, 1 + drawn(case, 4) % 28);
    let date = match drawn(case, 5) % 50 {
        0 => "unknown".to_owned(),
        1 => year.to_string(),
        2 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    };
    let region = match drawn(case, 6) % 9 {
        0 => String::new(),
        region => format!("R{region}"),
    };
    let source = ["", "court a", "court b"][drawn(row, 7) % 3].to_owned();
    Charge::from([
        ("case_id", format!("C{case}")),
        // Some come back, in other cases and other countries.
        (
            "defendant_id",
            format!("D{}", if drawn(row, 8).is_multiple_of(5) { drawn(row, 9) % 900 } else { row / 2 }),
        ),
        ("country", statute[..3].to_owned()),
        ("statute", statute.to_owned()),
        ("date_charged", date),
        ("outcome", OUTCOMES[drawn(row, 10) % 4].to_owned()),
        ("charge_id", format!("N{row}")),
        ("role", ROLES[drawn(case, 11) % 3].to_owned()),
        ("region", region),
        ("source", source),
    ])
}

fn package(charges: &[Charge]) -> Package {
    let mut package = Package::cases();
    let mut statutes = package.tables["statutes.csv"].lines().next().unwrap_or_default().to_owned();
    for statute in STATUTES {
        statutes += &format!("\n{statute},,{},Act,{statute},,Offence,,,,,,,", &statute[..3]);
    }
    package.tables.insert("statutes.csv".to_owned(), statutes + "\n");
    let columns: Vec<&str> = HEADER.split(',').collect();
    let lines: Vec<String> = charges
        .iter()
        .map(|charge| columns.iter().map(|column| charge[column].as_str()).collect::<Vec<_>>().join(","))
        .collect();
    package.tables.insert("charges.csv".to_owned(), format!("{HEADER}\n{}\n", lines.join("\n")));
    package
}

/// What is asked: the query, and a word that the way it is answered is told with.
const QUESTIONS: [(&str, &str); 22] = [
    ("by=", "cube by statute all time"),
    ("by=country,year", "cube by statute year"),
    ("by=year&statute=FRA-X-1,GBR-Y-2", "cube by statute year"),
    ("by=statute&from=2016-03-05&to=2018-11-20", "offsets"),
    ("by=outcome", "cube"),
    ("by=country,year,outcome", "cube"),
    ("by=outcome,country", "cube"),
    ("by=year,statute,outcome", "cube"),
    ("by=country,outcome,statute", "cube"),
    ("by=role,year&country=GBR", "cube"),
    ("by=region,outcome&from=2017&to=2019", "cube"),
    ("by=month,outcome&from=2016-02", "cube"),
    ("by=year,month,role", "cube"),
    ("by=region&outcome=convicted,fined", "cube"),
    ("by=role&region=R3,R4&country=FRA", "desc=\"charges"),
    ("by=role,region", "desc=\"charges"),
    ("by=outcome&from=2016-03-05&to=2018-11-20", "desc=\"charges"),
    ("by=outcome,role,region,month", "desc=\"charges"),
    ("by=year,region&role=journalist&from=2016-02-29", "desc=\"charges"),
    ("by=country&outcome=acquitted&role=other&region=R1", "desc=\"charges"),
    ("by=year&region=R1&to=2016", "cube"),
    ("by=statute,month&country=FRA", ""),
];

/// Whether a date lies inside the bounds, all of it.
fn is_inside(date: &str, from: Option<&str>, to: Option<&str>) -> bool {
    let first = |date: &str| format!("{date}{}", &"-01-01"[date.len() - 4..]);
    let last = |date: &str| match date.len() {
        4 => format!("{date}-12-31"),
        // No month is longer, and texts are compared.
        7 => format!("{date}-31"),
        _ => date.to_owned(),
    };
    if date == "unknown" {
        return from.is_none() && to.is_none();
    }
    from.is_none_or(|from| first(date) >= first(from)) && to.is_none_or(|to| last(date) <= last(to))
}

/// Counts charges, persons and cases of each group, slowly.
fn recount(charges: &[Charge], query: &str) -> String {
    let parameters: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let by: Vec<&str> = parameters["by"].split(',').filter(|dimension| !dimension.is_empty()).collect();
    let mut groups: BTreeMap<Vec<String>, [BTreeSet<&str>; 3]> = BTreeMap::new();
    for charge in charges {
        let is_kept = |(name, kept): (&&str, &&str)| match *name {
            "by" | "from" | "to" => true,
            column => kept.split(',').any(|code| code == charge[column]),
        };
        let date = charge["date_charged"].as_str();
        let (from, to) = (parameters.get("from").copied(), parameters.get("to").copied());
        if !parameters.iter().all(is_kept) || !is_inside(date, from, to) {
            continue;
        }
        let value = |dimension: &&str| match *dimension {
            "year" if date == "unknown" => String::new(),
            "year" => date[..4].to_owned(),
            "month" if date == "unknown" => String::new(),
            "month" => date.get(..7).unwrap_or_default().to_owned(),
            column => charge[column].clone(),
        };
        let group = groups.entry(by.iter().map(value).collect()).or_default();
        for (set, column) in group.iter_mut().zip(["charge_id", "defendant_id", "case_id"]) {
            set.insert(&charge[column]);
        }
    }
    let mut csv =
        by.iter().map(|dimension| format!("{dimension},")).collect::<String>() + "charges,persons,cases\n";
    for (keys, counts) in groups {
        let cells = keys.into_iter().chain(counts.iter().map(|set| set.len().to_string()));
        csv += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    csv
}

fn asked(service: &Service, query: &str, measure: &str) -> (String, String) {
    let reply = service.get(&format!("/v1/datasets/example-cases/aggregate.csv?{query}&measure={measure}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    let told = reply.header("server-timing").to_owned();
    // Beside the time, nothing in it is a number: a policy may keep a count back.
    let (plan, _) = told.rsplit_once(";dur=").expect("it has the time last");
    assert!(!plan.contains(|letter: char| letter.is_ascii_digit()), "{told}");
    (reply.text(), told)
}

fn assert_answers(service: &Service, recounts: &[String]) {
    for ((query, way), recount) in QUESTIONS.iter().zip(recounts) {
        let (answer, told) = asked(service, query, "charges,persons,cases");
        assert!(answer == *recount, "{query}: {answer}\n---\n{recount}");
        assert!(told.contains(way) && told.contains("distinct over charges"), "{query}: {told}");
    }
}

#[test]
fn every_way_to_count_gives_what_a_recount_gives() {
    let charges: Vec<Charge> = (0..ROWS).map(charge).collect();
    let recounts: Vec<String> = QUESTIONS.iter().map(|(query, _)| recount(&charges, query)).collect();
    let store = Store::empty("planned");
    let package = package(&charges);
    let release = store.add(&package);
    assert_answers(&store.serve(), &recounts);
    store.assert_whole();

    // The same by polars alone, which says how.
    for ((query, _), recount) in QUESTIONS.iter().zip(&recounts).step_by(3) {
        let query = format!("{query}&measure=charges,persons,cases");
        let by_polars = |more: &[&str]| {
            let store = ["query", "--no-bundled", "--store", store.text(), "--engine", "polars"];
            let output = run(&[&store[..], more, &["example-cases", &query]].concat());
            assert!(output.status.success(), "{query}: {output:?}");
            stdout(&output)
        };
        assert!(by_polars(&[]) == *recount, "{query}");
        let plan = by_polars(&["--explain"]);
        assert!(plan.contains("AGGREGATE") || plan.contains("SELECT"), "{query}: {plan}");
    }

    // The same out of a folder, which is laid out when the service starts.
    let folder = package.write();
    let text = folder.to_str().expect("the path is UTF-8");
    assert_answers(&Service::start_with(&["--no-bundled", "--data", text]), &recounts);
    let _ = std::fs::remove_dir_all(&folder);

    // Without the file, which releases of earlier versions do not have, charges are read from the table.
    let files = store.path().join("example-cases").join(&release);
    let (columns, sums) = (files.join("columns.bin"), files.join("SHA256SUMS"));
    let all = std::fs::read(&columns).expect("the store has columns");
    std::fs::remove_file(&columns).expect("the file can be removed");
    assert_refused(&store, &columns);
    let listed = std::fs::read_to_string(&sums).expect("the digests are text");
    let without: String = listed
        .lines()
        .filter(|line| !line.ends_with("columns.bin"))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&sums, without).expect("the digests can be written");
    assert_answers(&store.serve(), &recounts);
    store.assert_whole();

    // Damage anywhere is noticed before anything is answered from it.
    std::fs::write(&sums, listed).expect("the digests can be written");
    for place in [3, 30, all.len() / 3, all.len() - 1] {
        let mut damaged = all.clone();
        damaged[place] ^= 4;
        std::fs::write(&columns, damaged).expect("the file can be written");
        assert_refused(&store, &columns);
        assert_ne!(store.verify().status.code(), Some(0), "byte {place}");
    }
    std::fs::write(&columns, &all[..all.len() / 2]).expect("the file can be written");
    assert_refused(&store, &columns);
}

/// Fails unless the release is not served, and why is told.
fn assert_refused(store: &Store, columns: &Path) {
    let service = store.serve();
    assert_eq!(service.get("/v1/datasets/example-cases/aggregate.csv").status, 503, "{}", columns.display());
    let said = service.log();
    assert!(said.contains("columns.bin"), "{said}");
}
