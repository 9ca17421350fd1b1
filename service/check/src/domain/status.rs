//! The observation status of a reported figure: how reliable it is.

/// Observation status of a reported figure. It is one of the four codes that we use of the SDMX code list
/// `CL_OBS_STATUS`.
///
/// Statuses are ordered by the caution that they ask for, least first. A sum of figures carries the status that asks
/// for most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// A: a normal figure.
    #[default]
    Normal,
    /// B: the series changes its definition here.
    Break,
    /// E: an estimate.
    Estimated,
    /// P: provisional, to be revised by its source.
    Provisional,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Break, Self::Estimated, Self::Provisional];

    /// Returns the SDMX code.
    pub fn code(self) -> &'static str {
        ["A", "B", "E", "P"][self as usize]
    }

    /// Returns the status of an SDMX code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}
