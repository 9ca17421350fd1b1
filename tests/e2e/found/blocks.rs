//! For programs that read the web: a figure stands in one block with its unit, its sources and its caveats. They cut pages into
//! pieces, and a figure alone means nothing.

use e2e::html;
use e2e::service::Service;

/// Returns the sections of a page that hold a table or a picture of figures.
fn blocks(page: &str) -> Vec<String> {
    let sections = page.split("<section").skip(1).filter_map(|rest| rest.split("</section>").next());
    sections
        .filter(|own| own.contains("<table") && own.contains("class=\"number\""))
        .map(html::text)
        .collect()
}

#[test]
fn a_figure_stands_in_one_block_with_its_unit_sources_and_caveats() {
    let service = Service::start();
    for (page, question) in [
        ("/statutes/IND-IPC-124A", "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases"),
        ("/statutes/KAZ-CC-274?dataset=documented-cases&lang=ru", "by=year&statute=KAZ-CC-274&lang=ru"),
        ("/countries/IND", "by=statute,outcome,year&country=IND&measure=cases"),
    ] {
        let dataset = if page.contains("documented") { "documented-cases" } else { "reported-figures" };
        let answer = service.json(&format!("/v1/datasets/{dataset}/aggregate.json?{question}"));
        let text = service.text(page);
        let blocks = blocks(&text);
        let caveat = answer["caveats"][0].as_str().expect("a caveat");
        let sources: Vec<&str> = answer["sources"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|own| own["url"].as_str())
            .collect();
        assert!(!sources.is_empty(), "{page}");
        let columns = answer["columns"].as_array().expect("columns");
        let unit = columns.iter().find(|own| own["role"] == "measure").and_then(|own| own["title"].as_str());
        let unit = unit.expect("a measure has a title");
        let whole = |block: &String| {
            [caveat, unit].iter().all(|text| block.contains(text))
                && sources.iter().any(|url| block.contains(url))
        };
        assert!(blocks.iter().any(whole), "{page}: {unit}, {sources:?}, {caveat}");
    }
    // The page of a single figure has all three too.
    let page = service.text("/statutes/IND-IPC-124A");
    let links = html::attributes(&page, "href");
    let evidence =
        links.iter().find(|link| link.starts_with("/evidence/")).expect("a figure leads to its evidence");
    let told = html::text(&service.text(evidence));
    let section =
        told.split("<section").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap_or_default();
    let caveats = service.json("/v1/datasets/reported-figures/aggregate.json?by=year&statute=IND-IPC-124A&outcome=registered&measure=cases");
    assert!(section.contains(caveats["caveats"][0].as_str().expect("a caveat")), "{section}");
    assert!(section.contains("https://") && section.contains("cases"), "{section}");
    service.assert_log_clean();
}
