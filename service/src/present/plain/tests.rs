use super::*;
use crate::catalog::{Bundled, Sources};
use crate::domain::Dimension;

/// The answers that an independent program in another language wrote for the bundled data, from the same rules.
fn expected() -> serde_json::Value {
    serde_json::from_str(include_str!("expected.json")).unwrap()
}

fn catalog() -> Catalog {
    let sources = Sources::load(&[], Bundled::Served, None).unwrap();
    sources.catalog(None).unwrap().0
}

#[test]
fn every_statute_has_the_answers_of_an_independent_program() {
    let (catalog, expected) = (catalog(), expected());
    let mut wrong = Vec::new();
    for statute in catalog.statutes() {
        for language in Language::all().take(3) {
            let told = plain(&catalog, statute, language).unwrap();
            let own = &expected["statutes"][&statute.id][language.code()];
            for (name, is, should) in [
                ("used", told.used.text, own[0].as_str().unwrap().to_owned()),
                ("ends", told.ends.text, own[1].as_str().unwrap().to_owned()),
                ("unsaid", told.unsaid.join("\n"), own[2].as_str().unwrap().to_owned()),
            ] {
                if is != should {
                    wrong.push(format!("{} {language} {name}\n  is     {is}\n  should {should}", statute.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn every_series_has_the_sentence_of_an_independent_program() {
    let (catalog, expected) = (catalog(), expected());
    let mut found = 0;
    let mut wrong = Vec::new();
    for statute in catalog.statutes() {
        let known = Known::of(&catalog, statute).unwrap();
        for line in &known.lines {
            let key = [
                line.dataset.release.dataset(),
                &statute.id,
                &line.outcome,
                line.measure.name(),
                line.area,
                line.rule,
            ];
            let is = used::of_line(line, &Words::of(Language::ENGLISH));
            let should = expected["series"][key.join(" ")].as_str().unwrap_or("no such series");
            if is != should {
                wrong.push(format!("{}\n  is     {is}\n  should {should}", key.join(" ")));
            }
            found += 1;
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert_eq!(Some(found), expected["series"].as_object().map(serde_json::Map::len));
}

/// What no sentence may say: that there is no trend, and what caused what.
const FORBIDDEN: [&str; 12] = [
    "no trend",
    "нет тренда",
    "тренда нет",
    "үрдіс жоқ",
    "because of",
    "due to",
    "led to",
    "caused",
    "из-за",
    "вызвал",
    "салдарынан",
    " p =",
];

#[test]
fn plain_words_keep_their_rules_on_every_series() {
    let catalog = catalog();
    for statute in catalog.statutes() {
        for language in Language::all() {
            let words = Words::of(language);
            let known = Known::of(&catalog, statute).unwrap();
            let told = plain(&catalog, statute, language).unwrap();
            let mut texts: Vec<String> = known.lines.iter().map(|line| used::of_line(line, &words)).collect();
            texts.extend([told.used.text, told.ends.text]);
            texts.extend(told.unsaid);
            for text in texts {
                assert!(
                    !FORBIDDEN.iter().any(|word| text.to_lowercase().contains(word)),
                    "{language}: {text}"
                );
                assert!(!text.contains(['{', '}']) && !text.contains("  "), "{language}: {text}");
                assert!(
                    text.split_inclusive(". ").all(|one| one.chars().count() <= 420),
                    "{language}: {text}"
                );
                if language != Language::ENGLISH && Language::all().take(3).any(|own| own == language) {
                    assert!(
                        !text.contains(|letter: char| letter.is_ascii_alphabetic()),
                        "{language}: {text}"
                    );
                }
            }
            // A percentage stands only where a test found a change from 50 and more.
            for line in &known.lines {
                let text = used::of_line(line, &Words::of(Language::ENGLISH));
                if let Some((before, _)) = text.split_once('%') {
                    let (first, last) = line.facts.ends().unwrap();
                    let digits: String =
                        before.chars().rev().take_while(|own| own.is_ascii_digit() || *own == ',').collect();
                    let percent: u64 = digits
                        .chars()
                        .rev()
                        .filter(char::is_ascii_digit)
                        .collect::<String>()
                        .parse()
                        .unwrap();
                    assert!(first.value >= 50 && last.value >= 10 && percent <= 1000, "{text}");
                    assert!(text.contains("the figures rose") || text.contains("the figures fell"), "{text}");
                }
            }
        }
    }
}

#[test]
fn the_evidence_behind_an_answer_can_be_asked_for() {
    let catalog = catalog();
    for statute in catalog.statutes() {
        let told = plain(&catalog, statute, Language::ENGLISH).unwrap();
        for evidence in [told.used.evidence, told.ends.evidence].into_iter().flatten() {
            let (path, query) = evidence.split_once('?').unwrap();
            let dataset = catalog.dataset(path.split('/').nth(3).unwrap()).unwrap();
            let query = crate::query::Params::parse(query).unwrap().take_query(&dataset.release);
            let query = query.unwrap_or_else(|error| panic!("{evidence}: {error}"));
            assert!(query.by.contains(&Dimension::Outcome));
            let behind = dataset.evidence(&query).unwrap_or_else(|error| panic!("{evidence}: {error}"));
            assert!(!behind.figures().is_empty(), "{evidence}");
        }
    }
}
