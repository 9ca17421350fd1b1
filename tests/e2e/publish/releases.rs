//! Publishing: the same content has the same name anywhere, and what is refused is not in the store.

use std::path::Path;

use e2e::packages::Package;
use e2e::service::{program, run};
use e2e::store::Store;
use e2e::table::Table;
use e2e::{empty_folder, repository, sha256};
use serde_json::{Value, json};

use crate::publish::commands::{assert_one_sentence, stderr, stdout};

/// Returns the id under which a package is published in a store of its own.
fn id(package: &Package) -> String {
    Store::empty(&format!("store-of-one-{}", e2e::ticket())).add(package)
}

/// Makes a change to every table of a package.
fn with_every_table(mut package: Package, change: impl Fn(&str) -> String) -> Package {
    for table in package.tables.values_mut() {
        *table = change(table);
    }
    package
}

/// Turns the rows around, the header stays.
fn turned_around(table: &str) -> String {
    let (header, rows) = table.split_once('\n').expect("a table has a header");
    let rows: Vec<&str> = rows.lines().rev().collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Forty good rows, and some that say an outcome that is none.
fn with_bad_rows(bad: usize) -> Package {
    let good = (0..40).map(|row| format!("C{row},D{row},FRA,FRA-X-1,2020-03-01,pending,"));
    let bad = (0..bad).map(|row| format!("B{row},D{row},FRA,FRA-X-1,2020-03-01,convictd,"));
    Package::cases().rows(good.chain(bad))
}

#[test]
fn the_same_content_has_the_same_id_however_its_files_are_written() {
    for package in [Package::cases(), Package::figures()] {
        let expected = id(&package);
        let crlf = with_every_table(package.clone(), |table| table.replace('\n', "\r\n"));
        assert_eq!(id(&crlf), expected, "CRLF");
        let marked = with_every_table(package.clone(), |table| format!("\u{feff}{table}"));
        assert_eq!(id(&marked), expected, "byte order mark");
        assert_eq!(id(&with_every_table(package.clone(), turned_around)), expected, "rows turned around");
        let mut members: Vec<(String, Value)> =
            package.descriptor.as_object().expect("a descriptor is an object").clone().into_iter().collect();
        members.reverse();
        let mut other = package;
        other.descriptor = Value::Object(members.into_iter().collect());
        assert_eq!(id(&other), expected, "members turned around");
    }
    let cases = id(&Package::cases());
    let mut moved = Package::cases();
    let table = Table::parse(moved.records_mut());
    let mut lines: Vec<Vec<String>> = vec![table.header];
    lines.extend(table.rows);
    *moved.records_mut() =
        lines.into_iter().map(|line| line.into_iter().rev().collect::<Vec<_>>().join(",") + "\n").collect();
    assert_eq!(id(&moved), cases, "columns turned around");
    // What its publisher keeps back is in no release, so one more of it makes no other.
    let mut withheld = Package::cases();
    withheld.records_mut().push_str("C9,D9,FRA,FRA-X-1,2021-05,fined,false\n");
    assert_eq!(id(&withheld), cases, "one more row that is kept back");
}

#[test]
fn whatever_answers_depend_on_makes_another_release() {
    let mut ids = vec![id(&Package::cases())];
    ids.push(id(&Package::cases().saying("title", "Other cases")));
    ids.push(id(&Package::cases().saying("description", "Made up as well.")));
    ids.push(id(&Package::cases().version("1.0.1")));
    ids.push(id(&Package::cases().created("2026-01-03")));
    let mut caveat = Package::cases();
    caveat.descriptor["chargesheet"]["caveats"]["en"][0] = json!("These cases are made up, all of them.");
    ids.push(id(&caveat));
    let mut notes = Package::cases();
    notes.descriptor["chargesheet"]["notes"] = json!({ "en": "Nothing is new." });
    ids.push(id(&notes));
    for (what, by) in [
        ("C1,D1,FRA", "C1,D5,FRA"),
        ("2020-03-01,pending,\n", "2020-03-02,pending,\n"),
        ("acquitted", "convicted"),
        ("C3,D3,FRA,FRA-X-1,unknown,acquitted,\n", ""),
    ] {
        let mut row = Package::cases();
        let changed = row.records_mut().replacen(what, by, 1);
        assert_ne!(*row.records_mut(), changed, "{what} is there");
        *row.records_mut() = changed;
        ids.push(id(&row));
    }
    let mut title = Package::cases();
    let statutes = title.tables.get_mut("statutes.csv").expect("a package has statutes");
    *statutes = statutes.replacen("Example offence,", "Another offence,", 1);
    ids.push(id(&title));
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:#?}");
}

#[test]
fn a_release_is_named_by_its_date_and_the_digest_of_its_manifest() {
    for package in [Package::cases().created("2025-11-30"), Package::figures().created("2025-11-30")] {
        let store = Store::empty(&format!("store-named-{}", package.dataset()));
        let id = store.add(&package);
        let files = store.files();
        let manifest = &files[&Path::new(package.dataset()).join(&id).join("manifest.json")];
        let digest = sha256(manifest);
        assert_eq!(id, format!("2025-11-30-{}", &digest[..12]));
        let listed: Value =
            serde_json::from_slice(&files[&Path::new(package.dataset()).join("releases.json")])
                .expect("the list of releases is JSON");
        assert_eq!(listed["releases"][0]["sha256"], digest);
        // Nothing of the moment or the machine is in it.
        let other = Store::empty(&format!("store-named-again-{}", package.dataset()));
        other.add(&package);
        let kept = |name: &Path| name.components().count() > 2;
        let of = |store: &Store| store.files().into_iter().filter(|(name, _)| kept(name)).collect::<Vec<_>>();
        assert_eq!(of(&store), of(&other));
    }
}

#[test]
fn every_file_of_a_store_is_told_of_where_its_form_is_written_down() {
    let store = Store::empty("store-written-down");
    store.add(&Package::cases());
    let bundled = run(&["publish", "--bundled", "--store", store.text()]);
    assert_eq!(bundled.status.code(), Some(0), "{}", stderr(&bundled));
    let text = std::fs::read_to_string(repository().join("service/STORE.md")).expect("it is there");
    let form = text.split("```").find(|part| part.starts_with("text\nreleases/")).expect("the form is there");
    let told: Vec<&str> = form.split([' ', ',', '\n']).collect();
    for file in store.files().into_keys() {
        let name = file.file_name().and_then(|name| name.to_str()).expect("its name is UTF-8");
        let is_list = file.parent().is_some_and(|folder| folder.ends_with("reference"));
        assert!(told.contains(&if is_list { "reference/*.csv" } else { name }), "{}", file.display());
    }
}

#[test]
fn publishing_the_same_again_changes_nothing_and_says_so() {
    let store = Store::empty("store-twice");
    let first = store.add(&Package::cases());
    store.add(&Package::cases().version("2.0.0"));
    let before = store.files();
    for package in [Package::cases(), Package::cases().version("2.0.0")] {
        let output = store.publish(&package.write());
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.ends_with("is published already; nothing was changed\n"), "{said}");
        assert_eq!(stderr(&output), "");
    }
    assert_eq!(store.files(), before);
    assert_eq!(store.releases("example-cases")[0], first);
    store.assert_whole();
}

#[test]
fn a_refused_row_is_left_out_and_kept_beside() {
    let store = Store::empty("store-row-refused");
    let (package, kept) = (with_bad_rows(1).write(), empty_folder("quarantine-asked-for"));
    let asked = kept.to_str().expect("the path is UTF-8");
    let folder = package.to_str().expect("the path is UTF-8");
    let output = run(&["publish", folder, "--store", store.text(), "--quarantine", asked]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("[unknown_outcome]"), "{}", stdout(&output));
    assert!(stdout(&output).ends_with(": 40 records\n"), "{}", stdout(&output));
    let table = Table::read(&kept.join("charges.csv"));
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0][..2], ["B0", "D0"]);
    assert!(table.rows[0].last().is_some_and(|reason| reason.contains("convictd")), "{:?}", table.rows);
    assert!(!package.join("quarantine").exists(), "it is kept where it was said");
    assert_eq!(stdout(&store.query("example-cases", "by=&measure=charges")), "charges\n40\n");
    store.assert_whole();
    // Without a word about the place it is the package's folder. The content is the same as before.
    let output = store.publish(&package);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("is published already"), "{}", stdout(&output));
    assert_eq!(Table::read(&package.join("quarantine/charges.csv")), table);
}

#[test]
fn too_many_refused_rows_or_an_unreadable_package_publish_nothing() {
    let store = Store::empty("store-file-refused");
    let package = with_bad_rows(3).write();
    let output = store.publish(&package);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("nothing was published"), "{}", stderr(&output));
    assert_eq!(store.releases("example-cases"), [""; 0]);
    let before = store.add(&Package::cases());
    let files = store.files();
    let output = store.publish(&package);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains(&format!("still {before}")), "{}", stderr(&output));
    let output = store.publish(&empty_folder("package-of-nothing"));
    assert_eq!(assert_one_sentence(&output, &["datapackage.json", "nothing was published"]), 3);
    let mut wrong = Package::cases();
    wrong.descriptor["chargesheet"]["kind"] = json!("cases");
    assert_eq!(
        assert_one_sentence(&store.publish(&wrong.write()), &["case-level", "nothing was published"]),
        3
    );
    assert_eq!(store.files(), files, "nothing of it is in the store");
    store.assert_whole();
    // What is allowed is published.
    let folder = package.to_str().expect("the path is UTF-8");
    let output = run(&["publish", folder, "--store", store.text(), "--max-rejected", "10"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert_eq!(store.releases("example-cases").len(), 2);
}

#[test]
fn a_folder_that_is_something_else_is_not_made_a_store() {
    let folder = empty_folder("no-store");
    std::fs::write(folder.join("letter.txt"), "a letter").expect("target/ can be written");
    let (path, package) = (folder.to_str().expect("the path is UTF-8"), Package::cases().write());
    let package = package.to_str().expect("the path is UTF-8");
    for arguments in [
        &["publish", package, "--store", path][..],
        &["verify", path],
        &["serve", "--listen", "127.0.0.1:0", "--store", path],
        &["query", "example-cases", "--store", path],
        &["withdraw", "example-cases", "2026-01-02-4569532079ce", "--reason", "error", "--store", path],
    ] {
        let code = if ["serve", "query"].contains(&arguments[0]) { 2 } else { 4 };
        assert_eq!(assert_one_sentence(&run(arguments), &[path, "no store"]), code, "{arguments:?}");
    }
    assert_eq!(std::fs::read_dir(&folder).expect("the folder is there").count(), 1);
}

#[test]
fn of_many_first_publishers_of_many_datasets_none_is_turned_away() {
    let store = Store::empty("store-many-first");
    std::fs::remove_dir_all(store.path()).expect("it is ours");
    let mut publishing: Vec<std::process::Child> = (0..6)
        .map(|number| {
            let package = Package::cases().saying("name", &format!("cases-{number}")).write();
            store.publishing(&package).spawn().expect("the program can be started")
        })
        .collect();
    for child in &mut publishing {
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    assert!(store.assert_whole().contains("6 checked, 0 damaged"));
}

#[test]
fn what_is_published_under_a_strict_umask_is_readable_by_who_owns_the_store() {
    use std::os::unix::fs::MetadataExt as _;
    let store = Store::empty("store-of-somebody-else");
    let sh = |script: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", script, "sh"]).arg(program()).args(arguments);
        command.output().expect("there is a shell")
    };
    let is_root = Path::new("/proc/self").metadata().is_ok_and(|own| own.uid() == 0);
    std::process::Command::new("chmod").args(["750", store.text()]).status().expect("there is chmod");
    if is_root {
        std::process::Command::new("chown")
            .args(["65534:65534", store.text()])
            .status()
            .expect("there is chown");
    }
    let owner = |path: &Path| {
        let own = path.symlink_metadata().expect("a store can be read");
        (own.uid(), own.gid(), own.mode() & 0o777)
    };
    let (user, group, _) = owner(store.path());
    let package = Package::cases().write();
    for arguments in [
        &["publish", "--bundled", "--store", store.text()][..],
        &["publish", package.to_str().expect("the path is UTF-8"), "--store", store.text()],
    ] {
        let output = sh("umask 077; exec \"$@\"", arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let mut folders = vec![store.path().to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a store can be read") {
            let path = entry.expect("a store can be read").path();
            let mode = if path.is_dir() { 0o750 } else { 0o640 };
            assert_eq!(owner(&path), (user, group, mode), "{}", path.display());
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen > 30, "{seen} files and folders");
    if is_root {
        // Who owns the store verifies it, publishes what is there already, and withdraws from it.
        let other = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"";
        let release = store.releases("example-cases").pop().expect("it is published");
        for arguments in [
            &["verify", store.text()][..],
            &["publish", "--bundled", "--store", store.text()],
            &["withdraw", "example-cases", &release, "--store", store.text(), "--reason", "error"],
        ] {
            let output = sh(other, arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        }
        // Who may not look is not told that it is no store.
        let shut = std::process::Command::new("chmod").args(["700", store.text()]).status();
        assert!(shut.expect("there is chmod").success());
        let output =
            sh("exec setpriv --reuid=65533 --regid=65533 --clear-groups \"$@\"", &["verify", store.text()]);
        assert!(stderr(&output).contains("Permission denied"), "{}", stderr(&output));
    }
}
