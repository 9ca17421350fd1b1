//! The addresses besides the files of datasets. The router, the labels of `/metrics`, the description of the API and `/api` read
//! this table; [`super::routes`] has the call that answers each.

use crate::domain::parameters::{
    BY, CHART, COMPARED, DATASET, FIGURES, FILTERS, Group, LANG, OEMBED, PERIOD, SEARCH, SHEET, STATUTE_PAGE,
};

/// An address, or a family of them.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// Its path, with the names of its parts that vary in braces.
    pub path: &'a str,
    /// What it gives, in a sentence or two.
    pub about: &'a str,
    /// What it belongs to.
    pub part: Part,
    /// The parameters of its query.
    pub parameters: &'a [Group],
    /// Its media types: more than one where they depend on the name of a file.
    pub media_types: &'a [&'a str],
    /// The schema of its JSON, by its name in the description of the API.
    pub schema: Option<&'a str>,
    /// Further statuses besides those that every address of its kind has.
    pub statuses: &'a [u16],
}

/// A part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Datasets and their releases.
    Datasets,
    /// The register of statutes.
    Statutes,
    /// Charts on other people's pages.
    Charts,
    /// Pages for people.
    Pages,
    /// The service itself.
    Service,
}

impl Part {
    /// Returns its name; `assets/openapi.json` says what it is for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Datasets => "Datasets",
            Self::Statutes => "Statutes",
            Self::Charts => "Charts elsewhere",
            Self::Pages => "Pages",
            Self::Service => "Service",
        }
    }
}

const HTML: &[&str] = &["text/html; charset=utf-8"];
const CSV: &[&str] = &["text/csv; charset=utf-8; header=present"];
const TEXT: &[&str] = &["text/plain; charset=utf-8"];
const SCRIPT: &str = "text/javascript; charset=utf-8";
const WIDGET: &[&str] = &[SCRIPT, "application/wasm", "application/json"];
const ASSETS: &[&str] = &[SCRIPT, "text/css; charset=utf-8", "image/svg+xml"];

const FRAME: &[Group] = &[BY, FILTERS, FIGURES, PERIOD, CHART, LANG];
const PRINTED: &[Group] = &[BY, FILTERS, FIGURES, PERIOD, SHEET, LANG];

/// Every address that is no file of a dataset.
pub const ROUTES: &[Route<'static>] = &[
    json("/v1/datasets", &[], "Datasets").about("The datasets."),
    json("/v1/datasets/{dataset}", &[LANG], "Description")
        .about("One dataset in its newest release: dimensions and over which of them figures may be summed, measures, outcomes with definitions, caveats, licence, sources."),
    json("/v1/datasets/{dataset}/releases/{release}", &[LANG], "Description")
        .about("The same of one release."),
    json("/v1/datasets/{dataset}/releases", &[], "Releases")
        .about("All releases of a dataset, the newest first."),
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
    page("/categories/{category}", &[LANG])
        .about("A category of offence across countries: charts, tables and statutes.")
        .statuses(&[404]),
    page("/report/{dataset}", PRINTED)
        .about("One sheet of A4 to print: chart, table, trend, caveats, sources and citation of an answer."),
    page("/report/{dataset}/releases/{release}", PRINTED)
        .about("The same of one release."),
    other("/s/{code}", Part::Pages, &[])
        .about("A short permanent address: leads to the sheet of an answer, or with an ending such as `.csv` to its file.")
        .statuses(&[308, 404, 410, 503]),
    page("/datasets/{dataset}", &[LANG])
        .about("The page of a dataset: what it counts, its codes, what may be summed, how to load it."),
    page("/datasets/{dataset}/releases/{release}", &[LANG]).about("The same of one release."),
    page("/api", &[LANG]).about("This description as a page."),
    other("/assets/{file}", Part::Pages, ASSETS)
        .about("What our pages load.")
        .statuses(&[404]),
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

/// A page for people.
const fn page(path: &'static str, parameters: &'static [Group]) -> Route<'static> {
    Route { parameters, ..other(path, Part::Pages, HTML) }
}

/// JSON about datasets, with the name of its schema.
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
    /// Whether people look at what it answers, or are led by it: a page, or a short address.
    pub fn is_for_people(&self) -> bool {
        self.is_short() || self.media_types.contains(&HTML[0])
    }

    /// Whether it is a short address, which hands on what stands in its query.
    pub fn is_short(&self) -> bool {
        self.path == "/s/{code}"
    }

    /// Whether those ask it who run the service: without parameters, about this moment.
    pub fn is_operators(&self) -> bool {
        matches!(self.path, "/healthz" | "/readyz" | "/metrics")
    }
}
