//! Addresses that forgive: what people type leads to the right page, and what data refuse names the address that works.

use e2e::service::Service;

#[test]
fn what_people_type_leads_to_the_right_page() {
    let service = Service::start();
    for (typed, place) in [
        ("/datasets", "/#datasets"),
        ("/datasets/?lang=ru", "/?lang=ru#datasets"),
        ("/statutes", "/#statutes"),
        ("/countries", "/#countries"),
        ("/charts", "/charts/new"),
        ("/v1", "/api"),
        ("/v1/?lang=kk", "/api?lang=kk"),
        ("/statutes/ind-ipc-124a", "/statutes/IND-IPC-124A"),
        ("/statutes/ind-ipc-124a/?lang=ru&utm_source=x", "/statutes/IND-IPC-124A?lang=ru"),
        ("/Statutes/IND-IPC-124A", "/statutes/IND-IPC-124A"),
        ("/countries/ind", "/countries/IND"),
        ("/countries/IN", "/countries/IND"),
        ("/categories/Sedition", "/categories/sedition"),
        ("/datasets/Reported-Figures", "/datasets/reported-figures"),
        ("/About", "/about"),
    ] {
        let reply = service.get(typed);
        assert_eq!((reply.status, reply.header("location")), (308, place), "{typed}");
        let page = place.split('#').next().unwrap_or_default();
        assert_eq!(service.get(page).status, 200, "{place}");
    }
    // What is right stays, with and without a slash, and what means nothing is not found.
    for right in ["/statutes/IND-IPC-124A", "/statutes/IND-IPC-124A/", "/about/", "/countries/IND"] {
        assert_eq!(service.get(right).status, 200, "{right}");
    }
    for wrong in
        ["/statutes/ind-ipc-999", "/countries/zz", "/nowhere", "/Nowhere/x", "/v1/statutes/ind-ipc-124a"]
    {
        assert_eq!(service.get(wrong).status, 404, "{wrong}");
    }
    service.assert_log_clean();
}

#[test]
fn a_language_is_known_by_its_tag_and_one_that_is_not_there_is_told() {
    let service = Service::start();
    let english = service.text("/statutes/IND-IPC-124A");
    assert_eq!(service.text("/statutes/IND-IPC-124A?lang=en-GB"), english);
    let russian = service.text("/about?lang=ru");
    assert_eq!(service.text("/about?lang=RU-kz"), russian);
    for page in [
        "/?lang=de",
        "/statutes/IND-IPC-124A?lang=de",
        "/about?lang=fr",
        "/datasets/reported-figures?lang=zh-Hant",
    ] {
        let text = service.text(page);
        assert!(text.contains("<html lang=\"en\">"), "{page}");
        let language = page.split("lang=").nth(1).unwrap_or_default();
        assert!(text.contains(&format!("in the language “{language}” here")), "{page}");
        assert!(text.contains("Русский") && text.contains("Қазақша"), "{page}");
    }
    assert!(!english.contains("in the language “"));
    // Data refuse it, and name what there is.
    let refused = service.get("/v1/statutes?lang=de");
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["expected"], serde_json::json!(["en", "ru", "kk"]));
    let figures =
        "/v1/datasets/reported-figures/aggregate.json?by=year,outcome&statute=IND-IPC-124A&measure=cases";
    assert_eq!(service.text(&format!("{figures}&lang=en-US")), service.text(&format!("{figures}&lang=en")));
    service.assert_log_clean();
}

#[test]
fn a_country_by_another_code_is_refused_with_the_address_that_works() {
    let service = Service::start();
    let figures = "/v1/datasets/reported-figures/aggregate.csv?by=country,statute,year,outcome&measure=cases";
    for (typed, right) in [
        ("&country=IN", "&country=IND"),
        ("&country=IND~KAZ", "&country=IND,KAZ"),
        ("&country=in~kz", "&country=IND,KAZ"),
        ("&country=India", "&country=IND"),
        ("&contry=IND", "&country=IND"),
    ] {
        let refused = service.get(&format!("{figures}{typed}"));
        assert_eq!(refused.status, 400, "{typed}");
        let works = refused.json()["instead"].as_str().unwrap_or_default().to_owned();
        assert_eq!(works, format!("{figures}{right}"), "{typed}");
        assert_eq!(service.get(&works).status, 200, "{works}");
    }
    // A page leads there by a link.
    let page = service.get("/?country=IN");
    assert_eq!(page.status, 400);
    assert!(page.text().contains("<a href=\"?country=IND\">"), "{}", page.text());
    service.assert_log_clean();
}
