//! The population of countries.

/// The population of a country in a year, as its publisher states it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Population {
    /// ISO 3166-1 alpha-3 code, or `XKX`.
    pub country: String,
    /// The calendar year.
    pub year: i32,
    /// Number of persons, in the middle of the year or as the source says. It is never 0.
    pub persons: u64,
    /// Who states the number, in words.
    pub source: String,
    /// Address of that source.
    pub url: String,
}

impl Population {
    /// Returns the sort key of the row: country and year. Together they are a key.
    pub fn place(&self) -> (&str, i32) {
        (&self.country, self.year)
    }
}
