//! On which line of a file a record starts, as an editor counts.
//!
//! The csv reader's own count is behind: to it, a record ends before the `\n` of `\r\n`, and the next one
//! starts before the blank lines that it is about to skip.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::Read;
use std::rc::Rc;

/// The lines of a file that is being read.
#[derive(Debug, Clone, Default)]
pub struct Lines(Rc<RefCell<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// Bytes read so far.
    bytes: u64,
    /// Line ends among them.
    ends: u64,
    /// Whether the line at the end of what was read has something on it.
    begun: bool,
    /// First byte and number of each line that has something on it and was not passed yet.
    starts: VecDeque<(u64, u64)>,
}

impl Lines {
    /// Watches a file while it is read.
    pub fn of<'r>(input: Box<dyn Read + 'r>) -> (Self, Box<dyn Read + 'r>) {
        let lines = Self::default();
        (lines.clone(), Box::new(Watched { input, lines }))
    }

    /// Returns the number, from 1, of the first line that has something on it at or behind a byte.
    ///
    /// Bytes must be asked for in order, and have been read; the lines before them are forgotten.
    pub fn at_or_behind(&self, byte: u64) -> Option<u64> {
        let mut seen = self.0.borrow_mut();
        while seen.starts.front().is_some_and(|(start, _)| *start < byte) {
            seen.starts.pop_front();
        }
        seen.starts.front().map(|(_, line)| *line)
    }

    fn see(&self, bytes: &[u8]) {
        let mut seen = self.0.borrow_mut();
        for byte in bytes {
            if *byte == b'\n' {
                seen.ends += 1;
                seen.begun = false;
            } else if *byte != b'\r' && !seen.begun {
                seen.begun = true;
                let start = (seen.bytes, seen.ends + 1);
                seen.starts.push_back(start);
            }
            seen.bytes += 1;
        }
    }
}

struct Watched<'r> {
    input: Box<dyn Read + 'r>,
    lines: Lines,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.input.read(buffer)?;
        self.lines.see(&buffer[..size]);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_in_an_editor_whatever_ends_them() {
        for text in ["a\nb\n\n\nc\nd", "a\r\nb\r\n\r\n\r\nc\r\nd\r\n"] {
            let (lines, mut input) = Lines::of(Box::new(text.as_bytes()));
            input.read_to_end(&mut Vec::new()).unwrap();
            let after = |symbol: char| text.find(symbol).unwrap() as u64 + 1;
            let found =
                [0, after('a'), after('b'), after('c'), after('d')].map(|byte| lines.at_or_behind(byte));
            assert_eq!(found, [Some(1), Some(2), Some(5), Some(6), None]);
        }
    }
}
