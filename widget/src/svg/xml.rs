//! Text, attributes and whole numbers of an SVG, written in as little code as the browser can have.

/// Adds to a text. Where it is not a call of its own, every piece of an element brings its own copy of how a
/// text grows.
#[inline(never)]
pub(crate) fn put(text: &mut String, part: &str) {
    text.push_str(part);
}

/// Writes an attribute with a whole number.
pub fn attribute(text: &mut String, name: &str, value: i32) {
    text.push(' ');
    put(text, name);
    put(text, "=\"");
    push_whole(text, value);
    text.push('"');
}

/// Writes a whole number without the formatting machinery, which would double the size of the backend.
pub fn push_whole(text: &mut String, value: i32) {
    if value < 0 {
        text.push('-');
    }
    let mut rest = value.unsigned_abs();
    let mut digits = [0_u8; 10];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[first..].iter().map(|digit| char::from(*digit)));
}

/// Writes a byte as two hexadecimal digits.
pub(crate) fn push_hex(text: &mut String, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
    }
}

/// Writes text so that XML reads it back: escaped, and without the control characters XML cannot hold.
pub fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => put(out, "&amp;"),
            '<' => put(out, "&lt;"),
            '>' => put(out, "&gt;"),
            '"' => put(out, "&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
}
