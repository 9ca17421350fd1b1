//! The files of a package: as other programs write them, and as nobody should: links that lead out, pipes, devices.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::packages::Package;
use e2e::service::program;
use e2e::store::Store;
use e2e::{empty_folder, repository, text};
use serde_json::{Value, json};

use crate::publish::commands::{assert_one_sentence, stderr, stdout};

/// Runs the program, and ends it after twenty seconds: what never ends must not hold the tests up.
fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.arg("20").arg(program()).args(arguments).current_dir(repository());
    command.output().expect("there is timeout")
}

/// Writes a package whose descriptor is changed and written as it is.
fn written(package: &Package, descriptor: &[u8]) -> PathBuf {
    let folder = package.write();
    std::fs::write(folder.join("datapackage.json"), descriptor).expect("target/ can be written");
    folder
}

/// Writes the package of figures in which all resources say something more.
fn with_resources(change: impl Fn(&mut Value)) -> PathBuf {
    let mut package = Package::figures();
    let resources = package.descriptor["resources"].as_array_mut().expect("a case has resources");
    resources.iter_mut().for_each(change);
    package.write()
}

#[test]
fn a_descriptor_is_read_as_other_programs_write_it() {
    let plain = Package::figures();
    let said = plain.descriptor.to_string();
    let utf16: Vec<u8> = format!("\u{feff}{said}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let within = |path: &str| {
        let folder = with_resources(|resource| {
            let name = resource["path"].as_str().expect("a resource has a path").to_owned();
            resource["path"] = json!(format!("{path}{name}"));
        });
        std::fs::create_dir(folder.join("data")).expect("target/ can be written");
        for name in plain.tables.keys() {
            std::fs::copy(folder.join(name), folder.join("data").join(name)).expect("target/ can be written");
        }
        folder
    };
    for (name, folder) in [
        ("bom", written(&plain, format!("\u{feff}{said}").as_bytes())),
        ("utf-16", written(&plain, &utf16)),
        ("./", within("./")),
        ("backslash", within("data\\")),
        ("label", with_resources(|resource| resource["encoding"] = json!("UTF8"))),
        ("Python's label", with_resources(|resource| resource["encoding"] = json!("utf_8_sig"))),
        ("dialect", with_resources(|resource| resource["dialect"] = json!({ "csv": { "delimiter": "," } }))),
        ("list", with_resources(|resource| resource["path"] = json!([resource["path"]]))),
    ] {
        let output = run(&["check", text(&folder)]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}{}", stdout(&output), stderr(&output));
    }
    let number = written(
        &plain,
        plain
            .clone()
            .saying("version", "1")
            .descriptor
            .to_string()
            .replace("\"version\":\"1\"", "\"version\":1.0")
            .as_bytes(),
    );
    assert_eq!(assert_one_sentence(&run(&["check", text(&number)]), &["version is 1.0", "in quotes"]), 3);
    let twice = written(&plain, said.replacen('{', "{\"title\":\"A\",", 1).as_bytes());
    assert_eq!(assert_one_sentence(&run(&["check", text(&twice)]), &["\"title\" stands there twice"]), 3);
    let yaml = plain.write();
    std::fs::rename(yaml.join("datapackage.json"), yaml.join("datapackage.yaml"))
        .expect("target/ can be written");
    assert_eq!(assert_one_sentence(&run(&["check", text(&yaml)]), &["\"datapackage.yaml\" is", "JSON"]), 3);
}

#[test]
fn all_that_is_wrong_with_a_descriptor_is_told_in_one_run() {
    let mut package = Package::figures();
    package.descriptor["version"] = json!(1);
    package.descriptor["licenses"] = json!([{ "name": "X", "path": "javascript:alert(1)" }]);
    package.descriptor["contributors"] = json!([{ "title": "X", "path": "data:text/html,x" }]);
    package.descriptor["chargesheet"]["kind"] = json!("reportd");
    let folder = package.write();
    let words = [
        "version is 1;",
        "licenses.path is \"javascript:alert(1)\"",
        "contributors.path is \"data:",
        "\"reported\"",
    ];
    let store = Store::empty("store-of-faulty-descriptors");
    for arguments in [
        &["check", text(&folder)][..],
        &["publish", text(&folder), "--store", store.text()],
        &["query", "--data", text(&folder), "example-figures"],
    ] {
        let output = run(arguments);
        let said = stderr(&output);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), words.len(), "{said}");
        for (line, word) in lines.iter().zip(words) {
            assert!(
                line.starts_with("chargesheet: datapackage.json of ") && line.contains(word),
                "{word}: {said}"
            );
        }
    }
    // So are all files that cannot be opened.
    let folder = Package::figures().write();
    for name in ["counts.csv", "sources.csv"] {
        std::fs::remove_file(folder.join(name)).expect("target/ can be written");
    }
    let said = stderr(&run(&["check", text(&folder)]));
    assert!(
        said.contains("counts.csv") && said.contains("sources.csv") && said.lines().count() == 2,
        "{said}"
    );
}

#[test]
fn a_name_that_no_file_can_have_is_the_packages_fault() {
    let folder = Package::cases().saying("name", &"n".repeat(300)).write();
    let store = Store::empty("store-of-long-names");
    let words = ["name is", "300 letters", "at most 200"];
    assert_eq!(assert_one_sentence(&run(&["check", text(&folder)]), &words), 3);
    assert_eq!(assert_one_sentence(&run(&["publish", text(&folder), "--store", store.text()]), &words), 3);
    store.add(&Package::cases().saying("name", &"n".repeat(200)));
    for (name, words) in [
        ("chargesheet-store.json", ["a file of every store", "choose another"]),
        (".hidden", ["begins with a dot", "such as \"hidden\""]),
        ("--help", ["begins with a hyphen", "such as \"help\""]),
        ("a.", ["ends with a dot", "such as \"a\""]),
    ] {
        let folder = Package::cases().saying("name", name).write();
        assert_eq!(assert_one_sentence(&run(&["check", text(&folder)]), &words), 3);
        let published = run(&["publish", text(&folder), "--store", store.text()]);
        assert_eq!(assert_one_sentence(&published, &words), 3);
    }
    store.assert_whole();
}

#[test]
fn only_regular_files_below_the_package_are_read() {
    let secret = empty_folder("beside-a-package").join("charges.csv");
    std::fs::copy(repository().join("tests/cases/good-cases/charges.csv"), &secret)
        .expect("target/ can be written");
    let pipe = |path: &Path| {
        assert!(Command::new("mkfifo").arg(path).status().expect("there is mkfifo").success());
    };
    let zero = |path: &Path| symlink("/dev/zero", path).expect("target/ can be written");
    let outside = |path: &Path| symlink(&secret, path).expect("target/ can be written");
    type Put<'p> = (&'p str, &'p dyn Fn(&Path));
    let puts: [Put<'_>; 4] = [
        ("a named pipe", &pipe),
        ("leads out of", &zero),
        ("leads out of", &outside),
        ("a folder", &|path| std::fs::create_dir(path).expect("target/ can be written")),
    ];
    let store = Store::empty("store-of-endless-files");
    for file in ["charges.csv", "statutes.csv", "datapackage.json"] {
        for (why, put) in puts {
            let folder = Package::cases().write();
            std::fs::remove_file(folder.join(file)).expect("target/ can be written");
            put(&folder.join(file));
            for (arguments, code) in [
                (&["check", text(&folder)][..], 3),
                (&["publish", text(&folder), "--store", store.text()], 3),
                (&["query", "--data", text(&folder), "example-cases"], 2),
            ] {
                assert_eq!(assert_one_sentence(&run(arguments), &[file, why]), code, "{file} {why}");
            }
        }
    }
    // The same of Parquet.
    let mut package = Package::cases();
    package.descriptor["resources"] = json!([
        { "name": "charges", "path": "charges.parquet" }, { "name": "statutes", "path": "statutes.csv" },
    ]);
    let folder = package.write();
    pipe(&folder.join("charges.parquet"));
    assert_eq!(assert_one_sentence(&run(&["check", text(&folder)]), &["charges.parquet", "a named pipe"]), 3);
    // A package that is reached through a link is one, and so is a link within it.
    let folder = Package::cases().write();
    std::fs::rename(folder.join("charges.csv"), folder.join("all.csv")).expect("target/ can be written");
    symlink("all.csv", folder.join("charges.csv")).expect("target/ can be written");
    let link = empty_folder("linked-package").join("link");
    symlink(&folder, &link).expect("target/ can be written");
    let output = run(&["check", text(&link)]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_file_that_never_ends_is_refused_by_its_size() {
    // A file of holes: a terabyte that takes no room.
    let folder = Package::cases().write();
    let file = std::fs::File::options().write(true).open(folder.join("charges.csv")).expect("it is there");
    if file.set_len(1 << 40).is_err() {
        eprintln!("this disk has no files of a terabyte");
        return;
    }
    assert_eq!(
        assert_one_sentence(&run(&["check", text(&folder)]), &["charges.csv", "more than 65536 MiB"]),
        3
    );
    let folder = Package::cases().write();
    let file =
        std::fs::File::options().write(true).open(folder.join("datapackage.json")).expect("it is there");
    file.set_len(17 << 20).expect("a file can be so large");
    assert_eq!(
        assert_one_sentence(&run(&["check", text(&folder)]), &["datapackage.json", "more than 16 MiB"]),
        3
    );
}

#[test]
fn a_first_line_for_excel_says_what_separates_the_columns() {
    let lines = |separator: &str, end: &str| {
        let mut package = Package::figures();
        let table = package.records_mut();
        let first = format!("sep={separator}\n{}", table.replace(',', separator));
        *table = first.replace('\n', end);
        package.write()
    };
    for (separator, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r\n"), (";", "\r"), ("|", "\n")] {
        let folder = lines(separator, end);
        let output = run(&["check", "--json", text(&folder)]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        assert_eq!(output.status.code(), Some(0), "{separator:?}: {report:#}");
        let reasons: Vec<&str> = report["problems"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|problem| problem["reason"].as_str())
            .collect();
        let wanted: &[&str] = if separator == "," { &[] } else { &["undeclared_delimiter"] };
        assert_eq!(reasons, wanted, "{separator:?}: {report:#}");
    }
    // Lines are counted as an editor counts them.
    let folder = lines(";", "\n");
    let counts = std::fs::read_to_string(folder.join("counts.csv")).expect("it is there");
    let wrong = counts.lines().take(3).collect::<Vec<_>>().join("\n")
        + "\nFRA;FRA-X-1;2990;registered;cases;1;bureau;A;true;\n";
    std::fs::write(folder.join("counts.csv"), wrong).expect("target/ can be written");
    let output = run(&["check", "--max-rejected", "100", "--json", text(&folder)]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let problems = report["problems"].as_array().expect("it has problems");
    let refused = problems.iter().find(|problem| problem["reason"] == "date_in_future");
    assert_eq!(refused.map(|problem| &problem["line"]), Some(&json!(4)), "{report:#}");
    // It must not say something else than the descriptor.
    let mut package = Package::figures();
    let table = package.records_mut();
    *table = format!("sep=;\n{}", table.replace(',', ";"));
    for resource in package.descriptor["resources"].as_array_mut().expect("a case has resources") {
        if resource["name"] == "counts" {
            resource["dialect"] = json!({ "delimiter": "\t" });
        }
    }
    let said = stdout(&run(&["check", text(&package.write())]));
    assert!(said.contains("[delimiter_mismatch]"), "{said}");
}
