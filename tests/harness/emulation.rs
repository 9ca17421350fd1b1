//! Emulation of a reader's device and system: colour scheme, motion, paper, scripts, network.

use serde_json::json;

use crate::browser::Browser;

/// A slow network that some readers have: Chromium's developers call it slow 4G.
pub const SLOW: Network = Network { latency: 150, bits_per_second: 1_600_000 };

/// The speed of a network.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// Time from a request to the first byte of its answer, in milliseconds.
    pub latency: u32,
    /// Bandwidth in both directions, in bits per second.
    pub bits_per_second: u32,
}

impl Browser {
    /// Sets the preferred colour scheme of the reader's system: `light` or `dark`.
    pub fn prefer(&self, scheme: &str) {
        self.emulate("", &[("prefers-color-scheme", scheme)]);
    }

    /// Sets the medium (`print`; empty for the screen) and the media features of the reader's system. Features that are not
    /// given are as on the machine that runs the test.
    pub fn emulate(&self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.command("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features }));
    }

    /// Switches off the scripts of pages, from the next page on.
    pub fn switch_scripts_off(&self) {
        self.command("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// Runs a script in every document that is opened from now on, before the document's own scripts.
    pub fn run_first(&self, script: &str) {
        self.command("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    }

    /// Lets every request fail whose address fits a pattern with `*`; an empty one lets all through again.
    pub fn block(&self, pattern: &str) {
        let urls: Vec<&str> = [pattern].into_iter().filter(|pattern| !pattern.is_empty()).collect();
        self.command("Network.enable", &json!({}));
        self.command("Network.setBlockedURLs", &json!({ "urls": urls }));
    }

    /// Disconnects the network, or connects it again.
    pub fn go_offline(&self, offline: bool) {
        self.network(offline, None);
    }

    /// Slows the network down; `None` restores its full speed.
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

    /// Empties the cache, and keeps it switched off from now on.
    pub fn keep_no_cache(&self) {
        self.command("Network.enable", &json!({}));
        self.command("Network.setCacheDisabled", &json!({ "cacheDisabled": true }));
        self.command("Network.clearBrowserCache", &json!({}));
    }
}
