//! Data packages on disk, in folders and ZIP files. The crate `chargesheet-check` defines what a package is.

use std::io::Result;
use std::path::{Path, PathBuf};

use chargesheet_check::mapping::SheetsAsCsv;
pub use chargesheet_check::package::*;

use crate::disk;

/// Opens the package in a folder or in a ZIP file.
///
/// # Errors
/// When there is neither, when the ZIP file cannot be unpacked, and whenever [`Package::open`] fails.
pub fn from_path(path: &Path) -> std::result::Result<Package, PackageError> {
    if !path.is_file() {
        return from_folder(path);
    }
    let shown = path.display().to_string();
    let file = disk::open(path).map_err(|source| PackageError::Read { path: shown.clone(), source })?;
    let files = unpacked(Box::new(file), &shown)?;
    Package::open(Box::new(SheetsAsCsv::of(files)), &shown)
}

/// Returns the folder of a package: the folder itself, or the one in which its ZIP file lies.
pub fn folder_of(path: &Path) -> PathBuf {
    if path.is_file() { path.parent().unwrap_or(Path::new("")).to_owned() } else { path.to_owned() }
}

/// Opens the package in a folder.
///
/// # Errors
/// When the folder does not exist, and whenever [`Package::open`] fails.
pub fn from_folder(folder: &Path) -> std::result::Result<Package, PackageError> {
    if !folder.is_dir() {
        return Err(PackageError::NoFolder { folder: folder.to_owned() });
    }
    let files = SheetsAsCsv::of(Box::new(Folder(folder.to_owned())));
    Package::open(Box::new(files), &folder.display().to_string())
}

/// Whether a path leads to one of the package's own files.
pub fn is_own_file(package: &Package, path: &Path) -> bool {
    let (Some(folder), Ok(path)) = (package.files.folder(), path.canonicalize()) else { return false };
    let resources = package.descriptor.resources.iter().map(|resource| resource.path.as_str());
    resources.chain([DESCRIPTOR]).any(|own| folder.join(own).canonicalize().is_ok_and(|own| own == path))
}

/// The files of a package in a folder on disk.
#[derive(Debug)]
struct Folder(PathBuf);

impl Files for Folder {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        let file = disk::open_below(&self.0, path)?;
        within(file.metadata()?.len(), LARGEST)?;
        Ok(Box::new(file))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.join(path).metadata().ok().map(|file| file.len())
    }

    fn names(&self) -> Vec<String> {
        let entries = self.0.read_dir().into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn below(&self, path: &str) -> Result<Option<Vec<String>>> {
        if !self.0.join(path).is_dir() {
            return Ok(None);
        }
        let (mut folders, mut found) = (vec![path.to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in disk::folder_below(&self.0, &folder)? {
                let entry = entry?;
                // A name that is not UTF-8 stays in the list, and opening it names it.
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                // A link to a folder is not followed, so that no folder is read for ever.
                let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut found };
                list.push(path);
            }
        }
        Ok(Some(found))
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a file of its own for a test, which is removed at the end.
    struct Written(PathBuf);

    impl Written {
        fn new(name: &str, content: &[u8]) -> Self {
            let folder = std::env::temp_dir().join(format!("chargesheet-zip-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let path = folder.join(name);
            std::fs::write(&path, content).unwrap();
            Self(path)
        }

        fn error(&self) -> String {
            from_path(&self.0).unwrap_err().to_string()
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_package_in_a_zip_file_is_that_of_its_folder() {
        let bundled = &chargesheet_data::PACKAGES[0];
        let mut archive = Archive::created("2026-11-24T00:00:00Z", || ());
        for file in bundled.files {
            archive.add(&format!("{}/{}", bundled.name, file.path), file.bytes).unwrap();
        }
        let zipped = Written::new("package.zip", &archive.finish().unwrap());
        let (package, own) = (from_path(&zipped.0).unwrap(), Package::bundled(bundled).unwrap());
        let to_json = |package: &Package| serde_json::to_value(&package.descriptor).unwrap();
        assert_eq!(to_json(&package), to_json(&own));
        let read =
            |package: &Package| read_all(package.files.open("statutes.csv").unwrap(), LARGEST).unwrap();
        assert_eq!(read(&package), read(&own));
        assert_eq!(folder_of(&zipped.0), zipped.0.parent().unwrap());
    }

    #[test]
    fn what_is_no_package_is_told_with_the_way_to_one() {
        let mut archive = Archive::created("2026-11-24T00:00:00Z", || ());
        archive.add("xl/workbook.xml", b"<workbook/>").unwrap();
        let sheet = archive.finish().unwrap();
        for (name, content, word) in [
            ("cases.xlsx", &sheet[..], "it is a spreadsheet and no package"),
            ("cases.zip", &sheet[..], "the ZIP file has no datapackage.json"),
            ("cut.zip", &sheet[..40], "the ZIP file is damaged"),
            ("cases.csv", b"case_id\n", "it is neither a folder nor a ZIP file"),
            ("empty", b"", "it is neither a folder nor a ZIP file"),
        ] {
            let written = Written::new(name, content);
            let told = written.error();
            assert!(told.starts_with("cannot read ") && told.contains(word), "{name}: {told}");
        }
        let missing = from_path(Path::new("nowhere.zip")).unwrap_err().to_string();
        assert!(missing.starts_with("there is no folder \"nowhere.zip\""), "{missing}");
    }
}
