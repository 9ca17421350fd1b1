//! A store: a folder of releases that tests change and read only through the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::packages::Package;
use crate::service::{Service, program, run};
use crate::{empty_folder, files, repository, text};

/// A store. Its folder is removed with the value, unless the test fails.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
}

impl Store {
    /// Returns an empty folder. The first publish makes it a store.
    pub fn empty(name: &str) -> Self {
        Self { path: empty_folder(name) }
    }

    /// Copies this store into another folder.
    ///
    /// # Errors
    /// When the folder has too little room.
    pub fn copied_to(&self, path: &Path) -> std::io::Result<Self> {
        Self::copy_of(&self.path, path)
    }

    /// Copies a store into a folder. The original stays unchanged.
    ///
    /// # Errors
    /// When the folder has too little room.
    pub fn copy_of(store: &Path, path: &Path) -> std::io::Result<Self> {
        for (name, content) in contents(store) {
            let path = path.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(path, content)?;
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Returns the folder of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the folder as an argument of a command.
    pub fn text(&self) -> &str {
        text(&self.path)
    }

    /// Returns the command that publishes a package, without running it.
    pub fn publishing(&self, package: &Path) -> Command {
        let mut command = Command::new(program());
        command.arg("publish").arg(package).arg("--store").arg(&self.path);
        command.current_dir(repository()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Publishes the package in a folder.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn publish(&self, package: &Path) -> Output {
        self.publishing(package).output().expect("the program can be started")
    }

    /// Publishes a package that must be accepted in full; returns the id of its release.
    ///
    /// # Panics
    /// When the package is not published, or had been published before.
    pub fn add(&self, package: &Package) -> String {
        let folder = package.write();
        let output = self.publish(&folder);
        let _ = std::fs::remove_dir_all(&folder);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let started = format!("published {} ", package.dataset());
        let id = said.strip_prefix(&started).and_then(|rest| rest.split(':').next());
        let id = id.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(0), "{said}");
        id.to_owned()
    }

    /// Withdraws releases.
    pub fn withdraw(&self, dataset: &str, releases: &[&str], reason: &str) -> Output {
        let mut arguments = vec!["withdraw", dataset];
        arguments.extend(releases);
        arguments.extend(["--store", self.text(), "--reason", reason]);
        run(&arguments)
    }

    /// Runs `verify`.
    pub fn verify(&self) -> Output {
        run(&["verify", self.text()])
    }

    /// Fails when `verify` finds a fault; returns its output.
    ///
    /// # Panics
    /// When there is a fault.
    pub fn assert_whole(&self) -> String {
        let output = self.verify();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*errors), (Some(0), ""), "{said}{errors}");
        assert!(said.ends_with("checked, 0 damaged\n"), "{said}");
        said
    }

    /// Returns the ids of a dataset's releases that are not withdrawn, the oldest first.
    ///
    /// # Panics
    /// When the list of releases is not valid.
    pub fn releases(&self, dataset: &str) -> Vec<String> {
        let Ok(json) = std::fs::read(self.path.join(dataset).join("releases.json")) else {
            return Vec::new();
        };
        let listed: Value = serde_json::from_slice(&json).expect("the list of releases is JSON");
        let releases = listed["releases"].as_array().expect("the list of releases is a list");
        releases
            .iter()
            .filter(|release| release["withdrawn"].is_null())
            .map(|release| release["id"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Returns every file in the store, by its path from the store's folder. Locks, which are empty, are left out.
    ///
    /// # Panics
    /// When the store cannot be read.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        contents(&self.path)
    }

    /// Starts a service of this store alone.
    pub fn serve(&self) -> Service {
        Service::start_with(&["--no-bundled", "--store", self.text()])
    }

    /// Runs `query` on this store alone.
    pub fn query(&self, dataset: &str, query: &str) -> Output {
        run(&["query", "--no-bundled", "--store", self.text(), dataset, query])
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Returns every file in a store but its locks.
fn contents(store: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = files(store);
    found.retain(|name, _| !name.to_string_lossy().starts_with(".lock-"));
    found
}
