//! Dimensions: what records can be grouped by and filtered by.

use std::fmt;

/// A dimension of a dataset. This is the only list of dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The country whose law is charged, ISO 3166-1 alpha-3.
    Country,
    /// The statute charged.
    Statute,
    /// The category of offence. Records do not have it; it is looked up in the register of statutes.
    Category,
    /// The stage or result of the charge.
    Outcome,
    /// How the defendant is known: journalist, activist and so on.
    Role,
    /// A part of the country, as the dataset names it.
    Region,
    /// Who reported the figure (reported datasets).
    Source,
    /// The calendar year, by the dataset's time basis.
    Year,
    /// The calendar month, by the dataset's time basis.
    Month,
    /// The period of a reported figure: a calendar year, another span, or a moment (see [`super::Span`]).
    Period,
    /// The part of a country that a reported figure is of.
    Area,
    /// How a reported figure counts a person accused of several offences, where its source gives both.
    Rule,
}

/// The place where the codes of a dimension are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// The code list of this name, which all datasets share.
    List(&'static str),
    /// The dataset: its register of statutes, its sources, or texts of its records.
    Dataset,
    /// None: the values are periods.
    Periods,
}

impl Dimension {
    /// All dimensions, in the order in which the canonical form of a query names them.
    pub const ALL: [Self; 12] = [
        Self::Country,
        Self::Statute,
        Self::Category,
        Self::Outcome,
        Self::Role,
        Self::Region,
        Self::Source,
        Self::Year,
        Self::Month,
        Self::Period,
        Self::Area,
        Self::Rule,
    ];

    /// Returns the name of the dimension, its number in short addresses, and the place of its codes. A number is
    /// never given to another dimension, because short addresses must keep their meaning.
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
            Self::Period => ("period", 10, Codes::Dataset),
            Self::Area => ("area", 11, Codes::Dataset),
            Self::Rule => ("rule", 12, Codes::Dataset),
        }
    }

    /// Returns the name used in URLs, CSV headers, JSON and packages.
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// Returns the number of the dimension in short addresses, from 1 to 15.
    pub fn number(self) -> u8 {
        self.entry().1
    }

    /// Returns the place where the codes are listed.
    pub fn codes(self) -> Codes {
        self.entry().2
    }

    /// Returns the dimension of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Whether the values are years or months. All other dimensions have codes with labels; those of [`Self::Period`]
    /// are codes because they overlap and make no axis of time.
    pub fn is_time(self) -> bool {
        self.codes() == Codes::Periods
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
