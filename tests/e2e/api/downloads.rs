//! Files as they are taken: whole and known to be whole, in parts, on conditions; and the CSV that Excel opens.

use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::table::Table;

/// Addresses of files of a dataset, below it.
const FILES: [&str; 9] = [
    "aggregate.csv?by=year,outcome,country&share=outcome",
    "aggregate.csv?by=year,outcome&excel=1",
    "aggregate.json?by=year,outcome",
    "aggregate.parquet?by=year,outcome",
    "aggregate.xlsx?by=year,outcome",
    "chart.svg?by=year,outcome",
    "facets.json?of=outcome",
    "manifest.json",
    "newer.json?by=year",
];

const CASES: &str = "/v1/datasets/documented-cases";

fn part(service: &Service, path: &str, range: &str) -> Reply {
    service.ask("GET", path, &[("range", range)])
}

#[test]
fn an_empty_table_says_that_it_is_no_zero() {
    let service = Service::start();
    let nothing = "by=year,outcome&statute=KAZ-CC-274&from=1950&to=1951&measure=cases";
    for file in ["aggregate.csv", "aggregate.xlsx", "aggregate.parquet", "evidence.csv"] {
        let reply = service.get(&format!("/v1/datasets/reported-figures/{file}?{nothing}"));
        assert_eq!((reply.status, reply.header("chargesheet-rows")), (200, "0"), "{file}");
        assert!(reply.header("chargesheet-note").contains("not a zero"), "{file}");
        assert!(reply.header("access-control-expose-headers").contains("Chargesheet-Note"), "{file}");
    }
    for file in ["citation.txt", "citation.bib", "citation.ris", "citation.json"] {
        let text = service.text(&format!("/v1/datasets/reported-figures/{file}?{nothing}"));
        assert!(text.contains("not a zero"), "{file}: {text}");
    }
    let some = service.get("/v1/datasets/documented-cases/aggregate.csv?by=outcome");
    assert_eq!(some.header("chargesheet-note"), "");
    service.assert_log_clean();
}

#[test]
fn a_file_says_its_digest_and_its_length_to_get_and_head() {
    let service = Service::start();
    for file in FILES {
        let path = format!("{CASES}/{file}");
        let (get, head) = (service.get(&path), service.ask("HEAD", &path, &[]));
        assert_eq!((get.status, head.status), (200, 200), "{path}: {}", String::from_utf8_lossy(&get.body));
        get.assert_whole();
        assert_eq!(get.header("accept-ranges"), "bytes", "{path}");
        assert_eq!(head.headers(), get.headers(), "{path}");
        assert!(head.body.is_empty(), "{path}");
        let exposed = get.header("access-control-expose-headers").to_lowercase();
        for header in ["chargesheet-rows", "repr-digest", "accept-ranges", "content-range", "etag"] {
            assert!(exposed.split(", ").any(|own| own == header), "{header} in {exposed}");
        }
    }
    service.assert_log_clean();
}

#[test]
fn a_csv_says_how_many_rows_it_has() {
    let service = Service::start();
    for (path, at_least) in [
        ("/v1/datasets/documented-cases/aggregate.csv?by=year,outcome,statute,country,role", 5),
        ("/v1/datasets/reported-figures/aggregate.csv?by=country,statute,outcome,year,source", 90),
        ("/v1/datasets/documented-cases/aggregate.csv?by=outcome&excel=1", 2),
        // A question without an answer has a table without rows.
        ("/v1/datasets/documented-cases/aggregate.csv?by=year&from=1801&to=1802", 0),
    ] {
        let reply = service.get(path);
        let table = Table::parse(&reply.text());
        assert_eq!(reply.header("chargesheet-rows"), table.rows.len().to_string(), "{path}");
        assert!(table.rows.len() >= at_least, "{path}: {}", table.rows.len());
    }
    let releases = service.json("/v1/datasets/documented-cases/releases");
    let id = releases["releases"][0]["id"].as_str().expect("a release has an id");
    let reply = service.get(&format!("/v1/datasets/documented-cases/changes.csv?from={id}&to={id}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("chargesheet-rows"), Table::parse(&reply.text()).rows.len().to_string());
    service.assert_log_clean();
}

#[test]
fn parts_that_are_put_together_are_the_whole() {
    // A row for each month of many years and each of a few outcomes: more than one piece of 64 kB is written.
    let months = (1950..2020).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let outcomes =
        ["charged", "pending", "convicted", "acquitted", "fined", "withdrawn", "dismissed", "unknown"];
    let rows = months.flat_map(|month| outcomes.map(|outcome| (month.clone(), outcome)));
    let rows =
        rows.zip(0..).map(|((month, outcome), id)| format!("C{id},D{id},FRA,FRA-X-1,{month},{outcome},"));
    let folder = Package::cases().rows(rows).write();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    let large = "/v1/datasets/example-cases/aggregate.csv?by=month,statute,outcome&labels=en";
    assert!(service.get(large).body.len() > 3 * 64 * 1024, "the answer is written in several pieces");
    let small = FILES.map(|file| format!("{CASES}/{file}"));
    for path in small.iter().map(String::as_str).chain([large]) {
        let whole = service.get(path);
        let length = whole.body.len();
        let step = length.div_ceil(5).max(1);
        let mut joined = Vec::new();
        while joined.len() < length {
            let (first, last) = (joined.len(), joined.len() + step - 1);
            let reply = part(&service, path, &format!("bytes={first}-{last}"));
            let last = last.min(length - 1);
            assert_eq!(reply.status, 206, "{path}");
            assert_eq!(reply.header("content-range"), format!("bytes {first}-{last}/{length}"), "{path}");
            assert_eq!(reply.header("content-length"), (last - first + 1).to_string(), "{path}");
            for same in ["etag", "repr-digest", "content-type", "chargesheet-release", "chargesheet-rows"] {
                assert_eq!(reply.header(same), whole.header(same), "{same} of {path}");
            }
            assert!(!reply.body.is_empty(), "{path}");
            joined.extend(reply.body);
        }
        whole.assert_whole();
        assert!(joined == whole.body, "{path}");
        let end = part(&service, path, "bytes=-7");
        assert_eq!((end.status, end.body.as_slice()), (206, &whole.body[length - 7..]), "{path}");
        let all = part(&service, path, "bytes=-99999999");
        assert_eq!((all.status, all.body), (206, whole.body), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn a_range_that_cannot_be_had_is_told_with_the_length() {
    let service = Service::start();
    let path = format!("{CASES}/aggregate.csv?by=outcome");
    let length = service.get(&path).body.len();
    for range in [format!("bytes={length}-"), "bytes=999999999-".to_owned(), "bytes=-0".to_owned()] {
        let reply = part(&service, &path, &range);
        assert_eq!(reply.status, 416, "{range}");
        assert_eq!(reply.header("content-range"), format!("bytes */{length}"), "{range}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{range}");
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{range}");
        assert!(reply.text().contains(&length.to_string()), "{}", reply.text());
    }
    service.assert_log_clean();
}

#[test]
fn what_is_no_single_range_of_this_version_gives_the_whole() {
    let service = Service::start();
    let path = format!("{CASES}/aggregate.csv?by=outcome");
    let whole = service.get(&path);
    let tag = whole.header("etag");
    let weak = format!("W/{tag}");
    let part =
        |condition: &str| service.ask("GET", &path, &[("range", "bytes=1-4"), ("if-range", condition)]);
    let own = part(tag);
    assert_eq!((own.status, own.body.as_slice()), (206, &whole.body[1..5]));
    for another in [weak.as_str(), "\"other\"", "Wed, 21 Oct 2015 07:28:00 GMT", "nonsense"] {
        let reply = part(another);
        assert_eq!((reply.status, &reply.body), (200, &whole.body), "{another}");
    }
    for range in ["bytes=0-1,4-5", "bytes=5-1", "rows=1-2", "bytes=a-b", "bytes=1"] {
        let reply = service.ask("GET", &path, &[("range", range)]);
        assert_eq!((reply.status, &reply.body), (200, &whole.body), "{range}");
    }
    // HEAD knows no ranges.
    let head = service.ask("HEAD", &path, &[("range", "bytes=1-4")]);
    assert_eq!((head.status, head.header("content-length")), (200, whole.header("content-length")));
    service.assert_log_clean();
}

#[test]
fn conditions_are_looked_at_in_their_order() {
    let service = Service::start();
    let path = format!("{CASES}/aggregate.csv?by=outcome");
    let tag = service.get(&path).header("etag").to_owned();
    for (wanted, conditions) in [
        (200, vec![("if-match", tag.as_str())]),
        (200, vec![("if-match", "*")]),
        (412, vec![("if-match", "\"other\"")]),
        // An older version is wanted, whatever else is asked.
        (412, vec![("if-match", "\"other\""), ("if-none-match", &tag), ("range", "bytes=0-1")]),
        // It is there already: no part of it is sent.
        (304, vec![("if-none-match", &tag), ("range", "bytes=0-1")]),
        (304, vec![("if-match", &tag), ("if-none-match", &tag)]),
        (206, vec![("if-match", &tag), ("if-none-match", "\"other\""), ("range", "bytes=0-1")]),
    ] {
        let reply = service.ask("GET", &path, &conditions);
        assert_eq!(reply.status, wanted, "{conditions:?}");
    }
    let refused = service.ask("GET", &path, &[("if-match", "\"other\"")]);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.text().contains(tag.trim_matches('"')), "{}", refused.text());
    service.assert_log_clean();
}

/// A number without a decimal mark, as the CSV for spreadsheets has it: `538462E-6` is 0.538462.
fn markless(number: &str) -> String {
    match number.split_once('.') {
        Some((whole, decimals)) => {
            let digits = format!("{whole}{decimals}");
            format!("{}E-{}", digits.trim_start_matches('0'), decimals.len())
        }
        None => number.to_owned(),
    }
}

#[test]
fn a_spreadsheet_opens_a_csv_with_a_mark_and_without_decimal_marks() {
    let service = Service::start();
    let query = "by=outcome,year&share=outcome&labels=ru";
    let plain = service.text(&format!("{CASES}/aggregate.csv?{query}"));
    assert!(!plain.starts_with('\u{feff}'), "the plain CSV stays plain");
    let with_mark = service.get(&format!("{CASES}/aggregate.csv?{query}&excel=1"));
    let commas = with_mark.text();
    assert!(with_mark.header("content-disposition").starts_with("attachment; "), "it is saved");
    let semicolons = service.text(&format!("{CASES}/aggregate.csv?{query}&excel=1&separator=semicolon"));
    let plain = Table::parse(&plain);
    let shares: Vec<usize> =
        ["share", "share_low", "share_high"].iter().map(|name| plain.column(name)).collect();
    for (text, separator) in [(&commas, ","), (&semicolons, ";")] {
        let lines = text.strip_prefix('\u{feff}').expect("it has a mark").lines();
        assert_eq!(lines.clone().count(), plain.rows.len() + 1);
        for (line, row) in lines.skip(1).zip(&plain.rows) {
            let mut expected = row.clone();
            for &place in &shares {
                expected[place] = markless(&expected[place]);
                let (read, wanted) = (expected[place].parse::<f64>(), row[place].parse::<f64>());
                assert_eq!(read, wanted, "it is the same number");
            }
            for cell in expected.iter_mut().filter(|cell| cell.contains(separator)) {
                *cell = format!("\"{cell}\"");
            }
            assert_eq!(line, expected.join(separator));
        }
        assert!(text.contains("E-6"), "shares have decimals");
    }
    service.assert_log_clean();
}

#[test]
fn a_wrong_wish_for_excel_is_refused_in_words_that_teach() {
    let service = Service::start();
    for (query, parameter, says) in [
        ("separator=semicolon", "separator", "excel=1"),
        ("excel=yes", "excel", "excel=1"),
        ("excel=1&separator=semikolon", "separator", "semicolon"),
        ("excel=1&separater=semicolon", "separater", "separator"),
    ] {
        let reply = service.get(&format!("{CASES}/aggregate.csv?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        let problem = reply.json();
        assert_eq!(problem["parameter"], parameter, "{query}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{problem}");
    }
    assert_eq!(service.get(&format!("{CASES}/aggregate.json?excel=1")).status, 400);
    service.assert_log_clean();
}
