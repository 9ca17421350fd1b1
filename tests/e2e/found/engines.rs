//! Search engines and previews: the list of pages, what robots may fetch, and the tags that other sites show.

use std::collections::BTreeSet;

use e2e::html;
use e2e::python;
use e2e::service::Service;

#[test]
fn the_list_of_pages_has_every_page_in_every_language_and_robots_may_fetch_each() {
    let service = Service::start();
    let listed = python::run_with("sitemap.py", &[&service.base], &[]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let pages: Vec<String> = serde_json::from_slice(&listed.stdout).expect("a list");
    let paths: BTreeSet<&str> =
        pages.iter().map(|page| page.strip_prefix(&service.base).expect("each is a whole address")).collect();
    assert_eq!(paths.len(), pages.len(), "each once");
    let statutes = service.json("/v1/statutes");
    let ids = statutes["statutes"].as_array().expect("there are statutes").iter();
    let ids: Vec<&str> = ids.filter_map(|own| own["id"].as_str()).collect();
    assert!(ids.len() > 20);
    for id in &ids {
        for language in ["", "?lang=ru", "?lang=kk"] {
            assert!(paths.contains(format!("/statutes/{id}{language}").as_str()), "{id}{language}");
        }
    }
    for page in [
        "/",
        "/about?lang=ru",
        "/datasets/reported-figures?lang=kk",
        "/countries/IND",
        "/categories/sedition",
    ] {
        assert!(paths.contains(page), "{page}");
    }
    for page in paths.iter().filter(|page| !page.starts_with("/statutes/") || page.contains("124A")) {
        assert_eq!(service.get(page).status, 200, "{page}");
    }
    service.assert_log_clean();
}

#[test]
fn every_page_that_can_be_shared_says_what_it_is() {
    let service = Service::start();
    let release = service.json("/v1/datasets/reported-figures")["release"]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for (page, has_picture) in [
        ("/".to_owned(), true),
        ("/?lang=ru".to_owned(), true),
        ("/datasets/reported-figures?lang=kk".to_owned(), true),
        ("/datasets/documented-cases".to_owned(), true),
        (format!("/datasets/reported-figures/releases/{release}"), true),
        ("/statutes/IND-IPC-124A".to_owned(), true),
        ("/countries/IND".to_owned(), true),
        ("/categories/sedition?lang=ru".to_owned(), true),
        (
            format!(
                "/report/reported-figures/releases/{release}?by=year,outcome&statute=IND-IPC-124A&measure=cases"
            ),
            true,
        ),
        ("/about".to_owned(), false),
        ("/api".to_owned(), false),
    ] {
        let text = service.text(&page);
        let head = text.split("</head>").next().unwrap_or_default();
        let content = |name: &str| {
            let (_, rest) = head
                .split_once(&format!("=\"{name}\" content=\""))
                .unwrap_or_else(|| panic!("{page}: no {name} in {head}"));
            rest.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
        };
        for name in ["description", "og:title", "og:description", "twitter:title"] {
            assert!(!content(name).is_empty(), "{page}: {name}");
        }
        assert_eq!(head.matches("name=\"description\"").count(), 1, "{page}");
        assert!(content("og:url").starts_with(&service.base), "{page}");
        let is_cited = page.contains("/datasets/") || page.contains("/report/");
        assert_eq!(content("og:type"), if is_cited { "dataset" } else { "website" }, "{page}");
        let card = if has_picture { "summary_large_image" } else { "summary" };
        assert_eq!(content("twitter:card"), card, "{page}");
        assert_eq!(head.contains("og:image\""), has_picture, "{page}");
        if has_picture {
            let image = content("og:image");
            let reply = service.get(image.strip_prefix(&service.base).expect("a whole address"));
            assert_eq!((reply.status, reply.header("content-type")), (200, "image/png"), "{image}");
        }
        // Search engines follow only whole addresses.
        for line in
            head.lines().filter(|line| line.contains("rel=\"canonical\"") || line.contains("hreflang=\""))
        {
            for link in html::attributes(line, "href") {
                assert!(link.starts_with(&service.base), "{page}: {line}");
            }
        }
    }
    // A short address leads to a page with the tags.
    let citation = service.text(
        "/v1/datasets/reported-figures/citation.txt?by=year,outcome&statute=IND-IPC-124A&measure=cases",
    );
    let short = citation
        .split(&format!("{}/s/", service.base))
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let leads = service.get(&format!("/s/{}", short.expect("it has a short address")));
    assert!(service.text(leads.header("location")).contains("og:image\""));
    service.assert_log_clean();
}

#[test]
fn well_known_addresses_answer_as_their_rules_say() {
    let service = Service::start();
    let robots = service.text("/robots.txt");
    assert!(robots.contains(&format!("\nSitemap: {}/sitemap.xml\n", service.base)), "{robots}");
    let icon = service.get("/favicon.ico");
    assert_eq!(icon.header("content-type"), "image/vnd.microsoft.icon");
    assert_eq!(icon.body[..4], [0, 0, 1, 0], "an icon");
    let security = service.get("/.well-known/security.txt");
    let text = security.text();
    assert_eq!(security.header("content-type"), "text/plain; charset=utf-8");
    assert!(text.contains(&format!("Contact: {}/about\n", service.base)), "{text}");
    assert_eq!(text.matches("Expires: ").count(), 1, "{text}");
    let catalog = service.get("/.well-known/api-catalog");
    assert!(catalog.header("content-type").starts_with("application/linkset+json; profile="));
    let link = &catalog.json()["linkset"][0];
    for kind in ["service-desc", "service-doc", "service-meta", "status"] {
        let target = link[kind][0]["href"].as_str().unwrap_or_default();
        let reply = service.get(target.strip_prefix(&service.base).expect("a whole address"));
        assert_eq!(reply.status, 200, "{kind}");
        let said = link[kind][0]["type"].as_str().unwrap_or_default();
        assert!(reply.header("content-type").starts_with(said), "{kind}: {said}");
    }
    for path in ["/robots.txt?x=1", "/sitemap.xml?lang=ru"] {
        assert_eq!(service.get(path).status, 400, "{path}");
    }
    service.assert_log_clean();
}
