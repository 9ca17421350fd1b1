//! Our own pages, read for their links: attributes always stand in double quotes, as the templates write them.

use std::collections::BTreeMap;

use crate::present::texts::fill;

/// Where what only a running service can do begins and ends in a page.
const LIVE: (&str, &str) = ("<!--live-->", "<!--/live-->");
/// Where a copy says that it is one.
const NOTE: &str = "<!--mirror-->";

/// What a page begins with that says itself what it may load.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";
/// What a policy can say in a header only (Content Security Policy Level 3, 3.3): a page from files may stand in any frame.
const IN_HEADERS_ONLY: [&str; 3] = ["frame-ancestors", "sandbox", "report-uri"];

/// Attributes that lead somewhere.
const LEADING: [&str; 3] = ["href", "src", "srcset"];

/// Elements whose content is text, whatever it looks like.
const TEXTS: [&str; 3] = ["script", "style", "textarea"];

/// A page of a mirror.
#[derive(Debug)]
pub struct Page {
    /// What it says, its links still those of the service.
    pub html: String,
}

impl Page {
    /// Takes out of a page what only the service can do, and says in its language that it is a copy. What the page may load
    /// and run, which the service says in a header, stands in the copy itself: whoever serves files sends no such header.
    pub fn of(html: &str, notes: &BTreeMap<String, String>, policy: &str) -> Self {
        let mut kept = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, live)) = rest.split_once(LIVE.0) {
            kept.push_str(before);
            // Without an end, everything to the end of the page belongs to it.
            rest = live.split_once(LIVE.1).map_or("", |(_, behind)| behind);
        }
        kept.push_str(rest);
        let language = kept.split_once("<html lang=\"").and_then(|(_, rest)| rest.split('"').next());
        let note = language.and_then(|code| notes.get(code)).or_else(|| notes.get("en"));
        let note = note.map_or(String::new(), |note| format!("<p class=\"notice\">{note}</p>"));
        let html = kept.replace(NOTE, &note);
        Self {
            html: if html.contains(POLICY) { html } else { html.replacen("<head>", &head_with(policy), 1) },
        }
    }

    /// Returns the page with every link of ours led to its file: `place` knows the files, and what has none is
    /// asked of the service at its public address.
    pub fn linked(&self, place: impl Fn(&str) -> Option<String>, public: &str) -> String {
        let lead = |address: &str| {
            if !address.starts_with('/') {
                return address.to_owned();
            }
            let (asked, fragment) =
                address.split_once('#').map_or((address, ""), |(asked, _)| (asked, &address[asked.len()..]));
            place(asked).map_or_else(|| format!("{public}{address}"), |found| format!("{found}{fragment}"))
        };
        let mut out = String::with_capacity(self.html.len());
        let mut written = 0;
        for value in values(&self.html) {
            out.push_str(&self.html[written..value.start]);
            let text = unescaped(&self.html[value.start..value.end]);
            let led = if value.is_set {
                let each = text.split(", ").map(|one| match one.split_once(' ') {
                    Some((address, size)) => format!("{} {size}", lead(address)),
                    None => lead(one),
                });
                each.collect::<Vec<_>>().join(", ")
            } else {
                lead(&text)
            };
            out.push_str(&escaped(&led));
            written = value.end;
        }
        out.push_str(&self.html[written..]);
        out
    }
}

/// The beginning of a head with a policy: first of all, for it holds from there on.
fn head_with(policy: &str) -> String {
    let said = policy.split(';').map(str::trim).filter(|said| !said.is_empty());
    let kept =
        said.filter(|said| !said.split(' ').next().is_some_and(|name| IN_HEADERS_ONLY.contains(&name)));
    format!("<head>\n{POLICY} content=\"{}\">", escaped(&kept.collect::<Vec<_>>().join("; ")))
}

/// Returns the addresses of ours that a page leads to, without fragments, each once, in the order of the page.
pub fn links(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values(html) {
        let text = unescaped(&html[value.start..value.end]);
        let addresses: Vec<&str> = if value.is_set {
            text.split(", ").filter_map(|one| one.split(' ').next()).collect()
        } else {
            vec![&text]
        };
        for address in addresses {
            let address = address.split('#').next().unwrap_or_default();
            let is_ours = address.starts_with('/') && !address.starts_with("//");
            if is_ours && !found.iter().any(|known| known == address) {
                found.push(address.to_owned());
            }
        }
    }
    found
}

/// The value of an attribute that leads somewhere: where it begins and ends in the page.
struct Value {
    start: usize,
    end: usize,
    is_set: bool,
}

/// Goes through the tags of a page.
fn values(html: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut place = 0;
    while let Some(open) = html[place..].find('<').map(|ahead| place + ahead) {
        if html[open..].starts_with("<!--") {
            place = html[open..].find("-->").map_or(html.len(), |ahead| open + ahead + 3);
            continue;
        }
        let end = end_of_tag(html, open);
        let tag = &html[open..end];
        for name in LEADING {
            let mut sought = 0;
            let wanted = format!(" {name}=\"");
            while let Some(at) = tag[sought..].find(&wanted).map(|ahead| sought + ahead + wanted.len()) {
                let length = tag[at..].find('"').unwrap_or(tag.len() - at);
                found.push(Value { start: open + at, end: open + at + length, is_set: name == "srcset" });
                sought = at + length;
            }
        }
        let name = tag[1..].split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        place = end;
        if TEXTS.contains(&name) {
            place = html[end..].find(&format!("</{name}")).map_or(html.len(), |ahead| end + ahead);
        }
    }
    found.sort_by_key(|value| value.start);
    found
}

/// Where a tag ends: at the first `>` that stands in no quotes.
fn end_of_tag(html: &str, open: usize) -> usize {
    let mut quoted = false;
    for (ahead, byte) in html.as_bytes()[open..].iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return open + ahead + 1,
            _ => {}
        }
    }
    html.len()
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns what a copy of a service says in a language, as HTML.
pub fn note(text: &str, public: &str) -> String {
    let link = format!("<a href=\"{0}/\" rel=\"noreferrer\">{0}</a>", escaped(public));
    // The sentence is ours; only the address is not.
    fill(&escaped(text), &[("service", &link)])
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
