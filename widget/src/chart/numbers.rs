//! Counts, shares and tick labels in the spelling of the answer's language.

use super::figures::Figures;
use super::series::Measured;
use super::spec::Kind;
use super::words::join;
use crate::svg::{digits, put};
use crate::wire::Answer;

/// Returns a count with thousands separators.
pub fn count(value: u64, answer: &Answer) -> String {
    let digits = digits(value);
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            put(&mut text, &answer.text.thousands);
        }
        text.push(digit);
    }
    text
}

/// Returns the label of a tick on the axis of figures: an exact count or percentage.
pub fn tick(value: u64, figures: &Figures, kind: Kind, answer: &Answer) -> String {
    match figures.measured {
        _ if kind == Kind::Share => per_cent(&digits(value), answer),
        Measured::Counts => count(value, answer),
        Measured::Shares => per_cent(&decimal(value, 10_000, answer), answer),
        Measured::Rates => decimal(value, 1_000_000, answer),
    }
}

/// Returns a number of which `one` parts make one, with all its decimals.
fn decimal(value: u64, one: u64, answer: &Answer) -> String {
    let mut number = count(value / one, answer);
    let mut rest = value % one;
    if rest > 0 {
        put(&mut number, &answer.text.decimal);
    }
    while rest > 0 {
        put(&mut number, &digits(rest * 10 / one));
        rest = rest * 10 % one;
    }
    number
}

/// Returns the figure at a bar: a count, a percentage with one decimal, or a rate with three digits.
pub fn figure(value: u64, figures: &Figures, answer: &Answer) -> String {
    of(value, figures.measured, answer)
}

/// Returns a count, a percentage with one decimal, or a rate with three digits.
pub fn of(value: u64, measured: Measured, answer: &Answer) -> String {
    match measured {
        Measured::Counts => return count(value, answer),
        Measured::Rates => {
            let mut last = 100_000;
            while value < last * 100 && last > 1 {
                last /= 10;
            }
            return decimal((value + last / 2) / last * last, 1_000_000, answer);
        }
        Measured::Shares => {}
    }
    let tenths = (value + 500) / 1000;
    let (whole, tenth) = (digits(tenths / 10), digits(tenths % 10));
    match tenths {
        // A share above zero must not read as zero.
        0 if value > 0 => join(&["<", &per_cent(&join(&["0", "1"], &answer.text.decimal), answer)], ""),
        0 | 1000 => per_cent(&whole, answer),
        _ => per_cent(&join(&[&whole, &tenth], &answer.text.decimal), answer),
    }
}

/// Returns what a share is a share of.
pub fn whole(value: u64, answer: &Answer) -> String {
    join(&["n", "=", &count(value, answer)], "\u{a0}")
}

/// Returns a percentage, with a space before the sign if the language has one there.
fn per_cent(number: &str, answer: &Answer) -> String {
    let gap = if answer.language == "en" { "" } else { "\u{a0}" };
    join(&[number, "%"], gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        let mut answer = Answer::default();
        answer.text.thousands = ",".to_owned();
        let written: Vec<String> =
            [0, 999, 1000, 10_000_000].into_iter().map(|value| count(value, &answer)).collect();
        assert_eq!(written, ["0", "999", "1,000", "10,000,000"]);
    }
}
