//! A dataset's page: what it counts, what its columns and codes mean, what may be summed, how to load it.

use askama::Template;

use super::linked::{self, Place};
use super::load::{Load, loads};
use super::whole::{Whole, tables};
use super::{Choice, Frame, PageError, example, language};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Measure};
use crate::present::codebook::{Code, Codebook, Column};
use crate::present::number;
use crate::present::texts::{Texts, fill};
use crate::query::{Params, escape_part, in_time};

/// A file that a dataset answers with.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
}

#[derive(Template)]
#[template(path = "dataset.html")]
struct Page {
    frame: Frame,
    linked: String,
    book: Codebook,
    facts: Vec<(String, String)>,
    /// What to say of a release that is not the newest, with the address of the newest.
    newer: Option<(String, String)>,
    /// Columns that figures are grouped by, those that are counted, and the others.
    dimensions: Vec<Dimensional>,
    measures: Vec<Column>,
    others: Vec<Column>,
    codes: Vec<Coded>,
    coverage: Vec<Covered>,
    releases: Vec<Released>,
    downloads: Vec<(&'static str, String)>,
    whole: Vec<Whole>,
    loads: Vec<Load>,
}

/// A column that figures are grouped by.
struct Dimensional {
    column: Column,
    /// Which figures may be summed over it, in words.
    sum: String,
}

/// A list of codes.
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
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    params.finish_with(&["lang"])?;
    let release = &dataset.release;
    let id = release.dataset();
    let texts = Texts::of(language);
    let book = Codebook::of(dataset, language)?;
    let path = page_path(id, is_pinned.then(|| release.id().as_str()));
    let title = format!("{} – Chargesheet", book.title);
    let frame = Frame::new(language, title, book.description.clone(), &path, "");
    let place = Place { base, files, is_pinned, language };
    let linked = linked::embedded(&linked::of_dataset(catalog, dataset, &book, &place));
    let example = example::query(catalog, dataset);
    let api = match is_pinned {
        true => format!("/v1/datasets/{}/releases/{}", escape_part(id), release.id()),
        false => format!("/v1/datasets/{}", escape_part(id)),
    };
    let newer = catalog.newer_than(id, release.id().as_str()).map(|(_, published)| {
        (fill(texts.on_page("newer"), &[("date", published)]), in_language(&page_path(id, None), language))
    });
    let (mut dimensions, mut measures, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for column in book.columns.iter().cloned() {
        if Dimension::from_name(&column.name).is_some() {
            dimensions.push(Dimensional { sum: summed(&column, &book, texts), column });
        } else if Measure::from_name(&column.name).is_some() {
            measures.push(column);
        } else if !column.name.ends_with("_label") {
            others.push(column);
        }
    }
    let of_question =
        |file: &&Offered| file.name.starts_with("aggregate.") || file.name.starts_with("chart.");
    let of_dataset = |file: &&Offered| {
        !file.name.starts_with("aggregate.")
            && ["codebook", "package", "manifest"].iter().any(|start| file.name.starts_with(start))
    };
    let downloads =
        files.iter().filter(of_question).map(|file| (file.name, format!("{api}/{}?{example}", file.name)));
    let downloads = downloads
        .chain(files.iter().filter(of_dataset).map(|file| (file.name, format!("{api}/{}", file.name))));
    let page = Page {
        linked,
        facts: facts(dataset, &book, texts),
        newer,
        dimensions,
        measures,
        others,
        codes: codes(&book, texts, language),
        coverage: coverage(&book, texts, language),
        releases: releases(catalog, dataset, texts, language),
        downloads: downloads.collect(),
        whole: tables(dataset, &api, language),
        loads: loads(
            &format!("{base}{api}/aggregate"),
            &example,
            files.iter().any(|file| file.name == "aggregate.xlsx"),
        ),
        book,
        frame,
    };
    Ok(page.render()?)
}

/// Returns the datasets as links to their pages.
pub(super) fn links(catalog: &Catalog, language: Language) -> Vec<Choice> {
    catalog
        .datasets()
        .map(|dataset| Choice {
            value: in_language(&page_path(dataset.release.dataset(), None), language),
            label: dataset.release.descriptor().titles().get(language).to_owned(),
            chosen: false,
        })
        .collect()
}

/// Returns the path of a dataset's page, or of that of a release.
pub(super) fn page_path(id: &str, release: Option<&str>) -> String {
    let path = format!("/datasets/{}", escape_part(id));
    release.map_or_else(|| path.clone(), |release| format!("{path}/releases/{release}"))
}

pub(super) fn in_language(path: &str, language: Language) -> String {
    if language == Language::ENGLISH { path.to_owned() } else { format!("{path}?lang={language}") }
}

fn facts(dataset: &Dataset, book: &Codebook, texts: &Texts) -> Vec<(String, String)> {
    let said = |key: &str| texts.on_dataset_page(key).to_owned();
    let records = number(dataset.release.manifest().records(), texts);
    let licenses: Vec<&str> = book
        .licenses
        .iter()
        .map(|license| if license.title.is_empty() { license.name.as_str() } else { license.title.as_str() })
        .collect();
    let makers: Vec<&str> = book.contributors.iter().map(|who| who.title.as_str()).collect();
    let mut facts = vec![
        (said("release"), book.release.clone()),
        (said("version"), book.version.clone()),
        (said("made"), book.created.get(..10).unwrap_or_default().to_owned()),
        (said("records"), records),
        (said("licence"), licenses.join(", ")),
    ];
    if !makers.is_empty() {
        facts.push((said("publisher"), makers.join(", ")));
    }
    facts
}

fn summed(column: &Column, book: &Codebook, texts: &Texts) -> String {
    let Some(sum) = &column.sum else { return String::new() };
    let titles: Vec<String> = book
        .columns
        .iter()
        .filter(|own| sum.measures.contains(&own.name.as_str()))
        .map(|own| own.title.to_lowercase())
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let first = if titles.is_empty() {
        texts.on_dataset_page("sum_none").to_owned()
    } else {
        fill(texts.on_dataset_page("sum_some"), &[("measures", &texts.list(&titles))])
    };
    format!("{first} {}", sum.why)
}

fn codes(book: &Codebook, texts: &Texts, language: Language) -> Vec<Coded> {
    let named = |column: &str| {
        let own = book.columns.iter().find(|own| own.name == column);
        own.map_or_else(|| texts.on_dataset_page(column).to_owned(), |own| own.title.clone())
    };
    let address = |is_statute: bool, code: &Code| match is_statute {
        true => super::index::statute_address(&code.code, language),
        false => code.property("url").to_owned(),
    };
    book.codes
        .iter()
        .map(|codes| {
            let first = codes.columns.first().map(String::as_str).unwrap_or_default();
            let is_statute = first == Dimension::Statute.name();
            Coded {
                title: named(first),
                id: first.replace('.', "-"),
                codes: codes.codes.iter().map(|code| (code.clone(), address(is_statute, code))).collect(),
            }
        })
        .collect()
}

fn coverage(book: &Codebook, texts: &Texts, language: Language) -> Vec<Covered> {
    let label = |column: &str, code: &str| {
        let lists = book.codes.iter().filter(|codes| codes.columns.iter().any(|own| own == column));
        let found = lists.flat_map(|codes| &codes.codes).find(|own| own.code == code);
        found.map_or_else(
            || code.to_owned(),
            |own| {
                if own.definition.is_empty() || column == "outcome" {
                    own.label.clone()
                } else {
                    own.definition.clone()
                }
            },
        )
    };
    in_time(&book.coverage)
        .map(|covered| Covered {
            name: label("statute", &covered.statute),
            address: super::index::statute_address(&covered.statute, language),
            years: if covered.years.is_empty() { texts.unknown.clone() } else { runs(&covered.years) },
            outcomes: covered
                .outcomes
                .iter()
                .map(|code| label("outcome", code))
                .collect::<Vec<_>>()
                .join(", "),
            measures: book
                .columns
                .iter()
                .filter(|column| covered.measures.contains(&column.name.as_str()))
                .map(|column| column.title.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
        .collect()
}

/// Years in order, runs of them joined: "2014, 2016–2018".
fn runs(years: &[i32]) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &year in years {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == year => *last = year,
            _ => runs.push((year, year)),
        }
    }
    let text = |(first, last)| if first == last { format!("{first}") } else { format!("{first}–{last}") };
    runs.into_iter().map(text).collect::<Vec<_>>().join(", ")
}

/// All releases, the newest first.
fn releases(catalog: &Catalog, dataset: &Dataset, texts: &Texts, language: Language) -> Vec<Released> {
    let id = dataset.release.dataset();
    let all = catalog.releases(id).unwrap_or_default();
    let live = |place: usize| all[place].entry.withdrawn.is_none();
    let each = (0..all.len()).rev().map(|place| {
        let entry = &all[place].entry;
        let before = (0..place).rev().find(|&before| live(before)).filter(|_| live(place));
        let notes = entry.notes.get(language.code()).or_else(|| entry.notes.get("en"));
        Released {
            id: entry.id.clone(),
            address: in_language(&page_path(id, Some(&entry.id)), language),
            published: entry.published.get(..10).unwrap_or(&entry.published).to_owned(),
            version: entry.version.clone(),
            records: number(entry.records, texts),
            notes: notes.cloned().unwrap_or_default(),
            withdrawn: entry.withdrawn.is_some(),
            changes: before.map_or(String::new(), |before| {
                format!(
                    "/v1/datasets/{}/changes.csv?from={}&to={}",
                    escape_part(id),
                    all[before].entry.id,
                    entry.id
                )
            }),
            is_this: entry.id == dataset.release.id().as_str(),
        }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_between_years_can_be_seen() {
        assert_eq!(runs(&[2014, 2016, 2017, 2018]), "2014, 2016–2018");
        assert_eq!(runs(&[]), "");
    }
}
