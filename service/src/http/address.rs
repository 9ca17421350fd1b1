//! The address of a request, without the parameters that other programs append.
//!
//! Look-ups and caches use this address, so an answer has a single address, wherever its link was shared.

use std::borrow::Cow;
use std::cell::LazyCell;

use warp::http::Uri;

use super::appended::is_appended;
use super::template::TEMPLATES;
use crate::query::{decoded, meant};

/// Maximum number of parameters in an address that is inspected. Questions have fewer, and other programs append only a few.
const MOST: usize = 64;

/// Returns the path and query that a request asks for. The host and the scheme that a client names make no difference. An address
/// with a query but no path means `/` (RFC 9112, 3.2.1).
pub fn asked(uri: &Uri) -> Cow<'_, str> {
    match uri.path_and_query().map_or("/", |own| own.as_str()) {
        query if query.starts_with('?') => without_appended(&format!("/{query}"), false).into_owned().into(),
        address => without_appended(address, false),
    }
}

/// Returns an address (path and query) without the parameters that other programs append.
///
/// Names on the list are removed from every address. Other unknown names are removed only where people look at the result: pages,
/// frames, pictures, short addresses, and addresses pasted to be embedded. A name that looks like a misspelling of a known
/// parameter stays, and is refused later. Otherwise a misspelled filter would silently show other figures.
pub fn without_appended(address: &str, is_pasted: bool) -> Cow<'_, str> {
    let Some((path, query)) = address.split_once('?').filter(|(_, query)| query.split('&').count() <= MOST)
    else {
        return address.into();
    };
    let known = LazyCell::new(|| {
        let template = TEMPLATES.of(path).filter(|template| is_pasted || template.is_for_people);
        template.map(|template| &*template.parameters)
    });
    let is_ours = |piece: &&str| {
        // A name that cannot be decoded stays. The route will refuse it.
        let Ok(name) = decoded(piece.split('=').next().unwrap_or_default()) else { return true };
        // If an ampersand was escaped for HTML twice, `amp;` is left before the name.
        TEMPLATES.have(name.trim_start_matches("amp;"))
            || (!is_appended(&name) && known.is_none_or(|known| meant(&name, known).is_some()))
    };
    let pieces = || query.split('&').filter(|piece| !piece.is_empty());
    if pieces().all(|piece| is_ours(&piece)) {
        return address.into();
    }
    let kept: Vec<&str> = pieces().filter(is_ours).collect();
    if kept.is_empty() { path.into() } else { format!("{path}?{}", kept.join("&")).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "/v1/datasets/reported-figures/aggregate.csv";
    const SVG: &str = "/v1/datasets/reported-figures/chart.svg";

    /// Checks what is left of each query at an address. `=` means that the query stays byte for byte.
    fn assert_left(path: &str, cases: &[(&str, &str)]) {
        for (query, left) in cases {
            let address = format!("{path}?{query}");
            let wanted = match *left {
                "=" => address.clone(),
                "" => path.to_owned(),
                left => format!("{path}?{left}"),
            };
            assert_eq!(without_appended(&address, false), wanted, "{address}");
        }
    }

    #[test]
    fn what_is_listed_goes_from_every_address_however_it_is_written() {
        for path in
            [CSV, SVG, "/", "/statutes/KAZ-CC-274", "/v1/statutes", "/s/x.csv", "/nowhere", "/healthz"]
        {
            assert_left(
                path,
                &[
                    ("fbclid=a", ""),
                    ("lang=ru&utm_source=x&utm_medium=y", "lang=ru"),
                    ("FBCLID=a&by=year&UTM_Source=b", "by=year"),
                    ("by=year&utm%5Fsource=x&%66bclid=1&amp;utm_id=3", "by=year"),
                    ("fbclid=1&by=year&fbclid=2&fbclid", "by=year"),
                    ("&&by=year&&gclid=%FF&", "by=year"),
                    ("by=year&by=year&_=1", "by=year&by=year"),
                ],
            );
        }
    }

    #[test]
    fn an_address_that_was_answered_before_keeps_its_spelling() {
        // The description of a CSV names the address as it was spelled, and never changes.
        assert_left(CSV, &[("", "="), ("&&by=year&", "="), ("by=year&statute=%4bAZ", "="), ("%FF=1", "=")]);
        assert_eq!(without_appended("/statutes/utm_source", false), "/statutes/utm_source");
    }

    #[test]
    fn of_an_unknown_name_data_are_strict_and_pages_are_not() {
        assert_left(CSV, &[("by=year&xyz=1", "=")]);
        for path in [SVG, "/embed/x", "/report/x/releases/y", "/statutes/x", "/s/x", "/s/x.svg"] {
            assert_left(
                path,
                &[
                    ("by=year&campaign=1&xyz", "by=year"),
                    // Similar to a known parameter: the route will refuse it.
                    ("contry=KAZ", "="),
                    ("Country=KAZ&fbclid=1", "Country=KAZ"),
                    ("year=2020", "="),
                    ("month=2020-01", "="),
                    ("amp;statute=KAZ-CC-274", "="),
                    ("filter[country]=KAZ", "="),
                    ("country_code=KAZ", "="),
                    ("fromYear=2014&to[]=2015", "="),
                    ("click_type=a&sent_by=b", ""),
                    // A parameter of other addresses.
                    ("q=x", "="),
                ],
            );
        }
        let pasted = without_appended("/v1/datasets/x/aggregate.csv?by=year&xyz=1&contry=KAZ", true);
        assert_eq!(pasted, "/v1/datasets/x/aggregate.csv?by=year&contry=KAZ");
    }

    #[test]
    fn more_pieces_than_anybody_sends_are_not_looked_through() {
        let many = format!("{SVG}?{}", "xyz=1&".repeat(70));
        assert_eq!(without_appended(&many, false), many);
    }
}
