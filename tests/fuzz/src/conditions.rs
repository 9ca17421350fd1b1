//! Headers of a request: a line with a method and the number of an answer, such as `GET 0`, and behind it a line for each
//! header. `{tag}` stands for the answer's own tag, without quotes.

use std::io::Read as _;
use std::sync::LazyLock;

use chargesheet::http::Description;

use super::service::Service;
use super::text::{filled, split_line};

/// What is asked for: text, a picture that no coding makes smaller, what is too short to be coded.
const ADDRESSES: [&str; 4] = [
    "/v1/datasets/documented-cases/aggregate.csv?by=year,outcome",
    "/v1/datasets/documented-cases/aggregate.json?by=year",
    "/v1/datasets/documented-cases/chart.png?by=year&width=400&height=300",
    "/v1/datasets/documented-cases/aggregate.csv?by=",
];

/// An answer as it is, and where it comes from: once kept, once made anew for every request.
struct Answers {
    kept: Service,
    made: Service,
    whole: Vec<Description>,
}

static ANSWERS: LazyLock<Answers> = LazyLock::new(|| {
    let (kept, made) = (Service::of(None, 1 << 24), Service::of(None, 0));
    let get = |address: &&str| made.get(address).expect("it is an address");
    let whole: Vec<Description> = ADDRESSES.iter().map(get).collect();
    assert!(whole.iter().all(|response| response.status == 200));
    Answers { kept, made, whole }
});

/// Whatever conditions are made, what comes is the answer, a part of it that says which, or nothing.
pub fn run(bytes: &[u8]) {
    let (line, mut rest) = split_line(bytes);
    let (method, number) = line.split_once(' ').unwrap_or((&line, "0"));
    let method = if method == "HEAD" { "HEAD" } else { "GET" };
    let place = number.parse().unwrap_or(0_usize) % ADDRESSES.len();
    let whole = &ANSWERS.whole[place];
    let tag = whole.header("etag").expect("it has a tag").trim_matches('"');
    let mut headers = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let (line, behind) = rest.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        if let Some(colon) = line.iter().position(|byte| *byte == b':')
            && let Ok(name) = std::str::from_utf8(&line[..colon])
        {
            headers
                .push((name.to_ascii_lowercase(), filled(line[colon + 1..].trim_ascii(), &[("tag", tag)])));
        }
    }
    let sent: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = Request { method, headers: &sent };
    let asked = [&ANSWERS.made, &ANSWERS.kept].map(|service| service.ask(method, ADDRESSES[place], &sent));
    let [Some(made), Some(kept)] = asked else { return };
    request.hold(&made, whole);
    // Where an answer comes from shows in `Server-Timing` and nowhere else.
    let shown = |response: &Description| {
        let headers = response.headers.iter().filter(|(name, _)| name != "server-timing");
        (response.status, headers.cloned().collect::<Vec<_>>(), response.body.clone())
    };
    assert_eq!(shown(&made), shown(&kept), "{request:?}");
}

/// What was asked.
#[derive(Debug)]
struct Request<'r> {
    method: &'r str,
    headers: &'r [(&'r str, &'r [u8])],
}

impl Request<'_> {
    fn count(&self, name: &str) -> usize {
        self.headers.iter().filter(|(own, _)| *own == name).count()
    }

    fn has(&self, name: &str) -> bool {
        self.count(name) > 0
    }

    fn hold(&self, response: &Description, whole: &Description) {
        assert_eq!(response.broken, None, "{self:?}");
        let length = whole.body.len();
        let is_ranged = self.method == "GET" && self.count("range") == 1;
        match response.status {
            200 => self.hold_whole(response, whole),
            206 => {
                assert!(is_ranged, "a part that nobody asked for: {self:?}");
                let (first, last) = self.part(response, length);
                assert_eq!(response.body, whole.body[first..=last], "{self:?}");
                assert_eq!(response.header("etag"), whole.header("etag"), "{self:?}");
                assert_eq!(response.header("content-encoding"), None, "{self:?}");
            }
            304 => {
                assert!(self.has("if-none-match"), "{self:?}");
                assert!(response.body.is_empty() && response.header("etag").is_some(), "{self:?}");
            }
            412 => assert!(self.has("if-match"), "{self:?}"),
            416 => {
                assert!(is_ranged, "{self:?}");
                let said = format!("bytes */{length}");
                assert_eq!(response.header("content-range"), Some(said.as_str()), "{self:?}");
            }
            status => panic!("{status} for {self:?}"),
        }
        let any: &[u8] = b"*";
        if self.headers.contains(&("if-none-match", any)) && !self.has("if-match") {
            assert_eq!(response.status, 304, "{self:?}");
        }
    }

    fn part(&self, response: &Description, length: usize) -> (usize, usize) {
        let said = response.header("content-range").unwrap_or_default();
        let numbers = said.strip_prefix("bytes ").and_then(|said| said.split_once('/'));
        let (part, of) = numbers.unwrap_or_else(|| panic!("{said} for {self:?}"));
        let (first, last) = part.split_once('-').unwrap_or_default();
        assert_eq!(of, length.to_string(), "{self:?}");
        let [first, last] = [first, last].map(|text| text.parse::<usize>());
        let (Ok(first), Ok(last)) = (first, last) else { panic!("{said} for {self:?}") };
        assert!(first <= last && last < length, "{said} for {self:?}");
        let content_length = (last - first + 1).to_string();
        assert_eq!(response.header("content-length"), Some(content_length.as_str()), "{self:?}");
        (first, last)
    }

    fn hold_whole(&self, response: &Description, whole: &Description) {
        let coding = response.header("content-encoding");
        assert_ne!(coding, Some("identity"), "{self:?}");
        if self.method == "HEAD" {
            assert!(response.body.is_empty(), "{self:?}");
        } else {
            assert_eq!(decoded(coding, &response.body), whole.body, "{self:?}");
        }
        if let Some(coding) = coding {
            let named = |value: &[u8]| {
                let said = String::from_utf8_lossy(value).to_ascii_lowercase();
                said.contains(coding) || said.contains('*')
            };
            let accepted = |(name, value): &(&str, &[u8])| *name == "accept-encoding" && named(value);
            assert!(self.headers.iter().any(accepted), "{coding}: {self:?}");
        } else {
            assert_eq!(response.header("etag"), whole.header("etag"), "{self:?}");
        }
    }
}

/// Returns a body as it was before it was coded.
fn decoded(coding: Option<&str>, body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    let read = match coding {
        None => return body.to_vec(),
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut whole),
        Some("br") => brotli::Decompressor::new(body, 4096).read_to_end(&mut whole),
        Some("zstd") => {
            zstd::stream::read::Decoder::new(body).and_then(|mut body| body.read_to_end(&mut whole))
        }
        Some(other) => panic!("a coding {other}"),
    };
    assert!(read.is_ok(), "a body that cannot be decoded from {coding:?}");
    whole
}
