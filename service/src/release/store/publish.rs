//! A release into the store.

use std::path::Path;

use super::super::journal::{Entry, Journal};
use super::super::{Content, Manifest, Release, ReleaseId, small_tables};
use super::{JOURNAL, Lock, MANIFEST, Store, StoreError, files};
use crate::ingest::{Records, Report};
use crate::package::Descriptor;

/// What became of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The release's id.
    pub id: ReleaseId,
    /// Charges or figures in it.
    pub records: u64,
    /// Whether it is new; else the very content was there already, and nothing was changed.
    pub is_new: bool,
}

impl Store {
    /// Writes a release and lists it as the newest. `published` is the moment to be noted.
    ///
    /// # Errors
    /// When anything cannot be written: then the list is as it was, and the release is not in it. When the very
    /// content was withdrawn.
    pub fn publish(
        &self,
        _lock: &Lock,
        content: &Content,
        report: &Report,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        let dataset = content.descriptor.name.as_str();
        let folder = self.root.join(dataset);
        std::fs::create_dir_all(&folder).map_err(|source| StoreError::io("make", &folder, source))?;
        files::sync_folder(&self.root)?;
        let beside = folder.join(WRITING);
        let done =
            files::remove(&beside).and_then(|()| self.write_and_list(content, report, &beside, published));
        if !matches!(done, Ok(Published { is_new: true, .. })) {
            let _ = files::remove(&beside);
        }
        done
    }

    fn write_and_list(
        &self,
        content: &Content,
        report: &Report,
        beside: &Path,
        published: jiff::Timestamp,
    ) -> Result<Published, StoreError> {
        // The tables are written while they are digested: each takes half of the time.
        let (written, manifest) = std::thread::scope(|scope| {
            let writing = scope.spawn(|| write_files(content, report, beside));
            let manifest = content.manifest();
            (writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), manifest)
        });
        written?;
        let dataset = content.descriptor.name.as_str();
        let id = ReleaseId::of(&manifest);
        let records = manifest.records();
        let mut journal = self.journal(dataset)?.unwrap_or_else(|| Journal::of(dataset));
        match journal.entry(id.as_str()) {
            Some(Entry { withdrawn: Some(tombstone), .. }) => {
                return Err(StoreError::WasWithdrawn {
                    dataset: dataset.to_owned(),
                    release: id.to_string(),
                    since: tombstone.since.to_string(),
                });
            }
            Some(_) => return Ok(Published { id, records, is_new: false }),
            None => {}
        }
        files::write(&beside.join(MANIFEST), &manifest.to_json())?;
        files::sync_folder(beside)?;
        let (folder, place) = (self.root.join(dataset), self.folder(dataset, id.as_str()));
        // A folder of that name which the journal does not list was left by an interrupted publish.
        files::remove(&place)?;
        files::rename(beside, &place)?;
        files::sync_folder(&folder)?;
        journal.releases.push(entry(&content.descriptor, &manifest, published.to_string()));
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
}

/// Where a release is written before it has its place.
const WRITING: &str = ".writing";

fn entry(descriptor: &Descriptor, manifest: &Manifest, published: String) -> Entry {
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

impl Release {
    /// Returns the release as it stands in a list.
    pub fn entry(&self, published: String) -> Entry {
        entry(&self.descriptor, &self.manifest, published)
    }
}

/// Writes everything but the manifest.
fn write_files(content: &Content, report: &Report, folder: &Path) -> Result<(), StoreError> {
    let make = |path: &Path| std::fs::create_dir(path).map_err(|source| StoreError::io("make", path, source));
    make(folder)?;
    let Content { lists, register, records, .. } = content;
    small_tables::statutes(register).write(&folder.join("statutes.parquet"))?;
    match records {
        Records::Charges(charges) => {
            content.charge_table(charges).write_parquet(&folder.join("charges.parquet"))?;
        }
        Records::Figures { figures, sources } => {
            small_tables::sources(sources).write(&folder.join("sources.parquet"))?;
            let counts = small_tables::counts(lists, register, figures, sources);
            counts.write(&folder.join("counts.parquet"))?;
        }
    }
    let reference = folder.join("reference");
    make(&reference)?;
    for (name, bytes) in lists.bytes() {
        files::write(&reference.join(format!("{name}.csv")), bytes)?;
    }
    files::sync_folder(&reference)?;
    // Counts only: an excerpt could hold what its publisher keeps back or what was refused for good reason.
    let summary = serde_json::json!({ "verdict": report.verdict(), "files": report.files });
    let mut summary =
        serde_json::to_vec_pretty(&summary).expect("a report has only strings, numbers and lists");
    summary.push(b'\n');
    files::write(&folder.join("report.json"), &summary)
}
