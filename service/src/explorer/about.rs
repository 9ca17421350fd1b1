//! The page about the publisher, from a text of the operator's in a part of Markdown (CommonMark): headings, paragraphs, lists, quotes,
//! emphasis, code and links. Everything else is refused when the program starts, so that no page holds markup that nobody looked at.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use askama::Template;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::frame::{Frame, PageError, read_language};
use crate::domain::Language;
use crate::present::texts::{Texts, attribute};

/// Most bytes of a text.
const LONGEST: usize = 64 * 1024;

/// Where links may lead.
const SCHEMES: [&str; 3] = ["https://", "mailto:", "/"];

/// The texts about the publisher, by language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pages: BTreeMap<Language, Text>,
}

/// A text as HTML, with its title.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    title: String,
    html: String,
}

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AboutError {
    /// The text is too long.
    #[error("has {found} bytes; at most {LONGEST} are shown")]
    Long {
        /// Its bytes.
        found: usize,
    },
    /// The text is not UTF-8.
    #[error("is no UTF-8 text, from byte {at} on")]
    Encoding {
        /// Place of the first wrong byte.
        at: usize,
    },
    /// The text does not begin with a title.
    #[error("does not begin with a title; write `# ` and the title into the first line")]
    Title,
    /// Something that is not shown.
    #[error(
        "line {line}: {what} is not shown; write headings, paragraphs, lists, quotes, emphasis, code and links to https:, mailto: or /"
    )]
    Markup {
        /// Line of the text, from 1.
        line: usize,
        /// What stands there.
        what: String,
    },
}

/// The texts that the program brings.
const DEFAULT: [&str; 3] =
    [include_str!("../../about/en.md"), include_str!("../../about/ru.md"), include_str!("../../about/kk.md")];

impl Default for About {
    fn default() -> Self {
        let text = |text: &str| Text::of(text).expect("the texts are compiled in and tested");
        Self { pages: Language::all().zip(DEFAULT).map(|(language, own)| (language, text(own))).collect() }
    }
}

impl About {
    /// Makes the texts of an operator's files. A language without a file has the English text.
    ///
    /// # Errors
    /// When a text is too long, is not UTF-8, or has what is not shown. The error names its language.
    pub fn of(files: impl IntoIterator<Item = (Language, Vec<u8>)>) -> Result<Self, (Language, AboutError)> {
        let mut pages = BTreeMap::new();
        for (language, bytes) in files {
            let read = || {
                if bytes.len() > LONGEST {
                    return Err(AboutError::Long { found: bytes.len() });
                }
                let text = std::str::from_utf8(&bytes);
                Text::of(text.map_err(|error| AboutError::Encoding { at: error.valid_up_to() })?)
            };
            pages.insert(language, read().map_err(|error| (language, error))?);
        }
        Ok(Self { pages })
    }

    /// Returns the title for a language, which may name the publisher, and the language that it is in.
    pub fn title(&self, language: Language) -> (&str, Language) {
        match self.text(language) {
            Some((text, own)) => (text.title.as_str(), own),
            None => (Texts::of(language).about.get("title"), language),
        }
    }

    /// Returns the text for a language, and the language that it is in.
    fn text(&self, language: Language) -> Option<(&Text, Language)> {
        let own = |language| self.pages.get(&language).map(|text| (text, language));
        own(language).or_else(|| own(Language::ENGLISH))
    }
}

#[derive(Template)]
#[template(path = "about.html")]
struct Page {
    frame: Frame,
    /// Language of the text, where it is not that of the page.
    lang: &'static str,
    html: String,
}

/// Returns the page about the publisher. `base` is the public address of the service.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn about(about: &About, base: &str, query: &str) -> Result<String, PageError> {
    let language = read_language(query)?;
    let (title, own) = about.title(language);
    let named = format!("{title} – Chargesheet");
    let frame = Frame::new(language, named, title.to_owned(), base, ["/about", ""]);
    let lang = if own == language { "" } else { own.code() };
    let html = about.text(language).map_or(String::new(), |(text, _)| text.html.clone());
    Ok(Page { frame, lang, html }.render()?)
}

impl Text {
    /// Turns a text into HTML. All characters are escaped, so the HTML holds the elements written here and no others.
    fn of(text: &str) -> Result<Self, AboutError> {
        let (mut html, mut title, mut heading) = (String::new(), String::new(), None);
        for (event, place) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
            let refuse = |what: &str| Err(refused(text, &place, what));
            match &event {
                Event::Start(Tag::Heading { level, .. }) => heading = Some(*level),
                Event::End(TagEnd::Heading(HeadingLevel::H1)) if title.trim().is_empty() => {
                    return Err(AboutError::Title);
                }
                Event::Text(words) if heading == Some(HeadingLevel::H1) => title.push_str(words),
                Event::Start(_) | Event::End(_) | Event::Text(_) | Event::Code(_) if title.is_empty() => {
                    return Err(AboutError::Title);
                }
                _ => {}
            }
            match event {
                Event::Start(tag) => match opened(&tag) {
                    Ok(markup) => html.push_str(&markup),
                    Err(what) => return refuse(what),
                },
                Event::End(tag) => {
                    if matches!(tag, TagEnd::Heading(_)) {
                        heading = None;
                    }
                    html.push_str(closed(tag));
                }
                Event::Text(words) => html.push_str(&attribute(&words)),
                // Writing to a string never fails.
                Event::Code(words) => _ = write!(html, "<code>{}</code>", attribute(&words)),
                Event::SoftBreak => html.push('\n'),
                Event::HardBreak => html.push_str("<br>"),
                Event::Html(_) | Event::InlineHtml(_) => return refuse("HTML"),
                Event::Rule => return refuse("a line across"),
                _ => return refuse("this"),
            }
        }
        if title.is_empty() { Err(AboutError::Title) } else { Ok(Self { title, html }) }
    }
}

/// Returns the HTML that opens an element, or what the element is where it is not shown.
fn opened(tag: &Tag<'_>) -> Result<String, &'static str> {
    Ok(match tag {
        Tag::Paragraph => "<p>".to_owned(),
        Tag::Heading { level: HeadingLevel::H1, .. } => "<h1>".to_owned(),
        Tag::Heading { level: HeadingLevel::H2, .. } => "<h2>".to_owned(),
        Tag::Heading { level: HeadingLevel::H3, .. } => "<h3>".to_owned(),
        Tag::Heading { level: HeadingLevel::H4, .. } => "<h4>".to_owned(),
        Tag::Heading { .. } => return Err("a heading below the fourth level"),
        Tag::List(None) => "<ul>".to_owned(),
        Tag::List(Some(1)) => "<ol>".to_owned(),
        Tag::List(Some(first)) => format!("<ol start=\"{first}\">"),
        Tag::Item => "<li>".to_owned(),
        Tag::BlockQuote(_) => "<blockquote>".to_owned(),
        Tag::CodeBlock(_) => "<pre><code>".to_owned(),
        Tag::Emphasis => "<em>".to_owned(),
        Tag::Strong => "<strong>".to_owned(),
        Tag::Link { dest_url, .. } => {
            let is_ours =
                SCHEMES.iter().any(|scheme| dest_url.starts_with(scheme)) && !dest_url.starts_with("//");
            if !is_ours || dest_url.contains(['\\', '\n', '\r', '\t']) {
                return Err("a link that leads elsewhere");
            }
            format!("<a href=\"{}\">", attribute(dest_url))
        }
        Tag::Image { .. } => return Err("a picture"),
        Tag::HtmlBlock => return Err("HTML"),
        _ => return Err("this"),
    })
}

fn closed(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::Heading(HeadingLevel::H1) => "</h1>\n",
        TagEnd::Heading(HeadingLevel::H2) => "</h2>\n",
        TagEnd::Heading(HeadingLevel::H3) => "</h3>\n",
        TagEnd::Heading(_) => "</h4>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::CodeBlock => "</code></pre>\n",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Link => "</a>",
        _ => "",
    }
}

fn refused(text: &str, place: &Range<usize>, what: &str) -> AboutError {
    let before = text.get(..place.start).unwrap_or(text);
    AboutError::Markup { line: before.matches('\n').count() + 1, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        Text::of(text).unwrap().html
    }

    #[test]
    fn what_is_allowed_is_shown() {
        let shown = html(
            "# Who\n\nWe *count* **all**: `x < y`.\n\n- one\n- [two](https://example.org/?a=1&b=2)\n\n> said",
        );
        for part in [
            "<h1>Who</h1>",
            "<em>count</em> <strong>all</strong>: <code>x &lt; y</code>",
            "<li>one</li>",
            "<a href=\"https://example.org/?a=1&amp;b=2\">two</a>",
            "<blockquote><p>said</p>\n</blockquote>",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_refused_with_its_line() {
        for (text, line, what) in [
            ("# T\n\n<script>alert(1)</script>\n", 3, "HTML"),
            ("# T\n\na <b>bold</b> word\n", 3, "HTML"),
            ("# T\n\n![x](https://example.org/x.png)\n", 3, "a picture"),
            ("# T\n\n\n[x](javascript:alert(1))\n", 4, "a link that leads elsewhere"),
            ("# T\n\n[x](//example.org)\n", 3, "a link that leads elsewhere"),
            ("# T\n\n[x](http://example.org)\n", 3, "a link that leads elsewhere"),
            ("# T\n\n---\n", 3, "a line across"),
            ("# T\n\n##### five\n", 3, "a heading below the fourth level"),
        ] {
            let expected = AboutError::Markup { line, what: what.to_owned() };
            assert_eq!(Text::of(text), Err(expected), "{text}");
        }
        for text in ["", "words", "- list\n\n# T"] {
            assert_eq!(Text::of(text), Err(AboutError::Title), "{text}");
        }
        let of = |bytes: Vec<u8>| About::of([(Language::ENGLISH, bytes)]);
        let long = of(vec![b'x'; LONGEST + 1]);
        assert_eq!(long, Err((Language::ENGLISH, AboutError::Long { found: LONGEST + 1 })));
        assert_eq!(of(b"# T\xff".to_vec()), Err((Language::ENGLISH, AboutError::Encoding { at: 3 })));
    }

    #[test]
    fn the_texts_that_the_program_brings_are_shown_in_every_language() {
        let about = About::default();
        for language in Language::all().take(3) {
            let (text, own) = about.text(language).unwrap();
            assert_eq!(own, language);
            assert!(text.html.matches("<h2>").count() >= 5 && text.title.contains("Chargesheet"));
        }
        let own = About::of([(Language::ENGLISH, b"# Own".to_vec())]).unwrap();
        assert_eq!(
            own.text(Language::KAZAKH).map(|(text, own)| (text.title.as_str(), own)),
            Some(("Own", Language::ENGLISH))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_becomes_markup_that_is_not_allowed(text in "\\PC{0,200}") {
            if let Ok(shown) = Text::of(&format!("# T\n\n{text}")) {
                let lower = shown.html.to_lowercase();
                for wrong in ["<script", "<img", "<iframe", "<style", " onerror=", "href=\"javascript", "href=\"http:", "href=\"data"] {
                    assert!(!lower.contains(wrong) || lower.contains("&lt;"), "{text}: {lower}");
                }
            }
        }
    }
}
