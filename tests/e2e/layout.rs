//! The rules of the layout, read off the sources: one file, one job; one direction; each tool in its place.

use std::path::{Path, PathBuf};

/// Most lines of code in a file: neither blank nor comment, unit tests not counted.
const LONGEST: usize = 300;

/// A source file: its path from the root of the repository and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// Returns the lines before the tests.
    fn code(&self) -> impl Iterator<Item = &str> {
        let code = self.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        code.lines()
    }

    /// Whether all of it is tests of the unit beside it.
    fn is_unit_tests(&self) -> bool {
        self.path.split('/').any(|part| ["tests", "recount"].contains(&part.trim_end_matches(".rs")))
            && self.path.contains("/src/")
    }

    /// Returns the lines of code that mention a word, comments left out.
    fn mentions<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter(move |line| line.contains(word))
    }
}

/// Returns the folders of sources that are looked at: one for each member of the workspace that has a library.
pub fn members() -> Vec<String> {
    let manifest =
        std::fs::read_to_string(e2e::repository().join("Cargo.toml")).expect("the workspace's manifest");
    let members = manifest.split_once("members = [").and_then(|(_, after)| after.split_once(']'));
    let members = members.expect("the workspace lists its members").0.split('"').skip(1).step_by(2);
    let of = |member: &str| {
        let folder = if member == "tests" { "tests/harness".to_owned() } else { format!("{member}/src") };
        e2e::repository().join(&folder).join("lib.rs").is_file().then_some(folder)
    };
    members.filter_map(of).collect()
}

pub fn sources(folders: &[&str]) -> Vec<Source> {
    let root = e2e::repository();
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("the sources can be read").path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(source(&root, &path));
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!found.is_empty(), "there are sources");
    found
}

fn source(root: &Path, path: &Path) -> Source {
    let relative = path.strip_prefix(root).expect("it lies in the repository");
    Source {
        path: relative.to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).expect("the sources can be read"),
    }
}

/// Whether a line is neither blank nor a comment.
fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//")
}

/// Fails with every place where a word stands outside its own files.
fn assert_only_in(folders: &[&str], word: &str, own: &[&str]) {
    let all = sources(folders);
    let inside = |source: &Source| own.iter().any(|own| source.path.starts_with(own));
    assert!(
        all.iter().any(|source| inside(source) && source.mentions(word).next().is_some()),
        "{word} stands nowhere in {own:?}"
    );
    let elsewhere: Vec<String> = all
        .iter()
        .filter(|source| !inside(source))
        .flat_map(|source| source.mentions(word).map(|line| format!("{}: {}", source.path, line.trim())))
        .collect();
    assert!(elsewhere.is_empty(), "{word} stands outside {own:?}:\n{}", elsewhere.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let members = members();
    let folders: Vec<&str> = members.iter().map(String::as_str).chain(["tests/e2e"]).collect();
    let long: Vec<String> = sources(&folders)
        .iter()
        .filter(|source| !source.is_unit_tests())
        .map(|source| (source, source.code().filter(|line| is_code(line)).count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(source, lines)| format!("{}: {lines}", source.path))
        .collect();
    assert!(long.is_empty(), "over {LONGEST} lines of code: {long:#?}");
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    for source in sources(&["service", "widget", "data", "tests"]) {
        for name in ["utils", "util", "common", "helpers", "helper", "misc", "types", "prelude"] {
            let says_nothing = source.path.split('/').any(|part| part.trim_end_matches(".rs") == name);
            assert!(!says_nothing, "{}", source.path);
        }
    }
}

#[test]
fn spreadsheets_are_read_in_one_folder() {
    assert_only_in(
        &["service", "widget", "data", "tests/harness"],
        "quick_xml",
        &["service/check/src/sheet/"],
    );
}

#[test]
fn polars_stays_in_the_engines() {
    // The page of a dataset says how to load it in the Python library of that name: words, no code of ours.
    let own = ["service/src/engine/", "service/src/explorer/downloads.rs"];
    assert_only_in(&["service/src", "widget", "data", "tests/harness"], "polars", &own);
}

#[test]
fn parquet_stays_in_the_release_stage_and_where_it_is_read_and_presented() {
    for word in [" parquet::", "arrow_array::"] {
        // Publishers' own Parquet is decoded in one folder of the ingest stage, which hands on texts and codes. Spark answers in Arrow.
        let (ingest, cluster) = ("service/src/ingest/parquet_file/", "service/src/cluster/");
        let prepared = "service/src/engine/cluster/tests.rs";
        let own = ["service/src/release/", ingest, cluster, prepared, "service/src/present/parquet.rs"];
        assert_only_in(&["service/src"], word, &own);
    }
}

#[test]
fn warp_and_hyper_stay_in_http() {
    for word in ["warp::", "hyper::", "hyper_util::"] {
        assert_only_in(&["service", "widget", "data"], word, &["service/src/http/"]);
    }
}

#[test]
fn nothing_but_the_commands_knows_of_http() {
    let own = ["service/src/http/", "service/src/main.rs", "service/src/command/"];
    assert_only_in(&["service/src"], "crate::http", &own);
}

#[test]
fn the_check_and_its_preview_need_nothing_that_a_browser_has_not() {
    // What it depends on is compiled for the browser by .ci/run, and yet it could panic there.
    let (machine, libraries) = (
        ["std::thread", "std::fs", "std::net", "std::process", "SystemTime", "Instant", "::now("],
        ["polars", " parquet::", "arrow_", "warp", "hyper", "tokio", "rayon", "memmap", "libc"],
    );
    // Where a browser has something else, the file says so: one thread, memory that no file is read into, and no deadline.
    let elsewhere = [
        ("rayon", "service/count/src/parallel.rs"),
        ("memmap", "service/count/src/release/columns/numbers.rs"),
        ("Instant", "service/count/src/query/deadline.rs"),
        ("::now(", "service/count/src/query/deadline.rs"),
    ];
    for source in sources(&["service/check/src", "service/count/src"]) {
        for word in machine.iter().chain(&libraries) {
            if !elsewhere.contains(&(*word, source.path.as_str())) {
                assert_eq!(source.mentions(word).next(), None, "{word} in {}", source.path);
            }
        }
    }
}

#[test]
fn the_browsers_surface_of_a_member_is_one_file_or_folder() {
    for surface in ["widget/src/browser.rs", "service/check/src/browser/", "service/count/src/browser.rs"] {
        let member = surface.split("/browser").next().unwrap_or_default();
        assert_only_in(&[member], "wasm_bindgen::", &[surface]);
    }
}

#[test]
fn nobody_compiles_the_clients_of_a_cluster_who_does_not_ask_for_them() {
    let tree = |more: &[&str]| {
        let arguments = ["tree", "--locked", "--offline", "--prefix", "none", "--edges", "normal,build"];
        let mut cargo = std::process::Command::new(env!("CARGO"));
        let output = cargo.args(arguments).args(more).current_dir(e2e::repository()).output();
        String::from_utf8(output.expect("cargo runs").stdout).expect("names of crates")
    };
    let has = |tree: &str, name: &str| tree.lines().any(|line| line.split(' ').next() == Some(name));
    let (without, with) = (tree(&[]), tree(&["--features", "chargesheet/cluster"]));
    assert!(has(&without, "polars"), "{without}");
    for name in ["tonic", "tonic-prost", "prost", "prost-derive", "hyper-timeout", "tokio-stream"] {
        assert!(has(&with, name) && !has(&without, name), "{name}");
    }
}

#[test]
fn the_tests_link_none_of_our_crates() {
    let manifest = std::fs::read_to_string(e2e::repository().join("tests/Cargo.toml"));
    let manifest = manifest.expect("tests/ has a manifest");
    assert!(!manifest.contains("chargesheet"), "{manifest}");
}
