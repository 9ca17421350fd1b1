//! Open questions in words, each with the member of `mapping.json` that answers it.

use chargesheet_check::mapping::{Asked, Mapping, Meant, Question, Seen, SeenColumns, Target, codes_of};
use serde_json::json;

use crate::domain::Language;
use crate::domain::tables::{Need, TABLES};

/// Most codes that are told in a question.
const MOST_CODES: usize = 40;

/// An open question.
#[derive(serde::Serialize)]
pub(super) struct Open {
    /// The question.
    #[serde(rename = "question")]
    pub words: String,
    /// The place in `mapping.json`, as a JSON pointer.
    pub at: String,
    /// What to write there.
    pub write: String,
}

/// Returns a question with the member of the mapping that answers it.
pub(super) fn open_of(mapping: &Mapping, asked: &Asked) -> Open {
    let place = mapping.tables.iter().position(|own| Some(own.table.name) == asked.table).unwrap_or_default();
    let table = format!("/tables/{place}");
    let of = |column: &str| format!("{table}/columns/{column}");
    let member = |name: &str, value: serde_json::Value| format!("{}: {value}", json!(name));
    let (at, write) = match &asked.question {
        Question::Kind { .. } => ("/".to_owned(), member("kind", "case-level".into()) + " or \"reported\""),
        Question::Sheet { .. } => (table, member("sheet", 1.into()) + ", its number"),
        Question::Header { first, last } => (table, member("header", json!([first, last]))),
        Question::HiddenRows => (table, member("hidden_rows", "leave-out".into()) + " or \"read\""),
        Question::Encoding { suggestion } => (table, member("encoding", json!(suggestion.to_lowercase()))),
        Question::Column { heading, suggestion: Some(Target::Column(name)), .. } => {
            (format!("{table}/columns"), member(name, json!({ "from": heading })))
        }
        Question::Column { heading, .. } | Question::Names { heading, is_free: false, .. } => {
            (format!("{table}/left_out"), json!(heading).to_string())
        }
        Question::Names { heading, .. } => {
            let how = json!({ "from": heading, "pseudonym": true });
            let left_out = format!(" (or at {table}/left_out {})", json!(heading));
            (format!("{table}/columns"), member("defendant_id", how) + &left_out)
        }
        Question::Needed { column, is_id, .. } => {
            let how = if *is_id { json!({ "from": "#row" }) } else { json!({ "always": "CODE" }) };
            (format!("{table}/columns"), member(column, how) + " or { \"from\": HEADING }")
        }
        Question::Unfit { column, is_id: true, .. } => {
            (of(column), member("pseudonym", true.into()) + " or \"from\": \"#row\"")
        }
        Question::Unfit { column, .. } => (of(column), "another \"from\", or nothing".to_owned()),
        Question::Key { .. } => ("/".to_owned(), "nothing; the key is named by --key FILE".to_owned()),
        Question::Dates { column, .. } => {
            (of(column), member("dates", "day-first".into()) + " or \"month-first\"")
        }
        Question::Serials { column, .. } => (of(column), member("serials", true.into())),
        Question::Value { column, is_listed: false, .. } => {
            (of(column) + "/values", "\"the value as it stands in the sheet\": \"CODE\" or null".to_owned())
        }
        Question::Value { column, value, meant, .. } => {
            let code = match meant {
                Meant::Code(code) | Meant::Perhaps(code) => code,
                _ => "CODE",
            };
            (of(column) + "/values", member(value, code.into()) + " or null")
        }
        Question::Empty { column, suggestion } => {
            (of(column), member("empty", suggestion.unwrap_or("CODE").into()))
        }
        Question::Package { missing } => {
            let names: Vec<String> = missing.iter().map(|name| member(name, example(name))).collect();
            ("/package".to_owned(), names.join(", "))
        }
    };
    Open { words: words(&asked.on_paper(), &SeenColumns::new()), at, write }
}

/// Returns the codes that may stand in a column, if there are not too many to be told.
fn codes_in(asked: &Asked, column: &str) -> String {
    let found =
        TABLES.iter().find(|table| Some(table.name) == asked.table).and_then(|table| table.column(column));
    let codes = found.map(|column| codes_of(column, Language::ENGLISH)).unwrap_or_default();
    let names: Vec<&str> = codes.iter().map(|(code, _)| code.as_str()).collect();
    let empty =
        if found.is_some_and(|column| column.need == Need::Filled) { "" } else { "; #empty leaves it empty" };
    let names = if (1..=MOST_CODES).contains(&names.len()) {
        format!("one of {}", names.join(", "))
    } else {
        "a code".to_owned()
    };
    names + empty
}

/// Returns what a property of the descriptor looks like.
fn example(name: &str) -> serde_json::Value {
    match name {
        "licenses" => json!([{ "name": "CC-BY-4.0", "path": "https://…" }]),
        "sources" => json!([{ "title": "…", "path": "https://…" }]),
        "chargesheet" => json!({ "caveats": { "en": ["…"] } }),
        _ => "…".into(),
    }
}

/// Returns a question in words. What Enter means stands in brackets; further answers behind it. `seen` are the columns as only the
/// screen may show them.
pub(super) fn words(asked: &Asked, seen: &SeenColumns) -> String {
    let named = |told: &str| match seen.get(told).filter(|own| own.heading != told) {
        Some(Seen { heading, .. }) => format!("{told} {heading:?}"),
        None if told.starts_with('#') => told.to_owned(),
        None => format!("{told:?}"),
    };
    let rows = if asked.rows > 0 { format!(" ({} rows)", asked.rows) } else { String::new() };
    match &asked.question {
        Question::Kind { suggestion } => format!(
            "do the sheets hold cases, with each row a charge against a person, or figures that somebody else counted? \
             [{suggestion}] (case-level or reported)"
        ),
        Question::Sheet { suggestion } => {
            format!("which sheet holds the records? [{suggestion}] (its number)")
        }
        Question::Header { first, last } if first == last => {
            format!("in which row is the header? [{first}] (a row, or two: 1-2)")
        }
        Question::Header { first, last } => {
            format!("in which rows is the header? [{first}-{last}] (a row, or two: 1-2)")
        }
        Question::HiddenRows => format!("what of the hidden rows?{rows} (read or leave-out)"),
        Question::Encoding { suggestion } => {
            format!("the file is not UTF-8; what is it? [{suggestion}] (a label)")
        }
        Question::Column { heading, samples, free, suggestion, .. } => {
            let shown = if samples.is_empty() { String::new() } else { format!(" ({})", samples.join(", ")) };
            let default = match suggestion {
                Some(Target::Column(name)) => name,
                _ => "-",
            };
            let column = named(heading);
            format!("which column is {column}{shown}? [{default}] (- leaves it out; {})", free.join(", "))
        }
        Question::Needed { column, free, is_id } => {
            let default = if *is_id { " [#row] (#row counts each row as another one;" } else { " (" };
            let free: Vec<String> = free.iter().map(|told| named(told)).collect();
            let free = if free.is_empty() { String::new() } else { format!(": {}", free.join(", ")) };
            format!(
                "every row needs {column}{rows}; where does it come from?{default} a heading{free}; =CODE for all rows)"
            )
        }
        Question::Unfit { is_id, because, .. } => {
            let choice = if *is_id { "; p for pseudonyms; #row for the number of the row" } else { "" };
            format!("{} [-] (- leaves it out{choice})", because.english())
        }
        Question::Names { heading, different, is_free } => {
            let choice = if *is_free { "; p for pseudonyms" } else { "" };
            let column = named(heading);
            format!("column {column} holds {different} different names [-] (- leaves it out{choice})")
        }
        Question::Dates { column, example, readings: [day, month], day_first, month_first } => format!(
            "{column}: is a date such as {example} {day}, with the day first (as {day_first} others), or {month}, with the month \
             first (as {month_first} others)?{rows} (d or m)"
        ),
        Question::Serials { column, example, day } => {
            format!("{column}: is a number such as {example} a day, here {day}?{rows} (y or n)")
        }
        Question::Value { column, value, meant, .. } => {
            let choice = match meant {
                Meant::Perhaps(code) | Meant::Code(code) => format!("[{code}] (- refuses such rows; a code)"),
                Meant::Choice(codes) => format!("({}; - refuses such rows)", codes.join(", ")),
                Meant::Nothing => format!("({}; - refuses such rows)", codes_in(asked, column)),
            };
            format!("{column}: what is {value:?}?{rows} {choice}")
        }
        Question::Empty { column, suggestion } => {
            let default = suggestion.map(|code| format!("[{code}] ")).unwrap_or_default();
            format!("{column} is empty; what does that mean?{rows} {default}(- refuses such rows; a code)")
        }
        Question::Key { column } => format!(
            "{column} has pseudonyms, which need a key: --key FILE; if the file is missing, it is made, of 32 random bytes"
        ),
        Question::Package { missing } => format!("datapackage.json does not say: {}", missing.join(", ")),
    }
}
