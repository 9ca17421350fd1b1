//! Finds the languages, one JSON file each in `service/languages`, and compiles them in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::exit;

/// Those that data packages have columns for, in the order of the columns.
const OF_THE_DATA: [&str; 3] = ["en", "ru", "kk"];

fn main() {
    let folder = variable("CARGO_MANIFEST_DIR").with_file_name("languages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let codes = codes(&folder);
    // The service's build script reads it as DEP_CHARGESHEET_LANGUAGES_CODES.
    println!("cargo::metadata=codes={}", codes.join(","));
    // `FILES`, the code and the text of every language.
    let mut rust = String::from("/// Code and text of every language.\nstatic FILES: &[(&str, &str)] = &[\n");
    let is_for_browser = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|machine| machine == "wasm32");
    for code in codes {
        let mut path = folder.join(format!("{code}.json"));
        if is_for_browser {
            path = of_the_check(&path, &variable("OUT_DIR").join(format!("{code}.json")));
        }
        rust.push_str(&format!("    ({code:?}, include_str!({:?})),\n", path.display().to_string()));
    }
    rust.push_str("];\n");
    let file = variable("OUT_DIR").join("languages.rs");
    fs::write(&file, rust).unwrap_or_else(|error| stop(&format!("{}: {error}", file.display())));
}

/// Writes the parts of a language's file that a check reads, because the browser loads them.
fn of_the_check(whole: &Path, part: &Path) -> PathBuf {
    let text = fs::read_to_string(whole).unwrap_or_default();
    let mut parts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| stop(&format!("{}: {error}", whole.display())));
    parts.retain(|name, _| ["name", "codes", "problem"].contains(&name.as_str()));
    let text = serde_json::Value::Object(parts).to_string();
    fs::write(part, text).unwrap_or_else(|error| stop(&format!("{}: {error}", part.display())));
    part.to_owned()
}

/// Returns the codes of the languages: those of the data first, then the others in byte order.
fn codes(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| stop(&format!("{}: {error}", folder.display())));
    let mut codes = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(code) = name.strip_suffix(".json") else { continue };
        if code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_lowercase()) {
            stop(&format!("{}: a language is named by its two letters of ISO 639-1", path.display()));
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
            stop(&format!("{}: {error}", path.display()));
        }
        codes.push(code.to_owned());
    }
    codes.sort_by_key(|code| {
        let place = OF_THE_DATA.iter().position(|own| own == code);
        (place.unwrap_or(OF_THE_DATA.len()), code.clone())
    });
    codes
}

fn variable(name: &str) -> PathBuf {
    std::env::var_os(name)
        .unwrap_or_else(|| stop(&format!("cargo did not set {name}; build with cargo")))
        .into()
}

/// Ends the build with a sentence.
fn stop(message: &str) -> ! {
    eprintln!("error: {message}");
    exit(1)
}
