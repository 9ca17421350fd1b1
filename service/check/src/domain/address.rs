//! Web addresses in data.

/// Whether a text is an address that a page may link to: only `http` and `https` are. `javascript:` and `data:` would
/// run in the page, `file:` is the reader's own disk, and `//host` takes the scheme of the page.
pub fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let has_host = !rest.is_empty() && !rest.starts_with(['/', '\\', '?', '#']);
        has_host && !rest.contains(|sign: char| sign.is_whitespace() || sign.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_led_to() {
        for right in ["https://example.org", "http://example.org/a?b#c", "https://пример.рф/«x»"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "example.org",
            "//example.org",
            "/a",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.org",
            "https:",
            "https://",
            "https:///x",
            "https://?x",
            "https://a b",
            "https://a\nb",
            "java\nscript:alert(1)",
            "mailto:a@example.org",
            "blob:https://example.org/1",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
