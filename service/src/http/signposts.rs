//! Headers that lead programs on: to what a page or a file is a part of, how it is cited, and where its other releases are
//! (FAIR Signposting 1.0, RFC 8288; Memento, RFC 7089).

use warp::http::HeaderValue;
use warp::http::header::{LAST_MODIFIED, LINK};

use super::response::Response;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::explorer::{licence, of_dataset};
use crate::release::{Entry, Release};

/// Returns when a release was published, as HTTP writes it (RFC 9110, 5.6.7).
pub fn moment(entry: &Entry) -> Option<String> {
    Some(entry.moment()?.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// Returns when a release was published here, as HTTP writes it.
pub fn published(catalog: &Catalog, release: &Release) -> Option<String> {
    let listed = catalog.releases(release.dataset()).ok()?;
    moment(&listed.iter().find(|own| own.entry.id == release.id().as_str())?.entry)
}

impl Response {
    /// Adds a link to the header `Link`. `more` are attributes besides `rel`, with a semicolon in front. A target that is valid in no
    /// header is left out.
    fn link(&mut self, target: &str, rel: &str, more: &str) {
        let is_plain = !target.is_empty() && !target.contains(['<', '>', '"', ' ']);
        if let Some(link) =
            HeaderValue::from_str(&format!("<{target}>; rel=\"{rel}\"{more}")).ok().filter(|_| is_plain)
        {
            self.headers.append(LINK, link);
        }
    }

    /// Says when the release of an answer was published.
    pub fn dated(mut self, catalog: &Catalog, release: &Release) -> Self {
        if let Some(moment) = published(catalog, release) {
            self.set(LAST_MODIFIED, &moment);
        }
        self
    }

    /// Leads from the page of a dataset to its permanent address, description, licence, files and releases.
    pub fn landing(mut self, dataset: &Dataset, base: &str) -> Self {
        let release = &dataset.release;
        let [page, data] = ["/datasets", "/v1/datasets"].map(|root| {
            format!("{base}{}", of_dataset(root, release.dataset(), Some(release.id().as_str())))
        });
        self.link(&page, "cite-as", "");
        self.link("https://schema.org/Dataset", "type", "");
        self.link("https://schema.org/AboutPage", "type", "");
        self.link(&format!("{data}/dataset.jsonld"), "describedby", "; type=\"application/ld+json\"");
        self.link(&format!("{data}/croissant.json"), "describedby", "; type=\"application/ld+json\"");
        self.link(&licence(release), "license", "");
        self.link(&format!("{data}/package.zip"), "item", "; type=\"application/zip\"");
        let finest: Vec<&str> = release.dimensions().iter().map(|dimension| dimension.name()).collect();
        self.link(&format!("{data}/aggregate.csv?by={}", finest.join(",")), "item", "; type=\"text/csv\"");
        self.timemap(dataset, base)
    }

    /// Leads to the list of a dataset's releases.
    pub fn timemap(mut self, dataset: &Dataset, base: &str) -> Self {
        let own = of_dataset("/v1/datasets", dataset.release.dataset(), None);
        self.link(&format!("{base}{own}/timemap"), "timemap", "; type=\"application/link-format\"");
        self
    }

    /// Leads from a file to the release that it is a part of, and to its licence.
    pub fn part_of(mut self, release: &Release, base: &str) -> Self {
        let page = of_dataset("/datasets", release.dataset(), Some(release.id().as_str()));
        self.link(&format!("{base}{page}"), "collection", "; type=\"text/html\"");
        self.link(&licence(release), "license", "");
        self
    }
}
