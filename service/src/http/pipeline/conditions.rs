//! Conditional requests and ranges: RFC 9110, sections 13 and 14.

use warp::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE};

/// The part of a body that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The whole body.
    Whole,
    /// The bytes from the first to the last, both included.
    Part(u64, u64),
    /// A range beyond the end of the body.
    Beyond,
}

/// Whether `If-Match` fails: the header is there and does not name this tag (13.1.1: strong comparison, a list, or `*`). `tag` is
/// spelled as in the header.
pub fn is_another(request: &HeaderMap, tag: &str) -> bool {
    let is_named = |candidate: &str| candidate == "*" || (is_strong(tag) && candidate == tag);
    request.contains_key(IF_MATCH) && !candidates(request, &IF_MATCH).any(is_named)
}

/// Whether `If-None-Match` names a tag that `is_own` accepts (13.1.2: weak comparison, a list, or `*`). `is_own` gets tags without
/// `W/` and quotes.
pub fn is_known(request: &HeaderMap, is_own: impl Fn(&str) -> bool) -> bool {
    candidates(request, &IF_NONE_MATCH).any(|candidate| {
        let opaque = candidate.strip_prefix("W/").unwrap_or(candidate);
        let opaque = opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        candidate == "*" || opaque.is_some_and(&is_own)
    })
}

/// Returns the members of a list of tags. Splitting at commas is safe: the tags of this service contain no comma, so no fragment of
/// a foreign tag matches them.
///
/// The types of the crate `headers` are not used, because they panic on a tag with a space, which any client can send.
fn candidates<'r>(request: &'r HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'r str> {
    let listed = request.get_all(name).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).map(str::trim)
}

fn is_strong(tag: &str) -> bool {
    tag.starts_with('"')
}

/// Returns the part of a body with this tag and length that `Range` and `If-Range` ask for.
///
/// Everything but a single range of bytes gets the whole body, as RFC 9110, 14.2 allows. So does a range whose `If-Range` names
/// another version or a date, since no response of this service has `Last-Modified`.
pub fn wanted(request: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let mut all = request.get_all(RANGE).iter();
    let (Some(range), None) = (all.next(), all.next()) else {
        return Wanted::Whole;
    };
    // 13.1.5: strong comparison with a single tag or date.
    let mut conditions = request.get_all(IF_RANGE).iter();
    let holds = match (conditions.next(), conditions.next()) {
        (None, _) => true,
        (Some(condition), None) => is_strong(tag) && condition == tag,
        _ => false,
    };
    if !holds {
        return Wanted::Whole;
    }
    range.to_str().ok().and_then(|text| read(text, length)).unwrap_or(Wanted::Whole)
}

/// Parses a single range of bytes. `None` for anything else.
///
/// The type of the crate `headers` is not used. Contrary to RFC 9110, 14.1.2, it rejects a suffix longer than the body, and it
/// accepts signs before digits.
fn read(text: &str, length: u64) -> Option<Wanted> {
    let (unit, set) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    // Several ranges are separated by commas, and a comma is no digit.
    let (first, last) = set.trim().split_once('-')?;
    let number = |digits: &str| -> Option<u64> {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large for u64 is beyond any body.
        plain.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let end = length.checked_sub(1);
    if first.is_empty() {
        let suffix = number(last)?;
        return Some(match end {
            Some(end) if suffix > 0 => Wanted::Part(length.saturating_sub(suffix), end),
            _ => Wanted::Beyond,
        });
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if first > last {
        return None;
    }
    Some(match end {
        Some(end) if first <= end => Wanted::Part(first, last.min(end)),
        _ => Wanted::Beyond,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use warp::http::HeaderValue;

    const TAG: &str = "\"abc\"";

    #[test]
    fn one_range_is_a_part_and_everything_else_is_the_whole() {
        for (text, part) in [
            ("bytes=0-0", Wanted::Part(0, 0)),
            ("bytes=2-5", Wanted::Part(2, 5)),
            ("BYTES=2-", Wanted::Part(2, 9)),
            ("bytes=2-99999999999999999999999999", Wanted::Part(2, 9)),
            ("bytes=-3", Wanted::Part(7, 9)),
            ("bytes=-30", Wanted::Part(0, 9)),
            ("bytes=9-", Wanted::Part(9, 9)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=99999999999999999999999999-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes", Wanted::Whole),
            ("rows=0-1", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            let request = HeaderMap::from_iter([(RANGE, HeaderValue::from_static(text))]);
            assert_eq!(wanted(&request, TAG, 10), part, "{text}");
        }
        assert_eq!(wanted(&HeaderMap::new(), TAG, 10), Wanted::Whole);
    }

    #[test]
    fn a_range_holds_for_one_version_of_the_body_only() {
        for (condition, part) in [
            ("\"abc\"", Wanted::Part(1, 2)),
            ("W/\"abc\"", Wanted::Whole),
            ("\"other\"", Wanted::Whole),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Wanted::Whole),
            ("nonsense", Wanted::Whole),
            ("\"a b\"", Wanted::Whole),
        ] {
            let request = HeaderMap::from_iter([
                (RANGE, HeaderValue::from_static("bytes=1-2")),
                (IF_RANGE, HeaderValue::from_static(condition)),
            ]);
            assert_eq!(wanted(&request, TAG, 10), part, "{condition}");
        }
        let mut twice = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=1-2"))]);
        twice.append(IF_RANGE, HeaderValue::from_static(TAG));
        twice.append(IF_RANGE, HeaderValue::from_static(TAG));
        assert_eq!(wanted(&twice, TAG, 10), Wanted::Whole);
    }

    #[test]
    fn only_another_tag_stands_in_the_way() {
        for (condition, is) in [
            ("\"abc\"", false),
            ("*", false),
            ("\"x\", \"abc\"", false),
            ("W/\"abc\"", true),
            ("\"x\"", true),
            ("\"a b\"", true),
            ("abc", true),
            ("", true),
        ] {
            let request = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static(condition))]);
            assert_eq!(is_another(&request, TAG), is, "{condition}");
        }
        assert!(!is_another(&HeaderMap::new(), TAG));
    }

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong_and_not_in_another() {
        let request = |value| HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(value))]);
        for present in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(is_known(&request(present), |tag| tag == "abc"), "{present}");
        }
        for absent in ["\"abcd\"", "abc", "", "W/\"x\"", "\"", "\"abc"] {
            assert!(!is_known(&request(absent), |tag| tag == "abc"), "{absent}");
        }
    }
}
