//! The shares of an answer in words. Each comes with its whole, because a share of a single case says next to nothing.

use std::collections::BTreeMap;

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};

use super::address::asked;
use crate::present::labels::ByCode;
use crate::present::numbers::{decimal, number, percent};
use crate::present::texts::{Texts, fill};

/// Most shares that the description of a picture lists one by one.
const TOLD: usize = 12;

/// The shares of an answer, with the wholes that they are shares of.
pub struct Shares<'a> {
    answer: &'a Answer,
    texts: &'static Texts,
    /// Positions of the first measure's column, and of the columns of the share and its bounds.
    measure: usize,
    share: [usize; 3],
    /// Positions of the dimensions that define the wholes: within each of their groups, shares make 100 %.
    around: Vec<usize>,
    /// The sum of the first measure in each of these groups.
    wholes: BTreeMap<Vec<String>, u64>,
}

impl<'a> Shares<'a> {
    /// Collects the shares of an answer; `None` where no shares were asked for.
    pub fn of(answer: &'a Answer, texts: &'static Texts) -> Option<Self> {
        let dimension = asked(&answer.query, "share")?;
        let place = |name: &str| answer.columns.iter().position(|column| column.name == name);
        let is_around = |&place: &usize| {
            answer.columns[place].role == ColumnRole::Dimension && answer.columns[place].name != dimension
        };
        let mut shares = Self {
            answer,
            texts,
            measure: answer.columns.iter().position(|column| column.role == ColumnRole::Measure)?,
            share: [place("share")?, place("share_low")?, place("share_high")?],
            around: (0..answer.columns.len()).filter(is_around).collect(),
            wholes: BTreeMap::new(),
        };
        for row in &answer.rows {
            if let Value::Count(count) = row.values[shares.measure] {
                *shares.wholes.entry(shares.group(row)).or_default() += count;
            }
        }
        Some(shares)
    }

    fn group(&self, row: &Row) -> Vec<String> {
        self.around.iter().map(|&place| format!("{:?}", row.values[place])).collect()
    }

    /// Returns the share of a row with its whole and its interval; `None` where the row has no share.
    pub fn told(&self, row: &Row) -> Option<String> {
        let [share, low, high] = self.share.map(|place| match row.values[place] {
            Value::Real(share) => Some(share),
            _ => None,
        });
        let texts = self.texts;
        let values = [
            ("percent", &*percent(share?, false, texts)),
            ("whole", &number(*self.wholes.get(&self.group(row))?, texts)),
            ("low", &decimal(low? * 100.0, 1, texts)),
            ("high", &percent(high?, false, texts)),
        ];
        Some(fill(texts.on_page("share_of"), &values))
    }

    /// Returns the shares in words, for readers who do not see the picture.
    pub fn to_text(&self) -> String {
        let labels = ByCode::of(self.answer);
        let rows = self.answer.rows.iter().filter_map(|row| Some((row, self.told(row)?)));
        let mut told: Vec<String> = rows
            .map(|(row, share)| {
                let names = labels.names(row, self.texts).join(", ");
                fill(&self.texts.alt_value, &[("name", &names), ("value", &share)])
            })
            .collect();
        let more = told.len().saturating_sub(TOLD);
        told.truncate(TOLD);
        if more > 0 {
            told.push(fill(&self.texts.alt_more, &[("count", &more.to_string())]));
        }
        format!("{}: {}", self.answer.text.share_title, told.join(" "))
    }
}
