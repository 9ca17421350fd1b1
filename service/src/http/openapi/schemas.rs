//! The schemas of answers: those of our types are derived from them; the few whose JSON is not that of their fields
//! are written out here, and `tests/e2e/contract.rs` holds real answers against them.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::vocabularies;
use crate::explorer::Oembed;
use crate::http::files::{Facets, NewerAnswer};
use crate::http::problem::Problem;
use crate::http::{datasets, releases, statutes};
use crate::present::codebook::Codebook;
use crate::present::movers::MoversTold;
use crate::present::trend::Trend;
use crate::release::Manifest;

/// Returns all schemas, by name.
pub fn schemas() -> Map<String, Value> {
    let all: Map<String, Value> = named().into_iter().collect();
    all.iter().map(|(name, schema)| (name.clone(), merged(schema, &all))).collect()
}

/// Makes one object of an object and those that are flattened into it, which are derived as `allOf`: a reader sees all its
/// members in one place. What may be left out as a whole is derived as that or `null`, which no object is.
fn merged(schema: &Value, all: &Map<String, Value>) -> Value {
    let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
    let (mut properties, mut required, mut together) = (Map::new(), Vec::new(), Map::new());
    for part in parts {
        let maybe = part["oneOf"].as_array().and_then(|either| either.first());
        let own = maybe.unwrap_or(part);
        let name = own["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let own = name.and_then(|name| all.get(name)).unwrap_or(own);
        properties.extend(own["properties"].as_object().cloned().unwrap_or_default());
        let names = own["required"].as_array().cloned().unwrap_or_default();
        if maybe.is_some() {
            together
                .extend(names.iter().filter_map(Value::as_str).map(|name| (name.to_owned(), json!(names))));
        } else {
            required.extend(names);
        }
    }
    let mut one = json!({
        "type": "object", "description": schema["description"], "required": required, "properties": properties,
    });
    if !together.is_empty() {
        one["dependentRequired"] = together.into();
    }
    one
}

/// All schemas with their names, some more than once: what several types have in them.
fn named() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    add::<Problem>(&mut all);
    add::<datasets::Datasets<'_>>(&mut all);
    add::<datasets::Description<'_>>(&mut all);
    add::<releases::Releases<'_>>(&mut all);
    add::<releases::Comparison<'_>>(&mut all);
    add::<statutes::Statutes<'_>>(&mut all);
    add::<statutes::One<'_>>(&mut all);
    add::<Facets<'_>>(&mut all);
    add::<NewerAnswer<'_>>(&mut all);
    add::<Codebook>(&mut all);
    add::<Trend>(&mut all);
    add::<MoversTold>(&mut all);
    add::<Manifest>(&mut all);
    add::<Oembed>(&mut all);
    all.push(("Change".to_owned(), change()));
    all.extend(answer());
    all.extend(vocabularies::schemas());
    all
}

/// Adds the schema of a type, and those that it names.
fn add<T: ToSchema>(all: &mut Vec<(String, Value)>) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    for (name, schema) in schemas {
        let schema = serde_json::to_value(schema).expect("a schema has only strings, numbers and lists");
        // A type that only names itself stands for a schema that is written out.
        if schema["$ref"] != format!("#/components/schemas/{name}") {
            all.push((name, schema));
        }
    }
}

/// A cell that differs between two releases: a member for each dimension of the dataset.
fn change() -> Value {
    let count = json!({ "type": ["integer", "null"], "minimum": 0 });
    json!({
        "type": "object",
        "description": "A cell that differs: its codes by dimension (null where not known), and the figure on both sides.",
        "required": ["change", "measure", "before", "after", "difference"],
        "properties": {
            "change": { "type": "string", "enum": ["added", "changed", "removed"] },
            "measure": { "type": "string" },
            "before": count, "after": count,
            "difference": { "type": "integer", "description": "A figure that is not there counts as nothing here." },
        },
        "additionalProperties": { "type": ["string", "integer", "null", "boolean"] },
    })
}

/// An object with these members, all of which are always there.
pub fn object(description: &str, members: Value) -> Value {
    let names: Vec<String> =
        members.as_object().map_or(Vec::new(), |members| members.keys().cloned().collect());
    json!({ "type": "object", "description": description, "required": names, "properties": members })
}

/// `aggregate.json`, whose types the browser has too (`chargesheet_widget::wire`).
fn answer() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let list = |name: &str| json!({ "type": "array", "items": of(name) });
    let mut all = Map::new();
    let mut put = |name: &str, schema: Value| {
        all.insert(name.to_owned(), schema);
    };
    let mut answer = object(
        "The answer to a question: a tidy table, one row per group, with what a reader needs to trust it.",
        json!({
            "dataset": of("AnswerDataset"),
            "release": of("AnswerRelease"),
            "query": { "type": "string", "description": "The question in its one canonical spelling." },
            "language": text(),
            "columns": list("Column"),
            "rows": list("Row"),
            "labels": {
                "type": "object",
                "description": "For every coded dimension the codes that occur, in display order, with their labels.",
                "additionalProperties": { "type": "object", "additionalProperties": text() },
            },
            "additive": { "type": "array", "items": text(), "description": "Dimensions of this answer over which its figures may be stacked." },
            "in_force": { "anyOf": [of("InForce"), { "type": "null" }] },
            "sources": list("Source"),
            "caveats": { "type": "array", "items": text(), "description": "What a reader must know before using the figures." },
            "citation": { "type": "string", "description": "How to cite this answer, with its pinned address." },
            "text": of("ChartText"),
        }),
    );
    // Not among those that are always there.
    answer["properties"]["more_sources"] = of("MoreSources");
    put("Answer", answer);
    put(
        "MoreSources",
        object(
            "Sources that stand behind the answer and are not listed in `sources`, which has a thousand at most. Left out where all are listed.",
            json!({
                "count": { "type": "integer", "minimum": 1, "description": "How many there are." },
                "url": { "type": "string", "description": "Address of `evidence.csv`, which has all that stand behind the figures; from the root of the service." },
            }),
        ),
    );
    put(
        "AnswerDataset",
        object(
            "The dataset that was asked.",
            json!({
                "id": text(), "title": text(), "kind": { "type": "string", "enum": ["case-level", "reported"] }, "url": text(),
            }),
        ),
    );
    put(
        "AnswerRelease",
        object(
            "The release that the figures were made from, and the pinned address of this very answer.",
            json!({
                "id": text(), "url": text(),
            }),
        ),
    );
    put(
        "Column",
        object(
            "A column of `rows`.",
            json!({
                "name": { "type": "string", "description": "The same as in the CSV header." },
                "role": { "type": "string", "enum": ["dimension", "label", "measure", "share", "status", "sources"] },
                "title": text(),
            }),
        ),
    );
    put(
        "Row",
        json!({
            "type": "object",
            "description": "A member for each column: codes, labels and months are texts, years and counts whole numbers, shares numbers from 0 to 1, sources lists of ids. Null is unknown or not reported, never zero.",
            "properties": { "disagreements": list("Disagreement") },
            "additionalProperties": { "anyOf": [
                { "type": ["string", "number", "null"] },
                { "type": "array", "items": text() },
            ] },
        }),
    );
    put(
        "Disagreement",
        object(
            "A figure of another source than the one shown.",
            json!({
                "measure": text(), "value": { "type": "integer", "minimum": 0 }, "source": text(),
            }),
        ),
    );
    put(
        "InForce",
        object(
            "When the one statute asked about was in force: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.",
            json!({
                "from": { "type": ["string", "null"] }, "to": { "type": ["string", "null"] },
            }),
        ),
    );
    put(
        "Source",
        object(
            "Where figures come from.",
            json!({
                "id": text(), "publisher": text(), "title": text(), "url": text(), "published": text(),
                "kind": { "type": "string", "enum": ["", "official", "ngo", "press"] },
            }),
        ),
    );
    put(
        "ChartText",
        object(
            "Ready sentences for the parts of a chart, in the answer's language.",
            json!({
                "title": text(), "subtitle": text(), "x_title": text(), "y_title": text(), "share_title": text(),
                "source_line": text(), "dataset_line": text(), "notes": texts(), "unknown": text(), "not_in_force": text(),
                "empty": text(), "alt": text(), "thousands": text(), "decimal": text(),
            }),
        ),
    );
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_schema_takes_the_name_of_another() {
        let mut all = Map::new();
        for (name, schema) in named() {
            let before = all.insert(name.clone(), schema.clone());
            assert!(before.is_none_or(|before| before == schema), "two schemas are named {name}");
        }
    }

    #[test]
    fn what_is_flattened_is_there_as_a_whole_or_not_at_all() {
        let all = schemas();
        assert!(all.values().all(|schema| schema["allOf"].is_null()));
        let described = &all["Description"];
        let explained = described["dependentRequired"]["language"].as_array().unwrap();
        assert_eq!(explained.len(), 8);
        let required = described["required"].as_array().unwrap();
        assert!(explained.iter().all(|name| !required.contains(name)));
        assert!(
            described["properties"]["columns"]["type"] == "array" && required.contains(&"caveats".into())
        );
        let statute = all["Statute"]["required"].as_array().unwrap();
        assert!(statute.contains(&"history".into()) && statute.contains(&"datasets".into()));
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let all = schemas();
        let text = Value::from(all.clone()).to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(all.contains_key(name), "{name}");
        }
    }
}
