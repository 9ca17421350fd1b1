//! No page says a word in another language than it was asked for, as a reader's browser has it.

use std::collections::BTreeSet;

use e2e::browser::Browser;
use e2e::html;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::table::Table;
use serde_json::json;

/// Returns the words of other languages on the page, shadow roots and texts for screen readers included. What is marked with a
/// language of its own, code, addresses, names of files, and codes and digests (whatever has a digit,
/// or begins with the three letters of a country) are passed over.
const FOREIGN: &str = r#"
const [language, names, quoted, scope] = arguments;
const found = new Set();
const foreign = language === "en" ? /\p{Script=Cyrillic}{2,}/u : /\p{Script=Latin}{3,}/u;
const attributes = ["alt", "title", "aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "label"];
const check = (text, where, inChart) => {
  // The code of a period is for programs, in every language.
  if (/\d:(?:flow|running|stock)\b/.test(text)) found.add(`${where}: a code in ${text.trim().slice(0, 160)}`);
  let rest = (text ?? "").replace(/`[^`]*`/g, " ").replace(/\S*\/\S+/g, " ");
  for (const name of inChart ? [...quoted, ...names] : names) rest = rest.replaceAll(name, " ");
  rest = rest.replace(/\b[A-Z]{3}\b(?:-[\w().-]+)*/g, " ").replace(/[\p{L}\d_.-]*\d[\p{L}\d_.-]*/gu, " ").replace(/[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}\b/gi, " ");
  const word = rest.match(foreign);
  if (word) found.add(`${where}: ${word[0]} in ${text.trim().replace(/\s+/g, " ").slice(0, 160)}`);
};
const walk = (node, own, inChart) => {
  if (node.nodeType === Node.TEXT_NODE) {
    if (own === language) check(node.data, node.parentNode.localName ?? "shadow", inChart);
    return;
  }
  if (node.nodeType === Node.ELEMENT_NODE) {
    if (["script", "style", "template", "code", "textarea", "metadata", "noscript"].includes(node.localName)) return;
    own = node.getAttribute("lang") ?? node.getAttribute("xml:lang") ?? own;
    if (own === language) {
      for (const name of attributes) check(node.getAttribute(name), `${node.localName} ${name}`, inChart);
      const meta = node.getAttribute("property") ?? node.getAttribute("name");
      if (node.localName === "meta" && /description|title|alt$/.test(meta)) check(node.content, meta);
    }
    if (node.shadowRoot) walk(node.shadowRoot, own, true);
  }
  for (const child of node.childNodes) walk(child, own, inChart);
};
const root = scope ? document.querySelector(scope) : document.documentElement;
walk(root, scope ? language : root.lang, false);
return [...found];
"#;

/// Names that are the same in every language: of this service, of formats and programs, of languages, of a law; words of addresses
/// and files that a sentence explains; and how two groups of articles are called in the register.
const NAMES: &[&str] = &[
    "Chargesheet",
    "chargesheet",
    "cite-check",
    "Excel",
    "Parquet",
    "OpenDocument",
    "JSON",
    "HTML",
    "BibTeX",
    "WordPress",
    "JavaScript",
    "English",
    "Русский",
    "Қазақша",
    "Python",
    "pandas",
    "polars",
    "Polars",
    "DuckDB",
    "Power Query",
    "Google Sheets",
    "Observable",
    "Stata",
    "SPSS",
    "QGIS",
    "Julia",
    "LibreOffice",
    "Shell",
    "curl",
    "Garwood",
    "cookie",
    "alpha",
    "SDMX",
    "CL_OBS_STATUS",
    "XLSX",
    "Bharatiya Nyaya Sanhita",
    "Creative Commons Attribution",
    "International",
    "reported-figures",
    "documented-cases",
    "russian-courts",
    // Codes that the description of a column explains.
    ":running",
    ":stock",
    "flow",
    "running",
    "stock",
    "whole-country",
    "share=",
    "additive",
];

/// A page with everything, one with figures of other periods, and so on: every kind of page and every state of it.
const PAGES: [&str; 28] = [
    "/",
    "/?country=KAZ",
    "/?sort=figures",
    "/statutes/IND-IPC-124A",
    "/statutes/KAZ-CC-274",
    "/statutes/KAZ-CC-274?dataset=documented-cases&by=year,outcome&share=outcome",
    "/statutes/KAZ-CC-274?dataset=reported-figures&by=period,outcome&measure=cases",
    "/statutes/GBR-CA2003-127",
    "/statutes/THA-CC-112",
    "/statutes/TUR-TCK-299",
    "/statutes/POL-KK-212",
    "/statutes/RUS-CC-282?dataset=russian-courts",
    "/statutes/KAZ-CC-373",
    "/statutes/IND-IPC-124A?by=year",
    "/statutes/KAZ-CC-247",
    "/statutes/KAZ-CC-274?by=yaer",
    "/categories/false-information",
    "/categories/defamation?dataset=reported-figures",
    "/countries/KAZ",
    "/countries/RUS",
    "/datasets/reported-figures",
    "/datasets/documented-cases",
    "/datasets/russian-courts",
    "/about",
    "/charts/new",
    "/check",
    "/charts/new?dataset=reported-figures&statute=IND-IPC-124A,TUR-TCK-299&by=year,statute,outcome",
    "/nothing",
];

/// What may be in Latin letters.
struct Names {
    /// Names of this service, of programs and of publishers, the longest first.
    own: Vec<String>,
    /// What a chart quotes: titles of sources, and words of names that stand on two lines of a picture.
    quoted: Vec<String>,
}

fn names() -> Names {
    let mut own: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let mut quoted = BTreeSet::new();
    for dataset in ["reported-figures", "russian-courts"] {
        let sources = Table::read(&e2e::repository().join("data").join(dataset).join("sources.csv"));
        for source in sources.select(&["publisher", "title"]) {
            own.insert(source[0].to_owned());
            quoted.insert(source[1].to_owned());
            quoted.extend(source[0].split_whitespace().filter(|word| word.len() > 2).map(str::to_owned));
        }
    }
    let longest_first = |names: BTreeSet<String>| {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names
    };
    Names { own: longest_first(own), quoted: longest_first(quoted) }
}

/// The languages of the pages.
const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];

fn foreign(browser: &Browser, language: &str, names: &Names, scope: &str) -> Vec<String> {
    let found =
        browser.run(FOREIGN, vec![json!(language), json!(names.own), json!(names.quoted), json!(scope)]);
    found.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

fn in_language(address: &str, language: &str) -> String {
    format!("{address}{}lang={language}", if address.contains('?') { '&' } else { '?' })
}

/// Fails with all that was found, the same thing on several pages once.
fn assert_none(found: &[(String, String)]) {
    let mut told = BTreeSet::new();
    let first = found.iter().filter(|(_, what)| told.insert(what));
    let first: Vec<String> = first.map(|(page, what)| format!("{page}\n    {what}")).collect();
    assert!(first.is_empty(), "{} texts:\n{}", first.len(), first.join("\n"));
}

#[test]
fn no_page_says_a_word_in_another_language() {
    let service = Service::start();
    let browser = Browser::start();
    let names = names();
    let evidence = html::attributes(&service.text("/statutes/IND-IPC-124A"), "href");
    let evidence: Vec<String> =
        evidence.into_iter().filter(|link| link.starts_with("/evidence/")).take(2).collect();
    assert!(!evidence.is_empty());
    let question = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let others = [
        format!("/report/reported-figures?{question}"),
        format!("/embed/reported-figures?{question}"),
        "/report/documented-cases?by=year,outcome&statute=KAZ-CC-274".to_owned(),
        "/report/reported-figures?by=year,outcome&statute=KAZ-CC-274&measure=cases".to_owned(),
    ];
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    pages.extend(evidence.into_iter().chain(others));
    // Laws of many countries.
    let list = service.json("/v1/statutes");
    let ids = list["statutes"].as_array().into_iter().flatten().filter_map(|statute| statute["id"].as_str());
    pages.extend(
        ids.step_by(if std::env::var_os("ALL_STATUTES").is_some() { 1 } else { 12 })
            .map(|id| format!("/statutes/{id}")),
    );
    let mut found = Vec::new();
    for language in LANGUAGES {
        let typed = if language == "en" {
            ["sedition", "zzzzzz"]
        } else {
            ["%D0%BA%D0%BB%D0%B5%D0%B2%D0%B5%D1%82%D0%B0", "%D1%8A%D1%8A%D1%8A%D1%8A"]
        };
        let searches = typed.map(|words| format!("/?q={words}"));
        for page in pages.iter().chain(&searches) {
            let address = in_language(page, language);
            browser.open(&format!("{}{address}", service.base));
            found.extend(
                foreign(&browser, language, &names, "").into_iter().map(|what| (address.clone(), what)),
            );
        }
    }
    assert_none(&found);
    service.assert_log_clean();
}

/// The first chart of a page, or something in its shadow.
fn inside(selector: &str) -> String {
    format!("document.querySelector('statute-chart').shadowRoot?.querySelector('{selector}')")
}

#[test]
fn no_chart_says_a_word_in_another_language() {
    let service = Service::start();
    let browser = Browser::start();
    browser.resize(1000, 900);
    let names = names();
    let mut found = Vec::new();
    let take = |found: &mut Vec<(String, String)>, language: &str, state: &str| {
        let own = foreign(&browser, language, &names, "statute-chart");
        found.extend(own.into_iter().map(|what| (format!("{state} {language}"), what)));
    };
    for language in LANGUAGES {
        let script =
            format!("<script type=\"module\" src=\"{}/widget/statute-chart.js\"></script>", service.base);
        let chart = |query: &str| {
            format!(
                "<statute-chart lang=\"{language}\" src=\"{}/v1/datasets/reported-figures/aggregate.json?{query}\"></statute-chart>{script}",
                service.base
            )
        };
        let partner = Partner::start(vec![
            Page::html("/right", &chart("by=year,outcome&amp;statute=IND-IPC-124A&amp;measure=cases")),
            Page::html("/other-periods", &chart("by=year,outcome&amp;statute=KAZ-CC-274&amp;measure=cases")),
            Page::html("/wrong", &chart("by=yaer&amp;statute=IND-IPC-124A")),
            Page::html("/missing", &chart("by=year&amp;statute=IND-IPC-124B")),
            Page::html("/without", &format!("<statute-chart lang=\"{language}\"></statute-chart>{script}")),
        ]);
        browser.open(&format!("{}/right", partner.base));
        browser.wait_until(&format!("!!{}", inside(".drawing svg")));
        take(&mut found, language, "drawn");
        browser.value(&format!("{}.focus()", inside("[role=slider]")));
        for _ in 0..12 {
            browser.press("ArrowRight");
            take(&mut found, language, "read");
        }
        for button in ["table", "years", "download", "cite", "sharing"] {
            let pressed = inside(&format!("button[name={button}]"));
            browser.wait_until(&format!("!!{pressed}"));
            browser.value(&format!("{pressed}.click()"));
            let opened = inside("[part=panel]:not([hidden]) > *, [part=table]:not([hidden]) table");
            browser.wait_until(&format!("!!{opened}"));
            take(&mut found, language, button);
            browser.press("Escape");
        }
        browser.open(&format!("{}/other-periods", partner.base));
        browser.wait_until(&format!("!!{}", inside(".drawing svg")));
        take(&mut found, language, "of other periods");
        for page in ["wrong", "missing", "without"] {
            browser.open(&format!("{}/{page}", partner.base));
            browser.wait_until(&format!("!!{}?.textContent", inside(".told")));
            take(&mut found, language, page);
        }
    }
    assert_none(&found);
    service.assert_log_clean();
}
