//! Drawing an answer: pure, and the same bytes on every platform.
//!
//! An answer's rows become figures (`columns`, `keys`, `figures`); the `page` makes room for its texts and
//! leaves a body; in it stand either axes over time (`upright`) with `lines` or `bars`, or named groups
//! with lying bars (`rows`). A figure that is missing is a gap, never a zero.

mod bars;
mod columns;
mod error;
mod figures;
mod keys;
mod legend;
mod lines;
mod page;
mod palette;
mod pen;
mod rows;
mod scale;
mod spec;
mod upright;
mod words;

pub use error::DrawError;
pub use spec::{HEIGHTS, Kind, Spec, SpecError, TITLE_LIMIT, Theme, WIDTHS};

use crate::svg::{Document, Font};
use crate::wire::Answer;
use figures::{Along, Figures};
use legend::{Entry, Swatch};
use page::{Page, Texts};
use pen::{Pen, Rect};
use plotters::drawing::IntoDrawingArea as _;
use plotters::style::text_anchor::HPos;
use upright::Axes;

/// Draws an answer and returns the text of an SVG.
pub fn draw(answer: &Answer, spec: &Spec) -> Result<String, DrawError> {
    let mut figures = Figures::of(answer)?;
    let kind = choose(&figures, answer, spec.kind)?;
    if kind == Kind::Share && !figures.by_dimension && !figures.is_empty() {
        figures = figures.into_parts(answer)?;
    }
    let size = (spec.width() as i32, spec.height() as i32);
    let mut notes = answer.text.notes.clone();
    notes.extend(unknown_note(answer, &figures));
    let title = spec.title().unwrap_or(&answer.text.title);
    let texts = Texts {
        title,
        subtitle: &answer.text.subtitle,
        unit: if kind == Kind::Share { &answer.text.share_title } else { &answer.text.y_title },
        notes: &notes,
        origin: [&answer.text.source_line, &answer.text.dataset_line],
    };

    let picture = if figures.is_empty() {
        Picture::Empty(Page::fit(size, &Texts { unit: "", ..texts }, &[], |_, _| EMPTY.height() * 3)?)
    } else if matches!(figures.along, Along::Groups(_)) {
        let entries = entries(&figures, Swatch::Box);
        Picture::Rows(Page::fit(size, &texts, &entries, |width, whole| {
            rows::need(&figures, kind, width, whole)
        })?)
    } else {
        over_time(answer, &figures, kind, size, &texts)?
    };

    let mut document = Document::new(spec.width(), spec.height(), title, &answer.text.alt);
    {
        let pen = Pen { area: document.backend().into_drawing_area(), palette: palette::of(spec.theme) };
        pen.fill(Rect { left: 0, top: 0, right: size.0, bottom: size.1 }, pen.palette.background);
        picture.draw(&pen, answer, &figures, kind);
    }
    Ok(document.finish())
}

/// The sentence in a picture without figures.
const EMPTY: Font = Font::regular(14);

/// A page and how its body is filled.
enum Picture<'f> {
    Empty(Page),
    Rows(Page),
    Upright { page: Page, axes: Axes<'f>, labels: Vec<lines::EndLabel>, figures_above: bool },
}

impl Picture<'_> {
    fn draw(&self, pen: &Pen<'_>, answer: &Answer, figures: &Figures, kind: Kind) {
        match self {
            Self::Empty(page) => {
                page.draw(pen);
                let body = page.body;
                let room = (body.height() / EMPTY.height()).max(1).unsigned_abs() as usize;
                let lines = words::wrap_to(&answer.text.empty, EMPTY, body.width() * 9 / 10, room);
                let mut y = (body.top + body.bottom) / 2 - lines.len() as i32 * EMPTY.height() / 2;
                for line in &lines {
                    pen.text(line, ((body.left + body.right) / 2, y), HPos::Center, EMPTY, pen.palette.quiet);
                    y += EMPTY.height();
                }
            }
            Self::Rows(page) => {
                page.draw(pen);
                rows::draw(pen, answer, figures, kind, page.body);
            }
            Self::Upright { page, axes, labels, figures_above } => {
                page.draw(pen);
                let plot = axes.plot(pen);
                axes.draw(pen, &plot, answer);
                if kind == Kind::Line {
                    lines::draw(pen, &plot, axes, labels);
                } else {
                    bars::draw(pen, &plot, axes, answer, *figures_above);
                }
            }
        }
    }
}

/// Returns the kind to draw, or why it cannot be.
fn choose(figures: &Figures, answer: &Answer, asked: Option<Kind>) -> Result<Kind, DrawError> {
    let over_time = matches!(figures.along, Along::Periods { .. });
    let kind = asked.unwrap_or(if over_time && figures.periods() > 1 { Kind::Line } else { Kind::Bar });
    match kind {
        Kind::Line if !over_time => {
            let timed = answer.columns.iter().any(|column| matches!(column.name.as_str(), "year" | "month"));
            // Time was asked for, but no record's is known: that is no fault of the caller.
            if timed { Ok(Kind::Bar) } else { Err(DrawError::NoTime) }
        }
        Kind::Stacked | Kind::Share if figures.measures > 1 => Err(DrawError::SeveralMeasures),
        Kind::Stacked | Kind::Share => match &figures.not_additive {
            Some(dimension) => Err(DrawError::NotAdditive { dimension: dimension.clone() }),
            None => Ok(kind),
        },
        Kind::Line | Kind::Bar => Ok(kind),
    }
}

/// Lays out a chart over time: with names at the lines' ends where they fit, else with a legend.
fn over_time<'f>(
    answer: &Answer,
    figures: &'f Figures,
    kind: Kind,
    size: (i32, i32),
    texts: &Texts<'_>,
) -> Result<Picture<'f>, DrawError> {
    let upright = |entries: &[Entry], right: i32| -> Result<(Page, Axes<'f>, i32), DrawError> {
        let page = Page::fit(size, texts, entries, |_, _| upright::need())?;
        let above = bars::room_above(answer, figures, kind, page.body.width());
        let axes = Axes::lay_out(answer, figures, kind, page.body, (right, above), page.axis_title);
        Ok((page, axes, above))
    };
    let shade = Entry { swatch: Swatch::Shade, name: answer.text.not_in_force.clone() };
    if let Some(right) = lines::end_label_width(figures, size.0).filter(|_| kind == Kind::Line) {
        let mut made = upright(&[], right)?;
        if made.1.shade_needs_legend(answer) {
            made = upright(std::slice::from_ref(&shade), right)?;
        }
        if let Some(labels) = lines::end_labels(&made.1) {
            return Ok(Picture::Upright { page: made.0, axes: made.1, labels, figures_above: false });
        }
    }
    let mut entries = entries(figures, if kind == Kind::Line { Swatch::Line } else { Swatch::Box });
    let mut made = upright(&entries, 0);
    let unnamed = made
        .as_ref()
        .map_or_else(|_| upright::is_shaded(answer, figures), |made| made.1.shade_needs_legend(answer));
    if unnamed {
        entries.push(shade);
        made = upright(&entries, 0);
    }
    let (page, axes, above) = made?;
    Ok(Picture::Upright { page, axes, labels: Vec::new(), figures_above: above > 0 })
}

/// Returns the names in the legend: none for a measure alone, which the axis names.
fn entries(figures: &Figures, swatch: impl Fn(usize) -> Swatch) -> Vec<Entry> {
    if figures.series.len() < 2 && !figures.by_dimension {
        return Vec::new();
    }
    let entry = |(number, series): (usize, &figures::Series)| Entry {
        swatch: swatch(number),
        name: series.name.clone(),
    };
    figures.series.iter().enumerate().map(entry).collect()
}

/// Returns a sentence with the figures whose period is not known: they have no place along the axis.
fn unknown_note(answer: &Answer, figures: &Figures) -> Option<String> {
    let unknown: Vec<String> = figures
        .series
        .iter()
        .filter_map(|series| {
            let value = words::count(series.unknown?, answer);
            Some(if figures.series.len() > 1 { [&series.name, ": ", &value].concat() } else { value })
        })
        .collect();
    let axis = match answer.text.x_title.as_str() {
        "" => String::new(),
        title => [title, ": "].concat(),
    };
    (!unknown.is_empty()).then(|| [axis.as_str(), &answer.text.unknown, " – ", &unknown.join("; ")].concat())
}
