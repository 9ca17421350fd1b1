//! Measures: the units that are counted.

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
        ["persons", "cases", "charges"][self as usize]
    }

    /// Returns the measure of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Returns the number of the measure in short addresses, from 1 to 15. A number is never given to another
    /// measure.
    pub fn number(self) -> u8 {
        match self {
            Self::Persons => 1,
            Self::Cases => 2,
            Self::Charges => 3,
        }
    }

    /// Returns the small number that represents the measure in columns.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
