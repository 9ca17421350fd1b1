//! Readiness: whether requests should come here. Not while data are loaded, and not when the service is going down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::observe::metrics::Metrics;

/// Where the service is between its start and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It listens, and has no data yet.
    Loading,
    /// It answers.
    Ready,
    /// It answers what was asked, and new requests should go elsewhere.
    Draining,
}

/// The stage, as everything that serves sees it.
#[derive(Debug)]
pub struct Readiness {
    stage: AtomicU8,
    metrics: Arc<Metrics>,
}

impl Readiness {
    /// At the start.
    pub fn loading(metrics: Arc<Metrics>) -> Self {
        Self { stage: AtomicU8::new(Stage::Loading as u8), metrics }
    }

    /// Returns the stage.
    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            0 => Stage::Loading,
            1 => Stage::Ready,
            _ => Stage::Draining,
        }
    }

    /// The data are there.
    pub fn loaded(&self) {
        self.enter(Stage::Ready);
    }

    /// The service was told to end.
    pub fn drain(&self) {
        self.enter(Stage::Draining);
    }

    /// Stages only follow each other: what is loaded while the service goes down does not make it ready.
    fn enter(&self, stage: Stage) {
        self.stage.fetch_max(stage as u8, Ordering::AcqRel);
        self.metrics.ready.set(i64::from(self.stage() == Stage::Ready));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_goes_down_is_never_ready_again() {
        let metrics = Arc::new(Metrics::default());
        let readiness = Readiness::loading(Arc::clone(&metrics));
        assert_eq!((readiness.stage(), metrics.ready.get()), (Stage::Loading, 0));
        readiness.loaded();
        assert_eq!((readiness.stage(), metrics.ready.get()), (Stage::Ready, 1));
        readiness.drain();
        readiness.loaded();
        assert_eq!((readiness.stage(), metrics.ready.get()), (Stage::Draining, 0));
    }
}
