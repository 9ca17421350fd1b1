//! Charges that lie in an object store. Only Spark has its keys: it reads the files, and workers write them, byte for byte, into a folder
//! that all machines see. There they are checked as any others.

use std::collections::BTreeMap;
use std::io::{BufRead, Cursor, Error, Result, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::connection::uuid;
use super::statements::{bring_objects, list_objects, shell_word, view_objects};
use super::worker::BETWEEN;
use super::{ClusterError, Connection};
use crate::disk;
use crate::domain::tables::CHARGES;
use crate::package::{DESCRIPTOR, Files, Input, LARGEST, Package, PackageError, read_all, within};

/// The schemes of object stores.
const SCHEMES: [&str; 6] = ["s3", "s3a", "abfs", "abfss", "gs", "oss"];
/// Signs that Spark reads as a pattern of paths, or that end one.
const PATTERN: [char; 9] = ['*', '?', '[', ']', '{', '}', '\\', '#', '\0'];

/// A package whose charges lie in an object store.
#[derive(Debug, Clone)]
pub struct Objects {
    folder: PathBuf,
    /// The descriptor, with the paths to which the charges are brought in the place of their addresses.
    descriptor: String,
    /// The addresses of the charges: of files or folders.
    addresses: Vec<String>,
}

impl Objects {
    /// Reads which charges of the package in a folder lie in an object store. `None` when none do, and when the descriptor cannot be
    /// read: whoever opens the package then says why.
    pub fn of(folder: &Path) -> Option<Self> {
        let bytes = read_all(Box::new(disk::open_below(folder, DESCRIPTOR).ok()?), LARGEST).ok()?;
        let mut descriptor = String::from_utf8(bytes).ok()?;
        let json: Value = serde_json::from_str(descriptor.trim_start_matches('\u{feff}')).ok()?;
        let resources = json.get("resources")?.as_array()?;
        let paths =
            resources.iter().filter(|own| own["name"] == CHARGES.name).filter_map(|own| own.get("path"));
        let paths = paths.flat_map(|path| path.as_array().map_or(std::slice::from_ref(path), Vec::as_slice));
        let mut addresses = Vec::new();
        for text in paths.filter_map(Value::as_str).filter(|text| is_address(text)) {
            let address = text.trim_end_matches('/');
            // The text is kept otherwise, so that faults are told with their lines.
            descriptor = descriptor.replace(&format!("\"{text}\""), &format!("\"{}\"", below(address)));
            addresses.push(address.to_owned());
        }
        (!addresses.is_empty()).then(|| Self { folder: folder.to_owned(), descriptor, addresses })
    }

    /// Opens the package as if its charges were there, without a row: what its descriptor says is read.
    ///
    /// # Errors
    /// As [`Package::open`].
    pub fn without_rows(&self) -> std::result::Result<Package, PackageError> {
        Package::open(Box::new(self.clone()), &self.folder.display().to_string())
    }

    /// Holds the addresses against those that the operator allowed.
    ///
    /// # Errors
    /// When one lies elsewhere, or has a sign that stands for more than itself. The error names it.
    pub fn held_against(&self, allowed: &[String]) -> std::result::Result<(), String> {
        for address in &self.addresses {
            if address.contains(PATTERN) || goes_up(address) {
                return Err(format!(
                    "{address:?} has a sign that stands for more than itself; name the folder or the files"
                ));
            }
            if !allowed.iter().any(|prefix| lies_below(address, prefix)) {
                let parts = address.rsplit_once('/').filter(|(_, name)| is_file(name));
                let folder = parts.map_or(&**address, |(folder, _)| folder);
                return Err(format!(
                    "{DESCRIPTOR} names {address}, which nobody allowed to be read; if it is right, add --engine-allow {folder}/"
                ));
            }
        }
        Ok(())
    }

    /// Has Spark read the files, and workers write them into a folder, which becomes that of a package: the other files of this one are
    /// copied to it. Workers start `program`.
    ///
    /// # Errors
    /// When Spark cannot read one, or a file is another one than it said.
    pub fn bring(
        &self,
        connection: &Connection,
        program: &Path,
        into: &Path,
        most: Duration,
    ) -> std::result::Result<(), ClusterError> {
        let failed = |error: Error| ClusterError::NotWhole { what: error.to_string() };
        self.copy_others(into).map_err(failed)?;
        let word = |path: &Path| shell_word(&path.display().to_string());
        let program = format!("{} check-part --bring {}", word(program), word(into));
        for address in &self.addresses {
            connection.ask(&view_objects(address), most)?;
            let promised = lengths(&connection.texts(&list_objects(), most)?)?;
            let brought = lengths(&connection.texts(&bring_objects(&program), most)?)?;
            let strange = |what: String| ClusterError::NotWhole { what };
            if let Some(other) = promised.keys().find(|path| !lies_below(path, address)) {
                return Err(strange(format!("{other} does not lie below {address}")));
            }
            for (path, length) in &promised {
                let there = into.join(below(path)).metadata().map(|file| file.len());
                if brought.get(path) != Some(length) || there.ok() != Some(*length) {
                    return Err(strange(format!("{path} has {length} bytes, and was not brought whole")));
                }
            }
            // An empty folder is refused where the package is opened, with the words for it.
            if promised.is_empty() {
                std::fs::create_dir_all(into.join(below(address))).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Writes the descriptor into a folder, and copies the files of the other tables to it.
    fn copy_others(&self, into: &Path) -> Result<()> {
        std::fs::create_dir_all(into)?;
        std::fs::write(into.join(DESCRIPTOR), &self.descriptor)?;
        let package = self.without_rows().map_err(|error| Error::other(error.to_string()))?;
        for path in package.descriptor.resources.iter().map(|own| &own.path) {
            // A file that no table is read from may be missing.
            if let Some(mut file) =
                disk::open_below(&self.folder, path).ok().filter(|_| !self.is_brought(path))
            {
                let to = into.join(path);
                std::fs::create_dir_all(to.parent().unwrap_or(into))?;
                std::io::copy(&mut file, &mut std::fs::File::create(to)?)?;
            }
        }
        Ok(())
    }

    /// Whether a path is one to which charges are brought.
    fn is_brought(&self, path: &str) -> bool {
        self.addresses.iter().any(|address| is_below(path, &below(address)))
    }
}

/// The files before anything was brought: those of the charges are empty.
impl Files for Objects {
    fn open(&self, path: &str) -> Result<Box<dyn Input>> {
        if path == DESCRIPTOR {
            return Ok(Box::new(Cursor::new(self.descriptor.clone())));
        }
        if self.is_brought(path) {
            return Ok(Box::new(Cursor::new([])));
        }
        let file = disk::open_below(&self.folder, path)?;
        within(file.metadata()?.len(), LARGEST)?;
        Ok(Box::new(file))
    }

    fn size(&self, _path: &str) -> Option<u64> {
        None
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    fn below(&self, path: &str) -> Result<Option<Vec<String>>> {
        let is_folder = self.is_brought(path) && !is_file(path);
        Ok(is_folder.then(|| vec![format!("{path}/any.parquet")]))
    }
}

/// Whether a path is that of a file of charges, and not of a folder.
fn is_file(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".parquet")
}

/// Whether a path is the address of an object store.
fn is_address(path: &str) -> bool {
    path.split_once("://").is_some_and(|(scheme, _)| SCHEMES.contains(&scheme))
}

/// Whether an address leads out of its folder.
fn goes_up(address: &str) -> bool {
    address.split('/').any(|name| name == "..")
}

/// Returns the path of an address within the folder that it is brought to.
fn below(address: &str) -> String {
    address.replacen("://", "/", 1)
}

/// Whether an address is another one, or lies below it.
fn lies_below(address: &str, other: &str) -> bool {
    is_address(other) && is_below(address, other.trim_end_matches('/'))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn lengths(rows: &[Vec<String>]) -> std::result::Result<BTreeMap<String, u64>, ClusterError> {
    let length = |row: &Vec<String>| Some((row.first()?.clone(), row.get(1)?.parse().ok()?));
    let lengths: Option<_> = rows.iter().map(length).collect();
    lengths.ok_or_else(|| ClusterError::NotWhole { what: "a file has no length".to_owned() })
}

/// Reads lines of an address and the bytes of its file in Base64, and writes each file into a folder. Tells how many bytes it wrote.
///
/// # Errors
/// When a line is cut, or a file cannot be written.
pub fn write_objects(lines: impl BufRead, folder: &Path, mut out: impl Write) -> Result<()> {
    for line in lines.lines() {
        let line = line?;
        let (address, text) = line.split_once(BETWEEN).unwrap_or_default();
        if !is_address(address) || goes_up(address) {
            return Err(Error::other(format!("{address:?} is no file of an object store")));
        }
        let bytes =
            BASE64_STANDARD.decode(text).map_err(|error| Error::other(format!("{address}: {error}")))?;
        let path = folder.join(below(address));
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        // Spark may do the same part twice at once, on two machines.
        let beside = path.with_file_name(format!(".{}", uuid()));
        std::fs::write(&beside, &bytes)?;
        std::fs::rename(&beside, &path)?;
        writeln!(out, "{address}{BETWEEN}{}", bytes.len())?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objects(folder: &str, paths: Value) -> Option<Objects> {
        let folder =
            std::env::temp_dir().join(format!("chargesheet-objects-{}-{folder}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let charges = json!({ "name": "charges", "path": paths, "format": "parquet" });
        let resources = json!([{ "name": "statutes", "path": "statutes.csv" }, charges]);
        let descriptor = json!({
            "name": "register", "title": "R", "version": "1", "created": "2026-01-02T00:00:00Z", "sources": [],
            "licenses": [{ "name": "CC0-1.0" }], "resources": resources,
            "chargesheet": { "kind": "case-level", "measures": ["charges"], "time_basis": "charge",
                "additive": [], "disclosure": "none" },
        });
        std::fs::write(folder.join(DESCRIPTOR), descriptor.to_string()).unwrap();
        std::fs::write(folder.join("statutes.csv"), "statute\n").unwrap();
        let found = Objects::of(&folder);
        if found.is_none() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        found
    }

    #[test]
    fn an_address_must_lie_where_the_operator_allowed_it() {
        assert!(objects("local", json!("charges")).is_none());
        let own =
            objects("allowed", json!(["s3://court/charges/2020.parquet", "s3://court/charges/2021.parquet"]))
                .unwrap();
        let held = |allowed: &str| own.held_against(&[allowed.to_owned()]);
        for allowed in ["s3://court", "s3://court/", "s3://court/charges", "s3://court/charges/"] {
            assert_eq!(held(allowed), Ok(()), "{allowed}");
        }
        for other in
            ["s3://cour", "s3://court/char", "gs://court", "", "/", "s3://court/charges/2020.parquet"]
        {
            let told = held(other).unwrap_err();
            assert!(told.contains("add --engine-allow s3://court/charges/"), "{other}: {told}");
        }
        let patterns = ["s3://court/{a,b}", "s3://court/*.parquet", "s3://court/../other"];
        for (number, pattern) in patterns.into_iter().enumerate() {
            let own = objects(&format!("pattern{number}"), json!(pattern)).unwrap();
            let told = own.held_against(&["s3://court".to_owned()]).unwrap_err();
            assert!(told.contains(pattern) && told.contains("stands for more than itself"), "{told}");
            std::fs::remove_dir_all(own.folder).unwrap();
        }
        std::fs::remove_dir_all(own.folder).unwrap();
    }

    #[test]
    fn files_are_written_byte_for_byte_below_the_folder() {
        let own = objects("brought", json!("s3://court/charges/")).unwrap();
        let into = own.folder.join("into");
        own.copy_others(&into).unwrap();
        let descriptor: Value =
            serde_json::from_slice(&std::fs::read(into.join(DESCRIPTOR)).unwrap()).unwrap();
        assert_eq!(descriptor["resources"][1]["path"], "s3/court/charges");
        assert!(into.join("statutes.csv").exists());
        let bytes: Vec<u8> = (0..=255).collect();
        let line = format!("s3://court/charges/a b.parquet{BETWEEN}{}\n", BASE64_STANDARD.encode(&bytes));
        let mut told = Vec::new();
        write_objects(line.as_bytes(), &into, &mut told).unwrap();
        assert_eq!(String::from_utf8(told).unwrap(), format!("s3://court/charges/a b.parquet{BETWEEN}256\n"));
        assert_eq!(std::fs::read(into.join("s3/court/charges/a b.parquet")).unwrap(), bytes);
        for wrong in ["s3://court/../../x", "/etc/passwd", "file:///etc/passwd", ""] {
            let line = format!("{wrong}{BETWEEN}AAAA\n");
            let told = write_objects(line.as_bytes(), &into, Vec::new()).unwrap_err().to_string();
            assert!(told.contains("no file of an object store"), "{told}");
        }
        let cut = format!("s3://court/a{BETWEEN}AAA\n");
        assert!(write_objects(cut.as_bytes(), &into, Vec::new()).is_err());
        std::fs::remove_dir_all(own.folder).unwrap();
    }
}
