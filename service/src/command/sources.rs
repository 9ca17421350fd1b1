//! `chargesheet sources`: keeps copies of the pages that figures were taken from, and tells whether they still say so.
//!
//! A capture fills the columns `captured`, `sha256` and `found` of `sources.csv`. A recheck compares the pages with them and writes
//! nothing there.

mod verdict;

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, value_parser};
use jiff::Timestamp;

use self::verdict::{Asked, Found, Read, Told, exit_code, judge, line, sums};
use super::check::{code, read};
use super::{UNREADABLE, complain, print};
use crate::disk;
use crate::ingest::{Records, Rules, Verdict, printable, printable_json};
use crate::package::{Kind, Package, PackageError, Resource, from_folder, hex, read_all};
use crate::sources::{
    AllowedHost, Archive, Failure, Fetcher, Limits, Table, USER_AGENT, Values, numbers, text,
};

/// Bytes of the largest `sources.csv`.
const LARGEST_TABLE: u64 = 256 << 20;
/// Bytes in a megabyte.
const MB: u64 = 1_000_000;

/// What to capture, and within which bounds.
#[derive(Debug, Clone, Args)]
pub struct SourcesOptions {
    /// The folder that holds datapackage.json.
    folder: PathBuf,
    /// Folder for the pages, as web archives keep them (WARC); made where it is missing. It lies outside of the package's folder.
    #[arg(long, value_name = "OUT", required_unless_present = "recheck")]
    capture: Option<PathBuf>,
    /// Compares the pages with the last capture, and writes nothing into the package.
    #[arg(long)]
    recheck: bool,
    /// Prints one JSON object for programs.
    #[arg(long)]
    json: bool,
    /// A host whose address may be private, such as a server of one's own; can be given several times.
    #[arg(long, value_name = "HOST[:PORT]", value_parser = AllowedHost::parse)]
    allow_host: Vec<AllowedHost>,
    /// How long one source may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// How long all sources may take together, in minutes.
    #[arg(long, value_name = "MINUTES", default_value = "120", value_parser = value_parser!(u64).range(1..=10_080))]
    timeout_in_all: u64,
    /// How large one source may be, in megabytes.
    #[arg(long, value_name = "MB", default_value = "32", value_parser = value_parser!(u64).range(1..=1000))]
    largest: u64,
    /// How large all sources may be together, in megabytes.
    #[arg(long, value_name = "MB", default_value = "1000", value_parser = value_parser!(u64).range(1..=100_000))]
    largest_in_all: u64,
    /// The pause between two requests to a host, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = value_parser!(u64).range(0..=60))]
    pause: u64,
}

/// Captures the sources of a package, or compares them with the last capture.
///
/// # Errors
/// When the package's table of sources or the archive cannot be read or written, or the result cannot be printed.
pub fn sources(options: &SourcesOptions, rules: &Rules) -> Result<ExitCode, String> {
    let unreadable = |error: PackageError| {
        complain(&error.to_string());
        Ok(ExitCode::from(UNREADABLE))
    };
    let package = match from_folder(&options.folder) {
        Ok(package) => package,
        Err(error) => return unreadable(error),
    };
    let name = &package.descriptor.name;
    if package.descriptor.chargesheet.kind == Kind::CaseLevel {
        complain(&format!(
            "{name} is a case-level dataset: it has no sources.csv, so there is nothing to capture"
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let (ingested, report) = match read(&package, rules) {
        Ok(read) => read,
        Err(error) => return unreadable(error),
    };
    if !matches!(report.verdict(), Verdict::Accept | Verdict::AcceptWithWarning) {
        complain(&format!(
            "`chargesheet check` refuses some of {name}; repair that first. Nothing was fetched"
        ));
        return Ok(code(&report));
    }
    let (figures, sources) = match ingested.records {
        Records::Figures { figures, sources } => (figures, sources),
        Records::Charges(_) => Default::default(),
    };
    let resource = package.descriptor.resource("sources").ok_or("the package declares no sources")?;
    let bytes = table(&options.folder, resource)?;
    let mut earlier = told(resource, Table::read(&bytes, resource.delimiter))?.values();
    let mut values = vec![Vec::new(); sources.len()];
    for figure in &figures {
        values[usize::from(figure.source)].push(figure.value);
    }
    let asked = sources.into_iter().zip(values).map(|(source, figures)| Asked {
        earlier: earlier.remove(&source.id).unwrap_or_default(),
        id: source.id,
        url: source.url,
        figures,
    });
    let archive = options.capture.as_ref().map(|out| begin(out, &options.folder, &package)).transpose()?;
    let mut fetcher = Fetcher::new(options.limits(), options.allow_host.clone(), archive);
    let all = ask_all(&mut fetcher, asked.collect(), options)?;
    let archive = fetcher.into_archive().map(Archive::end).transpose();
    let archive = archive.map_err(|error| format!("the archive cannot be written: {error}"))?;
    if !options.recheck {
        fill(&options.folder, resource, &all)?;
    }
    if options.json {
        let told = serde_json::json!({ "sources": all, "archive": archive });
        print(format!("{}\n", printable_json(&told.to_string())).as_bytes())?;
    } else {
        print(format!("{}\n", sums(&all)).as_bytes())?;
        if let Some(archive) = archive {
            print(format!("The pages are in {}\n", printable(&archive.display().to_string())).as_bytes())?;
        }
    }
    Ok(ExitCode::from(exit_code(&all, options.recheck)))
}

impl SourcesOptions {
    fn limits(&self) -> Limits {
        let bytes = |megabytes: u64| usize::try_from(megabytes * MB).unwrap_or(usize::MAX);
        Limits {
            time: Duration::from_secs(self.timeout),
            time_in_all: Duration::from_secs(self.timeout_in_all * 60),
            bytes: bytes(self.largest),
            bytes_in_all: bytes(self.largest_in_all),
            pause: Duration::from_secs(self.pause),
        }
    }
}

/// Reads the table of sources as it is.
fn table(folder: &Path, resource: &Resource) -> Result<Vec<u8>, String> {
    let file = disk::open_below(folder, &resource.path);
    told(resource, file.and_then(|file| read_all(file, LARGEST_TABLE)))
}

/// Names the file in an error.
fn told<T>(resource: &Resource, result: Result<T, impl fmt::Display>) -> Result<T, String> {
    result.map_err(|error| format!("{}: {error}", resource.path))
}

/// Begins the archive in a folder outside of the package's. Pages are the works of others, and are not handed on with a package.
fn begin(out: &Path, folder: &Path, package: &Package) -> Result<Archive, String> {
    let failed = |error: std::io::Error| format!("--capture {}: {error}", out.display());
    let place = match out.file_name().filter(|_| !out.exists()) {
        // The folder around it must be there. Links are followed before anything is made.
        Some(name) => {
            let around =
                out.parent().filter(|around| !around.as_os_str().is_empty()).unwrap_or(Path::new("."));
            around.canonicalize().map_err(failed)?.join(name)
        }
        None => out.canonicalize().map_err(failed)?,
    };
    if place.starts_with(folder.canonicalize().map_err(failed)?) {
        let message = "it lies in the package's folder, and pages of others are not to be handed on with a package; name a folder elsewhere";
        return Err(failed(std::io::Error::other(message)));
    }
    disk::make_folder(&place).map_err(failed)?;
    Archive::begin(&place, &package.descriptor.name, USER_AGENT, Timestamp::now()).map_err(failed)
}

/// Asks for every page once, whether one source has it or several. What is told of each source is printed at once.
fn ask_all(fetcher: &mut Fetcher, asked: Vec<Asked>, options: &SourcesOptions) -> Result<Vec<Told>, String> {
    let width = asked.iter().map(|asked| asked.id.chars().count()).max().unwrap_or_default();
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, one) in asked.iter().enumerate() {
        places.entry(one.url.clone()).or_default().push(place);
    }
    if !options.json {
        print(format!("{:<width$}  {:<8}  figures found\n", "source", "result").as_bytes())?;
    }
    let mut all: Vec<(usize, Told)> = Vec::with_capacity(asked.len());
    for one in &asked {
        // A page that several sources have is told of where the first of them stands.
        let Some(own) = places.remove(&one.url) else { continue };
        let page = match fetcher.page(&one.url) {
            Err(Failure::Disk(problem)) => return Err(problem),
            page => page,
        };
        let read: Option<Read> = page.as_ref().ok().map(|page| {
            let most = options.largest * MB;
            text(&page.body, &page.described, most).map(|text| numbers(&text))
        });
        for place in own {
            let told = judge(&asked[place], page.as_ref(), read.as_ref(), options.recheck);
            if !options.json {
                print(line(&told, width).as_bytes())?;
            }
            all.push((place, told));
        }
    }
    all.sort_by_key(|(place, _)| *place);
    Ok(all.into_iter().map(|(_, told)| told).collect())
}

/// Fills the table of sources with what was captured. The other rows keep what an earlier capture found.
fn fill(folder: &Path, resource: &Resource, all: &[Told]) -> Result<(), String> {
    let of = |told: &Told| {
        let found = told.found.map_or("", Found::name).to_owned();
        Some((told.source.clone(), [told.captured.clone()?, told.sha256.clone()?, found]))
    };
    let new: HashMap<String, Values> = all.iter().filter_map(of).collect();
    if new.is_empty() {
        return Ok(());
    }
    // Somebody may have worked on the table in the meantime.
    let bytes = table(folder, resource)?;
    let filled = told(resource, Table::read(&bytes, resource.delimiter))?.fill(&new);
    let path = told(resource, folder.join(&resource.path).canonicalize())?;
    told(resource, disk::replace(&path, &filled))?;
    if resource.bytes.is_some() || resource.hash.is_some() {
        use sha2::Digest as _;
        let (size, sha256) = (filled.len(), hex(&sha2::Sha256::digest(&filled)));
        complain(&format!(
            "datapackage.json declares the size or digest of {}, which has other bytes now: \
             write \"bytes\": {size}, \"hash\": \"sha256:{sha256}\"",
            resource.path
        ));
    }
    Ok(())
}
