//! A release in parts: its charges lie in many Parquet files, because they are too many for one machine.
//!
//! The folder of such a release has no `charges.parquet` and no `columns.bin`. In their place it has:
//!
//! ```text
//! parts.json                which parts there are, each with its rows, bytes and digest
//! charges/00000.parquet     the charges in the one order; the next part goes on where this one ends
//! cube-month-….parquet      how many charges there are of each combination of codes, the date cut to its month
//! ```
//!
//! Columns of the parts have the names and the order of a canonical line. Each is text, and `sentence_months` is a whole number. A
//! missing value is NULL. There are no numbers of cases and defendants: their ids are counted.
//!
//! `cube-month-outcome-role-region.parquet` has the columns `statute`, `country`, `date_charged`, `outcome`, `role` and `region`, as far as
//! the charges have them, all as text, and `charges`, a whole number of 64 bits. A date is cut to its month (`2020-05`); one that is
//! known only to the year stays a year, and `unknown` stays. A missing region is NULL. The sum of `charges` is the number of all
//! charges. Where these would be more rows than a server holds, there are tables in its place that tell less, as their names say: of
//! years (`cube-year-…`), without dates (`cube-ever-…`), without roles or regions.
//!
//! The digest in the manifest is over the lines of all parts in order. So the same charges have the same id however they are cut, and
//! in one file as well. `SHA256SUMS` covers `parts.json`, and `parts.json` covers the parts and the cube.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::cube_kind::Kind;
use super::format;
use super::store::StoreError;
use crate::disk;
use crate::domain::tables::{CHARGES, CODED};
use crate::ingest::Charges;

/// File name of the list of parts.
pub const PARTS: &str = "parts.json";
/// Folder of the parts.
pub const FOLDER: &str = "charges";
/// Most bytes of the list: some hundred thousand parts.
const LARGEST: u64 = 256 << 20;
/// Version of the list's form.
const FORMAT: u32 = 1;

/// What `parts.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    format: u32,
    /// The columns of every part, in the order of a canonical line.
    pub columns: Vec<String>,
    /// The parts in their order. No part is empty.
    pub parts: Vec<Part>,
    /// For each column of the publisher's texts that is also a dimension (`region`): its different texts, in byte order. The place
    /// of a text is its number in the release ([`super::Release::number`]).
    pub texts: BTreeMap<String, Vec<String>>,
    /// The tables of counts, of which none tells all that another tells.
    pub cubes: Vec<Part>,
}

/// A file of a release in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its path below the release's folder, such as `charges/00000.parquet`.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hex digits.
    pub sha256: String,
}

impl Parts {
    /// Makes the list of a new release.
    pub fn of(
        columns: Vec<String>,
        parts: Vec<Part>,
        texts: BTreeMap<String, Vec<String>>,
        cubes: Vec<Part>,
    ) -> Self {
        Self { format: FORMAT, columns, parts, texts, cubes }
    }

    /// Returns what each of the tables of counts tells apart.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        let named = |kind: &Kind| self.cubes.iter().any(|cube| cube.name == kind.file());
        Kind::all(&self.columns).into_iter().filter(named)
    }

    /// Returns the path of a part, by its number.
    pub fn name(number: usize) -> String {
        format!("{FOLDER}/{number:05}.parquet")
    }

    /// Returns the number of charges in all parts.
    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.rows).sum()
    }

    /// Reads the list of a release; `None` where the release is not in parts. Every file must be there in its size, no other may
    /// lie among them, and the rows must be as many as the manifest says (`rows`). No file is read.
    ///
    /// # Errors
    /// When the list is damaged or newer than this program, or the files are not those of the list.
    pub fn read(folder: &Path, rows: u64) -> Result<Option<Self>, StoreError> {
        let path = folder.join(PARTS);
        let json = match disk::read(&path, LARGEST).map_err(|source| StoreError::io("read", &path, source)) {
            Err(error) if error.is_missing() => return Ok(None),
            json => json?,
        };
        if let Some(needs) = format::newer(&json, "format", FORMAT) {
            return Err(StoreError::Newer { what: path.display().to_string(), needs });
        }
        let parts: Option<Self> = serde_json::from_slice(&json).ok();
        let parts = parts.filter(|parts| parts.format == FORMAT && parts.is_sound());
        let parts = parts.ok_or_else(|| StoreError::damaged(&path, "it is no list of parts"))?;
        parts.check(folder, rows)?;
        Ok(Some(parts))
    }

    /// Whether the names are those that a list has.
    fn is_sound(&self) -> bool {
        let mut known = CHARGES.in_release().into_iter().map(|column| column.name);
        let in_order = self.columns.iter().all(|own| known.any(|name| name == own));
        let named = self.parts.iter().enumerate().all(|(number, part)| part.name == Self::name(number));
        let cubes = self.kinds().zip(&self.cubes).filter(|(kind, cube)| kind.file() == cube.name);
        in_order && named && cubes.count() == self.cubes.len()
    }

    fn check(&self, folder: &Path, said: u64) -> Result<(), StoreError> {
        for part in self.parts.iter().chain(&self.cubes) {
            let path = folder.join(&part.name);
            let found = path.metadata().map_err(|source| StoreError::io("read", &path, source))?.len();
            if found != part.bytes {
                let why = format!("it has {found} bytes, and {PARTS} says {}", part.bytes);
                return Err(StoreError::damaged(&path, why));
            }
        }
        let listed: BTreeSet<&str> =
            self.parts.iter().filter_map(|part| part.name.split('/').nth(1)).collect();
        let place = folder.join(FOLDER);
        let failed = |source| StoreError::io("read", &place, source);
        for entry in std::fs::read_dir(&place).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            if !listed.contains(&*name) {
                return Err(StoreError::damaged(&place.join(name), format!("{PARTS} does not list it")));
            }
        }
        let rows = self.rows();
        if rows != said {
            let why = format!("its parts have {rows} rows, and the manifest says {said}");
            return Err(StoreError::damaged(&folder.join(PARTS), why));
        }
        Ok(())
    }

    /// Returns the list as JSON that people can read too.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a list has only strings, numbers and lists");
        json.push(b'\n');
        json
    }

    /// Returns charges without rows that have the columns of the parts, and the numbers of their texts.
    pub(super) fn charges(&self) -> Charges {
        let has = |name: &str| self.columns.iter().any(|own| own == name);
        let mut charges = Charges { has_roles: has("role"), ..Charges::default() };
        for (column, dimension) in charges.coded.iter_mut().zip(CODED) {
            column.is_there = has(dimension.name());
            for text in self.texts.get(dimension.name()).into_iter().flatten() {
                column.texts.code(text);
            }
        }
        charges
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const CUBE: &str = "cube-month-outcome-region.parquet";

    /// A folder with the files of a release in two parts.
    struct Written(PathBuf);

    impl Written {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("chargesheet-parts-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(folder.join(FOLDER)).unwrap();
            let own = Self(folder);
            for name in ["charges/00000.parquet", "charges/00001.parquet", CUBE] {
                own.write(name, b"1234");
            }
            own.write(PARTS, &list().to_json());
            own
        }

        fn write(&self, name: &str, content: &[u8]) {
            std::fs::write(self.0.join(name), content).unwrap();
        }

        fn read(&self) -> Result<Option<Parts>, String> {
            Parts::read(&self.0, 5).map_err(|error| error.to_string())
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn list() -> Parts {
        let part = |name: &str, rows| Part { name: name.to_owned(), rows, bytes: 4, sha256: String::new() };
        let columns = ["statute", "country", "date_charged", "outcome", "region", "case_id", "defendant_id"];
        let texts = [("region".to_owned(), vec!["A".to_owned(), "B".to_owned()])];
        Parts::of(
            columns.map(str::to_owned).to_vec(),
            vec![part("charges/00000.parquet", 3), part("charges/00001.parquet", 2)],
            texts.into(),
            vec![part(CUBE, 1)],
        )
    }

    #[test]
    fn what_was_written_is_read_and_a_release_of_one_file_has_no_list() {
        let written = Written::new("whole");
        assert_eq!(written.read(), Ok(Some(list())));
        std::fs::remove_file(written.0.join(PARTS)).unwrap();
        assert_eq!(written.read(), Ok(None));
        let charges = list().charges();
        assert!(charges.is_empty() && !charges.has_roles && charges.coded[0].is_there);
        assert_eq!(charges.coded[0].texts.texts().collect::<Vec<_>>(), ["A", "B"]);
    }

    #[test]
    fn a_part_that_is_missing_cut_or_too_much_is_named() {
        let told = |name: &str, change: &dyn Fn(&Written)| {
            let written = Written::new(name);
            change(&written);
            written.read().unwrap_err()
        };
        let remove =
            |written: &Written| std::fs::remove_file(written.0.join("charges/00001.parquet")).unwrap();
        let missing = told("missing", &remove);
        assert!(
            missing.starts_with("cannot read ") && missing.contains("charges/00001.parquet"),
            "{missing}"
        );
        let cut = told("cut", &|written| written.write("charges/00001.parquet", b"123"));
        assert!(cut.contains("00001.parquet is damaged: it has 3 bytes, and parts.json says 4"), "{cut}");
        let more = told("more", &|written| written.write("charges/00002.parquet", b"1234"));
        assert!(more.contains("00002.parquet is damaged: parts.json does not list it"), "{more}");
        let rows = told("rows", &|written| {
            let mut list = list();
            list.parts[0].rows = 4;
            written.write(PARTS, &list.to_json());
        });
        assert!(rows.contains("its parts have 6 rows, and the manifest says 5"), "{rows}");
    }

    #[test]
    fn a_list_that_nobody_wrote_is_damaged_and_a_newer_one_is_not() {
        let written = Written::new("list");
        let mut other = list();
        other.parts[0].name = "../../elsewhere.parquet".to_owned();
        let mut strange = list();
        strange.cubes[0].name = "cube-month-outcome-role.parquet".to_owned();
        for json in [&b"{"[..], b"{\"format\":1}", &other.to_json(), &strange.to_json()] {
            written.write(PARTS, json);
            let told = written.read().unwrap_err();
            assert!(told.contains("it is no list of parts"), "{told}");
        }
        written.write(PARTS, br#"{"format":2,"needs":"9.0.0","more":1}"#);
        let told = written.read().unwrap_err();
        assert!(told.contains("needs chargesheet 9.0.0 or later"), "{told}");
    }
}
