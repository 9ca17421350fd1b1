//! `chargesheet check-part`: checks files of charges in a worker of the cluster. `publish --engine` has Spark start it.

use std::cell::RefCell;
use std::io::{BufRead as _, BufWriter, Write as _, copy, sink, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;

use crate::cluster::{Worker, images, write_objects};
use crate::ingest::{Rules, ingest_on};
use crate::package::from_folder;

/// Bytes of lines that are written at once.
const WRITTEN: usize = 1 << 20;

/// What a worker is told.
#[derive(Debug, clap::Args)]
pub struct CheckPartOptions {
    /// The folder of the package.
    #[arg(required_unless_present_any = ["images", "bring"])]
    package: Option<PathBuf>,
    /// The latest date that a record may have: the day at the publisher's.
    #[arg(long, value_name = "DATE", required_unless_present_any = ["images", "bring"])]
    today: Option<Date>,
    /// Reads ids in the place of files, and tells what a person sees in each.
    #[arg(long, conflicts_with = "package")]
    images: bool,
    /// Reads files of an object store in the place of their names, and writes them into this folder.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["package", "images"])]
    bring: Option<PathBuf>,
}

/// Checks the files whose places come on standard input, and writes lines about them. Spark ends the statement when this fails, and
/// repeats what it says.
///
/// # Errors
/// When the package is not that of the publisher, or nothing can be written.
pub fn check_part(options: &CheckPartOptions) -> Result<ExitCode, String> {
    let done = write_lines(options);
    if done.is_err() {
        // Of a program that leaves input unread, Spark only says that the pipe broke.
        let _ = copy(&mut stdin().lock(), &mut sink());
    }
    done.map(|()| ExitCode::SUCCESS)
}

fn write_lines(options: &CheckPartOptions) -> Result<(), String> {
    let mut input = stdin().lock();
    let out = BufWriter::with_capacity(WRITTEN, stdout().lock());
    if options.images {
        return images(input, out).map_err(|error| error.to_string());
    }
    if let Some(folder) = &options.bring {
        return write_objects(input, folder, out).map_err(|error| error.to_string());
    }
    // Spark starts a program for parts without rows too.
    if input.fill_buf().map_err(|error| error.to_string())?.is_empty() {
        return Ok(());
    }
    let (Some(package), Some(today)) = (&options.package, options.today) else {
        return Err("the package and the day are missing".to_owned());
    };
    let package = from_folder(package).map_err(|error| error.to_string())?;
    let worker = Worker { places: RefCell::new(input), out: RefCell::new(out) };
    let read = ingest_on(&package, &Rules::of(today), &worker);
    read.map_err(|error| error.to_string())?;
    worker.out.into_inner().flush().map_err(|error| error.to_string())
}
