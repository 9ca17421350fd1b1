//! `/metrics`: how the service does, in the text form of Prometheus (exposition format 0.0.4,
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Nothing in it is about a visitor. Labels are the templates of routes, methods, classes of status and words of ours:
//! no address, no query, no part of a path that somebody chose.

use std::sync::OnceLock;
use std::time::Instant;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use warp::http::{Method, StatusCode};

use super::process;
use super::words::words;

/// Upper ends of the histogram's buckets, in seconds: from what a cache answers to the time limit of an answer.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The methods that have a label of their own; every other is `other`, for anybody can invent one.
const METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "other"];
/// The classes of status. No answer has 1xx.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
/// The one cache that is counted: of answers as they went over the wire.
const ANSWERS: [&str; 1] = ["answers"];

words! {
    /// A wait that was too long.
    Timeout {
        /// For the rest of a request's head, or for the first byte of a connection.
        Head = "head",
        /// For the next request on a connection that was answered before.
        Idle = "idle",
        /// For the rest of a refused request's body.
        Body = "body",
        /// For a client to take what it asked for.
        Write = "write",
        /// For a turn to compute.
        Queue = "queue",
        /// For a turn to code a body.
        Coding = "coding",
        /// For an answer.
        Answer = "answer",
        /// For a reader to take all of a large answer.
        Sending = "sending",
        /// For open answers when the service went down.
        Drain = "drain",
    }
}

words! {
    /// A request that was refused before it was looked at.
    Refusal {
        /// Too many computations wait.
        QueueFull = "queue-full",
        /// Too many bodies wait to be coded; the body was sent uncoded to those who take that.
        CodingFull = "coding-full",
        /// Readers of other large answers hold all the memory there is for them.
        SendingFull = "sending-full",
        /// The request line is too long.
        Line = "request-line",
        /// The head is too large.
        Head = "head",
        /// It is not HTTP.
        Malformed = "malformed",
        /// The data are being loaded.
        Loading = "loading",
    }
}

/// Declares [`Metrics`] and how each of its families is made: field, type, name and labels, help.
macro_rules! families {
    ($($(#[$about:meta])* $field:ident: $type:ident($name:literal $(, $label:literal)*) = $help:literal;)+) => {
        /// All metrics.
        #[derive(Debug)]
        pub struct Metrics {
            registry: Registry,
            templates: Vec<&'static str>,
            by_route: Vec<Route>,
            durations: HistogramVec,
            started: jiff::Timestamp,
            $($(#[$about])* pub $field: $type,)+
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
    /// Requests that were answered.
    requests: IntCounterVec("chargesheet_http_requests_total", "route", "method", "status") =
        "Requests that were answered, by template of the route, method and class of status.";
    /// Bytes written to sockets, heads included.
    sent_bytes: IntCounter("chargesheet_http_sent_bytes_total") = "Bytes that were sent, heads included.";
    /// Open connections.
    connections: IntGauge("chargesheet_connections") = "Connections that are open.";
    /// Most open connections.
    connections_limit: IntGauge("chargesheet_connections_limit") = "Most connections at once.";
    /// Connections that were accepted.
    accepted: IntCounter("chargesheet_connections_accepted_total") = "Connections that were accepted.";
    /// Times that accepting failed.
    accept_failures: IntCounter("chargesheet_accept_failures_total") =
        "Times that no connection could be accepted, for lack of file descriptors most likely.";
    /// Waits that were too long, by [`Timeout`].
    timeouts: IntCounterVec("chargesheet_timeouts_total", "kind") =
        "Waits that were too long: for a head, the next request, a body, a slow reader, leave to compute, a turn to code a body, an answer, a large one to be sent, the end.";
    /// Requests that were refused, by [`Refusal`].
    refusals: IntCounterVec("chargesheet_refusals_total", "kind") =
        "Requests that were refused: queue full, too many bodies wait to be coded, no room for a further large answer, request line too long, head too large, no HTTP, still loading.";
    /// Panics, caught or not.
    panics: IntCounter("chargesheet_panics_total") = "Panics: bugs of the program. Each is in the log with its number.";
    /// Computations that run.
    computations: IntGauge("chargesheet_computations") = "Computations that run.";
    /// Most computations at once.
    computations_limit: IntGauge("chargesheet_computations_limit") = "Most computations at once.";
    /// Requests that wait for a turn to compute.
    queue: IntGauge("chargesheet_queue_length") = "Requests that wait for leave to compute.";
    /// Most requests that may wait.
    queue_limit: IntGauge("chargesheet_queue_limit") = "Most that may wait; further ones are answered with 503.";
    /// Bodies that are being coded or decoded.
    codings: IntGaugeVec("chargesheet_codings", "kind") = "Kept bodies that are coded or decoded.";
    /// Most of them at once.
    codings_limit: IntGaugeVec("chargesheet_codings_limit", "kind") = "Most at once.";
    /// Bodies that wait to be coded or decoded.
    coding_queue: IntGaugeVec("chargesheet_coding_queue_length", "kind") = "Kept bodies that wait to be coded or decoded.";
    /// Most of them.
    coding_queue_limit: IntGaugeVec("chargesheet_coding_queue_limit", "kind") = "Most that may wait for it.";
    /// Memory of bodies that are kept or sent, small ones left out.
    sending: IntGauge("chargesheet_sending_bytes") =
        "Bytes that bodies of more than 128 kB hold while they are kept or sent.";
    /// Most memory that such bodies may hold.
    sending_limit: IntGauge("chargesheet_sending_limit_bytes") =
        "Most that they may hold; further ones are answered with 503.";
    /// Answers that were there already.
    cache_hits: IntCounterVec("chargesheet_cache_hits_total", "cache") = "What was there already, by cache.";
    /// Answers that had to be made.
    cache_misses: IntCounterVec("chargesheet_cache_misses_total", "cache") = "What had to be made, by cache.";
    /// Bytes that the cache keeps.
    cache_bytes: IntGaugeVec("chargesheet_cache_bytes", "cache") = "Bytes that are kept, by cache.";
    /// Datasets that are served.
    datasets: IntGauge("chargesheet_datasets") = "Datasets that are served.";
    /// Releases that can be asked for, the withdrawn ones not counted.
    releases: IntGauge("chargesheet_releases") = "Releases that can be asked for.";
    /// 1 while the service is ready, 0 while it loads or goes down.
    ready: IntGauge("chargesheet_ready") = "1 while the service is ready, 0 while it loads or goes down.";
}

/// What is counted of one route, made when it is asked for the first time: routes that nobody asks do not show.
#[derive(Debug, Default)]
struct Route {
    duration: OnceLock<Histogram>,
    requests: [[OnceLock<IntCounter>; CLASSES.len()]; METHODS.len()],
}

/// A request whose answer is being made.
#[derive(Debug)]
pub struct Measured {
    route: usize,
    method: usize,
    began: Instant,
}

/// The gauges of work that is done in turns.
#[derive(Debug, Clone)]
pub struct Turns {
    /// Running now.
    pub running: IntGauge,
    /// Running at most.
    pub running_limit: IntGauge,
    /// Waiting now.
    pub waiting: IntGauge,
    /// Waiting at most.
    pub waiting_limit: IntGauge,
}

impl Default for Metrics {
    /// Metrics whose routes are all `other`.
    fn default() -> Self {
        Self::new(["other"].into_iter())
    }
}

impl Metrics {
    /// Makes all metrics, at zero. `templates` are the labels of the routes; a request names its route by place.
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
        // What has not happened is 0, not missing: an alarm on its increase needs a beginning.
        for timeout in Timeout::ALL {
            metrics.timeouts.with_label_values(&[timeout.name()]);
        }
        for refusal in Refusal::ALL {
            metrics.refusals.with_label_values(&[refusal.name()]);
        }
        metrics.of_cache();
        metrics
    }

    /// Begins to measure the answer to a request, by the place of its route.
    pub fn measure(&self, method: &Method, route: usize) -> Measured {
        let place = METHODS.iter().position(|own| *own == method.as_str());
        // Without its template a route is `other`, the first of them.
        let route = if route < self.templates.len() { route } else { 0 };
        Measured { route, method: place.unwrap_or(METHODS.len() - 1), began: Instant::now() }
    }

    /// Counts an answer whose head is ready.
    pub fn answered(&self, measured: &Measured, status: StatusCode) {
        let class = usize::from((status.as_u16() / 100).saturating_sub(2)).min(CLASSES.len() - 1);
        let (route, name) = (&self.by_route[measured.route], self.templates[measured.route]);
        let labels = || [name, METHODS[measured.method], CLASSES[class]];
        let count = &route.requests[measured.method][class];
        count.get_or_init(|| self.requests.with_label_values(&labels())).inc();
        let duration = route.duration.get_or_init(|| self.durations.with_label_values(&[name]));
        duration.observe(measured.began.elapsed().as_secs_f64());
    }

    /// Counts a wait that was too long.
    pub fn timed_out(&self, kind: Timeout) {
        self.timeouts.with_label_values(&[kind.name()]).inc();
    }

    /// Counts a request that was refused unseen.
    pub fn refused(&self, kind: Refusal) {
        self.refusals.with_label_values(&[kind.name()]).inc();
    }

    /// Returns what is counted of the cache: hits, misses, and bytes kept.
    pub fn of_cache(&self) -> (IntCounter, IntCounter, IntGauge) {
        let [hits, misses] =
            [&self.cache_hits, &self.cache_misses].map(|counter| counter.with_label_values(&ANSWERS));
        (hits, misses, self.cache_bytes.with_label_values(&ANSWERS))
    }

    /// Returns the gauges of computations.
    pub fn computing(&self) -> Turns {
        let [running, running_limit, waiting, waiting_limit] =
            [&self.computations, &self.computations_limit, &self.queue, &self.queue_limit].map(Clone::clone);
        Turns { running, running_limit, waiting, waiting_limit }
    }

    /// Returns the gauges of one kind of work with kept bodies.
    pub fn with_bodies(&self, kind: &'static str) -> Turns {
        let [running, running_limit, waiting, waiting_limit] =
            [&self.codings, &self.codings_limit, &self.coding_queue, &self.coding_queue_limit]
                .map(|gauges| gauges.with_label_values(&[kind]));
        Turns { running, running_limit, waiting, waiting_limit }
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

fn registered<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let made = made.expect("our names of metrics and labels have only letters and underscores");
    registry.register(Box::new(made.clone())).expect("each of our metrics has a name of its own");
    made
}
