//! Where a picture says that things are: marks under the pointer, names to click, room for controls; and
//! that it says so when figures of the answer are left out.

use crate::samples;
use chargesheet_widget::chart::{
    CONTROLS_NARROW, CONTROLS_WIDE, Drawing, Kind, Rect, Spec, Theme, compose, palette, period,
};
use chargesheet_widget::wire::{Answer, Value};

fn spec(kind: Kind) -> Spec {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = Some(kind);
    spec
}

fn drawn(answer: &Answer, spec: &Spec) -> Drawing {
    compose(answer, spec).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_pointer_finds_the_figure_of_its_year() {
    let answer = samples::sedition();
    for kind in [Kind::Line, Kind::Bar] {
        let map = drawn(&answer, &spec(kind)).map;
        assert_eq!(map.marks.len(), 9);
        let mark = map.marks.iter().find(|mark| mark.at == 2019).expect("2019 is drawn");
        assert_eq!(answer.rows[mark.row].values[mark.column], Value::Count(93));
        // Far below its value, but in its year.
        let (x, bottom) = (f64::from(mark.anchor.0) + 11.0, f64::from(map.panels[0].plot.bottom));
        let found = map.nearest(x, bottom - 5.0).expect("near the plot");
        assert_eq!(map.marks[found].at, 2019);
        assert_eq!(map.period_at(x), Some(2019));
        assert_eq!(map.period_at(0.0), Some(2014));
        assert_eq!(map.nearest(x, 5.0), None, "the title means no figure");
    }
}

#[test]
fn a_year_without_a_figure_leads_to_the_nearest_with_one() {
    let mut only = samples::sedition();
    only.rows.retain(|row| row.values[0] == Value::Year(2014) || row.values[0] == Value::Year(2022));
    let map = drawn(&only, &spec(Kind::Bar)).map;
    let plot = map.panels[0].plot;
    let at = |part: i32| f64::from(plot.left + (plot.right - plot.left) * part / 100);
    let found = |x: f64| map.nearest(x, f64::from(plot.top)).map(|index| map.marks[index].at);
    assert_eq!((found(at(40)), found(at(60))), (Some(2014), Some(2022)));
    assert_eq!(map.period_at(at(50)), Some(2018), "brushing takes any year");
}

#[test]
fn of_several_lines_the_nearest_is_meant() {
    let answer = samples::sedition_persons();
    let map = drawn(&answer, &spec(Kind::Line)).map;
    for mark in &map.marks {
        let found = map.nearest(f64::from(mark.anchor.0), f64::from(mark.anchor.1)).expect("on a mark");
        assert_eq!((map.marks[found].at, map.marks[found].anchor), (mark.at, mark.anchor));
    }
}

#[test]
fn lying_bars_are_found_by_their_names_too() {
    let answer = samples::statutes();
    let map = drawn(&answer, &spec(Kind::Bar)).map;
    let plot = map.panels[0].plot;
    let last = map.nearest(40.0, f64::from(plot.bottom - 3)).expect("beside the plot");
    assert_eq!(map.marks[last].at, 6);
    assert_eq!(map.period_at(400.0), None);
    assert_eq!(map.names, ["Prosecuted", "Convicted"]);
}

#[test]
fn every_series_has_its_name_to_click() {
    for (answer, kind) in [(samples::sedition_persons(), Kind::Line), (samples::russian(), Kind::Stacked)] {
        let map = drawn(&answer, &spec(kind)).map;
        let mut series: Vec<usize> = map.keys.iter().map(|key| key.series).collect();
        series.sort_unstable();
        assert_eq!(series, (0..map.names.len()).collect::<Vec<_>>());
        assert!(map.keys.iter().all(|key| key.place.right > key.place.left + 10));
    }
}

#[test]
fn a_hidden_series_keeps_its_name_and_the_others_their_colours() {
    let answer = samples::russian();
    let mut spec = spec(Kind::Bar).at_height(600).expect("a height within the limits");
    let all = drawn(&answer, &spec);
    spec.hidden = 1;
    let some = drawn(&answer, &spec);
    assert_eq!(some.map.names, all.map.names);
    assert_eq!(some.map.keys.len(), 2);
    assert!(some.map.marks.iter().all(|mark| mark.series == 1) && some.map.marks.len() == 8);
    assert!(!some.svg.contains("#1a80a9") && some.svg.contains("fill=\"#de781b\""), "{}", some.svg);
    assert!(some.svg.contains("Not shown: Приговорены к лишению свободы."), "{}", some.svg);
    let highest = |drawing: &Drawing| drawing.map.marks.iter().map(|mark| mark.anchor.1).min();
    assert!(all.svg.contains(">1\u{a0}000</text>") && !some.svg.contains(">1\u{a0}000</text>"));
    assert!(highest(&some) < Some(300), "the axis fits what is shown");
}

#[test]
fn with_every_series_hidden_their_names_can_bring_them_back() {
    for (kind, answer) in [(Kind::Line, samples::russian()), (Kind::Bar, samples::statutes())] {
        let mut spec = spec(kind);
        spec.hidden = u32::MAX;
        let drawing = drawn(&answer, &spec);
        assert_eq!((drawing.map.keys.len(), drawing.map.marks.len()), (2, 0));
        assert!(drawing.svg.contains(">Not shown: "), "{}", drawing.svg);
    }
}

#[test]
fn a_range_of_years_draws_no_other_and_says_so() {
    let answer = samples::sedition();
    let mut spec = spec(Kind::Line);
    spec.range = Some((2016, 2018));
    let drawing = drawn(&answer, &spec);
    assert_eq!(drawing.map.marks.iter().map(|mark| mark.at).collect::<Vec<_>>(), [2016, 2017, 2018]);
    let periods = drawing.map.periods.expect("years");
    assert_eq!((periods.whole, periods.shown), ((2014, 2022), (2016, 2018)));
    assert!(drawing.svg.contains("Shown: 2016–2018."), "{}", drawing.svg);
    spec.range = Some((1900, 2100));
    assert!(!drawn(&answer, &spec).svg.contains("Shown: "), "nothing is left out");
    spec.range = Some((2050, 2060));
    assert_eq!(drawn(&answer, &spec).map.periods.expect("years").shown, (2022, 2022));
}

#[test]
fn months_are_brushed_by_month() {
    let answer = samples::months();
    let range = (period(&answer, "2022-06", false), period(&answer, "2022", true));
    assert_eq!(range, (Some(2022 * 12 + 5), Some(2022 * 12 + 11)));
    let mut spec = spec(Kind::Line);
    spec.range = range.0.zip(range.1);
    let drawing = drawn(&answer, &spec);
    assert_eq!(drawing.map.marks.len(), 4);
    assert!(drawing.svg.contains("Shown: 2022-06–2022-12."), "{}", drawing.svg);
    assert_eq!(period(&samples::sedition(), "2022-06", false), Some(2022));
    assert_eq!(period(&answer, "june", false), None);
}

#[test]
fn a_plain_picture_keeps_unit_and_sources() {
    let mut spec = spec(Kind::Line);
    spec.plain = true;
    let drawing = drawn(&samples::sedition(), &spec);
    let texts: Vec<&str> = drawing.svg.lines().filter(|line| line.starts_with("<text")).collect();
    let holds = |part: &str| texts.iter().any(|text| text.contains(part));
    assert!(holds(">Cases</text>") && holds("Source: National Crime Records Bureau"), "{texts:?}");
    assert!(
        holds("release 2026-08-01-3f9c2a7d")
            && !holds("Sedition in India")
            && !holds("Sources disagree about")
    );
    assert_eq!(drawing.map.controls, None);
}

#[test]
fn controls_have_their_corner() {
    for (size, room, margin) in [((800, 450), CONTROLS_WIDE, 20), ((375, 420), CONTROLS_NARROW, 10)] {
        let spec = Spec::new(size.0, size.1).expect("a size within the limits");
        let controls = drawn(&samples::sedition(), &spec).map.controls.expect("not plain");
        let (right, bottom) = (size.0 as i32 - margin, size.1 as i32 - margin);
        assert_eq!(controls, Rect { left: right - room.0, top: bottom - room.1, right, bottom });
    }
}

#[test]
fn a_palette_has_its_grounds_and_a_colour_per_series() {
    let colors = palette(Theme::Dark);
    assert_eq!((colors.len(), colors[0]), (7 + 12, (0x16, 0x1a, 0x20)));
}

#[test]
fn a_picture_writes_from_left_to_right_in_its_language() {
    let svg = drawn(&samples::russian(), &spec(Kind::Bar)).svg;
    assert!(svg.starts_with("<svg ") && svg.contains(" direction=\"ltr\" xml:lang=\"ru\" "), "{svg}");
}
