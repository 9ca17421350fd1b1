//! Addresses of pages that are nearly right, and where they lead. Addresses of data stay strict.

use std::borrow::Cow;

use warp::http::StatusCode;
use warp::http::header::LOCATION;

use super::response::{Caching, Response, respond};
use super::template::{TEMPLATES, Templates};
use crate::catalog::Catalog;
use crate::domain::values::code_meant;
use crate::domain::{Language, countries, offences};
use crate::query::{decoded, escape_part};

/// Addresses that people type, and the pages that they mean.
const LEADS: [(&str, &str); 5] = [
    ("/datasets", "/#datasets"),
    ("/statutes", "/#statutes"),
    ("/countries", "/#countries"),
    ("/charts", "/charts/new"),
    ("/v1", "/api"),
];

/// Returns the redirect of an address that people type to the page that they mean, with its query.
pub fn lead(path: &str, query: &str) -> Response {
    let page = LEADS.iter().find(|(own, _)| *own == path).map_or("/", |(_, page)| *page);
    let (page, part) =
        page.split_once('#').map_or((page, String::new()), |(page, part)| (page, format!("#{part}")));
    redirect(&format!("{}{part}", with_query(page, query)), Caching::Program)
}

/// Makes a redirect, whose body is its target.
pub fn redirect(place: &str, caching: Caching) -> Response {
    let body = format!("{place}\n").into_bytes();
    let response = respond(StatusCode::PERMANENT_REDIRECT, "text/plain; charset=utf-8", body, caching);
    response.with(LOCATION, place)
}

/// Returns a path with its query, if it has one.
fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Returns the right spelling of the address of a page whose words or ids differ in case alone, or which names a country by
/// another code. `None` if the address is right, or nobody can say what is meant.
pub fn spelled(catalog: &Catalog, path: &str, query: &str) -> Option<String> {
    let mut meant = Cow::Borrowed(path);
    if TEMPLATES.of(path).is_none() {
        let (first, rest) = path.strip_prefix('/')?.split_once('/').unwrap_or((&path[1..], ""));
        let lower = format!("/{}", first.to_ascii_lowercase());
        meant = if rest.is_empty() { lower.into() } else { format!("{lower}/{rest}").into() };
    }
    let template = TEMPLATES.of(&meant).filter(|own| own.is_for_people && !own.route.starts_with("/v1"))?;
    let parts = Templates::parts(template, &meant)?;
    let names = template.route.split('/').filter(|part| part.starts_with('{'));
    let mut right = meant.trim_end_matches('/').to_owned();
    for (name, part) in names.zip(parts) {
        if let Some(id) = id_meant(catalog, name, &part) {
            // An id stands between slashes, or at the end.
            let pieces = right.split('/').map(|piece| {
                let is_it = decoded(piece).is_ok_and(|own| own == part);
                if is_it { Cow::Owned(escape_part(&id)) } else { Cow::Borrowed(piece) }
            });
            right = pieces.collect::<Vec<_>>().join("/");
        }
    }
    (right != path.trim_end_matches('/')).then(|| with_query(&right, query))
}

/// Returns the id that a part of a path means; `None` if the part is an id, or means none.
fn id_meant(catalog: &Catalog, name: &str, part: &str) -> Option<String> {
    let same = |id: &&str| id.eq_ignore_ascii_case(part);
    let found = match name {
        "{statute}" if catalog.statute(part).is_none() => {
            catalog.statutes().into_iter().map(|own| own.id.as_str()).find(same)
        }
        "{dataset}" if catalog.dataset(part).is_none() => {
            catalog.datasets().map(|own| own.release.dataset()).find(same)
        }
        "{category}" => offences().entries().iter().map(|own| own.code.as_str()).find(same),
        "{country}" => {
            let code = countries().entries().iter().map(|own| own.code.as_str()).find(same);
            code.or_else(|| code_meant("country", part))
        }
        _ => None,
    };
    found.filter(|id| *id != part).map(str::to_owned)
}

/// Returns a query without a language that the service does not have, and that language. Pages then fall back on English.
pub fn known_language(query: &str) -> (Cow<'_, str>, Option<String>) {
    let foreign = |piece: &&str| {
        let value = decoded(piece.strip_prefix("lang=")?).ok()?;
        (!value.is_empty() && Language::from_tag(&value).is_none()).then(|| value.into_owned())
    };
    match query.split('&').find_map(|piece| foreign(&piece)) {
        None => (query.into(), None),
        language => {
            let kept: Vec<&str> = query.split('&').filter(|piece| foreign(piece).is_none()).collect();
            (kept.join("&").into(), language)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_not_there_is_told_and_one_that_is_stays() {
        let known = |query| {
            let (kept, foreign) = known_language(query);
            (kept.into_owned(), foreign)
        };
        assert_eq!(known("by=year&lang=de&to=2020"), ("by=year&to=2020".to_owned(), Some("de".to_owned())));
        for query in ["", "lang=ru", "lang=en-GB", "lang=", "q=lang"] {
            assert_eq!(known(query), (query.to_owned(), None));
        }
    }

    #[test]
    fn what_people_type_leads_to_a_page_with_the_language() {
        let place = |path, query| {
            let response = lead(path, query);
            response.headers[LOCATION].to_str().unwrap_or_default().to_owned()
        };
        assert_eq!(place("/datasets", ""), "/#datasets");
        assert_eq!(place("/datasets", "lang=ru"), "/?lang=ru#datasets");
        assert_eq!(place("/v1", "lang=kk"), "/api?lang=kk");
        for (_, page) in LEADS {
            assert!(TEMPLATES.of(page.split('#').next().unwrap_or_default()).is_some(), "{page}");
        }
    }
}
