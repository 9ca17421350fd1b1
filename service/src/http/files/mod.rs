//! The files that a dataset answers with: one row of [`FILES`] each, made by a function beside.

mod aggregate;
mod archive;
mod chart;
mod citation;
mod codebook;
mod csvw;
mod evidence;
mod facets;
mod movers;
mod newer;
mod question;
mod trend;

use std::sync::Arc;

use super::body::Body;
use super::parameters::{
    CHART, EXCEL, Group, LANG, NAMES, OF, OVER_YEARS, PICTURE, QUERY, SCALE, WITHOUT_BY,
};
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::explorer::{self, Offered};
use crate::query::Params;

pub use facets::Facets;
pub use newer::NewerAnswer;
pub use question::question;

/// A file that a dataset answers with.
#[derive(Debug)]
pub struct File {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What it gives, in a sentence or two: for the description of the API.
    pub about: &'static str,
    /// The parameters that it takes.
    pub parameters: &'static [Group],
    /// The schema of its JSON, by its name in the description of the API; `None` for what is no JSON of ours.
    pub schema: Option<&'static str>,
    /// How a browser takes it.
    pub taken: Taken,
    /// Whether it stays the same for ever when its address names a release.
    pub lasts: bool,
    /// Makes its body.
    pub make: fn(&Asked, Params) -> Result<Body, Problem>,
}

/// How a browser takes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// As it likes, under the name in the address.
    AsItIs,
    /// Shown; when saved, named after the dataset and its release.
    Shown,
    /// Saved, named after the dataset and its release. Its script, if it has one, runs apart from our pages.
    Saved,
}

/// What a request for a file is about.
#[derive(Debug)]
pub struct Asked {
    /// The release that is asked.
    pub dataset: Arc<Dataset>,
    /// The query as it was asked, without `?`.
    pub query: String,
    /// Everything that is served at this moment.
    pub catalog: Arc<Catalog>,
    /// Public address of the service, without a final slash.
    pub base: Arc<str>,
}

const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Longest `Link` to oEmbed, in bytes. Proxies give up an answer whose head is longer than their buffer, 4 kB as nginx comes.
const LONGEST_LINK: usize = 2048;

/// Every file.
pub const FILES: &[File] = &[
    File {
        name: "aggregate.json",
        media_type: JSON,
        about: "The answer to a question: rows with labels, sources, disagreements, caveats and a citation.",
        parameters: &[QUERY, LANG],
        schema: Some("Answer"),
        taken: Taken::AsItIs,
        lasts: true,
        make: aggregate::json,
    },
    File {
        name: "aggregate.csv",
        media_type: CSV,
        about: "The same rows as CSV (RFC 4180, UTF-8): the dimensions as codes, a column per measure, the shares, and for published figures status and sources.",
        parameters: &[QUERY, EXCEL],
        schema: None,
        taken: Taken::AsItIs,
        lasts: true,
        make: aggregate::csv,
    },
    File {
        name: "aggregate.parquet",
        media_type: "application/vnd.apache.parquet",
        about: "The same rows for data frames: typed columns, Snappy.",
        parameters: &[QUERY],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: aggregate::parquet,
    },
    File {
        name: "aggregate.xlsx",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        about: "The same rows as a workbook, with a sheet on columns, codes, sources, caveats and citation. At most 250,000 rows.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: aggregate::xlsx,
    },
    File {
        name: "chart.svg",
        media_type: "image/svg+xml",
        about: "The same answer as a picture.",
        parameters: &[QUERY, PICTURE, LANG],
        schema: None,
        taken: Taken::Shown,
        lasts: true,
        make: chart::svg,
    },
    File {
        name: "chart.png",
        media_type: "image/png",
        about: "The same picture in pixels, painted with the bundled font, and with fonts of the operator where that lacks letters; 501 where no font has them.",
        parameters: &[QUERY, PICTURE, SCALE, NAMES, LANG],
        schema: None,
        taken: Taken::Shown,
        lasts: true,
        make: chart::png,
    },
    File {
        name: "chart.html",
        media_type: "text/html; charset=utf-8",
        about: "The chart as one file: picture, interactive chart, table, sources, citation. It asks nobody for anything.",
        parameters: &[QUERY, CHART, LANG],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: chart::html,
    },
    File {
        name: "evidence.csv",
        media_type: "text/csv; charset=utf-8; header=present",
        about: "The sources behind the answer: a row per published figure, or per group and text that says where records come from.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::AsItIs,
        lasts: true,
        make: evidence::csv,
    },
    File {
        name: "citation.txt",
        media_type: "text/plain; charset=utf-8",
        about: "How the answer is cited, with its pinned address and the SHA-256 of its CSV.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::Shown,
        lasts: true,
        make: citation::text,
    },
    File {
        name: "citation.bib",
        media_type: "application/x-bibtex; charset=utf-8",
        about: "The citation for BibTeX and biblatex.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: citation::bibtex,
    },
    File {
        name: "citation.ris",
        media_type: "application/x-research-info-systems; charset=utf-8",
        about: "The citation for reference managers that read RIS.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: citation::ris,
    },
    File {
        name: "citation.json",
        media_type: "application/vnd.citationstyles.csl+json",
        about: "The citation as CSL-JSON.",
        parameters: &[QUERY, LANG],
        schema: Some("Citation"),
        taken: Taken::Shown,
        lasts: true,
        make: citation::csl,
    },
    // Whether something newer is there changes, also for a release that does not.
    File {
        name: "newer.json",
        media_type: JSON,
        about: "Whether a newer release is there, and which figures of this very answer differ in it.",
        parameters: &[QUERY, LANG],
        schema: Some("NewerAnswer"),
        taken: Taken::AsItIs,
        lasts: false,
        make: newer::json,
    },
    File {
        name: "facets.json",
        media_type: JSON,
        about: "How many records each value of a dimension has, for menus. `by`, `measure`, `share` and `labels` change nothing.",
        parameters: &[OF, QUERY, LANG],
        schema: Some("Facets"),
        taken: Taken::AsItIs,
        lasts: true,
        make: facets::json,
    },
    File {
        name: "trend.json",
        media_type: JSON,
        about: "What each series of the answer says over time: change, Theil-Sen slope, Mann-Kendall test, outcome rates, and what limits them. Only the first measure is looked at; `share` and `labels` change nothing.",
        parameters: &[OVER_YEARS, WITHOUT_BY, LANG],
        schema: Some("Trend"),
        taken: Taken::AsItIs,
        lasts: true,
        make: trend::json,
    },
    File {
        name: "movers.json",
        media_type: JSON,
        about: "What grew or shrank most between two periods, with intervals on the ratio, and what cannot be compared. `by`, `share` and `labels` change nothing.",
        parameters: movers::PARAMETERS,
        schema: Some("MoversTold"),
        taken: Taken::AsItIs,
        lasts: true,
        make: movers::json,
    },
    File {
        name: "movers.csv",
        media_type: "text/csv; charset=utf-8; header=present",
        about: "The same as a table.",
        parameters: movers::PARAMETERS,
        schema: None,
        taken: Taken::AsItIs,
        lasts: true,
        make: movers::csv,
    },
    File {
        name: "aggregate.csv-metadata.json",
        media_type: "application/csvm+json",
        about: "What the CSV of the same query is, as CSV on the Web describes tables.",
        parameters: &[QUERY],
        schema: Some("LinkedTable"),
        taken: Taken::AsItIs,
        lasts: true,
        make: csvw::json,
    },
    File {
        name: "aggregate.zip",
        media_type: "application/zip",
        about: "The CSV with its description, codebook, licence and citation in one archive.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: archive::answer,
    },
    File {
        name: "package.zip",
        media_type: "application/zip",
        about: "The whole dataset as a Frictionless Data Package, as publishers make them.",
        parameters: &[],
        schema: None,
        taken: Taken::Saved,
        lasts: true,
        make: archive::package,
    },
    File {
        name: "codebook.json",
        media_type: JSON,
        about: "What every column and code means: of the dataset, or with a query of its answer.",
        parameters: &[QUERY, LANG],
        schema: Some("Codebook"),
        taken: Taken::AsItIs,
        lasts: true,
        make: codebook::json,
    },
    File {
        name: "codebook.csv",
        media_type: CSV,
        about: "The same as a table: a row for each column, then for each of its codes.",
        parameters: &[QUERY, LANG],
        schema: None,
        taken: Taken::AsItIs,
        lasts: true,
        make: codebook::csv,
    },
    File {
        name: "manifest.json",
        media_type: JSON,
        about: "What the release consists of. The first digits of the SHA-256 of these bytes stand in its id.",
        parameters: &[],
        schema: Some("Manifest"),
        taken: Taken::AsItIs,
        lasts: true,
        make: |asked, params| {
            params.finish_with(&[])?;
            Ok(asked.dataset.release.manifest().to_json().into())
        },
    },
];

impl File {
    /// Returns what a response says of other addresses, as `Link` says it: the description of a CSV, and what oEmbed says
    /// of a chart. `path` is the address of the file without its query.
    pub fn links(&self, path: &str, query: &str, base: &str) -> Vec<String> {
        let described = (self.name == "aggregate.csv").then(|| csvw::link(query)).flatten();
        let embedded = self.shows_chart().then(|| {
            let mark = if query.is_empty() { "" } else { "?" };
            let address = explorer::oembed_address(base, &format!("{base}{path}{mark}{query}"));
            format!("<{address}>; rel=\"alternate\"; type=\"application/json+oembed\"")
        });
        described.into_iter().chain(embedded.filter(|link| link.len() <= LONGEST_LINK)).collect()
    }

    /// Whether it shows a chart, or the figures of one, so that its address can be embedded.
    pub fn shows_chart(&self) -> bool {
        matches!(self.name, "chart.svg" | "chart.png" | "chart.html" | "aggregate.json" | "aggregate.csv")
    }

    /// Whether a response says how many rows it has.
    pub fn is_table(&self) -> bool {
        matches!(
            self.name,
            "aggregate.csv" | "aggregate.parquet" | "aggregate.xlsx" | "evidence.csv" | "movers.csv"
        )
    }

    /// Returns the file of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.name == name)
    }

    /// Returns how a browser takes it and under which name, as `Content-Disposition` says it; `None` leaves both to it.
    /// `is_saved` has a browser save also what it otherwise shows.
    pub fn disposition(&self, dataset: &Dataset, is_saved: bool) -> Option<String> {
        let kept = match if is_saved { Taken::Saved } else { self.taken } {
            Taken::AsItIs => return None,
            Taken::Shown => "inline",
            Taken::Saved => "attachment",
        };
        let release = &dataset.release;
        let (stem, ending) = self.name.split_once('.').unwrap_or_default();
        // Both archives of a release can lie in one folder.
        let stem = if ending == "zip" { format!("-{stem}") } else { String::new() };
        Some(format!("{kept}; filename=\"{}-{}{stem}.{ending}\"", release.dataset(), release.id()))
    }
}

/// Returns the files whose answers stay the same under a pinned address, for pages that offer them.
pub fn offered() -> Vec<Offered> {
    let lasting = FILES.iter().filter(|file| file.lasts);
    lasting.map(|file| Offered { name: file.name, media_type: file.media_type }).collect()
}

/// The files that were there from the beginning.
const FIRST_FILES: [&str; 5] =
    ["aggregate.json", "aggregate.csv", "chart.svg", "facets.json", "manifest.json"];

/// Returns the names of the files that a dataset answers with. What describes a release is the same for ever, so it
/// does not name what came later.
pub fn names(is_pinned: bool) -> Vec<&'static str> {
    let later = FILES.iter().filter(|file| file.lasts && !FIRST_FILES.contains(&file.name));
    let later = later.map(|file| file.name).filter(|_| !is_pinned);
    FIRST_FILES.into_iter().chain(later).collect()
}
