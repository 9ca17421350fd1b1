//! Where the answer of an address lies among the files of a mirror.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};

use crate::package::hex;

/// Longest name of a file or folder, in bytes: file systems of sticks allow 255, and paths add up.
const LONGEST: usize = 80;

/// The places that were given, by address; no two of them differ only in the size of letters, because some file systems
/// do not tell such apart.
#[derive(Debug, Default)]
pub struct Places {
    by_address: BTreeMap<String, String>,
    taken: BTreeMap<String, String>,
}

/// Whether something is a page for people, whose links are followed.
pub fn is_page(media_type: &str) -> bool {
    media_type.starts_with("text/html")
}

impl Places {
    /// Returns the place of an address, a path below the mirror's folder, and keeps it.
    pub fn give(&mut self, address: &str) -> String {
        if let Some(place) = self.by_address.get(address) {
            return place.clone();
        }
        let mut place = place_of(address);
        if self.taken.contains_key(&place.to_lowercase()) {
            let (stem, ending) = place.rsplit_once('.').unwrap_or((&place, "html"));
            place = format!("{stem}.{}.{ending}", digits(address));
        }
        self.taken.insert(place.to_lowercase(), address.to_owned());
        self.by_address.insert(address.to_owned(), place.clone());
        place
    }

    /// Returns the relative link from one address to another; `None` when the other has no place.
    pub fn link(&self, from: &str, to: &str) -> Option<String> {
        let to = self.by_address.get(to)?;
        let depth = self.by_address.get(from)?.matches('/').count();
        Some(format!("{}{to}", "../".repeat(depth)))
    }
}

/// The path of the file of an address. What a query changes is told apart by a digest of it, and languages by their code.
fn place_of(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(plain).collect();
    let last = parts.pop().unwrap_or_else(|| "index".to_owned());
    let known = [
        "json", "csv", "svg", "png", "html", "parquet", "xlsx", "zip", "js", "css", "wasm", "txt", "bib",
        "ris", "jsonld",
    ];
    let ending = last.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| known.contains(ending));
    let is_data = parts.first().is_some_and(|first| first == "v1");
    let named = if query.is_empty() { None } else { Some(told_apart(query)) };
    match (ending, named) {
        (Some(_), None) => parts.push(last),
        (Some(_), Some(query)) => parts.extend([query, last]),
        (None, query) => {
            let ending = if is_data { "json" } else { "html" };
            let query = query.map_or(String::new(), |query| format!(".{query}"));
            parts.push(format!("{last}{query}.{ending}"));
        }
    }
    parts.join("/")
}

/// A query as a part of a name: a language alone by its code, everything else by the digits of its digest.
fn told_apart(query: &str) -> String {
    match query.strip_prefix("lang=").filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase())) {
        Some(code) => code.to_owned(),
        None => format!("q-{}", digits(query)),
    }
}

fn digits(text: &str) -> String {
    hex(&Sha256::digest(text)[..6])
}

/// A part of a path as a name that every file system and every web server takes.
fn plain(part: &str) -> String {
    let text = percent_decode_str(part).decode_utf8_lossy();
    let name: String = text
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "._-".contains(sign) { sign } else { '_' })
        .take(LONGEST)
        .collect();
    if name == text && !name.starts_with('.') {
        name
    } else {
        format!("{}-{}", name.trim_start_matches('.'), digits(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_where_a_reader_would_look() {
        for (address, place) in [
            ("/", "index.html"),
            ("/?lang=ru", "index.ru.html"),
            ("/statutes/KAZ-CC-274", "statutes/KAZ-CC-274.html"),
            ("/statutes/KAZ-CC-274.4?lang=kk", "statutes/KAZ-CC-274.4.kk.html"),
            ("/v1/datasets", "v1/datasets.json"),
            ("/v1/datasets/a/aggregate.csv", "v1/datasets/a/aggregate.csv"),
            ("/widget/0.1.0-abc/statute-chart.js", "widget/0.1.0-abc/statute-chart.js"),
        ] {
            assert_eq!(place_of(address), place, "{address}");
        }
        let asked = place_of("/v1/datasets/a/aggregate.csv?by=year");
        assert!(asked.starts_with("v1/datasets/a/q-") && asked.ends_with("/aggregate.csv"), "{asked}");
    }

    #[test]
    fn no_place_leaves_the_folder_or_needs_to_be_quoted() {
        for address in [
            "/statutes/..%2F..%2Fetc",
            "/statutes/a%3Ab",
            "/statutes/%D0%A1%D1%82",
            "/../x",
            "/statutes/.%2Fx?q=%00",
        ] {
            let place = place_of(address);
            assert!(!place.split('/').any(|part| part.starts_with('.')), "{address}: {place}");
            assert!(
                place.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte)),
                "{place}"
            );
        }
    }

    #[test]
    fn addresses_that_differ_have_places_that_differ() {
        let mut places = Places::default();
        let all = [
            "/statutes/A",
            "/statutes/a",
            "/statutes/a?lang=ru",
            "/statutes/a?x=1",
            "/statutes/a?x=2",
            "/statutes/%C3%A4",
            "/statutes/_",
        ];
        let mut given: Vec<String> = all.iter().map(|address| places.give(address).to_lowercase()).collect();
        given.sort();
        given.dedup();
        assert_eq!(given.len(), all.len());
        assert_eq!(places.link("/statutes/a", "/statutes/A").as_deref(), Some("../statutes/A.html"));
    }
}
