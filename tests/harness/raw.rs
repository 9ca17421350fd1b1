//! A TCP connection that sends any bytes, including bytes that no client library would send.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::PATIENCE;

/// A connection to a service.
#[derive(Debug)]
pub struct Raw(TcpStream);

impl Raw {
    /// Connects to a host and port.
    ///
    /// # Panics
    /// When nothing listens there.
    pub fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("somebody listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time can be set");
        Self(stream)
    }

    /// Sends bytes. A peer that has stopped reading is no fault here.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref());
    }

    /// Reads until the peer closes the connection, and returns what it sent.
    ///
    /// # Panics
    /// When the peer neither sends nor closes.
    pub fn rest(&mut self) -> String {
        let mut all = Vec::new();
        match self.0.read_to_end(&mut all) {
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
            {
                panic!("nothing for {PATIENCE:?} after {:?}", String::from_utf8_lossy(&all))
            }
            _ => String::from_utf8_lossy(&all).into_owned(),
        }
    }

    /// Reads one answer with `Content-Length`, and returns its head and its body.
    ///
    /// # Panics
    /// When no complete answer comes.
    pub fn answer(&mut self) -> (String, Vec<u8>) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("an answer comes");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("a head is text").to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).expect("the body comes whole");
        (head, body)
    }
}
