//! What is told of a package that was made of sheets: for people, and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::domain::{Language, Say};
use crate::ingest::Report;

use super::convert::Converted;
use super::making::Made;
use super::refusals::Refusal;

/// Most rows that are named for equal refusals.
const NAMED: usize = 10;

/// Equal refusals.
#[derive(Debug, serde::Serialize)]
pub struct Refused {
    /// Their column, if one is the reason.
    pub column: Option<String>,
    /// The reason.
    pub says: String,
    /// How many there are.
    pub count: usize,
    /// The first of their rows.
    pub rows: Vec<u32>,
}

impl Made {
    /// Returns its refusals in a language: equal ones as one, those of the most rows first.
    pub fn grouped(&self, language: Language) -> Vec<Refused> {
        let mut groups: BTreeMap<(Option<&str>, String), Vec<&Refusal>> = BTreeMap::new();
        for refusal in &self.refusals {
            let key = (refusal.column.as_deref(), refusal.says.in_language(language));
            groups.entry(key).or_default().push(refusal);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rows)| (std::cmp::Reverse(rows.len()), rows[0].row));
        let refused = |((column, says), rows): ((Option<&str>, String), Vec<&Refusal>)| Refused {
            column: column.map(str::to_owned),
            says,
            count: rows.len(),
            rows: rows.iter().take(NAMED).map(|refusal| refusal.row).collect(),
        };
        groups.into_iter().map(refused).collect()
    }

    /// Returns the codes of every row that was refused, here or by the check of the package.
    pub(super) fn all_refused(&self, report: Option<&Report>) -> BTreeMap<u32, Vec<String>> {
        let codes = |codes: &Vec<&'static str>| codes.iter().map(|code| (*code).to_owned()).collect();
        let mut all: BTreeMap<u32, Vec<String>> =
            self.refused.iter().map(|(row, own)| (*row, codes(own))).collect();
        let checked = report.and_then(|report| report.rejected.get(&format!("{}.csv", self.name)));
        for (record, reason) in checked.into_iter().flatten() {
            let row = usize::try_from(*record).ok().and_then(|record| self.rows.get(record.checked_sub(1)?));
            if let Some(row) = row {
                all.entry(*row).or_default().push(reason.code());
            }
        }
        all
    }
}

impl Converted {
    /// Returns what became of each table, and the warnings, for people.
    pub fn shown(&self, language: Language) -> (Vec<Json>, Vec<String>) {
        let told = |all: &[Say]| all.iter().map(|says| says.in_language(language)).collect::<Vec<_>>();
        let table = |own: &Made| {
            json!({
                "name": own.name, "read": own.read, "written": own.rows.len(), "refused": own.refused.len(),
                "left_out": own.left_out, "groups": own.grouped(language), "warnings": told(&own.warnings),
            })
        };
        (self.tables.iter().map(table).collect(), told(&self.warnings))
    }

    /// Returns the report as one JSON object, with the report of the package's check and the questions that are open.
    pub fn to_json<Q: serde::Serialize>(&self, check: Json, open: &[Q]) -> Json {
        let problem = |says: &Say| json!({ "code": says.code(), "message": says.english(), "says": says });
        let refusal =
            |own: &Refusal| json!({ "row": own.row, "column": own.column, "problem": problem(&own.says) });
        let table = |own: &Made| {
            json!({
                "name": own.name, "read": own.read, "written": own.rows.len(), "refused": own.refused.len(),
                "left_out": own.left_out, "problems": own.refusals.iter().map(refusal).collect::<Vec<_>>(),
                "warnings": own.warnings.iter().map(problem).collect::<Vec<_>>(),
            })
        };
        json!({
            "tables": self.tables.iter().map(table).collect::<Vec<_>>(),
            "warnings": self.warnings.iter().map(problem).collect::<Vec<_>>(), "open_questions": open.len(),
            "questions": open, "check": check,
        })
    }
}
