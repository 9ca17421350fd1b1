//! Downloads of a dataset's figures: whole tables, and code to copy that loads an answer in common programs.
//! `tests/e2e/explorer/snippets.rs` takes each piece of code off the page and runs it.

use super::address::in_language;
use crate::answer::Dataset;
use crate::domain::{Dimension, Language};
use crate::present::texts::fill;
use crate::present::titles;
use crate::query::Query;

/// A table without filters.
pub struct Whole {
    /// The title: what is counted, and by what.
    pub title: String,
    /// The files of the table: the name of the format, and the address.
    pub files: Vec<(&'static str, String)>,
}

/// The groupings, the finest first.
const GROUPINGS: [&[Dimension]; 7] = {
    use Dimension::{Category, Country, Outcome, Statute, Year};
    [
        &[Country, Statute, Outcome, Year],
        &[Country, Outcome, Year],
        &[Category, Country, Outcome],
        &[Statute, Outcome],
        &[Country, Outcome],
        &[Year, Outcome],
        &[Year],
    ]
};

/// The formats of a table: name and file ending.
const FORMS: [(&str, &str); 4] = [("CSV", "csv"), ("XLSX", "xlsx"), ("Parquet", "parquet"), ("ZIP", "zip")];

/// Returns the tables that a dataset can give without summing figures that may not be summed. `api` is the path of the dataset,
/// or of one of its releases.
pub fn tables(dataset: &Dataset, api: &str, language: Language) -> Vec<Whole> {
    let release = &dataset.release;
    let measures = &release.descriptor().chargesheet.measures;
    let queries = GROUPINGS.iter().map(|by| Query::everything(by.to_vec(), measures.clone()));
    let answered = queries.filter(|query| dataset.may_ask(query));
    let whole = |query: Query| {
        let canonical = query.canonical(release);
        let file = |(name, ending)| {
            let address = format!("{api}/aggregate.{ending}?{canonical}");
            let has_words = matches!(ending, "xlsx" | "zip");
            (name, if has_words { in_language(&address, language) } else { address })
        };
        Whole { title: titles(&query, release, language).1, files: FORMS.map(file).into() }
    };
    answered.map(whole).collect()
}

/// Code to copy that loads an answer in a program.
pub struct Load {
    /// The id of the code in the page, such as `pandas`.
    pub id: &'static str,
    /// The name of the program.
    pub program: &'static str,
    /// The code to copy.
    pub text: String,
    /// The number of lines that the page shows.
    pub lines: usize,
}

/// About how many characters fit on a line before it wraps.
const WRAPPED: usize = 76;

/// The programs: id, name, and the code, with `{csv}` or `{xlsx}` in place of the address.
const PROGRAMS: [(&str, &str, &str); 13] = [
    ("shell", "Shell (curl)", "curl --fail --silent --show-error --output figures.csv \\\n  '{csv}'"),
    (
        "r",
        "R",
        "# An empty cell is unknown or not reported, never zero.\nfigures <- read.csv(\n  \"{csv}\",\n  na.strings = \"\"\n)\nhead(figures)",
    ),
    (
        "pandas",
        "Python, pandas",
        "import pandas as pd\n\n# An empty cell is unknown or not reported, never zero: it stays missing in whole numbers, too.\nfigures = pd.read_csv(\n    \"{csv}\",\n    keep_default_na=False,\n    na_values=[\"\"],\n).convert_dtypes()\nprint(figures.head())",
    ),
    (
        "polars",
        "Python, polars",
        "from urllib.request import urlopen\n\nimport polars as pl\n\n# An empty cell is unknown or not reported, never zero: it is null.\nfigures = pl.read_csv(\n    urlopen(\"{csv}\").read(),\n    infer_schema_length=None,\n)\nprint(figures.head())",
    ),
    ("excel", "Excel, LibreOffice", "{xlsx}"),
    (
        "power-query",
        "Excel, Power Query",
        "= Table.PromoteHeaders(Csv.Document(Web.Contents(\"{csv}\"), [Delimiter = \",\", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]))",
    ),
    ("sheets", "Google Sheets", "=IMPORTDATA(\"{csv}\")"),
    (
        "duckdb",
        "DuckDB",
        "-- Every column is text, so that no code loses a zero in front; cast what is counted.\nINSTALL httpfs;\nLOAD httpfs;\nFROM read_csv(\n  '{csv}',\n  all_varchar = true\n);",
    ),
    (
        "observable",
        "Observable",
        "// Every column is text, so that no code loses a zero in front; an empty text is unknown, never zero.\nfigures = d3.csv(\n  \"{csv}\"\n)",
    ),
    (
        "julia",
        "Julia",
        "using CSV, DataFrames, Downloads\n\n# An empty cell is missing, never zero. Every column is text, so that no code loses a zero in front.\nfigures = CSV.read(\n    Downloads.download(\"{csv}\"),\n    DataFrame;\n    types = String,\n)",
    ),
    (
        "stata",
        "Stata",
        "* Every column is text, so that no code loses a zero in front; destring what is counted.\nimport delimited \"{csv}\", stringcols(_all) clear",
    ),
    (
        "spss",
        "SPSS",
        "BEGIN PROGRAM PYTHON3.\nfrom urllib.request import urlretrieve\nurlretrieve(\"{xlsx}\", \"figures.xlsx\")\nEND PROGRAM.\nGET DATA /TYPE=XLSX /FILE=\"figures.xlsx\" /READNAMES=ON.",
    ),
    (
        "qgis",
        "QGIS, Python",
        "# Every column is text, so that no code loses a zero in front.\nfigures = QgsVectorLayer(\n    \"CSV:/vsicurl/{csv}\",\n    \"figures\",\n    \"ogr\",\n)\nQgsProject.instance().addMapLayer(figures)",
    ),
];

/// The programs that the tests run: the page shows them first.
const TESTED: [&str; 5] = ["shell", "r", "pandas", "polars", "excel"];

/// The others by kind: the key of the kind's name, and its programs.
const KINDS: [(&str, &[&str]); 3] = [
    ("load_spreadsheets", &["power-query", "sheets"]),
    ("load_statistics", &["stata", "spss", "julia"]),
    ("load_others", &["duckdb", "observable", "qgis"]),
];

/// The code to copy for all programs.
pub struct Loads {
    /// That which the tests run.
    pub tested: Vec<Load>,
    /// All other code, by the key of its kind.
    pub kinds: Vec<(&'static str, Vec<Load>)>,
}

/// Returns the code to copy for each program. `address` is the public address of the answer's files, up to the last dot of their
/// names; `query` is the part after the `?`.
pub fn loads(address: &str, query: &str, has_xlsx: bool) -> Loads {
    let csv = format!("{address}.csv?{query}");
    let load = |(id, program, text): (&'static str, &'static str, &str)| {
        let csv = match id {
            "shell" | "duckdb" => quoted(&csv).replace('\'', "%27"),
            "power-query" => csv.replace('"', "%22"),
            _ => quoted(&csv),
        };
        let text = fill(text, &[("csv", &csv), ("xlsx", &quoted(&format!("{address}.xlsx?{query}")))]);
        // Wrapped lines count too, so that all the code is visible without scrolling.
        let lines = text.lines().map(|line| 1 + line.len() / WRAPPED).sum::<usize>().max(2);
        Load { id, program, text, lines }
    };
    let of = |ids: &[&str]| {
        let of_ids = PROGRAMS.into_iter().filter(|(id, ..)| ids.contains(id));
        of_ids.filter(|(id, ..)| has_xlsx || !["excel", "spss"].contains(id)).map(load).collect()
    };
    Loads { tested: of(&TESTED), kinds: KINDS.iter().map(|(key, ids)| (*key, of(ids))).collect() }
}

/// Escapes an address for quotes in R and Python. Addresses made here have no quotes or backslashes, but a base address could.
fn quoted(address: &str) -> String {
    address.replace('"', "%22").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_end_the_text_of_an_address() {
        let Loads { tested, kinds } = loads("https://x.example/a'b\"c\\d/aggregate", "by=year", true);
        let all: Vec<Load> = tested.into_iter().chain(kinds.into_iter().flat_map(|(_, own)| own)).collect();
        assert_eq!(all.len(), PROGRAMS.len());
        for load in all {
            let quotes = load.text.matches('\'').count();
            if load.id == "shell" {
                assert_eq!(quotes, 2, "{}", load.text);
            }
            assert!(load.id == "excel" || !load.text.contains("b\"c"), "{}", load.text);
        }
    }
}
