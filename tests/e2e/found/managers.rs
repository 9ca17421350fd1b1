//! Reference managers and archives: what the head of a page says, where its headers lead, and the list of releases.

use e2e::html;
use e2e::service::Service;

/// Returns the contents of a meta element of a page, by its name.
fn metas(page: &str, name: &str) -> Vec<String> {
    let start = format!("<meta name=\"{name}\" content=\"");
    let pieces = page.split(&start).skip(1);
    pieces.map(|piece| piece.split('"').next().unwrap_or_default().to_owned()).collect()
}

/// Resolves the escapes of a value in an address.
fn unescaped(value: &str) -> String {
    let mut pieces = value.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("two hex digits"));
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Returns the links of an answer with a relation.
fn links(service: &Service, path: &str, rel: &str) -> Vec<String> {
    let headers = service.get(path).headers();
    let links = headers.iter().filter_map(|line| line.strip_prefix("link: <"));
    let found = links.filter(|link| link.contains(&format!("; rel=\"{rel}\"")));
    found.filter_map(|link| Some(link.split_once('>')?.0.to_owned())).collect()
}

#[test]
fn a_reference_manager_finds_a_dataset_with_all_that_a_citation_needs() {
    let service = Service::start();
    let described = service.json("/v1/datasets/reported-figures");
    let release = described["release"]["id"].as_str().unwrap_or_default();
    let permanent = format!("{}/datasets/reported-figures/releases/{release}", service.base);
    for page in ["/datasets/reported-figures", "/datasets/reported-figures?lang=ru"] {
        let text = service.text(page);
        assert_eq!(metas(&text, "DC.type"), ["Dataset"], "{page}");
        assert_eq!(metas(&text, "z.itemType"), ["dataset"], "{page}");
        assert_eq!(metas(&text, "DC.identifier"), [permanent.as_str()], "{page}");
        assert_eq!(metas(&text, "citation_public_url"), [permanent.as_str()], "{page}");
        assert_eq!(metas(&text, "DC.date"), [&release[..10]], "{page}");
        assert_eq!(metas(&text, "citation_publication_date"), [release[..10].replace('-', "/")], "{page}");
        assert_eq!(metas(&text, "DC.publisher"), ["Chargesheet"], "{page}");
        assert_eq!(metas(&text, "z.versionNumber"), [described["version"].as_str().unwrap_or_default()]);
        assert!(!metas(&text, "DC.creator").is_empty() && !metas(&text, "DC.rights").is_empty(), "{page}");
        assert_eq!(metas(&text, "DC.title"), metas(&text, "citation_title"), "{page}");
        // The same stands in the page as a ContextObject in a span.
        let (_, coins) = text.split_once("<span class=\"Z3988\" title=\"").expect("a span");
        let coins = html::text(coins.split('"').next().unwrap_or_default());
        let told = |name: &str| -> Vec<String> {
            let pairs = coins.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(own, _)| *own == name).map(|(_, value)| unescaped(value)).collect()
        };
        assert_eq!((told("ctx_ver"), told("rft.type")), (vec!["Z39.88-2004".into()], vec!["dataset".into()]));
        for (name, meta) in
            [("title", "DC.title"), ("creator", "DC.creator"), ("identifier", "DC.identifier")]
        {
            assert_eq!(told(&format!("rft.{name}")), metas(&text, meta), "{page}: {name}");
        }
    }
    // A sheet is cited as its answer.
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let sheet = service.text(&format!("/report/reported-figures?{query}"));
    let cited = service.text(&format!("/v1/datasets/reported-figures/citation.txt?{query}"));
    let url = metas(&sheet, "DC.identifier").remove(0);
    assert!(cited.contains(&url), "{url} in {cited}");
    // What is no dataset is not called one.
    for page in ["/", "/about", "/statutes/IND-IPC-124A"] {
        assert!(metas(&service.text(page), "DC.type").is_empty(), "{page}");
    }
    service.assert_log_clean();
}

#[test]
fn the_page_of_a_dataset_leads_to_its_parts_and_each_part_back() {
    let service = Service::start();
    let page = "/datasets/reported-figures";
    let own = |rel: &str| links(&service, page, rel);
    let cited = own("cite-as");
    assert_eq!(cited.len(), 1, "{cited:?}");
    assert_eq!(own("type"), ["https://schema.org/AboutPage", "https://schema.org/Dataset"]);
    let here =
        |link: &String| link.strip_prefix(&service.base).unwrap_or_else(|| panic!("{link}")).to_owned();
    let described = own("describedby");
    assert_eq!(described.len(), 2, "{described:?}");
    let linked = described.iter().find(|link| link.ends_with("/dataset.jsonld"));
    let linked = service.get(&here(linked.expect("one is in JSON-LD")));
    assert_eq!(linked.header("content-type"), "application/ld+json");
    let graph = linked.json();
    assert_eq!(graph["@graph"][0]["@id"], cited[0].as_str());
    assert!(own("license")[0].starts_with("https://"));
    let items = own("item");
    assert_eq!(items.len(), 2);
    for item in &items {
        let path = here(item);
        assert_eq!(service.get(&path).status, 200, "{path}");
        assert_eq!(links(&service, &path, "collection"), cited, "{path}");
        assert_eq!(links(&service, &path, "license"), own("license"), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn the_releases_are_mementos_with_the_moment_of_each() {
    let service = Service::start();
    let releases = service.json("/v1/datasets/reported-figures/releases");
    let releases = releases["releases"].as_array().expect("there are releases").len();
    let reply = service.get("/v1/datasets/reported-figures/timemap");
    assert_eq!(reply.header("content-type"), "application/link-format");
    let text = reply.text();
    let lines: Vec<&str> = text.trim_end().split(",\n").collect();
    assert_eq!(lines.len(), releases + 2, "{text}");
    assert_eq!(lines[0], format!("<{}/v1/datasets/reported-figures>; rel=\"original\"", service.base));
    assert!(lines[2].contains("rel=\"first ") && lines[releases + 1].contains("last memento\""), "{text}");
    for line in &lines[2..] {
        let (address, moment) = line.split_once(">; ").expect("a link");
        let path = address.trim_start_matches('<').strip_prefix(&service.base).expect("a whole address");
        let memento = service.get(path);
        assert_eq!(memento.status, 200, "{path}");
        let said = memento.header("memento-datetime");
        assert!(!said.is_empty() && moment.ends_with(&format!("datetime=\"{said}\"")), "{line}: {said}");
        assert_eq!(memento.header("last-modified"), said);
    }
    assert_eq!(links(&service, "/v1/datasets/reported-figures", "timemap").len(), 1);
    // A file is as old as its release, and a condition by date never hides other bytes.
    let csv =
        "/v1/datasets/reported-figures/aggregate.csv?by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let own = service.get(csv);
    assert!(own.header("last-modified").ends_with(" GMT"));
    let again = service.ask("GET", csv, &[("if-modified-since", own.header("last-modified"))]);
    assert_eq!((again.status, again.body), (200, own.body));
    service.assert_log_clean();
}
