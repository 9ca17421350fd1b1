//! The code lists that packages use: those of `data` are compiled into the program, and a store keeps those of its releases.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::{Language, Localized, nearest};

/// A code with its labels.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The code itself.
    pub code: String,
    /// The code that it is a part of: everyone fined was convicted. `None` where the list names none.
    pub parent: Option<String>,
    /// Its label.
    pub label: Localized,
    /// Its definition. Empty where the list gives none.
    pub definition: Localized,
    /// For outcomes: `registered`, `charged`, `court` or `final`. Empty in other lists.
    pub stage: String,
    /// For outcomes: whether the outcome is final, so that nothing more will follow.
    pub is_final: bool,
}

/// A code list, in display order.
#[derive(Debug)]
pub struct CodeList {
    /// What a code of the list names, for messages: `country`, `outcome`.
    pub name: &'static str,
    entries: Vec<Entry>,
    /// Places in `entries`, in byte order of the codes. A code's number is its place in this list.
    numbered: Vec<usize>,
    numbers: HashMap<String, u16, foldhash::fast::RandomState>,
}

impl CodeList {
    /// Parses a list. Returns `None` when it is no CSV, has no codes or too many, or has a parent that is no other code of the
    /// list or makes a circle.
    fn read(name: &'static str, bytes: &[u8]) -> Option<Self> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().ok()?.clone();
        let place = |column: &str| header.iter().position(|name| name == column);
        let column = |row: &csv::StringRecord, column: &str| -> String {
            place(column).and_then(|place| row.get(place)).unwrap_or_default().to_owned()
        };
        // Countries have names. The codes of other lists have labels.
        let label = if place("label_en").is_some() { "label" } else { "name" };
        let localized = |row: &csv::StringRecord, stem: &str| {
            let own = |language: Language| column(row, &format!("{stem}_{language}"));
            let data = Localized::new(own(Language::ENGLISH), own(Language::RUSSIAN), own(Language::KAZAKH));
            // The list of an old release has no column for a language that was added later. The language's file has
            // its labels.
            Language::further().fold(data, |text, language| {
                let in_list = own(language);
                let in_file = || language.label(name, &column(row, name)).unwrap_or_default().to_owned();
                let is_label = stem != "definition";
                text.with(language, if in_list.is_empty() && is_label { in_file() } else { in_list })
            })
        };
        let mut entries = Vec::new();
        for row in reader.records() {
            let row = row.ok()?;
            entries.push(Entry {
                code: column(&row, name),
                parent: Some(column(&row, "parent")).filter(|parent| !parent.is_empty()),
                label: localized(&row, label),
                definition: localized(&row, "definition"),
                stage: column(&row, "stage"),
                is_final: column(&row, "final") == "true",
            });
        }
        let mut numbered: Vec<usize> = (0..entries.len()).collect();
        numbered.sort_by(|&left, &right| entries[left].code.cmp(&entries[right].code));
        let numbers: HashMap<String, u16, _> = numbered
            .iter()
            .enumerate()
            .map(|(number, &place)| Some((entries[place].code.clone(), u16::try_from(number).ok()?)))
            .collect::<Option<_>>()?;
        // Columns store these numbers in one byte.
        let fits = !entries.is_empty() && entries.len() <= 256 && numbers.len() == entries.len();
        let list = fits.then_some(Self { name, entries, numbered, numbers })?;
        let is_known = |parent: &str| list.get(parent).is_some();
        // As many ancestors as there are codes make a circle.
        let is_right = |entry: &Entry| {
            list.ancestors(&entry.code).all(is_known)
                && list.ancestors(&entry.code).count() < list.entries.len()
        };
        list.entries.iter().all(is_right).then_some(list)
    }

    /// Returns the entry of a code.
    pub fn get(&self, code: &str) -> Option<&Entry> {
        self.number(code).map(|number| self.at(number))
    }

    /// Returns the codes that a code is a part of, the nearest first. A list has no circle, so no code is its own ancestor.
    pub fn ancestors<'l>(&'l self, code: &str) -> impl Iterator<Item = &'l str> {
        let parent = |code: &str| self.get(code)?.parent.as_deref();
        std::iter::successors(parent(code), move |code| parent(code)).take(self.entries.len())
    }

    /// Whether some code is a part of another one.
    pub fn has_parts(&self) -> bool {
        self.entries.iter().any(|entry| entry.parent.is_some())
    }

    /// Returns the number that represents the code in columns: its place in byte order.
    #[inline]
    pub fn number(&self, code: &str) -> Option<u16> {
        self.numbers.get(code).copied()
    }

    /// Returns the entry of a number.
    pub fn at(&self, number: u16) -> &Entry {
        &self.entries[self.numbered[usize::from(number)]]
    }

    /// Returns the place of a number's code in display order.
    pub fn place(&self, number: u16) -> usize {
        self.numbered[usize::from(number)]
    }

    /// Returns all entries in display order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the code nearest to a wrong one.
    pub fn nearest(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.entries.iter().map(|entry| entry.code.as_str()))
    }
}

/// The code lists that records are checked against.
///
/// A release keeps the lists that it was made with, because an improved label must not change what an old address
/// answers.
#[derive(Debug)]
pub struct Lists {
    /// Countries by ISO 3166-1 alpha-3 code, and Kosovo as XKX.
    pub countries: CodeList,
    /// Outcomes, in the order of a proceeding.
    pub outcomes: CodeList,
    /// Roles of defendants.
    pub roles: CodeList,
    /// Categories of speech offences.
    pub offences: CodeList,
    bytes: [Vec<u8>; 4],
}

impl Lists {
    /// Names of the lists, in the order of [`Lists::bytes`].
    pub const NAMES: [&'static str; 4] = ["countries", "outcomes", "roles", "offences"];

    /// Parses the lists. Returns `None` when any of them is damaged.
    pub fn read(bytes: [Vec<u8>; 4]) -> Option<Self> {
        Some(Self {
            countries: CodeList::read("country", &bytes[0])?,
            outcomes: CodeList::read("outcome", &bytes[1])?,
            roles: CodeList::read("role", &bytes[2])?,
            offences: CodeList::read("offence", &bytes[3])?,
            bytes,
        })
    }

    /// Returns the list whose codes have this name: `country`, `outcome`, `role`, `offence`.
    pub fn named(&self, name: &str) -> Option<&CodeList> {
        let all = [&self.countries, &self.outcomes, &self.roles, &self.offences];
        all.into_iter().find(|list| list.name == name)
    }

    /// Returns the files that the lists were parsed from.
    pub fn bytes(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        Self::NAMES.into_iter().zip(self.bytes.iter().map(Vec::as_slice))
    }

    /// Returns the newest lists that are compiled in.
    pub fn bundled() -> &'static Arc<Self> {
        static LISTS: LazyLock<Arc<Lists>> = LazyLock::new(|| Lists::of(&chargesheet_data::REFERENCE));
        &LISTS
    }

    /// Returns lists that are compiled in, such as those of an earlier package.
    pub fn of(files: &chargesheet_data::Lists) -> Arc<Self> {
        let bytes = [files.countries, files.outcomes, files.roles, files.offences];
        let lists = Self::read(bytes.map(<[u8]>::to_vec));
        Arc::new(lists.expect("code lists that are compiled in are CSV and short"))
    }
}

/// Returns the countries that are compiled in, by ISO 3166-1 alpha-3 code, and Kosovo as XKX.
pub fn countries() -> &'static CodeList {
    &Lists::bundled().countries
}

/// Returns the roles of defendants that are compiled in.
pub fn roles() -> &'static CodeList {
    &Lists::bundled().roles
}

/// Returns the outcomes that are compiled in, in the order of a proceeding.
pub fn outcomes() -> &'static CodeList {
    &Lists::bundled().outcomes
}

/// Returns the categories of speech offences that are compiled in.
pub fn offences() -> &'static CodeList {
    &Lists::bundled().offences
}

/// Returns the definition of a category of offence in a language, for pages. Empty where there is none in this language, or no such
/// category. An answer has the definitions of its release instead, which never change.
pub fn offence_definition(code: &str, language: Language) -> &'static str {
    static BESIDE: LazyLock<CodeList> = LazyLock::new(|| {
        let list = CodeList::read("offence", chargesheet_data::OFFENCE_DEFINITIONS);
        list.expect("the definitions that are compiled in are CSV and short")
    });
    let own = |list: &'static CodeList| list.get(code).map_or("", |entry| entry.definition.own(language));
    Some(own(&BESIDE)).filter(|own| !own.is_empty()).unwrap_or_else(|| own(offences()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_of_offence_is_defined_in_every_language() {
        let codes: Vec<&str> = offences().entries().iter().map(|entry| entry.code.as_str()).collect();
        for language in [Language::ENGLISH, Language::RUSSIAN, Language::KAZAKH] {
            let all: Vec<&str> = codes.iter().map(|code| offence_definition(code, language)).collect();
            assert!(all.iter().all(|text| text.ends_with('.')), "{language}: {all:?}");
        }
        assert_ne!(
            offence_definition("insult", Language::RUSSIAN),
            offence_definition("insult", Language::KAZAKH)
        );
        assert_eq!(offence_definition("no-such-code", Language::ENGLISH), "");
        let mut beside = csv::Reader::from_reader(chargesheet_data::OFFENCE_DEFINITIONS);
        assert!(
            beside.records().map(|row| row.unwrap()[0].to_owned()).eq(codes),
            "the same codes in the same order"
        );
    }

    #[test]
    fn every_code_of_the_bundled_lists_has_a_label_in_every_language() {
        for list in [countries(), outcomes(), roles(), offences()] {
            assert!(!list.entries().is_empty(), "{} is empty", list.name);
            for entry in list.entries() {
                assert!(!entry.code.is_empty(), "{} has an empty code", list.name);
                for language in [Language::ENGLISH, Language::RUSSIAN, Language::KAZAKH] {
                    assert!(!entry.label.own(language).is_empty(), "{} {} {language}", list.name, entry.code);
                }
            }
        }
    }

    #[test]
    fn a_parent_is_another_code_of_the_list_and_makes_no_circle() {
        let read =
            |rows: &str| CodeList::read("outcome", format!("outcome,parent,label_en\n{rows}").as_bytes());
        let list = read("c,b,C\na,,A\nb,a,B\n").unwrap();
        assert_eq!(list.ancestors("c").collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(list.ancestors("a").count() + list.ancestors("no such code").count(), 0);
        for wrong in ["a,b,A\n", "a,a,A\n", "a,b,A\nb,a,B\n", "a,b,A\nb,c,B\nc,b,C\nd,,D\n"] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
        assert!(read("a,,A\n").is_some_and(|list| !list.has_parts()));
        let of = Lists::of(&chargesheet_data::LISTS_1);
        assert!(outcomes().has_parts() && !of.outcomes.has_parts());
        assert_eq!(outcomes().ancestors("fined").collect::<Vec<_>>(), ["convicted"]);
    }

    #[test]
    fn outcomes_know_their_stage_and_whether_they_are_final() {
        assert!(outcomes().get("convicted").is_some_and(|outcome| outcome.is_final));
        assert!(outcomes().get("pending").is_some_and(|outcome| !outcome.is_final));
        assert_eq!(outcomes().get("registered").map(|outcome| outcome.stage.as_str()), Some("registered"));
    }
}
