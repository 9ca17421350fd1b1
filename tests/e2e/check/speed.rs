//! How quick the page is: a page that answers while millions of rows are checked, and beside the command line.

use std::process::Command;
use std::time::Instant;

use e2e::service::{Service, program};
use e2e::wait_for;

use super::ways::large;
use super::{ENDED, FOLDER, command, opened, saved};

#[test]
fn many_rows_do_not_freeze_the_page_and_the_report_stays_short() {
    let service = Service::start();
    let browser = opened(&service, "en");
    // Each row has a fault of its own.
    let folder = large("check-many", 60_000);
    let charges = std::fs::read_to_string(folder.join("charges.csv")).expect("it is there");
    let mut number = 0;
    let wrong = charges.lines().map(|line| {
        number += 1;
        line.replace("2020-03-01", &format!("never-{number}")) + "\n"
    });
    std::fs::write(folder.join("charges.csv"), wrong.collect::<String>()).expect("target/ can be written");
    let watch = "globalThis.longest = 0; let before = performance.now(); \
                 (function look() { const now = performance.now(); longest = Math.max(longest, now - before); before = now; \
                 setTimeout(look, 10); })();";
    browser.value(watch);
    browser.choose(FOLDER, std::slice::from_ref(&folder));
    browser.wait_until(ENDED);
    let longest = browser.value("longest").as_f64().unwrap_or(f64::MAX);
    println!("the page was silent for at most {longest} ms");
    assert!(longest < 1000.0, "the page was silent for {longest} ms");
    let rows = browser.value("document.querySelectorAll('.problems tbody tr').length");
    assert!(rows.as_u64().is_some_and(|rows| rows < 120), "{rows}");
    assert!(saved(&browser, "(JSON)", "report.json") == command(&folder, &["--json"]).stdout);
}

/// Returns the most memory that the page's processes have had, in megabytes.
fn peak(profile: &str) -> u64 {
    let processes = std::fs::read_dir("/proc").expect("Linux has it").map_while(Result::ok);
    let peaks = processes.filter_map(|process| {
        let arguments = std::fs::read_to_string(process.path().join("cmdline")).ok()?;
        let is_page = arguments.contains("--type=renderer") && arguments.contains(profile);
        let status = std::fs::read_to_string(process.path().join("status")).ok().filter(|_| is_page)?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned();
        line.split(' ').next()?.parse::<u64>().ok()
    });
    peaks.max().unwrap_or_default() >> 10
}

#[test]
#[ignore = "a benchmark: run it by name, where nothing else runs"]
fn a_million_rows_in_the_page_and_on_the_command_line() {
    let service = Service::start();
    let folder = large("check-million", 1_000_000);
    let bytes = std::fs::metadata(folder.join("charges.csv")).expect("it is there").len();
    println!("1,000,000 rows, {} MB", bytes / 1_000_000);
    let mut times = Vec::new();
    for round in 0..3 {
        let begun = Instant::now();
        let mut alone = Command::new("taskset");
        alone.args(["-c", "0"]).arg(program()).arg("check").arg(&folder);
        let output = alone.output().expect("util-linux is there");
        assert!(output.status.success());
        let machine = begun.elapsed();
        let browser = opened(&service, "en");
        let begun = Instant::now();
        browser.choose(FOLDER, std::slice::from_ref(&folder));
        wait_for("a million rows", || (browser.value(ENDED) == true).then_some(()));
        let page = begun.elapsed();
        assert_eq!(browser.text("document.getElementById('said').dataset.verdict"), "accept");
        let ratio = page.as_secs_f64() / machine.as_secs_f64();
        println!(
            "round {round}: {machine:?} on one thread, {page:?} in the page: {ratio:.2} times; peak {} MB",
            peak(&browser.profile())
        );
        times.push(ratio);
    }
    times.sort_by(f64::total_cmp);
    assert!(times[1] <= 5.0, "{times:?}");
}
