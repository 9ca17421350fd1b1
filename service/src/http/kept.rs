//! Earlier versions of the widget, kept in the store: a snippet names its version and what vouches for it, and must
//! work as long as the figures that it shows.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::widget_files::{FILES, VERSION};

/// The folder in a store. No dataset's name begins with a dot.
const FOLDER: &str = ".widget";

/// Most bytes of a file that is kept. A widget's have a hundredth of it.
const LARGEST: u64 = 16 << 20;

/// The versions kept.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// Keeps this program's version in a store, and returns all that are there.
    pub fn in_store(store: &Path) -> Self {
        let kept = Self { folder: store.join(FOLDER) };
        if let Err(error) = kept.save() {
            // Serving goes on: only a later version of the program will miss this one.
            super::log(&format!("this version of the widget cannot be kept in the store: {error}"));
        }
        kept
    }

    fn save(&self) -> std::io::Result<()> {
        let folder = self.folder.join(VERSION);
        disk::make_folder(&self.folder)?;
        disk::make_folder(&folder)?;
        for file in FILES {
            let path = folder.join(file.name);
            // A crash or a disk may have left something else.
            if disk::read(&path, LARGEST).is_ok_and(|kept| kept == file.bytes) {
                continue;
            }
            // Under another name first: a file is there whole or not at all. Names with a dot in front are not served.
            let unfinished = folder.join(format!(".{}.{}", file.name, std::process::id()));
            let mut written = fs::File::create(&unfinished)?;
            disk::inherit(&written, &unfinished);
            written.write_all(file.bytes)?;
            written.sync_all()?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(())
    }

    /// Returns the media type and content of a file of a version.
    pub fn read(&self, version: &str, name: &str) -> Option<(&'static str, Vec<u8>)> {
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
        let content = disk::read(&self.folder.join(version).join(name), LARGEST).ok()?;
        Some((media_type, content))
    }
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
        let kept = Kept::in_store(&store);
        for file in FILES {
            assert_eq!(kept.read(VERSION, file.name).expect("kept").1, file.bytes, "{}", file.name);
        }
        // What a disk has changed is put right by the next start.
        fs::write(store.join(".widget").join(VERSION).join(FILES[0].name), "x").expect("written");
        let kept = Kept::in_store(&store);
        assert_eq!(kept.read(VERSION, FILES[0].name).expect("kept").1, FILES[0].bytes);
        for (version, name) in
            [("..", "secret.json"), (VERSION, "../../secret.json"), ("0.0.0-0", "a.js"), (VERSION, "x")]
        {
            assert!(kept.read(version, name).is_none(), "{version}/{name}");
        }
        fs::remove_dir_all(&store).expect("removed");
    }
}
