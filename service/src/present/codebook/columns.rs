//! The columns of a codebook: every column that an answer can have.

use chargesheet_widget::wire::ColumnRole;
use serde::Serialize;

use super::Words;
use crate::domain::tables::{self, CHARGES, Content};
use crate::domain::{Dimension, Language, Measure};
use crate::package::Kind;
use crate::present::rate;
use crate::present::table::{self, Bound, Holds};
use crate::present::texts::{Texts, fill};
use crate::query::Query;
use crate::release::Release;

/// A column of an answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = CodebookColumn)]
pub struct Column {
    /// The name of the column in CSV, JSON and addresses.
    pub name: String,
    /// The role of the column in an answer.
    #[schema(value_type = String)]
    pub role: ColumnRole,
    /// The title of the column for people.
    pub title: String,
    /// The meaning of the column.
    pub definition: String,
    /// The type in Table Schema (Data Package v2): `string`, `integer`, `number`, `year`, `yearmonth`, `list`.
    pub r#type: &'static str,
    /// The type in XML Schema, which CSVW uses: `string`, `integer`, `double`, `gYear`, `gYearMonth`.
    pub xsd: &'static str,
    /// The unit that is counted or measured: `persons`, `cases`, `charges`, or `share` from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// The least value that a cell can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u8>,
    /// The greatest value that a cell can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u8>,
    /// The separator between several values in one cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<&'static str>,
    /// Whether a cell may be empty.
    pub may_be_empty: bool,
    /// What an empty cell means.
    pub empty: String,
    /// The figures that may be summed over the values of this column. Only for dimensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
}

/// The figures that may be summed over the values of a dimension.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Sum {
    /// The measures that may be summed; empty where none may be.
    pub measures: Vec<&'static str>,
    /// The reason why these measures, or none, may be summed.
    pub why: String,
}

/// Returns the columns of an answer, in order. `is_whole` is set where they must hold for every answer of the dataset.
pub(super) fn columns(query: &Query, release: &Release, language: Language, is_whole: bool) -> Vec<Column> {
    let (texts, words) = (Texts::of(language), Words::of(language));
    let described = Described { query, release, texts, words, is_whole };
    table::columns(query, release).into_iter().map(|column| described.column(column)).collect()
}

/// The question of an answer whose columns are described.
struct Described<'a> {
    query: &'a Query,
    release: &'a Release,
    texts: &'static Texts,
    words: &'static Words,
    is_whole: bool,
}

impl Described<'_> {
    fn kind(&self) -> Kind {
        self.release.descriptor().chargesheet.kind
    }

    fn column(&self, table::Column { name, holds }: table::Column) -> Column {
        let (texts, words) = (self.texts, self.words);
        // The basis for every column: text that is never empty. The cases below override what differs.
        let column = |role, title: &str, definition: &str| Column {
            name: name.clone(),
            role,
            title: title.to_owned(),
            definition: words.column(definition).to_owned(),
            r#type: "string",
            xsd: "string",
            unit: None,
            minimum: None,
            maximum: None,
            separator: None,
            may_be_empty: false,
            empty: words.empty("never").to_owned(),
            sum: None,
        };
        let with_empty = |column: Column, empty: Option<&str>| Column {
            may_be_empty: empty.is_some(),
            empty: words.empty(empty.unwrap_or("never")).to_owned(),
            ..column
        };
        let number = |column: Column, unit, maximum| Column {
            r#type: "number",
            xsd: "double",
            unit: Some(unit),
            minimum: Some(0),
            maximum,
            ..column
        };
        match holds {
            Holds::Key(_, dimension) => {
                let basis = words.time_basis(self.release.descriptor().chargesheet.time_basis);
                let (r#type, xsd) = match dimension {
                    Dimension::Year => ("year", "gYear"),
                    Dimension::Month => ("yearmonth", "gYearMonth"),
                    _ => ("string", "string"),
                };
                let column = column(ColumnRole::Dimension, texts.dimension(dimension), dimension.name());
                let definition = fill(&column.definition, &[("basis", &basis.label)]);
                let column = Column { definition, r#type, xsd, sum: Some(self.sum(dimension)), ..column };
                with_empty(column, self.empty(dimension))
            }
            Holds::Label(_, dimension, _) => {
                let title = fill(&texts.label_of, &[("dimension", texts.dimension(dimension))]);
                let empty = self.empty(dimension).map(|_| "label");
                with_empty(column(ColumnRole::Label, &title, "label"), empty)
            }
            Holds::Span(..) => column(ColumnRole::Label, &name, &name),
            Holds::Count(place) => {
                let measure = self.query.measures[place];
                // Every row has a figure for at least one measure, so a single measure is never empty.
                let is_alone = self.query.measures.len() == 1 && !self.is_whole;
                let may_lack = self.kind() == Kind::Reported && !is_alone;
                let column = Column {
                    definition: words.measure(self.kind(), measure.name()).to_owned(),
                    r#type: "integer",
                    xsd: "integer",
                    unit: Some(measure.name()),
                    minimum: Some(0),
                    ..column(ColumnRole::Measure, texts.measure(measure), "")
                };
                with_empty(column, may_lack.then_some("measure"))
            }
            Holds::Share(bound) => {
                let of = texts.measure(self.query.measures[0]).to_lowercase();
                let title = match bound {
                    Bound::Value => fill(&texts.share, &[("measure", &of)]),
                    Bound::Low => texts.share_low.clone(),
                    Bound::High => texts.share_high.clone(),
                };
                let column = column(ColumnRole::Share, &title, &name);
                with_empty(number(column, "share", Some(1)), Some("share"))
            }
            Holds::Rate(bound) => {
                let definition = if bound == Bound::Value { "rate" } else { "rate_bound" };
                let column = column(ColumnRole::Label, &rate::title(self.query, bound, texts), definition);
                with_empty(number(column, "per 100000", None), Some("rate"))
            }
            Holds::Status => column(ColumnRole::Status, &texts.status, &name),
            Holds::Sources => {
                let column = column(ColumnRole::Sources, &texts.sources, &name);
                Column { r#type: "list", separator: Some(" "), ..column }
            }
        }
    }

    /// Returns the key of the text on empty cells of a dimension; `None` where no cell is empty.
    fn empty(&self, dimension: Dimension) -> Option<&'static str> {
        let is_optional = |column: &&tables::Column| column.content == Content::Coded;
        match dimension {
            // A register need not give every statute a category.
            Dimension::Category => Some("category"),
            // A figure of another period is of no year.
            Dimension::Year if self.query.by.contains(&Dimension::Period) => Some("period"),
            // All other reported figures have one. Every record has a country, a statute, an outcome and a role.
            _ if self.kind() == Kind::Reported => None,
            _ if dimension.is_time() => Some("period"),
            _ => CHARGES.column(dimension.name()).filter(is_optional).map(|_| "code"),
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
            // Sums and shares over sources are refused, whatever a dataset declares.
            (Kind::Reported, true) if dimension != Dimension::Source => (measures.clone(), "declared"),
            (Kind::Reported, _) => (Vec::new(), dimension.name()),
        };
        Sum { measures: summed.into_iter().map(Measure::name).collect(), why: self.words.sum(why).to_owned() }
    }
}
