//! Claims about the bundled data. A figure without a source or a label without a translation fails here, by name; so does a
//! number that differs from what the source printed, in `printed.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, str};

use crate::{EARLIER, LISTS_1, Lists, PACKAGES, REFERENCE};

/// One record: column name to text.
pub(crate) type Row = BTreeMap<String, String>;

fn rows(bytes: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(bytes)
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("a bundled file is valid CSV")
}

fn bytes(package: &str, path: &str) -> &'static [u8] {
    PACKAGES
        .iter()
        .find(|candidate| candidate.name == package)
        .and_then(|found| found.files.iter().find(|file| file.path == path))
        .unwrap_or_else(|| panic!("no file {path} in package {package}"))
        .bytes
}

pub(crate) fn charges() -> Vec<Row> {
    rows(bytes("documented-cases", "charges.csv"))
}

pub(crate) fn counts() -> Vec<Row> {
    rows(bytes("reported-figures", "counts.csv"))
}

pub(crate) fn of_courts() -> Vec<Row> {
    rows(bytes("russian-courts", "counts.csv"))
}

fn codes(list: &[u8], column: &str) -> BTreeSet<String> {
    rows(list).iter().map(|row| row[column].clone()).collect()
}

/// The four files.
fn all(lists: &Lists) -> [&'static [u8]; 4] {
    [lists.countries, lists.outcomes, lists.roles, lists.offences]
}

fn has_address(text: &str) -> bool {
    text.contains("https://") || text.contains("http://")
}

/// Which figure it is, for a failure's message.
fn name(row: &Row) -> String {
    let part = |column: &str| row[column].clone();
    ["statute", "area", "year", "from", "to", "span", "outcome", "unit", "source"].map(part).join(" ")
}

#[test]
fn every_file_is_utf8_with_unix_lines_and_no_byte_order_mark() {
    let packaged = PACKAGES.iter().flat_map(|package| {
        package.files.iter().map(move |file| (format!("{}/{}", package.name, file.path), file.bytes))
    });
    let listed = [("reference", REFERENCE), ("archive/lists-1", LISTS_1)];
    let listed =
        listed.into_iter().flat_map(|(folder, lists)| all(&lists).map(|list| (folder.to_string(), list)));
    for (file, content) in packaged.chain(listed) {
        let text = str::from_utf8(content).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(!text.starts_with('\u{feff}'), "{file} starts with a byte order mark");
        assert!(!text.contains('\r'), "{file} has a carriage return");
        assert!(text.ends_with('\n'), "{file} does not end with a line end");
    }
}

#[test]
fn a_package_bundles_its_descriptor_and_every_resource_it_names() {
    for package in PACKAGES {
        let descriptor: serde_json::Value =
            serde_json::from_slice(bytes(package.name, "datapackage.json")).expect("valid JSON");
        assert_eq!(descriptor["name"], package.name);
        let named = descriptor["resources"].as_array().expect("a list of resources");
        let named: Vec<_> = named.iter().filter_map(|resource| resource["path"].as_str()).collect();
        let bundled: Vec<_> = package.files.iter().skip(1).map(|file| file.path).collect();
        assert_eq!(package.files[0].path, "datapackage.json");
        assert_eq!(named, bundled, "{}", package.name);
    }
}

#[test]
fn an_earlier_version_is_older_than_the_package_that_took_its_place() {
    let said = |package: &crate::Package, property: &str| -> String {
        let descriptor: serde_json::Value =
            serde_json::from_slice(package.files[0].bytes).expect("valid JSON");
        String::from(descriptor[property].as_str().expect("a text"))
    };
    for earlier in EARLIER {
        let now = PACKAGES.iter().find(|now| now.name == earlier.name).expect("it has a newest version");
        assert_eq!(earlier.files[0].path, "datapackage.json");
        assert_eq!(said(earlier, "name"), earlier.name);
        assert_ne!(said(earlier, "version"), said(now, "version"));
        assert!(said(earlier, "created") < said(now, "created"), "{}", earlier.name);
    }
}

#[test]
fn an_event_is_of_known_statutes_and_has_its_source_and_three_languages() {
    let events = rows(bytes("reported-figures", "history.csv"));
    let statutes = codes(bytes("reported-figures", "statutes.csv"), "statute");
    assert!(events.len() >= 5);
    for event in &events {
        assert!(statutes.contains(&event["statute"]), "{event:?}");
        assert!(event["related"].is_empty() || statutes.contains(&event["related"]), "{event:?}");
        assert!(has_address(&event["url"]), "{event:?}");
        for language in ["text_en", "text_ru", "text_kk"] {
            assert!(event[language].ends_with('.'), "{event:?}");
        }
    }
    let keys: Vec<_> = events
        .iter()
        .map(|event| ["statute", "date", "kind", "related"].map(|column| event[column].clone()))
        .collect();
    assert!(keys.is_sorted_by(|left, right| left < right), "events are sorted by their key, each once");
}

#[test]
fn columns_stand_in_the_order_the_descriptor_declares() {
    for package in PACKAGES {
        let descriptor: serde_json::Value =
            serde_json::from_slice(bytes(package.name, "datapackage.json")).expect("valid JSON");
        for resource in descriptor["resources"].as_array().expect("a list of resources") {
            let path = resource["path"].as_str().expect("a path");
            let fields = resource["schema"]["fields"].as_array().expect("a list of fields");
            let declared: Vec<_> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
            let mut reader = csv::Reader::from_reader(bytes(package.name, path));
            let header = reader.headers().expect("a header");
            assert_eq!(header.iter().collect::<Vec<_>>(), declared, "{}/{path}", package.name);
        }
    }
}

#[test]
fn the_statute_register_is_the_same_in_every_package() {
    let [first, others @ ..] = PACKAGES else { panic!("there are packages") };
    for other in others {
        assert!(
            bytes(first.name, "statutes.csv") == bytes(other.name, "statutes.csv"),
            "the registers of {} and {} differ",
            first.name,
            other.name
        );
    }
}

#[test]
fn a_statute_has_a_known_country_offence_parent_and_successor() {
    let register = rows(bytes("reported-figures", "statutes.csv"));
    let statutes = codes(bytes("reported-figures", "statutes.csv"), "statute");
    let (countries, offences) = (codes(REFERENCE.countries, "country"), codes(REFERENCE.offences, "offence"));
    assert_eq!(register.len(), statutes.len(), "a statute is listed twice");
    for row in &register {
        let statute = &row["statute"];
        assert!(countries.contains(&row["country"]), "{statute}: country {}", row["country"]);
        assert!(statute.starts_with(&format!("{}-", row["country"])), "{statute}: {}", row["country"]);
        assert!(offences.contains(&row["offence"]), "{statute}: offence {}", row["offence"]);
        for link in ["parent", "successor"] {
            assert!(row[link].is_empty() || statutes.contains(&row[link]), "{statute}: {link}");
        }
        if !row["parent"].is_empty() {
            assert_eq!(*statute, format!("{}.{}", row["parent"], row["part"]), "a part names its article");
        }
    }
}

#[test]
fn every_figure_and_charge_is_under_a_statute_of_the_right_country() {
    let register: BTreeMap<_, _> = rows(bytes("reported-figures", "statutes.csv"))
        .into_iter()
        .map(|row| (row["statute"].clone(), row["country"].clone()))
        .collect();
    for row in charges().iter().chain(&counts()).chain(&of_courts()) {
        let country = register.get(&row["statute"]);
        assert_eq!(country, Some(&row["country"]), "{} is not in the register", row["statute"]);
    }
}

#[test]
fn every_figure_names_a_source_that_has_an_address() {
    for (package, figures) in [("reported-figures", counts()), ("russian-courts", of_courts())] {
        let sources: BTreeMap<_, _> = rows(bytes(package, "sources.csv"))
            .into_iter()
            .map(|row| (row["source"].clone(), row["url"].clone()))
            .collect();
        for row in &figures {
            let figure = name(row);
            let url = sources.get(&row["source"]).unwrap_or_else(|| panic!("{figure}: unknown source"));
            let address = url.starts_with("https://") || url.starts_with("http://");
            assert!(address, "{figure}: the source has no address");
        }
        let used: BTreeSet<_> = figures.iter().map(|row| row["source"].clone()).collect();
        assert_eq!(used, codes(bytes(package, "sources.csv"), "source"), "every source is used");
    }
}

#[test]
fn every_charge_names_its_source_with_an_address() {
    for row in charges() {
        let (case, defendant) = (&row["case_id"], &row["defendant_id"]);
        assert!(has_address(&row["source"]), "{case} {defendant} has no source");
    }
}

#[test]
fn labels_titles_and_definitions_are_filled_in_every_language() {
    let register = bytes("reported-figures", "statutes.csv");
    for list in all(&REFERENCE).into_iter().chain([register]) {
        for row in rows(list) {
            let words = row.iter().filter(|(column, _)| {
                ["_en", "_ru", "_kk"].iter().any(|language| column.ends_with(language))
            });
            let mut filled = 0;
            for (column, text) in words {
                assert!(!text.trim().is_empty(), "{column} is empty in {row:?}");
                filled += 1;
            }
            assert!(filled >= 3, "a language is missing in {row:?}");
        }
    }
}

#[test]
fn a_law_has_one_set_of_names_in_the_whole_register() {
    let mut names: BTreeMap<[String; 2], [String; 3]> = BTreeMap::new();
    for row in rows(bytes("reported-figures", "statutes.csv")) {
        let own = ["law_ru", "law_kk", "law_own"].map(|column| row[column].clone());
        let law = ["country", "law"].map(|column| row[column].clone());
        assert_eq!(names.entry(law).or_insert_with(|| own.clone()), &own, "{}", row["statute"]);
    }
    let unread = names.values().filter(|[_, _, own]| own.is_empty()).count();
    assert_eq!((names.len(), unread), (69, 12), "README.md says how many names were read");
}

#[test]
fn packages_describe_themselves_and_areas_in_three_languages_and_one_has_the_first_chart() {
    let mut starts = Vec::new();
    for package in PACKAGES {
        let descriptor: serde_json::Value =
            serde_json::from_slice(bytes(package.name, "datapackage.json")).expect("valid JSON");
        let own = &descriptor["chargesheet"];
        for name in ["description_ru", "description_kk", "title_ru", "title_kk"] {
            assert!(own[name].as_str().is_some_and(|text| !text.is_empty()), "{} {name}", package.name);
        }
        starts.extend(own["start"].as_str().map(String::from));
        let figures = package.files.iter().find(|file| file.path == "counts.csv");
        let areas = figures.map_or(BTreeSet::new(), |file| {
            let all = rows(file.bytes).into_iter().filter_map(|row| row.get("area").cloned());
            all.filter(|area| !area.is_empty()).collect()
        });
        for language in ["ru", "kk"] {
            let named = own["areas"][language].as_object();
            let named: BTreeSet<String> =
                named.map_or(BTreeSet::new(), |named| named.keys().cloned().collect());
            assert_eq!(named, areas, "{} {language}", package.name);
        }
    }
    assert_eq!(starts, ["by=year&statute=RUS-CC-282&outcome=convicted"]);
}

#[test]
fn codes_of_charges_and_figures_are_in_the_code_lists() {
    let (outcomes, roles) = (codes(REFERENCE.outcomes, "outcome"), codes(REFERENCE.roles, "role"));
    for row in charges() {
        assert!(outcomes.contains(&row["outcome"]), "outcome {}", row["outcome"]);
        assert!(roles.contains(&row["role"]), "role {}", row["role"]);
    }
    for row in counts().iter().chain(&of_courts()) {
        assert!(outcomes.contains(&row["outcome"]), "outcome {}", row["outcome"]);
    }
    for row in rows(REFERENCE.outcomes) {
        assert!(["registered", "charged", "court", "final"].contains(&row["stage"].as_str()));
        assert_eq!(row["final"] == "true", row["stage"] == "final", "{}", row["outcome"]);
    }
}

#[test]
fn a_caveat_stands_in_every_language_and_names_known_statutes() {
    let statutes = codes(bytes("reported-figures", "statutes.csv"), "statute");
    for package in PACKAGES {
        let descriptor: serde_json::Value =
            serde_json::from_slice(bytes(package.name, "datapackage.json")).expect("valid JSON");
        let caveats = &descriptor["chargesheet"]["caveats"];
        let concerns = |language: &str| -> Vec<Vec<String>> {
            let list = caveats[language].as_array().expect("a list of caveats");
            list.iter()
                .map(|caveat| {
                    let text = caveat.as_str().or_else(|| caveat["text"].as_str());
                    assert!(text.is_some_and(|text| !text.is_empty()), "{caveat}");
                    let named = caveat["statutes"].as_array().into_iter().flatten();
                    named.filter_map(|id| id.as_str()).map(String::from).collect()
                })
                .collect()
        };
        let english = concerns("en");
        assert_eq!(english, concerns("ru"), "{}", package.name);
        assert_eq!(english, concerns("kk"), "{}", package.name);
        for statute in english.iter().flatten() {
            assert!(statutes.contains(statute), "a caveat names {statute}");
        }
    }
}

#[test]
fn a_cell_has_exactly_one_preferred_figure() {
    let mut preferred: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    let cell = ["country", "statute", "area", "year", "from", "to", "span", "outcome", "rule", "unit"];
    for row in counts() {
        let cell = cell.map(|column| row[column].clone());
        assert!(keys.insert((cell.clone(), row["source"].clone())), "{} twice", name(&row));
        *preferred.entry(cell.to_vec()).or_default() += u32::from(row["preferred"] == "true");
    }
    for (cell, count) in preferred {
        assert_eq!(count, 1, "{cell:?}");
    }
}

#[test]
fn a_figure_of_another_period_than_a_year_says_which() {
    let counts = counts();
    let of_274 = |outcome: &str, from: &str, to: &str, span: &str| -> Vec<String> {
        let is_it = |row: &&Row| {
            row["statute"] == "KAZ-CC-274"
                && ["outcome", "from", "to", "span"].map(|column| row[column].as_str())
                    == [outcome, from, to, span]
        };
        counts.iter().filter(is_it).map(|row| row["value"].clone()).collect()
    };
    // "103 investigations since the start of the pandemic, 87 discontinued", as of 11 June 2021.
    let june = |outcome: &str| of_274(outcome, "2020", "2021-06-11", "running");
    assert_eq!(["investigated", "dismissed", "prosecuted"].map(june), [["103"], ["87"], ["4"]]);
    // The statement after it: all 104 are discontinued, open, or in a court with a verdict.
    let later = |outcome: &str| of_274(outcome, "2020", "2021", "running");
    let all = ["investigated", "dismissed", "prosecuted", "convicted"].map(later);
    assert_eq!(all, [["104"], ["87"], ["5"], ["5"]]);
    assert_eq!(of_274("pending", "", "2021", "stock"), ["12"]);
    assert_eq!(of_274("registered", "2025-01", "2025-06", "flow"), ["47"]);
}

#[test]
fn the_break_in_the_turkish_series_is_marked() {
    let of_2022: Vec<_> = counts()
        .into_iter()
        .filter(|row| row["statute"] == "TUR-TCK-299-301" && row["year"] == "2022")
        .collect();
    assert_eq!(of_2022.len(), 3);
    assert!(of_2022.iter().all(|row| row["status"] == "B"));
}

#[test]
fn figures_that_must_not_be_published_are_absent() {
    // NCRB later said that two sections had been merged in the table for 2014 (section 66A, 4192).
    assert!(counts().iter().all(|row| row["value"] != "4192"));
}
