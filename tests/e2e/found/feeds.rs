//! Feeds for followers, read by the reader that Python programs use.

use e2e::changes::Served;
use e2e::packages::Package;
use e2e::python;
use e2e::service::Service;
use serde_json::Value;

/// Reads a feed, and returns what the reader found.
fn read(service: &Service, path: &str) -> Value {
    let reply = service.get(path);
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/atom+xml"), "{path}");
    let ran = python::run_with("feed.py", &[], &reply.body);
    assert!(ran.status.success(), "{path}: {}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("the script prints JSON")
}

#[test]
fn an_entry_says_what_changed_with_the_figures_before_and_after() {
    let older = Package::figures().rows([
        "FRA,FRA-X-1,2019,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,",
    ]);
    let newer = Package::figures().version("2.0.0").rows([
        "FRA,FRA-X-1,2018,registered,cases,7,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,13,bureau,A,true,",
    ]);
    let served = Served::with("followed", &[older, newer]);
    let dataset = &served.dataset;
    for path in [
        "/feed.atom".to_owned(),
        format!("/datasets/{dataset}/feed.atom"),
        "/statutes/FRA-X-1/feed.atom".to_owned(),
        "/countries/FRA/feed.atom".to_owned(),
    ] {
        let feed = read(&served.service, &path);
        let entries = feed["entries"].as_array().expect("there are entries");
        let own: Vec<&Value> = entries
            .iter()
            .filter(|own| own["link"].as_str().is_some_and(|link| link.contains(dataset.as_str())))
            .collect();
        assert_eq!(own.len(), 2, "{path}: {feed:#}");
        let told = own[0]["summary"].as_str().unwrap_or_default();
        assert!(told.contains("new figures 1, changed 1, gone 1"), "{path}: {told}");
        assert!(
            told.contains("12 → 13") && told.contains("no figure → 7") && told.contains("0 → no figure"),
            "{path}: {told}"
        );
        assert!(own[0]["link"].as_str().is_some_and(|link| link.contains(&served.ids[1])), "{path}");
        assert!(own[0]["updated"].as_str() >= own[1]["updated"].as_str(), "{path}");
        // A page names its feed, and the feed names itself.
        let page = path.strip_suffix("/feed.atom").filter(|page| !page.is_empty()).unwrap_or("/");
        let address = format!("{}{path}", served.service.base);
        assert!(
            served.service.text(page).contains(&format!("type=\"application/atom+xml\" href=\"{address}\"")),
            "{page}"
        );
        assert_eq!(feed["self"], address.as_str());
    }
    let russian = read(&served.service, &format!("/datasets/{dataset}/feed.atom?lang=ru"));
    assert!(
        russian["entries"][0]["summary"].as_str().is_some_and(|told| told.contains("нет данных → 7")),
        "{russian:#}"
    );
    for wrong in ["/statutes/NO-1/feed.atom", "/countries/ZZZ/feed.atom", "/datasets/none/feed.atom"] {
        assert_eq!(served.service.get(wrong).status, 404, "{wrong}");
    }
    assert_eq!(served.service.get("/feed.atom?lang=de").status, 400);
    served.service.assert_log_clean();
}

#[test]
fn a_feed_is_asked_again_cheaply_and_throws_no_light_on_single_cases() {
    let service = Service::start();
    let first = service.get("/feed.atom");
    let again = service.ask("GET", "/feed.atom", &[("if-none-match", first.header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let cases = read(&service, "/datasets/documented-cases/feed.atom");
    for entry in cases["entries"].as_array().expect("there are entries") {
        let told = entry["summary"].as_str().unwrap_or_default();
        // Only totals of the whole dataset have figures.
        for line in told.lines().filter(|line| line.contains(" → ")) {
            assert!(
                ["Persons", "Cases", "Charges"].iter().any(|measure| line.starts_with(measure)),
                "{told}"
            );
        }
    }
    service.assert_log_clean();
}
