//! JSON-LD for dataset search engines and open data catalogues, with the vocabularies schema.org and DCAT.
//!
//! <https://schema.org/Dataset>, <https://developers.google.com/search/docs/appearance/structured-data/dataset>,
//! <https://www.w3.org/TR/vocab-dcat-3/>, <https://schema.org/Legislation>.

use serde_json::{Value, json};

use super::address::Offered;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Statute};
use crate::present::codebook::{Code, Codebook, Codes, Column};
use crate::present::texts::Texts;
use crate::query::escape_part;

/// Longest description that search engines accept, in characters.
const LONGEST: usize = 5000;

/// Shortest description that search engines accept, in characters.
const SHORTEST: usize = 50;

/// Returns the JSON-LD context: the prefixes used in these documents, and which members hold addresses. It is inlined, so that no
/// reader has to ask schema.org for it.
fn context() -> Value {
    let mut context = json!({
        "@vocab": "https://schema.org/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
    });
    for address in ["url", "license", "contentUrl", "isBasedOn", "sameAs", "legislationLegalForce"] {
        context[address] = json!({ "@id": format!("https://schema.org/{address}"), "@type": "@id" });
    }
    context
}

/// Where the European Union names countries, languages and themes for catalogues (DCAT-AP).
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority";

/// The name of a language in that list.
fn language_of(language: Language) -> Value {
    let code = match language.code() {
        "en" => "ENG",
        "ru" => "RUS",
        "kk" => "KAZ",
        _ => "MUL",
    };
    json!({ "@id": format!("{AUTHORITY}/language/{code}") })
}

/// The setting of a description: base address, files and language.
pub struct Place<'a> {
    /// Public address of the service, without a final slash.
    pub base: &'a str,
    /// The files that the API offers for a dataset.
    pub files: &'a [Offered],
    /// Whether the description is of one release, rather than of the newest.
    pub is_pinned: bool,
    /// Language of the titles and definitions.
    pub language: Language,
}

/// Returns the JSON-LD of one dataset, for its page.
pub fn of_dataset(catalog: &Catalog, dataset: &Dataset, codebook: &Codebook, place: &Place<'_>) -> Value {
    let mut graph = vec![node(catalog, dataset, codebook, place)];
    graph.extend(distributions(dataset, place));
    json!({ "@context": context(), "@graph": graph })
}

/// Returns the JSON-LD catalogue of all datasets.
///
/// # Errors
/// On a bug: the codes that occur are found by a query.
pub fn of_catalog(catalog: &Catalog, place: &Place<'_>) -> Result<Value, crate::answer::AnswerError> {
    let base = place.base;
    let mut graph = Vec::new();
    let mut ids = Vec::new();
    for dataset in catalog.datasets() {
        let codebook = Codebook::of(dataset, place.language)?;
        ids.push(json!({ "@id": address(dataset, place) }));
        graph.push(node(catalog, dataset, &codebook, place));
        graph.extend(distributions(dataset, place));
    }
    let texts = Texts::of(place.language);
    let whole = json!({
        "@id": format!("{base}/v1/catalog.jsonld"),
        "@type": ["DataCatalog", "dcat:Catalog"],
        "name": "Chargesheet",
        "description": texts.on_page("intro"),
        "url": format!("{base}/"),
        "dataset": ids,
        "dct:title": "Chargesheet",
        "dct:description": texts.on_page("intro"),
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": "Chargesheet" },
        "foaf:homepage": { "@id": format!("{base}/") },
        "dcat:dataset": ids,
        "dcat:service": { "@id": format!("{base}/openapi.json") },
    });
    let service = json!({
        "@id": format!("{base}/openapi.json"),
        "@type": "dcat:DataService",
        "dct:title": "Chargesheet HTTP API",
        "dcat:endpointURL": { "@id": format!("{base}/v1") },
        "dcat:endpointDescription": { "@id": format!("{base}/openapi.json") },
        "dcat:servesDataset": ids,
    });
    graph.splice(0..0, [whole, service]);
    Ok(json!({ "@context": context(), "@graph": graph }))
}

/// Returns the JSON-LD of a statute, for its page.
pub fn of_statute(statute: &Statute, name: &str, language: Language, base: &str) -> Value {
    let address = |id: &str| format!("{base}/statutes/{}", escape_part(id));
    let mut law = json!({
        "@context": context(),
        "@type": "Legislation",
        "@id": address(&statute.id),
        "name": name,
        "headline": statute.title.get(language),
        "url": address(&statute.id),
        "identifier": statute.id,
        "legislationIdentifier": statute.id,
        "legislationJurisdiction": { "@type": "Country", "identifier": statute.country },
        "inLanguage": language.code(),
    });
    if let Some(from) = statute.in_force_from {
        law["legislationDateVersion"] = from.to_string().into();
    }
    // Without a known first or last day, it is not known whether the statute is in force.
    let force = match (statute.in_force_from, statute.in_force_to) {
        (_, Some(_)) => Some("https://schema.org/NotInForce"),
        (Some(_), None) => Some("https://schema.org/InForce"),
        (None, None) => None,
    };
    if let Some(force) = force {
        law["legislationLegalForce"] = force.into();
    }
    if !statute.url.is_empty() {
        law["sameAs"] = statute.url.clone().into();
    }
    if let Some(parent) = &statute.parent {
        law["isPartOf"] = json!({ "@type": "Legislation", "@id": address(parent) });
    }
    law
}

/// Returns JSON that can stand in a `<script>` of a page: nothing in it can end the element.
pub fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Returns the address that identifies a dataset or a release: its page.
fn address(dataset: &Dataset, place: &Place<'_>) -> String {
    let release = &dataset.release;
    let whole = format!("{}/datasets/{}", place.base, escape_part(release.dataset()));
    if place.is_pinned { format!("{whole}/releases/{}", release.id()) } else { whole }
}

fn node(catalog: &Catalog, dataset: &Dataset, codebook: &Codebook, place: &Place<'_>) -> Value {
    let release = &dataset.release;
    let base = place.base;
    let description = description(codebook);
    let license = license(dataset);
    let who: Vec<&str> = codebook.contributors.iter().map(|who| who.title.as_str()).collect();
    let who = if who.is_empty() { vec!["Chargesheet"] } else { who };
    let organisation = |name| json!({ "@type": "Organization", "name": name, "url": format!("{base}/") });
    let organisations: Vec<Value> = who.iter().map(organisation).collect();
    let day = codebook.created.get(..10).unwrap_or_default();
    let mut listed = catalog.releases(release.dataset()).unwrap_or_default().iter();
    let own = listed.find(|listed| listed.entry.id == release.id().as_str());
    let published = own.and_then(|listed| listed.entry.published.get(..10)).unwrap_or(day);
    let years = codebook.coverage.iter().flat_map(|covered| &covered.years);
    let (first, last) = (years.clone().min(), years.max());
    let place_of =
        |entry: &Code| json!({ "@type": "Country", "name": entry.label, "identifier": entry.code });
    let is_of_country =
        |codes: &&Codes| codes.columns.iter().any(|column| column == Dimension::Country.name());
    let countries = codebook.codes.iter().filter(is_of_country).flat_map(|codes| &codes.codes);
    let spatial: Vec<Value> = countries
        .clone()
        .map(|entry| json!({ "@id": format!("{AUTHORITY}/country/{}", entry.code) }))
        .collect();
    let countries: Vec<Value> = countries.map(place_of).collect();
    let is_of_offence =
        |codes: &&Codes| codes.columns.iter().any(|column| column == Dimension::Category.name());
    let offences = codebook.codes.iter().filter(is_of_offence).flat_map(|codes| &codes.codes);
    let keywords: Vec<&str> = offences.map(|entry| entry.label.as_str()).collect();
    let variable = |column: &Column| json!({ "@type": "PropertyValue", "name": column.title, "description": column.definition, "unitText": column.unit });
    let counted = codebook.columns.iter().filter(|column| column.unit.is_some());
    let variables: Vec<Value> = counted.map(variable).collect();
    let distributions: Vec<Value> =
        offered(place).map(|file| json!({ "@id": download(dataset, file, place) })).collect();
    let sources: Vec<&str> =
        codebook.sources.iter().map(|source| source.path.as_str()).filter(|path| !path.is_empty()).collect();
    let mut node = json!({
        "@id": address(dataset, place),
        "@type": ["Dataset", "dcat:Dataset"],
        "name": codebook.title,
        "description": description,
        "url": address(dataset, place),
        "identifier": [release.id().as_str(), format!("sha256:{}", release.manifest().sha256())],
        "version": codebook.version,
        "license": license,
        "creator": organisations,
        "publisher": organisations,
        "dateCreated": day,
        "dateModified": day,
        "datePublished": published,
        "inLanguage": Language::all().map(Language::code).collect::<Vec<_>>(),
        "isAccessibleForFree": true,
        "keywords": keywords,
        "sameAs": address(dataset, place).replacen("/datasets/", "/v1/datasets/", 1),
        "spatialCoverage": countries,
        "variableMeasured": variables,
        "measurementTechnique": format!("{} {}", codebook.kind.definition, codebook.time_basis.definition),
        "distribution": distributions,
        "isBasedOn": sources,
        "includedInDataCatalog": {
            "@type": "DataCatalog", "@id": format!("{base}/v1/catalog.jsonld"), "name": "Chargesheet", "url": format!("{base}/"),
        },
        "dct:title": { "@value": codebook.title, "@language": codebook.language },
        "dct:description": { "@value": description, "@language": codebook.language },
        "dct:identifier": release.id().as_str(),
        "dct:issued": published,
        "dct:modified": day,
        "dct:license": { "@id": license },
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": who[0] },
        "dct:spatial": spatial,
        "dct:language": Language::all().map(language_of).collect::<Vec<_>>(),
        "dcat:keyword": keywords,
        "dcat:theme": { "@id": format!("{AUTHORITY}/data-theme/JUST") },
        "dcat:contactPoint": { "@type": "vcard:Organization", "vcard:fn": who[0], "vcard:hasURL": { "@id": format!("{base}/about") } },
        "dcat:version": codebook.version,
        "dcat:landingPage": { "@id": address(dataset, place) },
        "dcat:distribution": distributions,
    });
    if let (Some(first), Some(last)) = (first, last) {
        node["temporalCoverage"] = format!("{first}/{last}").into();
        node["dct:temporal"] = json!({ "@type": "dct:PeriodOfTime", "dcat:startDate": first.to_string(), "dcat:endDate": last.to_string() });
    }
    if place.is_pinned {
        node["isPartOf"] = json!({ "@id": format!("{base}/datasets/{}", escape_part(release.dataset())) });
    }
    node
}

/// Returns the address of a dataset's licence; empty where it has none.
fn license(dataset: &Dataset) -> &str {
    let licenses = &dataset.release.descriptor().licenses;
    licenses.iter().map(|license| license.path.as_str()).find(|path| !path.is_empty()).unwrap_or_default()
}

/// Returns the description of a dataset, within the lengths that search engines accept.
fn description(codebook: &Codebook) -> String {
    let mut text = codebook.description.clone();
    if text.chars().count() < SHORTEST {
        text = [&text, &codebook.title, &codebook.kind.definition, &codebook.time_basis.definition]
            .map(String::as_str)
            .join(" ");
    }
    text.trim().chars().take(LONGEST).collect()
}

/// Returns the files that hold any number of figures.
fn offered<'a>(place: &'a Place<'_>) -> impl Iterator<Item = &'a Offered> {
    place
        .files
        .iter()
        .filter(|file| file.name.starts_with("aggregate.") && file.name != "aggregate.jsonstat.json")
}

/// Returns the address of a dataset's finest table in a file format. Grouped by every dimension, no figures are summed.
fn download(dataset: &Dataset, file: &Offered, place: &Place<'_>) -> String {
    let release = &dataset.release;
    let by: Vec<&str> = release.dimensions().iter().map(|dimension| dimension.name()).collect();
    let measures: Vec<&str> =
        release.descriptor().chargesheet.measures.iter().map(|measure| measure.name()).collect();
    format!(
        "{}/v1/datasets/{}/releases/{}/{}?by={}&measure={}",
        place.base,
        escape_part(release.dataset()),
        release.id(),
        file.name,
        by.join(","),
        measures.join(",")
    )
}

fn distributions(dataset: &Dataset, place: &Place<'_>) -> Vec<Value> {
    let each = offered(place).map(|file| {
        let address = download(dataset, file, place);
        let plain = file.media_type.split(';').next().unwrap_or_default();
        json!({
            "@id": address,
            "@type": ["DataDownload", "dcat:Distribution"],
            "name": file.name,
            "contentUrl": address,
            "encodingFormat": plain,
            "license": license(dataset),
            "dct:title": file.name,
            "dct:license": { "@id": license(dataset) },
            "dct:format": plain,
            "dcat:accessURL": { "@id": address },
            "dcat:downloadURL": { "@id": address },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{plain}") },
        })
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_can_end_the_script() {
        let text = embedded(&json!({ "name": "</script><script>alert(1)&amp;" }));
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'), "{text}");
        let back: Value = serde_json::from_str(&text).expect("it is JSON still");
        assert_eq!(back["name"], "</script><script>alert(1)&amp;");
    }
}
