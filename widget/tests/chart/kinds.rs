//! What the kinds promise: a ranking ranks, panels share their axes, shares keep their intervals, and
//! what is provisional looks it.

use crate::samples::{self, code, row};
use chargesheet_widget::chart::{DrawError, Drawing, Kind, Rect, Spec, compose};
use chargesheet_widget::wire::{Answer, Value};

fn spec(kind: Kind) -> Spec {
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = Some(kind);
    spec
}

fn drawn(answer: &Answer, kind: Kind) -> Drawing {
    compose(answer, &spec(kind)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(answer: &Answer, kind: Kind) -> DrawError {
    compose(answer, &spec(kind)).err().expect("cannot be drawn")
}

/// Texts in the order they are drawn, without those that are numbers.
fn names(drawing: &Drawing) -> Vec<&str> {
    let texts = drawing.svg.lines().filter(|line| line.starts_with("<text"));
    let texts = texts.filter_map(|line| line.split_once('>')?.1.strip_suffix("</text>"));
    texts.filter(|text| !text.starts_with(|letter: char| letter.is_ascii_digit())).collect()
}

#[test]
fn a_ranking_starts_with_the_longest_bar() {
    let answer = samples::statutes();
    let higher = spec(Kind::Horizontal).at_height(560).expect("a height within the limits");
    let drawing = compose(&answer, &higher).unwrap_or_else(|error| panic!("{error}"));
    let mut marks: Vec<_> = drawing.map.marks.iter().filter(|mark| mark.series == 0).collect();
    marks.sort_by_key(|mark| mark.at);
    let values: Vec<u64> = marks
        .iter()
        .filter_map(|mark| match answer.rows[mark.row].values[mark.column] {
            Value::Count(value) => Some(value),
            _ => None,
        })
        .collect();
    assert_eq!(values, [9166, 1703, 1290, 512, 86, 41, 22]);
    assert!(marks.windows(2).all(|pair| pair[0].anchor.1 < pair[1].anchor.1), "from top to bottom");
    assert!(drawing.svg.contains(">9,166</text>"), "figures stand at the bars");
}

#[test]
fn equal_bars_keep_the_order_of_their_labels() {
    let mut answer = samples::ranking();
    for row in &mut answer.rows {
        row.values[1] = Value::Count(5);
    }
    let drawing = drawn(&answer, Kind::Horizontal);
    let countries: Vec<&str> = names(&drawing)
        .into_iter()
        .filter(|name| ["India", "Kazakhstan", "Türkiye"].contains(name))
        .collect();
    assert_eq!(countries, ["India", "Kazakhstan", "Türkiye"]);
}

#[test]
fn years_alone_are_ranked_by_nothing_but_time() {
    let mut answer = samples::sedition();
    answer.rows.remove(3);
    let drawing = drawn(&answer, Kind::Horizontal);
    let places: Vec<i32> = drawing.map.marks.iter().map(|mark| mark.at).collect();
    assert_eq!(places, [0, 1, 2, 4, 5, 6, 7, 8], "2017 keeps its place, and has no bar");
    assert!(drawing.svg.contains(">2017</text>"), "{}", drawing.svg);
}

#[test]
fn years_tell_the_bars_of_a_ranking_apart() {
    let mut answer = samples::countries();
    answer.rows.retain(|row| {
        row.values[2] == code("convicted") && (2022..2025).any(|year| row.values[1] == Value::Year(year))
    });
    let drawing = drawn(&answer, Kind::Horizontal);
    assert_eq!(drawing.map.names, ["2022", "2023", "2024"]);
    let mut spec = spec(Kind::Horizontal);
    spec.range = Some((2023, 2024));
    let drawing = compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(drawing.map.names, ["2023", "2024"]);
}

#[test]
fn panels_have_one_scale_and_one_legend() {
    let answer = samples::countries();
    let drawing = drawn(&answer, Kind::Multiples);
    let map = &drawing.map;
    assert_eq!((map.panels.len(), map.names.len(), map.keys.len()), (6, 2, 2));
    let first = &map.panels[0];
    for panel in &map.panels {
        assert_eq!(panel.plot.bottom - panel.plot.top, first.plot.bottom - first.plot.top);
        assert_eq!(panel.plot.right - panel.plot.left, first.plot.right - first.plot.left);
        assert_eq!(panel.ends, first.ends);
    }
    assert!(map.marks.iter().all(|mark| mark.panel != 2), "nothing is known of the Netherlands");
    assert!(names(&drawing).contains(&"Netherlands"), "which is said by an empty panel");
    assert!(map.marks.iter().any(|mark| mark.panel == 4 && mark.at == 2020), "Türkiye 2020");
}

#[test]
fn panels_stand_one_below_the_other_on_a_phone() {
    let answer = samples::countries();
    let mut spec = Spec::new(375, 420).expect("a size within the limits");
    spec.kind = Some(Kind::Multiples);
    let Err(DrawError::TooLow { height }) = compose(&answer, &spec) else {
        panic!("six panels and their labels do not fit");
    };
    let mut spec = Spec::new(375, height).expect("a size within the limits");
    spec.kind = Some(Kind::Multiples);
    let map = compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}")).map;
    assert!(map.panels.windows(2).all(|pair| pair[0].plot.bottom < pair[1].plot.top));
}

#[test]
fn panels_need_a_dimension_and_not_too_many_of_it() {
    assert_eq!(refused(&samples::sedition(), Kind::Multiples), DrawError::NoPanels);
    assert_eq!(refused(&samples::statutes(), Kind::Multiples), DrawError::NoTime);
    let mut answer = samples::countries();
    for number in 0..19 {
        let country = code(&format!("X{number:02}"));
        answer.rows.push(row(vec![
            country,
            Value::Year(2020),
            code("convicted"),
            Value::Count(1),
            code("A"),
        ]));
    }
    let error = refused(&answer, Kind::Multiples);
    assert_eq!(error, DrawError::TooManyPanels { panels: 25 });
    assert!(error.to_string().contains("25 panels; at most 24 are drawn"), "{error}");
}

#[test]
fn a_share_is_drawn_in_per_cent_with_its_interval() {
    let answer = samples::shares();
    for kind in [Kind::Line, Kind::Bar, Kind::Horizontal, Kind::Multiples] {
        let drawing = drawn(&answer, kind);
        assert!(drawing.map.marks.iter().all(|mark| mark.column == 3), "{kind:?}");
        let title = names(&drawing).contains(&"Share of persons convicted");
        assert!(title && drawing.svg.contains(">95 % interval</text>"), "{kind:?}");
    }
    let pale = |kind| {
        let svg = drawn(&answer, kind).svg;
        svg.lines()
            .filter(|line| line.starts_with("<polygon") && line.contains("fill=\"#1a80a9\" fill-opacity"))
            .count()
    };
    assert_eq!(pale(Kind::Line), 2, "the band of India is broken in 2019, where its line is");
    assert!(names(&drawn(&answer, Kind::Stacked)).contains(&"Persons"), "counts are stacked, not shares");
    assert!(drawn(&answer, Kind::Stacked).map.marks.iter().all(|mark| mark.column == 2));
}

#[test]
fn a_share_of_almost_nothing_is_not_written_as_nothing() {
    let mut answer = samples::shares();
    answer.columns.remove(1);
    answer.rows.truncate(1);
    answer.rows[0].values.remove(1);
    for (share, text) in [(0.000_4, "&lt;0.1%"), (0.0, "0%"), (1.0, "100%"), (0.123_46, "12.3%")] {
        answer.rows[0].values[2] = Value::Real(share);
        let svg = drawn(&answer, Kind::Bar).svg;
        assert!(svg.contains(&format!(">{text}</text>")), "{svg}");
    }
}

#[test]
fn provisional_figures_are_hatched_and_dashed_and_named() {
    let answer = samples::sedition();
    let color = "#1a80a9";
    let bar = drawn(&answer, Kind::Bar).svg;
    let pale: Vec<&str> =
        bar.lines().filter(|line| line.starts_with("<rect") && line.contains("opacity")).collect();
    assert!(pale.len() == 1 && pale[0].contains(color), "one bar of nine: {pale:?}");
    let line = drawn(&answer, Kind::Line).svg;
    let strokes =
        line.lines().filter(|line| line.contains(color) && line.contains("stroke-width=\"2\"")).count();
    assert!(strokes > 5, "the last stretch is dashes");
    for svg in [&bar, &line] {
        assert!(svg.contains(">Provisional</text>") && svg.contains(">Sources disagree</text>"));
        assert!(!svg.contains(">Definition changes</text>"), "what does not occur has no key");
        assert!(!svg.contains("<pattern") && !svg.contains("stroke-dasharray"));
    }
    let mut without = answer.clone();
    without.text.key_provisional.clear();
    assert!(!drawn(&without, Kind::Line).svg.contains(">Provisional</text>"));
}

#[test]
fn a_share_stays_one_of_everything_when_others_are_switched_off() {
    let answer = samples::statutes();
    let mut spec = Spec::new(800, 450).expect("a size within the limits");
    spec.kind = Some(Kind::Share);
    let whole = compose(&answer, &spec).expect("drawn");
    spec.hidden = 1;
    let part = compose(&answer, &spec).expect("drawn");
    assert!(!part.map.marks.is_empty() && part.map.marks.len() < whole.map.marks.len());
    for mark in &part.map.marks {
        let same = |other: &&chargesheet_widget::chart::map::Mark| {
            (other.row, other.column) == (mark.row, mark.column)
        };
        let before = whole.map.marks.iter().find(same).expect("drawn before");
        let length = |place: Rect| place.right - place.left;
        assert!((length(mark.place) - length(before.place)).abs() <= 1, "{mark:?} was {before:?}");
    }
    assert!(part.svg.contains("Not shown: "));
}

#[test]
fn a_title_of_ones_own_does_not_hide_what_was_counted() {
    let answer = samples::sedition();
    let spec = Spec::new(800, 450).and_then(|spec| spec.with_title("Somewhere else")).expect("a title");
    let svg = compose(&answer, &spec).expect("drawn").svg;
    assert!(svg.contains(">Somewhere else</text>") && svg.contains(">Sedition in India"));
}
