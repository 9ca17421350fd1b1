//! A statute's page: what it is, and the view of its figures.

use askama::Template;

use super::category::category_address;
use super::chart::Chart;
use super::index::{country_name, offence_name, statute_address};
use super::life::{Life, life};
use super::linked;
use super::share::Share;
use super::view::{Question, View, answer, drawable, question, view};
use super::{Choice, Frame, PageError, language};
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Language, Lists, Statute, nearest};
use crate::present::texts::{Texts, fill};
use crate::present::{name_of, short_name_of};
use crate::query::{Params, QueryError, escape, escape_part};
use crate::widget_files::versioned_script;

#[derive(Template)]
#[template(path = "statute.html")]
struct Page {
    frame: Frame,
    /// Address of this page without parameters.
    action: String,
    /// What was asked that the form has no field for: name and value.
    kept: Vec<(&'static str, String)>,
    title: String,
    name: String,
    country: String,
    offence: String,
    /// Address of the page of its category.
    category: String,
    facts: Vec<Fact>,
    datasets: Vec<Choice>,
    share: Option<Share>,
    /// Path of the widget, and what vouches for it.
    script: String,
    integrity: &'static str,
    view: Option<View>,
    life: Option<Life>,
    /// The page of the dataset shown.
    dataset_page: String,
    /// What search engines read, as it may stand in a script.
    linked: String,
}

/// A fact about the statute, with an address where there is one.
struct Fact {
    name: String,
    text: String,
    address: String,
}

/// Parameters of the page.
pub const PARAMETERS: [&str; 15] = [
    "dataset", "measure", "outcome", "by", "type", "country", "category", "role", "region", "source",
    "lineage", "from", "to", "share", "lang",
];

/// Returns the page of a statute.
///
/// # Errors
/// When there is no such statute, a parameter has no meaning; or on a bug.
pub fn statute(catalog: &Catalog, base: &str, id: &str, query: &str) -> Result<String, PageError> {
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    let Some(statute) = catalog.statute(id) else {
        let id = id.to_owned();
        if let Some(dataset) = catalog.unread() {
            return Err(PageError::Unread { id, dataset: dataset.to_owned() });
        }
        let nearest = catalog.nearest_statute(&id).map(str::to_owned);
        return Err(PageError::NoStatute { id, nearest });
    };
    // The address of this very view: for the same page in other languages, and for the snippet.
    let chosen: Vec<String> =
        PARAMETERS.iter().filter_map(|name| Some(format!("{name}={}", escape(params.peek(name)?)))).collect();
    let kept = ["from", "to", "role", "region", "source"];
    let kept = kept.into_iter().filter_map(|name| Some((name, params.peek(name)?.to_owned()))).collect();
    let path = format!("/statutes/{}", escape_part(id));
    let frame = |title, description| Frame::new(language, title, description, &path, &chosen.join("&"));
    let coverage = catalog.coverage(id);
    let asked = params.take("dataset");
    let covering = match &asked {
        None => coverage.first(),
        Some(asked) => Some(covering(coverage, asked, id)?),
    };
    let texts = Texts::of(language);
    let name = name_of(statute, Lists::bundled(), language);
    let page = format!("{base}{}", frame(String::new(), String::new()).address());
    let shown = covering.and_then(|covering| catalog.dataset(&covering.dataset));
    let life = life(catalog, statute, shown.map(|dataset| &**dataset), language)?;
    let view = match covering.and_then(|covering| Some((covering, catalog.dataset(&covering.dataset)?))) {
        Some((covering, dataset)) => Some(view(covering, dataset, statute, params, language, &page, base)?),
        None => {
            params.finish_with(&PARAMETERS)?;
            None
        }
    };
    let (script, integrity) = versioned_script();
    let shown = view.as_ref().and_then(|view| view.shown.as_ref());
    let description = shown.map_or_else(|| name.clone(), |shown| shown.share.description.clone());
    let page = Page {
        frame: frame(format!("{name} – Chargesheet"), description).of_all(catalog),
        action: path.clone(),
        kept,
        title: statute.title.get(language).to_owned(),
        name: short_name_of(statute, language),
        country: country_name(&statute.country, language),
        offence: offence_name(&statute.offence, language),
        category: category_address(&statute.offence, language),
        facts: facts(catalog, statute, texts, language),
        datasets: coverage
            .iter()
            .filter_map(|other| Some((other, catalog.dataset(&other.dataset)?)))
            .map(|(other, dataset)| Choice {
                value: dataset_address(&path, &other.dataset, language),
                label: dataset.release.descriptor().titles().get(language).to_owned(),
                chosen: covering.is_some_and(|covering| covering.dataset == other.dataset),
            })
            .collect(),
        share: shown.map(|shown| shown.share.clone()),
        dataset_page: covering.map_or(String::new(), |covering| {
            super::dataset::in_language(&super::dataset::page_path(&covering.dataset, None), language)
        }),
        linked: linked::embedded(&linked::of_statute(statute, &name, language, base)),
        script,
        integrity,
        view,
        life,
    };
    Ok(page.render()?)
}

/// Returns the chart on a statute's page; `None` when there is none.
///
/// # Errors
/// As the page itself.
pub fn statute_chart(
    catalog: &Catalog,
    base: &str,
    id: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    let Some(statute) = catalog.statute(id) else { return Ok(None) };
    let coverage = catalog.coverage(id);
    let covering = match params.take("dataset") {
        None => coverage.first(),
        Some(asked) => Some(covering(coverage, &asked, id)?),
    };
    let shown = covering.and_then(|covering| Some((covering, catalog.dataset(&covering.dataset)?)));
    let Some((covering, dataset)) = shown else { return Ok(None) };
    let Question { query, kind } = question(covering, dataset, statute, &mut params)?;
    params.finish_with(&PARAMETERS)?;
    Ok(Some(drawable(answer(dataset, query, language, base)?, language, kind).0))
}

/// The dataset asked for, among those that have figures on the statute.
fn covering<'a>(coverage: &'a [Coverage], asked: &str, id: &str) -> Result<&'a Coverage, QueryError> {
    coverage.iter().find(|coverage| coverage.dataset == asked).ok_or_else(|| {
        let known: Vec<&str> = coverage.iter().map(|coverage| coverage.dataset.as_str()).collect();
        QueryError::Value {
            parameter: "dataset",
            value: asked.to_owned(),
            problem: format!("has nothing on {id}"),
            nearest: nearest(asked, known.iter().copied()).map(str::to_owned),
            expected: known.into_iter().map(str::to_owned).collect(),
        }
    })
}

fn facts(catalog: &Catalog, statute: &Statute, texts: &Texts, language: Language) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, text: String, address: String| {
        facts.push(Fact { name: name.to_owned(), text, address });
    };
    for (key, place, day) in
        [("in_force", "from", statute.in_force_from), ("in_force_until", "to", statute.in_force_to)]
    {
        if let Some(day) = day {
            fact("", fill(texts.on_page(key), &[(place, &day.to_string())]), String::new());
        }
    }
    let all = catalog.statutes();
    let parts = all
        .iter()
        .filter(|other| other.parent.as_ref() == Some(&statute.id))
        .map(|other| ("parts", other.id.as_str()));
    let named = [("part_of", statute.parent.as_deref()), ("successor", statute.successor.as_deref())];
    for (key, id) in named.into_iter().filter_map(|(key, id)| Some((key, id?))).chain(parts) {
        let Some(other) = catalog.statute(id) else {
            continue;
        };
        let text = format!("{}: {}", short_name_of(other, language), other.title.get(language));
        fact(texts.on_page(key), text, statute_address(id, language));
    }
    if !statute.url.is_empty() {
        fact("", texts.on_page("law_text").to_owned(), statute.url.clone());
    }
    facts
}

/// Returns the address of a statute's page for one dataset.
fn dataset_address(path: &str, dataset: &str, language: Language) -> String {
    let language = if language == Language::ENGLISH { String::new() } else { format!("&lang={language}") };
    format!("{path}?dataset={}{language}", escape(dataset))
}
