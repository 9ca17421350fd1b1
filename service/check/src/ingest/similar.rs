//! Similar ids: texts that differ and look alike, because of case, invisible characters or look-alike letters.

use std::hash::BuildHasher as _;
use std::sync::LazyLock;

use unicode_security::confusable_detection::skeleton;

use super::dictionary::Dictionary;
use super::excerpt::is_hidden;
use crate::domain::Say;

/// Returns the image of a text, which is what a person sees. Two texts with the same image are easily confused.
///
/// It is the skeleton of Unicode Technical Standard 39, in which letters that look alike become one letter. Case is
/// ignored, invisible characters are dropped, and all spaces are the same.
pub fn image(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().bytes().map(|byte| ASCII[usize::from(byte)].as_str()).collect();
    }
    let visible: String = text.trim().chars().filter(|symbol| !is_hidden(*symbol)).collect();
    fold(&visible)
}

fn fold(text: &str) -> String {
    let once = |text: &str| skeleton(text).collect::<String>().to_lowercase();
    let spaced: String =
        text.chars().map(|symbol| if symbol.is_whitespace() { ' ' } else { symbol }).collect();
    // To the standard, a capital I looks like an l and a small i does not. Without regard to case the three are one.
    once(&once(&spaced)).replace('i', "l")
}

/// The images of the ASCII characters. Most ids have no other characters.
static ASCII: LazyLock<[String; 128]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        u8::try_from(byte).map_or(String::new(), |byte| fold(&char::from(byte).to_string()))
    })
});

/// Most pairs that are reported for a column.
const MOST: usize = 1_000;

/// Returns pairs of numbers whose texts have the same image, the earlier number first.
pub fn similar(ids: &Dictionary) -> Vec<(u32, u32)> {
    if images_differ(ids) {
        return Vec::new();
    }
    let hasher = foldhash::fast::RandomState::default();
    let mut hashes: Vec<(u64, u32)> =
        (0..).zip(ids.texts()).map(|(code, id)| (hasher.hash_one(image(id)), code)).collect();
    hashes.sort_unstable();
    let mut pairs: Vec<(u32, u32)> = hashes
        .chunk_by(|left, right| left.0 == right.0)
        .filter(|group| group.len() > 1)
        .flat_map(|group| group[1..].iter().map(|(_, code)| (group[0].1, *code)))
        .filter(|&(first, other)| image(ids.text(first)) == image(ids.text(other)))
        .take(MOST)
        .collect();
    pairs.sort_unstable_by_key(|(_, other)| *other);
    pairs
}

/// Whether the characters of the ids prove that no two ids have the same image. If every character has a different
/// image of one character, then different texts have different images. So millions of ids made of digits need not be
/// compared.
fn images_differ(ids: &Dictionary) -> bool {
    no_two_look_alike(ids.run())
}

/// Whether texts that are made of these characters never look alike, if they differ.
pub fn no_two_look_alike(characters: &str) -> bool {
    if !characters.is_ascii() {
        return false;
    }
    let mut occur = [false; 128];
    for byte in characters.bytes() {
        occur[usize::from(byte)] = true;
    }
    let mut images: Vec<String> = (0..128_u8)
        .filter(|&byte| occur[usize::from(byte)])
        .map(|byte| image(&char::from(byte).to_string()))
        .collect();
    let count = images.len();
    images.sort_unstable();
    images.dedup();
    images.len() == count && images.iter().all(|image| image.chars().count() == 1)
}

/// Says which characters of `wrong` only look like characters of `right`. Returns `None` if there are no such
/// characters.
pub fn look_alikes(wrong: &str, right: &str) -> Option<Vec<Say>> {
    if wrong == right || image(wrong) != image(right) {
        return None;
    }
    let code = |symbol: char| format!("U+{:04X}", u32::from(symbol));
    let mut told = Vec::new();
    let mut expected = right.chars().peekable();
    for symbol in wrong.chars() {
        if expected.peek() == Some(&symbol) {
            expected.next();
        } else if is_hidden(symbol) {
            told.push(Say::new("letters.invisible").with("code", code(symbol)));
        } else if symbol.is_whitespace() {
            told.push(Say::new("letters.space").with("code", code(symbol)));
        } else {
            let meant = expected.next();
            if !symbol.is_ascii()
                && let Some(meant) = meant
            {
                let says = Say::new("letters.instead").with("letter", symbol).with("code", code(symbol));
                told.push(says.with("meant", meant));
            }
        }
    }
    told.dedup();
    (!told.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Language, Told};

    fn dictionary(ids: &[&str]) -> Dictionary {
        let mut all = Dictionary::default();
        for id in ids {
            all.code(id);
        }
        all
    }

    #[test]
    fn ids_that_a_person_would_confuse_are_found() {
        for (left, right) in [
            ("C-1", "c-1"),
            ("КAZ-1", "KAZ-1"),
            ("A\u{200b}1", "A1"),
            ("O1", "01"),
            ("Il", "ll"),
            ("CI", "ci"),
            ("Mm", "mM"),
            ("a b", "a\u{a0}b"),
            ("ab ", "ab"),
        ] {
            assert_eq!(similar(&dictionary(&[left, "other", right])), [(0, 2)], "{left} {right}");
        }
    }

    #[test]
    fn ids_of_digits_are_never_confused() {
        let all: Vec<String> = (0..1000).map(|number| format!("{number:04}-{}", number % 7)).collect();
        let ids = dictionary(&all.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(images_differ(&ids));
        assert_eq!(similar(&ids), []);
    }

    #[test]
    fn the_letter_that_only_looks_right_is_named() {
        let told = |wrong: &str| {
            let all = look_alikes(wrong, "KAZ-CC-274").unwrap();
            Told::All(all).in_language(Language::ENGLISH)
        };
        assert_eq!(told("КAZ-CC-274"), "`К` U+041A in place of `K`");
        assert_eq!(told("KAZ-CC-\u{200b}274"), "an invisible character U+200B");
        assert_eq!(told("КАZ-CC-274"), "`К` U+041A in place of `K`, `А` U+0410 in place of `A`");
        assert_eq!(look_alikes("KAZ-CC-247", "KAZ-CC-274"), None);
        assert_eq!(look_alikes("kaz-cc-274", "KAZ-CC-274"), None);
    }
}
