//! `datapackage.json`: what a package says of itself.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::Deserialize;

use super::{Digest, PackageError};
use crate::domain::{Dimension, Language, Localized, Measure, Period, Register, Statute, nearest};

/// Whether a dataset has a row per charge, or figures as somebody published them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One row per charge, `charges.csv` or `charges.parquet`.
    CaseLevel,
    /// One row per figure and source, `counts.csv`.
    Reported,
}

impl Kind {
    /// Returns the word used in packages and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::CaseLevel => "case-level",
            Self::Reported => "reported",
        }
    }

    /// Returns every dimension a dataset of this kind may have.
    pub fn dimensions(self) -> &'static [Dimension] {
        use Dimension::{Country, Month, Outcome, Region, Role, Source, Statute, Year};
        match self {
            Self::CaseLevel => &[Country, Statute, Outcome, Role, Region, Year, Month],
            Self::Reported => &[Country, Statute, Outcome, Source, Year],
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

/// `datapackage.json`, as far as we use it. Other standard properties are allowed and kept out of answers.
#[derive(Debug, Clone, Deserialize)]
pub struct Descriptor {
    /// The dataset's id in URLs: lower-case letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    #[serde(default)]
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
    #[serde(default)]
    pub contributors: Vec<Contributor>,
    /// Its files.
    pub resources: Vec<Resource>,
    /// What only Chargesheet asks for.
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
#[derive(Debug, Clone, Deserialize)]
pub struct Resource {
    /// Its name: `statutes`, `charges`, `counts`, `sources`, `history` or `population`.
    pub name: String,
    /// Its path below the package's folder.
    pub path: String,
    /// What kind of file it is, as the standard says it in a word: `csv` or `parquet`.
    #[serde(default)]
    pub format: Option<String>,
    /// What kind of file it is, as the Internet says it: `text/csv`, `application/vnd.apache.parquet`.
    #[serde(default)]
    pub mediatype: Option<String>,
    /// Its encoding, a label of the WHATWG Encoding Standard; UTF-8 where it is missing.
    #[serde(default)]
    pub encoding: Option<String>,
    /// How its table is written.
    #[serde(default)]
    pub dialect: Dialect,
    /// Its size in bytes.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// Its digest: `sha256:` and hex digits, likewise `sha512:`, `sha1:`; without a prefix it is MD5.
    #[serde(default)]
    pub hash: Option<String>,
}

impl Resource {
    /// Whether it is declared to be Parquet: by its format, else its media type, else the end of its path.
    pub fn is_parquet(&self) -> bool {
        let has = |text: &str| text.to_ascii_lowercase().contains("parquet");
        let ends = |path: &str| path.to_ascii_lowercase().ends_with(".parquet");
        match (&self.format, &self.mediatype) {
            (Some(format), _) => has(format),
            (None, Some(kind)) => has(kind),
            (None, None) => ends(&self.path),
        }
    }
}

/// How a table is written, as the standard's Table Dialect describes it. What we cannot follow is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// What stands between two fields; a comma where it is missing.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Whether there is a header; there must be one.
    #[serde(default)]
    header: Option<bool>,
    #[serde(default)]
    quote_char: Option<String>,
    #[serde(default)]
    double_quote: Option<bool>,
    #[serde(default)]
    escape_char: Option<String>,
    #[serde(default)]
    comment_char: Option<String>,
    #[serde(default)]
    skip_initial_space: Option<bool>,
}

impl Dialect {
    /// Returns the property that says something which is not read, if there is one.
    fn unreadable(&self) -> Option<&'static str> {
        let delimiter = |text: &str| matches!(text.as_bytes(), [byte] if *byte == b'\t' || (byte.is_ascii_punctuation() && *byte != b'"'));
        if self.delimiter.as_deref().is_some_and(|text| !delimiter(text)) {
            Some("resources.dialect.delimiter")
        } else if self.header == Some(false) {
            Some("resources.dialect.header")
        } else if self.quote_char.as_deref().is_some_and(|quote| quote != "\"") {
            Some("resources.dialect.quoteChar")
        } else if self.double_quote == Some(false) {
            Some("resources.dialect.doubleQuote")
        } else if self.escape_char.as_deref().is_some_and(|escape| !escape.is_empty()) {
            Some("resources.dialect.escapeChar")
        } else if self.comment_char.as_deref().is_some_and(|comment| !comment.is_empty()) {
            Some("resources.dialect.commentChar")
        } else if self.skip_initial_space == Some(true) {
            Some("resources.dialect.skipInitialSpace")
        } else {
            None
        }
    }
}

/// The `chargesheet` property of `datapackage.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Case-level or reported.
    pub kind: Kind,
    /// What is counted; the first is the default of a query.
    pub measures: Vec<Measure>,
    /// What the year of a record is the year of.
    pub time_basis: TimeBasis,
    /// The dimensions over which figures may be summed.
    pub additive: Vec<String>,
    /// Which small numbers are withheld.
    pub disclosure: Disclosure,
    /// What a reader must know, by language code.
    #[serde(default)]
    pub caveats: BTreeMap<String, Vec<Caveat>>,
    /// What is new in this version, by language code: shown in the list of releases.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    /// The title in Russian.
    #[serde(default)]
    pub title_ru: String,
    /// The title in Kazakh.
    #[serde(default)]
    pub title_kk: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Caveat {
    /// It concerns the whole dataset.
    All(String),
    /// It concerns some statutes only.
    Some {
        /// The sentence.
        text: String,
        /// Ids of the statutes concerned.
        statutes: Vec<String>,
    },
}

impl Descriptor {
    pub(super) fn validate(&self, place: &str) -> Result<(), PackageError> {
        let refuse = |property, value: &str, expected: String| {
            Err(PackageError::Property {
                place: place.to_owned(),
                property,
                value: value.to_owned(),
                expected,
            })
        };
        let settings = &self.chargesheet;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        if self.name.is_empty() || !self.name.bytes().all(plain) || self.name.starts_with('.') {
            return refuse("name", &self.name, "use lower-case letters, digits, `.`, `_` and `-`".to_owned());
        }
        // The first ten bytes begin the id of every release, so they must be a day and nothing else.
        let (day, time) = self.created.split_at_checked(10).unwrap_or((&self.created, ""));
        let begins_with_a_day = matches!(Period::parse(day), Ok(Period::Day(_))) && time.starts_with('T');
        if !begins_with_a_day || self.created.parse::<jiff::Timestamp>().is_err() {
            return refuse(
                "created",
                &self.created,
                "write a moment such as 2026-11-24T00:00:00Z".to_owned(),
            );
        }
        if self.licenses.is_empty() {
            return refuse("licenses", "[]", "name at least one licence".to_owned());
        }
        for resource in &self.resources {
            // The standard forbids absolute and parent paths; a package must not read beside itself.
            if !Path::new(&resource.path).components().all(|part| matches!(part, Component::Normal(_))) {
                return refuse(
                    "resources.path",
                    &resource.path,
                    "name a file below the package's folder".to_owned(),
                );
            }
            if resource.is_parquet() && resource.name != "charges" {
                let expected = "only charges may be Parquet; write this table as CSV";
                return refuse("resources.path", &resource.path, expected.to_owned());
            }
            if let Some(property) = resource.dialect.unreadable() {
                let expected = "only the delimiter may be another than in RFC 4180: one sign, or a tab";
                return refuse(property, &resource.path, expected.to_owned());
            }
            if let Some(label) = &resource.encoding
                && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
            {
                let expected = "write a label of the Encoding Standard, such as utf-8 or windows-1251";
                return refuse("resources.encoding", label, expected.to_owned());
            }
            if let Some(hash) = &resource.hash
                && Digest::parse(hash).is_none()
            {
                let expected = "write sha256: and 64 hex digits (sha512:, sha1: and md5: are read too)";
                return refuse("resources.hash", hash, expected.to_owned());
            }
        }
        let mut sorted = settings.measures.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.is_empty() || sorted.len() != settings.measures.len() {
            let names: Vec<_> = settings.measures.iter().map(|measure| measure.name()).collect();
            return refuse(
                "chargesheet.measures",
                &names.join(","),
                "list each measure once, at least one".to_owned(),
            );
        }
        let dimensions = settings.kind.dimensions();
        for name in &settings.additive {
            if !Dimension::from_name(name).is_some_and(|dimension| dimensions.contains(&dimension)) {
                let names: Vec<_> = dimensions.iter().map(|dimension| dimension.name()).collect();
                let hint = nearest(name, names.iter().copied())
                    .map_or(String::new(), |nearest| format!("; did you mean {nearest:?}?"));
                return refuse(
                    "chargesheet.additive",
                    name,
                    format!("expected one of {}{hint}", names.join(", ")),
                );
            }
        }
        for (property, mut codes) in [
            ("chargesheet.caveats", settings.caveats.keys().collect::<Vec<_>>().into_iter()),
            ("chargesheet.notes", settings.notes.keys().collect::<Vec<_>>().into_iter()),
        ] {
            if let Some(unknown) = codes.find(|code| Language::from_code(code).is_none()) {
                return refuse(
                    property,
                    unknown,
                    format!(
                        "expected one of the languages {}",
                        Language::all().map(Language::code).collect::<Vec<_>>().join(", ")
                    ),
                );
            }
        }
        Ok(())
    }

    /// Returns the title in each language.
    pub fn titles(&self) -> Localized {
        Localized::new(&self.title, &self.chargesheet.title_ru, &self.chargesheet.title_kk)
    }

    /// Returns the dimensions over which figures may be summed.
    pub fn additive(&self) -> Vec<Dimension> {
        self.chargesheet.additive.iter().filter_map(|name| Dimension::from_name(name)).collect()
    }

    /// Returns the caveats that concern any of these statutes, in a language (English where it has none).
    ///
    /// A caveat on an article concerns its parts too.
    pub fn caveats(
        &self,
        language: Language,
        register: &Register,
        concerned: &dyn Fn(&Statute) -> bool,
    ) -> Vec<&str> {
        let by_language = &self.chargesheet.caveats;
        let list = by_language.get(language.code()).or_else(|| by_language.get("en"));
        list.into_iter()
            .flatten()
            .filter_map(|caveat| match caveat {
                Caveat::All(text) => Some(text.as_str()),
                Caveat::Some { text, statutes } => statutes
                    .iter()
                    .filter_map(|id| register.code(id))
                    .flat_map(|code| register.with_parts(code))
                    .any(|code| concerned(register.at(code)))
                    .then_some(text.as_str()),
            })
            .collect()
    }
}
