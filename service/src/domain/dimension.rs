//! What can be grouped by and filtered.

use std::fmt;

/// A dimension of a dataset. The only list of what can be grouped or filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The country whose law it is, ISO 3166-1 alpha-3.
    Country,
    /// The provision charged.
    Statute,
    /// The category of offence that the register of statutes gives the provision: never recorded, looked up.
    Category,
    /// Where the charge stands.
    Outcome,
    /// Whom the defendant is known as: journalist, activist and so on.
    Role,
    /// A part of the country, as the dataset names it.
    Region,
    /// Who reported the figure (reported datasets).
    Source,
    /// The calendar year, by the dataset's time basis.
    Year,
    /// The calendar month, by the dataset's time basis.
    Month,
}

impl Dimension {
    /// All dimensions, in the order of the canonical spelling of a query.
    pub const ALL: [Self; 9] = [
        Self::Country,
        Self::Statute,
        Self::Category,
        Self::Outcome,
        Self::Role,
        Self::Region,
        Self::Source,
        Self::Year,
        Self::Month,
    ];

    /// Returns the name used in URLs, CSV headers, JSON and packages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Statute => "statute",
            Self::Category => "category",
            Self::Outcome => "outcome",
            Self::Role => "role",
            Self::Region => "region",
            Self::Source => "source",
            Self::Year => "year",
            Self::Month => "month",
        }
    }

    /// Returns the dimension of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Whether its values are periods; all others are codes that have labels.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
