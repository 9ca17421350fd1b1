//! Publishing: writes a release into the store.

use std::path::{Path, PathBuf};

use super::super::columns::{self, Filed};
use super::super::journal::{Entry, Journal};
use super::super::{Content, Manifest, Parts, Release, ReleaseId, charge_writer, text_file};
use super::load::{check_files, check_parts};
use super::{JOURNAL, Lock, MANIFEST, SUMS, Store, StoreError, files};
use crate::ingest::{FileReport, Records, Report};
use crate::package::Descriptor;

/// The result of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The release's id.
    pub id: ReleaseId,
    /// Number of charges or figures.
    pub records: u64,
    /// Whether the release is new. Otherwise the same content was published before, and nothing was changed.
    pub is_new: bool,
}

impl Store {
    /// Writes a release and lists it as the newest. `published` is the moment to record.
    ///
    /// # Errors
    /// When anything cannot be written: the journal is then unchanged, and the release is not listed. When the same content
    /// was withdrawn.
    pub fn publish(
        &self,
        _lock: &Lock,
        content: &Content,
        report: &Report,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        let (journal, beside) = self.prepare(&content.descriptor.name)?;
        let done = self.write_and_list(content, report, journal, &beside, published);
        if !matches!(done, Ok(Published { is_new: true, .. })) {
            let _ = files::remove(&beside);
        }
        done
    }

    /// Makes the folder of a dataset, and removes what interrupted publishes have left in it. Returns the journal, and the path at
    /// which a release is written before it gets its place.
    pub(super) fn prepare(&self, dataset: &str) -> Result<(Journal, PathBuf), StoreError> {
        let folder = self.root.join(dataset);
        files::make_folder(&folder)?;
        files::sync_folder(&self.root)?;
        let journal = match self.journal(dataset)? {
            Some(journal) => journal,
            None => {
                // The journal is written before the first release, so a folder without a journal has lost it.
                let journal = Journal::of(dataset);
                files::replace(&folder.join(JOURNAL), &journal.to_json())?;
                journal
            }
        };
        remove_unlisted(&folder, &journal)?;
        Ok((journal, folder.join(WRITING)))
    }

    fn write_and_list(
        &self,
        content: &Content,
        report: &Report,
        journal: Journal,
        beside: &Path,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        files::make_folder(beside)?;
        // Writing the tables and computing their digests take about the same time, so both run at once.
        let (written, manifest, columns) = std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let mut sums = write_files(content, report, beside)?;
                if let Some(charges) = content.charge_table() {
                    let name = "charges.parquet";
                    sums.push((charge_writer::write(&charges, &beside.join(name))?, name.to_owned()));
                }
                Ok::<_, StoreError>(sums)
            });
            let manifest = content.manifest();
            let id = ReleaseId::of(&manifest);
            let is_new = journal.entry(id.as_str()).is_none();
            let columns =
                is_new.then(|| write_columns(content, &id, beside)).transpose().map(Option::flatten);
            (writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), manifest, columns)
        });
        let mut sums = written?;
        sums.extend(columns?);
        self.list(content, &manifest, journal, beside, sums, published)
    }

    /// Gives a written release its manifest and its place, and lists it. `sums` are the digests of its files.
    pub(super) fn list(
        &self,
        content: &Content,
        manifest: &Manifest,
        mut journal: Journal,
        beside: &Path,
        mut sums: Vec<Sum>,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        let dataset = content.descriptor.name.as_str();
        let id = ReleaseId::of(manifest);
        let records = manifest.records();
        match journal.entry(id.as_str()) {
            Some(Entry { withdrawn: Some(tombstone), .. }) => {
                return Err(StoreError::WasWithdrawn {
                    dataset: dataset.to_owned(),
                    release: id.to_string(),
                    since: tombstone.since.to_string(),
                });
            }
            Some(listed) => {
                self.check_published(listed, content, manifest)?;
                return Ok(Published { id, records, is_new: false });
            }
            None => {}
        }
        sums.push((files::write(&beside.join(MANIFEST), &manifest.to_json())?, MANIFEST.to_owned()));
        let sums: String = sums.iter().map(|(sum, name)| format!("{sum}  {name}\n")).collect();
        files::write(&beside.join(SUMS), sums.as_bytes())?;
        files::sync_folder(beside)?;
        let (folder, place) = (self.root.join(dataset), self.folder(dataset, id.as_str()));
        files::rename(beside, &place)?;
        files::sync_folder(&folder)?;
        journal.releases.push(entry(&content.descriptor, manifest, published.to_string()));
        if let Err(error) = files::replace(&folder.join(JOURNAL), &journal.to_json()) {
            let listed =
                self.journal(dataset).ok().flatten().is_some_and(|now| now.entry(id.as_str()).is_some());
            if !listed {
                let _ = files::remove(&place);
            }
            return Err(error);
        }
        Ok(Published { id, records, is_new: true })
    }

    /// Checks that a listed release on the disk still has this content, before the caller reports success. Files are only
    /// digested, not loaded, because `content` may fill the memory.
    fn check_published(
        &self,
        listed: &Entry,
        content: &Content,
        manifest: &Manifest,
    ) -> Result<(), StoreError> {
        let dataset = content.descriptor.name.as_str();
        if *listed != entry(&content.descriptor, manifest, listed.published.clone()) {
            let why = format!("it says of {} what is not so; restore it from a backup", listed.id);
            return Err(StoreError::damaged(&self.root.join(dataset).join(JOURNAL), why));
        }
        let folder = self.folder(dataset, &listed.id);
        let path = folder.join(MANIFEST);
        let checked = match files::read(&path) {
            Ok(json) if json == manifest.to_json() => check_files(&folder, |_| true)
                .and_then(|()| Parts::read(&folder, manifest.records()))
                .and_then(|parts| parts.map_or(Ok(()), |parts| check_parts(&folder, &parts))),
            Ok(_) => Err(StoreError::damaged(&path, "it is the manifest of something else")),
            Err(error) => Err(error),
        };
        checked.map_err(|error| StoreError::NotWhole {
            dataset: dataset.to_owned(),
            release: listed.id.clone(),
            why: Box::new(error),
        })
    }
}

/// Name of the temporary folder in which a release is written.
const WRITING: &str = ".writing";

/// Returns the journal entry of a release with this manifest.
pub(super) fn entry(descriptor: &Descriptor, manifest: &Manifest, published: String) -> Entry {
    Entry {
        id: ReleaseId::of(manifest).to_string(),
        sha256: manifest.sha256(),
        published,
        version: descriptor.version.clone(),
        records: manifest.records(),
        notes: descriptor.chargesheet.notes.clone(),
        withdrawn: None,
    }
}

/// Returns the journal entry of a release.
pub fn entry_of(release: &Release, published: String) -> Entry {
    entry(release.descriptor(), release.manifest(), published)
}

/// Removes what interrupted publishes of a dataset have left behind. No answer was ever computed from these files.
fn remove_unlisted(folder: &Path, journal: &Journal) -> Result<(), StoreError> {
    for name in files::names(folder)? {
        let is_release = ReleaseId::parse(&name).is_some() && journal.entry(&name).is_none();
        if is_release || name == WRITING {
            files::remove(&folder.join(name))?;
        }
    }
    Ok(())
}

/// A file's digest, and its path relative to the folder.
pub(super) type Sum = (String, String);

/// Writes the file of columns. Writes nothing for a reported dataset, or on a machine that is not little-endian.
fn write_columns(content: &Content, id: &ReleaseId, folder: &Path) -> Result<Option<Sum>, StoreError> {
    match &content.records {
        Records::Charges(charges) if cfg!(target_endian = "little") => {
            let filed = Filed::of(charges, content.register.all().len());
            Ok(Some((filed.write(&folder.join(columns::FILE), id)?, columns::FILE.to_owned())))
        }
        _ => Ok(None),
    }
}

/// Writes every file except the manifest, the charges and the columns.
pub(super) fn write_files(content: &Content, report: &Report, folder: &Path) -> Result<Vec<Sum>, StoreError> {
    let mut sums = Vec::new();
    let mut wrote = |name: &str, sum: String| sums.push((sum, name.to_owned()));
    let path = |name: &str| folder.join(name);
    for (name, table) in content.small_tables() {
        let name = format!("{name}.parquet");
        wrote(&name, text_file::write(&table, &path(&name))?);
    }
    files::make_folder(&path("reference"))?;
    for (list, bytes) in content.lists.bytes() {
        let name = format!("reference/{list}.csv");
        wrote(&name, files::write(&path(&name), bytes)?);
    }
    files::sync_folder(&path("reference"))?;
    // The report keeps counts only, because excerpts could contain what was rejected for good reason. It omits the number of
    // rows read, because the difference would reveal how many rows the publisher withholds.
    let files: Vec<serde_json::Value> = report.files.iter().map(counts).collect();
    let summary = serde_json::json!({ "verdict": report.verdict(), "files": files });
    let mut summary =
        serde_json::to_vec_pretty(&summary).expect("a report has only strings, numbers and lists");
    summary.push(b'\n');
    wrote("report.json", files::write(&path("report.json"), &summary)?);
    Ok(sums)
}

fn counts(file: &FileReport) -> serde_json::Value {
    serde_json::json!({
        "name": file.name,
        "accepted": file.accepted,
        "rejected": file.rejected,
        "duplicates": file.duplicates,
    })
}
