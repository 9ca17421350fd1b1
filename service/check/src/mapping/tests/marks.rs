//! No name leaves a sheet: marks that stand for names are put into every column, every heading and every answer, and then
//! looked for in everything that comes out but the quarantine.

mod attacks;

use std::io::Cursor;

use serde_json::{Value as Json, json};

use super::super::*;
use crate::domain::tables::{CHARGES, COUNTS, SOURCES, STATUTES, Table};
use crate::domain::{Language, Say};

/// Marks that stand for names, in every form in which names stand in sheets.
const MARKS: [&str; 30] = [
    "Zvanov",
    "Zvanov1",
    "ZVANOV I.I.",
    "Zvanov, Qetr",
    "zvanov qetr",
    "Q. Zvanov",
    "Звонарёв",
    "Звонарёв-1980",
    "ЗВОНАРЁВ Ж. Щ.",
    "Звонарёв Щукарь Жданович",
    "звонарёв 12",
    "Ж.Щ.",
    "Әлфуза Нұрмаққызы",
    "Қыдырғали",
    "ҒАЛЫМЖАР Ә.",
    "Mononym",
    "mononym",
    "Mononym 12",
    "+7 701 000 00 01",
    "900101300001",
    "zvanov@example.org",
    "Щ Ж Қ 1",
    "Щ-Ж-Қ-12",
    "звонарёв",
    "mononym qetr",
    "fined 100; zvanov appealed",
    "2 года условно, звонарёв обжаловал",
    "the village of mononym, zvanov district",
    "https://example.org/news/zvanov-qetr-12",
    "https://example.org/?q=mononym",
];
/// How many of them, from the first, are written as in a column of names. The others are names within other texts.
const AS_NAMES: usize = 23;
/// Words of the marks that are no names.
const NO_NAMES: [&str; 12] = [
    "example",
    "https",
    "news",
    "fined",
    "appealed",
    "года",
    "условно",
    "обжаловал",
    "village",
    "district",
    "2020",
    "the",
];
/// The heading of a column of names.
const NAMES: &str = "ФИО";

/// A sheet of rows that are right.
struct Sheet {
    table: &'static Table,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn of(table: &'static Table, rows: usize) -> Self {
        let value = |column: &str, row: usize| match (table.name, column) {
            (_, "case_id") => format!("case-{row}"),
            (_, "defendant_id") => format!("{row}"),
            (_, "charge_id") => format!("{row}"),
            (_, "country") => "KAZ".to_owned(),
            ("statutes", "statute") => format!("KAZ-EX-{row}"),
            ("charges" | "counts", "statute") => "KAZ-CC-274".to_owned(),
            ("sources", "source") => format!("office-{row}"),
            (_, "date_charged" | "published") => "2020-05-17".to_owned(),
            (_, "outcome") => "convicted".to_owned(),
            (_, "role") => "journalist".to_owned(),
            (_, "year") => format!("{}", 1990 + row),
            (_, "unit") => "cases".to_owned(),
            (_, "value" | "sentence_months") => format!("{row}"),
            (_, "source") => "office-1".to_owned(),
            (_, "kind") => "ngo".to_owned(),
            (_, "counting_rule" | "time_basis") => "not-stated".to_owned(),
            (_, "measure_type") => "flow".to_owned(),
            (_, "law") => "Example Code".to_owned(),
            (_, "article") => format!("{row}"),
            (_, "title_en") => "insult".to_owned(),
            (_, "publish") => "true".to_owned(),
            (_, "url") => "https://office.test/".to_owned(),
            _ => String::new(),
        };
        let headings: Vec<String> = table.columns.iter().map(|column| column.name.to_owned()).collect();
        let row = |row| table.columns.iter().map(|column| value(column.name, row)).collect();
        Self { table, rows: (1..=rows).map(row).collect(), headings }
    }

    /// Adds a column.
    fn with(mut self, heading: &str, value: impl Fn(usize) -> String) -> Self {
        self.headings.push(heading.to_owned());
        self.rows.iter_mut().enumerate().for_each(|(row, fields)| fields.push(value(row)));
        self
    }

    fn csv(&self) -> Vec<u8> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(&self.headings).unwrap();
        self.rows.iter().for_each(|row| out.write_record(row).unwrap());
        out.into_inner().unwrap()
    }

    fn file(&self, name: &str) -> SheetFile {
        SheetFile::open(name, Box::new(Cursor::new(self.csv()))).unwrap()
    }

    fn ready(&self) -> Ready {
        Ready::read(self.table, &self.csv()).unwrap()
    }

    /// A mapping that takes every column, as somebody could write it by hand.
    fn mapping(&self) -> Json {
        let columns = self.table.columns.iter().zip(&self.headings);
        let columns = columns.map(|(column, heading)| (column.name.to_owned(), json!({ "from": heading })));
        json!({ "table": self.table.name, "columns": columns.collect::<serde_json::Map<_, _>>() })
    }
}

/// A session with a sheet, another sheet that nothing is made of, and a list of sources.
fn session(sheet: &Sheet) -> Session {
    let files = vec![sheet.file("Zvanov Qetr.csv"), Sheet::of(&CHARGES, 1).file("Звонарёв.csv")];
    Session::open(files, vec![Sheet::of(&SOURCES, 2).ready()]).unwrap()
}

/// Everything that comes out.
#[derive(Default)]
struct Out(String);

impl Out {
    fn take(&mut self, text: &str) {
        self.0.push_str(&text.to_lowercase());
        self.0.push('\n');
    }

    fn say(&mut self, says: &Say) {
        Language::all().for_each(|language| self.take(&says.in_language(language)));
        self.take(&serde_json::to_string(says).unwrap());
    }

    fn finished(&mut self, finished: Result<Converted, Vec<Say>>) -> u64 {
        let converted = match finished {
            Ok(converted) => converted,
            Err(faults) => {
                faults.iter().for_each(|says| self.say(says));
                return 0;
            }
        };
        for (name, bytes) in &converted.files {
            self.take(name);
            self.take(str::from_utf8(bytes).unwrap());
        }
        let told = converted.tables.iter().flat_map(|table| &table.warnings);
        told.chain(&converted.warnings).for_each(|says| self.say(says));
        for refusal in converted.tables.iter().flat_map(|table| &table.refusals) {
            self.take(refusal.column.as_deref().unwrap_or_default());
            self.say(&refusal.says);
        }
        converted.tables.iter().map(|table| table.rows.len() as u64).sum()
    }

    fn questions(&mut self, session: &mut Session) -> Vec<Asked> {
        match session.questions() {
            Ok(questions) => {
                let papers: Vec<Asked> = questions.iter().map(Asked::on_paper).collect();
                self.take(&serde_json::to_string(&papers).unwrap());
                for asked in &questions {
                    if let Question::Unfit { because, .. } = &asked.question {
                        self.say(because);
                    }
                }
                questions
            }
            Err(faults) => {
                faults.iter().for_each(|says| self.say(says));
                Vec::new()
            }
        }
    }

    fn session(&mut self, session: &mut Session) -> u64 {
        if let Ok(written) = session.written() {
            self.take(&written.to_json());
        }
        if let Err(faults) = session.take_key(Key::of([7; 32])) {
            faults.iter().for_each(|says| self.say(says));
        }
        self.finished(session.finish("2026-01-02T00:00:00Z"))
    }

    /// Fails if a text came out as a whole.
    fn does_not_tell(&self, text: &str, what: &str) {
        // "Адам" is also the word for a person in our sentences.
        let told = self.0.replace("адам есім", "");
        let found = told.find(&text.to_lowercase());
        let found = found.map(|place| told[place..].chars().take(200).collect::<String>());
        assert_eq!(found, None, "{what} {text:?}");
    }

    /// Fails if a mark came out.
    fn holds_none_of(&self, marks: &[&str], what: &str) {
        for mark in marks {
            let lower = mark.to_lowercase();
            let words =
                lower.split(|sign: char| !sign.is_alphabetic()).filter(|word| word.chars().count() > 3);
            let mut words: Vec<&str> = words.filter(|word| !NO_NAMES.contains(word)).collect();
            if words.is_empty() {
                words.push(&lower);
            }
            for word in words {
                if let Some(place) = self.0.find(word) {
                    let start = self.0[..place].char_indices().rev().nth(150).map_or(0, |(start, _)| start);
                    let end =
                        self.0[place..].char_indices().nth(150).map_or(self.0.len(), |(end, _)| place + end);
                    panic!("{what}: {mark} came out: …{}…", &self.0[start..end]);
                }
            }
        }
    }
}

/// Puts marks into a column: one into each row, or one into one row of many.
fn marked(table: &'static Table, column: usize) -> Vec<(Sheet, Vec<&'static str>)> {
    let mut all = Vec::new();
    for is_whole in [true, false] {
        let mut sheet = Sheet::of(table, if is_whole { MARKS.len() } else { 3 * MARKS.len() });
        sheet.rows.iter_mut().zip(MARKS).for_each(|(row, mark)| row[column] = mark.to_owned());
        all.push((sheet, MARKS.to_vec()));
    }
    // One name among many ids is no reason to refuse the column, so its row must be found. Each column gets others of the marks.
    for mark in MARKS.iter().skip(column % 3).step_by(3) {
        let mut sheet = Sheet::of(table, 30);
        sheet.rows[17][column] = (*mark).to_owned();
        all.push((sheet, vec![*mark]));
    }
    all
}

/// Returns a sheet with a further column in which marks stand as names.
fn with_names(sheet: Sheet) -> Sheet {
    sheet.with(NAMES, |row| MARKS[row % AS_NAMES].to_owned())
}

const TABLES_OF_SHEETS: [&Table; 2] = [&CHARGES, &COUNTS];

#[test]
fn no_mark_leaves_any_column_when_nobody_answers() {
    let mut written = 0;
    for table in TABLES_OF_SHEETS {
        for column in 0..table.columns.len() {
            for (sheet, marks) in marked(table, column) {
                let what = format!("{} {}", table.name, table.columns[column].name);
                let mut out = Out::default();
                let mut session = session(&sheet);
                out.questions(&mut session);
                written += out.session(&mut session);
                out.holds_none_of(&marks, &what);
            }
        }
    }
    assert!(written > 1000, "rows are written all the same: {written}");
}

#[test]
fn no_mark_leaves_by_a_mapping_that_takes_every_column() {
    let mut written = 0;
    for table in TABLES_OF_SHEETS {
        for column in 0..table.columns.len() {
            for (sheet, marks) in marked(table, column) {
                for has_names in [false, true] {
                    let sheet = Sheet { table, headings: sheet.headings.clone(), rows: sheet.rows.clone() };
                    let sheet = if has_names { with_names(sheet) } else { sheet };
                    let mut own = sheet.mapping();
                    let name = table.columns[column].name;
                    // The hand that wrote it knows every mark, and gives each a code.
                    let codes = MARKS.iter().map(|mark| ((*mark).to_owned(), json!("convicted")));
                    if name == "outcome" {
                        own["columns"][name]["values"] = codes.collect::<serde_json::Map<_, _>>().into();
                    }
                    own["columns"][name]["pseudonym"] = false.into();
                    let kind = if table.name == "charges" { "case-level" } else { "reported" };
                    let mapping = json!({ "mapping": 1, "kind": kind, "tables": [own] });
                    let mapping = Mapping::parse(mapping.to_string().as_bytes()).unwrap();
                    let mut out = Out::default();
                    let mut session = session(&sheet);
                    session.with(mapping);
                    out.questions(&mut session);
                    written += out.session(&mut session);
                    out.holds_none_of(&marks, &format!("{} {name} {has_names}", table.name));
                }
            }
        }
    }
    assert!(written > 1000, "rows are written all the same: {written}");
}

#[test]
fn no_mark_leaves_by_any_answer() {
    let mut given = 0;
    for (table, columns) in [(&CHARGES, CHARGES.columns.len()), (&COUNTS, COUNTS.columns.len())] {
        for column in 0..=columns {
            for text in
                ["", "-", "p", "y", "d", "#row", "#A", "sentence", "note", "Zvanov", "=Zvanov", "=KAZ", NAMES]
            {
                let mut sheet = Sheet::of(table, 3 * MARKS.len());
                // The last round has the marks in a column of names alone.
                if column < columns {
                    sheet.rows.iter_mut().zip(MARKS).for_each(|(row, mark)| row[column] = mark.to_owned());
                    sheet.headings[column] = "Column".to_owned();
                }
                let sheet = with_names(sheet);
                let mut out = Out::default();
                let mut session = session(&sheet);
                for _round in 0..2 {
                    for asked in out.questions(&mut session) {
                        match session.answer(&asked, text) {
                            Ok(_) => given += 1,
                            Err(told) => out.take(&told),
                        }
                    }
                }
                out.session(&mut session);
                out.holds_none_of(&MARKS, &format!("{} {column} {text:?}", table.name));
            }
        }
    }
    assert!(given > 300, "{given}");
}

#[test]
fn no_mark_leaves_by_a_heading() {
    for column in 0..CHARGES.columns.len() {
        for mark in MARKS.into_iter().skip(column % 2).step_by(2) {
            let mut sheet = Sheet::of(&CHARGES, 5);
            sheet.headings[column] = mark.to_owned();
            let name = CHARGES.columns[column].name;
            let mut out = Out::default();
            let mut session = session(&sheet);
            for asked in out.questions(&mut session) {
                // Its publisher says which column it is all the same.
                let text = if matches!(asked.question, Question::Column { .. }) { name } else { "" };
                if let Err(told) = session.answer(&asked, text) {
                    out.take(&told);
                }
            }
            out.questions(&mut session);
            out.session(&mut session);
            let mapping = json!({ "mapping": 1, "kind": "case-level", "tables": [sheet.mapping()] });
            session.with(Mapping::parse(mapping.to_string().as_bytes()).unwrap());
            out.questions(&mut session);
            out.session(&mut session);
            out.holds_none_of(&[mark, "Zvanov Qetr", "Звонарёв"], name);
        }
    }
    // A list without a header: its first record is none.
    let mut sheet = Sheet::of(&CHARGES, 21);
    sheet.headings = MARKS[..CHARGES.columns.len()].iter().map(|mark| (*mark).to_owned()).collect();
    let mut out = Out::default();
    let mut session = Session::open(vec![sheet.file("Zvanov.csv")], Vec::new()).unwrap();
    out.questions(&mut session);
    out.session(&mut session);
    out.holds_none_of(&MARKS, "no header");
}

#[test]
fn no_mark_leaves_by_a_hostile_mapping() {
    let base = || {
        let own = Sheet::of(&CHARGES, 3).mapping();
        json!({ "mapping": 1, "kind": "case-level", "tables": [own], "package": {} })
    };
    let mut accepted = 0;
    for (number, mark) in MARKS.into_iter().enumerate() {
        let mut all: Vec<Json> = Vec::new();
        let mut with = |at: (&str, &str), value: Json| {
            let mut mapping = base();
            let (parent, name) = at;
            mapping.pointer_mut(parent).unwrap()[name] = value;
            all.push(mapping);
        };
        for (at, value) in [
            (("", "mapping"), json!(mark)),
            (("", "kind"), json!(mark)),
            (("", "key"), json!(mark)),
            (("", "tables"), json!(mark)),
            (("", "package"), json!(mark)),
            (("/package", "title"), json!(mark)),
            (("/package", "sources"), json!([{ "title": mark, "path": "https://example.org/" }])),
            (("/package", "chargesheet"), json!({ "caveats": { "en": [mark] } })),
            (("/tables/0", "table"), json!(mark)),
            (("/tables/0", "sheet"), json!(mark)),
            (("/tables/0", "header"), json!(mark)),
            (("/tables/0", "hidden_rows"), json!(mark)),
            (("/tables/0", "encoding"), json!(mark)),
            (("/tables/0", "delimiter"), json!(mark)),
            (("/tables/0", "columns"), json!(mark)),
            (("/tables/0", "left_out"), json!([mark, "#B", "source"])),
        ] {
            with(at, value);
        }
        with(("", mark), json!(1));
        with(("/package", mark), json!(1));
        with(("/tables/0/columns", mark), json!({ "from": "case_id" }));
        // Each column gets others of the marks.
        for column in CHARGES.columns.iter().skip(number % 3).step_by(3) {
            let at = ("/tables/0/columns", column.name);
            for value in [
                json!(mark),
                json!({ "from": mark }),
                json!({ "from": [mark, "country"] }),
                json!({ "always": mark }),
                json!({ "from": column.name, "empty": mark }),
                json!({ "from": column.name, "dates": mark }),
                json!({ "from": column.name, "pseudonym": mark }),
                json!({ "from": column.name, "values": { mark: "convicted" } }),
                json!({ "from": column.name, "values": { mark: null } }),
                json!({ "from": column.name, "values": { mark: 1 } }),
                json!({ "from": column.name, "values": { "convicted": mark } }),
                json!({ "from": column.name, "values": { "A-1": mark, "": mark } }),
                json!({ "from": column.name, mark: mark }),
            ] {
                with(at, value);
            }
        }
        for mapping in all {
            let mut out = Out::default();
            match Mapping::parse(mapping.to_string().as_bytes()) {
                Err(faults) => faults.iter().for_each(|says| out.say(says)),
                Ok(read) => {
                    let sheet = with_names(Sheet::of(&CHARGES, MARKS.len()));
                    let mut session = session(&sheet);
                    session.with(read);
                    out.questions(&mut session);
                    accepted += out.session(&mut session);
                }
            }
            out.holds_none_of(&[mark], &mapping.to_string());
        }
    }
    assert!(accepted > 500, "{accepted}");
}

#[test]
fn no_mark_leaves_by_a_ready_file_if_it_is_a_name_of_the_sheet() {
    for table in [&STATUTES, &SOURCES] {
        for column in 0..table.columns.len() {
            for mark in MARKS.into_iter().skip(column % 3).step_by(3) {
                let mut ready = Sheet::of(table, 5);
                let name = table.columns[column].name;
                ready.rows[3][column] = mark.to_owned();
                let sheet = Sheet::of(&CHARGES, 3).with(NAMES, |_| mark.to_owned());
                let mut out = Out::default();
                let mut session = Session::open(vec![sheet.file("a.csv")], vec![ready.ready()]).unwrap();
                out.questions(&mut session);
                assert_eq!(out.session(&mut session), 0, "{} {name} {mark}", table.name);
                assert!(out.0.contains(&format!("{}.csv, line 5, column {name}", table.name)), "{}", out.0);
                out.holds_none_of(&[mark], name);
            }
        }
    }
}
