//! A plain file server that knows nothing about this project: Python's own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server of the files in a folder.
pub struct PlainServer {
    child: Child,
    /// The address of the server, without a final slash.
    pub base: String,
}

impl PlainServer {
    /// Serves a folder on a free port.
    ///
    /// # Panics
    /// When Python is missing, or does not print its port.
    pub fn of(folder: &Path) -> Self {
        let mut child = Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("tests/run installs python3");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it was asked for");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it serves");
        let port = line.split_whitespace().skip_while(|word| *word != "port").nth(1);
        let port = port.unwrap_or_else(|| panic!("no port in {line:?}"));
        Self { base: format!("http://127.0.0.1:{port}"), child }
    }
}

impl Drop for PlainServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
