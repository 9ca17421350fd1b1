//! The files of a dataset, each defined by one row of [`FILES`].
//!
//! The rows are read by routes, pages, short addresses, the description of the API, and the headers `Content-Disposition` and
//! `Link`.

mod asked;
mod make;
mod name;

use super::link;
use crate::domain::parameters::{
    self, BY, BY_YEAR, CHART, EXCEL, FIGURES, FILTERS, Group, LANG, NAMES, OF, PERIOD, PICTURE, SCALE,
};
use crate::explorer::Offered;
use crate::query::{Params, escape};
use crate::release::Release;

use asked::MOVERS;
pub use asked::{Asked, Output};
use make::Made;
pub use make::{Facets, NewerAnswer};
pub use name::comparison;

/// A file of a dataset.
#[derive(Debug)]
pub struct File {
    /// The name of the file, which is the last part of its address.
    pub name: &'static str,
    /// The media type.
    pub media_type: &'static str,
    /// What the file contains, in one or two sentences for the description of the API.
    pub about: &'static str,
    /// The parameters that the file takes.
    pub parameters: &'static [Group],
    /// The name of the JSON schema in the description of the API. `None` for other formats, and for JSON that others define.
    pub schema: Option<&'static str>,
    /// What a browser does with the file.
    pub taken: Taken,
    /// Whether the file never changes under an address that names a release.
    pub lasts: bool,
    /// Whether the response gives the number of rows.
    pub is_table: bool,
    /// Whether the file shows a chart or the figures of one, so that its address can be embedded.
    pub shows_chart: bool,
    /// The ending that a short address takes for this file, and its position in the list of endings. An ending must always lead to
    /// the same file, because caches keep the redirect.
    pub ending: Option<(u8, &'static str)>,
    /// Whether the description of a release lists the file. That description never changes, so it lists no file that was added
    /// later.
    is_first: bool,
    /// How the file depends on the spelling of its question.
    spelling: Spelling,
    /// The function that makes the file.
    pub make: fn(&Asked, Params) -> Made,
}

/// What a browser does with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The browser shows the file where it can.
    Shown,
    /// The browser saves the file. A script in the file runs apart from the service's pages.
    Saved,
}

/// How a file depends on the spelling of its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Not at all. Leaving out a parameter and giving its default result in the same file.
    Hidden,
    /// Leaving out a parameter may mean something other than giving its default.
    Shown,
    /// The file contains its query exactly as it was spelled.
    Quoted,
}

/// The parameters of a question, with the language of texts.
const QUESTION: &[Group] = &[BY, FILTERS, FIGURES, PERIOD, LANG];
/// The parameters of a question whose answer has no texts.
const PLAIN: &[Group] = &[BY, FILTERS, FIGURES, PERIOD];

const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8; header=present";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const RIS: &str = "application/x-research-info-systems; charset=utf-8";

/// Tables, and the file that describes each for the same query.
const DESCRIPTIONS: [(&str, &str); 2] =
    [("aggregate.csv", "aggregate.csv-metadata.json"), ("aggregate.sdmx.csv", "aggregate.sdmx.xml")];

/// All files of a dataset.
pub const FILES: &[File] = &[
    file("aggregate.json", JSON, QUESTION, make::aggregate_json)
        .about("The answer to a question: rows with labels, sources, disagreements, caveats and a citation.")
        .schema("Answer")
        .ending(1, "json")
        .chart()
        .first(),
    file("aggregate.csv", CSV, &[BY, FILTERS, FIGURES, PERIOD, EXCEL], make::aggregate_csv)
        .about("The same rows as CSV (RFC 4180, UTF-8): the dimensions as codes, a column per measure, the shares, and for published figures status and sources.")
        .ending(0, "csv")
        .table()
        .chart()
        .first(),
    file("aggregate.parquet", "application/vnd.apache.parquet", PLAIN, make::aggregate_parquet)
        .about("The same rows for data frames: typed columns, Snappy.")
        .ending(2, "parquet")
        .table()
        .taken(Taken::Saved),
    file("aggregate.xlsx", XLSX, QUESTION, make::aggregate_xlsx)
        .about("The same rows as a workbook, with a sheet on columns, codes, sources, caveats and citation. At most 250,000 rows.")
        .ending(3, "xlsx")
        .table()
        .taken(Taken::Saved),
    file("chart.svg", "image/svg+xml", &[BY, FILTERS, FIGURES, PERIOD, PICTURE, LANG], make::chart_svg)
        .about("The same answer as a picture.")
        .ending(5, "svg")
        .chart()
        .first(),
    file("chart.png", "image/png", &[BY, FILTERS, FIGURES, PERIOD, PICTURE, SCALE, NAMES, LANG], make::chart_png)
        .about("The same picture in pixels, painted with the bundled font, and with fonts of the operator where that lacks letters; 501 where no font has them.")
        .ending(6, "png")
        .chart(),
    file("chart.json", JSON, &[BY, FILTERS, FIGURES, PERIOD, PICTURE, LANG], make::chart_json)
        .about("What the picture of the same address shows besides the answer (short texts, the history of the law, colours), and where everything in it is, in its pixels.")
        .schema("Picture"),
    file("chart.html", "text/html; charset=utf-8", &[BY, FILTERS, FIGURES, PERIOD, CHART, LANG], make::chart_html)
        .about("The chart as one file: picture, interactive chart, table, sources, citation. It asks nobody for anything.")
        .ending(7, "html")
        .spelling(Spelling::Shown)
        .taken(Taken::Saved)
        .chart(),
    file("evidence.csv", CSV, QUESTION, make::evidence_csv)
        .about("The sources behind the answer: a row per published figure, or per group and text that says where records come from.")
        .table(),
    file("citation.txt", "text/plain; charset=utf-8", QUESTION, |asked, params| {
        Ok(make::citation(asked, params)?.to_text().into_bytes().into())
    })
    .about("How the answer is cited, with its pinned address and the SHA-256 of its CSV.")
    .ending(8, "txt")
    .taken(Taken::Shown),
    file("citation.bib", "application/x-bibtex; charset=utf-8", QUESTION, |asked, params| {
        Ok(make::citation(asked, params)?.to_bibtex().into_bytes().into())
    })
    .about("The citation for BibTeX and biblatex.")
    .ending(9, "bib")
    .taken(Taken::Saved),
    file("citation.ris", RIS, QUESTION, |asked, params| {
        Ok(make::citation(asked, params)?.to_ris().into_bytes().into())
    })
    .about("The citation for reference managers that read RIS.")
    .ending(10, "ris")
    .taken(Taken::Saved),
    file("citation.json", "application/vnd.citationstyles.csl+json", QUESTION, |asked, params| {
        Ok(make::citation(asked, params)?.to_csl().into())
    })
    .about("The citation as CSL-JSON.")
    .schema("Citation")
    .ending(11, "csl.json")
    .taken(Taken::Shown),
    file("newer.json", JSON, QUESTION, make::newer)
        .about("Whether a newer release is there, and which figures of this very answer differ in it.")
        .schema("NewerAnswer")
        .changes(),
    file("facets.json", JSON, &[OF, BY, FILTERS, FIGURES, PERIOD, LANG], make::facets)
        .about("How many records each value of a dimension has, for menus. `by`, `measure`, `share` and `labels` change nothing.")
        .schema("Facets")
        .first(),
    file("trend.json", JSON, &[BY_YEAR, FILTERS, FIGURES, PERIOD, LANG], make::trend_json)
        .about("What each series of the answer says over time: change, Theil-Sen slope, Mann-Kendall test, outcome rates, and what limits them. Only the first measure is looked at; `share` and `labels` change nothing.")
        .schema("Trend"),
    file("movers.json", JSON, MOVERS, make::movers_json)
        .about("What grew or shrank most between two periods, with intervals on the ratio, and what cannot be compared. `by`, `share` and `labels` change nothing.")
        .schema("MoversTold")
        .spelling(Spelling::Shown),
    file("movers.csv", CSV, MOVERS, make::movers_csv)
        .about("The same as a table.")
        .spelling(Spelling::Shown)
        .table(),
    file("aggregate.jsonstat.json", JSON, QUESTION, make::aggregate_jsonstat)
        .about("The same rows as a cube, for the libraries of JSON-stat 2.0. At most a million cells.")
        .ending(12, "jsonstat.json"),
    file("aggregate.sdmx.csv", "application/vnd.sdmx.data+csv;version=2.0.0", PLAIN, make::aggregate_sdmx)
        .about("The figures as SDMX-CSV 2.0.0, a row for each. At most a million.")
        .ending(13, "sdmx.csv")
        .table(),
    file("aggregate.sdmx.xml", "application/vnd.sdmx.structure+xml;version=3.0.0", PLAIN, make::sdmx_structure)
        .about("What the columns and codes of the SDMX-CSV of the same query are: a structure message in SDMX-ML 3.0.")
        .ending(14, "sdmx.xml"),
    file("aggregate.csv-metadata.json", "application/csvm+json", PLAIN, make::csv_metadata)
        .about("What the CSV of the same query is, as CSV on the Web describes tables.")
        .schema("LinkedTable")
        .spelling(Spelling::Quoted),
    file("aggregate.zip", "application/zip", QUESTION, make::aggregate_zip)
        .about("The CSV with its description, codebook, licence and citation in one archive.")
        .ending(4, "zip")
        .taken(Taken::Saved),
    file("croissant.json", "application/ld+json", &[LANG], make::croissant_json)
        .about("The dataset as Croissant 1.1, by which libraries of machine learning load its finest table.")
        .spelling(Spelling::Shown),
    file("package.zip", "application/zip", &[], make::package_zip)
        .about("The whole dataset as a Frictionless Data Package, as publishers make them.")
        .spelling(Spelling::Shown)
        .taken(Taken::Saved),
    file("codebook.json", JSON, QUESTION, |asked, params| Ok(make::codebook(asked, params)?.to_json().into()))
        .about("What every column and code means: of the dataset, or with a query of its answer.")
        .schema("Codebook")
        .spelling(Spelling::Shown),
    file("codebook.csv", CSV, QUESTION, make::codebook_csv)
        .about("The same as a table: a row for each column, then for each of its codes.")
        .spelling(Spelling::Shown),
    file("manifest.json", JSON, &[], make::manifest)
        .about("What the release consists of. The first digits of the SHA-256 of these bytes stand in its id.")
        .schema("Manifest")
        .spelling(Spelling::Shown)
        .first(),
];

const fn file(
    name: &'static str,
    media_type: &'static str,
    parameters: &'static [Group],
    make: fn(&Asked, Params) -> Made,
) -> File {
    let (about, schema, ending, spelling) = ("", None, None, Spelling::Hidden);
    let (taken, lasts, is_table, shows_chart, is_first) = (Taken::Shown, true, false, false, false);
    File {
        name,
        media_type,
        about,
        parameters,
        schema,
        taken,
        lasts,
        is_table,
        shows_chart,
        ending,
        is_first,
        spelling,
        make,
    }
}

impl File {
    const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    const fn schema(self, schema: &'static str) -> Self {
        Self { schema: Some(schema), ..self }
    }

    const fn taken(self, taken: Taken) -> Self {
        Self { taken, ..self }
    }

    const fn ending(self, place: u8, ending: &'static str) -> Self {
        Self { ending: Some((place, ending)), ..self }
    }

    const fn spelling(self, spelling: Spelling) -> Self {
        Self { spelling, ..self }
    }

    const fn table(self) -> Self {
        Self { is_table: true, ..self }
    }

    const fn chart(self) -> Self {
        Self { shows_chart: true, ..self }
    }

    const fn first(self) -> Self {
        Self { is_first: true, ..self }
    }

    /// Marks a file that may change even under a pinned address.
    const fn changes(self) -> Self {
        Self { lasts: false, ..self }
    }

    /// Returns the file with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.name == name)
    }

    /// Whether the file has texts in a language.
    pub fn has_language(&self) -> bool {
        parameters::names(self.parameters).contains(&"lang")
    }

    /// Returns the values of the header `Link`: from a table to its description, and from a chart to its oEmbed answer. `path` is the
    /// address of the file without its query.
    pub fn links(&self, path: &str, query: &str, base: &str) -> Vec<String> {
        let described = DESCRIPTIONS.iter().find(|(table, _)| *table == self.name);
        let described = described.and_then(|(_, description)| File::named(description));
        let described = described.and_then(|own| link::described_by(own.name, own.media_type, query));
        let embedded = self.shows_chart.then(|| link::embedded(path, query, base)).flatten();
        described.into_iter().chain(embedded).collect()
    }

    /// Returns the value of `Content-Disposition`: a name that says what the file holds. With `is_saved`, the browser also saves a
    /// file that it would otherwise show.
    pub fn disposition(&self, release: &Release, query: &str, is_saved: bool) -> String {
        let kept = if is_saved || self.taken == Taken::Saved { "attachment" } else { "inline" };
        format!("{kept}; filename=\"{}\"", name::name(self.name, self.parameters, release, query))
    }

    /// Returns the canonical spelling of the question, as a key for the cache: requests with the same spelling get the same bytes.
    /// `None` if the question cannot be parsed, since the maker of the file then reports why. If the question is parsed here, it is
    /// stored in `asked` and removed from `params`.
    ///
    /// `generation` is the number of the catalog. It becomes part of the key for files that may change.
    pub fn question(&self, asked: &mut Asked, params: &mut Params, generation: u64) -> Option<String> {
        let release = &asked.dataset.release;
        let mut text = format!("{}/{}/{}", release.dataset(), release.id(), self.name);
        if !self.lasts {
            text.push_str(&format!("@{generation}"));
        }
        match self.spelling {
            Spelling::Quoted => return Some(format!("{text}?{}", asked.query)),
            Spelling::Hidden => {
                let mut rest = params.clone();
                let query = rest.take_query(release).ok()?;
                text.push_str(&format!("?{}", query.canonical(release)));
                (*params, asked.taken) = (rest, Some(query));
            }
            Spelling::Shown => {}
        }
        for (name, value) in params.pairs() {
            text.push_str(&format!("&{}={}", escape(name), escape(value)));
        }
        Some(text)
    }
}

/// Returns the files that never change under a pinned address. Pages offer these.
pub fn offered() -> Vec<Offered> {
    let lasting = FILES.iter().filter(|file| file.lasts);
    lasting.map(|file| Offered { name: file.name, media_type: file.media_type }).collect()
}

/// Returns the names of the files that the description of a dataset lists. Files that the description of a release lists too come
/// first.
pub fn names(is_pinned: bool) -> Vec<&'static str> {
    let first = FILES.iter().filter(|file| file.is_first);
    let later = FILES.iter().filter(|file| file.lasts && !file.is_first && !is_pinned);
    first.chain(later).map(|file| file.name).collect()
}
