//! What programs ask for at addresses that are the same on every site: `/robots.txt`, `/sitemap.xml` and `/.well-known/…`.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use warp::http::StatusCode;

use super::app::{App, dataset_of};
use super::problem::{Answer, Problem};
use super::response::{Caching, respond};
use super::route_table::LINKSET;
use crate::domain::Language;
use crate::explorer::{self, Topic};
use crate::query::Params;

/// How long `security.txt` holds. It may be less than a year.
const VALID: SignedDuration = SignedDuration::from_hours(180 * 24);

const TEXT: &str = "text/plain; charset=utf-8";

/// Checks that an address has no parameter.
fn bare(query: &str) -> Result<(), Problem> {
    Ok(Params::parse(query)?.finish_with(&[])?)
}

/// Answers `/robots.txt` (RFC 9309). Robots need not fetch what has no end of addresses: the builder, and the evidence behind each
/// figure. Pictures and pages may be fetched, so that they can be found and previewed.
pub fn robots(app: &App, query: &str) -> Answer {
    bare(query)?;
    let text = format!(
        "User-agent: *\nDisallow: /charts/new?dataset=\nDisallow: /evidence/\nDisallow: /metrics\n\n\
         Sitemap: {}/sitemap.xml\n",
        app.base
    );
    Ok(respond(StatusCode::OK, TEXT, text.into_bytes(), Caching::Program))
}

/// Answers `/llms.txt`.
pub fn llms(app: &App, query: &str) -> Answer {
    bare(query)?;
    let text = explorer::llms(&app.catalog(), &app.base);
    Ok(respond(StatusCode::OK, TEXT, text.into_bytes(), Caching::Current))
}

/// Answers `/sitemap.xml`.
pub async fn sitemap(app: App, query: String) -> Answer {
    bare(&query)?;
    let (catalog, base) = (app.catalog(), app.base.clone());
    let text = app.compute(move || Ok(explorer::sitemap(&catalog, &base))).await?;
    Ok(respond(StatusCode::OK, "application/xml", text.into_bytes(), Caching::Current))
}

/// What a feed is about; the address names which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// All datasets.
    All,
    /// A dataset.
    Dataset,
    /// A statute.
    Statute,
    /// A country.
    Country,
    /// A category of offence.
    Category,
}

/// Answers `/feed.atom` and `…/{id}/feed.atom`.
pub async fn feed(app: App, subject: Subject, id: String, query: String) -> Answer {
    let (catalog, base) = (app.catalog(), app.base.clone());
    let made = move || {
        let topic = match subject {
            Subject::All => Topic::All,
            Subject::Dataset => Topic::Dataset(&id),
            Subject::Statute => Topic::Statute(&id),
            Subject::Country => Topic::Country(&id),
            Subject::Category => Topic::Category(&id),
        };
        if subject == Subject::Dataset {
            dataset_of(&catalog, &id, None)?;
        }
        Ok(explorer::feed(&catalog, &base, topic, &query)?)
    };
    let feed = app.compute(made).await?;
    Ok(respond(StatusCode::OK, "application/atom+xml", feed.into_bytes(), Caching::Current))
}

/// Answers `/.well-known/security.txt` (RFC 9116). Whoever publishes says on the page about them how to reach them. The file must
/// name a day less than a year ahead until which it holds.
pub fn security(app: &App, query: &str) -> Answer {
    bare(query)?;
    let languages: Vec<&str> = Language::all().map(Language::code).collect();
    let until = Timestamp::now().checked_add(VALID).unwrap_or(Timestamp::MAX).strftime("%Y-%m-%d");
    let text = format!(
        "Contact: {0}/about\nExpires: {until}T00:00:00Z\nPreferred-Languages: {1}\nCanonical: {0}/.well-known/security.txt\n",
        app.base,
        languages.join(", ")
    );
    Ok(respond(StatusCode::OK, TEXT, text.into_bytes(), Caching::Never))
}

/// Answers `/.well-known/api-catalog` (RFC 9727), in the form of RFC 9264.
pub fn api_catalog(app: &App, query: &str) -> Answer {
    bare(query)?;
    let link =
        |path: &str, media_type: &str| json!([{ "href": format!("{}{path}", app.base), "type": media_type }]);
    let linkset = json!({ "linkset": [{
        "anchor": format!("{}/v1", app.base),
        "service-desc": link("/openapi.json", "application/json"),
        "service-doc": link("/api", "text/html"),
        "service-meta": link("/v1/catalog.jsonld", "application/ld+json"),
        "status": link("/readyz", "text/plain"),
    }] });
    Ok(respond(StatusCode::OK, LINKSET, linkset.to_string().into_bytes(), Caching::Program))
}
