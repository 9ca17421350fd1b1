//! The foot of a chart: notes and sources, beside the room that is kept free for controls.

use super::map::Rect;
use super::pen::Pen;
use super::words::wrap_beside;
use crate::svg::Font;
use plotters::style::RGBColor;

/// The room kept free at the bottom right for the controls that a page lays over the picture: width and height
/// in pixels, in pictures at least 600 pixels wide.
pub const CONTROLS_WIDE: (i32, i32) = (300, 28);
/// The same room in narrower pictures, where controls are icons without words.
pub const CONTROLS_NARROW: (i32, i32) = (132, 28);

/// Font of the texts under the chart.
pub const FOOT: Font = Font::regular(11);
/// The font of these texts where room is short.
pub const SMALL_FOOT: Font = Font::regular(10);

/// Least width of text beside the controls, in pixels. Narrower text is easier to read above the controls.
const LEAST_BESIDE: i32 = 112;

/// Returns the width and height of the controls in a picture of this width, in pixels.
pub fn controls(width: i32) -> (i32, i32) {
    if width >= 600 { CONTROLS_WIDE } else { CONTROLS_NARROW }
}

/// Lines of text with their position.
#[derive(Debug)]
pub struct Block {
    pub lines: Vec<String>,
    pub font: Font,
    /// Distance between the tops of two lines, in pixels.
    pub leading: i32,
    pub top: i32,
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy)]
pub enum Tone {
    Strong,
    Text,
    Quiet,
}

impl Block {
    pub fn height(&self) -> i32 {
        self.leading * self.lines.len() as i32
    }
}

/// The foot of a chart, laid out from the bottom up.
#[derive(Debug)]
pub struct Foot {
    pub blocks: Vec<Block>,
    /// The top of the lines or the controls, whichever is higher, in pixels from the top of the picture.
    pub top: i32,
    pub controls: Option<Rect>,
}

impl Foot {
    /// Lays out paragraphs at the bottom of `room`. Lines beside the controls are shorter.
    pub fn lay_out(
        paragraphs: &[(&str, Tone)],
        font: Font,
        room: Rect,
        controls: Option<(i32, i32)>,
    ) -> Self {
        let leading = font.height() + 1;
        let controls = controls.map(|(width, height)| Rect {
            left: room.right - width,
            top: room.bottom - height,
            ..room
        });
        let beside = controls.map_or(0, |controls| controls.left - 12 - room.left);
        // The descenders of the last line may reach into the margin.
        let (bottom, short_from) = match controls {
            Some(controls) if beside < LEAST_BESIDE => (controls.top - 4, i32::MAX),
            Some(controls) => (room.bottom + 4, controls.top - 2),
            None => (room.bottom + 4, i32::MAX),
        };
        // The number of lines decides which lines are short, and the short lines decide the number of lines.
        let wide = |(text, _): &(&str, Tone)| wrap_beside(text, font, &|_| room.width()).len();
        let mut count = paragraphs.iter().map(wide).sum::<usize>() as i32;
        loop {
            let first = bottom - count * leading;
            let width = |line: usize| {
                let end = first + (line as i32 + 1) * leading;
                if end > short_from { beside } else { room.width() }
            };
            let mut made = 0;
            let mut blocks = Vec::new();
            for (text, tone) in paragraphs {
                let lines = wrap_beside(text, font, &|line| width(made + line));
                if !lines.is_empty() {
                    let top = first + made as i32 * leading;
                    made += lines.len();
                    blocks.push(Block { lines, font, leading, top, tone: *tone });
                }
            }
            if made as i32 <= count {
                let top = controls.map_or(first, |controls| first.min(controls.top));
                return Self { blocks, top, controls };
            }
            count += 1;
        }
    }
}

impl Tone {
    pub fn color(self, pen: &Pen<'_>) -> RGBColor {
        match self {
            Self::Strong => pen.palette.strong,
            Self::Text => pen.palette.text,
            Self::Quiet => pen.palette.quiet,
        }
    }
}
