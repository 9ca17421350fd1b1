//! A citation for BibTeX and biblatex.
//!
//! The type is `@misc`: `@dataset` is known to biblatex alone, and classic styles print nothing of what they do not know.
//! The fields are those that both read; `url` and `langid` say more to biblatex and to the styles that know them.

use super::{Citation, PUBLISHER};
use crate::present::texts::fill;

/// Names of months that every style defines.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Citation {
    /// Returns the citation for BibTeX and biblatex, in UTF-8.
    pub fn to_bibtex(&self) -> String {
        let [year, month, day] = self.day();
        // A name in braces of its own is an organisation's, and is not taken apart into first and last.
        let authors: Vec<String> = self.authors.iter().map(|name| format!("{{{}}}", escaped(name))).collect();
        let parts = [("dataset", self.dataset.as_str()), ("version", &self.version)];
        let dataset = fill(self.texts().get("dataset"), &parts);
        let month = usize::from(month).checked_sub(1).and_then(|place| MONTHS.get(place)).copied();
        let is_own = self.authors == [PUBLISHER];
        let fields = [
            ("author", Some(format!("{{{}}}", authors.join(" and ")))),
            // The second braces keep capitals as they are.
            ("title", Some(format!("{{{{{}}}}}", escaped(&self.title)))),
            ("year", Some(format!("{{{year:04}}}"))),
            ("month", month.map(str::to_owned)),
            ("day", month.map(|_| format!("{{{day}}}"))),
            ("howpublished", Some(format!("{{{}}}", escaped(&dataset)))),
            ("organization", (!is_own).then(|| format!("{{{PUBLISHER}}}"))),
            ("note", Some(format!("{{{}}}", escaped(&self.notes().join(". "))))),
            // Verbatim: an address with backslashes in it is another one. It has no braces: they are percent-encoded.
            ("url", Some(format!("{{{}}}", self.url))),
            ("langid", babel_name(self.language.code()).map(|name| format!("{{{name}}}"))),
        ];
        let fields = fields.into_iter().filter_map(|(name, value)| Some(format!("  {name} = {}", value?)));
        format!("@misc{{{},\n{}\n}}\n", self.key, fields.collect::<Vec<_>>().join(",\n"))
    }
}

/// The name that babel, and with it biblatex, has for a language.
fn babel_name(code: &str) -> Option<&'static str> {
    match code {
        "en" => Some("english"),
        "ru" => Some("russian"),
        "kk" => Some("kazakh"),
        _ => None,
    }
}

/// Returns a text in which TeX sees nothing but letters. Braces become commands with balanced braces: BibTeX counts them
/// also behind a backslash.
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
