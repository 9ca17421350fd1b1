//! The shape of an answer, as `aggregate.json` carries it and as a chart is drawn from it.
//!
//! The service serialises these types (feature `serde`); the browser parses the JSON itself and hands
//! the parts that a chart needs to the same types (see [`crate::flat`]), so there is one drawing code
//! and one reading of an answer.

#[cfg(feature = "serde")]
mod json;

/// The answer to a query: a tidy table, one row per group, with what a reader needs to trust it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The dataset that was asked.
    pub dataset: Dataset,
    /// The release the figures were made from.
    pub release: Release,
    /// The query in its one canonical spelling (without `?`).
    pub query: String,
    /// The language of labels and texts: `en`, `ru` or `kk`.
    pub language: String,
    /// The columns of `rows`, in order.
    pub columns: Vec<Column>,
    /// One row per group, sorted by the dimensions. Serialised as objects by column name.
    pub rows: Vec<Row>,
    /// For every coded dimension: the codes that occur, in display order, with their labels.
    pub labels: Labels,
    /// The dimensions among the columns over which these figures may be summed (and so stacked).
    pub additive: Vec<String>,
    /// When the one statute asked about was in force; `None` when several were asked or nothing is known.
    pub in_force: Option<InForce>,
    /// The sources behind the rows, a thousand at most.
    pub sources: Vec<Source>,
    /// The sources that are not listed; `None` where all are.
    pub more_sources: Option<MoreSources>,
    /// What a reader must know before using the figures, in the answer's language.
    pub caveats: Vec<String>,
    /// How to cite this answer, with its pinned address.
    pub citation: String,
    /// Ready sentences in the answer's language for the parts of a chart.
    pub text: Text,
}

/// A dataset, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dataset {
    /// Its id in URLs, such as `documented-cases`.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// `case-level` or `reported`.
    pub kind: String,
    /// Address of its description, relative to the service.
    pub url: String,
}

/// A release of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Release {
    /// Its id: the date and the first digits of the digest of its content.
    pub id: String,
    /// The pinned address of this very answer, relative to the service.
    pub url: String,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum ColumnRole {
    /// A dimension of the query, as codes, years or months.
    Dimension,
    /// The label of the coded dimension before it.
    Label,
    /// A count of persons, cases or charges.
    Measure,
    /// A share or a bound of its 95 % interval, between 0 and 1.
    Share,
    /// The observation status (SDMX `OBS_STATUS`: A normal, B break in series, E estimated, P provisional).
    Status,
    /// Ids of the sources that report the figures of the row.
    Sources,
}

/// One column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Column {
    /// Its name, the same as in the CSV header.
    pub name: String,
    /// What it holds.
    pub role: ColumnRole,
    /// Its name for people, in the answer's language.
    pub title: String,
}

/// One group with its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// One value per column.
    pub values: Vec<Value>,
    /// What other sources say about the figures of this row, where they disagree.
    pub disagreements: Vec<Disagreement>,
}

/// A figure of another source than the one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disagreement {
    /// The measure they disagree on.
    pub measure: String,
    /// The other source's figure.
    pub value: u64,
    /// The id of that source.
    pub source: String,
}

/// A cell of an answer.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum Value {
    /// Nothing is known: an unknown year, or a measure that no source reports here. Never zero.
    Absent,
    /// A code, a month (`YYYY-MM`), a label or a status.
    Text(String),
    /// A calendar year.
    Year(i32),
    /// A count. Zero is a counted or reported zero.
    Count(u64),
    /// A share between 0 and 1, rounded to six decimals.
    Real(f64),
    /// Source ids.
    List(Vec<String>),
}

/// Codes with their labels per dimension, both in display order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(pub Vec<(String, Vec<(String, String)>)>);

impl Labels {
    /// Returns the codes and labels of a dimension, in display order.
    pub fn of(&self, dimension: &str) -> &[(String, String)] {
        self.0.iter().find(|(name, _)| name == dimension).map_or(&[], |(_, codes)| codes)
    }
}

/// The days between which a statute was in force; an open end is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct InForce {
    /// First day in force: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day in force, in the same form.
    pub to: Option<String>,
}

/// Where figures come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Source {
    /// Its id, as in the `sources` column.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, or empty.
    pub published: String,
    /// `official`, `ngo` or `press`, or empty where the dataset does not say.
    pub kind: String,
}

/// Sources that stand behind an answer and are not listed in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MoreSources {
    /// How many there are.
    pub count: u64,
    /// Address of the table of all that stand behind its figures, relative to the service.
    pub url: String,
}

/// Ready texts for a chart, in the answer's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Text {
    /// What the chart shows, unless the caller gives a title of its own.
    pub title: String,
    /// The unit counted and the filters, under the title.
    pub subtitle: String,
    /// Name of the axis of groups.
    pub x_title: String,
    /// Name of the axis of figures: the unit counted.
    pub y_title: String,
    /// Name of the axis of figures when a chart shows shares.
    pub share_title: String,
    /// "Source: …".
    pub source_line: String,
    /// Dataset, release and where to find it.
    pub dataset_line: String,
    /// Sentences a reader must see beside the picture: years without a figure, sources that disagree.
    pub notes: Vec<String>,
    /// Label of the group of records whose year or code is not known.
    pub unknown: String,
    /// Label of the shaded years before the statute was in force.
    pub not_in_force: String,
    // The same for every answer of a language, so no part of it: the browser has them from the language's file.
    /// Which series are switched off, with `{names}` where their names go.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub not_shown: String,
    /// Which periods are shown when others are left out, with `{from}` and `{to}`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub shown_periods: String,
    /// In the legend: a mark where a series changes its definition.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_break: String,
    /// In the legend: provisional or estimated figures.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_provisional: String,
    /// In the legend: a ring where sources disagree.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_disagree: String,
    /// In the legend: the interval of a share.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_interval: String,
    /// What stands in the picture when there is no row.
    pub empty: String,
    /// What the picture says, in words: for screen readers and where pictures are off.
    pub alt: String,
    /// What stands between thousands in this language.
    pub thousands: String,
    /// What stands before decimals in this language.
    pub decimal: String,
}
