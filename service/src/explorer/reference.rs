//! The API reference for people, made from `/openapi.json`, which programs read.

use askama::Template;
use serde_json::Value;

use super::frame::{Frame, PageError, read_language};
use crate::present::texts::{Texts, attribute};
use crate::query::{escape, escape_part};

/// Statuses with a section of their own: any operation can return them, or any operation with an `ETag`.
const EVERYWHERE: [&str; 6] = ["200", "206", "304", "412", "416", "500"];

/// Most values that a table lists one by one.
const NAMED: usize = 16;

#[derive(Template)]
#[template(path = "reference.html")]
struct Page<'d> {
    frame: Frame,
    document: &'d Value,
}

impl<'d> Page<'d> {
    /// Returns the path and operation of each endpoint in a part of the API.
    fn operations(&self, tag: &Value) -> Vec<(&'d str, &'d Value)> {
        let all = members(&self.document["paths"]).map(|(path, item)| (path, &item["get"]));
        all.filter(|(_, operation)| operation["tags"][0] == tag["name"]).collect()
    }

    fn response(&self, name: &str) -> &'d Value {
        &self.document["components"]["responses"][name]
    }

    /// Returns the names and descriptions of headers.
    fn headers(&self) -> impl Iterator<Item = (&'d str, &'d Value)> {
        members(&self.document["components"]["headers"]).filter(|(name, _)| *name != "Allow")
    }

    /// Returns the statuses of problems.
    fn problems(&self) -> impl Iterator<Item = (&'d str, &'d Value)> {
        let all = members(&self.document["components"]["responses"]);
        all.filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// Returns the HTML page for an OpenAPI document. `base` is the public address of the service.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn reference(document: &Value, base: &str, query: &str) -> Result<String, PageError> {
    let language = read_language(query)?;
    let title = format!("{} – Chargesheet", Texts::of(language).on_dataset_page("api"));
    let description = text(&document["info"]["description"]).to_owned();
    Ok(Page { frame: Frame::new(language, title, description, base, ["/api", ""]), document }.render()?)
}

/// Returns a text as HTML, with the parts in backticks as `<code>`.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let part = |(place, part): (usize, &str)| {
        let part = attribute(part);
        if place % 2 == 0 { part } else { format!("<code>{part}</code>") }
    };
    parts.map(part).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// Returns a path as HTML that can break between its parts where it is too long.
fn shown(path: &str) -> String {
    attribute(path).replace('/', "/<wbr>")
}

/// Returns the media types of a successful answer. A short address only redirects and has no body worth describing.
fn media_types(operation: &Value) -> impl Iterator<Item = &str> {
    let responses = &operation["responses"];
    let good = ["200", "308"].into_iter().find(|status| responses[*status].is_object()).unwrap_or("200");
    members(&responses[good]["content"]).map(|(media_type, _)| media_type)
}

/// Returns the statuses of an operation, without those that have a section of their own.
fn statuses(operation: &Value) -> String {
    let all = members(&operation["responses"]).map(|(status, _)| status);
    all.filter(|status| !EVERYWHERE.contains(status)).collect::<Vec<_>>().join(", ")
}

/// Returns the default value of a parameter.
fn default(parameter: &Value) -> String {
    let schema = &parameter["schema"];
    match if schema["anyOf"].is_array() { &schema["anyOf"][0]["default"] } else { &schema["default"] } {
        Value::Null => String::new(),
        Value::String(word) => word.clone(),
        Value::Array(words) => words.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Returns the values of a schema in words.
fn values(schema: &Value, document: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let named = &document["components"]["schemas"][name];
        // A list with many values is left to the document.
        return match named["enum"].as_array() {
            Some(all) if all.len() > NAMED => format!("{name}: {} codes", all.len()),
            _ => values(named, document),
        };
    }
    if let Some(either) = schema["anyOf"].as_array() {
        // The other schema is the empty field of a form.
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
            None => text(&schema["type"]).to_owned(),
        },
    }
}

/// Returns an address to try, made from the examples of the path's parts and of the parameters that form a question.
fn example(path: &str, operation: &Value) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in list(&operation["parameters"]) {
        let (name, example) = (text(&parameter["name"]), &parameter["example"]);
        let words = if example.is_array() { list(example) } else { std::slice::from_ref(example) };
        let words: Vec<_> = words.iter().map(|word| escape(text(word))).collect();
        if parameter["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &escape_part(text(example)));
        } else if words.iter().any(|word| !word.is_empty()) {
            query.push(format!("{name}={}", words.join(",")));
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}
