//! Questions that ask for more than can be shown or computed in time: each is answered in words, and gives its turn back.

use std::time::{Duration, Instant};

use e2e::packages::Package;
use e2e::python;
use e2e::service::{Reply, Service};
use e2e::{archive, wait_for};

use crate::publish::rulebook_background::POPULATION;

const STATUTES: &str = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url";
const COUNTRIES: [&str; 6] = ["DEU", "FRA", "KAZ", "NAM", "POL", "XKX"];
const OUTCOMES: [&str; 8] =
    ["acquitted", "convicted", "dismissed", "fined", "pending", "plea", "transferred", "withdrawn"];
const ROLES: [&str; 8] =
    ["academic", "activist", "artist", "blogger", "clergy", "journalist", "lawyer", "other"];

/// A package of so many charges, of which each is in a group of its own as soon as it is asked by everything.
fn charges(number: usize, region: impl Fn(usize) -> usize, source: impl Fn(usize) -> String) -> Package {
    let statutes: Vec<String> =
        (0..48).map(|of| format!("S-{of},,{},Act,{of},,Example offence,,,,,,,", COUNTRIES[of % 6])).collect();
    let statutes: Vec<&str> = statutes.iter().map(String::as_str).collect();
    let mut package = Package::cases().with_table("statutes", STATUTES, &statutes);
    let mut text =
        String::from("case_id,defendant_id,country,statute,date_charged,outcome,role,region,source\n");
    for row in 0..number {
        // Each with a period of its own, so that all combinations occur.
        let (statute, year) = (row % 48, 2000 + row / 48 % 20);
        let (outcome, role) = (OUTCOMES[row / 7 % 8], ROLES[row / 61 % 8]);
        text.push_str(&format!(
            "C{row},D{row},{},S-{statute},{year},{outcome},{role},R{:05},{}\n",
            COUNTRIES[statute % 6],
            region(row),
            source(row),
        ));
    }
    *package.records_mut() = text;
    package
}

fn serve(package: &Package, arguments: &[&str]) -> Service {
    let folder = package.write().display().to_string();
    Service::start_with(&[&["--no-bundled", "--data", &folder], arguments].concat())
}

const EVERYTHING: &str = "by=country,year,outcome,role,region,statute";

/// Asks for several things at once.
fn asked(service: &Service, paths: &[String]) -> Vec<Reply> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = paths.iter().map(|path| scope.spawn(move || service.get(path))).collect();
        asked.into_iter().map(|asked| asked.join().expect("there is an answer to everything")).collect()
    })
}

/// Fails unless a question that nobody has asked before is answered at once.
fn assert_answers(service: &Service, dataset: &str, number: usize) {
    let began = Instant::now();
    let reply = service.get(&format!("/v1/datasets/{dataset}/aggregate.csv?by=year&to={}", 2001 + number));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
}

fn assert_all_turns_are_free(service: &Service, within: u64) {
    let began = Instant::now();
    wait_for("every turn to be given back", || {
        (service.metric("chargesheet_computations") == 0.0).then_some(())
    });
    assert!(began.elapsed() < Duration::from_secs(within), "it took {:?}", began.elapsed());
}

#[test]
fn charts_of_too_many_series_are_refused_at_once_and_take_nobody_a_turn() {
    let service = serve(&charges(100_000, |row| row % 60_000, |_| String::new()), &[]);
    let dataset = "/v1/datasets/example-cases";
    let at = |path: &str| format!("{dataset}/{path}?{EVERYTHING}");
    let base = service.base.clone();
    let embed = format!("/embed/example-cases?{EVERYTHING}");
    let mut paths: Vec<String> = ["chart.svg", "chart.png", "chart.html"].map(at).to_vec();
    paths.extend(
        ["line", "bar", "stacked", "share", "multiples", "horizontal"]
            .map(|kind| format!("{}&type={kind}", at("chart.svg"))),
    );
    paths.push(format!("{dataset}/chart.svg?by=region&type=horizontal"));
    paths.push(format!("{dataset}/chart.svg?by=region"));
    paths.push(embed.clone());
    paths.push(format!("/report/example-cases?{EVERYTHING}"));
    paths.push(format!("/statutes/S-1?{EVERYTHING}"));
    let embed = format!("{base}{embed}").replace('&', "%26").replace('=', "%3D").replace('?', "%3F");
    paths.push(format!("/oembed?url={embed}"));
    for (number, two) in paths.chunks(2).enumerate() {
        let replies = asked(&service, two);
        assert_answers(&service, "example-cases", number);
        for (path, reply) in two.iter().zip(replies) {
            // A page says what it cannot show, and shows the rest.
            let status = if path.starts_with("/oembed") { 404 } else { 400 };
            let text = reply.text();
            let status = if path.starts_with("/statutes") { 200 } else { status };
            assert_eq!(reply.status, status, "{path}: {text}");
            let told = if path.starts_with("/embed") || path.starts_with("/statutes") {
                "more than any picture shows"
            } else if path.starts_with("/report") {
                "more than 10000 rows"
            } else if path.contains("by=region") {
                "more groups than any picture shows"
            } else {
                "more series than any picture shows"
            };
            assert!(text.contains(told), "{path}: {text}");
        }
    }
    assert_all_turns_are_free(&service, 20);
    service.assert_log_clean();
}

#[test]
fn what_takes_too_long_ends_soon_after_its_time() {
    let package = charges(400_000, |row| row % 60_000, |row| format!("https://example.org/cases/{row}"));
    let service = serve(&package, &["--answer-within", "2"]);
    let dataset = "/v1/datasets/example-cases";
    for path in [
        format!("aggregate.json?{EVERYTHING}&share=outcome&measure=persons,cases,charges&labels=en"),
        format!("aggregate.xlsx?{EVERYTHING}&share=outcome&measure=persons&to=2009"),
        format!("aggregate.zip?{EVERYTHING}&share=outcome&measure=persons"),
        format!("aggregate.parquet?{EVERYTHING}&measure=persons,cases"),
        format!("evidence.csv?{EVERYTHING}"),
        format!("citation.txt?{EVERYTHING}&measure=cases"),
        "codebook.json?by=region,statute,month".to_owned(),
        format!("newer.json?{EVERYTHING}"),
        "trend.json?by=year,region,statute".to_owned(),
        "movers.csv?of=region&before=2001&after=2002&limit=1000".to_owned(),
    ] {
        let reply = service.get(&format!("{dataset}/{path}"));
        assert!([200, 400, 503].contains(&reply.status), "{path}: {}", reply.text());
        assert_all_turns_are_free(&service, 20);
        assert_answers(&service, "example-cases", path.len() % 18);
    }
    assert_eq!(service.metric("chargesheet_panics_total"), 0.0);
}

/// So many figures of France by statute, year and outcome, each of which `value` gives.
fn figures(number: usize, value: impl Fn(usize) -> usize) -> Package {
    let of = number / 200;
    let statutes: Vec<String> =
        (0..of).map(|of| format!("S-{of},,FRA,Act,{of},,Example offence,,,,,,,")).collect();
    let statutes: Vec<&str> = statutes.iter().map(String::as_str).collect();
    let people: Vec<String> =
        (1900..2000).map(|year| format!("FRA,{year},50000000,Office,https://example.org/people")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let rows = (0..number).map(|row| {
        let (statute, year, outcome) = (row % of, 1900 + row / of % 100, OUTCOMES[row / of / 100]);
        format!("FRA,S-{statute},{year},{outcome},cases,{},bureau,A,true,", value(row))
    });
    let package = Package::figures().rows(rows.collect::<Vec<_>>());
    package.with_table("statutes", STATUTES, &statutes).with_table("population", POPULATION, &people)
}

const RATES: &str =
    "/v1/datasets/example-figures/aggregate.csv?by=country,statute,year,outcome&measure=cases&rate=1";

#[test]
fn the_interval_of_a_count_is_found_once_however_many_rows_have_it() {
    let service = serve(&figures(300_000, |_| 900_000), &["--answer-within", "8"]);
    let reply = service.get(RATES);
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.text();
    let rates: Vec<Vec<&str>> =
        text.lines().skip(1).map(|row| row.split(',').skip(4).take(4).collect()).collect();
    assert_eq!((rates.len(), &rates[0][..2]), (300_000, &["900000", "1800"][..]), "{:?}", rates[0]);
    assert!(rates.iter().all(|rate| *rate == rates[0]), "every row has the same rate");
}

#[test]
fn rates_of_many_counts_end_soon_after_their_time() {
    let service = serve(&figures(100_000, |row| 900_000 - row), &["--answer-within", "1"]);
    let reply = service.get(RATES);
    assert_eq!((reply.status, reply.header("retry-after")), (503, "10"), "{}", reply.text());
    assert_all_turns_are_free(&service, 3);
    assert_eq!(service.metric("chargesheet_panics_total"), 0.0);
}

#[test]
fn a_list_of_sources_grows_with_the_question_and_not_with_the_data() {
    let package = charges(3_000, |row| row % 50, |row| format!("court file {row:04}"));
    let service = serve(&package, &[]);
    let dataset = "/v1/datasets/example-cases";
    let answer = service.json(&format!("{dataset}/aggregate.json?by=outcome"));
    assert_eq!(answer["sources"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(answer["more_sources"]["count"], 2_000);
    let evidence = answer["more_sources"]["url"].as_str().expect("it is an address");
    let all = service.text(evidence);
    for row in [0, 1_500, 2_999] {
        assert!(all.contains(&format!("court file {row:04}")), "{evidence} lacks {row}");
    }
    // The line under the picture counts all of them.
    let line = answer["text"]["source_line"].as_str().expect("it is a text");
    assert!(line.contains("and 2997 more"), "{line}");

    // The workbook, the archive and the description list as many, and say where the others are.
    let folder = e2e::empty_folder("bounded-workbook");
    let book = service.get(&format!("{dataset}/aggregate.xlsx?by=outcome"));
    assert_eq!(book.status, 200, "{}", book.text());
    let (csv, parquet) = (
        service.get(&format!("{dataset}/aggregate.csv?by=outcome&labels=en")),
        service.get(&format!("{dataset}/aggregate.parquet?by=outcome&labels=en")),
    );
    let paths = [("csv", csv), ("parquet", parquet), ("xlsx", book)]
        .map(|(ending, reply)| python::file(&folder, &format!("answer.{ending}"), &reply.body));
    let told = python::printed("tables.py", &[&paths[0], &paths[1], &paths[2]]);
    let files = archive::unpacked(&service.get(&format!("{dataset}/aggregate.zip?by=outcome")).body);
    let licence = std::fs::read_to_string(files.join("LICENSE.txt")).expect("the archive has its licence");
    let described = service.text(&format!("{dataset}/aggregate.csv-metadata.json?by=outcome"));
    for (what, text) in [("workbook", &told), ("licence", &licence), ("description", &described)] {
        assert_eq!(text.matches("court file ").count(), 1_000, "{what}");
        assert!(
            text.contains("Without 2000 more sources") && text.contains("/evidence.csv?by=outcome"),
            "{what}"
        );
    }
    for page in ["/report/example-cases?by=outcome", "/statutes/S-1?by=outcome"] {
        let text = service.text(page);
        let listed = text.matches("<li>court file ").count();
        assert!(listed <= 1_000, "{page}: {listed}");
        assert_eq!(text.contains("and 2000 more</a>"), page.starts_with("/report"), "{page}");
    }
    // An answer whose sources are all listed has the members that it always had.
    let few = service.json(&format!("{dataset}/aggregate.json?by=outcome&statute=S-1"));
    assert!(few["sources"].as_array().is_some_and(|all| all.len() < 100), "{few}");
    assert!(few.get("more_sources").is_none());
    service.assert_log_clean();
}
