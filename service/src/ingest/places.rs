//! Where the accepted rows of a file stand in it.

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Data records before it, plus 1.
    pub record: u64,
    /// The line on which it starts; the header's is 1.
    pub line: u64,
}

/// The places of rows, in order. Most rows stand right behind the one before, so only the others are kept:
/// sixteen bytes for each of a hundred million rows would not be had for nothing.
#[derive(Debug, Default)]
pub struct Places {
    jumps: Vec<(u64, Place)>,
    count: u64,
}

impl Places {
    /// Adds the place of the next row.
    pub fn push(&mut self, place: Place) {
        if self.expected(self.count) != Some(place) {
            self.jumps.push((self.count, place));
        }
        self.count += 1;
    }

    /// Adds the places of the next rows, each of which stands right behind the one before.
    pub fn push_run(&mut self, first: Place, rows: u64) {
        if let Some(others) = rows.checked_sub(1) {
            self.push(first);
            self.count += others;
        }
    }

    /// Returns the place of a row.
    ///
    /// # Panics
    /// When there are not so many rows.
    pub fn at(&self, row: usize) -> Place {
        self.expected(row as u64).expect("every row was pushed with its place")
    }

    fn expected(&self, row: u64) -> Option<Place> {
        let behind = self.jumps.partition_point(|(start, _)| *start <= row);
        let (start, place) = self.jumps.get(behind.checked_sub(1)?)?;
        Some(Place { record: place.record + (row - start), line: place.line + (row - start) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_found_where_it_stood(steps in proptest::collection::vec((1_u64..3, 1_u64..4), 0..200)) {
            let mut places = Places::default();
            let (mut record, mut line) = (0, 1);
            let all: Vec<Place> = steps
                .iter()
                .map(|(records, lines)| {
                    record += records;
                    line += lines;
                    Place { record, line }
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
