//! The history of the law on the axis of periods.

use crate::samples;
use chargesheet_widget::chart::{Drawing, Kind, Spec, compose};
use chargesheet_widget::wire::{Answer, LawEvent};

fn event(at: &str, label: &str) -> LawEvent {
    LawEvent {
        at: at.to_owned(),
        label: label.to_owned(),
        statute: "IND-IPC-124A".to_owned(),
        ..LawEvent::default()
    }
}

fn with(events: Vec<LawEvent>) -> Answer {
    let mut answer = samples::sedition();
    answer.beside.events = events;
    answer
}

fn drawn(answer: &Answer, kind: Kind) -> Drawing {
    let mut spec = Spec::new(800, 600).expect("a size within the limits");
    spec.kind = Some(kind);
    compose(answer, &spec).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn an_event_stands_in_its_month() {
    for kind in [Kind::Line, Kind::Bar] {
        let drawing = drawn(&with(vec![event("2016", "Amended"), event("2018-01-15", "Suspended")]), kind);
        let plot = drawing.map.panels[0].plot;
        let year = |at: i32| drawing.map.marks.iter().find(|mark| mark.at == at).expect("drawn").anchor.0;
        let line = |x: i32| {
            format!(
                "<polyline points=\"{x}.5,{}.5 {x}.5,{}.5\"",
                drawing.map.events[0].1.top + 2,
                plot.bottom
            )
        };
        // Whole pixels round the middle of a bar.
        let near = |x: i32| (-2..=2).any(|off| drawing.svg.contains(&line(x + off)));
        assert!(near(year(2016)), "a year alone stands in its middle: {}", drawing.svg);
        let step = f64::from(year(2019) - year(2018));
        let january = f64::from(year(2018)) - step * 5.5 / 12.0;
        assert!(near(january as i32), "January is left of the middle");
        assert!(drawing.svg.contains(">Amended</text>") && drawing.svg.contains(">Suspended</text>"));
        assert_eq!(drawing.map.events.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1]);
    }
}

#[test]
fn labels_of_events_never_touch() {
    let months = |step: usize| {
        (0..24).step_by(step).map(|month| format!("{}-{:02}", 2016 + month / 12, month % 12 + 1))
    };
    for step in 1..6 {
        let events = months(step).map(|at| event(&at, "Amended again")).collect();
        let drawing = drawn(&with(events), Kind::Line);
        let mut places: Vec<(i32, i32)> =
            drawing.map.events.iter().map(|(_, place)| (place.left, place.right)).collect();
        places.retain(|(left, right)| right - left > 20);
        places.sort_unstable();
        assert!(places.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 8), "{places:?}");
    }
}

#[test]
fn without_events_none_is_drawn() {
    let answer = with(vec![event("2018", "Amended")]);
    let mut spec = Spec::new(800, 600).expect("a size within the limits");
    spec.without_events = true;
    let drawing = compose(&answer, &spec).unwrap_or_else(|error| panic!("{error}"));
    assert!(drawing.map.events.is_empty() && !drawing.svg.contains("Amended"));
    let early = drawn(&with(vec![event("1870", "In force")]), Kind::Line);
    assert!(early.map.events.is_empty(), "outside the years drawn there is no place for it");
}

#[test]
fn an_event_never_covers_a_mark() {
    let drawing = drawn(&with(vec![event("2016", "Amended")]), Kind::Bar);
    let line = drawing.svg.find("fill=\"none\" stroke=\"#8a939e\"").expect("the line");
    let bar = drawing
        .svg
        .find("<rect x=\"0\"")
        .map_or(0, |ground| drawing.svg[ground + 5..].find("<rect").expect("a bar") + ground);
    assert!(line < bar, "bars are drawn over it");
}

#[test]
fn panels_of_statutes_have_their_own_events() {
    let mut answer = samples::countries();
    answer.columns[0].name = "statute".to_owned();
    answer
        .labels
        .0
        .iter_mut()
        .filter(|(name, _)| name == "country")
        .for_each(|(name, _)| *name = "statute".to_owned());
    answer.beside.events = ["IND", "KAZ", "TUR", "RUS"]
        .map(|statute| LawEvent { statute: statute.to_owned(), ..event("2016", "Amended") })
        .to_vec();
    let drawing = drawn(&answer, Kind::Multiples);
    assert_eq!(drawing.map.events.len(), 4, "each panel has that of its own statute");
}
