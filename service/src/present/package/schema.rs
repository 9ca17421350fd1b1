//! Table Schema (Data Package v2) of each table: types, constraints, categories with labels, keys.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::domain::{CodeList, Language, Measure, Status};
use crate::present::codebook::Words;
use crate::release::Release;
use crate::release::text_table::TextTable;

/// A day, a month or a year.
const PERIOD: &str = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?";

/// What columns mean that are no columns of answers.
const DESCRIPTIONS: [(&str, &str); 37] = [
    ("date", "When it happened: YYYY, YYYY-MM or YYYY-MM-DD."),
    ("breaks_series", "Whether figures before and after count different things."),
    ("related", "Another statute that it is about."),
    ("text_en", "What happened, in a sentence of English."),
    ("text_ru", "The same in Russian."),
    ("text_kk", "The same in Kazakh."),
    ("population", "How many people lived in the country."),
    ("charge_id", "Number of the charge within this package; the key."),
    ("case_id", "Number that stands for the proceeding."),
    ("defendant_id", "Number that stands for the defendant."),
    ("date_charged", "YYYY, YYYY-MM or YYYY-MM-DD, as exactly as it is known, or the word unknown."),
    ("date_outcome", "When the outcome was reached: YYYY, YYYY-MM or YYYY-MM-DD."),
    ("sentence", "The sentence, as the source words it."),
    ("sentence_months", "The sentence in months."),
    ("parent", "The article that a part belongs to."),
    ("law", "The law's name or short code."),
    ("article", "The article within the law."),
    ("part", "The part within the article."),
    ("title_en", "What the statute forbids, in a few words of English."),
    ("title_ru", "The same in Russian."),
    ("title_kk", "The same in Kazakh."),
    ("offence", "Category of speech offence."),
    ("in_force_from", "First day in force, where known."),
    ("in_force_to", "Last day in force, where it has ended."),
    ("successor", "The statute that replaced it."),
    ("url", "Address of the text or publication."),
    ("unit", "What the figure counts."),
    ("value", "The figure. A zero is a reported zero."),
    ("preferred", "Whether answers use this figure where several sources report the cell."),
    ("note", "What is to be known of the figure."),
    ("publisher", "Who published it."),
    ("title", "Title of the publication."),
    ("published", "When it was published."),
    ("kind", "What kind of publisher it is."),
    ("counting_rule", "How a person accused of several offences is counted."),
    ("time_basis", "What the year of a figure is the year of."),
    ("measure_type", "Whether it counts events of a year or the number at a moment."),
];

/// A field of texts, with its description where there is one.
fn field(name: &str, kind: &str) -> Value {
    let own = DESCRIPTIONS.iter().find(|(own, _)| *own == name).map(|(_, text)| *text);
    // What is a column of answers too is defined once.
    let text = own.unwrap_or_else(|| Words::of(Language::ENGLISH).definition(name));
    let mut field = json!({ "name": name, "type": kind });
    if !text.is_empty() && !text.contains('{') {
        field["description"] = json!(text);
    }
    field
}

fn text(name: &str) -> Value {
    field(name, "string")
}

fn period(name: &str) -> Value {
    constrained(text(name), "pattern", json!(format!("^{PERIOD}$")))
}

fn constrained(mut field: Value, constraint: &str, bound: Value) -> Value {
    field["constraints"][constraint] = bound;
    field
}

fn flag(name: &str) -> Value {
    let mut flag = field(name, "boolean");
    flag["trueValues"] = json!(["true"]);
    flag["falseValues"] = json!(["false"]);
    flag
}

fn required(field: Value) -> Value {
    constrained(field, "required", json!(true))
}

/// A field of codes: those that occur, with their labels.
fn coded<'c>(name: &str, codes: impl IntoIterator<Item = (&'c str, String)>) -> Value {
    let codes: Vec<(&str, String)> = codes.into_iter().collect();
    let mut field = text(name);
    if !codes.is_empty() {
        let category = |(code, label): &(&str, String)| json!({ "value": code, "label": label });
        field["categories"] = codes.iter().map(category).collect();
        field = constrained(field, "enum", codes.iter().map(|(code, _)| *code).collect());
    }
    field
}

fn listed<'c>(name: &str, list: &CodeList, codes: impl IntoIterator<Item = &'c str>) -> Value {
    let label =
        |code: &str| list.get(code).map_or(code, |entry| entry.label.get(Language::ENGLISH)).to_owned();
    coded(name, codes.into_iter().map(|code| (code, label(code))))
}

/// The different texts of a column, empty ones left out.
fn used<'t>(table: &'t TextTable, column: &str) -> BTreeSet<&'t str> {
    let place = table.columns.iter().position(|(name, _)| *name == column);
    let cells = place.into_iter().flat_map(|place| table.rows.iter().map(move |row| row[place].as_str()));
    cells.filter(|cell| !cell.is_empty()).collect()
}

fn schema(fields: Vec<Value>, key: &[&str], references: &[(&str, Option<&str>, &str)]) -> Value {
    let reference = |(field, resource, to): &(&str, Option<&str>, &str)| {
        let mut reference = json!({ "fields": [to] });
        // A reference into the table itself names no resource.
        if let Some(resource) = resource {
            reference["resource"] = json!(resource);
        }
        json!({ "fields": [field], "reference": reference })
    };
    let mut schema = json!({ "fields": fields, "missingValues": [""], "primaryKey": key });
    if !references.is_empty() {
        schema["foreignKeys"] = references.iter().map(reference).collect();
    }
    schema
}

/// Returns the schema of `statutes.csv`.
pub fn statutes(release: &Release, table: &TextTable) -> Value {
    let lists = release.lists();
    let fields = table.columns.iter().map(|(name, _)| match *name {
        "statute" => constrained(required(text(name)), "unique", json!(true)),
        "country" => required(listed(name, &lists.countries, used(table, name))),
        "law" | "title_en" => required(text(name)),
        "offence" => listed(name, &lists.offences, used(table, name)),
        "in_force_from" | "in_force_to" => period(name),
        _ => text(name),
    });
    let own = [("parent", None, "statute"), ("successor", None, "statute")];
    // A successor may be in a law that the register does not have.
    let known = |column: &str| used(table, column).is_subset(&used(table, "statute"));
    let own: Vec<_> = own.into_iter().filter(|(column, ..)| known(column)).collect();
    schema(fields.collect(), &["statute"], &own)
}

/// Returns the schema of `charges.csv` with some columns; `codes` are those that occur in coded ones.
pub fn charges(release: &Release, columns: &[&str], codes: &[(&str, Vec<String>)]) -> Value {
    let lists = release.lists();
    let occurring = |name: &str| {
        let own = codes.iter().find(|(own, _)| *own == name);
        own.into_iter().flat_map(|(_, codes)| codes.iter().map(String::as_str))
    };
    let fields = columns.iter().map(|&name| match name {
        "charge_id" => constrained(required(text(name)), "unique", json!(true)),
        "case_id" | "defendant_id" | "statute" => required(text(name)),
        "country" => required(listed(name, &lists.countries, occurring(name))),
        "outcome" => required(listed(name, &lists.outcomes, occurring(name))),
        "role" => required(listed(name, &lists.roles, occurring(name))),
        "date_charged" => {
            required(constrained(text(name), "pattern", json!(format!("^({PERIOD}|unknown)$"))))
        }
        "date_outcome" => period(name),
        "sentence_months" => constrained(field(name, "integer"), "minimum", json!(0)),
        _ => text(name),
    });
    schema(fields.collect(), &["charge_id"], &[("statute", Some("statutes"), "statute")])
}

/// Returns the schema of `counts.csv`.
pub fn counts(release: &Release, table: &TextTable) -> Value {
    let lists = release.lists();
    let words = Words::of(Language::ENGLISH);
    let fields = table.columns.iter().map(|(name, _)| match *name {
        "country" => required(listed(name, &lists.countries, used(table, name))),
        "outcome" => required(listed(name, &lists.outcomes, used(table, name))),
        "statute" | "source" => required(text(name)),
        "year" => required(field(name, "year")),
        "unit" => {
            let units = used(table, name);
            let units = Measure::ALL.iter().map(|measure| measure.name()).filter(|unit| units.contains(unit));
            required(coded(name, units.map(|unit| (unit, unit.to_owned()))))
        }
        "value" => required(constrained(field(name, "integer"), "minimum", json!(0))),
        "status" => {
            let label = |status: &Status| (status.code(), words.status(*status).label);
            required(coded(name, Status::ALL.iter().map(label)))
        }
        "preferred" => required(flag(name)),
        _ => text(name),
    });
    let key = ["country", "statute", "year", "outcome", "unit", "source"];
    let references = [("statute", Some("statutes"), "statute"), ("source", Some("sources"), "source")];
    schema(fields.collect(), &key, &references)
}

/// Returns the schema of `sources.csv`.
pub fn sources(table: &TextTable) -> Value {
    let fields = table.columns.iter().map(|(name, _)| match *name {
        "source" => constrained(required(text(name)), "unique", json!(true)),
        "publisher" | "title" | "url" => required(text(name)),
        "published" => period(name),
        "kind" | "counting_rule" | "time_basis" | "measure_type" => {
            let words = Words::of(Language::ENGLISH);
            required(coded(
                name,
                used(table, name).into_iter().map(|code| (code, words.of_source(name, code).label)),
            ))
        }
        _ => text(name),
    });
    schema(fields.collect(), &["source"], &[])
}

/// Returns the schema of `history.csv` or `population.csv`.
pub fn background(release: &Release, name: &str, table: &TextTable) -> Value {
    let lists = release.lists();
    let fields = table.columns.iter().map(|(column, _)| match *column {
        "statute" | "text_en" => required(text(column)),
        "source" => required(text(column)),
        "date" => required(period(column)),
        "kind" => {
            required(coded(column, used(table, column).into_iter().map(|code| (code, code.to_owned()))))
        }
        "breaks_series" => required(flag(column)),
        "country" => required(listed(column, &lists.countries, used(table, column))),
        "year" => required(field(column, "year")),
        "population" => required(constrained(field(column, "integer"), "minimum", json!(1))),
        _ => text(column),
    });
    if name == "history" {
        let key = ["statute", "date", "kind", "related"];
        return schema(fields.collect(), &key, &[("statute", Some("statutes"), "statute")]);
    }
    schema(fields.collect(), &["country", "year"], &[])
}
