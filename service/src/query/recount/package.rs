//! Random data packages, as text that a publisher would write.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::package::Package;

/// A row of a file: each column's name with its field.
pub type Row = BTreeMap<&'static str, String>;

/// A data package before it is written.
#[derive(Debug, Clone)]
pub struct World {
    /// Whether the package has reported figures; otherwise it has charges.
    pub reported: bool,
    /// The dimensions declared additive.
    pub additive: Vec<&'static str>,
    /// The measures.
    pub measures: Vec<&'static str>,
    /// The columns of its main file.
    pub columns: Vec<&'static str>,
    /// `statutes.csv`.
    pub statutes: Vec<Row>,
    /// `sources.csv`; empty in a package of charges.
    pub sources: Vec<Row>,
    /// `charges.csv` or `counts.csv`.
    pub rows: Vec<Row>,
}

pub const COUNTRIES: [&str; 3] = ["KAZ", "TUR", "GBR"];
pub const OUTCOMES: [&str; 5] =
    ["convicted", "acquitted", "prosecuted", "pending", "discontinued-rehabilitating"];
/// The third is a category that no statute has. The empty one stands for a statute without a category.
pub const OFFENCES: [&str; 4] = ["false-information", "sedition", "insult", ""];
pub const ROLES: [&str; 4] = ["journalist", "activist", "unspecified", ""];
/// One region has two spellings that are the same text in Unicode. The others have characters that CSV and spreadsheets
/// mishandle.
pub const REGIONS: [&str; 8] =
    ["Алматы", "Абай", "Аба\u{438}\u{306}", "=Шу", "the \"North\"", "West & 50 % +", "Orda Old", ""];
const STATUTES: [&str; 7] = ["KAZ-274", "KAZ-274.4", "Z-1", "A-9", "§ 5", "закон-7", "TCK+299"];
const SOURCES: [&str; 4] = ["court-2020", "Ministry", "орган", "-minus"];
const YEARS: [&str; 3] = ["2019", "2020", "2021"];
const DATES: [&str; 12] = [
    "2019-12",
    "2020-01",
    "2020-02",
    "2020-12",
    "2021-04",
    "2019-02-28",
    "2019-12-31",
    "2020-01-01",
    "2020-02-29",
    "2020-12-31",
    "2021-04-30",
    "2021-06-15",
];
const STATUTE_COLUMNS: [&str; 14] = [
    "statute",
    "parent",
    "country",
    "law",
    "article",
    "part",
    "title_en",
    "title_ru",
    "title_kk",
    "offence",
    "in_force_from",
    "in_force_to",
    "successor",
    "url",
];
const SOURCE_COLUMNS: [&str; 9] = [
    "source",
    "publisher",
    "title",
    "url",
    "published",
    "kind",
    "counting_rule",
    "time_basis",
    "measure_type",
];

/// Returns a date as records and queries write it; every second one is a year.
pub fn date() -> impl Strategy<Value = &'static str> {
    prop_oneof![select(&YEARS[..]), select(&DATES[..])]
}

fn row<const N: usize>(fields: [(&'static str, &str); N]) -> Row {
    fields.into_iter().map(|(column, field)| (column, field.to_owned())).collect()
}

/// Returns a register in which any statute may be a part of any earlier one.
fn statutes() -> impl Strategy<Value = Vec<Row>> {
    let ids = subsequence(&STATUTES[..], 1..=STATUTES.len()).prop_shuffle();
    let offence = select(&[OFFENCES[0], OFFENCES[1], OFFENCES[3]][..]);
    let successor = weighted(0.4, any::<Index>());
    let drawn = (any::<Index>(), any::<bool>(), select(&COUNTRIES[..]), any::<bool>(), offence, successor);
    (ids, vec(drawn, STATUTES.len())).prop_map(|(ids, drawn)| {
        let mut made: Vec<Row> = Vec::new();
        for (&id, (parent, is_part, country, translated, offence, successor)) in ids.iter().zip(drawn) {
            // Any statute may be replaced by any other, even in a circle, but not by itself.
            let successor = successor.map_or("", |successor| *successor.get(&ids));
            let successor = if successor == id { "" } else { successor };
            let parent = if is_part && !made.is_empty() { Some(parent.get(&made).clone()) } else { None };
            let (parent, country) =
                parent.as_ref().map_or(("", country), |parent| (&parent["statute"], &parent["country"]));
            let title_ru = if translated { format!("Статья, {id}") } else { String::new() };
            made.push(row([
                ("statute", id),
                ("parent", parent),
                ("country", country),
                ("law", "Code"),
                ("title_en", &format!("Article \"{id}\"")),
                ("title_ru", &title_ru),
                ("offence", offence),
                ("successor", successor),
            ]));
        }
        made
    })
}

fn measures() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(vec!["persons", "cases", "charges"], 1..=3).prop_shuffle()
}

/// Returns a package of either kind.
pub fn world() -> impl Strategy<Value = World> {
    prop_oneof![case_level(), reported()]
}

/// Returns a package of charges. Some charges are repeated, and some may not be published.
pub fn case_level() -> impl Strategy<Value = World> {
    let charge = (
        (0..6_u8, 0..6_u8, any::<Index>()),
        prop_oneof![4 => date(), 1 => Just("unknown")],
        (select(&OUTCOMES[..]), select(&ROLES[..]), select(&REGIONS[..])),
        prop_oneof![3 => Just(""), 3 => Just("true"), 1 => Just("false")],
        (prop_oneof![5 => Just(false), 1 => Just(true)], select(&["", "court a", "court b"][..])),
    );
    let optional = subsequence(vec!["charge_id", "role", "region", "publish", "source"], 0..=5);
    (statutes(), measures(), optional, vec(charge, 1..40)).prop_map(
        |(statutes, measures, optional, drawn)| {
            let mut columns =
                vec!["outcome", "date_charged", "statute", "country", "defendant_id", "case_id"];
            columns.extend(&optional);
            let mut rows: Vec<Row> = Vec::new();
            let mut keys: Vec<Vec<String>> = Vec::new();
            for (number, drawn) in drawn.into_iter().enumerate() {
                let ((case, defendant, statute), date, (outcome, role, region), publish, rest) = drawn;
                let (twice, source) = rest;
                let statute = statute.get(&statutes);
                let all = row([
                    ("charge_id", &format!("{number:03}")),
                    ("case_id", &format!("0{case}")),
                    ("defendant_id", &format!("лицо {defendant}")),
                    ("country", &statute["country"]),
                    ("statute", &statute["statute"]),
                    ("date_charged", date),
                    ("outcome", outcome),
                    ("role", role),
                    ("region", region),
                    ("publish", publish),
                    ("source", source),
                ]);
                let key = ["case_id", "defendant_id", "statute"].map(|column| all[column].clone()).to_vec();
                // Without charge ids, a second charge with the same key would contradict the first.
                if !optional.contains(&"charge_id") && keys.contains(&key) {
                    continue;
                }
                keys.push(key);
                let row: Row = all.into_iter().filter(|(column, _)| columns.contains(column)).collect();
                rows.extend(std::iter::repeat_n(row, if twice { 2 } else { 1 }));
            }
            let additive = vec!["country", "statute", "outcome", "year", "month", "role"];
            World { reported: false, additive, measures, columns, statutes, sources: Vec::new(), rows }
        },
    )
}

/// The fields `year`, `from`, `to` and `span` of figures.
const PERIODS: [[&str; 4]; 6] = [
    ["2019", "", "", ""],
    ["2020", "", "", ""],
    ["2021", "", "", ""],
    ["", "2019-03", "2020-06", "running"],
    ["", "2020-01", "2020-06", "flow"],
    ["", "", "2020-12-31", "stock"],
];

/// Returns a package of reported figures. Where several sources report the same cell, one is preferred.
pub fn reported() -> impl Strategy<Value = World> {
    let source = (select(&SOURCES[..]), 0..5_u64, select(vec!["", "A", "B", "E", "P"]));
    let cell = (
        any::<Index>(),
        0..PERIODS.len(),
        (select(&OUTCOMES[..3]), select(vec!["", "", "Paris", "Лион"]), select(vec!["", "principal", "any"])),
        any::<Index>(),
        vec(source, 1..4),
        any::<Index>(),
        0..3_u64,
    );
    let additive = subsequence(vec!["country", "statute", "outcome", "year", "source"], 0..=5);
    let optional = subsequence(vec!["status", "preferred", "note", "area", "span", "rule"], 0..=6);
    let twice = vec(any::<Index>(), 0..2);
    (statutes(), measures(), additive, optional, vec(cell, 1..50), twice).prop_map(
        |(statutes, measures, additive, optional, drawn, twice)| {
            let mut columns = vec!["source", "value", "unit", "outcome", "year", "statute", "country"];
            columns.extend(&optional);
            let has = |column: &str| optional.contains(&column);
            if has("span") {
                columns.extend(["from", "to"]);
            }
            let mut rows: Vec<Row> = Vec::new();
            let mut cells: Vec<Vec<String>> = Vec::new();
            for (statute, period, of, unit, mut sources, preferred, scale) in drawn {
                let (outcome, area, rule) = of;
                // The first three are calendar years.
                let [year, from, to, span] = PERIODS[if has("span") { period } else { period % 3 }];
                let statute = statute.get(&statutes);
                let cell: Vec<String> = [
                    &*statute["statute"],
                    year,
                    outcome,
                    *unit.get(&measures),
                    from,
                    to,
                    span,
                    if has("area") { area } else { "" },
                    if has("rule") { rule } else { "" },
                ]
                .map(str::to_owned)
                .into();
                if cells.contains(&cell) {
                    continue;
                }
                sources.sort_unstable();
                sources.dedup_by_key(|(id, _, _)| *id);
                if !optional.contains(&"preferred") {
                    sources.truncate(1);
                }
                let preferred = preferred.index(sources.len());
                let alone = sources.len() == 1;
                for (place, (source, value, status)) in sources.into_iter().enumerate() {
                    // The only source of a cell is used whether or not it is marked as preferred.
                    let preferred =
                        if place == preferred && !alone { "true" } else { ["", "false"][place % 2] };
                    let all = row([
                        ("country", &statute["country"]),
                        ("statute", &cell[0]),
                        ("year", &cell[1]),
                        ("outcome", &cell[2]),
                        ("unit", &cell[3]),
                        ("value", &(value * 10_u64.pow(u32::try_from(scale).unwrap())).to_string()),
                        ("source", source),
                        ("status", status),
                        ("preferred", preferred),
                        ("note", "as printed"),
                        ("from", from),
                        ("to", to),
                        ("span", span),
                        ("area", area),
                        ("rule", rule),
                    ]);
                    rows.push(all.into_iter().filter(|(column, _)| columns.contains(column)).collect());
                }
                cells.push(cell);
            }
            for place in twice.iter().filter(|_| !cells.is_empty()) {
                let again = place.get(&rows).clone();
                rows.push(again);
            }
            let sources = SOURCES
                .map(|id| {
                    row([
                        ("source", id),
                        ("publisher", "P"),
                        ("title", &format!("Title, {id}")),
                        ("url", "https://example.org/"),
                        ("kind", "ngo"),
                    ])
                })
                .to_vec();
            World { reported: true, additive, measures, columns, statutes, sources, rows }
        },
    )
}

impl World {
    /// Returns the codes of the periods of its figures.
    pub fn periods(&self) -> Vec<String> {
        let codes: BTreeSet<String> = self.rows.iter().map(|row| period(row)["period"].clone()).collect();
        codes.into_iter().collect()
    }

    /// Returns the dimensions that a query to the package may use.
    pub fn dimensions(&self) -> Vec<&'static str> {
        if self.reported {
            // A dataset has the further dimensions only where a figure needs them.
            let is_filled = |column: &str| {
                self.rows.iter().any(|row| row.get(column).is_some_and(|text| !text.is_empty()))
            };
            let further = [("period", "span"), ("area", "area"), ("rule", "rule")];
            let further = further.into_iter().filter(|(_, column)| is_filled(column)).map(|(name, _)| name);
            let all = ["country", "statute", "category", "outcome", "source", "year"];
            return all.into_iter().chain(further).collect();
        }
        let optional = ["role", "region"].into_iter().filter(|column| self.columns.contains(column));
        ["country", "statute", "category", "outcome", "year", "month"].into_iter().chain(optional).collect()
    }

    /// Opens the package. It stays in memory as long as the tests run.
    pub fn package(&self) -> Package {
        let main = if self.reported { "counts" } else { "charges" };
        let mut resources =
            vec![("statutes", &STATUTE_COLUMNS[..], &self.statutes), (main, &self.columns[..], &self.rows)];
        if self.reported {
            resources.push(("sources", &SOURCE_COLUMNS[..], &self.sources));
        }
        let descriptor = serde_json::json!({
            "name": "random",
            "title": "Random",
            "version": "1.0.0",
            "created": "2026-11-24T00:00:00Z",
            "licenses": [{ "name": "CC0-1.0" }],
            "sources": [],
            "resources": resources
                .iter()
                .map(|(name, _, _)| serde_json::json!({ "name": name, "path": format!("{name}.csv") }))
                .collect::<Vec<_>>(),
            "chargesheet": {
                "kind": if self.reported { "reported" } else { "case-level" },
                "measures": self.measures,
                "time_basis": "charge",
                "additive": self.additive,
                "disclosure": "none",
            },
        });
        let file = |path: String, text: String| chargesheet_data::File {
            path: path.leak(),
            bytes: text.leak().as_bytes(),
        };
        let mut files = vec![file("datapackage.json".to_owned(), descriptor.to_string())];
        for (name, columns, rows) in resources {
            let mut text = line(columns.iter().copied());
            for row in rows {
                text += &line(columns.iter().map(|column| row.get(column).map_or("", String::as_str)));
            }
            files.push(file(format!("{name}.csv"), text));
        }
        Package::bundled(Box::leak(Box::new(chargesheet_data::Package {
            name: "random",
            files: files.leak(),
            lists: &chargesheet_data::REFERENCE,
        })))
        .unwrap()
    }
}

/// Returns the period of a figure with its ends, its area and its rule, as answers have them.
pub fn period(record: &Row) -> Row {
    let [year, from, to, span, area, rule] = ["year", "from", "to", "span", "area", "rule"]
        .map(|column| record.get(column).map_or("", String::as_str));
    let or = |text: &str, empty: &str| if text.is_empty() { empty } else { text }.to_owned();
    let (period, from, to) = match span {
        "" => (year.to_owned(), year, year),
        "stock" => (format!("{to}:stock"), to, to),
        "running" => (format!("{from}/{to}:running"), from, to),
        _ => (format!("{from}/{to}"), from, to),
    };
    BTreeMap::from([
        ("period", period),
        ("from", from.to_owned()),
        ("to", to.to_owned()),
        ("span", or(span, "flow")),
        ("area", or(area, "whole-country")),
        ("rule", or(rule, "not-stated")),
    ])
}

/// Writes a line of CSV.
pub fn line<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let quoted = fields.map(|field| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.to_owned()
        }
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}
