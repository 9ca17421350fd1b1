//! `/metrics`: how the service does, in the text form of Prometheus (exposition format 0.0.4,
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Nothing in it is about a visitor. Labels are the templates of routes, methods, classes of status and words of ours:
//! no address, no query, no part of a path that somebody chose.

mod process;
mod turns;

use std::sync::OnceLock;
use std::time::Instant;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use warp::http::{Method, StatusCode};

use super::template::TEMPLATES;

pub use process::most_descriptors;
pub use turns::Turns;

/// Upper ends of the histogram's buckets, in seconds: from what a cache answers to the time limit of an answer.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Methods that are told apart; every other is `other`, for anybody can invent one.
const METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "other"];
/// Classes of status. Nothing is answered with 1xx.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// What waited too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeout {
    /// For the rest of a request's head, or for the first byte of a connection.
    Head,
    /// For the next request on a connection that was answered before.
    Idle,
    /// For the rest of a refused request's body.
    Body,
    /// For a client to take what it asked for.
    Write,
    /// For leave to compute.
    Queue,
    /// For a turn to code a body.
    Coding,
    /// For an answer.
    Answer,
    /// For a reader to take all of a large answer.
    Sending,
    /// For open answers when the service went down.
    Drain,
}

impl Timeout {
    const ALL: [Self; 9] = [
        Self::Head,
        Self::Idle,
        Self::Body,
        Self::Write,
        Self::Queue,
        Self::Coding,
        Self::Answer,
        Self::Sending,
        Self::Drain,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Idle => "idle",
            Self::Body => "body",
            Self::Write => "write",
            Self::Queue => "queue",
            Self::Coding => "coding",
            Self::Answer => "answer",
            Self::Sending => "sending",
            Self::Drain => "drain",
        }
    }
}

/// What was refused without being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A computation, because too many wait.
    QueueFull,
    /// The coding of a body, because too many wait for it: it was sent as it is to those who take that.
    CodingFull,
    /// A large answer, because readers of others hold all the room for them.
    SendingFull,
    /// A request line that is too long.
    Line,
    /// A head that is too large.
    Head,
    /// What is no HTTP.
    Malformed,
    /// A request while the data are being loaded.
    Loading,
}

impl Refusal {
    const ALL: [Self; 7] = [
        Self::QueueFull,
        Self::CodingFull,
        Self::SendingFull,
        Self::Line,
        Self::Head,
        Self::Malformed,
        Self::Loading,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue-full",
            Self::CodingFull => "coding-full",
            Self::SendingFull => "sending-full",
            Self::Line => "request-line",
            Self::Head => "head",
            Self::Malformed => "malformed",
            Self::Loading => "loading",
        }
    }
}

/// A store of things that were made before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Answers as they went over the wire.
    Answers,
}

impl Cache {
    const ALL: [Self; 1] = [Self::Answers];

    fn name(self) -> &'static str {
        match self {
            Self::Answers => "answers",
        }
    }
}

/// All counts. Fields that are public are counted where it happens.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    by_route: Vec<Route>,
    requests: IntCounterVec,
    durations: HistogramVec,
    /// Bytes that went into sockets, heads and everything.
    pub sent_bytes: IntCounter,
    /// Connections that are open.
    pub connections: IntGauge,
    /// Most connections at once.
    pub connections_limit: IntGauge,
    /// Connections that were accepted.
    pub accepted: IntCounter,
    /// Times that accepting failed, for lack of descriptors most likely.
    pub accept_failures: IntCounter,
    timeouts: IntCounterVec,
    refusals: IntCounterVec,
    /// Panics, caught or not.
    pub panics: IntCounter,
    /// Computations that run.
    pub computations: IntGauge,
    /// Most computations at once.
    pub computations_limit: IntGauge,
    /// Requests that wait for leave to compute.
    pub queue: IntGauge,
    /// Most that may wait.
    pub queue_limit: IntGauge,
    /// What is done with kept bodies, by kind, in the order of [`Turns`].
    codings: [IntGaugeVec; 4],
    /// Bytes that bodies hold while they are kept or sent; small ones are not counted.
    pub sending: IntGauge,
    /// Most that they may hold.
    pub sending_limit: IntGauge,
    cache_hits: IntCounterVec,
    cache_misses: IntCounterVec,
    cache_bytes: IntGaugeVec,
    /// Datasets that are served.
    pub datasets: IntGauge,
    /// Releases that can be asked for, the withdrawn ones not counted.
    pub releases: IntGauge,
    /// 1 while the service is ready, 0 while it loads or goes down.
    pub ready: IntGauge,
    started: f64,
}

/// What is counted of one route, made when it is asked for the first time: routes that nobody asks do not show.
#[derive(Debug, Default)]
struct Route {
    duration: OnceLock<Histogram>,
    requests: [[OnceLock<IntCounter>; CLASSES.len()]; METHODS.len()],
}

/// A request whose answer is being made.
#[derive(Debug)]
pub struct Asked {
    route: usize,
    method: usize,
    began: Instant,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Makes all counts, at zero.
    pub fn new() -> Self {
        let registry = Registry::new();
        let counter = |name, help| kept(&registry, IntCounter::new(name, help));
        let gauge = |name, help| kept(&registry, IntGauge::new(name, help));
        let counters =
            |name, help, labels: &[&str]| kept(&registry, IntCounterVec::new(Opts::new(name, help), labels));
        let durations = HistogramOpts::new(
            "chargesheet_http_request_duration_seconds",
            "Time from a request's head to the head of its answer, by template of the route.",
        );
        let metrics = Self {
            by_route: TEMPLATES.names().map(|_| Route::default()).collect(),
            requests: counters(
                "chargesheet_http_requests_total",
                "Requests that were answered, by template of the route, method and class of status.",
                &["route", "method", "status"],
            ),
            durations: kept(&registry, HistogramVec::new(durations.buckets(BUCKETS.to_vec()), &["route"])),
            sent_bytes: counter("chargesheet_http_sent_bytes_total", "Bytes that were sent, heads included."),
            connections: gauge("chargesheet_connections", "Connections that are open."),
            connections_limit: gauge("chargesheet_connections_limit", "Most connections at once."),
            accepted: counter("chargesheet_connections_accepted_total", "Connections that were accepted."),
            accept_failures: counter(
                "chargesheet_accept_failures_total",
                "Times that no connection could be accepted, for lack of file descriptors most likely.",
            ),
            timeouts: counters(
                "chargesheet_timeouts_total",
                "Waits that were too long: for a head, the next request, a body, a slow reader, leave to compute, a turn to code a body, an answer, a large one to be sent, the end.",
                &["kind"],
            ),
            refusals: counters(
                "chargesheet_refusals_total",
                "Requests that were refused: queue full, too many bodies wait to be coded, no room for a further large answer, request line too long, head too large, no HTTP, still loading.",
                &["kind"],
            ),
            panics: counter(
                "chargesheet_panics_total",
                "Panics: bugs of the program. Each is in the log with its number.",
            ),
            computations: gauge("chargesheet_computations", "Computations that run."),
            computations_limit: gauge("chargesheet_computations_limit", "Most computations at once."),
            queue: gauge("chargesheet_queue_length", "Requests that wait for leave to compute."),
            queue_limit: gauge(
                "chargesheet_queue_limit",
                "Most that may wait; further ones are answered with 503.",
            ),
            codings: [
                ("chargesheet_codings", "Kept bodies that are coded or decoded."),
                ("chargesheet_codings_limit", "Most at once."),
                ("chargesheet_coding_queue_length", "Kept bodies that wait to be coded or decoded."),
                ("chargesheet_coding_queue_limit", "Most that may wait for it."),
            ]
            .map(|(name, help)| kept(&registry, IntGaugeVec::new(Opts::new(name, help), &["kind"]))),
            sending: gauge(
                "chargesheet_sending_bytes",
                "Bytes that bodies of more than 128 kB hold while they are kept or sent.",
            ),
            sending_limit: gauge(
                "chargesheet_sending_limit_bytes",
                "Most that they may hold; further ones are answered with 503.",
            ),
            cache_hits: counters(
                "chargesheet_cache_hits_total",
                "What was there already, by cache.",
                &["cache"],
            ),
            cache_misses: counters(
                "chargesheet_cache_misses_total",
                "What had to be made, by cache.",
                &["cache"],
            ),
            cache_bytes: kept(
                &registry,
                IntGaugeVec::new(
                    Opts::new("chargesheet_cache_bytes", "Bytes that are kept, by cache."),
                    &["cache"],
                ),
            ),
            datasets: gauge("chargesheet_datasets", "Datasets that are served."),
            releases: gauge("chargesheet_releases", "Releases that can be asked for."),
            ready: gauge("chargesheet_ready", "1 while the service is ready, 0 while it loads or goes down."),
            started: process::now(),
            registry,
        };
        let build = Opts::new("chargesheet_build_info", "Always 1; says which build this is.")
            .const_label("version", env!("CARGO_PKG_VERSION"))
            .const_label("widget", crate::widget_files::VERSION);
        kept(&metrics.registry, IntGauge::with_opts(build)).set(1);
        // What has not happened is 0, not missing: an alarm on its increase needs a beginning.
        for timeout in Timeout::ALL {
            metrics.timeouts.with_label_values(&[timeout.name()]);
        }
        for refusal in Refusal::ALL {
            metrics.refusals.with_label_values(&[refusal.name()]);
        }
        for cache in Cache::ALL {
            metrics.cache_hits.with_label_values(&[cache.name()]);
            metrics.cache_misses.with_label_values(&[cache.name()]);
        }
        metrics
    }

    /// Begins to measure the answer to a request.
    pub fn ask(&self, method: &Method, path: &str) -> Asked {
        let method = match *method {
            Method::GET => 0,
            Method::HEAD => 1,
            Method::OPTIONS => 2,
            _ => 3,
        };
        Asked { route: TEMPLATES.find(path), method, began: Instant::now() }
    }

    /// Counts an answer whose head is ready.
    pub fn answered(&self, asked: &Asked, status: StatusCode) {
        let class = usize::from((status.as_u16() / 100).saturating_sub(2)).min(CLASSES.len() - 1);
        let (route, name) = (&self.by_route[asked.route], TEMPLATES.name(asked.route));
        let count = route.requests[asked.method][class]
            .get_or_init(|| self.requests.with_label_values(&[name, METHODS[asked.method], CLASSES[class]]));
        count.inc();
        let duration = route.duration.get_or_init(|| self.durations.with_label_values(&[name]));
        duration.observe(asked.began.elapsed().as_secs_f64());
    }

    /// Counts a wait that was too long.
    pub fn timed_out(&self, kind: Timeout) {
        self.timeouts.with_label_values(&[kind.name()]).inc();
    }

    /// Counts a request that was refused unseen.
    pub fn refused(&self, kind: Refusal) {
        self.refusals.with_label_values(&[kind.name()]).inc();
    }

    /// Returns the two counters of a cache: what was there, and what had to be made. Taken once by who keeps the cache.
    pub fn of_cache(&self, cache: Cache) -> (IntCounter, IntCounter) {
        let of = |counters: &IntCounterVec| counters.with_label_values(&[cache.name()]);
        (of(&self.cache_hits), of(&self.cache_misses))
    }

    /// Returns the gauge of the bytes that a cache keeps.
    pub fn bytes_of_cache(&self, cache: Cache) -> IntGauge {
        self.cache_bytes.with_label_values(&[cache.name()])
    }

    /// Returns everything as Prometheus reads it. Costs about a millisecond, and computes nothing.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Fails only where a family has no metric, which the registry leaves out.
        let _ = TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text);
        process::write(&mut text, self.started);
        text
    }
}

/// Registers what was made.
fn kept<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let made = made.expect("our names of metrics and labels have only letters and underscores");
    registry.register(Box::new(made.clone())).expect("each of our metrics has a name of its own");
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(text: &'a str, start: &str) -> &'a str {
        text.lines().find(|line| line.starts_with(start)).unwrap_or("")
    }

    #[test]
    fn an_answer_is_counted_under_the_template_of_its_route() {
        let metrics = Metrics::new();
        let asked = metrics.ask(&Method::GET, "/v1/datasets/somebody%40example.org/aggregate.csv");
        metrics.answered(&asked, StatusCode::OK);
        let text = metrics.text();
        let start = "chargesheet_http_requests_total{method=\"GET\",route=\"/v1/datasets/{dataset}/aggregate.csv\",status=\"2xx\"}";
        assert!(line(&text, start).ends_with(" 1"), "{text}");
        assert!(!text.contains("somebody"), "{text}");
    }

    #[test]
    fn whatever_is_asked_no_word_of_it_gets_into_a_label() {
        let metrics = Metrics::new();
        for path in
            ["/secret", "/v1/secret", "/v1/datasets/x/secret", "/v1/datasets/a/b/c/secret", "", "secret"]
        {
            let method = Method::from_bytes(b"SECRET").expect("it is a token");
            metrics.answered(&metrics.ask(&method, path), StatusCode::NOT_FOUND);
        }
        let text = metrics.text();
        assert!(!text.to_lowercase().contains("secret"), "{text}");
        let start = "chargesheet_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"}";
        assert!(line(&text, start).ends_with(" 6"), "{text}");
    }

    #[test]
    fn what_has_not_happened_is_zero_and_every_metric_says_what_it_is() {
        let text = Metrics::new().text();
        for zero in [
            "chargesheet_panics_total 0",
            "chargesheet_timeouts_total{kind=\"write\"} 0",
            "chargesheet_ready 0",
        ] {
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
}
