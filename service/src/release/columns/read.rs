//! Reading the file of columns. All processors read parts of the file into one block of memory, and check each part while it
//! is in the processor's cache.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use xxhash_rust::xxh3::xxh3_64;

use super::super::ReleaseId;
use super::super::store::StoreError;
use super::file::{ALIGNED, CHUNK, Head, LONGEST_HEAD, MARK, Section, TableHead, Texts};
use super::{Codes, Columns, Cuboid, Filed, Level, Numbers, Periods, Slots, Table, largest, memory};
use crate::disk;
use crate::domain::tables::CODED;

impl Filed {
    /// Reads the file of a release; `None` where there is none, or none that this machine can use without conversion.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or belongs to another release.
    pub fn read(path: &Path, release: &ReleaseId) -> Result<Option<Self>, StoreError> {
        if cfg!(target_endian = "big") || !path.exists() {
            return Ok(None);
        }
        let failed = |source| unread(path, source);
        let mut file = disk::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut start = [0; 24];
        file.read_exact(&mut start).map_err(failed)?;
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| start[at + byte]));
        let (length, sum) = (number(8), number(16));
        if start[..8] != *MARK || length > LONGEST_HEAD.min(size) {
            return Err(damaged(path));
        }
        let mut head = vec![0; usize::try_from(length).map_err(|_too_long| damaged(path))?];
        file.read_exact(&mut head).map_err(failed)?;
        if xxh3_64(&head) != sum {
            return Err(damaged(path));
        }
        let head: Head = serde_json::from_slice(&head).map_err(|_no_head| damaged(path))?;
        if head.release != release.as_str() {
            return Err(StoreError::damaged(path, format!("it is that of {}", head.release)));
        }
        let base = (24 + length).next_multiple_of(ALIGNED);
        let columns = size.checked_sub(base).and_then(|bytes| usize::try_from(bytes).ok());
        let memory = read(path, base, columns.ok_or_else(|| damaged(path))?, &sections(&head))?;
        Parts { path, memory }.filed(&head).map(Some)
    }
}

/// Returns all columns of a head, in the order in which they are written.
fn sections(head: &Head) -> Vec<&Section> {
    fn of_table(table: &TableHead) -> impl Iterator<Item = &Section> {
        let columns = table.columns.iter().flatten();
        [&table.starts, &table.periods, &table.period].into_iter().chain(columns).chain([&table.counts])
    }
    let texts = [&head.regions, &head.origins].into_iter().chain(&head.further);
    of_table(&head.records)
        .chain([&head.case, &head.defendant])
        .chain(head.cuboids.iter().flat_map(|(_, table)| of_table(table)))
        .chain(texts.flat_map(|texts| [&texts.lengths, &texts.bytes]))
        .collect()
}

/// Reads and checks the columns, which start at offset `base` of the file and take `bytes` bytes.
fn read(path: &Path, base: u64, bytes: usize, sections: &[&Section]) -> Result<Arc<Mmap>, StoreError> {
    let failed = |source| unread(path, source);
    let mut memory = memory(bytes).map_err(failed)?;
    // For each chunk of a column: its offset, its memory and its digest. No two columns share a byte.
    let mut parts: Vec<(u64, &mut [u8], u64)> = Vec::new();
    let (mut rest, mut passed) = (&mut memory[..bytes], 0);
    for section in sections {
        let own = section.bytes().filter(|own| own.start >= passed).ok_or_else(|| damaged(path))?;
        let (before, behind) = rest.split_at_mut_checked(own.end - passed).ok_or_else(|| damaged(path))?;
        let column = &mut before[own.start - passed..];
        if column.len().div_ceil(CHUNK) != section.sums.len() {
            return Err(damaged(path));
        }
        let mut at = base + own.start as u64;
        for (part, &sum) in column.chunks_mut(CHUNK).zip(&section.sums) {
            let length = part.len() as u64;
            parts.push((at, part, sum));
            at += length;
        }
        (rest, passed) = (behind, own.end);
    }
    parts.into_par_iter().try_for_each(|(at, part, sum)| {
        // Each part opens the file again, because the read position belongs to the open file.
        let read = disk::open(path).and_then(|mut file| {
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(part)
        });
        read.map_err(failed)?;
        if xxh3_64(part) == sum { Ok(()) } else { Err(damaged(path)) }
    })?;
    // After this, data that was checked cannot change.
    Ok(Arc::new(memory.make_read_only().map_err(failed)?))
}

/// A file that was read and whose digests match. Its head may still contain impossible values.
struct Parts<'p> {
    path: &'p Path,
    memory: Arc<Mmap>,
}

impl Parts<'_> {
    fn filed(&self, head: &Head) -> Result<Filed, StoreError> {
        let records = self.table(&head.records)?;
        let [case, defendant] = [self.numbers(&head.case)?, self.numbers(&head.defendant)?];
        let cuboids =
            head.cuboids.iter().map(|(level, table)| Ok(Cuboid { level: *level, table: self.table(table)? }));
        let cuboids = cuboids.collect::<Result<Vec<_>, StoreError>>()?;
        let rows = records.rows();
        let whole = |table: &Table| is_whole(table, head.statutes);
        if !whole(&records)
            || !cuboids.iter().all(|cuboid| whole(&cuboid.table) && adds_up(cuboid, &records))
            || [case.len(), defendant.len()] != [rows; 2]
        {
            return Err(damaged(self.path));
        }
        let (cases, defendants) = (head.cases, head.defendants);
        let is_below = |column: &[u32], known| largest(column).is_none_or(|most| most < known);
        if !is_below(&case, cases) || !is_below(&defendant, defendants) {
            return Err(damaged(self.path));
        }
        let columns = Columns { records, case, defendant, cases, defendants, cuboids };
        let origins = self.texts(&head.origins)?;
        let mut coded: [Vec<String>; CODED.len()] = Default::default();
        for (texts, section) in coded.iter_mut().zip([&head.regions].into_iter().chain(&head.further)) {
            *texts = self.texts(section)?;
        }
        let filed = Filed { columns, coded, origins };
        if filed.has_only_known_codes() { Ok(filed) } else { Err(damaged(self.path)) }
    }

    fn table(&self, head: &TableHead) -> Result<Table, StoreError> {
        let mut columns = Slots::default();
        // A newer program may know more columns. Answering without them would ignore parts of queries.
        if head.columns.len() > columns.len() {
            return Err(damaged(self.path));
        }
        for (column, section) in columns.iter_mut().zip(&head.columns) {
            *column = section.as_ref().map(|section| self.codes(section)).transpose()?;
        }
        Ok(Table {
            starts: self.numbers(&head.starts)?.to_vec(),
            periods: Periods::of(self.numbers(&head.periods)?.to_vec()),
            period: self.codes(&head.period)?,
            columns,
            counts: self.numbers(&head.counts)?,
        })
    }

    fn codes(&self, section: &Section) -> Result<Codes, StoreError> {
        match section.width {
            1 => self.numbers(section).map(Codes::U8),
            2 => self.numbers(section).map(Codes::U16),
            _ => self.numbers(section).map(Codes::U32),
        }
    }

    fn texts(&self, texts: &Texts) -> Result<Vec<String>, StoreError> {
        let lengths = self.numbers::<u32>(&texts.lengths)?;
        let bytes = self.numbers::<u8>(&texts.bytes)?;
        let mut rest = &bytes[..];
        lengths
            .iter()
            .map(|&length| {
                let text = rest.split_at_checked(length as usize);
                let (text, behind) = text.ok_or_else(|| damaged(self.path))?;
                rest = behind;
                String::from_utf8(text.to_vec()).map_err(|_not_utf8| damaged(self.path))
            })
            .collect()
    }

    fn numbers<T: Pod>(&self, section: &Section) -> Result<Numbers<T>, StoreError> {
        let bytes = section.bytes().filter(|_| usize::from(section.width) == size_of::<T>());
        bytes.and_then(|bytes| Numbers::part(&self.memory, bytes)).ok_or_else(|| damaged(self.path))
    }
}

fn damaged(path: &Path) -> StoreError {
    StoreError::damaged(path, "it is not what was written")
}

/// The error for a file that cannot be read. A file that ends too early was truncated.
fn unread(path: &Path, source: std::io::Error) -> StoreError {
    match source.kind() {
        std::io::ErrorKind::UnexpectedEof => StoreError::damaged(path, "it ends too early"),
        _ => StoreError::io("read", path, source),
    }
}

/// Whether a precomputed table has the right number of charges for each statute, and has dates where its level requires them.
fn adds_up(cuboid: &Cuboid, records: &Table) -> bool {
    let table = &cuboid.table;
    let has_dates = table.period.len() == table.rows() && !table.periods.is_empty();
    let has_its_dates = (cuboid.level == Level::All) != has_dates || table.rows() == 0;
    let statutes = 0..records.starts.len().saturating_sub(1);
    let of = |statute: usize| -> u64 {
        let counts = table.counts.get(table.of_statute(statute)).unwrap_or_default();
        counts.iter().map(|&count| u64::from(count)).sum()
    };
    has_its_dates
        && statutes.into_iter().all(|statute| of(statute) == records.of_statute(statute).len() as u64)
}

/// Whether the columns of a table have the right lengths.
fn is_whole(table: &Table, statutes: usize) -> bool {
    let rows = table.rows();
    Some(table.starts.len()) == statutes.checked_add(1)
        && table.starts.is_sorted()
        && (table.period.len() == rows || table.periods.is_empty())
        && table.columns.iter().flatten().all(|codes| codes.len() == rows)
        && (table.counts.len() == rows || table.counts.is_empty())
}
