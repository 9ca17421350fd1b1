//! What other sites and programs read of a page to show its chart: Open Graph, Twitter cards, oEmbed.

use chargesheet_widget::chart::WIDTHS;
use serde::Serialize;

use super::chart::{Chart, PREVIEW_WIDTH};
use super::snippet::HIGHEST_FRAME;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::attribute;
use crate::query::{QueryError, escape};

/// The tags in the head of a page that can be shared.
#[derive(Debug, Clone)]
pub struct Share {
    pub title: String,
    pub description: String,
    /// Address of the page.
    pub url: String,
    /// Address of the picture; empty where none can be painted.
    pub image: String,
    pub width: u32,
    pub height: u32,
    /// Address of what oEmbed says of the page.
    pub oembed: String,
}

impl Share {
    /// Returns the tags for the page at an address that shows a chart. `base` is the public address of
    /// the service.
    pub fn at(chart: &Chart, base: &str, url: &str) -> Self {
        let (width, default) = (PREVIEW_WIDTH, PREVIEW_WIDTH * DEFAULT_SIZE.1 / DEFAULT_SIZE.0);
        let (path, height) = chart.preview(width, None).unwrap_or((String::new(), default));
        Self {
            // Ours, not the one that somebody gave it: whoever shows this says that we say it.
            title: chart.answer.text.title.clone(),
            description: chart.alt(),
            url: url.to_owned(),
            image: if path.is_empty() { path } else { format!("{base}{path}") },
            width,
            height,
            oembed: oembed_address(base, url),
        }
    }
}

/// Returns the address of what oEmbed says of the chart at an address.
pub fn oembed_address(base: &str, url: &str) -> String {
    format!("{base}/oembed?format=json&url={}", escape(url))
}

/// What oEmbed 1.0 says of a chart (oembed.com, 2.3.4): a frame, and a link for those who show no frames.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Oembed {
    version: &'static str,
    r#type: &'static str,
    provider_name: &'static str,
    provider_url: String,
    title: String,
    html: String,
    width: u32,
    height: u32,
    #[serde(flatten)]
    thumbnail: Option<Thumbnail>,
    /// Seconds for which this stays right.
    cache_age: u32,
}

/// The picture that stands for a chart; left out where nothing can be drawn that small.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Thumbnail {
    thumbnail_url: String,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

impl Thumbnail {
    fn of(chart: &Chart, base: &str, room: Room) -> Option<Self> {
        let width = PREVIEW_WIDTH.min(room.width);
        // As high as it is, which later figures may change; only where that is too high, of a height that is fixed.
        let own = chart.preview(width, None).filter(|(_, height)| *height <= room.height);
        let (path, height) = own.or_else(|| chart.preview(width, Some(room.height)))?;
        Some(Self {
            thumbnail_url: format!("{base}{path}"),
            thumbnail_width: width,
            thumbnail_height: height,
        })
    }
}

/// Narrowest frame in pixels in which a chart can still be read.
const NARROWEST: u32 = *WIDTHS.start();

/// The largest size a consumer has room for, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Widest.
    pub width: u32,
    /// Highest.
    pub height: u32,
}

impl Oembed {
    /// Returns what is said of a chart that has at most this room.
    ///
    /// # Errors
    /// When its figures cannot be drawn.
    pub fn of(mut chart: Chart, base: &str, room: Room) -> Result<Self, QueryError> {
        let (mut width, mut height) = frame_size(&chart, room.width)?;
        if height > room.height {
            // In a low place the chart is narrower, and goes without what can be read at its source.
            chart.is_plain = true;
            let fitting = room.height * NARROW_SIZE.0 / NARROW_SIZE.1;
            (width, height) = frame_size(&chart, fitting.clamp(NARROWEST.min(room.width), room.width))?;
        }
        let (width, height) = (width.min(room.width), height.min(room.height));
        let thumbnail = Thumbnail::of(&chart, base, room);
        let title = chart.answer.text.title.clone();
        let html = format!(
            "<blockquote><a href=\"{}\">{}</a></blockquote>\
             <iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" frameborder=\"0\" \
             marginwidth=\"0\" marginheight=\"0\" scrolling=\"no\"></iframe>",
            attribute(&format!("{base}{}", chart.page())),
            attribute(&title),
            attribute(&format!("{base}{}", chart.frame())),
            attribute(&title),
        );
        Ok(Self {
            version: "1.0",
            r#type: "rich",
            provider_name: "Chargesheet",
            provider_url: format!("{base}/"),
            html,
            width,
            height,
            thumbnail,
            cache_age: 3600,
            title,
        })
    }
}

/// Returns the size of a frame that holds a chart, in pixels.
fn frame_size(chart: &Chart, widest: u32) -> Result<(u32, u32), QueryError> {
    let width = widest.min(DEFAULT_SIZE.0);
    // Narrower pictures are not drawn; the frame's page shrinks them.
    let height = chart.height_at(width.max(NARROWEST))?;
    let height = if width < NARROWEST { height * width / NARROWEST } else { height };
    Ok((width, height.min(HIGHEST_FRAME)))
}
