//! The page around the figures: title, legend and unit above; notes and sources below. The area between them is the
//! body, in which figures are drawn.
//!
//! The plot has at least half of the picture's height. Words give way first, in the order of [`Level`].

use super::error::DrawError;
use super::fonts::LABEL;
use super::foot::{Block, FOOT, Foot, SMALL_FOOT, Tone, controls};
use super::legend::{Entry, Legend};
use super::map::{Map, Rect};
use super::need::Need;
use super::pen::Pen;
use super::spec::HEIGHTS;
use super::words::{self, wrap, wrap_whole};
use crate::svg::{Font, digits};
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// The texts on a page besides the figures.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    pub answer: &'a Answer,
    /// A title given by the caller.
    pub title: Option<&'a str>,
    /// The unit of the axis of figures.
    pub unit: &'a str,
    /// The sentences about what the reader left out. They always stand in the picture.
    pub left_out: &'a [String],
    pub notes: &'a [String],
    /// Whether title, notes and controls are left out, and the other texts are one small paragraph.
    pub plain: bool,
    /// Whether the picture may grow, so that it is refused with the height that it needs.
    pub whole: bool,
}

/// What a page gives up so that the plot keeps half of the height. Each level gives up one thing more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Level {
    /// Nothing.
    Whole,
    /// The title becomes the short one, and the filters follow what is counted in one paragraph.
    ShortTitle,
    /// Notes become their number.
    NotesCounted,
    /// The legend has at most two rows.
    TwoRows,
    /// The line of sources names one, and the dataset is named by publisher and day.
    ShortOrigin,
    /// What is counted is named by the unit alone.
    UnitOnly,
    /// Events of the law have no names.
    NoEventNames,
    /// There is no title. The page and the description of the picture have it.
    NoTitle,
    /// The legend has one row.
    OneRow,
    /// There is no legend.
    NoLegend,
    /// The unit joins the sources, and the margins are narrow.
    Tight,
}

impl Level {
    const ALL: [Self; 11] = [
        Self::Whole,
        Self::ShortTitle,
        Self::NotesCounted,
        Self::TwoRows,
        Self::ShortOrigin,
        Self::UnitOnly,
        Self::NoEventNames,
        Self::NoTitle,
        Self::OneRow,
        Self::NoLegend,
        Self::Tight,
    ];

    /// Returns the most rows of the legend.
    fn rows(self) -> usize {
        match self {
            Self::NoLegend | Self::Tight => 0,
            Self::OneRow => 1,
            level if level >= Self::TwoRows => 2,
            _ => usize::MAX,
        }
    }
}

/// Returns the height that a body needs, by its width in pixels, at a level. With `true`, names of groups stand in full.
pub type Needs<'a> = &'a dyn Fn(i32, Level, bool) -> Need;

/// A picture that may grow has all its words up to this height in pixels, or up to three quarters of its width. Higher than
/// that, words give way.
const HIGHEST: i32 = 560;

/// Most lines of a title that the answer has made.
const TITLE_LINES: usize = 3;

/// The page, laid out.
#[derive(Debug)]
pub struct Page {
    blocks: Vec<Block>,
    legend: Legend,
    /// The rectangle of the figures and their axes.
    pub body: Rect,
    pub level: Level,
    /// The room kept free for controls.
    pub controls: Option<Rect>,
}

impl Page {
    /// Lays out a page of a size in pixels, and gives up as little as possible. `needs` returns the height of the body.
    ///
    /// # Errors
    /// When the page is too low even with the fewest words; and when it may grow, as soon as it would have to.
    pub fn fit(
        (width, height): (i32, i32),
        texts: &Texts<'_>,
        entries: &[Entry],
        needs: Needs<'_>,
    ) -> Result<Self, DrawError> {
        let highest = height.max(HIGHEST).max(width * 3 / 4);
        let mut least = i32::MAX;
        // Names and figures of groups are worth more than the lines around, and less than title and legend.
        let full = if texts.whole { Level::ALL.len() } else { Level::NoEventNames as usize };
        for turn in 0..full + if texts.whole { 0 } else { Level::ALL.len() } {
            let names = turn < full;
            let level = Level::ALL[if names { turn } else { turn - full }];
            let page = Self::lay_out((width, height), texts, entries, level);
            let need = needs(page.body.width(), level, names);
            let words = height - page.body.height() + need.around;
            let enough = (words * 2).max(words + need.plot);
            if height >= enough && !texts.whole {
                return Ok(page);
            }
            least = least.min(enough);
            // Many groups make a picture high, whatever its words.
            if texts.whole && words * 2 <= highest.max(words + need.plot) {
                if height >= enough {
                    return Ok(page);
                }
                least = enough;
                break;
            }
        }
        if texts.whole && least > *HEIGHTS.end() as i32 {
            return Self::fit((width, height), &Texts { whole: false, ..*texts }, entries, needs);
        }
        Err(DrawError::TooLow { height: least.max(height + 1).unsigned_abs() })
    }

    fn lay_out((width, height): (i32, i32), texts: &Texts<'_>, entries: &[Entry], level: Level) -> Self {
        let (margin, title, counted) = match width {
            _ if level == Level::Tight => (8, 16, 13),
            600.. => (20, 20, 14),
            400.. => (14, 18, 14),
            _ => (10, 16, 13),
        };
        let (title, counted) = (Font::bold(title), Font::regular(counted));
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
        if !texts.plain && level < Level::NoTitle {
            above(texts.title(title, inner, level), title, Tone::Strong, 2, &mut y);
            for text in texts.counted(level) {
                above(wrap(&text, counted, inner), counted, Tone::Text, 0, &mut y);
            }
            y += 8;
        }
        let room = Rect { left: margin, top: y, right: width - margin, bottom: height };
        let beside = &texts.answer.beside;
        let legend = Legend::lay_out(entries, room, level.rows(), or(&beside.more, "+{count}"));
        if legend.height() > 0 {
            y += legend.height() + 8;
        }
        let unit = texts.unit(level, inner);
        let mut unit = unit.as_str();
        if level < Level::Tight {
            above(wrap(unit, LABEL, inner), LABEL, Tone::Quiet, 2, &mut y);
            unit = "";
        }

        let mut paragraphs: Vec<(&str, Tone)> = vec![(unit, Tone::Text)];
        paragraphs.extend(texts.left_out.iter().map(|note| (note.as_str(), Tone::Text)));
        let counted_notes = if level < Level::NotesCounted || texts.notes.is_empty() {
            paragraphs.extend(texts.notes.iter().map(|note| (note.as_str(), Tone::Text)));
            String::new()
        } else {
            let count = digits(texts.notes.len() as u64);
            words::fill(or(&beside.notes, "* {count}"), &[("count", &count)])
        };
        paragraphs.push((&counted_notes, Tone::Text));
        let is_short = level >= Level::ShortOrigin;
        let text = &texts.answer.text;
        let origin = if is_short && !beside.credit.is_empty() {
            [&beside.source, &beside.credit]
        } else {
            [&text.source_line, &text.dataset_line]
        };
        paragraphs.extend(origin.map(|text| (text.as_str(), Tone::Quiet)));
        paragraphs.retain(|(text, _)| !text.is_empty());
        let joined = is_short || texts.plain;
        let font = if joined { SMALL_FOOT } else { FOOT };
        let all: Vec<&str> = paragraphs.iter().map(|(text, _)| *text).collect();
        let all = words::join(&all, " · ");
        if joined {
            paragraphs = vec![(&all, Tone::Text)];
        }
        let room = Rect { left: margin, top: 0, right: width - margin, bottom: height - margin };
        let foot =
            Foot::lay_out(&paragraphs, font, room, if texts.plain { None } else { Some(controls(width)) });
        blocks.extend(foot.blocks);
        let gap = if level < Level::NoTitle { 10 } else { 4 };
        let body = Rect { left: margin, top: y, right: width - margin, bottom: foot.top - gap };
        Self { blocks, legend, body, level, controls: foot.controls }
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

impl Texts<'_> {
    /// Returns the lines of the title at a level: the first title of which no word is cut, if there is one.
    fn title(&self, font: Font, width: i32, level: Level) -> Vec<String> {
        let (full, short) = (self.answer.text.title.as_str(), self.answer.beside.short.as_str());
        let titles = match self.title {
            Some(own) => [own, short],
            None if level < Level::ShortTitle => [full, short],
            None => [or(short, full), ""],
        };
        let fits = |title: &&str| {
            let lines = wrap_whole(title, font, width)?;
            (self.title.is_some() || lines.len() <= TITLE_LINES).then_some(lines)
        };
        titles.iter().find_map(fits).unwrap_or_default()
    }

    /// Returns the unit at a level. Where nothing else says of what the figures are, it names what was chosen, if a line has room.
    fn unit(&self, level: Level, width: i32) -> String {
        let chosen = self.answer.beside.chosen.as_str();
        let both = words::join(&[self.unit, chosen], "; ");
        let fits = !chosen.is_empty()
            && !self.plain
            && level >= Level::UnitOnly
            && wrap(&both, LABEL, width).len() == 1;
        if fits { both } else { self.unit.to_owned() }
    }

    /// Returns the paragraphs at a level that say what is counted. A caller's title need not say it, so the answer's own title
    /// then comes first.
    fn counted(&self, level: Level) -> Vec<String> {
        let Answer { text, beside, .. } = self.answer;
        let counted = or(&beside.counted, &text.subtitle);
        let about = match self.title {
            None => "",
            Some(_) if level < Level::ShortTitle => &text.title,
            Some(_) => or(&beside.short, &text.title),
        };
        let counted = words::join(&[about, counted], if about.is_empty() { "" } else { ". " });
        let between = if beside.filters.is_empty() { "" } else { "; " };
        if level < Level::ShortTitle {
            vec![counted, beside.filters.clone()]
        } else if level < Level::UnitOnly {
            vec![words::join(&[&counted, &beside.filters], between)]
        } else {
            Vec::new()
        }
    }
}

/// Returns a text, or another where it is empty.
fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}
