//! Where the charges of a release in parts come from. There may be a text for each of them, so none are fetched but those that are listed.

use std::sync::Arc;

use super::asking::Groups;
use super::sql::{Charges, quoted};
use crate::cluster::{ClusterError, Rows};
use crate::domain::Dimension;
use chargesheet_count::engine::{Cell, EngineError, Origins, Selection};

/// What a statement is asked by, and what its rows are read by.
pub type Ask<'a> = dyn Fn(&str, &Read<'_>) -> Result<Arc<Groups>, EngineError> + 'a;
type Read<'a> = dyn Fn(&Rows) -> Result<Groups, EngineError> + 'a;

/// Asks which of the addresses are named by a text of the selected charges, and for the other texts.
///
/// # Errors
/// When the cluster gives no answer, or one that does not fit.
pub fn origins(
    charges: Charges<'_>,
    selection: &Selection,
    named: &[&str],
    most: usize,
    ask: &Ask<'_>,
) -> Result<Origins, EngineError> {
    let none = Origins { named: vec![false; named.len()], ..Origins::default() };
    let Some(from) = charges.selected(selection).filter(|_| charges.has(Dimension::Source)) else {
        return Ok(none);
    };
    let conditions: Vec<String> = named.iter().map(|name| names(name)).collect();
    let is_named = match named.iter().any(|name| !name.is_empty()) {
        true => {
            let counts = ask(&which(&from, &conditions), &|rows| numbers(rows, named.len()))?;
            counts.counts.iter().map(|count| count != Cell::Ok(0)).collect()
        }
        false => none.named,
    };
    let from = others(&from, &conditions);
    // One text more than is asked for tells that there are more.
    let texts = ask(&first(&from, most + 1), &texts)?;
    let mut others: Vec<String> = texts.origins.to_vec();
    // No order of the cluster matters.
    others.sort_unstable();
    let mut more = 0;
    if others.len() > most {
        others.truncate(most);
        let all = ask(&how_many(&from), &|rows| numbers(rows, 1))?;
        let Some(Cell::Ok(all)) = all.counts.iter().next() else { return Err(strange()) };
        more = all.checked_sub(most as u64).ok_or_else(strange)?;
    }
    Ok(Origins { named: is_named, others, more })
}

fn strange() -> EngineError {
    let what = "it counts fewer texts than it sends".to_owned();
    EngineError::Away(ClusterError::NotWhole { what }.to_string())
}

fn wrong(error: &ClusterError) -> EngineError {
    EngineError::Away(error.to_string())
}

/// Reads a row of so many counts.
fn numbers(rows: &Rows, most: usize) -> Result<Groups, EngineError> {
    let mut groups = Groups::default();
    let mut counts = Vec::with_capacity(most);
    for column in 0..most {
        let count = rows.numbers(column).map_err(|error| wrong(&error))?;
        // Over no row at all a sum is NULL.
        let count = count.first().ok_or_else(strange)?.unwrap_or_default();
        counts.push(Cell::Ok(u64::try_from(count).map_err(|_negative| strange())?));
    }
    groups.counts = counts.into_iter().collect();
    Ok(groups)
}

fn texts(rows: &Rows) -> Result<Groups, EngineError> {
    let texts = rows.texts(0).map_err(|error| wrong(&error))?;
    Ok(Groups { origins: texts.flatten().map(str::to_owned).collect(), ..Groups::default() })
}

/// Returns the condition that a text names an address.
fn names(address: &str) -> String {
    match address {
        "" => "1 = 0".to_owned(),
        address => format!("POSITION({} IN c.source) > 0", quoted(address)),
    }
}

fn which(from: &str, conditions: &[String]) -> String {
    let counts = conditions.iter().enumerate();
    let counts: Vec<String> =
        counts.map(|(place, own)| format!("SUM(CASE WHEN {own} THEN 1 ELSE 0 END) AS n{place}")).collect();
    format!("SELECT {}\n{from}", counts.join(", "))
}

/// Returns the part of a statement that selects the charges whose text names none of the addresses.
fn others(from: &str, conditions: &[String]) -> String {
    let also = if from.contains("\nWHERE ") { "AND" } else { "WHERE" };
    let mut from = format!("{from}\n{also} c.source <> ''");
    for condition in conditions {
        from += &format!("\nAND NOT {condition}");
    }
    from
}

fn first(from: &str, most: usize) -> String {
    format!("SELECT DISTINCT c.source AS text\n{from}\nORDER BY text ASC\nLIMIT {most}")
}

fn how_many(from: &str) -> String {
    format!("SELECT COUNT(id) AS n\nFROM (\nSELECT DISTINCT c.source AS id\n{from}\n) AS d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statements_are_those_that_were_looked_at() {
        let conditions = [names("https://court.example/it's"), names("")];
        assert_eq!(
            which("FROM t AS c", &conditions),
            "SELECT SUM(CASE WHEN POSITION(CAST(X'68747470733A2F2F636F7572742E6578616D706C652F69742773' AS STRING) IN c.source) > 0 \
             THEN 1 ELSE 0 END) AS n0, SUM(CASE WHEN 1 = 0 THEN 1 ELSE 0 END) AS n1\nFROM t AS c"
        );
        let from = others("FROM t AS c\nWHERE c.statute IN ('KAZ-274')", &[names("court.example")]);
        assert_eq!(
            first(&from, 3),
            "SELECT DISTINCT c.source AS text\nFROM t AS c\nWHERE c.statute IN ('KAZ-274')\nAND c.source <> ''\n\
             AND NOT POSITION('court.example' IN c.source) > 0\nORDER BY text ASC\nLIMIT 3"
        );
        assert_eq!(
            how_many(&others("FROM t AS c", &[])),
            "SELECT COUNT(id) AS n\nFROM (\nSELECT DISTINCT c.source AS id\nFROM t AS c\nWHERE c.source <> ''\n) AS d"
        );
    }
}
