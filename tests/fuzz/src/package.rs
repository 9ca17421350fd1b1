//! Files that a package or a store consists of: a line with the name of the file, and behind it its bytes.
//!
//! `datapackage.json` is read with the other files of a bundled package. `releases.json`, `manifest.json`, `columns.bin`
//! and `SHA256SUMS` take the place of those of a published release. Behind the name may stand `sealed`: then checksums are
//! made right first, as somebody could who can write to the store.

use std::fs;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

use chargesheet::package::Package;
use chargesheet::release::{Columns, Manifest, Store};

use super::ledger::hold;
use super::sealed;
use super::service::Service;
use super::store::{DATASET, Scratch};
use super::text::split_line;

/// What is told wrong is refused by name; what is damaged is found, or is not needed and harms nothing.
pub fn run(bytes: &[u8]) {
    let (line, content) = split_line(bytes);
    let (name, how) = line.split_once(' ').unwrap_or((&line, ""));
    let is_sealed = how == "sealed";
    let shelf = || SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    match name {
        "datapackage.json" => described(content),
        "releases.json" if is_sealed => {
            let content = sealed::journal(content).unwrap_or_else(|| content.to_vec());
            shelf().with(name, &content, is_sealed);
        }
        "columns.bin" if is_sealed => shelf().with(name, &sealed::columns(content), is_sealed),
        "manifest.json" if is_sealed => match sealed::manifest(content) {
            Some(manifest) => shelf().with_manifest(manifest),
            None => shelf().with(name, content, false),
        },
        "releases.json" | "manifest.json" | "columns.bin" | "SHA256SUMS" => {
            shelf().with(name, content, false);
        }
        _ => {}
    }
}

fn described(content: &[u8]) {
    for bundled in chargesheet_data::PACKAGES {
        let own = bundled.files.iter().filter(|file| file.path != "datapackage.json");
        let mut files: Vec<(String, Vec<u8>)> =
            own.map(|file| (file.path.to_owned(), file.bytes.to_vec())).collect();
        files.push(("datapackage.json".to_owned(), content.to_vec()));
        if let Ok(package) = Package::in_memory("made-up", files) {
            hold(&package, 100.0);
        }
    }
}

static SHELF: LazyLock<Mutex<Shelf>> = LazyLock::new(|| Mutex::new(Shelf::new()));

/// A store with a release, and what it says when nobody has touched it.
struct Shelf {
    scratch: Scratch,
    store: Store,
    manifest: Manifest,
    columns: Option<Columns>,
    answer: Vec<u8>,
}

impl Shelf {
    fn new() -> Self {
        let scratch = Scratch::new();
        let store = Store::open(scratch.store()).expect("it is a store");
        let mut release = store.load(DATASET, scratch.release()).expect("it was just published");
        let (manifest, columns) = (release.manifest().clone(), release.take_columns());
        let answer = Service::of(Some(scratch.store()), 0).get(&question(scratch.release()));
        let answer = answer.expect("it is an address");
        assert_eq!(answer.status, 200);
        Self { scratch, store, manifest, columns, answer: answer.body }
    }

    fn path(&self, name: &str) -> PathBuf {
        let folder = self.scratch.store().join(DATASET);
        if name == "releases.json" {
            folder.join(name)
        } else {
            folder.join(self.scratch.release()).join(name)
        }
    }

    /// Puts another file into the place of one, looks, and puts the right one back.
    fn with(&self, name: &str, content: &[u8], is_sealed: bool) {
        let path = self.path(name);
        let right = fs::read(&path).expect("it is there");
        fs::write(&path, content).expect("temporary files can be written");
        self.look(is_sealed);
        if !(is_sealed && name == "columns.bin") {
            self.ask(is_sealed);
        }
        fs::write(&path, right).expect("temporary files can be written");
    }

    /// Gives the release another manifest, and the id and the place in the list that go with it.
    fn with_manifest(&self, (json, digest, id): (Vec<u8>, String, String)) {
        let (own, list) = (self.path(""), self.path("releases.json"));
        let right = [fs::read(&list), fs::read(self.path("manifest.json"))];
        let [right_list, right_manifest] = right.map(|read| read.expect("it is there"));
        let other = self.scratch.store().join(DATASET).join(&id);
        // An id is a name, and nothing that leads elsewhere; and not that of what is there already.
        if id.contains(['/', '\0']) || other.exists() {
            return;
        }
        let mut value: serde_json::Value = serde_json::from_slice(&right_list).expect("it is JSON");
        value["releases"][0]["id"] = id.into();
        value["releases"][0]["sha256"] = digest.into();
        let listed = sealed::journal(value.to_string().as_bytes()).expect("it is an object");
        fs::rename(&own, &other).expect("temporary files can be moved");
        fs::write(other.join("manifest.json"), json).expect("temporary files can be written");
        fs::write(&list, listed).expect("temporary files can be written");
        self.look(true);
        self.ask(true);
        fs::rename(&other, &own).expect("temporary files can be moved");
        fs::write(self.path("manifest.json"), right_manifest).expect("temporary files can be written");
        fs::write(&list, right_list).expect("temporary files can be written");
    }

    /// Loads and verifies all that is listed.
    fn look(&self, is_sealed: bool) {
        for found in self.store.datasets().expect("the folder can be read") {
            for entry in found.releases.unwrap_or_default() {
                let Ok(mut release) = self.store.load(&found.dataset, &entry.id) else { continue };
                assert_eq!(release.id().as_str(), entry.id);
                if is_sealed {
                    continue;
                }
                assert_eq!(release.manifest(), &self.manifest);
                let columns = release.take_columns();
                assert!(columns.is_none() || columns == self.columns, "other charges than were published");
            }
        }
        let verified = self.store.verify(|_| {}).expect("the folder can be read");
        for found in verified {
            assert!(found.fault.is_none() || !found.name.is_empty(), "{found:?}");
        }
    }

    /// Asks as somebody from outside would, who gets what was published, or hears that it is not there.
    fn ask(&self, is_sealed: bool) {
        let service = Service::of(Some(self.scratch.store()), 0);
        let answer = service.get(&question(self.scratch.release())).expect("it is an address");
        assert!([200, 404, 410, 503].contains(&answer.status), "{}", answer.status);
        assert!(is_sealed || answer.status != 200 || answer.body == self.answer, "another answer");
    }
}

fn question(release: &str) -> String {
    format!("/v1/datasets/{DATASET}/releases/{release}/aggregate.csv?by=year,outcome&measure=charges,persons")
}
