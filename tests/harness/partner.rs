//! The website of a third party: a tiny HTTP server with an origin of its own and a chosen policy.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::npm;

/// The answer of the server to one path.
#[derive(Debug, Clone)]
pub struct Page {
    path: String,
    status: &'static str,
    media_type: String,
    body: Vec<u8>,
    headers: String,
}

impl Page {
    /// Makes an HTML page from the content of its body.
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

    /// Makes an answer from the bytes of a file.
    pub fn file(path: &str, media_type: &str, body: Vec<u8>) -> Self {
        Self {
            path: path.to_owned(),
            status: "200 OK",
            media_type: media_type.to_owned(),
            body,
            headers: String::new(),
        }
    }

    /// Makes a script from a file of an npm package, such as `axe-core/axe.min.js`.
    pub fn package(path: &str, file: &str) -> Self {
        Self::file(path, "text/javascript; charset=utf-8", npm::file(file).into_bytes())
    }

    /// Makes an answer that any origin may read.
    pub fn answer(path: &str, status: &'static str, media_type: &str, body: &str) -> Self {
        Self { status, ..Self::file(path, media_type, body.as_bytes().to_vec()) }
    }

    /// Returns the path of the answer, with a query if it has one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the number of bytes of the body, as sent over the network.
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// Compresses the body with brotli at its best quality.
    pub fn compressed(mut self) -> Self {
        self.body = brotli(&self.body);
        self.with_header("content-encoding", "br")
    }

    /// Adds a `Content-Security-Policy`.
    pub fn with_policy(self, policy: &str) -> Self {
        self.with_header("content-security-policy", policy)
    }

    /// Adds a header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

/// A request that the server received: its first line and its header lines.
#[derive(Debug, Clone)]
pub struct Request {
    /// The first line, such as `GET /path HTTP/1.1`.
    pub line: String,
    /// The headers as sent: `name: value`.
    pub headers: Vec<String>,
}

impl Request {
    /// Returns a header; `None` where it was not sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| {
            let (own, value) = header.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// The server. It records every request.
pub struct Partner {
    /// The address of the server, without a final slash.
    pub base: String,
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    pages: Arc<Mutex<Vec<Page>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Partner {
    /// Serves pages until the value is dropped.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(pages: Vec<Page>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port can be had");
        let address = listener.local_addr().expect("a bound socket has an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let pages = Arc::new(Mutex::new(pages));
        let (record, stop, shown) = (Arc::clone(&requests), Arc::clone(&stopping), Arc::clone(&pages));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (record, shown) = (Arc::clone(&record), Arc::clone(&shown));
                // Browsers open connections that they do not use at once, so each connection has a thread of its own.
                std::thread::spawn(move || serve(stream, &shown, &record));
            }
        });
        Self { base: format!("http://{address}"), address, requests, pages, stopping, thread: Some(thread) }
    }

    /// Serves other pages from now on.
    ///
    /// # Panics
    /// Never: nobody panics while holding the pages.
    pub fn show(&self, pages: Vec<Page>) {
        *self.pages.lock().expect("nobody panics while holding the pages") = pages;
    }

    /// Returns the requests so far.
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
        // This connection wakes the thread that waits for one.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Compresses with brotli at its best quality.
///
/// # Panics
/// Never: writing to memory cannot fail.
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

/// Answers the requests on one connection until the browser closes it.
fn serve(stream: TcpStream, pages: &Mutex<Vec<Page>>, record: &Mutex<Vec<Request>>) {
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
        let Ok(pages) = pages.lock().map(|pages| pages.clone()) else { return };
        // An answer for exactly this query comes first.
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
        // A browser may close the connection early; this is no fault of the page.
        if writing.write_all(&answer).is_err() {
            return;
        }
    }
}
