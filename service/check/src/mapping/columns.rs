//! What the columns of a sheet are: by their names in three languages, and by what they hold.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::domain::tables::{CHARGES, Column, TABLES, Table};
use crate::domain::values::fold;

use super::content::holds;
use super::samples::Samples;
use super::words::has_marks;

/// The names of columns and the rules of content, as the file of the lists has them.
static LISTS: LazyLock<Lists> = LazyLock::new(Lists::read);

/// The target in the lists of a column of names.
const NAMES: &str = "(name)";
/// The target in the lists of other personal data.
const PERSONAL: &str = "(personal)";
/// Headings that are names of persons, too. They are known, and not told.
const NAMES_TOO: [&str; 2] = ["адам", "art"];
/// Between the parts of a heading that stands in several rows.
pub(super) const BETWEEN: &str = " / ";
/// The table in the lists that stands for all.
const EVERY: &str = "*";

/// What a column of a sheet may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A column of the table, by its name.
    Column(&'static str),
    /// Names of persons. They are left out, or become pseudonyms.
    Names,
    /// Other personal data. They are left out.
    Personal,
    /// The running number of the row.
    RowNumber,
    /// Notes of the desk that keeps the sheet.
    Desk,
}

/// How it is known what a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// By its heading.
    Name,
    /// By what it holds.
    Content,
}

/// A rule by which a column is known by what it holds.
struct Rule {
    table: String,
    target: String,
    rule: String,
    /// The share of its cells that must fit.
    share: f64,
}

struct Lists {
    /// The target by table and folded name.
    names: HashMap<(String, String), String>,
    /// All folded names, those of the format among them.
    headings: HashSet<String>,
    rules: Vec<Rule>,
}

impl Lists {
    fn read() -> Self {
        let columns = TABLES.iter().flat_map(|table| table.columns);
        let headings = columns.map(|column| fold(column.name)).collect();
        let mut lists = Self { names: HashMap::new(), headings, rules: Vec::new() };
        let mut reader = csv::Reader::from_reader(include_str!("../../lists/columns.csv").as_bytes());
        for row in reader.records().map_while(Result::ok) {
            let text = |place: usize| row.get(place).unwrap_or_default().to_owned();
            match row.get(2) {
                Some("name") => {
                    lists.headings.insert(fold(&text(4)));
                    lists.names.insert((text(0), fold(&text(4))), text(1));
                }
                _ => lists.rules.push(Rule {
                    table: text(0),
                    target: text(1),
                    rule: text(4),
                    share: text(5).parse().unwrap_or(1.0),
                }),
            }
        }
        lists
    }
}

fn target(table: &Table, name: &str) -> Option<Target> {
    match name {
        NAMES => Some(Target::Names),
        PERSONAL => Some(Target::Personal),
        "(row)" => Some(Target::RowNumber),
        "(desk)" => Some(Target::Desk),
        name => table.column(name).map(|column| Target::Column(column.name)),
    }
}

/// Whether a heading stands in our lists, or each part of one in several rows does. Only then it is told.
pub(super) fn is_listed(heading: &str) -> bool {
    !has_marks(heading)
        && heading
            .split(BETWEEN)
            .map(fold)
            .all(|part| LISTS.headings.contains(&part) && !NAMES_TOO.contains(&&*part))
}

/// Returns what a column is by its heading. Of a heading in several rows, the whole counts before the last part.
pub fn by_name(table: &Table, heading: &str) -> Option<Target> {
    let parts: Vec<&str> = heading.split(BETWEEN).collect();
    let last = parts.last().copied().unwrap_or_default();
    [parts.join(" ").as_str(), last].into_iter().find_map(|name| {
        let folded = fold(name);
        let own = |column: &&Column| fold(column.name) == folded;
        if let Some(column) = table.columns.iter().find(own) {
            return Some(Target::Column(column.name));
        }
        let listed = |table: &str| LISTS.names.get(&(table.to_owned(), folded.clone()));
        // What is personal is so in every table.
        let personal = || listed(CHARGES.name).filter(|name| [NAMES, PERSONAL].contains(&name.as_str()));
        target(table, listed(table.name).or_else(personal)?)
    })
}

/// Returns the column of the table that a heading is the name of.
pub(super) fn column_of(table: &Table, heading: &str) -> Option<&'static str> {
    match by_name(table, heading)? {
        Target::Column(name) => Some(name),
        _ => None,
    }
}

/// Returns what each column of a sheet is, and how that is known. `samples` are what the columns hold.
pub fn targets(table: &Table, headings: &[String], samples: &[Samples]) -> Vec<Option<(Target, By)>> {
    let mut found: Vec<Option<(Target, By)>> = Vec::new();
    for heading in headings {
        let own = by_name(table, heading).filter(|_| !heading.is_empty());
        let is_taken = |target: &Target| {
            matches!(target, Target::Column(_)) && found.iter().flatten().any(|(own, _)| own == target)
        };
        found.push(own.filter(|target| !is_taken(target)).map(|target| (target, By::Name)));
    }
    let none = Samples::default();
    let of = |column: usize| samples.get(column).unwrap_or(&none);
    // A column with the name of persons may hold codes of them, which are one word.
    for column in 0..found.len() {
        let is_name = found[column] == Some((Target::Names, By::Name));
        let id = table.column("defendant_id").map(|id| (Target::Column(id.name), By::Content));
        if let Some(id) = id.filter(|id| is_name && !has(&found, id.0) && holds("code", of(column), 0.95)) {
            found[column] = Some(id);
        }
    }
    for rule in LISTS.rules.iter().filter(|rule| rule.table == table.name || rule.table == EVERY) {
        let Some(target) = target(table, &rule.target) else { continue };
        let fits = |column: &usize| {
            found[*column].is_none()
                && !headings[*column].is_empty()
                && holds(&rule.rule, of(*column), rule.share)
        };
        let fitting: Vec<usize> = (0..found.len()).filter(fits).collect();
        match target {
            Target::Column("sentence_months") if !has(&found, Target::Column("sentence")) => {}
            Target::Column(_) if has(&found, target) => {}
            Target::Column(_) => {
                let first = fitting.iter().copied().reduce(|first, other| match &*rule.rule {
                    "date" if of(other).is_earlier_than(of(first)) => other,
                    "year" | "whole" if first > other => other,
                    _ => first,
                });
                if let Some(column) = first {
                    found[column] = Some((target, By::Content));
                }
            }
            _ => fitting.iter().for_each(|column| found[*column] = Some((target, By::Content))),
        }
    }
    found
}

fn has(found: &[Option<(Target, By)>], target: Target) -> bool {
    found.iter().flatten().any(|(own, _)| *own == target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tables::COUNTS;

    #[test]
    fn every_name_leads_to_its_column() {
        assert!(
            LISTS.names.len() > 1400 && LISTS.rules.len() == 24,
            "{} {}",
            LISTS.names.len(),
            LISTS.rules.len()
        );
        for ((name, heading), column) in &LISTS.names {
            let table = TABLES.iter().find(|table| table.name == name).unwrap();
            assert_eq!(by_name(table, heading), target(table, column), "{name} {heading}");
        }
        for rule in &LISTS.rules {
            let known = TABLES.iter().any(|table| target(table, &rule.target).is_some());
            assert!(known && rule.share > 0.0 && rule.share <= 1.0, "{}", rule.rule);
        }
    }

    #[test]
    fn a_heading_is_told_if_it_stands_in_the_lists_as_a_whole() {
        for heading in ["case_id", "Дело №", "ФИО", "Case / country", "Іс нөмірі", "Outcome."]
        {
            assert!(is_listed(heading), "{heading}");
        }
        for heading in [
            "",
            "Mark",
            "case of Mark",
            "mark cook",
            "Case / Mark",
            "Said / country",
            "Адам Смит",
            "Адам",
            "Ca\u{363}se",
        ] {
            assert!(!is_listed(heading), "{heading}");
        }
    }

    #[test]
    fn a_heading_is_known_in_three_languages_and_by_its_last_part() {
        for (heading, name) in [
            ("Дело №", "case_id"),
            ("Іс нөмірі", "case_id"),
            ("DEFENDANT_ID", "defendant_id"),
            ("Case / country", "country"),
            ("Date / charged", "date_charged"),
        ] {
            assert_eq!(by_name(&CHARGES, heading), Some(Target::Column(name)), "{heading}");
        }
        assert_eq!(by_name(&CHARGES, "ФИО"), Some(Target::Names));
        assert_eq!(by_name(&COUNTS, "ФИО"), Some(Target::Names), "what is personal is so in every table");
        assert_eq!(by_name(&CHARGES, "№ п/п"), Some(Target::RowNumber));
        assert_eq!(by_name(&CHARGES, "Column 1"), None);
        assert_eq!(by_name(&COUNTS, "Количество"), Some(Target::Column("value")));
    }
}
