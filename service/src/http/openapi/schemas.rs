//! The schemas derived from the types of answers. Other schemas are in `assets/openapi.json`: that of `aggregate.json`, whose types
//! the browser shares, and those of vocabularies that others define.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::explorer::Oembed;
use crate::http::files::{Facets, NewerAnswer};
use crate::http::problem::Problem;
use crate::http::{datasets, releases, statutes};
use crate::present::codebook::Codebook;
use crate::present::movers::MoversTold;
use crate::present::plain::Plain;
use crate::present::trend::Trend;
use crate::release::Manifest;

/// Returns the schemas, by name.
pub fn schemas() -> Map<String, Value> {
    let all: Map<String, Value> = named().into_iter().collect();
    all.iter().map(|(name, schema)| (name.clone(), merged(schema, &all))).collect()
}

/// Merges an object with the objects that are flattened into it, so that a reader sees all members in one place. utoipa derives
/// flattened objects as `allOf`. It derives an optional one as the object or `null`, and here its members are required together or
/// not at all.
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

/// Returns all schemas with their names. A schema that several types use occurs more than once.
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
    add::<Plain>(&mut all);
    add::<statutes::Names>(&mut all);
    add::<Codebook>(&mut all);
    add::<Trend>(&mut all);
    add::<MoversTold>(&mut all);
    add::<Manifest>(&mut all);
    add::<Oembed>(&mut all);
    all
}

/// Adds the schema of a type, and the schemas that it refers to.
fn add<T: ToSchema>(all: &mut Vec<(String, Value)>) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    for (name, schema) in schemas {
        let schema = serde_json::to_value(schema).expect("a schema has only strings, numbers and lists");
        // A schema that only refers to its own name stands for one in `assets/openapi.json`.
        if schema["$ref"] != format!("#/components/schemas/{name}") {
            all.push((name, schema));
        }
    }
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
        let mut all = schemas();
        let frame = crate::http::openapi::frame::frame();
        for (name, schema) in frame["components"]["schemas"].as_object().unwrap() {
            assert!(all.insert(name.clone(), schema.clone()).is_none(), "{name}");
        }
        let text = Value::from(all.clone()).to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(all.contains_key(name), "{name}");
        }
    }
}
