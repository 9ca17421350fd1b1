//! The positions that a picture tells scripts are those of what it shows.

use crate::samples;
use chargesheet_widget::chart::map::Mark;
use chargesheet_widget::chart::{Drawing, Kind, Spec, compose};
use serde_json::Value;

fn positions(drawing: &Drawing) -> Value {
    serde_json::from_str(&drawing.map.to_json()).expect("positions are JSON")
}

fn column(laid: &Value, name: &str) -> Vec<i64> {
    let numbers = laid[name].as_array().unwrap_or_else(|| panic!("{name} is a list"));
    numbers.iter().map(|number| number.as_i64().expect("a whole number")).collect()
}

#[test]
fn positions_are_those_of_the_picture() {
    for (name, answer) in samples::all() {
        for kind in Kind::ALL {
            let mut spec = Spec::new(800, 600).expect("a size within the limits");
            spec.kind = Some(kind);
            let Ok(drawing) = compose(&answer, &spec) else { continue };
            let laid = positions(&drawing);
            let marks = &drawing.map.marks;
            let told = |name: &str, of: fn(&Mark) -> i32| {
                let own: Vec<i64> = marks.iter().map(|mark| of(mark).into()).collect();
                assert_eq!(column(&laid, name), own, "{name} of {kind:?}");
            };
            told("row", |mark| mark.row as i32);
            told("column", |mark| mark.column as i32);
            told("series", |mark| mark.series as i32);
            told("panel", |mark| mark.panel as i32);
            told("at", |mark| mark.at);
            told("x", |mark| mark.anchor.0);
            told("y", |mark| mark.anchor.1);
            told("left", |mark| mark.place.left);
            told("bottom", |mark| mark.place.bottom);
            let panels: Vec<[i32; 7]> =
                serde_json::from_value(laid["panels"].clone()).expect("seven numbers each");
            for mark in marks {
                let place = mark.place;
                let (width, height) = (place.right - place.left, place.bottom - place.top);
                let bar = format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\"",
                    place.left, place.top
                );
                let lines = matches!(kind, Kind::Line | Kind::Multiples)
                    || marks.len() == 1
                    || kind == Kind::Bar && drawing.svg.contains("<circle");
                assert!(lines || drawing.svg.contains(&bar), "{name} {kind:?}: no {bar}");
                // The place along the axis leads to the figure's year or group.
                let [left, top, right, bottom, from, to, lying] = panels[mark.panel].map(f64::from);
                let part = if lying == 0.0 {
                    (f64::from(mark.anchor.0) + 0.5 - left) / (right - left)
                } else {
                    (f64::from(mark.anchor.1) + 0.5 - top) / (bottom - top)
                };
                let at = (from + part * (to - from)) / 1000.0;
                assert_eq!(at.round() as i32, mark.at, "{name} {kind:?}: {mark:?} at {at}");
            }
            let names = laid["names"].as_array().expect("names").len();
            assert_eq!(laid["colors"].as_array().expect("colours").len(), names, "{name}");
            assert!(marks.iter().all(|mark| mark.series < names), "{name}");
        }
    }
}

#[test]
fn a_name_is_written_as_json_has_it() {
    let mut answer = samples::russian();
    answer.labels.0[0].1[0].1 = "A \"quoted\" \\ name\nin two lines".to_owned();
    let spec = Spec::new(800, 450).expect("a size within the limits");
    let laid = positions(&compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(laid["names"][0], "A \"quoted\" \\ name in two lines");
    assert_eq!(column(&laid, "periods"), [1, 2013, 2020, 2013, 2020]);
}
