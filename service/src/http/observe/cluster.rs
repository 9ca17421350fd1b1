//! What is told of the cluster that counts releases in parts; nothing where none was named.

#[cfg(feature = "cluster")]
use crate::engine::cluster::{MOST, chosen};

/// Writes whether the cluster answers, what it works on, and what waits for it, in the text format of Prometheus.
#[cfg(feature = "cluster")]
pub fn write(text: &mut String) {
    use std::fmt::Write as _;

    let Some(state) = chosen().map(|cluster| cluster.state()) else { return };
    let gauges = [
        (
            "chargesheet_cluster_up",
            "gauge",
            "1 while the cluster answers, 0 while it is away.",
            u64::from(state.is_there),
        ),
        (
            "chargesheet_cluster_running",
            "gauge",
            "Questions that the cluster works on.",
            state.running as u64,
        ),
        (
            "chargesheet_cluster_waiting",
            "gauge",
            "Questions that wait for the cluster.",
            state.waiting as u64,
        ),
        (
            "chargesheet_cluster_asked_total",
            "counter",
            "Statements that the cluster was asked to answer questions.",
            state.asked,
        ),
        (
            "chargesheet_cluster_kept_total",
            "counter",
            "Counts of the cluster that were there already.",
            state.kept,
        ),
    ];
    for (name, kind, help, value) in gauges {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    }
}

/// Writes nothing: this program asks no cluster.
#[cfg(not(feature = "cluster"))]
pub fn write(_text: &mut String) {}

/// Returns what `/readyz` says of the cluster, as a line.
pub fn told() -> &'static str {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = chosen() {
        return if cluster.state().is_there { "the cluster answers\n" } else { "the cluster is away\n" };
    }
    ""
}

/// Returns how many questions may hold a thread while they wait for the cluster. They compute nothing, so they are more than those
/// that processors work on.
pub fn waiting() -> usize {
    #[cfg(feature = "cluster")]
    if chosen().is_some() {
        return MOST;
    }
    0
}
