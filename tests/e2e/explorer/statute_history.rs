//! The life of a statute: what happened to it, and a figure, a zero, a gap and no law told apart.

use e2e::html;
use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;
use serde_json::Value;

use crate::publish::rulebook_background::HISTORY;

/// The standings of a statute's years in a dataset.
fn standings(service: &Service, statute: &str, dataset: &str) -> Vec<(i64, String)> {
    let told = service.json(&format!("/v1/statutes/{statute}"));
    let covering = told["datasets"].as_array().expect("a list of datasets").iter();
    let own = covering.filter(|covering| covering["dataset"] == dataset).collect::<Vec<_>>();
    let [own] = own[..] else { panic!("{dataset} is not told of {statute} once: {told}") };
    let years = own["years"].as_array().expect("a list of years");
    let standing = |year: &Value| {
        (year["year"].as_i64().unwrap_or_default(), year["standing"].as_str().unwrap_or_default().to_owned())
    };
    years.iter().map(standing).collect()
}

/// The section on a statute's life as a person reads it.
fn section(service: &Service, page: &str) -> String {
    html::text(&html::inside(&service.text(page), "section", "class=\"life\""))
}

#[test]
fn an_article_tells_of_the_administrative_one_beside_it_and_that_one_of_it() {
    let service = Service::start();
    let told = service.json("/v1/statutes/KAZ-CC-274");
    assert_eq!(told["parallel"][0]["statute"], "KAZ-KOAP-456-2");
    assert_eq!(
        (&told["parallel"][0]["since"], &told["parallel"][0]["diverted"]),
        (&"2023-07-10".into(), &"to".into())
    );
    assert_eq!(told["history"][0]["kind"], "parallel");
    assert_eq!(told["history"][0]["breaks_series"], true);
    let other = service.json("/v1/statutes/KAZ-KOAP-456-2");
    assert_eq!(other["parallel"][0]["statute"], "KAZ-CC-274");
    assert_eq!(other["parallel"][0]["diverted"], "from");
    for (lang, diverted) in [
        ("en", "Cases may have been diverted to it"),
        ("ru", "Дела могли передаваться по ней"),
        ("kk", "Істер сол бапқа ауыстырылған болуы мүмкін"),
    ] {
        let page = format!("/statutes/KAZ-CC-274?lang={lang}");
        assert!(section(&service, &page).contains(diverted), "{lang}");
        // The same on the page of the dataset that brings no history itself.
        assert!(section(&service, &format!("{page}&dataset=documented-cases")).contains(diverted), "{lang}");
    }
    let links = html::attributes(&service.text("/statutes/KAZ-CC-274"), "href");
    assert!(links.iter().any(|link| link == "/statutes/KAZ-KOAP-456-2"), "{links:?}");
    service.assert_log_clean();
}

#[test]
fn a_renumbered_statute_and_its_successor_lead_to_each_other() {
    let service = Service::start();
    let old = service.json("/v1/statutes/IND-IPC-124A");
    assert_eq!((&old["successor"], &old["predecessors"]), (&"IND-BNS-152".into(), &Value::Array(Vec::new())));
    let new = service.json("/v1/statutes/IND-BNS-152");
    assert_eq!(new["predecessors"], serde_json::json!(["IND-IPC-124A"]));
    let life = section(&service, "/statutes/IND-IPC-124A");
    let order = ["2022-05-11", "Suspended", "2024-06-30", "Last day in force", "2024-07-01", "Goes on as"];
    let places: Vec<Option<usize>> = order.iter().map(|words| life.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {life}");
    assert!(life.contains("figures before and after are not comparable"), "{life}");
    assert!(section(&service, "/statutes/IND-BNS-152").contains("Takes the place of"));
    service.assert_log_clean();
}

#[test]
fn a_figure_a_zero_a_gap_and_no_law_are_told_apart() {
    let mut package = Package::figures().created("2024-01-02").with_table(
        "history",
        HISTORY,
        &["FRA-X-1,2021,amended,true,,The offence was widened.,,,https://example.org/amended"],
    );
    package.tables.insert(
        "statutes.csv".to_owned(),
        "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url\n\
         FRA-X-1,,FRA,Example Act,1,,Example offence,,,,2019-06-01,2022-05,,\n"
            .to_owned(),
    );
    let package = package.rows([
        "FRA,FRA-X-1,2017,registered,cases,1,bureau,A,true,",
        "FRA,FRA-X-1,2019,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,",
    ]);
    // Every source is used in the case; the other one may stay.
    let folder = package.write().display().to_string();
    let service = Service::start_with(&["--no-bundled", "--data", &folder]);
    let told = standings(&service, "FRA-X-1", "example-figures");
    let expected = [
        (2017, "figures"),
        (2018, "not_yet_in_force"),
        (2019, "zero"),
        (2020, "figures"),
        (2021, "not_published"),
        (2022, "not_published"),
        (2023, "no_longer_in_force"),
        (2024, "no_longer_in_force"),
    ];
    assert_eq!(told, expected.map(|(year, standing)| (year, standing.to_owned())));
    for (lang, words) in [
        (
            "en",
            [
                "reported as zero",
                "not published",
                "not yet in force",
                "no longer in force",
                "break in the series",
            ],
        ),
        ("ru", ["сообщён ноль", "не опубликовано", "ещё не действовала", "уже не действует", "разрыв ряда"]),
        (
            "kk",
            [
                "нөл деп хабарланған",
                "жарияланбаған",
                "әлі қолданысқа енбеген",
                "енді қолданыста емес",
                "үзіл",
            ],
        ),
    ] {
        let life = section(&service, &format!("/statutes/FRA-X-1?lang={lang}"));
        for word in words {
            assert!(life.contains(word), "{lang} {word}: {life}");
        }
        assert!(life.contains("2023–2024"), "years that stand alike are one row: {life}");
    }
    service.assert_log_clean();
}

#[test]
fn single_cases_have_no_record_where_reported_figures_are_not_published() {
    let service = Service::start();
    let cases = standings(&service, "KAZ-CC-274", "documented-cases");
    assert_eq!(cases.first(), Some(&(2015, "no_record".to_owned())));
    assert!(cases.contains(&(2020, "figures".to_owned())), "{cases:?}");
    let figures = standings(&service, "KAZ-CC-274", "reported-figures");
    // There are figures of that time, of other periods than a year.
    assert_eq!(figures.first(), Some(&(2015, "other_figures".to_owned())));
    assert!(section(&service, "/statutes/KAZ-CC-274?dataset=documented-cases").contains("no record"));
}

#[test]
fn the_release_that_was_bundled_before_is_listed_and_a_newer_one_is_told_of() {
    let service = Service::start();
    let listed = service.json("/v1/datasets/reported-figures/releases");
    let of = |member: &str| -> Vec<Value> {
        listed["releases"].as_array().into_iter().flatten().map(|release| release[member].clone()).collect()
    };
    assert_eq!(of("version"), ["2.1.1", "2.1.0", "2.0.0", "1.1.0", "1.0.0"]);
    assert_eq!(of("current"), [true, false, false, false, false]);
    let ids = of("id");
    let [before, first, middle, old] =
        [&ids[1], &ids[2], &ids[3], &ids[4]].map(|id| id.as_str().unwrap_or_default().to_owned());
    // The very id under which it was cited.
    assert_eq!(old, "2026-11-24-a2fcc5d0d11e");
    let query = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
    let newer = service.json(&format!("/v1/datasets/reported-figures/releases/{old}/newer.json?{query}"));
    assert_eq!(newer["newer"]["release"], of("id")[0], "{newer}");
    assert_eq!(newer["newer"]["changed"], Value::Array(Vec::new()), "no figure is changed: {newer}");
    let changes = service.json(&format!("/v1/datasets/reported-figures/changes.json?from={old}&to={middle}"));
    assert_eq!(changes["changes"], Value::Array(Vec::new()));
    // The newest one changes two articles, and no figure.
    let changes = service.json("/v1/datasets/reported-figures/changes.json");
    assert_eq!(changes["changes"], Value::Array(Vec::new()));
    // The one before it has the figures of one page more.
    let changes =
        service.json(&format!("/v1/datasets/reported-figures/changes.json?from={first}&to={before}"));
    let changes = changes["changes"].as_array().expect("a list");
    assert_eq!(changes.len(), 5, "{changes:?}");
    for change in changes {
        assert_eq!((&change["change"], &change["statute"]), (&"added".into(), &"KAZ-CC-274".into()));
        let source = change["source"].as_str().unwrap_or_default();
        assert!(source.starts_with("informburo-kz-2021-2"), "{change}");
    }
    // A figure that is new is told of with its period, also against a release that knew only years.
    let changes =
        service.json(&format!("/v1/datasets/reported-figures/changes.json?from={middle}&to={first}"));
    let changes = changes["changes"].as_array().expect("a list");
    let running = "2020/2021-06-11:running";
    let is_new = |change: &&Value| change["period"] == running && change["outcome"] == "investigated";
    let added = changes.iter().find(is_new).expect("the figure is new");
    assert_eq!((&added["change"], &added["after"]["value"]), (&"added".into(), &103.into()));
    let is_old = |change: &&Value| change["statute"] == "IND-IPC-124A" && change["year"] == 2018;
    assert_eq!(changes.iter().find(is_old), None, "what was there has not changed");
    service.assert_log_clean();
}

#[test]
fn a_store_keeps_the_history_and_what_is_damaged_is_found() {
    let event = "FRA-X-1,2021,amended,true,,The offence was widened.,Расширена.,,https://example.org/amended";
    let package = Package::figures().with_table("history", HISTORY, &[event]);
    let store = Store::empty("store-of-lives");
    let id = store.add(&package);
    let again = store.publish(&package.write());
    assert!(
        String::from_utf8_lossy(&again.stdout).contains(&format!("{id} is published already")),
        "{again:?}"
    );
    store.assert_whole();
    let told = store.serve().json("/v1/statutes/FRA-X-1?lang=ru");
    assert_eq!(told["history"][0]["text"], "Расширена.");
    assert_eq!(told["history"][0]["release"], id.as_str());
    // Another sentence is another release.
    let other = Package::figures().with_table("history", HISTORY, &[&event.replace("widened", "narrowed")]);
    assert_ne!(Store::empty("store-of-other-lives").add(&other), id);
    let table = store.path().join("example-figures").join(&id).join("history.parquet");
    let mut bytes = std::fs::read(&table).expect("the table is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&table, bytes).expect("it can be written");
    assert_eq!(store.verify().status.code(), Some(1));
}
