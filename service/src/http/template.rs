//! Templates of paths. They label the metrics, so that these never contain a path that a client chose. They also know the
//! parameters of each route.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};
use percent_encoding::percent_decode_str;

use super::files::{FILES, File};
use super::route_table::{ROUTES, Route};
use crate::domain::parameters::{BY, EXCEL, FIGURES, FILTERS, Group, LANG, PERIOD, PICTURE, SCALE, names};

/// The label of all paths without a route.
const OTHER: &str = "other";

/// The routes of the files of a dataset: in its newest release, and in a release that the address names.
pub const OF_FILES: [&str; 2] =
    ["/v1/datasets/{dataset}/{file}", "/v1/datasets/{dataset}/releases/{release}/{file}"];

/// The templates of all routes and all files.
pub static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::new);

/// A set of templates, such as `/v1/datasets/{dataset}/aggregate.csv`.
#[derive(Debug)]
pub struct Templates {
    all: Vec<Template>,
    /// Number of templates that serve as labels. The rest, at the end, match any name of a file.
    named: usize,
    root: Node,
    /// The names of the parameters of all templates.
    parameters: HashSet<&'static str>,
}

/// The template of a path.
#[derive(Debug)]
pub struct Template {
    name: String,
    /// The route that answers the path: a path of the table of routes, or one of the two for files.
    pub route: &'static str,
    /// The dataset's file at this address.
    pub file: Option<&'static File>,
    /// The names of the parameters that the address takes.
    pub parameters: Vec<&'static str>,
    /// Whether people look at the answer or follow it: a page, a frame, a picture, or a short address.
    pub is_for_people: bool,
}

impl Template {
    fn new(name: String, route: &'static str, groups: &[Group], is_for_people: bool) -> Self {
        Self { name, route, file: None, parameters: names(groups), is_for_people }
    }

    fn of_route(route: &Route<'static>) -> Self {
        // An address that leads elsewhere passes on its query, and takes no parameters itself.
        let handed_on = &[BY, FILTERS, FIGURES, PERIOD, PICTURE, SCALE, EXCEL, LANG];
        let groups = if route.leads() { handed_on } else { route.parameters };
        Self::new(route.path.to_owned(), route.path, groups, route.is_for_people())
    }

    fn of_file(file: &'static File, route: &'static str) -> Self {
        let is_shown = ["image/", "text/html"].iter().any(|kind| file.media_type.starts_with(kind));
        let name = route.replace("{file}", file.name);
        Self { file: Some(file), ..Self::new(name, route, file.parameters, is_shown) }
    }
}

/// A node of the tree of path segments. The tree makes the look-up of a request's path fast, without trying every template.
#[derive(Debug, Default)]
struct Node {
    own: HashMap<String, Self>,
    /// The node for any other segment.
    any: Option<Box<Self>>,
    /// The index of the template that ends here.
    place: Option<usize>,
}

impl Node {
    fn find(&self, path: &str) -> Option<usize> {
        let (part, rest) = path.split_once('/').map_or((path, None), |(part, rest)| (part, Some(rest)));
        let follow = |node: &Self| rest.map_or(node.place, |rest| node.find(rest));
        let any = || self.any.as_deref().filter(|_| !part.is_empty()).and_then(follow);
        self.own.get(part).and_then(follow).or_else(any)
    }
}

impl Templates {
    fn new() -> Self {
        let own = ROUTES.iter().map(Template::of_route);
        let files = FILES.iter().flat_map(|file| OF_FILES.map(|route| Template::of_file(file, route)));
        let other = Template::new(OTHER.to_owned(), "", &[], false);
        let mut all: Vec<Template> = [other].into_iter().chain(own).chain(files).collect();
        let named = all.len();
        all.extend(OF_FILES.map(|route| Template::new(route.to_owned(), route, &[], false)));
        let mut root = Node::default();
        for (place, template) in all.iter().enumerate().skip(1) {
            let mut node = &mut root;
            for part in template.name.split('/') {
                node = if part.starts_with('{') {
                    node.any.get_or_insert_default()
                } else {
                    node.own.entry(part.to_owned()).or_default()
                };
            }
            node.place.get_or_insert(place);
        }
        let parameters = all.iter().flat_map(|template| template.parameters.iter().copied()).collect();
        Self { all, named, root, parameters }
    }

    /// Returns the labels, in the order of their indices.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all[..self.named].iter().map(|template| template.name.as_str())
    }

    /// Returns the label with this index.
    #[cfg(test)]
    pub fn name(&self, place: usize) -> &str {
        self.all.get(place).map_or(OTHER, |template| &template.name)
    }

    /// Returns the template of a path. A slash at the end makes no difference, as in the routes.
    pub fn of(&self, path: &str) -> Option<&Template> {
        let bare = path.strip_suffix('/').filter(|bare| !matches!(*bare, "" | "/")).unwrap_or(path);
        self.all.get(self.root.find(bare)?)
    }

    /// Returns the variable parts of a path, percent-decoded, since ids are opaque text. `None` if a part is not UTF-8.
    pub fn parts(template: &Template, path: &str) -> Option<Vec<String>> {
        let both = template.name.split('/').zip(path.split('/'));
        let varying = both.filter(|(own, _)| own.starts_with('{'));
        varying.map(|(_, part)| Some(percent_decode_str(part).decode_utf8().ok()?.into_owned())).collect()
    }

    /// Whether any address takes a parameter with this name.
    pub fn have(&self, parameter: &str) -> bool {
        self.parameters.contains(parameter)
    }

    /// Returns the names of the parameters of all addresses.
    #[cfg(test)]
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().copied()
    }

    /// Returns the index of the template of a path, or 0 if there is none. A template that names a segment is preferred to one that
    /// takes any.
    pub fn find(&self, path: &str) -> usize {
        self.root.find(path).filter(|place| *place < self.named).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer;

    #[test]
    fn every_template_is_found_by_a_path_that_has_it_and_by_no_other() {
        let templates = &*TEMPLATES;
        for name in templates.names().skip(1) {
            let path = name.replace(['{', '}'], "x");
            assert_eq!(templates.name(templates.find(&path)), name, "{path}");
        }
        for nothing in
            ["", "x", "//", "/v2", "/v1/datasets/x/nothing.csv", "/healthz/", "/v1/datasets/x/releases/y/z"]
        {
            assert_eq!(templates.name(templates.find(nothing)), OTHER, "{nothing}");
        }
    }
    #[test]
    fn what_people_look_at_is_told_apart_from_data() {
        let is_for_people = |path: &str| TEMPLATES.of(path).map(|template| template.is_for_people);
        for path in [
            "/",
            "/statutes/x/",
            "/s/x",
            "/embed/x",
            "/report/x/releases/y",
            "/v1/datasets/x/chart.png",
            "/api",
        ] {
            assert_eq!(is_for_people(path), Some(true), "{path}");
        }
        for path in ["/v1/datasets", "/oembed", "/v1/datasets/x/aggregate.csv", "/widget/x", "/healthz"] {
            assert_eq!(is_for_people(path), Some(false), "{path}");
        }
    }

    #[test]
    fn pages_of_statutes_and_categories_take_what_their_templates_say() {
        for (path, taken) in
            [("/statutes/x", explorer::STATUTE_PARAMETERS), ("/categories/x", explorer::CATEGORY_PARAMETERS)]
        {
            let template = TEMPLATES.of(path).expect("it is in the table");
            let (mut said, mut taken) = (template.parameters.clone(), taken.to_vec());
            said.sort_unstable();
            taken.sort_unstable();
            assert_eq!(said, taken, "{path}");
        }
    }
}
