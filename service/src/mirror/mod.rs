//! The mirror: the whole site as static files, for partners in countries that block it, for an object store, or for a USB stick.
//!
//! From the start page on, everything that pages link to is requested as by a reader, and written to a file named after its
//! address. Links between pages become relative, so the files work at any place. Parts that need a running service, such as search
//! and the choice of other figures, are removed from the pages.

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

/// The response to an address.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Whether the status is 200.
    pub is_there: bool,
    /// The value of `Content-Type`.
    pub media_type: String,
    /// The value of `Content-Security-Policy`.
    pub policy: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The plan of a mirror.
#[derive(Debug)]
pub struct Plan {
    /// Addresses (path and query) to begin with, because no page links to them.
    pub seeds: Vec<String>,
    /// Public address of the mirrored service, without a trailing slash.
    pub public: String,
    /// The note that a page is a copy, by language code. There is always one for `en`.
    pub notes: BTreeMap<String, String>,
    /// The description of the copy for programs, written to `mirror.json`.
    pub about: serde_json::Value,
}

/// The result of writing a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Number of files.
    pub files: usize,
    /// Their total size in bytes.
    pub bytes: u64,
}

/// Why a mirror could not be written.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The folder is neither empty nor an earlier export.
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
        /// The error of the file system.
        source: std::io::Error,
    },
    /// An address that every copy needs could not be fetched.
    #[error("{address} does not answer: {told}")]
    Absent {
        /// The address.
        address: String,
        /// The error message of the response.
        told: String,
    },
}

/// The end of the path of an answer.
const FIGURES: &str = "/aggregate.json";

/// The file that identifies a folder as an export.
const ABOUT: &str = "mirror.json";

/// Writes a mirror into a folder. The mirror is built in a temporary folder beside it, and replaces the folder when it is complete.
///
/// `ask` fetches an address. Up to `at_once` addresses are fetched concurrently.
///
/// # Errors
/// When the folder holds anything but an earlier export, a file cannot be written, or a seed cannot be fetched.
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
        // The order of addresses is fixed, so that the same service always gives the same files.
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
                if path(address).ends_with(FIGURES) {
                    let picture = ask(address.replacen(FIGURES, "/chart.json", 1)).await;
                    let body = figures(answered.body, &picture, &plan.public);
                    copy.write(address, &body)?;
                    continue;
                }
                if !is_page(&answered.media_type) {
                    copy.write(address, &answered.body)?;
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
    // Only now are all files known. A link without a file leads to the service.
    for (address, page) in pages {
        let html = page.linked(|link| copy.places.link(&address, link), &plan.public);
        copy.write(&address, html.as_bytes())?;
    }
    copy.finish(plan)?;
    let written = Written { files: copy.sums.len() + 1, bytes: copy.bytes };
    replace(&unfinished, out)?;
    Ok(written)
}

/// Returns the path of an address, without its query.
fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// Whether the target of a link is copied. Answers computed for each request are not.
fn is_copied(link: &str) -> bool {
    let is_computed =
        ["/oembed", "/s/", "/healthz", "/readyz", "/metrics"].iter().any(|start| link.starts_with(start));
    link.starts_with('/') && !is_computed && !path(link).ends_with("/newer.json")
}

/// Returns an answer as it is written to the copy. Its addresses lead to the service, since one with a query has no file; and what
/// a chart shows besides the answer is in it, since the element finds no other file beside it.
fn figures(body: Vec<u8>, picture: &Answered, public: &str) -> Vec<u8> {
    let Ok(mut answer) = serde_json::from_slice::<serde_json::Value>(&body) else { return body };
    for part in ["release", "dataset"] {
        if let Some(path) = answer[part]["url"].as_str().filter(|path| path.starts_with('/')) {
            answer[part]["url"] = format!("{public}{path}").into();
        }
    }
    if let Ok(mut picture) = serde_json::from_slice::<serde_json::Value>(&picture.body)
        && picture["beside"].is_object()
    {
        answer["beside"] = picture["beside"].take();
    }
    serde_json::to_vec(&answer).unwrap_or(body)
}

/// A copy that is being written.
struct Copy {
    folder: PathBuf,
    places: Places,
    /// SHA-256 of each file, by its path.
    sums: BTreeMap<String, String>,
    bytes: u64,
}

impl Copy {
    /// Writes the response of an address to the place that the address was given.
    fn write(&mut self, address: &str, content: &[u8]) -> Result<(), MirrorError> {
        let place = self.places.of(address).to_owned();
        self.write_at(&place, content)
    }

    fn write_at(&mut self, place: &str, content: &[u8]) -> Result<(), MirrorError> {
        self.sums.insert(place.to_owned(), hex(&Sha256::digest(content)));
        self.bytes += content.len() as u64;
        put(&self.folder.join(place), content)
    }

    /// Writes the description of the copy, and the digests of all files in the format of `sha256sum --check`.
    fn finish(&mut self, plan: &Plan) -> Result<(), MirrorError> {
        let about = serde_json::to_vec_pretty(&plan.about).unwrap_or_default();
        self.write_at(ABOUT, &about)?;
        let sums: String = self.sums.iter().map(|(place, sum)| format!("{sum}  {place}\n")).collect();
        put(&self.folder.join("SHA256SUMS"), sums.as_bytes())
    }
}

/// Turns an I/O error at a path into an error of the mirror.
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

/// Returns the path of a hidden folder beside another, and so on the same disk.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().map_or("mirror".into(), |name| name.to_string_lossy().into_owned());
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.with_file_name(format!(".{name}.{what}"))
}

fn remove(folder: &Path) -> Result<(), MirrorError> {
    let removed = std::fs::remove_dir_all(folder);
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(at(folder)(error)) })
}

/// Replaces the old folder by a complete copy.
fn replace(new: &Path, out: &Path) -> Result<(), MirrorError> {
    let old = beside(out, "old");
    remove(&old)?;
    if out.exists() {
        std::fs::rename(out, &old).map_err(at(out))?;
    }
    std::fs::rename(new, out).map_err(at(out))?;
    remove(&old)
}
