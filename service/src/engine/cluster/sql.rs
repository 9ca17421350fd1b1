//! The SQL that a selection becomes.
//!
//! It is made of numbers, and of texts of the release's own lists; nothing that a visitor typed stands in it. The SQL is portable:
//! texts are compared as bytes, expressions are repeated in `GROUP BY`, and each measure that counts different ids is a statement
//! of its own in two levels. Rows come in any order: they are sorted where they are received, so no engine's own order matters.

use crate::domain::Dimension::{Category, Country, Month, Statute, Year};
use crate::domain::{Dimension, Measure, Period};
use crate::release::Release;
use chargesheet_count::engine::{MOST_ROWS, Provision, Selection};

/// Where charges lie, and what their columns mean.
#[derive(Debug, Clone, Copy)]
pub struct Charges<'a> {
    /// The folder or file that the cluster reads, as it sees it.
    pub place: &'a str,
    /// Their release.
    pub release: &'a Release,
    /// The dimensions that have a column of their own.
    pub columns: &'a [Dimension],
}

impl Charges<'_> {
    /// Returns the statement that counts a measure; `None` where nothing is selected. Its columns are the dimensions, then the
    /// count: numbers for what depends on the statute, and texts for all else.
    pub fn count(&self, selection: &Selection, measure: Measure) -> Option<String> {
        let from = self.selected(selection)?;
        let keys: Vec<String> = selection.by.iter().map(|&dimension| self.key(dimension)).collect();
        let names: Vec<String> = (0..keys.len()).map(|place| format!("k{place}")).collect();
        let named = keys.iter().zip(&names).map(|(key, name)| format!("{key} AS {name}, "));
        let named: String = named.collect();
        let grouped = |keys: &[String]| match keys {
            [] => String::new(),
            keys => format!("\nGROUP BY {}", keys.join(", ")),
        };
        let id = match measure {
            Measure::Charges => None,
            Measure::Cases => Some("case_id"),
            Measure::Persons => Some("defendant_id"),
        };
        let counted = match id {
            None => format!("SELECT {named}COUNT(*) AS n\n{from}{}", grouped(&keys)),
            Some(id) => {
                let different = format!("SELECT DISTINCT {named}c.{id} AS id\n{from}");
                let own: String = names.iter().map(|name| format!("{name}, ")).collect();
                format!("SELECT {own}COUNT(id) AS n\nFROM (\n{different}\n) AS d{}", grouped(&names))
            }
        };
        // One row more than an answer may have tells that there are too many.
        Some(format!("{counted}\nLIMIT {}", MOST_ROWS + 1))
    }

    /// Returns the statement that lists the files that the cluster sees: name, bytes, time of the last change, rows. A file without
    /// rows is not listed.
    pub fn files(&self) -> String {
        let (name, bytes) = ("_metadata.file_name", "_metadata.file_size");
        format!(
            "SELECT {name} AS name, {bytes} AS bytes, UNIX_MICROS(MAX(_metadata.file_modification_time)) AS changed, COUNT(*) AS n\n\
             FROM {}\nGROUP BY {name}, {bytes}",
            self.table()
        )
    }

    fn table(&self) -> String {
        format!("parquet.`{}`", self.place.replace('`', "``"))
    }

    /// Returns the part of a statement that selects charges; `None` where no charge can be selected.
    pub fn selected(&self, selection: &Selection) -> Option<String> {
        let statutes = &selection.statutes;
        let id = |code: u16| quoted(self.release.code(Statute, code.into()));
        let mut kept = Vec::new();
        if statutes.is_empty() {
            return None;
        }
        if statutes.len() < self.release.register().all().len() {
            let ids: Vec<String> = statutes.iter().map(|statute| id(statute.code)).collect();
            kept.push(format!("c.statute IN ({})", ids.join(", ")));
        }
        for (&dimension, codes) in &selection.codes {
            if codes.is_empty() || !self.has(dimension) {
                return None;
            }
            let text = |&code: &u32| quoted(self.release.code(dimension, code));
            let codes: Vec<String> = codes.iter().map(text).collect();
            kept.push(format!("c.{} IN ({})", dimension.name(), codes.join(", ")));
        }
        kept.extend(dates(selection));
        let mut from = format!("FROM {} AS c", self.table());
        if selection.by.iter().any(|by| [Country, Statute, Category].contains(by)) {
            let number = |key: Option<i32>| key.map_or("CAST(NULL AS INT)".to_owned(), |key| key.to_string());
            let row = |statute: &Provision| {
                let keys = [Country, Statute, Category].map(|dimension| number(statute.key(dimension)));
                format!("({}, {})", id(statute.code), keys.join(", "))
            };
            let rows: Vec<String> = statutes.iter().map(row).collect();
            from += &format!(
                "\nJOIN (VALUES {}) AS s (id, country, statute, category) ON c.statute = s.id",
                rows.join(", ")
            );
        }
        if !kept.is_empty() {
            from += &format!("\nWHERE {}", kept.join("\nAND "));
        }
        Some(from)
    }

    /// Whether the charges have the column of a dimension.
    pub fn has(&self, dimension: Dimension) -> bool {
        self.columns.contains(&dimension)
    }

    /// Returns the expression of a dimension. An empty text and NULL are both "unknown".
    fn key(&self, dimension: Dimension) -> String {
        match dimension {
            Country | Statute | Category => format!("s.{}", dimension.name()),
            Year => {
                "CASE WHEN c.date_charged <> 'unknown' THEN SUBSTRING(c.date_charged, 1, 4) END".to_owned()
            }
            // Of some charges only the year is known.
            Month => "CASE WHEN c.date_charged <> 'unknown' AND LENGTH(c.date_charged) >= 7 \
                      THEN SUBSTRING(c.date_charged, 1, 7) END"
                .to_owned(),
            _ if self.has(dimension) => format!("NULLIF(c.{}, '')", dimension.name()),
            _ => "CAST(NULL AS STRING)".to_owned(),
        }
    }
}

/// Returns the conditions of the bounds of time. A date is a year, a month or a day, as exactly as it is known, and has to lie inside
/// as a whole. As bytes, dates of one length are in the order of time.
fn dates(selection: &Selection) -> Vec<String> {
    let mut kept = Vec::new();
    let by_length = |sign: &str, [day, month, year]: [String; 3]| {
        format!(
            "CASE LENGTH(c.date_charged) WHEN 10 THEN c.date_charged {sign} '{day}' \
             WHEN 7 THEN c.date_charged {sign} '{month}' ELSE c.date_charged {sign} '{year}' END"
        )
    };
    // A colon comes after all digits: no date is in a year that the calendar does not have.
    let year = |year: i32| if year > 9999 { ":".to_owned() } else { format!("{year:04}") };
    let month = |months: i32| format!("{}-{:02}", year(months.div_euclid(12)), months.rem_euclid(12) + 1);
    // `unknown` is as long as a month. The first condition lets files be passed over whose dates are all outside.
    if let Some(from) = selection.from {
        let day = from.first_day();
        let own = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        // The first month and the first year that begin at the bound or after it.
        let first = own + i32::from(day.day() > 1);
        let first_year = i32::from(day.year()) + i32::from(day.day() > 1 || day.month() > 1);
        kept.push(format!("c.date_charged >= '{}'", year(day.year().into())));
        kept.push("c.date_charged <> 'unknown'".to_owned());
        kept.push(by_length(">=", [Period::Day(day).to_string(), month(first), year(first_year)]));
    }
    if let Some(to) = selection.to {
        let day = to.last_day();
        let own = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        let last = own - i32::from(day != day.last_of_month());
        let last_year = i32::from(day.year()) - i32::from(day != day.last_of_year());
        kept.push(format!("c.date_charged <= '{}'", Period::Day(day)));
        kept.push(by_length("<=", [Period::Day(day).to_string(), month(last), year(last_year)]));
    }
    kept
}

/// Returns a text as a literal. One with other characters than letters, digits and a few harmless signs is written as its bytes, so
/// no setting of the engine and no character can end it or mean something else.
pub fn quoted(text: &str) -> String {
    let is_harmless = |letter: char| letter.is_alphanumeric() || " -._,;:()/§".contains(letter);
    if text.chars().all(is_harmless) {
        return format!("'{text}'");
    }
    let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("CAST(X'{hex}' AS STRING)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_a_literal() {
        assert_eq!(quoted("KAZ-274.4"), "'KAZ-274.4'");
        assert_eq!(quoted("Алматы"), "'Алматы'");
        for hostile in ["a'b", "a\\", "${user}", "`", "\u{0}", "\u{1F600}'; DROP TABLE x --", "\u{2028}"] {
            let literal = quoted(hostile);
            let hex = literal.strip_prefix("CAST(X'").and_then(|rest| rest.strip_suffix("' AS STRING)"));
            let hex = hex.unwrap_or_else(|| panic!("{hostile:?}: {literal}"));
            assert!(hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{literal}");
        }
    }
}
