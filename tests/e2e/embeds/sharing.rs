//! What leaves the page: pictures, one file, the frame's address, the script under its version, and what a newer
//! release says of a chart that is bound to an old one.

use std::fs;

use e2e::browser::Browser;
use e2e::changes::Served;
use e2e::drawing::DRAWN;
use e2e::packages::Package;
use e2e::service::{Reply, Service};
use e2e::{empty_folder, html};
use serde_json::json;

use crate::server::content_coding::decoded;

const PICTURE: &str = "/v1/datasets/documented-cases/chart.png?by=outcome&statute=KAZ-CC-274";

/// Width and height in the header of a PNG (ISO/IEC 15948, 11.2.2).
fn size(reply: &Reply) -> (u32, u32) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.body[..8], *b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(reply.body[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[test]
fn a_png_has_the_size_asked_for_up_to_its_limit() {
    let service = Service::start();
    // Without a height, a picture is as high as its words and a plot of half the height need.
    let svg = service.text(&PICTURE.replace("chart.png", "chart.svg"));
    let height: u32 = html::attributes(&svg, "height")[0].parse().expect("a number of pixels");
    assert!((450..=600).contains(&height), "{height}");
    for (form, wanted) in [
        ("", (800, height)),
        ("&scale=2", (1600, height * 2)),
        ("&scale=3", (2400, height * 3)),
        ("&width=1200&height=630", (1200, 630)),
        ("&width=375&height=420&scale=3&theme=dark&lang=kk", (1125, 1260)),
        ("&width=1365&height=1365&scale=3", (4095, 4095)),
        ("&width=4096&height=200", (4096, 200)),
    ] {
        let reply = service.get(&format!("{PICTURE}{form}"));
        assert_eq!(size(&reply), wanted, "{form}");
        let name = reply.header("content-disposition");
        assert!(name.contains("chargesheet_KAZ-CC-274_") && name.ends_with(".png\""), "{name}");
        assert_eq!(service.get(&format!("{PICTURE}{form}")).body, reply.body, "the second time, {form}");
    }
    for (form, words) in [
        ("&scale=4", "did you mean `3`?"),
        ("&scale=0", "did you mean `1`?"),
        ("&scale=two", "is no whole number"),
        ("&width=1366&height=800&scale=3", "did you mean `2`?"),
        ("&width=5000", "did you mean `4096`?"),
        ("&plain=yes", "neither `true` nor `false`"),
    ] {
        let reply = service.get(&format!("{PICTURE}{form}"));
        assert_eq!(reply.status, 400, "{form}");
        assert!(reply.text().contains(words), "{form}: {}", reply.text());
    }
    service.assert_log_clean();
}

#[test]
fn the_program_on_a_page_is_small_and_cannot_be_changed_unnoticed() {
    let service = Service::start();
    let page = service.text("/statutes/KAZ-CC-274");
    let script = html::attributes(&page, "src").into_iter().find(|src| src.contains("statute-chart.js"));
    let script = script.expect("the page loads the widget");
    let folder = script.trim_end_matches("statute-chart.js").to_owned();
    let (mut bytes, mut words) = (0, 0);
    let texts = ["en", "ru", "kk"].map(|language| format!("text-{language}.json"));
    for name in
        ["statute-chart.js", "chargesheet_widget_bg.wasm"].into_iter().chain(texts.iter().map(String::as_str))
    {
        let path = format!("{folder}{name}");
        let packed = service.ask("GET", &path, &[("accept-encoding", "gzip, br")]);
        assert_eq!((packed.status, packed.header("content-encoding")), (200, "br"), "{path}");
        assert_eq!(packed.header("vary"), "accept-encoding", "{path}");
        assert_eq!(packed.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
        let plain = service.get(&path);
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        assert_ne!(plain.header("etag"), packed.header("etag"), "{path}");
        println!("{name}: {} bytes, {} over the wire", plain.body.len(), packed.body.len());
        // A reader needs the words of one language: the budget holds in each.
        if name.starts_with("text-") {
            words = words.max(packed.body.len());
        } else {
            bytes += packed.body.len();
        }
        // The address without a version is for those who always want the newest: it must be asked again soon.
        let newest = service.get(&format!("/widget/{name}"));
        assert_eq!(newest.header("cache-control"), "public, max-age=300");
        assert_eq!(newest.body, plain.body);
    }
    // Chart.js alone is as large: the budget of all that a chart needs until it can be read.
    assert!(bytes + words <= 61_000, "{} bytes over the wire", bytes + words);
    service.assert_log_clean();
}

/// Every order of some things.
fn orders<T: Copy>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |place: usize| {
        let others = [&things[..place], &things[place + 1..]].concat();
        orders(&others).into_iter().map(move |rest| [&[things[place]], rest.as_slice()].concat())
    };
    (0..things.len()).flat_map(with_first).collect()
}

#[test]
fn the_program_on_a_page_is_as_small_as_it_was_packed_whoever_asked_for_it_before() {
    let names = ["statute-chart.js", "chargesheet_widget_bg.wasm", "text-ru.json"];
    let orders = orders(&["", "br", "zstd", "gzip"]);
    assert_eq!(orders.len(), 24);
    let mut first: Option<Vec<Vec<u8>>> = None;
    for order in orders {
        let service = Service::start();
        let page = service.text("/statutes/KAZ-CC-274");
        let script = html::attributes(&page, "src").into_iter().find(|src| src.contains("statute-chart.js"));
        let folder =
            script.expect("the page loads the widget").trim_end_matches("statute-chart.js").to_owned();
        for coding in &order {
            for name in names {
                let reply = service.ask("GET", &format!("{folder}{name}"), &[("accept-encoding", coding)]);
                assert_eq!((reply.status, reply.header("content-encoding")), (200, *coding), "{name}");
                assert_eq!(reply.header("content-length"), reply.body.len().to_string(), "{name} {coding}");
            }
        }
        let forms = [format!("{folder}statute-chart.js"), "/widget/statute-chart.js".to_owned()];
        let again = forms.map(|path| service.ask("GET", &path, &[("accept-encoding", "br, gzip")]).body);
        let mut bodies: Vec<Vec<u8>> = names
            .iter()
            .map(|name| service.ask("GET", &format!("{folder}{name}"), &[("accept-encoding", "br")]).body)
            .collect();
        assert!(again.iter().all(|body| *body == bodies[0]), "{order:?}");
        let bytes: usize = bodies.iter().map(Vec::len).sum();
        assert!(bytes <= 61_000, "{bytes} bytes over the wire when asked for as {order:?}");
        // The other forms, too, are the same to everybody.
        for (name, coding) in names.iter().flat_map(|name| ["zstd", "gzip"].map(|coding| (name, coding))) {
            bodies.push(service.ask("GET", &format!("{folder}{name}"), &[("accept-encoding", coding)]).body);
        }
        let first = first.get_or_insert_with(|| bodies.clone());
        assert!(*first == bodies, "another form when asked for as {order:?}");
        service.assert_log_clean();
    }
}

#[test]
fn a_program_that_was_changed_on_the_way_is_not_run() {
    let service = Service::start();
    let page = service.text("/statutes/KAZ-CC-274?dataset=documented-cases");
    let snippet = html::inside(&page, "textarea", "id=\"snippet\"");
    let integrity = html::attributes(&snippet, "integrity").remove(0);
    assert!(integrity.starts_with("sha384-"), "{snippet}");
    let digest = integrity.trim_start_matches("sha384-");
    let changed = format!("sha384-{}{}", if digest.starts_with('Z') { 'Y' } else { 'Z' }, &digest[1..]);
    let folder = empty_folder("changed-script");
    let file = folder.join("page.html");
    fs::write(&file, format!("<!doctype html><body>{}", snippet.replace(&integrity, &changed)))
        .expect("written");
    let browser = Browser::start();
    browser.open(&format!("file://{}", file.display()));
    browser.wait_until("document.querySelector('statute-chart img').naturalWidth > 0");
    assert_eq!(browser.value("customElements.get('statute-chart') === undefined"), true);
}

#[test]
fn an_earlier_version_of_the_program_is_served_out_of_the_store() {
    let served = Served::with("shared-versions", &[Package::cases()]);
    let earlier = served.store.path().join(".widget/0.0.9-01234567");
    fs::create_dir_all(&earlier).expect("made");
    fs::write(earlier.join("statute-chart.js"), "// earlier").expect("written");
    let reply = served.service.get("/widget/0.0.9-01234567/statute-chart.js");
    assert_eq!((reply.status, reply.text().as_str()), (200, "// earlier"));
    assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    // One that was kept with its packed form is sent in it, whoever asked before; a form that is damaged is not.
    let packed = fs::read_dir(served.store.path().join(".widget")).expect("kept").flatten();
    let packed =
        packed.map(|folder| folder.path()).find(|path| *path != earlier).expect("this version is kept");
    for (name, is_whole) in [("chargesheet_widget_bg.wasm", true), ("text-en.json", false)] {
        let form = fs::read(packed.join(format!("{name}.br"))).expect("kept");
        fs::copy(packed.join(name), earlier.join(name)).expect("written");
        let kept = if is_whole { &form[..] } else { b"damage" };
        fs::write(earlier.join(format!("{name}.br")), kept).expect("written");
        let path = format!("/widget/0.0.9-01234567/{name}");
        let plain = served.service.get(&path);
        let coded = served.service.ask("GET", &path, &[("accept-encoding", "br")]);
        assert_eq!((plain.status, coded.header("content-encoding")), (200, "br"), "{name}");
        assert!(decoded(&coded) == plain.body, "{name}");
        assert_eq!(coded.body == form, is_whole, "{name}");
    }
    assert_eq!(served.service.get("/widget/0.0.9-01234567/text-en.json.br").status, 404);
    // What this program serves is there for the next one.
    let own = fs::read_dir(served.store.path().join(".widget")).expect("kept").count();
    assert_eq!(own, 2);
    for absent in [
        "/widget/0.0.9-01234567/other.js",
        "/widget/0.0.8-01234567/statute-chart.js",
        "/widget/..%2F..%2F/releases.json",
        "/widget/0.0.9-01234567/..%2F..%2Fchargesheet-store.json",
    ] {
        assert_eq!(served.service.get(absent).status, 404, "{absent}");
    }
    served.store.assert_whole();
    served.service.assert_log_clean();
}

#[test]
fn a_pinned_chart_is_told_what_a_newer_release_changes() {
    let older = Package::figures().rows([
        "FRA,FRA-X-1,2019,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,12,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,5,bureau,A,true,",
    ]);
    let newer = Package::figures().version("2.0.0").rows([
        "FRA,FRA-X-1,2018,registered,cases,0,bureau,A,true,",
        "FRA,FRA-X-1,2020,registered,cases,13,bureau,A,true,",
        "FRA,FRA-X-1,2021,registered,cases,5,bureau,A,true,",
    ]);
    let served = Served::with("shared-newer", &[older, newer]);
    let query = "by=year,outcome&statute=FRA-X-1&measure=cases";
    let pinned = |number: usize, rest: &str| {
        served.path(&format!("releases/{}/newer.json?{query}{rest}", served.ids[number]))
    };
    let told = served.service.json(&pinned(0, ""));
    assert_eq!(told["newer"]["release"], json!(served.ids[1]));
    let changed = &told["newer"]["changed"];
    let figure = |number: usize| {
        let one = &changed[number];
        (one["group"].clone(), one["before"].clone(), one["after"].clone())
    };
    assert_eq!(figure(0), (json!("2019, Registered"), json!(0), json!(null)), "{changed:#}");
    assert_eq!(figure(1), (json!("2020, Registered"), json!(12), json!(13)));
    assert_eq!(figure(2), (json!("2018, Registered"), json!(null), json!(0)));
    assert_eq!(changed.as_array().map(Vec::len), Some(3));
    let sentence = told["newer"]["sentence"].as_str().unwrap_or_default();
    assert!(sentence.contains("2 of 3") && sentence.contains("new in it: 1"), "{sentence}");
    let russian = served.service.json(&pinned(0, "&lang=ru"));
    assert!(russian["newer"]["sentence"].as_str().is_some_and(|text| text.contains("выпуск")), "{russian}");
    // It changes with the next release, though its address is pinned.
    let reply = served.service.get(&pinned(0, ""));
    assert!(reply.header("cache-control").starts_with("public, max-age=60,"));
    // Nothing is newer than the newest, and the live address is never old.
    assert_eq!(served.service.json(&pinned(1, ""))["newer"], json!(null));
    assert_eq!(served.service.json(&served.path(&format!("newer.json?{query}")))["newer"], json!(null));
    // Without script the frame says so itself.
    let frame = |rest: &str| served.service.text(&format!("/embed/{}{rest}?{query}", served.dataset));
    assert!(html::inside(&frame(&format!("/releases/{}", served.ids[0])), "noscript", "").contains("2 of 3"));
    assert!(!frame("").contains("<noscript>"));
    served.service.assert_log_clean();
}

#[test]
fn one_file_shows_the_chart_without_a_single_request() {
    let service = Service::start();
    let query = "by=year,outcome&statute=IND-IPC-124A&measure=cases";
    let path = format!("/v1/datasets/reported-figures/chart.html?{query}&lang=ru");
    let reply = service.get(&path);
    assert!(
        reply.header("content-disposition").starts_with("attachment; filename=\"chargesheet_IND-IPC-124A_")
    );
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    let file = empty_folder("one-file").join("chart.html");
    fs::write(&file, &reply.body).expect("written");
    let browser = Browser::start();
    let address = format!("file://{}", file.display());
    for width in [1200, 375] {
        browser.resize(width, 800);
        browser.open(&address);
        browser.wait_until(DRAWN);
        let requests = browser.requests();
        assert!(requests.iter().all(|url| *url == address), "{requests:#?}");
        browser.screenshot(&format!("one-file-{width}"), width);
    }
    browser.assert_console_clean();
    for (expression, wanted) in [
        ("document.documentElement.lang", "ru"),
        ("String(document.querySelector('table').rows.length > 9)", "true"),
        ("String(document.body.textContent.includes('/releases/20'))", "true"),
    ] {
        assert_eq!(browser.text(expression), wanted, "{expression}");
    }
    // Without script: the picture and the table.
    browser.switch_scripts_off();
    browser.open(&address);
    browser.wait_until("document.querySelector('statute-chart img').naturalWidth === 800");
    browser.screenshot("one-file-without-script-375", 375);
    service.assert_log_clean();
}

#[test]
fn every_page_that_can_be_shared_has_a_picture_for_previews() {
    let service = Service::start();
    for page in [
        "/statutes/KAZ-CC-274?lang=ru",
        "/statutes/IND-IPC-124A",
        "/embed/documented-cases?by=outcome&statute=KAZ-CC-274",
    ] {
        let html = service.text(page);
        let content = |property: &str| {
            let (_, rest) = html
                .split_once(&format!("=\"{property}\" content=\""))
                .unwrap_or_else(|| panic!("{property} on {page}"));
            rest.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
        };
        assert_eq!(content("twitter:card"), "summary_large_image");
        assert!(content("og:title").len() > 10 && content("og:image:alt").len() > 10);
        let image = content("og:image");
        assert_eq!(image, content("twitter:image"));
        let picture =
            image.strip_prefix(&service.base).unwrap_or_else(|| panic!("{image} is no full address"));
        let (width, height) = size(&service.get(picture));
        assert_eq!(
            (width.to_string(), height.to_string()),
            (content("og:image:width"), content("og:image:height"))
        );
        assert_eq!(width, 1200);
    }
    service.assert_log_clean();
}
