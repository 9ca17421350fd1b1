//! The body of a picture: which form its figures take, and the entries of its legend.

use super::bars;
use super::bignumber;
use super::error::DrawError;
use super::events;
use super::figures::Figures;
use super::legend::{Entry, Swatch};
use super::lines;
use super::map::{Map, Panel};
use super::multiples;
use super::need::Need;
use super::page::{Level, Page, Texts};
use super::pen::Pen;
use super::rows;
use super::series::{Along, Measured, Point, Series};
use super::spec::{Kind, Spec};
use super::upright::{self, Axes};
use super::words;
use crate::svg::Font;
use crate::wire::Answer;
use plotters::style::text_anchor::HPos;

/// Font of the sentence in a picture without figures.
const EMPTY: Font = Font::regular(14);

/// A page with the content of its body.
pub enum Body<'f> {
    /// A page with a sentence instead of figures.
    Empty(Page, String),
    /// A page with one figure, and its unit.
    Number(Page, &'f Point, &'f str),
    Rows(Page),
    Panels(Page),
    Upright {
        page: Page,
        axes: Axes<'f>,
        labels: Vec<lines::EndLabel>,
        figures_above: bool,
    },
}

/// Returns the kind that is drawn: bars that would be too thin become lines.
///
/// # Errors
/// When stacked bars would be too thin. Lines would show something else.
pub fn kind(figures: &Figures, kind: Kind, spec: &Spec) -> Result<Kind, DrawError> {
    let is_dated = matches!(figures.along, Along::Periods(_));
    if !is_dated || !bars::are_too_thin(figures, kind, spec.width() as i32) {
        return Ok(kind);
    }
    match kind {
        // Both stand on the same axes. A snippet has a picture for phones too, and this one must not fail there.
        Kind::Bar => Ok(Kind::Line),
        Kind::Stacked | Kind::Share => Err(DrawError::TooThin),
        other => Ok(other),
    }
}

/// Lays out the body for the figures of an answer. `left_out` are the sentences about what the reader left out.
///
/// # Errors
/// When the picture is too low.
pub fn lay_out<'f>(
    answer: &Answer,
    figures: &'f Figures,
    kind: Kind,
    spec: &Spec,
    texts: &Texts<'f>,
    left_out: &[String],
) -> Result<Body<'f>, DrawError> {
    let size = (spec.width() as i32, spec.height() as i32);
    Ok(if figures.is_empty() {
        // Figures that were left out are not missing figures.
        let sentence = if left_out.is_empty() {
            answer.text.empty.clone()
        } else {
            words::join(&left_out.iter().map(String::as_str).collect::<Vec<_>>(), " ")
        };
        let entries = names(figures, Swatch::Box);
        let need = Need { around: 0, plot: EMPTY.height() * 3 };
        let page = Page::fit(size, &Texts { unit: "", left_out: &[], ..*texts }, &entries, &|_, _, _| need)?;
        Body::Empty(page, sentence)
    } else if let Some(point) = bignumber::only(figures, kind) {
        let entries = signs(answer, figures, Kind::Bar);
        let page = Page::fit(size, &Texts { unit: "", ..*texts }, &entries, &|_, _, _| bignumber::need())?;
        Body::Number(page, point, texts.unit)
    } else if kind == Kind::Multiples {
        let mut entries = entries(answer, figures, kind);
        if upright::is_shaded(answer, figures) {
            entries.push(shade(answer));
        }
        let page = Page::fit(size, texts, &entries, &|width, _, whole| {
            multiples::need(answer, figures, spec.free, width, whole)
        })?;
        Body::Panels(page)
    } else if matches!(figures.along, Along::Groups(_)) {
        let entries = entries(answer, figures, kind);
        Body::Rows(Page::fit(size, texts, &entries, &|width, _, whole| {
            rows::need(figures, kind, width, whole)
        })?)
    } else {
        over_time(answer, figures, kind, spec, texts)?
    })
}

/// Draws the body and the page around it.
impl Body<'_> {
    pub fn draw(
        &self,
        pen: &Pen<'_>,
        answer: &Answer,
        figures: &Figures,
        (kind, spec): (Kind, &Spec),
        map: &mut Map,
    ) {
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
            Self::Number(page, point, unit) => {
                page.draw(pen, map);
                bignumber::draw(pen, answer, figures, point, unit, page.body, map);
            }
            Self::Rows(page) => {
                page.draw(pen, map);
                rows::draw(pen, answer, figures, kind, page.body, map);
            }
            Self::Panels(page) => {
                page.draw(pen, map);
                multiples::draw(pen, answer, figures, page.body, spec, map);
            }
            Self::Upright { page, axes, labels, figures_above } => {
                page.draw(pen, map);
                let plot = axes.plot(pen);
                map.panels.push(Panel { plot: axes.rect, ends: axes.across, lying: false });
                axes.draw(pen, &plot, answer, map);
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
    spec: &Spec,
    texts: &Texts<'_>,
) -> Result<Body<'f>, DrawError> {
    let size = (spec.width() as i32, spec.height() as i32);
    let events = if spec.without_events { Vec::new() } else { events::shown(answer, figures, None) };
    let lane =
        |level: Level| if events.is_empty() || level >= Level::NoEventNames { 0 } else { events::LANE };
    let upright = |size: (i32, i32),
                   entries: &[Entry],
                   right: i32|
     -> Result<(Page, Axes<'f>, i32), DrawError> {
        let above = |width: i32| bars::room_above(answer, figures, kind, width);
        let page =
            Page::fit(size, texts, entries, &|width, level, _| upright::need((above(width), lane(level))))?;
        let above = above(page.body.width());
        let axes =
            Axes::lay_out(answer, figures, kind, page.body, right, (above, lane(page.level)), events.clone());
        Ok((page, axes, above))
    };
    if let Some(right) = lines::end_label_width(figures, size.0).filter(|_| kind == Kind::Line) {
        let labelled = |size: (i32, i32)| {
            let mut entries = signs(answer, figures, kind);
            let made = upright(size, &entries, right)?;
            if !made.1.shade_needs_legend(answer) {
                return Ok(made);
            }
            entries.push(shade(answer));
            upright(size, &entries, right)
        };
        let mut made = labelled(size);
        // A picture that may grow is less high with these names than with a legend, if they fit at the height that they need.
        let mut height = size.1;
        while let (true, Err(DrawError::TooLow { height: needed })) = (texts.whole, &made)
            && *needed as i32 > height
        {
            height = *needed as i32;
            made = labelled((size.0, height));
        }
        if let Ok((page, axes, _)) = made
            && let Some(labels) = lines::end_labels(&axes)
        {
            if height > size.1 {
                return Err(DrawError::TooLow { height: height.unsigned_abs() });
            }
            return Ok(Body::Upright { page, axes, labels, figures_above: false });
        }
    }
    let mut entries = entries(answer, figures, kind);
    let mut made = upright(size, &entries, 0);
    let unnamed = made
        .as_ref()
        .map_or_else(|_| upright::is_shaded(answer, figures), |made| made.1.shade_needs_legend(answer));
    if unnamed {
        entries.push(shade(answer));
        made = upright(size, &entries, 0);
    }
    let (page, axes, above) = made?;
    Ok(Body::Upright { page, axes, labels: Vec::new(), figures_above: above > 0 })
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
            signs.push(Entry::sign(swatch, name.clone()));
        }
    }
    signs
}

/// Returns the legend's entry for years in which the statute was not in force.
fn shade(answer: &Answer) -> Entry {
    Entry::sign(Swatch::Shade, answer.text.not_in_force.clone())
}

/// Returns the unit of the axis of figures. A single series has no legend, so its name stands here; of several, what is the same of
/// all.
pub fn unit(answer: &Answer, figures: &Figures, kind: Kind) -> String {
    let text = &answer.text;
    let unit = match figures.measured {
        Measured::Rates => &figures.unit,
        Measured::Shares => &text.share_title,
        Measured::Counts if kind == Kind::Share => &text.share_title,
        Measured::Counts => &text.y_title,
    };
    match figures.series.as_slice() {
        [only] if figures.by_dimension => words::join(&[unit, &only.name], ": "),
        _ if !figures.common.is_empty() => words::join(&[unit, &figures.common], ": "),
        _ => unit.clone(),
    }
}

/// Returns the legend's entries for series. A single series has none.
fn names(figures: &Figures, swatch: fn(usize) -> Swatch) -> Vec<Entry> {
    if figures.series.len() < 2 {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (number, series) in figures.series.iter().enumerate() {
        let Series { style, name, hidden, .. } = series;
        entries.push(Entry { swatch: swatch(number), style: *style, name: name.clone(), hidden: *hidden });
    }
    entries
}
