//! The Table Schema (Data Package v2) of a table, made from its description: types, constraints, categories with labels, keys.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::tables::{Column, Content, Need, TABLES, Table};
use crate::domain::{Language, Measure, Status};
use crate::present::codebook::Words;
use crate::release::Release;

/// The pattern of a day, a month or a year.
const PERIOD: &str = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?";

/// Columns that are always filled, although the schemas of packages already published do not require it.
const UNSAID: [(&str, &str); 2] = [("history", "url"), ("population", "url")];

/// A function that returns the distinct texts of a column, without empty ones.
pub type Used<'u> = &'u dyn Fn(&str) -> BTreeSet<String>;

/// Returns the schema of a table, for some of its columns.
pub fn schema(release: &Release, table: &Table, columns: &[&str], used: Used<'_>) -> Value {
    let columns: Vec<&Column> = columns.iter().filter_map(|name| table.column(name)).collect();
    let fields: Vec<Value> = columns.iter().map(|column| field(release, table, column, used)).collect();
    let references: Vec<Value> = columns.iter().filter_map(|column| reference(table, column, used)).collect();
    // A column of the key that is left out is empty in every row.
    let key: Vec<&str> =
        table.key.iter().copied().filter(|name| columns.iter().any(|column| column.name == *name)).collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""], "primaryKey": key });
    if !references.is_empty() {
        schema["foreignKeys"] = references.into();
    }
    schema
}

fn field(release: &Release, table: &Table, column: &Column, used: Used<'_>) -> Value {
    let words = Words::of(Language::ENGLISH);
    let kind = match column.content {
        Content::Year => "year",
        Content::Whole(_) => "integer",
        Content::Flag => "boolean",
        _ => "string",
    };
    let mut field = json!({ "name": column.name, "type": kind });
    // A column that answers have too is defined in one place: the codebook.
    let about = if column.about.is_empty() { words.column(column.name) } else { column.about };
    if !about.is_empty() && !about.contains('{') {
        field["description"] = json!(about);
    }
    let occurring = || used(column.name).into_iter();
    let codes: Vec<(String, String)> = match column.content {
        Content::Code(list) => {
            let list = release.lists().named(list);
            let label =
                |code: &str| list?.get(code).map(|entry| entry.label.get(Language::ENGLISH).to_owned());
            occurring().map(|code| (code.clone(), label(&code).unwrap_or(code))).collect()
        }
        Content::Measure => {
            let units: BTreeSet<String> = occurring().collect();
            let units = Measure::ALL
                .map(|measure| measure.name().to_owned())
                .into_iter()
                .filter(|unit| units.contains(unit));
            units.map(|unit| (unit.clone(), unit)).collect()
        }
        Content::Status => Status::ALL
            .map(|status| (status.code().to_owned(), words.known("status", status.code()).label))
            .into(),
        Content::Words(_) => {
            occurring().map(|word| (word.clone(), words.known(column.name, &word).label)).collect()
        }
        _ => Vec::new(),
    };
    if !codes.is_empty() {
        let category = |(code, label): &(String, String)| json!({ "value": code, "label": label });
        field["categories"] = codes.iter().map(category).collect();
        field["constraints"]["enum"] = codes.into_iter().map(|(code, _)| code).collect();
    }
    match column.content {
        Content::Period => field["constraints"]["pattern"] = json!(format!("^{PERIOD}$")),
        Content::PeriodOrUnknown => field["constraints"]["pattern"] = json!(format!("^({PERIOD}|unknown)$")),
        Content::Whole(least) => field["constraints"]["minimum"] = json!(least),
        Content::Flag => {
            field["trueValues"] = json!(["true"]);
            field["falseValues"] = json!(["false"]);
        }
        _ => {}
    }
    let is_key = table.key == [column.name];
    let is_filled = column.need == Need::Filled || column.content.has_default() || is_key;
    if is_filled && !UNSAID.contains(&(table.name, column.name)) {
        field["constraints"]["required"] = json!(true);
    }
    if is_key {
        field["constraints"]["unique"] = json!(true);
    }
    field
}

/// Returns the foreign key of a column of ids; `None` where the ids refer to no known table.
fn reference(table: &Table, column: &Column, used: Used<'_>) -> Option<Value> {
    let Content::Id(name) = column.content else { return None };
    let key = *TABLES.iter().find(|other| other.name == name)?.key.first()?;
    if name != table.name {
        let reference = json!({ "fields": [key], "resource": name });
        return Some(json!({ "fields": [column.name], "reference": reference }));
    }
    // A reference into the same table names no resource. A successor may be in a law that the register lacks.
    let is_known = column.name != key && used(column.name).is_subset(&used(key));
    is_known.then(|| json!({ "fields": [column.name], "reference": { "fields": [key] } }))
}
