//! Headless Chromium, driven through chromedriver. Each browser has a profile of its own.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fantoccini::wd::{PrintConfiguration, PrintSize, TimeoutConfiguration};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{empty_folder, signal, target, wait_for};

/// Longest time for a script of a test. Minutes are needed on a machine that compiles at the same time.
const SCRIPT_TIMEOUT: Duration = Duration::from_secs(300);

/// A browser. Its methods fail the test when the browser does not answer.
pub struct Browser {
    driver: Child,
    /// Address of the WebDriver session.
    session: String,
    profile: PathBuf,
    runtime: Runtime,
    client: Option<Client>,
}

/// How often chromedriver is started before the test gives up.
const STARTS: u32 = 10;

/// Starts chromedriver, and returns it with its port; `None` when it ended without a port.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .args(["--port=0", "--log-level=WARNING"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // A process group of its own lets the test end chromedriver with all processes that it started.
        .process_group(0)
        .spawn()
        .unwrap_or_else(|error| panic!("chromedriver: {error}; `tests/run` installs it"));
    let stdout = driver.stdout.take().expect("stdout is piped");
    let port = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse::<u16>().ok()
    });
    if port.is_none() {
        let _ = driver.kill();
        let _ = driver.wait();
    }
    Some((driver, port?))
}

/// A line of the browser's console.
#[derive(Debug, Clone)]
pub struct ConsoleLine {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// The text of the line.
    pub message: String,
}

impl Browser {
    /// Starts a browser.
    ///
    /// # Panics
    /// When chromedriver or chromium is missing or does not start.
    pub fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let profile = empty_folder(&format!("chromium-{}", COUNT.fetch_add(1, Ordering::SeqCst)));
        // chromedriver picks a free port, but another process may take the port before chromedriver has bound it for IPv6 too. Then
        // chromedriver ends, and is started again.
        let (driver, port) = (0..STARTS)
            .find_map(|_| start_driver())
            .unwrap_or_else(|| panic!("chromedriver did not say its port in {STARTS} starts"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let mut browser = Self { driver, session: String::new(), profile, runtime, client: None };
        browser.connect(&format!("http://127.0.0.1:{port}"));
        browser
    }

    fn connect(&mut self, driver: &str) {
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // A sandboxed frame would otherwise run in a process of its own, and its requests would be missing from the log.
            "--disable-features=IsolateSandboxedIframes",
            // A request to any other host fails, and then the test fails.
            "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", self.profile.display()));
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments, "prefs": {
                "download.default_directory": self.downloads().display().to_string(),
            } },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("capabilities are an object");
        };
        let client = self
            .runtime
            .block_on(ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver))
            .unwrap_or_else(|error| panic!("chromium does not start: {error}"));
        let id = self.runtime.block_on(client.session_id()).ok().flatten().expect("a session has an id");
        self.session = format!("{driver}/session/{id}");
        let timeouts = TimeoutConfiguration::new(
            Some(SCRIPT_TIMEOUT),
            Some(Duration::from_secs(60)),
            Some(Duration::ZERO),
        );
        self.runtime.block_on(client.update_timeouts(timeouts)).expect("timeouts can be set");
        self.client = Some(client);
    }

    /// Returns the folder of the browser's profile, which the command line of each of its processes names.
    pub fn profile(&self) -> String {
        self.profile.display().to_string()
    }

    fn downloads(&self) -> PathBuf {
        self.profile.join("downloads")
    }

    /// Returns the content of a file that the page saved, and removes the file.
    ///
    /// # Panics
    /// When no such file comes.
    pub fn saved(&self, name: &str) -> Vec<u8> {
        let path = self.downloads().join(name);
        // Chromium gives a file its name when all of it is there.
        let bytes = wait_for(name, || std::fs::read(&path).ok().filter(|bytes| !bytes.is_empty()));
        std::fs::remove_file(&path).expect("target/ can be written");
        bytes
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("a started browser has a client")
    }

    /// Opens an address and waits until the page is loaded.
    ///
    /// # Panics
    /// When the page cannot be loaded.
    pub fn open(&self, url: &str) {
        self.runtime.block_on(self.client().goto(url)).unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Sets the size of the page in CSS pixels. Below a width of 600, the browser emulates a phone.
    pub fn resize(&self, width: u32, height: u32) {
        let phone = width < 600;
        let scale = if phone { 2 } else { 1 };
        self.command(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone }),
        );
        // A scroll bar would narrow the page, and the page would become wider again in a screenshot of its full height.
        self.command("Emulation.setScrollbarsHidden", &json!({ "hidden": true }));
    }

    /// Returns the value of a JavaScript expression in the page. This works even where the page's own scripts are switched off.
    ///
    /// # Panics
    /// When the expression throws.
    pub fn value(&self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let answer = self.command("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Returns the text of a JavaScript expression; empty where its value is not a text.
    pub fn text(&self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_default().to_owned()
    }

    /// Runs the body of an asynchronous JavaScript function in the page, and returns its result.
    ///
    /// # Panics
    /// When the function throws.
    pub fn run(&self, body: &str, arguments: Vec<Value>) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\n\
             (async function () {{ {body} }}).apply(null, arguments)\
             .then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let mut answer = self
            .runtime
            .block_on(self.client().execute_async(&script, arguments))
            .unwrap_or_else(|error| panic!("a script failed: {error}"));
        assert!(answer["error"].is_null(), "a script threw {}", answer["error"]);
        answer["value"].take()
    }

    /// Waits until a JavaScript expression is true in the page.
    pub fn wait_until(&self, expression: &str) {
        wait_for(expression, || (self.value(expression) == json!(true)).then_some(()));
    }

    /// Returns the lines of the console since the last call.
    pub fn console(&self) -> Vec<ConsoleLine> {
        self.log("browser")
            .into_iter()
            .map(|entry| ConsoleLine {
                level: entry["level"].as_str().unwrap_or_default().to_owned(),
                message: entry["message"].as_str().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    /// Fails when the console has an error.
    ///
    /// # Panics
    /// When there is an error.
    pub fn assert_console_clean(&self) {
        let errors: Vec<ConsoleLine> = self
            .console()
            .into_iter()
            .filter(|line| line.level == "SEVERE" || line.level == "WARNING")
            .collect();
        assert!(errors.is_empty(), "the console says {errors:#?}");
    }

    /// Returns all cookies in the browser, of every site.
    pub fn cookies(&self) -> Vec<Value> {
        let answer = self.command("Storage.getCookies", &json!({}));
        answer["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// Saves a screenshot of the whole page as `target/screenshots/<name>.png`, for people to look at.
    ///
    /// The page should have been opened at the same width, because a chart is redrawn when its width changes.
    ///
    /// # Panics
    /// When the file cannot be saved.
    pub fn screenshot(&self, name: &str, width: u32) {
        let mut height = 400;
        // A page that gets more room may change its layout and need even more.
        wait_for("the page to keep its height", || {
            self.resize(width, height);
            let metrics = self.command("Page.getLayoutMetrics", &json!({}));
            let needed = metrics["cssContentSize"]["height"].as_u64();
            let needed = needed.and_then(|needed| u32::try_from(needed).ok()).unwrap_or(height);
            // Nobody looks at a screenshot longer than 8,000 pixels.
            let settled = needed.min(8000) <= height;
            height = needed.clamp(height, 8000);
            settled.then_some(())
        });
        let picture = self.runtime.block_on(self.client().screenshot()).expect("a picture can be taken");
        save(&format!("{name}.png"), &picture);
    }

    /// Prints the page and saves it as `target/screenshots/<name>.pdf`, on A4 and without backgrounds, which is the default of
    /// browsers. Returns the bytes.
    ///
    /// # Panics
    /// When the file cannot be saved.
    pub fn print(&self, name: &str) -> Vec<u8> {
        let paper = PrintConfiguration::builder().size(PrintSize::A4).background(false).build();
        let paper = paper.expect("A4 is a paper");
        let bytes = self.runtime.block_on(self.client().print(paper)).expect("a page can be printed");
        save(&format!("{name}.pdf"), &bytes);
        bytes
    }

    /// Returns the value of a JavaScript expression inside the first frame of the page, with the frame's own document and origin.
    ///
    /// # Panics
    /// When there is no frame, or the expression throws.
    pub fn inside(&self, expression: &str) -> Value {
        let entering = async { self.client().find(Locator::Css("iframe")).await?.enter_frame().await };
        self.runtime.block_on(entering).unwrap_or_else(|error| panic!("the frame: {error}"));
        let value = self.run(&format!("return {expression};"), Vec::new());
        self.runtime.block_on(self.client().enter_parent_frame()).expect("a frame has a parent");
        value
    }

    /// Waits until a JavaScript expression is true inside the first frame of the page.
    pub fn wait_inside(&self, expression: &str) {
        wait_for(expression, || (self.inside(expression) == json!(true)).then_some(()));
    }

    /// Sends a command of the Chrome DevTools protocol, and returns its answer.
    pub(crate) fn command(&self, name: &str, parameters: &Value) -> Value {
        self.extension("goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    pub(crate) fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.extension("se/log", &json!({ "type": kind }));
        entries.as_array().cloned().unwrap_or_default()
    }

    /// Sends chromedriver a command that the WebDriver standard lacks.
    fn extension(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/{path}", self.session);
        let answer = ureq::post(&url)
            .config()
            .http_status_as_error(false)
            .build()
            .header("content-type", "application/json")
            .send(body.to_string())
            .and_then(|mut response| response.body_mut().with_config().limit(u64::MAX).read_to_string())
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut answer: Value = serde_json::from_str(&answer).expect("chromedriver answers with JSON");
        let error = &answer["value"]["error"];
        assert!(error.is_null(), "{path} {body}: {}", answer["value"]);
        answer["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let closing = async { tokio::time::timeout(Duration::from_secs(10), client.close()).await };
            let _ = self.runtime.block_on(closing);
        }
        signal("KILL", &format!("-{}", self.driver.id()));
        let _ = self.driver.wait();
        // If closing fails, Chromium is left over in a process group of its own. Its profile identifies it.
        for process in processes_with(&format!("--user-data-dir={}", self.profile.display())) {
            signal("KILL", &process);
        }
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Saves bytes in `target/screenshots/`, for people to look at.
///
/// # Panics
/// When `target/` cannot be written.
pub fn save(name: &str, bytes: &[u8]) {
    let folder = target().join("screenshots");
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    std::fs::write(folder.join(name), bytes).expect("target/ can be written");
}

/// Returns the ids of the processes with this command-line argument.
fn processes_with(argument: &str) -> Vec<String> {
    let Ok(all) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    all.filter_map(Result::ok)
        .filter(|process| {
            let arguments = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            arguments.split(|&byte| byte == 0).any(|own| own == argument.as_bytes())
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}
