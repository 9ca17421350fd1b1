//! The recount: computes answers as the design defines them, slowly, with maps of texts.

use std::collections::{BTreeMap, BTreeSet};

use super::package::{Row, World, line, period};
use super::question::Question;

/// The expected outcome of a question.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer with this CSV.
    Csv(String),
    /// A refusal, because the answer would sum over this dimension.
    NotAdditive(String),
    /// A refusal, because the dataset has no such code of this dimension.
    UnknownCode(String),
    /// A refusal, because this parameter has an invalid value.
    WrongValue(String),
}

/// Computes the expected outcome from the rows of a package.
pub fn recount(world: &World, question: &Question) -> Outcome {
    let records = records(world);
    // The codes of these come from the records; all other codes come from lists.
    for dimension in ["region", "period", "area", "rule"] {
        let known: BTreeSet<&str> = records.iter().map(|record| code(record, dimension)).collect();
        let kept = question.kept(dimension).unwrap_or_default();
        if kept.iter().any(|asked| !known.contains(&*composed(asked))) {
            return Outcome::UnknownCode(dimension.to_owned());
        }
    }
    if let (Some(from), Some(to)) = (question.from, question.to)
        && first_day(from) > last_day(to)
    {
        return Outcome::WrongValue("from".to_owned());
    }
    if let Some(dimension) = summed(world, question, &records) {
        return Outcome::NotAdditive(dimension.to_owned());
    }
    let measures = question.measures.clone().unwrap_or_else(|| world.measures[..1].to_vec());
    let mut groups: BTreeMap<Vec<String>, Vec<&Row>> = BTreeMap::new();
    for record in records.iter().filter(|record| is_kept(world, question, &records, record)) {
        // A figure of a measure that was not asked for makes no group.
        if !world.reported || measures.contains(&&*record["unit"]) {
            let key = question
                .grouped()
                .iter()
                .map(|dimension| group(world, question, record, dimension))
                .collect();
            groups.entry(key).or_default().push(record);
        }
    }
    Outcome::Csv(csv(world, question, &measures, &records, &groups))
}

/// Returns the published records without repetitions. Empty fields are replaced with the words that stand for them.
pub fn records(world: &World) -> Vec<Row> {
    let different: BTreeSet<&Row> =
        world.rows.iter().filter(|row| row.get("publish").is_none_or(|publish| publish != "false")).collect();
    let mut records: Vec<Row> = different.into_iter().cloned().collect();
    for record in &mut records {
        let date = record.get("date_charged").or(record.get("year")).cloned().unwrap_or_default();
        let date = if date == "unknown" { String::new() } else { date };
        record.insert("year", date.chars().take(4).collect());
        record.insert("month", if date.len() > 4 { date[..7].to_owned() } else { String::new() });
        let ends = [("from", &date), ("to", &date)].map(|(end, date)| (end, date.clone()));
        record.extend(if world.reported { period(record) } else { BTreeMap::from(ends) });
        if record.get("role").is_some_and(String::is_empty) {
            record.insert("role", "unspecified".to_owned());
        }
        let region = composed(code(record, "region"));
        record.insert("region", region);
    }
    records
}

fn code<'a>(record: &'a Row, dimension: &str) -> &'a str {
    record.get(dimension).map_or("", String::as_str)
}

/// Composes the one letter in these packages that Unicode can encode in two ways.
fn composed(text: &str) -> String {
    text.replace("\u{438}\u{306}", "й")
}

fn first_day(date: &str) -> String {
    format!("{date}{}", &"0000-01-01"[date.len()..])
}

fn last_day(date: &str) -> String {
    let leap = date[..4].parse::<u32>().is_ok_and(|year| year.is_multiple_of(4));
    match (date.len(), date.get(5..7)) {
        (4, _) => format!("{date}-12-31"),
        (7, Some("02")) => format!("{date}-{}", if leap { 29 } else { 28 }),
        (7, Some("04" | "06" | "09" | "11")) => format!("{date}-30"),
        (7, _) => format!("{date}-31"),
        _ => date.to_owned(),
    }
}

/// Returns a statute with its parts, and the parts of these.
fn with_parts(world: &World, statute: &str) -> BTreeSet<String> {
    let parts = world.statutes.iter().filter(|other| other["parent"] == statute);
    parts.flat_map(|part| with_parts(world, &part["statute"])).chain([statute.to_owned()]).collect()
}

fn statute<'a>(world: &'a World, id: &str) -> &'a Row {
    world.statutes.iter().find(|statute| statute["statute"] == id).unwrap()
}

/// Returns the final successor of a statute. A statute without a successor of its own uses that of the article it is a part
/// of.
fn heir(world: &World, id: &str) -> String {
    let successor = |id: &str| {
        let mut own = id.to_owned();
        while code(statute(world, &own), "successor").is_empty() {
            own = code(statute(world, &own), "parent").to_owned();
            if own.is_empty() {
                return None;
            }
        }
        Some(statute(world, &own)["successor"].clone())
    };
    let mut been = vec![id.to_owned()];
    while let Some(next) = successor(been.last().unwrap()) {
        if let Some(start) = been.iter().position(|other| *other == next) {
            return been[start..].iter().min().unwrap().clone();
        }
        been.push(next);
    }
    been.pop().unwrap()
}

/// Returns the statute under which a record is counted.
fn standing(world: &World, question: &Question, id: &str) -> String {
    if question.lineage { heir(world, id) } else { id.to_owned() }
}

/// Returns a record's code in a dimension of the answer.
fn group(world: &World, question: &Question, record: &Row, dimension: &str) -> String {
    match dimension {
        "statute" => standing(world, question, &record["statute"]),
        "category" => {
            code(statute(world, &standing(world, question, &record["statute"])), "offence").to_owned()
        }
        _ => code(record, dimension).to_owned(),
    }
}

/// Returns the statutes that a question selects.
fn asked_for(world: &World, question: &Question, asked: &[String]) -> BTreeSet<String> {
    let mut kept: BTreeSet<String> = asked.iter().flat_map(|id| with_parts(world, id)).collect();
    loop {
        let mut more = kept.clone();
        if question.lineage {
            let heirs: BTreeSet<String> = kept.iter().map(|id| heir(world, id)).collect();
            let ids = world.statutes.iter().map(|statute| &statute["statute"]);
            let same = ids.filter(|id| heirs.contains(&heir(world, id)));
            more.extend(same.flat_map(|id| with_parts(world, id)));
        }
        if more == kept {
            return kept;
        }
        kept = more;
    }
}

fn is_kept(world: &World, question: &Question, records: &[Row], record: &Row) -> bool {
    let wanted = question.keep.iter().all(|(dimension, codes)| match *dimension {
        "statute" => asked_for(world, question, codes).contains(&record["statute"]),
        "region" => codes.iter().any(|wanted| composed(wanted) == record["region"]),
        "category" => codes.contains(&group(world, question, record, "category")),
        _ => codes.iter().any(|wanted| wanted == code(record, dimension)),
    });
    // A period known only to the year or month is inside when all of it is. An unknown date is never inside.
    let (begin, end) = (&record["from"], &record["to"]);
    let dated = question.from.is_none() && question.to.is_none() || !begin.is_empty();
    let after = question.from.is_none_or(|from| dated && first_day(begin) >= first_day(from));
    let before = question.to.is_none_or(|to| dated && last_day(end) <= last_day(to));
    let asks = |dimension| question.grouped().contains(&dimension) || question.kept(dimension).is_some();
    let is_usual = || {
        (asks("source") || is_preferred(records, record))
            && (asks("period") || !record["year"].is_empty())
            && (asks("area") || record["area"] == "whole-country")
            && (asks("rule") || record["rule"] == main_rule(records, record))
    };
    wanted && dated && after && before && (!world.reported || is_usual())
}

/// Returns the rule of most figures of a figure's series; among equals the first of these.
fn main_rule(records: &[Row], figure: &Row) -> &'static str {
    let is_same =
        |other: &&Row| ["statute", "outcome", "unit", "area"].iter().all(|own| other[own] == figure[own]);
    let count = |rule: &str| records.iter().filter(is_same).filter(|other| other["rule"] == rule).count();
    let most = ["not-stated", "principal", "any"].into_iter().rev().max_by_key(|rule| count(rule));
    most.unwrap()
}

/// Returns the other figures for the same cell.
fn rivals<'a>(records: &'a [Row], figure: &Row) -> Vec<&'a Row> {
    let same = |other: &&Row| {
        ["statute", "period", "area", "outcome", "rule", "unit"]
            .iter()
            .all(|column| other[column] == figure[column])
    };
    records.iter().filter(same).filter(|other| other["source"] != figure["source"]).collect()
}

fn is_preferred(records: &[Row], figure: &Row) -> bool {
    code(figure, "preferred") == "true" || rivals(records, figure).is_empty()
}

/// Returns the first dimension over which a question would sum figures that may not be summed.
fn summed(world: &World, question: &Question, records: &[Row]) -> Option<&'static str> {
    if !world.reported {
        return None;
    }
    let measures = question.measures.clone().unwrap_or_else(|| world.measures[..1].to_vec());
    // Whether figures of several of these values would be added in one group, or in one sum that shares are of.
    let adds = |own: &str, without: Option<&str>| {
        let mut groups: BTreeMap<Vec<String>, BTreeSet<&String>> = BTreeMap::new();
        for record in records.iter().filter(|record| measures.contains(&&*record["unit"])) {
            if is_kept(world, question, records, record) {
                let by = question.grouped().iter().filter(|dimension| Some(**dimension) != without);
                let key = by.map(|dimension| group(world, question, record, dimension));
                groups.entry(key.chain([record["unit"].clone()]).collect()).or_default().insert(&record[own]);
            }
        }
        groups.into_values().any(|different| different.len() > 1)
    };
    let grouped = |dimension: &str| question.grouped().contains(&dimension);
    let kept_to_one = |dimension: &str| question.kept(dimension).is_some_and(|kept| kept.len() == 1);
    let free = |dimension: &&str| match *dimension {
        "statute" | "country" => adds(dimension, None),
        "period" => {
            question.kept("period").is_some()
                && !kept_to_one("period")
                && !grouped("period")
                && adds("period", None)
        }
        "area" | "rule" => !kept_to_one(dimension) && !grouped(dimension) && adds(dimension, None),
        "year" if grouped("period") || question.kept("period").is_some() => false,
        "year" => {
            let one = matches!((question.from, question.to), (Some(from), Some(to)) if from[..4] == to[..4]);
            !one && !grouped("year")
        }
        dimension => !kept_to_one(dimension) && !grouped(dimension),
    };
    let may_be_added = |dimension: &str| {
        // A category is a set of statutes.
        world.additive.contains(&if dimension == "category" { "statute" } else { dimension })
    };
    let may_not = |dimension: &&str| *dimension == "source" || !may_be_added(dimension);
    let all = ["statute", "outcome", "year", "country", "period", "area", "rule"];
    let dimensions = all.into_iter().filter(may_not).filter(free);
    // A share divides by the sum over its dimension.
    let share = question.share.filter(may_not);
    let rule = question.share.filter(|share| adds("rule", Some(share))).map(|_| "rule");
    // Several sources of one cell report the same thing, so they may never be summed, whatever the dataset declares.
    let sources =
        question.kept("source").filter(|kept| kept.len() > 1 && !grouped("source")).map(|_| "source");
    dimensions.chain(share).chain(rule).chain(sources).next()
}

fn count(world: &World, measure: &str, group: &[&Row]) -> Option<u64> {
    let different = |column| Some(group.iter().map(|row| &row[column]).collect::<BTreeSet<_>>().len() as u64);
    if world.reported {
        return group
            .iter()
            .filter(|row| row["unit"] == measure)
            .map(|row| row["value"].parse::<u64>().unwrap())
            .reduce(|sum, value| sum + value);
    }
    match measure {
        "persons" => different("defendant_id"),
        "cases" => different("case_id"),
        _ => Some(group.len() as u64),
    }
}

fn csv(
    world: &World,
    question: &Question,
    measures: &[&str],
    records: &[Row],
    groups: &BTreeMap<Vec<String>, Vec<&Row>>,
) -> String {
    let coded =
        |dimension: &str| question.labels.is_some() && !["year", "month", "period"].contains(&dimension);
    let mut header: Vec<String> = Vec::new();
    for dimension in question.grouped() {
        header.push((*dimension).to_owned());
        header.extend(coded(dimension).then(|| format!("{dimension}_label")));
        header
            .extend(["from", "to", "span"].into_iter().filter(|_| *dimension == "period").map(str::to_owned));
    }
    header.extend(measures.iter().map(|measure| (*measure).to_owned()));
    header
        .extend(question.share.iter().flat_map(|_| ["share", "share_low", "share_high"]).map(str::to_owned));
    header.extend(["status", "sources"].into_iter().filter(|_| world.reported).map(str::to_owned));
    let mut text = line(header.iter().map(String::as_str));
    for (key, group) in groups {
        let mut cells: Vec<String> = Vec::new();
        for (dimension, code) in question.grouped().iter().zip(key) {
            cells.push(inert(code));
            if *dimension == "period" {
                cells.extend(["from", "to", "span"].map(|column| group[0][column].clone()));
            }
            cells.extend(
                question
                    .labels
                    .filter(|_| coded(dimension))
                    .map(|language| inert(&label(world, dimension, code, language))),
            );
        }
        for measure in measures {
            cells.push(count(world, measure, group).map_or(String::new(), |count| count.to_string()));
        }
        if let Some(dimension) = question.share {
            let place = question.grouped().iter().position(|other| *other == dimension).unwrap();
            let others = |key: &[String]| [&key[..place], &key[place + 1..]].concat();
            let beside = groups.iter().filter(|(other, _)| others(other) == others(key));
            let whole: u64 = beside.filter_map(|(_, group)| count(world, measures[0], group)).sum();
            cells.extend(share(count(world, measures[0], group), whole));
        }
        if world.reported {
            cells.extend([status(group), inert(&sources(records, group))]);
        }
        text += &line(cells.iter().map(String::as_str));
    }
    text
}

/// Returns a share with its Wilson interval: the two roots of (share - p)² = z² p (1 - p) / whole.
fn share(part: Option<u64>, whole: u64) -> [String; 3] {
    let (Some(part), 1..) = (part, whole) else {
        return Default::default();
    };
    let (x, n, z) = (part as f64, whole as f64, 1.959_963_984_540_054_f64);
    let root = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
    let bound = |root: f64| (2.0 * x + z * z + root) / (2.0 * (n + z * z));
    [x / n, bound(-root), bound(root)].map(|value| {
        let millionths = (value * 1e6).round() as u64;
        let digits = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    })
}

fn status(group: &[&Row]) -> String {
    // The order of caution: a provisional figure needs most, then an estimate, then a break.
    ["P", "E", "B"]
        .into_iter()
        .find(|status| group.iter().any(|row| code(row, "status") == *status))
        .unwrap_or("A")
        .to_owned()
}

/// Returns the sources of the figures shown, then the other sources that report the same cells, with equal or different
/// figures.
fn sources(records: &[Row], group: &[&Row]) -> String {
    let shown: BTreeSet<&str> = group.iter().map(|row| &*row["source"]).collect();
    let others: BTreeSet<&str> =
        group.iter().flat_map(|row| rivals(records, row)).map(|row| &*row["source"]).collect();
    shown.iter().chain(others.difference(&shown)).copied().collect::<Vec<_>>().join(" ")
}

fn label(world: &World, dimension: &str, code: &str, language: &str) -> String {
    let own = |rows: &[Row], column: &'static str, title: String| {
        let found = rows.iter().find(|row| row[column] == code).unwrap();
        let titles = [found.get(&*title), found.get("title_en"), found.get("title")];
        titles.into_iter().flatten().find(|title| !title.is_empty()).cloned().unwrap()
    };
    match dimension {
        "statute" => own(&world.statutes, "statute", format!("title_{language}")),
        "source" => own(&world.sources, "source", "title".to_owned()),
        "country" => listed(chargesheet_data::REFERENCE.countries, &format!("name_{language}"), code),
        "category" if code.is_empty() => String::new(),
        "category" => listed(chargesheet_data::REFERENCE.offences, &format!("label_{language}"), code),
        "outcome" => listed(chargesheet_data::REFERENCE.outcomes, &format!("label_{language}"), code),
        "area" | "rule" => of_file(language, dimension, code),
        "role" => listed(chargesheet_data::REFERENCE.roles, &format!("label_{language}"), code),
        _ => code.to_owned(),
    }
}

fn listed(list: &[u8], column: &str, code: &str) -> String {
    let mut reader = csv::Reader::from_reader(list);
    let place = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    let found = reader.records().map(Result::unwrap).find(|record| &record[0] == code).unwrap();
    found[place].to_owned()
}

/// Returns the label that a language's own file has of a code.
fn of_file(language: &str, list: &str, code: &str) -> String {
    let file = match language {
        "en" => include_str!("../../../languages/en.json"),
        "ru" => include_str!("../../../languages/ru.json"),
        _ => include_str!("../../../languages/kk.json"),
    };
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    file["codes"][list][code].as_str().unwrap_or(code).to_owned()
}

/// Escapes a text that a spreadsheet would run as a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
}
