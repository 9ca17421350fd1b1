//! Publishing a release in parts, whose charges others have sorted and written.

use std::path::{Path, PathBuf};

use super::super::cube_kind::Kind;
use super::super::journal::Journal;
use super::super::part_cube::{self, MOST, Made};
use super::super::parts::{FOLDER, PARTS, Part, Parts};
use super::super::{Content, part_stream};
use super::publish::{Published, write_files};
use super::{Lock, Store, StoreError, files};
use crate::ingest::Report;

/// A release in parts that is being written. Its folder is removed unless it is finished.
#[derive(Debug)]
pub struct Writing<'s> {
    store: &'s Store,
    /// Held until the end.
    _lock: Lock,
    journal: Option<Journal>,
    folder: PathBuf,
    is_done: bool,
}

/// Columns that a release of no charges does not have, even if the publisher's file has them.
const ONLY_WITH_ROWS: [&str; 5] = ["charge_id", "date_outcome", "sentence_months", "sentence", "source"];

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = files::remove(&self.folder);
        }
    }
}

impl Store {
    /// Begins a release in parts. What is written into its [folder](Writing::folder) is on the disk of the store, so that it need
    /// not be copied.
    ///
    /// # Errors
    /// When the folder cannot be made, or the journal cannot be read.
    pub fn begin_parts(&self, lock: Lock, dataset: &str) -> Result<Writing<'_>, StoreError> {
        let (journal, folder) = self.prepare(dataset)?;
        files::make_folder(&folder)?;
        Ok(Writing { store: self, _lock: lock, journal: Some(journal), folder, is_done: false })
    }
}

impl Writing<'_> {
    /// Returns the folder of the release. It has no file yet.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the sorted charges: files in the order of their names in a folder within the [folder](Writing::folder). They
    /// must have these columns, and must be as many as were accepted. The release is then listed as the newest, as
    /// [`Store::publish`] does it. `content` has everything but the charges.
    ///
    /// # Errors
    /// When anything cannot be read or written, or the charges are not those that were accepted: the journal is then unchanged.
    pub fn finish(
        mut self,
        content: &Content,
        report: &Report,
        (mut columns, accepted): (Vec<String>, u64),
        sorted: &Path,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        let place = self.folder.join(FOLDER);
        files::make_folder(&place)?;
        let mut names = files::names(sorted)?;
        names.retain(|name| name.ends_with(".parquet") && !name.starts_with(['.', '_']));
        let mut paths = Vec::new();
        for name in names {
            // An engine may write files without rows.
            let from = sorted.join(name);
            if part_stream::rows(&from)? > 0 {
                let path = self.folder.join(Parts::name(paths.len()));
                files::rename(&from, &path)?;
                files::take_over(&path)?;
                paths.push(path);
            }
        }
        // Nothing that the engine has left may be part of the release.
        for name in files::names(&self.folder)?.into_iter().filter(|name| name != FOLDER) {
            files::remove(&self.folder.join(name))?;
        }
        files::sync_folder(&place)?;
        if accepted == 0 {
            columns.retain(|name| !ONLY_WITH_ROWS.contains(&name.as_str()));
        }
        let most = &Kind::all(&columns)[..1];
        let mut read = part_stream::stream(&paths, &columns, most, Some(&self.folder))?;
        let rows: u64 = read.rows.iter().sum();
        if rows != accepted {
            let why = format!("its files have {rows} rows, and {accepted} were accepted");
            return Err(StoreError::damaged(&place, why));
        }
        let part = |name: String, rows: u64, sha256: Option<String>| {
            let path = self.folder.join(&name);
            let bytes = path.metadata().map_err(|source| StoreError::io("read", &path, source))?.len();
            let sha256 = sha256.map_or_else(|| files::sha256(&path), Ok)?;
            Ok::<_, StoreError>(Part { name, rows, bytes, sha256 })
        };
        let all = read.rows.iter().enumerate().map(|(number, &rows)| part(Parts::name(number), rows, None));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        let mut made = std::mem::take(&mut read.cubes);
        if !made.iter().all(is_small) {
            made.extend(part_cube::coarser(&self.folder, &columns)?);
        }
        let mut cubes = Vec::new();
        for cube in self.chosen(made)? {
            cubes.push(part(cube.kind.file(), cube.rows, cube.sha256)?);
        }
        let parts = Parts::of(columns, all, read.texts, cubes);
        let mut sums = write_files(content, report, &self.folder)?;
        sums.push((files::write(&self.folder.join(PARTS), &parts.to_json())?, PARTS.to_owned()));
        let manifest = content.manifest_with(Some((rows, read.sha256)));
        let journal = self.journal.take().expect("a release is finished once");
        let done = self.store.list(content, &manifest, journal, &self.folder, sums, published);
        self.is_done = matches!(done, Ok(Published { is_new: true, .. }));
        done
    }

    /// Keeps the tables of counts that a server can hold, apart from those whose counts another one tells. The files of the others are
    /// removed.
    fn chosen(&self, made: Vec<Made>) -> Result<Vec<Made>, StoreError> {
        let mut chosen: Vec<Made> = Vec::new();
        for cube in made {
            if is_small(&cube) && !chosen.iter().any(|own| own.kind.tells(&cube.kind)) {
                chosen.push(cube);
            } else {
                files::remove(&self.folder.join(cube.kind.file()))?;
            }
        }
        Ok(chosen)
    }
}

/// Whether a server can hold a table of counts. It holds each count in 32 bits.
fn is_small(cube: &Made) -> bool {
    cube.rows <= MOST && u32::try_from(cube.largest).is_ok()
}
