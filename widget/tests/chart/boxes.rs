//! Whatever the answer, no text of a picture overlaps another or leaves the frame, and every figure is
//! drawn. Texts are measured with the table of advances; the picture pins them to those widths.

use crate::samples::{self, code, column};
use chargesheet_widget::chart::{DrawError, Drawing, Kind, Spec, Theme, compose};
use chargesheet_widget::svg::Font;
use chargesheet_widget::wire::{Answer, ColumnRole, InForce, Labels, Row, Text, Value};
use proptest::prelude::*;

/// A text with the box it takes, in pixels.
#[derive(Debug)]
#[expect(dead_code, reason = "`text` is for the message of a failed test, through Debug")]
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

/// Draws; where the picture is too low, at the height that the error names.
fn draw_at_any_height(
    answer: &Answer,
    size: (u32, u32),
    kind: Kind,
    theme: Theme,
) -> Option<(Drawing, (u32, u32))> {
    let spec = |(width, height)| {
        let mut spec = Spec::new(width, height).expect("a size within the limits");
        (spec.kind, spec.theme) = (Some(kind), theme);
        spec
    };
    match compose(answer, &spec(size)) {
        Ok(drawing) => Some((drawing, size)),
        Err(DrawError::TooLow { height }) => {
            assert!(height > size.1 && height < 4096, "{height}");
            let size = (size.0, height);
            Some((compose(answer, &spec(size)).expect("fits at the height that was named"), size))
        }
        Err(DrawError::NoTime) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Counts the marks and bars in colours of series.
fn drawn(svg: &str) -> usize {
    let neutral = ["#ffffff", "#f0f2f4", "#e4e7eb", "#161a20", "#222830", "#2d333b", "none"];
    let colored = |line: &&str| attribute(line, "fill").is_some_and(|fill| !neutral.contains(&fill));
    svg.lines()
        .filter(|line| ["<rect", "<circle", "<polygon"].iter().any(|name| line.starts_with(name)))
        .filter(colored)
        .count()
}

/// How many figures a picture should show.
fn to_draw(answer: &Answer, kind: Kind) -> usize {
    let measure =
        answer.columns.iter().position(|column| column.role == ColumnRole::Measure).expect("a measure");
    let stacked = matches!(kind, Kind::Stacked | Kind::Share);
    let shown = |row: &&Row| match row.values[measure] {
        Value::Count(value) => row.values[0] != Value::Absent && !(stacked && value == 0),
        _ => false,
    };
    answer.rows.iter().filter(shown).count()
}

const LATIN: &str = "persons prosecuted (“charges”) under Article 274, by outcome — first instance & appeal <2019> knowingly false information";
const CYRILLIC: &str = "Распространение заведомо ложной информации: число лиц, Қазақстан бойынша қылмыстық істердің үлесі, статья 274 ӘҒҚҢӨҰҮҺІ";

/// Cuts a text of a length out of a longer one, starting anywhere.
fn words(source: &str, start: usize, length: usize) -> String {
    source.chars().cycle().skip(start).take(length).collect::<String>().trim().to_owned()
}

#[derive(Debug, Clone)]
struct Shape {
    answer: Answer,
    size: (u32, u32),
    kind: Kind,
    theme: Theme,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let texts = (0..100_usize, 0..=120_usize, 1..=60_usize, any::<bool>());
    let cells = prop::collection::vec(
        prop_oneof![1 => Just(None), 1 => Just(Some(0)), 3 => (0..50_u64).prop_map(Some), 3 => (0..=10_000_000_u64).prop_map(Some)],
        480,
    );
    let picture = (
        prop::sample::select(vec![(320, 260), (375, 420), (500, 300), (800, 450), (1600, 900)]),
        prop::sample::select(Kind::ALL.to_vec()),
        prop::sample::select(vec![Theme::Light, Theme::Dark]),
    );
    (1..=40_usize, 1..=12_usize, cells, texts, picture, 1950..2000_i32, any::<bool>(), any::<bool>()).prop_map(
        |(along, series, cells, (start, title, name, russian), (size, kind, theme), first, over_time, shaded)| {
            let source = if russian { CYRILLIC } else { LATIN };
            let codes = |many: usize, letter: char| -> Vec<(String, String)> {
                (0..many).map(|index| (format!("{letter}{index:02}"), format!("{} {index}", words(source, start + index * 7, name)))).collect()
            };
            let groups = codes(along, 'g');
            let others = codes(series, 's');
            let mut rows = Vec::new();
            for index in 0..=along {
                for (number, (other, _)) in others.iter().enumerate() {
                    // The last round is of records without a year.
                    let value = if index < along { cells[index * series + number] } else { Some(3).filter(|_| over_time && number % 2 == 0) };
                    let Some(value) = value else { continue };
                    let at = match (index < along, over_time) {
                        (false, _) => Value::Absent,
                        (true, true) => Value::Year(first + index as i32),
                        (true, false) => code(&groups[index].0),
                    };
                    let status = ["A", "A", "P", "B", "E"][(value % 5) as usize];
                    rows.push(Row { values: vec![at, code(other), Value::Count(value), code(status)], disagreements: Vec::new() });
                }
            }
            let dimension = if over_time { "year" } else { "statute" };
            let answer = Answer {
                language: if russian { "ru" } else { "en" }.to_owned(),
                columns: vec![
                    column(dimension, ColumnRole::Dimension, "Year"),
                    column("outcome", ColumnRole::Dimension, "Outcome"),
                    column("persons", ColumnRole::Measure, "Persons"),
                    column("status", ColumnRole::Status, "Status"),
                ],
                rows,
                labels: Labels(vec![("statute".to_owned(), groups), ("outcome".to_owned(), others)]),
                additive: vec!["outcome".to_owned(), dimension.to_owned()],
                in_force: shaded.then(|| InForce { from: Some(format!("{}-03-01", first + 5)), to: Some(format!("{}", first + 30)) }),
                text: Text {
                    title: words(source, start, title),
                    subtitle: words(source, start + 3, title / 2),
                    x_title: words(source, start, 14),
                    y_title: words(source, start + 9, name),
                    share_title: words(source, start + 5, name),
                    source_line: words(source, start + 1, 90),
                    dataset_line: "Chargesheet, release 2026-08-01-3f9c2a7d https://example.org/v1/datasets/reported-figures/releases/2026".to_owned(),
                    notes: vec![words(source, start + 2, title)],
                    not_shown: "Not shown: {names}.".to_owned(),
                    shown_periods: "Shown: {from}–{to}.".to_owned(),
                    key_break: "Definition changes".to_owned(),
                    key_provisional: words(source, start, name),
                    key_disagree: "Sources disagree".to_owned(),
                    key_interval: "95 % interval".to_owned(),
                    unknown: "Year not known".to_owned(),
                    not_in_force: words(source, start, 18),
                    empty: words(source, start, 80),
                    alt: words(source, start, 60),
                    thousands: if russian { "\u{a0}" } else { "," }.to_owned(),
                    decimal: if russian { "," } else { "." }.to_owned(),
                },
                ..Answer::default()
            };
            Shape { answer, size, kind, theme }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(600)))]

    #[test]
    fn no_text_overlaps_another_or_leaves_the_frame_and_every_figure_is_drawn(shape in shapes()) {
        if let Some((drawing, size)) = draw_at_any_height(&shape.answer, shape.size, shape.kind, shape.theme) {
            check_boxes(&drawing, size);
            let mut named: Vec<&Value> = shape.answer.rows.iter().map(|row| &row.values[1]).collect();
            named.sort_by_key(|value| format!("{value:?}"));
            named.dedup();
            let legend = named.len();
            let (drawn, expected) = (drawn(&drawing.svg), to_draw(&shape.answer, shape.kind));
            // Names at the lines' ends stand without marks of their own.
            prop_assert!(
                expected == 0 || drawn == expected + legend || (shape.kind == Kind::Line && drawn == expected),
                "{drawn} drawn, {expected} expected, {legend} in the legend"
            );
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
                    Ok(drawing) => check_boxes(&drawing, size),
                    Err(
                        DrawError::TooLow { .. }
                        | DrawError::NoShares
                        | DrawError::NoTime
                        | DrawError::NotAdditive { .. },
                    ) => {}
                    Err(error) => panic!("{name}: {error}"),
                }
            }
        }
    }
}
