//! The page of a statute: facts about the statute, and the view of its figures.

use std::sync::Arc;

use askama::Template;
use chargesheet_count::picture::{PARAMETERS, Topic, chart};

use super::address::{of_category, of_statute};
use super::chart::Chart;
use super::choices::Judge;
use super::evidence::page_of;
use super::frame::{Choice, Frame, PageError, read};
use super::linked;
use super::spans::{Alone, spans};
use super::statute_history::{History, history};
use super::view::{View, asked, chosen, fixed, tabs, view};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Dimension, Language, Lists, Statute};
use crate::present::plain::{Plain, Told, plain, unsaid_question};
use crate::present::texts::fill;
use crate::present::{country_name, name_of, offence_name, short_name_of};
use crate::query::escape_part;

#[derive(Template)]
#[template(path = "statute.html")]
struct Page<'a> {
    frame: Frame,
    /// Address of this page without parameters: the target of the form.
    action: String,
    statute: &'a Statute,
    language: Language,
    /// The law's names in its own languages, each behind the language's tag, without one that the page has already.
    own_laws: Vec<(&'a str, &'a str)>,
    facts: Vec<Fact>,
    answers: Plain,
    /// The heading of what cannot be said.
    unsaid: String,
    datasets: Vec<Choice>,
    view: Option<View>,
    history: Option<History<'a>>,
    spans: Vec<Alone<'a>>,
    /// The JSON-LD for search engines, escaped for a `<script>`.
    linked: String,
}

impl Page<'_> {
    /// Returns the questions that have one answer each.
    fn questions(&self) -> [&Told; 2] {
        [&self.answers.used, &self.answers.ends]
    }
}

/// A fact about the statute: its name, and texts, each with an address if there is one.
struct Fact {
    name: String,
    texts: Vec<(String, String)>,
}

/// Returns the page of a statute.
///
/// # Errors
/// When there is no such statute, or a parameter is not known; or on a bug.
pub fn statute(catalog: &Catalog, base: &str, id: &str, query: &str) -> Result<String, PageError> {
    let (mut params, language) = read(query)?;
    let Some(statute) = catalog.statute(id) else {
        let id = id.to_owned();
        if let Some(dataset) = catalog.unread() {
            return Err(PageError::Unread { id, dataset: dataset.to_owned() });
        }
        let nearest = catalog.nearest_statute(&id).map(str::to_owned);
        return Err(PageError::Missing { what: "statute", id, nearest, page: of_statute });
    };
    let path = format!("/statutes/{}", escape_part(id));
    let coverage = catalog.coverage(id);
    // The address of this view, for the same page in other languages and for the snippet.
    let own = asked(&params, &PARAMETERS);
    let covering = chosen(coverage, params.take("dataset"), id, |own| &own.dataset)?;
    let name = name_of(statute, Lists::bundled(), language);
    let title = format!("{name} – Chargesheet");
    let frame = Frame::new(language, title, name.clone(), base, [&path, &own]).of_all(catalog);
    let page = format!("{base}{}", frame.address());
    let shown = shown(catalog, covering);
    let history = history(catalog, statute, shown.map(|(_, dataset)| &**dataset), language)?;
    let spans = match shown {
        Some((_, dataset)) => spans(dataset, statute, language)?,
        None => Vec::new(),
    };
    let view = match shown {
        Some((covering, dataset)) => {
            let judge = Judge::of_page(dataset, base, &fixed(Dimension::Statute, &params));
            let topic = Topic::of_statute(covering, dataset, id);
            Some(view(judge, &topic, params, language, &page, base)?)
        }
        None => {
            params.finish_with(&PARAMETERS)?;
            None
        }
    };
    let figures = view.as_ref().and_then(|view| view.shown.as_ref());
    let frame = frame.shared(figures.map(|shown| shown.share.clone()));
    let ids = coverage.iter().map(|own| own.dataset.as_str());
    let page = Page {
        statute,
        language,
        own_laws: statute.own_laws().filter(|(_, own)| *own != statute.laws().get(language)).collect(),
        facts: facts(catalog, statute, &frame, language),
        answers: plain(catalog, statute, language)?,
        unsaid: unsaid_question(language),
        datasets: tabs(catalog, ids, &path, covering.map_or("", |own| &own.dataset), language),
        linked: linked::embedded(&linked::of_statute(statute, &name, language, base)),
        action: path,
        frame,
        view,
        history,
        spans,
    };
    Ok(page.render()?)
}

/// Returns the chart on a statute's page; `None` when the page has no chart.
///
/// # Errors
/// As the page itself.
pub fn statute_chart(
    catalog: &Catalog,
    base: &str,
    id: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let (mut params, language) = read(query)?;
    let Some(statute) = catalog.statute(id) else { return Ok(None) };
    let covering = chosen(catalog.coverage(id), params.take("dataset"), id, |own| &own.dataset)?;
    let Some((covering, dataset)) = shown(catalog, covering) else { return Ok(None) };
    let topic = Topic::of_statute(covering, dataset, &statute.id);
    Ok(Some(chart(&mut Judge::new(dataset, base), &topic, params, language)?.into()))
}

/// Returns a dataset's coverage of the statute, with the dataset itself if it can be read.
fn shown<'a>(
    catalog: &'a Catalog,
    covering: Option<&'a Coverage>,
) -> Option<(&'a Coverage, &'a Arc<Dataset>)> {
    covering.and_then(|covering| Some((covering, catalog.dataset(&covering.dataset)?)))
}

fn facts(catalog: &Catalog, statute: &Statute, frame: &Frame, language: Language) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut fact = |name: &str, text: String, address: String| match facts.last_mut() {
        // What has the same name, as several parts do, stands behind it once.
        Some(Fact { name: last, texts }) if !name.is_empty() && last == name => texts.push((text, address)),
        _ => facts.push(Fact { name: name.to_owned(), texts: vec![(text, address)] }),
    };
    for (key, place, day) in
        [("in_force", "from", statute.in_force_from), ("in_force_until", "to", statute.in_force_to)]
    {
        if let Some(day) = day {
            fact("", fill(frame.t(key), &[(place, &day.to_string())]), String::new());
        }
    }
    let all = catalog.statutes();
    let parts = all.iter().filter(|other| other.parent.as_ref() == Some(&statute.id));
    let parts = parts.map(|other| ("parts", other.id.as_str()));
    let named = [("part_of", statute.parent.as_deref()), ("successor", statute.successor.as_deref())];
    for (key, id) in named.into_iter().filter_map(|(key, id)| Some((key, id?))).chain(parts) {
        let Some(other) = catalog.statute(id) else { continue };
        let text = format!("{}: {}", short_name_of(other, language), other.title.get(language));
        fact(frame.t(key), text, of_statute(id, language));
    }
    if !statute.url.is_empty() {
        fact("", frame.t("law_text").to_owned(), statute.url.clone());
    }
    facts
}
