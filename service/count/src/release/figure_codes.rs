//! The codes of reported figures in the dimensions that few datasets have: period, area and counting rule.

use std::borrow::Cow;

use crate::domain::Dimension;
use crate::domain::tables::WHOLE_COUNTRY;
use crate::ingest::Figure;

/// The code of the rule of figures whose rows state none.
const NOT_STATED: &str = "not-stated";

/// Returns the code of a figure in one of these dimensions; an empty text in any other.
pub fn code(figure: &Figure, dimension: Dimension) -> Cow<'_, str> {
    match dimension {
        Dimension::Period => figure.span.to_string().into(),
        Dimension::Area if figure.area.is_empty() => WHOLE_COUNTRY.into(),
        Dimension::Area => figure.area.as_str().into(),
        Dimension::Rule if figure.rule.is_empty() => NOT_STATED.into(),
        Dimension::Rule => figure.rule.into(),
        _ => "".into(),
    }
}

/// Whether figures with this code need no such dimension: a calendar year, a whole country, no rule. A dataset in which all
/// figures are like that does not have the dimension.
pub fn is_usual(dimension: Dimension, code: &str) -> bool {
    match dimension {
        Dimension::Period => !code.contains(['/', ':']),
        Dimension::Area => code == WHOLE_COUNTRY,
        Dimension::Rule => code == NOT_STATED,
        _ => false,
    }
}
