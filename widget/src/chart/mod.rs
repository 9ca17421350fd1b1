//! The drawing of charts: a pure function with the same bytes on every platform.
//!
//! An answer's rows become figures (`columns`, `keys`, `figures`). The `page` makes room for its texts and leaves a
//! body. The body has either axes over time (`upright`) with `lines` or `bars`, or named groups with horizontal bars
//! (`rows`). A missing figure is a gap, never a zero.

mod bars;
mod cells;
mod columns;
mod error;
mod figures;
mod fonts;
mod foot;
mod hatch;
mod keys;
mod legend;
mod lines;
pub mod map;
mod multiples;
mod notes;
mod numbers;
mod page;
mod palette;
mod pen;
mod periods;
mod rows;
mod scale;
mod series;
mod spec;
mod upright;
#[cfg(not(target_arch = "wasm32"))]
pub mod vision;
mod words;

pub use error::DrawError;
pub use foot::{CONTROLS_NARROW, CONTROLS_WIDE};
pub use map::{Map, Rect};
pub use periods::{Periods, Unit};
pub use series::{FIGURE_LIMIT, PANEL_LIMIT, SERIES_LIMIT};
pub use spec::{HEIGHTS, Kind, Spec, SpecError, TITLE_LIMIT, Theme, WIDTHS};

use crate::svg::{Document, Font, put};
use crate::wire::Answer;
use figures::Figures;
use legend::{Entry, Swatch};
use map::Panel;
use page::{Page, Texts};
use pen::Pen;
use plotters::drawing::IntoDrawingArea as _;
use plotters::style::text_anchor::HPos;
use series::Along;
use upright::Axes;

/// A picture, with the positions of its parts.
pub struct Drawing {
    /// The text of an SVG.
    pub svg: String,
    /// The positions of figures, names and controls.
    pub map: Map,
}

/// Draws an answer and returns the text of an SVG.
///
/// # Errors
/// When the answer cannot be drawn as asked.
pub fn draw(answer: &Answer, spec: &Spec) -> Result<String, DrawError> {
    compose(answer, spec).map(|drawing| drawing.svg)
}

/// Draws an answer, and returns the picture with the positions of its parts.
///
/// # Errors
/// When the answer cannot be drawn as asked.
pub fn compose(answer: &Answer, spec: &Spec) -> Result<Drawing, DrawError> {
    let (figures, kind) = Figures::of(answer, spec)?;
    let size = (spec.width() as i32, spec.height() as i32);
    let left_out = notes::left_out(answer, &figures);
    let mut notes = left_out.clone();
    if !spec.plain {
        notes.extend(answer.text.notes.iter().cloned());
        notes.extend(notes::unknown(answer, &figures));
    }
    let title = spec.title().unwrap_or(&answer.text.title);
    // A caller's title need not say what was counted. The answer's own title then joins the subtitle, so the picture always says it.
    let mut subtitle = String::new();
    if spec.title().is_some() {
        put(&mut subtitle, &answer.text.title);
        put(&mut subtitle, ". ");
    }
    put(&mut subtitle, &answer.text.subtitle);
    let texts = Texts {
        title,
        subtitle: &subtitle,
        unit: if kind == Kind::Share || figures.shares {
            &answer.text.share_title
        } else {
            &answer.text.y_title
        },
        notes: &notes,
        origin: [&answer.text.source_line, &answer.text.dataset_line],
        plain: spec.plain,
        whole: spec.whole,
    };

    let picture = if figures.is_empty() {
        // Figures that were left out are not missing figures.
        let sentence = if left_out.is_empty() {
            answer.text.empty.clone()
        } else {
            words::join(&left_out.iter().map(String::as_str).collect::<Vec<_>>(), " ")
        };
        let entries = names(&figures, Swatch::Box);
        let page = Page::fit(size, &Texts { unit: "", ..texts }, &entries, &|_, _| EMPTY.height() * 3)?;
        Picture::Empty(page, sentence)
    } else if kind == Kind::Multiples {
        let mut entries = entries(answer, &figures, kind);
        if upright::is_shaded(answer, &figures) {
            entries.push(shade(answer));
        }
        let page = Page::fit(size, &texts, &entries, &|width, whole| {
            multiples::need(answer, &figures, width, whole)
        })?;
        Picture::Panels(page)
    } else if matches!(figures.along, Along::Groups(_)) {
        let entries = entries(answer, &figures, kind);
        Picture::Rows(Page::fit(size, &texts, &entries, &|width, whole| {
            rows::need(&figures, kind, width, whole)
        })?)
    } else {
        over_time(answer, &figures, kind, size, &texts)?
    };

    // The description of the whole answer would mention figures that are not drawn.
    let mut told = if left_out.is_empty() { answer.text.alt.clone() } else { subtitle.clone() };
    for sentence in &left_out {
        put(&mut told, ". ");
        put(&mut told, sentence);
    }
    let mut document = Document::new(spec.width(), spec.height(), &answer.language, title, &told);
    let mut map = Map { periods: figures.periods, ..Map::default() };
    map.names.extend(figures.series.iter().map(|series| series.name.clone()));
    let colors = &palette::of(spec.theme).series;
    for number in 0..map.names.len() {
        let color = colors[number % colors.len()];
        map.colors.push((color.0, color.1, color.2));
    }
    {
        let pen = Pen { area: document.backend().into_drawing_area(), palette: palette::of(spec.theme) };
        pen.fill(Rect { left: 0, top: 0, right: size.0, bottom: size.1 }, pen.palette.background);
        picture.draw(&pen, answer, &figures, kind, &mut map);
    }
    Ok(Drawing { svg: document.finish(), map })
}

/// Returns the colours of a theme as red, green and blue: background, titles, text, quiet text, axis, grid, shade,
/// then those of the series by number.
pub fn palette(theme: Theme) -> Vec<(u8, u8, u8)> {
    let palette = palette::of(theme);
    let grounds = [
        palette.background,
        palette.strong,
        palette.text,
        palette.quiet,
        palette.axis,
        palette.grid,
        palette.shade,
    ];
    grounds.iter().chain(&palette.series).map(|color| (color.0, color.1, color.2)).collect()
}

/// Reads `YYYY` or `YYYY-MM` in the unit of an answer's periods, for [`Spec::range`]. With `end`, a year means its
/// last month where the unit is months. `None` when the text is not a period.
pub fn period(answer: &Answer, text: &str, end: bool) -> Option<i32> {
    let month = periods::parse_month(text, end)?;
    let monthly = answer.columns.iter().any(|column| column.name == "month");
    Some(if monthly { month } else { month.div_euclid(12) })
}

/// Font of the sentence in a picture without figures.
const EMPTY: Font = Font::regular(14);

/// A page with the content of its body.
enum Picture<'f> {
    /// A page with a sentence instead of figures.
    Empty(Page, String),
    Rows(Page),
    Panels(Page),
    Upright {
        page: Page,
        axes: Axes<'f>,
        labels: Vec<lines::EndLabel>,
        figures_above: bool,
    },
}

impl Picture<'_> {
    fn draw(&self, pen: &Pen<'_>, answer: &Answer, figures: &Figures, kind: Kind, map: &mut Map) {
        match self {
            Self::Empty(page, sentence) => {
                page.draw(pen, map);
                let body = page.body;
                let room = (body.height() / EMPTY.height()).max(1).unsigned_abs() as usize;
                let lines = words::wrap_to(sentence, EMPTY, body.width() * 9 / 10, room);
                let mut y = (body.top + body.bottom) / 2 - lines.len() as i32 * EMPTY.height() / 2;
                for line in &lines {
                    pen.text(line, ((body.left + body.right) / 2, y), HPos::Center, EMPTY, pen.palette.quiet);
                    y += EMPTY.height();
                }
            }
            Self::Rows(page) => {
                page.draw(pen, map);
                rows::draw(pen, answer, figures, kind, page.body, map);
            }
            Self::Panels(page) => {
                page.draw(pen, map);
                multiples::draw(pen, answer, figures, page.body, map);
            }
            Self::Upright { page, axes, labels, figures_above } => {
                page.draw(pen, map);
                let plot = axes.plot(pen);
                let coordinates = plot.as_coord_spec().clone();
                map.panels.push(Panel { plot: axes.rect, coordinates, lying: false });
                axes.draw(pen, &plot, answer);
                if kind == Kind::Line {
                    lines::draw(pen, &plot, axes, labels, map);
                } else {
                    bars::draw(pen, &plot, axes, answer, *figures_above, map);
                }
            }
        }
    }
}

/// Lays out a chart over time, with names at the ends of the lines if they fit, otherwise with a legend.
fn over_time<'f>(
    answer: &Answer,
    figures: &'f Figures,
    kind: Kind,
    size: (i32, i32),
    texts: &Texts<'_>,
) -> Result<Picture<'f>, DrawError> {
    let upright = |entries: &[Entry], right: i32| -> Result<(Page, Axes<'f>, i32), DrawError> {
        let page = Page::fit(size, texts, entries, &|_, _| upright::need())?;
        let above = bars::room_above(answer, figures, kind, page.body.width());
        let axes = Axes::lay_out(answer, figures, kind, page.body, (right, above), page.axis_title);
        Ok((page, axes, above))
    };
    if let Some(right) = lines::end_label_width(figures, size.0).filter(|_| kind == Kind::Line) {
        let mut entries = signs(answer, figures, kind);
        let mut made = upright(&entries, right);
        if made.as_ref().is_ok_and(|made| made.1.shade_needs_legend(answer)) {
            entries.push(shade(answer));
            made = upright(&entries, right);
        }
        // Where this does not fit, the layout with a legend reports the height needed, because the caller may have to use it.
        if let Ok((page, axes, _)) = made
            && let Some(labels) = lines::end_labels(&axes)
        {
            return Ok(Picture::Upright { page, axes, labels, figures_above: false });
        }
    }
    let mut entries = entries(answer, figures, kind);
    let mut made = upright(&entries, 0);
    let unnamed = made
        .as_ref()
        .map_or_else(|_| upright::is_shaded(answer, figures), |made| made.1.shade_needs_legend(answer));
    if unnamed {
        entries.push(shade(answer));
        made = upright(&entries, 0);
    }
    let (page, axes, above) = made?;
    Ok(Picture::Upright { page, axes, labels: Vec::new(), figures_above: above > 0 })
}

/// Returns the entries of the legend without the shade: the series, then the signs that occur.
fn entries(answer: &Answer, figures: &Figures, kind: Kind) -> Vec<Entry> {
    let lines = matches!(kind, Kind::Line | Kind::Multiples);
    let mut entries = names(figures, if lines { Swatch::Line } else { Swatch::Box });
    entries.extend(signs(answer, figures, kind));
    entries
}

/// Returns the signs of the legend that occur among the figures.
fn signs(answer: &Answer, figures: &Figures, kind: Kind) -> Vec<Entry> {
    let lines = matches!(kind, Kind::Line | Kind::Multiples);
    let over_time = matches!(figures.along, Along::Periods(_));
    let text = &answer.text;
    let (mut bounds, mut provisional, mut breaks, mut disputed) = (false, false, false, false);
    for point in figures.points() {
        bounds |= point.bounds.is_some();
        provisional |= point.provisional;
        breaks |= point.breaks && over_time;
        disputed |= point.disputed;
    }
    let mut signs = Vec::new();
    for (occurs, swatch, name) in [
        (bounds, Swatch::Interval { lines }, &text.key_interval),
        (provisional, Swatch::Provisional { lines }, &text.key_provisional),
        (breaks, Swatch::Break, &text.key_break),
        (disputed, Swatch::Disputed, &text.key_disagree),
    ] {
        if occurs && !name.is_empty() {
            signs.push(Entry { swatch, name: name.clone(), hidden: false });
        }
    }
    signs
}

/// Returns the legend's entry for years in which the statute was not in force.
fn shade(answer: &Answer) -> Entry {
    Entry { swatch: Swatch::Shade, name: answer.text.not_in_force.clone(), hidden: false }
}

/// Returns the legend's entries for series. A single measure has none, because the axis names it.
fn names(figures: &Figures, swatch: fn(usize) -> Swatch) -> Vec<Entry> {
    if figures.series.len() < 2 && !figures.by_dimension {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (number, series) in figures.series.iter().enumerate() {
        entries.push(Entry { swatch: swatch(number), name: series.name.clone(), hidden: series.hidden });
    }
    entries
}
