//! Rates, shares with their wholes, and panels on scales of their own.

use crate::samples::{self, column};
use chargesheet_widget::chart::{Kind, Spec, compose};
use chargesheet_widget::wire::{Answer, ColumnRole, Value};

fn spec(kind: Kind) -> Spec {
    let mut spec = Spec::new(800, 600).expect("a size within the limits");
    spec.kind = Some(kind);
    spec
}

fn svg(answer: &Answer, spec: &Spec) -> String {
    compose(answer, spec).unwrap_or_else(|error| panic!("{error}")).svg
}

fn with_rates(rate: f64) -> Answer {
    let mut answer = samples::sedition();
    for (name, title) in [
        ("cases_per_100000", "Cases per 100,000 people"),
        ("cases_per_100000_low", "Low"),
        ("cases_per_100000_high", "High"),
    ] {
        answer.columns.push(column(name, ColumnRole::Label, title));
    }
    for row in &mut answer.rows {
        row.values.extend([rate, rate / 2.0, rate * 2.0].map(Value::Real));
    }
    answer
}

#[test]
fn a_rate_has_its_unit() {
    let answer = with_rates(1.25);
    for kind in [Kind::Line, Kind::Bar] {
        let svg = svg(&answer, &spec(kind));
        assert!(svg.contains(">Cases per 100,000 people</text>") && svg.contains(">0.5</text>"), "{svg}");
        assert!(svg.contains(">95 % interval</text>"), "with its interval");
    }
    for (rate, told) in [(0.000_071, "0.000071"), (12.345, "12.3"), (1234.5, "1,234.5"), (0.5, "0.5")] {
        let mut one = with_rates(rate);
        one.rows.truncate(1);
        assert!(svg(&one, &spec(Kind::Bar)).contains(&format!(">{told}</text>")), "{rate}");
    }
    // Rates are of different populations, so counts are stacked.
    assert!(svg(&answer, &spec(Kind::Stacked)).contains(">Cases</text>"));
}

#[test]
fn a_share_says_its_whole() {
    let lying = svg(&samples::statutes(), &spec(Kind::Share));
    assert!(lying.contains(">n\u{a0}=\u{a0}12,791</text>"), "{lying}");
    let upright = svg(&samples::russian(), &spec(Kind::Share));
    assert!(upright.contains(">n\u{a0}=\u{a0}1\u{a0}515</text>"), "{upright}");
    // In a narrow picture a note tells the least and the most.
    let mut narrow = Spec::new(300, 900).expect("a size within the limits");
    narrow.kind = Some(Kind::Share);
    assert!(svg(&samples::russian(), &narrow).contains("n\u{a0}=\u{a0}15–1\u{a0}515"));
}

#[test]
fn a_free_axis_says_so() {
    let answer = samples::countries();
    let mut spec = spec(Kind::Multiples);
    let fixed = compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}"));
    assert!(!fixed.svg.contains("its own scale"));
    spec.free = true;
    let free = compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}"));
    assert!(free.svg.contains("Each panel has its own scale."), "{}", free.svg);
    let top = |panel: usize| {
        let marks = free.map.marks.iter().filter(|mark| mark.panel == panel);
        marks.map(|mark| mark.anchor.1).min().expect("figures") - free.map.panels[panel].plot.top
    };
    // India has a quarter of Türkiye's figures, and its line is as high.
    assert!(top(0) < 60 && top(4) < 60, "{} and {}", top(0), top(4));
    assert_eq!(fixed.map.marks.len(), free.map.marks.len());
}

#[test]
fn no_bar_is_under_three_pixels() {
    let answer = samples::forty_years();
    let drawing = compose(&answer, &spec(Kind::Bar)).unwrap_or_else(|error| panic!("{error}"));
    assert!(drawing.svg.contains("<polyline"), "twelve bars a year become lines");
    let mut wide = Spec::new(4000, 900).expect("a size within the limits");
    wide.kind = Some(Kind::Bar);
    let drawing = compose(&answer, &wide).unwrap_or_else(|error| panic!("{error}"));
    assert!(drawing.map.marks.iter().all(|mark| mark.place.right - mark.place.left >= 3));
}
