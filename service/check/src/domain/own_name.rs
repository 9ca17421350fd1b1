//! The names of a law in its own languages, as one text: `de Strafgesetzbuch; fr Code pénal`.

use super::Say;

/// Returns the names, each behind the tag of its language (BCP 47). A text that has passed [`fault`] loses nothing.
pub fn own_names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("; ").filter_map(|name| name.split_once(' '))
}

/// Returns what is wrong with such a text, as a sentence with a place for the text, and what to write instead where that is known.
/// `None` where nothing is wrong; the empty text is right.
pub fn fault(text: &str) -> Option<(Say, Option<String>)> {
    let mut tags = Vec::new();
    for name in text.split("; ").filter(|_| !text.is_empty()) {
        let (tag, own) = name.split_once(' ').unwrap_or((name, ""));
        // Debug makes what cannot be seen visible.
        let shown: String = tag.chars().take(SHOWN).collect();
        let right = written(tag);
        let repaired = |right: String| {
            let names = text
                .split("; ")
                .map(|other| if other == name { format!("{right} {own}") } else { other.to_owned() });
            names.collect::<Vec<_>>().join("; ")
        };
        let (key, suggestion) = if right.as_deref() != Some(tag) {
            let suggestion = right.filter(|_| !own.is_empty()).map(repaired);
            ("bad_language", suggestion)
        } else if own.is_empty() || own.trim() != own || own.contains(';') {
            ("bad_language.name", None)
        } else if tags.contains(&tag) {
            ("bad_language.twice", None)
        } else {
            tags.push(tag);
            continue;
        };
        return Some((Say::new(key).with("tag", format!("{shown:?}")), suggestion));
    }
    None
}

/// Most characters of a wrong tag that are shown.
const SHOWN: usize = 40;

/// Returns a tag in the spelling that BCP 47 recommends: a language, and perhaps a script and a region. `None` when it is no such
/// tag. Variants and extensions are not read: no name of a law needs them.
fn written(tag: &str) -> Option<String> {
    let mut parts = tag.split(['-', '_']);
    let letters = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let language = parts.next().filter(|part| letters(part, &[2, 3]))?;
    let mut next = parts.next();
    let mut right = language.to_ascii_lowercase();
    if let Some(script) = next.filter(|part| letters(part, &[4])) {
        right += &format!("-{}{}", script[..1].to_ascii_uppercase(), script[1..].to_ascii_lowercase());
        next = parts.next();
    }
    let is_area = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(region) = next.filter(|part| letters(part, &[2]) || is_area(part)) {
        right += &format!("-{}", region.to_ascii_uppercase());
        next = parts.next();
    }
    next.is_none().then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_language() {
        for (text, names) in [
            ("de Strafgesetzbuch", &[("de", "Strafgesetzbuch")][..]),
            ("de Strafgesetzbuch; fr Code pénal", &[("de", "Strafgesetzbuch"), ("fr", "Code pénal")]),
            ("zh-Hant 刑法", &[("zh-Hant", "刑法")]),
            ("uz-Cyrl-UZ Жиноят кодекси", &[("uz-Cyrl-UZ", "Жиноят кодекси")]),
            ("es-419 Ley, núm. 2", &[("es-419", "Ley, núm. 2")]),
            ("", &[]),
        ] {
            assert_eq!(fault(text), None, "{text}");
            assert_eq!(own_names(text).collect::<Vec<_>>(), names, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_what_to_write() {
        for (text, message, suggestion) in [
            (
                "Strafgesetzbuch",
                "has \"Strafgesetzbuch\" where a language belongs; write a language tag",
                None,
            ),
            ("German Strafgesetzbuch", "has \"German\" where a language belongs", None),
            ("d Strafgesetzbuch", "has \"d\" where", None),
            ("DE Strafgesetzbuch", "has \"DE\" where", Some("de Strafgesetzbuch")),
            ("fr CODE; DE Buch", "has \"DE\" where", Some("fr CODE; de Buch")),
            ("DE", "has \"DE\" where", None),
            ("zh_hant 刑法", "has \"zh_hant\" where", Some("zh-Hant 刑法")),
            ("de-DE-1996 Buch", "has \"de-DE-1996\" where", None),
            ("de Buch; Code", "has \"Code\" where", None),
            ("de Buch; ", "has \"\" where", None),
            (" de Buch", "has \"\" where", None),
            ("de\u{202e} Buch", "has \"de\\u{202e}\" where", None),
            ("de", "has no name behind \"de\" that is one name", None),
            ("de Buch;fr Code", "has no name behind \"de\" that is one name", None),
            ("de  Buch", "has no name behind \"de\"", None),
            ("de Buch ", "has no name behind \"de\"", None),
            ("de Buch; de Gesetz", "has two names in \"de\"; write one", None),
        ] {
            let (told, nearest) = fault(text).unwrap_or_else(|| panic!("{text:?} is taken"));
            let told = told.with("value", "x").english();
            assert!(told.starts_with(&format!("`x` {message}")), "{text:?}: {told}");
            assert_eq!(nearest.as_deref(), suggestion, "{text:?}");
        }
    }
}
