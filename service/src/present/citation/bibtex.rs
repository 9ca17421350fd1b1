//! A citation for BibTeX and biblatex.
//!
//! The type is `@misc`: only biblatex knows `@dataset`, and classic styles print nothing for a type that they do not know.
//! Both read all the fields; only biblatex, and the styles that know them, make use of `url` and `langid`.

use super::{Citation, PUBLISHER};
use crate::present::texts::fill;

/// Names of months that every style defines.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Citation {
    /// Returns the citation for BibTeX and biblatex, in UTF-8.
    pub fn to_bibtex(&self) -> String {
        let [year, month, day] = self.day();
        // Braces around a name mark an organisation, so that the name is not split into first and last name.
        let authors: Vec<String> = self.authors.iter().map(|name| format!("{{{}}}", escaped(name))).collect();
        let parts = [("dataset", self.dataset.as_str()), ("version", &self.version)];
        let dataset = fill(self.texts().get("dataset"), &parts);
        let month = usize::from(month).checked_sub(1).and_then(|place| MONTHS.get(place)).copied();
        let is_own = self.authors == [PUBLISHER];
        let fields = [
            ("author", Some(format!("{{{}}}", authors.join(" and ")))),
            // The second pair of braces keeps capital letters as they are.
            ("title", Some(format!("{{{{{}}}}}", escaped(&self.title)))),
            ("year", Some(format!("{{{year:04}}}"))),
            ("month", month.map(str::to_owned)),
            ("day", month.map(|_| format!("{{{day}}}"))),
            ("howpublished", Some(format!("{{{}}}", escaped(&dataset)))),
            ("organization", (!is_own).then(|| format!("{{{PUBLISHER}}}"))),
            ("note", Some(format!("{{{}}}", escaped(&self.notes().join(". "))))),
            // The address stands verbatim: backslashes would make it another address. It has no braces, because they are percent-encoded.
            ("url", Some(format!("{{{}}}", self.url))),
            ("langid", babel_name(self.language.code()).map(|name| format!("{{{name}}}"))),
        ];
        let fields = fields.into_iter().filter_map(|(name, value)| Some(format!("  {name} = {}", value?)));
        format!("@misc{{{},\n{}\n}}\n", self.key, fields.collect::<Vec<_>>().join(",\n"))
    }
}

/// Returns babel's name for a language, which biblatex uses too.
fn babel_name(code: &str) -> Option<&'static str> {
    match code {
        "en" => Some("english"),
        "ru" => Some("russian"),
        "kk" => Some("kazakh"),
        _ => None,
    }
}

/// Returns a text that TeX prints literally. Braces become commands with balanced braces, because BibTeX also counts braces that
/// follow a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for symbol in text.chars() {
        match symbol {
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', symbol]),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            _ => out.push(symbol),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::thorny;

    #[test]
    fn tex_sees_no_command_of_a_title() {
        let entry = thorny().to_bibtex();
        assert!(
            entry.contains(
                "title = {{Статья «207.3» \\& \\textbraceleft{}x\\textbraceright{}: 100 \\% of \\$\\_\\# \
                 \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \"q\"}}"
            ),
            "{entry}"
        );
        let opened = entry.matches('{').count();
        assert_eq!(opened, entry.matches('}').count(), "{entry}");
    }

    #[test]
    fn organisations_are_not_taken_apart() {
        let entry = thorny().to_bibtex();
        assert!(entry.contains("author = {{Bürgerrechte \\& Söhne e.V.} and {Құқық орталығы}}"), "{entry}");
        assert!(entry.contains("organization = {Chargesheet}") && entry.contains("month = nov,"), "{entry}");
    }
}
