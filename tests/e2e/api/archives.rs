//! Archives: an answer with what explains it, and a whole dataset that can be published again.

use e2e::archive::unpacked;
use e2e::packages::Package;
use e2e::python;
use e2e::service::{Service, run};
use e2e::store::Store;
use e2e::table::Table;
use e2e::text;

/// Everything that can be asked of a dataset of each kind: by every dimension, all measures.
const EVERYTHING: [(&str, &[&str]); 2] = [
    (
        "documented-cases",
        &[
            "by=country,statute,outcome,role,year,month&measure=persons,cases,charges",
            "by=country&measure=persons,cases,charges",
            "by=statute&measure=persons,cases,charges",
            "by=outcome&measure=persons,cases,charges",
            "by=role&measure=persons,cases,charges",
            "by=year&measure=persons,cases,charges",
            "by=month&measure=persons,cases,charges",
            "by=&measure=persons,cases,charges",
            "by=year&from=2020-03&to=2020-06&measure=persons",
        ],
    ),
    (
        "reported-figures",
        &[
            "by=country,statute,outcome,source,year&measure=cases,persons,charges",
            "by=statute,outcome,year&measure=cases,persons,charges",
        ],
    ),
];

fn folder_of(service: &Service, dataset: &str) -> std::path::PathBuf {
    let reply = service.get(&format!("/v1/datasets/{dataset}/package.zip"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    unpacked(&reply.body)
}

#[test]
fn a_package_that_is_published_again_answers_as_the_dataset_does() {
    let service = Service::start();
    for (dataset, queries) in EVERYTHING {
        let folder = folder_of(&service, dataset);
        let checked = run(&["check", text(&folder)]);
        assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
        // Nobody else's reader finds a fault in it either.
        assert_ne!(python::printed("package_check.py", &[text(&folder)]).trim(), "0");
        let store = Store::empty(&format!("packaged-{dataset}"));
        let output = store.publish(&folder);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let again = Service::start_with(&["--store", store.text()]);
        for query in queries {
            let path = format!("/v1/datasets/{dataset}/aggregate.csv?{query}");
            assert_eq!(again.text(&path), service.text(&path), "{path}");
        }
        again.assert_log_clean();
    }
    service.assert_log_clean();
}

#[test]
fn figures_that_are_published_again_are_the_very_same_release() {
    // Of one that was published with the code lists of today: the id covers them.
    let own = Store::empty("packaged-own");
    let mut package = Package::figures();
    // It says everything that a package may leave out.
    let own_words = [
        ("complete_outcomes", serde_json::json!(["convicted", "acquitted"])),
        ("start", "by=year&outcome=registered".into()),
        ("description_ru", "Числа".into()),
        ("areas", serde_json::json!({ "kk": { "Paris": "Париж" } })),
    ];
    for (name, value) in own_words {
        package.descriptor["chargesheet"][name] = value;
    }
    let statutes = package.tables.get_mut("statutes.csv").expect("figures have statutes");
    let names = ["law_own", "fr Code pénal; br Kod kastiz"].into_iter().chain(std::iter::repeat(""));
    *statutes = statutes.lines().zip(names).map(|(line, name)| format!("{line},{name}\n")).collect();
    let release = own.add(&package);
    let service = own.serve();
    let folder = folder_of(&service, "example-figures");
    let store = Store::empty("packaged-same");
    assert_eq!(store.publish(&folder).status.code(), Some(0));
    assert_eq!(store.releases("example-figures"), [release]);
    let checked = run(&["check", text(&folder)]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!said.contains("warning") && said.contains(" 0 rejected"), "{said}");
}

#[test]
fn a_release_in_a_store_is_packed_with_all_that_it_holds_and_without_the_publishers_ids() {
    let store = Store::empty("packaged-store");
    let mut package = Package::cases();
    let header = "case_id,defendant_id,country,statute,date_charged,outcome,date_outcome,sentence,sentence_months,region,source";
    *package.records_mut() = format!(
        "{header}\n\
         secret-7,secret-9,FRA,FRA-X-1,2020,convicted,2020-05,\"six months, suspended\",6,'=north,a source\n\
         secret-7,secret-8,FRA,FRA-X-1,2020-03,pending,,,,,\n\
         secret-6,secret-8,FRA,FRA-X-1,unknown,pending,,,,''quoted,another\n"
    );
    let release = store.add(&package);
    let service = Service::start_with(&["--store", store.text()]);
    let address = format!("/v1/datasets/example-cases/releases/{release}/package.zip");
    let reply = service.get(&address);
    assert_eq!(reply.body, service.get(&address).body, "the same bytes every time");
    let folder = unpacked(&reply.body);
    let charges = std::fs::read_to_string(folder.join("charges.csv")).expect("it is there");
    assert!(!charges.contains("secret"), "{charges}");
    let table = Table::parse(&charges);
    let kept = ["date_charged", "outcome", "date_outcome", "sentence", "sentence_months", "region", "source"];
    let mut rows = table.select(&kept);
    rows.sort_unstable();
    assert_eq!(
        rows,
        [
            ["2020", "convicted", "2020-05", "six months, suspended", "6", "'=north", "a source"],
            ["2020-03", "pending", "", "", "", "", ""],
            ["unknown", "pending", "", "", "", "''quoted", "another"],
        ]
    );
    // Who stood in one case, and was in several, is still known.
    let by_case = table.select(&["case_id", "defendant_id"]);
    let different =
        |place: usize| by_case.iter().map(|row| row[place]).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((different(0), different(1)), (2, 2));
    let checked = run(&["check", text(&folder)]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    // The package of the package is the package: nothing is lost on the way.
    let second = Store::empty("packaged-again");
    assert_eq!(second.publish(&folder).status.code(), Some(0));
    let again = Service::start_with(&["--store", second.text()]);
    let copy = unpacked(&again.get("/v1/datasets/example-cases/package.zip").body);
    let copied = std::fs::read_to_string(copy.join("charges.csv")).expect("it is there");
    assert_eq!(copied, charges);
    service.assert_log_clean();
}

#[test]
fn an_archive_holds_the_answer_with_what_explains_it() {
    let service = Service::start();
    let query = "by=year,outcome&statute=KAZ-CC-274";
    let dataset = "/v1/datasets/reported-figures";
    let reply = service.get(&format!("{dataset}/aggregate.zip?{query}&lang=ru"));
    assert_eq!(reply.header("content-type"), "application/zip");
    let folder = unpacked(&reply.body);
    let read =
        |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|_| panic!("no {name}"));
    assert_eq!(read("aggregate.csv"), service.text(&format!("{dataset}/aggregate.csv?{query}")));
    assert_eq!(read("codebook.csv"), service.text(&format!("{dataset}/codebook.csv?{query}&lang=ru")));
    let described: serde_json::Value =
        serde_json::from_str(&read("aggregate.csv-metadata.json")).expect("it is JSON");
    assert_eq!(described["url"], "aggregate.csv");
    let readme = read("README.txt");
    let answer = service.json(&format!("{dataset}/aggregate.json?{query}&lang=ru"));
    for part in ["Казахстан", "SHA-256", answer["release"]["id"].as_str().unwrap_or_default()] {
        assert!(readme.contains(part), "{part}: {readme}");
    }
    for caveat in answer["caveats"].as_array().into_iter().flatten().filter_map(|caveat| caveat.as_str()) {
        assert!(readme.contains(caveat), "{caveat}");
    }
    let license = read("LICENSE.txt");
    for source in answer["sources"].as_array().into_iter().flatten() {
        assert!(license.contains(source["url"].as_str().unwrap_or("?")), "{source}");
    }
    assert!(license.contains("https://creativecommons.org/licenses/by/4.0/"));
    // The same bytes live and pinned, and whenever it is asked.
    let release = answer["release"]["id"].as_str().unwrap_or_default();
    let pinned = service.get(&format!("{dataset}/releases/{release}/aggregate.zip?{query}&lang=ru"));
    assert_eq!(pinned.body, reply.body);
}

#[test]
fn an_answer_without_rows_is_packed_and_explained() {
    let service = Service::start();
    let reply = service.get("/v1/datasets/documented-cases/aggregate.zip?by=year&role=lawyer");
    let folder = unpacked(&reply.body);
    let readme = std::fs::read_to_string(folder.join("README.txt")).expect("it is there");
    assert!(readme.contains("That is not a zero"), "{readme}");
}
