//! `publish` shows what changes: on a terminal before it asks, without one behind what it did.

use std::path::Path;

use e2e::packages::Package;
use e2e::service::program;
use e2e::store::Store;

use crate::publish::commands::stdout;

/// Publishes on a terminal, and answers its question.
fn publish_on_a_terminal(store: &Store, package: &Path, answer: &str, more: &str) -> (Option<i32>, String) {
    let command = format!(
        "{} publish {} --store {} {more}",
        program().display(),
        package.display(),
        store.path().display()
    );
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    script.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut running = script.spawn().expect("there is script");
    let mut keyboard = running.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut keyboard, answer.as_bytes()).expect("it reads");
    let output = running.wait_with_output().expect("it ends");
    drop(keyboard);
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn publishing_shows_what_changes_and_asks_on_a_terminal() {
    let store = Store::empty("store-asked");
    store.add(&Package::cases());
    let before = store.files();
    let more = Package::cases().with_charges(3).version("2.0.0").write();
    let (code, said) = publish_on_a_terminal(&store, &more, "n\n", "");
    assert_eq!(code, Some(4), "{said}");
    assert!(
        said.contains("publish? [y/N]") && said.contains("figures added") && said.contains("version"),
        "{said}"
    );
    assert_eq!(store.files(), before, "nothing was written");
    let (code, said) = publish_on_a_terminal(&store, &more, "y\n", "");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(store.releases("example-cases").len(), 2);
    let (code, said) = publish_on_a_terminal(&store, &Package::cases().version("3.0.0").write(), "", "--yes");
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("publish?"), "{said}");
    // Without a terminal nobody is asked, and the differences stand behind what was done.
    let output = store.publish(&Package::cases().version("4.0.0").write());
    let said = stdout(&output);
    assert!(
        said.starts_with("published example-cases ") && said.contains("properties that differ: "),
        "{said}"
    );
    assert!(said.contains("  0 figures added, 0 changed, 0 removed\n"), "{said}");
    store.assert_whole();
}
