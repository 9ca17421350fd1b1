//! The file format of columns: each column is one run of little-endian numbers, which a program reads without conversion.
//!
//! ```text
//! CHARGES1                     the format of the file
//! u64                          length of the head in bytes
//! u64                          XXH3 of the head
//! head                         JSON: the columns, the position of each, and the XXH3 of each 4 MiB of it
//! columns                      each starts at a multiple of 64 bytes
//! ```
//!
//! The file has nothing that `charges.parquet` lacks, and is no part of the release's id: `verify` builds the file again and
//! compares.
//! The file is read into memory, not mapped. A mapped file ends the process when its disk fails or somebody truncates it.
//! Memory that was read and checked once cannot change any more.

use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use chargesheet_count::each_width;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::super::ReleaseId;
use super::super::store::{NewFile, StoreError};
use super::{Codes, Columns, Level, TABLES, Table, slot};
use crate::domain::Dimension;
use crate::domain::tables::CODED;
use crate::ingest::{Charges, Dictionary};

/// Name of the file in the folder of a release.
pub const NAME: &str = "columns.bin";

pub(super) const MARK: &[u8; 8] = b"CHARGES1";
/// Size of a chunk in bytes. Each chunk has a digest of its own: one thread reads the chunk and checks it while it is in the
/// processor's cache.
pub(super) const CHUNK: usize = 1 << 22;
pub(super) const ALIGNED: u64 = 64;
/// Number of columns in the first version of this file.
const FIRST_COLUMNS: usize = 4;
/// Longest head, in bytes. A damaged length must not allocate all memory.
pub(super) const LONGEST_HEAD: u64 = 1 << 28;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) release: String,
    pub(super) statutes: usize,
    pub(super) cases: u32,
    pub(super) defendants: u32,
    pub(super) records: TableHead,
    pub(super) case: Section,
    pub(super) defendant: Section,
    pub(super) cuboids: Vec<(Level, TableHead)>,
    /// The texts of the first of [`CODED`].
    pub(super) regions: Texts,
    pub(super) origins: Texts,
    /// The texts of the others of [`CODED`]; as many lists as the file has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) further: Vec<Texts>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableHead {
    pub(super) starts: Section,
    pub(super) periods: Section,
    pub(super) period: Section,
    /// In the order of [`COLUMNS`](super::COLUMNS). Files written by an older program have fewer.
    pub(super) columns: Vec<Option<Section>>,
    pub(super) counts: Section,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    pub(super) lengths: Section,
    pub(super) bytes: Section,
}

/// The position of a column in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// Offset of its first byte from the end of the head (rounded up), in bytes.
    pub(super) at: u64,
    /// Size of a number, in bytes.
    pub(super) width: u8,
    /// Length of the column, in numbers.
    pub(super) length: usize,
    /// XXH3 of each chunk.
    pub(super) sums: Vec<u64>,
}

impl Section {
    /// Returns the byte range of the column, counted from the end of the head; `None` where the range overflows.
    pub(super) fn bytes(&self) -> Option<Range<usize>> {
        let at = usize::try_from(self.at).ok()?;
        Some(at..at.checked_add(self.length.checked_mul(self.width.into())?)?)
    }
}

/// The content of a file: columns, and the texts that their numbers stand for.
#[derive(Debug, PartialEq, Eq)]
pub struct Filed {
    /// The columns.
    pub columns: Columns,
    /// The texts of [`CODED`], by number.
    pub coded: [Vec<String>; CODED.len()],
    /// The texts of sources of records, by number.
    pub origins: Vec<String>,
}

impl Filed {
    /// Prepares the charges of a release for a file.
    pub fn of(charges: &Charges, statutes: usize) -> Self {
        let mut columns = Columns::of(charges, statutes, TABLES);
        let mut origins = Vec::new();
        if let Some(codes) = &mut columns.records.columns[slot(Dimension::Source)] {
            // Sources share their numbering with free texts, which no query uses, so only sources are kept.
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
        let coded = charges.coded.each_ref().map(|column| column.texts.texts().map(str::to_owned).collect());
        Self { columns, coded, origins }
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
            regions: sections.texts(&self.coded[0]),
            origins: sections.texts(&self.origins),
            further: {
                let last = self.coded.iter().rposition(|texts| !texts.is_empty()).unwrap_or_default();
                self.coded[1..].iter().take(last).map(|texts| sections.texts(texts)).collect()
            },
        };
        serde_json::to_vec(&head).expect("a head has only strings, numbers and lists")
    }

    /// Whether every number stands for something, as far as the file alone can tell. [`Filed::fits`] checks the numbers of
    /// code lists.
    pub(super) fn has_only_known_codes(&self) -> bool {
        let all = self.columns.cuboids.iter().map(|cuboid| &cuboid.table).chain([&self.columns.records]);
        all.into_iter().all(|table| {
            let most = |column| table.column(column).map_or(0, Codes::most) as usize;
            let has_periods = table.period.is_empty() || (table.period.most() as usize) < table.periods.len();
            has_periods
                && CODED.iter().zip(&self.coded).all(|(&column, texts)| most(column) <= texts.len())
                && most(Dimension::Source) <= self.origins.len()
        })
    }

    /// Whether the outcomes and roles are numbers in lists of the given lengths.
    pub fn fits(&self, outcomes: usize, roles: usize) -> bool {
        let all = self.columns.cuboids.iter().map(|cuboid| &cuboid.table).chain([&self.columns.records]);
        all.into_iter().all(|table| {
            let is_below = |column, known| {
                let codes = table.column(column).filter(|codes| !codes.is_empty());
                codes.is_none_or(|codes| (codes.most() as usize) < known)
            };
            is_below(Dimension::Outcome, outcomes) && is_below(Dimension::Role, roles)
        })
    }

    /// Returns charges that have only what the columns hold.
    pub fn charges(&self) -> Charges {
        fn dictionary(texts: &[String]) -> Dictionary {
            let mut dictionary = Dictionary::default();
            for text in texts {
                dictionary.code(text);
            }
            dictionary
        }
        let has = |column| self.columns.records.column(column).is_some();
        let mut charges = Charges {
            has_roles: has(Dimension::Role),
            texts: dictionary(&self.origins),
            ..Charges::default()
        };
        for ((column, texts), dimension) in charges.coded.iter_mut().zip(&self.coded).zip(CODED) {
            (column.is_there, column.texts) = (has(dimension), dictionary(texts));
        }
        charges
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
        // A file without any of the later columns does not list these, so that its bytes stay as they were.
        let last = table.columns.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let columns = &table.columns[..last.max(FIRST_COLUMNS)];
        TableHead {
            starts: self.numbers(&table.starts),
            periods: self.numbers(table.periods.packed()),
            period: self.codes(&table.period),
            columns: columns.iter().map(|codes| codes.as_ref().map(|codes| self.codes(codes))).collect(),
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
