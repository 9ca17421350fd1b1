//! Numbers and periods as text, in the spelling of a language.

use super::keys::period;
use super::texts::{Texts, fill};
use crate::domain::Dimension;

/// The minus sign for people. A hyphen is not a minus sign.
const MINUS: char = '\u{2212}';

/// Returns a count in the spelling of a language.
pub fn number(value: u64, texts: &Texts) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push_str(&texts.thousands);
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns periods as text, with consecutive ones joined: "2014, 2016–2018".
pub fn periods(dimension: Dimension, mut keys: Vec<i32>) -> String {
    keys.sort_unstable();
    keys.dedup();
    let run = |run: &[i32]| match run {
        [one] => period(dimension, *one),
        [first, .., last] => format!("{}–{}", period(dimension, *first), period(dimension, *last)),
        [] => String::new(),
    };
    keys.chunk_by(|one, next| one + 1 == *next).map(run).collect::<Vec<_>>().join(", ")
}

/// Returns a number with a fixed count of decimal digits: `2.60`, `−1,250.0`.
pub fn decimal(value: f64, digits: usize, texts: &Texts) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { MINUS.to_string() } else { String::new() };
    // A count has at most 20 digits. A larger number is no count and keeps its spelling.
    let whole = whole.parse().map_or_else(|_not_a_count| whole.to_owned(), |count| number(count, texts));
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{}{rest}", texts.decimal) }
}

/// Returns a slope with as many digits as its size makes useful.
pub fn slope(value: f64, texts: &Texts) -> String {
    let digits = if value == 0.0 || value.abs() >= 100.0 { 0 } else { 1 + usize::from(value.abs() < 10.0) };
    decimal(value, digits, texts)
}

/// Returns a difference of counts with a plus or minus sign.
pub fn signed(value: i128, texts: &Texts) -> String {
    let size = u64::try_from(value.unsigned_abs())
        .map_or_else(|_too_large| value.unsigned_abs().to_string(), |size| number(size, texts));
    match value.signum() {
        1 => format!("+{size}"),
        -1 => format!("{MINUS}{size}"),
        _ => size,
    }
}

/// Returns a share as a percentage, with a sign if it is a change.
pub fn percent(share: f64, is_change: bool, texts: &Texts) -> String {
    let number = decimal(share * 100.0, 1, texts);
    let sign = if is_change && share > 0.0 { "+" } else { "" };
    fill(texts.on_trend("percent"), &[("number", &format!("{sign}{number}"))])
}

/// Returns p with its relation: `= 0.012`, `< 0.001`.
pub fn probability(p: f64, texts: &Texts) -> String {
    // Four digits where it matters: 0.0496 and 0.0504 must not both read 0.05.
    let digits = if p < 0.1 { 4 } else { 2 };
    let (key, p) = if p < 0.001 {
        ("p_below", decimal(0.001, 3, texts))
    } else {
        ("p_equal", decimal(p, digits, texts))
    };
    fill(texts.on_trend(key), &[("p", &p)])
}

/// Returns years as text, with consecutive ones joined: "2014, 2016–2018".
pub fn years(years: &[i32]) -> String {
    periods(Dimension::Year, years.to_vec())
}

/// Returns a number of an answer rounded to six significant digits: more than any of these methods can tell apart.
pub fn significant(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let (english, russian) = (Texts::of(Language::ENGLISH), Texts::of(Language::RUSSIAN));
        assert_eq!(decimal(-1234.5, 1, english), "−1,234.5");
        assert_eq!(decimal(-1234.5, 1, russian), "−1\u{a0}234,5");
        assert_eq!(decimal(-0.001, 2, english), "0.00");
        assert_eq!(signed(-27, english), "−27");
        assert_eq!(signed(0, english), "0");
        assert_eq!(percent(-0.5745, true, english), "−57.5%");
        assert_eq!(percent(0.5, true, russian), "+50,0\u{a0}%");
        assert_eq!(slope(4.666_66, english), "4.67");
        assert_eq!(slope(-12.34, english), "−12.3");
    }

    #[test]
    fn p_never_looks_smaller_than_its_threshold_by_rounding() {
        let english = Texts::of(Language::ENGLISH);
        assert_eq!(probability(0.0004, english), "< 0.001");
        assert_eq!(probability(0.0496, english), "= 0.0496");
        assert_eq!(probability(0.0504, english), "= 0.0504");
        assert_eq!(probability(0.2596, english), "= 0.26");
        assert_eq!(probability(1.0, english), "= 1.00");
    }

    #[test]
    fn thousands_are_separated_as_the_language_does() {
        assert_eq!(number(999, Texts::of(Language::ENGLISH)), "999");
        assert_eq!(number(1_128, Texts::of(Language::ENGLISH)), "1,128");
        assert_eq!(number(1_234_567, Texts::of(Language::ENGLISH)), "1,234,567");
        assert_eq!(number(12_345, Texts::of(Language::RUSSIAN)), "12\u{a0}345");
    }

    #[test]
    fn runs_of_years_are_joined() {
        assert_eq!(periods(Dimension::Year, vec![2018, 2014, 2016, 2017, 2016]), "2014, 2016–2018");
        assert_eq!(periods(Dimension::Month, vec![2020 * 12, 2020 * 12 + 1]), "2020-01–2020-02");
    }
}
