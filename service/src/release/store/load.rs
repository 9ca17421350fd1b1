//! Loading a release from the store.

use std::path::Path;
use std::sync::Arc;

use super::super::charge_reader::{self, Wanted};
use super::super::columns::{self, Filed};
use super::super::{Content, Manifest, Parts, Release, ReleaseId, small_tables, text_file};
use super::{MANIFEST, SUMS, Store, StoreError, files};
use crate::domain::tables::{COUNTS, HISTORY, POPULATION, SOURCES, STATUTES, Table};
use crate::domain::{Event, Lists, Population, Register};
use crate::ingest::{Background, Charges, Figure, FigureSource, Ingested, Records};
use crate::package::Kind;

/// File name of the charges.
const CHARGES: &str = "charges.parquet";
/// The program that counts a release in parts.
const COUNTS_PARTS: &str =
    "a chargesheet that is built with the feature `cluster` and served with `--engine`";

impl Store {
    /// Loads a release for queries.
    ///
    /// # Errors
    /// When its files cannot be read, or differ from what the manifest says. When it is in parts.
    pub fn load(&self, dataset: &str, release: &str) -> Result<Release, StoreError> {
        match self.load_with(dataset, release, Wanted::Numbers)? {
            (release, None) => Ok(release),
            (_, Some(_)) => {
                let what = format!("release {release} of `{dataset}`, which lies in many parts,");
                Err(StoreError::Newer { what, needs: COUNTS_PARTS.to_owned() })
            }
        }
    }

    /// Loads a release. One in parts has no charges in memory, and comes with the list of its parts: whoever counts reads the
    /// parts, or asks a cluster that does.
    ///
    /// # Errors
    /// As [`Store::load`].
    pub fn load_any(&self, dataset: &str, release: &str) -> Result<(Release, Option<Parts>), StoreError> {
        self.load_with(dataset, release, Wanted::Numbers)
    }

    fn load_with(
        &self,
        dataset: &str,
        release: &str,
        wanted: Wanted,
    ) -> Result<(Release, Option<Parts>), StoreError> {
        let folder = self.folder(dataset, release);
        let path = folder.join(MANIFEST);
        let json = files::read(&path)?;
        let manifest = Manifest::read(&json).ok_or_else(|| match Manifest::needs(&json, release) {
            Some(needs) => StoreError::Newer { what: format!("release {release} of `{dataset}`"), needs },
            None => StoreError::damaged(&path, "it is no manifest that this program can read"),
        })?;
        let id = ReleaseId::of(&manifest);
        let descriptor = manifest.descriptor().clone();
        if id.as_str() != release || descriptor.name != dataset || manifest.to_json() != json {
            return Err(StoreError::damaged(
                &path,
                format!("it is the manifest of {} {id}", descriptor.name),
            ));
        }
        let parts = match descriptor.chargesheet.kind {
            Kind::CaseLevel => Parts::read(&folder, manifest.records())?,
            Kind::Reported => None,
        };
        let filed = match wanted {
            Wanted::Numbers if parts.is_none() => Filed::read(&folder.join(columns::FILE), &id)?,
            _ => None,
        };
        // The columns have been checked against their own digests. With them, charges are not read from the other file.
        let others = |name: &str| filed.is_none() || ![CHARGES, columns::FILE].contains(&name);
        check_files(&folder, others)?;
        let reference = folder.join("reference");
        let mut bytes: [Vec<u8>; 4] = Default::default();
        for (bytes, name) in bytes.iter_mut().zip(Lists::NAMES) {
            *bytes = files::read(&reference.join(format!("{name}.csv")))?;
        }
        let lists =
            Lists::read(bytes).ok_or_else(|| StoreError::damaged(&reference, "it holds no code lists"))?;
        let small = SmallTables { folder: &folder, manifest: &manifest };
        let fit = |statutes: &Vec<_>| statutes.len() <= Register::LIMIT;
        let register =
            small.read(&STATUTES, |rows| small_tables::records(rows).filter(fit).map(Register::new))?;
        let mut columns = None;
        let records = match (descriptor.chargesheet.kind, filed) {
            (Kind::CaseLevel, Some(filed)) => {
                if !filed.fits(lists.outcomes.entries().len(), lists.roles.entries().len()) {
                    return Err(StoreError::damaged(&folder.join(columns::FILE), BAD_VALUES));
                }
                let charges = filed.charges();
                columns = Some(filed.columns);
                Records::Charges(Box::new(charges))
            }
            (Kind::CaseLevel, None) => Records::Charges(Box::new(match &parts {
                Some(parts) => parts.charges(),
                None => charge_reader::read(&folder.join(CHARGES), &lists, &register, wanted)?,
            })),
            (Kind::Reported, _) => {
                let sources: Vec<FigureSource> = small.read(&SOURCES, small_tables::records)?;
                let figure = |row: &Vec<String>| Figure::from_texts(row, &lists, &register, &sources);
                let mut figures: Vec<Figure> =
                    small.read(&COUNTS, |rows| rows.iter().map(figure).collect())?;
                // Rows are kept in the byte order of their fields, which parts the figures of a cell.
                figures.sort_by(|left, right| left.place().cmp(&right.place()));
                Records::Figures { figures, sources }
            }
        };
        let mut background = Background::default();
        if manifest.has(HISTORY.name) {
            background.history = small.read(&HISTORY, small_tables::records::<Event>)?;
            background.history.sort_by(|left, right| left.place().cmp(&right.place()));
        }
        if manifest.has(POPULATION.name) {
            let somebody = |all: &Vec<Population>| all.iter().all(|of| of.persons > 0);
            background.population =
                small.read(&POPULATION, |rows| small_tables::records(rows).filter(somebody))?;
            background.population.sort_by(|left, right| left.place().cmp(&right.place()));
        }
        let content = Content { descriptor, lists: Arc::new(lists), register, background, records };
        Ok((Release::of(manifest, content, columns, Some(folder)), parts))
    }

    /// Loads the complete content of a release, and sorts it again. The charges of one in parts stay where they are.
    pub(super) fn load_content(
        &self,
        dataset: &str,
        release: &str,
    ) -> Result<(Content, Option<Parts>), StoreError> {
        let (loaded, parts) = self.load_with(dataset, release, Wanted::Everything)?;
        let content = loaded.into_content();
        if parts.is_some() {
            return Ok((content, parts));
        }
        let Content { descriptor, lists, register, background, records } = content;
        Ok((Content::of(Ingested { descriptor, lists, register, background, records }), None))
    }
}

/// The error for a file in which values were changed.
const BAD_VALUES: &str = "it has values that nobody wrote";

/// The small tables of a release. Their digests are checked whenever they are read; those of charges only by `verify`.
struct SmallTables<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
}

impl SmallTables<'_> {
    /// Reads a table. `records` turns its full rows into records.
    fn read<T>(&self, table: &Table, records: impl Fn(&[Vec<String>]) -> Option<T>) -> Result<T, StoreError> {
        let path = self.folder.join(format!("{}.parquet", table.name));
        let rows = text_file::read(&path, table)?;
        let records =
            records(&rows.full_rows(table)).ok_or_else(|| StoreError::damaged(&path, BAD_VALUES))?;
        let (count, sha256) = rows.digest();
        let said = self.manifest.tables().iter().find(|said| said.name == table.name);
        if said.is_none_or(|said| said.rows != count || said.sha256 != sha256) {
            return Err(StoreError::damaged(&path, "its content is not what the manifest says"));
        }
        Ok(records)
    }
}

/// Reads charges with everything but the publisher's ids, for a release loaded from a store, where memory holds only what
/// queries need. `None` for any other release, which has everything in memory.
///
/// # Errors
/// When the file cannot be read, for example because the release has just been withdrawn.
pub fn read_charges(release: &Release) -> Result<Option<Charges>, StoreError> {
    let Some(folder) = release.folder().filter(|_| matches!(release.records(), Records::Charges(_))) else {
        return Ok(None);
    };
    check_files(folder, |name| name == CHARGES)?;
    charge_reader::read(&folder.join(CHARGES), release.lists(), release.register(), Wanted::Said).map(Some)
}

/// Checks files of a release against the digests written with it. `is_asked` chooses the files by name.
pub(super) fn check_files(folder: &Path, is_asked: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    let path = folder.join(SUMS);
    let sums = files::read(&path)?;
    let sums = String::from_utf8(sums).map_err(|_not_utf8| StoreError::damaged(&path, "it is no text"))?;
    let lines: Option<Vec<(&str, &str)>> = sums.lines().map(|line| line.split_once("  ")).collect();
    let lines = lines.filter(|lines| lines.iter().any(|(_, name)| *name == MANIFEST));
    let lines = lines.ok_or_else(|| StoreError::damaged(&path, "it is no list of digests"))?;
    for (sum, name) in lines.into_iter().filter(|(_, name)| is_asked(name)) {
        let file = folder.join(name);
        if files::sha256(&file)? != sum {
            return Err(StoreError::damaged(&file, "its bytes are not those that were written"));
        }
    }
    Ok(())
}

/// Checks the bytes of the parts of a release, and of its counts, against the digests that are listed.
pub(super) fn check_parts(folder: &Path, parts: &Parts) -> Result<(), StoreError> {
    for part in parts.parts.iter().chain(&parts.cubes) {
        let file = folder.join(&part.name);
        if files::sha256(&file)? != part.sha256 {
            return Err(StoreError::damaged(&file, "its bytes are not those that were written"));
        }
    }
    Ok(())
}
