//! The element as a package of npm: built by its one command, installed from there, and used as others would.

use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::service::Service;
use e2e::{empty_folder, repository};

const QUESTION: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases&lang=en";

/// What the page of a React application runs, and that of a Vue application.
const REACT: &str = "import { createRoot } from 'react-dom/client';\n\
     import { createElement, StrictMode } from 'react';\n\
     import { Chart } from './react.tsx';\n\
     const root = createRoot(document.getElementById('application'));\n\
     root.render(createElement(StrictMode, null, createElement(Chart, globalThis.asked)));\n";
const VUE: &str = "import { createApp } from 'vue';\n\
     import { Chart } from './vue.js';\n\
     createApp(Chart, globalThis.asked).mount('#application');\n";

/// Runs a program in a folder, and returns what it prints.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let modules = repository().join("tests/node_modules");
    let ran = Command::new(program).args(arguments).current_dir(folder).env("NODE_PATH", &modules).output();
    let ran = ran.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&ran.stderr));
    said
}

/// Returns the path of a program of the tests' packages.
fn tool(path: &str) -> String {
    repository().join("tests/node_modules").join(path).display().to_string()
}

/// A folder in which the package is installed, from its archive alone, beside React and Vue.
fn installed(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    let archive = run(&repository(), "node", &["widget/npm/build.mjs"]);
    std::fs::write(folder.join("package.json"), "{\"private\":true}").expect("target/ can be written");
    let install = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", archive.trim()];
    run(&folder, "npm", &install);
    let examples = folder.join("node_modules/chargesheet-statute-chart/examples");
    for example in ["react.tsx", "vue.js"] {
        std::fs::copy(examples.join(example), folder.join(example)).expect("the examples are in the package");
    }
    for package in ["react", "react-dom", "vue", "@types"] {
        let there = repository().join("tests/node_modules").join(package);
        std::os::unix::fs::symlink(there, folder.join("node_modules").join(package)).expect("a link is made");
    }
    folder
}

#[test]
fn the_package_has_the_version_of_the_program_and_does_nothing_on_a_server() {
    let folder = installed("npm-package");
    let described = folder.join("node_modules/chargesheet-statute-chart/package.json");
    let described = std::fs::read(described).expect("the package is installed");
    let described: serde_json::Value = serde_json::from_slice(&described).expect("JSON");
    assert_eq!(described["version"], env!("CARGO_PKG_VERSION"));
    let script = "import { ready, drawAnswer } from 'chargesheet-statute-chart';\n\
         const told = await drawAnswer({}).catch((error) => error.message);\n\
         console.log(await ready, told);";
    let told = run(&folder, "node", &["--input-type=module", "--eval", script]);
    assert_eq!(told.trim(), "null drawAnswer needs a page; without one, ask the service for chart.svg");
    // Its types are those that a strict compiler takes, and refuse what the element does not know.
    let wrong = "import { drawAnswer } from 'chargesheet-statute-chart';\n\
         const chart = document.createElement('statute-chart');\nchart.type = 'line';\n\
         chart.addEventListener('statute-chart-range', ({ detail }) => detail.from.length);\n\
         // @ts-expect-error There is no such kind.\nchart.type = 'pie';\n\
         export const svg: Promise<string> = drawAnswer({}, { type: 'bar', width: 800 });\n";
    std::fs::write(folder.join("wrong.ts"), wrong).expect("target/ can be written");
    let compiler = tool("typescript/bin/tsc");
    let options =
        ["--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"];
    let rest = ["--jsx", "react-jsx", "--lib", "es2022,dom", "--types", "react", "wrong.ts", "react.tsx"];
    run(&folder, "node", &[&[compiler.as_str()], &options[..], &rest[..]].concat());
}

#[test]
fn a_bundle_of_react_or_vue_draws_the_chart_and_asks_for_figures_only() {
    let service = Service::start();
    let folder = installed("npm-bundle");
    let asked = format!("<script>asked = {{ host: '{}', question: '{QUESTION}' }};</script>", service.base);
    let mut pages = Vec::new();
    for (name, main) in [("react", REACT), ("vue", VUE)] {
        std::fs::write(folder.join(format!("{name}-main.js")), main).expect("target/ can be written");
        let (from, to) = (format!("{name}-main.js"), format!("--outfile={name}-bundle.js"));
        let define = "--define:process.env.NODE_ENV=\"production\"";
        let options = ["--bundle", "--minify", "--format=esm", "--jsx=automatic", define, &to];
        run(&folder, "node", &[&[tool("esbuild-wasm/bin/esbuild").as_str(), &from], &options[..]].concat());
        let bundle = std::fs::read(folder.join(format!("{name}-bundle.js"))).expect("the bundle is made");
        let body = format!(
            "<div id=\"application\"></div>{asked}<script type=\"module\" src=\"/{name}-bundle.js\"></script>"
        );
        pages.push(Page::html(&format!("/{name}"), &body));
        pages.push(Page::file(&format!("/{name}-bundle.js"), "text/javascript", bundle));
    }
    let partner = Partner::start(pages);
    let browser = Browser::start();
    for name in ["react", "vue"] {
        browser.open(&format!("{}/{name}", partner.base));
        browser.wait_until("document.querySelector('figcaption')?.textContent === 'drawn'");
        let drawn =
            "document.querySelector('statute-chart').shadowRoot.querySelector('.drawing svg').textContent";
        assert!(browser.text(drawn).contains("Sedition in India"), "{name}");
        let files =
            browser.text("performance.getEntriesByType('resource').map(({ name }) => name).join(' ')");
        for file in files.split(' ') {
            let is_bundle = file.starts_with(&partner.base) && file.ends_with("-bundle.js");
            assert!(
                is_bundle || file.starts_with(&format!("{}/v1/datasets/", service.base)),
                "{name}: {file}"
            );
        }
        browser.assert_console_clean();
    }
    service.assert_log_clean();
}
