//! The shape of an answer: the content of `aggregate.json`, and the input of a chart.
//!
//! The service serialises these types (feature `serde`). The browser parses the JSON itself and passes the parts
//! that a chart needs into the same types (see [`crate::flat`]). There is one drawing code, and one reading of an
//! answer.

#[cfg(feature = "serde")]
mod json;

/// The answer to a query: a tidy table, one row per group, with everything that a reader needs to trust it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The dataset that was asked.
    pub dataset: Dataset,
    /// The release that the figures were made from.
    pub release: Release,
    /// The query in its canonical spelling (without `?`).
    pub query: String,
    /// The language of labels and texts: `en`, `ru` or `kk`.
    pub language: String,
    /// The columns of `rows`, in order.
    pub columns: Vec<Column>,
    /// One row per group, sorted by the dimensions. Serialised as objects by column name.
    pub rows: Vec<Row>,
    /// The codes that occur in each coded dimension, in display order, with their labels.
    pub labels: Labels,
    /// The dimensions among the columns over which these figures may be summed, and therefore stacked.
    pub additive: Vec<String>,
    /// When the single statute of the query was in force; `None` for several statutes, or when this is not known.
    pub in_force: Option<InForce>,
    /// The sources behind the rows, a thousand at most.
    pub sources: Vec<Source>,
    /// The number of sources that are not listed, and their address; `None` where all are listed.
    pub more_sources: Option<MoreSources>,
    /// What a reader must know before using the figures, in the answer's language.
    pub caveats: Vec<String>,
    /// How to cite this answer, with its pinned address.
    pub citation: String,
    /// Sentences for the parts of a chart, in the answer's language.
    pub text: Text,
    /// What a picture shows besides the answer. It is no part of the answer's JSON: `chart.json` has it.
    pub beside: Beside,
}

impl Answer {
    /// Returns the sentences beside a chart: in words where there are such, because the texts of the answer may have codes.
    pub fn notes(&self) -> &[String] {
        if self.beside.in_words.is_empty() { &self.text.notes } else { &self.beside.in_words }
    }
}

/// A dataset, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dataset {
    /// The id in URLs, such as `documented-cases`.
    pub id: String,
    /// The title for people.
    pub title: String,
    /// `case-level` or `reported`.
    pub kind: String,
    /// Address of the dataset's description, relative to the service.
    pub url: String,
}

/// A release of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Release {
    /// The id: the date and the first digits of the digest of the content.
    pub id: String,
    /// The pinned address of this answer, relative to the service. Its content never changes.
    pub url: String,
}

/// The role of a column: what its cells hold.
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

/// The ends of the names of columns of rates per 100,000 people and of the bounds of their intervals. The role of such a column is
/// that of labels, because older readers know no other.
pub const RATES: [&str; 3] = ["_per_100000", "_per_100000_low", "_per_100000_high"];

/// One column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Column {
    /// The name, the same as in the CSV header.
    pub name: String,
    /// The role of the column.
    pub role: ColumnRole,
    /// The title for people, in the answer's language.
    pub title: String,
}

/// A group with its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// One value per column.
    pub values: Vec<Value>,
    /// The figures of other sources that disagree with this row.
    pub disagreements: Vec<Disagreement>,
}

/// A figure for the same cell from another source than the one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disagreement {
    /// The measure on which the sources disagree.
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
    /// No value: an unknown year, or a measure that no source reports here. Never zero.
    Absent,
    /// A code, a month (`YYYY-MM`), a label or a status.
    Text(String),
    /// A calendar year.
    Year(i32),
    /// A count. A zero was counted or reported.
    Count(u64),
    /// A share between 0 and 1, rounded to six decimals.
    Real(f64),
    /// Source ids.
    List(Vec<String>),
}

/// The codes of each dimension with their labels, both in display order.
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

/// A source of figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Source {
    /// The id, as in the `sources` column.
    pub id: String,
    /// The name of the publisher.
    pub publisher: String,
    /// The title of the publication.
    pub title: String,
    /// The address of the publication.
    pub url: String,
    /// The date of publication, or empty.
    pub published: String,
    /// `official`, `ngo` or `press`, or empty where the dataset does not say.
    pub kind: String,
    /// The address of an archived copy of the publication, or empty. An answer without one does not have the member.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "String::is_empty"))]
    pub archived_url: String,
}

/// The sources behind an answer that the answer does not list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MoreSources {
    /// The number of these sources.
    pub count: u64,
    /// Address of the table of all sources behind the figures, relative to the service.
    pub url: String,
}

/// What a picture shows besides the figures and texts of an answer: short texts for small pictures, the history of the law, and
/// colours. A picture can be drawn without any of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Beside {
    /// The short title: country and offence.
    pub short: String,
    /// What is counted: "Cases a year, by stage".
    pub counted: String,
    /// The filters that the title does not name.
    pub filters: String,
    /// The outcomes that were chosen, where no row names them.
    pub chosen: String,
    /// The line that names the source of most figures, and how many other sources there are.
    pub source: String,
    /// The name of the publisher of this chart, and the day of the release.
    pub credit: String,
    /// The text for `{count}` series that have no place in the legend.
    pub more: String,
    /// The text for `{count}` notes that have no place in the picture.
    pub notes: String,
    /// The notes of the answer in words, where they name periods, areas or counting rules by their codes. Empty where they do not.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub in_words: Vec<String>,
    /// The sentence that every panel has its own scale.
    pub free: String,
    /// The name of running totals in a legend.
    pub running: String,
    /// The name of numbers at a moment in a legend.
    pub stock: String,
    /// The name of countries without a figure in the legend of a map.
    pub no_figure: String,
    /// The names of statutes with their countries, by id, where those of several countries stand in the answer.
    #[cfg_attr(feature = "serde", serde(serialize_with = "json::by_code"))]
    pub names: Vec<(String, String)>,
    /// The events in the history of the statutes behind the figures, in order of time.
    pub events: Vec<LawEvent>,
    /// The look of each outcome in the answer, by its code.
    pub looks: Looks,
}

/// An event in the history of a statute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LawEvent {
    /// When it happened: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub at: String,
    /// What happened: `from` (came into force), `to` (last day in force), or the kind of an event in `history.csv`.
    pub kind: String,
    /// The same in one or two words.
    pub label: String,
    /// The event in a sentence.
    pub text: String,
    /// The id of the statute.
    pub statute: String,
    /// The address of the event's source, or empty.
    pub url: String,
    /// Whether figures before and after the event count different things.
    pub breaks: bool,
}

/// The colours and the mark of an outcome, the same in every chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// The colour on a light page, as `0xRRGGBB`.
    pub light: u32,
    /// The colour on a dark page.
    pub dark: u32,
    /// The number of the mark: circle, square, triangle, diamond, wedge, cross.
    pub mark: u8,
}

/// Looks by the code of their outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks(pub Vec<(String, Look)>);

/// Texts for a chart, in the answer's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Text {
    /// The title of the chart, unless the caller gives another title.
    pub title: String,
    /// The subtitle: the unit counted and the filters.
    pub subtitle: String,
    /// The name of the axis of groups.
    pub x_title: String,
    /// The name of the axis of figures: the unit counted.
    pub y_title: String,
    /// The name of the axis of figures in a chart of shares.
    pub share_title: String,
    /// The line that names the source: "Source: …".
    pub source_line: String,
    /// The line with dataset, release and address.
    pub dataset_line: String,
    /// Sentences that a reader must see beside the chart: years without a figure, sources that disagree.
    pub notes: Vec<String>,
    /// The label of the group of records whose year or code is not known.
    pub unknown: String,
    /// The label of the shaded years in which the statute was not in force.
    pub not_in_force: String,
    // These texts are the same for every answer in a language, so the browser reads them from the language's file.
    /// The sentence about hidden series, with `{names}` in place of their names.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub not_shown: String,
    /// The sentence about the periods shown when others are left out, with `{from}` and `{to}`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub shown_periods: String,
    /// The legend's name for the mark where a series changes its definition.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_break: String,
    /// The legend's name for provisional or estimated figures.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_provisional: String,
    /// The legend's name for the ring where sources disagree.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_disagree: String,
    /// The legend's name for the interval of a share.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub key_interval: String,
    /// The sentence in a picture without rows.
    pub empty: String,
    /// The description of the picture, for screen readers and where pictures are off.
    pub alt: String,
    /// The thousands separator of the language.
    pub thousands: String,
    /// The decimal sign of the language.
    pub decimal: String,
}
