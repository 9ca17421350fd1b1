//! The schemas of answers: those of our types are derived from them; the few whose JSON is not that of their fields
//! are written out here, and `tests/e2e/contract.rs` holds real answers against them.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

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
    let mut all = Map::new();
    add::<Problem>(&mut all);
    add::<datasets::Datasets<'_>>(&mut all);
    add::<datasets::Description<'_>>(&mut all);
    add::<releases::Releases<'_>>(&mut all);
    add::<releases::Told<'_>>(&mut all);
    add::<statutes::Statutes<'_>>(&mut all);
    add::<statutes::Entry<'_>>(&mut all);
    add::<Facets<'_>>(&mut all);
    add::<NewerAnswer<'_>>(&mut all);
    add::<Codebook>(&mut all);
    add::<Trend>(&mut all);
    add::<MoversTold>(&mut all);
    add::<Manifest>(&mut all);
    add::<Oembed>(&mut all);
    all.insert("Change".to_owned(), change());
    all.extend(answer());
    let open = |description: &str| json!({ "type": "object", "description": description });
    all.insert("LinkedData".to_owned(), json!({
        "type": "object",
        "description": "JSON-LD 1.1.",
        "required": ["@context", "@graph"],
        "properties": { "@graph": { "type": "array", "items": { "type": "object", "required": ["@id", "@type"] } } },
    }));
    all.insert(
        "Citation".to_owned(),
        json!({
            "type": "array",
            "description": "CSL-JSON 1.0: one item of the type `dataset`.",
            "minItems": 1, "maxItems": 1,
            "items": { "type": "object", "required": ["id", "type", "title", "URL"] },
        }),
    );
    all.insert(
        "LinkedTable".to_owned(),
        json!({
            "type": "object",
            "description": "Metadata Vocabulary for Tabular Data (W3C, 2015).",
            "required": ["@context", "url", "tableSchema"],
        }),
    );
    all.insert("OpenApi".to_owned(), open("A document of OpenAPI 3.1."));
    all
}

/// Adds the schema of a type, and those that it names.
fn add<T: ToSchema>(all: &mut Map<String, Value>) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    for (name, schema) in schemas {
        all.insert(name, serde_json::to_value(schema).expect("a schema has only strings, numbers and lists"));
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
fn object(description: &str, members: Value) -> Value {
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
    put(
        "Answer",
        object(
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
