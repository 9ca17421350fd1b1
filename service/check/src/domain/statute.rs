//! Statutes, and the register of a package.

use std::collections::HashMap;

use super::own_name::own_names;
use super::{Localized, Period, nearest};

/// A provision that can be charged. The fields stand in the column order of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Statute {
    /// Its id, which is opaque text. Ours look like `KAZ-CC-274`.
    pub id: String,
    /// The article that it is a part of, if it is a part.
    pub parent: Option<String>,
    /// The country of the law, as an ISO 3166-1 alpha-3 code.
    pub country: String,
    /// The law's name or short code.
    pub law: String,
    /// The article within the law.
    pub article: String,
    /// The part within the article, or empty.
    pub part: String,
    /// What the provision forbids, in a few words.
    pub title: Localized,
    /// Category of speech offence: a code of `reference/offences.csv`, or empty.
    pub offence: String,
    /// First day in force, if it is known.
    pub in_force_from: Option<Period>,
    /// Last day in force, if an end is known.
    pub in_force_to: Option<Period>,
    /// The statute that replaced it, if one did.
    pub successor: Option<String>,
    /// Address of its text, or empty.
    pub url: String,
    /// The law's name in Russian, or empty.
    #[serde(default)]
    pub law_ru: String,
    /// The law's name in Kazakh, or empty.
    #[serde(default)]
    pub law_kk: String,
    /// The law's name in its own languages, as in `de Strafgesetzbuch; fr Code pénal`, or empty.
    #[serde(default)]
    pub law_own: String,
}

impl Statute {
    /// Returns the law's name in each language.
    pub fn laws(&self) -> Localized {
        Localized::new(&self.law, &self.law_ru, &self.law_kk)
    }

    /// Returns the law's name in each of its own languages, behind the language's tag (BCP 47). None where it is not known.
    pub fn own_laws(&self) -> impl Iterator<Item = (&str, &str)> {
        own_names(&self.law_own)
    }
}

/// The statutes of a package, in byte order of their ids. The place of a statute is its code.
#[derive(Debug, Clone, Default)]
pub struct Register {
    statutes: Vec<Statute>,
    codes: HashMap<String, u16, foldhash::fast::RandomState>,
    /// The parts of each statute that has any.
    parts: HashMap<u16, Vec<u16>>,
}

impl Register {
    /// Makes a register. All ids must differ.
    ///
    /// # Panics
    /// When there are more statutes than [`Register::LIMIT`]. Ingest refuses such a package before.
    pub fn new(mut statutes: Vec<Statute>) -> Self {
        statutes.sort_by(|left, right| left.id.cmp(&right.id));
        let codes: HashMap<String, u16, _> = statutes
            .iter()
            .enumerate()
            .map(|(place, statute)| {
                (statute.id.clone(), u16::try_from(place).expect("ingest refuses more than LIMIT statutes"))
            })
            .collect();
        let mut parts: HashMap<u16, Vec<u16>> = HashMap::new();
        for (code, statute) in (0..).zip(&statutes) {
            if let Some(parent) = statute.parent.as_ref().and_then(|parent| codes.get(parent)) {
                parts.entry(*parent).or_default().push(code);
            }
        }
        Self { statutes, codes, parts }
    }

    /// Most statutes of a register. Their codes are 16 bits wide.
    pub const LIMIT: usize = u16::MAX as usize;

    /// Returns the code of a statute id.
    #[inline]
    pub fn code(&self, id: &str) -> Option<u16> {
        self.codes.get(id).copied()
    }

    /// Returns the statute of an id.
    pub fn get(&self, id: &str) -> Option<&Statute> {
        self.code(id).map(|code| self.at(code))
    }

    /// Returns the statute of a code.
    #[inline]
    pub fn at(&self, code: u16) -> &Statute {
        &self.statutes[usize::from(code)]
    }

    /// Returns all statutes in byte order of their ids.
    pub fn all(&self) -> &[Statute] {
        &self.statutes
    }

    /// Returns the codes of a statute and of all its parts, at any depth, in order.
    pub fn with_parts(&self, code: u16) -> Vec<u16> {
        let mut kept = vec![code];
        let mut next = 0;
        // A register has no circles of parents. The limit ends the loop if it had one.
        while let Some(&code) = kept.get(next).filter(|_| kept.len() <= self.statutes.len()) {
            kept.extend(self.parts(code));
            next += 1;
        }
        kept.sort_unstable();
        kept
    }

    /// Returns the codes of the statutes that name this statute as their parent, in order.
    pub fn parts(&self, code: u16) -> &[u16] {
        self.parts.get(&code).map_or(&[], Vec::as_slice)
    }

    /// Returns the statute id nearest to a wrong one.
    pub fn nearest(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.statutes.iter().map(|statute| statute.id.as_str()))
    }
}
