//! The evidence for sums of reported figures. In a release, the figures of one cell are neighbours, one for each source.

use std::ops::Range;

use super::counts::{Evidence, Rival};
use crate::domain::{Status, sorted};
use crate::ingest::Figure;

/// Returns the index range of the figures for the same cell as the figure at `place`.
fn cell_of(place: usize, figures: &[Figure]) -> Range<usize> {
    let cell = figures[place].cell();
    let is_same = |figure: &&Figure| figure.cell() == cell;
    let before = figures[..place].iter().rev().take_while(is_same).count();
    let after = figures[place..].iter().take_while(is_same).count();
    place - before..place + after
}

/// Returns the evidence for the sum of the figures at these indexes.
pub fn evidence_of(places: impl Iterator<Item = u32>, figures: &[Figure]) -> Evidence {
    let (mut status, mut shown, mut others, mut rivals) =
        (Status::Normal, Vec::new(), Vec::new(), Vec::new());
    for place in places.map(|place| place as usize) {
        let figure = &figures[place];
        shown.push(figure.source);
        status = status.max(figure.status);
        for other in cell_of(place, figures).filter(|&other| other != place).map(|other| &figures[other]) {
            others.push(other.source);
            if other.value != figure.value {
                rivals.push(Rival { measure: other.measure, source: other.source, value: other.value });
            }
        }
    }
    let mut sources = sorted(shown);
    let others = sorted(others).into_iter().filter(|source| sources.binary_search(source).is_err());
    let others: Vec<u16> = others.collect();
    sources.extend(others);
    Evidence { status, sources, rivals: sorted(rivals) }
}

/// Lists the figures that an answer uses, cell by cell, each with the figures of other sources for the cell. The indexes in
/// `used` ascend.
pub fn behind(used: &[usize], figures: &[Figure]) -> Vec<(usize, bool)> {
    let mut all = Vec::new();
    let mut listed = 0;
    for &place in used {
        if place < listed {
            continue;
        }
        let cell = cell_of(place, figures);
        listed = cell.end;
        let (own, others): (Vec<_>, Vec<_>) = cell.partition(|place| used.binary_search(place).is_ok());
        all.extend(own.into_iter().map(|place| (place, true)));
        all.extend(others.into_iter().map(|place| (place, false)));
    }
    all
}
