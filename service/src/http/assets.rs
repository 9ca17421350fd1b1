//! Files of the program: the widget, and what the pages need.

use warp::http::StatusCode;
use warp::reply::Response;

use super::headers::{Caching, respond};
use super::problem::Problem;
use crate::domain::nearest;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Path, media type and content of every file.
const FILES: [(&str, &str, &[u8]); 6] = [
    ("widget/statute-chart.js", JAVASCRIPT, include_bytes!("../../../widget/statute-chart.js")),
    (
        "widget/chargesheet_widget.js",
        JAVASCRIPT,
        include_bytes!(concat!(env!("OUT_DIR"), "/widget/chargesheet_widget.js")),
    ),
    (
        "widget/chargesheet_widget_bg.wasm",
        "application/wasm",
        include_bytes!(concat!(env!("OUT_DIR"), "/widget/chargesheet_widget_bg.wasm")),
    ),
    ("assets/explorer.css", "text/css; charset=utf-8", include_bytes!("../../assets/explorer.css")),
    ("assets/explorer.js", JAVASCRIPT, include_bytes!("../../assets/explorer.js")),
    ("assets/mark.svg", "image/svg+xml", include_bytes!("../../assets/mark.svg")),
];

/// Answers a request for a file of the program.
pub fn file(folder: &str, name: &str) -> Response {
    let path = format!("{folder}/{name}");
    match FILES.iter().find(|(own, _, _)| *own == path) {
        Some((_, media_type, content)) => {
            respond(StatusCode::OK, media_type, content.to_vec(), Caching::Program)
        }
        None => {
            Problem::not_found("file", &path, nearest(&path, FILES.iter().map(|(own, _, _)| *own))).response()
        }
    }
}
