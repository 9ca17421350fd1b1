//! Archives, packed and unpacked by Python's standard library and so by none of the crates under test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{empty_folder, ticket};

/// Unpacks a ZIP file into a new folder.
///
/// # Panics
/// When the file is not a ZIP file, or there is no `python3`.
pub fn unpacked(archive: &[u8]) -> PathBuf {
    let folder = empty_folder(&format!("archive-{}", ticket()));
    let path = folder.join("archive.zip");
    std::fs::write(&path, archive).expect("target/ can be written");
    extracted("zipfile", &path, &folder.join("files"))
}

/// Unpacks a tar file, compressed or not, into a new folder.
///
/// # Panics
/// When the file is not a tar file, or there is no `python3`.
pub fn untarred(archive: &Path) -> PathBuf {
    extracted("tarfile", archive, &empty_folder(&format!("archive-{}", ticket())).join("files"))
}

/// Packs a folder, with the folder around its files, into a ZIP file of this name in a new folder.
///
/// # Panics
/// When the folder cannot be packed, or there is no `python3`.
pub fn zipped(folder: &Path, name: &str) -> PathBuf {
    let path = empty_folder(&format!("archive-{}", ticket())).join(name);
    let mut command = Command::new("python3");
    command.args(["-m", "zipfile", "-c"]).arg(&path).arg(folder).stdin(Stdio::null());
    let output = command.output().expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    path
}

fn extracted(module: &str, archive: &Path, into: &Path) -> PathBuf {
    let mut command = Command::new("python3");
    command.args(["-m", module, "-e"]).arg(archive).arg(into).stdin(Stdio::null());
    let output = command.output().expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    into.to_owned()
}
