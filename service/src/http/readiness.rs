//! Readiness: whether the service should get requests. It should not while it loads its data or shuts down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::observe::metrics::Metrics;

/// The stage in the life of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Accepts connections, but has no data yet.
    Loading,
    /// Answers requests.
    Ready,
    /// Finishes open requests. New ones should go elsewhere.
    Draining,
}

/// The current stage, shared by all parts of the server.
#[derive(Debug)]
pub struct Readiness {
    stage: AtomicU8,
    metrics: Arc<Metrics>,
}

impl Readiness {
    /// Makes the readiness of a service that is still loading.
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

    /// Records that the data are loaded.
    pub fn loaded(&self) {
        self.enter(Stage::Ready);
    }

    /// Records that the service was told to stop.
    pub fn drain(&self) {
        self.enter(Stage::Draining);
    }

    /// Enters a stage, but never goes back. So data that finish loading during shutdown do not make the service ready.
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
