//! A full and a read-only disk, and a log that cannot be written: serving goes on.

use std::fs::File;
use std::process::{Command, Stdio};

use e2e::disk::Disk;
use e2e::packages::Package;
use e2e::raw::Raw;
use e2e::service::program;
use e2e::store::Store;
use e2e::wait_for;

use crate::server::hardening::{ask_all, right_answers, start};

/// While the disk of its store is in a state, a service goes on, and who publishes is told.
fn serve_from(spoil: impl Fn(&Disk), word: &str) {
    let Some(disk) = Disk::of(4 << 10) else {
        println!("no disk can be mounted here");
        return;
    };
    let source = Store::empty(&format!("disk-source-{}", e2e::ticket()));
    let old = source.add(&Package::cases().with_charges(3));
    source.add(&Package::cases().with_charges(4));
    let store = source.copied_to(&disk.path).expect("a small store fits");
    let service = start(&[], &["--store", store.text()]);
    spoil(&disk);
    let right = right_answers(&service);
    let package = Package::cases().with_charges(5).write();
    let output = store.publishing(&package).output().expect("the program can be started");
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(word), "{said}");
    ask_all(&service, &right);
    assert_eq!(service.text("/v1/datasets/example-cases/aggregate.csv?by=&measure=charges"), "charges\n4\n");
    let path = format!("/v1/datasets/example-cases/releases/{old}/aggregate.csv?by=&measure=charges");
    assert_eq!(service.text(&path), "charges\n3\n");
}

#[test]
fn while_the_disk_is_full_serving_goes_on_and_publish_says_so() {
    serve_from(Disk::fill, "No space left");
}

#[test]
fn while_the_disk_is_read_only_serving_goes_on_and_publish_says_so() {
    serve_from(Disk::read_only, "Read-only");
}

#[test]
fn a_log_that_cannot_be_written_takes_nothing_down() {
    let full = File::options().write(true).open("/dev/full").expect("there is a device that is always full");
    let mut child = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(full)
        .spawn()
        .expect("the program can be started");
    let mut first = String::new();
    let stdout = child.stdout.take().expect("stdout is piped");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut first)
        .expect("it says its address");
    let address =
        first.trim().trim_start_matches("Chargesheet is at http://").trim_end_matches('/').to_owned();
    let mut raw = Raw::to(&address);
    raw.send("GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let said = raw.rest();
    e2e::signal("TERM", &child.id().to_string());
    let ended = wait_for("the service to end", || child.try_wait().expect("it is our child"));
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    assert_eq!(ended.code(), Some(0));
}
