//! A category of offence: which countries prosecute it, under which statutes, and how it ends.

use std::collections::BTreeMap;

use askama::Template;
use chargesheet_widget::chart::{Kind, Theme};

use super::chart::Chart;
use super::evidence::behind_all;
use super::index::{country_name, statute_address};
use super::share::Share;
use super::shares::page_answer;
use super::table::{self, Table, table};
use super::view::drawable;
use super::{Frame, PageError, fits, language};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Entry, Language, Lists, Statute};
use crate::ingest::Records;
use crate::present::short_name_of;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::{Texts, fill};
use crate::query::{Params, Query, QueryError, escape_part};

#[derive(Template)]
#[template(path = "category.html")]
struct Page {
    frame: Frame,
    share: Option<Share>,
    title: String,
    definition: String,
    datasets: Vec<Section>,
    countries: Vec<Country>,
}

/// What one dataset has on the category, in one measure.
struct Section {
    title: String,
    kind: &'static str,
    picture: String,
    picture_dark: String,
    alt: String,
    height: u32,
    narrow_height: u32,
    csv: String,
    json: String,
    evidence: String,
    caption: String,
    table: Table,
    caveats: Vec<String>,
}

/// The statutes of a country.
struct Country {
    name: String,
    statutes: Vec<Item>,
}

struct Item {
    address: String,
    title: String,
    name: String,
    has_figures: bool,
}

impl Page {
    /// A text of this page.
    fn own<'a>(&'a self, key: &'a str) -> &'a str {
        self.frame.texts.categories.get(key).map_or(key, String::as_str)
    }
}

/// Groupings from the one that says most at a glance to the one that is never refused.
const GROUPINGS: [&[Dimension]; 3] = [
    &[Dimension::Country, Dimension::Outcome],
    &[Dimension::Country, Dimension::Year, Dimension::Outcome],
    &[Dimension::Statute, Dimension::Year, Dimension::Outcome],
];

/// Returns the address of a category's page.
pub(super) fn category_address(code: &str, language: Language) -> String {
    let path = format!("/categories/{}", escape_part(code));
    if language == Language::ENGLISH { path } else { format!("{path}?lang={language}") }
}

/// The category of an address, and the language of its page.
fn asked(code: &str, query: &str) -> Result<(&'static Entry, Language), PageError> {
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    params.finish_with(&["lang"])?;
    let offences = &Lists::bundled().offences;
    let entry = offences.get(code).ok_or_else(|| {
        let nearest = offences.nearest(code).map(str::to_owned);
        PageError::NoCategory { code: code.to_owned(), nearest }
    })?;
    Ok((entry, language))
}

/// Returns the page of a category of offence.
///
/// # Errors
/// When there is no such category, or a parameter has no meaning; or on a bug.
pub fn category(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let (entry, language) = asked(code, query)?;
    let texts = Texts::of(language);
    let of = |key: &str| texts.categories.get(key).map_or("", String::as_str);
    let title = fill(of("title"), &[("category", entry.label.get(language))]);
    let path = category_address(code, Language::ENGLISH);
    let frame = Frame::new(language, format!("{title} – Chargesheet"), of("lead").to_owned(), &path, "")
        .of_all(catalog);
    let address = format!("{base}{}", frame.address());
    let (mut datasets, mut share) = (Vec::new(), None);
    for dataset in catalog.datasets() {
        for chart in charts(dataset, code, language, base)? {
            if share.is_none() && is_drawn(&chart) {
                share = Some(Share::at(&chart, base, &address));
            }
            datasets.push(laid_out(dataset, &chart));
        }
    }
    let page = Page {
        frame,
        share,
        title,
        // One that nobody has translated is no help.
        definition: entry.definition.own(language).to_owned(),
        datasets,
        countries: countries(catalog, code, language),
    };
    Ok(page.render()?)
}

/// Returns the first chart on the page of a category; `None` when there is none.
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

/// Asks a dataset in the first grouping that is not refused; of published figures, each measure that has some, because
/// stages of a proceeding are counted in different ones.
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
                // Over time, each country or statute has a panel of its own.
                let kind = by.contains(&Dimension::Year).then_some(Kind::Multiples);
                charts.push(drawable(answer, language, kind).0);
            }
            break;
        }
    }
    Ok(charts)
}

fn laid_out(dataset: &Dataset, chart: &Chart) -> Section {
    let (answer, texts) = (&chart.answer, Texts::of(chart.language));
    let is_reported = answer.dataset.kind == "reported";
    Section {
        title: format!("{}: {}", answer.dataset.title, answer.text.y_title),
        kind: texts.on_page(if is_reported { "kind_reported" } else { "kind_case-level" }),
        picture: chart.picture_in("chart.svg", Theme::Light),
        picture_dark: chart.picture_in("chart.svg", Theme::Dark),
        alt: answer.text.alt.clone(),
        height: chart.height_at(DEFAULT_SIZE.0).unwrap_or(DEFAULT_SIZE.1),
        narrow_height: chart.height_at(NARROW_SIZE.0).unwrap_or(NARROW_SIZE.1),
        csv: chart.file("aggregate.csv"),
        json: chart.file("aggregate.json"),
        evidence: behind_all(answer),
        caption: fill(
            texts.on_page("table_caption"),
            &[
                ("title", dataset.release.descriptor().titles().get(chart.language)),
                ("subtitle", &answer.text.subtitle),
            ],
        ),
        table: table(answer, texts, table::Figures::Linked),
        caveats: answer.caveats.clone(),
    }
}

/// The statutes of a category, by the names of their countries.
fn countries(catalog: &Catalog, code: &str, language: Language) -> Vec<Country> {
    let mut countries: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for statute in catalog.statutes().into_iter().filter(|statute| statute.offence == code) {
        let item = |statute: &Statute| Item {
            address: statute_address(&statute.id, language),
            title: statute.title.get(language).to_owned(),
            name: short_name_of(statute, language),
            has_figures: !catalog.coverage(&statute.id).is_empty(),
        };
        countries.entry(country_name(&statute.country, language)).or_default().push(item(statute));
    }
    countries.into_iter().map(|(name, statutes)| Country { name, statutes }).collect()
}
