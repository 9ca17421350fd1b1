//! What limits a comparison over time, each as a code and a sentence. No code can come out that is not listed here.

use serde::Serialize;

use crate::present::numbers;
use crate::present::texts::{Texts, fill};

/// Defines the codes, each with its word.
macro_rules! codes {
    ($($variant:ident = $code:literal,)+) => {
        /// What limits a trend, or what grew and shrank.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Limit {
            $(#[doc = $code] $variant,)+
        }

        impl Limit {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word used in answers.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

codes! {
    IncompleteYears = "incomplete-years",
    CutYears = "cut-years",
    BeforeForce = "before-force",
    Break = "break",
    MissingYears = "missing-years",
    PartInForce = "part-in-force",
    LawChanged = "law-changed",
    AfterForce = "after-force",
    OpenOutcomes = "open-outcomes",
    Provisional = "provisional",
    SmallNumbers = "small-numbers",
    SourcesDisagree = "sources-disagree",
    SeveralSources = "several-sources",
    CountingDiffers = "counting-differs",
    UnknownYear = "unknown-year",
    SeveralSeries = "several-series",
    DocumentedOnly = "documented-only",
    NothingRecorded = "nothing-recorded",
    UnequalPeriods = "unequal-periods",
    SourcesDiffer = "sources-differ",
    ManyCompared = "many-compared",
}

/// A code with its label.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Named {
    /// The code.
    pub code: String,
    /// Its label.
    pub label: String,
}

/// The value of a dimension in a series.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Key {
    /// The dimension.
    pub dimension: &'static str,
    /// The code; `null` where it is not known.
    pub code: Option<String>,
    /// Its label.
    pub label: String,
}

/// A limit or a reason: a code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Note {
    /// The code.
    pub code: &'static str,
    /// The sentence.
    pub text: String,
    /// The years concerned; empty where it is not about years.
    pub years: Vec<i32>,
}

impl Note {
    /// Makes a limit out of its text, whose places are filled; `{years}` are the years.
    pub(in crate::present) fn limit(
        limit: Limit,
        texts: &Texts,
        years: Vec<i32>,
        values: &[(&str, &str)],
    ) -> Self {
        let written = numbers::years(&years);
        let all: Vec<(&str, &str)> = values.iter().copied().chain([("years", written.as_str())]).collect();
        let code = limit.code();
        Self { code, text: fill(texts.on_trend(&format!("limit_{code}")), &all), years }
    }

    /// Makes the reason why something is not there. `kind` stands before the code in the keys of texts.
    pub(in crate::present) fn of(kind: &str, code: &'static str, texts: &Texts) -> Self {
        Self { code, text: texts.on_trend(&format!("{kind}_{code}")).to_owned(), years: Vec::new() }
    }
}
