//! Figures that are not of a calendar year and a whole country: rows of their own, never added, never dropped in silence.

use e2e::archive::unpacked;
use e2e::draft::Checked;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;
use e2e::table::Table;

const HEADER: &str =
    "country,statute,year,outcome,unit,value,source,status,preferred,note,area,from,to,span,rule";

/// A dataset with figures of every kind of period, of an area, and by both counting rules.
fn package() -> Package {
    let rows = [
        "FRA,FRA-X-1,2019,registered,cases,10,bureau,A,true,,,,,,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,,,,,,",
        "FRA,FRA-X-1,2020,registered,cases,5,bureau,A,true,,Paris,,,,",
        "FRA,FRA-X-1,,registered,cases,103,bureau,A,true,,,2020-03,2021-06-11,running,",
        "FRA,FRA-X-1,,registered,cases,7,bureau,A,true,,,2020-01,2020-06,flow,",
        "FRA,FRA-X-1,,registered,cases,8,monitor,A,false,counts complaints,,2020-01,2020-06,flow,",
        "FRA,FRA-X-1,,registered,cases,30,bureau,A,true,,,,2020-12-31,stock,",
        "FRA,FRA-X-1,2020,convicted,persons,3,bureau,A,true,,,,,,principal",
        "FRA,FRA-X-1,2020,convicted,persons,9,bureau,A,true,,,,,,any",
    ];
    with_rows(&rows)
}

fn with_rows(rows: &[&str]) -> Package {
    Package::figures().with_table("counts", HEADER, rows)
}

fn served(package: &Package) -> (Service, String) {
    let service = Service::start_with(&["--data", &package.write().to_string_lossy()]);
    (service, format!("/v1/datasets/{}", package.dataset()))
}

#[test]
fn by_year_keeps_calendar_years_of_the_whole_country_and_names_the_others() {
    let (service, dataset) = served(&package());
    let query = "by=year&outcome=registered&measure=cases";
    assert_eq!(
        service.text(&format!("{dataset}/aggregate.csv?{query}")),
        "year,cases,status,sources\n2019,10,A,bureau\n2020,12,A,bureau\n"
    );
    let notes = service.json(&format!("{dataset}/aggregate.json?{query}"))["text"]["notes"].to_string();
    for part in ["2020-03/2021-06-11:running", "2020-01/2020-06", "2020-12-31:stock", "Paris"] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
    let inside = service.json(&format!("{dataset}/aggregate.json?{query}&from=2019&to=2019"));
    assert!(!inside["text"]["notes"].to_string().contains("2020"), "{inside}");
    service.assert_log_clean();
}

#[test]
fn by_period_every_figure_is_a_row_of_its_own_with_its_days_and_its_kind() {
    let (service, dataset) = served(&package());
    assert_eq!(
        service.text(&format!("{dataset}/aggregate.csv?by=period&outcome=registered&measure=cases")),
        "period,from,to,span,cases,status,sources\n\
         2019,2019,2019,flow,10,A,bureau\n\
         2020,2020,2020,flow,12,A,bureau\n\
         2020-01/2020-06,2020-01,2020-06,flow,7,A,bureau monitor\n\
         2020-03/2021-06-11:running,2020-03,2021-06-11,running,103,A,bureau\n\
         2020-12-31:stock,2020-12-31,2020-12-31,stock,30,A,bureau\n"
    );
    // A span is kept where it lies wholly inside; the others are named.
    let within = "by=period&outcome=registered&measure=cases&from=2020&to=2020";
    let csv = service.text(&format!("{dataset}/aggregate.csv?{within}"));
    let table = Table::parse(&csv);
    let periods = table.select(&["period"]);
    assert_eq!(periods, [["2020"], ["2020-01/2020-06"], ["2020-12-31:stock"]]);
    let notes = service.json(&format!("{dataset}/aggregate.json?{within}"))["text"]["notes"].to_string();
    assert!(notes.contains("2020-03/2021-06-11:running"), "{notes}");
    let one = "by=outcome&measure=cases&period=2020-03/2021-06-11:running";
    assert_eq!(
        service.text(&format!("{dataset}/aggregate.csv?{one}")),
        "outcome,cases,status,sources\nregistered,103,A,bureau\n"
    );
    service.assert_log_clean();
}

#[test]
fn nothing_is_added_over_periods_areas_or_rules() {
    let (service, dataset) = served(&package());
    for (query, parameter) in [
        ("by=outcome&outcome=registered&measure=cases&period=2020-01/2020-06,2020-12-31:stock", "period"),
        ("by=year&outcome=registered&measure=cases&area=Paris,whole-country", "area"),
        ("by=year&outcome=convicted&measure=persons&rule=any,principal", "rule"),
    ] {
        let reply = service.get(&format!("{dataset}/aggregate.csv?{query}"));
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        assert!(reply.text().contains(&format!("may not be summed over {parameter}")), "{}", reply.text());
    }
    assert_eq!(
        service.text(&format!(
            "{dataset}/aggregate.csv?by=area&outcome=registered&measure=cases&from=2020&to=2020"
        )),
        "area,cases,status,sources\nParis,5,A,bureau\nwhole-country,12,A,bureau\n"
    );
    assert_eq!(
        service.text(&format!("{dataset}/aggregate.csv?by=year,rule&outcome=convicted&measure=persons")),
        "year,rule,persons,status,sources\n2020,any,9,A,bureau\n2020,principal,3,A,bureau\n"
    );
    // A series is of one rule, and the answer says so.
    let series = format!("{dataset}/aggregate.json?by=year&outcome=convicted&measure=persons");
    let series = service.json(&series);
    assert_eq!(series["rows"][0]["persons"], 3);
    assert!(series["text"]["notes"].to_string().contains("(any)"), "{series}");
    service.assert_log_clean();
}

#[test]
fn evidence_and_the_packed_dataset_have_every_figure_with_its_period() {
    let package = package();
    let (service, dataset) = served(&package);
    let csv = service.text(&format!("{dataset}/evidence.csv?by=period&outcome=registered&measure=cases"));
    let evidence = Table::parse(&csv);
    let rows = evidence.select(&["period", "from", "to", "span", "area", "value", "used"]);
    assert!(rows.contains(&vec![
        "2020-01/2020-06",
        "2020-01",
        "2020-06",
        "flow",
        "whole-country",
        "8",
        "false"
    ]));
    assert_eq!(rows.len(), 6, "{csv}");
    // What is packed is what was published: it gives the same release.
    let archive = service.get(&format!("{dataset}/package.zip"));
    let store = Store::empty("periods");
    let published = store.add(&package);
    assert!(store.publish(&unpacked(&archive.body)).status.success());
    assert_eq!(store.releases(package.dataset()), [published]);
    service.assert_log_clean();
}

#[test]
fn the_page_of_a_statute_shows_the_figures_that_stand_alone() {
    let (service, _) = served(&package());
    let page = service.text("/statutes/FRA-X-1?dataset=example-figures");
    for part in [
        "all since 2020-03, as counted up to 2021-06-11",
        "2020-01 to 2020-06",
        "as of 2020-12-31",
        "Paris",
        "103",
    ] {
        assert!(page.contains(part), "{part}");
    }
    service.assert_log_clean();
}

#[test]
fn fields_of_a_period_go_together_or_the_row_is_refused_in_words() {
    for (period, column, reason) in [
        (",,,,", "year", "missing_value"),
        ("2020,,2020-06,,", "to", "period_mismatch"),
        ("2020,,,stock,", "span", "period_mismatch"),
        (",2020-01,2020-06,,", "span", "missing_value"),
        (",2020-01,,flow,", "to", "missing_value"),
        (",,2020-06,flow,", "from", "missing_value"),
        (",2020-01,2020-06,stock,", "from", "period_mismatch"),
        (",2021,2020,flow,", "from", "period_mismatch"),
        (",2020-01,2020-12-31,flow,", "from", "period_mismatch"),
        (",2020-01,2020-06,flows,", "span", "unknown_word"),
    ] {
        let [year, from, to, span, _] = period.split(',').collect::<Vec<_>>()[..] else { panic!("{period}") };
        let row = format!("FRA,FRA-X-1,{year},registered,cases,1,bureau,A,true,,,{from},{to},{span},");
        let good = "FRA,FRA-X-1,2018,registered,cases,10,bureau,A,true,,,,,,";
        let checked = Checked::of(&with_rows(&[good, &row]).write(), &["--max-rejected", "100"]);
        let problem = checked.only(reason);
        assert_eq!(problem["column"], column, "{period}: {problem}");
    }
    let whole = "FRA,FRA-X-1,2018,registered,cases,1,bureau,A,true,,whole-country,,,,";
    let checked = Checked::of(&with_rows(&[whole]).write(), &["--max-rejected", "100"]);
    assert_eq!(checked.only("unknown_word")["column"], "area");
}

#[test]
fn a_rate_is_of_calendar_years_and_whole_countries() {
    let people = "FRA,2020,60000000,Office,https://example.org/";
    let package = package().with_table("population", "country,year,population,source,url", &[people]);
    let (service, dataset) = served(&package);
    let csv = service
        .text(&format!("{dataset}/aggregate.csv?by=country,year&outcome=registered&measure=cases&rate=1"));
    assert!(csv.contains("FRA,2020,12,0.02"), "{csv}");
    for query in ["by=country,period&outcome=registered", "by=country,year&area=Paris&outcome=registered"] {
        let reply = service.get(&format!("{dataset}/aggregate.csv?{query}&measure=cases&rate=1"));
        assert_eq!(reply.status, 400, "{}", reply.text());
        assert!(reply.text().contains("whole countries"), "{}", reply.text());
    }
}
