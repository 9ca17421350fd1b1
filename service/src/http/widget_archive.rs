//! The archive of the widget's versions, in the store: a snippet names its version and the digest of its script, and must work
//! as long as the figures that it shows.

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

/// The folder in a store. No dataset's name begins with a dot.
const FOLDER: &str = ".widget";

/// Largest file that is read, in bytes. A widget's have a hundredth of it.
const LARGEST: u64 = 16 << 20;

/// Follows a file's name in the name of its coded form, which was made when the program was built.
const PACKED: &str = ".br";

/// The archive.
#[derive(Debug)]
pub struct WidgetArchive {
    folder: PathBuf,
}

impl WidgetArchive {
    /// Opens the archive of a store, and adds this program's version.
    pub fn in_store(store: &Path) -> Self {
        let archive = Self { folder: store.join(FOLDER) };
        if let Err(error) = archive.save() {
            // Serving goes on: only a later version of the program will miss this one.
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

    /// Returns the media type and content of a file of a version.
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
        // An earlier version of the program kept none; and what a disk has changed is no form of the file.
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
    // A crash or a disk may have left something else.
    if disk::read(&path, LARGEST).is_ok_and(|kept| kept == bytes) {
        return Ok(());
    }
    // Under another name first: a file is there whole or not at all. Names with a dot in front are not served.
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
        // What a disk has changed is no form of the file, and is put right by the next start.
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
