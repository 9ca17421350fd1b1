//! Takes out of the program what never runs in a browser. Nobody reads there what a panic says, so every panic is a trap at once,
//! and the code that would format its words goes; so does what plotters' dependencies export for promises. The compiler can do this
//! only where it also compiles the standard library.

use walrus::ir::{Visitor, dfs_in_order};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

use crate::stop;

/// Parts of the names of functions that begin or describe a panic.
const PANICS: [&str; 4] = ["panicking::", "_failed", "slice_index_fail", "fmt::"];

/// Parts of the names of functions that only a page with promises and closures would call.
const UNUSED: [&str; 2] = ["js_sys::", "convert::closures::"];

/// Replaces the functions by traps, and removes what only they needed. `wasm` has the names of its functions.
pub fn trap(wasm: &[u8]) -> Vec<u8> {
    let words = |error| stop(&format!("walrus cannot read the widget's wasm: {error:#}"));
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(wasm).unwrap_or_else(words);
    let named = |module: &Module, id: FunctionId, parts: &[&str]| {
        let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
        parts.iter().any(|part| name.contains(part))
    };
    let all: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let (trapped, kept): (Vec<FunctionId>, Vec<FunctionId>) =
        all.into_iter().partition(|id| named(&module, *id, &PANICS) || named(&module, *id, &UNUSED));
    for id in kept {
        let mut called = Called::default();
        let function = module.funcs.get(id).kind.unwrap_local();
        dfs_in_order(&mut called, function, function.entry_block());
        if let Some(formats) = called.0.into_iter().find(|own| named(&module, *own, &["fmt::"])) {
            let name = |id| module.funcs.get(id).name.clone().unwrap_or_default();
            stop(&format!(
                "{} calls {}, and texts are formatted only for panics: use `svg::digits`",
                name(id),
                name(formats)
            ));
        }
    }
    for id in trapped {
        let function = module.types.get(module.funcs.get(id).ty());
        let (given, returned) = (function.params().to_vec(), function.results().to_vec());
        let mut body = FunctionBuilder::new(&mut module.types, &given, &returned);
        body.func_body().unreachable();
        let given = given.into_iter().map(|kind| module.locals.add(kind)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(given));
    }
    walrus::passes::gc::run(&mut module);
    module.emit_wasm()
}

/// The functions that a function calls.
#[derive(Default)]
struct Called(Vec<FunctionId>);

impl<'instr> Visitor<'instr> for Called {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
}
