//! The charts of a page about many statutes, as that of a country: one section for each dataset.

use askama::Template;
use chargesheet_count::picture::{fits, page_answer};
use chargesheet_widget::chart::Kind;

use super::address::of_statute;
use super::chart::Chart;
use super::evidence::behind_all;
use super::frame::{Choice, Frame, PageError};
use super::share::Share;
use super::table::{self, Table, table};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Statute};
use crate::ingest::Records;
use crate::present::short_name_of;
use crate::present::svg::DEFAULT_SIZE;
use crate::present::texts::{Texts, fill};
use crate::query::{Query, QueryError};

/// Most rows of a table on such a page. More are in the files.
const MOST_ROWS: usize = 400;

/// A page about many statutes.
#[derive(Template)]
#[template(path = "country.html")]
pub struct Page<'c> {
    pub frame: Frame,
    pub catalog: &'c Catalog,
    pub language: Language,
    pub title: String,
    pub lead: &'static str,
    pub datasets: Vec<Section>,
    /// The pages of the same offences across countries.
    pub related: Vec<Choice>,
    /// The statutes under their headings. Without a heading, the list stands by itself.
    pub groups: Vec<(String, Vec<&'c Statute>)>,
}

/// The figures of one dataset, in one measure.
pub struct Section {
    pub title: String,
    pub kind: &'static str,
    pub chart: Chart,
    pub is_drawn: bool,
    /// Heights of the wide and of the narrow picture, in pixels.
    pub heights: (u32, u32),
    pub caption: String,
    /// The figures, where they are not too many for a page.
    pub table: Option<Table>,
}

/// Whether a chart can be drawn.
pub fn is_drawn(chart: &Chart) -> bool {
    chart.height_at(DEFAULT_SIZE.0).is_ok()
}

/// Queries a dataset with the first grouping that is not refused; the last must never be. Published figures give a chart for each
/// measure that has some, because different stages of a proceeding are counted in different measures.
///
/// # Errors
/// On a bug.
pub fn charts(
    dataset: &Dataset,
    keep: &[(Dimension, Vec<u32>)],
    groupings: &[&[Dimension]],
    language: Language,
    base: &str,
) -> Result<Vec<Chart>, PageError> {
    let mut measures = dataset.release.descriptor().chargesheet.measures.clone();
    if matches!(dataset.release.records(), Records::Charges(_)) {
        measures.truncate(1);
    }
    let mut charts = Vec::new();
    for measure in measures {
        for by in groupings {
            let mut query = Query::everything(by.to_vec(), vec![measure]);
            query.keep.extend(keep.iter().cloned());
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
pub fn section(chart: Chart, figures: table::Figures) -> Section {
    let (answer, texts) = (&chart.answer, Texts::of(chart.shape.language));
    let is_reported = answer.dataset.kind == "reported";
    let parts = [("title", answer.dataset.title.as_str()), ("subtitle", &answer.text.subtitle)];
    Section {
        title: format!("{}: {}", answer.dataset.title, answer.text.y_title),
        kind: texts.on_page(if is_reported { "kind_reported" } else { "kind_case-level" }),
        is_drawn: is_drawn(&chart),
        heights: chart.heights(),
        caption: fill(texts.on_page("table_caption"), &parts),
        table: (answer.rows.len() <= MOST_ROWS).then(|| table(answer, texts, figures)),
        chart,
    }
}

/// Lays out the sections of a dataset's charts, and takes the first drawn one as what other sites show of the page.
pub fn sections(
    charts: Vec<Chart>,
    figures: table::Figures,
    share: &mut Option<Share>,
    base: &str,
    address: &str,
) -> Vec<Section> {
    let lay = |chart: Chart| {
        if share.is_none() && is_drawn(&chart) {
            *share = Some(Share::at(&chart, base, address));
        }
        section(chart, figures)
    };
    charts.into_iter().map(lay).collect()
}
