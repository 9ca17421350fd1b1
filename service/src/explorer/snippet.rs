//! What an editor copies into a page: the picture at once, the element where script runs.

use crate::present::svg::DEFAULT_SIZE;
use crate::query::escape;

/// What a snippet shows.
pub struct Shown<'a> {
    /// Public address of the service, without a final slash.
    pub base: &'a str,
    /// Path of the files: `/v1/datasets/…`, pinned or not.
    pub files: &'a str,
    /// The query with its language, without `?`.
    pub query: &'a str,
    /// Kind of chart; `None` leaves it to the answer.
    pub kind: Option<&'a str>,
    /// Height of the picture in pixels.
    pub height: u32,
    /// What the picture says in words.
    pub alt: &'a str,
    /// Public address of the page with the figures behind it.
    pub page: &'a str,
}

/// Returns the HTML to copy.
pub fn snippet(shown: &Shown<'_>) -> String {
    let Shown { base, files, query, kind, height, alt, page } = shown;
    let size = if *height == DEFAULT_SIZE.1 { String::new() } else { format!(" height=\"{height}\"") };
    let kind_attribute = kind.map_or(String::new(), |kind| format!(" type=\"{}\"", attribute(kind)));
    let answer = attribute(&format!("{base}{files}/aggregate.json?{query}"));
    let picture = attribute(&format!("{base}{}", picture(files, query, *kind, None)));
    let page = attribute(page);
    let script = attribute(&format!("{base}/widget/statute-chart.js"));
    let alt = attribute(alt);
    format!(
        "<statute-chart src=\"{answer}\"{kind_attribute}{size}>\n  \
         <a href=\"{page}\"><img src=\"{picture}\" alt=\"{alt}\" width=\"800\" height=\"{height}\" \
         style=\"max-width:100%;height:auto\"></a>\n\
         </statute-chart>\n\
         <script type=\"module\" src=\"{script}\"></script>\n"
    )
}

/// Returns the path of a picture.
pub fn picture(files: &str, query: &str, kind: Option<&str>, theme: Option<&str>) -> String {
    let mut path = format!("{files}/chart.svg?{query}");
    for (name, value) in [("type", kind), ("theme", theme)] {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", escape(value)));
        }
    }
    path
}

/// Returns a text as it must stand in a quoted attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_snippet_can_end_its_attribute() {
        let html = snippet(&Shown {
            base: "https://x.example",
            files: "/v1/datasets/d",
            query: "by=year&lang=en",
            kind: Some("line"),
            height: 450,
            alt: "a \"b\" <script>",
            page: "https://x.example/statutes/A",
        });
        assert!(html.contains("alt=\"a &quot;b&quot; &lt;script&gt;\""));
        assert!(html.contains("aggregate.json?by=year&amp;lang=en\" type=\"line\""));
    }
}
