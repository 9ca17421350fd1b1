//! What rows have in common: the codes of some dimensions, in display order and with their labels.

use super::cells::{code, is_time, period};
use super::words;
use crate::wire::{Answer, Column, Row, Value};

/// Codes of the dimensions that name a series, one per dimension; `None` where the code is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// Place of each code in display order, and the label.
    parts: Vec<(Option<String>, usize, String)>,
}

impl Key {
    /// Returns the name of a series or group: the labels, then the measure where there are several.
    pub fn name(&self, measure: Option<&str>) -> String {
        let mut labels: Vec<&str> = Vec::new();
        for (_, _, label) in &self.parts {
            labels.push(label);
        }
        labels.extend(measure);
        words::join(&labels, ", ")
    }

    fn places(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().map(|(_, place, _)| *place)
    }
}

/// The most series, panels or groups that are counted. The highest picture has room for some 240 groups.
pub const KEY_LIMIT: usize = 500;

/// Reads the keys of rows by some of the dimensions.
pub struct Keys<'a> {
    pub answer: &'a Answer,
    pub dimensions: &'a [(usize, &'a Column)],
}

impl Keys<'_> {
    /// Returns every key that occurs in the rows that are not left out, in display order. Outside the browser, where there
    /// are more than [`KEY_LIMIT`] it is one more than that: what follows is not looked at.
    pub fn all(&self, left_out: &dyn Fn(&Row) -> bool) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for row in &self.answer.rows {
            if cfg!(not(target_arch = "wasm32")) && keys.len() > KEY_LIMIT {
                break;
            }
            if !left_out(row) && !keys.iter().any(|key| self.holds(row, key)) {
                let key = self.key(row);
                // Behind its equals: codes without a label keep the order of the rows.
                let place = keys.partition_point(|other| other.places().le(key.places()));
                keys.insert(place, key);
            }
        }
        keys
    }

    fn key(&self, row: &Row) -> Key {
        let parts = self.dimensions.iter().map(|(index, column)| {
            if let (true, Some(at)) = (is_time(column), period(row, *index)) {
                let name = match row.values.get(*index) {
                    Some(Value::Year(year)) => year.to_string(),
                    _ => code(row, *index).unwrap_or_default().to_owned(),
                };
                // In the order of time; the years before year 0 come first.
                return (Some(name.clone()), (at + 200_000).unsigned_abs() as usize, name);
            }
            let Some(code) = code(row, *index) else {
                return (None, usize::MAX, self.answer.text.unknown.clone());
            };
            let labels = self.answer.labels.of(&column.name);
            match labels.iter().position(|(known, _)| known == code) {
                Some(place) => (Some(code.to_owned()), place, labels[place].1.clone()),
                None => (Some(code.to_owned()), usize::MAX - 1, code.to_owned()),
            }
        });
        Key { parts: parts.collect() }
    }

    /// Tells whether a row has the codes of a key.
    pub fn holds(&self, row: &Row, key: &Key) -> bool {
        self.dimensions.iter().zip(&key.parts).all(|((index, column), (wanted, place, _))| {
            match period(row, *index).filter(|_| is_time(column)) {
                Some(at) => (at + 200_000).unsigned_abs() as usize == *place,
                None => code(row, *index) == wanted.as_deref(),
            }
        })
    }
}

/// Returns the index of the group that a row belongs to.
pub fn place(groups: &[Key], row: &Row, index: usize) -> Option<i32> {
    let wanted = code(row, index);
    groups
        .iter()
        .position(|key| key.parts.iter().all(|(code, _, _)| code.as_deref() == wanted))
        .map(|place| place as i32)
}
