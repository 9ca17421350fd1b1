//! Files of the program: the widget, and the assets of the pages.

use warp::http::StatusCode;

use super::app::App;
use super::body::Body;
use super::files::XLSX;
use super::problem::{Answer, Problem};
use super::response::{Caching, Response, respond};
use crate::domain::nearest;
use crate::package::Kind;
use crate::present::template::template;
use crate::widget_files::{self, FILES, VERSION, WidgetFile};

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// Name, media type and content of each asset of the pages.
const ASSETS: [(&str, &str, &[u8]); 9] = [
    ("explorer.css", CSS, include_bytes!("../../assets/explorer.css")),
    ("explorer.js", JAVASCRIPT, include_bytes!("../../assets/explorer.js")),
    ("builder.css", CSS, include_bytes!("../../assets/builder.css")),
    ("builder.js", JAVASCRIPT, include_bytes!("../../assets/builder.js")),
    ("embed.css", CSS, include_bytes!("../../assets/embed.css")),
    ("embed.js", JAVASCRIPT, include_bytes!("../../assets/embed.js")),
    ("report.css", CSS, include_bytes!("../../assets/report.css")),
    ("favicon.ico", "image/vnd.microsoft.icon", include_bytes!("../../assets/favicon.ico")),
    ("mark.svg", "image/svg+xml", include_bytes!("../../assets/mark.svg")),
];

/// The name of the template of each kind of dataset.
const TEMPLATES: [(&str, Kind); 2] =
    [("case-level.xlsx", Kind::CaseLevel), ("reported.xlsx", Kind::Reported)];

/// Returns the names of the assets.
pub fn names() -> Vec<&'static str> {
    ASSETS.iter().map(|(name, _, _)| *name).chain(TEMPLATES.map(|(name, _)| name)).collect()
}

/// Answers `/assets/{name}`.
pub fn asset(name: &str) -> Answer {
    match ASSETS.iter().find(|(own, _, _)| *own == name) {
        Some((_, media_type, content)) => {
            Ok(respond(StatusCode::OK, media_type, content.to_vec(), Caching::Program))
        }
        None => match TEMPLATES.iter().find(|(own, _)| *own == name) {
            Some((_, kind)) => {
                let bytes = template(*kind).map_err(|error| Problem::bug("the template", &error))?;
                Ok(respond(StatusCode::OK, XLSX, bytes, Caching::Program))
            }
            None => Err(missing("assets/", name, names())),
        },
    }
}

/// Answers `/widget/{name}`: the widget of this version of the program.
pub fn widget(name: &str) -> Answer {
    let found = widget_files::file(name).map(|file| sent(file, Caching::Program));
    found.ok_or_else(|| missing("widget/", name, widget_names()))
}

/// Answers `/widget/{version}/{name}`: one version of the widget, which never changes. Earlier versions come from the archive in
/// the store.
pub async fn versioned(app: App, version: String, name: String) -> Answer {
    if version == VERSION
        && let Some(file) = widget_files::file(&name)
    {
        return Ok(sent(file, Caching::Pinned));
    }
    let path = format!("{version}/{name}");
    if let Some(archive) = app.widgets.clone()
        && let Some((media_type, body)) = app.compute(move || Ok(archive.read(&version, &name))).await?
    {
        return Ok(respond(StatusCode::OK, media_type, body, Caching::Pinned));
    }
    let own: Vec<String> = widget_names().into_iter().map(|own| format!("{VERSION}/{own}")).collect();
    Err(missing("widget/", &path, own.iter().map(String::as_str).collect()))
}

fn widget_names() -> Vec<&'static str> {
    FILES.iter().map(|file| file.name).collect()
}

/// Returns the error for a file that is not in a folder, with the nearest name that is.
fn missing(folder: &str, path: &str, own: Vec<&str>) -> Problem {
    let path = format!("{folder}{path}");
    let own: Vec<String> = own.iter().map(|own| format!("{folder}{own}")).collect();
    Problem::not_found("file", &path, nearest(&path, own.iter().map(String::as_str)))
}

fn sent(file: &WidgetFile, caching: Caching) -> Response {
    respond(StatusCode::OK, file.media_type, Body::of_program(file.bytes, file.brotli), caching)
}
