//! The codes that stand in columns, and what is known of each.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::words::{Known, Meaning, Words};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language, Period, Status};
use crate::ingest::{FigureSource, Records};
use crate::present::name_of;
use crate::query::{Query, in_time};
use crate::release::Release;

/// The codes of a column.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Codes {
    /// The columns that they stand in. `source.kind` and the like are properties of the codes of a column;
    /// `filter.statute` and the like are what an answer was filtered by.
    pub columns: Vec<String>,
    /// The codes, outcomes in the order of a proceeding, others in byte order.
    pub codes: Vec<Code>,
}

/// A code, and what is known of it. What does not concern it is left out.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct Code {
    /// The code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// What it means.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// Outcomes: how far the proceeding has come.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    /// Outcomes: whether nothing more is to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#final: Option<bool>,
    /// Statutes: code of the country whose law it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Statutes: the law.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub law: String,
    /// Statutes: the article.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// Statutes: the part of the article.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Statutes: the statute that it is a part of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// Statutes: the statute that replaced it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub successor: String,
    /// Statutes: code of the category of offence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub offence: String,
    /// Statutes: first day in force.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub in_force_from: String,
    /// Statutes: last day in force.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub in_force_to: String,
    /// Sources: who published it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub publisher: String,
    /// Sources: when it was published.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub published: String,
    /// Sources: `official`, `ngo` or `press`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Sources: how somebody accused of several offences is counted.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub counting_rule: String,
    /// Sources: what the year of a figure is the year of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_basis: String,
    /// Sources: whether it counts events of a year or the number at a moment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub measure_type: String,
    /// Address of the law's text or of the publication.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

impl From<Meaning> for Code {
    fn from(meaning: Meaning) -> Self {
        let Meaning { code, label, definition } = meaning;
        Self { code, label, definition, ..Self::default() }
    }
}

/// Numbers of codes by dimension.
type Used = BTreeMap<Dimension, BTreeSet<u32>>;

/// Returns every code that an answer of the dataset can have.
pub(super) fn of_dataset(dataset: &Dataset, language: Language) -> Result<Vec<Codes>, AnswerError> {
    let release = &dataset.release;
    let mut used = Used::new();
    // Grouping by source keeps figures that another source's are preferred to.
    let by = release.dimensions().into_iter().filter(|&dimension| dimension == Dimension::Source).collect();
    let everything = Query::everything(by, release.descriptor().chargesheet.measures.clone());
    for dimension in release.askable().into_iter().filter(|dimension| !dimension.is_time()) {
        let counts = dataset.facets(&everything, dimension)?;
        used.insert(dimension, numbers(&counts, 0).collect());
    }
    // A statute without records can be asked for: its parts may have some.
    used.entry(Dimension::Statute).or_default().extend((0..).take(release.register().all().len()));
    let statuses: Vec<Status> = match release.records() {
        Records::Charges(_) => Vec::new(),
        Records::Figures { .. } => Status::ALL.to_vec(),
    };
    Ok(listed(&used, &Used::new(), &statuses, release, language))
}

/// Returns the codes that occur in an answer, and those that it was filtered by.
pub(super) fn of_answer(
    query: &Query,
    release: &Release,
    published: &Published,
    language: Language,
) -> Vec<Codes> {
    let mut used = Used::new();
    for (column, &dimension) in query.by.iter().enumerate().filter(|(_, dimension)| !dimension.is_time()) {
        used.insert(dimension, numbers(published, column).collect());
    }
    let evidence = || published.each_row().filter_map(|row| published.evidence(row));
    let mut statuses: Vec<Status> = evidence().map(|evidence| evidence.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let sources: BTreeSet<u32> =
        evidence().flat_map(|evidence| &evidence.sources).map(|&place| place.into()).collect();
    if !sources.is_empty() {
        used.entry(Dimension::Source).or_default().extend(sources);
    }
    if let Some(statutes) = used.get_mut(&Dimension::Statute) {
        add_related(release, statutes);
    }
    let mut kept: Used =
        query.keep.iter().map(|(&dimension, all)| (dimension, all.iter().copied().collect())).collect();
    if let Some(statutes) = kept.get_mut(&Dimension::Statute) {
        let short = |&number: &u32| u16::try_from(number).ok();
        let parts: Vec<u32> = statutes
            .iter()
            .filter_map(short)
            .flat_map(|code| release.register().with_parts(code))
            .map(u32::from)
            .collect();
        statutes.extend(parts);
    }
    listed(&used, &kept, &statuses, release, language)
}

fn numbers(counts: &Published, column: usize) -> impl Iterator<Item = u32> {
    counts.each_row().filter_map(move |row| counts.key(column, row)).filter_map(|key| u32::try_from(key).ok())
}

/// Adds the statutes that statutes are a part of, and those that came after them.
fn add_related(release: &Release, statutes: &mut BTreeSet<u32>) {
    let register = release.register();
    let mut next: Vec<u32> = statutes.iter().copied().collect();
    while let Some(code) = next.pop().and_then(|number| u16::try_from(number).ok()) {
        let statute = register.at(code);
        let related = [&statute.parent, &statute.successor].into_iter().flatten();
        // Each is met once, also where they go round in a circle.
        next.extend(
            related.filter_map(|id| register.code(id)).map(u32::from).filter(|&own| statutes.insert(own)),
        );
    }
}

fn listed(
    used: &Used,
    kept: &Used,
    statuses: &[Status],
    release: &Release,
    language: Language,
) -> Vec<Codes> {
    let words = Words::of(language);
    let mut all = Vec::new();
    for (&dimension, numbers) in used {
        let mut columns = vec![dimension.name().to_owned()];
        if dimension == Dimension::Source {
            columns.push("sources".to_owned());
        }
        all.push(Codes { columns, codes: codes(dimension, numbers, release, language) });
    }
    if !statuses.is_empty() {
        let codes = statuses.iter().map(|status| words.known(Known::Status, status.code()).into()).collect();
        all.push(Codes { columns: vec!["status".to_owned()], codes });
    }
    for (&dimension, numbers) in kept {
        let codes = codes(dimension, numbers, release, language);
        all.push(Codes { columns: vec![format!("filter.{dimension}")], codes });
    }
    let properties = properties(&all, release, language);
    all.extend(properties);
    all
}

fn codes(dimension: Dimension, numbers: &BTreeSet<u32>, release: &Release, language: Language) -> Vec<Code> {
    let mut numbers: Vec<u32> = numbers.iter().copied().collect();
    numbers.sort_by_key(|&number| release.place(dimension, number));
    in_time(numbers).map(|number| code(dimension, number, release, language)).collect()
}

fn code(dimension: Dimension, number: u32, release: &Release, language: Language) -> Code {
    let code = Code {
        code: release.code(dimension, number).to_owned(),
        label: release.label(dimension, number, language).to_owned(),
        ..Code::default()
    };
    match (dimension, release.records()) {
        (Dimension::Outcome, _) => match release.lists().outcomes.get(&code.code) {
            Some(entry) => Code {
                definition: entry.definition.get(language).to_owned(),
                stage: entry.stage.clone(),
                r#final: Some(entry.is_final),
                ..code
            },
            None => code,
        },
        (Dimension::Role, _) => match release.lists().roles.get(&code.code) {
            Some(entry) => Code { definition: entry.definition.get(language).to_owned(), ..code },
            None => code,
        },
        (Dimension::Category, _) => match release.lists().offences.get(&code.code) {
            Some(entry) => Code { definition: entry.definition.get(language).to_owned(), ..code },
            None => code,
        },
        (Dimension::Statute, _) => statute(code, release, language),
        (Dimension::Source, Records::Figures { sources, .. }) => match sources.get(number as usize) {
            Some(source) => with_source(code, source),
            None => code,
        },
        _ => code,
    }
}

fn statute(code: Code, release: &Release, language: Language) -> Code {
    let Some(statute) = release.register().get(&code.code) else { return code };
    let day = |period: Option<Period>| period.map_or(String::new(), |period| period.to_string());
    Code {
        definition: name_of(statute, release.lists(), language),
        country: statute.country.clone(),
        law: statute.law.clone(),
        article: statute.article.clone(),
        part: statute.part.clone(),
        parent: statute.parent.clone().unwrap_or_default(),
        successor: statute.successor.clone().unwrap_or_default(),
        offence: statute.offence.clone(),
        in_force_from: day(statute.in_force_from),
        in_force_to: day(statute.in_force_to),
        url: statute.url.clone(),
        ..code
    }
}

fn with_source(code: Code, source: &FigureSource) -> Code {
    Code {
        publisher: source.publisher.clone(),
        published: source.published.map_or(String::new(), |day| day.to_string()),
        kind: source.kind.to_owned(),
        counting_rule: source.counting_rule.to_owned(),
        time_basis: source.time_basis.to_owned(),
        measure_type: source.measure_type.to_owned(),
        url: source.url.clone(),
        ..code
    }
}

/// The words that stand in properties of codes, each of them once.
fn properties(all: &[Codes], release: &Release, language: Language) -> Vec<Codes> {
    /// The column of a property, where it stands in a code, and what its words mean.
    type Property<'a> = (&'static str, fn(&Code) -> &str, &'a dyn Fn(&str) -> Code);
    let words = Words::of(language);
    let known = |list: Known| move |code: &str| Code::from(words.known(list, code));
    let offence = |code: &str| match release.lists().offences.get(code) {
        Some(entry) => Code {
            code: code.to_owned(),
            label: entry.label.get(language).to_owned(),
            definition: entry.definition.get(language).to_owned(),
            ..Code::default()
        },
        None => Code { code: code.to_owned(), ..Code::default() },
    };
    let each: [Property<'_>; 6] = [
        ("outcome.stage", |code| &code.stage, &known(Known::Stage)),
        ("statute.offence", |code| &code.offence, &offence),
        ("source.kind", |code| &code.kind, &known(Known::SourceKind)),
        ("source.counting_rule", |code| &code.counting_rule, &known(Known::CountingRule)),
        ("source.time_basis", |code| &code.time_basis, &known(Known::TimeBasis)),
        ("source.measure_type", |code| &code.measure_type, &known(Known::MeasureType)),
    ];
    let mut found = Vec::new();
    for (column, property, explain) in each {
        let values: BTreeSet<&str> = all
            .iter()
            .flat_map(|codes| &codes.codes)
            .map(property)
            .filter(|value| !value.is_empty())
            .collect();
        if !values.is_empty() {
            let codes = values.into_iter().map(explain).collect();
            found.push(Codes { columns: vec![column.to_owned()], codes });
        }
    }
    found
}
