//! The schemas of answers in vocabularies of other people. Theirs have more than we say; what stands here is all that we do.

use serde_json::{Value, json};

use super::schemas::object;

/// Returns the schemas with their names.
pub fn schemas() -> Vec<(String, Value)> {
    let named = |name: &str, schema: Value| (name.to_owned(), schema);
    vec![
        named("LinkedData", linked_data()),
        named("Citation", citation()),
        named("LinkedTable", linked_table()),
        named("LinkedColumn", linked_column()),
        named("LinkedText", linked_text()),
        named("LinkedThing", linked_thing()),
        named("LinkedNote", linked_note()),
        named("OpenApi", json!({ "type": "object", "description": "A document of OpenAPI 3.1." })),
    ]
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } })
}

/// Adds members that are not always there.
fn with(mut object: Value, members: &[(&str, Value)]) -> Value {
    for (name, schema) in members {
        object["properties"][*name] = schema.clone();
    }
    object
}

fn linked_data() -> Value {
    let items = json!({ "type": "object", "required": ["@id", "@type"] });
    json!({
        "type": "object",
        "description": "JSON-LD 1.1.",
        "required": ["@context", "@graph"],
        "properties": { "@graph": { "type": "array", "items": items } },
    })
}

/// `citation.json`: CSL-JSON 1.0 with variables of CSL 1.0.2.
fn citation() -> Value {
    let day = json!({ "type": "array", "items": { "type": "integer" }, "minItems": 3, "maxItems": 3 });
    let issued = object(
        "Year, month and day of the release.",
        json!({ "date-parts": { "type": "array", "items": day, "minItems": 1, "maxItems": 1 } }),
    );
    let author = object("An organisation.", json!({ "literal": text() }));
    let item = object(
        "A dataset, for reference managers.",
        json!({
            "id": text(),
            "type": { "type": "string", "const": "dataset" },
            "title": text(),
            "author": { "type": "array", "items": author },
            "issued": issued,
            "container-title": { "type": "string", "description": "The dataset's title." },
            "publisher": text(),
            "version": { "type": "string", "description": "By the publisher's count." },
            "number": { "type": "string", "description": "The release." },
            "URL": { "type": "string", "description": "The pinned address." },
            "note": { "type": "string", "description": "What else a citation holds, as the SHA-256 of the CSV." },
            "language": text(),
        }),
    );
    json!({ "type": "array", "description": "CSL-JSON 1.0: one item.", "minItems": 1, "maxItems": 1, "items": item })
}

/// `aggregate.csv-metadata.json`: Metadata Vocabulary for Tabular Data (W3C, 2015).
fn linked_table() -> Value {
    let table = json!({
        "@context": { "type": "array" },
        "url": { "type": "string", "description": "The CSV, seen from this description." },
        "dc:title": list("LinkedText"),
        "dc:description": list("LinkedText"),
        "dc:identifier": { "type": "string", "description": "The pinned address of the CSV." },
        "dc:isPartOf": object("The release.", json!({ "@id": text() })),
        "dc:created": object("When the package was made.", json!({ "@value": text(), "@type": text() })),
        "dc:creator": { "type": "array", "items": text() },
        "dc:license": list("LinkedThing"),
        "dc:source": list("LinkedThing"),
        "dc:bibliographicCitation": list("LinkedText"),
        "notes": list("LinkedNote"),
        "dialect": object("How the CSV is written.", json!({
            "header": { "type": "boolean" }, "encoding": text(), "delimiter": text(),
            "lineTerminators": { "type": "array", "items": text() },
        })),
        "tableSchema": with(
            object("The columns.", json!({ "columns": list("LinkedColumn") })),
            &[("primaryKey", json!({
                "type": "array", "items": text(),
                "description": "The columns that tell rows apart; not there where nothing is grouped by.",
            }))],
        ),
    });
    object("Metadata Vocabulary for Tabular Data (W3C, 2015), with terms of Dublin Core.", table)
}

fn linked_column() -> Value {
    let datatype = json!({
        "type": ["string", "object"],
        "description": "A type of XML Schema; as `base` where it has bounds.",
        "required": ["base"],
        "properties": { "base": text(), "minimum": { "type": "integer" }, "maximum": { "type": "integer" } },
    });
    let column = json!({
        "name": text(),
        "titles": {
            "type": "object",
            "description": "By language; `und` has the name in the header.",
            "additionalProperties": { "type": ["string", "array"], "items": text() },
        },
        "dc:description": list("LinkedText"),
        "datatype": datatype,
        "required": { "type": "boolean" },
    });
    with(
        object("A column, in every language.", column),
        &[
            ("null", json!({ "type": "string", "description": "What stands for no value." })),
            ("separator", json!({ "type": "string", "description": "What stands between several values." })),
            (
                "propertyUrl",
                json!({ "type": "string", "description": "What the values are, in a public vocabulary." }),
            ),
            ("lang", json!({ "type": "string", "description": "Language of the values." })),
        ],
    )
}

fn linked_text() -> Value {
    object("A text in a language.", json!({ "@value": text(), "@language": text() }))
}

fn linked_thing() -> Value {
    let title = json!({ "dc:title": text() });
    with(object("A thing with a title, and its address where it has one.", title), &[("@id", text())])
}

fn linked_note() -> Value {
    let body = json!({ "type": text(), "value": text(), "language": text(), "format": text() });
    let body = object("The sentence.", body);
    let note = json!({ "type": text(), "motivation": text(), "target": text(), "body": body });
    object("A sentence about the table, as the Web Annotation vocabulary writes one.", note)
}
