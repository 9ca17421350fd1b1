//! Breaking text into lines, cutting, joining and filling it.

use crate::svg::{Font, put};

/// Breaks a text into lines of at most `width` pixels; words too long for a line are broken.
pub fn wrap(text: &str, font: Font, width: i32) -> Vec<String> {
    wrap_beside(text, font, &|_| width)
}

/// Breaks a text into lines of which each may have a width of its own, in pixels, by its number.
pub fn wrap_beside(text: &str, font: Font, width: &dyn Fn(usize) -> i32) -> Vec<String> {
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
            let rest = line.split_off(break_within(&line, font, width(lines.len())));
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns where to break a word that is longer than a line: behind the last `/`, `-`, `=`, `&` or `_`
/// of what fits, or else where the line is full. Always behind at least one letter.
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

/// Breaks a text into at most `limit` lines; the last ends in an ellipsis when more would follow.
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

/// Returns the text, or as much of it as fits with an ellipsis.
pub fn cut(text: &str, font: Font, width: i32) -> String {
    if font.width(text) <= width {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        // No space or comma before the ellipsis.
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

/// Joins texts. Not with the standard library's `join` and `concat`, which are made anew for every kind of
/// slice and would be two kilobytes in the browser.
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

/// Puts texts in the places of a sentence that name them, such as `{from}`. By hand, because the standard
/// library's search for texts in texts would be one more kilobyte in the browser.
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
