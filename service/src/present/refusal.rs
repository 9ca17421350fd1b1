//! Refusals in plain words and in the reader's language. The wording of the API stays in English and names parameters.

use chargesheet_widget::chart::DrawError;

use super::texts::{Texts, fill};
use crate::domain::{Dimension, Language, Lists};
use crate::query::{Cause, QueryError};

/// Most values that a refusal lists.
const LISTED: usize = 12;

/// Returns a refusal in a language. What was typed stands between backticks.
pub fn told(error: &QueryError, language: Language) -> String {
    if let Some(cause) = error.cause() {
        return told_cause(&cause, language);
    }
    let texts = Texts::of(language);
    let hint = error.nearest().map_or(String::new(), |nearest| hint(texts, nearest));
    let parameter = error.parameter().unwrap_or_default();
    let (key, named) = match error {
        // The words of the API say more about a value, and are in English.
        QueryError::Value { .. } if language == Language::ENGLISH => return error.to_string(),
        QueryError::Encoding { .. } => ("encoding", ""),
        QueryError::Twice { .. } => ("twice", ""),
        QueryError::UnknownParameter { .. } => ("unknown_parameter", ""),
        QueryError::UnknownCode { dimension, .. } => ("unknown_code", texts.dimension(*dimension)),
        _ => ("value", ""),
    };
    let value = error.value().unwrap_or_default();
    let values = [("parameter", parameter), ("value", value), ("dimension", named)];
    let expected = match error {
        QueryError::Value { expected, .. } if (1..=LISTED).contains(&expected.len()) => {
            let listed: Vec<String> = expected.iter().map(|value| format!("`{value}`")).collect();
            fill(texts.refused.get("expected"), &[("values", &listed.join(", "))])
        }
        _ => String::new(),
    };
    format!("{}{expected}{hint}", fill(texts.refused.get(key), &values))
}

/// Returns the question whether another value was meant, as the end of a sentence.
pub fn hint(texts: &Texts, nearest: &str) -> String {
    fill(texts.refused.get("hint"), &[("nearest", nearest)])
}

/// Returns a cause as one or two sentences, without the name of any parameter.
pub fn told_cause(cause: &Cause, language: Language) -> String {
    let texts = Texts::of(language);
    let why = |key: &str, values: &[(&str, &str)]| fill(texts.why.get(key), values);
    let outcome = |code: &str| {
        let label = Lists::bundled().outcomes.get(code).map(|entry| entry.label.get(language).to_owned());
        label.unwrap_or_else(|| code.to_owned())
    };
    match cause {
        Cause::Overlaps(dimension) => why(overlaps(*dimension), &[]),
        Cause::PartOfSum { outcome: code, .. } => why("part_of_sum", &[("outcome", &outcome(code))]),
        Cause::ShareOverlaps(_) => why("share_overlaps", &[]),
        Cause::ShareNeeds(codes) => {
            let names: Vec<String> = codes.iter().map(|code| outcome(code)).collect();
            why("share_needs", &[("outcomes", &names.join(", "))])
        }
        Cause::BothRules => why("both_rules", &[]),
        Cause::Joined => why("joined", &[]),
        Cause::NotRecorded(dimension) => {
            why("not_recorded", &[("dimension", &texts.dimension(*dimension).to_lowercase())])
        }
        Cause::NoPeople => why("no_people", &[]),
        Cause::RateNeedsCountry => why("rate_country", &[]),
        Cause::RateNeedsYear => why("rate_year", &[]),
        Cause::RateNeedsWhole => why("rate_whole", &[]),
        Cause::NeedsYears => why("by_year", &[]),
        Cause::NoFigures => why("no_figures", &[]),
        Cause::TooManyRows(most) => why("too_many_rows", &[("most", &most.to_string())]),
        Cause::Undrawable(error) => told_drawing(error, language),
    }
}

fn overlaps(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Statute | Dimension::Category => "overlaps_statute",
        Dimension::Outcome => "overlaps_outcome",
        Dimension::Year | Dimension::Month => "overlaps_year",
        Dimension::Country => "overlaps_country",
        Dimension::Period => "overlaps_period",
        Dimension::Area => "overlaps_area",
        Dimension::Rule => "overlaps_rule",
        Dimension::Source => "overlaps_source",
        _ => "overlaps_other",
    }
}

/// Returns the reason why an answer cannot be drawn as asked, in a language.
pub fn told_drawing(error: &DrawError, language: Language) -> String {
    use chargesheet_widget::chart::{LANE_LIMIT, PANEL_LIMIT, SERIES_LIMIT};
    let too_many = |count: usize, most: usize| ("too_many", [count.to_string(), most.to_string()]);
    let none = || [String::new(), String::new()];
    let (key, [count, most]) = match error {
        DrawError::NotAdditive { .. } => ("not_stacked", none()),
        DrawError::SeveralMeasures => ("several_measures", none()),
        DrawError::NoShares => ("one_value", none()),
        DrawError::NoTime => ("no_time", none()),
        DrawError::NoPanels => ("no_panels", none()),
        DrawError::TooManyPanels { panels } => too_many(*panels, PANEL_LIMIT),
        DrawError::TooManySeries { series } => too_many(*series, SERIES_LIMIT),
        DrawError::TooManyLanes { lanes } => too_many(*lanes, LANE_LIMIT),
        DrawError::TooMuch { .. } => ("too_much", none()),
        DrawError::TooLow { height } => ("too_low", [height.to_string(), String::new()]),
        DrawError::TooThin => ("too_thin", none()),
        DrawError::NoPeriods => ("no_periods", none()),
        DrawError::NoCountries => ("no_countries", none()),
        DrawError::NotOneFigure => ("one_figure", none()),
        DrawError::NothingCounted => ("not_drawn", none()),
    };
    let values = [("count", count.as_str()), ("most", &most), ("height", &count)];
    fill(Texts::of(language).why.get(key), &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::value;

    /// One refusal of each kind.
    fn all() -> Vec<QueryError> {
        let text = || "x".to_owned();
        let causes = [
            Cause::PartOfSum { outcome: "convicted".to_owned(), statute: text() },
            Cause::ShareOverlaps(Dimension::Year),
            Cause::ShareNeeds(vec!["convicted".to_owned(), "acquitted".to_owned()]),
            Cause::BothRules,
            Cause::Joined,
            Cause::NotRecorded(Dimension::Role),
            Cause::NoPeople,
            Cause::RateNeedsCountry,
            Cause::RateNeedsYear,
            Cause::RateNeedsWhole,
            Cause::NeedsYears,
            Cause::NoFigures,
            Cause::TooManyRows(10),
        ];
        let drawn = [
            DrawError::NotAdditive { dimension: text() },
            DrawError::SeveralMeasures,
            DrawError::NoShares,
            DrawError::NoTime,
            DrawError::NoPanels,
            DrawError::TooManyPanels { panels: 99 },
            DrawError::TooManySeries { series: 99 },
            DrawError::TooMuch { what: "series" },
            DrawError::TooLow { height: 300 },
            DrawError::TooManyLanes { lanes: 99 },
            DrawError::TooThin,
            DrawError::NoPeriods,
            DrawError::NoCountries,
            DrawError::NotOneFigure,
            DrawError::NothingCounted,
        ];
        let causes = causes.into_iter().chain(Dimension::ALL.map(Cause::Overlaps));
        let causes = causes.chain(drawn.map(Cause::Undrawable));
        let mut all: Vec<QueryError> =
            causes.map(|cause| value("by", "x", text(), &[]).because(cause)).collect();
        all.extend([
            QueryError::Encoding { found: text() },
            QueryError::Twice { parameter: text() },
            QueryError::UnknownParameter { parameter: text(), known: vec!["by"], nearest: Some(text()) },
            QueryError::UnknownCode {
                dimension: Dimension::Statute,
                value: text(),
                place: text(),
                nearest: Some(text()),
            },
            value("type", "lin", text(), &["line", "bar"]),
            QueryError::TooManyRows { most: 10 },
        ]);
        all
    }

    #[test]
    fn every_refusal_has_a_sentence_in_every_language() {
        for language in Language::all() {
            for error in all() {
                let told = told(&error, language);
                assert!(told.contains(' ') && !told.contains('{'), "{language}: {told}");
                // A reason is told without the words of addresses.
                if error.cause().is_some() {
                    assert!(!told.contains(['`', '=', '_']), "{language}: {told}");
                }
                // Words in Latin letters outside backticks are English words: Russian and Kazakh sentences have none.
                if language == Language::RUSSIAN || language == Language::KAZAKH {
                    let own: String = told.split('`').step_by(2).collect();
                    assert!(!own.contains(|letter: char| letter.is_ascii_alphabetic()), "{language}: {told}");
                }
            }
        }
    }

    #[test]
    fn a_cause_says_what_is_in_the_way() {
        let cause = Cause::PartOfSum { outcome: "convicted".to_owned(), statute: String::new() };
        let told = told_cause(&cause, Language::ENGLISH);
        assert_eq!(told, "Convicted is not reported everywhere, so the sum would be too small.");
        let many = told_drawing(&DrawError::TooManySeries { series: 20 }, Language::RUSSIAN);
        assert!(many.contains("20") && many.contains("12"), "{many}");
    }
}
