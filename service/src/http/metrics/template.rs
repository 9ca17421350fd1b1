//! Which route a path belongs to: a label for counts that never holds what somebody typed.

use crate::http::files::FILES;
use crate::http::openapi::routes::ROUTES;

/// The name of everything that no route takes.
const OTHER: &str = "other";

/// All templates, such as `/v1/datasets/{dataset}/aggregate.csv`.
#[derive(Debug)]
pub struct Templates {
    names: Vec<String>,
    /// By the number of parts: the parts (`None` takes any) and the place of the name.
    by_length: Vec<Vec<(Vec<Option<String>>, usize)>>,
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
        let mut by_length: Vec<Vec<(Vec<Option<String>>, usize)>> = Vec::new();
        for (place, name) in names.iter().enumerate().skip(1) {
            let parts: Vec<Option<String>> =
                name.split('/').map(|part| (!part.starts_with('{')).then(|| part.to_owned())).collect();
            if by_length.len() <= parts.len() {
                by_length.resize_with(parts.len() + 1, Vec::new);
            }
            by_length[parts.len()].push((parts, place));
        }
        Self { names, by_length }
    }

    /// Returns the names, in order of their places.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Returns the name of a place.
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or(OTHER, String::as_str)
    }

    /// Returns the place of the template that a path has; 0 where there is none.
    pub fn find(&self, path: &str) -> usize {
        let length = path.split('/').count();
        let alike = self.by_length.get(length).map_or(&[][..], Vec::as_slice);
        let found = alike.iter().find(|(parts, _)| {
            parts.iter().zip(path.split('/')).all(|(own, part)| own.as_ref().is_none_or(|own| own == part))
        });
        found.map_or(0, |(_, place)| *place)
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
