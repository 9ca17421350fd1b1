//! The page that an `<iframe>` shows: a chart without anything around it, under a Content-Security-Policy of its own.

use askama::Template;
use chargesheet_widget::chart::{Theme, WIDTHS};

use super::chart::Chart;
use super::frame::PageError;
use super::share::Share;
use super::snippet::attributes;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::present::newer::Newer;
use crate::present::svg::NARROW_SIZE;
use crate::present::texts::Texts;
use crate::query::Params;

#[derive(Template)]
#[template(path = "embed.html")]
struct Page {
    share: Share,
    /// The value of CSS `color-scheme`: `light`, `dark`, or both.
    scheme: &'static str,
    /// Address of the page with the figures behind the chart.
    page: String,
    height: u32,
    /// Size of the picture for a phone, in pixels.
    narrow: (u32, u32),
    /// Width of the narrowest chart, and its height at that width, in pixels. The frame computes the height it reports from these sizes.
    narrowest: (u32, u32),
    /// The note on a newer release, and the address of its figures.
    newer: Option<(String, String)>,
    newer_link: &'static str,
    chart: Chart,
}

/// Returns the page that an `<iframe>` shows for a chart.
///
/// # Errors
/// When a parameter is not known, or the figures cannot be drawn in this form; or on a bug.
pub fn embed(
    catalog: &Catalog,
    dataset: &Dataset,
    is_pinned: bool,
    query: &str,
    base: &str,
) -> Result<String, PageError> {
    let chart = Chart::read(dataset, is_pinned, Params::parse(query)?, base)?;
    let newest = catalog.newer_than(&chart.answer.dataset.id, &chart.answer.release.id).filter(|_| is_pinned);
    let newer = newest.map(|(newest, published)| {
        Newer::than(&chart.answer, newest, published, chart.shape.language, base).sentence
    });
    let chart = chart.pinned(false);
    let live = chart.frame();
    let chart = chart.pinned(is_pinned);
    let (height, narrow_height) = chart.heights();
    let narrowest = *WIDTHS.start();
    let page = Page {
        share: Share::at(&chart, base, &format!("{base}{}", chart.frame())),
        scheme: match chart.shape.theme {
            None => "light dark",
            Some(Theme::Light) => "light",
            Some(Theme::Dark) => "dark",
        },
        page: format!("{base}{}", chart.page()),
        height,
        narrow: (NARROW_SIZE.0, narrow_height),
        narrowest: (narrowest, chart.height_at(narrowest).unwrap_or(height)),
        newer: newer.map(|sentence| (sentence, live)),
        newer_link: Texts::of(chart.shape.language).on_page("newer_link"),
        chart,
    };
    Ok(page.render()?)
}
