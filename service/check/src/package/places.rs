//! The lines of a JSON text on which its values stand.

use std::collections::HashMap;

/// Most values whose lines are kept. The lines of further ones are those of what they stand in.
const MOST: usize = 100_000;

/// The line of each value of a JSON text, found by the names and numbers that lead to the value.
#[derive(Debug, Default)]
pub struct Places {
    /// The line on which each value begins, or the name of a property. The first value is the whole.
    lines: Vec<u32>,
    /// The values in a value, by name or number.
    members: HashMap<(usize, String), usize>,
}

impl Places {
    /// Finds the lines of a text. Of a text that is no JSON, those before the fault.
    pub fn of(json: &str) -> Self {
        let mut scan = Scan { bytes: json.as_bytes(), at: 0, line: 1, places: Self::default() };
        scan.skip_spaces();
        scan.places.lines.push(scan.line);
        scan.value(0, 0);
        scan.places
    }

    /// Returns the line of the value that a JSON Pointer (RFC 6901) leads to. A value that is missing has the line of
    /// the object that should have it.
    pub fn line(&self, pointer: &str) -> Option<u32> {
        let mut found = 0;
        for name in pointer.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            match self.members.get(&(found, name)) {
                Some(member) => found = *member,
                None => break,
            }
        }
        self.lines.get(found).copied()
    }
}

/// Returns the pointer to a member of the value that a pointer leads to.
pub fn pointer_to(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A pass over the bytes of a JSON text.
struct Scan<'j> {
    bytes: &'j [u8],
    at: usize,
    line: u32,
    places: Places,
}

impl Scan<'_> {
    /// As deep as the parser of JSON goes.
    const DEEPEST: usize = 128;

    fn skip_spaces(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).filter(|byte| byte.is_ascii_whitespace()) {
            self.line += u32::from(*byte == b'\n');
            self.at += 1;
        }
    }

    /// Passes over a byte, if it comes next.
    fn passed(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        let comes = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(comes);
        comes
    }

    /// Passes over a text in quotes, and returns it with its quotes.
    fn text(&mut self) -> Option<&[u8]> {
        let start = self.at;
        if !self.passed(b'"') {
            return None;
        }
        while *self.bytes.get(self.at)? != b'"' {
            self.at += if self.bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.bytes.get(start..self.at)
    }

    /// Keeps the line of a member of a value, and returns the member.
    fn member(&mut self, of: usize, name: String) -> usize {
        let number = self.places.lines.len();
        if number >= MOST {
            return of;
        }
        self.places.lines.push(self.line);
        self.places.members.insert((of, name), number);
        number
    }

    /// Passes over a value and its members. Returns `None` where the text is no JSON.
    fn value(&mut self, own: usize, depth: usize) -> Option<()> {
        if depth > Self::DEEPEST {
            return None;
        }
        self.skip_spaces();
        let (open, close) = match self.bytes.get(self.at)? {
            b'{' => (b'{', b'}'),
            b'[' => (b'[', b']'),
            b'"' => return self.text().map(|_| ()),
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
                let length = self.bytes[self.at..].iter().position(is_end);
                self.at = length.map_or(self.bytes.len(), |length| self.at + length);
                return Some(());
            }
        };
        self.at += 1;
        for number in 0_usize.. {
            if self.passed(close) {
                return Some(());
            }
            if number > 0 && !self.passed(b',') {
                return None;
            }
            self.skip_spaces();
            let name = match open {
                b'{' => serde_json::from_slice(self.text()?).ok()?,
                _ => number.to_string(),
            };
            let member = self.member(own, name);
            if open == b'{' && !self.passed(b':') {
                return None;
            }
            self.value(member, depth + 1)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_line_of_its_name_and_a_missing_one_that_of_its_object() {
        let json =
            "{\n \"a\": 1, \"b/c\": [\n  {\"d\\u0065\": \"x\\\"}\"},\r\n  2,\n  [] ],\n\n \"e\":\n {} }";
        let places = Places::of(json);
        for (pointer, line) in [
            ("", 1),
            ("/a", 2),
            ("/b~1c", 2),
            ("/b~1c/0", 3),
            ("/b~1c/0/de", 3),
            ("/b~1c/0/missing", 3),
            ("/b~1c/1", 4),
            ("/b~1c/2", 5),
            ("/e", 7),
            ("/e/missing/more", 7),
            ("/missing", 1),
        ] {
            assert_eq!(places.line(pointer), Some(line), "{pointer}");
        }
        assert_eq!(pointer_to("/a", "b/c~"), "/a/b~1c~0");
    }

    #[test]
    fn what_is_no_json_does_no_harm() {
        for json in ["", "{", "{\"", "{\"a", "{\"a\\", "[1,,2]", "{\"a\" 1}", "]", "{]", "\"", "{\"\\x\": 1}"]
        {
            assert!(Places::of(json).line("/a").is_none_or(|line| line == 1), "{json}");
        }
        Places::of(&"[".repeat(1_000_000));
        assert_eq!(Places::of(&format!("[{}0]", "0,\n".repeat(200_000))).line("/199999"), Some(1));
    }
}
