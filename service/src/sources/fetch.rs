//! Fetches the pages of sources: within bounds, politely, and never from the network that the program runs in.
//!
//! One request is made at a time. Between two requests to a host there is a pause. Each redirect is a request of its own here, so that
//! `robots.txt`, the pause and the check of addresses hold for it as for the first.

use std::collections::HashMap;
use std::io::Read as _;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use ureq::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use ureq::unversioned::transport::{Connector as _, DefaultConnector};
use url::Url;

use super::address_guard::{AllowedHost, Guard, RefusedAddress};
use super::page_text::Described;
use super::recorder::Recorder;
use super::robots::{self, Robots};
use super::warc::{Archive, Cut};
use crate::package::hex;

/// What the program says of itself: its name and version, and what it does.
pub const USER_AGENT: &str =
    concat!("chargesheet/", env!("CARGO_PKG_VERSION"), " (keeps copies of the sources of published figures)");
/// How many redirects are followed.
const REDIRECTS: u32 = 10;
/// How many redirects of `robots.txt` are followed, as RFC 9309 asks.
const REDIRECTS_OF_ROBOTS: u32 = 5;

/// The bounds of a run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time for one source, pauses not counted.
    pub time: Duration,
    /// Longest time for all sources.
    pub time_in_all: Duration,
    /// Most bytes that are received for one source.
    pub bytes: usize,
    /// Most bytes that are received for all sources.
    pub bytes_in_all: usize,
    /// The pause between two requests to a host.
    pub pause: Duration,
}

/// A page that was fetched.
#[derive(Debug, Clone)]
pub struct Page {
    /// When its last byte had come.
    pub at: Timestamp,
    /// The body, as it was sent.
    pub body: Vec<u8>,
    /// What the server says of the body.
    pub described: Described,
    /// SHA-256 of the body, in hex digits.
    pub sha256: String,
}

/// Why there is no page, in words that go on after the name of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server says that there is no such page.
    Gone(String),
    /// The page may not be fetched.
    Refused(String),
    /// The page could not be fetched this time.
    Failed(String),
    /// The archive cannot be written. No further page can be kept.
    Disk(String),
}

/// The answer to one request.
#[derive(Debug)]
struct Answer {
    status: u16,
    /// Where a redirect leads.
    leads_to: Option<Url>,
    described: Described,
    body: Vec<u8>,
}

/// The client that fetches pages.
#[derive(Debug)]
pub struct Fetcher {
    agent: ureq::Agent,
    recorder: Recorder,
    limits: Limits,
    archive: Option<Archive>,
    /// The rules of each site, or why they could not be read.
    robots: HashMap<String, Result<Robots, Failure>>,
    /// When the last request to each host had ended.
    asked: HashMap<String, Instant>,
    begun: Instant,
    /// What is left of the time for the current source.
    time_left: Duration,
    /// What is left of the bytes for all sources.
    bytes_left: usize,
}

impl Fetcher {
    /// Makes a client. What it fetches is kept in the archive, if there is one.
    pub fn new(limits: Limits, allowed: Vec<AllowedHost>, archive: Option<Archive>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent(USER_AGENT)
            // The bytes are kept as the server has them, for whoever compares them.
            .accept_encoding("identity")
            .proxy(None)
            .build();
        let recorder = Recorder::default();
        let connector = DefaultConnector::default().chain(recorder.clone());
        Self {
            agent: ureq::Agent::with_parts(config, connector, Guard::new(allowed)),
            recorder,
            limits,
            archive,
            robots: HashMap::new(),
            asked: HashMap::new(),
            begun: Instant::now(),
            time_left: Duration::ZERO,
            bytes_left: limits.bytes_in_all,
        }
    }

    /// Returns the archive, which is not ended yet.
    pub fn into_archive(self) -> Option<Archive> {
        self.archive
    }

    /// Fetches the page at an address.
    ///
    /// # Errors
    /// When there is no page.
    pub fn page(&mut self, address: &str) -> Result<Page, Failure> {
        let unasked = |limit: String| Err(Failure::Failed(format!("was not asked: {limit}")));
        if self.begun.elapsed() >= self.limits.time_in_all {
            return unasked(format!(
                "all sources together took more than {} s",
                self.limits.time_in_all.as_secs()
            ));
        }
        if self.bytes_left == 0 {
            return unasked(format!(
                "all sources together have more than {} MB",
                self.limits.bytes_in_all / 1_000_000
            ));
        }
        let most = self.limits.bytes.min(self.bytes_left);
        self.time_left = self.limits.time;
        self.recorder.allow(most);
        let page = self.follow(address);
        self.bytes_left -= most - self.recorder.left();
        page
    }

    fn follow(&mut self, address: &str) -> Result<Page, Failure> {
        let no_address = |error| Failure::Refused(format!("is no address that can be asked: {error}"));
        let mut url = Url::parse(address).map_err(no_address)?;
        for _ in 0..=REDIRECTS {
            self.check(&mut url)?;
            let answer = self.ask(&url, u64::MAX)?;
            match answer {
                Answer { leads_to: Some(next), .. } => url = next,
                Answer { status: 200, described, body, .. } => {
                    let sha256 = hex(&Sha256::digest(&body));
                    return Ok(Page { at: Timestamp::now(), body, described, sha256 });
                }
                Answer { status: status @ (404 | 410), .. } => {
                    return Err(Failure::Gone(format!("answers {status}")));
                }
                Answer { status, .. } => return Err(Failure::Failed(format!("answers {status}"))),
            }
        }
        Err(Failure::Failed(format!("redirects more than {REDIRECTS} times")))
    }

    /// Checks whether an address may be asked, and takes off what is not to be sent.
    fn check(&mut self, url: &mut Url) -> Result<(), Failure> {
        clean(url)?;
        let site = url.origin().ascii_serialization();
        if !self.robots.contains_key(&site) {
            let read = self.read_robots(url);
            self.robots.insert(site.clone(), read);
        }
        let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        match &self.robots[&site] {
            Ok(robots) if robots.allows(&path) => Ok(()),
            Ok(_) => Err(Failure::Refused(format!("robots.txt of {site} forbids it"))),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// Reads what a site lets programs fetch. RFC 9309: a site without the file lets them fetch everything, and a site that fails
    /// to answer nothing.
    fn read_robots(&mut self, url: &Url) -> Result<Robots, Failure> {
        let no_address = |error| Failure::Refused(format!("is no address that can be asked: {error}"));
        let mut url = url.join("/robots.txt").map_err(no_address)?;
        for _ in 0..=REDIRECTS_OF_ROBOTS {
            clean(&mut url)?;
            match self.ask(&url, robots::LARGEST as u64)? {
                Answer { leads_to: Some(next), .. } => url = next,
                Answer { status: 200..300, body, .. } => return Ok(Robots::read(&body)),
                Answer { status: status @ (429 | ..400 | 500..), .. } => {
                    let message =
                        format!("has a robots.txt that answers {status}, so that nothing may be fetched");
                    return Err(Failure::Failed(message));
                }
                Answer { .. } => break,
            }
        }
        Ok(Robots::default())
    }

    /// Makes one request. Of the body, at most `most` bytes are read.
    fn ask(&mut self, url: &Url, most: u64) -> Result<Answer, Failure> {
        let host = url.authority().to_owned();
        let since = self.asked.get(&host).map_or(self.limits.pause, Instant::elapsed);
        std::thread::sleep(self.limits.pause.saturating_sub(since));
        let time = self.time_left.min(self.limits.time_in_all.saturating_sub(self.begun.elapsed()));
        if time.is_zero() {
            return Err(self.too_slow());
        }
        let (begun, now) = (Instant::now(), Timestamp::now());
        self.recorder.take();
        let asked = self.agent.get(url.as_str()).config().timeout_global(Some(time)).build().call();
        let answer = asked.and_then(|response| read(url, response, most));
        self.time_left = self.time_left.saturating_sub(begun.elapsed());
        self.asked.insert(host, Instant::now());
        let exchanged = self.recorder.take();
        let is_full = self.recorder.left() == 0;
        let cut = match &answer {
            Ok(answer) => (answer.body.len() as u64 == most).then_some(Cut::Length),
            Err(_) if is_full => Some(Cut::Length),
            Err(ureq::Error::Timeout(_)) => Some(Cut::Time),
            Err(_) => Some(Cut::Disconnect),
        };
        if let Some(archive) = self.archive.as_mut().filter(|_| !exchanged.response.is_empty()) {
            // The body may stand there in chunks, and then its digest is not that of what stands there.
            let body = memchr::memmem::find(&exchanged.response, b"\r\n\r\n")
                .map(|at| &exchanged.response[at + 4..]);
            let is_plain = answer.as_ref().is_ok_and(|answer| Some(answer.body.as_slice()) == body);
            let payload = body.filter(|_| is_plain).map(|body| hex(&Sha256::digest(body)));
            let kept = archive.keep(url.as_str(), now, &exchanged, cut, payload.as_deref());
            kept.map_err(|error| Failure::Disk(format!("the archive cannot be written: {error}")))?;
        }
        answer.map_err(|error| match error {
            _ if is_full => Failure::Failed(format!("has more than {} MB", self.limits.bytes / 1_000_000)),
            ureq::Error::Timeout(_) => self.too_slow(),
            error => failed(&error),
        })
    }

    fn too_slow(&self) -> Failure {
        Failure::Failed(format!("did not answer within {} s", self.limits.time.as_secs()))
    }
}

/// Takes off what is not to be sent: the fragment, a user's name and password.
fn clean(url: &mut Url) -> Result<(), Failure> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::Refused(format!(
            "leads to an address of the kind {}:, and only http and https are asked",
            url.scheme()
        )));
    }
    url.set_fragment(None);
    // Both can be taken off wherever there is a host, and these schemes always have one.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    Ok(())
}

fn read(url: &Url, mut response: ureq::http::Response<ureq::Body>, most: u64) -> Result<Answer, ureq::Error> {
    let header = |name| {
        let value = response.headers().get(name);
        value.map_or(String::new(), |value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let described = Described { content_type: header(CONTENT_TYPE), coding: header(CONTENT_ENCODING) };
    let status = response.status().as_u16();
    let location = header(LOCATION);
    let is_redirect = matches!(status, 301 | 302 | 303 | 307 | 308) && !location.is_empty();
    let leads_to = if is_redirect { url.join(&location).ok() } else { None };
    let mut body = Vec::new();
    response.body_mut().as_reader().take(most).read_to_end(&mut body)?;
    Ok(Answer { status, leads_to, described, body })
}

fn failed(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Other(other) if other.is::<RefusedAddress>() => Failure::Refused(other.to_string()),
        ureq::Error::HostNotFound => Failure::Failed("has a host that is not found".to_owned()),
        ureq::Error::Io(error) => Failure::Failed(format!("cannot be reached: {error}")),
        other => Failure::Failed(format!("cannot be fetched: {other}")),
    }
}
