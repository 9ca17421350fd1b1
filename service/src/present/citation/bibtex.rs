//! A citation for BibTeX and biblatex.
//!
//! The type is `@misc`: `@dataset` is known to biblatex alone, and classic styles print nothing of what they do not know.
//! The fields are those that both read; `url` and `langid` say more to biblatex and to the styles that know them.

use super::{Citation, PUBLISHER};

/// Names of months that every style defines.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns the entry.
pub fn entry(citation: &Citation) -> String {
    let [year, month, day] = citation.day();
    // A name in braces of its own is an organisation's, and is not taken apart into first and last.
    let authors: Vec<String> = citation.authors.iter().map(|name| format!("{{{}}}", escaped(name))).collect();
    let texts = citation.texts();
    let dataset =
        super::fill(&texts.dataset, &[("dataset", &citation.dataset), ("version", &citation.version)]);
    let mut fields = vec![
        ("author", format!("{{{}}}", authors.join(" and "))),
        // The second braces keep capitals as they are.
        ("title", format!("{{{{{}}}}}", escaped(&citation.title))),
        ("year", format!("{{{year:04}}}")),
    ];
    if let Some(name) = usize::from(month).checked_sub(1).and_then(|place| MONTHS.get(place)) {
        fields.push(("month", (*name).to_owned()));
        fields.push(("day", format!("{{{day}}}")));
    }
    fields.push(("howpublished", format!("{{{}}}", escaped(&dataset))));
    if citation.authors != [PUBLISHER] {
        fields.push(("organization", format!("{{{PUBLISHER}}}")));
    }
    fields.push(("note", format!("{{{}}}", escaped(&citation.notes().join(". ")))));
    // Verbatim: an address with backslashes in it is another one. It has no braces: they are percent-encoded.
    fields.push(("url", format!("{{{}}}", citation.url)));
    if let Some(name) = babel_name(citation.language.code()) {
        fields.push(("langid", format!("{{{name}}}")));
    }
    let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("  {name} = {value}")).collect();
    format!("@misc{{{},\n{}\n}}\n", citation.key, fields.join(",\n"))
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
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(symbol);
            }
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
    use super::*;

    #[test]
    fn tex_sees_no_command_of_a_title() {
        let entry = entry(&thorny());
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
        let entry = entry(&thorny());
        assert!(entry.contains("author = {{Bürgerrechte \\& Söhne e.V.} and {Құқық орталығы}}"), "{entry}");
        assert!(entry.contains("organization = {Chargesheet}") && entry.contains("month = nov,"), "{entry}");
    }
}
