//! `charges.parquet`: the bytes of the file.

use super::ledger::{descriptor, read};

/// Every record is taken, refused, counted once or withheld; what is damaged is refused, and takes no more memory than a
/// file of its size may.
pub fn run(bytes: &[u8]) {
    let charges = serde_json::json!({ "name": "charges", "path": "charges.parquet", "format": "parquet" });
    read(descriptor(&charges), ("charges.parquet", bytes), 100.0);
}
