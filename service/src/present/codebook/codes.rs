//! The codes in the columns of a codebook, and what is known of each code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::{Meaning, Words};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{self, Dimension, Language, Period, Span, Status, sorted};
use crate::ingest::{FigureSource, Records};
use crate::present::name_of;
use crate::query::{Query, in_time};
use crate::release::Release;

/// The codes of one or more columns.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Codes {
    /// The columns in which the codes occur. `source.kind` and the like are properties of the codes of a column; `filter.statute`
    /// and the like are the filters of an answer.
    pub columns: Vec<String>,
    /// The codes: outcomes in the order of a proceeding, all others in byte order.
    pub codes: Vec<Code>,
}

/// A code, and what is known of it. Properties that do not concern the code are left out.
#[derive(Debug, Clone)]
pub struct Code {
    /// The code.
    pub code: String,
    /// The label of the code.
    pub label: String,
    /// The meaning of the code; empty where no source defines it.
    pub definition: String,
    /// The properties of the code, by name, in the order of [`PROPERTIES`].
    properties: Vec<(&'static str, String)>,
}

/// The properties that codes can have, with their meanings, in the order of listing.
pub const PROPERTIES: [(&str, &str); 22] = [
    ("stage", "Outcomes: how far the proceeding has come."),
    ("final", "Outcomes: whether nothing more is to come."),
    ("country", "Statutes: code of the country whose law it is."),
    ("law", "Statutes: the law."),
    ("article", "Statutes: the article."),
    ("part", "Statutes: the part of the article."),
    ("parent", "Statutes: the statute that it is a part of. Outcomes: the outcome that it is a part of."),
    ("successor", "Statutes: the statute that replaced it."),
    ("offence", "Statutes: code of the category of offence."),
    ("in_force_from", "Statutes: first day in force."),
    ("in_force_to", "Statutes: last day in force."),
    ("publisher", "Sources: who published it."),
    ("published", "Sources: when it was published."),
    ("kind", "Sources: `official`, `ngo` or `press`."),
    ("counting_rule", "Sources: how somebody accused of several offences is counted."),
    ("time_basis", "Sources: what the year of a figure is the year of."),
    ("measure_type", "Sources: whether it counts events of a year or the number at a moment."),
    ("url", "Address of the law's text or of the publication."),
    ("from", "Periods: the first day, month or year."),
    ("to", "Periods: the last day, month or year."),
    ("span", "Periods: `flow`, `running` or `stock`."),
    ("law_own", "Statutes: the law's name in its own languages, each behind the language's tag."),
];

/// The properties that the codebooks of the first releases did not list. Their tables have no columns for them.
pub const LATER_PROPERTIES: [&str; 4] = ["from", "to", "span", "law_own"];

impl Code {
    fn new(code: &str, label: &str, definition: &str) -> Self {
        let [code, label, definition] = [code, label, definition].map(str::to_owned);
        Self { code, label, definition, properties: Vec::new() }
    }

    /// Adds properties in their order. Empty properties are left out.
    fn with<const N: usize>(mut self, properties: [(&'static str, &str); N]) -> Self {
        let some = properties.into_iter().filter(|(_, text)| !text.is_empty());
        self.properties.extend(some.map(|(name, text)| (name, text.to_owned())));
        self
    }

    /// Returns a property of the code; empty where there is none.
    pub fn property(&self, name: &str) -> &str {
        self.properties.iter().find(|(own, _)| *own == name).map_or("", |(_, text)| text)
    }
}

impl From<Meaning> for Code {
    fn from(meaning: Meaning) -> Self {
        let Meaning { code, label, definition } = meaning;
        Self { code, label, definition, properties: Vec::new() }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("label", &self.label)?;
        if !self.definition.is_empty() {
            map.serialize_entry("definition", &self.definition)?;
        }
        for (name, text) in &self.properties {
            match *name {
                "final" => map.serialize_entry(name, &(text == "true"))?,
                _ => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

impl utoipa::ToSchema for Code {}

impl utoipa::PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let described = |name, about| {
            let kind: SchemaType = match name {
                "final" => [Type::Boolean, Type::Null].into_iter().collect(),
                _ => Type::String.into(),
            };
            ObjectBuilder::new().schema_type(kind).description(Some(about))
        };
        let named = [("code", "The code."), ("label", "Its label."), ("definition", "What it means.")];
        let all = named.into_iter().chain(PROPERTIES);
        all.fold(ObjectBuilder::new(), |object, (name, about)| object.property(name, described(name, about)))
            .required("code")
            .required("label")
            .description(Some("A code, and what is known of it. What does not concern it is left out."))
            .into()
    }
}

/// Numbers of the codes in use, by dimension.
type Used = BTreeMap<Dimension, BTreeSet<u32>>;

/// Returns every code that an answer of the dataset can have.
pub(super) fn of_dataset(dataset: &Dataset, language: Language) -> Result<Vec<Codes>, AnswerError> {
    let release = &dataset.release;
    let mut used = Used::new();
    // Grouped by source, an answer also has the figures to which another source's are preferred.
    let by = release.dimensions().into_iter().filter(|&dimension| dimension == Dimension::Source).collect();
    let everything = Query::everything(by, release.descriptor().chargesheet.measures.clone());
    for dimension in release.askable().into_iter().filter(|dimension| !dimension.is_time()) {
        let counts = dataset.facets(&everything, dimension)?;
        used.insert(dimension, numbers(&counts, 0).collect());
    }
    // Every statute is listed: one without records of its own can be queried, because its parts may have records.
    used.entry(Dimension::Statute).or_default().extend((0..).take(release.register().all().len()));
    let statuses: Vec<Status> = match release.records() {
        Records::Charges(_) => Vec::new(),
        Records::Figures { .. } => Status::ALL.to_vec(),
    };
    Ok(listed(&used, &Used::new(), &statuses, release, language))
}

/// Returns the codes that occur in an answer, and the codes in its filters.
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
    let statuses = sorted(evidence().map(|evidence| evidence.status).collect());
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

/// Adds the statutes that contain these statutes, and the statutes that succeeded them.
fn add_related(release: &Release, statutes: &mut BTreeSet<u32>) {
    let register = release.register();
    let mut next: Vec<u32> = statutes.iter().copied().collect();
    while let Some(code) = next.pop().and_then(|number| u16::try_from(number).ok()) {
        let statute = register.at(code);
        let related = [&statute.parent, &statute.successor].into_iter().flatten();
        // Each statute is visited once, even where the relations form a circle.
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
        let codes = statuses.iter().map(|status| words.known("status", status.code()).into()).collect();
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
    let (code, label) = (release.code(dimension, number), release.label(dimension, number, language));
    match (dimension, dimension.codes(), release.records()) {
        (_, domain::Codes::List(list), _) => of_list(code, list, release, language),
        (Dimension::Statute, ..) => statute(code, label, release, language),
        (Dimension::Source, _, Records::Figures { sources, .. }) => {
            let source = sources.get(number as usize);
            let code = Code::new(code, label, "");
            source.map_or(code.clone(), |source| with_source(code, source))
        }
        (Dimension::Period, ..) => {
            let [from, to, span] = Span::parts(code);
            Code::new(code, label, "").with([("from", from), ("to", to), ("span", span)])
        }
        _ => Code::new(code, label, ""),
    }
}

/// Returns the entry of a code in its list. A code that is in no list stands for itself.
fn of_list(code: &str, list: &str, release: &Release, language: Language) -> Code {
    let entry = release.lists().named(list).and_then(|list| list.get(code));
    let Some(entry) = entry else { return Code::new(code, code, "") };
    let code = Code::new(code, entry.label.get(language), entry.definition.get(language));
    // Only outcomes have a stage.
    if entry.stage.is_empty() {
        return code;
    }
    code.with([
        ("stage", &entry.stage),
        ("final", if entry.is_final { "true" } else { "false" }),
        ("parent", entry.parent.as_deref().unwrap_or_default()),
    ])
}

fn statute(id: &str, label: &str, release: &Release, language: Language) -> Code {
    let Some(statute) = release.register().get(id) else { return Code::new(id, label, "") };
    let day = |period: Option<Period>| period.map_or(String::new(), |period| period.to_string());
    Code::new(id, label, &name_of(statute, release.lists(), language)).with([
        ("country", &statute.country),
        ("law", &statute.law),
        ("article", &statute.article),
        ("part", &statute.part),
        ("parent", statute.parent.as_deref().unwrap_or_default()),
        ("successor", statute.successor.as_deref().unwrap_or_default()),
        ("offence", &statute.offence),
        ("in_force_from", &day(statute.in_force_from)),
        ("in_force_to", &day(statute.in_force_to)),
        ("url", &statute.url),
        ("law_own", &statute.law_own),
    ])
}

fn with_source(code: Code, source: &FigureSource) -> Code {
    code.with([
        ("publisher", &source.publisher),
        ("published", &source.published.map_or(String::new(), |day| day.to_string())),
        ("kind", source.kind),
        ("counting_rule", source.counting_rule),
        ("time_basis", source.time_basis),
        ("measure_type", source.measure_type),
        ("url", &source.url),
    ])
}

/// Returns the words that occur as properties of codes, each once.
fn properties(all: &[Codes], release: &Release, language: Language) -> Vec<Codes> {
    let words = Words::of(language);
    let mut found = Vec::new();
    for column in [
        "outcome.stage",
        "statute.offence",
        "source.kind",
        "source.counting_rule",
        "source.time_basis",
        "source.measure_type",
    ] {
        let name = column.rsplit('.').next().unwrap_or_default();
        let values: BTreeSet<&str> = all
            .iter()
            .flat_map(|codes| &codes.codes)
            .map(|code| code.property(name))
            .filter(|value| !value.is_empty())
            .collect();
        let explain = |value: &str| match name {
            "offence" => of_list(value, name, release, language),
            _ => words.known(name, value).into(),
        };
        if !values.is_empty() {
            let codes = values.into_iter().map(explain).collect();
            found.push(Codes { columns: vec![column.to_owned()], codes });
        }
    }
    found
}
