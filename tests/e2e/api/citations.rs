//! Citations: who, what, which release, where, and the digest of the very figures.

use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::{empty_folder, html, python, repository, sha256};
use serde_json::{Value, json};

/// Files of a citation, and their media types.
const FILES: [(&str, &str); 4] = [
    ("citation.txt", "text/plain; charset=utf-8"),
    ("citation.bib", "application/x-bibtex; charset=utf-8"),
    ("citation.ris", "application/x-research-info-systems; charset=utf-8"),
    ("citation.json", "application/vnd.citationstyles.csl+json"),
];

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The first address with a digest in a text, and the digest.
pub fn cited(text: &str) -> (String, String) {
    let address = text.split_whitespace().find(|word| word.contains("#sha256="));
    let (address, digest) =
        address.and_then(|own| own.split_once("#sha256=")).expect("an address with a digest");
    (address.to_owned(), digest.to_owned())
}

fn pinned(service: &Service, dataset: &str) -> String {
    let described = service.json(&format!("/v1/datasets/{dataset}"));
    let release = described["release"]["id"].as_str().expect("a release has an id");
    format!("/v1/datasets/{dataset}/releases/{release}")
}

#[test]
fn a_citation_leads_to_the_figures_and_has_their_digest() {
    let service = Service::start();
    for (dataset, query) in [
        ("documented-cases", ""),
        ("documented-cases", "by=outcome&statute=KAZ-CC-274&measure=persons,cases&share=outcome&labels=kk"),
        ("reported-figures", "by=year,outcome&statute=IND-IPC-124A&measure=cases"),
        // Nothing is known of this: that too is an answer, and can be cited.
        ("reported-figures", "by=year,outcome&statute=IND-IPC-124A&measure=cases&to=1900"),
    ] {
        let release = pinned(&service, dataset);
        for lang in ["", "&lang=ru", "&lang=kk"] {
            let text = service.text(&format!("/v1/datasets/{dataset}/citation.txt?{query}{lang}"));
            let (address, digest) = cited(&text);
            let path = address.strip_prefix(&service.base).expect("the address is of this service");
            assert!(path.starts_with(&format!("{release}/aggregate.csv?")), "{address}");
            let figures = service.get(path);
            assert_eq!((figures.status, sha256(&figures.body)), (200, digest), "{address}");
            assert_eq!(figures.header("cache-control"), FOR_EVER);
            for (file, media_type) in FILES {
                let current = service.get(&format!("/v1/datasets/{dataset}/{file}?{query}{lang}"));
                let kept = service.get(&format!("{release}/{file}?{query}{lang}"));
                assert_eq!((current.status, kept.status), (200, 200), "{}", current.text());
                assert_eq!(kept.header("content-type"), media_type);
                assert_eq!(kept.header("cache-control"), FOR_EVER);
                assert_ne!(current.header("cache-control"), FOR_EVER);
                // Also an address without a release gives a citation with one.
                assert_eq!(current.text(), kept.text(), "{file}");
                assert!(kept.text().contains(&sha256(&figures.body)), "{file}: {}", kept.text());
            }
        }
    }
    service.assert_log_clean();
}

#[test]
fn the_words_of_a_citation_are_in_the_language_asked_for() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let text =
        |lang: &str| service.text(&format!("/v1/datasets/reported-figures/citation.txt?{query}&lang={lang}"));
    for (lang, words) in [
        ("en", ["[Data set]", ", release ", "Short permanent address: "]),
        ("ru", ["[Набор данных]", ", выпуск ", "Короткий постоянный адрес: "]),
        ("kk", ["[Деректер жиыны]", " шығарылымы. ", "Қысқа тұрақты мекенжай: "]),
    ] {
        let text = text(lang);
        for word in words {
            assert!(text.contains(word), "no {word} in {text}");
        }
        assert!(text.starts_with("Chargesheet (2"), "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
    }
    assert_eq!(cited(&text("en")), cited(&text("kk")), "the figures are the same");
    let reply = service.get(&format!("/v1/datasets/reported-figures/citation.ris?{query}&lang=xx"));
    assert_eq!((reply.status, reply.json()["parameter"].as_str()), (400, Some("lang")));
    let reply = service.get("/v1/datasets/reported-figures/citation.bib?by=year");
    assert_eq!(
        (reply.status, reply.json()["type"].as_str()),
        (400, Some("urn:chargesheet:problem:not-additive"))
    );
}

/// A package whose texts have whatever a format could stumble over.
fn thorny() -> Package {
    let mut package =
        Package::cases().saying("title", "«Дела» & {x}: 100 % of $_# ~ ^ \\ \"q\" @misc, Қазақ");
    package.descriptor["contributors"] = json!([{ "title": "Bürgerrechte & Söhne e.V." }, { "title": "Құқық орталығы\r\nER  - " }, { "title": "" }]);
    package
}

#[test]
fn readers_that_other_people_wrote_find_every_field() {
    let folder = thorny().write();
    let data = folder.to_str().expect("the path is UTF-8");
    let base = "https://charges.example";
    let service = Service::start_with(&["--no-bundled", "--data", data, "--public-url", base]);
    let files = empty_folder("citations");
    let mut names = Vec::new();
    for file in ["citation.bib", "citation.ris", "citation.json"] {
        let Reply { status, body, .. } = service.get(&format!("/v1/datasets/example-cases/{file}?by=year"));
        assert_eq!(status, 200);
        names.push(python::file(&files, file, &body));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found: Value =
        serde_json::from_str(&python::printed("citations.py", &names)).expect("JSON is printed");
    let release = pinned(&service, "example-cases");
    let figures = service.text(&format!("{release}/aggregate.csv?by=year&measure=persons"));
    let digest = sha256(figures.as_bytes());
    let url = format!("{base}{release}/aggregate.csv?by=year&measure=persons#sha256={digest}");
    let title = "«Дела» & {x}: 100 % of $_# ~ ^ \\ \"q\" @misc, Қазақ: Persons by year";
    let authors = ["Bürgerrechte & Söhne e.V.", "Құқық орталығы ER -"];
    let id = release.rsplit('/').next().unwrap_or_default();

    let bibtex = &found["bibtex"];
    assert_eq!(bibtex["type"], "misc");
    // This reader drops braces, has a circumflex of its own, and leaves names in TeX.
    let bare = |value: &Value| {
        let text = value.as_str().unwrap_or_default().replace(['{', '}'], "");
        text.replace('\u{2c6}', "^").replace("\\&", "&")
    };
    assert_eq!(bare(&bibtex["title"]), title.replace(['{', '}'], ""), "{bibtex}");
    let read: Vec<String> = bibtex["author"].as_array().expect("authors").iter().map(bare).collect();
    assert_eq!(read, authors);
    assert_eq!((&bibtex["year"], &bibtex["url"]), (&json!("2026"), &json!(url)));
    assert_eq!(bibtex["organization"], "Chargesheet");

    let ris = &found["ris"];
    assert_eq!(ris["type_of_reference"], "DATA");
    assert_eq!((&ris["title"], &ris["authors"]), (&json!(title), &json!(authors)), "{ris}");
    assert_eq!(
        (&ris["urls"], &ris["year"], &ris["language"]),
        (&json!([url]), &json!("2026"), &json!("en")),
        "{ris}"
    );
    assert_eq!((&ris["accession_number"], &ris["date"]), (&json!(id), &json!("2026/01/02")), "{ris}");

    let csl = &found["csl"][0];
    assert_eq!((&csl["type"], &csl["title"], &csl["URL"]), (&json!("dataset"), &json!(title), &json!(url)));
    assert_eq!(csl["author"], json!([{ "literal": authors[0] }, { "literal": authors[1] }]));
    assert_eq!(csl["issued"], json!({ "date-parts": [[2026, 1, 2]] }));
    assert_eq!(
        (&csl["number"], &csl["version"], &csl["language"]),
        (&json!(id), &json!("1.0.0"), &json!("en"))
    );
    assert!(csl.get("accessed").is_none(), "the day of access is the reader's");
    for note in [&bibtex["note"], &csl["note"]] {
        assert!(note.as_str().is_some_and(|note| note.contains(&digest) && note.contains("/s/A")), "{note}");
    }
    // A processor takes it, and finds title and year.
    let text = found["cited"].as_str().unwrap_or_default();
    assert!(text.contains("100 % of") && text.contains("2026"), "{text}");
}

#[test]
fn a_statutes_page_has_the_citation_with_its_digest_and_files() {
    let service = Service::start();
    for (lang, words) in [("", "For reference managers"), ("&lang=ru", "Короткий постоянный адрес")]
    {
        let page = service.text(&format!("/statutes/IND-IPC-124A?by=year,outcome{lang}"));
        assert!(page.contains(words), "{page}");
        let citation = html::inside(&page, "p", "class=\"citation\"");
        let (address, digest) = cited(&citation);
        let path = address.strip_prefix(&service.base).expect("the address is of this service");
        assert_eq!(sha256(&service.get(path).body), digest);
        let links = html::attributes(&page, "href");
        for (file, media_type) in FILES {
            let link =
                links.iter().find(|link| link.contains(&format!("/{file}?"))).expect("a link to each file");
            assert!(link.contains("/releases/"), "{link}");
            let reply = service.get(link);
            assert_eq!((reply.status, reply.header("content-type")), (200, media_type), "{link}");
            assert!(reply.text().contains(&digest), "{link}");
        }
        let short = links.iter().find(|link| link.starts_with(&format!("{}/s/", service.base)));
        let short = short.expect("a short address");
        let reply = service.get(short.strip_prefix(&service.base).expect("it is of this service"));
        assert_eq!(reply.status, 308, "{short}");
    }
    service.assert_log_clean();
}

#[test]
fn the_software_is_cited_in_its_own_version() {
    let file = |name: &str| std::fs::read_to_string(repository().join(name)).expect("the file is there");
    let version = |text: &str, start: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_default();
        line.trim().trim_matches('"').to_owned()
    };
    let own = version(&file("CITATION.cff"), "version: ");
    assert_eq!(own, version(&file("Cargo.toml"), "version = "));
    assert!(!own.is_empty());
    let told = e2e::service::run(&["--version"]);
    assert_eq!(String::from_utf8_lossy(&told.stdout).trim(), format!("chargesheet {own}"));
}
