//! Files of the program: the widget, and what the pages need.

use hyper::body::Bytes;
use warp::http::StatusCode;
use warp::reply::Response;

use super::app::App;
use super::body::Body;
use super::coding::Coding;
use super::headers::{Caching, respond};
use super::problem::Problem;
use crate::domain::nearest;
use crate::widget_files::{self, WidgetFile};

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// Name, media type and content of what the pages need.
const ASSETS: [(&str, &str, &[u8]); 6] = [
    ("explorer.css", CSS, include_bytes!("../../assets/explorer.css")),
    ("explorer.js", JAVASCRIPT, include_bytes!("../../assets/explorer.js")),
    ("embed.css", CSS, include_bytes!("../../assets/embed.css")),
    ("embed.js", JAVASCRIPT, include_bytes!("../../assets/embed.js")),
    ("report.css", CSS, include_bytes!("../../assets/report.css")),
    ("mark.svg", "image/svg+xml", include_bytes!("../../assets/mark.svg")),
];

/// Returns the names of the files that pages need.
pub fn names() -> Vec<&'static str> {
    ASSETS.iter().map(|(name, _, _)| *name).collect()
}

/// Answers `/assets/{name}`.
pub fn asset(name: &str) -> Response {
    match ASSETS.iter().find(|(own, _, _)| *own == name) {
        Some((_, media_type, content)) => {
            respond(StatusCode::OK, media_type, content.to_vec(), Caching::Program)
        }
        None => missing(&format!("assets/{name}"), ASSETS.iter().map(|(own, _, _)| format!("assets/{own}"))),
    }
}

/// Answers `/widget/{name}`: the widget of this program, which changes with it.
pub fn widget(name: &str) -> Response {
    match widget_files::file(name) {
        Some(file) => packed(file, Caching::Program),
        None => missing(
            &format!("widget/{name}"),
            widget_files::FILES.iter().map(|file| format!("widget/{}", file.name)),
        ),
    }
}

/// Answers `/widget/{version}/{name}`: one version of the widget, the same for ever. Earlier ones come from the
/// store, where they were kept.
pub async fn versioned(app: App, version: String, name: String) -> Response {
    if version == widget_files::VERSION
        && let Some(file) = widget_files::file(&name)
    {
        return packed(file, Caching::Pinned);
    }
    let path = format!("widget/{version}/{name}");
    if let Some(kept) = app.kept_widgets() {
        let found = app.compute(move || Ok(kept.read(&version, &name))).await;
        match found {
            Ok(Some((media_type, body))) => {
                return respond(StatusCode::OK, media_type, body, Caching::Pinned);
            }
            Ok(None) => {}
            Err(problem) => return problem.response(),
        }
    }
    let own =
        widget_files::FILES.iter().map(|file| format!("widget/{}/{}", widget_files::VERSION, file.name));
    missing(&path, own)
}

fn missing(path: &str, own: impl Iterator<Item = String>) -> Response {
    let own: Vec<String> = own.collect();
    Problem::not_found("file", path, nearest(path, own.iter().map(String::as_str))).response()
}

fn packed(file: &WidgetFile, caching: Caching) -> Response {
    let body = Body::of_program(file.bytes).with_packed(Coding::Brotli, Bytes::from_static(file.brotli));
    respond(StatusCode::OK, file.media_type, body, caching)
}
