//! A dataset's page: what it counts, what its columns and codes mean, what may be summed, how to load it.

use askama::Template;

use super::address::{Offered, in_language, of_dataset, of_statute};
use super::example;
use super::frame::{Frame, PageError, read_language};
use super::linked::{self, Place};
use super::load::{Load, loads};
use super::whole::{Whole, tables};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Measure};
use crate::package::License;
use crate::present::codebook::{Code, Codebook, Column};
use crate::present::numbers::{number, years};
use crate::present::texts::{Texts, fill};
use crate::query::in_time;

#[derive(Template)]
#[template(path = "dataset.html")]
struct Page {
    frame: Frame,
    linked: String,
    book: Codebook,
    facts: Vec<(&'static str, String)>,
    /// What to say of a release that is not the newest, with the address of the newest.
    newer: Option<(String, String)>,
    /// Columns that figures are grouped by, each with which figures may be summed over it, in words.
    dimensions: Vec<(Column, String)>,
    /// Columns that are counted, and the others.
    measures: Vec<Column>,
    others: Vec<Column>,
    codes: Vec<Coded>,
    coverage: Vec<Covered>,
    releases: Vec<Released>,
    downloads: Vec<(&'static str, String)>,
    whole: Vec<Whole>,
    loads: Vec<Load>,
}

/// A list of codes, each with the address of what it stands for.
struct Coded {
    title: String,
    id: String,
    codes: Vec<(Code, String)>,
}

/// What there is of a statute.
struct Covered {
    name: String,
    address: String,
    years: String,
    outcomes: String,
    measures: String,
}

/// A release in the list.
struct Released {
    id: String,
    address: String,
    published: String,
    version: String,
    records: String,
    notes: String,
    withdrawn: bool,
    /// Address of what changed since the one before.
    changes: String,
    is_this: bool,
}

/// Returns the page of a dataset, or of one release of it. `files` are those that it answers with, `base` is the public
/// address of the service without a final slash.
///
/// # Errors
/// When a parameter has no meaning; or on a bug.
pub fn dataset(
    catalog: &Catalog,
    dataset: &Dataset,
    is_pinned: bool,
    files: &[Offered],
    query: &str,
    base: &str,
) -> Result<String, PageError> {
    let language = read_language(query)?;
    let release = &dataset.release;
    let id = release.dataset();
    let texts = Texts::of(language);
    let book = Codebook::of(dataset, language)?;
    let pinned = is_pinned.then(|| release.id().as_str());
    let title = format!("{} – Chargesheet", book.title);
    let path = of_dataset("/datasets", id, pinned);
    let api = of_dataset("/v1/datasets", id, pinned);
    let place = Place { base, files, is_pinned, language };
    let example = example::query(catalog, dataset);
    let newer = catalog.newer_than(id, release.id().as_str()).map(|(_, published)| {
        let newest = in_language(&of_dataset("/datasets", id, None), language);
        (fill(texts.on_page("newer"), &[("date", published)]), newest)
    });
    let (mut dimensions, mut measures, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for column in book.columns.iter().cloned() {
        if Dimension::from_name(&column.name).is_some() {
            let sum = summed(&column, &book, texts);
            dimensions.push((column, sum));
        } else if Measure::from_name(&column.name).is_some() {
            measures.push(column);
        } else if !column.name.ends_with("_label") {
            others.push(column);
        }
    }
    let starting = |starts: &'static [&'static str]| {
        let is_wanted = |file: &&Offered| starts.iter().any(|start| file.name.starts_with(start));
        files.iter().filter(is_wanted).map(|file| file.name)
    };
    let of_answer = starting(&["aggregate.", "chart."]).map(|name| (name, format!("{api}/{name}?{example}")));
    let of_release =
        starting(&["codebook", "package", "manifest"]).map(|name| (name, format!("{api}/{name}")));
    let has_xlsx = files.iter().any(|file| file.name == "aggregate.xlsx");
    let page = Page {
        frame: Frame::new(language, title, book.description.clone(), &path, ""),
        linked: linked::embedded(&linked::of_dataset(catalog, dataset, &book, &place)),
        facts: facts(dataset, &book, texts),
        newer,
        dimensions,
        measures,
        others,
        codes: codes(&book, texts, language),
        coverage: coverage(&book, texts, language),
        releases: releases(catalog, dataset, texts, language),
        downloads: of_answer.chain(of_release).collect(),
        whole: tables(dataset, &api, language),
        loads: loads(&format!("{base}{api}/aggregate"), &example, has_xlsx),
        book,
    };
    Ok(page.render()?)
}

fn facts(dataset: &Dataset, book: &Codebook, texts: &'static Texts) -> Vec<(&'static str, String)> {
    let title = |own: &License| if own.title.is_empty() { own.name.clone() } else { own.title.clone() };
    let licenses: Vec<String> = book.licenses.iter().map(title).collect();
    let makers: Vec<&str> = book.contributors.iter().map(|who| who.title.as_str()).collect();
    let facts = [
        ("release", book.release.clone()),
        ("version", book.version.clone()),
        ("made", book.created.get(..10).unwrap_or_default().to_owned()),
        ("records", number(dataset.release.manifest().records(), texts)),
        ("licence", licenses.join(", ")),
        ("publisher", makers.join(", ")),
    ];
    let is_said = |(key, _): &(&str, String)| *key != "publisher" || !makers.is_empty();
    facts.into_iter().filter(is_said).map(|(key, text)| (texts.on_dataset_page(key), text)).collect()
}

fn summed(column: &Column, book: &Codebook, texts: &Texts) -> String {
    let Some(sum) = &column.sum else { return String::new() };
    let of = book.columns.iter().filter(|own| sum.measures.contains(&own.name.as_str()));
    let titles: Vec<String> = of.map(|own| own.title.to_lowercase()).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let first = if titles.is_empty() {
        texts.on_dataset_page("sum_none").to_owned()
    } else {
        fill(texts.on_dataset_page("sum_some"), &[("measures", &texts.list(&titles))])
    };
    format!("{first} {}", sum.why)
}

fn codes(book: &Codebook, texts: &Texts, language: Language) -> Vec<Coded> {
    let mut lists = Vec::new();
    for codes in &book.codes {
        let first = codes.columns.first().map(String::as_str).unwrap_or_default();
        let column = book.columns.iter().find(|own| own.name == first);
        let address = |code: &Code| match first == Dimension::Statute.name() {
            true => of_statute(&code.code, language),
            false => code.property("url").to_owned(),
        };
        lists.push(Coded {
            title: column.map_or_else(|| texts.on_dataset_page(first), |own| own.title.as_str()).to_owned(),
            id: first.replace('.', "-"),
            codes: codes.codes.iter().map(|code| (code.clone(), address(code))).collect(),
        });
    }
    lists
}

fn coverage(book: &Codebook, texts: &Texts, language: Language) -> Vec<Covered> {
    let found = |column: &str, code: &str| {
        let lists = book.codes.iter().filter(|codes| codes.columns.iter().any(|own| own == column));
        lists.flat_map(|codes| &codes.codes).find(|own| own.code == code)
    };
    let label = |code: &String| found("outcome", code).map_or(code.clone(), |own| own.label.clone());
    // The label of a statute is its title; what it means says which law it is in.
    let name = |id: &str| match found("statute", id) {
        None => id.to_owned(),
        Some(own) if own.definition.is_empty() => own.label.clone(),
        Some(own) => own.definition.clone(),
    };
    in_time(&book.coverage)
        .map(|covered| {
            let measures = book.columns.iter().filter(|own| covered.measures.contains(&own.name.as_str()));
            let unknown = covered.years.is_empty().then(|| texts.unknown.clone());
            Covered {
                name: name(&covered.statute),
                address: of_statute(&covered.statute, language),
                years: unknown.unwrap_or_else(|| years(&covered.years)),
                outcomes: covered.outcomes.iter().map(label).collect::<Vec<_>>().join(", "),
                measures: measures.map(|column| column.title.as_str()).collect::<Vec<_>>().join(", "),
            }
        })
        .collect()
}

/// All releases, the newest first.
fn releases(catalog: &Catalog, dataset: &Dataset, texts: &Texts, language: Language) -> Vec<Released> {
    let id = dataset.release.dataset();
    let all = catalog.releases(id).unwrap_or_default();
    let live = |place: usize| all[place].entry.withdrawn.is_none();
    let released = |place: usize| {
        let entry = &all[place].entry;
        let before = (0..place).rev().find(|&before| live(before)).filter(|_| live(place));
        let changes = of_dataset("/v1/datasets", id, None);
        let notes = entry.notes.get(language.code()).or_else(|| entry.notes.get("en"));
        Released {
            id: entry.id.clone(),
            address: in_language(&of_dataset("/datasets", id, Some(&entry.id)), language),
            published: entry.published.get(..10).unwrap_or(&entry.published).to_owned(),
            version: entry.version.clone(),
            records: number(entry.records, texts),
            notes: notes.cloned().unwrap_or_default(),
            withdrawn: entry.withdrawn.is_some(),
            changes: before.map_or(String::new(), |before| {
                format!("{changes}/changes.csv?from={}&to={}", all[before].entry.id, entry.id)
            }),
            is_this: entry.id == dataset.release.id().as_str(),
        }
    };
    (0..all.len()).rev().map(released).collect()
}
