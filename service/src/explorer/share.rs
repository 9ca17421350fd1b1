//! The metadata that other sites and programs read to show a page's chart: Open Graph, Twitter cards, oEmbed.

use chargesheet_widget::chart::WIDTHS;
use serde::Serialize;

use super::chart::{Chart, PREVIEW_WIDTH};
pub use super::frame::Share;
use super::snippet::HIGHEST_FRAME;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::attribute;
use crate::query::{QueryError, escape};

impl Share {
    /// Returns the tags for the page at `url` that shows a chart. `base` is the public address of the service.
    pub fn at(chart: &Chart, base: &str, url: &str) -> Self {
        let own = Self {
            // The answer's own title is used, because other sites present the text as a statement of this service.
            title: chart.answer.text.title.clone(),
            description: chart.alt(),
            url: url.to_owned(),
            oembed: oembed_address(base, url),
            ..Self::default()
        };
        own.showing(chart, base)
    }

    /// Returns the same tags with the picture of a chart.
    pub fn showing(self, chart: &Chart, base: &str) -> Self {
        let (width, default) = (PREVIEW_WIDTH, PREVIEW_WIDTH * DEFAULT_SIZE.1 / DEFAULT_SIZE.0);
        let (path, height) = chart.preview(width, None).unwrap_or((String::new(), default));
        let image = if path.is_empty() { path } else { format!("{base}{path}") };
        Self { image, alt: chart.alt(), width, height, ..self }
    }
}

/// Returns the address of the oEmbed answer for the chart at an address.
pub fn oembed_address(base: &str, url: &str) -> String {
    format!("{base}/oembed?format=json&url={}", escape(url))
}

/// The oEmbed 1.0 answer for a chart (oembed.com, 2.3.4): a frame, and a link for consumers that show no frames.
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
    /// Seconds for which this answer may be cached.
    cache_age: u32,
}

/// The preview of a chart; left out where the chart cannot be drawn in the consumer's size.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Thumbnail {
    thumbnail_url: String,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

impl Thumbnail {
    fn of(chart: &Chart, base: &str, room: Room) -> Option<Self> {
        let width = PREVIEW_WIDTH.min(room.width);
        // The preview has its own height, which later figures may change. Only where this is too high, the height is fixed.
        let own = chart.preview(width, None).filter(|(_, height)| *height <= room.height);
        let (path, height) = own.or_else(|| chart.preview(width, Some(room.height)))?;
        Some(Self {
            thumbnail_url: format!("{base}{path}"),
            thumbnail_width: width,
            thumbnail_height: height,
        })
    }
}

/// Narrowest frame in which a chart can still be read, in pixels.
const NARROWEST: u32 = *WIDTHS.start();

/// The largest size that a consumer has room for, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The greatest width.
    pub width: u32,
    /// The greatest height.
    pub height: u32,
}

impl Oembed {
    /// Returns the oEmbed answer for a chart with at most this room.
    ///
    /// # Errors
    /// When its figures cannot be drawn.
    pub fn of(mut chart: Chart, base: &str, room: Room) -> Result<Self, QueryError> {
        let (mut width, mut height) = frame_size(&chart, room.width)?;
        if height > room.height {
            // If the height is too small, the chart becomes narrower, and leaves out the texts that its page shows anyway.
            chart.picture.shape.is_plain = true;
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
    // Narrower pictures are not drawn; the page in the frame shrinks them.
    let height = chart.height_at(width.max(NARROWEST))?;
    let height = if width < NARROWEST { height * width / NARROWEST } else { height };
    Ok((width, height.min(HIGHEST_FRAME)))
}
