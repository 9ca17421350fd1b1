//! A benchmark, run by name: the element beside Chart.js, Vega-Embed and ECharts, drawing the same figures.
//!
//! One server sends everything, compressed with brotli at its best; one Chromium opens the pages in turns, with nothing
//! in its cache. The libraries get what is best for them: the figures are asked for while the script still loads.

use std::fmt::Write as _;

use e2e::browser::Browser;
use e2e::drawing::DRAWN;
use e2e::emulation::{Network, SLOW};
use e2e::packages::Package;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use serde_json::json;

use crate::charts::peer_timings::{
    Measured, REDRAWS, ROUNDS, columns, median, print_loading, print_redraws, quartiles,
};

/// A library: its name in the table, in addresses, its files, and how it draws.
struct Peer {
    name: &'static str,
    path: &'static str,
    files: &'static [&'static str],
    script: &'static str,
}

const PEERS: [Peer; 4] = [
    Peer {
        name: "Chart.js",
        path: "chart-js",
        files: &["chart.js/dist/chart.umd.min.js"],
        script: include_str!("peers/chart-js.js"),
    },
    Peer {
        name: "Vega-Embed",
        path: "vega",
        files: &[
            "vega/build/vega.min.js",
            "vega-lite/build/vega-lite.min.js",
            "vega-embed/build/vega-embed.min.js",
        ],
        script: include_str!("peers/vega.js"),
    },
    Peer {
        name: "ECharts",
        path: "echarts",
        files: &["echarts/dist/echarts.min.js"],
        script: include_str!("peers/echarts.js"),
    },
    Peer {
        name: "ECharts, simple",
        path: "echarts-simple",
        files: &["echarts/dist/echarts.simple.min.js"],
        script: include_str!("peers/echarts.js"),
    },
];

const PAGE: &str = include_str!("peers/page.js");
const OURS: &str = include_str!("peers/ours.js");

/// A data set to draw: its name in addresses, and where a service has it.
struct Figures {
    name: &'static str,
    service: Service,
    addresses: Vec<String>,
    snippet: String,
}

/// The founding series of the bundled figures: nine years of one statute.
fn sedition() -> Figures {
    let query = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases&lang=en";
    figures("sedition", Service::start(), "reported-figures", &[query])
}

/// Twelve statutes over forty years, in two measures.
fn large() -> Figures {
    let statutes = 1..=12_u32;
    let rows = statutes.clone().flat_map(|statute| {
        (1985..2025_u32).flat_map(move |year| {
            let value = (statute * 37 + year * 13 * statute) % 200 + statute * 10;
            [("cases", value), ("persons", value * 3 / 2 + year % 7)].map(|(unit, value)| {
                format!("FRA,FRA-X-{statute},{year},registered,{unit},{value},bureau,A,true,")
            })
        })
    });
    let mut package = Package::figures().rows(rows);
    let register = package.tables.get_mut("statutes.csv").expect("the case has statutes");
    let mut lines = register.lines().next().unwrap_or_default().to_owned();
    for statute in statutes {
        let _ =
            write!(lines, "\nFRA-X-{statute},,FRA,Example Act,{statute},,Example {statute},,,,1980-01-01,,,");
    }
    *register = lines + "\n";
    let folder = package.write();
    let service = Service::start_with(&["--data", &folder.to_string_lossy()]);
    let query = |measure: &str| format!("by=year,statute&outcome=registered&measure={measure}&lang=en");
    figures("large", service, "example-figures", &[&query("cases"), &query("persons")])
}

fn figures(name: &'static str, service: Service, dataset: &str, queries: &[&str]) -> Figures {
    let addresses: Vec<String> =
        queries.iter().map(|query| format!("/v1/datasets/{dataset}/aggregate.json?{query}")).collect();
    let first = queries[0].replace('&', "&amp;");
    // The program under the name that the service itself gives out, which may be one for ever.
    let given = service.snippet("/statutes/IND-IPC-124A?dataset=reported-figures");
    let script = given.find("<script").map(|at| given[at..].replace(&service.base, ""));
    // As high as the picture is: where everything in it is, is told for that size.
    let picture = service.text(&format!("/v1/datasets/{dataset}/chart.svg?{}&type=line", queries[0]));
    let height =
        e2e::html::attributes(&picture, "height").into_iter().next().expect("a picture has a height");
    let snippet = format!(
        "<statute-chart src=\"{}\" type=\"line\"><a href=\"/\"><img elementtiming=\"picture\" alt=\"Figures\" \
         src=\"/v1/datasets/{dataset}/chart.svg?{first}&amp;type=line\" width=\"800\" height=\"{height}\"></a>\
         </statute-chart>\n{}",
        addresses[0].replace('&', "&amp;"),
        script.unwrap_or_else(|| panic!("no script in {given}")),
    );
    Figures { name, service, addresses, snippet }
}

fn page(path: &str, head: &str, body: &str) -> Page {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A chart</title>\
         <link rel=\"icon\" href=\"data:,\"><script>{PAGE}</script>{head}</head>\n\
         <body style=\"margin: 8px; width: 800px\"><h1>What we found</h1>\n{body}\n</body></html>\n"
    );
    Page::file(path, "text/html; charset=utf-8", html.into_bytes()).compressed()
}

/// The pages of all libraries for one data set, and the answers that they ask for.
fn pages(figures: &Figures) -> Vec<Page> {
    let name = figures.name;
    let own = format!("<script>{OURS}</script>");
    let mut pages = vec![page(&format!("/{name}/ours"), &own, &figures.snippet)];
    for peer in &PEERS {
        let mut head = format!(
            "<script>const figures = fetch({:?}).then((one) => one.json());</script>",
            figures.addresses[0]
        );
        for file in peer.files {
            let _ = write!(head, "<script src=\"/npm/{file}\"></script>");
        }
        let body = format!(
            "<div id=\"chart\" style=\"width: 800px; height: 450px\"></div>\n<script>{}\n\
             figures.then(tableOf).then(async (table) => {{\n\
               await peer.draw(document.getElementById(\"chart\"), table);\n  notePainted();\n}});</script>",
            peer.script
        );
        pages.push(page(&format!("/{name}/{}", peer.path), &head, &body));
    }
    pages.extend(figures.addresses.iter().map(|address| copy(&figures.service, address)));
    pages
}

/// The answer of a service at an address, compressed.
fn copy(service: &Service, address: &str) -> Page {
    let reply = service.get(address);
    assert_eq!(reply.status, 200, "{address}");
    Page::file(address, reply.header("content-type"), reply.body.clone()).compressed()
}

/// Finds out what the element asks a service for, and copies the answers.
fn copies(browser: &Browser, figures: &Figures) -> Vec<Page> {
    let absolute = figures.snippet.replace("=\"/", &format!("=\"{}/", figures.service.base));
    let partner = Partner::start(vec![Page::html("/news", &absolute)]);
    browser.requests();
    browser.open(&format!("{}/news", partner.base));
    browser.wait_until(DRAWN);
    let mut asked: Vec<String> = browser
        .requests()
        .iter()
        .filter_map(|url| url.strip_prefix(&figures.service.base).map(str::to_owned))
        .collect();
    asked.sort();
    asked.dedup();
    asked.iter().map(|address| copy(&figures.service, address)).collect()
}

/// Opens the pages of all libraries in turns.
fn measure_loading(
    browser: &Browser,
    server: &Partner,
    data: &str,
    network: Option<Network>,
) -> Vec<Measured> {
    let names = [("ours", "Chargesheet")].into_iter().chain(PEERS.iter().map(|peer| (peer.path, peer.name)));
    let mut all: Vec<(&str, Measured)> =
        names.map(|(path, name)| (path, Measured { name: name.to_owned(), ..Measured::default() })).collect();
    browser.slow_down(network);
    for round in 0..ROUNDS {
        // Each round begins with another one.
        let count = all.len();
        for place in 0..count {
            let (path, measured) = &mut all[(place + round) % count];
            browser.keep_no_cache();
            // A site of its own for each opening, so that the browser starts a process that has compiled nothing yet: as at a
            // reader's first visit. In one process, what is compiled is kept, and the largest program gains the most.
            let site = server.base.replace("127.0.0.1", &format!("{path}-{round}.localhost"));
            browser.open(&format!("{site}/{data}/{path}"));
            browser.wait_until("painted !== null && (answered !== null || !peer.tells)");
            measured.painted.push(browser.value("painted").as_f64().unwrap_or(f64::NAN));
            measured.pictured.extend(browser.value("pictured").as_f64());
            measured.readable.extend(browser.value("globalThis.readable ?? null").as_f64());
            measured.answered.extend(browser.value("answered").as_f64());
            measured.bytes = browser.value("programBytes()").as_f64().unwrap_or(f64::NAN);
        }
    }
    browser.slow_down(None);
    all.into_iter().map(|(_, measured)| measured).collect()
}

fn measure_redraws(browser: &Browser, server: &Partner, figures: &Figures) {
    println!("\nTwelve series of forty years, drawn again: medians of {REDRAWS}\n");
    println!("| | until layout, ms | quartiles | until the frame, ms |\n|---|---|---|---|");
    let addresses = json!(figures.addresses);
    let answers =
        "const answers = await Promise.all(arguments[0].map(async (one) => (await fetch(one)).json()));";
    let open = |path: &str| {
        browser.open(&format!("{}/large/{path}", server.base));
        browser.wait_until("painted !== null");
    };
    open("ours");
    let count = json!(REDRAWS);
    let warm =
        "await elementRedraws(10, arguments[0]); return await elementRedraws(arguments[1], arguments[0]);";
    let element = browser.run(warm, vec![addresses.clone(), count.clone()]);
    print_redraws("Chargesheet, `src` of the element", &columns(&element, 0), None);
    let again = |prepare: &str| {
        let body = format!(
            "{answers} {prepare} await redraws(10, ready); return await redraws(arguments[1], ready);"
        );
        browser.run(&body, vec![addresses.clone(), count.clone()])
    };
    let exported =
        "return 'drawAnswer' in await import(document.querySelector('script[type=module][src]').src);";
    if browser.run(exported, Vec::new()) == json!(true) {
        let times = again("const ready = answers;");
        print_redraws("Chargesheet, `drawAnswer`", &columns(&times, 0), Some(&columns(&times, 1)));
    }
    for peer in &PEERS {
        open(peer.path);
        let times = again("const ready = answers.map(tableOf);");
        print_redraws(peer.name, &columns(&times, 0), Some(&columns(&times, 1)));
    }
}

/// Prints which files there were, so that what is counted can be checked.
fn print_files(files: &[Page]) {
    println!("\nOurs over the wire, in bytes:");
    for file in files {
        println!("  {:7} {}", file.size(), file.path());
    }
}

/// One server for the pages of all libraries.
fn serve(browser: &Browser, all: &[&Figures]) -> Partner {
    let mut served = Vec::new();
    for figures in all {
        let files = copies(browser, figures);
        print_files(&files);
        served.extend(files);
        served.extend(pages(figures));
    }
    for file in PEERS.iter().flat_map(|peer| peer.files) {
        served.push(Page::package(&format!("/npm/{file}"), file).compressed());
    }
    Partner::start(served)
}

#[test]
#[ignore = "a benchmark: needs `npm ci --prefix tests` and a quiet machine"]
fn peers_are_loaded_side_by_side() {
    let (sedition, large) = (sedition(), large());
    let browser = Browser::start();
    browser.resize(1200, 900);
    let server = serve(&browser, &[&sedition, &large]);
    let slow =
        format!("{} ms to the first byte, {:.1} Mbit/s", SLOW.latency, f64::from(SLOW.bits_per_second) / 1e6);
    for (data, what) in [("sedition", "Nine years of one statute"), ("large", "Twelve series of forty years")]
    {
        print_loading(&format!("{what}, this machine"), &measure_loading(&browser, &server, data, None));
        print_loading(&format!("{what}, {slow}"), &measure_loading(&browser, &server, data, Some(SLOW)));
    }
    browser.assert_console_clean();
}

#[test]
#[ignore = "a benchmark: needs `npm ci --prefix tests` and a quiet machine"]
fn peers_draw_again_side_by_side() {
    let large = large();
    let browser = Browser::start();
    browser.resize(1200, 900);
    let server = serve(&browser, &[&large]);
    measure_redraws(&browser, &server, &large);
    browser.assert_console_clean();
}

#[test]
#[ignore = "a benchmark: wants a quiet machine"]
fn pictures_of_the_service_are_timed() {
    let figures = sedition();
    let query = figures.addresses[0].split_once('?').map_or("", |(_, query)| query);
    println!("\n| picture | median, ms | quartiles |\n|---|---|---|");
    for kind in ["healthz", "aggregate.json", "chart.svg", "chart.png"] {
        let times: Vec<f64> = (0..60_u32)
            .filter_map(|turn| {
                // Another height every time: nothing is kept from before.
                let address = match kind {
                    "healthz" => "/healthz".to_owned(),
                    "aggregate.json" => format!("/v1/datasets/reported-figures/{kind}?{query}"),
                    _ => format!("/v1/datasets/reported-figures/{kind}?{query}&height={}", 450 + turn),
                };
                let begun = std::time::Instant::now();
                let reply = figures.service.get(&address);
                (reply.status == 200).then(|| begun.elapsed().as_secs_f64() * 1000.0)
            })
            .collect();
        let (low, high) = quartiles(&times);
        println!("| {kind} | {:.2} | {low:.2} to {high:.2} |", median(&times));
    }
}
