//! ZIP files, unpacked by Python's standard library: by none of our crates.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{empty_folder, ticket};

/// Unpacks an archive into a folder of its own.
///
/// # Panics
/// When it is none, or there is no `python3`.
pub fn unpacked(archive: &[u8]) -> PathBuf {
    let folder = empty_folder(&format!("archive-{}", ticket()));
    let path = folder.join("archive.zip");
    std::fs::write(&path, archive).expect("target/ can be written");
    let into = folder.join("files");
    let mut command = Command::new("python3");
    command.args(["-m", "zipfile", "-e"]).arg(&path).arg(&into).stdin(Stdio::null());
    let output = command.output().expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    into
}
