//! The whole site as plain files: for partners in countries that block it, for an object store, for a USB stick.
//!
//! Everything that pages link to is asked for as a reader would, from the start page on, and written under a name made
//! from its address. Links between pages become relative, so the files work wherever they are put. What only a running
//! service can do (searching, choosing other figures) is taken out of the pages.

mod markup;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::package::hex;
pub use markup::note;
use markup::{Page, links};
use place::{Places, is_page};

/// What an address answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Whether there is such a thing: the status is 200.
    pub is_there: bool,
    /// What it is, as `Content-Type` says it.
    pub media_type: String,
    /// What it may load and run, as `Content-Security-Policy` says it.
    pub policy: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What a mirror is made of.
#[derive(Debug)]
pub struct Plan {
    /// Addresses (path and query) to begin with: what no page links to.
    pub seeds: Vec<String>,
    /// Public address of the service that is mirrored, without a final slash.
    pub public: String,
    /// What a page says of being a copy, by language code; `en` is there.
    pub notes: BTreeMap<String, String>,
    /// What the copy says of itself for programs: `mirror.json`.
    pub about: serde_json::Value,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// How many files.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// Why there is no mirror.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The folder holds something that is no earlier copy.
    #[error(
        "{folder:?} is not empty and no earlier export; name a folder that is missing, empty or an export"
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// A file could not be written.
    #[error("cannot write {path:?}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An address that every copy needs does not answer.
    #[error("{address} does not answer: {told}")]
    Absent {
        /// The address.
        address: String,
        /// What came instead.
        told: String,
    },
}

/// The name of the file by which an export is recognised.
const ABOUT: &str = "mirror.json";

/// Writes a mirror into a folder. It is made beside, and takes the folder's place when it is whole.
///
/// `ask` answers an address; many are asked at once, as many as `at_once` says.
///
/// # Errors
/// When the folder holds something else, a file cannot be written, or a seed does not answer.
pub async fn write<Asked>(
    plan: &Plan,
    out: &Path,
    at_once: usize,
    ask: impl Fn(String) -> Asked,
) -> Result<Written, MirrorError>
where
    Asked: Future<Output = Answered> + Send + 'static,
{
    if !may_replace(out) {
        return Err(MirrorError::Occupied { folder: out.to_owned() });
    }
    let unfinished = beside(out, "unfinished");
    remove(&unfinished)?;
    let mut copy =
        Copy { folder: unfinished.clone(), places: Places::default(), sums: BTreeMap::new(), bytes: 0 };
    let mut known: BTreeSet<String> = plan.seeds.iter().cloned().collect();
    let mut waiting: Vec<String> = known.iter().cloned().collect();
    let mut pages: Vec<(String, Page)> = Vec::new();
    while !waiting.is_empty() {
        // In the order of their addresses, so that the same service always gives the same files.
        let round: Vec<String> = std::mem::take(&mut waiting);
        for some in round.chunks(at_once.max(1)) {
            let asked: Vec<_> = some.iter().map(|address| tokio::spawn(ask(address.clone()))).collect();
            for (address, asked) in some.iter().zip(asked) {
                let absent = |told| MirrorError::Absent { address: address.clone(), told };
                let answered = asked.await.map_err(|panic| absent(panic.to_string()))?;
                if !answered.is_there {
                    if plan.seeds.contains(address) {
                        let told = String::from_utf8_lossy(&answered.body).chars().take(300).collect();
                        return Err(absent(told));
                    }
                    continue;
                }
                copy.places.give(address, &answered.media_type);
                if !is_page(&answered.media_type) {
                    copy.write(address, &plain(answered.body, address, &plan.public))?;
                    continue;
                }
                let html = String::from_utf8_lossy(&answered.body);
                let page = Page::of(&html, &plan.notes, &answered.policy);
                let found = links(&page.html).into_iter().filter(|link| is_copied(link));
                waiting.extend(found.filter(|link| known.insert(link.clone())));
                pages.push((address.clone(), page));
            }
        }
        waiting.sort_unstable();
    }
    // Only now is it known what is there: a link to what is not leads to the service itself.
    for (address, page) in pages {
        let html = page.linked(|link| copy.places.link(&address, link), &plan.public);
        copy.write(&address, html.as_bytes())?;
    }
    copy.finish(plan)?;
    let written = Written { files: copy.sums.len() + 1, bytes: copy.bytes };
    replace(&unfinished, out)?;
    Ok(written)
}

/// The path of an address.
fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// Whether a link leads to something that is copied. What is computed for each asker is not.
fn is_copied(link: &str) -> bool {
    let is_computed =
        ["/oembed", "/s/", "/healthz", "/readyz", "/metrics"].iter().any(|start| link.starts_with(start));
    link.starts_with('/') && !is_computed && !path(link).ends_with("/newer.json")
}

/// A file as it stands in the copy. The addresses in an answer lead to the service: one with a query is no file.
fn plain(body: Vec<u8>, address: &str, public: &str) -> Vec<u8> {
    if !path(address).ends_with("/aggregate.json") {
        return body;
    }
    let Ok(mut answer) = serde_json::from_slice::<serde_json::Value>(&body) else { return body };
    for part in ["release", "dataset"] {
        if let Some(path) = answer[part]["url"].as_str().filter(|path| path.starts_with('/')) {
            answer[part]["url"] = format!("{public}{path}").into();
        }
    }
    serde_json::to_vec(&answer).unwrap_or(body)
}

/// The copy while it is made.
struct Copy {
    folder: PathBuf,
    places: Places,
    /// SHA-256 by the path of the file.
    sums: BTreeMap<String, String>,
    bytes: u64,
}

impl Copy {
    /// Writes what an address that was given a place has answered.
    fn write(&mut self, address: &str, content: &[u8]) -> Result<(), MirrorError> {
        let place = self.places.of(address).to_owned();
        self.write_at(&place, content)
    }

    fn write_at(&mut self, place: &str, content: &[u8]) -> Result<(), MirrorError> {
        self.sums.insert(place.to_owned(), hex(&Sha256::digest(content)));
        self.bytes += content.len() as u64;
        put(&self.folder.join(place), content)
    }

    /// Writes what the copy says of itself, and the digests of all its files, as `sha256sum --check` reads them.
    fn finish(&mut self, plan: &Plan) -> Result<(), MirrorError> {
        let about = serde_json::to_vec_pretty(&plan.about).unwrap_or_default();
        self.write_at(ABOUT, &about)?;
        let sums: String = self.sums.iter().map(|(place, sum)| format!("{sum}  {place}\n")).collect();
        put(&self.folder.join("SHA256SUMS"), sums.as_bytes())
    }
}

/// An error of a path, as what it means for the copy.
fn at(path: &Path) -> impl Fn(std::io::Error) -> MirrorError {
    move |source| MirrorError::Write { path: path.to_owned(), source }
}

fn put(path: &Path, content: &[u8]) -> Result<(), MirrorError> {
    path.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, content))
        .map_err(at(path))
}

/// Whether a folder is missing, empty or an earlier export.
fn may_replace(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none() || folder.join(ABOUT).is_file(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// A folder beside another, hidden, on the same disk.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().map_or("mirror".into(), |name| name.to_string_lossy().into_owned());
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.with_file_name(format!(".{name}.{what}"))
}

fn remove(folder: &Path) -> Result<(), MirrorError> {
    let removed = std::fs::remove_dir_all(folder);
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(at(folder)(error)) })
}

/// Puts a whole copy in the place of what was there.
fn replace(new: &Path, out: &Path) -> Result<(), MirrorError> {
    let old = beside(out, "old");
    remove(&old)?;
    if out.exists() {
        std::fs::rename(out, &old).map_err(at(out))?;
    }
    std::fs::rename(new, out).map_err(at(out))?;
    remove(&old)
}
