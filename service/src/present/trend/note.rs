//! The limits of a comparison over time, each as a code and a sentence. Only the codes listed here can occur.

use serde::Serialize;

use crate::present::numbers;
use crate::present::texts::{Texts, fill};

chargesheet_check::words! {
    /// A limit of a trend, or of a comparison of two periods.
    #[allow(missing_docs, reason = "each word says what it stands for")]
    Limit {
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
}

/// A code with its label.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Named {
    /// The code.
    pub code: String,
    /// The label of the code.
    pub label: String,
}

/// The value of a dimension in a series.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Key {
    /// The name of the dimension.
    pub dimension: &'static str,
    /// The code; `null` where it is not known.
    pub code: Option<String>,
    /// The label of the code.
    pub label: String,
}

/// A limit or a reason: a code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Note {
    /// The code, for programs.
    pub code: &'static str,
    /// The sentence, for people.
    pub text: String,
    /// The years concerned; empty where the note is not about years.
    pub years: Vec<i32>,
}

impl Note {
    /// Makes a limit from its text. `{years}` and the other placeholders are filled.
    pub(in crate::present) fn limit(
        limit: Limit,
        texts: &Texts,
        years: Vec<i32>,
        values: &[(&str, &str)],
    ) -> Self {
        let written = numbers::years(&years);
        let all: Vec<(&str, &str)> = values.iter().copied().chain([("years", written.as_str())]).collect();
        let code = limit.name();
        Self { code, text: fill(texts.on_trend(&format!("limit_{code}")), &all), years }
    }

    /// Makes the reason why a value is missing. `kind` is the prefix of the code in the keys of texts.
    pub(in crate::present) fn of(kind: &str, code: &'static str, texts: &Texts) -> Self {
        Self { code, text: texts.on_trend(&format!("{kind}_{code}")).to_owned(), years: Vec::new() }
    }
}
