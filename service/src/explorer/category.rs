//! The page of a category of offence: the countries that prosecute it, the statutes they use, and the outcomes.

use std::collections::BTreeMap;

use askama::Template;
use chargesheet_widget::chart::Kind;

use super::address::{of_category, of_statute};
use super::chart::Chart;
use super::evidence::behind_all;
use super::frame::{Frame, PageError, fits, read_language};
use super::share::Share;
use super::shares::page_answer;
use super::table::{self, Table, table};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Entry, Language, Lists, Statute, offence_definition};
use crate::ingest::Records;
use crate::present::svg::DEFAULT_SIZE;
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, short_name_of};
use crate::query::{Query, QueryError};

#[derive(Template)]
#[template(path = "category.html")]
struct Page<'c> {
    frame: Frame,
    catalog: &'c Catalog,
    language: Language,
    share: Option<Share>,
    title: String,
    definition: &'static str,
    datasets: Vec<Section>,
    countries: BTreeMap<String, Vec<&'c Statute>>,
}

/// The figures of one dataset on the category, in one measure.
struct Section {
    title: String,
    kind: &'static str,
    chart: Chart,
    /// Heights of the wide and of the narrow picture, in pixels.
    heights: (u32, u32),
    caption: String,
    table: Table,
}

/// Groupings to try, in order: the first shows most at a glance, and the last is never refused.
const GROUPINGS: [&[Dimension]; 3] = [
    &[Dimension::Country, Dimension::Outcome],
    &[Dimension::Country, Dimension::Year, Dimension::Outcome],
    &[Dimension::Statute, Dimension::Year, Dimension::Outcome],
];

/// Returns the category of an address, and the language of its page.
fn asked(code: &str, query: &str) -> Result<(&'static Entry, Language), PageError> {
    let language = read_language(query)?;
    let offences = &Lists::bundled().offences;
    let entry = offences.get(code).ok_or_else(|| {
        let nearest = offences.nearest(code).map(str::to_owned);
        PageError::Missing { what: "category of offence", id: code.to_owned(), nearest, page: of_category }
    })?;
    Ok((entry, language))
}

/// Returns the page of a category of offence.
///
/// # Errors
/// When there is no such category, or a parameter is not known; or on a bug.
pub fn category(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let (entry, language) = asked(code, query)?;
    let texts = Texts::of(language);
    let title = fill(texts.categories.get("title"), &[("category", entry.label.get(language))]);
    let lead = texts.categories.get("lead").to_owned();
    let path = of_category(code, Language::ENGLISH);
    let frame = Frame::new(language, format!("{title} – Chargesheet"), lead, &path, "").of_all(catalog);
    let address = format!("{base}{}", frame.address());
    let (mut datasets, mut share) = (Vec::new(), None);
    for dataset in catalog.datasets() {
        for chart in charts(dataset, code, language, base)? {
            if share.is_none() && is_drawn(&chart) {
                share = Some(Share::at(&chart, base, &address));
            }
            datasets.push(section(chart));
        }
    }
    let page = Page {
        frame,
        catalog,
        language,
        share,
        title,
        // A definition that is not translated would not help the reader.
        definition: offence_definition(code, language),
        datasets,
        countries: countries(catalog, code, language),
    };
    Ok(page.render()?)
}

/// Returns the first chart on the page of a category; `None` when the page has no chart.
///
/// # Errors
/// As the page itself.
pub fn category_chart(
    catalog: &Catalog,
    base: &str,
    code: &str,
    query: &str,
) -> Result<Option<Chart>, PageError> {
    let (_, language) = asked(code, query)?;
    for dataset in catalog.datasets() {
        if let Some(chart) = charts(dataset, code, language, base)?.into_iter().find(is_drawn) {
            return Ok(Some(chart));
        }
    }
    Ok(None)
}

fn is_drawn(chart: &Chart) -> bool {
    chart.height_at(DEFAULT_SIZE.0).is_ok()
}

/// Queries a dataset with the first grouping that is not refused. Published figures give a chart for each measure that has some,
/// because different stages of a proceeding are counted in different measures.
fn charts(dataset: &Dataset, code: &str, language: Language, base: &str) -> Result<Vec<Chart>, PageError> {
    let Some(category) = dataset.release.number(Dimension::Category, code) else {
        return Ok(Vec::new());
    };
    let mut measures = dataset.release.descriptor().chargesheet.measures.clone();
    if matches!(dataset.release.records(), Records::Charges(_)) {
        measures.truncate(1);
    }
    let mut charts = Vec::new();
    for measure in measures {
        for by in GROUPINGS {
            let mut query = Query::everything(by.to_vec(), vec![measure]);
            query.keep.insert(Dimension::Category, vec![category]);
            let published = match dataset.ask(&query) {
                Err(AnswerError::Refused(QueryError::NotAdditive { .. })) => continue,
                published => published?,
            };
            fits(&query, &published)?;
            if published.rows() > 0 {
                let answer = page_answer(dataset, &query, &published, language, base)?;
                // With a time axis, each country or statute has a panel of its own.
                let kind = by.contains(&Dimension::Year).then_some(Kind::Multiples);
                charts.push(Chart::of(answer, language, kind).0);
            }
            break;
        }
    }
    Ok(charts)
}

/// Lays out the section of one chart.
fn section(chart: Chart) -> Section {
    let (answer, texts) = (&chart.answer, Texts::of(chart.language));
    let is_reported = answer.dataset.kind == "reported";
    let parts = [("title", answer.dataset.title.as_str()), ("subtitle", &answer.text.subtitle)];
    Section {
        title: format!("{}: {}", answer.dataset.title, answer.text.y_title),
        kind: texts.on_page(if is_reported { "kind_reported" } else { "kind_case-level" }),
        heights: chart.heights(),
        caption: fill(texts.on_page("table_caption"), &parts),
        table: table(answer, texts, table::Figures::Linked),
        chart,
    }
}

/// Returns the statutes of a category, by the names of their countries.
fn countries<'c>(catalog: &'c Catalog, code: &str, language: Language) -> BTreeMap<String, Vec<&'c Statute>> {
    let mut countries: BTreeMap<String, Vec<&Statute>> = BTreeMap::new();
    for statute in catalog.statutes().into_iter().filter(|statute| statute.offence == code) {
        countries.entry(country_name(&statute.country, language)).or_default().push(statute);
    }
    countries
}
