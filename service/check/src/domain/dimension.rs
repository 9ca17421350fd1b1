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

/// Where the codes of a dimension stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// In the code list of this name, which all datasets have.
    List(&'static str),
    /// In the dataset: its register of statutes, its sources, or texts of its records.
    Dataset,
    /// Nowhere: its values are periods.
    Periods,
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

    /// Its name, its number in short addresses, and where its codes stand. The number was given out once, and is never
    /// given to another dimension.
    const fn entry(self) -> (&'static str, u8, Codes) {
        match self {
            Self::Country => ("country", 1, Codes::List("country")),
            Self::Statute => ("statute", 2, Codes::Dataset),
            Self::Category => ("category", 9, Codes::List("offence")),
            Self::Outcome => ("outcome", 3, Codes::List("outcome")),
            Self::Role => ("role", 4, Codes::List("role")),
            Self::Region => ("region", 5, Codes::Dataset),
            Self::Source => ("source", 6, Codes::Dataset),
            Self::Year => ("year", 7, Codes::Periods),
            Self::Month => ("month", 8, Codes::Periods),
        }
    }

    /// Returns the name used in URLs, CSV headers, JSON and packages.
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// Returns the number that stands for it in short addresses, from 1 to 15.
    pub fn number(self) -> u8 {
        self.entry().1
    }

    /// Returns where its codes stand.
    pub fn codes(self) -> Codes {
        self.entry().2
    }

    /// Returns the dimension of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Whether its values are periods; all others are codes that have labels.
    pub fn is_time(self) -> bool {
        self.codes() == Codes::Periods
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
