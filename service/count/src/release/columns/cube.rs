//! Precomputed counts of charges.
//!
//! A data cube has a table for every set of dimensions (J. Gray and others, "Data cube: a relational aggregation operator
//! generalizing group-by, cross-tab, and sub-totals", Data Mining and Knowledge Discovery 1 (1997), 29-53). Most of these
//! tables are not worth their space, because a small table with a few more dimensions answers nearly as fast (V. Harinarayan,
//! A. Rajaraman, J. D. Ullman, "Implementing data cubes efficiently", SIGMOD 1996, 205-216).
//! Every table here has the statute as a dimension, because rows are sorted by statute and nearly every query filters by
//! statute or country. No table has both role and region: their product would have as many rows as there are charges.
//!
//! Polars builds the same tables, but takes longer than publishing may. For the two largest tables of ten million charges,
//! polars needs 7.4 s of processor time when it groups by columns, and about 4 s when it groups by one packed number. All
//! tables together take 0.4 s here, because charges are already sorted by statute and date. A whole publication takes 8.5 s;
//! the limit is 11 s, four times what DuckDB takes to read the rows.
//! The tests compare answers from these tables with polars (`query/recount`).

use super::{Codes, Cuboid, Level, Periods, Slots, Table, slot};
use crate::domain::Dimension;
use crate::parallel::*;

/// How many charges a row must stand for on average. Below this ratio, adding up the charges themselves costs about as much
/// and takes no space.
const WORTH: usize = 8;

/// Fewer charges than this are added up in a fraction of a millisecond, without tables.
const FEW: usize = 1 << 16;

/// Which tables are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// None, for an engine that reads none.
    None,
    /// Those that are worth their space.
    Worth,
    /// Those that have no more rows than there are charges, so that the few charges of a test use them too.
    Small,
}

/// The sets of columns that get tables. Larger sets come first, because smaller ones are computed from them. For each set,
/// each level is computed from the level before.
const SETS: [&[Dimension]; 6] = [
    &[Dimension::Outcome, Dimension::Role],
    &[Dimension::Outcome, Dimension::Region],
    &[Dimension::Outcome],
    &[Dimension::Role],
    &[Dimension::Region],
    &[],
];

/// For each set, the index of the set it is computed from. The first two are computed from the charges.
const MADE_OF: [Option<usize>; 6] = [None, None, Some(0), Some(0), Some(1), Some(2)];

const LEVELS: [Level; 3] = [Level::Month, Level::Year, Level::All];

/// Computes tables.
pub fn of(records: &Table, tables: Tables) -> Vec<Cuboid> {
    match tables {
        Tables::Worth if records.rows() >= FEW => made(records, records.rows() / WORTH),
        Tables::Small => made(records, records.rows()),
        Tables::None | Tables::Worth => Vec::new(),
    }
}

/// Computes every table that has at most `most` rows.
pub fn made(records: &Table, most: usize) -> Vec<Cuboid> {
    let mut all = Vec::new();
    let mut finer: [Option<Table>; SETS.len()] = Default::default();
    for level in LEVELS {
        for place in 0..SETS.len() {
            let set: Vec<Dimension> =
                SETS[place].iter().copied().filter(|&column| records.column(column).is_some()).collect();
            if set.len() < SETS[place].len() {
                // Without one of its columns, the set would equal another one.
                continue;
            }
            let of = match level {
                Level::Month => MADE_OF[place].and_then(|of| finer[of].as_ref()).unwrap_or(records),
                _ => finer[place].as_ref().unwrap_or(records),
            };
            let table = folded(of, level, &set);
            if let Some(finer) = finer[place].replace(table) {
                keep(&mut all, previous(level), finer, most);
            }
        }
    }
    for table in finer.into_iter().flatten() {
        keep(&mut all, Level::All, table, most);
    }
    all
}

fn previous(level: Level) -> Level {
    if level == Level::Year { Level::Month } else { Level::Year }
}

fn keep(all: &mut Vec<Cuboid>, level: Level, table: Table, most: usize) {
    if table.rows() <= most {
        all.push(Cuboid { level, table });
    }
}

/// Reduces a date to a level's precision. Dates are packed as in [`crate::domain::Period::packed`]: the day in the lowest five
/// bits, the month in the four above.
fn cut(packed: u32, level: Level) -> u32 {
    match level {
        Level::Day => packed,
        Level::Month => packed & !0x1f,
        Level::Year => packed & !0x1ff,
        Level::All => 0,
    }
}

/// Merges the rows of a table that a coarser table does not distinguish.
fn folded(of: &Table, level: Level, set: &[Dimension]) -> Table {
    let mut periods: Vec<u32> = Vec::new();
    // Dates are sorted as texts, so those that become equal are neighbours.
    let places: Vec<u32> = of
        .periods
        .packed()
        .iter()
        .map(|&packed| {
            let packed = cut(packed, level);
            if periods.last() != Some(&packed) {
                periods.push(packed);
            }
            u32::try_from(periods.len() - 1).expect("there are no more than before")
        })
        .collect();
    let statutes: Vec<usize> = (0..of.starts.len().saturating_sub(1)).collect();
    let pieces: Vec<Piece> =
        statutes.into_par_iter().map(|statute| Piece::of(of, statute, &places, set)).collect();
    let mut starts = Vec::with_capacity(of.starts.len());
    let mut sum = 0;
    starts.push(0);
    for piece in &pieces {
        sum += u32::try_from(piece.counts.len()).expect("there are no more rows than before");
        starts.push(sum);
    }
    let all = |part: fn(&Piece) -> &Vec<u32>| pieces.iter().flat_map(part).copied().collect::<Vec<u32>>();
    let (keys, counts) = (all(|piece| &piece.keys), all(|piece| &piece.counts));
    let last = u32::try_from(periods.len()).unwrap_or(u32::MAX).saturating_sub(1);
    let period = match level {
        Level::All => Codes::default(),
        _ => Codes::of(all(|piece| &piece.periods).into_iter(), last),
    };
    let mut columns = Slots::default();
    for &column in set {
        let codes = keys.iter().map(|&key| unpacked(column, key));
        columns[slot(column)] = Some(match of.column(column) {
            Some(Codes::U8(_)) | None => Codes::of(codes, u8::MAX.into()),
            Some(_) => Codes::of(codes, u16::MAX.into()),
        });
    }
    let periods = if level == Level::All { Vec::new() } else { periods };
    Table { starts, periods: Periods::of(periods), period, columns, counts: counts.into() }
}

/// Packs the codes of a row into one number: 8 bits for outcomes and roles, 16 for regions.
fn packed(of: &Table, row: usize, set: &[Dimension]) -> u32 {
    set.iter().fold(0, |key, &column| {
        let code = of.column(column).map_or(0, |codes| codes.at(row));
        key | code << shift(column)
    })
}

fn shift(column: Dimension) -> u32 {
    match column {
        Dimension::Outcome => 24,
        Dimension::Role => 16,
        _ => 0,
    }
}

fn unpacked(column: Dimension, key: u32) -> u32 {
    let bits = if shift(column) == 0 { 0xffff } else { 0xff };
    key >> shift(column) & bits
}

/// The rows of one statute, by period, then by code.
#[derive(Default)]
struct Piece {
    periods: Vec<u32>,
    keys: Vec<u32>,
    counts: Vec<u32>,
}

impl Piece {
    fn of(of: &Table, statute: usize, places: &[u32], set: &[Dimension]) -> Self {
        let mut piece = Self::default();
        let rows = of.of_statute(statute);
        let mut cells: Vec<(u32, u32)> = Vec::new();
        let mut from = rows.start;
        while from < rows.end {
            let place = if places.is_empty() { 0 } else { places[of.period.at(from) as usize] };
            let to = match places.partition_point(|&other| other <= place) {
                _ if places.is_empty() => rows.end,
                behind => of.period.first_from(from..rows.end, u32::try_from(behind).unwrap_or(u32::MAX)),
            };
            cells.clear();
            let count = |row: usize| of.counts.get(row).copied().unwrap_or(1);
            if set.is_empty() {
                cells.push((0, (from..to).map(count).sum()));
            } else {
                cells.extend((from..to).map(|row| (packed(of, row, set), count(row))));
                cells.sort_unstable();
            }
            piece.take(place, &cells);
            from = to;
        }
        piece
    }

    /// Appends the sorted cells of a period.
    fn take(&mut self, period: u32, cells: &[(u32, u32)]) {
        for same in cells.chunk_by(|left, right| left.0 == right.0) {
            self.periods.push(period);
            self.keys.push(same[0].0);
            self.counts.push(same.iter().map(|(_, count)| count).sum());
        }
    }
}
