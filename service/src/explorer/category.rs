//! The page of a category of offence: its figures across countries, the countries that prosecute it, and the statutes they use.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;
use chargesheet_count::picture::{CATEGORY_PARAMETERS, Topic, chart};

use super::address::{of_category, of_country, of_statute};
use super::chart::Chart;
use super::choices::Judge;
use super::frame::{Choice, Frame, PageError, read};
use super::order;
use super::view::{View, asked, chosen, fixed, tabs, view};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Dimension, Entry, Language, Lists, Localized, Measure, Statute, offence_definition};
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, short_name_of};
use crate::query::{Params, Query, escape_part};

/// Groupings to try, in order: the first shows most at a glance, and the last is never refused.
const GROUPINGS: [&[Dimension]; 3] = [
    &[Dimension::Country, Dimension::Outcome],
    &[Dimension::Country, Dimension::Year, Dimension::Outcome],
    &[Dimension::Statute, Dimension::Year, Dimension::Outcome],
];

#[derive(Template)]
#[template(path = "category.html")]
struct Page<'c> {
    frame: Frame,
    catalog: &'c Catalog,
    language: Language,
    /// Address of this page without parameters: the target of the form.
    action: String,
    title: String,
    lead: &'static str,
    /// The definition; empty where it is not translated, because it would not help the reader.
    definition: &'static str,
    nothing: &'static str,
    datasets: Vec<Choice>,
    view: Option<View>,
    /// The pages of the countries.
    related: Vec<Choice>,
    /// The statutes under the names of their countries.
    groups: Vec<(String, Vec<&'c Statute>)>,
}

/// Returns the category with a code.
fn category_of(code: &str) -> Result<&'static Entry, PageError> {
    let offences = &Lists::bundled().offences;
    offences.get(code).ok_or_else(|| {
        let nearest = offences.nearest(code).map(str::to_owned);
        PageError::Missing { what: "category of offence", id: code.to_owned(), nearest, page: of_category }
    })
}

/// Returns the page of a category of offence.
///
/// # Errors
/// When there is no such category, or a parameter is not known; or on a bug.
pub fn category(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let (mut params, language) = read(query)?;
    let entry = category_of(code)?;
    let texts = Texts::of(language);
    let title = fill(texts.categories.get("title"), &[("category", entry.label.get(language))]);
    let lead = texts.categories.get("lead");
    let path = format!("/categories/{}", escape_part(code));
    let own = asked(&params, &CATEGORY_PARAMETERS);
    let named = format!("{title} – Chargesheet");
    let frame = Frame::new(language, named, lead.to_owned(), base, [&path, &own]).of_all(catalog);
    let page = format!("{base}{}", frame.address());
    let all = covering(catalog, code);
    let shown = chosen(&all, params.take("dataset"), code, |own| own.id())?;
    let view = match shown {
        Some(covering) => {
            let fixed = fixed(Dimension::Category, &params);
            let mut judge = Judge::of_page(covering.dataset, base, &fixed);
            let topic = covering.topic(&mut judge, code, &params)?;
            Some(view(judge, &topic, params, language, &page, base)?)
        }
        None => {
            params.finish_with(&CATEGORY_PARAMETERS)?;
            None
        }
    };
    let share = view.as_ref().and_then(|view| view.shown.as_ref()).map(|shown| shown.share.clone());
    let frame = frame.shared(share);
    let groups = by_country(catalog, code, language);
    let ids = all.iter().map(Covering::id);
    let page = Page {
        catalog,
        language,
        title,
        lead,
        definition: offence_definition(code, language),
        nothing: texts.categories.get("nothing"),
        datasets: tabs(catalog, ids, &path, shown.map_or("", Covering::id), language),
        action: path,
        view,
        related: related(&groups, language),
        groups: groups.into_iter().map(|(name, _, statutes)| (name, statutes)).collect(),
        frame,
    };
    Ok(page.render()?)
}

/// Returns the chart on the page of a category; `None` when the page has no chart.
///
/// # Errors
/// As the page itself.
pub fn category_chart(
    catalog: &Catalog,
    base: &str,
    code: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let (mut params, language) = read(query)?;
    category_of(code)?;
    let all = covering(catalog, code);
    let Some(covering) = chosen(&all, params.take("dataset"), code, |own| own.id())? else { return Ok(None) };
    let mut judge = Judge::new(covering.dataset, base);
    let topic = covering.topic(&mut judge, code, &params)?;
    Ok(Some(chart(&mut judge, &topic, params, language)?.into()))
}

/// What a dataset has on a category.
struct Covering<'c> {
    dataset: &'c Dataset,
    /// Number of countries whose statutes it has figures on.
    countries: usize,
    /// The coverage of each of its statutes.
    statutes: Vec<&'c Coverage>,
}

/// Returns the datasets that have figures on a category, first the one with most countries; of several, with most figures.
fn covering<'c>(catalog: &'c Catalog, code: &str) -> Vec<Covering<'c>> {
    let statutes = catalog.statutes();
    let of = |dataset: &'c std::sync::Arc<Dataset>| {
        dataset.release.number(Dimension::Category, code)?;
        let own = statutes.iter().filter(|statute| statute.offence == code);
        let own = own.flat_map(|statute| {
            catalog.coverage(&statute.id).iter().map(|coverage| (statute.country.as_str(), coverage))
        });
        let own = own.filter(|(_, own)| own.dataset == dataset.release.dataset());
        let (countries, statutes): (BTreeSet<&str>, Vec<&Coverage>) = own.unzip();
        (!statutes.is_empty()).then_some(Covering { dataset, countries: countries.len(), statutes })
    };
    let mut all: Vec<Covering<'c>> = catalog.datasets().filter_map(of).collect();
    let rows = |covering: &Covering<'_>| covering.statutes.iter().map(|own| own.rows).sum::<u64>();
    all.sort_by_key(|covering| Reverse((covering.countries, rows(covering))));
    all
}

impl Covering<'_> {
    fn id(&self) -> &str {
        self.dataset.release.dataset()
    }

    /// Returns what is shown first: the measure that has most figures, in the first grouping that is not refused.
    fn topic(&self, judge: &mut Judge<'_>, code: &str, params: &Params) -> Result<Topic, AnswerError> {
        let mut measures = self.dataset.release.descriptor().chargesheet.measures.clone();
        if let Some(own) = params.peek("measure").and_then(Measure::from_name) {
            measures = vec![own];
        }
        let category = self.dataset.release.number(Dimension::Category, code).into_iter().collect();
        let mut everything = Query::everything(Vec::new(), Vec::new());
        everything.keep.insert(Dimension::Category, category);
        let mut best: (usize, &[Dimension], Option<Measure>) = (0, GROUPINGS[2], None);
        for measure in measures {
            for by in GROUPINGS {
                let query = Query { by: by.to_vec(), measures: vec![measure], ..everything.clone() };
                let Ok(published) = judge.published(&query)? else { continue };
                if published.rows() > best.0 {
                    best = (published.rows(), by, Some(measure));
                }
                break;
            }
        }
        let (_, by, measure) = best;
        Ok(Topic {
            dimension: Dimension::Category,
            code: code.to_owned(),
            by: by.iter().map(|own| own.name()).collect::<Vec<_>>().join(","),
            measure,
            outcomes: self.outcomes(),
        })
    }

    /// Returns the outcomes that occur, in display order, with their labels.
    fn outcomes(&self) -> Vec<(String, Localized)> {
        let mut all: Vec<&(String, Localized)> = self.statutes.iter().flat_map(|own| &own.outcomes).collect();
        let number = |code: &str| self.dataset.release.number(Dimension::Outcome, code);
        let place =
            |code: &str| number(code).map(|number| self.dataset.release.place(Dimension::Outcome, number));
        all.sort_by_cached_key(|(code, _)| (place(code), code.clone()));
        all.dedup_by(|(one, _), (other, _)| one == other);
        all.into_iter().cloned().collect()
    }
}

/// A country's name and code, with its statutes.
type OfCountry<'c> = (String, String, Vec<&'c Statute>);

/// Returns the statutes of a category by country, in the order of the countries' names.
fn by_country<'c>(catalog: &'c Catalog, code: &str, language: Language) -> Vec<OfCountry<'c>> {
    let mut groups: Vec<OfCountry<'c>> = Vec::new();
    for statute in catalog.statutes().into_iter().filter(|statute| statute.offence == code) {
        match groups.iter_mut().find(|(_, country, _)| *country == statute.country) {
            Some((.., statutes)) => statutes.push(statute),
            None => {
                let name = country_name(&statute.country, language);
                groups.push((name, statute.country.clone(), vec![statute]));
            }
        }
    }
    groups.sort_by_cached_key(|(name, ..)| order::key(name, Texts::of(language)));
    groups
}

fn related(groups: &[OfCountry<'_>], language: Language) -> Vec<Choice> {
    let link = |(name, code, _): &OfCountry<'_>| Choice::new(&of_country(code, language), name, false);
    groups.iter().map(link).collect()
}
