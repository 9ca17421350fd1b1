//! The sheets among picked files, and what lies beside them.

use std::collections::HashSet;
use std::io::{Read as _, Result as Read};

use crate::domain::Say;
use crate::mapping::{Key, Mapping, Ready, Session, SheetFile};
use crate::package::{Files as _, is_sheet, unzip};

use super::page::{Picked, begin};

/// The name of a mapping that is used again.
const MAPPING: &str = "mapping.json";
/// Most bytes of a key, a mapping, or a list that is given ready.
const LARGEST: u64 = 16 << 20;

/// Whether a file of this name may hold a table.
pub(super) fn is_table(name: &str) -> bool {
    is_sheet(name) || name.to_lowercase().ends_with(".csv")
}

/// Reads a small file whole.
fn small(files: &Picked, name: &str) -> Read<Vec<u8>> {
    let mut bytes = Vec::new();
    files.open(name)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens picked files. A mapping, a key, the package of the last time and lists that are ready are known by their names and their first
/// bytes.
pub(super) fn opened(files: &Picked) -> Result<(Session, bool), Vec<Say>> {
    let (mut sheets, mut ready, mut mappings, mut keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut faults = Vec::new();
    let names = files.names();
    begin(names.iter().filter_map(|name| files.size(name)).sum());
    for (number, name) in names.iter().enumerate() {
        // The name of a file may be that of a person.
        let about = |fault: Say| {
            Say::new("package.read").with("path", format!("file {}", number + 1)).with_said("error", fault)
        };
        let unread = |error: std::io::Error| about(Say::new("unreadable").with("error", error));
        let own = name.rsplit('/').next().unwrap_or(name);
        if let Some(table) = Ready::table_of(own) {
            match small(files, name).map_err(unread).and_then(|bytes| Ready::read(table, &bytes)) {
                Ok(own) => ready.push(own),
                Err(fault) => faults.push(fault),
            }
        } else if is_table(own) {
            let file = files.open(name).map_err(unread);
            match file.and_then(|file| SheetFile::open(own, file).map_err(about)) {
                Ok(file) => sheets.push(file),
                Err(fault) => faults.push(fault),
            }
        } else if own == MAPPING {
            match small(files, name).map_err(|error| vec![unread(error)]).and_then(|own| Mapping::parse(&own))
            {
                Ok(own) => mappings.push(own),
                Err(more) => faults.extend(more),
            }
        } else if own.to_lowercase().ends_with(".zip") {
            // The package of the last time.
            match files.open(name).map_err(unread).and_then(|file| unzip(file, LARGEST)) {
                Ok(parts) => {
                    let kept = parts.iter().find(|(part, _)| *part == MAPPING);
                    match kept.map(|(_, bytes)| Mapping::parse(bytes)) {
                        Some(Ok(own)) => mappings.push(own),
                        Some(Err(more)) => faults.extend(more),
                        None => {}
                    }
                }
                Err(fault) => faults.push(about(fault)),
            }
        } else if let Ok(Ok(own)) = small(files, name).map(|own| Key::parse(&String::from_utf8_lossy(&own))) {
            keys.push(own);
        }
    }
    // Which of two that differ is meant, nobody can guess.
    mappings.dedup_by_key(|own| own.to_json());
    keys.dedup_by_key(|own| own.file());
    let is_twice = names.iter().collect::<HashSet<_>>().len() < names.len();
    let several = [
        (is_twice, "file_several"),
        (mappings.len() > 1, "mapping_several"),
        (keys.len() > 1, "key_several"),
    ];
    faults.extend(several.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| Say::new(key)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut session = Session::open(sheets, ready)?;
    let is_believed = mappings.pop().map_or(Ok(true), |mapping| session.take_earlier(mapping))?;
    keys.pop().map_or(Ok(()), |key| session.take_key(key))?;
    session.accept()?;
    Ok((session, is_believed))
}
