//! Pictures in scripts that the bundled font lacks: painted with fonts of the operator, or refused by name; no empty boxes.

use std::path::PathBuf;
use std::process::Command;

use e2e::browser::save;
use e2e::html;
use e2e::packages::Package;
use e2e::service::{Reply, Service, run};
use e2e::{empty_folder, ticket};

use crate::publish::commands::assert_one_sentence;

/// A chart that has words in English only.
const CHART: &str = "by=year,outcome&statute=IND-IPC-124A&measure=cases";

/// Words in scripts that the bundled font lacks, with their names.
const WORDS: [(&str, &str, &str); 6] = [
    ("Georgian", "სიტყვის თავისუფლება", "თავისუფლების სიტყვა"),
    ("Armenian", "խոսքի ազատություն", "ազատություն խոսքի"),
    ("Arabic", "حرية التعبير 2014 عن الرأي", "التعبير حرية 2014 الرأي عن"),
    ("Thai", "เสรีภาพในการพูด", "ในการพูดเสรีภาพ"),
    ("Devanagari", "बोलने की आज़ादी", "की बोलने आज़ादी"),
    ("Han", "言论自由", "自由言论"),
];

/// The scripts of which the tests have fonts: those that Debian's `fonts-noto-core` brings.
const PAINTED: [&str; 5] = ["Georgian", "Armenian", "Arabic", "Thai", "Devanagari"];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn titled(file: &str, title: &str) -> String {
    format!("/v1/datasets/reported-figures/{file}?{CHART}&title={}", encoded(title))
}

/// A folder with a regular and a bold font of each script.
fn fonts() -> PathBuf {
    let folder = empty_folder(&format!("fonts-{}", ticket()));
    for script in PAINTED {
        for cut in ["Regular", "Bold"] {
            let name = format!("NotoSans{script}-{cut}.ttf");
            let installed = PathBuf::from("/usr/share/fonts/truetype/noto").join(&name);
            std::fs::copy(&installed, folder.join(&name))
                .unwrap_or_else(|error| panic!("{}: {error}; install fonts-noto-core", installed.display()));
        }
    }
    folder
}

fn with_fonts(more: &[&str]) -> Service {
    let folder = fonts();
    let own = ["--fonts", folder.to_str().expect("the path is UTF-8")];
    Service::start_with(&[&own[..], more].concat())
}

fn assert_png(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "image/png");
    assert!(reply.body.starts_with(b"\x89PNG"));
}

fn assert_refused(reply: &Reply, words: &[&str]) {
    assert_eq!(reply.status, 501, "{}", reply.text());
    let problem = reply.json();
    assert_eq!(problem["type"], "urn:chargesheet:problem:not-implemented");
    let detail = problem["detail"].as_str().unwrap_or_default();
    for word in words.iter().chain(&["chart.svg"]) {
        assert!(detail.contains(word), "no {word} in {detail}");
    }
}

#[test]
fn a_picture_that_no_font_can_paint_is_refused_by_the_name_of_its_script() {
    let service = Service::start();
    for (script, title, _) in WORDS {
        assert_refused(&service.get(&titled("chart.png", title)), &[&format!("words in {script} script")]);
        // Whoever looks at the SVG has fonts.
        let svg = service.text(&titled("chart.svg", title));
        assert!(svg.contains("</text>"), "{svg}");
    }
    let both = titled("chart.png", "言论 საზოგადოება");
    assert_refused(&service.get(&both), &["words in Georgian and Han script"]);
    assert_refused(&service.get(&titled("chart.png", "Speech \u{1f5e3}")), &["the sign \u{1f5e3} (U+1F5E3)"]);
    for title in
        ["Freedom of speech – «Свобода слова» – Сөз бостандығы", "Ελευθερία του λόγου", "zero\u{200b}width"]
    {
        assert_png(&service.get(&titled("chart.png", title)));
    }
    service.assert_log_clean();
}

#[test]
fn fonts_of_the_operator_paint_what_the_bundled_one_lacks() {
    let (service, plain) = (with_fonts(&[]), Service::start());
    let release = service.json("/v1/datasets/reported-figures")["release"]["id"].clone();
    let release = release.as_str().expect("a release has an id").to_owned();
    let pinned = |address: &str| {
        address.replace("/reported-figures/", &format!("/reported-figures/releases/{release}/"))
    };
    for (script, title, other) in WORDS.into_iter().filter(|(script, ..)| PAINTED.contains(script)) {
        let address = pinned(&titled("chart.png", title));
        let reply = service.get(&address);
        assert_png(&reply);
        save(&format!("script-{script}.png"), &reply.body);
        // Another service has other fonts, so nobody may keep it for ever; nor when it comes from what is kept.
        for reply in [&reply, &service.get(&address), &service.get(&format!("{address}&scale=1"))] {
            assert!(!reply.header("cache-control").contains("immutable"), "{script}");
            assert_eq!(reply.header("cache-control"), "public, max-age=60, stale-while-revalidate=600");
        }
        // Boxes would be the same, whatever they stand for.
        assert_ne!(service.get(&pinned(&titled("chart.png", other))).body, reply.body, "{script}");
        // Where everything stands is the table's matter.
        assert_eq!(
            service.text(&pinned(&titled("chart.svg", title))),
            plain.text(&pinned(&titled("chart.svg", title)))
        );
    }
    for (name, title) in [
        ("mixed-arabic", "2014: حرية التعبير (freedom of speech) عن الرأي, 100 % of ქართული"),
        ("mixed-georgian", "Freedom of speech: სიტყვის თავისუფლება, 2014–2022, Свобода слова"),
    ] {
        let reply = service.get(&titled("chart.png", title));
        assert_png(&reply);
        save(&format!("script-{name}.png"), &reply.body);
    }
    // What the bundled font has is painted with it, to the byte, and for ever.
    let own = pinned(&titled("chart.png", "Свобода слова"));
    let (here, there) = (service.get(&own), plain.get(&own));
    assert_eq!(here.body, there.body);
    assert_eq!(here.header("cache-control"), "public, max-age=31536000, immutable");
    assert_refused(&service.get(&titled("chart.png", "言论 საზოგადოება")), &["words in Han script"]);
    service.assert_log_clean();
}

/// A package whose titles, labels and sources are in scripts that the bundled font lacks.
fn package() -> Package {
    let mut package = Package::figures().saying("title", "სიტყვის თავისუფლება");
    let rename = |table: &mut String, from: &str, to: &str| *table = table.replace(from, to);
    let tables = &mut package.tables;
    rename(tables.get_mut("statutes.csv").expect("there are statutes"), "Example offence", "حرية التعبير");
    rename(tables.get_mut("sources.csv").expect("there are sources"), "Example Bureau", "统计局");
    package
}

fn image(page: &str, property: &str) -> String {
    let (_, rest) = page.split_once(&format!("=\"{property}\" content=\"")).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn previews_fall_back_to_names_that_can_be_painted() {
    let folder = package().write();
    let data = ["--data", folder.to_str().expect("the path is UTF-8")];
    let service = Service::start_with(&data);
    let chart = "by=year,outcome&statute=FRA-X-1&measure=cases";
    let own = service.get(&format!("/v1/datasets/example-figures/chart.png?{chart}"));
    assert_refused(&own, &["words in Arabic, Georgian and Han script"]);
    for page in ["/statutes/FRA-X-1".to_owned(), format!("/embed/example-figures?{chart}")] {
        let html = service.text(&page);
        let picture = image(&html, "og:image");
        assert!(picture.contains("&names=codes&"), "{page}: {picture}");
        let reply = service.get(picture.strip_prefix(&service.base).unwrap_or_default());
        assert_png(&reply);
        save("script-preview.png", &reply.body);
        assert!(image(&html, "og:title").contains("حرية"), "words are told as they are: {html}");
        let told = service.json(&format!("/oembed?url={}", encoded(&format!("{}{page}", service.base))));
        let thumbnail = told["thumbnail_url"].as_str().unwrap_or_default();
        assert!(thumbnail.contains("&names=codes&"), "{told}");
        assert_png(&service.get(thumbnail.strip_prefix(&service.base).unwrap_or_default()));
    }
    // A page offers no file that would be refused.
    let offers = |service: &Service, page: &str| {
        html::attributes(&service.text(page), "href").iter().any(|link| link.contains("chart.png"))
    };
    assert!(!offers(&service, "/statutes/FRA-X-1") && offers(&service, "/statutes/IND-IPC-124A"));
    // A title that somebody gave a chart is left out of its preview.
    let embedded = service.text(&format!("/embed/reported-figures?{CHART}&title={}", encoded("სიტყვა")));
    let picture = image(&embedded, "og:image");
    assert!(!picture.contains("title=") && !picture.contains("names="), "{picture}");
    assert_png(&service.get(picture.strip_prefix(&service.base).unwrap_or_default()));
    let wrong = service.get(&format!("/v1/datasets/example-figures/chart.png?{chart}&names=code"));
    assert_eq!((wrong.status, wrong.json()["nearest"].as_str()), (400, Some("codes")));
    service.assert_log_clean();
}

#[test]
fn fonts_that_cannot_be_used_are_told_of_at_the_start() {
    let folder = empty_folder("fonts-wrong");
    let place = |name: &str| folder.join(name);
    let start = |folder: &PathBuf, words: &[&str]| {
        let path = folder.to_str().expect("the path is UTF-8");
        for command in [
            vec!["serve", "--listen", "127.0.0.1:0", "--fonts", path],
            vec!["export", "--out", "never", "--public-url", "https://charges.example", "--fonts", path],
        ] {
            assert_eq!(assert_one_sentence(&run(&command), &[&["--fonts"], words].concat()), 2);
        }
    };
    start(&place("nowhere"), &["nowhere", "cannot be read"]);
    start(&folder, &["holds no font", ".ttf"]);
    std::fs::write(place("readme.txt"), "no font").expect("target/ can be written");
    start(&folder, &["holds no font"]);
    std::fs::write(place("a.ttf"), "no font either").expect("target/ can be written");
    start(&folder, &["a.ttf", "is no font that can be read"]);
    std::fs::remove_file(place("a.ttf")).expect("it is there");
    // A pipe that nobody writes to would never end.
    let made = Command::new("mkfifo").arg(place("b.otf")).status().expect("mkfifo is there");
    assert!(made.success());
    start(&folder, &["b.otf", "is no regular file"]);
    std::fs::remove_file(place("b.otf")).expect("it is there");
    let large = std::fs::File::create(place("c.ttc")).expect("target/ can be written");
    large.set_len(65 << 20).expect("target/ can be written");
    start(&folder, &["c.ttc", "more than 64 MB"]);
}
