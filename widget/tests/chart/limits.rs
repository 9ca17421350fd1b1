//! What no picture can hold is refused at the first series, panel, group or figure that is too many: at once, however
//! much the answer has.

use std::time::{Duration, Instant};

use crate::samples::{column, row};
use chargesheet_widget::chart::{DrawError, FIGURE_LIMIT, Kind, Spec, draw};
use chargesheet_widget::wire::{Answer, ColumnRole, Value};

/// An answer of so many rows by year, region and outcome, each with a figure.
fn answer(rows: usize, of: impl Fn(usize) -> (i32, usize, usize)) -> Answer {
    let made = |number| {
        let (year, region, outcome) = of(number);
        let text = |name: &str, number: usize| Value::Text(format!("{name}{number:06}"));
        row(vec![Value::Year(year), text("r", region), text("o", outcome), Value::Count(number as u64)])
    };
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Year"),
            column("region", ColumnRole::Dimension, "Region"),
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("charges", ColumnRole::Measure, "Charges"),
        ],
        rows: (0..rows).map(made).collect(),
        ..Answer::default()
    }
}

fn refused(answer: &Answer, kind: Kind) -> DrawError {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    (spec.kind, spec.whole) = (Some(kind), true);
    let began = Instant::now();
    let error = draw(answer, &spec).expect_err("nobody can read it");
    // Seconds at most where a machine is busy; what looks at every pair of rows takes hours.
    assert!(began.elapsed() < Duration::from_secs(5), "{kind:?} took {:?}", began.elapsed());
    error
}

#[test]
fn a_million_series_are_refused_at_once_in_every_kind() {
    let answer = answer(1_000_000, |number| (2000 + (number % 20) as i32, number, number % 7));
    for kind in Kind::ALL {
        let error = refused(&answer, kind);
        let told = match kind {
            // Seven outcomes are not too many, in twenty years each they are; a million regions are in any case.
            Kind::Horizontal => "140 series, more than a reader can tell apart",
            Kind::Multiples => "more panels than any picture shows",
            Kind::Spans => "needs periods",
            Kind::Map => "needs countries",
            _ => "more series than any picture shows",
        };
        assert!(error.to_string().contains(told), "{kind:?}: {error}");
    }
}

#[test]
fn as_many_groups_as_no_picture_is_high_are_refused_at_once() {
    let mut answer = answer(65_000, |number| (2000, number, 0));
    answer.columns.remove(0);
    answer.rows.iter_mut().for_each(|row| _ = row.values.remove(0));
    for kind in [Kind::Bar, Kind::Horizontal] {
        let error = refused(&answer, kind);
        assert_eq!(error, DrawError::TooMuch { what: "groups" }, "{kind:?}");
    }
    // What could be drawn higher is refused with the height, as ever.
    answer.rows.truncate(60);
    assert!(matches!(refused(&answer, Kind::Bar), DrawError::TooLow { .. }));
}

#[test]
fn more_figures_than_a_picture_shows_are_refused_at_once() {
    let answer = answer(FIGURE_LIMIT + 1, |number| ((number / 288) as i32, number / 12 % 24, number % 12));
    let error = refused(&answer, Kind::Multiples);
    assert_eq!(error, DrawError::TooMuch { what: "figures" });
}

#[test]
fn as_many_figures_as_a_picture_may_have_are_drawn_in_time_whatever_their_order() {
    let years = FIGURE_LIMIT / 12;
    let mut answer = answer(years * 12, |number| ((number % years) as i32, 0, number / years));
    answer.columns.remove(1);
    answer.rows.iter_mut().for_each(|row| _ = row.values.remove(1));
    answer.rows.reverse();
    answer.additive = vec!["outcome".to_owned()];
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    for kind in [Kind::Line, Kind::Bar, Kind::Stacked, Kind::Share] {
        spec.kind = Some(kind);
        let began = Instant::now();
        let drawn = draw(&answer, &spec);
        // Bars side by side become lines; others would show something else.
        match kind {
            Kind::Stacked | Kind::Share => assert_eq!(drawn, Err(DrawError::TooThin)),
            _ => assert!(drawn.is_ok(), "{kind:?}"),
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{kind:?} took {:?}", began.elapsed());
    }
}
