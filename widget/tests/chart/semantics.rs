//! What a chart must and must not say: gaps, sums, zeroes, unknown years, and refusals in plain words.

use crate::samples::{self, code, column, row};
use chargesheet_widget::chart::{DrawError, Kind, Spec, draw};
use chargesheet_widget::wire::{Answer, ColumnRole, Value};

fn spec(kind: Option<Kind>) -> Spec {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = kind;
    spec
}

fn lines(svg: &str, color: &str) -> usize {
    svg.lines()
        .filter(|line| {
            line.starts_with("<polyline") && line.contains(color) && line.contains("stroke-width=\"2\"")
        })
        .count()
}

#[test]
fn a_line_is_broken_where_a_year_has_no_figure() {
    let svg = draw(&samples::sedition_persons(), &spec(Some(Kind::Line))).expect("drawn");
    assert_eq!(lines(&svg, "#474e7e"), 1, "arrested: every year has a figure");
    assert_eq!(lines(&svg, "#735200"), 1, "charged: 2017 to 2018; 2014 and 2021 stand alone");
    assert_eq!(lines(&svg, "#8e1f57"), 2, "convicted: 2017 to 2018, 2020 to 2021");
}

#[test]
fn an_absent_figure_is_a_gap_and_a_zero_is_drawn() {
    let mut answer = samples::sedition();
    answer.rows[3].values[1] = Value::Absent;
    answer.rows[5].values[1] = Value::Count(0);
    answer.rows[8].values[2] = code("A");
    let svg = draw(&answer, &spec(Some(Kind::Line))).expect("drawn");
    assert_eq!(lines(&svg, "#1a80a9"), 2);
    let marks = svg.lines().filter(|line| line.starts_with("<circle") && line.contains("fill=\"#1a80a9\""));
    assert_eq!(marks.count(), 8, "a zero is drawn, a gap is not");
}

#[test]
fn figures_without_a_year_are_noted_and_not_placed() {
    let higher = spec(Some(Kind::Bar)).at_height(700).expect("a height within the limits");
    let svg = draw(&samples::russian(), &higher).expect("drawn");
    assert!(
        svg.contains(">Год: неизвестен – Приговорены к лишению свободы: 2; Приговорены к штрафу: 9</text>"),
        "{svg}"
    );
}

#[test]
fn several_years_are_a_line_and_one_is_a_bar() {
    let answer = samples::sedition();
    assert!(draw(&answer, &spec(None)).expect("drawn").contains("<circle"));
    let mut persons = samples::sedition_persons();
    persons.rows.retain(|row| row.values[0] == Value::Year(2021));
    assert!(!draw(&persons, &spec(None)).expect("drawn").contains("<circle"));
}

#[test]
fn one_figure_is_a_big_number() {
    let mut answer = samples::sedition();
    answer.rows.truncate(1);
    for (width, size) in [(800, 48), (320, 40)] {
        let spec = Spec::new(width, 420).expect("a size within the limits");
        let svg = draw(&answer, &spec).expect("drawn");
        assert!(svg.contains(&format!("font-size=\"{size}\"")) && svg.contains(">47</text>"), "{svg}");
        assert!(svg.contains(">Cases · 2014</text>"), "unit and year: {svg}");
    }
}

#[test]
fn an_outcome_has_its_colour_in_every_kind() {
    let answer = samples::sedition_persons();
    // In a ranking of outcomes, years tell the bars apart.
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Horizontal) {
        let Ok(svg) = draw(&answer, &spec(Some(kind))) else { continue };
        for color in ["#474e7e", "#735200", "#8e1f57"] {
            assert!(svg.contains(color), "{kind:?}: {color}");
        }
        assert!(!svg.contains("#1a80a9"), "{kind:?}: no colour of a number");
    }
    // Groups and the parts of one bar are outcomes too, and one outcome alone keeps its colour.
    let mut groups = answer.clone();
    groups.additive = vec!["outcome".to_owned()];
    groups.rows.retain(|row| row.values[0] == Value::Year(2021));
    groups.columns.remove(0);
    groups.rows.iter_mut().for_each(|row| _ = row.values.remove(0));
    for kind in [Kind::Bar, Kind::Horizontal, Kind::Share] {
        let svg = draw(&groups, &spec(Some(kind))).expect("drawn");
        assert!(svg.contains("#474e7e") && svg.contains("#735200"), "{kind:?}: {svg}");
    }
    let mut one = answer;
    one.rows.retain(|row| row.values[1] == code("convicted"));
    one.beside.looks.0.retain(|(outcome, _)| outcome == "convicted");
    assert!(draw(&one, &spec(None)).expect("drawn").contains("#8e1f57"));
    one.columns.remove(1);
    one.rows.iter_mut().for_each(|row| _ = row.values.remove(1));
    assert!(draw(&one, &spec(None)).expect("drawn").contains("#8e1f57"), "it was asked for alone");
}

#[test]
fn names_at_lines_are_readable_text() {
    let mut answer = samples::sedition_persons();
    answer.rows.retain(|row| row.values[1] != code("convicted"));
    let svg = draw(&answer, &spec(Some(Kind::Line))).expect("drawn");
    let named = svg.lines().find(|line| line.contains(">Arrested</text>")).expect("named");
    assert!(named.contains("fill=\"#3d4550\""), "{named}");
}

#[test]
fn what_may_not_be_summed_is_not_stacked() {
    let error =
        draw(&samples::sedition_persons(), &spec(Some(Kind::Stacked))).expect_err("overlapping outcomes");
    assert_eq!(error, DrawError::NotAdditive { dimension: "Outcome".to_owned() });
    assert!(error.to_string().starts_with("These figures cannot be stacked"), "{error}");
    let mut answer = samples::russian();
    answer.columns.push(column("cases", ColumnRole::Measure, "Дела"));
    for row in &mut answer.rows {
        row.values.push(Value::Count(1));
    }
    assert_eq!(draw(&answer, &spec(Some(Kind::Share))), Err(DrawError::SeveralMeasures));
    assert!(
        draw(&answer, &spec(Some(Kind::Line))).expect("drawn").contains("Приговорены к штрафу, Дела</text>")
    );
}

#[test]
fn a_line_needs_time() {
    let error = draw(&samples::kazakhstan(), &spec(Some(Kind::Line))).expect_err("no years");
    assert_eq!(
        error.to_string(),
        "A line needs time along the axis. Add `year` or `month` to `by`, or use `bar`."
    );
}

#[test]
fn more_series_than_can_be_told_apart_are_refused_with_their_number() {
    let mut answer = samples::forty_years();
    let count = answer.rows.len();
    answer.rows.push(row(vec![Value::Year(2024), code("another"), Value::Count(1)]));
    assert_eq!(draw(&answer, &spec(None)), Err(DrawError::TooManySeries { series: 13 }));
    answer.rows.truncate(count);
    assert!(draw(&answer, &spec(None)).is_ok());
}

#[test]
fn groups_and_series_stand_in_the_order_of_their_labels() {
    let svg = draw(&samples::kazakhstan(), &spec(None)).expect("drawn");
    let at = |text: &str| svg.find(text).expect("in the picture");
    assert!(at(">Pending before a court<") < at(">Convicted<"));
}

#[test]
fn one_total_is_a_bar_of_its_measure() {
    let mut answer = samples::kazakhstan();
    answer.columns = vec![
        column("persons", ColumnRole::Measure, "Persons"),
        column("cases", ColumnRole::Measure, "Cases"),
    ];
    answer.rows = vec![row(vec![Value::Count(4), Value::Count(3)])];
    let svg = draw(&answer, &spec(None)).expect("drawn");
    assert!(svg.contains(">Cases</text>") && svg.contains(">4</text>"), "{svg}");
}

#[test]
fn only_undated_records_are_shown_as_such() {
    let mut answer = samples::russian();
    answer.rows.retain(|row| row.values[0] == Value::Absent);
    let svg = draw(&answer, &spec(Some(Kind::Line))).expect("drawn");
    assert!(svg.contains(">9</text>"), "{svg}");
}

#[test]
fn an_answer_without_rows_says_so() {
    let svg = draw(&samples::empty(), &spec(None)).expect("drawn");
    assert!(svg.contains("No records match this question.") && svg.contains("Source: National"), "{svg}");
}

#[test]
fn an_answer_without_counts_is_refused() {
    assert_eq!(draw(&Answer::default(), &spec(None)), Err(DrawError::NothingCounted));
}

#[test]
fn no_style_script_or_outer_reference_is_in_a_picture() {
    for (name, answer) in samples::all() {
        let svg = draw(&answer, &spec(None)).expect(name);
        let lower = svg.to_lowercase();
        for forbidden in ["style=", "<style", "<script", "href", "url(", "class=", " on"] {
            let elements: String = lower
                .lines()
                .filter(|line| {
                    !line.starts_with("<text") && !line.starts_with("<desc") && !line.starts_with("<title")
                })
                .collect();
            assert!(!elements.contains(forbidden), "{name}: {forbidden}");
        }
    }
}

#[test]
fn shares_of_one_dimension_are_the_parts_of_one_bar() {
    let svg = draw(&samples::kazakhstan(), &spec(Some(Kind::Share))).expect("drawn");
    assert!(svg.contains("fill=\"#1a80a9\"") && svg.contains("fill=\"#de781b\""), "{svg}");
    assert_eq!(draw(&samples::sedition(), &spec(Some(Kind::Share))), Err(DrawError::NoShares));
    assert_eq!(
        draw(&samples::outcomes(), &spec(Some(Kind::Share))),
        Err(DrawError::NotAdditive { dimension: "Statute".to_owned() })
    );
}

#[test]
fn a_single_outcome_is_named_too() {
    let mut answer = samples::russian();
    answer.rows.retain(|row| row.values[1] == code("fined"));
    let svg = draw(&answer, &spec(None)).expect("drawn");
    assert!(svg.contains(">Лица: Приговорены к штрафу</text>"), "{svg}");
}
