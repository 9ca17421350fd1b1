//! The list of parameters that other programs append to shared links.
//!
//! The list is `x-passed-over` in the description of the API. It was compiled from what browsers and their extensions remove
//! (Firefox's query stripping, Brave's query filter, ClearURLs, AdGuard's tracking parameter filter) and from the manuals of the
//! programs themselves. A name on the list can never become a parameter of this API, because shared links everywhere carry it.
//! `API.md` has the same list.

use std::sync::LazyLock;

use hashbrown::HashSet;
use serde_json::Value;

use super::openapi::frame::frame;

/// Returns the programs and the names that each appends. Names are in lower case and match in any case. A name that ends in `*` is
/// a prefix.
fn families() -> Vec<(String, Vec<String>)> {
    let frame = frame();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names = |family: &Value| family["names"].as_array().into_iter().flatten().map(text).collect();
    let families = frame["info"]["x-passed-over"].as_array().into_iter().flatten();
    families.map(|family| (text(&family["by"]), names(family))).collect()
}

/// The full names, and the prefixes.
static LISTED: LazyLock<(HashSet<String>, Vec<String>)> = LazyLock::new(|| {
    let all = families().into_iter().flat_map(|(_, names)| names);
    let (beginnings, names): (Vec<_>, Vec<_>) = all.partition(|name| name.ends_with('*'));
    let beginnings = beginnings.iter().map(|name| name.trim_end_matches('*').to_owned());
    (names.into_iter().collect(), beginnings.collect())
});

/// Whether other programs append a parameter with this decoded name.
pub fn is_appended(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // If an ampersand was escaped for HTML twice, `amp;` is left before the name.
    let name = name.trim_start_matches("amp;");
    LISTED.0.contains(name) || LISTED.1.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::template::TEMPLATES;

    #[test]
    fn no_name_on_the_list_is_a_parameter_of_ours_or_one_slip_from_a_filter() {
        assert!(is_appended("utm_source") && is_appended("FBCLID") && is_appended("amp;fbclid"));
        for parameter in TEMPLATES.parameters() {
            assert!(!is_appended(parameter), "{parameter}");
        }
        let query: Vec<&str> = crate::domain::parameters::question().collect();
        for name in families().iter().flat_map(|(_, names)| names) {
            assert_eq!(*name, name.to_ascii_lowercase());
            let near = query.iter().find(|parameter| strsim::damerau_levenshtein(name, parameter) < 2);
            assert_eq!(near, None, "{name}");
        }
    }

    #[test]
    fn the_documentation_has_the_very_list() {
        let document = include_str!("../../API.md");
        for (by, names) in families() {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let line = format!("| {by} | {} |", names.join(" "));
            assert!(document.contains(&line), "service/API.md lacks this line:\n{line}");
        }
    }
}
