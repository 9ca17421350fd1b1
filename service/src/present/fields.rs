//! The texts of a column of codes, labels, years or months. Each text is written once, because most occur many times in an
//! answer.

use super::table::{Cell, Column, Holds, cell};
use crate::disclosure::Published;
use crate::engine::Gap;
use crate::release::Release;

/// The different texts of one column.
#[derive(Debug)]
pub struct Fields {
    /// Position of the column's dimension in the query.
    dimension: usize,
    /// The smallest key that occurs.
    least: i32,
    /// The text of each key, from `least` upwards.
    texts: Vec<Box<[u8]>>,
    absent: Box<[u8]>,
}

impl Fields {
    /// Writes the texts of each column of keys or labels; `None` for every other column.
    pub fn of(
        columns: &[Column],
        release: &Release,
        answer: &Published,
        write: impl Fn(&mut Vec<u8>, &Cell<'_>),
    ) -> Vec<Option<Self>> {
        let written = |cell: &Cell<'_>| {
            let mut text = Vec::new();
            write(&mut text, cell);
            text.into_boxed_slice()
        };
        let of = |column: &Column| {
            let (Holds::Key(dimension, _) | Holds::Label(dimension, ..)) = column.holds else { return None };
            let keys = || answer.each_row().filter_map(|row| Some((answer.key(dimension, row)?, row)));
            let (least, most) =
                keys().fold((i32::MAX, i32::MIN), |(least, most), (key, _)| (least.min(key), most.max(key)));
            let many = usize::try_from(i64::from(most) - i64::from(least) + 1).unwrap_or_default();
            let mut texts: Vec<Box<[u8]>> = vec![Box::default(); many];
            for (key, row) in keys() {
                let text = &mut texts[(key - least) as usize];
                if text.is_empty() {
                    *text = written(&cell(column.holds, release, answer, row));
                }
            }
            Some(Self { dimension, least, texts, absent: written(&Cell::Absent(Gap::Unknown)) })
        };
        columns.iter().map(of).collect()
    }

    /// Returns the text in a row.
    #[inline]
    pub fn at(&self, answer: &Published, row: usize) -> &[u8] {
        let key = answer.key(self.dimension, row);
        let place = key.and_then(|key| usize::try_from(key - self.least).ok());
        place.and_then(|place| self.texts.get(place)).map_or(&self.absent, |text| text)
    }
}
