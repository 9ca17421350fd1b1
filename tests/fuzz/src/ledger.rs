//! A package of single cases, of which one file is made up; what holds for every report.

use std::sync::LazyLock;

use chargesheet::ingest::quarantine::keep;
use chargesheet::ingest::{Ingested, Records, Report, Rules, Verdict, ingest};
use chargesheet::package::{Package, PackageError};
use chargesheet::release::{Manifest, Release, ReleaseId};

use super::store::{Folder, today};

const STATUTES: &str = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
KAZ-274,,KAZ,Code,274,,False information,,,false-information,2015-01-01,2031,,https://example.org/274
KAZ-274-1,KAZ-274,KAZ,Code,274,1,False information,,,false-information,,,,
BLR-130,,BLR,Code,130,,Defamation,,,,,,,
";

/// Returns a descriptor whose resource of charges has these properties.
pub fn descriptor(charges: &serde_json::Value) -> Vec<u8> {
    serde_json::json!({
        "name": "made-up",
        "title": "Made up",
        "version": "1.0.0",
        "created": "2026-11-24T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }],
        "sources": [],
        "resources": [{ "name": "statutes", "path": "statutes.csv" }, charges],
        "chargesheet": {
            "kind": "case-level",
            "measures": ["charges", "persons", "cases"],
            "time_basis": "charge",
            "additive": [],
            "disclosure": "none",
        },
    })
    .to_string()
    .into_bytes()
}

/// Reads a package with these files and the statutes.
pub fn read(descriptor: Vec<u8>, charges: (&str, &[u8]), percent: f64) {
    let files = vec![
        ("datapackage.json".to_owned(), descriptor),
        ("statutes.csv".to_owned(), STATUTES.as_bytes().to_vec()),
        (charges.0.to_owned(), charges.1.to_vec()),
    ];
    let lines = files[0].1.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    match Package::in_memory("made-up", files) {
        Ok(package) => hold(&package, percent),
        // What is wrong stands on a line of the descriptor.
        Err(error) => {
            for fault in error.faults() {
                let is_in_file = fault.line().is_none_or(|line| line <= lines);
                assert!(is_in_file, "line of {lines}: {fault}");
            }
        }
    }
}

/// Reads a package, and holds what comes of it: every record is accounted for, and what is accepted makes a release.
pub fn hold(package: &Package, percent: f64) {
    let rules = Rules { max_rejected_percent: percent, ..Rules::of(today()) };
    let (ingested, report) = match ingest(package, &rules) {
        Ok(done) => done,
        // A file that is declared is not there.
        Err(PackageError::Read { .. } | PackageError::NoResource { .. }) => return,
        Err(error) => panic!("the package was opened, and then: {error}"),
    };
    add_up(&report);
    quarantined(package, &report);
    let refused = report.verdict() == Verdict::RejectFile;
    if let Records::Charges(charges) = &ingested.records
        && let Some(file) = report.files.iter().find(|file| file.name.starts_with("charges."))
    {
        assert!(refused || file.accepted == charges.len() as u64, "{file:?}, {} charges", charges.len());
    }
    if !refused {
        sealed(ingested);
    }
}

fn add_up(report: &Report) {
    let mut read = 0;
    for file in &report.files {
        let parts = file.accepted + file.rejected + file.duplicates + file.withheld;
        assert_eq!(file.read, parts, "{file:?}");
        read += file.read;
    }
    let told = report.to_text();
    let end = told.lines().last().unwrap_or_default();
    assert!(end.starts_with(&format!("{read} read = ")), "{told}");
}

/// Every row that is refused is kept where it can be repaired. It takes ten times as long as all else, so it is looked at
/// for one input in four, and always the same ones.
fn quarantined(package: &Package, report: &Report) {
    static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);
    let digest = report.files.last().and_then(|file| file.sha256.bytes().last());
    if report.rejected.is_empty() || !digest.is_some_and(|last| b"048c".contains(&last)) {
        return;
    }
    let kept = keep(package, report, FOLDER.path()).expect("temporary files can be written");
    for (path, rows) in kept {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let resource = package.descriptor.resources.iter().find(|resource| resource.name == name);
        let place = resource.map(|resource| resource.path.as_str());
        let file = report.files.iter().find(|file| Some(file.name.as_str()) == place);
        let rejected = file.map(|file| file.rejected);
        assert_eq!(rejected, Some(rows), "{name}: {}", report.to_text());
    }
}

fn sealed(ingested: Ingested) {
    let release = Release::seal(ingested);
    let id = release.id().as_str();
    assert!(ReleaseId::parse(id).is_some(), "{id} is no id");
    let json = release.manifest().to_json();
    assert_eq!(Manifest::read(&json).as_ref(), Some(release.manifest()));
}
