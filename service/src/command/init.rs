//! `chargesheet init`: makes a data package of spreadsheets.

mod ask;
mod kept;
mod open;
mod place;
mod told;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chargesheet_check::mapping::{Converted, Ready, Session, SheetFile, is_quarantine};
use chargesheet_check::sheet::hint;
use clap::Args;
use clap::builder::ArgPredicate;
use jiff::Timestamp;
use serde_json::json;

use self::kept::{LARGEST, begin, keep_answers, key_for_answers, read_file};
use self::open::{Open, open_of};
use self::place::{holds_no_earlier, holds_no_other};
use self::told::{text_of, text_of_open};
use super::check::{RefusalOptions, code, read};
use super::{FILE_REFUSED, ROWS_REFUSED, UNREADABLE, complain, one_of, print};
use crate::disk;
use crate::domain::Say;
use crate::domain::tables::Table;
use crate::ingest::{Report, Verdict, printable_json};
use crate::package::{Archive, Kind, Package};

/// Options for making a package of sheets, or a template of sheets.
#[derive(Debug, Args)]
pub struct InitOptions {
    /// The files with sheets; beside them, lists in the format, such as statutes.csv and sources.csv.
    #[arg(required_unless_present = "template", value_name = "SHEET")]
    sheets: Vec<PathBuf>,
    /// Writes an empty workbook with drop-down lists of codes instead, to the file of --out: case-level or reported.
    #[arg(long, value_name = "KIND", value_parser = kind, conflicts_with = "sheets")]
    pub template: Option<Kind>,
    /// The mapping.json of an earlier package: columns and values are read as they were then.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The key that pseudonyms are made with. It is made where it is missing.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The folder of the package, or a file that ends in .zip.
    #[arg(
        long,
        value_name = "FOLDER",
        default_value_if("template", ArgPredicate::IsPresent, "template.xlsx"),
        default_value = "package"
    )]
    pub out: PathBuf,
    /// Asks nothing: what is certain is taken, and what is not is refused.
    #[arg(long)]
    yes: bool,
    /// Prints one JSON object for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    refusal: RefusalOptions,
}

fn kind(text: &str) -> Result<Kind, String> {
    one_of(&Kind::ALL, Kind::name, text).map_err(|names| format!("expected one of {}", names.join(", ")))
}

/// Makes a package of sheets, checks it, and prints what was refused.
///
/// # Errors
/// When the package, the key or the refused rows cannot be written, or the terminal cannot be read.
pub fn init(options: &InitOptions) -> Result<ExitCode, String> {
    lie_apart(options)?;
    holds_no_other(&options.out)?;
    let mut session = match opened(&options.sheets).and_then(|(files, ready)| Session::open(files, ready)) {
        Ok(session) => session,
        Err(faults) => return refused(options, &faults, &[]),
    };
    // Without its key or its sheet, an earlier mapping is refused before anybody answers a question.
    let is_believed = match begin(&mut session, options.mapping.as_deref(), options.key.as_deref()) {
        Ok(is_believed) => is_believed,
        Err(faults) => return refused(options, &faults, &[]),
    };
    let is_asked = !options.yes && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    match made(options, &mut session, is_asked, is_believed) {
        Ok(code) => code,
        Err(faults) => {
            keep_answers(&mut session, &options.out, options.key.as_deref(), is_asked);
            let open = open_questions(&mut session).unwrap_or_default();
            refused(options, &faults, &open)
        }
    }
}

fn lie_apart(options: &InitOptions) -> Result<(), String> {
    let key = options.key.as_deref().or((!options.yes).then_some(Path::new(ask::KEY)));
    let sheets = options.sheets.iter().map(PathBuf::as_path).filter(|path| ready_table(path).is_none());
    place::lie_apart(&options.out, options.refusal.quarantine.as_deref(), key, sheets)
}

fn ready_table(path: &Path) -> Option<&'static Table> {
    Ready::table_of(&path.file_name()?.to_string_lossy())
}

fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn open_questions(session: &mut Session) -> Result<Vec<Open>, Vec<Say>> {
    let questions = session.questions()?;
    Ok(questions.iter().map(|asked| open_of(session.mapping(), asked)).collect())
}

/// Tells why nothing was made, and what is open.
fn refused(options: &InitOptions, faults: &[Say], open: &[Open]) -> Result<ExitCode, String> {
    if options.json {
        let fault = |says: &Say| json!({ "code": says.code(), "message": says.english(), "says": says });
        let faults: Vec<_> = faults.iter().map(fault).collect();
        let told = json!({ "verdict": "unreadable", "faults": faults, "questions": open });
        print(format!("{}\n", printable_json(&told.to_string())).as_bytes())?;
    } else {
        print(text_of_open(open).as_bytes())?;
    }
    let told = faults.iter().map(|says| {
        let further = hint(says).map(|hint| format!("; {}", hint.english())).unwrap_or_default();
        says.english() + &further
    });
    complain(&format!("{}; nothing was made", told.collect::<Vec<_>>().join("\n")));
    Ok(ExitCode::from(UNREADABLE))
}

fn made(
    options: &InitOptions,
    session: &mut Session,
    is_asked: bool,
    is_believed: bool,
) -> Result<Result<ExitCode, String>, Vec<Say>> {
    if !is_believed {
        let says = Say::new("mapping_layout");
        if !is_asked {
            return Err(vec![says]);
        }
        eprintln!("{}", says.english());
    }
    if is_asked {
        match ask::everything(session, options.key.as_deref()) {
            Ok(asked) => asked?,
            Err(error) => {
                keep_answers(session, &options.out, options.key.as_deref(), is_asked);
                return Ok(Err(error));
            }
        }
    }
    session.accept()?;
    match key_for_answers(session, options.key.as_deref(), is_asked) {
        Ok(taken) => taken?,
        Err(error) => return Ok(Err(error)),
    }
    let open = open_questions(session)?;
    let converted = session.finish(&Timestamp::now().to_string())?;
    Ok(finished(options, session, &converted, &open))
}

fn opened(paths: &[PathBuf]) -> Result<(Vec<SheetFile>, Vec<Ready>), Vec<Say>> {
    let (mut files, mut ready, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (number, path) in paths.iter().enumerate() {
        if let Some(table) = ready_table(path) {
            match read_file(path).and_then(|bytes| Ready::read(table, &bytes).map_err(|says| vec![says])) {
                Ok(own) => ready.push(own),
                Err(own) => faults.extend(own),
            }
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The name of a file may be that of a person.
        let told = format!("file {}", number + 1);
        let about = |fault: Say| Say::new("package.read").with("path", &told).with_said("error", fault);
        let file = disk::open(path).map_err(|error| Say::new("unreadable").with("error", error));
        match file.and_then(|file| SheetFile::open(&name, Box::new(file))) {
            Ok(file) => files.push(file),
            Err(fault) => faults.push(about(fault)),
        }
    }
    if faults.is_empty() { Ok((files, ready)) } else { Err(faults) }
}

fn finished(
    options: &InitOptions,
    session: &mut Session,
    converted: &Converted,
    open: &[Open],
) -> Result<ExitCode, String> {
    let rules = options.refusal.rules();
    let checked = Package::in_memory(&options.out.display().to_string(), converted.files.clone())
        .and_then(|package| read(&package, &rules).map(|(_, report)| report));
    let is_ready = |file: &str| ready_table(Path::new(file)).is_some();
    let checked = checked.map(|mut report| {
        report.hide_values(is_ready);
        report
    });
    if let Ok(report) = &checked
        && let Some(file) = report.rejected.keys().find(|file| is_ready(file))
    {
        print(report.to_text().as_bytes())?;
        complain(&format!("{file} is copied whole, so every line of it must be right; nothing was made"));
        return Ok(ExitCode::from(FILE_REFUSED));
    }
    // A descriptor that says too little is completed by hand; the rest of the package is made.
    write(options, converted)?;
    let report = match checked {
        Ok(report) => report,
        Err(error) => {
            if options.json {
                let told = converted.to_json(error.to_json(), open);
                print(format!("{}\n", printable_json(&told.to_string())).as_bytes())?;
            } else {
                print(text_of(converted, open).as_bytes())?;
            }
            if let Some(folder) = &options.refusal.quarantine {
                keep(folder, session, converted, None)?;
            }
            let place = options.out.display();
            complain(&format!("{error}\nthe package is in {place}, and is not complete: mend this there"));
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    if let Some(folder) = &options.refusal.quarantine {
        keep(folder, session, converted, Some(&report))?;
    }
    if options.json {
        print(
            format!("{}\n", printable_json(&converted.to_json(report.to_json(), open).to_string()))
                .as_bytes(),
        )?;
    } else {
        print((text_of(converted, open) + &report.to_text()).as_bytes())?;
        eprintln!("the package is in {}", options.out.display());
    }
    let is_too_much = |table: &chargesheet_check::mapping::Made| {
        // A sum of other rows is no record that was lost.
        let refused = table.refused.len() + rejected(&report, table.name).len();
        let (refused, read) = (refused as f64 - table.totals as f64, (table.read - table.totals) as f64);
        refused * 100.0 > options.refusal.max_rejected * read
    };
    if converted.tables.iter().any(is_too_much) {
        complain(&format!("more than {} % of a table's rows are refused", options.refusal.max_rejected));
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
    let folders = options.refusal.quarantine.as_ref().into_iter().chain((!is_zip(out)).then_some(out));
    for folder in folders {
        let is_new_secret = folder != out && !folder.exists();
        let made = disk::make_folder(folder)
            .and_then(|()| if is_new_secret { disk::keep_to_owner(folder) } else { Ok(()) });
        made.map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    // Now that the folders are there, links show where they lead.
    lie_apart(options)?;
    holds_no_other(out)?;
    let is_made = |name: &str| converted.files.iter().any(|(own, _)| own == name);
    holds_no_earlier(out, is_made)?;
    if is_zip(out) {
        let mut archive = Archive::created("", || ());
        for (name, bytes) in &converted.files {
            archive.add(name, bytes).map_err(|error| failed(&error))?;
        }
        let packed = archive.finish().map_err(|error| failed(&error))?;
        return disk::replace(out, &packed).map_err(|error| failed(&error));
    }
    for (name, bytes) in &converted.files {
        disk::replace(&out.join(name), bytes).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Writes the refused rows of each table, with the columns of its sheet.
fn keep(
    folder: &Path,
    session: &mut Session,
    converted: &Converted,
    report: Option<&Report>,
) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    for table in &converted.tables {
        let mut bytes = Vec::new();
        let rows = session
            .keep_refused(table, report, &mut bytes)
            .map_err(|faults| faults.iter().map(Say::english).collect::<Vec<_>>().join("\n"))?;
        if rows == 0 {
            continue;
        }
        let path = folder.join(format!("{}.csv", table.name));
        if path.exists() && !is_quarantine(&disk::read(&path, LARGEST).map_err(|error| failed(&error))?) {
            return Err(format!(
                "{} is there and holds no refused rows; name another folder for them",
                path.display()
            ));
        }
        disk::replace(&path, &bytes).map_err(|error| failed(&error))?;
        eprintln!(
            "{} in {}; names may stand there, keep it where nobody else reads it",
            if rows == 1 { "1 refused row is".to_owned() } else { format!("{rows} refused rows are") },
            path.display()
        );
    }
    Ok(())
}
