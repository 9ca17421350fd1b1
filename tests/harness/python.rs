//! Programs and readers from PyPI, written by other people, against which the tests check this project's files.
//!
//! `tests/python/requirements.txt` pins them. They are installed once, into `target/tmp/python-venv`, and again when
//! the requirements change.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{repository, target};

/// Returns the folder of the environment's programs: `python`, `csvw`, `st` and so on. The environment is made if it is
/// missing.
///
/// # Panics
/// When the environment cannot be made; the message says what is missing.
pub fn programs() -> PathBuf {
    let folder = target().join("tmp");
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    let venv = folder.join("python-venv");
    // Several tests run at the same time, even in several processes. The lock is released when the file is closed.
    let lock = File::create(folder.join("python-venv.lock")).expect("target/ can be written");
    lock.lock().expect("a file of our own can be locked");
    let wanted = std::fs::read_to_string(repository().join("tests/python/requirements.txt"));
    let wanted = wanted.expect("the requirements are there");
    // This file is written last, so an environment that was left half made is made again.
    let made = venv.join("requirements-installed.txt");
    if std::fs::read_to_string(&made).is_ok_and(|installed| installed == wanted) {
        return venv.join("bin");
    }
    let _ = std::fs::remove_dir_all(&venv);
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv), "`python3 -m venv`");
    let requirements = repository().join("tests/python/requirements.txt");
    succeed(
        Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(requirements),
        "`pip install`",
    );
    std::fs::write(&made, wanted).expect("target/ can be written");
    venv.join("bin")
}

fn succeed(command: &mut Command, what: &str) {
    let ran = command.stdin(Stdio::null()).output().unwrap_or_else(|error| {
        panic!("{what}: {error}; `tests/run` installs python3 and python3-venv where it may")
    });
    assert!(ran.status.success(), "{what} failed: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Runs a script in `tests/python/`, and returns its output.
///
/// # Panics
/// When the environment cannot be made or the script cannot be started.
pub fn run(script: &str, arguments: &[&str]) -> Output {
    run_with(script, arguments, b"")
}

/// Runs a script in `tests/python/` with bytes on its standard input.
///
/// # Panics
/// As [`run`].
pub fn run_with(script: &str, arguments: &[&str], input: &[u8]) -> Output {
    let path = repository().join("tests/python").join(script);
    assert!(path.is_file(), "{} is not there", path.display());
    let mut started = Command::new(programs().join("python"))
        .arg(path)
        .args(arguments)
        // Python must leave no compiled files beside the scripts.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the environment has a python");
    let mut standard_input = started.stdin.take().expect("it was asked for");
    let input = input.to_owned();
    // Input is written in a thread of its own. A script that prints before it has read everything would otherwise deadlock.
    let written = std::thread::spawn(move || {
        // A script that ends without reading its input reports its own failure.
        let _ = standard_input.write_all(&input);
    });
    let output = started.wait_with_output().expect("a program that was started ends");
    written.join().expect("writing does not panic");
    output
}

/// Runs a script in `tests/python/`, and returns the text that it printed.
///
/// # Panics
/// As [`run`]; and when the script fails, with its error output.
pub fn printed(script: &str, arguments: &[&str]) -> String {
    let ran = run(script, arguments);
    assert!(
        ran.status.success(),
        "tests/python/{script} {arguments:?} failed: {}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("a script prints UTF-8")
}

/// Writes bytes into a file for a script, and returns the path.
///
/// # Panics
/// When the file cannot be written.
pub fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("target/ can be written");
    path.to_string_lossy().into_owned()
}
