//! A small package without faults, for tests that replace one of its files by a faulty one.

use super::super::{Ingested, OneThread, Problem, Reason, Records, Report, Rules, ingest};
use crate::domain::{Language, Period};
use crate::package::Package;

/// A file of the package.
#[derive(Clone, Copy)]
pub struct Text {
    path: &'static str,
    /// A header and right rows.
    pub right: &'static str,
    /// Another right row, which stands behind a wrong one to show that reading goes on.
    pub behind: &'static str,
}

pub const STATUTES: Text = Text {
    path: "statutes.csv",
    right: "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
KAZ-274,,KAZ,Code,274,,False information,,,false-information,2015-01-01,2031,,https://example.org/274
",
    behind: "KAZ-130,,KAZ,Code,130,,Defamation,,,,,,,\n",
};
pub const CHARGES: Text = Text {
    path: "charges.csv",
    right: "\
case_id,defendant_id,country,statute,date_charged,outcome,sentence_months,role,region,publish
C1,D1,KAZ,KAZ-274,2020-04-20,pending,,blogger,Almaty,
",
    behind: "C2,D2,KAZ,KAZ-274,unknown,convicted,6,,,true\n",
};
pub const SOURCES: Text = Text {
    path: "sources.csv",
    right: "\
source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type
court,Supreme Court,Report,https://example.org/report,2021,official,any-charge,final,flow
ministry,Ministry,Report,https://example.org/ministry,,official,,,
",
    behind: "press,Paper,Article,http://example.org/,,press,,,\n",
};
pub const COUNTS: Text = Text {
    path: "counts.csv",
    right: "\
country,statute,year,outcome,unit,value,source,status,preferred,note
KAZ,KAZ-274,2019,convicted,persons,0,court,A,true,
",
    behind: "KAZ,KAZ-274,2020,convicted,persons,3,ministry,,,\n",
};

/// A fault: the line (0 for the whole file), the column, the reason and the suggestion, which is `""` where there is
/// none.
pub type Fault = (u64, String, Reason, String);

/// Returns a fault.
pub fn at(line: u64, column: &str, reason: Reason, suggestion: &str) -> Fault {
    (line, column.to_owned(), reason, suggestion.to_owned())
}

/// Returns the faults that a report lists.
pub fn faults(report: &Report) -> Vec<Fault> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let problems = report.problems.iter();
    problems
        .map(|told| (told.line.unwrap_or(0), text(&told.column), told.reason, text(&told.suggestion)))
        .collect()
}

/// Returns how many records were accepted.
pub fn record_count(ingested: &Ingested) -> usize {
    match &ingested.records {
        Records::Charges(charges) => charges.len(),
        Records::Figures { figures, .. } => figures.len(),
    }
}

/// Reads the package with other content in one file, and asserts that the counts of the report add up.
pub fn read(file: Text, content: impl AsRef<[u8]>) -> (Ingested, Report) {
    let (kind, texts) = match file.path {
        "counts.csv" | "sources.csv" => ("reported", [STATUTES, COUNTS, SOURCES].as_slice()),
        _ => ("case-level", [STATUTES, CHARGES].as_slice()),
    };
    let resource =
        |text: &Text| serde_json::json!({ "name": text.path.trim_end_matches(".csv"), "path": text.path });
    let descriptor = serde_json::json!({
        "name": "wrong",
        "title": "Wrong",
        "version": "1.0.0",
        "created": "2026-11-24T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }],
        "sources": [],
        "resources": texts.iter().map(resource).collect::<Vec<_>>(),
        "chargesheet": {
            "kind": kind,
            "measures": ["persons", "cases"],
            "time_basis": "charge",
            "additive": [],
            "disclosure": "none",
        },
    });
    let mut files = vec![("datapackage.json".to_owned(), descriptor.to_string().into_bytes())];
    for text in texts {
        let replaced = text.path == file.path;
        let bytes = if replaced { content.as_ref().to_vec() } else { text.right.into() };
        files.push((text.path.to_owned(), bytes));
    }
    let today = Period::parse("2026-11-24").unwrap().first_day();
    // The files are small, so one wrong row would refuse them whole under the usual limit.
    let rules = Rules { max_rejected_percent: 100.0, ..Rules::of(today) };
    let (ingested, report) =
        ingest(&Package::in_memory("wrong", files).unwrap(), &rules, &OneThread).unwrap();
    report.problems.iter().for_each(assert_has_words);
    assert_adds_up(&report);
    (ingested, report)
}

/// Asserts that a problem is a sentence of every language with all its values.
fn assert_has_words(problem: &Problem) {
    for says in [&problem.says].into_iter().chain(&problem.hint) {
        for language in Language::all() {
            let told = says.in_language(language);
            assert!(told != says.key && !told.contains("``") && !told.contains("  "), "{}: {told}", says.key);
        }
        let is_own = says.code() == problem.reason.code() || says.key == "damaged_header";
        assert!(is_own, "{} for {:?}", says.key, problem.reason);
    }
    assert_eq!(problem.message, problem.says.english());
    let json = serde_json::to_value(problem).unwrap();
    assert_eq!(json["key"], problem.says.key);
    assert_eq!(json["values"].as_object().unwrap().len(), problem.says.values.len());
}

fn assert_adds_up(report: &Report) {
    let mut sums = [0; 5];
    for file in &report.files {
        let counts = [file.read, file.accepted, file.rejected, file.duplicates, file.withheld];
        assert_eq!(counts[0], counts[1..].iter().sum::<u64>(), "{file:?}");
        sums = std::array::from_fn(|place| sums[place] + counts[place]);
    }
    let [read, accepted, rejected, duplicates, withheld] = sums;
    let parts =
        format!("{accepted} accepted + {rejected} rejected + {duplicates} duplicates + {withheld} withheld");
    assert!(report.to_text().ends_with(&format!("\n{read} read = {parts}\n")), "{}", report.to_text());
}

/// Asserts that a wrong row between right ones is refused for this reason, and nothing else is.
pub fn refused(file: Text, row: impl AsRef<[u8]>, column: &str, reason: Reason, suggestion: &str) {
    let line = file.right.lines().count() as u64 + 1;
    let content = [file.right.as_bytes(), row.as_ref(), b"\n", file.behind.as_bytes()].concat();
    let (_, report) = read(file, content);
    assert_eq!(faults(&report), [at(line, column, reason, suggestion)], "{}", report.to_text());
    assert!(report.refused());
    let counts = report.files.iter().find(|counts| counts.name == file.path).unwrap();
    assert_eq!((counts.accepted, counts.rejected), (line - 1, 1), "{}", report.to_text());
}
