//! Compiles the widget for the browser.
//!
//! `cargo` builds the crate for `wasm32-unknown-unknown` in a target directory of its own, because sharing the outer one would
//! wait forever for its lock. Then `wasm-bindgen` writes the JavaScript beside it. Both are written to `OUT_DIR` and compiled
//! into the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{stop, variable};

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the widget, and writes the wasm and its JavaScript to `out/widget`.
pub fn make(workspace: &Path, out: &Path) {
    for path in ["widget/src", "widget/Cargo.toml", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    ensure_target();
    let wasm = compile(workspace, &out.join("widget-target"));
    if let Err(error) = bind(&wasm, &out.join("widget")) {
        stop(&format!("wasm-bindgen could not finish the widget: {error}"));
    }
}

fn bind(wasm: &Path, out: &Path) -> Result<(), String> {
    let words = |error| format!("{error:#}");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(wasm).out_name("chargesheet_widget").typescript(false);
    // The names of functions say which of them never run.
    bindgen.remove_producers_section(true);
    bindgen.web(true).map_err(words)?;
    bindgen.generate(out).map_err(words)
}

/// Checks that the compiler has the browser's standard library, and installs it with rustup where rustup is available.
fn ensure_target() {
    let rustc = variable("RUSTC");
    let has_target = || {
        let printed = Command::new(&rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
        printed.is_ok_and(|printed| Path::new(String::from_utf8_lossy(&printed.stdout).trim()).is_dir())
    };
    if has_target() {
        return;
    }
    let _ = Command::new("rustup").args(["target", "add", TARGET]).status();
    if !has_target() {
        stop(&format!(
            "the compiler target {TARGET} is missing; run `rustup target add {TARGET}` and build again"
        ));
    }
}

fn compile(workspace: &Path, target: &Path) -> PathBuf {
    let mut cargo = Command::new(variable("CARGO"));
    cargo
        .current_dir(workspace)
        .args(["build", "--locked", "--profile", "widget", "--lib", "--package", "chargesheet-widget"])
        .args(["--target", TARGET, "--target-dir"])
        .arg(target);
    // Variables for the service's compiler (flags, clippy, coverage) must not affect the browser's.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let inherited = text == "RUSTFLAGS"
            || text == "CARGO_ENCODED_RUSTFLAGS"
            || text.starts_with("RUSTC")
            || text.starts_with("CARGO_BUILD_")
            || text.starts_with("CARGO_TARGET_")
            || text.starts_with("CARGO_PROFILE_")
            || text.starts_with("CARGO_FEATURE_");
        if inherited {
            cargo.env_remove(&name);
        }
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", without_places().join("\u{1f}"));
    match cargo.status() {
        Ok(status) if status.success() => {}
        Ok(_) => stop("the widget could not be compiled for the browser; the reason is above"),
        Err(error) => stop(&format!("cargo could not be started for the widget: {error}")),
    }
    target.join(TARGET).join("widget").join("chargesheet_widget.wasm")
}

/// Returns compiler flags that remove the folders of crates from the names of source files in panic messages. The same source
/// then gives the same bytes, and so the same `integrity`, on every machine.
fn without_places() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).unwrap_or_default();
    // Each registry has a folder, named after its host.
    let registries = std::fs::read_dir(home.join("registry").join("src")).into_iter().flatten().flatten();
    registries.map(|folder| format!("--remap-path-prefix={}=crates", folder.path().display())).collect()
}
