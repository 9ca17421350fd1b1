//! Writers for the text, attributes and whole numbers of an SVG, with as little code as possible for the download.

/// Appends a part to a text. The function is never inlined, because every call would then bring a copy of the code that
/// grows a text.
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

/// Writes a whole number. The standard formatting is not used, because it would double the size of the backend.
pub fn push_whole(text: &mut String, value: i32) {
    if value < 0 {
        text.push('-');
    }
    push_digits(text, value.unsigned_abs().into());
}

/// Returns a whole number as text.
pub(crate) fn digits(value: u64) -> String {
    let mut text = String::new();
    push_digits(&mut text, value);
    text
}

fn push_digits(text: &mut String, mut rest: u64) {
    let mut digits = [0_u8; 20];
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

/// Writes text escaped for XML, without the control characters that XML cannot hold.
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
