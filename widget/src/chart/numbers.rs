//! Counts, shares and tick labels in the spelling of the answer's language.

use super::figures::Figures;
use super::spec::Kind;
use super::words::join;
use crate::svg::put;
use crate::wire::Answer;

/// Returns a count with thousands separators.
pub fn count(value: u64, answer: &Answer) -> String {
    let digits = value.to_string();
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
    if kind == Kind::Share {
        return per_cent(&value.to_string(), answer);
    }
    if !figures.shares {
        return count(value, answer);
    }
    let mut number = (value / 10_000).to_string();
    let mut rest = value % 10_000;
    if rest > 0 {
        put(&mut number, &answer.text.decimal);
    }
    while rest > 0 {
        put(&mut number, &(rest / 1000).to_string());
        rest = rest % 1000 * 10;
    }
    per_cent(&number, answer)
}

/// Returns the figure at a bar: a count, or a percentage with one decimal.
pub fn figure(value: u64, figures: &Figures, answer: &Answer) -> String {
    if !figures.shares {
        return count(value, answer);
    }
    let tenths = (value + 500) / 1000;
    let (whole, tenth) = ((tenths / 10).to_string(), (tenths % 10).to_string());
    match tenths {
        // A share above zero must not read as zero.
        0 if value > 0 => join(&["<", &per_cent(&join(&["0", "1"], &answer.text.decimal), answer)], ""),
        0 | 1000 => per_cent(&whole, answer),
        _ => per_cent(&join(&[&whole, &tenth], &answer.text.decimal), answer),
    }
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
