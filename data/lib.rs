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

/// The code lists that records are checked against, as CSV files.
#[derive(Clone, Copy, Debug)]
pub struct Lists {
    /// Countries: `country` (ISO 3166-1 alpha-3, and XKX), `name_en`, `name_ru`, `name_kk`; by code.
    pub countries: &'static [u8],
    /// Outcomes: `outcome`, `parent` (the outcome that it is a part of), `stage`, `final`, labels and definitions in English,
    /// Russian and Kazakh; in display order, which follows the life of a case. Lists before those of today have no `parent`.
    pub outcomes: &'static [u8],
    /// Roles in which people spoke: `role`, `label_en`, `label_ru`, `label_kk`; in display order.
    pub roles: &'static [u8],
    /// Categories of speech offences: `offence`, labels in three languages, `definition_en`; in
    /// display order.
    pub offences: &'static [u8],
}

/// One bundled data package: a Frictionless Data Package (v2) with a `chargesheet` block.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The package's `name`. Also the name of its folder, except for earlier versions.
    pub name: &'static str,
    /// All its files, `datapackage.json` first, then in the order of its resources.
    pub files: &'static [File],
    /// The code lists that it was published with. The id of its release depends on them.
    pub lists: &'static Lists,
}

/// Takes the code lists from a folder.
macro_rules! lists {
    ($folder:literal) => {
        Lists {
            countries: include_bytes!(concat!($folder, "/countries.csv")),
            outcomes: include_bytes!(concat!($folder, "/outcomes.csv")),
            roles: include_bytes!(concat!($folder, "/roles.csv")),
            offences: include_bytes!(concat!($folder, "/offences.csv")),
        }
    };
}

/// Lists the files of the package `$name` in a folder. `$lists` are the code lists that it was published with.
macro_rules! package {
    ($name:literal in $folder:literal, $lists:ident: $($path:literal),+ $(,)?) => {
        Package {
            name: $name,
            files: &[$(File {
                path: $path,
                bytes: include_bytes!(concat!($folder, "/", $path)),
            }),+],
            lists: &$lists,
        }
    };
    (cases $name:literal in $folder:literal, $lists:ident) => {
        package!($name in $folder, $lists: "datapackage.json", "charges.csv", "statutes.csv")
    };
    (figures $name:literal in $folder:literal, $lists:ident) => {
        package!(
            $name in $folder, $lists:
            "datapackage.json", "counts.csv", "sources.csv", "statutes.csv", "history.csv", "population.csv",
        )
    };
}

/// The code lists of today.
pub const REFERENCE: Lists = lists!("reference");

/// Definitions of the categories of offence in other languages than English: `offence`, `definition_ru`, `definition_kk`; in the order
/// of the list. They stand beside the list, because a release's id covers the list. No answer has them.
pub const OFFENCE_DEFINITIONS: &[u8] = include_bytes!("reference/offence-definitions.csv");

/// The colour and the mark of each outcome in charts: `outcome`, `light` and `dark` (a colour in hexadecimal digits for each
/// theme), `mark`. This is no code list: no release depends on it.
pub const COLOURS: &[u8] = include_bytes!("reference/colours.csv");

/// The tile of each country in maps: `code`, `column` and `row` in a grid from the top left. Tiles are no borders.
pub const TILES: &[u8] = include_bytes!("reference/tiles.csv");

/// The code lists of the packages of 2026-11-24 and 2026-11-26. A release's id covers its lists, so lists that a package was
/// published with stay here, unchanged to the byte.
pub const LISTS_1: Lists = lists!("archive/lists-1");

/// The newest version of every bundled package, by name.
pub const PACKAGES: &[Package] = &[
    package!(cases "documented-cases" in "documented-cases", REFERENCE),
    package!(figures "reported-figures" in "reported-figures", REFERENCE),
    package!(figures "russian-courts" in "russian-courts", REFERENCE),
];

/// Earlier bundled versions of packages, by name, the oldest first. A cited release must stay available, so every version
/// that a published program contained stays here, unchanged to the byte.
pub const EARLIER: &[Package] = &[
    package!(cases "documented-cases" in "archive/documented-cases-1.0.0", LISTS_1),
    package!(cases "documented-cases" in "archive/documented-cases-2.0.0", REFERENCE),
    package!(cases "documented-cases" in "archive/documented-cases-2.1.0", REFERENCE),
    package!(
        "reported-figures" in "archive/reported-figures-1.0.0", LISTS_1:
        "datapackage.json", "counts.csv", "sources.csv", "statutes.csv",
    ),
    package!(
        "reported-figures" in "archive/reported-figures-1.1.0", LISTS_1:
        "datapackage.json", "counts.csv", "sources.csv", "statutes.csv", "history.csv",
    ),
    package!(figures "reported-figures" in "archive/reported-figures-2.0.0", REFERENCE),
    package!(figures "reported-figures" in "archive/reported-figures-2.1.0", REFERENCE),
    package!(figures "russian-courts" in "archive/russian-courts-1.0.0", REFERENCE),
    package!(figures "russian-courts" in "archive/russian-courts-1.1.0", REFERENCE),
];

#[cfg(test)]
mod printed;
#[cfg(test)]
mod tests;
