//! The key of a group as text, in the spelling of data and in the spelling for people.

use std::fmt;

use super::legend_label;
use super::texts::Texts;
use crate::domain::{Dimension, Language};
use crate::release::Release;

/// A month as answers spell it. The number counts months since January of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(pub i32);

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Returns the number of a code; `None` where the code is not known.
pub fn number(key: Option<i32>) -> Option<u32> {
    key.and_then(|key| u32::try_from(key).ok())
}

/// Returns a period in the spelling of data.
pub fn period(dimension: Dimension, key: i32) -> String {
    if dimension == Dimension::Month { Month(key).to_string() } else { key.to_string() }
}

/// Returns a key in the spelling of data: a code, a year or a month; `None` where it is not known.
pub fn code(release: &Release, dimension: Dimension, key: Option<i32>) -> Option<String> {
    if dimension.is_time() {
        return key.map(|key| period(dimension, key));
    }
    number(key).map(|number| release.code(dimension, number).to_owned())
}

/// Returns the name of a key for places where the name stands alone, such as a legend.
pub fn name(release: &Release, dimension: Dimension, key: Option<i32>, language: Language) -> String {
    let known = match dimension.is_time() {
        true => key.map(|key| period(dimension, key)),
        false => number(key).map(|number| legend_label(release, dimension, number, language)),
    };
    known.unwrap_or_else(|| Texts::of(language).unknown.clone())
}
