//! Paths for the files of a mirror, chosen by their addresses.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};

use crate::package::hex;

/// Longest name of a file or folder, in bytes. The file systems of USB sticks allow 255, but the length of the whole path is
/// limited too.
const LONGEST: usize = 80;

/// The paths given so far, by address. Some file systems ignore case, so no two paths differ in case alone. And no path is both a
/// file and a folder.
#[derive(Debug, Default)]
pub struct Places {
    by_address: BTreeMap<String, String>,
    /// The owner of each path in lower case: the address of a file, or the address of a folder with a `/` at its end.
    taken: BTreeMap<String, String>,
}

/// Whether a response is a page, whose links are followed.
pub fn is_page(media_type: &str) -> bool {
    media_type.starts_with("text/html")
}

impl Places {
    /// Gives an address a path below the folder of the mirror.
    pub fn give(&mut self, address: &str, media_type: &str) {
        if self.by_address.contains_key(address) {
            return;
        }
        let (folders, file) = parts_of(address, media_type);
        let (mut place, mut within) = (String::new(), String::new());
        for (asked, name) in folders {
            within = format!("{within}{asked}/");
            place = self.free(&place, &name, "", &within);
            place.push('/');
        }
        let (stem, ending) = file.split_at(file.rfind('.').unwrap_or(file.len()));
        let place = self.free(&place, stem, ending, address);
        self.by_address.insert(address.to_owned(), place);
    }

    /// Returns a path that nothing else has, and reserves it.
    fn free(&mut self, within: &str, stem: &str, ending: &str, asked: &str) -> String {
        let (mut path, mut told) = (format!("{within}{stem}{ending}"), asked.to_owned());
        while self.taken.get(&path.to_lowercase()).is_some_and(|own| own != asked) {
            path = format!("{within}{stem}.{}{ending}", digits(&told));
            told.push('.');
        }
        self.taken.insert(path.to_lowercase(), asked.to_owned());
        path
    }

    /// Returns the path of an address, or an empty text if it has none.
    pub fn of(&self, address: &str) -> &str {
        self.by_address.get(address).map_or("", String::as_str)
    }

    /// Returns the relative link from one address to another. `None` if the other address has no path.
    pub fn link(&self, from: &str, to: &str) -> Option<String> {
        let to = self.by_address.get(to)?;
        let depth = self.by_address.get(from)?.matches('/').count();
        Some(format!("{}{to}", "../".repeat(depth)))
    }
}

/// Returns the folders of an address, each as requested and as named on disk, and the name of its file. The name contains the code
/// of the language and a digest of any other query. Web servers derive the media type from the ending of a name, so an id that
/// looks like a file name gets the right ending in addition.
fn parts_of(address: &str, media_type: &str) -> (Vec<(String, String)>, String) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut asked: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let last = asked.pop().map_or_else(|| "index".to_owned(), plain);
    let own: &[&str] = match media_type.split(';').next().unwrap_or_default() {
        "text/html" => &["html"],
        json if json.ends_with("json") => &["json", "jsonld"],
        "application/link-format" => &["txt"],
        // Other files are named by the program, with the right ending.
        _ => &[],
    };
    let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
    let mut folders: Vec<(String, String)> =
        asked.into_iter().map(|part| (part.to_owned(), plain(part))).collect();
    let query = (!query.is_empty()).then(|| told_apart(query));
    if own.is_empty() || own.contains(&ending) {
        folders.extend(query.map(|query| (format!("?{query}"), query)));
        return (folders, last);
    }
    let query = query.map_or(String::new(), |query| format!(".{query}"));
    (folders, format!("{last}{query}.{}", own[0]))
}

/// Returns the part of a name that stands for a query: the code if the query only chooses a language, or else a digest.
fn told_apart(query: &str) -> String {
    match query.strip_prefix("lang=").filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase())) {
        Some(code) => code.to_owned(),
        None => format!("q-{}", digits(query)),
    }
}

fn digits(text: &str) -> String {
    hex(&Sha256::digest(text)[..6])
}

/// Turns a part of a path into a name that is valid on every file system and every web server.
fn plain(part: &str) -> String {
    let text = percent_decode_str(part).decode_utf8_lossy();
    let name: String = text
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || "._-".contains(sign) { sign } else { '_' })
        .take(LONGEST)
        .collect();
    let mut name = if name == text && !name.starts_with('.') && !name.ends_with('.') {
        name
    } else {
        format!("{}-{}", name.trim_matches('.'), digits(part))
    };
    if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// Whether Windows takes a name for a device. It looks only at the part before the first dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    matches!(&*stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || numbered
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(address: &str) -> String {
        let media_type = match address.split('?').next().unwrap_or_default().rsplit_once('.') {
            Some((_, "csv")) => "text/csv; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            _ if address.starts_with("/v1/") => "application/json",
            _ => "text/html; charset=utf-8",
        };
        place_in(&mut Places::default(), address, media_type)
    }

    fn place_in(places: &mut Places, address: &str, media_type: &str) -> String {
        places.give(address, media_type);
        places.of(address).to_owned()
    }

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
        let html = "text/html";
        let mut given: Vec<String> =
            all.iter().map(|address| place_in(&mut places, address, html).to_lowercase()).collect();
        given.sort();
        given.dedup();
        assert_eq!(given.len(), all.len());
        assert_eq!(places.link("/statutes/a", "/statutes/A").as_deref(), Some("../statutes/A.html"));
    }

    #[test]
    fn ids_that_are_no_names_of_files_get_one_that_every_system_has() {
        let mut places = Places::default();
        let html = "text/html; charset=utf-8";
        for (id, place) in [
            ("CON", "_CON.html"),
            ("aux.txt", "_aux.txt.html"),
            ("com1.x.y", "_com1.x.y.html"),
            ("COM10", "COM10.html"),
            ("console", "console.html"),
            ("x.csv", "x.csv.html"),
            ("x.html", "x.html"),
        ] {
            assert_eq!(
                place_in(&mut places, &format!("/statutes/{id}"), html),
                format!("statutes/{place}"),
                "{id}"
            );
        }
        assert_ne!(place_in(&mut places, "/statutes/_CON", html), "statutes/_CON.html");
        for id in
            ["a.", "a..", "a%20", "%20a", "a%3F", "nul%20", "con.", "a%2Fb", "%C2%B9", "...", "com%C2%B9"]
        {
            let given = place_in(&mut places, &format!("/datasets/{id}/x"), html);
            let folder = given.split('/').nth(1).unwrap_or_default();
            assert!(
                !folder.ends_with(['.', ' ']) && !folder.starts_with('.') && !is_device(folder),
                "{id}: {given}"
            );
        }
    }

    #[test]
    fn nothing_is_a_file_and_a_folder() {
        let mut places = Places::default();
        let json = "application/json";
        let mut all = Vec::new();
        for dataset in ["x", "x.json", "index.html", "aggregate.csv", "X", "X.JSON", "con"] {
            for rest in ["", "/releases", "/aggregate.json"] {
                all.push(place_in(&mut places, &format!("/v1/datasets/{dataset}{rest}"), json));
            }
            all.push(place_in(
                &mut places,
                &format!("/v1/datasets/{dataset}/aggregate.csv"),
                "text/csv; charset=utf-8",
            ));
            all.push(place_in(
                &mut places,
                &format!("/v1/datasets/{dataset}/aggregate.csv?by=year"),
                "text/csv",
            ));
        }
        let files: std::collections::BTreeSet<String> =
            all.iter().map(|place| place.to_lowercase()).collect();
        assert_eq!(files.len(), all.len(), "{all:#?}");
        let mut folders = BTreeMap::new();
        for place in &all {
            let parts: Vec<&str> = place.split('/').collect();
            for depth in 1..parts.len() {
                let folder = parts[..depth].join("/");
                assert!(!files.contains(&folder.to_lowercase()), "{folder} is a file as well");
                let known = folders.entry(folder.to_lowercase()).or_insert_with(|| folder.clone());
                assert_eq!(*known, folder, "two folders differ in the size of letters only");
            }
        }
    }
}
