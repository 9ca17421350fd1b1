//! The addresses besides the files of datasets, as data: the description of the API is made of them.
//!
//! `tests` below holds them against the table in [`super::super::routes`].

use crate::http::parameters::{
    CHART, COMPARED, DATASET, Group, LANG, OEMBED, QUERY, SEARCH, SHEET, STATUTE_PAGE,
};

/// An address, or a family of them.
#[derive(Debug)]
pub struct Route {
    /// Its path, with the names of its parts that vary in braces.
    pub path: &'static str,
    /// What it gives, in a sentence or two.
    pub about: &'static str,
    /// What it belongs to.
    pub part: Part,
    /// The parameters of its query.
    pub parameters: &'static [Group],
    /// Its media types: more than one where they depend on the name of a file.
    pub media_types: &'static [&'static str],
    /// The schema of its JSON, by its name in the description of the API.
    pub schema: Option<&'static str>,
    /// Further statuses besides those that every address of its kind has.
    pub statuses: &'static [u16],
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
    /// All parts, in the order of the description.
    pub const ALL: [Self; 5] = [Self::Datasets, Self::Statutes, Self::Charts, Self::Pages, Self::Service];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Datasets => "Datasets",
            Self::Statutes => "Statutes",
            Self::Charts => "Charts elsewhere",
            Self::Pages => "Pages",
            Self::Service => "Service",
        }
    }

    /// Returns what it is for.
    pub fn about(self) -> &'static str {
        match self {
            Self::Datasets => "Figures, pictures and descriptions of datasets and their releases.",
            Self::Statutes => "The register of statutes, and which datasets cover them.",
            Self::Charts => "What other people's pages load or ask for to show a chart.",
            Self::Pages => "Pages for people, without script.",
            Self::Service => "The service and its description.",
        }
    }
}

const HTML: &[&str] = &["text/html; charset=utf-8"];
const JSON: &[&str] = &["application/json"];
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Every address that is no file of a dataset.
pub const ROUTES: &[Route] = &[
    Route {
        path: "/v1/datasets",
        about: "The datasets.",
        part: Part::Datasets,
        parameters: &[],
        media_types: JSON,
        schema: Some("Datasets"),
        statuses: &[],
    },
    Route {
        path: "/v1/datasets/{dataset}",
        about: "One dataset in its newest release: dimensions and over which of them figures may be summed, measures, outcomes with definitions, caveats, licence, sources.",
        part: Part::Datasets,
        parameters: &[LANG],
        media_types: JSON,
        schema: Some("Description"),
        statuses: &[],
    },
    Route {
        path: "/v1/datasets/{dataset}/releases/{release}",
        about: "The same of one release.",
        part: Part::Datasets,
        parameters: &[LANG],
        media_types: JSON,
        schema: Some("Description"),
        statuses: &[],
    },
    Route {
        path: "/v1/datasets/{dataset}/releases",
        about: "All releases of a dataset, the newest first.",
        part: Part::Datasets,
        parameters: &[],
        media_types: JSON,
        schema: Some("Releases"),
        statuses: &[],
    },
    Route {
        path: "/v1/datasets/{dataset}/changes.json",
        about: "What differs between two releases, cell by cell, with totals.",
        part: Part::Datasets,
        parameters: &[COMPARED],
        media_types: JSON,
        schema: Some("Changes"),
        statuses: &[],
    },
    Route {
        path: "/v1/datasets/{dataset}/changes.csv",
        about: "The same cells as CSV.",
        part: Part::Datasets,
        parameters: &[COMPARED],
        media_types: &["text/csv; charset=utf-8; header=present"],
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/v1/catalog.jsonld",
        about: "All datasets as a DCAT catalogue, with the words of schema.org, in JSON-LD.",
        part: Part::Datasets,
        parameters: &[LANG],
        media_types: &["application/ld+json"],
        schema: Some("LinkedData"),
        statuses: &[],
    },
    Route {
        path: "/v1/statutes",
        about: "Every statute, and which datasets cover it.",
        part: Part::Statutes,
        parameters: &[LANG],
        media_types: JSON,
        schema: Some("Statutes"),
        statuses: &[],
    },
    Route {
        path: "/v1/statutes/{statute}",
        about: "One statute, and which datasets cover it.",
        part: Part::Statutes,
        parameters: &[LANG],
        media_types: JSON,
        schema: Some("Statute"),
        statuses: &[404],
    },
    Route {
        path: "/embed/{dataset}",
        about: "The page of a chart for a frame, with the newest figures.",
        part: Part::Charts,
        parameters: &[QUERY, CHART, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/embed/{dataset}/releases/{release}",
        about: "The page of a chart for a frame, with the figures of one release, and a word when newer ones are there.",
        part: Part::Charts,
        parameters: &[QUERY, CHART, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/oembed",
        about: "What oEmbed 1.0 says of an address that shows a chart.",
        part: Part::Charts,
        parameters: &[OEMBED],
        media_types: JSON,
        schema: Some("Oembed"),
        statuses: &[404, 501],
    },
    Route {
        path: "/widget/{file}",
        about: "The element for other people's pages, always the newest, and what it loads.",
        part: Part::Charts,
        parameters: &[],
        media_types: &[SCRIPT, "application/wasm", "application/json"],
        schema: None,
        statuses: &[404],
    },
    Route {
        path: "/widget/{version}/{file}",
        about: "One version of the element, the same for ever.",
        part: Part::Charts,
        parameters: &[],
        media_types: &[SCRIPT, "application/wasm", "application/json"],
        schema: None,
        statuses: &[404],
    },
    Route {
        path: "/",
        about: "The start page: every statute, searched and filtered.",
        part: Part::Pages,
        parameters: &[SEARCH, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/statutes/{statute}",
        about: "The page of a statute: its chart, table, caveats, sources, and the chart to take along.",
        part: Part::Pages,
        parameters: &[STATUTE_PAGE, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[404],
    },
    Route {
        path: "/categories/{category}",
        about: "A category of offence across countries: charts, tables and statutes.",
        part: Part::Pages,
        parameters: &[LANG],
        media_types: HTML,
        schema: None,
        statuses: &[404],
    },
    Route {
        path: "/report/{dataset}",
        about: "One sheet of A4 to print: chart, table, trend, caveats, sources and citation of an answer.",
        part: Part::Pages,
        parameters: &[QUERY, SHEET, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/report/{dataset}/releases/{release}",
        about: "The same of one release.",
        part: Part::Pages,
        parameters: &[QUERY, SHEET, LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/s/{code}",
        about: "A short permanent address: leads to the sheet of an answer, or with an ending such as `.csv` to its file.",
        part: Part::Pages,
        parameters: &[],
        media_types: &[],
        schema: None,
        statuses: &[308, 404, 410, 503],
    },
    Route {
        path: "/datasets/{dataset}",
        about: "The page of a dataset: what it counts, its codes, what may be summed, how to load it.",
        part: Part::Pages,
        parameters: &[LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/datasets/{dataset}/releases/{release}",
        about: "The same of one release.",
        part: Part::Pages,
        parameters: &[LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/api",
        about: "This description as a page.",
        part: Part::Pages,
        parameters: &[LANG],
        media_types: HTML,
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/assets/{file}",
        about: "What our pages load.",
        part: Part::Pages,
        parameters: &[],
        media_types: &[SCRIPT, "text/css; charset=utf-8", "image/svg+xml"],
        schema: None,
        statuses: &[404],
    },
    Route {
        path: "/openapi.json",
        about: "This description: OpenAPI 3.1.",
        part: Part::Service,
        parameters: &[DATASET],
        media_types: JSON,
        schema: Some("OpenApi"),
        statuses: &[404],
    },
    Route {
        path: "/healthz",
        about: "`ok` while the service answers.",
        part: Part::Service,
        parameters: &[],
        media_types: &["text/plain; charset=utf-8"],
        schema: None,
        statuses: &[],
    },
    Route {
        path: "/readyz",
        about: "`ready` when requests should come here: not while data are loaded, and not while the service goes down.",
        part: Part::Service,
        parameters: &[],
        media_types: &["text/plain; charset=utf-8"],
        schema: None,
        statuses: &[503],
    },
    Route {
        path: "/metrics",
        about: "How the service does, for Prometheus: counts and durations by template of the route, and nothing of visitors.",
        part: Part::Service,
        parameters: &[],
        media_types: &["text/plain; version=0.0.4; charset=utf-8"],
        schema: None,
        statuses: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths in the table of routes, read off its source, with `{}` for each part that varies.
    fn in_the_table() -> Vec<String> {
        let source = include_str!("../mod.rs");
        let mut paths: Vec<String> = source
            .split("warp::path!(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .map(|parts| {
                let part = |part: &str| match part.trim() {
                    "Segment" => "/{}".to_owned(),
                    word => format!("/{}", word.trim_matches('"')),
                };
                parts.split(" / ").map(part).collect()
            })
            .collect();
        if source.contains("warp::path::end()") {
            paths.push("/".to_owned());
        }
        paths.sort();
        paths
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let mut described: Vec<String> = ROUTES
            .iter()
            .map(|route| {
                let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
                route.path.split('/').map(part).collect::<Vec<_>>().join("/")
            })
            // The files of datasets are rows of a table of their own.
            .chain(["/v1/datasets/{}/{}".to_owned(), "/v1/datasets/{}/releases/{}/{}".to_owned()])
            .collect();
        described.sort();
        assert_eq!(described, in_the_table());
    }
}
