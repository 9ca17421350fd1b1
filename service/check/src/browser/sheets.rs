//! From sheets to a package, on the page: the questions of a session, answered a round at a time, and what comes of them.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::domain::tables::{Content, Need};
use crate::domain::{Language, Say};
use crate::ingest::{Ingested, OneThread, Report, Rules, Shown, Verdict, ingest, json_line};
use crate::mapping::{
    Asked, Converted, Described, Key, Mapping, Origin, Question, Session, codes_of, columns_that_leave,
};
use crate::package::{Archive, DESCRIPTOR, Files as _, Package};

use super::page::Picked;
use super::picked_sheets::{is_table, opened};
use super::told::{faults_of_form, question, told, unreadable};

/// Questions that were answered by no: the table, the column, and whether it is about numbers that may be days.
type Refused = HashSet<(&'static str, &'static str, bool)>;

/// What is being made.
struct Desk {
    session: Session,
    language: Language,
    /// What was asked last, by its number.
    asked: Vec<Asked>,
    /// Questions that were answered by no, which leaves nothing in the mapping: so they are not asked twice.
    refused: Refused,
    /// What was answered before all answers were taken back.
    before: Option<(Mapping, Refused)>,
    made: Option<(Converted, Option<Report>)>,
    /// Whether all is believed that the mapping of an earlier time says. Else some is asked again.
    is_believed: bool,
    /// The rules that it was checked by.
    rules: Option<Rules>,
    printed: String,
}

thread_local! {
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

/// Whether picked files are sheets: there is a table among them, and no package.
#[wasm_bindgen]
pub fn sheets_among(files: &str) -> bool {
    let names = Picked::of(files).names();
    names.iter().any(|name| is_table(name))
        && !names.iter().any(|name| name.rsplit('/').next() == Some(DESCRIPTOR))
}

/// Begins with picked files. A mapping, a key and lists that are ready are known by their names and their first bytes. Returns what
/// is to be asked, as JSON, or the verdict `unreadable` with `faults`.
#[wasm_bindgen]
pub fn sheets_open(files: &str, language: &str) -> String {
    let language = Language::from_code(language).unwrap_or_default();
    let files = Picked::of(files);
    match opened(&files) {
        Ok((session, is_believed)) => {
            DESK.set(Some(Desk {
                session,
                is_believed,
                language,
                asked: Vec::new(),
                refused: HashSet::new(),
                before: None,
                made: None,
                rules: None,
                printed: String::new(),
            }));
            with_desk(|desk| desk.state(&[]))
        }
        Err(faults) => unreadable(&faults, language).to_string(),
    }
}

fn with_desk(act: impl FnOnce(&mut Desk) -> String) -> String {
    DESK.with_borrow_mut(|desk| desk.as_mut().map(act).unwrap_or_default())
}

impl Desk {
    /// Returns what is to be asked now, and what the columns are, as JSON. `wrong` are questions whose answers were none.
    fn state(&mut self, wrong: &[(Asked, String)]) -> String {
        self.made = None;
        let questions = match self.session.questions() {
            Ok(questions) => questions,
            Err(faults) => return unreadable(&faults, self.language).to_string(),
        };
        let is_open = |asked: &Asked| refusal(asked).is_none_or(|own| !self.refused.contains(&own));
        self.asked = questions.into_iter().filter(is_open).collect();
        let questions = self.asked.iter().map(|asked| {
            let mut own = question(asked, wrong, self.language);
            own["present"] = self.present(asked).into();
            own
        });
        let questions: Vec<Json> = questions.collect();
        let tables = self.session.mapping().tables.iter().map(|own| {
            let columns = own.columns.iter().map(|(target, how)| {
                let from = match &how.from {
                    Origin::Columns(headings) => json!({ "headings": headings }),
                    Origin::RowNumber => json!({ "row_number": true }),
                    Origin::Always(text) => json!({ "always": text }),
                };
                json!({ "column": target.name, "from": from, "pseudonym": how.pseudonym })
            });
            let names: Vec<&str> = columns_that_leave(own.table).map(|column| column.name).collect();
            json!({
                "table": own.table.name, "columns": columns.collect::<Vec<_>>(), "left_out": own.left_out, "all": names,
                "seen": self.session.seen(own.table.name),
            })
        });
        let tables: Vec<Json> = tables.collect();
        json!({
            "verdict": "asked", "kind": self.session.mapping().kind.name(), "questions": questions, "tables": tables,
            "needs_key": !self.session.has_key() && self.session.has_pseudonyms(),
            "is_key_first": !self.session.has_key() && self.session.mapping().key.is_some(),
            "told": (!self.is_believed).then(|| Say::new("mapping_layout").in_language(self.language)),
            // The page holds it while it is open, so that no answer is given twice.
            "mapping": self.session.mapping().to_json(),
            "may_keep": !self.session.has_key() && self.session.has_unlisted(),
            "package": self.session.mapping().package, "codes": self.codes(),
        })
        .to_string()
    }
}

impl Desk {
    /// Returns the answer to a question that was given before all were taken back.
    fn present(&self, asked: &Asked) -> Option<String> {
        let (mapping, refused) = self.before.as_ref()?;
        let no =
            || refusal(asked).filter(|own| refused.contains(own)).map(|(.., no)| if no { "n" } else { "-" });
        mapping.answer_to(asked).or_else(|| no().map(str::to_owned))
    }

    /// Returns the codes of the columns that are asked about, as JSON: codes with labels, and whether every row needs one.
    fn codes(&self) -> Json {
        let mut all = serde_json::Map::new();
        for Asked { table, question, .. } in &self.asked {
            let (Question::Value { column, .. }
            | Question::Empty { column, .. }
            | Question::Needed { column, .. }) = question
            else {
                continue;
            };
            let tables = self.session.mapping().tables.iter();
            let found = tables.map(|own| own.table).find(|own| Some(own.name) == *table);
            if let Some(column) = found.and_then(|table| table.column(column)) {
                let codes = match column.content {
                    Content::Id("statutes") => self.session.statutes(),
                    _ => codes_of(column, self.language),
                };
                let is_needed = column.need == Need::Filled;
                all.insert(column.name.to_owned(), json!({ "codes": codes, "is_needed": is_needed }));
            }
        }
        all.into()
    }
}

/// Returns the table and the column of a question to which no is an answer, and whether the question is about numbers that may be days.
fn refusal(asked: &Asked) -> Option<(&'static str, &'static str, bool)> {
    match asked.question {
        Question::Serials { column, .. } => Some((asked.table?, column, true)),
        Question::Empty { column, .. } => Some((asked.table?, column, false)),
        _ => None,
    }
}

/// Takes answers: a list of numbers of questions and texts, as JSON. Returns what is to be asked then.
#[wasm_bindgen]
pub fn sheets_answer(answers: &str) -> String {
    let answers: Vec<(usize, String)> = serde_json::from_str(answers).expect("the worker writes a list");
    with_desk(|desk| {
        let mut wrong = Vec::new();
        for (number, text) in answers {
            let Some(asked) = desk.asked.get(number).cloned() else { continue };
            let Some(fresh) = desk.session.fresh(asked.clone()) else { continue };
            match desk.session.answer(&fresh, &text) {
                Ok(_) => desk.refused.extend(refusal(&asked)),
                Err(error) => wrong.push((asked, error)),
            }
        }
        desk.state(&wrong)
    })
}

/// Takes all answers back, so that each question is asked again with what was answered.
#[wasm_bindgen]
pub fn sheets_change() -> String {
    with_desk(|desk| match desk.session.take_back() {
        Ok(before) => {
            desk.before = Some((before, std::mem::take(&mut desk.refused)));
            desk.state(&[])
        }
        Err(faults) => unreadable(&faults, desk.language).to_string(),
    })
}

/// Makes another column of the table of a column of the sheet, or leaves it out where `target` is `-`.
#[wasm_bindgen]
pub fn sheets_assign(table: &str, heading: &str, target: &str) -> String {
    with_desk(|desk| {
        // A column that gets another meaning is asked about anew.
        let tables = desk.session.mapping().tables.iter().filter(|own| own.table.name == table);
        let from = Origin::Columns(vec![heading.to_owned()]);
        let made = tables.flat_map(|own| &own.columns).filter(|(_, how)| how.from == from);
        let made: Vec<&str> = made.map(|(made, _)| made.name).chain([target]).collect();
        desk.refused.retain(|(own, column, _)| *own != table || !made.contains(column));
        let error = desk.session.assign(table, heading, target).err();
        let mut state: Json = serde_json::from_str(&desk.state(&[])).unwrap_or_default();
        if let Some(error) = error {
            state["error"] = error.into();
        }
        state.to_string()
    })
}

/// Takes the key in a file, or makes one of random bytes. Returns the text of the new key's file, to be saved; nothing for one that
/// was read; or `error`.
#[wasm_bindgen]
pub fn sheets_key(text: &str, random: &[u8]) -> String {
    with_desk(|desk| {
        let made = <[u8; 32]>::try_from(random).map(Key::of);
        let is_new = made.is_ok();
        match made.or_else(|_none| Key::parse(text)) {
            Ok(key) => {
                let file = is_new.then(|| key.file());
                match desk.session.take_key(key) {
                    Ok(()) => json!({ "file": file }).to_string(),
                    Err(faults) => json!({ "error": told(&faults, desk.language).join(" ") }).to_string(),
                }
            }
            Err(says) => json!({ "error": says.in_language(desk.language) }).to_string(),
        }
    })
}

/// Takes what the descriptor says, a [`Described`] as JSON, makes the package and checks it. Rows about which a question is open are
/// refused. Returns what became of the rows, as JSON; or what is to be asked, with `faults`, where nothing was made.
#[wasm_bindgen]
pub fn sheets_finish(form: &str, created: &str, today: &str) -> String {
    let form: Described = serde_json::from_str(form).expect("the worker writes a form");
    let rules = Rules::of(today.parse().expect("the worker writes a date"));
    with_desk(|desk| {
        let language = desk.language;
        let mut mapping = desk.session.mapping().clone();
        let described = mapping.describe(&form);
        desk.session.with(mapping);
        let converted = match described.and_then(|()| desk.session.finish(created)) {
            Ok(converted) => converted,
            Err(faults) => return desk.not_made(&faults),
        };
        let checked = Package::in_memory("package", converted.files.clone())
            .and_then(|package| ingest(&package, &rules, &OneThread));
        let (check, shown) = match &checked {
            Ok((_, report)) => (report.to_json(), json!(in_sheet(report.shown(language), &converted))),
            Err(error) => {
                let faults: Vec<Say> = error.faults().iter().map(|fault| fault.says().clone()).collect();
                if faults_of_form(&faults, language).iter().any(|fault| fault["field"] != Json::Null) {
                    return desk.not_made(&faults);
                }
                (error.to_json(), unreadable(&faults, language))
            }
        };
        let open: Vec<Json> =
            desk.asked.iter().map(|asked| question(&asked.on_paper(), &[], Language::default())).collect();
        desk.printed = json_line(&converted.to_json(check, &open));
        let told = converted.shown(language);
        desk.made = Some((converted, checked.ok().map(|(_, report)| report)));
        desk.rules = Some(rules);
        let mapping = desk.session.mapping().to_json();
        json!({ "verdict": "made", "tables": told.0, "warnings": told.1, "shown": shown, "mapping": mapping })
            .to_string()
    })
}

impl Desk {
    /// Returns the state with the faults for which no package was made.
    fn not_made(&mut self, faults: &[Say]) -> String {
        let mut state: Json = serde_json::from_str(&self.state(&[])).unwrap_or_default();
        if state["verdict"] == "asked" {
            state["faults"] = faults_of_form(faults, self.language).into();
        }
        state.to_string()
    }
}

/// Names the problems of a package by the rows of its sheets.
fn in_sheet(mut shown: Shown, converted: &Converted) -> Shown {
    for table in &converted.tables {
        let own = shown.files.iter_mut().filter(|file| file.path == format!("{}.csv", table.name));
        for file in own {
            file.has_rows = true;
            for line in file.groups.iter_mut().flat_map(|group| &mut group.lines) {
                // The header is the first line, and no field that is made has two.
                let row = usize::try_from(*line).ok().and_then(|line| table.rows.get(line.checked_sub(2)?));
                *line = row.map_or(*line, |row| (*row).into());
            }
        }
    }
    shown
}

/// Reads the package that was made once more, and returns the records that may be published. Nothing, when a file of it is
/// refused.
pub(super) fn accepted() -> Option<Ingested> {
    DESK.with_borrow(|desk| {
        let Desk { made, rules, .. } = desk.as_ref()?;
        let (converted, report) = made.as_ref()?;
        report.as_ref().filter(|report| report.verdict() != Verdict::RejectFile)?;
        let package = Package::in_memory("package", converted.files.clone()).ok()?;
        ingest(&package, rules.as_ref()?, &OneThread).ok().map(|(accepted, _)| accepted)
    })
}

/// Returns the report, as `init --json` prints it.
#[wasm_bindgen]
pub fn sheets_report() -> Vec<u8> {
    with_desk(|desk| desk.printed.clone()).into_bytes()
}

/// Returns the package as a ZIP file. The key and the refused rows are not in it.
#[wasm_bindgen]
pub fn sheets_zip() -> Option<Vec<u8>> {
    DESK.with_borrow(|desk| {
        let (converted, _) = desk.as_ref()?.made.as_ref()?;
        let mut archive = Archive::created("", || ());
        for (name, bytes) in &converted.files {
            archive.add(name, bytes).ok()?;
        }
        archive.finish().ok()
    })
}

/// Returns the refused rows of a table with the columns of its sheet, and why. Names may stand there.
#[wasm_bindgen]
pub fn sheets_quarantine(table: &str) -> Option<Vec<u8>> {
    DESK.with_borrow_mut(|desk| {
        let Desk { session, made, .. } = desk.as_mut()?;
        let (converted, report) = made.as_ref()?;
        let made = converted.tables.iter().find(|own| own.name == table)?;
        let mut bytes = Vec::new();
        session.keep_refused(made, report.as_ref(), &mut bytes).ok()?;
        Some(bytes)
    })
}
