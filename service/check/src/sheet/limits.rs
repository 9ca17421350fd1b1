//! Limits of what is read, and the sentences about what goes beyond them or is damaged.

use std::fmt;
use std::io;

use crate::domain::Say;

/// Most bytes that a part of a file may unpack to.
pub(super) const LARGEST_PART: u64 = 1 << 30;

/// The bytes that may still be made of a part.
#[derive(Debug)]
pub(super) struct Budget {
    part: String,
    most: u64,
    left: u64,
}

impl Budget {
    pub fn new(part: &str, most: u64) -> Self {
        Self { part: part.to_owned(), most, left: most }
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// When there are not so many left.
    pub fn spend(&mut self, bytes: u64) -> Result<(), Say> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Bomb { part: self.part.clone(), most: self.most }.say()),
        }
    }
}

/// The error of a part that unpacks to too much. It travels through readers as an error of input.
#[derive(Debug)]
pub(super) struct Bomb {
    pub part: String,
    pub most: u64,
}

impl Bomb {
    fn say(&self) -> Say {
        Say::new("sheet_bomb").with("part", told_part(&self.part)).with("most", self.most >> 20)
    }
}

impl fmt::Display for Bomb {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.say().english())
    }
}

impl std::error::Error for Bomb {}

/// Returns how a part of a file is told. Its name is quoted only if spreadsheet programs give it: whoever made the file may have
/// named it after somebody.
pub(super) fn told_part(part: &str) -> &str {
    const WORDS: [&str; 18] = [
        "xl",
        "worksheets",
        "sheet",
        "workbook",
        "sharedStrings",
        "styles",
        "comments",
        "rels",
        "xml",
        "Content",
        "Types",
        "content",
        "settings",
        "meta",
        "mimetype",
        "docProps",
        "theme",
        "metadata",
    ];
    let mut words = part.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty());
    if words.all(|word| WORDS.contains(&word)) { part } else { "a part of the file" }
}

/// Says that a file is damaged.
pub(super) fn damaged(error: impl ToString) -> Say {
    Say::new("sheet_damaged").with("error", error)
}

/// Says why a part cannot be read.
pub(super) fn unread(error: &io::Error) -> Say {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
        Some(bomb) => bomb.say(),
        None => damaged(error),
    }
}
