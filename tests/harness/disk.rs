//! A small disk of its own, so that a full or read-only disk is one.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use crate::{empty_folder, ticket};

/// A file system in memory, which is given back with its value.
pub struct Disk {
    /// The folder where the disk is mounted.
    pub path: PathBuf,
}

impl Disk {
    /// Makes a disk; `None` where none can be mounted.
    pub fn of(kilobytes: usize) -> Option<Self> {
        let path = empty_folder(&format!("disk-{}", ticket()));
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self { path })
    }

    /// Lets nobody write to the disk any more.
    ///
    /// # Panics
    /// When the disk cannot be mounted again.
    pub fn read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.path).output();
        let done = done.expect("mount was there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Fills the disk.
    ///
    /// # Panics
    /// When there is no end of room.
    pub fn fill(&self) {
        let mut file = File::create(self.path.join("filler")).expect("there is room for a name");
        let copied = std::io::copy(&mut std::io::repeat(7), &mut file);
        assert!(copied.is_err(), "the disk is full");
    }

    /// Returns how many kilobytes are taken.
    ///
    /// # Panics
    /// When `df` does not tell.
    pub fn used(&self) -> usize {
        let output = Command::new("df").args(["--output=used", "--block-size=1K"]).arg(&self.path).output();
        let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let used = said.ok().and_then(|said| said.lines().nth(1)?.trim().parse().ok());
        used.expect("df tells what is used")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).output();
        let _ = std::fs::remove_dir(&self.path);
    }
}
