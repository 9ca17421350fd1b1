//! Whatever the answer, no text of a picture overlaps another or leaves the frame, and every figure is
//! drawn. Texts are measured with the table of advances; the picture pins them to those widths.

use crate::samples;
use crate::shapes::{Shape, shapes};
use chargesheet_widget::chart::{DrawError, Drawing, HEIGHTS, Kind, Rect, Spec, compose};
use chargesheet_widget::svg::Font;
use proptest::prelude::*;

/// A text with the box it takes, in pixels.
#[derive(Debug)]
struct TextBox {
    text: String,
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn number(element: &str, name: &str) -> i32 {
    attribute(element, name).and_then(|value| value.parse().ok()).expect("a whole number")
}

fn text_boxes(svg: &str) -> Vec<TextBox> {
    let line = |element: &str| {
        let (head, rest) = element.split_once('>').expect("a start tag");
        let text = rest.strip_suffix("</text>").expect("an end tag");
        let text =
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let size = number(head, "font-size").unsigned_abs();
        let font =
            if attribute(head, "font-weight").is_some() { Font::bold(size) } else { Font::regular(size) };
        let width = font.width(&text);
        if let Some(pinned) = attribute(head, "textLength") {
            assert_eq!(pinned, width.to_string(), "{text}");
        }
        let left = number(head, "x")
            - match attribute(head, "text-anchor") {
                Some("middle") => width / 2,
                Some("end") => width,
                _ => 0,
            };
        let base = number(head, "y");
        TextBox { text, left, top: base - font.ascent(), right: left + width, bottom: base + font.descent() }
    };
    svg.lines().filter(|line| line.starts_with("<text")).map(line).collect()
}

/// Checks the boxes of a picture of a size.
fn check_boxes(drawing: &Drawing, (width, height): (u32, u32)) {
    let boxes = text_boxes(&drawing.svg);
    if let Some(room) = drawing.map.controls {
        for one in &boxes {
            let apart = one.right <= room.left || one.bottom <= room.top;
            assert!(apart, "{one:?} stands where the controls go: {room:?}");
        }
    }
    for (index, one) in boxes.iter().enumerate() {
        assert!(
            one.left >= 0 && one.top >= 0 && one.right <= width as i32 && one.bottom <= height as i32,
            "{one:?} leaves the frame of {width} x {height}"
        );
        for other in &boxes[..index] {
            let apart = one.right <= other.left
                || other.right <= one.left
                || one.bottom <= other.top
                || other.bottom <= one.top;
            assert!(apart, "{one:?} overlaps {other:?} in {width} x {height}");
        }
    }
}

/// Draws; where the picture is too low, at the height that the error names. `None` for what is refused.
fn draw_at_any_height(shape: &Shape) -> Option<(Drawing, (u32, u32))> {
    match compose(&shape.answer, &shape.spec(shape.size)) {
        Ok(drawing) => Some((drawing, shape.size)),
        Err(DrawError::TooLow { height }) => {
            assert!(height > shape.size.1, "{height}");
            if height > *HEIGHTS.end() {
                return None;
            }
            let size = (shape.size.0, height);
            let drawing = compose(&shape.answer, &shape.spec(size));
            Some((drawing.unwrap_or_else(|error| panic!("at the height that was named: {error}")), size))
        }
        Err(
            DrawError::NoTime
            | DrawError::TooManySeries { .. }
            | DrawError::NoPeriods
            | DrawError::NoCountries
            | DrawError::NotOneFigure
            | DrawError::TooThin,
        ) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Checks that a picture says what was counted and kept, in its description at least.
fn check_filters(shape: &Shape, drawing: &Drawing) {
    let (_, rest) = drawing.svg.split_once("<desc").expect("a picture has a description");
    let (described, _) = rest.split_once("</desc>").expect("it ends");
    let unescaped = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(described.to_owned(), |text, (name, letter)| text.replace(name, letter));
    let subtitle = &shape.answer.text.subtitle;
    assert!(unescaped.contains(subtitle), "{subtitle} is not in {unescaped}");
}

/// Checks that the plots of a picture together have at least half of its height.
fn check_half(drawing: &Drawing, height: u32) {
    let plots = drawing.map.panels.iter().map(|panel| panel.plot);
    if let (Some(top), Some(bottom)) =
        (plots.clone().map(|plot| plot.top).min(), plots.map(|plot| plot.bottom).max())
    {
        assert!((bottom - top) * 2 >= height as i32, "the plot is from {top} to {bottom} of {height}");
    }
}

/// Counts the marks and bars in colours of series, and the swatches of the legend. Pale areas behind lines
/// are none.
fn drawn(svg: &str) -> usize {
    let neutral = ["#ffffff", "#f0f2f4", "#e4e7eb", "#161a20", "#222830", "#2d333b", "none"];
    let colored = |line: &&str| attribute(line, "fill").is_some_and(|fill| !neutral.contains(&fill));
    let area = |line: &&str| line.starts_with("<polygon") && line.contains("fill-opacity");
    svg.lines()
        .filter(|line| ["<rect", "<circle", "<polygon"].iter().any(|name| line.starts_with(name)))
        .filter(|line| colored(line) && !area(line))
        .count()
}

/// Checks that the map holds each figure once, within the frame, and finds it again.
fn check_marks(shape: &Shape, drawing: &Drawing, size: (u32, u32), expected: &[(usize, usize)]) {
    let map = &drawing.map;
    let mut marks: Vec<(usize, usize)> = map.marks.iter().map(|mark| (mark.row, mark.column)).collect();
    marks.sort_unstable();
    assert_eq!(marks, expected);
    for mark in &map.marks {
        let place = mark.place;
        let inside = place.left >= 0
            && place.top >= 0
            && place.right <= size.0 as i32
            && place.bottom <= size.1 as i32
            && place.left < place.right
            && place.top < place.bottom;
        assert!(inside, "{mark:?} leaves the frame of {size:?}");
        let plot = map.panels[mark.panel].plot;
        assert!(plot.left <= mark.anchor.0 && mark.anchor.0 <= plot.right, "{mark:?} leaves {plot:?}");
        assert!(plot.top <= mark.anchor.1 && mark.anchor.1 <= plot.bottom, "{mark:?} leaves {plot:?}");
        if let (false, Some(periods)) = (map.panels[mark.panel].lying, map.periods) {
            assert!((periods.shown.0..=periods.shown.1).contains(&mark.at), "{mark:?} outside {periods:?}");
        }
    }
    let mut keys: Vec<usize> = map.keys.iter().map(|key| key.series).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert!(count == keys.len() && keys.iter().all(|number| *number < map.names.len()), "{keys:?}");
    let hidden = |number: usize| shape.hidden >> number & 1 == 1;
    let swatches = keys.iter().filter(|number| !hidden(**number)).count();
    let drawn = drawn(&drawing.svg);
    assert_eq!(drawn, marks.len() + swatches, "{} marks, {swatches} swatches", marks.len());
}

/// Checks that pale areas stay within the plots.
fn check_areas(drawing: &Drawing) {
    for line in drawing.svg.lines().filter(|line| line.starts_with("<polygon") && line.contains("opacity")) {
        for point in attribute(line, "points").expect("a polygon has points").split(' ') {
            let (x, y) = point.split_once(',').expect("two coordinates");
            let (x, y): (i32, i32) = (x.parse().expect("whole"), y.parse().expect("whole"));
            let inside =
                |plot: Rect| x >= plot.left - 3 && x <= plot.right + 3 && y >= plot.top && y <= plot.bottom;
            let swatch = drawing.map.panels.iter().all(|panel| y < panel.plot.top);
            assert!(swatch || drawing.map.panels.iter().any(|panel| inside(panel.plot)), "{line}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2000)))]

    #[test]
    fn no_text_overlaps_another_or_leaves_the_frame_and_every_figure_is_drawn(shape in shapes()) {
        if let Some((drawing, size)) = draw_at_any_height(&shape) {
            check_boxes(&drawing, size);
            check_half(&drawing, size.1);
            check_areas(&drawing);
            check_filters(&shape, &drawing);
            if let Some(expected) = shape.expected() {
                check_marks(&shape, &drawing, size, &expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2000)))]

    #[test]
    fn half_of_the_height_is_plot(shape in shapes(), size in (240..=1500_u32, 160..=900_u32)) {
        let shape = Shape { size, ..shape };
        if let Some((drawing, size)) = draw_at_any_height(&shape) {
            check_boxes(&drawing, size);
            check_half(&drawing, size.1);
        }
    }
}

#[test]
fn half_of_the_widest_and_of_the_highest_picture_is_plot() {
    for (name, answer) in samples::all() {
        for size in [(240, 160), (240, 4096), (4096, 160), (4096, 4096)] {
            let spec = Spec::new(size.0, size.1).expect("a size within the limits");
            match compose(&answer, &spec) {
                Ok(drawing) => check_half(&drawing, size.1),
                Err(error) => assert!(matches!(error, DrawError::TooLow { .. }), "{name}: {error}"),
            }
        }
    }
}

#[test]
fn a_picture_that_may_grow_stays_below_its_limit() {
    for (name, answer) in samples::all() {
        for width in [240, 280, 320, 375, 480, 600, 746, 800, 1000, 1440] {
            let limit = (width * 3 / 4).max(560);
            let height = (width * 9 / 16).max((width * 112 / 100).min(420));
            let mut spec = Spec::new(width, height).expect("a size within the limits");
            spec.whole = true;
            if let Err(DrawError::TooLow { height: needed }) = compose(&answer, &spec) {
                // Groups one below the other, and panels, take the height that they take.
                assert!(
                    needed <= limit || answer.rows.len() > 50 || answer.labels.of("statute").len() > 5,
                    "{name}: {needed} at {width}"
                );
                let drawing = compose(&answer, &spec.at_height(needed).expect("within the limits"));
                check_half(&drawing.unwrap_or_else(|error| panic!("{name}: {error}")), needed);
            }
        }
    }
}

#[test]
fn no_word_of_a_title_is_cut() {
    for (name, answer) in samples::all() {
        for width in (240..=1200).step_by(8) {
            for height in [200, 300, 450, 700] {
                let spec = Spec::new(width, height).expect("a size within the limits");
                let Ok(drawing) = compose(&answer, &spec) else { continue };
                let bold = drawing
                    .svg
                    .lines()
                    .filter(|line| line.contains("font-weight") && !line.contains("font-size=\"12\""));
                let boxes: Vec<String> = bold.flat_map(text_boxes).map(|text| text.text).collect();
                let title = boxes.join(" ");
                let short = &answer.beside.short;
                let is_figure = title.chars().all(|letter| letter.is_ascii_digit() || letter == ',');
                assert!(
                    is_figure || title == answer.text.title || title == *short,
                    "{name} at {width} x {height}: {title}"
                );
            }
        }
    }
}

#[test]
fn samples_hold_their_boxes_at_every_size() {
    for (name, answer) in samples::all() {
        for kind in Kind::ALL {
            for size in [(240, 160), (320, 260), (375, 420), (800, 450), (1200, 600), (1600, 900)] {
                let mut spec = Spec::new(size.0, size.1).expect("a size within the limits");
                spec.kind = Some(kind);
                match compose(&answer, &spec) {
                    Ok(drawing) => {
                        check_boxes(&drawing, size);
                        check_half(&drawing, size.1);
                    }
                    Err(
                        DrawError::TooLow { .. }
                        | DrawError::NoShares
                        | DrawError::NoPanels
                        | DrawError::TooManySeries { .. }
                        | DrawError::NoTime
                        | DrawError::NoPeriods
                        | DrawError::NoCountries
                        | DrawError::NotOneFigure
                        | DrawError::NotAdditive { .. },
                    ) => {}
                    Err(error) => panic!("{name}: {error}"),
                }
            }
        }
    }
}
