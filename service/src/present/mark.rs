//! The mark of a picture: where its figures are the same for ever, who published them, when, and under which licence. An SVG has
//! it as Dublin Core in RDF (SVG 2, 5.10), a PNG in chunks of text (PNG, third edition, 11.3.3.4).
//!
//! Addresses in a mark have no host. So every service with the same release gives the same bytes, and a forged mark cannot say by
//! whom it is checked.

use flate2::Crc;
use resvg::usvg::roxmltree::{self, Document};

use super::citation::{Citation, PUBLISHER};
use super::texts::attribute;
use crate::release::ReleaseId;

/// The first bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length of the signature and the header of a PNG, in bytes.
const HEADER: usize = 33;
/// The namespace of Dublin Core.
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// Pictures that have no mark: their first bytes, and their name.
const OTHERS: [(&[u8], &str); 3] = [(b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"RIFF", "WebP")];

/// Returns an SVG with its mark. `base` is the public address of the service.
pub fn on_svg(svg: &str, citation: &Citation, licence: &str, base: &str) -> String {
    let told = [
        ("title", citation.title.as_str()),
        ("source", citation.path(base)),
        ("publisher", PUBLISHER),
        ("date", &citation.date),
        ("rights", licence),
    ];
    let told: String =
        told.map(|(name, text)| format!("<dc:{name}>{}</dc:{name}>", attribute(text))).concat();
    let metadata = format!(
        "<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns:dc=\"{DUBLIN_CORE}\"><rdf:Description rdf:about=\"\">{told}</rdf:Description></rdf:RDF></metadata>\n"
    );
    match svg.rfind("</svg>") {
        Some(end) => [&svg[..end], &metadata, &svg[end..]].concat(),
        None => svg.to_owned(),
    }
}

/// Returns a PNG with its mark. `form` is what is asked of the picture besides its figures, each parameter with `&` in front.
pub fn on_png(png: &[u8], citation: &Citation, licence: &str, base: &str, form: &str) -> Vec<u8> {
    let source = citation.path(base);
    let own = picture_of(source).map_or(String::new(), |own| format!("{own}{}{form}", citation.language));
    let told = [
        ("Title", citation.title.as_str()),
        ("Author", &citation.authors.join("; ")),
        ("Creation Time", &citation.date),
        ("Copyright", licence),
        ("Source", source),
        ("URL", &own),
    ];
    let (header, rest) = png.split_at(HEADER.min(png.len()));
    [header, &told.map(|(keyword, text)| chunk(keyword, text)).concat(), rest].concat()
}

/// Returns how the address of a PNG begins, up to its language, from the address of its figures.
fn picture_of(source: &str) -> Option<String> {
    let (folder, query) = source.split('#').next()?.split_once("/aggregate.csv?")?;
    Some(format!("{folder}/chart.png?{query}&lang="))
}

fn chunk(keyword: &str, text: &str) -> Vec<u8> {
    // After the keyword: its end, two bytes for "not compressed", and a language and a translated keyword that are empty.
    let body = [b"iTXt", keyword.as_bytes(), &[0; 5], text.as_bytes()].concat();
    let mut sum = Crc::new();
    sum.update(&body);
    let length = u32::try_from(body.len() - 4).expect("addresses and titles have limits");
    [&length.to_be_bytes(), &*body, &sum.sum().to_be_bytes()].concat()
}

/// What a picture says of itself. Everybody can write such a mark: nothing in it is true until it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mark {
    /// The title of the answer.
    pub title: String,
    /// The path of the figures, with their digest; empty where there is no mark.
    pub source: String,
    /// The path of the picture itself, where the format holds one.
    pub own: Option<String>,
}

/// Reads the mark of a picture; `None` where the bytes are no picture.
pub fn read(bytes: &[u8]) -> Option<Result<Mark, String>> {
    if let Some(chunks) = bytes.strip_prefix(SIGNATURE) {
        return Some(of_chunks(chunks).ok_or_else(|| "is a PNG that is damaged or cut off".to_owned()));
    }
    if let Some((_, name)) = OTHERS.into_iter().find(|(first, _)| bytes.starts_with(first)) {
        return Some(Err(format!("is a {name}, which has no mark: only PNG and SVG have one")));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
    let is_svg = text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg"));
    is_svg.then(|| of_svg(text).map_err(|error| format!("is an SVG that is damaged: {error}")))
}

fn of_chunks(mut rest: &[u8]) -> Option<Mark> {
    let mut mark = Mark::default();
    loop {
        let (length, after) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(4)?;
        let (body, after) = after.split_at_checked(length)?;
        let (expected, after) = after.split_first_chunk()?;
        let mut sum = Crc::new();
        sum.update(body);
        if sum.sum() != u32::from_be_bytes(*expected) {
            return None;
        }
        rest = after;
        let (kind, data) = body.split_at(4);
        let mut parts = data.splitn(2, |&byte| byte == 0);
        let (keyword, text) = (parts.next()?, parts.next().unwrap_or_default());
        let text = match kind {
            b"IEND" => return Some(mark),
            // Programs that save a PNG anew may choose the older chunk.
            b"tEXt" => text,
            b"iTXt" if text.first() == Some(&0) => {
                text.get(2..)?.splitn(3, |&byte| byte == 0).nth(2).unwrap_or_default()
            }
            _ => continue,
        };
        let text = String::from_utf8_lossy(text).into_owned();
        match keyword {
            b"Title" => mark.title = text,
            b"Source" => mark.source = text,
            b"URL" => mark.own = Some(text),
            _ => {}
        }
    }
}

fn of_svg(text: &str) -> Result<Mark, roxmltree::Error> {
    let document = Document::parse(text)?;
    let told = |name| {
        let found = document.descendants().find(|node| node.has_tag_name((DUBLIN_CORE, name)));
        found.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    Ok(Mark { title: told("title"), source: told("source"), own: None })
}

impl Mark {
    /// Returns the path of the figures and their digest.
    ///
    /// # Errors
    /// When no service of this program can have written such a mark. The error is in words.
    pub fn figures(&self) -> Result<(&str, &str), String> {
        let source = &self.source;
        if source.contains("://") || source.starts_with("//") {
            return Err(format!(
                "its mark names the host of `{source}`, and marks name none: whoever wrote it is no service of Chargesheet"
            ));
        }
        let is_plain = source.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let (path, digest) = source.split_once("#sha256=").unwrap_or((source, ""));
        let is_digest = digest.len() == 64 && digest.bytes().all(|digit| digit.is_ascii_hexdigit());
        let parts: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
        let is_pinned = matches!(parts[..], ["", "v1", "datasets", dataset, "releases", release, "aggregate.csv"]
            if !dataset.starts_with('.') && ReleaseId::parse(release).is_some());
        if !(is_plain && is_digest && is_pinned && path.contains('?')) {
            return Err(format!(
                "its mark is forged or damaged: `{source}` is not the path of an aggregate.csv of a release with a SHA-256"
            ));
        }
        let expected = picture_of(path).unwrap_or_default();
        match &self.own {
            Some(own) if !own.starts_with(&expected) || !own.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Err(format!("its mark is forged or damaged: `{own}` is not a picture of `{path}`"))
            }
            _ => Ok((path, digest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Language;

    const BASE: &str = "https://charges.example";
    const FIGURES: &str = "/v1/datasets/d/releases/2026-11-24-0123456789ab/aggregate.csv?by=year&lang=en";

    fn citation() -> Citation {
        Citation {
            authors: vec!["Құқық орталығы".to_owned()],
            title: "A & B </svg><script> «қ»".to_owned(),
            dataset: String::new(),
            version: String::new(),
            release: String::new(),
            date: "2026-11-29".to_owned(),
            language: Language::RUSSIAN,
            url: format!("{BASE}{FIGURES}#sha256={}", "0".repeat(64)),
            sha256: String::new(),
            short: None,
            archived: None,
            is_empty: false,
            key: String::new(),
        }
    }

    /// The smallest thing that has the chunks of a PNG: a header, and an end.
    fn blank() -> Vec<u8> {
        let closed = |body: &[u8]| {
            let mut sum = Crc::new();
            sum.update(body);
            let length = u32::try_from(body.len() - 4).expect("short");
            [&length.to_be_bytes(), body, &sum.sum().to_be_bytes()].concat()
        };
        [SIGNATURE, &closed(b"IHDR0123456789abc"), &closed(b"IEND")].concat()
    }

    fn marked(citation: &Citation) -> Mark {
        let png = on_png(&blank(), citation, "CC BY 4.0", BASE, "&width=375");
        read(&png).expect("a picture").expect("whole")
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = marked(&citation());
        assert_eq!(mark.title, citation().title);
        assert_eq!(mark.figures(), Ok((FIGURES, "0".repeat(64).as_str())));
        let own = FIGURES.replace("aggregate.csv", "chart.png");
        assert_eq!(mark.own, Some(format!("{own}&lang=ru&width=375")));
        let svg =
            on_svg("<svg xmlns=\"http://www.w3.org/2000/svg\">\n</svg>\n", &citation(), "CC BY 4.0", BASE);
        assert_eq!(svg.matches("</svg>").count(), 1, "metadata cannot end a picture: {svg}");
        assert!(svg.contains("<dc:rights>CC BY 4.0</dc:rights>") && !svg.contains("<script>"), "{svg}");
        assert!(svg.contains("by=year&amp;lang=en#sha256=00"), "{svg}");
        assert_eq!(read(svg.as_bytes()), Some(Ok(Mark { own: None, ..mark })));
    }

    #[test]
    fn a_forged_mark_is_refused_by_what_is_wrong_with_it() {
        let with = |url: &str| marked(&Citation { url: url.to_owned(), ..citation() });
        let why = |mark: &Mark| mark.figures().expect_err("forged");
        let digest = format!("#sha256={}", "0".repeat(64));
        let host = why(&with(&format!("https://elsewhere.example{FIGURES}{digest}")));
        assert!(host.contains("elsewhere.example") && host.contains("names the host"), "{host}");
        for other in [
            FIGURES.to_owned(),
            format!("{FIGURES}#sha256=12"),
            format!("{}{digest}", FIGURES.replace("2026-11-24-0123456789ab", "newest")),
            format!("{}{digest}", FIGURES.replace("/d/", "/../")),
            format!("{}{digest}", FIGURES.replace("by", "b y")),
            "Canon EOS".to_owned(),
        ] {
            assert!(why(&with(&other)).contains(&other), "{other}");
        }
        let own = Some(FIGURES.replace("aggregate.csv?by=year", "chart.png?by=outcome"));
        assert!(why(&Mark { own, ..marked(&citation()) }).contains("is not a picture of"));
    }

    #[test]
    fn what_is_damaged_or_no_picture_is_told_apart() {
        let png = on_png(&blank(), &citation(), "", BASE, "");
        for damaged in [&png[..png.len() - 1], &[&png[..60], b"x", &png[61..]].concat()] {
            let told = read(damaged).expect("a picture").expect_err("damaged");
            assert!(told.contains("damaged or cut off"), "{told}");
        }
        assert_eq!(read(&blank()), Some(Ok(Mark::default())));
        assert!(read(b"\xff\xd8\xff\xe0").is_some_and(|read| read.is_err_and(|told| told.contains("JPEG"))));
        assert!(read(b"<svg><a></svg>").is_some_and(|read| read.is_err()));
        assert_eq!(read(b"see https://charges.example/a.csv"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&[SIGNATURE, &bytes].concat());
            let _ = read(&bytes).map(|mark| mark.map(|mark| mark.figures().is_ok()));
        }
    }
}
