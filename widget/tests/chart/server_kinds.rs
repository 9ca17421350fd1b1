//! What only the server draws: figures of stretches of time, and maps.

use crate::samples::{code, column, labels, row, sedition};
use chargesheet_widget::chart::{DrawError, Drawing, Kind, Rect, Spec, compose};
use chargesheet_widget::wire::{Answer, ColumnRole, Labels, Row, Value};

fn drawn(answer: &Answer, kind: Option<Kind>) -> Drawing {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = kind;
    compose(answer, &spec).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(answer: &Answer, kind: Kind) -> DrawError {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = Some(kind);
    compose(answer, &spec).err().expect("cannot be drawn")
}

/// An answer by period and outcome.
fn by_period(figures: &[(&str, &str, u64)]) -> Answer {
    let rows = figures
        .iter()
        .map(|(period, outcome, value)| row(vec![code(period), code(outcome), Value::Count(*value)]));
    let mut answer = sedition();
    answer.columns = vec![
        column("period", ColumnRole::Dimension, "Period"),
        column("outcome", ColumnRole::Dimension, "Outcome"),
        column("cases", ColumnRole::Measure, "Cases"),
    ];
    answer.rows = rows.collect();
    answer.labels =
        Labels(vec![labels("outcome", &[("prosecuted", "Prosecuted"), ("convicted", "Convicted")])]);
    answer.beside.running = "running total".to_owned();
    answer.beside.stock = "number at a moment".to_owned();
    answer
}

fn place_of(drawing: &Drawing, row: usize) -> Rect {
    drawing
        .map
        .marks
        .iter()
        .find(|mark| mark.row == row)
        .unwrap_or_else(|| panic!("row {row} is drawn"))
        .place
}

#[test]
fn a_span_covers_its_months() {
    let answer = by_period(&[
        ("2020", "prosecuted", 5),
        ("2020-07/2021-06", "prosecuted", 7),
        ("2022", "convicted", 1),
    ]);
    let drawing = drawn(&answer, None);
    let plot = drawing.map.panels[0].plot;
    let month = f64::from(plot.right - plot.left) / 36.0;
    for (row, first, months) in [(0, 0.0, 12.0), (1, 6.0, 12.0), (2, 24.0, 12.0)] {
        let place = place_of(&drawing, row);
        assert!((f64::from(place.left - plot.left) - first * month).abs() <= 1.5, "{place:?}");
        assert!((f64::from(place.right - place.left) - months * month).abs() <= 2.0, "{place:?}");
    }
    assert!(drawing.svg.contains(">Prosecuted</text>") && drawing.svg.contains(">Convicted</text>"));
}

#[test]
fn a_running_total_is_one_counter() {
    let answer = by_period(&[
        ("2020-11/2021-12-31:running", "prosecuted", 171),
        ("2020-11/2022-05-31:running", "prosecuted", 211),
        ("2020-11/2024-10-31:running", "prosecuted", 307),
    ]);
    let drawing = drawn(&answer, Some(Kind::Spans));
    let places = [0, 1, 2].map(|row| place_of(&drawing, row));
    assert!(
        places.iter().all(|place| (place.top, place.bottom) == (places[0].top, places[0].bottom)),
        "one lane"
    );
    assert!(places.iter().all(|place| place.right - place.left == 3), "each reading is an end: {places:?}");
    assert!(
        drawing.svg.contains(">307</text>") && !drawing.svg.contains(">211</text>"),
        "the latest is written"
    );
    assert!(drawing.svg.contains(">running total</text>"));
}

#[test]
fn a_stock_has_a_moment_and_no_length() {
    let answer = by_period(&[("2020", "prosecuted", 5), ("2021-06-11:stock", "prosecuted", 40)]);
    let drawing = drawn(&answer, None);
    let place = place_of(&drawing, 1);
    assert_eq!(place.right - place.left, 11, "a ring");
    assert!(drawing.svg.contains(">number at a moment</text>"));
}

#[test]
fn spans_are_never_added() {
    let answer = by_period(&[
        ("2020", "prosecuted", 5),
        ("2020-03/2020-09", "prosecuted", 7),
        ("2020-01/2021-06", "prosecuted", 9),
    ]);
    let drawing = drawn(&answer, None);
    let mut lanes: Vec<i32> = drawing.map.marks.iter().map(|mark| mark.place.top).collect();
    lanes.sort_unstable();
    lanes.dedup();
    assert_eq!(lanes.len(), 3, "each has a lane of its own");
    for text in [">5</text>", ">7</text>", ">9</text>"] {
        assert!(drawing.svg.contains(text), "{text}");
    }
    assert_eq!(refused(&sedition(), Kind::Spans), DrawError::NoPeriods);
    let many: Vec<String> = (0..61).map(|year| format!("{}/{}", 1900 + year, 1901 + year)).collect();
    let many: Vec<(&str, &str, u64)> = many.iter().map(|period| (period.as_str(), "prosecuted", 1)).collect();
    assert_eq!(refused(&by_period(&many), Kind::Spans), DrawError::TooManyLanes { lanes: 61 });
}

fn by_country(figures: &[(&str, u64)]) -> Answer {
    let mut answer = sedition();
    answer.columns = vec![
        column("country", ColumnRole::Dimension, "Country"),
        column("cases", ColumnRole::Measure, "Cases"),
    ];
    answer.rows =
        figures.iter().map(|(country, value)| row(vec![code(country), Value::Count(*value)])).collect();
    answer.beside.no_figure = "no figure".to_owned();
    answer
}

#[test]
fn zero_is_told_from_nothing() {
    let drawing = drawn(&by_country(&[("KAZ", 12), ("FRA", 0), ("TUR", 9_168)]), Some(Kind::Map));
    assert_eq!(drawing.map.marks.len(), 3);
    let tile = |row| {
        let place = place_of(&drawing, row);
        format!("<rect x=\"{}\" y=\"{}\"", place.left, place.top)
    };
    assert!(!drawing.svg.contains(&tile(1)), "a zero is an outline");
    let fill = |row| {
        let line = drawing.svg.lines().find(|line| line.starts_with(&tile(row))).expect("a tile");
        line.split("fill=").nth(1).expect("filled").to_owned()
    };
    assert_ne!(fill(0), fill(2), "many are darker than few");
    assert!(
        drawing.svg.contains(">no figure</text>") && drawing.svg.contains(">0</text>"),
        "{}",
        drawing.svg
    );
}

#[test]
fn a_map_needs_one_year() {
    let mut answer = by_country(&[("KAZ", 12), ("FRA", 3)]);
    answer.columns.insert(1, column("year", ColumnRole::Dimension, "Year"));
    let dated = |row: &mut Row, year| row.values.insert(1, Value::Year(year));
    answer.rows.iter_mut().for_each(|row| dated(row, 2020));
    assert_eq!(drawn(&answer, Some(Kind::Map)).map.marks.len(), 2);
    answer.rows[1].values[1] = Value::Year(2021);
    assert_eq!(refused(&answer, Kind::Map), DrawError::NotOneFigure);
    assert_eq!(refused(&sedition(), Kind::Map), DrawError::NoCountries);
}
