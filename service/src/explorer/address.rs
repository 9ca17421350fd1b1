//! Addresses of pages, and the parameters in the query of an address.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::Language;
use crate::query::escape_part;

/// Whether the operator leaves out the check in the browser.
static IS_CHECK_LEFT_OUT: AtomicBool = AtomicBool::new(false);

/// Leaves out the page of the check, and every link to it, from now on. It is said once, at the start of the program.
pub fn leave_check_out() {
    IS_CHECK_LEFT_OUT.store(true, Ordering::Relaxed);
}

/// Whether there is a page of the check.
pub fn is_check_offered() -> bool {
    !IS_CHECK_LEFT_OUT.load(Ordering::Relaxed)
}

/// Returns the path of a page in a language. English pages have no `lang` parameter.
pub fn in_language(path: &str, language: Language) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    if language == Language::ENGLISH { path.to_owned() } else { format!("{path}{mark}lang={language}") }
}

/// Returns the address of a statute's page.
pub fn of_statute(id: &str, language: Language) -> String {
    in_language(&format!("/statutes/{}", escape_part(id)), language)
}

/// Returns the address of the page of a category of offence.
pub fn of_category(code: &str, language: Language) -> String {
    in_language(&format!("/categories/{}", escape_part(code)), language)
}

/// Returns the address of the page of a country.
pub fn of_country(code: &str, language: Language) -> String {
    in_language(&format!("/countries/{}", escape_part(code)), language)
}

/// Returns the path of a dataset, or of one release of it: after `/datasets` as a page, after `/v1/datasets` as data.
pub fn of_dataset(root: &str, id: &str, release: Option<&str>) -> String {
    let path = format!("{root}/{}", escape_part(id));
    release.map_or_else(|| path.clone(), |release| format!("{path}/releases/{release}"))
}

/// Returns the value of a parameter in the canonical spelling of a query.
pub fn asked<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// A file that the API offers for a dataset.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// The name of the file: the last part of its address.
    pub name: &'static str,
    /// The media type of the file.
    pub media_type: &'static str,
}
