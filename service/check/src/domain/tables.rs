//! The tables of a data package: their columns, the content of each column, and its meaning.
//!
//! This is the only description of the tables. The columns of a file are checked against it, and the schemas of a
//! package that is made from a release are written from it. A test compares `data/FORMAT.md` with it.

use super::{Dimension, EventKind};

/// A table of a data package.
#[derive(Debug)]
pub struct Table {
    /// Its name. Its resource and its file have the same name.
    pub name: &'static str,
    /// Its columns, in the order of `data/FORMAT.md`.
    pub columns: &'static [Column],
    /// The columns that identify a row.
    pub key: &'static [&'static str],
    /// The columns that a release keeps, separated by spaces, in the order of its canonical lines. An empty text
    /// means all columns in their order here. The id of a release depends on it.
    in_release: &'static str,
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether the column must exist and be filled.
    pub need: Need,
    /// The content of its fields.
    pub content: Content,
    /// Its meaning, in a sentence. Empty where the codebook defines the column of answers that has the same name.
    pub about: &'static str,
}

/// Whether a column must exist and be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The column must exist, and no field may be empty.
    Filled,
    /// The column must exist.
    Present,
    /// The column may be left out.
    Optional,
    /// The column may be left out. It is newer than the first packages, so a release has it only where a row fills it:
    /// the ids of the others stay.
    Later,
}

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text,
    /// Text with few different values, which a release numbers. Such a column is a dimension.
    Coded,
    /// The id of a row of the table of this name.
    Id(&'static str),
    /// A code of a list in `data/reference`; the text is the name of the list. A role that is left out is
    /// `unspecified`.
    Code(&'static str),
    /// The name of a measure.
    Measure,
    /// An SDMX observation status. An empty field means `A`.
    Status,
    /// One of these words. An empty field means the first word, which is itself empty where a release may have none.
    Words(&'static [&'static str]),
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Period,
    /// A period, or the word `unknown`.
    PeriodOrUnknown,
    /// Names of a law in its own languages, each behind a language tag: `de Strafgesetzbuch; fr Code pénal`.
    OwnNames,
    /// A calendar year.
    Year,
    /// A whole number of at least this value.
    Whole(u64),
    /// `true` or `false`.
    Flag,
}

impl Content {
    /// Whether every row of a release has a value, even if the publisher left the field empty.
    pub fn has_default(self) -> bool {
        match self {
            Self::Words(words) => words.first().is_some_and(|first| !first.is_empty()),
            _ => matches!(self, Self::Code("role") | Self::Status | Self::Flag),
        }
    }
}

const fn filled(name: &'static str, content: Content, about: &'static str) -> Column {
    Column { name, need: Need::Filled, content, about }
}

const fn present(name: &'static str, content: Content, about: &'static str) -> Column {
    Column { name, need: Need::Present, content, about }
}

const fn optional(name: &'static str, content: Content, about: &'static str) -> Column {
    Column { name, need: Need::Optional, content, about }
}

const fn later(name: &'static str, content: Content, about: &'static str) -> Column {
    Column { name, need: Need::Later, content, about }
}

/// The kinds of publishers.
pub const SOURCE_KINDS: &[&str] = &["official", "ngo", "press"];
/// The ways in which a source counts a person accused of several offences.
pub const COUNTING_RULES: &[&str] = &["not-stated", "principal-offence", "any-charge"];
/// The points in a case that the year of a figure can refer to.
pub const TIME_BASES: &[&str] =
    &["not-stated", "offence", "registration", "charge", "first-instance", "final"];
/// Whether a source counts the events of a year or the number at one moment.
pub const MEASURE_TYPES: &[&str] = &["flow", "stock"];

/// What the figure of a period counts: its events, all events since its first day, or the number at a moment.
pub const SPANS: &[&str] = &["", "flow", "running", "stock"];
/// How a figure counts a person accused of several offences, where its source gives both.
pub const RULES: &[&str] = &["", "principal", "any"];
/// Whether the digits of a source's figures were found in it: all of them, some, none, or nobody could look.
pub const FOUND: &[&str] = &["", "all", "some", "none", "unreadable"];

/// The register of statutes.
pub const STATUTES: Table = Table {
    name: "statutes",
    columns: &[
        filled("statute", Content::Id("statutes"), ""),
        optional("parent", Content::Id("statutes"), "The article that a part belongs to."),
        filled("country", Content::Code("country"), ""),
        filled("law", Content::Text, "The law's name or short code."),
        optional("article", Content::Text, "The article within the law."),
        optional("part", Content::Text, "The part within the article."),
        filled("title_en", Content::Text, "What the statute forbids, in a few words of English."),
        optional("title_ru", Content::Text, "The same in Russian."),
        optional("title_kk", Content::Text, "The same in Kazakh."),
        optional("offence", Content::Code("offence"), "Category of speech offence."),
        optional("in_force_from", Content::Period, "First day in force, where known."),
        optional("in_force_to", Content::Period, "Last day in force, where it has ended."),
        optional("successor", Content::Id("statutes"), "The statute that replaced it."),
        optional("url", Content::Text, "Address of the text or publication."),
        later("law_ru", Content::Text, "The law's name in Russian."),
        later("law_kk", Content::Text, "The law's name in Kazakh."),
        later(
            "law_own",
            Content::OwnNames,
            "The law's name in its own languages: language tag and name, with semicolons between names.",
        ),
    ],
    key: &["statute"],
    in_release: "",
};

/// The dimensions of charges whose values are the publisher's texts: the [coded](Content::Coded) columns of
/// [`CHARGES`], in its order. To add a dimension, add an entry here, in [`CHARGES`] and in its `in_release`.
pub const CODED: [Dimension; 1] = [Dimension::Region];

/// The charges of a case-level dataset.
pub const CHARGES: Table = Table {
    name: "charges",
    columns: &[
        filled("case_id", Content::Text, "Number that stands for the proceeding."),
        filled("defendant_id", Content::Text, "Number that stands for the defendant."),
        filled("country", Content::Code("country"), ""),
        filled("statute", Content::Id("statutes"), ""),
        filled(
            "date_charged",
            Content::PeriodOrUnknown,
            "YYYY, YYYY-MM or YYYY-MM-DD, as exactly as it is known, or the word unknown.",
        ),
        filled("outcome", Content::Code("outcome"), ""),
        optional("charge_id", Content::Id("charges"), "Number of the charge within this package; the key."),
        optional(
            "date_outcome",
            Content::Period,
            "When the outcome was reached: YYYY, YYYY-MM or YYYY-MM-DD.",
        ),
        optional("sentence", Content::Text, "The sentence, as the source words it."),
        optional("sentence_months", Content::Whole(0), "The sentence in months."),
        optional("role", Content::Code("role"), ""),
        optional("region", Content::Coded, ""),
        optional("source", Content::Text, ""),
        optional("publish", Content::Flag, "Whether the record may be published."),
    ],
    key: &["charge_id"],
    in_release: "statute country date_charged outcome role region case_id defendant_id charge_id date_outcome \
                 sentence_months sentence source",
};

/// The code of the area of figures that are of a whole country. Their rows leave the column empty.
pub const WHOLE_COUNTRY: &str = "whole-country";

/// The figures of a reported dataset.
pub const COUNTS: Table = Table {
    name: "counts",
    columns: &[
        filled("country", Content::Code("country"), ""),
        filled("statute", Content::Id("statutes"), ""),
        present("year", Content::Year, ""),
        filled("outcome", Content::Code("outcome"), ""),
        filled("unit", Content::Measure, "What the figure counts."),
        filled("value", Content::Whole(0), "The figure. A zero is a reported zero."),
        filled("source", Content::Id("sources"), ""),
        optional("status", Content::Status, ""),
        optional(
            "preferred",
            Content::Flag,
            "Whether answers use this figure where several sources report the cell.",
        ),
        optional("note", Content::Text, "What is to be known of the figure."),
        later(
            "area",
            Content::Coded,
            "The part of the country that the figure is of. Empty for the whole country.",
        ),
        later(
            "from",
            Content::Period,
            "Where the figure is not of a calendar year: the day, month or year it begins with.",
        ),
        later("to", Content::Period, "The last day, month or year of the figure; for a stock, its moment."),
        later(
            "span",
            Content::Words(SPANS),
            "Whether the figure counts the events of its period, all since its first day, or the number at a moment.",
        ),
        later(
            "rule",
            Content::Words(RULES),
            "How a person accused of several offences is counted in this figure.",
        ),
    ],
    key: &["country", "statute", "area", "year", "from", "to", "span", "outcome", "rule", "unit", "source"],
    in_release: "statute country year outcome unit source value status preferred note area from to span rule",
};

/// The sources of reported figures.
pub const SOURCES: Table = Table {
    name: "sources",
    columns: &[
        filled("source", Content::Id("sources"), ""),
        filled("publisher", Content::Text, "Who published it."),
        filled("title", Content::Text, "Title of the publication."),
        filled("url", Content::Text, "Address of the text or publication."),
        present("published", Content::Period, "When it was published."),
        filled("kind", Content::Words(SOURCE_KINDS), "What kind of publisher it is."),
        present(
            "counting_rule",
            Content::Words(COUNTING_RULES),
            "How a person accused of several offences is counted.",
        ),
        present("time_basis", Content::Words(TIME_BASES), "What the year of a figure is the year of."),
        present(
            "measure_type",
            Content::Words(MEASURE_TYPES),
            "Whether it counts events of a year or the number at a moment.",
        ),
        later("archived_url", Content::Text, "Address of an archived copy of the publication."),
        later("captured", Content::Period, "The day on which the publication was fetched and looked into."),
        later("sha256", Content::Text, "SHA-256 of the bytes that were fetched on that day, in hex digits."),
        later(
            "found",
            Content::Words(FOUND),
            "Whether the digits of the figures were found in the publication.",
        ),
    ],
    key: &["source"],
    in_release: "",
};

/// What happened to statutes.
pub const HISTORY: Table = Table {
    name: "history",
    columns: &[
        filled("statute", Content::Id("statutes"), ""),
        filled("date", Content::Period, "When it happened: YYYY, YYYY-MM or YYYY-MM-DD."),
        // This sentence does not fit the column. It stays because every package published so far contains it.
        filled("kind", Content::Words(&EventKind::NAMES), "What kind of publisher it is."),
        filled("breaks_series", Content::Flag, "Whether figures before and after count different things."),
        present("related", Content::Text, "Another statute that it is about."),
        filled("text_en", Content::Text, "What happened, in a sentence of English."),
        present("text_ru", Content::Text, "The same in Russian."),
        present("text_kk", Content::Text, "The same in Kazakh."),
        filled("url", Content::Text, "Address of the text or publication."),
    ],
    key: &["statute", "date", "kind", "related"],
    in_release: "statute date kind related breaks_series text_en text_ru text_kk url",
};

/// The population of countries.
pub const POPULATION: Table = Table {
    name: "population",
    columns: &[
        filled("country", Content::Code("country"), ""),
        filled("year", Content::Year, ""),
        filled("population", Content::Whole(1), "How many people lived in the country."),
        filled("source", Content::Text, ""),
        filled("url", Content::Text, "Address of the text or publication."),
    ],
    key: &["country", "year"],
    in_release: "",
};

/// All tables.
pub const TABLES: [&Table; 6] = [&STATUTES, &CHARGES, &COUNTS, &SOURCES, &HISTORY, &POPULATION];

impl Table {
    /// Returns the place of a column among the columns.
    ///
    /// # Panics
    /// When the table has no such column. The compiler reports this where the place is a constant.
    pub const fn place(&self, name: &str) -> usize {
        let mut place = 0;
        while !is_same(self.columns[place].name, name) {
            place += 1;
        }
        place
    }

    /// Returns the column of a name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns the columns that a release keeps, in the order of its canonical lines. It has the [later](Need::Later) ones
    /// only where a row fills them.
    pub fn in_release(&self) -> Vec<&'static Column> {
        if self.in_release.is_empty() {
            return self.columns.iter().collect();
        }
        self.in_release.split_whitespace().filter_map(|name| self.column(name)).collect()
    }
}

/// Whether two texts are equal. `==` on texts does not work in constants yet.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coded_column_is_a_dimension_and_kept_in_a_release() {
        let coded = CHARGES.columns.iter().filter(|column| column.content == Content::Coded);
        assert!(coded.map(|column| Dimension::from_name(column.name)).eq(CODED.map(Some)));
        let kept = CHARGES.in_release();
        assert!(CODED.iter().all(|dimension| kept.iter().any(|column| column.name == dimension.name())));
    }

    const FORMAT: &str = include_str!("../../../../data/FORMAT.md");

    /// Returns what FORMAT.md says of a table: the paragraph that begins with the table's file.
    fn paragraph(table: &Table) -> &'static str {
        let begin = format!("**`{}.csv`**", table.name);
        let (_, rest) = FORMAT.split_once(&begin).expect("FORMAT.md has a paragraph for every table");
        rest.split("\n\n").next().unwrap_or_default()
    }

    #[test]
    fn the_handbook_names_the_columns_of_every_table_in_their_order() {
        for table in TABLES {
            let text = paragraph(table);
            let mut found: Vec<&str> = Vec::new();
            for name in text.split('`').skip(1).step_by(2) {
                if table.column(name).is_some() && !found.contains(&name) {
                    found.push(name);
                }
            }
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(found, columns, "{}", table.name);
        }
    }

    #[test]
    fn the_handbook_says_which_columns_are_optional_and_which_words_there_are() {
        for table in TABLES {
            let text = paragraph(table);
            let (required, optional) = text.split_once("Optionally").unwrap_or((text, ""));
            for column in table.columns {
                let name = format!("`{}`", column.name);
                let is_optional = matches!(column.need, Need::Optional | Need::Later);
                let place = if is_optional { optional } else { required };
                assert!(place.contains(&name), "{} {name}", table.name);
                if let Content::Words(words) = column.content {
                    assert!(
                        words.iter().all(|word| word.is_empty() || FORMAT.contains(&format!("`{word}`"))),
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_release_and_a_key_have_columns_of_their_table() {
        for table in TABLES {
            let kept = table.in_release.split_whitespace();
            assert!(kept.chain(table.key.iter().copied()).all(|name| table.column(name).is_some()));
            let left_out = table.columns.len() - table.in_release().len();
            assert_eq!(left_out, usize::from(table.column("publish").is_some()), "{}", table.name);
        }
    }
}
