//! `/s/{code}`: redirects a short address to the page or file that it stands for. This works on any service that has the release.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::app::{App, dataset_of};
use super::files::{FILES, File};
use super::forgiven::redirect as redirection;
use super::pages::apologise;
use super::problem::{Answer, Problem};
use super::response::{Caching, RELEASE};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Language, nearest};
use crate::query::Short;

/// The target of a short address.
pub struct ShortTarget {
    /// The dataset, in the release that the short address names.
    pub dataset: Arc<Dataset>,
    /// The file. `None` for the page for people.
    pub file: Option<&'static str>,
    /// The query of the target.
    pub query: String,
}

/// Parses the part of a short address after `/s/`.
///
/// # Errors
/// When it is no short address, or its target does not exist here.
pub fn target(catalog: &Catalog, asked: &str) -> Result<ShortTarget, Problem> {
    let (code, ending) = match asked.split_once('.') {
        Some((code, ending)) => (code, Some(ending)),
        None => (asked, None),
    };
    let file = ending.map(file_of).transpose()?;
    let short = Short::read(code)?;
    let digits = short.digits();
    let Some((id, release)) = catalog.release_with_digits(&digits) else {
        return Err(catalog.unread().map_or_else(
            || Problem::no_release_with(&digits),
            |dataset| Problem::unread_dataset("release with the digits", &digits, dataset),
        ));
    };
    let dataset = dataset_of(catalog, id, Some(release))?;
    let (query, language) = short.open(&dataset.release)?;
    let mut query = query.canonical(&dataset.release);
    let language = language.filter(|own| *own != Language::default());
    if let Some(language) = language.filter(|_| file.is_none_or(File::has_language)) {
        query.push_str(&format!("&lang={language}"));
    }
    Ok(ShortTarget { dataset, file: file.map(|file| file.name), query })
}

/// Answers `/s/{code}` and `/s/{code}.{ending}`. The query, such as the width of a picture, is passed on.
pub async fn follow(app: App, asked: String, query: String) -> Answer {
    let is_page = !asked.contains('.');
    match redirect(&app, asked, &query).await {
        // People type addresses without an ending, and programs request those with one.
        Err(problem) if is_page => apologise(&problem, None, &query),
        answer => answer,
    }
}

async fn redirect(app: &App, asked: String, more: &str) -> Answer {
    let catalog = app.catalog();
    let ShortTarget { dataset, file, query } = app.compute(move || target(&catalog, &asked)).await?;
    let (dataset, release) = (dataset.release.dataset(), dataset.release.id().as_str());
    // The address of the page may change one day, so its redirect is cached for minutes only.
    let (place, caching) = match file {
        None => (format!("/report/{dataset}/releases/{release}?{query}"), Caching::Program),
        Some(file) => (format!("/v1/datasets/{dataset}/releases/{release}/{file}?{query}"), Caching::Pinned),
    };
    let place = if more.is_empty() { place } else { format!("{place}&{more}") };
    Ok(redirection(&place, caching).with(RELEASE, release))
}

fn file_of(asked: &str) -> Result<&'static File, Problem> {
    let with_ending = FILES.iter().filter_map(|file| Some((file.ending?, file)));
    let all: BTreeMap<(u8, &str), &File> = with_ending.collect();
    all.iter().find(|((_, ending), _)| *ending == asked).map(|(_, file)| *file).ok_or_else(|| {
        let endings: Vec<&str> = all.keys().map(|(_, ending)| *ending).collect();
        Problem::no_ending(asked, &endings, nearest(asked, endings.iter().copied()))
    })
}
