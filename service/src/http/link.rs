//! Values of the header `Link`.

use crate::explorer::oembed_address;

/// Longest `Link` to oEmbed, in bytes. Proxies reject a response whose head is larger than their buffer, which is 4 kB by default
/// in nginx.
const LONGEST: usize = 2048;

/// Returns the link from a table to its description. `None` if there is no description, as for the CSV for Excel, or if the query
/// cannot stand in a header.
pub fn described_by(description: &str, media_type: &str, query: &str) -> Option<String> {
    let described =
        !query.split('&').any(|pair| pair.starts_with("excel=") || pair.starts_with("separator="));
    let plain = query.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte));
    let mark = if query.is_empty() { "" } else { "?" };
    (described && plain)
        .then(|| format!("<{description}{mark}{query}>; rel=\"describedby\"; type=\"{media_type}\""))
}

/// Returns the link from a chart to its oEmbed answer. `None` if the link would be too long.
pub fn embedded(path: &str, query: &str, base: &str) -> Option<String> {
    let mark = if query.is_empty() { "" } else { "?" };
    let address = oembed_address(base, &format!("{base}{path}{mark}{query}"));
    let link = format!("<{address}>; rel=\"alternate\"; type=\"application/json+oembed\"");
    Some(link).filter(|link| link.len() <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_description_of_the_same_query_and_never_breaks_a_header() {
        let link = |query| described_by("aggregate.csv-metadata.json", "application/csvm+json", query);
        let header = link("by=year&statute=KAZ-CC-274").unwrap();
        assert!(
            header
                .starts_with("<aggregate.csv-metadata.json?by=year&statute=KAZ-CC-274>; rel=\"describedby\"")
        );
        assert!(link("").unwrap().starts_with("<aggregate.csv-metadata.json>;"));
        assert_eq!((link("region=a>b"), link("by=year&excel=1")), (None, None));
    }
}
