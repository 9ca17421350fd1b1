//! The sheets of `tests/sheets`, for unit tests. They are compiled in, because nothing in this crate reads a disk.

/// The files of a folder: the path of each within it, and its bytes.
pub type Files = &'static [(&'static str, &'static [u8])];

macro_rules! folders {
    ($($folder:literal: $($file:literal),+;)+) => {
        &[$((
            $folder,
            &[$(($file, include_bytes!(concat!("../../../tests/sheets/", $folder, "/", $file)).as_slice())),+],
        )),+]
    };
}

/// The folders: ten sheets, and files that are refused.
const FOLDERS: &[(&str, Files)] = folders! {
    "01-russian-list": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "key.txt", "mapping.json", "sheet.xlsx", "statutes.csv";
    "02-two-header-rows": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "statutes.csv";
    "03-kazakh-ods": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.ods", "statutes.csv";
    "04-mac-1904": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "statutes.csv";
    "05-hidden": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "statutes.csv";
    "06-errors-and-rich-text": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "statutes.csv";
    "07-macros": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsm", "statutes.csv";
    "08-reported": "cells.json", "expected/counts.csv", "expected/datapackage.json", "expected/sources.csv", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "sources.csv", "statutes.csv";
    "09-windows-1251": "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "key.txt", "mapping.json", "sheet.csv", "statutes.csv";
    "10-by-content": "cells.json", "expected/charges.csv", "expected/datapackage.json", "expected/statutes.csv", "facts.json", "mapping.json", "sheet.xlsx", "statutes.csv";
    "refused": "apple.numbers", "binary.xlsb", "bomb.xlsx", "broken-xml.xlsx", "cut.xlsx", "empty.xlsx", "entities.xlsx", "expected.json", "formula-without-value.xlsx", "letter.docx", "old.xls", "password.ods", "password.xlsx";
};
/// The folder of files that are refused.
pub const REFUSED: &str = "refused";

/// Returns the folders of the ten sheets, with their files.
pub fn cases() -> impl Iterator<Item = (&'static str, Files)> {
    FOLDERS.iter().copied().filter(|(name, _)| *name != REFUSED)
}

/// Returns a file of a folder, if it has one.
pub fn find(folder: &str, file: &str) -> Option<&'static [u8]> {
    let files = FOLDERS.iter().find(|(name, _)| *name == folder)?.1;
    files.iter().find(|(name, _)| *name == file).map(|(_, bytes)| *bytes)
}

/// Returns a file of a folder.
pub fn file(folder: &str, file: &str) -> &'static [u8] {
    find(folder, file).unwrap_or_else(|| panic!("{folder} has no {file}"))
}
