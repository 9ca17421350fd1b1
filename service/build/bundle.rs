//! A bundler that joins the element's modules into one file of JavaScript. The page then makes
//! one request, and one `integrity` attribute covers everything. The tools, which few readers use, become a second file.
//!
//! The modules also run in a browser as they are. This small bundler supports only imports on a single line, from `./`,
//! without renames; exports in front of a declaration; and comments on lines of their own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::stop;

/// The module that the page loads. The other modules are found through its imports.
pub const CORE: &str = "statute-chart.js";

/// The module with the tools, which the first one loads at the reader's action.
pub const TOOLS: &str = "chart-tools.js";

/// The scripts that are made of the modules.
pub struct Scripts {
    /// The script of a page.
    pub core: String,
    /// The script that the first one loads.
    pub tools: String,
    /// Both in one, for a file that makes no requests.
    pub joined: String,
}

/// Joins the modules in order of dependency.
pub fn bundle(folder: &Path) -> Scripts {
    let mut modules = Vec::new();
    collect(folder, CORE, &mut modules);
    let core: String = modules.iter().map(|(name, module)| stripped(module, name == CORE)).collect();
    let (maker, handed) = tools(folder, &modules);
    Scripts {
        tools: format!("export default {maker};\n"),
        joined: format!(
            "const TOOLS = {maker};\n{}",
            between(&core, "tools", &format!("const tools = TOOLS({handed});"))
        ),
        core: between(&core, "tools", &format!("const tools = (await run(\"{TOOLS}\")).default({handed});")),
    }
}

/// Replaces what stands between the lines `// name:begin` and `// name:end`.
fn between(text: &str, name: &str, with: &str) -> String {
    let (from, to) = (format!("// {name}:begin"), format!("// {name}:end"));
    let parts = text.split_once(&from).and_then(|(before, rest)| Some((before, rest.split_once(&to)?.1)));
    let Some((before, after)) = parts else {
        stop(&format!("no module of the element has the lines `{from}` and `{to}`"))
    };
    format!("{before}{with}{after}")
}

/// Returns a function that makes the tools, and the object with what it takes from the modules of the core, which the page has
/// already.
fn tools(folder: &Path, core: &[(String, String)]) -> (String, String) {
    let is_of_core = |name: &str| core.iter().any(|(own, _)| own == name);
    let mut modules = Vec::new();
    collect(folder, TOOLS, &mut modules);
    modules.retain(|(name, _)| !is_of_core(name));
    let lines = modules.iter().flat_map(|(_, module)| module.lines());
    let taken = lines.filter(|line| imported(line).is_some_and(is_of_core)).filter_map(names);
    let taken: BTreeSet<&str> = taken.flatten().collect();
    let handed = format!("{{ {} }}", taken.into_iter().collect::<Vec<_>>().join(", "));
    let body: String = modules.iter().map(|(_, module)| stripped(module, false)).collect();
    (format!("({handed}) => {{\n{body}return tools;\n}}"), handed)
}

/// Returns the names that a line imports.
fn names(line: &str) -> Option<impl Iterator<Item = &str>> {
    let (names, _) = line.split_once('{')?.1.split_once('}')?;
    Some(names.split(',').map(str::trim))
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
        let is_marker = start.ends_with(":begin") || start.ends_with(":end");
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
