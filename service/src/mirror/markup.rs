//! Finds and rewrites the links in pages of the service. Their attributes always have double quotes, because the templates write
//! them so.

use std::collections::BTreeMap;

use crate::present::texts::{attribute, fill};

/// Markers around parts of a page that need a running service.
const LIVE: (&str, &str) = ("<!--live-->", "<!--/live-->");
/// Marker for the note that the page is a copy.
const NOTE: &str = "<!--mirror-->";

/// The element with which a page itself says what it may load.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";
/// Directives that are valid only in a header (Content Security Policy Level 3, 3.3). So a page served from files may stand in any
/// frame.
const IN_HEADERS_ONLY: [&str; 3] = ["frame-ancestors", "sandbox", "report-uri"];

/// Elements whose content is plain text, even where it looks like markup.
const TEXTS: [&str; 3] = ["script", "style", "textarea"];

/// A page of a mirror.
#[derive(Debug)]
pub struct Page {
    /// The HTML, with its links still leading to the service.
    pub html: String,
}

impl Page {
    /// Removes the parts of a page that need a running service, and adds the note that it is a copy, in the language of the page.
    /// The service says in a header what the page may load and run. A file server sends no such header, so the policy is written
    /// into the page.
    pub fn of(html: &str, notes: &BTreeMap<String, String>, policy: &str) -> Self {
        let mut kept = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, live)) = rest.split_once(LIVE.0) {
            kept.push_str(before);
            // If the end marker is missing, the rest of the page is removed.
            rest = live.split_once(LIVE.1).map_or("", |(_, behind)| behind);
        }
        kept.push_str(rest);
        let language = kept.split_once("<html lang=\"").and_then(|(_, rest)| rest.split('"').next());
        let note = language.and_then(|code| notes.get(code)).or_else(|| notes.get("en"));
        let note = note.map_or(String::new(), |note| format!("<p class=\"notice\">{note}</p>"));
        let html = led(&kept.replace(NOTE, &note), as_file);
        Self {
            html: if html.contains(POLICY) { html } else { html.replacen("<head>", &head_with(policy), 1) },
        }
    }

    /// Returns the page with each link leading to its file. `place` returns the file of an address. Links without a file lead to
    /// the service at its public address.
    pub fn linked(&self, place: impl Fn(&str) -> Option<String>, public: &str) -> String {
        led(&self.html, |address| {
            if !address.starts_with('/') {
                return address.to_owned();
            }
            let (asked, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
            place(asked).map_or_else(|| format!("{public}{address}"), |found| format!("{found}{fragment}"))
        })
    }
}

/// Returns the file that stands in a copy for a page made for each request: the evidence behind a figure is there as its CSV, once
/// for all languages.
fn as_file(address: &str) -> String {
    let file = || {
        let (path, query) = address.strip_prefix("/evidence/")?.split_once('?')?;
        let query = query.split('&').filter(|pair| !pair.starts_with("lang="));
        Some(format!("/v1/datasets/{path}/evidence.csv?{}", query.collect::<Vec<_>>().join("&")))
    };
    file().unwrap_or_else(|| address.to_owned())
}

/// Returns the beginning of a head with the policy. It comes first, because a policy applies only to what follows it.
fn head_with(policy: &str) -> String {
    let said = policy.split(';').map(str::trim).filter(|said| !said.is_empty());
    let kept =
        said.filter(|said| !said.split(' ').next().is_some_and(|name| IN_HEADERS_ONLY.contains(&name)));
    format!("<head>\n{POLICY} content=\"{}\">", attribute(&kept.collect::<Vec<_>>().join("; ")))
}

/// Returns the addresses of the service that a page links to, without fragments. Each occurs once, in the order of the page.
pub fn links(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    led(html, |address| {
        let own = address.split('#').next().unwrap_or_default();
        let is_ours = own.starts_with('/') && !own.starts_with("//");
        if is_ours && !found.iter().any(|known| known == own) {
            found.push(own.to_owned());
        }
        String::new()
    });
    found
}

/// Returns the page with each address in an attribute replaced by the result of `lead`.
fn led(html: &str, mut lead: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.find('<').map(|open| rest.split_at(open)) {
        out.push_str(before);
        let is_comment = tag.starts_with("<!--");
        let comment = || tag.find("-->").map_or(tag.len(), |ahead| ahead + 3);
        let (tag, behind) = tag.split_at(if is_comment { comment() } else { end_of_tag(tag) });
        if is_comment {
            out.push_str(tag);
        } else {
            out.push_str(&led_tag(tag, &mut lead));
        }
        let name = tag[1..].split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_text = TEXTS.contains(&name);
        let text = if is_text { behind.find(&format!("</{name}")).unwrap_or(behind.len()) } else { 0 };
        out.push_str(&behind[..text]);
        rest = &behind[text..];
    }
    out + rest
}

/// Rewrites the addresses in a tag. Text between an odd quote and the next is a value, and the text before the odd quote ends in
/// the attribute's name.
fn led_tag(tag: &str, lead: &mut impl FnMut(&str) -> String) -> String {
    let parts: Vec<&str> = tag.split('"').collect();
    let part = |place: usize| {
        let is_value = |name: &str| place % 2 == 1 && parts[place - 1].ends_with(&format!(" {name}="));
        if is_value("srcset") {
            let set = unescaped(parts[place]);
            let each = set.split(", ").map(|one| match one.split_once(' ') {
                Some((address, size)) => format!("{} {size}", lead(address)),
                None => lead(one),
            });
            attribute(&each.collect::<Vec<_>>().join(", "))
        } else if is_value("href") || is_value("src") {
            attribute(&lead(&unescaped(parts[place])))
        } else {
            parts[place].to_owned()
        }
    };
    (0..parts.len()).map(part).collect::<Vec<_>>().join("\"")
}

/// Returns the end of a tag: the position after the first `>` outside quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut is_quoted = false;
    let end = tag.find(|sign| {
        is_quoted ^= sign == '"';
        sign == '>' && !is_quoted
    });
    end.map_or(tag.len(), |end| end + 1)
}

fn unescaped(text: &str) -> String {
    let named = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

/// Returns the note that a page is a copy of a service, as HTML in one language.
pub fn note(text: &str, public: &str) -> String {
    let link = format!("<a href=\"{0}/\" rel=\"noreferrer\">{0}</a>", attribute(public));
    // The sentence is part of the program, and only the address comes from outside.
    fill(&attribute(text), &[("service", &link)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<!doctype html><html lang=\"ru\"><head><link rel=\"icon\" href=\"/assets/mark.svg\"></head><body><!--mirror-->\
        <!--live--><form action=\"/\"><a href=\"/live\">x</a></form><!--/live-->\
        <a title=\"a > b\" href=\"/statutes/A?dataset=x&amp;lang=ru#years\">a</a> <a href=\"https://elsewhere/\">b</a><a href=\"#content\">c</a>\
        <picture><source srcset=\"/v1/c.svg?a=1&amp;b=2 1x, /v1/d.svg 2x\"><img src=\"/missing.png\"></picture>\
        <textarea><a href=\"/in/text\"></textarea><script>\"<a href='/x'>\"; let a = ' href=\"/in/script\"';</script></body></html>";

    fn page() -> Page {
        Page::of(
            HTML,
            &BTreeMap::from([("ru".to_owned(), "Копия".to_owned()), ("en".to_owned(), "Copy".to_owned())]),
            "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox allow-scripts",
        )
    }

    #[test]
    fn links_are_found_where_they_lead_and_nowhere_else() {
        let found = links(&page().html);
        let wanted = [
            "/assets/mark.svg",
            "/statutes/A?dataset=x&lang=ru",
            "/v1/c.svg?a=1&b=2",
            "/v1/d.svg",
            "/missing.png",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_copy_says_first_of_all_what_it_may_load() {
        let said = "<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self'\"><link";
        assert!(page().html.contains(said), "{}", page().html);
        let own = format!("<html lang=\"en\"><head>{POLICY} content=\"img-src data:\"></head></html>");
        assert_eq!(Page::of(&own, &BTreeMap::new(), "default-src 'none'").html, own);
    }

    #[test]
    fn a_copy_leads_to_files_and_where_there_is_none_to_the_service() {
        let place = |address: &str| (address != "/missing.png").then(|| format!("../f{}", address.len()));
        let html = page().linked(place, "https://service.example");
        assert!(html.contains("<p class=\"notice\">Копия</p>"), "{html}");
        assert!(html.contains("href=\"../f29#years\""), "{html}");
        assert!(html.contains("srcset=\"../f17 1x, ../f9 2x\""), "{html}");
        assert!(html.contains("src=\"https://service.example/missing.png\""), "{html}");
        assert!(html.contains("href=\"https://elsewhere/\"") && html.contains("href=\"#content\""), "{html}");
        assert!(
            html.contains("<textarea><a href=\"/in/text\">") && html.contains("href=\"/in/script\""),
            "{html}"
        );
        assert!(!html.contains("/live"), "{html}");
    }

    #[test]
    fn a_note_links_to_the_service() {
        let told = note("Copy of {service}.", "https://a.example");
        assert_eq!(told, "Copy of <a href=\"https://a.example/\" rel=\"noreferrer\">https://a.example</a>.");
    }
}
