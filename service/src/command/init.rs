//! `chargesheet init`: makes a data package of spreadsheets.

mod ask;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chargesheet_check::mapping::{Converted, Key, Mapping, Refusal, Session, SheetFile, quarantine};
use chargesheet_check::sheet::{Limits, hint};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::check::{code, read};
use super::{FILE_REFUSED, ROWS_REFUSED, UNREADABLE, complain, print};
use crate::disk;
use crate::domain::Say;
use crate::ingest::{Report, Rules, Verdict, printable_json};
use crate::package::{Archive, Package};

/// Most bytes of a mapping and of a key.
const LARGEST: u64 = 16 << 20;

/// Options for making a package of sheets.
#[derive(Debug)]
pub struct InitOptions {
    /// The files with sheets.
    pub sheets: Vec<PathBuf>,
    /// The mapping of an earlier time.
    pub mapping: Option<PathBuf>,
    /// The key of pseudonyms. With answers on a terminal it is made where it is missing.
    pub key: Option<PathBuf>,
    /// The folder or ZIP file of the package.
    pub out: PathBuf,
    /// Whether nothing is asked, and what is not certain is refused.
    pub yes: bool,
    /// The folder for refused rows.
    pub quarantine: Option<PathBuf>,
    /// Whether the report is one JSON object.
    pub json: bool,
    /// The largest share of a table's rows that may be refused, in percent.
    pub max_rejected_percent: f64,
    /// The latest date that a record may have.
    pub today: Date,
}

/// Makes a package of sheets, checks it, and prints what was refused.
///
/// # Errors
/// When the package, the key or the refused rows cannot be written, or the terminal cannot be read.
pub fn init(options: &InitOptions) -> Result<ExitCode, String> {
    match made(options) {
        Ok(code) => code,
        Err(faults) => {
            let mut told: Vec<String> = Vec::new();
            for says in &faults {
                let further = hint(says).map(|hint| format!("; {}", hint.english())).unwrap_or_default();
                told.push(says.english() + &further);
            }
            complain(&format!("{}; nothing was made", told.join("\n")));
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

fn made(options: &InitOptions) -> Result<Result<ExitCode, String>, Vec<Say>> {
    let mut session = Session::open(opened(&options.sheets)?)?;
    if let Some(path) = &options.mapping {
        session.with(Mapping::parse(&read_file(path)?)?);
    }
    let mut key = None;
    if let Some(path) = options.key.as_ref().filter(|path| path.exists()) {
        key = Some(Key::parse(&String::from_utf8_lossy(&read_file(path)?)).map_err(|says| vec![says])?);
    }
    if !options.yes && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        match ask::everything(&mut session, options.key.as_deref(), &mut key) {
            Ok(asked) => asked?,
            Err(error) => return Ok(Err(error)),
        }
    }
    let open = session.questions()?.len();
    let converted = session.finish(key.as_ref(), &Timestamp::now().to_string())?;
    Ok(finished(options, &mut session, &converted, open))
}

fn opened(paths: &[PathBuf]) -> Result<Vec<SheetFile>, Vec<Say>> {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let about =
            |fault: Say| Say::new("package.read").with("path", path.display()).with_said("error", fault);
        let file = disk::open(path).map_err(|error| Say::new("unreadable").with("error", error));
        match file.and_then(|file| SheetFile::open(&name, Box::new(file), Limits::NATIVE)) {
            Ok(file) => files.push(file),
            Err(fault) => faults.push(about(fault)),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(faults) }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Vec<Say>> {
    let unread = |error| vec![Say::new("package.read").with("path", path.display()).with("error", error)];
    disk::read(path, LARGEST).map_err(unread)
}

fn finished(
    options: &InitOptions,
    session: &mut Session,
    converted: &Converted,
    open: usize,
) -> Result<ExitCode, String> {
    let rules = Rules { max_rejected_percent: options.max_rejected_percent, ..Rules::of(options.today) };
    let checked = Package::in_memory(&options.out.display().to_string(), converted.files.clone())
        .and_then(|package| read(&package, &rules).map(|(_, report)| report));
    let report = match checked {
        Ok(report) => report,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    write(options, converted)?;
    if let Some(folder) = &options.quarantine {
        keep(folder, session, converted, &report)?;
    }
    if options.json {
        print(format!("{}\n", printable_json(&json_of(converted, &report, open).to_string())).as_bytes())?;
    } else {
        print((text_of(converted, open) + &report.to_text()).as_bytes())?;
        eprintln!("the package is in {}", options.out.display());
    }
    let is_too_much = |table: &chargesheet_check::mapping::Made| {
        let refused = table.refused.len() as f64 + rejected(&report, table.name).len() as f64;
        refused * 100.0 > options.max_rejected_percent * table.read as f64
    };
    if converted.tables.iter().any(is_too_much) {
        complain(&format!("more than {} % of a table's rows are refused", options.max_rejected_percent));
        return Ok(ExitCode::from(FILE_REFUSED));
    }
    let is_refused = converted.tables.iter().any(|table| !table.refused.is_empty());
    Ok(if is_refused && report.verdict() < Verdict::RejectRows {
        ExitCode::from(ROWS_REFUSED)
    } else {
        code(&report)
    })
}

/// Returns the records of a table that the check refused.
fn rejected<'r>(report: &'r Report, table: &str) -> &'r [(u64, crate::ingest::Reason)] {
    report.rejected.get(&format!("{table}.csv")).map_or(&[], Vec::as_slice)
}

fn write(options: &InitOptions, converted: &Converted) -> Result<(), String> {
    let out = &options.out;
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", out.display());
    if out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        let mut archive = Archive::created("", || ());
        for (name, bytes) in &converted.files {
            archive.add(name, bytes).map_err(|error| failed(&error))?;
        }
        let packed = archive.finish().map_err(|error| failed(&error))?;
        return disk::replace(out, &packed).map_err(|error| failed(&error));
    }
    disk::make_folder(out).map_err(|error| failed(&error))?;
    for (name, bytes) in &converted.files {
        disk::replace(&out.join(name), bytes).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Writes the refused rows of each table, with the columns of its sheet.
fn keep(folder: &Path, session: &mut Session, converted: &Converted, report: &Report) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    disk::make_folder(folder).map_err(|error| failed(&error))?;
    let mapping = session.mapping().clone();
    for table in &converted.tables {
        let own: Vec<(u32, String)> = rejected(report, table.name)
            .iter()
            .filter_map(|(record, reason)| {
                Some((*table.rows.get(usize::try_from(*record).ok()? - 1)?, reason.code()))
            })
            .collect();
        let mut refused: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for (row, codes) in &table.refused {
            refused.entry(*row).or_default().extend(codes.iter().copied());
        }
        for (row, code) in &own {
            refused.entry(*row).or_default().push(code);
        }
        if refused.is_empty() {
            continue;
        }
        let mut bytes = Vec::new();
        let rows = quarantine(session.files(), &mapping, table.name, &refused, &mut bytes)
            .map_err(|faults| faults.iter().map(Say::english).collect::<Vec<_>>().join("\n"))?;
        let path = folder.join(format!("{}.csv", table.name));
        disk::replace(&path, &bytes).map_err(|error| failed(&error))?;
        eprintln!(
            "{rows} refused rows are in {}; it may hold names, keep it where nobody else reads it",
            path.display()
        );
    }
    Ok(())
}

/// Returns the refusals of a mapping as text: equal ones as one line, with their rows.
fn text_of(converted: &Converted, open: usize) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _written = writeln!(out, "{}", crate::ingest::printable(&text));
    };
    for says in &converted.warnings {
        line(format!("warning: {}", says.english()));
    }
    for table in &converted.tables {
        line(format!(
            "{}: {} rows read, {} written, {} refused, {} left out",
            table.name,
            table.read,
            table.rows.len(),
            table.refused.len(),
            table.left_out
        ));
        for says in &table.warnings {
            line(format!("  warning: {}", says.english()));
        }
        let mut groups: BTreeMap<(Option<&str>, String), Vec<&Refusal>> = BTreeMap::new();
        for refusal in &table.refusals {
            groups.entry((refusal.column.as_deref(), refusal.says.english())).or_default().push(refusal);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rows)| (std::cmp::Reverse(rows.len()), rows[0].row));
        for ((column, words), rows) in groups {
            let shown: Vec<String> = rows.iter().take(10).map(|refusal| refusal.row.to_string()).collect();
            let more = if rows.len() > shown.len() { ", …" } else { "" };
            let column = column.map(|column| format!("{column}: ")).unwrap_or_default();
            line(format!("  {} x {column}{words} (rows {}{more})", rows.len(), shown.join(", ")));
        }
    }
    if open > 0 {
        line(format!("{open} questions are open; answer them on a terminal, or in mapping.json"));
    }
    out
}

fn json_of(converted: &Converted, report: &Report, open: usize) -> serde_json::Value {
    let problem = |says: &Say| json!({ "code": says.code(), "message": says.english(), "says": says });
    let refusal =
        |own: &Refusal| json!({ "row": own.row, "column": own.column, "problem": problem(&own.says) });
    let tables: Vec<_> = converted
        .tables
        .iter()
        .map(|table| {
            json!({
                "name": table.name, "read": table.read, "written": table.rows.len(), "refused": table.refused.len(),
                "left_out": table.left_out, "problems": table.refusals.iter().map(refusal).collect::<Vec<_>>(),
                "warnings": table.warnings.iter().map(problem).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "tables": tables, "warnings": converted.warnings.iter().map(problem).collect::<Vec<_>>(), "open_questions": open,
        "check": report.to_json(),
    })
}
