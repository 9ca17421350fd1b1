//! Text helpers of a chart: breaking into lines, shortening, joining, and filling placeholders.

use crate::svg::{Font, put};

/// Breaks a text into lines of at most `width` pixels. A word longer than a line is broken.
pub fn wrap(text: &str, font: Font, width: i32) -> Vec<String> {
    wrap_beside(text, font, &|_| width)
}

/// Breaks a text into lines, or returns `None` where a word is longer than a line.
pub fn wrap_whole(text: &str, font: Font, width: i32) -> Option<Vec<String>> {
    let mut is_broken = false;
    let lines = break_lines(text, font, &|_| width, &mut is_broken);
    (!is_broken).then_some(lines)
}

/// Breaks a text into lines. `width` returns the width of each line in pixels, by its number.
pub fn wrap_beside(text: &str, font: Font, width: &dyn Fn(usize) -> i32) -> Vec<String> {
    break_lines(text, font, width, &mut false)
}

/// Breaks a text into lines, and says whether a word was broken too.
#[inline(never)]
fn break_lines(text: &str, font: Font, width: &dyn Fn(usize) -> i32, is_broken: &mut bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let kept = line.len();
        if !line.is_empty() {
            line.push(' ');
        }
        put(&mut line, word);
        if font.width(&line) <= width(lines.len()) {
            continue;
        }
        if kept > 0 {
            line.truncate(kept);
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
        while font.width(&line) > width(lines.len()) {
            *is_broken = true;
            let rest = line.split_off(break_within(&line, font, width(lines.len())));
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns where to break a word that is longer than a line: after the last `/`, `-`, `=`, `&` or `_` that fits, or
/// else where the line is full. At least one letter stays on the line.
fn break_within(word: &str, font: Font, width: i32) -> usize {
    let mut fits = 0;
    let mut good = 0;
    for (at, letter) in word.char_indices() {
        let end = at + letter.len_utf8();
        if fits > 0 && font.width(word.get(..end).unwrap_or(word)) > width {
            break;
        }
        fits = end;
        if end < word.len() && matches!(letter, '/' | '-' | '=' | '&' | '_' | '?' | ',') {
            good = end;
        }
    }
    if good * 2 > fits { good } else { fits }
}

/// Breaks a text into at most `limit` lines. The last line ends in an ellipsis if text was cut off.
pub fn wrap_to(text: &str, font: Font, width: i32, limit: usize) -> Vec<String> {
    let mut lines = wrap(text, font, width);
    if lines.len() > limit {
        let rest = lines.split_off(limit);
        if let (Some(last), Some(next)) = (lines.last_mut(), rest.first()) {
            *last = cut(&join(&[last, next], " "), font, width);
        }
    }
    lines
}

/// Returns the text if it fits, otherwise as many whole words of it as fit with an ellipsis. Only a first word that is longer
/// than the line is cut.
pub fn cut(text: &str, font: Font, width: i32) -> String {
    if font.width(text) <= width {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    let first = text.bytes().take_while(|letter| *letter != b' ').count();
    while let Some(last) = kept.pop() {
        if last != ' ' && kept.len() >= first {
            continue;
        }
        // No space or punctuation stands before the ellipsis.
        if kept.ends_with([' ', ',', '.', ';', ':', '-']) {
            continue;
        }
        kept.push('…');
        if font.width(&kept) <= width {
            return kept;
        }
        kept.pop();
    }
    String::new()
}

/// Joins texts. The standard library's `join` and `concat` are not used, because they are compiled anew for every kind
/// of slice and would add two kilobytes to the download.
pub(crate) fn join(texts: &[&str], between: &str) -> String {
    let mut joined = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            put(&mut joined, between);
        }
        put(&mut joined, text);
    }
    joined
}

/// Fills the placeholders of a sentence, such as `{from}`. The standard library's substring search is not used,
/// because it would add another kilobyte to the download.
pub fn fill(sentence: &str, texts: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    for part in sentence.split('{') {
        match part.split_once('}') {
            Some((name, rest)) => {
                let text = texts.iter().find(|(known, _)| *known == name);
                put(&mut filled, text.map_or(name, |(_, text)| text));
                put(&mut filled, rest);
            }
            None => put(&mut filled, part),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FONT: Font = Font::regular(12);

    #[test]
    fn sentences_are_filled_where_they_name_a_text() {
        assert_eq!(fill("Shown: {from}–{to}.", &[("from", "2014"), ("to", "{x}")]), "Shown: 2014–{x}.");
        assert_eq!(fill("{names}: {other} }", &[("names", "Ж")]), "Ж: other }");
    }

    #[test]
    fn a_long_address_is_broken_at_its_slashes() {
        let lines = wrap("https://example.org/v1/datasets/documented-cases/releases/2026", FONT, 200);
        assert!(lines.len() > 1 && lines[0].ends_with(['/', '-']), "{lines:?}");
    }

    proptest! {
        #[test]
        fn wrapping_loses_no_letter_and_no_line_is_too_wide(text in "[a-zа-я/ ]{0,120}", width in 40..400_i32) {
            let lines = wrap(&text, FONT, width);
            let without_spaces = |text: &str| text.replace(' ', "");
            prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&text));
            for line in wrap_to(&text, FONT, width, 2).iter().chain(&lines) {
                prop_assert!(FONT.width(line) <= width, "{line:?}");
            }
        }
    }
}
