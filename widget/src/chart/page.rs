//! The page around the figures: title, legend and unit above; notes and sources below. The area between them is the
//! body, in which figures are drawn.

use super::error::DrawError;
use super::fonts::LABEL;
use super::foot::{Block, FOOT, Foot, SMALL_FOOT, Tone, controls};
use super::legend::{Entry, Legend};
use super::map::{Map, Rect};
use super::pen::Pen;
use super::spec::HEIGHTS;
use super::words::{join, wrap, wrap_to};
use crate::svg::Font;
use plotters::style::text_anchor::HPos;

/// The texts on a page besides the figures.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    /// The unit of the axis of figures.
    pub unit: &'a str,
    pub notes: &'a [String],
    /// The lines with source and dataset, as the answer words them.
    pub origin: [&'a str; 2],
    /// Whether title, subtitle and controls are left out, and the other texts are one small paragraph.
    pub plain: bool,
    /// Whether no text may be shortened to save height.
    pub whole: bool,
}

/// A degree of tightness: how much of the page is given up, down to the least that makes a chart readable.
#[derive(Debug, Clone, Copy)]
struct Tightness {
    title_lines: usize,
    subtitle_lines: usize,
    /// Whether the axis of groups has a title.
    axis_title: bool,
    /// The greatest width of a name in the legend, in hundredths of the picture's width.
    legend: i32,
    /// The least height of the body, in hundredths of the picture's height.
    body: i32,
    /// Whether notes and sources are joined into one small paragraph.
    joined: bool,
}

const TIGHTNESSES: [Tightness; 6] = [
    Tightness { title_lines: 3, subtitle_lines: 3, axis_title: true, legend: 100, body: 42, joined: false },
    Tightness { title_lines: 3, subtitle_lines: 2, axis_title: false, legend: 100, body: 34, joined: false },
    Tightness { title_lines: 3, subtitle_lines: 1, axis_title: false, legend: 100, body: 26, joined: false },
    Tightness { title_lines: 3, subtitle_lines: 0, axis_title: false, legend: 100, body: 24, joined: false },
    Tightness { title_lines: 2, subtitle_lines: 0, axis_title: false, legend: 50, body: 20, joined: true },
    Tightness { title_lines: 1, subtitle_lines: 0, axis_title: false, legend: 50, body: 0, joined: true },
];

/// The number of tightnesses that shorten no text.
const WHOLE: usize = 2;

/// Up to this many names keep their full length in the legend, except on the tightest page.
const FEW_NAMES: usize = 4;

/// The page, laid out.
#[derive(Debug)]
pub struct Page {
    blocks: Vec<Block>,
    legend: Legend,
    /// The rectangle of the figures and their axes.
    pub body: Rect,
    /// Whether there is room for the title of the axis of groups.
    pub axis_title: bool,
    /// The room kept free for controls.
    pub controls: Option<Rect>,
}

impl Page {
    /// Lays out a page of a size in pixels, and gives up as little as possible. `need` returns the least height of the
    /// body for its width, both in pixels; its second argument says whether names can still stand in full. Where texts must be
    /// whole, a page that is too low is refused instead of shortened.
    pub fn fit(
        size: (i32, i32),
        texts: &Texts<'_>,
        entries: &[Entry],
        need: &dyn Fn(i32, bool) -> i32,
    ) -> Result<Self, DrawError> {
        // A picture that may grow is made high enough for the loosest page, unless that height is not allowed.
        let mut enough = 0;
        let allowed = if texts.whole { WHOLE } else { TIGHTNESSES.len() };
        for (index, tightness) in TIGHTNESSES.into_iter().take(allowed).enumerate() {
            let page = Self::lay_out(size, texts, entries, tightness);
            let needed = need(page.body.width(), !tightness.joined);
            if page.body.height() >= needed.max(size.1 * tightness.body / 100) {
                return Ok(page);
            }
            let around = size.1 - page.body.height();
            let mut height = around + needed;
            if texts.whole {
                // The height leaves the figures their share of the picture.
                height = height.max((around * 100).div_euclid(100 - tightness.body) + 1);
            }
            if index == 0 || enough > *HEIGHTS.end() as i32 {
                enough = height;
            }
        }
        if texts.whole && enough > *HEIGHTS.end() as i32 {
            return Self::fit(size, &Texts { whole: false, ..*texts }, entries, need);
        }
        Err(DrawError::TooLow { height: enough.max(size.1 + 1).unsigned_abs() })
    }

    fn lay_out(
        (width, height): (i32, i32),
        texts: &Texts<'_>,
        entries: &[Entry],
        tightness: Tightness,
    ) -> Self {
        let (margin, title, subtitle) = match width {
            600.. => (20, 20, 14),
            400.. => (14, 18, 14),
            _ => (10, 16, 13),
        };
        let (title, subtitle) = (Font::bold(title), Font::regular(subtitle));
        let inner = width - 2 * margin;
        let mut blocks = Vec::new();
        let mut y = margin - 2;

        let mut above = |lines: Vec<String>, font: Font, tone: Tone, gap: i32, y: &mut i32| {
            if lines.is_empty() {
                return;
            }
            let block = Block { lines, font, leading: font.height() + 2, top: *y, tone };
            *y += block.height() + gap;
            blocks.push(block);
        };
        // The subtitle says what was counted and filtered, so it stands below the figures when it has no room above.
        let mut below = "";
        if !texts.plain {
            let most = |lines: usize| if texts.whole { usize::MAX } else { lines };
            let lines = wrap_to(texts.title, title, inner, most(tightness.title_lines));
            above(lines, title, Tone::Strong, 2, &mut y);
            let lines = wrap(texts.subtitle, subtitle, inner);
            if lines.len() <= most(tightness.subtitle_lines) {
                above(lines, subtitle, Tone::Text, 0, &mut y);
            } else {
                below = texts.subtitle;
            }
            y += 8;
        }
        let widest = match (entries.len() <= FEW_NAMES, tightness.body) {
            (true, 0) => inner / 2,
            (true, _) => inner,
            (false, _) => inner * tightness.legend / 100,
        };
        let legend = Legend::lay_out(
            entries,
            Rect { left: margin, top: y, right: width - margin, bottom: height },
            widest,
        );
        if legend.height() > 0 {
            y += legend.height() + 8;
        }
        above(wrap_to(texts.unit, LABEL, inner, 2), LABEL, Tone::Quiet, 2, &mut y);

        let joined = tightness.joined || texts.plain;
        let mut paragraphs: Vec<(&str, Tone)> = vec![(below, Tone::Text)];
        paragraphs.extend(texts.notes.iter().map(|note| (note.as_str(), Tone::Text)));
        paragraphs.extend(texts.origin.map(|text| (text, Tone::Quiet)));
        paragraphs.retain(|(text, _)| !text.is_empty());
        let font = if joined { SMALL_FOOT } else { FOOT };
        let all: Vec<&str> = paragraphs.iter().map(|(text, _)| *text).collect();
        let all = join(&all, " · ");
        if joined {
            paragraphs = vec![(&all, Tone::Text)];
        }
        let room = Rect { left: margin, top: 0, right: width - margin, bottom: height - margin };
        let foot =
            Foot::lay_out(&paragraphs, font, room, if texts.plain { None } else { Some(controls(width)) });
        blocks.extend(foot.blocks);
        let body = Rect { left: margin, top: y, right: width - margin, bottom: foot.top - 10 };
        Self { blocks, legend, body, axis_title: tightness.axis_title, controls: foot.controls }
    }

    /// Draws everything but the body.
    pub fn draw(&self, pen: &Pen<'_>, map: &mut Map) {
        map.controls = self.controls;
        map.keys.extend(self.legend.keys());
        for block in &self.blocks {
            for (index, line) in block.lines.iter().enumerate() {
                let y = block.top + index as i32 * block.leading;
                pen.text(line, (self.body.left, y), HPos::Left, block.font, block.tone.color(pen));
            }
        }
        self.legend.draw(pen);
    }
}
