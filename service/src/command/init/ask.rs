//! Asks the questions of a session on the terminal, one after the other.

use std::collections::HashSet;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use chargesheet_check::mapping::{Answered, Asked, Key, Mapping, Question, SeenColumns, Session};
use serde_json::Value;

use super::open::words;
use crate::disk;
use crate::domain::Say;
use crate::ingest::printable;

/// Most rounds of questions: an answer may lead to further ones.
const ROUNDS: usize = 4;
/// How often a question is asked.
const TRIES: usize = 3;
/// The name of a key's file, where none was given.
pub(super) const KEY: &str = "chargesheet-key.txt";

/// Asks until nothing is open, or everything that is was asked.
///
/// # Errors
/// When the terminal cannot be read, or a key cannot be written.
pub(super) fn everything(
    session: &mut Session,
    key_file: Option<&Path>,
) -> Result<Result<(), Vec<Say>>, String> {
    let mut asked_before = HashSet::new();
    for _round in 0..ROUNDS {
        if let Err(faults) = session.accept() {
            return Ok(Err(faults));
        }
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
                Question::Key { .. } => {
                    if let Err(faults) = make_key(session, key_file.unwrap_or(Path::new(KEY)))? {
                        return Ok(Err(faults));
                    }
                }
                Question::Package { missing } => describe(session, missing)?,
                _ => {
                    if let Some(asked) = session.fresh(asked) {
                        one(session, &asked)?;
                    }
                }
            }
        }
    }
    Ok(Ok(()))
}

/// Asks one question until it has an answer, but not for ever.
fn one(session: &mut Session, asked: &Asked) -> Result<(), String> {
    let seen = asked.table.map(|table| session.seen(table)).unwrap_or_default();
    let words = words(asked, &seen);
    for _try in 0..TRIES {
        match session.answer(asked, &prompt(&words)?) {
            Ok(Answered::Pseudonyms) => {
                println!("  the column had been left out: pseudonyms are made of it, and nothing else");
                return Ok(());
            }
            Ok(_) => return Ok(()),
            Err(error) => eprintln!("  {}", printable(&error)),
        }
    }
    let words = super::open::words(&asked.on_paper(), &SeenColumns::new());
    Err(format!("stopped after {TRIES} answers to: {}; nothing was made", printable(&words)))
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

/// Makes a key in a new file, and takes it.
pub(super) fn make_key(session: &mut Session, path: &Path) -> Result<Result<(), Vec<Say>>, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| format!("no key could be made: {error}"))?;
    let key = Key::of(bytes);
    disk::write_secret(path, key.file().as_bytes())
        .map_err(|error| format!("{}: {error}", path.display()))?;
    eprintln!(
        "a new key was made: 32 random bytes in {}, which only you can read; keep it, and show it to nobody: it can find out \
         who is in the data",
        path.display()
    );
    Ok(session.take_key(key))
}

/// Asks until a text is given that is right.
fn required(words: &str, is_right: impl Fn(&str) -> bool) -> Result<String, String> {
    for _try in 0..TRIES {
        let text = prompt(words)?;
        if is_right(&text) {
            return Ok(text);
        }
        eprintln!("  {}; wanted is: {words}", if text.is_empty() { "it is needed" } else { "this is none" });
    }
    Err(format!("stopped, for it was not given: {words}; nothing was made"))
}

/// Asks for what the descriptor must say.
fn describe(session: &mut Session, missing: &[&str]) -> Result<(), String> {
    let is_text = |text: &str| !text.is_empty();
    let is_address =
        |text: &str| ["", "-"].contains(&text) || text.starts_with("https://") || text.starts_with("http://");
    let address = |whose: &str| {
        let words = format!("address of the {whose} (https://…), if there is one [-]");
        required(&words, is_address).map(|text| text.trim_start_matches('-').to_owned())
    };
    let is_name = |text: &str| {
        let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !text.is_empty() && text.bytes().all(is_sign)
    };
    for property in missing {
        let mut mapping = session.mapping().clone();
        let value: Value = match *property {
            "licenses" => {
                let name = required("licence, such as CC-BY-4.0", is_text)?;
                Mapping::named("name", &name, &address("licence")?)
            }
            "sources" => {
                let title = required("where the data come from", is_text)?;
                Mapping::named("title", &title, &address("source")?)
            }
            "chargesheet" => {
                let caveat =
                    required("what a reader must know of the data, in a sentence of English", is_text)?;
                Mapping::about(mapping.kind, &caveat)
            }
            "name" => required("name of the dataset, in small letters, digits and hyphens", is_name)?.into(),
            other => required(&format!("{other} of the dataset"), is_text)?.into(),
        };
        mapping.package.insert((*property).to_owned(), value);
        session.with(mapping);
    }
    Ok(())
}
