//! The schemas of JSON that no type of ours is: `aggregate.json`, whose types the browser has too, and answers in vocabularies of
//! other people. `tests/e2e/api/contract.rs` holds real answers against them.
//!
//! They are written in a short form, which [`full`] makes a JSON Schema of:
//! - a text is `text`, the name of another schema, or either in brackets for a list of them; `text: …` adds a description;
//! - an object with `members` has all of them, but may lack those whose name ends in `?`.

use serde_json::{Map, Value, json};

/// Returns the schemas with their names, in their order.
pub fn schemas() -> Vec<(String, Value)> {
    let written = written();
    let all = written.as_object().into_iter().flatten();
    all.map(|(name, short)| (name.clone(), full(short))).collect()
}

/// Returns the schema of a short form.
fn full(short: &Value) -> Value {
    match short {
        Value::String(text) => match text.split_once(": ") {
            Some((kind, description)) => {
                let mut schema = full(&kind.into());
                schema["description"] = description.into();
                schema
            }
            None if text == "text" => json!({ "type": "string" }),
            None => match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
                Some(item) => json!({ "type": "array", "items": full(&item.into()) }),
                None => json!({ "$ref": format!("#/components/schemas/{text}") }),
            },
        },
        Value::Object(schema) => match schema.get("members") {
            Some(Value::Object(members)) => {
                let named =
                    |(name, short): (&String, &Value)| (name.trim_end_matches('?').to_owned(), full(short));
                let required: Vec<&String> = members.keys().filter(|name| !name.ends_with('?')).collect();
                let properties: Map<String, Value> = members.iter().map(named).collect();
                json!({
                    "type": "object", "description": schema["description"], "required": required,
                    "properties": properties,
                })
            }
            _ => schema.iter().map(|(name, value)| (name.clone(), inner(name, value))).collect(),
        },
        other => other.clone(),
    }
}

/// Returns a member of a schema that is written out, with the schemas in it.
fn inner(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("items" | "additionalProperties", _) => full(value),
        ("anyOf", Value::Array(either)) => either.iter().map(full).collect(),
        ("properties", Value::Object(members)) => {
            members.iter().map(|(name, short)| (name.clone(), full(short))).collect()
        }
        _ => value.clone(),
    }
}

fn written() -> Value {
    let texts = json!({ "type": "object", "additionalProperties": "text" });
    let count = json!({ "type": ["integer", "null"], "minimum": 0 });
    let date = json!({ "type": ["string", "null"] });
    let day = json!({ "type": "array", "items": { "type": "integer" }, "minItems": 3, "maxItems": 3 });
    json!({
        "Change": {
            "type": "object",
            "description": "A cell that differs: its codes by dimension (null where not known), and the figure on both sides.",
            "required": ["change", "measure", "before", "after", "difference"],
            "properties": {
                "change": { "type": "string", "enum": ["added", "changed", "removed"] },
                "measure": "text", "before": count, "after": count,
                "difference": { "type": "integer", "description": "A figure that is not there counts as nothing here." },
            },
            "additionalProperties": { "type": ["string", "integer", "null", "boolean"] },
        },
        "Answer": {
            "description": "The answer to a question: a tidy table, one row per group, with what a reader needs to trust it.",
            "members": {
                "dataset": "AnswerDataset", "release": "AnswerRelease",
                "query": "text: The question in its one canonical spelling.",
                "language": "text", "columns": "[Column]", "rows": "[Row]",
                "labels": {
                    "type": "object",
                    "description": "For every coded dimension the codes that occur, in display order, with their labels.",
                    "additionalProperties": texts,
                },
                "additive": "[text]: Dimensions of this answer over which its figures may be stacked.",
                "in_force": { "anyOf": ["InForce", { "type": "null" }] },
                "sources": "[Source]",
                "caveats": "[text]: What a reader must know before using the figures.",
                "citation": "text: How to cite this answer, with its pinned address.",
                "text": "ChartText", "more_sources?": "MoreSources",
            },
        },
        "MoreSources": {
            "description": "Sources that stand behind the answer and are not listed in `sources`, which has a thousand at most. Left out where all are listed.",
            "members": {
                "count": { "type": "integer", "minimum": 1, "description": "How many there are." },
                "url": "text: Address of `evidence.csv`, which has all that stand behind the figures; from the root of the service.",
            },
        },
        "AnswerDataset": {
            "description": "The dataset that was asked.",
            "members": {
                "id": "text", "title": "text", "kind": { "type": "string", "enum": ["case-level", "reported"] }, "url": "text",
            },
        },
        "AnswerRelease": {
            "description": "The release that the figures were made from, and the pinned address of this very answer.",
            "members": { "id": "text", "url": "text" },
        },
        "Column": {
            "description": "A column of `rows`.",
            "members": {
                "name": "text: The same as in the CSV header.",
                "role": { "type": "string", "enum": ["dimension", "label", "measure", "share", "status", "sources"] },
                "title": "text",
            },
        },
        "Row": {
            "type": "object",
            "description": "A member for each column: codes, labels and months are texts, years and counts whole numbers, shares numbers from 0 to 1, sources lists of ids. Null is unknown or not reported, never zero.",
            "properties": { "disagreements": "[Disagreement]" },
            "additionalProperties": { "anyOf": [{ "type": ["string", "number", "null"] }, "[text]"] },
        },
        "Disagreement": {
            "description": "A figure of another source than the one shown.",
            "members": { "measure": "text", "value": { "type": "integer", "minimum": 0 }, "source": "text" },
        },
        "InForce": {
            "description": "When the one statute asked about was in force: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.",
            "members": { "from": date, "to": date },
        },
        "Source": {
            "description": "Where figures come from.",
            "members": {
                "id": "text", "publisher": "text", "title": "text", "url": "text", "published": "text",
                "kind": { "type": "string", "enum": ["", "official", "ngo", "press"] },
            },
        },
        "ChartText": {
            "description": "Ready sentences for the parts of a chart, in the answer's language.",
            "members": {
                "title": "text", "subtitle": "text", "x_title": "text", "y_title": "text", "share_title": "text",
                "source_line": "text", "dataset_line": "text", "notes": "[text]", "unknown": "text",
                "not_in_force": "text", "empty": "text", "alt": "text", "thousands": "text", "decimal": "text",
            },
        },
        "LinkedData": {
            "type": "object", "description": "JSON-LD 1.1.", "required": ["@context", "@graph"],
            "properties": { "@graph": { "type": "array", "items": { "type": "object", "required": ["@id", "@type"] } } },
        },
        // CSL-JSON 1.0 with variables of CSL 1.0.2.
        "Citation": {
            "type": "array", "description": "CSL-JSON 1.0: one item.", "minItems": 1, "maxItems": 1,
            "items": {
                "description": "A dataset, for reference managers.",
                "members": {
                    "id": "text", "type": { "type": "string", "const": "dataset" }, "title": "text",
                    "author": {
                        "type": "array",
                        "items": { "description": "An organisation.", "members": { "literal": "text" } },
                    },
                    "issued": {
                        "description": "Year, month and day of the release.",
                        "members": { "date-parts": { "type": "array", "items": day, "minItems": 1, "maxItems": 1 } },
                    },
                    "container-title": "text: The dataset's title.",
                    "publisher": "text",
                    "version": "text: By the publisher's count.",
                    "number": "text: The release.",
                    "URL": "text: The pinned address.",
                    "note": "text: What else a citation holds, as the SHA-256 of the CSV.",
                    "language": "text",
                },
            },
        },
        // `aggregate.csv-metadata.json`: what stands here of the vocabulary is all that we say in it.
        "LinkedTable": {
            "description": "Metadata Vocabulary for Tabular Data (W3C, 2015), with terms of Dublin Core.",
            "members": {
                "@context": { "type": "array" },
                "url": "text: The CSV, seen from this description.",
                "dc:title": "[LinkedText]", "dc:description": "[LinkedText]",
                "dc:identifier": "text: The pinned address of the CSV.",
                "dc:isPartOf": { "description": "The release.", "members": { "@id": "text" } },
                "dc:created": { "description": "When the package was made.", "members": { "@value": "text", "@type": "text" } },
                "dc:creator": "[text]", "dc:license": "[LinkedThing]", "dc:source": "[LinkedThing]",
                "dc:bibliographicCitation": "[LinkedText]", "notes": "[LinkedNote]",
                "dialect": {
                    "description": "How the CSV is written.",
                    "members": {
                        "header": { "type": "boolean" }, "encoding": "text", "delimiter": "text", "lineTerminators": "[text]",
                    },
                },
                "tableSchema": {
                    "description": "The columns.",
                    "members": {
                        "columns": "[LinkedColumn]",
                        "primaryKey?": "[text]: The columns that tell rows apart; not there where nothing is grouped by.",
                    },
                },
            },
        },
        "LinkedColumn": {
            "description": "A column, in every language.",
            "members": {
                "name": "text",
                "titles": {
                    "type": "object",
                    "description": "By language; `und` has the name in the header.",
                    "additionalProperties": { "type": ["string", "array"], "items": "text" },
                },
                "dc:description": "[LinkedText]",
                "datatype": {
                    "type": ["string", "object"],
                    "description": "A type of XML Schema; as `base` where it has bounds.",
                    "required": ["base"],
                    "properties": { "base": "text", "minimum": { "type": "integer" }, "maximum": { "type": "integer" } },
                },
                "required": { "type": "boolean" },
                "null?": "text: What stands for no value.",
                "separator?": "text: What stands between several values.",
                "propertyUrl?": "text: What the values are, in a public vocabulary.",
                "lang?": "text: Language of the values.",
            },
        },
        "LinkedText": { "description": "A text in a language.", "members": { "@value": "text", "@language": "text" } },
        "LinkedThing": {
            "description": "A thing with a title, and its address where it has one.",
            "members": { "dc:title": "text", "@id?": "text" },
        },
        "LinkedNote": {
            "description": "A sentence about the table, as the Web Annotation vocabulary writes one.",
            "members": {
                "type": "text", "motivation": "text", "target": "text",
                "body": {
                    "description": "The sentence.",
                    "members": { "type": "text", "value": "text", "language": "text", "format": "text" },
                },
            },
        },
        "OpenApi": { "type": "object", "description": "A document of OpenAPI 3.1." },
    })
}
