//! Columns in a file that is read as it is: every column is one run of little-endian numbers.
//!
//! ```text
//! CHARGES1                     the form of the file
//! u64                          how long the head is
//! u64                          XXH3 of the head
//! head                         JSON: which columns there are, where each stands, and the XXH3 of each 4 MiB of it
//! columns                      each begins at a multiple of 64 bytes
//! ```
//!
//! The file says nothing that `charges.parquet` does not, and is no part of what a release is: `verify` makes it again
//! and compares. It is read whole, not mapped: a mapped file that its disk can no longer read, or that somebody cuts off,
//! ends the process, and what was read and checked once cannot change any more.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::ReleaseId;
use super::super::store::{NewFile, StoreError};
use super::codes::each_width;
use super::{Codes, Column, Columns, Cuboid, Level, Periods, Table};
use crate::ingest::{Charges, Dictionary};

/// Its name in the folder of a release.
pub const NAME: &str = "columns.bin";

const MARK: &[u8; 8] = b"CHARGES1";
/// Bytes that have a digest of their own: read and checked by one thread while they are in the processor's cache.
const CHUNK: usize = 1 << 22;
const ALIGNED: u64 = 64;
/// No head is longer: a damaged length must not ask for all memory.
const LONGEST_HEAD: u64 = 1 << 28;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    release: String,
    statutes: usize,
    cases: u32,
    defendants: u32,
    records: TableHead,
    case: Section,
    defendant: Section,
    cuboids: Vec<(Level, TableHead)>,
    regions: Texts,
    origins: Texts,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableHead {
    starts: Section,
    periods: Section,
    period: Section,
    columns: [Option<Section>; 4],
    counts: Section,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    lengths: Section,
    bytes: Section,
}

/// Where a column stands.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    /// Bytes between the end of the head, rounded up, and its beginning.
    at: u64,
    /// Bytes of a number.
    width: u8,
    /// Numbers in it.
    length: usize,
    /// XXH3 of each chunk.
    sums: Vec<u64>,
}

/// A file's columns, and what their numbers stand for.
#[derive(Debug, PartialEq, Eq)]
pub struct Filed {
    /// The columns.
    pub columns: Columns,
    /// The regions, by number.
    pub regions: Vec<String>,
    /// The texts that say where records come from, by number.
    pub origins: Vec<String>,
}

impl Filed {
    /// Lays out the charges of a release for a file.
    pub fn of(charges: &Charges, statutes: usize) -> Self {
        let mut columns = Columns::of(charges, statutes);
        let mut origins = Vec::new();
        if let Some(codes) = &mut columns.records.columns[Column::Origin as usize] {
            // Texts are numbered together with sentences, of which nobody asks.
            let mut used = vec![0; charges.texts.len() + 1];
            for row in 0..codes.len() {
                used[codes.at(row) as usize] = 1;
            }
            for (text, place) in charges.texts.texts().zip(&mut used[1..]) {
                if *place > 0 {
                    origins.push(text.to_owned());
                    *place = u32::try_from(origins.len()).expect("there are no more texts than before");
                }
            }
            used[0] = 0;
            let most = u32::try_from(origins.len()).unwrap_or(u32::MAX);
            *codes = Codes::of((0..codes.len()).map(|row| used[codes.at(row) as usize]), most);
        }
        let regions = charges.regions.texts().map(str::to_owned).collect();
        Self { columns, regions, origins }
    }

    /// Writes the file. Returns the digest of its bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path, release: &ReleaseId) -> Result<String, StoreError> {
        let failed = |source| StoreError::io("write", path, source);
        let mut sections = Sections::default();
        let head = self.head(release, &mut sections);
        let mut file = NewFile::create(path)?;
        let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(failed);
        put(MARK)?;
        put(&(head.len() as u64).to_le_bytes())?;
        put(&xxh3_64(&head).to_le_bytes())?;
        put(&head)?;
        let mut written = 24 + head.len() as u64;
        for bytes in sections.bytes {
            put(&vec![0; (written.next_multiple_of(ALIGNED) - written) as usize])?;
            put(&bytes)?;
            written = written.next_multiple_of(ALIGNED) + bytes.len() as u64;
        }
        file.finish()
    }

    fn head<'c>(&'c self, release: &ReleaseId, sections: &mut Sections<'c>) -> Vec<u8> {
        let columns = &self.columns;
        let head = Head {
            release: release.to_string(),
            statutes: columns.records.starts.len().saturating_sub(1),
            cases: columns.cases,
            defendants: columns.defendants,
            records: sections.table(&columns.records),
            case: sections.numbers(&columns.case),
            defendant: sections.numbers(&columns.defendant),
            cuboids: columns
                .cuboids
                .iter()
                .map(|cuboid| (cuboid.level, sections.table(&cuboid.table)))
                .collect(),
            regions: sections.texts(&self.regions),
            origins: sections.texts(&self.origins),
        };
        serde_json::to_vec(&head).expect("a head has only strings, numbers and lists")
    }

    /// Reads the file of a release; `None` where there is none, or none that this machine reads as it is.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or is that of another release.
    pub fn read(path: &Path, release: &ReleaseId) -> Result<Option<Self>, StoreError> {
        if cfg!(target_endian = "big") || !path.exists() {
            return Ok(None);
        }
        let damaged = || StoreError::damaged(path, "it is not what was written");
        let failed = |source| StoreError::io("read", path, source);
        let mut file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut start = [0; 24];
        file.read_exact(&mut start).map_err(failed)?;
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| start[at + byte]));
        let (length, sum) = (number(8), number(16));
        if start[..8] != *MARK || length > LONGEST_HEAD.min(size) {
            return Err(damaged());
        }
        let mut head = vec![0; usize::try_from(length).map_err(|_too_long| damaged())?];
        file.read_exact(&mut head).map_err(failed)?;
        if xxh3_64(&head) != sum {
            return Err(damaged());
        }
        let head: Head = serde_json::from_slice(&head).map_err(|_no_head| damaged())?;
        if head.release != release.as_str() {
            return Err(StoreError::damaged(path, format!("it is that of {}", head.release)));
        }
        let base = (24 + length).next_multiple_of(ALIGNED);
        Reading { path, base, size }.filed(head).map(Some)
    }

    /// Returns the dictionaries of the numbers: of regions, then of where records come from.
    pub fn dictionaries(&self) -> [Dictionary; 2] {
        [&self.regions, &self.origins].map(|texts| {
            let mut dictionary = Dictionary::default();
            for text in texts {
                dictionary.code(text);
            }
            dictionary
        })
    }
}

/// The columns of a file, in order.
#[derive(Default)]
struct Sections<'c> {
    bytes: Vec<std::borrow::Cow<'c, [u8]>>,
    end: u64,
}

impl<'c> Sections<'c> {
    fn add(&mut self, bytes: std::borrow::Cow<'c, [u8]>, width: usize) -> Section {
        let at = self.end.next_multiple_of(ALIGNED);
        self.end = at + bytes.len() as u64;
        let sums: Vec<u64> = bytes.chunks(CHUNK).collect::<Vec<_>>().into_par_iter().map(xxh3_64).collect();
        let (width, length) = (u8::try_from(width).unwrap_or_default(), bytes.len() / width);
        self.bytes.push(bytes);
        Section { at, width, length, sums }
    }

    fn numbers<T: bytemuck::Pod>(&mut self, column: &'c [T]) -> Section {
        self.add(bytemuck::cast_slice(column).into(), size_of::<T>())
    }

    fn codes(&mut self, codes: &'c Codes) -> Section {
        each_width!(codes, column => self.numbers(column))
    }

    fn table(&mut self, table: &'c Table) -> TableHead {
        TableHead {
            starts: self.numbers(&table.starts),
            periods: self.numbers(table.periods.packed()),
            period: self.codes(&table.period),
            columns: table.columns.each_ref().map(|codes| codes.as_ref().map(|codes| self.codes(codes))),
            counts: self.numbers(&table.counts),
        }
    }

    fn texts(&mut self, texts: &[String]) -> Texts {
        let lengths: Vec<u32> =
            texts.iter().map(|text| u32::try_from(text.len()).unwrap_or(u32::MAX)).collect();
        let lengths: Vec<u8> = bytemuck::cast_slice(&lengths).to_vec();
        Texts {
            lengths: self.add(lengths.into(), size_of::<u32>()),
            bytes: self.add(texts.concat().into_bytes().into(), 1),
        }
    }
}

/// A file that is being read.
struct Reading<'p> {
    path: &'p Path,
    base: u64,
    size: u64,
}

impl Reading<'_> {
    fn filed(&self, head: Head) -> Result<Filed, StoreError> {
        let records = self.table(&head.records)?;
        let [case, defendant] = [self.numbers(&head.case)?, self.numbers(&head.defendant)?];
        let cuboids =
            head.cuboids.iter().map(|(level, table)| Ok(Cuboid { level: *level, table: self.table(table)? }));
        let cuboids = cuboids.collect::<Result<Vec<_>, StoreError>>()?;
        let rows = records.rows();
        let whole = |table: &Table| is_whole(table, head.statutes);
        if !whole(&records)
            || !cuboids.iter().all(|cuboid| whole(&cuboid.table))
            || [case.len(), defendant.len()] != [rows; 2]
        {
            return Err(self.damaged());
        }
        let (cases, defendants) = (head.cases, head.defendants);
        let columns = Columns { records, case, defendant, cases, defendants, cuboids };
        let [regions, origins] = [self.texts(&head.regions)?, self.texts(&head.origins)?];
        Ok(Filed { columns, regions, origins })
    }

    fn damaged(&self) -> StoreError {
        StoreError::damaged(self.path, "it is not what was written")
    }

    fn table(&self, head: &TableHead) -> Result<Table, StoreError> {
        let mut columns: [Option<Codes>; 4] = Default::default();
        for (column, section) in columns.iter_mut().zip(&head.columns) {
            *column = section.as_ref().map(|section| self.codes(section)).transpose()?;
        }
        Ok(Table {
            starts: self.numbers(&head.starts)?,
            periods: Periods::of(self.numbers(&head.periods)?),
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
        let lengths: Vec<u32> = self.numbers(&texts.lengths)?;
        let bytes: Vec<u8> = self.numbers(&texts.bytes)?;
        let mut rest = bytes.as_slice();
        lengths
            .into_iter()
            .map(|length| {
                let (text, behind) = rest.split_at_checked(length as usize).ok_or_else(|| self.damaged())?;
                rest = behind;
                String::from_utf8(text.to_vec()).map_err(|_not_utf8| self.damaged())
            })
            .collect()
    }

    /// Reads a column: its chunks at once, each checked.
    fn numbers<T: bytemuck::Pod + Send>(&self, section: &Section) -> Result<Vec<T>, StoreError> {
        let width = usize::from(section.width);
        let bytes = section.length.checked_mul(width).ok_or_else(|| self.damaged())?;
        let end = self.base.checked_add(section.at).and_then(|at| at.checked_add(bytes as u64));
        let fits = end.is_some_and(|end| end <= self.size) && bytes.div_ceil(CHUNK) == section.sums.len();
        if width != size_of::<T>() || !fits {
            return Err(self.damaged());
        }
        let mut column = vec![T::zeroed(); section.length];
        let chunks: Vec<(usize, &mut [u8])> =
            bytemuck::cast_slice_mut(&mut column).chunks_mut(CHUNK).enumerate().collect();
        chunks.into_par_iter().try_for_each(|(place, chunk)| {
            let at = self.base + section.at + (place * CHUNK) as u64;
            // A file of its own for each chunk: the place that is read from is the file's.
            let read = File::open(self.path).and_then(|mut file| {
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(chunk)
            });
            read.map_err(|source| StoreError::io("read", self.path, source))?;
            if xxh3_64(chunk) == section.sums[place] { Ok(()) } else { Err(self.damaged()) }
        })?;
        Ok(column)
    }
}

/// Whether the columns of a table have the lengths that they must have.
fn is_whole(table: &Table, statutes: usize) -> bool {
    let rows = table.rows();
    // Not `statutes + 1`: a head that says the largest number of all is no reason to overflow.
    table.starts.len().checked_sub(1) == Some(statutes)
        && table.starts.is_sorted()
        && (table.period.len() == rows || table.periods.is_empty())
        && table.columns.iter().flatten().all(|codes| codes.len() == rows)
        && (table.counts.len() == rows || table.counts.is_empty())
}
