//! Which route a path belongs to: a label for counts that never holds what somebody typed.

use hashbrown::HashMap;

use crate::http::files::FILES;
use crate::http::openapi::routes::ROUTES;

/// The name of everything that no route takes.
const OTHER: &str = "other";

/// All templates, such as `/v1/datasets/{dataset}/aggregate.csv`.
#[derive(Debug)]
pub struct Templates {
    names: Vec<String>,
    root: Node,
}

/// What may follow on some parts of a path. Every request is looked up here, so no template is gone through.
#[derive(Debug, Default)]
struct Node {
    own: HashMap<String, Self>,
    /// What follows on any part.
    any: Option<Box<Self>>,
    /// The place of the template that ends here.
    place: Option<usize>,
}

impl Node {
    fn find(&self, path: &str) -> Option<usize> {
        let (part, rest) = path.split_once('/').map_or((path, None), |(part, rest)| (part, Some(rest)));
        let follow = |node: &Self| rest.map_or(node.place, |rest| node.find(rest));
        self.own.get(part).and_then(follow).or_else(|| self.any.as_deref().and_then(follow))
    }
}

impl Templates {
    /// Makes them of the tables that the service answers by.
    pub fn new() -> Self {
        let own = ROUTES.iter().map(|route| route.path.to_owned());
        let files = FILES.iter().flat_map(|file| {
            ["", "/releases/{release}"]
                .map(|pinned| format!("/v1/datasets/{{dataset}}{pinned}/{}", file.name))
        });
        let names: Vec<String> = [OTHER.to_owned()].into_iter().chain(own).chain(files).collect();
        let mut root = Node::default();
        for (place, name) in names.iter().enumerate().skip(1) {
            let mut node = &mut root;
            for part in name.split('/') {
                node = if part.starts_with('{') {
                    node.any.get_or_insert_default()
                } else {
                    node.own.entry(part.to_owned()).or_default()
                };
            }
            node.place.get_or_insert(place);
        }
        Self { names, root }
    }

    /// Returns the names, in order of their places.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Returns the name of a place.
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or(OTHER, String::as_str)
    }

    /// Returns the place of the template that a path has; 0 where there is none. One that names a part comes before one
    /// that takes any.
    pub fn find(&self, path: &str) -> usize {
        self.root.find(path).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_found_by_a_path_that_has_it_and_by_no_other() {
        let templates = Templates::new();
        for name in templates.names().skip(1) {
            let path = name.replace(['{', '}'], "x");
            assert_eq!(templates.name(templates.find(&path)), name, "{path}");
        }
        for nothing in
            ["", "x", "//", "/v1", "/v1/datasets/x/nothing.csv", "/healthz/", "/v1/datasets/x/releases/y/z"]
        {
            assert_eq!(templates.name(templates.find(nothing)), OTHER, "{nothing}");
        }
    }
}
