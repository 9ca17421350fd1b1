//! Files of npm packages for the browser tests. `tests/package-lock.json` pins the packages.

/// Returns the text of a file of an installed package, such as `axe-core/axe.min.js`.
///
/// # Panics
/// When the package is not installed.
pub fn file(path: &str) -> String {
    let whole = crate::repository().join("tests").join("node_modules").join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| {
        panic!(
            "node_modules/{path}: {error}; `tests/run` installs what the tests need, and `npm ci --prefix tests` also \
             what the benchmark compares with"
        )
    })
}

/// Bundles `CommonJS` files into one script for a browser. Each module has a name and a file. The last module is run, and its
/// exports become the global variable of its name.
pub fn script(modules: &[(&str, &str)]) -> String {
    let mut out = String::from(
        "(() => {\n\
         const makers = new Map();\n\
         const made = new Map();\n\
         const require = (name) => {\n\
           if (!made.has(name)) {\n\
             const module = { exports: {} };\n\
             made.set(name, module);\n\
             makers.get(name)(module, module.exports, require);\n\
           }\n\
           return made.get(name).exports;\n\
         };\n\
         globalThis.process ??= { env: { NODE_ENV: \"development\" } };\n",
    );
    for (name, path) in modules {
        let text = file(path);
        out.push_str(&format!("makers.set({name:?}, function (module, exports, require) {{\n{text}\n}});\n"));
    }
    out.push_str("globalThis.require = require;\n})();\n");
    out
}
