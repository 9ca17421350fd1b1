//! The reference of the API for people: made of the very document that programs read, `/openapi.json`.

use askama::Template;
use serde_json::Value;

use super::frame::{Frame, PageError, read_language};
use crate::present::texts::{Texts, attribute};
use crate::query::{escape, escape_part};

/// Statuses that have a section of their own: wherever there is an `ETag`, or anywhere.
const EVERYWHERE: [&str; 6] = ["200", "206", "304", "412", "416", "500"];

/// Most values that are named one by one in a table.
const NAMED: usize = 16;

#[derive(Template)]
#[template(path = "reference.html")]
struct Page {
    frame: Frame,
    version: String,
    description: String,
    server: String,
    parts: Vec<Part>,
    /// Names and descriptions of headers.
    headers: Vec<(String, String)>,
    /// Statuses of answers that are no problems, with what they say.
    partial: [(&'static str, String); 2],
    /// Statuses of problems, with what they say.
    problems: Vec<(String, String)>,
}

/// A part of the API. What is about something is HTML.
struct Part {
    name: String,
    about: String,
    addresses: Vec<Address>,
}

struct Address {
    id: String,
    path: String,
    /// The same as HTML, which breaks between its parts where it is too long.
    shown: String,
    about: String,
    parameters: Vec<Parameter>,
    answers: Vec<String>,
    statuses: Vec<String>,
    /// An address to try.
    example: String,
}

struct Parameter {
    name: String,
    place: String,
    /// HTML, as the meaning is.
    values: String,
    default: String,
    required: bool,
    meaning: String,
}

/// Returns the page of a description of the API.
///
/// # Errors
/// When a parameter has no meaning; or on a bug.
pub fn reference(document: &Value, query: &str) -> Result<String, PageError> {
    let language = read_language(query)?;
    let title = format!("{} – Chargesheet", Texts::of(language).on_dataset_page("api"));
    let description = text(&document["info"]["description"]);
    let tags = document["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    let operations = || members(&document["paths"]).map(|(path, item)| (path, &item["get"]));
    let part = |tag: &Value| Part {
        name: text(&tag["name"]),
        about: marked(&text(&tag["description"])),
        addresses: operations()
            .filter(|(_, operation)| operation["tags"][0] == tag["name"])
            .map(|(path, operation)| address(path, operation, document))
            .collect(),
    };
    let components = &document["components"];
    let described = |all: &Value, wanted: fn(&str) -> bool| -> Vec<(String, String)> {
        let wanted = members(all).filter(|(name, _)| wanted(name));
        wanted.map(|(name, one)| (name.to_owned(), marked(&text(&one["description"])))).collect()
    };
    let page = Page {
        frame: Frame::new(language, title, description.clone(), "/api", ""),
        version: text(&document["info"]["version"]),
        server: text(&document["servers"][0]["url"]),
        description: marked(&description),
        parts: tags.iter().map(part).collect(),
        headers: described(&components["headers"], |name| name != "Allow"),
        partial: [("206", "Part"), ("304", "NotModified")]
            .map(|(status, name)| (status, marked(&text(&components["responses"][name]["description"])))),
        problems: described(&components["responses"], |name| name.bytes().all(|byte| byte.is_ascii_digit())),
    };
    Ok(page.render()?)
}

/// A text with what stands in backticks as code, as HTML.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let part = |(place, part): (usize, &str)| {
        let part = attribute(part);
        if place % 2 == 0 { part } else { format!("<code>{part}</code>") }
    };
    parts.map(part).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn address(path: &str, operation: &Value, document: &Value) -> Address {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let responses = &operation["responses"];
    // A short address has no body of its own to speak of.
    let good = ["200", "308"].into_iter().find(|status| responses[*status].is_object()).unwrap_or("200");
    Address {
        id: text(&operation["operationId"]),
        path: path.to_owned(),
        shown: attribute(path).replace('/', "/<wbr>"),
        about: marked(&text(&operation["summary"])),
        parameters: parameters.iter().map(|own| parameter(own, document)).collect(),
        answers: members(&responses[good]["content"]).map(|(media_type, _)| media_type.to_owned()).collect(),
        statuses: members(responses)
            .map(|(status, _)| status.to_owned())
            .filter(|status| !EVERYWHERE.contains(&status.as_str()))
            .collect(),
        example: example(path, parameters),
    }
}

fn parameter(parameter: &Value, document: &Value) -> Parameter {
    let schema = &parameter["schema"];
    let own = if schema["anyOf"].is_array() { &schema["anyOf"][0] } else { schema };
    let default = match &own["default"] {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    };
    Parameter {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        values: marked(&values(schema, document)),
        default,
        required: parameter["required"] == true,
        meaning: marked(&text(&parameter["description"])),
    }
}

/// The values of a schema in words.
fn values(schema: &Value, document: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let named = &document["components"]["schemas"][name];
        // A long list stands in the document.
        return match named["enum"].as_array() {
            Some(all) if all.len() > NAMED => format!("{name}: {} codes", all.len()),
            _ => values(named, document),
        };
    }
    if let Some(either) = schema["anyOf"].as_array() {
        // The other is the empty field of a form.
        return either.first().map_or(String::new(), |schema| values(schema, document));
    }
    if schema["type"] == "array" {
        return format!("list of: {}", values(&schema["items"], document));
    }
    if let Some(all) = schema["enum"].as_array() {
        let named: Vec<&str> =
            all.iter().filter_map(Value::as_str).filter(|word| !word.is_empty()).take(NAMED).collect();
        let more = if all.len() > NAMED { format!(" and {} more", all.len() - NAMED) } else { String::new() };
        return format!("{}{more}", named.join(" · "));
    }
    match (schema["minimum"].as_u64(), schema["maximum"].as_u64(), schema["maxLength"].as_u64()) {
        (Some(least), Some(most), _) if most == u64::from(u32::MAX) => format!("whole number from {least}"),
        (Some(least), Some(most), _) => format!("whole number from {least} to {most}"),
        (_, _, Some(most)) => format!("text of at most {most} characters"),
        _ if schema["format"] == "uri" => "address".to_owned(),
        _ => match schema["description"].as_str() {
            Some(description) => description.trim_end_matches('.').to_owned(),
            None => text(&schema["type"]),
        },
    }
}

/// An address to try: with the examples of its parts and of the parameters that make a question.
fn example(path: &str, parameters: &[Value]) -> String {
    let mut path = path.to_owned();
    let mut query: Vec<String> = Vec::new();
    for parameter in parameters {
        let (name, example) = (text(&parameter["name"]), &parameter["example"]);
        let shown = match example {
            Value::Array(words) => {
                words.iter().filter_map(Value::as_str).map(escape).collect::<Vec<_>>().join(",")
            }
            other => escape(other.as_str().unwrap_or_default()),
        };
        if parameter["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &escape_part(&text(example)));
        } else if !shown.is_empty() {
            query.push(format!("{name}={shown}"));
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_code_and_nothing_else_is_markup() {
        assert_eq!(marked("`a<b` is <b>"), "<code>a&lt;b</code> is &lt;b&gt;");
    }

    #[test]
    fn an_example_has_the_examples_of_its_parameters() {
        let parameters = serde_json::json!([
            { "name": "dataset", "in": "path", "example": "a/b" },
            { "name": "by", "in": "query", "example": ["year", "outcome"] },
            { "name": "lang", "in": "query" },
        ]);
        let parameters = parameters.as_array().expect("a list");
        assert_eq!(example("/v1/{dataset}/x.csv", parameters), "/v1/a%2Fb/x.csv?by=year,outcome");
    }
}
