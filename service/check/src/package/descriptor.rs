//! The descriptor of a package: the content of `datapackage.json`.

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use serde::Deserialize;

use crate::domain::{Dimension, Language, Localized, Measure, Register, Statute};

/// The name of the file that describes a package.
pub const DESCRIPTOR: &str = "datapackage.json";

crate::words! {
    /// Whether a dataset has a row per charge, or figures as somebody published them.
    #[derive(serde::Serialize, Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "kebab-case")]
    Kind {
        /// One row per charge, `charges.csv` or `charges.parquet`.
        CaseLevel = "case-level",
        /// One row per figure and source, `counts.csv`.
        Reported = "reported",
    }
}

impl Kind {
    /// Returns the names of the tables that a dataset of this kind must have.
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            Self::CaseLevel => &["statutes", "charges"],
            Self::Reported => &["statutes", "sources", "counts"],
        }
    }

    /// Returns every dimension that a dataset of this kind may have.
    pub fn dimensions(self) -> &'static [Dimension] {
        use Dimension::{Area, Country, Month, Outcome, Period, Region, Role, Rule, Source, Statute, Year};
        match self {
            Self::CaseLevel => &[Country, Statute, Outcome, Role, Region, Year, Month],
            Self::Reported => &[Country, Statute, Outcome, Source, Year, Period, Area, Rule],
        }
    }
}

/// Which small numbers are withheld before an answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Disclosure {
    /// None: the publisher asserts that every record is already public.
    None,
}

/// `datapackage.json`, as far as we use it. Other standard properties are allowed and kept out of answers. Written as JSON,
/// it is what a manifest says of a dataset: all that answers depend on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestDataset)]
pub struct Descriptor {
    /// The dataset's id in URLs: lower-case letters, digits, `.`, `_` and `-`; the first is a letter or digit.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Version of the package, by its publisher's count.
    pub version: String,
    /// When the package was made, RFC 3339.
    pub created: String,
    /// Licences it is published under.
    pub licenses: Vec<License>,
    /// Where it comes from.
    pub sources: Vec<Origin>,
    /// Who made it.
    pub contributors: Vec<Contributor>,
    /// Its files. Charges may be in several, which are resources of one name.
    #[serde(skip)]
    pub resources: Vec<Resource>,
    /// What only Chargesheet asks for.
    #[serde(flatten)]
    pub chargesheet: Settings,
}

/// A licence, as the standard describes one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize, utoipa::ToSchema)]
pub struct License {
    /// Its Open Definition id, such as `CC-BY-4.0`.
    #[serde(default)]
    pub name: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Address of its text.
    #[serde(default)]
    pub path: String,
}

/// Where a package comes from, as the standard describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize, utoipa::ToSchema)]
pub struct Origin {
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its address.
    #[serde(default)]
    pub path: String,
}

/// Somebody who made a package: organisations only, never a person at risk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize, utoipa::ToSchema)]
pub struct Contributor {
    /// Its name.
    #[serde(default)]
    pub title: String,
}

/// A file of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// Its name: `statutes`, `charges`, `counts`, `sources`, `history` or `population`.
    pub name: String,
    /// Its path below the package's folder, with `/` between folders.
    pub path: String,
    /// Whether it is declared to be Parquet: by its format, else its media type, else the end of its path.
    pub is_parquet: bool,
    /// Its encoding, where another than UTF-8 is declared.
    pub encoding: Option<&'static Encoding>,
    /// The byte that separates fields, if it is declared.
    pub delimiter: Option<u8>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its digest: `sha256:` and hex digits, or the same with `sha512:` or `sha1:`. Without a prefix it is MD5.
    pub hash: Option<String>,
}

/// The `chargesheet` property of `datapackage.json`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestSettings)]
pub struct Settings {
    /// Case-level or reported.
    pub kind: Kind,
    /// What is counted; the first is the default of a query.
    pub measures: Vec<Measure>,
    /// What the year of a record is the year of.
    pub time_basis: TimeBasis,
    /// The dimensions over which figures may be summed.
    pub additive: Vec<String>,
    /// Codes of outcomes that are together every result of a proceeding, each of which has exactly one of them; none where the
    /// package declares no such set. A manifest leaves an empty list out, so releases without it keep their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete_outcomes: Vec<String>,
    /// The question of the chart that the start page shows first, as the query of an address:
    /// `by=year&statute=KAZ-CC-274&outcome=registered`, also with `type`, the kind of chart. Its parameters are known ones. Whether the
    /// release answers it, and whether the answer can be drawn, is not checked here. Empty where the package asks for none; a manifest
    /// leaves it out then, so releases without it keep their ids.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub start: String,
    /// Which small numbers are withheld.
    pub disclosure: Disclosure,
    /// What a reader must know, by language code.
    pub caveats: BTreeMap<String, Vec<Caveat>>,
    /// What is new in this version, by language code: shown in the list of releases.
    pub notes: BTreeMap<String, String>,
    /// The title in Russian.
    pub title_ru: String,
    /// The title in Kazakh.
    pub title_kk: String,
    /// The description in Russian. A manifest leaves it out where it is empty, as it does the next two members.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description_ru: String,
    /// The description in Kazakh.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description_kk: String,
    /// Names of areas, by language code and by the area's code in the column `area`. The code itself names an area that has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub areas: BTreeMap<String, BTreeMap<String, String>>,
}

impl Settings {
    /// Whether it has a property that the first packages could not have. The first version of the program cannot read such a manifest.
    pub fn has_later(&self) -> bool {
        let texts = [&self.start, &self.description_ru, &self.description_kk];
        !self.complete_outcomes.is_empty()
            || texts.iter().any(|text| !text.is_empty())
            || !self.areas.is_empty()
    }
}

/// What the year of a record is the year of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TimeBasis {
    /// The act.
    Offence,
    /// Its registration by the police.
    Registration,
    /// The charge.
    Charge,
    /// The decision of the first court.
    FirstInstance,
    /// The decision in legal force.
    Final,
    /// The source does not say.
    NotStated,
}

/// Something a reader must know before using figures.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ManifestCaveat)]
#[serde(from = "WrittenCaveat")]
pub struct Caveat {
    /// The sentence.
    pub text: String,
    /// Ids of the statutes concerned; none where it concerns the whole dataset.
    pub statutes: Vec<String>,
}

/// A caveat as a package writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenCaveat {
    All(String),
    Some { text: String, statutes: Vec<String> },
}

impl From<WrittenCaveat> for Caveat {
    fn from(written: WrittenCaveat) -> Self {
        match written {
            WrittenCaveat::All(text) => Self { text, statutes: Vec::new() },
            WrittenCaveat::Some { text, statutes } => Self { text, statutes },
        }
    }
}

impl Descriptor {
    /// Returns the files of a table.
    pub fn files_of(&self, name: &str) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.name == name)
    }

    /// Returns the resource of a name. Of a table in several files, it is the first.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.files_of(name).next()
    }

    /// Returns the title in each language.
    pub fn titles(&self) -> Localized {
        Localized::new(&self.title, &self.chargesheet.title_ru, &self.chargesheet.title_kk)
    }

    /// Returns the description in each language.
    pub fn descriptions(&self) -> Localized {
        Localized::new(&self.description, &self.chargesheet.description_ru, &self.chargesheet.description_kk)
    }

    /// Returns the package's name of an area in a language, if it has one.
    pub fn area_name(&self, code: &str, language: Language) -> Option<&str> {
        self.chargesheet.areas.get(language.code())?.get(code).map(String::as_str)
    }

    /// Returns the dimensions over which figures may be summed.
    pub fn additive(&self) -> Vec<Dimension> {
        self.chargesheet.additive.iter().filter_map(|name| Dimension::from_name(name)).collect()
    }

    /// Returns the codes of the outcomes that are complete and disjoint: their figures add up to all that ended. Empty where the
    /// package declares no such set.
    pub fn complete_outcomes(&self) -> &[String] {
        &self.chargesheet.complete_outcomes
    }

    /// Returns all caveats in a language. English is used where the package has none in that language.
    pub fn caveats_in(&self, language: Language) -> &[Caveat] {
        let by_language = &self.chargesheet.caveats;
        by_language.get(language.code()).or_else(|| by_language.get("en")).map_or(&[], Vec::as_slice)
    }

    /// Returns the caveats that concern any of these statutes, in a language, as [`Descriptor::caveats_in`].
    ///
    /// A caveat on an article also concerns the parts of the article.
    pub fn caveats(
        &self,
        language: Language,
        register: &Register,
        concerned: &dyn Fn(&Statute) -> bool,
    ) -> Vec<&str> {
        self.caveats_in(language)
            .iter()
            .filter(|caveat| {
                let codes = caveat.statutes.iter().filter_map(|id| register.code(id));
                let mut codes = codes.flat_map(|code| register.with_parts(code));
                caveat.statutes.is_empty() || codes.any(|code| concerned(register.at(code)))
            })
            .map(|caveat| caveat.text.as_str())
            .collect()
    }
}
