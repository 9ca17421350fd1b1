//! The packer of the widget: it computes digests and the version, and compresses every file once.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;
use sha2::{Digest as _, Sha256, Sha384};

use crate::bundle::{CORE, TOOLS, bundle};
use crate::traps::trap;
use crate::{stop, variable};

const WASM: &str = "chargesheet_widget_bg.wasm";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Lines of the element that the packer replaces.
const LANGUAGES: &str = "const LANGUAGES = [\"en\", \"ru\", \"kk\"];";
const INTEGRITY: &str = "const INTEGRITY = {};";
const VERSION: &str = "const VERSION = \"\";";
const LOADING: &str = "const LOADING = {};";

struct File {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Writes `widget_files.rs` and the files that it includes to `out`.
pub fn pack(workspace: &Path, made: &Path, out: &Path) {
    let element = workspace.join("widget/element");
    let languages = workspace.join("service/languages");
    for folder in [&element, &languages] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let codes = variable("DEP_CHARGESHEET_LANGUAGES_CODES");
    let codes: Vec<&str> = codes.split(',').collect();
    let wasm = without_custom_sections(&trap(&read(&made.join(WASM))));
    let mut files = vec![File { name: WASM.to_owned(), media_type: "application/wasm", bytes: wasm }];
    for code in &codes {
        let [own, tools] = texts(&languages.join(format!("{code}.json")));
        for (name, bytes) in [("text", own), ("tools", tools)] {
            files.push(File { name: format!("{name}-{code}.json"), media_type: "application/json", bytes });
        }
    }
    let scripts = bundle(&element);
    let tools = minified(&scripts.tools).into_bytes();
    files.push(File { name: TOOLS.to_owned(), media_type: JAVASCRIPT, bytes: tools });
    let integrity: serde_json::Map<String, serde_json::Value> = files
        .iter()
        .map(|file| {
            (file.name.clone(), format!("sha256-{}", STANDARD.encode(Sha256::digest(&file.bytes))).into())
        })
        .collect();
    let integrity = serde_json::Value::Object(integrity);
    // The texts shown until the file of the language has loaded.
    let loading: serde_json::Map<String, serde_json::Value> = codes
        .iter()
        .map(|code| ((*code).to_owned(), loading(&languages.join(format!("{code}.json")))))
        .collect();
    let loading = serde_json::Value::Object(loading);
    // The lines are replaced before minification, because they are found by their original names.
    let filled = |mut script: String, version: &str| {
        fill(&mut script, LANGUAGES, &format!("const LANGUAGES = {};", serde_json::json!(codes)));
        fill(&mut script, INTEGRITY, &format!("const INTEGRITY = {integrity};"));
        fill(&mut script, LOADING, &format!("const LOADING = {loading};"));
        fill(&mut script, VERSION, &format!("const VERSION = {version:?};"));
        minified(&script)
    };
    // The version is a digest of everything that is served, except the version itself.
    let digest = Sha256::digest(filled(scripts.core.clone(), "").as_bytes());
    let digest: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    // The script contains the digests of all other files, so its own digest covers them.
    let version = format!("{}-{digest}", variable("CARGO_PKG_VERSION"));
    let script = filled(scripts.core, &version).into_bytes();
    files.push(File { name: CORE.to_owned(), media_type: JAVASCRIPT, bytes: script });

    let folder = out.join("packed");
    fs::create_dir_all(&folder).unwrap_or_else(|error| stop(&format!("{}: {error}", folder.display())));
    let mut rust = format!(
        "/// The version of the widget: the program's, and the first digits of a digest of all its files.\n\
         pub const VERSION: &str = {version:?};\n\n/// The files of the widget.\npub static FILES: &[WidgetFile] = &[\n"
    );
    for file in &files {
        let plain = write(&folder.join(&file.name), &file.bytes);
        let brotli = write(&folder.join(format!("{}.br", file.name)), &compressed(&file.bytes));
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(&file.bytes)));
        let _ = writeln!(
            rust,
            "    WidgetFile {{ name: {:?}, media_type: {:?}, integrity: {integrity:?}, bytes: include_bytes!({plain:?}), \
             brotli: include_bytes!({brotli:?}) }},",
            file.name, file.media_type
        );
    }
    let joined = write(&folder.join("joined.js"), filled(scripts.joined, &version).as_bytes());
    let _ = writeln!(
        rust,
        "];\n\n/// The script with the tools in it, for a file that makes no requests.\n\
         pub static JOINED: &str = include_str!({joined:?});"
    );
    write(&out.join("widget_files.rs"), rust.as_bytes());
}

/// Returns the texts of the element in a language and those of its tools, each as a file of its own.
fn texts(path: &Path) -> [Vec<u8>; 2] {
    let text = String::from_utf8_lossy(&read(path)).into_owned();
    let mut file: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    let (chart, mut own, tools) = (file["chart"].take(), file["widget"].take(), file["tools"].take());
    // The script contains these texts itself, for the time until this file has loaded.
    if let Some(own) = own.as_object_mut() {
        own.shift_remove("loading");
    }
    if !own.is_object() || !chart.is_object() || !tools.is_object() {
        stop(&format!("{}: `widget`, `tools` and `chart` are missing", path.display()));
    }
    own["drawn"] = chart;
    [own, tools].map(|texts| texts.to_string().into_bytes())
}

/// Minifies a module: shortens names, removes white space and unreachable code.
fn minified(script: &str) -> String {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, script, SourceType::mjs()).parse();
    if let Some(error) = parsed.diagnostics.first() {
        stop(&format!("widget/element, as one script: {error}"));
    }
    let mut program = parsed.program;
    let shorter = Minifier::new(MinifierOptions::default()).minify(&allocator, &mut program);
    let options = CodegenOptions { comments: CommentOptions::disabled(), ..CodegenOptions::minify() };
    let writer = Codegen::new().with_options(options).with_scoping(shorter.scoping);
    writer.with_private_member_mappings(shorter.class_private_mappings).build(&program).code
}

/// Removes the custom sections of a module, which only tools read (WebAssembly core specification, 5.5.3: sections of the id
/// 0).
fn without_custom_sections(wasm: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8;
    let mut kept = wasm.get(..HEADER).unwrap_or_else(|| stop("the widget's wasm is none")).to_vec();
    let mut at = HEADER;
    while at < wasm.len() {
        // The size of a section is in LEB128.
        let (mut size, mut shift, mut next) = (0_usize, 0, at + 1);
        while let Some(byte) = wasm.get(next) {
            size |= usize::from(byte & 0x7F) << shift;
            (shift, next) = (shift + 7, next + 1);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let Some(section) = wasm.get(at..next + size) else { stop("the widget's wasm is cut off") };
        if wasm[at] != 0 {
            kept.extend_from_slice(section);
        }
        at = next + size;
    }
    kept
}

fn loading(path: &Path) -> serde_json::Value {
    let mut file: serde_json::Value = serde_json::from_slice(&read(path))
        .unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    file["widget"]["loading"].take()
}

fn fill(script: &mut String, place: &str, with: &str) {
    if script.matches(place).count() != 1 {
        stop(&format!("widget/element must have the line `{place}` once, to be filled"));
    }
    *script = script.replace(place, with);
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())))
}

fn write(path: &PathBuf, bytes: &[u8]) -> String {
    fs::write(path, bytes).unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    path.display().to_string()
}

/// Compresses at brotli's highest level, because each file is compressed only once.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    if let Err(error) = writer.write_all(bytes) {
        stop(&format!("brotli failed: {error}"));
    }
    writer.into_inner()
}
