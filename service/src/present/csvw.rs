//! The description of a CSV file for programs: W3C "Metadata Vocabulary for Tabular Data" (CSVW, 2015), in every language at once.

use chargesheet_widget::wire::ColumnRole;
use serde_json::{Map, Value, json};

use super::codebook::{Codebook, Column};
use super::describe;
use super::sources::{Sources, left_out};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::package::License;
use crate::query::Query;

/// Returns the description of an answer's CSV.
///
/// `url` is the address of the CSV, relative to the description. `base` is the public address of the service without a final
/// slash. The prefixes of names are those that CSVW knows without a declaration: `dc` is Dublin Core Terms.
///
/// # Errors
/// On a bug: the sources of the records are found by a query of their own.
pub fn json(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    url: &str,
    base: &str,
) -> Result<Vec<u8>, AnswerError> {
    let release = &dataset.release;
    let books: Vec<(Language, Codebook)> = Language::all()
        .map(|language| (language, Codebook::of_answer(query, release, published, language)))
        .collect();
    let each = |text: &dyn Fn(Language, &Codebook) -> String| -> Vec<Value> {
        books
            .iter()
            .map(|(language, book)| json!({ "@value": text(*language, book), "@language": language.code() }))
            .collect()
    };
    let descriptor = release.descriptor();
    let address = address(query, dataset, base);
    let sources = Sources::of_figures(dataset, query, published)?;
    let more = sources.more();
    let sources: Vec<Value> = sources.listed().iter().map(|own| origin(&own.title, &own.url)).collect();
    let mut notes = Vec::new();
    for (language, book) in &books {
        let absent = book.absent.iter().map(|meaning| format!("{}: {}", meaning.label, meaning.definition));
        let more = more.as_ref().map(|more| left_out(more, *language, base));
        for text in book.caveats.iter().cloned().chain(absent).chain(more) {
            notes.push(note(&text, *language, url));
        }
    }
    let description = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": url,
        "dc:title": each(&|language, _| describe::titles(query, release, language).0),
        "dc:description": each(&|language, _| describe::titles(query, release, language).1),
        "dc:identifier": address,
        "dc:isPartOf": { "@id": format!("{base}/v1/datasets/{}/releases/{}", release.dataset(), release.id()) },
        "dc:created": { "@value": descriptor.created, "@type": "xsd:dateTime" },
        "dc:creator": descriptor.contributors.iter().map(|own| own.title.as_str()).collect::<Vec<_>>(),
        "dc:license": descriptor.licenses.iter().map(license).collect::<Vec<_>>(),
        "dc:source": sources,
        "dc:bibliographicCitation": each(&|language, _| describe::citation(query, release, language, &address)),
        "notes": notes,
        "dialect": { "header": true, "encoding": "utf-8", "delimiter": ",", "lineTerminators": ["\n"] },
        "tableSchema": schema(query, &books),
    });
    Ok(serde_json::to_vec(&description).expect("a description has only strings, numbers and lists"))
}

/// Returns the address at which the CSV of an answer never changes.
pub fn address(query: &Query, dataset: &Dataset, base: &str) -> String {
    let release = &dataset.release;
    let canonical = query.canonical(release);
    format!("{base}/v1/datasets/{}/releases/{}/aggregate.csv?{canonical}", release.dataset(), release.id())
}

fn origin(title: &str, url: &str) -> Value {
    if url.is_empty() { json!({ "dc:title": title }) } else { json!({ "@id": url, "dc:title": title }) }
}

fn license(license: &License) -> Value {
    let title = if license.title.is_empty() { &license.name } else { &license.title };
    origin(title, &license.path)
}

/// Returns a sentence about the table as an annotation of the Web Annotation vocabulary.
fn note(text: &str, language: Language, url: &str) -> Value {
    json!({
        "type": "Annotation",
        "motivation": "describing",
        "target": url,
        "body": { "type": "TextualBody", "value": text, "language": language.code(), "format": "text/plain" },
    })
}

fn schema(query: &Query, books: &[(Language, Codebook)]) -> Value {
    let count = books.first().map_or(0, |(_, book)| book.columns.len());
    let one_measure = query.measures.len() == 1;
    let columns: Vec<Value> = (0..count)
        .map(|place| {
            let own: Vec<(Language, &Column)> =
                books.iter().map(|(language, book)| (*language, &book.columns[place])).collect();
            column(&own, query, one_measure)
        })
        .collect();
    let mut schema = json!({ "columns": columns });
    // Every group has one row, so the dimensions are the key. An answer without groups has a single row and no key.
    if !query.by.is_empty() {
        schema["primaryKey"] = query.by.iter().map(|dimension| dimension.name()).collect();
    }
    schema
}

/// Describes a column; `own` has its description in every language.
fn column(own: &[(Language, &Column)], query: &Query, one_measure: bool) -> Value {
    let Some((_, first)) = own.first() else { return Value::Null };
    // The header holds the name of the column. With the name among the titles, every reader finds that description and file agree.
    let mut titles = Map::from_iter([("und".to_owned(), json!([first.name]))]);
    titles.extend(own.iter().map(|(language, column)| (language.code().to_owned(), json!(column.title))));
    let text = |column: &Column| match &column.sum {
        Some(sum) => format!("{} {} {}", column.definition, column.empty, sum.why),
        None => format!("{} {}", column.definition, column.empty),
    };
    let descriptions: Vec<Value> = own
        .iter()
        .map(|(language, column)| json!({ "@value": text(column), "@language": language.code() }))
        .collect();
    let mut described = json!({
        "name": first.name,
        "titles": titles,
        "dc:description": descriptions,
        "datatype": datatype(first),
        "required": !first.may_be_empty,
    });
    if first.may_be_empty {
        described["null"] = json!("");
    }
    if let Some(separator) = first.separator {
        described["separator"] = json!(separator);
    }
    if let Some(url) = property(first, query, one_measure) {
        described["propertyUrl"] = json!(url);
    }
    // The labels are in the language that the query asked for.
    if let Some(language) = query.labels.filter(|_| first.name.ends_with("_label")) {
        described["lang"] = json!(language.code());
    }
    described
}

fn datatype(column: &Column) -> Value {
    let mut datatype = Map::from_iter([("base".to_owned(), json!(column.xsd))]);
    for (name, bound) in [("minimum", column.minimum), ("maximum", column.maximum)] {
        datatype.extend(bound.map(|bound| (name.to_owned(), json!(bound))));
    }
    if datatype.len() == 1 { json!(column.xsd) } else { Value::Object(datatype) }
}

/// Returns the property of a column where a standard has one: SDMX, as the W3C's Data Cube vocabulary writes it.
fn property(column: &Column, query: &Query, one_measure: bool) -> Option<&'static str> {
    let by_month = query.by.iter().any(|dimension| dimension.name() == "month");
    match column.name.as_str() {
        "country" => Some("http://purl.org/linked-data/sdmx/2009/dimension#refArea"),
        "month" => Some("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"),
        // Only one column of a row can be its period, so the year is the period only where there is no month.
        "year" if !by_month => Some("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"),
        "status" => Some("http://purl.org/linked-data/sdmx/2009/attribute#obsStatus"),
        "sources" => Some("http://purl.org/dc/terms/source"),
        _ if one_measure && column.role == ColumnRole::Measure => {
            Some("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
        }
        _ => None,
    }
}
