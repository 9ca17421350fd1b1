//! Where a picture says that things are: marks under the pointer, names to click, room for controls; and
//! that it says so when figures of the answer are left out.

use crate::samples;
use chargesheet_widget::chart::{
    CONTROLS_NARROW, CONTROLS_WIDE, Drawing, Kind, Rect, Spec, Theme, compose, palette, period,
};
use chargesheet_widget::wire::Answer;

fn spec(kind: Kind) -> Spec {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = Some(kind);
    spec
}

fn drawn(answer: &Answer, spec: &Spec) -> Drawing {
    compose(answer, spec).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_panel_says_what_stands_at_its_two_ends() {
    let ends = |answer: &Answer, kind: Kind| {
        let map = drawn(answer, &spec(kind)).map;
        (map.panels[0].ends, map.panels[0].lying)
    };
    assert_eq!(ends(&samples::sedition(), Kind::Bar), ((2013.5, 2022.5), false));
    // Half a label stands beside both ends of a line.
    let ((first, last), _) = ends(&samples::sedition(), Kind::Line);
    assert!(first > 2013.5 && first < 2014.0 && last > 2022.0 && last < 2022.5, "{first} {last}");
    // Of groups, the first is at the top.
    let ((first, last), lying) = ends(&samples::statutes(), Kind::Bar);
    assert!(lying && first <= -0.5 && last >= 6.5 && last + first == 6.0, "{first} {last}");
}

#[test]
fn marks_stand_where_the_ends_of_their_panel_say() {
    for (kind, answer) in [(Kind::Line, samples::sedition_persons()), (Kind::Bar, samples::sedition())] {
        let map = drawn(&answer, &spec(kind)).map;
        let (plot, (first, last)) = (map.panels[0].plot, map.panels[0].ends);
        for mark in &map.marks {
            let part = f64::from(mark.anchor.0 - plot.left) / f64::from(plot.right - plot.left);
            let at = first + part * (last - first);
            assert!((at - f64::from(mark.at)).abs() < 0.1, "{mark:?} at {at}");
        }
    }
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
