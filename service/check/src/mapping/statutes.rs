//! Statutes as people write them: `ст. 274 ч. 4 УК РК`, `274-бап 4-бөлік`, `art. 301`.

use crate::domain::values::{code_meant, fold};
use crate::domain::{Register, Statute, countries};

use super::meaning::Meant;

/// A number of a text, and what the word beside it calls it.
#[derive(Debug, Default)]
struct Mention {
    article: Option<String>,
    part: Option<String>,
    /// Whether a word or a sign names it an article or a part.
    is_named: bool,
    /// The words that name neither.
    rest: String,
}

/// Whether a text is an id of a statute by its form: a country, a law and an article, in any case.
pub(super) fn is_id(text: &str) -> bool {
    let upper = text.trim().to_uppercase();
    let parts: Vec<&str> = upper.split('-').collect();
    parts.len() >= 3
        && countries().get(parts[0]).is_some()
        && parts[1..]
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|sign| sign.is_alphanumeric() || sign == '.'))
        && parts[2..].iter().any(|part| part.contains(|sign: char| sign.is_ascii_digit()))
}

/// Whether a text names an article, or a statute or a law by its name.
pub(super) fn mentions_a_statute(text: &str) -> bool {
    let named = |kind| code_meant(kind, text).is_some();
    named("statute") || named("law") || {
        let mention = mention(text);
        mention.is_named && mention.article.is_some()
    }
}

/// Whether a text has the closed form of a statute: words of articles and parts, a law of our list, and numbers of at most four
/// digits, one of which may have a letter behind it. No name has it, no day and no number of a person.
pub(super) fn is_closed(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_alphanumeric() || " \u{a0}.,-–/|()§".contains(sign);
    let folded = fold(text).replace('§', " § ");
    let (mut named, mut numbers, mut digits, mut letters) = (0, 0, 0, 0);
    for word in words_of(&folded) {
        if word == "§" || code_meant("law_word", word).is_some() {
            named += 1;
        } else if word.starts_with(|sign: char| sign.is_ascii_digit()) {
            for part in word.split('.') {
                let own = part.bytes().take_while(u8::is_ascii_digit).count();
                let rest = &part[own..];
                if !(1..=4).contains(&own) || rest.chars().any(|sign| !is_of_an_alphabet(sign)) {
                    return false;
                }
                (numbers, digits, letters) = (numbers + 1, digits + own, letters + rest.chars().count());
            }
        }
    }
    let law = mention(text).rest;
    // Numbers that no word names are an article and its part; more could be a day, or the number of a person.
    let is_short = numbers <= 2 && digits <= 6 || numbers <= named + 1 && named > 0 && digits <= 8;
    text.chars().all(is_sign)
        && (law.is_empty() || code_meant("law", &law).is_some())
        && numbers > 0
        && letters <= 1
        && is_short
}

/// Whether a letter is of an alphabet in which no name has one letter.
fn is_of_an_alphabet(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '\u{430}'..='\u{52f}')
}

/// Returns the words of a folded text. `ст.274` is two words.
fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    let is_within = |sign: char| sign.is_alphanumeric() || sign == '.' || sign == '§';
    let words = folded.split(move |sign: char| !is_within(sign)).map(|word| word.trim_matches('.'));
    words.flat_map(apart).filter(|word| !word.is_empty())
}

/// Takes a text apart.
fn mention(text: &str) -> Mention {
    let folded = fold(text).replace('§', " § ");
    let words: Vec<&str> = words_of(&folded).collect();
    let called = |place: usize| match *words.get(place)? {
        "§" => Some("article"),
        word => code_meant("law_word", word),
    };
    let is_number = |word: &str| word.starts_with(|sign: char| sign.is_ascii_digit());
    let (mut found, mut used, mut rest) = (Mention::default(), Vec::new(), Vec::new());
    for (place, word) in words.iter().enumerate().filter(|(_, word)| is_number(word)) {
        let before =
            place.checked_sub(1).filter(|before| !used.contains(before) && called(*before).is_some());
        let beside = before.or(Some(place + 1).filter(|behind| called(*behind).is_some()));
        used.extend(beside);
        found.is_named |= beside.is_some();
        let slot = match beside.and_then(called) {
            Some("part") => &mut found.part,
            Some(_) => &mut found.article,
            None if found.article.is_none() => &mut found.article,
            None => &mut found.part,
        };
        if slot.is_none() {
            *slot = Some((*word).to_owned());
        }
    }
    for (place, word) in words.iter().enumerate() {
        if !is_number(word) && called(place).is_none() {
            rest.push(*word);
        }
    }
    found.rest = rest.join(" ");
    found
}

/// Splits a word between a law word and the number that it stands in front of.
fn apart(word: &str) -> Vec<&str> {
    let at = word.find(|sign: char| sign.is_ascii_digit()).filter(|at| *at > 0);
    match at.map(|at| word.split_at(at)) {
        Some((before, number)) if code_meant("law_word", before).is_some() => {
            vec![before.trim_end_matches('.'), number]
        }
        _ => vec![word],
    }
}

/// Returns the statute that a text means: of the file's own register first, then of others. `country` is that of the row,
/// where it is known.
pub fn statute_meant(text: &str, country: Option<&str>, registers: &[&Register]) -> Meant {
    let trimmed = text.trim();
    if let Some(own) = registers.iter().find_map(|register| register.get(trimmed)) {
        return Meant::Code(own.id.clone());
    }
    let upper = trimmed.to_uppercase();
    let mention = mention(text);
    let law = code_meant("law", &mention.rest);
    let is_country = |statute: &&Statute| country.is_none_or(|country| statute.country == country);
    let is_law = |statute: &&Statute| law.is_none_or(|law| statute.id.starts_with(&format!("{law}-")));
    for (place, register) in registers.iter().enumerate() {
        if let Some(own) = register.get(&upper) {
            return Meant::Code(own.id.clone());
        }
        let of_article = |statute: &&Statute| {
            let number =
                |own: &str, wanted: &Option<String>| fold(own) == wanted.as_deref().unwrap_or_default();
            let is_whole = mention.part.is_none()
                && mention
                    .article
                    .as_deref()
                    .is_some_and(|both| fold(&format!("{}.{}", statute.article, statute.part)) == both);
            (number(&statute.article, &mention.article) && number(&statute.part, &mention.part)) || is_whole
        };
        if mention.article.is_some() {
            let all = register.all().iter().filter(is_country).filter(is_law).filter(of_article);
            let ids: Vec<String> = all.map(|statute| statute.id.clone()).collect();
            // An article of no law is that of the publisher's list, if that has only one.
            let is_own = place == 0 && registers.len() > 1 && mention.rest.is_empty() && country.is_some();
            let is_certain = mention.is_named && (law.is_some() || is_own);
            match &ids[..] {
                [] => {}
                [id] if is_certain => return Meant::Code(id.clone()),
                [id] => return Meant::Perhaps(id.clone()),
                _ => return Meant::Choice(ids),
            }
        }
    }
    let by_name =
        code_meant("statute", text).filter(|id| registers.iter().any(|register| register.get(id).is_some()));
    by_name.map_or(Meant::Nothing, |id| Meant::Perhaps(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(ids: &[&str]) -> Register {
        let statute = |id: &&str| {
            let mut parts = id.split('-');
            let (country, law) = (parts.next().unwrap(), parts.next().unwrap());
            let (article, part) =
                parts.next().unwrap().split_once('.').unwrap_or((id.rsplit('-').next().unwrap(), ""));
            Statute {
                id: (*id).to_owned(),
                country: country.to_owned(),
                law: law.to_owned(),
                article: article.to_owned(),
                part: part.to_owned(),
                ..Statute::default()
            }
        };
        Register::new(ids.iter().map(statute).collect())
    }

    #[test]
    fn a_statute_is_found_by_article_and_part() {
        let own = register(&[
            "KAZ-EX-274",
            "KAZ-EX-274.4",
            "KAZ-EX-174",
            "TUR-EX-299",
            "IND-EX-124A",
            "TUR-EX-174",
        ]);
        let code = |id: &str| Meant::Perhaps(id.to_owned());
        for (text, country, meant) in [
            ("KAZ-EX-274", None, Meant::Code("KAZ-EX-274".to_owned())),
            ("kaz-ex-274", None, Meant::Code("KAZ-EX-274".to_owned())),
            ("ст. 274", None, code("KAZ-EX-274")),
            ("ст.274 ч.4", None, code("KAZ-EX-274.4")),
            ("ст. 274 ч. 4", Some("KAZ"), code("KAZ-EX-274.4")),
            ("274-бап 4-бөлік", None, code("KAZ-EX-274.4")),
            ("274 | 4", None, code("KAZ-EX-274.4")),
            ("274.4", None, code("KAZ-EX-274.4")),
            ("art. 299", None, code("TUR-EX-299")),
            ("§ 124a", None, code("IND-EX-124A")),
            ("174", Some("KAZ"), code("KAZ-EX-174")),
            ("174", None, Meant::Choice(vec!["KAZ-EX-174".to_owned(), "TUR-EX-174".to_owned()])),
            ("ст. 999", None, Meant::Nothing),
            ("274", Some("TUR"), Meant::Nothing),
            ("", None, Meant::Nothing),
        ] {
            assert_eq!(statute_meant(text, country, &[&own]), meant, "{text} {country:?}");
        }
        let other = register(&["KAZ-CC-130"]);
        assert_eq!(statute_meant("ст. 130", None, &[&own, &other]), code("KAZ-CC-130"));
        let certain = |id: &str| Meant::Code(id.to_owned());
        for (text, country, meant) in [
            // The publisher's own list has one article of this number.
            ("ст. 274 ч. 4", Some("KAZ"), certain("KAZ-EX-274.4")),
            ("ст. 274", None, code("KAZ-EX-274")),
            ("274", Some("KAZ"), code("KAZ-EX-274")),
            // The list of the program has not every law.
            ("ст. 130", Some("KAZ"), code("KAZ-CC-130")),
            ("ст. 130 КоАП", Some("KAZ"), Meant::Nothing),
            ("ст. 130 УК РК", None, certain("KAZ-CC-130")),
        ] {
            assert_eq!(statute_meant(text, country, &[&own, &other]), meant, "{text} {country:?}");
        }
    }

    #[test]
    fn the_form_of_a_statute_is_closed() {
        for text in [
            "ст. 274",
            "ст.274 ч.4",
            "274-бап 4-бөлік",
            "art. 299",
            "§ 124A",
            "274 | 4",
            "174",
            "274.4",
            "ст. 130 УК РК",
            "ст. 274 ч. 4 п. 2",
        ] {
            assert!(is_closed(text), "{text}");
        }
        for text in [
            "",
            "ст.",
            "Art",
            "Art King",
            "Ли 4",
            "4 Ли",
            "274 Ли",
            "274ли",
            "1а 2б",
            "010190",
            "01.01.90",
            "ст. 01.01.1990",
            "12-05-1980",
            "9001 0130",
            "900101/300001",
            "+7 701 234",
            "KAZ-LI-1990",
            "伟1",
            "1伟",
            "ст. 274 Ким",
            "1 2 3",
            "45 09 1234",
        ] {
            assert!(!is_closed(text), "{text}");
        }
    }

    #[test]
    fn an_id_and_a_mention_are_known_by_their_form() {
        for text in ["KAZ-EX-274", "kaz-ex-274.4", "IND-IPC-124A"] {
            assert!(is_id(text), "{text}");
        }
        for text in ["XXX-CC-1", "KAZ-274", "KAZ-CC-", "C-1-2", ""] {
            assert!(!is_id(text), "{text}");
        }
        assert!(mentions_a_statute("ст. 274") && mentions_a_statute("274-бап") && !mentions_a_statute("274"));
    }
}
