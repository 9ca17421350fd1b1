//! `chargesheet init --template`: writes a workbook to be filled in.

use std::path::Path;
use std::process::ExitCode;

use crate::disk;
use crate::package::Kind;
use crate::present::template as made;

/// Writes the template of a kind of dataset to a file, which must not be there yet.
///
/// # Errors
/// When the file is there or cannot be written.
pub fn template(kind: Kind, path: &Path) -> Result<ExitCode, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = made::template(kind).map_err(|error| failed(&error))?;
    if path.exists() || path.is_symlink() {
        return Err(failed(&"is there already"));
    }
    disk::replace(path, &bytes).map_err(|error| failed(&error))?;
    eprintln!(
        "the template is in {}; fill its first sheet, and give it to `chargesheet init`",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}
