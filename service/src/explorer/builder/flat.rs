//! Series that lie flat: beside one that is many times higher, nothing of them can be read off.

use chargesheet_widget::chart::{Kind, Map};
use chargesheet_widget::wire::{Answer, Value};

use super::super::chart::Chart;
use crate::present::number;
use crate::present::texts::{Texts, fill};

/// How many times higher a series is beside which another lies flat. In a plot of 200 pixels, the other is then at most ten
/// pixels high.
const TIMES: u64 = 20;

/// Returns a note on the series that lie flat; `None` where every series can be read.
pub fn flat(chart: &Chart, texts: &Texts) -> Option<String> {
    let map = chart.map()?;
    // Panels show that already, and shares are all of one height.
    if map.panels.len() != 1 || chart.shape.kind == Some(Kind::Share) {
        return None;
    }
    let highest = highest(&map, &chart.answer);
    let most = highest.iter().copied().max()?;
    let low = |&(_, high): &(&String, u64)| high > 0 && high.saturating_mul(TIMES) <= most;
    let flat: Vec<String> = map.names.iter().zip(highest).filter(low).map(|(name, _)| name.clone()).collect();
    let (highest, names) = (number(most, texts), flat.join("; "));
    (!flat.is_empty()).then(|| fill(texts.builder.get("flat"), &[("names", &names), ("highest", &highest)]))
}

/// Returns the highest figure of each series, by its number; 0 where none is drawn.
fn highest(map: &Map, answer: &Answer) -> Vec<u64> {
    let mut highest = vec![0; map.names.len()];
    for mark in &map.marks {
        let value = answer.rows.get(mark.row).and_then(|row| row.values.get(mark.column));
        if let (Some(Value::Count(value)), Some(high)) = (value, highest.get_mut(mark.series)) {
            *high = (*high).max(*value);
        }
    }
    highest
}
