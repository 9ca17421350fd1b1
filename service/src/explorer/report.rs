//! A sheet of paper with everything that belongs to a figure: chart, table, trend, caveats, sources, citation.

use askama::Template;
use chargesheet_widget::chart::Theme;

use super::chart::Chart;
use super::pivot::{Pivot, pivot};
use super::table::{Figures, Table, table};
use super::{Frame, PageError};
use crate::answer::Dataset;
use crate::present::texts::{Texts, fill};
use crate::query::Params;

/// Most lines of a table that has no room for columns.
const MOST_LINES: usize = 30;

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    frame: Frame,
    chart: Chart,
    /// Address of the picture, and its size in pixels.
    picture: String,
    size: (u32, u32),
    pivot: Option<Pivot>,
    /// Where the figures are in no form for columns.
    table: Option<Table>,
    /// Said where the table is not whole.
    left_out: String,
    /// Whether a mark in the table needs to be explained.
    has_rivals: bool,
    page: String,
}

/// Size of the picture in pixels where its figures allow it: half as high as wide, so that the table fits below.
const PICTURE: (u32, u32) = (880, 420);

/// Returns the size of the picture, as parameters and in pixels.
fn picture(chart: &mut Chart) -> Result<(String, (u32, u32)), PageError> {
    // Source and dataset stand on the sheet already.
    chart.is_plain = true;
    let (width, low) = PICTURE;
    if chart.draw(width, Some(low)).is_ok() {
        return Ok((format!("&width={width}&height={low}"), PICTURE));
    }
    Ok((format!("&width={width}"), (width, chart.height_at(width)?)))
}

/// Returns the sheet of a question: always of the release that it is asked of, so that paper and address agree.
///
/// # Errors
/// When a parameter has no meaning, the question is refused or cannot be drawn; or on a bug.
pub fn report(dataset: &Dataset, query: &str, base: &str) -> Result<String, PageError> {
    let mut chart = Chart::read(dataset, true, Params::parse_form(query)?, base)?;
    let texts = Texts::of(chart.language);
    let pivot = pivot(&chart.answer, texts);
    let mut table = pivot.is_none().then(|| table(&chart.answer, texts, Figures::Plain));
    let mut left_out = pivot.as_ref().map_or(0, |pivot| pivot.left_out);
    if let Some(table) = &mut table {
        left_out = table.rows.len().saturating_sub(MOST_LINES);
        table.rows.truncate(MOST_LINES);
    }
    let (form, size) = picture(&mut chart)?;
    let path = format!("/report/{}/releases/{}", chart.answer.dataset.id, chart.answer.release.id);
    let rest = chart.answer.query.clone();
    let text = &chart.answer.text;
    let page = Report {
        frame: Frame::new(
            chart.language,
            format!("{} – Chargesheet", text.title),
            text.alt.clone(),
            &path,
            &rest,
        ),
        picture: format!("{}{form}", chart.picture_in("chart.svg", Theme::Light)),
        size,
        left_out: if left_out == 0 {
            String::new()
        } else {
            fill(texts.on_page("report_left_out"), &[("count", &left_out.to_string())])
        },
        has_rivals: chart.answer.rows.iter().any(|row| !row.disagreements.is_empty()),
        page: format!("{base}{}", chart.page()),
        pivot,
        table,
        chart,
    };
    Ok(page.render()?)
}
