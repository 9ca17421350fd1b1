//! Registers of statutes, as far as their ids, articles and parts count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::domain::tables::STATUTES;
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

/// Returns the table of these statutes, and of those that they are parts of or were replaced by, as the packages that are
/// compiled in have it; and how many rows it has.
pub(super) fn table_of(ids: &BTreeSet<String>) -> (Vec<u8>, usize) {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let packages = chargesheet_data::PACKAGES.iter().flat_map(|package| package.files);
    for file in packages.filter(|file| file.path == "statutes.csv") {
        let mut reader = csv::Reader::from_reader(file.bytes);
        let Ok(header) = reader.headers().cloned() else { continue };
        for row in reader.records().filter_map(Result::ok) {
            let field =
                |name: &str| header.iter().position(|own| own == name).and_then(|place| row.get(place));
            let fields =
                STATUTES.columns.iter().map(|column| field(column.name).unwrap_or_default().to_owned());
            rows.entry(field("statute").unwrap_or_default().to_owned()).or_insert_with(|| fields.collect());
        }
    }
    let (mut chosen, mut open) = (BTreeSet::new(), ids.iter().cloned().collect::<Vec<_>>());
    while let Some(id) = open.pop() {
        let Some(row) = rows.get(&id).filter(|_| !chosen.contains(&id)) else { continue };
        open.extend(["parent", "successor"].map(|name| row[STATUTES.place(name)].clone()));
        chosen.insert(id);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _written = out.write_record(STATUTES.columns.iter().map(|column| column.name));
    for id in &chosen {
        let _written = out.write_record(&rows[id]);
    }
    (out.into_inner().unwrap_or_default(), chosen.len())
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
