//! What a dataset's page gives to copy does what it says: each is taken off the page and run.

use std::path::Path;
use std::process::Command;

use e2e::service::Service;
use e2e::table::Table;
use e2e::{html, python};
use serde_json::{Value, json};

/// A snippet of a page.
fn snippet(page: &str, id: &str) -> String {
    html::inside(page, "textarea", &format!(" id=\"snippet-{id}\""))
}

/// The address that a page's snippets ask.
fn asked(page: &str) -> String {
    let shell = snippet(page, "shell");
    let quoted = shell.split('\'').nth(1).expect("an address in quotes");
    quoted.to_owned()
}

/// How many rows a CSV has, and the sum of each measure, read plainly.
fn counted(csv: &str) -> (Vec<String>, Value) {
    let table = Table::parse(csv);
    let names = table.header.iter().filter(|name| ["persons", "cases", "charges"].contains(&name.as_str()));
    let measures: Vec<String> = names.cloned().collect();
    let sum = |measure: &String| -> u64 {
        let column = table.header.iter().position(|name| name == measure).expect("it is in the header");
        table.rows.iter().map(|row| row[column].parse::<u64>().unwrap_or_default()).sum()
    };
    let sums: serde_json::Map<String, Value> =
        measures.iter().map(|name| (name.clone(), sum(name).into())).collect();
    (measures, json!({ "rows": table.rows.len(), "sums": sums }))
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let ran = Command::new(program).args(arguments).current_dir(folder).output();
    let ran = ran.unwrap_or_else(|error| panic!("{program}: {error}; `tests/run` installs what it may"));
    assert!(ran.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("it prints UTF-8")
}

/// Every page that has snippets, with its text.
fn pages(service: &Service) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for dataset in ["documented-cases", "reported-figures"] {
        let release = service.json(&format!("/v1/datasets/{dataset}"))["release"]["id"].clone();
        let release = release.as_str().expect("a dataset names its release");
        for path in
            [format!("/datasets/{dataset}"), format!("/datasets/{dataset}/releases/{release}?lang=kk")]
        {
            pages.push((path.clone(), service.text(&path)));
        }
    }
    pages
}

/// The CSV that the snippets of a page load.
fn csv(service: &Service, page: &str) -> String {
    let address = asked(page);
    let path = address.strip_prefix(&service.base).expect("the address is the service's own");
    let csv = service.text(path);
    assert!(csv.lines().count() > 2, "{path} has figures: {csv}");
    csv
}

#[test]
fn the_shell_keeps_the_very_bytes() {
    let service = Service::start();
    let folder = e2e::empty_folder("snippets-shell");
    for (path, page) in pages(&service) {
        run("sh", &["-c", &snippet(&page, "shell")], &folder);
        let kept = std::fs::read_to_string(folder.join("figures.csv")).expect("the snippet keeps a file");
        assert_eq!(kept, csv(&service, &page), "{path}");
    }
}

#[test]
fn python_loads_the_same_rows_and_sums() {
    let service = Service::start();
    for (path, page) in pages(&service) {
        let (measures, expected) = counted(&csv(&service, &page));
        for program in ["pandas", "polars"] {
            let loaded =
                python::printed("frames.py", &[program, &measures.join(","), &snippet(&page, program)]);
            let loaded: Value = serde_json::from_str(&loaded).expect("JSON");
            assert_eq!(loaded, expected, "{path} {program}");
        }
    }
}

#[test]
fn r_loads_the_same_rows_and_sums() {
    let service = Service::start();
    let folder = e2e::empty_folder("snippets-r");
    for (path, page) in pages(&service) {
        let (measures, expected) = counted(&csv(&service, &page));
        let sums: Vec<String> = measures
            .iter()
            .map(|name| format!("cat(sprintf('\\n{name} %d', sum(figures${name}, na.rm = TRUE)))"))
            .collect();
        let script = format!("{}\ncat('\\nrows', nrow(figures))\n{}\n", snippet(&page, "r"), sums.join("\n"));
        std::fs::write(folder.join("load.R"), script).expect("target/ can be written");
        let printed = run("Rscript", &["--vanilla", "load.R"], &folder);
        let mut wanted = vec![format!("rows {}", expected["rows"])];
        wanted.extend(measures.iter().map(|name| format!("{name} {}", expected["sums"][name])));
        for line in wanted {
            assert!(printed.lines().any(|own| own == line), "{path}: no {line:?} in {printed}");
        }
    }
}

#[test]
fn a_spreadsheet_is_offered_where_it_is_made_and_has_the_same_figures() {
    let service = Service::start();
    for (path, page) in pages(&service) {
        let (measures, expected) = counted(&csv(&service, &page));
        let offered = page.contains("id=\"snippet-excel\"");
        let address = asked(&page).replace("/aggregate.csv?", "/aggregate.xlsx?");
        let made = service.get(address.trim_start_matches(&service.base)).status == 200;
        assert_eq!(offered, made, "{path}");
        if offered {
            let loaded =
                python::printed("frames.py", &["excel", &measures.join(","), &snippet(&page, "excel")]);
            let loaded: Value = serde_json::from_str(&loaded).expect("JSON");
            assert_eq!(loaded, expected, "{path}");
        }
        // Excel itself is not here: the page says so of what we cannot run, and folds it.
        for (id, is_run) in [("power-query", false), ("duckdb", false), ("shell", true)] {
            let (before, _) = page.split_once(&format!("id=\"snippet-{id}\"")).expect("it is shown");
            let since = before.rsplit("<h2 id=\"load\"").next().unwrap_or_default();
            let folded = since.rsplit("<details").next().filter(|_| since.contains("<details"));
            assert_eq!(
                folded.is_some_and(|own| own.contains("<p class=\"quiet\">")),
                !is_run,
                "{path}: {id}"
            );
        }
        assert!(snippet(&page, "power-query").contains(&asked(&page)), "{path}");
    }
}
