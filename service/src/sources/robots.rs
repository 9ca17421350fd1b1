//! `robots.txt` (RFC 9309): which addresses of a site its owner lets programs fetch.

/// The name that this program has in the file. It also begins its `User-Agent`.
pub const PRODUCT: &str = "chargesheet";
/// Bytes of the file that are read. RFC 9309 asks for at least 500 KiB.
pub const LARGEST: usize = 512 << 10;

/// The rules of a site for this program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    /// Whether each rule allows, and its pattern in its normal form.
    rules: Vec<(bool, Vec<u8>)>,
}

impl Robots {
    /// Reads the file. It never fails: a line that cannot be understood says nothing.
    pub fn read(file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let text = text.trim_start_matches('\u{feff}');
        let (mut own, mut others) = (None, Self::default());
        // For whom the rules that follow are. Lines of agents that stand one after the other share their rules.
        let (mut is_for_us, mut is_for_all, mut in_agents) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if !in_agents {
                        (is_for_us, is_for_all, in_agents) = (false, false, true);
                    }
                    is_for_us |= product(value).eq_ignore_ascii_case(PRODUCT);
                    is_for_all |= value.starts_with('*');
                    if is_for_us {
                        own.get_or_insert_with(Self::default);
                    }
                }
                "allow" | "disallow" => {
                    in_agents = false;
                    if value.is_empty() {
                        continue;
                    }
                    let rule = (key == "allow", normal(value));
                    if is_for_us {
                        own.get_or_insert_with(Self::default).rules.push(rule.clone());
                    }
                    if is_for_all {
                        others.rules.push(rule);
                    }
                }
                _ => {}
            }
        }
        own.unwrap_or(others)
    }

    /// Whether an address may be fetched. `path` has the query with it.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        let matching = self.rules.iter().filter(|(_, pattern)| matches(pattern, &path));
        // The longest pattern decides. Of two that are equally long, the one that allows does.
        matching.max_by_key(|(allows, pattern)| (pattern.len(), *allows)).is_none_or(|(allows, _)| *allows)
    }
}

/// Returns the product of a line: what stands before a version.
fn product(value: &str) -> &str {
    let end = value.find(|sign: char| !(sign.is_ascii_alphabetic() || sign == '-' || sign == '_'));
    &value[..end.unwrap_or(value.len())]
}

/// Returns a path or pattern in the form in which octets are compared: whatever may be written both ways is written in one.
fn normal(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        let decoded = match (first, others) {
            (b'%', [high, low, after @ ..]) => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high << 4 | low, after))
            }
            _ => None,
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match decoded {
            Some((byte, after)) => {
                rest = after;
                if is_plain(byte) { bytes.push(byte) } else { bytes.extend(format!("%{byte:02X}").bytes()) }
            }
            None if first.is_ascii() => bytes.push(*first),
            None => bytes.extend(format!("%{first:02X}").bytes()),
        }
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Whether a path begins as a pattern says: `*` is any text, `$` at the end is the end of the path.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern {
        [pattern @ .., b'$'] => (pattern, true),
        _ => (pattern, false),
    };
    let mut parts = pattern.split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut last: Option<&[u8]> = None;
    for part in parts {
        // A part in the middle is taken where it stands first: that leaves most for the others.
        if let Some(part) = last.replace(part) {
            let Some(at) = memchr::memmem::find(rest, part) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    match last {
        None => !to_end || rest.is_empty(),
        Some(last) if to_end => rest.ends_with(last),
        Some(last) => memchr::memmem::find(rest, last).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(file: &str, path: &str) -> bool {
        Robots::read(file.as_bytes()).allows(path)
    }

    #[test]
    fn the_longest_rule_decides_and_of_two_equal_ones_the_one_that_allows() {
        let file = "User-agent: *\nDisallow: /a/\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /e\nDisallow: /e\n";
        for (path, right) in
            [("/", true), ("/a", true), ("/a/", false), ("/a/b", true), ("/a/b/c", false), ("/e", true)]
        {
            assert_eq!(allowed(file, path), right, "{path}");
        }
        assert!(allowed("", "/a") && allowed("User-agent: *\nDisallow:\n", "/a"));
        assert!(!allowed("User-agent: *\nDisallow: /\n", "/a"));
    }

    #[test]
    fn the_own_group_is_taken_in_the_place_of_that_for_all() {
        let file = "user-agent: *\ndisallow: /\n\nUser-Agent: other\nUser-Agent: ChargeSheet/1.0\nDisallow: /x # why\n\
                    Sitemap: https://a.example/s\nUser-agent: another\nDisallow: /\n";
        assert!(allowed(file, "/a") && !allowed(file, "/x1"));
        // Groups for the same agent are one group.
        let two = "User-agent: chargesheet\nDisallow: /a\nUser-agent: b\nDisallow: /\nUser-agent: chargesheet\nDisallow: /c\n";
        assert!(!allowed(two, "/a") && allowed(two, "/b") && !allowed(two, "/c"));
        // A group without rules lets its agent fetch everything.
        assert!(allowed("User-agent: *\nDisallow: /\nUser-agent: chargesheet\nDisallow:\n", "/a"));
        assert!(!allowed("User-agent: *\nDisallow: /\nUser-agent: chargesheet-other\nDisallow:\n", "/a"));
        // Rules before any agent are nobody's.
        assert!(allowed("Disallow: /\n", "/a"));
    }

    #[test]
    fn stars_and_the_end_are_understood() {
        for (pattern, path, right) in [
            ("/*.pdf$", "/a/b.pdf", true),
            ("/*.pdf$", "/a/b.pdf?x", false),
            ("/*.pdf", "/a/b.pdf?x", true),
            ("/a*b*c", "/a-b-c-d", true),
            ("/a*b*c", "/a-c-b", false),
            ("/a*b$", "/a-b-b", true),
            ("/a*a$", "/a", false),
            ("/$", "/", true),
            ("/$", "/a", false),
            ("/a$b", "/a$b", true),
            ("*", "/a", true),
            ("/a**b", "/axb", true),
        ] {
            assert_eq!(matches(&normal(pattern), &normal(path)), right, "{pattern} {path}");
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_the_same_address() {
        for (pattern, path) in [
            ("/%7Ea", "/~a"),
            ("/~a", "/%7ea"),
            ("/дело", "/%D0%B4%d0%B5%D0%BB%D0%BE"),
            ("/a%3cb", "/a%3Cb"),
            ("/%zz", "/%zz"),
        ] {
            assert!(!allowed(&format!("User-agent: *\nDisallow: {pattern}\n"), path), "{pattern} {path}");
        }
        // An encoded slash is no slash.
        assert!(allowed("User-agent: *\nDisallow: /a/b\n", "/a%2Fb"));
    }

    proptest! {
        #[test]
        fn no_file_does_harm(file in "(user-agent|disallow|allow|:|\\*|\\$|/|%|\n|\r|chargesheet|.){0,40}", path in ".{0,20}") {
            Robots::read(file.as_bytes()).allows(&path);
        }

        #[test]
        fn a_pattern_matches_as_its_definition_says(pattern in "[ab*]{0,6}\\$?", path in "[ab]{0,6}") {
            fn defined(pattern: &[u8], path: &[u8]) -> bool {
                match pattern {
                    [] => true,
                    [b'$'] => path.is_empty(),
                    [b'*', rest @ ..] => (0..=path.len()).any(|at| defined(rest, &path[at..])),
                    [own, rest @ ..] => path.first() == Some(own) && defined(rest, &path[1..]),
                }
            }
            prop_assert_eq!(matches(pattern.as_bytes(), path.as_bytes()), defined(pattern.as_bytes(), path.as_bytes()));
        }
    }
}
