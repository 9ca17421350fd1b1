//! Folders of Parquet files: each file in them is a part of the table that the folder is declared to be.

use std::collections::BTreeSet;
use std::io::{Error, Result};

use super::{Files, PackageError, Resource};
use crate::domain::tables::CHARGES;

/// Replaces each folder of Parquet files by its files, in the byte order of their paths. `package` names the package in
/// errors.
///
/// # Errors
/// When a folder cannot be read, has no Parquet file, or says more than its files do; when a table has a file twice.
pub fn found(
    files: &dyn Files,
    declared: Vec<Resource>,
    package: &str,
) -> std::result::Result<Vec<Resource>, PackageError> {
    let unread = |path: &str, source| PackageError::Read { path: format!("{package}/{path}"), source };
    let mut found = Vec::new();
    for resource in declared {
        match files_of(files, &resource).map_err(|error| unread(&resource.path, error))? {
            Some(paths) => {
                found.extend(paths.into_iter().map(|path| Resource { path, ..resource.clone() }));
            }
            None => found.push(resource),
        }
    }
    let mut known = BTreeSet::new();
    match found.iter().find(|file| !known.insert((&file.name, &file.path))) {
        Some(twice) => Err(unread(&twice.path, Error::other("it is declared twice; name each file once"))),
        None => Ok(found),
    }
}

/// Returns the Parquet files of a folder; `None` where the resource is no folder of them.
fn files_of(files: &dyn Files, resource: &Resource) -> Result<Option<Vec<String>>> {
    let below = if resource.is_parquet { files.below(&resource.path)? } else { None };
    let Some(mut paths) = below else { return Ok(None) };
    let own = resource.path.len() + 1;
    // Engines write marks and sums beside the files, under names that begin so.
    paths.retain(|path| !path[own..].split('/').any(|name| name.starts_with(['_', '.'])));
    // Engines cut tables by the values of a column, and write the values into the names of folders alone.
    let column = |name: &str| {
        let (column, _) = name.split_once('=')?;
        CHARGES.columns.iter().any(|own| own.name == column).then(|| column.to_owned())
    };
    let cut_by = paths.iter().find_map(|path| path[own..].split('/').find_map(column));
    paths.retain(|path| path.to_ascii_lowercase().ends_with(".parquet"));
    paths.sort_unstable();
    let fault = match cut_by {
        _ if resource.bytes.is_some() || resource.hash.is_some() => {
            "it is a folder, and `bytes` and `hash` are those of one file; leave them out".to_owned()
        }
        Some(column) => {
            format!(
                "the values of `{column}` stand in the names of its folders; write the column into its files"
            )
        }
        None if paths.is_empty() => "it is a folder without a file whose name ends in .parquet".to_owned(),
        None => return Ok(Some(paths)),
    };
    Err(Error::other(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(paths: &[&str], resource: Resource) -> std::result::Result<Vec<String>, String> {
        let files: Vec<(String, Vec<u8>)> = paths.iter().map(|path| (path.to_string(), Vec::new())).collect();
        found_among(&files, vec![resource])
    }

    fn found_among(
        files: &Vec<(String, Vec<u8>)>,
        declared: Vec<Resource>,
    ) -> std::result::Result<Vec<String>, String> {
        let found = found(files, declared, "p").map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|resource| resource.path).collect())
    }

    fn folder() -> Resource {
        Resource { name: "charges".to_owned(), path: "c".to_owned(), is_parquet: true, ..Resource::default() }
    }

    #[test]
    fn a_folder_is_its_parquet_files_in_order() {
        let there = [
            "c/part-1.parquet",
            "c/part-0.PARQUET",
            "c/year=2020/x.parquet",
            "c/_SUCCESS",
            "c/.part-0.parquet.crc",
            "c/_temporary/y.parquet",
            "c/readme.md",
            "cc/z.parquet",
        ];
        let parts = ["c/part-0.PARQUET", "c/part-1.parquet", "c/year=2020/x.parquet"];
        assert_eq!(found_in(&there, folder()).unwrap(), parts);
        assert_eq!(found_in(&["c"], folder()).unwrap(), ["c"], "a file is itself");
        let csv = Resource { is_parquet: false, ..folder() };
        assert_eq!(found_in(&there, csv).unwrap(), ["c"]);
    }

    #[test]
    fn a_folder_that_says_more_or_less_than_its_files_is_refused() {
        for (there, resource, words) in [
            (
                "c/readme.md",
                folder(),
                "cannot read p/c: it is a folder without a file whose name ends in .parquet",
            ),
            (
                "c/region=Almaty/x.parquet",
                folder(),
                "the values of `region` stand in the names of its folders",
            ),
            ("c/x.parquet", Resource { bytes: Some(1), ..folder() }, "leave them out"),
            ("c/x.parquet", Resource { hash: Some(String::new()), ..folder() }, "leave them out"),
        ] {
            let error = found_in(&[there], resource).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_file_is_read_once() {
        let files = vec![("c/x.parquet".to_owned(), Vec::new())];
        let own = Resource { path: "c/x.parquet".to_owned(), ..folder() };
        let error = found_among(&files, vec![folder(), own.clone()]).unwrap_err();
        assert_eq!(error, "cannot read p/c/x.parquet: it is declared twice; name each file once");
        // Two tables in one file are their own business.
        let other = Resource { name: "statutes".to_owned(), ..own };
        assert!(found_among(&files, vec![folder(), other]).is_ok());
    }
}
