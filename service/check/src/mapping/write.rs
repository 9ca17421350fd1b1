//! A mapping as JSON, so that it can be used again.

use serde_json::{Map, Value as Json, json};

use super::form::{ColumnMapping, Mapping, Origin, SheetChoice, TableMapping, VERSION};

/// The text in place of a heading that stands for the number of the row.
pub(super) const ROW_NUMBER: &str = "#row";

impl Mapping {
    /// Returns the mapping as the text of `mapping.json`.
    pub fn to_json(&self) -> String {
        let mut out = Map::new();
        out.insert("mapping".to_owned(), VERSION.into());
        out.insert("kind".to_owned(), self.kind.name().into());
        if let Some(key) = &self.key {
            out.insert("key".to_owned(), key.as_str().into());
        }
        out.insert("tables".to_owned(), self.tables.iter().map(table).collect());
        out.insert("package".to_owned(), self.package.clone().into());
        let mut text = serde_json::to_string_pretty(&out).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn name_of<V: PartialEq>(names: &[(&'static str, V)], value: &V) -> Option<Json> {
    names.iter().find(|(_, own)| own == value).map(|(name, _)| (*name).into())
}

fn table(own: &TableMapping) -> Json {
    let columns = own.columns.iter().map(|(target, how)| (target.name.to_owned(), column(how)));
    let members = [
        ("table", Some(own.table.name.into())),
        ("sheet", own.sheet.as_ref().map(sheet)),
        ("header", Some(json!([own.header.0, own.header.1]))),
        ("layout", own.layout.as_deref().map(Json::from)),
        ("hidden_rows", own.hidden_rows.and_then(|hidden| name_of(&Mapping::HIDDEN, &hidden))),
        ("encoding", own.encoding.map(|encoding| encoding.name().to_lowercase().into())),
        ("delimiter", own.delimiter.map(|sign| char::from(sign).to_string().into())),
        ("columns", Some(Json::Object(columns.collect()))),
        ("left_out", Some(&own.left_out).filter(|own| !own.is_empty()).map(|own| json!(own))),
    ];
    object(members)
}

fn sheet(own: &SheetChoice) -> Json {
    match own {
        SheetChoice::Number(number) => json!(number),
        SheetChoice::Name(name) => json!(name),
    }
}

fn column(own: &ColumnMapping) -> Json {
    let (from, always) = match &own.from {
        Origin::Always(text) => (None, Some(text.as_str().into())),
        Origin::RowNumber => (Some(ROW_NUMBER.into()), None),
        Origin::Columns(headings) => match &headings[..] {
            [heading] => (Some(heading.as_str().into()), None),
            several => (Some(json!(several)), None),
        },
    };
    object([
        ("from", from),
        ("always", always),
        ("pseudonym", own.pseudonym.then_some(true.into())),
        ("dates", own.dates.and_then(|order| name_of(&Mapping::ORDERS, &order))),
        ("serials", own.serials.then_some(true.into())),
        ("empty", own.empty.as_deref().map(Json::from)),
        ("by_key", Some(&own.by_key).filter(|own| !own.is_empty()).map(|own| json!(own))),
        ("values", Some(&own.values).filter(|own| !own.is_empty()).map(|own| json!(own))),
    ])
}

fn object<const N: usize>(members: [(&str, Option<Json>); N]) -> Json {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
