//! A release out of the store.

use std::path::Path;
use std::sync::Arc;

use super::super::columns::{self, Column, Filed};
use super::super::{Content, Manifest, Release, ReleaseId, background_tables, charge_reader, small_tables};
use super::super::{charge_reader::Wanted, text_table::TextTable};
use super::{MANIFEST, SUMS, Store, StoreError, files};
use crate::domain::Lists;
use crate::ingest::{Background, Charges, Ingested, Records};
use crate::package::Kind;

/// The file of charges.
const CHARGES: &str = "charges.parquet";

impl Store {
    /// Loads a release, to be asked.
    ///
    /// # Errors
    /// When its files cannot be read, or are not what its manifest says.
    pub fn load(&self, dataset: &str, release: &str) -> Result<Release, StoreError> {
        self.load_with(dataset, release, Wanted::Numbers)
    }

    fn load_with(&self, dataset: &str, release: &str, wanted: Wanted) -> Result<Release, StoreError> {
        let folder = self.folder(dataset, release);
        let path = folder.join(MANIFEST);
        let json = files::read(&path)?;
        let manifest = Manifest::read(&json)
            .ok_or_else(|| StoreError::damaged(&path, "it is no manifest that this program can read"))?;
        let id = ReleaseId::of(&manifest);
        let descriptor = manifest.descriptor();
        if id.as_str() != release || descriptor.name != dataset || manifest.to_json() != json {
            return Err(StoreError::damaged(
                &path,
                format!("it is the manifest of {} {id}", descriptor.name),
            ));
        }
        let filed = match wanted {
            Wanted::Numbers => Filed::read(&folder.join(columns::FILE), &id)?,
            _ => None,
        };
        // What has digests of its own was held against them, and charges are then read from nowhere else.
        let others = |name: &str| filed.is_none() || ![CHARGES, columns::FILE].contains(&name);
        check_files(&folder, others)?;
        let mut columns = None;
        let reference = folder.join("reference");
        let mut bytes: [Vec<u8>; 4] = Default::default();
        for (place, name) in Lists::NAMES.into_iter().enumerate() {
            bytes[place] = files::read(&reference.join(format!("{name}.csv")))?;
        }
        let lists =
            Lists::read(bytes).ok_or_else(|| StoreError::damaged(&reference, "it holds no code lists"))?;
        let read = |name: &str, columns| TextTable::read(&folder.join(format!("{name}.parquet")), columns);
        let bad = |name: &str| StoreError::damaged(&folder.join(name), "it has values that nobody wrote");
        let statutes = read("statutes", small_tables::STATUTES)?;
        let register = small_tables::register(&statutes).ok_or_else(|| bad("statutes.parquet"))?;
        let mut small = vec![("statutes", statutes)];
        let records = match descriptor.chargesheet.kind {
            Kind::CaseLevel => {
                let charges = match filed {
                    Some(filed) => {
                        if !filed.fits(lists.outcomes.entries().len(), lists.roles.entries().len()) {
                            return Err(bad(columns::FILE));
                        }
                        let [regions, texts] = filed.dictionaries();
                        let has = |column| filed.columns.records.column(column).is_some();
                        let (has_roles, has_regions) = (has(Column::Role), has(Column::Region));
                        columns = Some(filed.columns);
                        Charges { has_roles, has_regions, regions, texts, ..Charges::default() }
                    }
                    None => {
                        let path = folder.join(CHARGES);
                        let mut charges = charge_reader::read(&path, &lists, &register, wanted)?;
                        charges.sort_dictionaries();
                        charges
                    }
                };
                Records::Charges(Box::new(charges))
            }
            Kind::Reported => {
                let of = read("sources", small_tables::SOURCES)?;
                let sources = small_tables::figure_sources(&of).ok_or_else(|| bad("sources.parquet"))?;
                small.push(("sources", of));
                let counts = read("counts", small_tables::COUNTS)?;
                let figures = small_tables::figures(&counts, &lists, &register, &sources)
                    .ok_or_else(|| bad("counts.parquet"))?;
                small.push(("counts", counts));
                Records::Figures { figures, sources }
            }
        };
        let mut background = Background::default();
        for (name, columns) in background_tables::listed(manifest.tables()) {
            let table = read(name, columns)?;
            background_tables::read(name, &table, &mut background)
                .ok_or_else(|| bad(&format!("{name}.parquet")))?;
            small.push((name, table));
        }
        // Small tables are digested again whenever they are read; charges only by `verify`.
        for (name, table) in small {
            let (rows, sha256) = table.digest();
            let said = manifest.tables().iter().find(|table| table.name == name);
            if said.is_none_or(|said| said.rows != rows || said.sha256 != sha256) {
                return Err(StoreError::damaged(
                    &folder.join(format!("{name}.parquet")),
                    "its content is not what the manifest says",
                ));
            }
        }
        let (lists, folder) = (Arc::new(lists), Some(folder));
        Ok(Release { id, manifest, descriptor, lists, register, background, records, columns, folder })
    }

    /// Loads everything that a release was made of, and puts it into its order again.
    pub(super) fn load_content(&self, dataset: &str, release: &str) -> Result<Content, StoreError> {
        let release = self.load_with(dataset, release, Wanted::Everything)?;
        let Release { descriptor, lists, register, background, records, .. } = release;
        Ok(Content::of(Ingested { descriptor, register, background, records }, lists))
    }
}

impl Release {
    /// Reads everything that charges say but the publisher's ids, where the release was loaded from a store: what
    /// questions are answered from is less. `None` where everything is in memory.
    ///
    /// # Errors
    /// When the file cannot be read, for one because the release was withdrawn a moment ago.
    pub fn read_charges(&self) -> Result<Option<Charges>, StoreError> {
        let Some(folder) = self.folder.as_ref().filter(|_| matches!(self.records, Records::Charges(_)))
        else {
            return Ok(None);
        };
        check_files(folder, |name| name == CHARGES)?;
        let path = folder.join(CHARGES);
        let mut charges = charge_reader::read(&path, &self.lists, &self.register, Wanted::Said)?;
        charges.sort_dictionaries();
        Ok(Some(charges))
    }
}

/// Holds the files of a release against the digests that were written with it; only some of them.
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
