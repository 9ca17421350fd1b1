//! Where `init` may make a package.

use std::io::Read as _;
use std::path::Path;

use chargesheet_check::mapping::{MAPPING, is_quarantine};

use crate::disk;
use crate::domain::tables::TABLES;
use crate::package::DESCRIPTOR;

/// As many bytes of a file as show that it is a quarantine.
const LONGEST_MARK: u64 = 200;

/// Refuses a folder in which something else lies than a package that was made before: it would be published with the package.
pub(super) fn holds_no_other(out: &Path) -> Result<(), String> {
    if !out.exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("{}: {error}", out.display());
    let (mut is_empty, mut has_descriptor) = (true, false);
    for entry in std::fs::read_dir(out).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_table = TABLES.iter().any(|table| name == format!("{}.csv", table.name));
        // A link is no file here, wherever it leads.
        let is_file = entry.file_type().map_err(failed)?.is_file();
        let is_own = is_table || name == DESCRIPTOR || name == MAPPING;
        let mut first = Vec::new();
        if is_file && is_own {
            let file = disk::open(&entry.path()).map_err(failed)?;
            file.take(LONGEST_MARK).read_to_end(&mut first).map_err(failed)?;
        }
        if !is_file || !is_own || is_quarantine(&first) {
            return Err(format!(
                "{} holds {name:?}, which is no part of a package that was made before and would be published with it; take it \
                 away, or name another --out",
                out.display()
            ));
        }
        (is_empty, has_descriptor) = (false, has_descriptor || name == DESCRIPTOR);
    }
    if is_empty || has_descriptor {
        return Ok(());
    }
    Err(format!(
        "{} holds tables without {DESCRIPTOR}, so it is no package; name another --out",
        out.display()
    ))
}
