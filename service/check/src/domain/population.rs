//! How many people a country has.

/// The population of a country in a year, as its publisher states it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Population {
    /// ISO 3166-1 alpha-3 code, or `XKX`.
    pub country: String,
    /// The calendar year.
    pub year: i32,
    /// Persons, in the middle of the year or as the source says. Never 0.
    pub persons: u64,
    /// Who states it, in words.
    pub source: String,
    /// Its address.
    pub url: String,
}

impl Population {
    /// Returns where the row stands among all: by country and year, which together are a key.
    pub fn place(&self) -> (&str, i32) {
        (&self.country, self.year)
    }
}
