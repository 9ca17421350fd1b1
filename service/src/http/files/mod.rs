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
mod trend;

use std::sync::Arc;

use super::body::Body;
use super::drawn::Drawn;
use super::problem::Problem;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::query::Params;

/// A file that a dataset answers with.
#[derive(Debug)]
pub struct File {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
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
    /// Pictures that were drawn already.
    pub drawn: Arc<Drawn>,
}

const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Every file.
pub const FILES: &[File] = &[
    File {
        name: "aggregate.json",
        media_type: JSON,
        taken: Taken::AsItIs,
        lasts: true,
        make: aggregate::json,
    },
    File { name: "aggregate.csv", media_type: CSV, taken: Taken::AsItIs, lasts: true, make: aggregate::csv },
    File {
        name: "aggregate.parquet",
        media_type: "application/vnd.apache.parquet",
        taken: Taken::Saved,
        lasts: true,
        make: aggregate::parquet,
    },
    File {
        name: "aggregate.xlsx",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        taken: Taken::Saved,
        lasts: true,
        make: aggregate::xlsx,
    },
    File {
        name: "chart.svg",
        media_type: "image/svg+xml",
        taken: Taken::Shown,
        lasts: true,
        make: chart::svg,
    },
    File { name: "chart.png", media_type: "image/png", taken: Taken::Shown, lasts: true, make: chart::png },
    File {
        name: "chart.html",
        media_type: "text/html; charset=utf-8",
        taken: Taken::Saved,
        lasts: true,
        make: chart::html,
    },
    File {
        name: "evidence.csv",
        media_type: "text/csv; charset=utf-8; header=present",
        taken: Taken::AsItIs,
        lasts: true,
        make: evidence::csv,
    },
    File {
        name: "citation.txt",
        media_type: "text/plain; charset=utf-8",
        taken: Taken::Shown,
        lasts: true,
        make: citation::text,
    },
    File {
        name: "citation.bib",
        media_type: "application/x-bibtex; charset=utf-8",
        taken: Taken::Saved,
        lasts: true,
        make: citation::bibtex,
    },
    File {
        name: "citation.ris",
        media_type: "application/x-research-info-systems; charset=utf-8",
        taken: Taken::Saved,
        lasts: true,
        make: citation::ris,
    },
    File {
        name: "citation.json",
        media_type: "application/vnd.citationstyles.csl+json",
        taken: Taken::Shown,
        lasts: true,
        make: citation::csl,
    },
    // Whether something newer is there changes, also for a release that does not.
    File { name: "newer.json", media_type: JSON, taken: Taken::AsItIs, lasts: false, make: newer::json },
    File { name: "facets.json", media_type: JSON, taken: Taken::AsItIs, lasts: true, make: facets::json },
    File { name: "trend.json", media_type: JSON, taken: Taken::AsItIs, lasts: true, make: trend::json },
    File { name: "movers.json", media_type: JSON, taken: Taken::AsItIs, lasts: true, make: movers::json },
    File {
        name: "movers.csv",
        media_type: "text/csv; charset=utf-8; header=present",
        taken: Taken::AsItIs,
        lasts: true,
        make: movers::csv,
    },
    File {
        name: "aggregate.csv-metadata.json",
        media_type: "application/csvm+json",
        taken: Taken::AsItIs,
        lasts: true,
        make: csvw::json,
    },
    File {
        name: "aggregate.zip",
        media_type: "application/zip",
        taken: Taken::Saved,
        lasts: true,
        make: archive::answer,
    },
    File {
        name: "package.zip",
        media_type: "application/zip",
        taken: Taken::Saved,
        lasts: true,
        make: archive::package,
    },
    File { name: "codebook.json", media_type: JSON, taken: Taken::AsItIs, lasts: true, make: codebook::json },
    File { name: "codebook.csv", media_type: CSV, taken: Taken::AsItIs, lasts: true, make: codebook::csv },
    File {
        name: "manifest.json",
        media_type: JSON,
        taken: Taken::AsItIs,
        lasts: true,
        make: |asked, params| {
            params.finish_with(&[])?;
            Ok(asked.dataset.release.manifest().to_json().into())
        },
    },
];

impl File {
    /// Returns what a response says of other files, as `Link` says it: the description of a CSV is found by it.
    pub fn link(&self, query: &str) -> Option<String> {
        (self.name == "aggregate.csv").then(|| csvw::link(query)).flatten()
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
