//! Where `init` may make a package.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use chargesheet_check::mapping::{MAPPING, is_quarantine};

use crate::disk;
use crate::domain::Say;
use crate::domain::tables::TABLES;
use crate::package::{DESCRIPTOR, STORE_MARK, unzip};

/// Most bytes that a package in a ZIP file may have, where it is replaced.
const LARGEST: u64 = 1 << 30;
/// As many bytes of a file as show that it is a quarantine.
const LONGEST_MARK: u64 = 200;

/// Refuses a folder or a ZIP file in which something else lies than a package that was made before: it would be published with the
/// package, or lost.
pub(super) fn holds_no_other(out: &Path) -> Result<(), String> {
    if !out.exists() {
        return Ok(());
    }
    let place = out.display();
    let failed = |error: std::io::Error| format!("{place}: {error}");
    let other = |name: &str| {
        format!(
            "{place} holds {name:?}, which is no part of a package that was made before; take it away, or name another --out"
        )
    };
    if out.is_file() {
        let file = disk::open(out).map_err(failed)?;
        let is_none =
            |says: Say| format!("{place} is there and is no package: {}; name another --out", says.english());
        let files = unzip(Box::new(file), LARGEST).map_err(is_none)?;
        let found = files.iter().find(|(name, bytes)| !is_own(name) || is_quarantine(bytes));
        return found.map_or(Ok(()), |(name, _)| Err(other(name)));
    }
    let (mut is_empty, mut has_descriptor) = (true, false);
    for entry in std::fs::read_dir(out).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link is no file here, wherever it leads.
        let is_file = entry.file_type().map_err(failed)?.is_file();
        let is_part = is_file && is_own(&name);
        let mut first = Vec::new();
        if is_part {
            let file = disk::open(&entry.path()).map_err(failed)?;
            file.take(LONGEST_MARK).read_to_end(&mut first).map_err(failed)?;
        }
        if !is_part || is_quarantine(&first) {
            return Err(other(&name));
        }
        (is_empty, has_descriptor) = (false, has_descriptor || name == DESCRIPTOR);
    }
    if is_empty || has_descriptor {
        return Ok(());
    }
    Err(format!("{place} holds tables without {DESCRIPTOR}, so it is no package; name another --out"))
}

/// Whether a file of this name may be part of a package that `init` made.
fn is_own(name: &str) -> bool {
    name == DESCRIPTOR || name == MAPPING || TABLES.iter().any(|table| name == format!("{}.csv", table.name))
}

/// Refuses a folder with a table of an earlier package that the new one does not have: it would be published beside it.
pub(super) fn holds_no_earlier(out: &Path, is_made: impl Fn(&str) -> bool) -> Result<(), String> {
    let left = TABLES.iter().map(|table| format!("{}.csv", table.name));
    match left.into_iter().find(|name| !is_made(name) && out.join(name).exists()) {
        Some(name) => Err(format!(
            "{} holds {name} of an earlier package, which the new one does not have; take it away, or name another --out",
            out.display()
        )),
        None => Ok(()),
    }
}

/// Whether a folder is a package, a store, or a copy of the site.
pub(super) fn is_published(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).exists();
    [DESCRIPTOR, STORE_MARK, "releases.json"].into_iter().any(has)
        || ["index.html", "SHA256SUMS"].into_iter().all(has)
}

/// Refuses what holds names, or leads to them, inside the package, which is published.
pub(super) fn lie_apart<'p>(
    out: &Path,
    quarantine: Option<&Path>,
    key: Option<&Path>,
    sheets: impl Iterator<Item = &'p Path>,
) -> Result<(), String> {
    let key = key.map(|path| std::path::absolute(path).unwrap_or_else(|_error| path.to_owned()));
    let key = key.as_deref();
    // The name of a sheet may be that of a person.
    let sheets = sheets.map(|path| (path, "a sheet".to_owned()));
    let others = quarantine.into_iter().chain(key);
    let secrets = others.map(|path| (path, path.display().to_string())).chain(sheets);
    for path in quarantine.into_iter().chain(key).chain([out]) {
        if path.is_symlink() && !path.exists() {
            return Err(format!("{} is a link that leads nowhere; name another place", path.display()));
        }
    }
    for own in quarantine.into_iter().chain(key.and_then(Path::parent)) {
        if let Some(around) = whole(own).ancestors().find(|folder| is_published(folder)) {
            let (own, around) = (own.display(), around.display());
            return Err(format!("{own} lies in {around}, which is published; name another place"));
        }
    }
    for (secret, told) in secrets {
        if whole(secret).starts_with(whole(out)) {
            return Err(format!("{told} would lie in the package, which is published; name another place"));
        }
    }
    Ok(())
}

/// Returns a path as it will be, whether something stands there yet or not.
fn whole(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_error| path.to_owned());
    let found =
        path.ancestors().find_map(|own| Some((own.canonicalize().ok()?, path.strip_prefix(own).ok()?)));
    found.map_or_else(|| path.clone(), |(own, rest)| own.join(rest))
}
