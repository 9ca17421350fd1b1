//! The columns that an answer can have.

use chargesheet_widget::wire::ColumnRole;
use serde::Serialize;

use super::words::Words;
use crate::domain::{Dimension, Language, Measure};
use crate::ingest::Records;
use crate::package::Kind;
use crate::present::rate;
use crate::present::table::Bound;
use crate::present::texts::{Texts, fill};
use crate::query::Query;
use crate::release::Release;

/// A column of an answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = CodebookColumn)]
pub struct Column {
    /// Its name in CSV, JSON and addresses.
    pub name: String,
    /// What it is for.
    #[schema(value_type = String)]
    pub role: ColumnRole,
    /// Its name for people.
    pub title: String,
    /// What it means.
    pub definition: String,
    /// Its type in Table Schema (Data Package v2): `string`, `integer`, `number`, `year`, `yearmonth`, `list`.
    pub r#type: &'static str,
    /// The type of XML Schema that CSVW uses: `string`, `integer`, `double`, `gYear`, `gYearMonth`.
    pub xsd: &'static str,
    /// What is counted or measured: `persons`, `cases`, `charges`, or `share` from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Least value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u8>,
    /// Greatest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u8>,
    /// What stands between several values of one cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<&'static str>,
    /// Whether a cell may be empty.
    pub may_be_empty: bool,
    /// What an empty cell means.
    pub empty: String,
    /// Dimensions: which figures may be summed over its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
}

/// Which figures may be summed over the values of a dimension.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Sum {
    /// The measures that may be; none where the list is empty.
    pub measures: Vec<&'static str>,
    /// Why, or why not.
    pub why: String,
}

/// Returns the columns of an answer, in order; `is_whole` where they are to hold for every answer of the dataset.
pub(super) fn columns(query: &Query, release: &Release, language: Language, is_whole: bool) -> Vec<Column> {
    let naming = Naming { release, texts: Texts::of(language), words: Words::of(language) };
    let mut columns = Vec::new();
    for &dimension in &query.by {
        let column = naming.dimension(dimension);
        let label = naming.label(dimension, column.may_be_empty);
        columns.push(column);
        if query.labels.is_some() && !dimension.is_time() {
            columns.push(label);
        }
    }
    // A row is there because one of its measures has a figure.
    let may_lack = naming.kind() == Kind::Reported && (is_whole || query.measures.len() > 1);
    columns.extend(query.measures.iter().map(|&measure| naming.measure(measure, may_lack)));
    if query.share.is_some() {
        columns.extend(naming.shares(query.measures[0]));
    }
    columns.extend(naming.rates(query));
    if matches!(release.records(), Records::Figures { .. }) {
        columns.extend(naming.evidence());
    }
    columns
}

/// What columns are named and defined with.
struct Naming<'a> {
    release: &'a Release,
    texts: &'static Texts,
    words: &'static Words,
}

impl Naming<'_> {
    fn kind(&self) -> Kind {
        self.release.descriptor().chargesheet.kind
    }

    /// A column of texts that are never empty, to be changed where it is something else.
    fn texts(&self, name: &str, role: ColumnRole, title: &str) -> Column {
        Column {
            name: name.to_owned(),
            role,
            title: title.to_owned(),
            definition: self.words.column(name).to_owned(),
            r#type: "string",
            xsd: "string",
            unit: None,
            minimum: None,
            maximum: None,
            separator: None,
            may_be_empty: false,
            empty: self.words.empty("never").to_owned(),
            sum: None,
        }
    }

    fn dimension(&self, dimension: Dimension) -> Column {
        let basis = self.words.time_basis(self.release.descriptor().chargesheet.time_basis);
        let (r#type, xsd) = match dimension {
            Dimension::Year => ("year", "gYear"),
            Dimension::Month => ("yearmonth", "gYearMonth"),
            _ => ("string", "string"),
        };
        // Reported figures are always of a year; every record has a country, a statute, an outcome and a role.
        let may_be_empty =
            self.kind() == Kind::CaseLevel && (dimension.is_time() || dimension == Dimension::Region);
        // A register need not give every statute a category.
        let may_be_empty = may_be_empty || dimension == Dimension::Category;
        let empty = match dimension {
            _ if !may_be_empty => "never",
            Dimension::Category => "category",
            _ if dimension.is_time() => "period",
            _ => "code",
        };
        let column = self.texts(dimension.name(), ColumnRole::Dimension, self.texts.dimension(dimension));
        Column {
            definition: fill(&column.definition, &[("basis", &basis.label)]),
            r#type,
            xsd,
            may_be_empty,
            empty: self.words.empty(empty).to_owned(),
            sum: Some(self.sum(dimension)),
            ..column
        }
    }

    fn sum(&self, dimension: Dimension) -> Sum {
        let descriptor = self.release.descriptor();
        let measures = &descriptor.chargesheet.measures;
        let declared = descriptor.additive().contains(&dimension);
        let (summed, why): (Vec<Measure>, &str) = match (self.kind(), declared) {
            (Kind::CaseLevel, _) => {
                let charges = measures.iter().copied().filter(|&measure| measure == Measure::Charges);
                (charges.collect(), if declared { "distinct_declared" } else { "distinct" })
            }
            // A share over sources is refused whatever a dataset declares, and so is a sum.
            (Kind::Reported, true) if dimension != Dimension::Source => (measures.clone(), "declared"),
            (Kind::Reported, _) => (Vec::new(), dimension.name()),
        };
        Sum { measures: summed.into_iter().map(Measure::name).collect(), why: self.words.sum(why).to_owned() }
    }

    fn label(&self, dimension: Dimension, may_be_empty: bool) -> Column {
        let title = fill(&self.texts.label_of, &[("dimension", self.texts.dimension(dimension))]);
        let empty = if may_be_empty { "label" } else { "never" };
        Column {
            definition: self.words.column("label").to_owned(),
            may_be_empty,
            empty: self.words.empty(empty).to_owned(),
            ..self.texts(&format!("{dimension}_label"), ColumnRole::Label, &title)
        }
    }

    fn measure(&self, measure: Measure, may_be_empty: bool) -> Column {
        let empty = if may_be_empty { "measure" } else { "never" };
        Column {
            definition: self.words.measure(self.kind(), measure.name()).to_owned(),
            r#type: "integer",
            xsd: "integer",
            unit: Some(measure.name()),
            minimum: Some(0),
            may_be_empty,
            empty: self.words.empty(empty).to_owned(),
            ..self.texts(measure.name(), ColumnRole::Measure, self.texts.measure(measure))
        }
    }

    fn shares(&self, of: Measure) -> [Column; 3] {
        let title = fill(&self.texts.share, &[("measure", &self.texts.measure(of).to_lowercase())]);
        [("share", &title), ("share_low", &self.texts.share_low), ("share_high", &self.texts.share_high)].map(
            |(name, title)| Column {
                r#type: "number",
                xsd: "double",
                unit: Some("share"),
                minimum: Some(0),
                maximum: Some(1),
                may_be_empty: true,
                empty: self.words.empty("share").to_owned(),
                ..self.texts(name, ColumnRole::Share, title)
            },
        )
    }

    fn rates(&self, query: &Query) -> Vec<Column> {
        let bounds = [(Bound::Value, "rate"), (Bound::Low, "rate_bound"), (Bound::High, "rate_bound")];
        let column = |(name, (bound, definition)): (String, (Bound, &str))| Column {
            definition: self.words.column(definition).to_owned(),
            r#type: "number",
            xsd: "double",
            unit: Some("per 100000"),
            minimum: Some(0),
            may_be_empty: true,
            empty: self.words.empty("rate").to_owned(),
            ..self.texts(&name, ColumnRole::Label, &rate::title(query, bound, self.texts))
        };
        rate::names(query).into_iter().zip(bounds).map(column).collect()
    }

    fn evidence(&self) -> [Column; 2] {
        let sources = self.texts("sources", ColumnRole::Sources, &self.texts.sources);
        [
            self.texts("status", ColumnRole::Status, &self.texts.status),
            Column { r#type: "list", separator: Some(" "), ..sources },
        ]
    }
}
