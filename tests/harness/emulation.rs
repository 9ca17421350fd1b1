//! What a reader's device and system are like: scheme, motion, paper, scripts, network.

use serde_json::json;

use crate::browser::Browser;

/// A network as slow as one that readers have: what Chromium's developers call slow 4G.
pub const SLOW: Network = Network { latency: 150, bits_per_second: 1_600_000 };

/// How quick a network is.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// From a request to the first byte of its answer, in milliseconds.
    pub latency: u32,
    /// In both directions.
    pub bits_per_second: u32,
}

impl Browser {
    /// Sets what the reader's system prefers: `light` or `dark`.
    pub fn prefer(&self, scheme: &str) {
        self.emulate("", &[("prefers-color-scheme", scheme)]);
    }

    /// Sets the medium (`print`; empty for the screen) and what the system prefers, all at once: what is not named is as
    /// the machine has it.
    pub fn emulate(&self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.command("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features }));
    }

    /// Switches the scripts of pages off, from the next page on.
    pub fn switch_scripts_off(&self) {
        self.command("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// Runs a script in every document that is opened from now on, before its own.
    pub fn run_first(&self, script: &str) {
        self.command("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    }

    /// Takes the network away, or gives it back.
    pub fn go_offline(&self, offline: bool) {
        self.network(offline, None);
    }

    /// Makes the network slow; `None` for as quick as it is.
    pub fn slow_down(&self, network: Option<Network>) {
        self.network(false, network);
    }

    fn network(&self, offline: bool, network: Option<Network>) {
        let bytes = network.map_or(-1, |network| i64::from(network.bits_per_second / 8));
        let conditions = json!({
            "offline": offline,
            "latency": network.map_or(0, |network| network.latency),
            "downloadThroughput": bytes,
            "uploadThroughput": bytes,
        });
        self.command("Network.enable", &json!({}));
        self.command("Network.emulateNetworkConditions", &conditions);
    }

    /// Forgets everything that was loaded, and keeps nothing from now on.
    pub fn keep_no_cache(&self) {
        self.command("Network.enable", &json!({}));
        self.command("Network.setCacheDisabled", &json!({ "cacheDisabled": true }));
        self.command("Network.clearBrowserCache", &json!({}));
    }
}
