//! Every file has a name that says what it holds.

use e2e::service::Service;

const FIGURES: &str = "/v1/datasets/reported-figures";

/// Returns the disposition of a file, and its name without the day of the release at its end.
fn named(service: &Service, path: &str) -> (String, String) {
    let reply = service.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let header = reply.header("content-disposition").to_owned();
    let (kept, name) = header.split_once("; filename=\"").unwrap_or_else(|| panic!("{path}: {header}"));
    let name = name.trim_end_matches('"').to_owned();
    let day = &reply.header("chargesheet-release")[..10];
    let (start, ending) = name.split_once(&format!("_{day}.")).unwrap_or_else(|| panic!("{path}: {name}"));
    (kept.to_owned(), format!("{start}.{ending}"))
}

#[test]
fn a_file_is_named_after_what_was_asked() {
    let service = Service::start();
    let law = "statute=IND-IPC-124A&outcome=registered&measure=cases";
    for (path, kept, name) in [
        (
            format!("aggregate.csv?by=year&{law}"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_by-year.csv",
        ),
        (
            format!("aggregate.json?{law}&lang=ru"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_ru.json",
        ),
        (
            format!("aggregate.csv?by=year&{law}&excel=1&labels=kk"),
            "attachment",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_kk_excel.csv",
        ),
        (
            format!("aggregate.xlsx?by=outcome,year&{law}"),
            "attachment",
            "chargesheet_IND-IPC-124A_registered_cases_by-outcome-year.xlsx",
        ),
        (
            format!("aggregate.parquet?{law}"),
            "attachment",
            "chargesheet_IND-IPC-124A_registered_cases_by-year.parquet",
        ),
        (
            format!("aggregate.zip?{law}"),
            "attachment",
            "chargesheet_IND-IPC-124A_registered_cases_by-year.zip",
        ),
        (
            format!("chart.svg?{law}&type=bar"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_bar_chart.svg",
        ),
        (
            format!("chart.png?{law}&from=2014&to=2016"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_2014-to-2016_chart.png",
        ),
        (
            format!("evidence.csv?{law}"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_evidence.csv",
        ),
        (
            format!("citation.bib?{law}"),
            "attachment",
            "chargesheet_IND-IPC-124A_registered_cases_by-year_citation.bib",
        ),
        (
            format!("facets.json?of=outcome&{law}"),
            "inline",
            "chargesheet_IND-IPC-124A_registered_cases_of-outcome_facets.json",
        ),
        (
            "movers.csv?before=2016&after=2020&measure=cases&outcome=registered".to_owned(),
            "inline",
            "chargesheet_registered_cases_2016-to-2020_movers.csv",
        ),
        (
            "aggregate.csv?by=country,statute,outcome,year&measure=cases&country=IND,KAZ".to_owned(),
            "inline",
            "chargesheet_IND+KAZ_cases_by-country-statute-outcome-year.csv",
        ),
        (
            "aggregate.csv-metadata.json?by=year,statute,outcome&measure=cases".to_owned(),
            "inline",
            "chargesheet_reported-figures_cases_by-year-statute-outcome.csv-metadata.json",
        ),
        ("codebook.csv".to_owned(), "inline", "chargesheet_reported-figures_codebook.csv"),
        ("package.zip".to_owned(), "attachment", "chargesheet_reported-figures_package.zip"),
        ("manifest.json".to_owned(), "inline", "chargesheet_reported-figures_manifest.json"),
    ] {
        assert_eq!(named(&service, &format!("{FIGURES}/{path}")), (kept.to_owned(), name.to_owned()));
    }
    service.assert_log_clean();
}

#[test]
fn a_name_stays_short_and_has_only_letters_that_every_disk_takes() {
    let service = Service::start();
    let described = service.json("/v1/datasets/reported-figures");
    let statutes = described["statutes"].as_array().expect("it has statutes");
    let statutes: Vec<&str> = statutes.iter().filter_map(|id| id.as_str()).take(5).collect();
    let path = format!(
        "{FIGURES}/aggregate.csv?by=statute,outcome,year&measure=cases&statute={}",
        statutes.join(",")
    );
    assert_eq!(named(&service, &path).1, "chargesheet_5-statute_cases_by-statute-outcome-year.csv");
    let period = "period=2020-03/2021-06-11";
    let periods = service.get(&format!("{FIGURES}/facets.json?of=period"));
    // Of a period with a slash, the name says that there is one.
    if periods.status == 200 && periods.text().contains("2020-03/2021-06-11") {
        let name = named(&service, &format!("{FIGURES}/facets.json?of=outcome&{period}")).1;
        assert!(name.contains("1-period") && !name.contains('/'), "{name}");
    }
}

#[test]
fn a_comparison_is_named_after_both_releases() {
    let service = Service::start();
    let releases = service.json("/v1/datasets/reported-figures/releases");
    let id = |place: usize| releases["releases"][place]["id"].as_str().unwrap_or_default().to_owned();
    let reply = service.get(&format!("{FIGURES}/changes.csv?from={}&to={}", id(1), id(0)));
    let name = format!(
        "inline; filename=\"chargesheet_reported-figures_changes_{}_{}.csv\"",
        &id(1)[..10],
        &id(0)[..10]
    );
    assert_eq!(reply.header("content-disposition"), name);
}
