//! The reason why a question has no answer, free of any language: forms disable a choice by it, and pages tell it in the
//! reader's language (`present::refusal`).

use chargesheet_widget::chart::DrawError;

use crate::domain::Dimension;

/// Why an understood question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Figures would be summed over a dimension over which they overlap.
    Overlaps(Dimension),
    /// A sum over outcomes would lack one that is not reported everywhere.
    PartOfSum {
        /// Code of the outcome.
        outcome: String,
        /// Id of the first statute that lacks it.
        statute: String,
    },
    /// A share would be of a sum over a dimension over which figures overlap.
    ShareOverlaps(Dimension),
    /// There are shares only of these outcomes together: their codes, as the dataset declares them complete.
    ShareNeeds(Vec<String>),
    /// A share would be of figures that are counted by two rules.
    BothRules,
    /// A statute would be added to those that it replaced.
    Joined,
    /// The dataset does not record the dimension.
    NotRecorded(Dimension),
    /// The release has no populations to divide by.
    NoPeople,
    /// A rate needs one country in each row.
    RateNeedsCountry,
    /// A rate needs one year in each row.
    RateNeedsYear,
    /// A rate needs whole years and whole countries.
    RateNeedsWhole,
    /// The question has to be grouped by year.
    NeedsYears,
    /// Nothing is recorded of what is asked.
    NoFigures,
    /// The answer would have more rows than this.
    TooManyRows(usize),
    /// The answer cannot be drawn as asked.
    Undrawable(DrawError),
}
