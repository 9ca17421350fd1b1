//! No two files of a member need each other: whoever reads one can begin at the bottom.

use crate::layout::{Source, members};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Item, UseTree, Visibility};

type Path = Vec<String>;

/// A module: what it declares, hands on under a name, and names anywhere.
#[derive(Default)]
struct Module {
    file: String,
    children: BTreeSet<String>,
    hands_on: BTreeMap<String, Path>,
    /// Modules whose every name it hands on.
    hands_on_all: Vec<Path>,
    /// Short names of what `use` brings, and the path behind each.
    brought: BTreeMap<String, Path>,
    named: BTreeSet<Path>,
}

#[derive(Default)]
struct Reader(Module);

impl Reader {
    fn bring(&mut self, tree: &UseTree, before: &[String], handed_on: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.bring(&path.tree, &with(&path.ident), handed_on),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.bring(tree, before, handed_on));
            }
            UseTree::Glob(_) if handed_on => self.0.hands_on_all.push(before.to_vec()),
            UseTree::Glob(_) => _ = self.0.named.insert(before.to_vec()),
            UseTree::Name(name) => self.name(name.ident.to_string(), &with(&name.ident), handed_on),
            UseTree::Rename(renamed) => {
                self.name(renamed.rename.to_string(), &with(&renamed.ident), handed_on)
            }
        }
    }

    fn name(&mut self, short: String, path: &[String], handed_on: bool) {
        // `use module::{self}` names the module.
        let path =
            if path.last().is_some_and(|last| last == "self") { &path[..path.len() - 1] } else { path };
        let short = if short == "self" { path.last().cloned().unwrap_or_default() } else { short };
        if handed_on {
            self.0.hands_on.insert(short, path.to_vec());
        } else {
            self.0.brought.insert(short, path.to_vec());
            self.0.named.insert(path.to_vec());
        }
    }
}

/// Whether something is there for tests alone.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Mod(module) if module.content.is_none() => {
                _ = self.0.children.insert(module.ident.to_string())
            }
            // Tests inside a file may look at everything; tests in files of their own are read as all files are.
            Item::Mod(module) if is_for_tests(&module.attrs) => {}
            Item::Use(item) if is_for_tests(&item.attrs) => {}
            Item::Use(item) => {
                self.bring(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
            }
            item => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.named.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    // `pub(super)` says who may look, and needs nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        // What stands in a macro is no syntax yet: paths are found by their shape.
        let text = called.tokens.to_string().replace(" :: ", "::");
        let words = text.split(|symbol: char| !(symbol.is_alphanumeric() || symbol == '_' || symbol == ':'));
        for word in words.filter(|word| word.contains("::")) {
            self.0.named.insert(word.split("::").map(str::to_owned).collect());
        }
        visit::visit_macro(self, called);
    }
}

/// The modules of a member by their paths; that of the crate itself is empty.
struct Member(BTreeMap<Path, Module>);

impl Member {
    fn read(folder: &str) -> Self {
        Self::of(folder, crate::layout::sources(&[folder]))
    }

    fn of(folder: &str, sources: impl IntoIterator<Item = Source>) -> Self {
        let mut modules = BTreeMap::new();
        for source in sources {
            let inner = source.path.trim_start_matches(folder).trim_start_matches('/');
            let mut path: Path = inner.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if path.last().is_some_and(|name| name == "main") {
                continue;
            }
            path.pop_if(|last| last == "mod" || (last == "lib" && inner == "lib.rs"));
            let parsed = syn::parse_file(&source.text);
            let mut reader = Reader::default();
            reader.visit_file(&parsed.unwrap_or_else(|error| panic!("{}: {error}", source.path)));
            reader.0.file = source.path;
            modules.insert(path, reader.0);
        }
        // What no file declares is another crate's.
        let declared = |path: &Path, modules: &BTreeMap<Path, Module>| {
            path.is_empty()
                || (1..=path.len()).all(|end| {
                    modules
                        .get(&path[..end - 1])
                        .is_some_and(|parent| parent.children.contains(&path[end - 1]))
                })
        };
        let kept: Vec<Path> = modules.keys().filter(|path| declared(path, &modules)).cloned().collect();
        modules.retain(|path, _| kept.contains(path));
        Self(modules)
    }

    /// Returns the module whose file says what a path means, read in a module; `None` for what is of another crate.
    fn meant(&self, within: &Path, path: &[String], steps: u8) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        let module = &self.0[within];
        let (mut place, mut rest) = match first.as_str() {
            "crate" => (Path::new(), rest),
            "self" => (within.clone(), rest),
            "super" => (within.split_last()?.1.to_vec(), rest),
            child if module.children.contains(child) => {
                ([within.clone(), vec![first.clone()]].concat(), rest)
            }
            short => {
                let behind = module.brought.get(short).or_else(|| module.hands_on.get(short))?;
                // `use name::name` of another crate would go round for ever.
                let longer = [behind, rest].concat();
                return (steps > 0).then(|| self.meant(within, &longer, steps - 1)).flatten();
            }
        };
        while let Some((next, after)) = rest.split_first() {
            let module = self.0.get(&place)?;
            if next == "super" {
                place.pop();
            } else if module.children.contains(next) {
                place.push(next.clone());
            } else if let Some(behind) = module.hands_on.get(next) {
                return (steps > 0).then(|| self.meant(&place, behind, steps - 1)).flatten();
            } else {
                let through = module.hands_on_all.iter().filter(|_| steps > 0).find_map(|all| {
                    let all = [all.as_slice(), std::slice::from_ref(next)].concat();
                    self.meant(&place, &all, steps - 1).filter(|found| *found != place)
                });
                return through.or(Some(place));
            }
            rest = after;
        }
        self.0.contains_key(&place).then_some(place)
    }

    /// Returns for each module the others whose files it needs.
    fn needs(&self) -> BTreeMap<&Path, BTreeSet<Path>> {
        let of = |(path, module): (&Path, &Module)| {
            let needed = module.named.iter().filter_map(|named| self.meant(path, named, 8));
            needed.filter(|needed| needed != path).collect()
        };
        self.0.iter().map(|entry| (entry.0, of(entry))).collect()
    }
}

/// Returns everything that can be reached from a module, by whatever way.
fn reached<'a>(needs: &'a BTreeMap<&Path, BTreeSet<Path>>, from: &Path) -> BTreeSet<&'a Path> {
    let mut found: BTreeSet<&Path> = BTreeSet::new();
    let mut ahead: Vec<&Path> = needs[from].iter().collect();
    while let Some(next) = ahead.pop() {
        if found.insert(next) {
            ahead.extend(&needs[next]);
        }
    }
    found
}

#[test]
fn no_files_need_each_other() {
    let mut circles = Vec::new();
    for folder in members() {
        let member = Member::read(&folder);
        let needs = member.needs();
        let reach: BTreeMap<&Path, _> = needs.keys().map(|path| (*path, reached(&needs, path))).collect();
        let mut told: BTreeSet<&Path> = BTreeSet::new();
        for (path, far) in &reach {
            let circle: Vec<&Path> =
                far.iter().copied().filter(|other| reach[*other].contains(path)).collect();
            if circle.is_empty() || !told.insert(path) {
                continue;
            }
            told.extend(&circle);
            let line = |path: &&Path| {
                let needed = needs[*path].iter().filter(|needed| circle.contains(needed));
                let needed: Vec<&str> = needed.map(|needed| member.0[needed].file.as_str()).collect();
                format!("  {} needs {}", member.0[*path].file, needed.join(", "))
            };
            circles.push(circle.iter().map(line).collect::<Vec<_>>().join("\n"));
        }
    }
    assert!(circles.is_empty(), "files that need each other:\n{}", circles.join("\n\n"));
}

#[test]
fn what_a_path_means_is_found_through_what_modules_hand_on() {
    let sources = [
        ("made/lib.rs", "mod answer; mod domain; pub(crate) mod gate;"),
        (
            "made/answer.rs",
            "use crate::domain::{self, Measure}; fn count(measure: Measure) { domain::law::ask() }",
        ),
        (
            "made/domain/mod.rs",
            "pub(crate) mod law; mod measure; mod place; pub use measure::Measure; pub use place::*; #[cfg(test)] mod tests;",
        ),
        ("made/domain/law.rs", "pub(super) fn ask() { println!(\"{}\", crate::gate::open()) }"),
        ("made/domain/measure.rs", "#[cfg(test)] mod tests { use crate::answer; }"),
        ("made/domain/place.rs", "pub struct Country;"),
        ("made/domain/tests.rs", "use crate::answer::count; #[test] fn counts() { count() }"),
        ("made/gate.rs", "use super::domain::Country; pub fn open() -> Option<Country> { serde::none() }"),
    ];
    let source = |(path, text): (&str, &str)| Source { path: path.to_owned(), text: text.to_owned() };
    let member = Member::of("made", sources.map(source));
    let needed: Vec<(String, Vec<String>)> = member
        .needs()
        .into_iter()
        .map(|(path, needed)| (path.join("/"), needed.iter().map(|needed| needed.join("/")).collect()))
        .filter(|(_, needed): &(_, Vec<String>)| !needed.is_empty())
        .collect();
    let expected = [
        ("answer", vec!["domain", "domain/law", "domain/measure"]),
        ("domain/law", vec!["gate"]),
        ("domain/tests", vec!["answer"]),
        ("gate", vec!["domain/place"]),
    ];
    assert_eq!(format!("{needed:?}"), format!("{expected:?}"));
}
