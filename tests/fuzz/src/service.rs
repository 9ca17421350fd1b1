//! The service within this process: all of it but the network.

use std::path::Path;
use std::time::Duration;

use chargesheet::catalog::{Bundled, Sources};
use chargesheet::http::{App, Description, InProcess, Request};
use tokio::runtime::{Builder, Runtime};

/// A service, and the thread that waits for its answers.
pub struct Service {
    in_process: InProcess,
    runtime: Runtime,
}

impl Service {
    /// Serves the bundled datasets, and a store where one is given; gives answers that were made already so much room, in
    /// bytes. With none, each answer is made anew, and what an input does depends on that input alone.
    pub fn of(store: Option<&Path>, room: u64) -> Self {
        let bundled = if store.is_some() { Bundled::LeftOut } else { Bundled::Served };
        let sources =
            Sources::load(&[], bundled, store).expect("what is bundled is right, and the store is one");
        let app = App::new(sources).expect("the store can be read");
        // libFuzzer has a time limit of its own; an answer that this process was too rarely let to work on is no mistake.
        let app = app
            .at("https://charges.example")
            .keeping(room, 512 << 20)
            .answering_within(Duration::from_secs(3600));
        let runtime = Builder::new_current_thread().enable_time().build().expect("threads can be made");
        Self { in_process: runtime.block_on(async { InProcess::new(app) }), runtime }
    }

    /// Asks for an address; `None` when it is none.
    pub fn get(&self, address: &str) -> Option<Description> {
        self.ask("GET", address, &[])
    }

    /// Returns what names in addresses stand for: the newest release of the single cases that are bundled, and a short
    /// address that leads to it.
    pub fn names(&self) -> [(&'static str, String); 2] {
        let reply = self.get("/v1/datasets/documented-cases/citation.txt?by=year").expect("it is an address");
        let text = String::from_utf8_lossy(&reply.body);
        let behind = |start: &str| {
            let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
            let is_of_it = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
            rest.chars().take_while(|letter| is_of_it(*letter)).collect::<String>()
        };
        [("release", behind("/releases/")), ("short", behind("/s/"))]
    }

    /// Sends a request; `None` when it is none.
    pub fn ask(&self, method: &str, address: &str, headers: &[(&str, &[u8])]) -> Option<Description> {
        self.runtime.block_on(self.in_process.ask(Request { method, address, headers }))
    }
}

/// Longest request line, in bytes: longer ones are refused before they are looked at.
pub const LINE_BYTES: usize = 8 * 1024;
