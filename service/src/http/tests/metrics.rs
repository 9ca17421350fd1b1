//! Tests of `/metrics` with the templates of the real routes.

use warp::http::{Method, StatusCode};

use crate::http::observe::metrics::Metrics;
use crate::http::template::TEMPLATES;

fn metrics() -> Metrics {
    Metrics::new(TEMPLATES.names())
}

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or("")
}

#[test]
fn an_answer_is_counted_under_the_template_of_its_route() {
    let metrics = metrics();
    let route = TEMPLATES.find("/v1/datasets/somebody%40example.org/aggregate.csv");
    metrics.answered(&metrics.measure(&Method::GET, route), StatusCode::OK);
    let text = metrics.text();
    let start = "chargesheet_http_requests_total{method=\"GET\",route=\"/v1/datasets/{dataset}/aggregate.csv\",status=\"2xx\"}";
    assert!(line(&text, start).ends_with(" 1"), "{text}");
    assert!(!text.contains("somebody"), "{text}");
}

#[test]
fn whatever_is_asked_no_word_of_it_gets_into_a_label() {
    let metrics = metrics();
    for path in ["/secret", "/v1/secret", "/v1/datasets/x/secret", "/v1/datasets/a/b/c/secret", "", "secret"]
    {
        let method = Method::from_bytes(b"SECRET").expect("it is a token");
        metrics.answered(&metrics.measure(&method, TEMPLATES.find(path)), StatusCode::NOT_FOUND);
    }
    let text = metrics.text();
    assert!(!text.to_lowercase().contains("secret"), "{text}");
    let start = "chargesheet_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"}";
    assert!(line(&text, start).ends_with(" 6"), "{text}");
}

#[test]
fn what_has_not_happened_is_zero_and_every_metric_says_what_it_is() {
    let text = metrics().text();
    for zero in
        ["chargesheet_panics_total 0", "chargesheet_timeouts_total{kind=\"write\"} 0", "chargesheet_ready 0"]
    {
        assert!(text.lines().any(|line| line == zero), "{zero}: {text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        let family =
            ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(text.contains(&format!("# HELP {family} ")), "{line}");
        assert!(text.contains(&format!("# TYPE {family} ")), "{line}");
    }
}
