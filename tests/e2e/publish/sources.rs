//! `chargesheet sources`: the pages of a package are fetched within bounds, kept, and searched for the figures.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use e2e::packages::Package;
use e2e::partner::{Page, Partner};
use e2e::service::run;
use e2e::warc::{self, field};
use e2e::{empty_folder, sha256, text};
use serde_json::Value;

use super::commands::{assert_one_sentence, stderr, stdout};

const HEADER: &str = "source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type";

/// Makes a package with a source for each id and address, and the figures of the source.
fn package(sources: &[(&str, &str, &[u64])]) -> Package {
    let source = |(id, url, _): &(&str, &str, _)| {
        format!("{id},\"The \"\"Bureau\"\", Paris\",Title,{url},2022,official,,,")
    };
    let rows: Vec<String> = sources.iter().map(source).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let cells = sources.iter().flat_map(|(id, _, figures)| figures.iter().map(move |value| (id, value)));
    let counts = cells
        .zip(1980..)
        .map(|((id, value), year)| format!("FRA,FRA-X-1,{year},registered,cases,{value},{id},A,true,"));
    Package::figures().rows(counts).with_table("sources", HEADER, &rows)
}

/// Runs the command on local pages, which have to be allowed by name, without pauses and within small bounds.
fn sources(folder: &Path, allowed: &[&str], more: &[&str]) -> Output {
    let mut arguments = vec!["sources", text(folder), "--pause", "0", "--timeout", "2", "--largest", "1"];
    for host in allowed {
        arguments.extend(["--allow-host", host.trim_start_matches("http://")]);
    }
    arguments.extend(more);
    run(&arguments)
}

/// Returns what the table on the terminal says of a source.
fn line<'a>(told: &'a str, source: &str) -> &'a str {
    let own = told.lines().find(|line| line.split_whitespace().next() == Some(source));
    own.unwrap_or_else(|| panic!("no line of {source} in {told}"))
}

/// Serves a page of which a part comes again and again, until the client leaves.
fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port can be had");
    let address = listener.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or_default();
            let robots = request[..length].starts_with(b"GET /robots.txt");
            let head: &[u8] = if robots {
                b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            } else {
                b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n"
            };
            let mut sent = stream.write_all(head);
            while !robots && sent.is_ok() {
                std::thread::sleep(std::time::Duration::from_millis(50));
                sent = stream.write_all(b"3\r\n12 \r\n");
            }
        }
    });
    format!("http://{address}")
}

const CYRILLIC: &[u8] = b"<p>\xd1\xf2\xe0\xf2\xfc\xff 282: 4\xa0598 \xe4\xe5\xeb</p>";
const HTML: &str = "<script>var x = 77;</script><p>In 2020, <b>1</b>,234 cases; १२ were tried, and 2,3145 or 77.5&nbsp;%.</p>";

fn pages() -> Vec<Page> {
    let redirect =
        |path: &str, to: &str| Page::answer(path, "302 Found", "text/plain", "").with_header("location", to);
    vec![
        Page::answer(
            "/robots.txt",
            "200 OK",
            "text/plain",
            "User-agent: *\nDisallow: /\n\nUser-agent: chargesheet\nDisallow: /no*\n",
        ),
        Page::file("/html", "text/html; charset=utf-8", HTML.as_bytes().to_vec()),
        Page::file("/cyrillic", "text/html; charset=windows-1251", CYRILLIC.to_vec()),
        Page::file("/pdf", "application/pdf", b"%PDF-1.7 12".to_vec()),
        Page::file("/large", "text/plain", vec![b'x'; 1_100_000]),
        Page::answer("/not-for-programs", "200 OK", "text/plain", "12"),
        Page::answer("/busy", "503 Service Unavailable", "text/plain", "12"),
        redirect("/moved", "/html#part"),
        redirect("/round", "/round"),
        redirect("/to-robots", "/not-for-programs"),
        redirect("/to-file", "file:///etc/hostname"),
    ]
}

#[test]
fn pages_are_captured_within_bounds_and_searched() {
    let (partner, inside, endless) = (Partner::start(pages()), Partner::start(pages()), endless());
    let to_inside = format!("{}/html", inside.base);
    let mut all = pages();
    all.push(Page::answer("/to-inside", "302 Found", "text/plain", "").with_header("location", &to_inside));
    partner.show(all);
    let of = |path: &str| format!("{}{path}", partner.base);
    let (html, cyrillic, pdf, large, no, busy) =
        (of("/html"), of("/cyrillic"), of("/pdf"), of("/large"), of("/not-for-programs"), of("/busy"));
    let (moved, round, to_robots, to_file, to_inside, gone) =
        (of("/moved"), of("/round"), of("/to-robots"), of("/to-file"), of("/to-inside"), of("/gone"));
    let package = package(&[
        ("html", &html, &[1234, 12]),
        ("html-again", &html, &[12, 77, 314]),
        ("cyrillic", &cyrillic, &[4598]),
        ("pdf", &pdf, &[12]),
        ("moved", &moved, &[45]),
        ("large", &large, &[1]),
        ("endless", &endless, &[12]),
        ("no", &no, &[12]),
        ("to-robots", &to_robots, &[12]),
        ("to-file", &to_file, &[12]),
        ("to-inside", &to_inside, &[1234, 12]),
        ("round", &round, &[1]),
        ("busy", &busy, &[12]),
        ("gone", &gone, &[12, 13]),
    ]);
    let (folder, out) = (package.write(), empty_folder("sources-archive").join("new"));
    let output = sources(&folder, &[&partner.base, &endless], &["--capture", text(&out)]);
    let told = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), ""), "{told}");
    for (source, words) in [
        ("html", "captured  2 of 2"),
        ("html-again", "captured  1 of 3"),
        ("cyrillic", "captured  1 of 1"),
        ("pdf", "captured  unreadable"),
        ("pdf", "a PDF, of which no text is read"),
        ("moved", "captured  0 of 1"),
        ("large", "has more than 1 MB"),
        ("endless", "did not answer within 2 s"),
        ("no", "robots.txt of"),
        ("to-robots", "robots.txt of"),
        ("to-file", "only http and https"),
        ("to-inside", "leads to 127.0.0.1 (loopback, RFC 1122)"),
        ("round", "redirects more than 10 times"),
        ("busy", "answers 503"),
        ("gone", "gone"),
        ("gone", "answers 404"),
    ] {
        assert!(line(&told, source).contains(words), "{source}: {told}");
    }
    for source in ["no", "to-robots", "to-file", "to-inside"] {
        assert!(line(&told, source).contains(" refused "), "{source}: {told}");
    }
    let sums = "14 sources: 5 captured, 1 gone, 4 refused, 4 failed. \
                19 figures: 4 found, 3 not found, 1 in pages without text, 11 in pages that were not fetched.";
    assert!(told.contains(sums), "{told}");
    // Nothing was asked of the network that the program runs in.
    assert!(inside.requests().is_empty());
    let requests = partner.requests();
    let asked = |path: &str| requests.iter().filter(|own| own.line == format!("GET {path} HTTP/1.1")).count();
    assert_eq!((asked("/robots.txt"), asked("/html"), asked("/not-for-programs")), (1, 2, 0));
    for request in &requests {
        let agent = request.header("user-agent").unwrap_or_default();
        assert!(agent.starts_with("chargesheet/"), "{agent}");
        assert_eq!(request.header("cookie").or(request.header("referer")), None);
    }
    // Only the columns of a capture are new, and only where there is one.
    let filled = std::fs::read_to_string(folder.join("sources.csv")).expect("the table is there");
    let before = &package.tables["sources.csv"];
    let day = filled.lines().nth(1).and_then(|line| line.split(',').rev().nth(2)).unwrap_or_default();
    assert!(day.len() == 10 && day.starts_with("20"), "{filled}");
    let new = |body: &[u8], found: &str| format!(",{day},{},{found}", sha256(body));
    for (number, (old, now)) in before.lines().zip(filled.lines()).enumerate() {
        let added = match number {
            0 => ",captured,sha256,found".to_owned(),
            1 => new(HTML.as_bytes(), "all"),
            2 => new(HTML.as_bytes(), "some"),
            3 => new(CYRILLIC, "all"),
            4 => new(b"%PDF-1.7 12", "unreadable"),
            5 => new(HTML.as_bytes(), "none"),
            _ => ",,,".to_owned(),
        };
        assert_eq!(now, format!("{old}{added}"));
    }
    assert_eq!(before.lines().count(), filled.lines().count());
    assert_eq!(run(&["check", text(&folder)]).status.code(), Some(0));
    // The archive has every exchange as it went over the wire.
    let records = warc::only(&out);
    assert!(records[0].0.contains("WARC-Type: warcinfo"), "{}", records[0].0);
    let response = |url: &str| {
        let is_own = |head: &str| {
            field(head, "WARC-Type") == Some("response") && field(head, "WARC-Target-URI") == Some(url)
        };
        records.iter().find(|(head, _)| is_own(head)).unwrap_or_else(|| panic!("no {url}"))
    };
    let (head, block) = response(&cyrillic);
    assert!(block.starts_with(b"HTTP/1.1 200 OK\r\n") && block.ends_with(CYRILLIC));
    let digest = format!("sha256:{}", sha256(CYRILLIC));
    assert_eq!(field(head, "WARC-Payload-Digest"), Some(digest.as_str()));
    assert_eq!(field(&response(&large).0, "WARC-Truncated"), Some("length"));
    assert_eq!(field(&response(&format!("{endless}/")).0, "WARC-Truncated"), Some("time"));
    assert!(response(&to_inside).1.starts_with(b"HTTP/1.1 302 Found\r\n"));
    let own = records.iter().filter(|(head, _)| field(head, "WARC-Type") == Some("request"));
    assert!(own.clone().count() > 9 && own.clone().all(|(_, block)| block.starts_with(b"GET /")));
}

#[test]
fn a_recheck_tells_what_is_gone_has_changed_or_has_lost_its_figures() {
    let page = |path: &str, text: &str| Page::answer(path, "200 OK", "text/plain", text);
    let partner =
        Partner::start(["/same", "/changed", "/lost", "/gone"].map(|path| page(path, "12 and 13")).to_vec());
    let urls = ["/same", "/changed", "/lost", "/gone", "/new"].map(|path| format!("{}{path}", partner.base));
    let [same, changed, lost, gone, new] = &urls;
    let both: &[u64] = &[12, 13];
    let folder = package(&[
        ("same", same, both),
        ("changed", changed, both),
        ("lost", lost, both),
        ("gone", gone, both),
    ])
    .write();
    let out = empty_folder("sources-recheck");
    let base = partner.base.clone();
    let allowed = [base.as_str()];
    let output = sources(&folder, &allowed, &["--capture", text(&out), "--json"]);
    let told: Value = serde_json::from_str(&stdout(&output)).expect("JSON is printed");
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(told["sources"][0]["state"], "captured");
    assert_eq!(
        (&told["sources"][0]["found"], &told["sources"][0]["figures_found"]),
        (&"all".into(), &2.into())
    );
    assert_eq!(told["sources"][0]["sha256"], sha256(b"12 and 13"));
    assert!(told["archive"].as_str().is_some_and(|path| Path::new(path).is_file()), "{told}");
    let read = || std::fs::read(folder.join("sources.csv")).expect("the table is there");
    let table = read();
    assert_eq!(sources(&folder, &allowed, &["--recheck"]).status.code(), Some(0));

    let table_with_new = [&table[..], format!("new,P,T,{new},2022,official,,,,,,\n").as_bytes()].concat();
    std::fs::write(folder.join("sources.csv"), &table_with_new).expect("target/ can be written");
    partner.show(vec![
        page("/same", "12 and 13"),
        page("/changed", "13, 12"),
        page("/lost", "12 and 14"),
        page("/new", ""),
    ]);
    let output = sources(&folder, &allowed, &["--recheck"]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for (source, words) in [
        ("same", " same      2 of 2"),
        ("changed", " changed   2 of 2"),
        ("lost", " lost      1 of 2"),
        ("gone", " gone      -"),
        ("new", " new       0 of 0"),
    ] {
        assert!(line(&told, source).contains(words), "{source}: {told}");
    }
    assert!(
        told.contains(
            "5 sources: 1 same, 1 changed, 1 lost, 1 new, 1 gone. 8 figures: 5 found, 1 not found,"
        ),
        "{told}"
    );
    assert_eq!(read(), table_with_new, "a recheck writes nothing there");
    // What cannot be reached has neither changed nor gone.
    drop(partner);
    assert_eq!(sources(&folder, &allowed, &["--recheck"]).status.code(), Some(2));
    // Another capture keeps what the earlier one has found where there is no page.
    assert_eq!(sources(&folder, &allowed, &["--capture", text(&out)]).status.code(), Some(1));
    assert_eq!(read(), table_with_new);
}

#[test]
fn nothing_is_fetched_that_could_not_be_kept() {
    let partner = Partner::start(Vec::new());
    let url = format!("{}/a", partner.base);
    let folder = package(&[("a", &url, &[1])]).write();
    let link = empty_folder("sources-link").join("link");
    std::os::unix::fs::symlink(&folder, &link).expect("target/ can be written");
    let table = std::fs::read(folder.join("sources.csv")).expect("the table is there");
    for out in [
        folder.clone(),
        folder.join("pages"),
        link.join("pages"),
        folder.join("../").join(folder.file_name().expect("a name")).join("x"),
    ] {
        let output = sources(&folder, &[&partner.base], &["--capture", text(&out)]);
        assert_eq!(assert_one_sentence(&output, &["--capture", "it lies in the package's folder"]), 4);
        let output = sources(&link, &[&partner.base], &["--capture", text(&out)]);
        assert_eq!(assert_one_sentence(&output, &["--capture", "it lies in the package's folder"]), 4);
    }
    let output = sources(&folder, &[&partner.base], &["--capture", "no-such-folder/pages"]);
    assert_eq!(assert_one_sentence(&output, &["--capture no-such-folder/pages"]), 4);
    assert!(!folder.join("pages").exists());
    // A host that was not named is not asked.
    let out = empty_folder("sources-unnamed");
    let output = sources(&folder, &["127.0.0.1:1"], &["--capture", text(&out)]);
    assert!(line(&stdout(&output), "a").contains("--allow-host 127.0.0.1:"), "{}", stdout(&output));
    assert!(partner.requests().is_empty());
    assert_eq!(std::fs::read(folder.join("sources.csv")).expect("the table is there"), table);
}

#[test]
fn what_has_no_sources_or_faults_is_said_in_a_sentence() {
    let out = empty_folder("sources-none");
    let output = run(&["sources", text(&Package::cases().write()), "--capture", text(&out)]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stderr(&output).contains("example-cases is a case-level dataset: it has no sources.csv"),
        "{}",
        stderr(&output)
    );
    let faulty = package(&[("a", "https://a.example/", &[1])]);
    let faulty = faulty.with_table("sources", HEADER, &["a,P,T,no-address,2022,official,,,"]).write();
    let output = run(&["sources", text(&faulty), "--capture", text(&out)]);
    assert_eq!(assert_one_sentence(&output, &["chargesheet check", "Nothing was fetched"]), 2);
    assert_eq!(std::fs::read_dir(&out).expect("it is there").count(), 0);
    let neither = run(&["sources", text(&faulty)]);
    assert!(stderr(&neither).contains("--capture"), "{}", stderr(&neither));
}
