//! A pasted address: the page names its oEmbed answer, and the answer keeps to the specification and to the room given.

use e2e::html;
use e2e::service::{Reply, Service};
use e2e::wordpress;
use serde_json::Value;

const PAGE: &str = "/statutes/IND-IPC-124A?dataset=reported-figures&by=year&outcome=registered&measure=cases";

/// Writes a text as the value of a parameter.
fn parameter(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Asks for the answer about an address, with more parameters.
fn ask(service: &Service, address: &str, more: &str) -> Reply {
    service.get(&format!("/oembed?url={}{more}", parameter(address)))
}

/// Asks for the answer about a page of the service, which must be there.
fn answer(service: &Service, page: &str, more: &str) -> Value {
    let reply = ask(service, &format!("{}{page}", service.base), more);
    assert_eq!(reply.status, 200, "{page} {more}: {}", reply.text());
    assert!(reply.header("content-type").starts_with("application/json"), "{}", reply.header("content-type"));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    reply.json()
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {answer:#}"))
}

fn number(answer: &Value, name: &str) -> u64 {
    answer[name].as_u64().unwrap_or_else(|| panic!("{name} is no number in {answer:#}"))
}

#[test]
fn a_statutes_page_names_its_oembed_answer() {
    let service = Service::start();
    for page in [PAGE, "/statutes/KAZ-CC-274?dataset=documented-cases", "/statutes/KAZ-CC-274?lang=ru"] {
        let found = wordpress::discover(&service.text(page)).unwrap_or_else(|| panic!("no link on {page}"));
        assert!(found.starts_with(&format!("{}/oembed?", service.base)), "{found}");
        let reply = service.get(&found[service.base.len()..]);
        assert_eq!(reply.status, 200, "{found}: {}", reply.text());
        let tag = service.text(page);
        let tag = tag.split("<link").find(|tag| tag.contains("application/json+oembed")).unwrap_or_default();
        assert!(tag.contains("rel=\"alternate\"") && tag.contains(" title=\""), "{tag}");
    }
    // Nothing to embed, nothing to name.
    assert_eq!(wordpress::discover(&service.text("/statutes/KAZ-CC-378")), None);
    service.assert_log_clean();
}

/// The release that a dataset is in.
fn release(service: &Service, dataset: &str) -> String {
    let described = service.json(&format!("/v1/datasets/{dataset}"));
    text(&described["release"], "id").to_owned()
}

/// The address of the frame in an answer, below the service.
fn frame(service: &Service, answer: &Value) -> String {
    let frame = html::attributes(text(answer, "html"), "src").remove(0);
    let frame =
        frame.strip_prefix(&service.base).unwrap_or_else(|| panic!("{frame} is elsewhere")).to_owned();
    assert_eq!(service.get(&frame).status, 200, "{frame}");
    frame
}

#[test]
fn every_page_that_shows_a_chart_names_its_oembed_answer() {
    let service = Service::start();
    let question = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let pinned = format!("/reported-figures/releases/{}?", release(&service, "reported-figures"));
    let cited = service.text(&format!("/v1/datasets/reported-figures/citation.txt?{question}&lang=ru"));
    let short = cited.split_whitespace().find(|word| word.contains("/s/")).expect("a short address");
    let short = short.strip_prefix(&service.base).expect("it is ours");
    for (page, parts) in [
        (
            format!("/report/reported-figures?{question}"),
            [pinned.as_str(), "statute=IND-IPC-124A", "lang=en"],
        ),
        (format!("/report{pinned}{question}&type=bar"), [pinned.as_str(), "type=bar", "measure=cases"]),
        (short.to_owned(), [pinned.as_str(), "statute=IND-IPC-124A", "lang=ru"]),
        ("/categories/insult".to_owned(), ["category=insult", "by=", "lang=en"]),
        (
            "/categories/false-information?lang=kk".to_owned(),
            ["category=false-information", "by=", "lang=kk"],
        ),
    ] {
        // WordPress follows redirects to the page.
        let mut reply = service.get(&page);
        if reply.status == 308 {
            reply = service.get(reply.header("location"));
        }
        assert_eq!(reply.status, 200, "{page}");
        let found = wordpress::discover(&reply.text()).unwrap_or_else(|| panic!("no link on {page}"));
        let found = found.strip_prefix(&service.base).unwrap_or_else(|| panic!("{found}"));
        let answer = service.json(&format!("{found}&maxwidth=600&maxheight=900"));
        let frame = frame(&service, &answer);
        for part in parts {
            assert!(frame.contains(part), "{page}: no {part} in {frame}");
        }
        assert!(wordpress::filter(text(&answer, "html"), "aB3dE6gH9j").is_some(), "{page}: {answer:#}");
    }
    // Nothing to embed, nothing to name.
    let nothing = "/report/reported-figures?by=country,statute,outcome,year,source";
    let reply = service.get(nothing);
    assert_eq!((reply.status, wordpress::discover(&reply.text())), (200, None), "it cannot be drawn");
    assert_eq!(ask(&service, &format!("{}{nothing}", service.base), "").status, 404);
    service.assert_log_clean();
}

#[test]
fn an_address_that_is_pasted_becomes_a_chart_whatever_it_is_of() {
    let service = Service::start();
    let question = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let cited = service.text(&format!("/v1/datasets/reported-figures/citation.txt?{question}"));
    let short = cited.split_whitespace().find(|word| word.contains("/s/")).expect("a short address");
    let release = release(&service, "reported-figures");
    let live = "/v1/datasets/reported-figures";
    for (address, parts) in [
        (short[service.base.len()..].to_owned(), [release.as_str(), "measure=cases"]),
        (
            format!("{}.svg?width=400&theme=dark", &short[service.base.len()..]),
            [release.as_str(), "theme=dark"],
        ),
        (format!("{}.csv", &short[service.base.len()..]), [release.as_str(), "measure=cases"]),
        (format!("/report/reported-figures?{question}&lang=ru&type=bar"), ["type=bar", "lang=ru"]),
        ("/categories/insult?lang=ru".to_owned(), ["category=insult", "lang=ru"]),
        ("/statutes/IND-IPC-124A/?lang=ru".to_owned(), ["statute=IND-IPC-124A", "lang=ru"]),
        (format!("{live}/chart.svg?{question}&width=500"), ["/embed/reported-figures?", "measure=cases"]),
        (format!("{live}/chart.png?{question}&scale=2&title=T"), ["title=T", "measure=cases"]),
        (
            format!("{live}/aggregate.csv?{question}&excel=1&separator=semicolon"),
            ["by=year", "measure=cases"],
        ),
        (format!("{live}/releases/{release}/aggregate.csv?{question}"), [release.as_str(), "measure=cases"]),
    ] {
        let frame = frame(&service, &answer(&service, &address, ""));
        for part in parts {
            assert!(frame.contains(part), "{address}: no {part} in {frame}");
        }
        assert!(!["width=", "scale=", "excel="].iter().any(|form| frame.contains(form)), "{frame}");
    }
    // The quotation leads to the page with the figures.
    let led = html::attributes(text(&answer(&service, "/categories/insult?lang=ru", ""), "html"), "href");
    let page = format!("{}/categories/insult?dataset=", service.base);
    assert!(led.len() == 1 && led[0].starts_with(&page) && led[0].ends_with("&lang=ru"), "{led:?}");
    for nothing in [
        "/categories/nothing",
        "/s/AXRfs2MiEgBzAgIAAg5eMYA.txt",
        "/s/hello",
        "/report/nothing?by=year",
        "/report/reported-figures?by=yaer",
        "/v1/datasets/reported-figures/citation.txt",
        "/datasets/reported-figures",
    ] {
        let reply = ask(&service, &format!("{}{nothing}", service.base), "");
        assert_eq!(reply.status, 404, "{nothing}: {}", reply.text());
    }
    service.assert_log_clean();
}

#[test]
fn pictures_and_figures_name_their_oembed_answer_in_a_header() {
    let service = Service::start();
    let release = release(&service, "documented-cases");
    let question = "by=year,outcome&statute=KAZ-CC-274";
    for file in ["chart.svg", "chart.png", "chart.html", "aggregate.json", "aggregate.csv"] {
        for pinned in [String::new(), format!("/releases/{release}")] {
            let path = format!("/v1/datasets/documented-cases{pinned}/{file}?{question}&utm_source=x");
            let first = service.get(&path);
            let known = service.ask("GET", &path, &[("if-none-match", first.header("etag"))]);
            let zipped = service.ask("GET", &path, &[("accept-encoding", "gzip")]);
            assert_eq!((first.status, known.status), (200, 304), "{path}");
            for reply in [first, known, zipped] {
                let links: Vec<String> =
                    reply.headers().into_iter().filter(|line| line.starts_with("link: ")).collect();
                let found = links.iter().filter(|line| line.contains("rel=\"alternate\""));
                let [link] = found.collect::<Vec<_>>()[..] else { panic!("{path}: {links:?}") };
                assert!(link.ends_with("; rel=\"alternate\"; type=\"application/json+oembed\""), "{link}");
                let address = link["link: <".len()..].split('>').next().unwrap_or_default();
                let answer = service.json(address.strip_prefix(&service.base).expect("it is ours"));
                let frame = frame(&service, &answer);
                assert!(frame.contains("statute=KAZ-CC-274"), "{frame}");
                assert_eq!(frame.contains(&release), !pinned.is_empty(), "{frame}");
            }
        }
    }
    // A head of a question with hundreds of statutes must pass through a proxy's buffer.
    let long = format!("/v1/datasets/documented-cases/chart.svg?{question}&title={}", "%D2%9B".repeat(290));
    let reply = service.get(&long);
    let links: Vec<String> = reply.headers().into_iter().filter(|line| line.starts_with("link: ")).collect();
    assert_eq!((reply.status, links.iter().any(|line| line.contains("oembed"))), (200, false), "{links:?}");
    service.assert_log_clean();
}

#[test]
fn a_host_is_one_in_its_own_script_and_as_dns_has_it() {
    for public in ["https://құқық.қаз", "https://xn--01a3nab1i.xn--80ao21a/"] {
        let service = Service::start_with(&["--public-url", public]);
        let path = "/statutes/KAZ-CC-274";
        for host in ["https://құқық.қаз", "http://xn--01a3nab1i.xn--80ao21a", "https://ҚҰҚЫҚ.ҚАЗ"]
        {
            let reply = ask(&service, &format!("{host}{path}"), "");
            assert_eq!(reply.status, 200, "{public} {host}: {}", reply.text());
            let answer = reply.json();
            let frame = html::attributes(text(&answer, "html"), "src").remove(0);
            assert!(frame.starts_with("https://xn--01a3nab1i.xn--80ao21a/embed/"), "{frame}");
        }
        let elsewhere = ask(&service, &format!("https://xn--01a3nab1i.xn--80ao21a.example{path}"), "");
        assert_eq!(elsewhere.status, 404);
        let link = service.get("/v1/datasets/documented-cases/chart.svg?by=outcome");
        assert!(link.header("link").starts_with("<https://xn--01a3nab1i.xn--80ao21a/oembed?"));
        service.assert_log_clean();
    }
}

#[test]
fn an_answer_has_all_that_a_provider_owes() {
    let service = Service::start();
    let answer = answer(&service, PAGE, "&maxwidth=600&maxheight=900&format=json");
    assert_eq!((text(&answer, "type"), text(&answer, "version")), ("rich", "1.0"));
    assert_eq!(text(&answer, "provider_name"), "Chargesheet");
    assert!(text(&answer, "provider_url").starts_with(&service.base), "{answer:#}");
    assert!(text(&answer, "title").contains("124A"), "{answer:#}");
    assert!(number(&answer, "cache_age") > 0, "{answer:#}");
    let frame = html::attributes(text(&answer, "html"), "src").remove(0);
    assert!(frame.starts_with(&format!("{}/embed/reported-figures", service.base)), "{frame}");
    assert_eq!(service.get(&frame[service.base.len()..]).status, 200, "{frame}");
    // The frame is as large as the answer says.
    for name in ["width", "height"] {
        let own = html::attributes(text(&answer, "html"), name);
        assert_eq!(own, [number(&answer, name).to_string()], "{answer:#}");
    }
    let picture = text(&answer, "thumbnail_url");
    let reply = service.get(picture.strip_prefix(&service.base).unwrap_or_else(|| panic!("{picture}")));
    assert_eq!((reply.status, reply.header("content-type")), (200, "image/png"), "{picture}");
    // The size of a PNG stands in its first chunk (PNG, third edition, section 11.2.1).
    let at =
        |from: usize| reply.body[from..from + 4].iter().fold(0_u64, |sum, byte| sum * 256 + u64::from(*byte));
    assert_eq!((at(16), at(20)), (number(&answer, "thumbnail_width"), number(&answer, "thumbnail_height")));
    service.assert_log_clean();
}

#[test]
fn the_room_that_is_given_is_kept_to() {
    let service = Service::start();
    for (width, height) in [(1200, 1000), (600, 900), (500, 750), (375, 500), (320, 240), (200, 200)] {
        let answer = answer(&service, PAGE, &format!("&maxwidth={width}&maxheight={height}"));
        assert!(number(&answer, "width") <= width, "{width}: {answer:#}");
        assert!(number(&answer, "height") <= height, "{height}: {answer:#}");
        // A preview too: where none fits, there is none.
        if !answer["thumbnail_url"].is_null() {
            assert!(number(&answer, "thumbnail_width") <= width, "{width}: {answer:#}");
            assert!(number(&answer, "thumbnail_height") <= height, "{height}: {answer:#}");
        }
    }
    // One of them alone is kept to as well.
    assert!(number(&answer(&service, PAGE, "&maxwidth=300"), "width") <= 300);
    assert!(number(&answer(&service, PAGE, "&maxheight=300"), "height") <= 300);
    service.assert_log_clean();
}

#[test]
fn what_cannot_be_embedded_is_not_found_and_other_formats_are_not_implemented() {
    let service = Service::start();
    for address in [
        format!("{}/statutes/KAZ-CC-247", service.base),
        format!("{}/healthz", service.base),
        "https://elsewhere.example/statutes/KAZ-CC-274".to_owned(),
        "not an address".to_owned(),
    ] {
        assert_eq!(ask(&service, &address, "").status, 404, "{address}");
    }
    let good = format!("{}{PAGE}", service.base);
    assert_eq!(ask(&service, &good, "&format=json").status, 200);
    assert_eq!(ask(&service, &good, "&format=xml").status, 501);
    assert_eq!(service.get("/oembed").status, 400);
    for wrong in ["&maxwidth=0", "&maxwidth=wide", "&maxheight=-1"] {
        assert_eq!(ask(&service, &good, wrong).status, 400, "{wrong}");
    }
    service.assert_log_clean();
}

#[test]
fn an_answer_is_about_the_very_question_of_the_page_and_in_its_language() {
    let service = Service::start();
    let page =
        "/statutes/IND-IPC-124A?dataset=reported-figures&by=year,outcome&measure=persons&type=bar&lang=ru";
    let answer = answer(&service, page, "");
    let frame = html::attributes(text(&answer, "html"), "src").remove(0);
    for part in ["statute=IND-IPC-124A", "measure=persons", "type=bar", "lang=ru"] {
        assert!(frame.contains(part), "no {part} in {frame}");
    }
    assert!(text(&answer, "title").contains("Индия"), "{answer:#}");
    service.assert_log_clean();
}

#[test]
fn wordpress_keeps_the_frame_and_the_quotation_before_it() {
    let service = Service::start();
    for page in [PAGE, "/statutes/KAZ-CC-274?dataset=documented-cases&lang=kk"] {
        let answer = answer(&service, page, "&maxwidth=600&maxheight=900");
        let kept = wordpress::filter(text(&answer, "html"), "aB3dE6gH9j");
        let kept = kept.unwrap_or_else(|| panic!("WordPress refuses {answer:#}"));
        let quotation = html::inside(&kept, "blockquote", "data-secret=\"aB3dE6gH9j\"");
        assert!(quotation.contains("<a href=\""), "{quotation}");
        assert!(!quotation.replace("<a href", "").trim().is_empty(), "{quotation}");
        // No character of the address is among those that WordPress drops.
        let before = html::attributes(text(&answer, "html"), "src").remove(0);
        let after = html::attributes(&kept, "src").remove(0);
        assert_eq!(after, format!("{before}#?secret=aB3dE6gH9j"));
        // Who listens to the page hears what the frame is.
        assert!(html::attributes(&kept, "title").iter().any(|title| !title.is_empty()), "{kept}");
    }
    service.assert_log_clean();
}
