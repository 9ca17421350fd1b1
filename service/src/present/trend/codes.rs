//! The codes of what limits a comparison over time. None can come out that is not listed here.

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
