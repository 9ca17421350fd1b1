//! What is kept from one time to the next: answers, and the key of those that stand in no list.

use std::path::Path;

use chargesheet_check::mapping::{Key, Mapping, Session};

use super::ask;
use crate::disk;
use crate::domain::Say;

/// Most bytes of a mapping and of a key.
pub(super) const LARGEST: u64 = 16 << 20;

/// Reads a small file.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Vec<Say>> {
    let unread = |error| vec![Say::new("package.read").with("path", path.display()).with("error", error)];
    disk::read(path, LARGEST).map_err(unread)
}

/// Takes the mapping of an earlier time, and its key. Returns whether everything that it says is believed.
pub(super) fn begin(
    session: &mut Session,
    mapping: Option<&Path>,
    key: Option<&Path>,
) -> Result<bool, Vec<Say>> {
    let earlier = mapping.map(|path| Mapping::parse(&read_file(path)?)).transpose()?;
    let has_key = earlier.as_ref().is_some_and(|mapping| mapping.key.is_some());
    let wanted = earlier.as_ref().and_then(Mapping::wanted_key);
    let is_believed = earlier.map_or(Ok(true), |mapping| session.take_earlier(mapping))?;
    // A key is made where it is missing, but not in place of one that is needed.
    if let Some(path) = key.filter(|path| has_key || path.exists()) {
        let key = Key::parse(&String::from_utf8_lossy(&read_file(path)?)).map_err(|says| vec![says])?;
        session.take_key(key)?;
    }
    wanted.filter(|_| !session.has_key()).map_or(Ok(is_believed), |says| Err(vec![says]))
}

/// Makes the key that answers need, if its file was named and is missing.
pub(super) fn key_for_answers(
    session: &mut Session,
    key: Option<&Path>,
    is_asked: bool,
) -> Result<Result<(), Vec<Say>>, String> {
    let is_open = session.mapping().key.is_none() && (session.has_pseudonyms() || session.has_unlisted());
    if let Some(path) = key.filter(|path| is_open && !path.exists()) {
        return ask::make_key(session, path);
    }
    if is_asked && !session.has_key() && session.has_unlisted() {
        eprintln!(
            "what values mean that stand in no list is not kept for the next time, because a value may be a name; --key FILE keeps it"
        );
    }
    Ok(Ok(()))
}

/// Keeps the answers that were given, so that nobody has to give them twice.
pub(super) fn keep_answers(session: &mut Session, out: &Path, key: Option<&Path>, is_asked: bool) {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".zip").unwrap_or(&name);
    let free = |number: u32| match number {
        1 => out.with_file_name(format!("{name}.mapping.json")),
        _ => out.with_file_name(format!("{name}-{number}.mapping.json")),
    };
    // What stands there may be somebody's own mapping.
    let Some(path) = (1..100).map(free).find(|path| !path.exists() && !path.is_symlink()) else { return };
    // Answers that only a key keeps are kept as well, or it is said that they are not.
    if let Err(error) = key_for_answers(session, key, is_asked) {
        eprintln!("{error}");
    }
    let written = session.written().map(|mapping| disk::replace(&path, mapping.to_json().as_bytes()));
    if let Ok(Ok(())) = written {
        eprintln!("your answers are in {}; take them with --mapping", path.display());
    }
}
