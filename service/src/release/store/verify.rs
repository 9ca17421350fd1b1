//! Verification of a store: every digest is computed again from the tables.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use super::super::columns::{self, Filed};
use super::super::cube_kind::Kind;
use super::super::journal::{Entry, Journal};
use super::super::{Content, Parts, ReleaseId, part_cube, part_stream};
use super::load::{check_files, check_parts};
use super::publish;
use super::{JOURNAL, MANIFEST, Store, StoreError, files};
use crate::ingest::Records;

/// The finding about a release, or about a folder that is not a listed release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The dataset.
    pub dataset: String,
    /// The release's id, or the name of the unlisted folder.
    pub name: String,
    /// How the release differs from what was published; `None` when it does not.
    pub fault: Option<String>,
    /// A remark that is no fault.
    pub note: String,
    /// Whether it needs a later version of the program, so that no more than its bytes could be checked.
    pub is_newer: bool,
}

/// What was found of a release without a fault.
struct Whole {
    note: String,
    is_newer: bool,
}

impl Store {
    /// Reads every release completely, computes its id again, and compares.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn verify(&self, mut each: impl FnMut(&Verified)) -> Result<Vec<Verified>, StoreError> {
        let mut all = Vec::new();
        let mut found = |verified: Verified| {
            each(&verified);
            all.push(verified);
        };
        for dataset in self.names()? {
            let journal = match self.journal(&dataset) {
                Ok(Some(journal)) => journal,
                Ok(None) => continue,
                Err(error) => {
                    let name = JOURNAL.to_owned();
                    found(match (error.to_string(), matches!(error, StoreError::Newer { .. })) {
                        (note, true) => Verified { dataset, name, fault: None, note, is_newer: true },
                        (fault, false) => Verified {
                            dataset,
                            name,
                            fault: Some(fault),
                            note: String::new(),
                            is_newer: false,
                        },
                    });
                    continue;
                }
            };
            for entry in &journal.releases {
                found(self.verify_release(&dataset, entry));
            }
            for name in self.unlisted(&dataset, &journal)? {
                let note = "not listed: left by an interrupted publish, served by nobody".to_owned();
                found(Verified { dataset: dataset.clone(), name, fault: None, note, is_newer: false });
            }
        }
        Ok(all)
    }

    fn verify_release(&self, dataset: &str, entry: &Entry) -> Verified {
        let checked = match &entry.withdrawn {
            Some(tombstone) => self
                .check_tombstone(dataset, entry)
                .map(|()| Whole { note: format!("withdrawn since {}", tombstone.since), is_newer: false }),
            // A damaged file may make a library panic. That is a finding, and the verification goes on.
            None => catch_unwind(AssertUnwindSafe(|| self.check_content(dataset, entry)))
                .unwrap_or_else(|_panic| Err("its tables cannot be read".to_owned())),
        };
        // The release may have been withdrawn while it was read.
        let now = if checked.is_err() { self.releases(dataset).ok() } else { None };
        let withdrawn = now
            .and_then(|now| now.into_iter().find(|now| now.id == entry.id))
            .filter(|now| now.withdrawn.is_some() && entry.withdrawn.is_none());
        if let Some(withdrawn) = withdrawn {
            return self.verify_release(dataset, &withdrawn);
        }
        let (fault, Whole { note, is_newer }) = match checked {
            Ok(whole) => (None, whole),
            Err(fault) => (Some(fault), Whole { note: String::new(), is_newer: false }),
        };
        Verified { dataset: dataset.to_owned(), name: entry.id.clone(), fault, note, is_newer }
    }

    fn check_content(&self, dataset: &str, entry: &Entry) -> Result<Whole, String> {
        let (content, parts) = match self.load_content(dataset, &entry.id) {
            Err(newer @ StoreError::Newer { .. }) => {
                // The bytes can be checked all the same.
                check_files(&self.folder(dataset, &entry.id), |_| true).map_err(|error| error.to_string())?;
                return Ok(Whole { note: format!("its bytes are whole; {newer}"), is_newer: true });
            }
            loaded => loaded.map_err(|error| error.to_string())?,
        };
        let again = match parts {
            Some(parts) => content.manifest_with(Some(self.read_parts(dataset, &entry.id, &parts)?)),
            None => {
                self.check_columns(dataset, &entry.id, &content)?;
                content.manifest()
            }
        };
        let id = ReleaseId::of(&again);
        if id.as_str() != entry.id || again.sha256() != entry.sha256 {
            return Err(format!("its content is that of {id}"));
        }
        let said = publish::entry(&content.descriptor, &again, entry.published.clone());
        if said != *entry {
            return Err("the list of releases says something else of it".to_owned());
        }
        Ok(Whole { note: format!("{} records", entry.records), is_newer: false })
    }

    /// Builds the columns again and compares, if the release has a file of columns.
    fn check_columns(&self, dataset: &str, release: &str, content: &Content) -> Result<(), String> {
        let (Some(id), Records::Charges(charges)) = (ReleaseId::parse(release), &content.records) else {
            return Ok(());
        };
        let path = self.folder(dataset, release).join(columns::FILE);
        let filed = Filed::read(&path, &id).map_err(|error| error.to_string())?;
        let statutes = content.register.all().len();
        if filed.is_some_and(|filed| filed != Filed::of(charges, statutes)) {
            return Err(format!("{} does not hold what its charges say", columns::FILE));
        }
        Ok(())
    }

    /// Reads every part and the counts. Returns the number of charges and the digest of their lines.
    fn read_parts(&self, dataset: &str, release: &str, parts: &Parts) -> Result<(u64, String), String> {
        let folder = self.folder(dataset, release);
        check_parts(&folder, parts).map_err(|error| error.to_string())?;
        let files: Vec<PathBuf> = parts.parts.iter().map(|part| folder.join(&part.name)).collect();
        let kinds: Vec<Kind> = parts.kinds().collect();
        let read = part_stream::stream(&files, &parts.columns, &kinds, None);
        let read = read.map_err(|error| error.to_string())?;
        let rows: Vec<u64> = parts.parts.iter().map(|part| part.rows).collect();
        if read.rows != rows || read.texts != parts.texts {
            return Err(format!("{} does not say what its parts hold", super::super::parts::PARTS));
        }
        for (made, cube) in read.cubes.iter().zip(&parts.cubes) {
            let (rows, lines) =
                part_cube::digest(&folder.join(&cube.name)).map_err(|error| error.to_string())?;
            if (rows, &lines) != (made.rows, &made.lines) || rows != cube.rows {
                return Err(format!("{} does not hold what its charges say", cube.name));
            }
        }
        Ok((parts.rows(), read.sha256))
    }

    fn check_tombstone(&self, dataset: &str, entry: &Entry) -> Result<(), String> {
        let folder = self.folder(dataset, &entry.id);
        let json = files::read(&folder.join(MANIFEST)).map_err(|error| error.to_string())?;
        if super::super::canonical::sha256(&json) != entry.sha256 {
            return Err("its manifest is not what was published".to_owned());
        }
        let left = std::fs::read_dir(&folder).map_or(0, Iterator::count);
        if left == 1 { Ok(()) } else { Err("it is withdrawn and its files are still there".to_owned()) }
    }

    /// Returns the folders that the journal does not list.
    fn unlisted(&self, dataset: &str, journal: &Journal) -> Result<Vec<String>, StoreError> {
        let folder = self.root.join(dataset);
        let mut names = files::names(&folder)?;
        names.retain(|name| folder.join(name).is_dir() && journal.entry(name).is_none());
        Ok(names)
    }
}
