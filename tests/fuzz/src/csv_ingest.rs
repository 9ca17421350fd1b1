//! `charges.csv`: a line with its encoding, its delimiter (`-`: none is declared) and how many percent of its rows may be
//! refused, such as `windows-1251 ; 100`, and behind it the bytes of the file.

use super::ledger::{descriptor, read};
use super::text::split_line;

/// Every record is taken, refused, counted once or withheld; none is lost.
pub fn run(bytes: &[u8]) {
    let (line, content) = split_line(bytes);
    let mut words = line.split(' ').map(|word| Some(word).filter(|word| *word != "-"));
    let mut charges = serde_json::json!({ "name": "charges", "path": "charges.csv" });
    if let Some(encoding) = words.next().flatten() {
        charges["encoding"] = encoding.into();
    }
    if let Some(delimiter) = words.next().flatten() {
        charges["dialect"] = serde_json::json!({ "delimiter": delimiter.replace("\\t", "\t") });
    }
    let percent = words.next().flatten().and_then(|text| text.parse().ok()).unwrap_or(100.0);
    read(descriptor(&charges), ("charges.csv", content), percent);
}
