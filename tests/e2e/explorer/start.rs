//! The start page, the pages of countries, and the page about the publisher.

use e2e::browser::Browser;
use e2e::html;
use e2e::service::Service;

#[test]
fn the_start_page_has_a_chart_findings_a_map_and_a_table() {
    let service = Service::start();
    for language in ["en", "ru", "kk"] {
        let page = service.text(&format!("/?lang={language}"));
        let findings =
            page.split("<section class=\"findings\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let findings = findings.unwrap_or_else(|| panic!("no findings in {language}"));
        assert_eq!(findings.matches("<li>").count(), 3, "{findings}");
        for address in html::attributes(findings, "href") {
            assert_eq!(service.get(&address).status, 200, "{address}");
        }
        let tiles = html::inside(&page, "svg", "class=\"tiles\"");
        assert!(tiles.matches("<rect").count() > 30, "countries on the map");
        let list = page.split("<nav class=\"countries\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let list = html::attributes(list.unwrap_or_default(), "href");
        let mut on_map = html::attributes(&tiles, "href");
        assert_eq!(on_map.len(), list.len(), "the list has what the map has");
        on_map.sort();
        let mut sorted = list.clone();
        sorted.sort();
        assert_eq!(on_map, sorted);
        assert!(page.matches("<svg class=\"spark\"").count() >= 30, "lines of the size of words");
    }
    service.assert_log_clean();
}

#[test]
fn the_table_is_sorted_by_links_without_script() {
    let service = Service::start();
    let first = |query: &str| {
        let page = service.text(&format!("/{query}"));
        let body = page.split("<tbody>").nth(1).unwrap_or_default().to_owned();
        html::attributes(&body, "href")
            .into_iter()
            .find(|own| own.starts_with("/statutes/"))
            .unwrap_or_default()
    };
    let by_country = |language: &str| first(&format!("?sort=country&lang={language}"));
    assert!(by_country("en").starts_with("/statutes/ARM-"), "{}", by_country("en"));
    assert!(by_country("ru").starts_with("/statutes/AUS-"), "{}", by_country("ru"));
    assert_eq!(first(""), first("?sort=figures"), "the longest series come first");
    // What is shown before all is asked for has a line.
    let page = service.text("/");
    let rows = page.split("<tbody>").nth(1).unwrap_or_default().split("</tr>").take(10);
    let lines: Vec<usize> = rows.map(|row| row.matches(" d=\"").count()).collect();
    assert_eq!(lines, [1; 10]);
    let orders = [by_country("en"), first("?sort=years"), first("?sort=figures")];
    assert!(orders[0] != orders[1] && orders[1] != orders[2], "{orders:?}");
    let page = service.text("/?sort=years");
    assert_eq!(page.matches("aria-sort=").count(), 1);
    service.assert_log_clean();
}

#[test]
fn a_search_says_what_it_left_out_and_what_is_nearest() {
    let service = Service::start();
    let page = service.text("/?q=defmation");
    let missed = html::inside(&page, "p", "class=\"missed\"");
    assert!(missed.contains("Nothing for “defmation”"), "{missed}");
    assert!(page.contains("href=\"/?q=defamation\""), "{page}");
    let page = service.text("/?q=kazakhstan+defmation&lang=ru");
    assert!(page.contains("/statutes/KAZ-CC-130?lang=ru"), "{page}");
    assert!(html::inside(&page, "p", "class=\"missed\"").contains("«defmation»"));
    // A country without laws here is named, and nothing stands for it.
    let page = service.text("/?q=USA");
    let missed = html::inside(&page, "p", "class=\"missed\"");
    assert_eq!(missed, "United States: no laws and no figures here.");
    assert!(!page.contains("href=\"/statutes/"), "{page}");
    // A name of a country is that of no other country's law.
    let page = service.text("/?q=UK");
    assert!(page.contains("/statutes/GBR-") && !page.contains("/statutes/RUS-"), "{page}");
    service.assert_log_clean();
}

#[test]
fn what_is_searched_is_in_no_log_and_no_metric() {
    for form in ["text", "json"] {
        let service = Service::start_with(&["--log", form]);
        let secret = "kvasserzopf";
        assert_eq!(service.get(&format!("/?q={secret}")).status, 200);
        assert_eq!(service.get(&format!("/?q={secret}&country={secret}")).status, 400);
        // What other programs append to links is ignored.
        assert_eq!(service.get(&format!("/?{secret}=1")).status, 200);
        assert_eq!(service.get(&format!("/?q={}", secret.repeat(2000))).status, 414);
        assert_eq!(service.get(&format!("/v1/names.json?q={secret}")).status, 400);
        let metrics = service.text("/metrics");
        assert!(!metrics.contains(secret), "the metrics");
        assert!(!service.log().contains(secret), "{}", service.log());
    }
}

#[test]
fn names_are_suggested_from_one_list() {
    let service = Service::start();
    for (language, wanted) in
        [("en", ["Turkey", "fake news"]), ("ru", ["Казахстан", "фейки"]), ("kk", ["Қазақстан", "жала"])]
    {
        let told = service.json(&format!("/v1/names.json?lang={language}"));
        let names: Vec<&str> =
            told["names"].as_array().into_iter().flatten().filter_map(|own| own.as_str()).collect();
        assert!(names.len() > 150, "{language}: {}", names.len());
        for name in wanted {
            assert!(names.contains(&name), "{language}: {name}");
        }
    }
    let browser = Browser::start();
    browser.open(&format!("{}/", service.base));
    assert_eq!(browser.value("document.querySelector('#names').options.length"), 0);
    browser.run("document.querySelector('input[data-names]').focus()", Vec::new());
    browser.wait_until("document.querySelector('#names').options.length > 150");
    browser.assert_console_clean();
}

#[test]
fn a_country_has_its_statutes_and_charts() {
    let service = Service::start();
    for (code, statute) in
        [("KAZ", "KAZ-CC-274"), ("IND", "IND-IPC-124A"), ("RUS", "RUS-CC-282"), ("TUR", "TUR-TCK-299")]
    {
        for language in ["en", "ru", "kk"] {
            let page = service.text(&format!("/countries/{code}?lang={language}"));
            let own = html::attributes(&page, "href");
            assert!(
                own.iter().any(|link| link.contains(&format!("/statutes/{statute}"))),
                "{code} {language}"
            );
            assert!(own.iter().any(|link| link.contains("/categories/")), "{code} {language}");
            let pictures =
                html::attributes(&page, "src").into_iter().filter(|link| link.contains("chart.svg"));
            let pictures: Vec<String> = pictures.collect();
            assert!(!pictures.is_empty(), "{code}");
            for picture in pictures {
                assert_eq!(service.get(&picture).status, 200, "{picture}");
            }
        }
    }
    assert_eq!(service.get("/countries/ATA").status, 404);
    service.assert_log_clean();
}

#[test]
fn the_operator_tells_who_they_are() {
    let service = Service::start();
    for (language, word) in [("en", "Chargesheet"), ("ru", "Chargesheet"), ("kk", "Chargesheet")] {
        let page = service.text(&format!("/about?lang={language}"));
        assert!(page.contains(word) && page.matches("<h2>").count() >= 5, "{language}");
        assert!(!page.contains("<script"), "{language}");
    }
    let folder = std::env::temp_dir().join(format!("chargesheet-about-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("about.md");
    std::fs::write(&file, "# We\n\nWrite to [us](mailto:a@example.org).\n").expect("a file");
    std::fs::write(folder.join("about.ru.md"), "# Мы\n\nПишите.\n").expect("a file");
    let path = file.to_str().expect("the path is UTF-8");
    let own = Service::start_with(&["--about", path]);
    assert!(own.text("/about").contains("<a href=\"mailto:a@example.org\">us</a>"));
    assert!(own.text("/about?lang=ru").contains("<h1>Мы</h1>"));
    // A language without a text of its own shows the English one, and says so to programs.
    assert!(own.text("/about?lang=kk").contains("lang=\"en\""));
    std::fs::write(&file, "# We\n\n<img src=x onerror=alert(1)>\n").expect("a file");
    let refused = e2e::service::run(&["serve", "--listen", "127.0.0.1:0", "--about", path]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("about.md line 3: HTML is not shown"), "{told}");
    let _ = std::fs::remove_dir_all(&folder);
}

/// Bytes of a page as it is sent, with its styles and scripts, but without pictures and without what a reader's action loads.
fn sent(service: &Service, path: &str) -> usize {
    let brotli = [("Accept-Encoding", "br")];
    let size = |path: &str| service.ask("GET", path, &brotli).body.len();
    let page = service.text(path);
    let links = html::attributes(&page, "href").into_iter().chain(html::attributes(&page, "src"));
    let loaded = links.filter(|link| link.ends_with(".css") || link.ends_with(".js"));
    size(path) + loaded.map(|link| size(&link)).sum::<usize>()
}

#[test]
fn the_start_page_is_under_sixty_kilobytes() {
    let service = Service::start();
    for language in ["en", "ru", "kk"] {
        let bytes = sent(&service, &format!("/?lang={language}"));
        println!("the start page in {language}: {bytes} bytes as sent");
        assert!(bytes < 60_000, "{language}: {bytes}");
    }
}

#[test]
fn the_first_chart_is_painted_without_script() {
    let service = Service::start();
    let page = service.text("/");
    let picture = html::attributes(&page, "src").into_iter().find(|link| link.contains("chart.svg"));
    let picture = picture.expect("a chart on the start page");
    assert_eq!(service.get(&picture).status, 200);
    // It stands before everything that loads by script, and nothing above it waits.
    let at = page.find("elementtiming=\"first-chart\"").expect("the chart is marked");
    assert!(at < page.find("<form class=\"search\"").expect("the search"), "the chart comes first");
    let browser = Browser::start();
    browser.open(&format!("{}/", service.base));
    browser.wait_until("document.querySelector('img.chart').complete && document.querySelector('img.chart').naturalWidth > 0");
    let shown =
        browser.value("document.querySelector('img.chart').getBoundingClientRect().top < innerHeight");
    assert_eq!(shown, true, "the chart is on the first screen");
    browser.assert_console_clean();
}

#[test]
fn every_page_names_its_translations() {
    let service = Service::start();
    let evidence = html::attributes(&service.text("/statutes/IND-IPC-124A"), "href");
    let evidence =
        evidence.into_iter().find(|link| link.starts_with("/evidence/")).expect("figures are linked");
    let question = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    for path in [
        "/",
        "/statutes/KAZ-CC-274",
        "/statutes/IND-IPC-124A?by=year&measure=cases&outcome=registered",
        "/countries/KAZ",
        "/categories/insult",
        "/categories/sedition?dataset=reported-figures&measure=cases",
        "/about",
        "/api",
        "/datasets/reported-figures",
        "/charts/new",
        "/check",
        &format!("/report/reported-figures?{question}"),
        &evidence,
    ] {
        let page = service.text(path);
        let head = page.split("</head>").next().unwrap_or_default();
        assert_eq!(html::attributes(head, "hreflang"), ["en", "ru", "kk", "x-default"], "{path}");
        let links: Vec<String> =
            html::attributes(head, "href").iter().map(|link| link.replacen(&service.base, "", 1)).collect();
        let joint = if path.contains('?') { '&' } else { '?' };
        for link in [path.to_owned(), format!("{path}{joint}lang=kk")] {
            // The order of parameters may be another.
            let is_here = |own: &&String| {
                let parts = |address: &str| {
                    let mut parts: Vec<String> = address.split(['?', '&']).map(str::to_owned).collect();
                    parts.sort();
                    parts
                };
                // These say what an address leaves open, such as the release.
                let is_filled =
                    ["/evidence", "/charts/new", "/report"].iter().any(|page| path.starts_with(page));
                let page = path.split('?').next().unwrap_or_default();
                parts(own) == parts(&link) || is_filled && own.starts_with(page)
            };
            assert!(links.iter().any(|own| is_here(&own)), "{path}: {link} in {links:#?}");
        }
        // The page names itself, in its own language.
        let other = service.text(&format!("{path}{joint}lang=ru"));
        let canonical = other.split("<link rel=\"canonical\" href=\"").nth(1).unwrap_or_default();
        let canonical = canonical.split('"').next().unwrap_or_default();
        assert!(canonical.contains("lang=ru"), "{path}: {canonical}");
    }
    // A chart in a frame is a part of its page.
    let frame = service.text(&format!("/embed/reported-figures?{question}"));
    let page = format!("<link rel=\"canonical\" href=\"{}/statutes/IND-IPC-124A?", service.base);
    assert!(frame.contains(&page), "{frame}");
    // An address without a page names none.
    assert!(!service.get("/statutes/NOWHERE").text().contains("canonical"));
}

#[test]
fn anchors_lead_where_they_say() {
    let service = Service::start();
    for (path, anchors) in [
        ("/statutes/IND-IPC-124A", &["figures", "trend", "sources", "cite", "embed"][..]),
        ("/categories/sedition?lang=ru", &["figures", "sources", "cite", "embed"]),
        ("/statutes/KAZ-CC-274", &["figures", "trend", "sources", "cite", "embed"]),
        ("/statutes/KAZ-CC-274?dataset=documented-cases&lang=kk", &["figures", "cite", "embed"]),
        ("/statutes/TUR-TCK-299?lang=kk", &[]),
        ("/statutes/KAZ-CC-373", &[]),
        ("/", &[]),
    ] {
        let page = service.text(path);
        for anchor in anchors {
            let links = html::inside(&page, "nav", "class=\"jump\"");
            assert!(links.contains(&format!("href=\"#{anchor}\"")), "{path}: no link to {anchor}");
            assert_eq!(page.matches(&format!(" id=\"{anchor}\"")).count(), 1, "{path}: {anchor}");
        }
        // Every link of the page to itself leads somewhere.
        for link in html::attributes(&page, "href").iter().filter_map(|link| link.strip_prefix('#')) {
            assert!(page.contains(&format!(" id=\"{link}\"")), "{path}: nothing is called {link}");
        }
    }
}
