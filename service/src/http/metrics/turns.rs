//! What is done in turns, as many at once as there are processors.

use prometheus::IntGauge;

use super::Metrics;

/// What has turns: how many run and wait now, and at most.
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

impl Metrics {
    /// Returns the turns to compute.
    pub fn computing(&self) -> Turns {
        Turns {
            running: self.computations.clone(),
            running_limit: self.computations_limit.clone(),
            waiting: self.queue.clone(),
            waiting_limit: self.queue_limit.clone(),
        }
    }

    /// Returns the turns to do something with kept bodies, by a word of ours.
    pub fn with_bodies(&self, kind: &'static str) -> Turns {
        let [running, running_limit, waiting, waiting_limit] =
            self.codings.each_ref().map(|gauges| gauges.with_label_values(&[kind]));
        Turns { running, running_limit, waiting, waiting_limit }
    }
}
