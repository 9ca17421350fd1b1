//! The package among files that somebody picked: a ZIP file, a folder of files, or the files themselves.

use std::io::{Read as _, Result};

use super::{DESCRIPTOR, Files, Input, PackageError, unzip};
use crate::domain::Say;

/// Most bytes of the files of a package in a ZIP file, which are kept in memory.
const MOST_UNPACKED: u64 = 1 << 30;
/// Endings of the names of spreadsheets.
const SHEETS: [&str; 6] = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers"];

/// Returns the files of the package in a ZIP file. `place` names the file in errors.
///
/// # Errors
/// When it is no ZIP file, or cannot be unpacked.
pub fn unpacked(mut input: Box<dyn Input>, place: &str) -> std::result::Result<Box<dyn Files>, PackageError> {
    let refused = |fault: Say| PackageError::File { path: place.to_owned(), fault };
    let mut start = [0; 4];
    let is_there = input.read_exact(&mut start).is_ok();
    input.rewind().map_err(|source| PackageError::Read { path: place.to_owned(), source })?;
    if !is_there || !start.starts_with(b"PK") {
        let is_parquet = is_there && start == *b"PAR1";
        return Err(refused(if is_parquet { "package.parquet" } else { "package.neither" }.into()));
    }
    let files = unzip(input, MOST_UNPACKED)
        .map_err(|fault| refused(if is_sheet(place) { "package.sheet".into() } else { fault }))?;
    Ok(Box::new(files))
}

/// Returns the files of the package among picked files, and what it is called in errors. Other files may lie beside it, and folders
/// around it. `unnamed` is what it is called where no folder has a name for it.
///
/// # Errors
/// When there is none, or there are several, and as [`unpacked`].
pub fn among(
    files: Box<dyn Files>,
    unnamed: &str,
) -> std::result::Result<(Box<dyn Files>, String), PackageError> {
    let names = files.names();
    let depth = |name: &String| name.matches('/').count();
    let is_descriptor = |name: &&String| name.rsplit('/').next() == Some(DESCRIPTOR);
    let top = names.iter().filter(is_descriptor).map(depth).min();
    let found: Vec<&String> =
        names.iter().filter(is_descriptor).filter(|name| Some(depth(name)) == top).collect();
    let refused = |path: &str, fault| Err(PackageError::File { path: path.to_owned(), fault });
    match *found {
        [own] => {
            let folder = own[..own.len() - DESCRIPTOR.len()].to_owned();
            let place = folder.trim_end_matches('/').to_owned();
            let place = if place.is_empty() { unnamed } else { &place };
            let place = place.to_owned();
            Ok((Box::new(Within { files, folder }), place))
        }
        [first, second, ..] => {
            let both = Say::new("package.picked_several").with("first", first).with("second", second);
            refused(unnamed, both)
        }
        [] => match &*names {
            [] => refused(unnamed, "package.picked_none".into()),
            [one] if !one.to_ascii_lowercase().ends_with(".csv") => {
                let unread = |source| PackageError::Read { path: one.clone(), source };
                Ok((unpacked(files.open(one).map_err(unread)?, one)?, one.clone()))
            }
            _ if names.iter().any(|name| file_name(name).to_lowercase().starts_with("datapackage.")) => {
                let folder = folder_around(&names);
                Ok((Box::new(Within { files, folder }), unnamed.to_owned()))
            }
            _ => {
                let sheet = names.iter().find(|name| is_sheet(name));
                match sheet {
                    Some(sheet) => refused(sheet, "package.sheet".into()),
                    None => refused(unnamed, "package.picked_none".into()),
                }
            }
        },
    }
}

/// Whether a file of this name is a spreadsheet, of whatever kind.
pub fn is_sheet(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SHEETS.iter().any(|ending| name.ends_with(ending))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the folder that all files are in, with a `/` at its end; or nothing.
fn folder_around(names: &[String]) -> String {
    let first = names.first().and_then(|name| name.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    first.filter(|folder| names.iter().all(|name| name.starts_with(folder.as_str()))).unwrap_or_default()
}

/// The files below a folder, of which the name ends in `/` or is empty.
#[derive(Debug)]
struct Within {
    files: Box<dyn Files>,
    folder: String,
}

impl Files for Within {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        self.files.open(&format!("{}{path}", self.folder))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.files.size(&format!("{}{path}", self.folder))
    }

    fn names(&self) -> Vec<String> {
        let names = self.files.names();
        names.iter().filter_map(|name| name.strip_prefix(&self.folder)).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Archive, Package};

    const YOURS: &str = "your files";

    fn files(of: &[(&str, &[u8])]) -> Box<dyn Files> {
        Box::new(of.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect::<Vec<_>>())
    }

    fn opened(picked: Box<dyn Files>, unnamed: &str) -> std::result::Result<Package, PackageError> {
        among(picked, unnamed).and_then(|(files, place)| Package::open(files, &place))
    }

    fn told(of: &[(&str, &[u8])]) -> String {
        opened(files(of), YOURS).err().map_or(String::new(), |error| error.to_string())
    }

    /// The files of a bundled package, below a folder.
    fn bundled(folder: &str) -> Vec<(String, Vec<u8>)> {
        let own = chargesheet_data::PACKAGES[0].files.iter();
        own.map(|file| (format!("{folder}{}", file.path), file.bytes.to_vec())).collect()
    }

    #[test]
    fn a_package_is_found_among_other_files_and_in_folders() {
        let name = chargesheet_data::PACKAGES[0].name;
        let mut zipped = Archive::created("2026-11-24T00:00:00Z", || ());
        for (path, bytes) in bundled("figures/") {
            zipped.add(&path, &bytes).unwrap();
        }
        let zipped = vec![("figures.zip".to_owned(), zipped.finish().unwrap())];
        let mut beside = bundled("work/figures/");
        beside.push(("work/notes.txt".to_owned(), b"x".to_vec()));
        beside.push(("work/figures/old/datapackage.json".to_owned(), b"{".to_vec()));
        for picked in [bundled(""), bundled("figures/"), beside, zipped] {
            let package = opened(Box::new(picked), YOURS).unwrap();
            assert_eq!(package.descriptor.name, name);
            assert!(package.size() > 1000);
        }
    }

    #[test]
    fn what_is_no_package_is_told_with_what_to_pick() {
        let csv: (&str, &[u8]) = ("charges.csv", b"case_id\n");
        for (picked, word) in [
            (&[][..], "cannot read your files: there is no datapackage.json among"),
            (&[csv], "cannot read your files: there is no datapackage.json among"),
            (&[csv, ("b.csv", b"")], "there is no datapackage.json among"),
            (&[csv, ("List.XLSX", b"PK")], "cannot read List.XLSX: it is a spreadsheet"),
            (&[("list.ods", b"PK\x03\x04")], "cannot read list.ods: it is a spreadsheet"),
            (&[("c.parquet", b"PAR1PAR1")], "cannot read c.parquet: it is a Parquet file"),
            (&[("c.zip", b"PK\x03\x04")], "cannot read c.zip: the ZIP file is damaged"),
            (&[("c.pdf", b"%PDF-1.7")], "cannot read c.pdf: it is neither a folder nor a ZIP file"),
            (
                &[("a/datapackage.json", b"{}"), ("b/datapackage.json", b"{}")],
                "your files: a/datapackage.json and b/datapackage.json are two packages",
            ),
            (&[("x/datapackage.yaml", b""), ("x/charges.csv", b"")], "\"datapackage.yaml\" is; name it so"),
            (&[("x/datapackage.json", b"{")], "datapackage.json of x: "),
            (&[("datapackage.json", b"{")], "datapackage.json of your files: "),
        ] {
            let told = told(picked);
            assert!(told.contains(word), "{word}: {told}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_told_in_the_languages_own_words() {
        let mut own = bundled("");
        own.retain(|(path, _)| path != "charges.csv");
        let told = opened(Box::new(own), YOURS).err().map(|error| error.to_string());
        assert_eq!(told.as_deref(), Some("cannot read documented-cases/charges.csv: there is no such file"));
    }
}
