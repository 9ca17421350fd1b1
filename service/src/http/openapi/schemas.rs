//! The schemas that are derived from the types of answers. Those of other JSON stand in `assets/openapi.json`: `aggregate.json`,
//! whose types the browser has too, and answers in vocabularies of other people.

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

/// Returns the schemas, by name.
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
    all
}

/// Adds the schema of a type, and those that it names.
fn add<T: ToSchema>(all: &mut Vec<(String, Value)>) {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    for (name, schema) in schemas {
        let schema = serde_json::to_value(schema).expect("a schema has only strings, numbers and lists");
        // A type that only names itself stands for a schema of the file.
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
