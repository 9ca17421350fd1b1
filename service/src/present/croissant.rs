//! A dataset as Croissant 1.1, <https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html>: JSON-LD by which libraries of
//! machine learning load its finest table.

use serde_json::{Value, json};

use super::citation::Citation;
use super::codebook::Codebook;
use super::csv;
use super::table::{Holds, columns};
use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Language};
use crate::package::hex;
use crate::query::Query;

/// The version of the format.
const CONFORMS: &str = "http://mlcommons.org/croissant/1.1";

/// The name of the table, and of its records.
const TABLE: [&str; 2] = ["aggregate.csv", "figures"];

/// Returns the context as the specification has it, inlined, so that no reader asks for it.
fn context() -> Value {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "description": { "@container": "@language" },
        "name": { "@container": "@language" },
    });
    for own in [
        "arrayShape",
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isArray",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ] {
        context[own] = format!("cr:{own}").into();
    }
    context
}

/// Returns the description of a release. `base` is the public address of the service.
///
/// # Errors
/// On a bug: the finest table can always be asked for.
pub fn croissant(dataset: &Dataset, language: Language, base: &str) -> Result<Vec<u8>, AnswerError> {
    let release = &dataset.release;
    let descriptor = release.descriptor();
    let query = Query::everything(release.dimensions(), descriptor.chargesheet.measures.clone());
    let published = dataset.ask(&query)?;
    let book = Codebook::of_answer(&query, release, &published, language);
    let citation = Citation::of(dataset, &query, &published, language, base);
    let (id, own) = (release.dataset(), release.id());
    let table = format!("{base}/v1/datasets/{id}/releases/{own}/{}?{}", TABLE[0], query.canonical(release));
    let fields = columns(&query, release).into_iter().map(|column| {
        let kind = match column.holds {
            Holds::Key(_, Dimension::Year) | Holds::Count(_) => "sc:Integer",
            _ => "sc:Text",
        };
        let said = book.columns.iter().find(|said| said.name == column.name);
        let description = said
            .map_or_else(String::new, |said| format!("{}. {} {}", said.title, said.definition, said.empty));
        json!({
            "@type": "cr:Field",
            "@id": format!("{}/{}", TABLE[1], column.name),
            "name": column.name,
            "description": description.trim(),
            "dataType": kind,
            "source": { "fileObject": { "@id": TABLE[0] }, "extract": { "column": column.name } },
        })
    });
    let makers: Vec<Value> =
        citation.authors.iter().map(|name| json!({ "@type": "sc:Organization", "name": name })).collect();
    let licences = book.licenses.iter().map(|own| if own.path.is_empty() { &own.name } else { &own.path });
    let document = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        "name": book.title,
        "description": format!("{}\n\n{}", book.description, book.caveats.join("\n")),
        "url": format!("{base}/datasets/{id}/releases/{own}"),
        "license": licences.collect::<Vec<_>>(),
        "creator": makers,
        "publisher": { "@type": "sc:Organization", "name": "Chargesheet", "url": format!("{base}/") },
        "datePublished": release.manifest().date(),
        "dateCreated": release.manifest().date(),
        "version": descriptor.version,
        "citeAs": citation.to_bibtex(),
        "inLanguage": language.code(),
        "isLiveDataset": false,
        "distribution": [{
            "@type": "cr:FileObject",
            "@id": TABLE[0],
            "name": TABLE[0],
            "contentUrl": table,
            "encodingFormat": "text/csv",
            "sha256": hex(&csv::digest(&query, release, &published)),
        }],
        "recordSet": [{
            "@type": "cr:RecordSet",
            "@id": TABLE[1],
            "name": TABLE[1],
            "description": book.kind.definition,
            "field": fields.collect::<Vec<_>>(),
        }],
    });
    Ok(serde_json::to_vec(&document).expect("a description has only strings, numbers and lists"))
}
