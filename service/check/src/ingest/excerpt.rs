//! Text from the data, made safe to print.

/// Most characters of a value that are shown.
const LONGEST: usize = 60;

/// Whether a character may act on a terminal, or hides or reorders text.
fn is_unsafe(symbol: char) -> bool {
    symbol.is_control() || is_hidden(symbol)
}

/// Returns a value shortened for reading. Characters that act on a terminal, or hide or reorder text, are written as
/// `\u{…}`.
pub fn safe_excerpt(value: &str) -> String {
    let mut safe = String::new();
    for (count, symbol) in value.chars().enumerate() {
        match symbol {
            _ if count == LONGEST => return safe + "…",
            symbol if is_unsafe(symbol) => safe.extend(symbol.escape_unicode()),
            symbol => safe.push(symbol),
        }
    }
    safe
}

/// Returns a message that may quote the data. Characters that act on a terminal are written as `\u{…}`; line ends
/// stay.
pub fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for symbol in text.chars() {
        match symbol {
            symbol if symbol != '\n' && is_unsafe(symbol) => safe.extend(symbol.escape_unicode()),
            symbol => safe.push(symbol),
        }
    }
    safe
}

/// Returns JSON in which the same characters are written as JSON escapes. The strings keep their values, and no
/// terminal acts on them.
pub fn printable_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for symbol in json.chars() {
        match symbol {
            symbol if is_unsafe(symbol) => {
                let units = symbol.encode_utf16(&mut [0; 2]).to_vec();
                units.iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
            }
            symbol => safe.push(symbol),
        }
    }
    safe
}

/// Returns a JSON value as `check --json` prints it: one line, with [`printable_json`].
pub fn json_line(value: &serde_json::Value) -> String {
    printable_json(&value.to_string()) + "\n"
}

/// Whether a character has no visible shape of its own: it reorders, joins or hides text, or is an odd space.
pub fn is_hidden(symbol: char) -> bool {
    matches!(symbol,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_in_characters_that_do_nothing() {
        let value = serde_json::json!({ "a\u{202e}": "\u{9b}31m\u{e0001}я" });
        let safe = printable_json(&value.to_string());
        assert_eq!(safe, "{\"a\\u202e\":\"\\u009b31m\\udb40\\udc01я\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }

    #[test]
    fn an_excerpt_cannot_move_the_cursor_or_reorder_text() {
        assert_eq!(safe_excerpt("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(safe_excerpt("C1 control \u{9b}31m"), "C1 control \\u{9b}31m");
        assert_eq!(safe_excerpt(&"я".repeat(100)).chars().count(), 61);
    }
}
