//! `datapackage.json` of a package.

use serde_json::{Map, Value, json};

use crate::package::{Caveat, Contributor, Kind, License, Origin, Settings};
use crate::release::Release;

/// The profile that the descriptor follows.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// The note on a copy of a case-level dataset; it follows the publisher's description.
const FORGOTTEN: &str = "This copy was made out of the release. The publisher's ids of cases, defendants and \
     charges are not in it: numbers of the release stand for them, and every count is the same. Records that the \
     publisher keeps back are in no release.";

/// Returns the descriptor of a release; `packed` has the entries of its tables.
pub fn descriptor(release: &Release, packed: Vec<Value>) -> Value {
    let own = release.descriptor();
    let description = match own.chargesheet.kind {
        // The description stays word for word, because publishing the copy again must give the same release.
        Kind::Reported => own.description.clone(),
        Kind::CaseLevel => format!("{}\n\n{FORGOTTEN}", own.description).trim_start().to_owned(),
    };
    let mut descriptor = json!({
        "$schema": PROFILE,
        "name": own.name,
        "id": format!("{}/{}", own.name, release.id()),
        "title": own.title,
        "description": description,
        "version": own.version,
        "created": own.created,
        "licenses": own.licenses.iter().map(license).collect::<Vec<_>>(),
        "sources": own.sources.iter().map(origin).collect::<Vec<_>>(),
    });
    // The profile requires that a list of contributors has at least one.
    if !own.contributors.is_empty() {
        descriptor["contributors"] = own.contributors.iter().map(contributor).collect();
    }
    descriptor["resources"] = packed.into();
    descriptor["chargesheet"] = settings(&own.chargesheet);
    descriptor
}

/// Returns an object of those members that are not empty.
fn said(members: &[(&str, &str)]) -> Value {
    let some = members.iter().filter(|(_, text)| !text.is_empty());
    Value::Object(some.map(|(name, text)| ((*name).to_owned(), json!(text))).collect::<Map<_, _>>())
}

fn license(license: &License) -> Value {
    said(&[("name", &license.name), ("path", &license.path), ("title", &license.title)])
}

fn origin(origin: &Origin) -> Value {
    said(&[("title", &origin.title), ("path", &origin.path)])
}

fn contributor(contributor: &Contributor) -> Value {
    said(&[("title", &contributor.title)])
}

fn settings(own: &Settings) -> Value {
    let caveat = |caveat: &Caveat| match &caveat.statutes[..] {
        [] => json!(caveat.text),
        statutes => json!({ "text": caveat.text, "statutes": statutes }),
    };
    let caveats: Map<String, Value> = own
        .caveats
        .iter()
        .map(|(language, list)| (language.clone(), list.iter().map(caveat).collect()))
        .collect();
    let mut settings = json!({
        "kind": own.kind,
        "measures": own.measures,
        "time_basis": own.time_basis,
        "additive": own.additive,
        "disclosure": own.disclosure,
        "caveats": caveats,
    });
    if !own.complete_outcomes.is_empty() {
        settings["complete_outcomes"] = json!(own.complete_outcomes);
    }
    if !own.notes.is_empty() {
        settings["notes"] = json!(own.notes);
    }
    if !own.areas.is_empty() {
        settings["areas"] = json!(own.areas);
    }
    let texts = [
        ("start", &own.start),
        ("title_ru", &own.title_ru),
        ("title_kk", &own.title_kk),
        ("description_ru", &own.description_ru),
        ("description_kk", &own.description_kk),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        settings[name] = json!(text);
    }
    settings
}
