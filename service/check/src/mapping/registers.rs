//! Registers of statutes, as far as their ids, articles and parts count.

use std::sync::LazyLock;

use crate::domain::{Register, Statute};

/// Returns the statutes of the packages that are compiled in.
pub(super) fn bundled() -> &'static Register {
    static REGISTER: LazyLock<Register> = LazyLock::new(|| {
        let files = chargesheet_data::PACKAGES.iter().flat_map(|package| package.files);
        let registers = files.filter(|file| file.path == "statutes.csv").map(|file| register_of(file.bytes));
        let mut all: Vec<Statute> = registers.flat_map(|register| register.all().to_vec()).collect();
        all.sort_by(|left, right| left.id.cmp(&right.id));
        all.dedup_by(|left, right| left.id == right.id);
        Register::new(all)
    });
    &REGISTER
}

/// Reads the statutes of a CSV file. Rows that cannot be read are passed over: the check of the package tells them.
pub(super) fn register_of(csv: &[u8]) -> Register {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let Ok(header) = reader.headers().cloned() else { return Register::default() };
    let place = |name: &str| header.iter().position(|own| own == name);
    let places = ["statute", "country", "law", "article", "part"].map(place);
    let mut all: Vec<Statute> = Vec::new();
    for row in reader.records().filter_map(Result::ok) {
        let [id, country, law, article, part] =
            places.map(|place| place.and_then(|place| row.get(place)).unwrap_or_default().to_owned());
        if !id.is_empty() && all.len() < Register::LIMIT {
            all.push(Statute { id, country, law, article, part, ..Statute::default() });
        }
    }
    all.sort_by(|left, right| left.id.cmp(&right.id));
    all.dedup_by(|left, right| left.id == right.id);
    Register::new(all)
}
