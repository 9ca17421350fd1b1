//! Asks the questions of a session on the terminal, one after the other.

use std::collections::HashSet;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use chargesheet_check::mapping::{Answered, Asked, Key, Meant, Question, Session};
use serde_json::{Value, json};

use crate::disk;
use crate::domain::Say;
use crate::ingest::printable;
use crate::package::Kind;

/// Most rounds of questions: an answer may lead to further ones.
const ROUNDS: usize = 4;
/// The name of a key's file, where none was given.
pub(super) const KEY: &str = "chargesheet-key.txt";

/// Asks until nothing is open, or everything that is was asked.
///
/// # Errors
/// When the terminal cannot be read, or a key cannot be written.
pub(super) fn everything(
    session: &mut Session,
    key_file: Option<&Path>,
    key: &mut Option<Key>,
) -> Result<Result<(), Vec<Say>>, String> {
    let mut asked_before = HashSet::new();
    for _round in 0..ROUNDS {
        let questions = match session.questions() {
            Ok(questions) => questions,
            Err(faults) => return Ok(Err(faults)),
        };
        let open = questions.into_iter().filter(|asked| asked_before.insert(format!("{asked:?}")));
        let open: Vec<Asked> = open.collect();
        if open.is_empty() {
            break;
        }
        for asked in open {
            match &asked.question {
                Question::Key { .. } => take_key(session, key_file, key)?,
                Question::Package { missing } => describe(session, missing)?,
                Question::Needed { column, .. } if is_mapped(session, &asked, column) => {}
                _ => one(session, &asked)?,
            }
        }
    }
    Ok(Ok(()))
}

/// Whether another answer has said meanwhile where a column comes from.
fn is_mapped(session: &Session, asked: &Asked, column: &str) -> bool {
    let tables = session.mapping().tables.iter().filter(|own| Some(own.table.name) == asked.table);
    tables.flat_map(|own| &own.columns).any(|(target, _)| target.name == column)
}

/// Asks one question until it has an answer.
fn one(session: &mut Session, asked: &Asked) -> Result<(), String> {
    let words = words(asked);
    loop {
        let text = prompt(&words)?;
        match session.answer(asked, &text) {
            Ok(Answered::Pseudonyms) => {
                println!("  the column had been left out: pseudonyms are made of it, and nothing else");
                return Ok(());
            }
            Ok(_) => return Ok(()),
            Err(error) => eprintln!("  {}", printable(&error)),
        }
    }
}

fn prompt(words: &str) -> Result<String, String> {
    let unread = |error: std::io::Error| format!("cannot read the terminal: {error}");
    print!("{}: ", printable(words));
    std::io::stdout().flush().map_err(unread)?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).map_err(unread)? == 0 {
        return Err("the terminal was closed before all questions were answered; nothing was made".to_owned());
    }
    Ok(line.trim().to_owned())
}

/// Returns a question in words, with what can be answered.
pub(super) fn words(asked: &Asked) -> String {
    let rows = if asked.rows > 0 { format!(" ({} rows)", asked.rows) } else { String::new() };
    match &asked.question {
        Question::Kind { suggestion } => format!(
            "the sheet seems to hold {suggestion} data: figures that somebody else counted [Enter, or case-level if each row is a \
             charge against a person]"
        ),
        Question::Sheet { suggestion } => {
            format!("the records seem to be on sheet {suggestion} [Enter, or its number or name]")
        }
        Question::Header { first, last } if first == last => {
            format!("the header seems to be row {first} [Enter, or 1, or 1-2]")
        }
        Question::Header { first, last } => {
            format!("the header seems to be rows {first}-{last} [Enter, or 1, or 1-2]")
        }
        Question::HiddenRows => format!("rows are hidden{rows} [read, leave-out]"),
        Question::Encoding { suggestion } => {
            format!("the file is not UTF-8; it seems to be {suggestion} [Enter, or its name]")
        }
        Question::Column { heading, samples, free, is_text, suggestion, .. } => {
            let shown = if samples.is_empty() { String::new() } else { format!(" ({})", samples.join(", ")) };
            let text = if *is_text { ", whose texts are then published as they are" } else { "" };
            match suggestion {
                Some(chargesheet_check::mapping::Target::Column(name)) => {
                    format!(
                        "column {heading:?}{shown} may be {name}{text} [Enter, - to leave it out, or one of {}]",
                        free.join(", ")
                    )
                }
                _ => format!(
                    "which column is {heading:?}{shown}? [Enter to leave it out, or one of {}]",
                    free.join(", ")
                ),
            }
        }
        Question::Needed { column, free, is_id } => {
            let row = if *is_id { "Enter for #row: each row is then another one, " } else { "" };
            let free = if free.is_empty() { String::new() } else { format!(" ({})", free.join(", ")) };
            format!(
                "no column is {column}, which every row needs{rows} [{row}a heading{free}, =TEXT for all rows]"
            )
        }
        Question::Unfit { is_id, because, .. } => {
            let choice = if *is_id { "p for pseudonyms, #row for the number of the row, " } else { "" };
            format!("{} [{choice}Enter to leave it out]", because.english())
        }
        Question::Names { heading, different } => {
            format!(
                "column {heading:?} holds {different} different names [Enter to leave it out, p for pseudonyms]"
            )
        }
        Question::Dates { column, example, readings: [day, month], day_first, month_first } => format!(
            "{column}: {example} is {day} with the day first (as {day_first} others), {month} with the month first \
             (as {month_first} others){rows} [d, m]"
        ),
        Question::Serials { column, example, day } => {
            format!("{column}: is the number {example} the day {day}?{rows} [y, n]")
        }
        Question::Value { column, value, meant } => match meant {
            Meant::Perhaps(code) | Meant::Code(code) => {
                format!("{column}: {value:?}{rows} may be {code} [Enter, - to refuse such rows, or a code]")
            }
            Meant::Choice(codes) => format!(
                "{column}: {value:?}{rows} may be {} [a code, - to refuse such rows]",
                codes.join(" or ")
            ),
            Meant::Nothing => format!("{column}: what is {value:?}?{rows} [a code, - to refuse such rows]"),
        },
        Question::Empty { column, suggestion } => match suggestion {
            Some(code) => format!("{column} is empty{rows} [Enter for {code}, - to refuse such rows]"),
            None => format!("{column} is empty{rows} [a code, - to refuse such rows]"),
        },
        Question::Key { column } => format!("{column} has pseudonyms, which need a key [--key FILE]"),
        Question::Package { missing } => format!("datapackage.json does not say: {}", missing.join(", ")),
    }
}

/// Makes a key, unless there is one, and keeps its mark in the mapping.
fn take_key(session: &mut Session, file: Option<&Path>, key: &mut Option<Key>) -> Result<(), String> {
    if key.is_none() {
        let path = file.unwrap_or(Path::new(KEY));
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("no key could be made: {error}"))?;
        let made = Key::of(bytes);
        disk::write_secret(path, made.file().as_bytes())
            .map_err(|error| format!("{}: {error}", path.display()))?;
        println!(
            "a new key is in {}; keep it, and show it to nobody: it can find out who is in the data",
            path.display()
        );
        *key = Some(made);
    }
    let mut mapping = session.mapping().clone();
    mapping.key = key.as_ref().map(Key::mark);
    session.with(mapping);
    Ok(())
}

/// Asks for what the descriptor must say.
fn describe(session: &mut Session, missing: &[&str]) -> Result<(), String> {
    let mut mapping = session.mapping().clone();
    for property in missing {
        let value: Value = match *property {
            "licenses" => {
                json!([{ "name": prompt("licence, such as CC-BY-4.0")?, "path": prompt("address of the licence")? }])
            }
            "sources" => {
                json!([{ "title": prompt("where the data come from")?, "path": prompt("address of the source")? }])
            }
            "chargesheet" => {
                let caveat = prompt("what a reader must know of the data, in a sentence of English")?;
                let (measures, time_basis, additive) = match mapping.kind {
                    Kind::CaseLevel => (
                        json!(["persons", "cases", "charges"]),
                        "charge",
                        json!(["country", "statute", "outcome", "year"]),
                    ),
                    Kind::Reported => (json!(["persons", "cases"]), "not-stated", json!(["year"])),
                };
                json!({
                    "kind": mapping.kind.name(), "measures": measures, "time_basis": time_basis, "additive": additive,
                    "disclosure": "none", "caveats": { "en": [caveat] },
                })
            }
            "name" => prompt("name of the dataset, in small letters, digits and hyphens")?.into(),
            other => prompt(&format!("{other} of the dataset"))?.into(),
        };
        mapping.package.insert((*property).to_owned(), value);
    }
    session.with(mapping);
    Ok(())
}
