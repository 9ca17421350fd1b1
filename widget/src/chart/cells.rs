//! The content of a cell of an answer: a period, a code or a figure.

use super::periods::parse_month;
use crate::wire::{Column, Row, Value};

/// Returns whether a column holds years or months.
pub fn is_time(column: &Column) -> bool {
    matches!(column.name.as_str(), "year" | "month")
}

/// Returns the period in a cell: a year, or months since year 0.
pub fn period(row: &Row, index: usize) -> Option<i32> {
    match row.values.get(index) {
        // No figure has such years; the bounds only prevent overflow.
        Some(Value::Year(year)) => Some((*year).clamp(-9999, 9999)),
        Some(Value::Text(month)) => parse_month(month, false),
        _ => None,
    }
}

/// Returns a count, or a share in millionths. Shares have six decimals, so millionths are exact.
pub fn figure(row: &Row, index: usize) -> Option<u64> {
    match row.values.get(index) {
        Some(Value::Count(value)) => Some(*value),
        Some(Value::Real(share)) => Some(((share * 1e6 + 0.5) as u64).min(1_000_000)),
        _ => None,
    }
}

/// Returns the code in a cell.
pub fn code(row: &Row, index: usize) -> Option<&str> {
    match row.values.get(index) {
        Some(Value::Text(code)) => Some(code),
        _ => None,
    }
}
