//! `/metrics`: the state of the service in the text format of Prometheus (exposition format 0.0.4,
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Nothing in the metrics identifies a visitor. Labels are route templates, methods, classes of status and fixed words. They never
//! contain an address, a query, or a part of a path that a client chose.

use std::sync::OnceLock;
use std::time::Instant;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use warp::http::{Method, StatusCode};

use super::{cluster, process};

/// Upper bounds of the histogram's buckets, in seconds: from the time of a cached answer to the time limit of an answer.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The values of the label `method`. All methods without a label count as `other`, because clients can invent any.
const METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "other"];
/// The classes of status. No response has 1xx.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
/// The only cache that is counted: the cache of answers.
const ANSWERS: [&str; 1] = ["answers"];

chargesheet_check::words! {
    /// A kind of timeout, by what was waited for.
    Timeout {
        /// The rest of a request's head, or the first byte of a connection.
        Head = "head",
        /// The next request on a connection that has been used before.
        Idle = "idle",
        /// The rest of a refused request's body.
        Body = "body",
        /// A client that stopped reading its response.
        Write = "write",
        /// A permit to compute.
        Queue = "queue",
        /// A permit to code a body.
        Coding = "coding",
        /// An answer.
        Answer = "answer",
        /// A client that took too long to read a large response.
        Sending = "sending",
        /// Open requests at shutdown.
        Drain = "drain",
    }
}

chargesheet_check::words! {
    /// A kind of refusal, counted when a request is turned away without being computed.
    Refusal {
        /// Too many requests wait for a permit to compute.
        QueueFull = "queue-full",
        /// Too many bodies wait to be coded. Clients that accept it get the body uncoded.
        CodingFull = "coding-full",
        /// Other large responses hold the whole budget for bodies.
        SendingFull = "sending-full",
        /// The request line is too long.
        Line = "request-line",
        /// The head is too large.
        Head = "head",
        /// The request is not valid HTTP.
        Malformed = "malformed",
        /// The data are still being loaded.
        Loading = "loading",
    }
}

/// Declares [`Metrics`] and its families, each with its field, type, name, labels and help text.
macro_rules! families {
    ($($field:ident: $type:ident($name:literal $(, $label:literal)*) = $help:literal;)+) => {
        /// All metrics.
        #[derive(Debug)]
        pub struct Metrics {
            registry: Registry,
            templates: Vec<&'static str>,
            by_route: Vec<Route>,
            durations: HistogramVec,
            started: jiff::Timestamp,
            $(#[doc = $help] pub $field: $type,)+
        }

        impl Metrics {
            fn with(registry: Registry, durations: HistogramVec, templates: Vec<&'static str>) -> Self {
                Self {
                    by_route: templates.iter().map(|_| Route::default()).collect(),
                    templates,
                    durations,
                    started: jiff::Timestamp::now(),
                    $($field: registered(&registry, families!(@made $type, Opts::new($name, $help) $(, $label)*)),)+
                    registry,
                }
            }
        }
    };
    (@made $type:ident, $options:expr) => { $type::with_opts($options) };
    (@made $type:ident, $options:expr $(, $label:literal)+) => { $type::new($options, &[$($label),+]) };
}

families! {
    requests: IntCounterVec("chargesheet_http_requests_total", "route", "method", "status") =
        "Requests that were answered, by template of the route, method and class of status.";
    sent_bytes: IntCounter("chargesheet_http_sent_bytes_total") = "Bytes that were sent, heads included.";
    connections: IntGauge("chargesheet_connections") = "Connections that are open.";
    connections_limit: IntGauge("chargesheet_connections_limit") = "Most connections at once.";
    accepted: IntCounter("chargesheet_connections_accepted_total") = "Connections that were accepted.";
    accept_failures: IntCounter("chargesheet_accept_failures_total") =
        "Times that no connection could be accepted, for lack of file descriptors most likely.";
    timeouts: IntCounterVec("chargesheet_timeouts_total", "kind") =
        "Waits that were too long: for a head, the next request, a body, a slow reader, leave to compute, a turn to code a body, an answer, a large one to be sent, the end.";
    refusals: IntCounterVec("chargesheet_refusals_total", "kind") =
        "Requests that were refused: queue full, too many bodies wait to be coded, no room for a further large answer, request line too long, head too large, no HTTP, still loading.";
    panics: IntCounter("chargesheet_panics_total") = "Panics: bugs of the program. Each is in the log with its number.";
    computations: IntGauge("chargesheet_computations") = "Computations that run.";
    computations_limit: IntGauge("chargesheet_computations_limit") = "Most computations at once.";
    queue: IntGauge("chargesheet_queue_length") = "Requests that wait for leave to compute.";
    queue_limit: IntGauge("chargesheet_queue_limit") = "Most that may wait; further ones are answered with 503.";
    codings: IntGaugeVec("chargesheet_codings", "kind") = "Kept bodies that are coded or decoded.";
    codings_limit: IntGaugeVec("chargesheet_codings_limit", "kind") = "Most at once.";
    coding_queue: IntGaugeVec("chargesheet_coding_queue_length", "kind") = "Kept bodies that wait to be coded or decoded.";
    coding_queue_limit: IntGaugeVec("chargesheet_coding_queue_limit", "kind") = "Most that may wait for it.";
    sending: IntGauge("chargesheet_sending_bytes") =
        "Bytes that bodies of more than 128 kB hold while they are kept or sent.";
    sending_limit: IntGauge("chargesheet_sending_limit_bytes") =
        "Most that they may hold; further ones are answered with 503.";
    cache_hits: IntCounterVec("chargesheet_cache_hits_total", "cache") = "What was there already, by cache.";
    cache_misses: IntCounterVec("chargesheet_cache_misses_total", "cache") = "What had to be made, by cache.";
    cache_bytes: IntGaugeVec("chargesheet_cache_bytes", "cache") = "Bytes that are kept, by cache.";
    datasets: IntGauge("chargesheet_datasets") = "Datasets that are served.";
    releases: IntGauge("chargesheet_releases") = "Releases that can be asked for.";
    ready: IntGauge("chargesheet_ready") = "1 while the service is ready, 0 while it loads or goes down.";
}

/// The metrics of one route. They are created by its first request, so routes without requests do not appear.
#[derive(Debug, Default)]
struct Route {
    duration: OnceLock<Histogram>,
    requests: [[OnceLock<IntCounter>; CLASSES.len()]; METHODS.len()],
}

/// A request that is being answered, for the measurement of its duration.
#[derive(Debug)]
pub struct Measured {
    route: usize,
    method: usize,
    began: Instant,
}

/// The gauges of a worker pool.
#[derive(Debug, Clone)]
pub struct Turns {
    /// Work that is running.
    pub running: IntGauge,
    /// Limit of running work.
    pub running_limit: IntGauge,
    /// Work that is waiting.
    pub waiting: IntGauge,
    /// Limit of waiting work.
    pub waiting_limit: IntGauge,
}

impl Default for Metrics {
    /// Makes metrics with a single route label, `other`.
    fn default() -> Self {
        Self::new(["other"].into_iter())
    }
}

impl Metrics {
    /// Makes all metrics, with values of zero. `templates` are the labels of the routes, and a request names its route by the index
    /// of its label.
    pub fn new(templates: impl Iterator<Item = &'static str>) -> Self {
        let registry = Registry::new();
        let durations = HistogramOpts::new(
            "chargesheet_http_request_duration_seconds",
            "Time from a request's head to the head of its answer, by template of the route.",
        );
        let durations = HistogramVec::new(durations.buckets(BUCKETS.to_vec()), &["route"]);
        let durations = registered(&registry, durations);
        let metrics = Self::with(registry, durations, templates.collect());
        let build = Opts::new("chargesheet_build_info", "Always 1; says which build this is.")
            .const_label("version", env!("CARGO_PKG_VERSION"))
            .const_label("widget", crate::widget_files::VERSION);
        registered(&metrics.registry, IntGauge::with_opts(build)).set(1);
        // Counters of events that have not happened start at 0 and are not missing. Alerts on an increase need a first value.
        for timeout in Timeout::ALL {
            metrics.timeouts.with_label_values(&[timeout.name()]);
        }
        for refusal in Refusal::ALL {
            metrics.refusals.with_label_values(&[refusal.name()]);
        }
        metrics.of_cache();
        metrics
    }

    /// Starts to measure a request. `route` is the index of its template.
    pub fn measure(&self, method: &Method, route: usize) -> Measured {
        let place = METHODS.iter().position(|own| *own == method.as_str());
        // A route without a template counts as `other`, which is the first label.
        let route = if route < self.templates.len() { route } else { 0 };
        Measured { route, method: place.unwrap_or(METHODS.len() - 1), began: Instant::now() }
    }

    /// Counts a response whose head is ready, and records its duration.
    pub fn answered(&self, measured: &Measured, status: StatusCode) {
        let class = usize::from((status.as_u16() / 100).saturating_sub(2)).min(CLASSES.len() - 1);
        let (route, name) = (&self.by_route[measured.route], self.templates[measured.route]);
        let labels = || [name, METHODS[measured.method], CLASSES[class]];
        let count = &route.requests[measured.method][class];
        count.get_or_init(|| self.requests.with_label_values(&labels())).inc();
        let duration = route.duration.get_or_init(|| self.durations.with_label_values(&[name]));
        duration.observe(measured.began.elapsed().as_secs_f64());
    }

    /// Counts a timeout.
    pub fn timed_out(&self, kind: Timeout) {
        self.timeouts.with_label_values(&[kind.name()]).inc();
    }

    /// Counts a refusal.
    pub fn refused(&self, kind: Refusal) {
        self.refusals.with_label_values(&[kind.name()]).inc();
    }

    /// Returns the metrics of the cache: hits, misses, and size in bytes.
    pub fn of_cache(&self) -> (IntCounter, IntCounter, IntGauge) {
        let [hits, misses] =
            [&self.cache_hits, &self.cache_misses].map(|counter| counter.with_label_values(&ANSWERS));
        (hits, misses, self.cache_bytes.with_label_values(&ANSWERS))
    }

    /// Returns the gauges of the worker pool for computations.
    pub fn computing(&self) -> Turns {
        let [running, running_limit, waiting, waiting_limit] =
            [&self.computations, &self.computations_limit, &self.queue, &self.queue_limit].map(Clone::clone);
        Turns { running, running_limit, waiting, waiting_limit }
    }

    /// Returns the gauges of a worker pool that codes or decodes cached bodies.
    pub fn with_bodies(&self, kind: &'static str) -> Turns {
        let [running, running_limit, waiting, waiting_limit] =
            [&self.codings, &self.codings_limit, &self.coding_queue, &self.coding_queue_limit]
                .map(|gauges| gauges.with_label_values(&[kind]));
        Turns { running, running_limit, waiting, waiting_limit }
    }

    /// Returns all metrics in the text format. This takes about a millisecond and computes no answer.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Encoding fails only for a family without metrics, which the registry leaves out.
        let _ = TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text);
        process::write(&mut text, self.started);
        cluster::write(&mut text);
        text
    }
}

fn registered<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let made = made.expect("our names of metrics and labels have only letters and underscores");
    registry.register(Box::new(made.clone())).expect("each of our metrics has a name of its own");
    made
}
