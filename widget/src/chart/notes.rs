//! The notes on what a picture leaves out: hidden series, other periods, figures without a period.

use super::figures::Figures;
use super::series::Along;
use super::spec::Kind;
use super::{bars, numbers, periods, words};
use crate::svg::put;
use crate::wire::Answer;

/// Returns the sentences that name the series and periods left out.
pub fn left_out(answer: &Answer, figures: &Figures) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for series in figures.series.iter().filter(|series| series.hidden) {
        names.push(if series.name.is_empty() { &answer.text.y_title } else { &series.name });
    }
    if !names.is_empty() && !answer.text.not_shown.is_empty() {
        let names = words::join(&names, ", ");
        sentences.push(words::fill(&answer.text.not_shown, &[("names", &names)]));
    }
    if let Some(periods) = figures.periods.filter(|periods| periods.shown != periods.whole)
        && !answer.text.shown_periods.is_empty()
    {
        let [from, to] = [periods.shown.0, periods.shown.1].map(|at| periods::name(at, periods.unit));
        sentences.push(words::fill(&answer.text.shown_periods, &[("from", &from), ("to", &to)]));
    }
    sentences
}

/// Returns what the shares of a chart over time are shares of, where it does not stand above the bars: the least and the most.
pub fn wholes(answer: &Answer, figures: &Figures, kind: Kind, width: i32) -> Option<String> {
    // A page is narrower than the picture by its margins.
    let stand = bars::room_above(answer, figures, kind, width - 40) > 0
        || !matches!(figures.along, Along::Periods(_));
    let wholes = figures.wholes.iter().map(|(_, whole)| *whole);
    let (least, most) = (wholes.clone().min()?, wholes.max()?);
    let told = [&numbers::whole(least, answer), "–", &numbers::count(most, answer)];
    let told = words::join(if least == most { &told[..1] } else { &told }, "");
    (kind == Kind::Share && !stand).then_some(told)
}

/// Returns a sentence with the figures whose period is not known, because these have no position along the axis.
pub fn unknown(answer: &Answer, figures: &Figures) -> Option<String> {
    let several = figures.series.len() > 1;
    let mut unknown = String::new();
    for series in &figures.series {
        for (panel, value) in &series.unknown {
            if !unknown.is_empty() {
                put(&mut unknown, "; ");
            }
            if let Some(panel) = figures.panels.get(panel.unsigned_abs() as usize) {
                put(&mut unknown, panel);
                put(&mut unknown, if several { ", " } else { ": " });
            }
            if several {
                put(&mut unknown, &series.name);
                put(&mut unknown, ": ");
            }
            put(&mut unknown, &numbers::figure(*value, figures, answer));
        }
    }
    let axis = answer.text.x_title.as_str();
    let note = [axis, if axis.is_empty() { "" } else { ": " }, &answer.text.unknown, " – ", &unknown];
    (!unknown.is_empty()).then(|| words::join(&note, ""))
}
