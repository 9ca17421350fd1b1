//! The archive of all versions of the widget, in the store. A snippet names its version and the digest of its script, and must work
//! for as long as its figures.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use hyper::body::Bytes;

use super::body::Body;
use super::body::codec::decode;
use super::body::coding::Coding;
use super::observe::log;
use crate::disk;
use crate::widget_files::{FILES, VERSION};

/// The folder of the archive in a store. No name of a dataset begins with a dot.
const FOLDER: &str = ".widget";

/// Largest file that is read, in bytes. The files of a widget have a hundredth of that.
const LARGEST: u64 = 16 << 20;

/// The suffix of a file's brotli form, which was made at build time.
const PACKED: &str = ".br";

/// The archive of the widget's versions.
#[derive(Debug)]
pub struct WidgetArchive {
    folder: PathBuf,
}

impl WidgetArchive {
    /// Opens the archive of a store, and adds the version of this program.
    pub fn in_store(store: &Path) -> Self {
        let archive = Self { folder: store.join(FOLDER) };
        if let Err(error) = archive.save() {
            // The service can go on. Only a later version of the program will lack this version.
            log::fault(&format!("this version of the widget cannot be kept in the store: {error}"));
        }
        archive
    }

    fn save(&self) -> std::io::Result<()> {
        let folder = self.folder.join(VERSION);
        disk::make_folder(&self.folder)?;
        disk::make_folder(&folder)?;
        for file in FILES {
            save(&folder, file.name, file.bytes)?;
            save(&folder, &format!("{}{PACKED}", file.name), file.brotli)?;
        }
        Ok(())
    }

    /// Returns the media type and the content of a file of one version.
    pub fn read(&self, version: &str, name: &str) -> Option<(&'static str, Body)> {
        let is_plain = |text: &str| {
            !text.starts_with('.')
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let media_type = match Path::new(name).extension()?.to_str()? {
            "js" => "text/javascript; charset=utf-8",
            "wasm" => "application/wasm",
            "json" => "application/json",
            _ => return None,
        };
        if !is_plain(version) || !is_plain(name) {
            return None;
        }
        let folder = self.folder.join(version);
        let content = disk::read(&folder.join(name), LARGEST).ok()?;
        // Earlier versions of the program stored no coded form. One that a disk error has changed is ignored.
        let packed = disk::read(&folder.join(format!("{name}{PACKED}")), LARGEST).ok();
        let packed = packed.filter(|packed| {
            decode(Coding::Brotli, packed, content.len()).is_some_and(|decoded| decoded == content)
        });
        let body = Body::from(content);
        let body = match packed {
            Some(packed) => body.with_packed(Coding::Brotli, Bytes::from(packed)),
            None => body,
        };
        Some((media_type, body))
    }
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = folder.join(name);
    // A crash or a disk error may have left other bytes.
    if disk::read(&path, LARGEST).is_ok_and(|kept| kept == bytes) {
        return Ok(());
    }
    // The file is written under a temporary name, so that it appears as a whole or not at all. Names that begin with a dot are not
    // served.
    let unfinished = folder.join(format!(".{name}.{}", std::process::id()));
    let mut written = fs::File::create(&unfinished)?;
    disk::inherit(&written, &unfinished);
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&unfinished, &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_kept_and_nothing_else_is_read() {
        let store = std::env::temp_dir().join(format!("chargesheet-kept-{}", std::process::id()));
        let _ = fs::remove_dir_all(&store);
        fs::create_dir_all(&store).expect("made");
        fs::write(store.join("secret.json"), "{}").expect("written");
        let kept = WidgetArchive::in_store(&store);
        let read = |name: &str| {
            let (_, body) = kept.read(VERSION, name).expect("kept");
            let packed = body.packed().map(|(_, bytes)| bytes.to_vec());
            (body.bytes().expect("all bytes are there").to_vec(), packed)
        };
        let whole =
            |file: &crate::widget_files::WidgetFile| (file.bytes.to_vec(), Some(file.brotli.to_vec()));
        for file in FILES {
            assert!(read(file.name) == whole(file), "{}", file.name);
        }
        // A form that a disk error has changed is ignored, and is repaired at the next start.
        let (folder, first) = (store.join(".widget").join(VERSION), &FILES[0]);
        let packed = folder.join(format!("{}{PACKED}", first.name));
        fs::write(&packed, FILES[1].brotli).expect("written");
        assert!(read(first.name) == (first.bytes.to_vec(), None));
        fs::remove_file(&packed).expect("removed");
        assert!(read(first.name) == (first.bytes.to_vec(), None), "an earlier program kept none");
        fs::write(folder.join(first.name), "x").expect("written");
        WidgetArchive::in_store(&store);
        assert!(read(first.name) == whole(first));
        let br = format!("{}{PACKED}", first.name);
        for (version, name) in [
            ("..", "secret.json"),
            (VERSION, "../../secret.json"),
            ("0.0.0-0", "a.js"),
            (VERSION, "x"),
            (VERSION, br.as_str()),
        ] {
            assert!(kept.read(version, name).is_none(), "{version}/{name}");
        }
        fs::remove_dir_all(&store).expect("removed");
    }
}
