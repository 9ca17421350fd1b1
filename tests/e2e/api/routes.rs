//! Every route: what it answers, with what headers, to which methods.

use e2e::service::{Reply, Service};

const ANSWERS: [(&str, &str); 10] = [
    ("aggregate.json?by=outcome", "application/json"),
    ("aggregate.csv?by=outcome", "text/csv; charset=utf-8; header=present"),
    ("aggregate.parquet?by=outcome", "application/vnd.apache.parquet"),
    ("aggregate.xlsx?by=outcome", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("chart.svg?by=outcome", "image/svg+xml"),
    ("chart.png?by=outcome&scale=2", "image/png"),
    ("chart.json?by=outcome", "application/json"),
    ("chart.html?by=outcome", "text/html; charset=utf-8"),
    ("newer.json?by=outcome", "application/json"),
    ("facets.json?of=outcome,year", "application/json"),
];

/// Returns the path and media type of one address of every route.
fn every_route(service: &Service) -> Vec<(String, &'static str)> {
    let mut routes: Vec<(String, &str)> = [
        ("/api?lang=ru", "text/html; charset=utf-8"),
        ("/datasets/reported-figures?lang=kk", "text/html; charset=utf-8"),
        ("/v1/catalog.jsonld", "application/ld+json"),
        ("/v1/datasets/reported-figures/dataset.jsonld?lang=ru", "application/ld+json"),
        ("/v1/datasets/reported-figures/timemap", "application/link-format"),
        ("/feed.atom?lang=kk", "application/atom+xml"),
        ("/statutes/KAZ-CC-274/feed.atom", "application/atom+xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/favicon.ico", "image/vnd.microsoft.icon"),
        ("/openapi.json", "application/json"),
        ("/openapi.json?dataset=documented-cases", "application/json"),
        ("/", "text/html; charset=utf-8"),
        ("/check?lang=kk", "text/html; charset=utf-8"),
        ("/statutes/KAZ-CC-274", "text/html; charset=utf-8"),
        ("/v1/datasets", "application/json"),
        ("/v1/datasets/documented-cases", "application/json"),
        ("/v1/datasets/documented-cases?lang=ru", "application/json"),
        ("/v1/statutes", "application/json"),
        ("/v1/statutes/KAZ-CC-274?lang=kk", "application/json"),
        ("/widget/statute-chart.js", "text/javascript; charset=utf-8"),
        ("/widget/text-kk.json", "application/json"),
        ("/assets/embed.css", "text/css; charset=utf-8"),
        ("/assets/embed.js", "text/javascript; charset=utf-8"),
        ("/embed/documented-cases?by=outcome", "text/html; charset=utf-8"),
        ("/widget/chargesheet_widget_bg.wasm", "application/wasm"),
        ("/assets/explorer.css", "text/css; charset=utf-8"),
        ("/assets/explorer.js", "text/javascript; charset=utf-8"),
        ("/assets/mark.svg", "image/svg+xml"),
    ]
    .map(|(path, media_type)| (path.to_owned(), media_type))
    .to_vec();
    let release = release(service, "documented-cases");
    routes
        .push((format!("/embed/documented-cases/releases/{release}?by=outcome"), "text/html; charset=utf-8"));
    routes.push((format!("/datasets/documented-cases/releases/{release}"), "text/html; charset=utf-8"));
    routes.push((versioned_script(service), "text/javascript; charset=utf-8"));
    routes.push((format!("/oembed?url={}/statutes/KAZ-CC-274", service.base), "application/json"));
    for files in ["", &format!("/releases/{release}")] {
        let dataset = format!("/v1/datasets/documented-cases{files}");
        if !files.is_empty() {
            routes.push((dataset.clone(), "application/json"));
        }
        for (file, media_type) in ANSWERS {
            routes.push((format!("{dataset}/{file}"), media_type));
        }
    }
    routes
}

/// Returns the path of the script under its version, as pages name it.
fn versioned_script(service: &Service) -> String {
    let page = service.text("/statutes/KAZ-CC-274");
    let (_, rest) = page.split_once("src=\"/widget/").expect("a page loads the widget");
    format!("/widget/{}", rest.split('"').next().expect("an attribute ends"))
}

fn release(service: &Service, dataset: &str) -> String {
    let described = service.json(&format!("/v1/datasets/{dataset}"));
    let id = described["release"]["id"].as_str();
    id.expect("a dataset names its release").to_owned()
}

fn assert_readable_from_anywhere(path: &str, reply: &Reply) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("set-cookie", ""),
    ] {
        assert_eq!(reply.header(name), value, "{name} of {path}");
    }
}

#[test]
fn every_route_answers_with_its_type_to_any_origin() {
    let service = Service::start();
    for (path, media_type) in every_route(&service) {
        let reply = service.ask("GET", &path, &[("origin", "https://partner.example")]);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), media_type, "{path}");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string(), "{path}");
        assert!(!reply.body.is_empty(), "{path}");
        assert_readable_from_anywhere(&path, &reply);
    }
    service.assert_log_clean();
}

#[test]
fn every_route_is_revalidated_by_a_strong_tag() {
    let service = Service::start();
    for (path, _) in every_route(&service) {
        let full = service.get(&path);
        let tag = full.header("etag");
        assert!(tag.len() > 10 && tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        assert!(!full.header("cache-control").is_empty(), "{path}");
        for known in [tag, &format!("W/{tag}"), &format!("\"other\", {tag}"), "*"] {
            let reply = service.ask("GET", &path, &[("if-none-match", known)]);
            assert_eq!(reply.status, 304, "{path} with {known}");
            assert!(reply.body.is_empty(), "{path}");
            assert_eq!(reply.header("etag"), tag, "{path}");
            assert_eq!(reply.header("cache-control"), full.header("cache-control"), "{path}");
            assert_readable_from_anywhere(&path, &reply);
        }
        let reply = service.ask("GET", &path, &[("if-none-match", "\"other\"")]);
        assert_eq!((reply.status, reply.body), (200, full.body), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn head_says_what_get_says_without_the_body() {
    let service = Service::start();
    let mut paths: Vec<String> = every_route(&service).into_iter().map(|(path, _)| path).collect();
    for absent_or_wrong in ["/healthz", "/nowhere", "/v1/datasets/documented-cases/aggregate.csv?by=no"] {
        paths.push(absent_or_wrong.to_owned());
    }
    for path in paths {
        let (get, head) = (service.get(&path), service.ask("HEAD", &path, &[]));
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.headers(), get.headers(), "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn a_browser_may_ask_beforehand_whether_it_may_ask() {
    let service = Service::start();
    for (path, _) in every_route(&service) {
        let asked = [
            ("origin", "https://partner.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "if-none-match"),
        ];
        let reply = service.ask("OPTIONS", &path, &asked);
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{path}");
        assert_eq!(reply.header("access-control-allow-methods"), "GET, HEAD, OPTIONS", "{path}");
        assert_eq!(reply.header("access-control-allow-headers"), "*", "{path}");
        assert_readable_from_anywhere(&path, &reply);
    }
    service.assert_log_clean();
}

#[test]
fn nothing_can_be_written() {
    let service = Service::start();
    for path in ["/", "/v1/datasets", "/v1/datasets/documented-cases/aggregate.csv", "/nowhere"] {
        assert!([200, 404].contains(&service.get(path).status), "{path}");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let reply = service.ask(method, path, &[]);
            assert_eq!(reply.status, 405, "{method} {path}");
            assert_eq!(reply.header("allow"), "GET, HEAD, OPTIONS", "{method} {path}");
            assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
            assert!(reply.text().contains(method), "{}", reply.text());
        }
    }
    service.assert_log_clean();
}

#[test]
fn what_is_not_there_is_a_problem_that_names_what_is_near() {
    let service = Service::start();
    let release = release(&service, "documented-cases");
    for (path, value, nearest) in [
        ("/v1/datasets/documented-case", "documented-case", "documented-cases"),
        ("/v1/datasets/documented-case/aggregate.csv", "documented-case", "documented-cases"),
        ("/v1/datasets/documented-cases/aggregate.cvs", "aggregate.cvs", "aggregate.csv"),
        ("/v1/datasets/documented-cases/chart.gif", "chart.gif", "chart.png"),
        ("/widget/text-xx.json", "widget/text-xx.json", "widget/text-en.json"),
        ("/v1/statutes/KAZ-CC-247", "KAZ-CC-247", "KAZ-CC-274"),
        ("/widget/statute-charts.js", "widget/statute-charts.js", "widget/statute-chart.js"),
        ("/assets/explorer.cs", "assets/explorer.cs", "assets/explorer.css"),
    ] {
        let reply = service.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        assert_readable_from_anywhere(path, &reply);
        let problem = reply.json();
        assert_eq!(problem["status"], 404, "{path}");
        assert_eq!(problem["value"], value, "{path}");
        assert_eq!(problem["nearest"], nearest, "{path}");
        let detail = problem["detail"].as_str().expect("a problem has a detail");
        assert!(detail.contains(value) && detail.contains(nearest), "{detail}");
    }
    // Programs get a problem, people a page; both name what was asked for.
    for (path, media_type) in [
        ("/v1/nowhere", "application/problem+json"),
        ("/v1/datasets/documented-cases/aggregate.csv/more", "application/problem+json"),
        ("/widget/", "application/problem+json"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/v2/datasets", "text/html; charset=utf-8"),
        ("/healthz/x", "text/html; charset=utf-8"),
    ] {
        let reply = service.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), media_type, "{path}");
        assert!(reply.text().contains(path), "{path}: {}", reply.text());
    }
    for file in ["", "/aggregate.csv"] {
        let path = format!("/v1/datasets/documented-cases/releases/2020-01-01-000000000000{file}");
        let reply = service.get(&path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.json()["nearest"], release.as_str(), "{path}");
    }
    service.assert_log_clean();
}

#[test]
fn a_pinned_address_gives_the_same_bytes_for_ever() {
    let service = Service::start();
    for (dataset, query) in [
        ("documented-cases", "by=year,outcome"),
        ("reported-figures", "by=year,outcome&statute=IND-IPC-124A"),
    ] {
        let release = release(&service, dataset);
        for file in ["aggregate.json", "aggregate.csv", "chart.svg", "facets.json"] {
            let of = if file == "facets.json" { "&of=year" } else { "" };
            let live = service.get(&format!("/v1/datasets/{dataset}/{file}?{query}{of}"));
            let pinned =
                service.get(&format!("/v1/datasets/{dataset}/releases/{release}/{file}?{query}{of}"));
            assert_eq!(pinned.status, 200, "{dataset} {file}: {}", pinned.text());
            assert_eq!(pinned.text(), live.text(), "{dataset} {file}");
            assert_eq!(pinned.header("etag"), live.header("etag"), "{dataset} {file}");
            assert_eq!(pinned.header("cache-control"), "public, max-age=31536000, immutable");
            assert!(!live.header("cache-control").contains("immutable"), "{dataset} {file}");
            for reply in [&live, &pinned] {
                assert_eq!(reply.header("chargesheet-release"), release, "{dataset} {file}");
            }
        }
        let live = service.json(&format!("/v1/datasets/{dataset}/aggregate.json?{query}"));
        let url = live["release"]["url"].as_str().expect("an answer names its pinned address");
        assert_eq!(service.json(url), live);
        assert!(
            live["citation"].as_str().is_some_and(|text| text.contains(&format!("{}{url}", service.base))),
            "{}",
            live["citation"]
        );
    }
    service.assert_log_clean();
}

#[test]
fn two_services_with_the_same_data_give_the_same_bytes() {
    let (one, other) = (Service::start(), Service::start());
    for path in [
        "/v1/datasets",
        "/v1/statutes",
        "/v1/datasets/reported-figures/aggregate.csv?by=statute,year,outcome,source&measure=persons,cases,charges",
        "/v1/datasets/reported-figures/chart.svg?by=year,outcome&statute=IND-IPC-124A",
        "/",
    ] {
        // A page names itself by its whole address.
        let [first, second] = [&one, &other].map(|service| service.text(path).replace(&service.base, ""));
        assert_eq!(first, second, "{path}");
    }
}

#[test]
fn the_service_says_that_it_lives() {
    let service = Service::start();
    let reply = service.get("/healthz");
    assert_eq!((reply.status, reply.text().as_str()), (200, "ok\n"));
    assert_eq!(reply.header("cache-control"), "no-store");
    service.assert_log_clean();
}
