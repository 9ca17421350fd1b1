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

/// Returns a count, or a share or rate in millionths. Shares have six decimals, so millionths are exact. Rates have six digits; a
/// half is rounded up, as where they are read as text.
pub fn figure(row: &Row, index: usize) -> Option<u64> {
    match row.values.get(index) {
        Some(Value::Count(value)) => Some(*value),
        Some(Value::Real(real)) => Some((real * 1e6 + 0.500_000_001) as u64),
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
