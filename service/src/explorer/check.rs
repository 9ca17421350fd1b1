//! The check in the browser, `/check`: one HTML file that loads nothing and may connect to nothing. It is the page of the service, of
//! a mirror, and the file on somebody's stick.

use std::io::Write as _;
use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use super::frame::{Frame, PageError, read_language};
use crate::present::texts::{Part, Texts};

const STYLE: &str =
    concat!(include_str!("../../assets/explorer.css"), include_str!("../../assets/check.css"));
const SCRIPT: &str = concat!(
    include_str!("../../assets/check.js"),
    include_str!("../../assets/check_sheets.js"),
    include_str!("../../assets/check_preview.js")
);
/// What wasm-bindgen wrote for the program, and our own worker after it.
const WORKER: &str = concat!(
    include_str!(concat!(env!("OUT_DIR"), "/count/chargesheet_count.js")),
    include_str!("../../assets/check_worker.js")
);
/// The program, deflated before it is written in Base64: Base64 hides from other codings what repeats.
static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let wasm = include_bytes!(concat!(env!("OUT_DIR"), "/count/chargesheet_count_bg.wasm"));
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    let written = deflated.write_all(wasm).and_then(|()| deflated.finish());
    STANDARD.encode(written.expect("memory takes all bytes"))
});
static MARK: LazyLock<String> = LazyLock::new(|| {
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(include_bytes!("../../assets/mark.svg")))
});

/// What the page may do. Nothing may be loaded, sent or framed, from the first byte on; only the page's own script and style, and
/// workers of its own making. A worker of a `blob:` inherits it (Content Security Policy Level 3, 7.8).
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; style-src 'sha256-{}'; worker-src blob:; img-src data:; \
         base-uri 'none'; form-action 'none'",
        digest(SCRIPT),
        digest(STYLE)
    )
});

#[derive(Template)]
#[template(path = "check.html")]
struct Page {
    frame: Frame,
    texts: &'static Part,
    policy: &'static str,
    mark: &'static str,
    style: &'static str,
    /// The texts for the script, as JSON.
    words: String,
    worker: &'static str,
    program: &'static str,
    script: &'static str,
}

impl Page {
    /// Returns a text in pieces: every second one is code, which stands between backticks.
    fn pieces(&self, key: &'static str) -> Vec<&'static str> {
        self.texts.get(key).split('`').collect()
    }
}

/// Returns the policy that the page of the check is sent with. It stands in the page too, except for what holds only in a header.
pub fn check_policy() -> String {
    format!("{}; frame-ancestors 'none'", *POLICY)
}

/// Returns the page of the check. `base` is the public address of the service.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn check(base: &str, query: &str) -> Result<String, PageError> {
    let language = read_language(query)?;
    let texts = &Texts::of(language).check;
    let title = format!("{} – Chargesheet", texts.get("title"));
    let page = Page {
        frame: Frame::new(language, title, texts.get("lead").to_owned(), base, ["/check", ""]),
        texts,
        policy: &POLICY,
        mark: &MARK,
        style: STYLE,
        // `<` is escaped, so that no text can end the element that holds them.
        words: serde_json::to_string(texts).unwrap_or_default().replace('<', "\\u003c"),
        worker: WORKER,
        program: &PROGRAM,
        script: SCRIPT,
    };
    Ok(page.render()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_page_ends_the_element_that_holds_it() {
        for text in [SCRIPT, WORKER, STYLE] {
            let text = text.to_lowercase();
            assert!(!text.contains("</script") && !text.contains("</style") && !text.contains("<!--"));
        }
    }

    #[test]
    fn the_page_names_no_address_but_those_of_its_own_service() {
        for language in ["en", "ru", "kk"] {
            let page = check("", &format!("lang={language}")).unwrap();
            for word in ["src=\"http", "href=\"http", "url(", "@import"] {
                assert!(!page.contains(word), "{word}");
            }
            assert!(page.contains(&POLICY.replace('\'', "&#39;")));
        }
    }

    #[test]
    fn every_key_in_the_sources_has_a_sentence() {
        let english: serde_json::Value =
            serde_json::from_str(crate::domain::Language::ENGLISH.file()).unwrap();
        let problems = english["problem"].as_object().unwrap();
        let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = 0;
        for folder in ["check/src/ingest", "check/src/package", "check/src/domain", "src/ingest/parquet_file"]
        {
            for file in own.join(folder).read_dir().unwrap().flatten().filter(|file| file.path().is_file()) {
                let text = std::fs::read_to_string(file.path()).unwrap();
                let code = text.split("\n#[cfg(test)]").next().unwrap_or_default();
                let is_letter = |letter: char| letter.is_ascii_lowercase() || "_.".contains(letter);
                let keys = code.split('"').skip(1).step_by(2).filter(|key| key.chars().all(is_letter));
                for key in keys.filter(|key| !key.ends_with(".csv") && !key.ends_with(".json")) {
                    let stem = key.split('.').next().unwrap_or_default();
                    let is_key = key.contains('.') && problems.keys().any(|own| own.starts_with(stem));
                    if is_key && !stem.is_empty() {
                        found += 1;
                        assert!(problems.contains_key(key), "{key} in {}", file.path().display());
                    }
                }
            }
        }
        assert!(found > 100, "{found} keys");
    }
}
