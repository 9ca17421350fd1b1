//! The real program: `chargesheet serve` on a free port, and its other commands.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use ureq::http::Request;

use crate::{html, profile, repository, signal, wait_for};

/// Returns the path of the program: `SERVICE_BIN`, or else the program that cargo built beside the tests.
///
/// # Panics
/// When there is no such file.
pub fn program() -> PathBuf {
    let path = std::env::var_os("SERVICE_BIN").map_or_else(|| profile().join("chargesheet"), PathBuf::from);
    assert!(
        path.is_file(),
        "{} is not there; run `cargo build --release` first, or name the program in SERVICE_BIN",
        path.display()
    );
    path
}

/// Runs a command of the program until it ends.
///
/// # Panics
/// When the program cannot be started.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::null())
        .output()
        .expect("the program can be started")
}

/// A running service.
pub struct Service {
    child: Child,
    /// The address of the service, without a final slash.
    pub base: String,
    log: Arc<Mutex<String>>,
    agent: ureq::Agent,
}

/// The answer of a service to one request.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    headers: ureq::http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Service {
    /// Starts a service with the bundled data.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a service with further arguments of `serve`.
    ///
    /// # Panics
    /// When the service does not print its address.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::start_under(&[], arguments)
    }

    /// Starts a service through a launcher that replaces itself by it, such as `prlimit --nofile=64`.
    ///
    /// # Panics
    /// When the service does not print its address.
    pub fn start_under(launcher: &[&str], arguments: &[&str]) -> Self {
        let own = program();
        let mut words = launcher.iter().map(std::ffi::OsStr::new).chain([own.as_os_str()]);
        let mut child = Command::new(words.next().expect("there is at least the program itself"))
            .args(words)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(repository())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().expect("stderr is piped");
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut kept = kept.lock().expect("nobody panics while holding the log");
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let mut first = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        let read = BufReader::new(stdout).read_line(&mut first);
        let said = first
            .trim_end()
            .strip_prefix("Chargesheet is at ")
            .and_then(|rest| rest.strip_suffix('/'))
            .map(str::to_owned);
        let Some(base) = said else {
            let _ = child.kill();
            let _ = child.wait();
            let log = log.lock().expect("nobody panics while holding the log");
            panic!("the service did not say its address ({read:?}, {first:?}); it logged: {log}");
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self { child, base, log, agent }
    }

    /// Returns the host and port of the service.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Sends a GET request.
    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    /// Sends a GET request that must succeed, and returns the text.
    ///
    /// # Panics
    /// When the status is not 200.
    pub fn text(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// Sends a GET request for JSON that must succeed.
    ///
    /// # Panics
    /// When the status is not 200, or the body is not JSON.
    pub fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(path)).expect("the answer is JSON")
    }

    /// Copies the first snippet from a statute's page, as an editor does.
    ///
    /// # Panics
    /// When the page has no snippet.
    pub fn snippet(&self, page: &str) -> String {
        let snippet = html::inside(&self.text(page), "textarea", " id=\"snippet");
        assert!(snippet.starts_with("<statute-chart src=\""), "{snippet}");
        snippet
    }

    /// Sends a request with any method and headers.
    ///
    /// # Panics
    /// When there is no answer at all.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        ask(&self.agent, &self.base, method, path, headers)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}; the log: {}", self.log()))
    }

    /// Returns the log that the service wrote for its operator.
    ///
    /// # Panics
    /// Never: nobody panics while holding the log.
    pub fn log(&self) -> String {
        self.log.lock().expect("nobody panics while holding the log").clone()
    }

    /// Fails when the service logged anything, because every line of the log is a fault.
    ///
    /// # Panics
    /// When the log is not empty.
    pub fn assert_log_clean(&self) {
        let log = self.log();
        assert!(log.is_empty(), "the service logged:\n{log}");
    }

    /// Sends a signal to the service.
    pub fn signal(&self, name: &str) {
        signal(name, &self.child.id().to_string());
    }

    /// Waits until the service has ended, and returns its exit code.
    ///
    /// # Panics
    /// When the service does not end.
    pub fn ended(&mut self) -> Option<i32> {
        wait_for("the service to end", || self.child.try_wait().expect("it is our child")).code()
    }

    /// Returns a value of `/metrics`, by its name with labels.
    ///
    /// # Panics
    /// When there is no metric of this name.
    pub fn metric(&self, name: &str) -> f64 {
        let text = self.text("/metrics");
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        found.unwrap_or_else(|| panic!("no {name} in {text}"))
    }

    /// Ends the service with SIGTERM; returns its exit code and how long the end took.
    ///
    /// # Panics
    /// When the service does not end.
    pub fn terminate(&mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        self.signal("TERM");
        (self.ended(), asked.elapsed())
    }
}

/// Sends a request with any method and headers to a server at any address.
///
/// # Errors
/// When there is no answer at all.
///
/// # Panics
/// When the answer breaks off.
pub fn ask(
    agent: &ureq::Agent,
    base: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<Reply, ureq::Error> {
    let mut request = Request::builder().method(method).uri(format!("{base}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent.run(request.body(()).expect("a test asks for valid addresses"))?;
    let mut body = Vec::new();
    response.body_mut().as_reader().read_to_end(&mut body).expect("the body arrives whole");
    Ok(Reply { status: response.status().as_u16(), headers: response.headers().clone(), body })
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the service logged: {:?}", self.log.lock().map(|log| log.clone()));
        }
    }
}

impl Reply {
    /// Returns a header; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns the headers as text, by name, without those that change from moment to moment (`date`, `server-timing`).
    pub fn headers(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "date" && *name != "server-timing")
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        all.sort();
        all
    }

    /// Returns the body as text.
    ///
    /// # Panics
    /// When the body is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the body is UTF-8")
    }

    /// Fails unless the body has the digest and the length in its headers, and the `ETag` is the beginning of the digest.
    ///
    /// # Panics
    /// When the body is another.
    pub fn assert_whole(&self) {
        let digest = Sha256::digest(&self.body);
        assert_eq!(self.header("content-length"), self.body.len().to_string());
        assert_eq!(self.header("repr-digest"), format!("sha-256=:{}:", STANDARD.encode(digest)));
        let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(self.header("etag"), format!("\"{tag}\""));
    }

    /// Returns the body as JSON.
    ///
    /// # Panics
    /// When the body is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}
