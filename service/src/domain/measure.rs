//! What is counted.

use std::fmt;

/// The unit counted. Figures of different measures are never added together.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Distinct defendants.
    Persons,
    /// Distinct proceedings.
    Cases,
    /// Statutes alleged against a defendant in a case: the rows of a case-level dataset.
    Charges,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 3] = [Self::Persons, Self::Cases, Self::Charges];

    /// Returns the name used in URLs, CSV headers, JSON and packages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Persons => "persons",
            Self::Cases => "cases",
            Self::Charges => "charges",
        }
    }

    /// Returns the measure of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Returns the small number that stands for the measure in columns of codes.
    pub fn code(self) -> u8 {
        match self {
            Self::Persons => 0,
            Self::Cases => 1,
            Self::Charges => 2,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
