//! The table of all addresses, except for the files of datasets. It is read by the router, the labels of `/metrics`, the
//! description of the API and `/api`. [`super::routes`] has the call that answers each address.

use crate::domain::parameters::{
    BUILDER, BY, CATEGORY_PAGE, CHART, COMPARED, DATASET, FIGURES, FILTERS, Group, LANG, OEMBED, PERIOD,
    SEARCH, SHEET, STATUTE_PAGE,
};

use super::files::XLSX;
use crate::explorer::is_check_offered;

/// An address, or a family of addresses.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// The path, with its variable parts in braces.
    pub path: &'a str,
    /// What the address returns, in one or two sentences.
    pub about: &'a str,
    /// The part of the API that the address belongs to.
    pub part: Part,
    /// The parameters of the query.
    pub parameters: &'a [Group],
    /// The media types. There are several if they depend on the name of a file.
    pub media_types: &'a [&'a str],
    /// The name of the JSON schema in the description of the API.
    pub schema: Option<&'a str>,
    /// Statuses besides those that all addresses of this kind have.
    pub statuses: &'a [u16],
}

chargesheet_check::words! {
    /// A part of the API. `assets/openapi.json` describes each by its name.
    Part {
        /// Datasets and their releases.
        Datasets = "Datasets",
        /// The register of statutes.
        Statutes = "Statutes",
        /// Charts on other sites.
        Charts = "Charts elsewhere",
        /// Pages for people.
        Pages = "Pages",
        /// The service itself.
        Service = "Service",
    }
}

const HTML: &[&str] = &["text/html; charset=utf-8"];
const CSV: &[&str] = &["text/csv; charset=utf-8; header=present"];
const TEXT: &[&str] = &["text/plain; charset=utf-8"];
const SCRIPT: &str = "text/javascript; charset=utf-8";
const WIDGET: &[&str] = &[SCRIPT, "application/wasm", "application/json"];
const ASSETS: &[&str] =
    &[SCRIPT, "text/css; charset=utf-8", "image/svg+xml", "image/vnd.microsoft.icon", XLSX];

/// The media type of a catalogue of APIs (RFC 9264, RFC 9727).
pub const LINKSET: &str = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";

const FRAME: &[Group] = &[BY, FILTERS, FIGURES, PERIOD, CHART, LANG];
const BUILT: &[Group] = &[BUILDER, BY, FILTERS, FIGURES, PERIOD, CHART, LANG];
const PRINTED: &[Group] = &[BY, FILTERS, FIGURES, PERIOD, SHEET, LANG];

/// All addresses except for the files of datasets.
pub const ROUTES: &[Route<'static>] = &[
    json("/v1/datasets", &[], "Datasets").about("The datasets."),
    json("/v1/datasets/{dataset}", &[LANG], "Description")
        .about("One dataset in its newest release: dimensions and over which of them figures may be summed, measures, outcomes with definitions, caveats, licence, sources."),
    json("/v1/datasets/{dataset}/releases/{release}", &[LANG], "Description")
        .about("The same of one release."),
    json("/v1/datasets/{dataset}/releases", &[], "Releases")
        .about("All releases of a dataset, the newest first."),
    other("/v1/datasets/{dataset}/dataset.jsonld", Part::Datasets, &["application/ld+json"])
        .about("One dataset in the words of schema.org and DCAT, in JSON-LD, as its page has it.")
        .takes(&[LANG])
        .schema("LinkedData"),
    other("/v1/datasets/{dataset}/releases/{release}/dataset.jsonld", Part::Datasets, &["application/ld+json"])
        .about("The same of one release.")
        .takes(&[LANG])
        .schema("LinkedData"),
    other("/v1/datasets/{dataset}/timemap", Part::Datasets, &["application/link-format"])
        .about("The releases of a dataset as a TimeMap (RFC 7089): each with its address and when it was published."),
    json("/v1/datasets/{dataset}/changes.json", &[COMPARED], "Changes")
        .about("What differs between two releases, cell by cell, with totals."),
    other("/v1/datasets/{dataset}/changes.csv", Part::Datasets, CSV)
        .about("The same cells as CSV.")
        .takes(&[COMPARED]),
    other("/v1/catalog.jsonld", Part::Datasets, &["application/ld+json"])
        .about("All datasets as a DCAT catalogue, with the words of schema.org, in JSON-LD.")
        .takes(&[LANG])
        .schema("LinkedData"),
    json("/v1/statutes", &[LANG], "Statutes")
        .about("Every statute, and which datasets cover it.")
        .part(Part::Statutes),
    json("/v1/statutes/{statute}", &[LANG], "Statute")
        .about("One statute, and which datasets cover it.")
        .part(Part::Statutes)
        .statuses(&[404]),
    json("/v1/statutes/{statute}/answers.json", &[LANG], "Answers")
        .about("Three answers about a statute in plain words, as its page has them: is it used more, how does it end, what cannot be said.")
        .part(Part::Statutes)
        .statuses(&[404]),
    json("/v1/names.json", &[LANG], "Names")
        .about("The names that the search knows in a language, for suggestions.")
        .part(Part::Statutes),
    page("/embed/{dataset}", FRAME)
        .about("The page of a chart for a frame, with the newest figures.")
        .part(Part::Charts),
    page("/embed/{dataset}/releases/{release}", FRAME)
        .about("The page of a chart for a frame, with the figures of one release, and a word when newer ones are there.")
        .part(Part::Charts),
    json("/oembed", &[OEMBED], "Oembed")
        .about("What oEmbed 1.0 says of an address that shows a chart.")
        .part(Part::Charts)
        .statuses(&[404, 501]),
    other("/widget/{file}", Part::Charts, WIDGET)
        .about("The element for other people's pages, always the newest, and what it loads.")
        .statuses(&[404]),
    other("/widget/{version}/{file}", Part::Charts, WIDGET)
        .about("One version of the element, the same for ever.")
        .statuses(&[404]),
    page("/", &[SEARCH, LANG]).about("The start page: every statute, searched and filtered."),
    page("/statutes/{statute}", &[STATUTE_PAGE, LANG])
        .about("The page of a statute: its chart, table, caveats, sources, and the chart to take along.")
        .statuses(&[404]),
    page("/categories/{category}", &[CATEGORY_PAGE, LANG])
        .about("A category of offence across countries: chart, table, caveats, sources, and the chart to take along.")
        .statuses(&[404]),
    page("/countries/{country}", &[LANG])
        .about("A country: its statutes, and charts of their figures.")
        .statuses(&[404]),
    feed("/feed.atom", "Atom feed of all releases: what changed in each."),
    feed("/datasets/{dataset}/feed.atom", "Atom feed of the releases of a dataset."),
    feed("/statutes/{statute}/feed.atom", "Atom feed of the releases in which figures on a statute changed."),
    feed("/categories/{category}/feed.atom", "The same for a category of offence."),
    feed("/countries/{country}/feed.atom", "The same for a country."),
    page("/evidence/{dataset}/releases/{release}", &[BY, FILTERS, FIGURES, PERIOD, LANG])
        .about("Where a figure comes from: its sources, and others that disagree. `evidence.csv` has the same with all columns."),
    page("/about", &[LANG]).about("Who publishes this, how it is counted, and what it does not do."),
    page("/charts/new", BUILT)
        .about("The builder: a chart chosen by hand, with the code to copy. Its address holds the whole state."),
    page("/check", &[LANG])
        .about("The check of a data package in the browser: files are chosen, and none of them leaves the machine.")
        .statuses(&[404]),
    page("/report/{dataset}", PRINTED)
        .about("One sheet of A4 to print: chart, table, trend, caveats, sources and citation of an answer."),
    page("/report/{dataset}/releases/{release}", PRINTED)
        .about("The same of one release."),
    other("/s/{code}", Part::Pages, &[])
        .about("A short permanent address: leads to the sheet of an answer, or with an ending such as `.csv` to its file.")
        .statuses(&[308, 404, 410, 503]),
    leading("/datasets", "Leads to the datasets on the start page."),
    leading("/statutes", "Leads to the statutes on the start page."),
    leading("/countries", "Leads to the countries on the start page."),
    leading("/charts", "Leads to the builder."),
    leading("/v1", "Leads to the description of the API for people."),
    page("/datasets/{dataset}", &[LANG])
        .about("The page of a dataset: what it counts, its codes, what may be summed, how to load it."),
    page("/datasets/{dataset}/releases/{release}", &[LANG]).about("The same of one release."),
    page("/api", &[LANG]).about("This description as a page."),
    other("/assets/{file}", Part::Pages, ASSETS)
        .about("What our pages load.")
        .statuses(&[404]),
    other("/favicon.ico", Part::Pages, &["image/vnd.microsoft.icon"]).about("The sign of the service, for browsers that ask for it here."),
    other("/robots.txt", Part::Service, TEXT)
        .about("What robots need not fetch, and where the list of pages is (RFC 9309)."),
    other("/llms.txt", Part::Service, TEXT)
        .about("What is here, for programs that read the web for people: links in Markdown."),
    other("/sitemap.xml", Part::Service, &["application/xml"])
        .about("Every page in every language, with the day of its newest figures, as search engines read it."),
    other("/.well-known/security.txt", Part::Service, TEXT)
        .about("Where a weakness is reported (RFC 9116)."),
    other("/.well-known/api-catalog", Part::Service, &[LINKSET])
        .about("Where the API and its descriptions are (RFC 9727)."),
    json("/openapi.json", &[DATASET], "OpenApi")
        .about("This description: OpenAPI 3.1.")
        .part(Part::Service)
        .statuses(&[404]),
    other("/healthz", Part::Service, TEXT).about("`ok` while the service answers."),
    other("/readyz", Part::Service, TEXT)
        .about("`ready` when requests should come here: not while data are loaded, and not while the service goes down.")
        .statuses(&[503]),
    other("/metrics", Part::Service, &["text/plain; version=0.0.4; charset=utf-8"])
        .about("How the service does, for Prometheus: counts and durations by template of the route, and nothing of visitors."),
];

const fn other(path: &'static str, part: Part, media_types: &'static [&'static str]) -> Route<'static> {
    Route { path, about: "", part, parameters: &[], media_types, schema: None, statuses: &[] }
}

/// Makes the route of a page for people.
const fn page(path: &'static str, parameters: &'static [Group]) -> Route<'static> {
    Route { parameters, ..other(path, Part::Pages, HTML) }
}

/// Makes the route of a feed.
const fn feed(path: &'static str, about: &'static str) -> Route<'static> {
    Route {
        about,
        parameters: &[LANG],
        statuses: &[404],
        ..other(path, Part::Pages, &["application/atom+xml"])
    }
}

/// Makes the route of an address that people type, which leads to a page.
const fn leading(path: &'static str, about: &'static str) -> Route<'static> {
    Route { about, statuses: &[308], ..other(path, Part::Pages, &[]) }
}

/// Makes the route of JSON about datasets, with the name of its schema.
const fn json(path: &'static str, parameters: &'static [Group], schema: &'static str) -> Route<'static> {
    Route { parameters, schema: Some(schema), ..other(path, Part::Datasets, &["application/json"]) }
}

impl Route<'static> {
    const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    const fn part(self, part: Part) -> Self {
        Self { part, ..self }
    }

    const fn takes(self, parameters: &'static [Group]) -> Self {
        Self { parameters, ..self }
    }

    const fn schema(self, schema: &'static str) -> Self {
        Self { schema: Some(schema), ..self }
    }

    const fn statuses(self, statuses: &'static [u16]) -> Self {
        Self { statuses, ..self }
    }
}

impl Route<'_> {
    /// Whether the service has the address: its operator may leave the check out.
    pub fn is_offered(&self) -> bool {
        self.path != "/check" || is_check_offered()
    }

    /// Whether people look at the answer or follow it: a page, a short address, or one that leads to a page.
    pub fn is_for_people(&self) -> bool {
        self.leads() || self.is_page()
    }

    /// Whether the answer is a page.
    pub fn is_page(&self) -> bool {
        self.media_types.contains(&HTML[0])
    }

    /// Whether the address leads to another one, and passes on its query.
    pub fn leads(&self) -> bool {
        self.statuses.contains(&308)
    }

    /// Whether this is a short address.
    pub fn is_short(&self) -> bool {
        self.path == "/s/{code}"
    }

    /// Whether the address is for the operator: it takes no parameters, and answers about the present moment.
    pub fn is_operators(&self) -> bool {
        matches!(self.path, "/healthz" | "/readyz" | "/metrics")
    }
}
