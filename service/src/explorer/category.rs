//! A category of offence: which countries prosecute it, under which statutes, and how it ends.

use std::collections::BTreeMap;

use askama::Template;
use chargesheet_widget::chart::{Kind, Theme};

use super::evidence::behind_all;
use super::index::{country_name, statute_address};
use super::table::{self, Table, table};
use super::view::drawable;
use super::{Frame, PageError, fits, language};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Lists, Statute};
use crate::ingest::Records;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::{Texts, fill};
use crate::present::{short_name_of, wire};
use crate::query::{Params, Query, QueryError, escape_part};

#[derive(Template)]
#[template(path = "category.html")]
struct Page {
    frame: Frame,
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

/// Returns the page of a category of offence.
///
/// # Errors
/// When there is no such category, or a parameter has no meaning; or on a bug.
pub fn category(catalog: &Catalog, base: &str, code: &str, query: &str) -> Result<String, PageError> {
    let mut params = Params::parse_form(query)?;
    let language = language(&mut params)?;
    params.finish_with(&["lang"])?;
    let offences = &Lists::bundled().offences;
    let Some(entry) = offences.get(code) else {
        let nearest = offences.nearest(code).map(str::to_owned);
        return Err(PageError::NoCategory { code: code.to_owned(), nearest });
    };
    let texts = Texts::of(language);
    let of = |key: &str| texts.categories.get(key).map_or("", String::as_str);
    let title = fill(of("title"), &[("category", entry.label.get(language))]);
    let mut datasets = Vec::new();
    for dataset in catalog.datasets() {
        if let Some(number) = dataset.release.number(Dimension::Category, code) {
            datasets.extend(sections(dataset, number, language, base)?);
        }
    }
    let path = category_address(code, Language::ENGLISH);
    let frame = Frame::new(language, format!("{title} – Chargesheet"), of("lead").to_owned(), &path, "");
    let page = Page {
        frame,
        title,
        // One that nobody has translated is no help.
        definition: entry.definition.own(language).to_owned(),
        datasets,
        countries: countries(catalog, code, language),
    };
    Ok(page.render()?)
}

/// Asks a dataset in the first grouping that is not refused; of published figures, each measure that has some, because
/// stages of a proceeding are counted in different ones.
fn sections(
    dataset: &Dataset,
    category: u32,
    language: Language,
    base: &str,
) -> Result<Vec<Section>, PageError> {
    let mut measures = dataset.release.descriptor().chargesheet.measures.clone();
    if matches!(dataset.release.records(), Records::Charges(_)) {
        measures.truncate(1);
    }
    let mut sections = Vec::new();
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
                let answer = wire(dataset, &query, &published, language, base)?;
                sections.push(laid_out(dataset, answer, by, language));
            }
            break;
        }
    }
    Ok(sections)
}

fn laid_out(
    dataset: &Dataset,
    answer: chargesheet_widget::wire::Answer,
    by: &[Dimension],
    language: Language,
) -> Section {
    let texts = Texts::of(language);
    // Over time, each country or statute has a panel of its own.
    let kind = by.contains(&Dimension::Year).then_some(Kind::Multiples);
    let chart = drawable(answer, language, kind).0;
    let answer = &chart.answer;
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
                ("title", dataset.release.descriptor().titles().get(language)),
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
