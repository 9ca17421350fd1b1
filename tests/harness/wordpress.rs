//! A model of WordPress with a pasted address: it finds the oEmbed answer, and keeps little of the answer's HTML.
//!
//! Rewritten after `wp_filter_oembed_result` and `wp_kses` of WordPress, for providers that are not on its list.

use crate::html;

/// The script that WordPress adds to a page with such a frame.
pub const SCRIPT: &str = include_str!("wordpress.js");

/// Bytes at the beginning of a page in which WordPress looks for the link.
const READ: usize = 150 * 1024;

/// The attributes that WordPress keeps, by element.
const KEPT: [(&str, &[&str]); 3] = [
    ("a", &["href"]),
    ("blockquote", &[]),
    (
        "iframe",
        &["src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"],
    ),
];

/// Returns the address of the oEmbed answer that a page names in its head, by WordPress's method.
pub fn discover(page: &str) -> Option<String> {
    let read = &page[..page.floor_char_boundary(READ)];
    let head = read.split_once("</head>").map_or(read, |(head, _)| head);
    let links = head.split("<link").skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag));
    links
        .filter(|tag| html::attributes(tag, "type") == ["application/json+oembed"])
        .find_map(|tag| html::attributes(tag, "href").into_iter().next())
}

/// Returns the HTML that WordPress puts into an article for the `html` of an oEmbed answer; `None` when WordPress refuses it.
pub fn filter(answer: &str, secret: &str) -> Option<String> {
    let kept = keep_allowed(answer);
    // A quotation counts only at the very beginning: `(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)`.
    let end = "</blockquote>";
    let quotation = kept.strip_prefix("<blockquote>").and_then(|rest| rest.split_once(end));
    let quotation = quotation.map(|(inside, _)| inside);
    let close = kept.rfind("></iframe>")?;
    let frame = kept[..close].rfind("<iframe").map(|open| &kept[open + "<iframe".len()..close])?;
    let frame = html::attributes(frame, "src").first().map_or_else(
        || frame.to_owned(),
        |source| {
            let address: String = source.chars().filter(|&symbol| is_kept_in_an_address(symbol)).collect();
            let address = format!("{address}#?secret={secret}").replace('&', "&#038;");
            let attributes = [" src=\"", &escape(source), "\""].concat();
            frame.replace(&attributes, &format!(" src=\"{address}\" data-secret=\"{secret}\""))
        },
    );
    let sandbox = "class=\"wp-embedded-content\" sandbox=\"allow-scripts\" security=\"restricted\"";
    Some(match quotation {
        Some(inside) => format!(
            "<blockquote class=\"wp-embedded-content\" data-secret=\"{secret}\">{inside}{end}<iframe {sandbox} \
             style=\"position: absolute; visibility: hidden;\"{frame}></iframe>"
        ),
        None => format!("<iframe {sandbox}{frame}></iframe>"),
    })
}

/// Drops every tag and attribute that is not allowed. The text between tags stays.
fn keep_allowed(answer: &str) -> String {
    let mut out = String::new();
    let mut rest = answer;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            return out;
        };
        let name = tag.trim_start_matches('/').split(|symbol: char| !symbol.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if let Some((_, attributes)) = KEPT.iter().find(|(own, _)| *own == name) {
            if tag.starts_with('/') {
                out.push_str(&format!("</{name}>"));
            } else {
                out.push_str(&format!("<{name}"));
                for attribute in *attributes {
                    for value in html::attributes(&format!(" {tag}"), attribute).iter().take(1) {
                        out.push_str(&format!(" {attribute}=\"{}\"", escape(value)));
                    }
                }
                out.push('>');
            }
        }
        rest = after;
    }
    out + rest
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns whether `esc_url` keeps a character; it silently drops all others.
fn is_kept_in_an_address(symbol: char) -> bool {
    symbol.is_ascii_alphanumeric() || !symbol.is_ascii() || "-~+_.?#=!&;,/:%@$|*'()[]".contains(symbol)
}

#[cfg(test)]
mod tests {
    use super::{discover, filter};

    #[test]
    fn a_script_and_every_other_attribute_is_lost() {
        let answer = "<blockquote class=\"x\"><a href=\"https://h/a?b=1&amp;c=2\" target=\"_blank\">T</a></blockquote>\
                      <script src=\"https://h/s.js\"></script>\
                      <iframe src=\"https://h/embed?b=1&amp;c=2\" width=\"600\" height=\"400\" loading=\"lazy\" style=\"x\"></iframe>";
        let kept = filter(answer, "aB3").unwrap_or_default();
        assert_eq!(
            kept,
            "<blockquote class=\"wp-embedded-content\" data-secret=\"aB3\"><a href=\"https://h/a?b=1&amp;c=2\">T</a>\
             </blockquote><iframe class=\"wp-embedded-content\" sandbox=\"allow-scripts\" security=\"restricted\" \
             style=\"position: absolute; visibility: hidden;\" src=\"https://h/embed?b=1&#038;c=2#?secret=aB3\" \
             data-secret=\"aB3\" width=\"600\" height=\"400\"></iframe>"
        );
    }

    #[test]
    fn an_answer_without_a_frame_or_with_text_in_it_is_refused() {
        assert_eq!(filter("<img src=\"https://h/a.png\">", "a"), None);
        assert_eq!(filter("<iframe src=\"https://h/\">a frame</iframe>", "a"), None);
    }

    #[test]
    fn a_quotation_that_is_not_at_the_start_is_lost() {
        let late = "\n<blockquote>T</blockquote><iframe src=\"https://h/\"></iframe>";
        let kept = filter(late, "a").unwrap_or_default();
        assert!(!kept.contains("blockquote") && !kept.contains("hidden"), "{kept}");
    }

    #[test]
    fn a_link_is_found_in_the_head_only() {
        let link = "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"https://h/o?u=1&amp;f=2\" title=\"T\">";
        assert_eq!(discover(&format!("<head>{link}</head>")).as_deref(), Some("https://h/o?u=1&f=2"));
        assert_eq!(discover(&format!("<head></head>{link}")), None);
    }
}
