//! The schemas of parameter values, with the codes that the described datasets have now.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::scope::Scope;
use crate::domain::parameters::{Parameter, Values};
use crate::domain::{Dimension, Language, Measure, offences};
use crate::http::assets;
use crate::http::route_table::Route;
use crate::widget_files;

/// Maximum number of codes that a schema lists. Longer lists are described by a pattern.
const LISTED: usize = 1000;

/// The pattern of a date. Each month takes as many days as it can ever have, so 29 February is valid in every year.
const PERIOD: &str = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$|^[0-9]{4}-(0[13-9]|1[0-2])-(29|30)$|^[0-9]{4}-(0[13578]|1[02])-31$|^[0-9]{4}-02-29$";

/// The pattern of a release id: a day and twelve hex digits.
const RELEASE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}$";

/// Returns the schemas of all kinds of codes, by name.
pub fn schemas(scope: &Scope<'_>) -> Map<String, Value> {
    let mut all = Map::new();
    for dimension in Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()) {
        let codes: BTreeSet<&str> =
            scope.datasets.iter().flat_map(|dataset| dataset.release.codes(dimension)).collect();
        if scope.dimensions().contains(&dimension) {
            all.insert(name(dimension), listed(codes, &format!("Codes of the dimension `{dimension}`.")));
        }
    }
    let own = |wanted: &dyn Fn(Measure) -> bool| -> Vec<&str> {
        Measure::ALL.into_iter().filter(|measure| wanted(*measure)).map(Measure::name).collect()
    };
    let counted = |measure| {
        let mut datasets = scope.datasets.iter();
        datasets.any(|dataset| dataset.release.descriptor().chargesheet.measures.contains(&measure))
    };
    let dimensions: Vec<&str> = scope.dimensions().iter().map(|dimension| dimension.name()).collect();
    let datasets: Vec<&str> = scope.datasets.iter().map(|dataset| dataset.release.dataset()).collect();
    let statutes: BTreeSet<&str> =
        scope.catalog.statutes().iter().map(|statute| statute.id.as_str()).collect();
    all.insert("DimensionName".to_owned(), json!({ "type": "string", "enum": dimensions }));
    all.insert("MeasureName".to_owned(), json!({ "type": "string", "enum": own(&counted) }));
    all.insert("LanguageCode".to_owned(), json!({ "type": "string", "enum": languages() }));
    all.insert("DatasetId".to_owned(), json!({ "type": "string", "enum": datasets }));
    all.insert("StatuteId".to_owned(), listed(statutes, "Ids of statutes in the register."));
    all.insert(
        "Period".to_owned(),
        json!({ "type": "string", "pattern": PERIOD, "description": "`YYYY`, `YYYY-MM` or `YYYY-MM-DD`." }),
    );
    let release = match scope.one {
        // The releases of a single dataset are few enough to be listed.
        Some(_) => listed(scope.releases().into_iter().collect(), "Releases of the dataset."),
        None => {
            json!({ "type": "string", "pattern": RELEASE, "description": "The id of a release: the day of its package and twelve digits of its digest." })
        }
    };
    all.insert("ReleaseId".to_owned(), release);
    all
}

/// Returns the codes of all languages.
fn languages() -> Vec<&'static str> {
    Language::all().map(Language::code).collect()
}

fn listed(codes: BTreeSet<&str>, description: &str) -> Value {
    if codes.len() > LISTED || codes.is_empty() {
        return json!({ "type": "string", "minLength": 1, "description": description });
    }
    json!({ "type": "string", "enum": codes, "description": description })
}

fn name(dimension: Dimension) -> String {
    let mut letters = dimension.name().chars();
    letters.next().map_or(String::new(), |first| format!("{}{}Code", first.to_uppercase(), letters.as_str()))
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Returns a query parameter. `None` if the described datasets have no value for it.
pub fn parameter(parameter: &Parameter, scope: &Scope<'_>) -> Option<Value> {
    // Rates need populations to divide by.
    if parameter.name == "rate" && !scope.has_populations() {
        return None;
    }
    let list = |items: Value, least: usize, unique: bool| {
        let mut list = json!({ "type": "array", "items": items });
        if least > 0 {
            list["minItems"] = least.into();
        }
        if unique {
            list["uniqueItems"] = true.into();
        }
        list
    };
    let named = |wanted: &dyn Fn(Dimension) -> bool| {
        let own = scope.dimensions().into_iter().filter(|dimension| wanted(*dimension));
        json!({ "type": "string", "enum": own.map(Dimension::name).collect::<Vec<_>>() })
    };
    let or_nothing = |codes: BTreeSet<&str>| {
        let codes: Vec<&str> = codes.into_iter().chain([""]).collect();
        json!({ "type": "string", "enum": codes })
    };
    let mut schema = match parameter.values {
        Values::Dimensions { least } => list(reference("DimensionName"), least, true),
        Values::Dimension => reference("DimensionName"),
        Values::OverYears => {
            let items = named(&|dimension| dimension != Dimension::Month);
            let mut list = list(items, 1, true);
            list["contains"] = json!({ "const": Dimension::Year.name() });
            list
        }
        Values::Compared => named(&|dimension| !dimension.is_time() && dimension != Dimension::Category),
        Values::Codes(dimension) => {
            if !scope.dimensions().contains(&dimension) {
                return None;
            }
            list(reference(&name(dimension)), 1, false)
        }
        Values::Country => {
            let statutes = scope.catalog.statutes();
            or_nothing(statutes.iter().map(|statute| statute.country.as_str()).collect())
        }
        Values::Offence => or_nothing(offences().entries().iter().map(|entry| entry.code.as_str()).collect()),
        Values::Measures => list(reference("MeasureName"), 1, true),
        Values::Measure => reference("MeasureName"),
        Values::Period => reference("Period"),
        Values::Span => json!({
            "type": "string", "pattern": "^[0-9]{4}(\\.\\.[0-9]{4})?$", "description": "`YYYY` or `YYYY..YYYY`.",
        }),
        Values::Language => reference("LanguageCode"),
        Values::Release => reference("ReleaseId"),
        Values::Dataset => reference("DatasetId"),
        Values::Words(words) => json!({ "type": "string", "enum": words }),
        Values::Flag => json!({ "type": "string", "enum": ["true", "false", ""] }),
        Values::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Values::Text(most) => json!({ "type": "string", "maxLength": most }),
        Values::AnyText => json!({ "type": "string" }),
        Values::Address => json!({ "type": "string", "format": "uri" }),
    };
    let is_list = schema["type"] == "array";
    if let Some(default) = parameter.default {
        let default = match parameter.values {
            Values::Whole(..) => default.parse::<u32>().map_or(Value::Null, Value::from),
            _ if is_list => json!(default.split(',').collect::<Vec<_>>()),
            _ => default.into(),
        };
        schema["default"] = default;
    }
    let mut told = json!({
        "name": parameter.name, "in": "query", "description": parameter.meaning,
        "required": parameter.required, "schema": schema,
    });
    if is_list {
        told["style"] = "form".into();
        told["explode"] = false.into();
    }
    if let Some(example) = scope.example(parameter) {
        told["example"] = example;
    }
    Some(told)
}

/// Allows an empty value, which forms send for empty fields. It means the same as leaving out the parameter.
pub fn may_be_empty(mut parameter: Value) -> Value {
    let schema = parameter["schema"].take();
    parameter["schema"] = if schema["type"] == "array" {
        let mut list = schema;
        list["minItems"] = 0.into();
        list
    } else {
        json!({ "anyOf": [schema, { "type": "string", "const": "" }] })
    };
    parameter
}

/// Describes the language of a page. In a language that is not there, a page is in English and says so.
pub fn any_language(mut parameter: Value) -> Value {
    parameter["schema"] = json!({ "type": "string", "examples": languages() });
    parameter
}

/// Returns a path parameter.
pub fn part(name: &str, route: &Route<'_>, scope: &Scope<'_>) -> Value {
    let first = scope.datasets.first();
    let listed =
        |all: Vec<&str>| (json!({ "type": "string", "enum": all }), all.first().map(|one| (*one).to_owned()));
    let (meaning, (schema, example)) = match name {
        "dataset" => {
            let example = first.map(|dataset| dataset.release.dataset().to_owned());
            ("Id of the dataset.", (reference("DatasetId"), example))
        }
        "release" => {
            let example = first.map(|dataset| dataset.release.id().to_string());
            ("Id of the release.", (reference("ReleaseId"), example))
        }
        "statute" => ("Id of the statute.", (reference("StatuteId"), scope.statute.clone())),
        "category" => {
            let codes = offences().entries().iter().map(|entry| entry.code.as_str());
            ("Code of the category of offence.", listed(codes.collect()))
        }
        "country" => {
            let statutes = scope.catalog.statutes();
            let codes: BTreeSet<&str> = statutes.iter().map(|statute| statute.country.as_str()).collect();
            ("Code of a country that the register has statutes of.", listed(codes.into_iter().collect()))
        }
        "code" => {
            let form = json!({
                "type": "string", "pattern": "^[A-Za-z0-9_-]{16,}(\\.[a-z.]+)?$",
                "description": "At least 16 letters, digits, `-` and `_`, as a citation has them.",
            });
            ("The code, and an ending where a file is wanted.", (form, scope.code.clone()))
        }
        "version" => (
            "Version of the element; those that pages elsewhere name are kept.",
            listed(vec![widget_files::VERSION]),
        ),
        _ if route.path.starts_with("/assets/") => ("Name of the file.", listed(assets::names())),
        _ => ("Name of the file.", listed(widget_files::FILES.iter().map(|file| file.name).collect())),
    };
    let mut told =
        json!({ "name": name, "in": "path", "description": meaning, "required": true, "schema": schema });
    if let Some(example) = example {
        told["example"] = example.into();
    }
    told
}
