//! The worker of the page of the check, run by Node: what it says of a package must be what the program says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::service::Service;
use crate::{empty_folder, repository};

/// The worker, once for all tests of a run. It ends with the run, because nobody writes to it any more.
static WORKER: LazyLock<Mutex<Child>> = LazyLock::new(|| {
    let page = empty_folder("check-page").join("check.html");
    std::fs::write(&page, Service::start().text("/check")).expect("target/ can be written");
    let worker = Command::new("node")
        .arg(repository().join("tests/harness/check_page.js"))
        .arg(page)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    Mutex::new(worker.expect("`tests/run` installs node"))
});

/// Returns what the page gets to show of the package in a folder, and its report: `kind`, `shown` and `report`.
///
/// # Panics
/// When the folder cannot be read, or the worker does not answer.
pub fn ask(folder: &Path) -> Value {
    let around = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    let entries = std::fs::read_dir(folder).expect("the package is there").map_while(Result::ok);
    let files = entries.filter(|entry| entry.path().is_file()).map(|entry| {
        let name = format!("{around}/{}", entry.file_name().to_string_lossy());
        json!([name, STANDARD.encode(std::fs::read(entry.path()).expect("the package can be read"))])
    });
    let asked = Value::Array(files.collect()).to_string();
    let mut worker = WORKER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut said = String::new();
    writeln!(worker.stdin.as_mut().expect("it is piped"), "{asked}").expect("the worker listens");
    // It says one line for each that it is asked, so nothing is lost in the buffer.
    BufReader::new(worker.stdout.as_mut().expect("it is piped")).read_line(&mut said).expect("it answers");
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said:?}"))
}

/// Fails unless the page says of a package what the program says. A browser reads no Parquet, and says where that is read.
///
/// # Panics
/// When it says anything else.
pub fn assert_page_says_the_same(folder: &Path, json: &Value) {
    let said = ask(folder);
    let report: Value = serde_json::from_str(said["report"].as_str().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {said}"));
    let of_parquet = report["problems"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|problem| problem["key"] == "not_csv.parquet_here");
    assert!(
        of_parquet || report == *json,
        "{}: the page says {report}, the program {json}",
        folder.display()
    );
    assert_eq!(said["shown"]["verdict"], report["verdict"]);
}
