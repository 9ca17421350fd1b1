//! A bundler that joins the element's modules and the glue of `wasm-bindgen` into one file of JavaScript. The page then makes
//! one request, and one `integrity` attribute covers everything.
//!
//! The modules also run in a browser as they are. This small bundler supports only imports on a single line, from `./`,
//! without renames; exports in front of a declaration; and comments on lines of their own.

use std::fs;
use std::path::Path;

use crate::stop;

/// The module that the page loads. The other modules are found through its imports.
const ENTRY: &str = "statute-chart.js";

const GLUE_FROM: &str = "// glue:begin";
const GLUE_TO: &str = "// glue:end";

/// Returns the text of all modules in order of dependency, with the glue at its place.
pub fn bundle(folder: &Path, glue: &str) -> String {
    let mut modules = Vec::new();
    collect(folder, ENTRY, &mut modules);
    let mut text = String::new();
    for (name, module) in &modules {
        text.push_str(&stripped(module, name == ENTRY));
    }
    let Some((before, rest)) = text.split_once(GLUE_FROM) else {
        stop(&format!("{}: no module has the line `{GLUE_FROM}`", folder.display()))
    };
    let Some((_, after)) = rest.split_once(GLUE_TO) else {
        stop(&format!("{}: no module has the line `{GLUE_TO}`", folder.display()))
    };
    format!("{}{before}const glue = GLUE;{after}", as_value(glue))
}

/// Appends a module after the modules that it imports.
fn collect(folder: &Path, name: &str, modules: &mut Vec<(String, String)>) {
    if modules.iter().any(|(own, _)| own == name) {
        return;
    }
    let path = folder.join(name);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| stop(&format!("{}: {error}", path.display())));
    // The module is registered before its imports are followed, so that circular imports end. Afterwards it moves to the end.
    let place = modules.len();
    modules.push((name.to_owned(), String::new()));
    for imported in text.lines().filter_map(imported) {
        collect(folder, imported, modules);
    }
    modules.remove(place);
    modules.push((name.to_owned(), text));
}

/// Returns the file that a line imports, if the line is an import.
fn imported(line: &str) -> Option<&str> {
    line.starts_with("import ").then(|| line.split('"').nth(1)?.strip_prefix("./"))?
}

/// Returns a module without imports and comments. Only the entry module keeps its exports.
fn stripped(module: &str, is_entry: bool) -> String {
    let mut text = String::new();
    let mut in_comment = false;
    for line in module.lines() {
        let start = line.trim_start();
        in_comment |= start.starts_with("/**");
        let is_marker = start.starts_with(GLUE_FROM) || start.starts_with(GLUE_TO);
        let is_comment = in_comment || (start.starts_with("//") && !is_marker);
        if is_comment {
            in_comment &= !start.ends_with("*/");
            continue;
        }
        if imported(line).is_some() || start.is_empty() {
            continue;
        }
        text.push_str(line.strip_prefix("export ").filter(|_| !is_entry).unwrap_or(line));
        text.push('\n');
    }
    text
}

/// Wraps the glue in one value that exposes what the element uses and hides all other names.
fn as_value(glue: &str) -> String {
    let mut text = String::from("const GLUE = (() => {\n");
    let mut names = Vec::new();
    let mut in_comment = false;
    for line in glue.lines() {
        let start = line.trim_start();
        in_comment |= start.starts_with("/**");
        if in_comment || start.starts_with("//") || start.starts_with("/*") {
            in_comment &= !start.ends_with("*/");
            continue;
        }
        let declared = ["export function ", "export class "];
        match declared.iter().find_map(|export| line.strip_prefix(export)) {
            Some(rest) => {
                let name: String =
                    rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                names.push(name);
                text.push_str(line.trim_start_matches("export "));
            }
            None if line.starts_with("export {") => continue,
            None => text.push_str(line),
        }
        text.push('\n');
    }
    if text.contains("export ") || !text.contains("function __wbg_init(") {
        stop("wasm-bindgen writes its JavaScript in another form than service/build/bundle.rs reads");
    }
    text.push_str(&format!("return {{ default: __wbg_init, {} }};\n}})();\n", names.join(", ")));
    // The address of the module is now that of the bundle, so the element alone says where the wasm is.
    text
}
