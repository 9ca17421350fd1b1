//! The index: which words belong to which statutes, and how much each word says.

use std::collections::{BTreeMap, BTreeSet};

use super::country::named;
use super::fold::{Word, asked, begin_alike, words};
use super::synonyms;
use crate::domain::{Language, Statute, nearest};
use crate::present::{country_name, offence_name, short_name_of};

/// What a word of a statute says about it: the number of its article most, another name least.
mod weight {
    pub const ARTICLE: u32 = 8;
    pub const TITLE: u32 = 5;
    pub const LAW: u32 = 4;
    pub const COUNTRY: u32 = 3;
    pub const CATEGORY: u32 = 3;
    pub const OTHER_NAME: u32 = 2;
}

/// Fewest letters of the beginning of a word that finds it.
const LEAST_PREFIX: usize = 3;
/// Fewest letters of a word that a nearest is looked for, and of the nearest itself. Among shorter ones something is always near.
const LEAST_NEAR: usize = 5;
/// Most words of a search. Further ones are left out, and named.
const MOST_WORDS: usize = 8;

/// The words of all statutes.
pub struct Index {
    /// Weights by statute, by word.
    entries: BTreeMap<Word, BTreeMap<String, u32>>,
    /// The country of each statute.
    countries: BTreeMap<String, String>,
}

/// What a search found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Ids of statutes, the best first.
    pub statutes: Vec<String>,
    /// Words of the search that had to be left out, because nothing fits them together with the others.
    pub left_out: Vec<String>,
    /// What is nearest to words that nothing fits. Where such a word was not left out, the nearest stood for it.
    pub nearest: Vec<Nearest>,
    /// A country without a statute here: how it was typed, and its code. What was typed is left out.
    pub absent: Option<(String, &'static str)>,
}

/// A word that there is, near one that there is not.
#[derive(Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The word that was typed.
    pub typed: String,
    /// The word that there is.
    pub word: String,
    /// How many statutes it finds.
    pub count: usize,
}

impl Index {
    /// Makes the index of statutes.
    pub fn of(statutes: &[&Statute]) -> Self {
        let mut index = Self { entries: BTreeMap::new(), countries: BTreeMap::new() };
        for statute in statutes {
            let id = statute.id.as_str();
            index.countries.insert(id.to_owned(), statute.country.clone());
            index.add(id, id, weight::ARTICLE - 1);
            index.add(id, &format!("{} {}", statute.article, statute.part), weight::ARTICLE);
            for language in Language::all() {
                index.add(id, statute.title.get(language), weight::TITLE);
                index.add(id, &short_name_of(statute, language), weight::LAW);
                index.add(id, &country_name(&statute.country, language), weight::COUNTRY);
                index.add(id, &offence_name(&statute.offence, language), weight::CATEGORY);
            }
            for own in synonyms::all() {
                let is_meant = match own.kind {
                    "country" => own.code == statute.country,
                    "category" => own.code == statute.offence,
                    "law" => {
                        id.strip_prefix(own.code).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                    }
                    _ => own.code == id,
                };
                if is_meant {
                    index.add(id, own.name, weight::OTHER_NAME);
                }
            }
        }
        index
    }

    fn add(&mut self, id: &str, text: &str, weight: u32) {
        for word in words(text) {
            let own = self.entries.entry(word).or_default().entry(id.to_owned()).or_default();
            *own = (*own).max(weight);
        }
    }

    /// Returns the statutes that a word finds, with the weight of its best place.
    fn of_word(&self, word: &Word, is_kept: &dyn Fn(&str) -> bool) -> BTreeMap<&str, u32> {
        let mut found: BTreeMap<&str, u32> = BTreeMap::new();
        let begins =
            |own: &Word| word.whole.chars().count() >= LEAST_PREFIX && own.whole.starts_with(&word.whole);
        for (own, statutes) in &self.entries {
            // Twice the weight, so that a whole word stands before the beginning of one.
            let factor = if own.whole == word.whole || own.stem == word.stem {
                2
            } else if begins(own) || begin_alike(&own.whole, &word.whole) {
                1
            } else {
                continue;
            };
            for (id, weight) in statutes.iter().filter(|(id, _)| is_kept(id)) {
                let best = found.entry(id).or_default();
                *best = (*best).max(factor * weight);
            }
        }
        found
    }

    /// Searches for statutes. The name of a country keeps those of the country alone, unless all words fit only in another way, as
    /// in the name of a law.
    pub fn find(&self, text: &str, is_kept: &dyn Fn(&str) -> bool) -> Found {
        let Some(country) = named(text) else { return self.by_words(text, is_kept) };
        if !self.countries.values().any(|code| code == country.code) {
            let mut found = self.by_words(&country.rest, is_kept);
            found.left_out.insert(0, country.typed.clone());
            found.absent = Some((country.typed, country.code));
            return found;
        }
        let is_of = |id: &str| is_kept(id) && self.countries.get(id).is_some_and(|code| code == country.code);
        let mut found = self.by_words(&country.rest, &is_of);
        if !found.left_out.is_empty() {
            let otherwise = self.by_words(text, is_kept);
            if otherwise.left_out.is_empty() && otherwise.nearest.is_empty() {
                return otherwise;
            }
        }
        if found.statutes.is_empty() {
            // The rest says nothing, or fits nothing: all statutes of the country, those first that its name says most about.
            found.statutes = self.by_words(&country.typed, &is_of).statutes;
            let others: Vec<&String> =
                self.countries.keys().filter(|id| is_of(id) && !found.statutes.contains(id)).collect();
            found.statutes.extend(others.into_iter().cloned());
        }
        if found.statutes.is_empty() {
            found.left_out.insert(0, country.typed);
        }
        found
    }

    /// Searches for statutes that fit every word, among those that are kept. A word that there is not stands for the nearest, unless
    /// it has a digit: an article is not another. Where no statute fits, as few words as possible are left out.
    fn by_words(&self, text: &str, is_kept: &dyn Fn(&str) -> bool) -> Found {
        let mut asked = asked(text);
        let typed = |word: &Word| word.whole.clone();
        let mut left_out: Vec<String> = asked.iter().skip(MOST_WORDS).map(typed).collect();
        asked.truncate(MOST_WORDS);
        let mut fits: Vec<BTreeMap<&str, u32>> =
            asked.iter().map(|word| self.of_word(word, is_kept)).collect();
        let mut nearest = Vec::new();
        for (word, fits) in asked.iter().zip(&mut fits).filter(|(_, fits)| fits.is_empty()) {
            let Some(near) = self.nearest(word, is_kept) else { continue };
            let is_number = word.whole.contains(|letter: char| letter.is_ascii_digit());
            if let Some(meant) = words(&near.word).first().filter(|_| !is_number) {
                *fits = self.of_word(meant, is_kept);
            }
            nearest.push(near);
        }
        // Each set of words is a number in binary. Those with most words are tried first, then those with the last words.
        let mut sets: Vec<usize> = (1..1 << asked.len()).collect();
        sets.sort_by_key(|set| (std::cmp::Reverse(set.count_ones()), set.reverse_bits()));
        let all = |set: usize| -> BTreeMap<&str, u32> {
            let mut chosen = (0..fits.len()).filter(|place| set >> place & 1 == 1).map(|place| &fits[place]);
            let first = chosen.next().cloned().unwrap_or_default();
            chosen.fold(first, |found, fits| {
                let both = found.into_iter().filter_map(|(id, sum)| Some((id, sum + fits.get(id)?)));
                both.collect()
            })
        };
        let best = sets.into_iter().map(|set| (set, all(set))).find(|(_, found)| !found.is_empty());
        let (set, found) = best.unwrap_or_default();
        let mut statutes: Vec<(&str, u32)> = found.into_iter().collect();
        statutes.sort_by_key(|(id, sum)| (std::cmp::Reverse(*sum), *id));
        let lacks = (0..asked.len()).filter(|place| set >> place & 1 == 0);
        left_out.splice(0..0, lacks.map(|place| typed(&asked[place])));
        let statutes = statutes.into_iter().map(|(id, _)| id.to_owned()).collect();
        Found { statutes, left_out, nearest, absent: None }
    }

    /// Returns the word that there is nearest to one that there is not. A word of statutes that are not kept is no mistake.
    fn nearest(&self, word: &Word, is_kept: &dyn Fn(&str) -> bool) -> Option<Nearest> {
        let is_long = |own: &&str| own.chars().count() >= LEAST_NEAR;
        if !is_long(&word.whole.as_str()) || !self.of_word(word, &|_| true).is_empty() {
            return None;
        }
        let kept = self.entries.iter().filter(|(_, statutes)| statutes.keys().any(|id| is_kept(id)));
        let known: BTreeSet<&str> = kept.map(|(own, _)| own.whole.as_str()).collect();
        let near = nearest(&word.whole, known.into_iter().filter(is_long))?;
        let count = words(near).first().map_or(0, |near| self.of_word(near, is_kept).len());
        Some(Nearest { typed: word.whole.clone(), word: near.to_owned(), count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Bundled, Catalog, Sources};

    fn catalog() -> Catalog {
        Sources::load(&[], Bundled::Served, None).unwrap().catalog(None).unwrap().0
    }

    /// What people type, and a statute that must be among the first three.
    const SEARCHES: [(&str, &str); 62] = [
        ("sedition", "IND-IPC-124A"),
        ("124A", "IND-IPC-124A"),
        ("124a india", "IND-IPC-124A"),
        ("SEDITION India", "IND-IPC-124A"),
        ("Turkey 299", "TUR-TCK-299"),
        ("turkiye 299", "TUR-TCK-299"),
        ("Türkiye insult president", "TUR-TCK-299"),
        ("insulting the president turkey", "TUR-TCK-299"),
        ("Турция оскорбление президента", "TUR-TCK-299"),
        ("cumhurbaşkanına hakaret", "TUR-TCK-299"),
        ("cumhurbaskanina hakaret", "TUR-TCK-299"),
        ("defamation kazakhstan", "KAZ-CC-130"),
        ("kazakhstan slander", "KAZ-CC-130"),
        ("libel kazakhstan", "KAZ-CC-130"),
        ("клевета казахстан", "KAZ-CC-130"),
        ("клевету в Казахстане", "KAZ-CC-130"),
        ("жала қазақстан", "KAZ-CC-130"),
        ("274", "KAZ-CC-274"),
        ("kazakhstan 274", "KAZ-CC-274"),
        ("fake news kazakhstan", "KAZ-CC-274"),
        ("false information Kazakhstan", "KAZ-CC-274"),
        ("ложная информация Казахстан", "KAZ-CC-274"),
        ("распространения заведомо ложной информации", "KAZ-CC-274"),
        ("жалған ақпарат", "KAZ-CC-274"),
        ("жалған ақпаратты таратқаны үшін", "KAZ-KOAP-456-2"),
        ("УК РК 174", "KAZ-CC-174"),
        ("разжигание розни", "KAZ-CC-174"),
        ("456-2", "KAZ-KOAP-456-2"),
        ("UK 127", "GBR-CA2003-127"),
        ("britain communications", "GBR-CA2003-127"),
        ("england section 127", "GBR-CA2003-127"),
        ("malicious communications", "GBR-MCA1988-1"),
        ("UAPA", "IND-UAPA"),
        ("PECA", "PAK-PECA"),
        ("bangladesh DSA", "BGD-DSA"),
        ("66A", "IND-ITACT"),
        ("UU ITE", "IDN-ITE"),
        ("holland king", "NLD-SR-111"),
        ("netherlands monarch insults", "NLD-SR-111"),
        ("lese-majeste", "THA-CC-112"),
        ("lèse-majesté thailand", "THA-CC-112"),
        ("112 thailand", "THA-CC-112"),
        ("оскорбление монарха таиланд", "THA-CC-112"),
        ("burma military", "MMR-505A-GROUP"),
        ("volksverhetzung", "DEU-STGB-130"),
        ("germany insult politicians", "DEU-STGB-188"),
        ("spain glorifying terrorism", "ESP-CP-578"),
        ("apology of terrorism france", "FRA-CP-421-2-5"),
        ("207.3", "RUS-CC-207.3"),
        ("дискредитация армии", "RUS-CC-280.3"),
        ("фейки об армии", "RUS-CC-207.3"),
        ("discrediting the army russia", "RUS-CC-280.3"),
        ("282 россия", "RUS-CC-282"),
        ("оскорбление чувств верующих", "RUS-CC-148.1"),
        ("blasphemy pakistan", "PAK-PPC-295-298C"),
        ("hate speech pakistan", "PAK-PECA-11"),
        ("cyber libel philippines", "PHL-CPA-4C4"),
        ("south korea national security", "KOR-NSA"),
        ("korea praise enemy", "KOR-NSA-7"),
        ("Белоруссия президент", "BLR-CC-368"),
        ("hungary scaremongering", "HUN-BTK-337"),
        ("tunisia rumours", "TUN-DL54-24"),
    ];

    #[test]
    fn what_people_type_finds_what_they_mean() {
        let catalog = catalog();
        let index = Index::of(&catalog.statutes());
        let mut wrong = Vec::new();
        for (typed, meant) in SEARCHES {
            let found = index.find(typed, &|_| true);
            if !found.statutes.iter().take(3).any(|id| id == meant) {
                let first: Vec<&String> = found.statutes.iter().take(4).collect();
                wrong.push(format!("{typed}: {meant} is not among {first:?}, without {:?}", found.left_out));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), SEARCHES.len(), wrong.join("\n"));
    }

    #[test]
    fn what_is_not_there_is_said_with_the_nearest() {
        let catalog = catalog();
        let index = Index::of(&catalog.statutes());
        for (typed, near) in
            [("defmation", "defamation"), ("seditoin", "sedition"), ("Казхстан", "казахстан")]
        {
            let found = index.find(typed, &|_| true);
            let right = index.find(near, &|_| true);
            assert!(found.statutes == right.statutes && found.left_out.is_empty(), "{found:?}");
            assert_eq!(
                (found.nearest[0].word.as_str(), found.nearest[0].count),
                (near, right.statutes.len())
            );
        }
        let nothing = index.find("zzzzzzzz", &|_| true);
        assert!(
            nothing.statutes.is_empty() && nothing.nearest.is_empty() && nothing.left_out == ["zzzzzzzz"]
        );
        // A word that fits nothing together with the others is left out, and named.
        let some = index.find("sedition kazakhstan", &|_| true);
        assert!(some.statutes.iter().all(|id| id.starts_with("KAZ-")) && some.statutes.len() > 10);
        assert_eq!((some.left_out.as_slice(), some.nearest.len()), (["sedition".to_owned()].as_slice(), 0));
        let mended = index.find("kazakhstan defmation", &|_| true);
        assert_eq!(mended.statutes, index.find("kazakhstan defamation", &|_| true).statutes);
        // A number that there is not is no other number.
        let number = index.find("99274", &|_| true);
        assert!(number.statutes.is_empty() && number.left_out == ["99274"], "{number:?}");
        assert_eq!(index.find(" – ", &|_| true), Found::default());
    }

    #[test]
    fn nothing_is_near_a_short_word() {
        let catalog = catalog();
        let index = Index::of(&catalog.statutes());
        let found = index.find("LGBT propaganda", &|_| true);
        assert_eq!(found.statutes, index.find("propaganda", &|_| true).statutes);
        assert!(found.left_out == ["lgbt"] && found.nearest.is_empty(), "{found:?}");
        assert!(index.find("xqz", &|_| true).nearest.is_empty());
    }

    #[test]
    fn a_search_of_many_words_ends() {
        let catalog = catalog();
        let index = Index::of(&catalog.statutes());
        let many: Vec<String> = (0..500).map(|place| format!("word{place}")).collect();
        let found = index.find(&many.join(" "), &|_| true);
        assert!(found.statutes.is_empty() && found.left_out.len() == 500);
    }
}
