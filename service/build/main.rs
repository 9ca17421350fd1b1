//! The build script. It makes everything that is compiled into the program, so that `cargo run` alone starts the whole
//! service.

mod browser;
mod bundle;
mod pack;
mod traps;

use std::path::PathBuf;
use std::process::exit;

fn main() {
    let service = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let workspace = service.parent().unwrap_or(&service).to_owned();
    let out = PathBuf::from(variable("OUT_DIR"));
    println!("cargo::rerun-if-changed={}", service.join("build").display());
    for member in [browser::WIDGET, browser::CHECK] {
        browser::make(&member, &workspace, &out);
    }
    pack::pack(&workspace, &out.join("widget"), &out);
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| stop(&format!("cargo did not set {name}; build with cargo")))
}

/// Ends the build with an error message.
fn stop(message: &str) -> ! {
    eprintln!("error: {message}");
    exit(1)
}
