//! Finds the languages, one JSON file each in `service/languages`, and compiles them in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::exit;

/// Those that data packages have columns for, in the order of the columns.
const OF_THE_DATA: [&str; 3] = ["en", "ru", "kk"];

/// The parts of a language's file that a check reads.
const CHECKED: [&str; 3] = ["name", "codes", "problem"];

/// The parts that a picture reads.
const DRAWN: [&str; 47] = [
    "chart",
    "picture",
    "thousands",
    "decimal",
    "dimensions",
    "grouped",
    "measures",
    "label_of",
    "share",
    "share_overlap",
    "share_low",
    "share_high",
    "rate",
    "life",
    "status",
    "sources",
    "share_title",
    "article",
    "part",
    "by",
    "and",
    "total",
    "source_line",
    "more_sources",
    "sources_left_out",
    "dataset_line",
    "unknown",
    "not_in_force",
    "empty",
    "missing_note",
    "missing_records",
    "disagree_note",
    "break_note",
    "provisional_note",
    "left_out_periods",
    "left_out_cut",
    "left_out_areas",
    "left_out_rules",
    "alt_series",
    "alt_single",
    "alt_undated",
    "alt_value",
    "alt_more",
    "citation",
    "lineage",
    "spans",
    "page",
];

/// The texts of pages that a picture reads.
const OF_PAGES: [&str; 3] = ["in_force", "in_force_until", "outcome_part"];

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

/// Writes the parts of a language's file that a check and its preview read, because the browser loads them.
fn of_the_check(whole: &Path, part: &Path) -> PathBuf {
    let text = fs::read_to_string(whole).unwrap_or_default();
    let mut parts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| stop(&format!("{}: {error}", whole.display())));
    parts.retain(|name, _| CHECKED.contains(&name.as_str()) || DRAWN.contains(&name.as_str()));
    if let Some(texts) = parts.get_mut("page").and_then(serde_json::Value::as_object_mut) {
        texts.retain(|key, _| OF_PAGES.contains(&key.as_str()));
    }
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
