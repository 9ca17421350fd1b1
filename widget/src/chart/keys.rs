//! The keys of series and groups: the codes of some dimensions, in display order and with their labels.

use super::cells::{code, is_time, period};
use super::periods::{self, Unit};
use super::words;
use crate::wire::{Answer, Column, Row, Value};

/// The codes that name a series, one per dimension; `None` where the code is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// The code, its position in display order, and its label, for each dimension.
    parts: Vec<(Option<String>, usize, String)>,
}

impl Key {
    /// Returns the name of a series or group: the labels of the dimensions in which bits are not set, then the measure where there
    /// are several measures.
    pub fn name(&self, shared: u32, measure: Option<&str>) -> String {
        let mut labels: Vec<&str> = Vec::new();
        for (place, (_, _, label)) in self.parts.iter().enumerate() {
            if shared >> place & 1 == 0 {
                labels.push(label);
            }
        }
        labels.extend(measure);
        words::join(&labels, ", ")
    }

    /// Returns the dimensions, as bits, in which all of several keys have the same code; none of a single key.
    pub fn shared(keys: &[Self]) -> u32 {
        let [first, others @ ..] = keys else { return 0 };
        let mut shared = 0;
        for place in 0..first.parts.len().min(32) {
            if !others.is_empty()
                && others.iter().all(|other| other.parts.get(place) == first.parts.get(place))
            {
                shared |= 1 << place;
            }
        }
        shared
    }

    /// Returns the code of the first dimension; empty where it is not known.
    pub fn code(&self) -> String {
        self.parts.first().and_then(|(code, _, _)| code.clone()).unwrap_or_default()
    }

    fn places(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().map(|(_, place, _)| *place)
    }
}

/// Most series, panels or groups that are counted. The highest picture has room for about 240 groups.
pub const KEY_LIMIT: usize = 500;

/// A reader of the keys of rows, by some of the dimensions.
pub struct Keys<'a> {
    pub answer: &'a Answer,
    pub dimensions: &'a [(usize, &'a Column)],
}

impl Keys<'_> {
    /// Returns every key that occurs in rows that are not left out, in display order. Outside the browser, reading stops at
    /// one key more than [`KEY_LIMIT`].
    pub fn all(&self, left_out: &dyn Fn(&Row) -> bool) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for row in &self.answer.rows {
            if cfg!(any(feature = "whole", not(target_arch = "wasm32"))) && keys.len() > KEY_LIMIT {
                break;
            }
            if !left_out(row) && !keys.iter().any(|key| self.holds(row, key)) {
                let key = self.key(row);
                // A new key comes after its equals, so codes without a label keep the order of the rows.
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
                    Some(Value::Year(year)) => periods::name(*year, Unit::Year),
                    _ => code(row, *index).unwrap_or_default().to_owned(),
                };
                // Years are sorted by time; the offset puts years before year 0 first.
                return (Some(name.clone()), (at + 200_000).unsigned_abs() as usize, name);
            }
            let Some(code) = code(row, *index) else {
                return (None, usize::MAX, self.answer.text.unknown.clone());
            };
            let labels = self.answer.labels.of(&column.name);
            match labels.iter().position(|(known, _)| known == code) {
                Some(place) => {
                    let names = &self.answer.beside.names;
                    let own = names.iter().find(|(own, _)| column.name == "statute" && own == code);
                    (Some(code.to_owned()), place, own.unwrap_or(&labels[place]).1.clone())
                }
                None => (Some(code.to_owned()), usize::MAX - 1, code.to_owned()),
            }
        });
        Key { parts: parts.collect() }
    }

    /// Returns whether a row has the codes of a key.
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
