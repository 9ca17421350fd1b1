//! The bundled data packages and code lists, as bytes without any logic.
//!
//! `data/README.md` says what a row means, where every figure comes from and how to correct one.
//! The service's `ingest` module reads and checks the files. It treats the bundled packages like any other publisher's folder.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

/// One file of a bundled data package.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Path inside the package's folder, such as `counts.csv`.
    pub path: &'static str,
    /// The whole file: UTF-8 without a byte order mark, lines that end in `\n`.
    pub bytes: &'static [u8],
}

/// One bundled data package: a Frictionless Data Package (v2) with a `chargesheet` block.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The package's `name`. Also the name of its folder, except for earlier versions.
    pub name: &'static str,
    /// All its files, `datapackage.json` first, then in the order of its resources.
    pub files: &'static [File],
}

/// Lists the files of the package `$name`, from the folder of that name or from another folder.
macro_rules! package {
    ($name:literal: $($path:literal),+ $(,)?) => {
        package!($name in $name: $($path),+)
    };
    ($name:literal in $folder:literal: $($path:literal),+ $(,)?) => {
        Package {
            name: $name,
            files: &[$(File {
                path: $path,
                bytes: include_bytes!(concat!($folder, "/", $path)),
            }),+],
        }
    };
}

/// The newest version of every bundled package, by name.
pub const PACKAGES: &[Package] = &[
    package!("documented-cases": "datapackage.json", "charges.csv", "statutes.csv"),
    package!(
        "reported-figures": "datapackage.json", "counts.csv", "sources.csv", "statutes.csv", "history.csv",
    ),
];

/// Earlier bundled versions of packages, the oldest first. A cited release must stay available, so every version that a
/// published program contained stays here, unchanged to the byte.
pub const EARLIER: &[Package] = &[package!(
    "reported-figures" in "archive/reported-figures-1.0.0":
    "datapackage.json", "counts.csv", "sources.csv", "statutes.csv",
)];

/// Countries: `country` (ISO 3166-1 alpha-3, and XKX), `name_en`, `name_ru`, `name_kk`; by code.
pub const COUNTRIES: &[u8] = include_bytes!("reference/countries.csv");

/// Outcomes: `outcome`, `stage`, `final`, labels and definitions in English, Russian and Kazakh;
/// in display order, which follows the life of a case.
pub const OUTCOMES: &[u8] = include_bytes!("reference/outcomes.csv");

/// Roles in which people spoke: `role`, `label_en`, `label_ru`, `label_kk`; in display order.
pub const ROLES: &[u8] = include_bytes!("reference/roles.csv");

/// Categories of speech offences: `offence`, labels in three languages, `definition_en`; in
/// display order.
pub const OFFENCES: &[u8] = include_bytes!("reference/offences.csv");

#[cfg(test)]
mod tests;
