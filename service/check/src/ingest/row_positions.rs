//! Positions of the accepted rows of a table, which may be in several files.

/// The position of a record in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Number of its file among those of the table, counted from 0.
    pub file: usize,
    /// Number of the record, counted from 1.
    pub record: u64,
    /// The line on which the record starts; the header is on line 1.
    pub line: u64,
}

/// The positions of rows, in order. Most rows directly follow the one before, so only the exceptions are stored:
/// sixteen bytes for each of a hundred million rows would be 1.6 GB.
#[derive(Debug, Default)]
pub struct RowPositions {
    jumps: Vec<(u64, Position)>,
    count: u64,
}

impl RowPositions {
    /// Adds the position of the next row.
    pub fn push(&mut self, place: Position) {
        if self.expected(self.count) != Some(place) {
            self.jumps.push((self.count, place));
        }
        self.count += 1;
    }

    /// Adds the positions of rows that directly follow each other.
    pub fn push_run(&mut self, first: Position, rows: u64) {
        if let Some(others) = rows.checked_sub(1) {
            self.push(first);
            self.count += others;
        }
    }

    /// Returns the position of a row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn at(&self, row: usize) -> Position {
        self.expected(row as u64).expect("every row was pushed with its place")
    }

    fn expected(&self, row: u64) -> Option<Position> {
        let behind = self.jumps.partition_point(|(start, _)| *start <= row);
        let (start, place) = self.jumps.get(behind.checked_sub(1)?)?;
        let behind = row - start;
        Some(Position { record: place.record + behind, line: place.line + behind, ..*place })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_found_where_it_stood(steps in proptest::collection::vec((1_u64..3, 1_u64..4), 0..200)) {
            let mut places = RowPositions::default();
            let (mut file, mut record, mut line) = (0, 0, 1);
            let all: Vec<Position> = steps
                .iter()
                .map(|(records, lines)| {
                    if *lines == 3 {
                        (file, record, line) = (file + 1, 0, 1);
                    }
                    record += records;
                    line += lines;
                    Position { file, record, line }
                })
                .collect();
            for &place in &all {
                places.push(place);
            }
            for (row, &place) in all.iter().enumerate() {
                prop_assert_eq!(places.at(row), place);
            }
        }
    }
}
