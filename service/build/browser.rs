//! Compiles what runs in the browser: the widget and the check.
//!
//! `cargo` builds each crate for `wasm32-unknown-unknown` in a target directory of its own, because sharing the outer one would
//! wait forever for its lock. Then `wasm-bindgen` writes the JavaScript beside it. Both are written to `OUT_DIR` and compiled
//! into the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{stop, variable};

const TARGET: &str = "wasm32-unknown-unknown";

/// A member of the workspace that runs in the browser.
pub struct Member {
    /// The last word of its package's name, and the folder of `OUT_DIR` with what is made of it.
    pub name: &'static str,
    /// Its profile in the workspace's manifest.
    profile: &'static str,
    /// What it is made of.
    sources: &'static [&'static str],
    /// Whether a worker runs it, which imports no modules. Nothing reads the names of its functions.
    is_for_worker: bool,
}

/// The drawing of charts.
pub const WIDGET: Member = Member {
    name: "widget",
    profile: "widget",
    sources: &["widget/src", "widget/Cargo.toml"],
    is_for_worker: false,
};

/// The check of data packages, and their preview.
pub const CHECK: Member = Member {
    name: "count",
    profile: "page",
    sources: &[
        "service/check",
        "service/count",
        "widget/src",
        "widget/Cargo.toml",
        "service/languages",
        "data",
    ],
    is_for_worker: true,
};

/// Compiles a member, and writes the wasm and its JavaScript to a folder of its name.
pub fn make(member: &Member, workspace: &Path, out: &Path) {
    for path in member.sources.iter().chain(&["Cargo.toml", "Cargo.lock"]) {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    ensure_target();
    let wasm = compile(member, workspace, &out.join("browser-target"));
    if let Err(error) = bind(member, &wasm, &out.join(member.name)) {
        stop(&format!("wasm-bindgen could not finish the {}: {error}", member.name));
    }
}

fn bind(member: &Member, wasm: &Path, out: &Path) -> Result<(), String> {
    let words = |error| format!("{error:#}");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(wasm).out_name(&format!("chargesheet_{}", member.name)).typescript(false);
    bindgen.remove_producers_section(true);
    if member.is_for_worker {
        bindgen.no_modules(true).map_err(words)?.remove_name_section(true);
    } else {
        // The names of functions say which of them never run.
        bindgen.web(true).map_err(words)?;
    }
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

fn compile(member: &Member, workspace: &Path, target: &Path) -> PathBuf {
    let Member { name, profile, .. } = member;
    let mut cargo = Command::new(variable("CARGO"));
    cargo
        .current_dir(workspace)
        .args([
            "build",
            "--locked",
            "--lib",
            "--profile",
            profile,
            "--package",
            &format!("chargesheet-{name}"),
        ])
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
        Ok(_) => stop(&format!("the {name} could not be compiled for the browser; the reason is above")),
        Err(error) => stop(&format!("cargo could not be started for the {name}: {error}")),
    }
    target.join(TARGET).join(profile).join(format!("chargesheet_{name}.wasm"))
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
