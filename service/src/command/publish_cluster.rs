//! `chargesheet publish --engine`: publishes a package whose charges a cluster checks and sorts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;

use super::check::{code, keep};
use super::publish_terms::{PublishOptions, agreed, asks, newest, what_is_there};
use super::{FILE_REFUSED, NOT_DONE, UNREADABLE, complain, print};
use crate::cluster::{Cluster, Connection, OPENING, Objects, Sorted, token, uuid};
use crate::domain::tables::CHARGES;
use crate::ingest::{Report, Verdict, ingest_on};
use crate::package::{Kind, Package, PackageError, from_path};
use crate::release::{Content, Published, Store};

/// Most refused rows whose numbers are held at once, but for those of one file.
const MOST_REFUSED: u64 = 1 << 20;
/// Publishes the package in a folder as a release in parts. Workers read its files, write into the store and start this program,
/// all under the same absolute paths as here.
///
/// # Errors
/// When the cluster cannot do it, or the store cannot be written. The message says which release is the newest now.
pub fn publish(
    store: &Store,
    folder: &Path,
    options: &PublishOptions,
    address: &str,
) -> Result<ExitCode, String> {
    let unreadable = |error: PackageError| {
        complain(&format!("{error}; nothing was published"));
        Ok(ExitCode::from(UNREADABLE))
    };
    let objects = Objects::of(folder);
    let opened = objects.as_ref().map_or_else(|| from_path(folder), Objects::without_rows);
    let mut package = match opened {
        Ok(package) => package,
        Err(error) => return unreadable(error),
    };
    let dataset = &package.descriptor.name.clone();
    let before = newest(store, dataset).ok().flatten();
    let state = |error: String| format!("{error}; {}", what_is_there(store, dataset, before.as_deref()));
    takes(&package, folder).map_err(state)?;
    if let Some(objects) = &objects {
        objects.held_against(&options.engine.allowed).map_err(state)?;
    }
    let lock = store.lock(dataset).map_err(|error| state(error.to_string()))?;
    let connection = Connection::open(address, token().as_deref(), OPENING);
    let connection = connection.map_err(|error| state(error.to_string()))?;
    let writing = store.begin_parts(lock, dataset).map_err(|error| state(error.to_string()))?;
    let absolute = |path: &Path| {
        path.canonicalize().map_err(|error| state(format!("cannot find {}: {error}", path.display())))
    };
    let program = match &options.engine.program {
        Some(program) => program.clone(),
        None => {
            std::env::current_exe().map_err(|error| state(format!("cannot find this program: {error}")))?
        }
    };
    // Of an earlier publication, a statement may still be running and writing.
    let work = absolute(writing.folder())?.join(format!("work-{}", uuid()));
    let most = Duration::from_secs(options.engine.hours * 3600);
    let mut place = absolute(folder)?;
    if let Some(objects) = &objects {
        place = work.join("package");
        objects.bring(&connection, &program, &place, most).map_err(|error| state(error.to_string()))?;
        package = match from_path(&place) {
            Ok(package) => package,
            Err(error) => return unreadable(error),
        };
    }
    let package = &package;
    let cluster = Cluster::of(connection, &program, &place, &work, options.refusal.today, most);
    let rules = options.refusal.rules();
    let (ingested, report) = match ingest_on(package, &rules, &cluster) {
        Ok(read) => read,
        Err(error) => return unreadable(error),
    };
    let sorted = cluster.sorted().map_err(|error| state(error.to_string()))?;
    if report.verdict() != Verdict::Accept {
        print(report.to_text().as_bytes()).map_err(state)?;
    }
    let place = options.refusal.quarantine.clone().unwrap_or_else(|| folder.join("quarantine"));
    keep_refused(package, &report, &cluster, sorted.as_ref(), &place).map_err(state)?;
    let Some(Sorted { columns, folder: Some(files), .. }) =
        sorted.filter(|_| report.verdict() != Verdict::RejectFile)
    else {
        complain(&format!("a file is refused; {}", what_is_there(store, dataset, before.as_deref())));
        return Ok(ExitCode::from(FILE_REFUSED));
    };
    if asks(options) && !agreed(dataset, "  charges in parts are not compared with the release before\n")? {
        complain(&what_is_there(store, dataset, before.as_deref()));
        return Ok(ExitCode::from(NOT_DONE));
    }
    let accepted: Vec<u64> = of_charges(package, &report).map(|(_, accepted, _)| accepted).collect();
    let content = Content::of(ingested);
    let done = writing.finish(&content, &report, (columns, accepted.iter().sum()), &files, Timestamp::now());
    let said = match done.map_err(|error| state(error.to_string()))? {
        Published { id, records, is_new: true } => format!("published {dataset} {id}: {records} records\n"),
        Published { id, .. } => format!("{dataset} {id} is published already; nothing was changed\n"),
    };
    print(said.as_bytes()).map_err(state)?;
    Ok(code(&report))
}

/// Whether a cluster takes the package.
///
/// # Errors
/// When it does not. The error says what to do instead.
fn takes(package: &Package, folder: &Path) -> Result<(), String> {
    let why = if package.descriptor.chargesheet.kind != Kind::CaseLevel {
        "its dataset is reported, and a cluster checks charges"
    } else if !folder.is_dir() {
        "it is a ZIP file, and workers read the files of a folder"
    } else if !package.is_parquet(CHARGES.name) {
        "its charges are CSV, and workers read Parquet"
    } else {
        return Ok(());
    };
    Err(format!("--engine does not take {}: {why}; publish it without --engine", folder.display()))
}

/// Returns the files of the charges in their order: the path, and how many rows are accepted and refused.
fn of_charges<'r>(package: &'r Package, report: &'r Report) -> impl Iterator<Item = (&'r str, u64, u64)> {
    let counts = report.files.iter().map(|file| (file.name.as_str(), (file.accepted, file.rejected)));
    let counts: BTreeMap<_, _> = counts.collect();
    package.descriptor.files_of(CHARGES.name).map(move |file| {
        let (accepted, rejected) = counts.get(file.path.as_str()).copied().unwrap_or_default();
        (file.path.as_str(), accepted, rejected)
    })
}

/// Keeps refused rows, one file after the other, because all together may be too many for the memory.
fn keep_refused(
    package: &Package,
    report: &Report,
    cluster: &Cluster,
    sorted: Option<&Sorted>,
    place: &Path,
) -> Result<(), String> {
    let mut others = report.clone();
    if sorted.is_some() {
        // The report has only the first of those of the charges.
        let own: BTreeSet<&str> = package.descriptor.files_of(CHARGES.name).map(|file| &*file.path).collect();
        others.rejected.retain(|file, _| !own.contains(file.as_str()));
    }
    if !others.rejected.is_empty() {
        keep(package, &others, place)?;
    }
    let Some(sorted) = sorted else { return Ok(()) };
    let files: Vec<(&str, u64, u64)> = of_charges(package, report).collect();
    let mut first = 0;
    while first < files.len() {
        // Spark is asked for as many files at once as the memory has room for.
        let (mut last, mut rows) = (first, files[first].2);
        while last + 1 < files.len() && rows + files[last + 1].2 <= MOST_REFUSED {
            last += 1;
            rows += files[last].2;
        }
        let all =
            if rows == 0 { Ok(BTreeMap::new()) } else { cluster.refused(first..=last, sorted.has_repeated) };
        for (number, numbers) in all.map_err(|error| error.to_string())? {
            let path = files[number].0;
            let problems = report.problems.iter().filter(|problem| problem.file == path).cloned().collect();
            let rejected = [(path.to_owned(), numbers.into_iter().collect())].into();
            keep(package, &Report { problems, rejected, ..Report::default() }, place)?;
        }
        first = last + 1;
    }
    Ok(())
}
