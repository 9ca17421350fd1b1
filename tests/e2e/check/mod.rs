//! The check in the browser: the page that files are dropped on.

mod answers;
mod looks;
mod page;
mod preview;
mod sealed;
mod sheets;
mod speed;
mod ways;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::browser::Browser;
use e2e::service::{Service, program};

/// Where a check has ended, however it did.
const ENDED: &str = "!['', 'checking'].includes(document.getElementById('said')?.dataset.verdict ?? '')";
const FILES: &str = "document.getElementById('files')";
const FOLDER: &str = "document.getElementById('folder')";

/// Opens the page of the check of a service, in a browser of its own.
fn opened(service: &Service, language: &str) -> Browser {
    let browser = Browser::start();
    browser.resize(1200, 900);
    browser.open(&format!("{}/check?lang={language}", service.base));
    browser
}

/// Chooses files in a field, waits for the end, and returns the verdict.
fn checked(browser: &Browser, field: &str, files: &[PathBuf]) -> String {
    // As a click does in the page: the same files again are a new choice.
    browser.value(&format!("document.getElementById('said').dataset.verdict = {field}.value = ''"));
    browser.choose(field, files);
    browser.wait_until(ENDED);
    browser.text("document.getElementById('said').dataset.verdict")
}

/// Clicks the button with this text, and returns the file that is saved under a name.
fn saved(browser: &Browser, button: &str, name: &str) -> Vec<u8> {
    sheets::click(browser, button);
    browser.saved(name)
}

/// Runs `chargesheet check` on something in a folder, by its name alone, as the page names it too.
fn command(place: &Path, arguments: &[&str]) -> Output {
    let name = place.file_name().expect("it has a name");
    let around = place.parent().expect("it lies in a folder");
    let mut command = Command::new(program());
    command.arg("check").arg(name).args(arguments).current_dir(around);
    command.output().expect("the program can be started")
}
