//! A page of somebody else: a tiny HTTP server on an origin of its own, with a chosen policy.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::npm;

/// What the server answers at a path.
#[derive(Debug, Clone)]
pub struct Page {
    path: String,
    status: &'static str,
    media_type: String,
    body: Vec<u8>,
    headers: String,
}

impl Page {
    /// Makes an HTML page out of what stands in its body.
    pub fn html(path: &str, body: &str) -> Self {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>A partner</title><link rel=\"icon\" href=\"data:,\"></head>\n\
             <body>\n<h1>What we found</h1>\n<p>Our readers asked for figures.</p>\n{body}\n\
             <p>More on this tomorrow.</p>\n</body>\n</html>\n"
        );
        Self::file(path, "text/html; charset=utf-8", html.into_bytes())
    }

    /// Makes an answer out of the bytes of a file.
    pub fn file(path: &str, media_type: &str, body: Vec<u8>) -> Self {
        Self {
            path: path.to_owned(),
            status: "200 OK",
            media_type: media_type.to_owned(),
            body,
            headers: String::new(),
        }
    }

    /// Makes a script out of a file of an npm package, such as `axe-core/axe.min.js`.
    pub fn package(path: &str, file: &str) -> Self {
        Self::file(path, "text/javascript; charset=utf-8", npm::file(file).into_bytes())
    }

    /// Makes an answer that any origin may read.
    pub fn answer(path: &str, status: &'static str, media_type: &str, body: &str) -> Self {
        Self { status, ..Self::file(path, media_type, body.as_bytes().to_vec()) }
    }

    /// Returns the path that it is served at, with the query where it has one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the bytes of its body, as they go over the wire.
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// Sends it compressed with brotli, as small as it gets.
    pub fn compressed(mut self) -> Self {
        self.body = brotli(&self.body);
        self.with_header("content-encoding", "br")
    }

    /// Sends a `Content-Security-Policy` with it.
    pub fn with_policy(self, policy: &str) -> Self {
        self.with_header("content-security-policy", policy)
    }

    /// Sends a header with it.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

/// A request that came in: its first line and its header lines.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET /path HTTP/1.1`.
    pub line: String,
    /// `name: value`, as sent.
    pub headers: Vec<String>,
}

impl Request {
    /// Returns a header; nothing where it was not sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| {
            let (own, value) = header.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// The server. Everything it was asked is on record.
pub struct Partner {
    /// Its address, without a final slash.
    pub base: String,
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Partner {
    /// Serves pages until it is dropped.
    ///
    /// # Panics
    /// When no port can be had.
    pub fn start(pages: Vec<Page>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port can be had");
        let address = listener.local_addr().expect("a bound socket has an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (record, stop, pages) = (Arc::clone(&requests), Arc::clone(&stopping), Arc::new(pages));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (record, pages) = (Arc::clone(&record), Arc::clone(&pages));
                // A browser opens connections that it does not use at once: each has its own thread.
                std::thread::spawn(move || serve(stream, &pages, &record));
            }
        });
        Self { base: format!("http://{address}"), address, requests, stopping, thread: Some(thread) }
    }

    /// Returns what was asked so far.
    ///
    /// # Panics
    /// Never: nobody panics while holding the record.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("nobody panics while holding the record").clone()
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Compresses with brotli at its best quality.
///
/// # Panics
/// Never: memory can be written.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).expect("memory can be written");
    out
}

/// Answers what comes over one connection until the browser closes it.
fn serve(stream: TcpStream, pages: &[Page], record: &Mutex<Vec<Request>>) {
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let mut writing = stream;
    let mut lines = BufReader::new(reading).lines().map_while(Result::ok);
    while let Some(line) = lines.next() {
        let headers: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let path = target.split('?').next().unwrap_or_default().to_owned();
        if let Ok(mut record) = record.lock() {
            record.push(Request { line, headers });
        }
        let nothing = Page::answer(&path, "404 Not Found", "text/plain", "nothing here\n");
        // What was made for this very query comes first.
        let page = pages.iter().find(|page| page.path == target);
        let page = page.or_else(|| pages.iter().find(|page| page.path == path)).unwrap_or(&nothing);
        let head = format!(
            "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\naccess-control-allow-origin: *\r\n\
             cache-control: no-store\r\n{}\r\n",
            page.status,
            page.media_type,
            page.body.len(),
            page.headers,
        );
        let answer = [head.as_bytes(), &page.body].concat();
        // A browser that went away is no fault of the page.
        if writing.write_all(&answer).is_err() {
            return;
        }
    }
}
