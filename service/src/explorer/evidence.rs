//! Links from a figure to its evidence: the sources and records behind it.

use chargesheet_widget::wire::{Answer, ColumnRole, Row, Value};

use super::address::{asked, in_language};
use crate::domain::{Dimension, Language, Period};
use crate::present::statute_history::Series;
use crate::query::escape;
use crate::release::Release;

/// The address of the evidence for a figure.
pub struct Behind {
    /// Path and query of `evidence.csv`, pinned to the release of the answer.
    pub address: String,
    /// Whether the evidence is for this figure alone, rather than for the whole answer.
    pub is_own: bool,
}

/// Returns the address of the evidence for a figure of an answer.
///
/// No query can ask for a group whose period or code is not known, or for a code with a comma. In these cases the address
/// leads to the evidence for the whole answer.
pub fn behind(answer: &Answer, row: &Row, measure: &str) -> Behind {
    let own = filters(answer, row);
    Behind { is_own: own.is_some(), address: address(answer, &own.unwrap_or_default(), Some(measure)) }
}

/// Returns the address of the page that shows a file of evidence.
pub fn page_of(file: &str, language: Language) -> String {
    let page = file.replacen("/v1/datasets/", "/evidence/", 1).replacen("/evidence.csv?", "?", 1);
    in_language(&page, language)
}

/// Returns the address of the evidence for all figures of an answer.
pub fn behind_all(answer: &Answer) -> String {
    address(answer, &[], None)
}

/// Returns the address of the evidence for the figure of a statute, an outcome and a year.
pub fn behind_year(release: &Release, series: &Series, year: i32) -> String {
    let outcome = release.code(Dimension::Outcome, series.outcome);
    format!(
        "/v1/datasets/{}/releases/{}/evidence.csv?by=year,statute,outcome&statute={}&outcome={}&from={year}&to={year}&measure={}",
        release.dataset(),
        release.id(),
        escape(&series.statute),
        escape(outcome),
        series.measure,
    )
}

/// Returns the codes and periods of a row; `None` where no query can ask for them.
fn filters(answer: &Answer, row: &Row) -> Option<Vec<(Dimension, String)>> {
    let columns = answer.columns.iter().zip(&row.values);
    columns
        .filter(|(column, _)| column.role == ColumnRole::Dimension)
        .map(|(column, value)| {
            let text = match value {
                Value::Text(code) if !code.contains(',') => code.clone(),
                Value::Year(year) => year.to_string(),
                _ => return None,
            };
            Some((Dimension::from_name(&column.name)?, text))
        })
        .collect()
}

/// Returns the answer's query, narrowed to a row and a measure, in the canonical order.
fn address(answer: &Answer, row: &[(Dimension, String)], measure: Option<&str>) -> String {
    let asked = |name: &str| asked(&answer.query, name);
    let of_row = |dimension: Dimension| row.iter().find(|(own, _)| *own == dimension).map(|(_, text)| text);
    let mut parts = vec![format!("by={}", asked("by").unwrap_or_default())];
    for dimension in Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()) {
        let own = of_row(dimension).map(|code| escape(code));
        let kept = own.or_else(|| asked(dimension.name()).map(str::to_owned));
        parts.extend(kept.map(|kept| format!("{dimension}={kept}")));
    }
    parts.extend(asked("lineage").map(|lineage| format!("lineage={lineage}")));
    let periods = row.iter().filter(|(dimension, _)| dimension.is_time()).map(|(_, text)| text.as_str());
    let periods: Vec<Period> = periods.filter_map(|text| Period::parse(text).ok()).collect();
    let bound = |name: &str| asked(name).and_then(|text| Period::parse(text).ok());
    // The narrowest bound wins, among the bounds of the query and the periods of the row.
    let from = periods.iter().copied().chain(bound("from")).max_by_key(|period| period.first_day());
    let to = periods.iter().copied().chain(bound("to")).min_by_key(|period| period.last_day());
    parts.extend(from.map(|from| format!("from={from}")));
    parts.extend(to.map(|to| format!("to={to}")));
    parts.extend(measure.or(asked("measure")).map(|measure| format!("measure={measure}")));
    let (dataset, release) = (&answer.dataset.id, &answer.release.id);
    format!("/v1/datasets/{dataset}/releases/{release}/evidence.csv?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use chargesheet_widget::wire::Column;

    use super::*;

    fn answer(by: &[&str], query: &str) -> Answer {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            role: ColumnRole::Dimension,
            title: String::new(),
        };
        let mut answer =
            Answer { query: query.to_owned(), columns: by.iter().map(column).collect(), ..Answer::default() };
        answer.dataset.id = "d".to_owned();
        answer.release.id = "r".to_owned();
        answer
    }

    fn row(values: Vec<Value>) -> Row {
        Row { values, ..Row::default() }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_figure_is_asked_for_with_the_codes_and_the_period_of_its_row() {
        let query =
            "by=year,outcome&statute=A&outcome=x,y&lineage=1&to=2019-06&measure=cases,persons&share=outcome";
        let asked = answer(&["year", "outcome"], query);
        let own = behind(&asked, &row(vec![Value::Year(2019), text("x")]), "persons");
        assert!(own.is_own);
        assert_eq!(
            own.address,
            "/v1/datasets/d/releases/r/evidence.csv?by=year,outcome&statute=A&outcome=x&lineage=1&from=2019&to=2019-06&measure=persons"
        );
    }

    #[test]
    fn a_month_is_narrower_than_its_year() {
        let asked = answer(&["year", "month"], "by=year,month&measure=cases");
        let own = behind(&asked, &row(vec![Value::Year(2020), text("2020-04")]), "cases");
        assert!(
            own.address.ends_with("by=year,month&from=2020-04&to=2020-04&measure=cases"),
            "{}",
            own.address
        );
    }

    #[test]
    fn what_cannot_be_asked_for_leads_to_the_whole() {
        let asked = answer(&["year", "region"], "by=year,region&measure=cases");
        for values in [vec![Value::Absent, text("x")], vec![Value::Year(2020), text("x, y")]] {
            let whole = behind(&asked, &row(values), "cases");
            assert!(!whole.is_own);
            assert_eq!(whole.address, behind_all(&asked));
        }
        let own = behind(&asked, &row(vec![Value::Year(2020), text("а & б")]), "cases");
        assert!(own.address.contains("&region=%D0%B0%20%26%20%D0%B1&"), "{}", own.address);
    }
}
