//! The standing of each year of a statute: figures, a zero, a gap, or no law in force.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{AnswerError, Dataset};
use crate::domain::{Dimension, Measure, Statute};
use crate::ingest::Records;
use crate::package::Kind;
use crate::query::Query;

chargesheet_check::words! {
    /// What is known about a year of a statute.
    #[derive(serde::Serialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    Standing {
        /// There are figures.
        Figures = "figures",
        /// Every reported figure is zero.
        Zero = "zero",
        /// There are only figures of other periods than years, or of parts of the country. Reported figures only.
        OtherFigures = "other_figures",
        /// No source with a figure was found. Not a zero. Reported figures only.
        NotPublished = "not_published",
        /// No case is recorded, which does not prove that there was none. Single cases only.
        NoRecord = "no_record",
        /// The statute came into force later.
        NotYetInForce = "not_yet_in_force",
        /// The statute had ended before this year.
        NoLongerInForce = "no_longer_in_force",
    }
}

/// A series of yearly figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Id of the statute: the statute asked for, or a part of it.
    pub statute: String,
    /// Number of the outcome in the release.
    pub outcome: u32,
    /// The measure that is counted.
    pub measure: Measure,
}

/// A year with the value of each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The calendar year.
    pub year: i32,
    /// What is known about the year.
    pub standing: Standing,
    /// Values, in the order of [`Years::series`]; `None` where a series has no value.
    pub values: Vec<Option<u64>>,
}

/// The years of a statute in a dataset, without gaps. They begin with the statute's coming into force or the first figure, and
/// end with the date of the package or the last figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Years {
    /// Series with a figure in at least one year, in the order of outcomes, then of the dataset's measures.
    pub series: Vec<Series>,
    /// The years; empty where neither figures nor a beginning is known.
    pub years: Vec<Year>,
}

/// Returns the years of a statute in a dataset.
///
/// Single cases are counted for the statute with its parts. Reported figures are those of the statute itself; the figures of
/// its parts are used only where the statute has none of its own.
///
/// # Errors
/// On a bug.
pub fn years(dataset: &Dataset, id: &str) -> Result<Years, AnswerError> {
    let release = &dataset.release;
    let Some((code, statute)) = release.register().code(id).map(|code| (code, release.register().at(code)))
    else {
        return Ok(Years::default());
    };
    let (found, others) = figures(dataset, code, id)?;
    let measures = &release.descriptor().chargesheet.measures;
    let place = |series: &(String, u32, Measure)| {
        let measure = measures.iter().position(|own| *own == series.2);
        (series.0.clone(), release.place(Dimension::Outcome, series.1), measure)
    };
    let mut keys: Vec<&(String, u32, Measure)> = found.keys().map(|(series, _)| series).collect();
    keys.sort_by_key(|series| place(series));
    keys.dedup();
    let known: BTreeSet<i32> = found.keys().map(|(_, year)| *year).collect();
    let created = release.descriptor().created.get(..4).and_then(|year| year.parse().ok());
    let begun = statute.in_force_from.map(|day| day.year());
    let first = begun.into_iter().chain(known.first().copied()).min();
    let last = created.into_iter().chain(known.last().copied()).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(Years::default()) };
    let kind = release.descriptor().chargesheet.kind;
    let year = |year: i32| {
        let values: Vec<Option<u64>> =
            keys.iter().map(|&series| found.get(&(series.clone(), year)).copied()).collect();
        Year { year, standing: standing(year, &values, &others, statute, kind), values }
    };
    let series = keys.iter().map(|(statute, outcome, measure)| Series {
        statute: statute.clone(),
        outcome: *outcome,
        measure: *measure,
    });
    Ok(Years { series: series.collect(), years: (first..=last).map(year).collect() })
}

fn standing(
    year: i32,
    values: &[Option<u64>],
    others: &BTreeSet<i32>,
    statute: &Statute,
    kind: Kind,
) -> Standing {
    let known: Vec<u64> = values.iter().flatten().copied().collect();
    // A figure outranks the register's dates of the law: sources disagree about laws, too.
    if known.iter().any(|value| *value > 0) {
        Standing::Figures
    } else if !known.is_empty() {
        Standing::Zero
    } else if statute.in_force_from.is_some_and(|from| year < from.year()) {
        Standing::NotYetInForce
    } else if statute.in_force_to.is_some_and(|to| year > to.year()) {
        Standing::NoLongerInForce
    } else if others.contains(&year) {
        Standing::OtherFigures
    } else {
        match kind {
            Kind::Reported => Standing::NotPublished,
            Kind::CaseLevel => Standing::NoRecord,
        }
    }
}

/// Figures by series and year.
type Found = BTreeMap<((String, u32, Measure), i32), u64>;

/// Returns the figures of whole years, and the years that other figures are of.
fn figures(dataset: &Dataset, code: u16, id: &str) -> Result<(Found, BTreeSet<i32>), AnswerError> {
    let release = &dataset.release;
    let measures = release.descriptor().chargesheet.measures.clone();
    let is_reported = matches!(release.records(), Records::Figures { .. });
    let mut by = vec![Dimension::Outcome, Dimension::Year];
    if is_reported {
        by.push(Dimension::Statute);
    }
    let keep = BTreeMap::from([(Dimension::Statute, vec![u32::from(code)])]);
    let query = Query { keep, ..Query::everything(by, measures.clone()) };
    let left_out = dataset.left_out(&query)?;
    let others = &left_out.periods.years | &left_out.areas.years;
    let answer = dataset.ask(&query)?;
    let mut found = Found::new();
    for row in answer.each_row() {
        let number = |column| answer.key(column, row).and_then(|key| u32::try_from(key).ok());
        let (Some(outcome), Some(year)) = (number(0), answer.key(1, row)) else { continue };
        let statute = match is_reported.then(|| number(2)).flatten() {
            Some(own) => release.code(Dimension::Statute, own),
            None => id,
        };
        for (column, &measure) in measures.iter().enumerate() {
            if let Ok(value) = answer.cell(column, row) {
                found.insert(((statute.to_owned(), outcome, measure), year), value);
            }
        }
    }
    if found.keys().any(|((statute, ..), _)| statute == id) {
        found.retain(|((statute, ..), _), _| statute == id);
    }
    Ok((found, others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Period;

    fn statute(from: &str, to: &str) -> Statute {
        Statute {
            id: "A".to_owned(),
            country: "KAZ".to_owned(),
            in_force_from: Period::parse(from).ok(),
            in_force_to: Period::parse(to).ok(),
            ..Statute::default()
        }
    }

    #[test]
    fn a_gap_is_no_zero_and_no_law_is_no_gap() {
        let of = statute("2015-03", "2020");
        let others = BTreeSet::from([2013, 2017]);
        let told = |year, values: &[Option<u64>], kind| standing(year, values, &others, &of, kind);
        assert_eq!(told(2013, &[None], Kind::Reported), Standing::NotYetInForce);
        assert_eq!(told(2017, &[None], Kind::Reported), Standing::OtherFigures);
        assert_eq!(told(2017, &[Some(1)], Kind::Reported), Standing::Figures);
        assert_eq!(told(2014, &[None], Kind::Reported), Standing::NotYetInForce);
        assert_eq!(told(2015, &[None], Kind::Reported), Standing::NotPublished);
        assert_eq!(told(2015, &[None], Kind::CaseLevel), Standing::NoRecord);
        assert_eq!(told(2016, &[None, Some(0)], Kind::Reported), Standing::Zero);
        assert_eq!(told(2016, &[Some(2), Some(0)], Kind::Reported), Standing::Figures);
        assert_eq!(told(2021, &[None], Kind::CaseLevel), Standing::NoLongerInForce);
        assert_eq!(told(2021, &[Some(1)], Kind::CaseLevel), Standing::Figures);
        assert_eq!(
            standing(1990, &[], &BTreeSet::new(), &statute("", ""), Kind::Reported),
            Standing::NotPublished
        );
    }

    #[test]
    fn a_standing_is_called_the_same_everywhere() {
        for standing in Standing::ALL {
            assert_eq!(serde_json::to_value(standing).unwrap(), standing.name());
        }
    }
}
