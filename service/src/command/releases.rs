//! `chargesheet publish`, `verify` and `withdraw`: the commands that change a store or check its digests.

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;

use super::check::{code, keep, read};
#[cfg(feature = "cluster")]
use super::publish_cluster::publish as publish_on_cluster;
use super::publish_diff::difference;
use super::publish_terms::{PublishOptions, agreed, asks, newest, what_is_there};
use super::{FILE_REFUSED, NOT_DONE, UNREADABLE, complain, print};
use crate::ingest::{Report, Rules, Verdict};
use crate::package::{Package, folder_of, from_path};
use crate::release::{Content, Published, Reason, Store, StoreError, Withdrawn};

/// Publishes the package in a folder, or every bundled package if no folder is given.
///
/// # Errors
/// When the store cannot be written. The message says which release is the newest now.
pub fn publish(folder: Option<&Path>, options: &PublishOptions) -> Result<ExitCode, String> {
    let store =
        Store::open_or_make(&options.store).map_err(|error| format!("{error}; nothing was published"))?;
    let Some(folder) = folder else {
        for package in chargesheet_data::EARLIER.iter().chain(chargesheet_data::PACKAGES) {
            let package = Package::bundled(package).map_err(|error| error.to_string())?;
            let code = publish_package(&store, &package, None, options)?;
            if code != ExitCode::SUCCESS {
                return Ok(code);
            }
        }
        return Ok(ExitCode::SUCCESS);
    };
    if folder.to_string_lossy().contains("://") {
        let shown = folder.display();
        complain(&format!(
            "{shown} is an address, and a package is a folder or a ZIP file; mount the storage or copy the package; nothing was published"
        ));
        return Ok(ExitCode::from(UNREADABLE));
    }
    if let Some(address) = &options.engine.address {
        return publish_on_cluster(&store, folder, options, address);
    }
    match from_path(folder) {
        Ok(package) => publish_package(&store, &package, Some(folder), options),
        Err(error) => {
            complain(&format!("{error}; nothing was published"));
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

/// Refuses what a program without a cluster cannot do.
#[cfg(not(feature = "cluster"))]
fn publish_on_cluster(
    _store: &Store,
    _folder: &Path,
    _options: &PublishOptions,
    address: &str,
) -> Result<ExitCode, String> {
    Err(format!(
        "--engine {address} needs a chargesheet that is built with the feature `cluster` (cargo build --release --features \
         chargesheet/cluster); nothing was published"
    ))
}

fn publish_package(
    store: &Store,
    package: &Package,
    folder: Option<&Path>,
    options: &PublishOptions,
) -> Result<ExitCode, String> {
    let dataset = &package.descriptor.name;
    let before = newest(store, dataset).ok().flatten();
    let state = |error: &StoreError| format!("{error}; {}", what_is_there(store, dataset, before.as_deref()));
    let said_to_nobody =
        |error: &String| format!("{error}; {}", what_is_there(store, dataset, before.as_deref()));
    let lock = store.lock(dataset).map_err(|error| state(&error))?;
    // Bundled packages were checked when the program was built, so they are published whatever the clock says. A wrong clock would
    // otherwise refuse rows and produce a different release.
    let rules = if folder.is_some() { Rules::of(options.refusal.today) } else { Rules::of_any_day() };
    let rules = Rules { max_rejected_percent: options.refusal.max_rejected, ..rules };
    let (ingested, report) = match read(package, &rules) {
        Ok(read) => read,
        Err(error) => {
            complain(&format!("{error}; nothing was published"));
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    if report.verdict() != Verdict::Accept {
        print(report.to_text().as_bytes()).map_err(|error| said_to_nobody(&error))?;
    }
    keep_refused(package, &report, folder, options).map_err(|error| said_to_nobody(&error))?;
    if report.verdict() == Verdict::RejectFile {
        complain(&format!("a file is refused; {}", what_is_there(store, dataset, before.as_deref())));
        return Ok(ExitCode::from(FILE_REFUSED));
    }
    // Nobody decides on a bundled package, so nothing is compared.
    let changes = folder
        .map(|_| difference(store, before.as_deref(), package, &options.refusal.rules(), &ingested.records));
    let asks = asks(options);
    if let Some(changes) = changes.as_ref().filter(|_| asks) {
        let is_there =
            |id: &String| store.releases(dataset).is_ok_and(|all| all.iter().any(|own| own.id == *id));
        if !changes.release.as_ref().is_some_and(is_there) && !agreed(dataset, &changes.text)? {
            complain(&what_is_there(store, dataset, before.as_deref()));
            return Ok(ExitCode::from(NOT_DONE));
        }
    }
    let content = Content::of(ingested);
    let said = match store.publish(&lock, &content, &report, Timestamp::now()) {
        Ok(Published { id, records, is_new: true }) => {
            let told = changes.filter(|_| !asks).map_or(String::new(), |changes| changes.text);
            format!("published {dataset} {id}: {records} records\n{told}")
        }
        Ok(Published { id, .. }) => format!("{dataset} {id} is published already; nothing was changed\n"),
        Err(error) => return Err(state(&error)),
    };
    print(said.as_bytes()).map_err(|error| said_to_nobody(&error))?;
    Ok(code(&report))
}

fn keep_refused(
    package: &Package,
    report: &Report,
    folder: Option<&Path>,
    options: &PublishOptions,
) -> Result<(), String> {
    if report.rejected.is_empty() {
        return Ok(());
    }
    let beside = folder.map(|path| folder_of(path).join("quarantine"));
    match options.refusal.quarantine.clone().or(beside) {
        Some(place) => keep(package, report, &place),
        None => Ok(()),
    }
}

/// Recomputes every digest of a store, and prints the result.
///
/// # Errors
/// When the store or one of its lists cannot be read.
pub fn verify(store: &Path) -> Result<ExitCode, String> {
    let store = Store::open(store).map_err(|error| error.to_string())?;
    let mut unprinted = None;
    let all = store.verify(|found| {
        let said = match &found.fault {
            None => format!("{}  {}  {}\n", found.dataset, found.name, found.note),
            Some(fault) => format!("{}  {}  DAMAGED: {fault}\n", found.dataset, found.name),
        };
        if let Err(error) = print(said.as_bytes()) {
            unprinted = Some(error);
        }
    });
    let all = all.map_err(|error| error.to_string())?;
    if let Some(error) = unprinted {
        return Err(error);
    }
    let damaged = all.iter().filter(|found| found.fault.is_some()).count();
    let newer = match all.iter().filter(|found| found.is_newer).count() {
        0 => String::new(),
        newer => format!(", {newer} for a later version of the program"),
    };
    print(format!("{} checked, {damaged} damaged{newer}\n", all.len()).as_bytes())?;
    Ok(match (damaged, newer.is_empty()) {
        (0, true) => ExitCode::SUCCESS,
        // What could not be read may be right.
        (0, false) => ExitCode::from(NOT_DONE),
        _ => ExitCode::FAILURE,
    })
}

/// Withdraws releases of a dataset, at once and for good.
///
/// # Errors
/// When there is no such release, or the store cannot be written. Releases that were withdrawn before the error stay withdrawn.
pub fn withdraw(
    store: &Path,
    dataset: &str,
    releases: &[String],
    reason: Reason,
) -> Result<ExitCode, String> {
    let store = Store::open(store).map_err(|error| error.to_string())?;
    let before = newest(&store, dataset).ok().flatten();
    for release in releases {
        let tombstone = Withdrawn { since: Timestamp::now(), reason };
        let tombstone = store.withdraw(dataset, release, tombstone).map_err(|error| match &error {
            StoreError::Missing { .. } => error.to_string(),
            _ => format!("{error}; {}", what_is_there(&store, dataset, before.as_deref())),
        })?;
        let said = format!(
            "{dataset} {release} is withdrawn since {}: {}\n",
            tombstone.since,
            tombstone.reason.name()
        );
        print(said.as_bytes())?;
    }
    let said = match newest(&store, dataset).map_err(|error| error.to_string())? {
        Some(id) => format!("the newest release of {dataset} is now {id}\n"),
        None => format!("{dataset} has no release any more\n"),
    };
    print(said.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::super::check::RefusalOptions;
    use super::super::publish_terms::EngineOptions;
    use super::*;
    use crate::domain::Period;

    #[test]
    fn what_is_compiled_in_is_published_by_a_clock_that_is_years_behind() {
        let folder = std::env::temp_dir().join(format!("chargesheet-clock-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let newest = |today: &str| {
            let (store, today) = (folder.join(today), Period::parse(today).unwrap().first_day());
            let max_rejected = Rules::MAX_REJECTED_PERCENT;
            let refusal = RefusalOptions { max_rejected, quarantine: None, today };
            let engine = EngineOptions::default();
            let options = PublishOptions { store: store.clone(), yes: true, refusal, engine };
            assert_eq!(publish(None, &options).unwrap(), ExitCode::SUCCESS);
            let store = Store::open(&store).unwrap();
            chargesheet_data::PACKAGES.iter().map(|own| newest(&store, own.name).unwrap()).collect::<Vec<_>>()
        };
        let today = newest("2026-11-28");
        assert!(today.iter().all(Option::is_some), "{today:?}");
        assert_eq!(newest("2021-11-28"), today);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
