//! Names in more languages than one: of laws, of areas, of datasets. Releases from before there were such names answer as they did.

use std::fs::read_to_string;

use e2e::archive::unpacked;
use e2e::service::Service;
use serde_json::{Value, json};

/// The release of the figures before names were added.
const BEFORE: &str = "/v1/datasets/reported-figures/releases/2026-11-29-a88114b8182b";
const NOW: &str = "/v1/datasets/reported-figures";

#[test]
fn a_law_is_called_by_its_name_in_its_own_languages() {
    let service = Service::start();
    let names = service.json("/v1/statutes/CHE-STGB-261BIS?lang=ru")["law_own"].clone();
    let name = |language: &str, name: &str| json!({ "language": language, "name": name });
    let expected = [
        name("de", "Schweizerisches Strafgesetzbuch"),
        name("fr", "Code pénal suisse"),
        name("it", "Codice penale svizzero"),
    ];
    assert_eq!(names, Value::from(expected.to_vec()));
    // Where no name was read, none is told.
    assert_eq!(service.json("/v1/statutes/KHM-CC-437").get("law_own"), None);
    // A page says in which language the name is, and from which side it is read.
    let page = service.text("/statutes/JOR-CCL2015?lang=kk");
    assert!(page.contains("<bdi lang=\"ar\">قانون الجرائم الإلكترونية رقم 27 لسنة 2015</bdi>"), "{page}");
    assert!(!service.text("/statutes/KHM-CC-437").contains("<bdi"));
    let several =
        "<bdi lang=\"de\">Schweizerisches Strafgesetzbuch</bdi>; <bdi lang=\"fr\">Code pénal suisse</bdi>; ";
    assert!(service.text("/statutes/CHE-STGB-261BIS").contains(several));
    // A name that the page has already is not repeated.
    let of_kazakhstan = |language: &str| service.text(&format!("/statutes/KAZ-CC-274?lang={language}"));
    for (language, shown) in [("en", [true, true]), ("ru", [false, true]), ("kk", [true, false])] {
        let page = of_kazakhstan(language);
        assert_eq!(
            ["ru", "kk"].map(|own| page.contains(&format!("<bdi lang=\"{own}\">"))),
            shown,
            "{language}"
        );
    }
    service.assert_log_clean();
}

#[test]
fn every_law_has_a_name_in_the_language_of_the_page() {
    let service = Service::start();
    for (statute, ru, kk) in [
        ("PAK-PPC-295-298C", "Уголовный кодекс 1860 года, ст. 295–298C", "1860 жылғы Қылмыстық кодекс"),
        ("GBR-CA2003-127", "Закон 2003 года о связи", "Байланыс туралы 2003 жылғы заң"),
        ("RUS-CC-282", "Уголовный кодекс Российской Федерации", "Ресей Федерациясының Қылмыстық кодексі"),
    ] {
        for (language, law) in [("ru", ru), ("kk", kk)] {
            let name = service.json(&format!("/v1/statutes/{statute}?lang={language}"))["name"].to_string();
            let law = law.split(',').next().unwrap_or_default();
            assert!(name.contains(law), "{statute} {language}: {name}");
            let page = service.text(&format!("/statutes/{statute}?lang={language}"));
            assert!(page.contains(law), "{statute} {language}");
        }
    }
}

#[test]
fn tables_and_codebooks_have_names_where_the_release_has_them() {
    let service = Service::start();
    let law_own = |release: &str| {
        let book = service.json(&format!("{release}/codebook.json"));
        let statutes = book["codes"].as_array().into_iter().flatten();
        let statutes = statutes.filter(|codes| codes["columns"] == json!(["statute"]));
        let mut codes = statutes.flat_map(|codes| codes["codes"].as_array().into_iter().flatten().cloned());
        codes.find(|code| code["code"] == "DEU-STGB-130").expect("it is listed").get("law_own").cloned()
    };
    assert_eq!((law_own(NOW), law_own(BEFORE)), (Some("de Strafgesetzbuch".into()), None));
    for (release, expected) in [(NOW, true), (BEFORE, false)] {
        let folder = unpacked(&service.get(&format!("{release}/package.zip")).body);
        let statutes = read_to_string(folder.join("statutes.csv")).expect("it is there");
        let header = statutes.lines().next().unwrap_or_default();
        assert_eq!(header.ends_with(",law_ru,law_kk,law_own"), expected, "{header}");
        let descriptor = read_to_string(folder.join("datapackage.json")).expect("it is there");
        let described: Value = serde_json::from_str(&descriptor).expect("it is JSON");
        assert_eq!(described["chargesheet"]["areas"]["kk"].get("Berlin").is_some(), expected);
        let line = service.text(&format!("{release}/codebook.csv")).lines().next().map(str::to_owned);
        assert_eq!(line.is_some_and(|line| line.ends_with(",law_own")), expected);
    }
    service.assert_log_clean();
}

#[test]
fn areas_and_datasets_have_names_where_the_release_has_them() {
    let service = Service::start();
    let areas = "aggregate.csv?by=period,area,outcome&statute=KAZ-KOAP-73-3&measure=cases&labels=ru";
    for (release, name, description) in [
        (NOW, "Костанайская область", "Количество дел"),
        (BEFORE, "Kostanay region,Kostanay region", "Numbers of cases"),
    ] {
        let table = service.text(&format!("{release}/{areas}"));
        assert!(table.contains(name), "{table}");
        let book = service.json(&format!("{release}/codebook.json?lang=ru"));
        assert!(book["description"].as_str().is_some_and(|text| text.starts_with(description)), "{book}");
        let page = service.text(&format!("{}?lang=ru", release.replace("/v1/", "/")));
        let lead = format!("<p class=\"lead\">{description}");
        assert_eq!(page.contains(&lead), release == NOW, "the words of the older one are marked as English");
    }
    // A figure of a part of a country stands on the page of its statute.
    let page = service.text("/statutes/DEU-STGB-130?lang=kk");
    assert!(page.contains("<span class=\"other\">Берлин</span>"), "{page}");
    service.assert_log_clean();
}

#[test]
fn a_category_is_defined_in_the_language_of_the_page() {
    let service = Service::start();
    for (language, definition) in [
        ("en", "Insulting a private person."),
        ("ru", "Оскорбление частного лица."),
        ("kk", "Жеке адамды қорлау."),
    ] {
        for path in ["/categories/insult", "/datasets/reported-figures"] {
            let page = service.text(&format!("{path}?lang={language}"));
            assert!(page.contains(definition), "{path} {language}");
        }
    }
}
