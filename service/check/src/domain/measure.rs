//! Measures: the units that are counted.

use std::fmt;

crate::words! {
    /// The unit counted. Figures of different measures are never added together.
    #[derive(PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "lowercase")]
    Measure {
        /// Distinct defendants.
        Persons = "persons",
        /// Distinct proceedings.
        Cases = "cases",
        /// Statutes alleged against a defendant in a case: the rows of a case-level dataset.
        Charges = "charges",
    }
}

impl Measure {
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
