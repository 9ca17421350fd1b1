//! The query parameters of addresses.
//!
//! This is the only list of them. Errors name parameters from it, and the description of the API is made from it.
//! `tests/e2e/api/contract.rs` checks that each address takes its parameters.

use super::Dimension;

/// A parameter of an address.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its meaning, in a sentence or two.
    pub meaning: &'static str,
    /// Its possible values.
    pub values: Values,
    /// The value that is used when the parameter is left out, if it is always the same.
    pub default: Option<&'static str>,
    /// Whether the parameter is required.
    pub required: bool,
}

/// The possible values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Names of dimensions, separated by commas, each at most once. At least `least` names are needed.
    Dimensions {
        /// Fewest names.
        least: usize,
    },
    /// Names of dimensions, separated by commas, each at most once. `year` must be among them, and `month` must not.
    OverYears,
    /// The name of one dimension.
    Dimension,
    /// The name of a dimension whose codes are compared. Dimensions of time and the category are excluded.
    Compared,
    /// Codes of a dimension, separated by commas.
    Codes(Dimension),
    /// The code of a country that the register of statutes has, or nothing.
    Country,
    /// The code of a category of offence, or nothing.
    Offence,
    /// Names of measures, separated by commas, each at most once.
    Measures,
    /// A measure.
    Measure,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Period,
    /// A year, or two years with `..` between them.
    Span,
    /// A language of texts.
    Language,
    /// The id of a release.
    Release,
    /// The id of a dataset.
    Dataset,
    /// One of these words.
    Words(&'static [&'static str]),
    /// `true` or `false`; an empty value is `true`.
    Flag,
    /// A whole number between two limits, both included.
    Whole(u32, u32),
    /// A text of at most so many characters.
    Text(u32),
    /// Any text.
    AnyText,
    /// An address.
    Address,
}

impl Parameter {
    const fn new(name: &'static str, values: Values, meaning: &'static str) -> Self {
        Self { name, meaning, values, default: None, required: false }
    }

    const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

const fn filter(dimension: Dimension, meaning: &'static str) -> Parameter {
    Parameter::new(dimension.name(), Values::Codes(dimension), meaning)
}

/// A group of parameters that belong together. An address takes some of these groups.
pub type Group = &'static [Parameter];

/// How an answer is grouped.
pub const BY: Group = &[Parameter::new(
    "by",
    Values::Dimensions { least: 0 },
    "Dimensions to group by, with commas, in the order of the columns. Empty: one total row.",
)
.default("year")];

/// How an answer by year is grouped.
pub const BY_YEAR: Group = &[Parameter::new(
    "by",
    Values::OverYears,
    "Dimensions to group by, with commas: `year`, and those that tell series apart.",
)
.default("year")];

const LINEAGE: Parameter = Parameter::new(
    "lineage",
    Values::Words(&["1"]),
    "Lets statutes that were replaced stand for their successors.",
);

/// Which records are counted.
pub const FILTERS: Group = &[
    filter(Dimension::Country, "Countries to keep, ISO 3166-1 alpha-3 codes with commas."),
    filter(Dimension::Statute, "Statutes to keep, with commas. A statute keeps its parts."),
    filter(Dimension::Category, "Categories of offence to keep, with commas: their statutes."),
    filter(Dimension::Outcome, "Outcomes to keep, with commas."),
    filter(Dimension::Role, "Roles of defendants to keep, with commas (datasets of single cases)."),
    filter(Dimension::Region, "Regions to keep, with commas (datasets of single cases that record them)."),
    filter(Dimension::Source, "Sources to keep, with commas (datasets of published figures)."),
    filter(
        Dimension::Period,
        "Periods to keep, with commas: `2020`, `2020-03/2021-06-11` (datasets that have others than years).",
    ),
    filter(Dimension::Area, "Parts of a country to keep, with commas (datasets that have figures of them)."),
    filter(Dimension::Rule, "Counting rules to keep, with commas (datasets whose figures differ in them)."),
    LINEAGE,
];

/// Which periods are counted.
pub const PERIOD: Group = &[
    Parameter::new(
        "from",
        Values::Period,
        "First period kept. A record known only to the year is kept when its whole year lies inside.",
    ),
    Parameter::new("to", Values::Period, "Last period kept. It is not before `from`."),
];

/// What is counted and shown.
pub const FIGURES: Group = &[
    Parameter::new(
        "measure",
        Values::Measures,
        "What is counted, with commas: a column each. Without it, the first measure of the dataset.",
    ),
    Parameter::new(
        "share",
        Values::Dimension,
        "A dimension that stands in `by`: adds the share of the first measure in its sum over that dimension within the other groups, with the 95 % Wilson interval.",
    ),
    Parameter::new(
        "rate",
        Values::Words(&["1"]),
        "Adds the first measure per 100,000 people with its 95 % interval. Each row is then of one country and one whole year. Only datasets that bring populations have it.",
    ),
    Parameter::new(
        "labels",
        Values::Language,
        "Adds a column of labels in this language behind each coded dimension.",
    ),
];

/// Returns the names of the parameters of some groups, in order.
pub fn names(groups: &[Group]) -> Vec<&'static str> {
    groups.iter().copied().flatten().map(|parameter| parameter.name).collect()
}

/// Returns the names of the parameters of a query, in the order in which an error lists them.
pub fn question() -> impl Iterator<Item = &'static str> {
    [BY, FILTERS, PERIOD, FIGURES].into_iter().flatten().map(|parameter| parameter.name)
}

/// The form of a CSV for Excel.
pub const EXCEL: Group = &[
    Parameter::new("excel", Values::Words(&["1"]), "The CSV for spreadsheets: marked, with `5E-1` for 0.5."),
    Parameter::new(
        "separator",
        Values::Words(&["comma", "semicolon"]),
        "Only with `excel=1`: `semicolon` for Excel where decimals have a comma.",
    ),
];

/// The language of texts.
pub const LANG: Group =
    &[Parameter::new("lang", Values::Language, "Language of titles, labels, caveats and texts.")
        .default("en")];

/// The kinds of charts, by name.
pub const KINDS: [&str; 8] = ["line", "bar", "horizontal", "stacked", "share", "multiples", "spans", "map"];

/// Returns the kinds of charts, and the word that stands for a kind chosen by the figures.
const fn kinds_or(other: &'static str) -> [&'static str; KINDS.len() + 1] {
    let mut all = [other; KINDS.len() + 1];
    let mut place = 0;
    while place < KINDS.len() {
        all[place] = KINDS[place];
        place += 1;
    }
    all
}

const KIND: Parameter = Parameter::new(
    "type",
    Values::Words(&KINDS),
    "Kind of chart. Without it a line over several periods, else bars. A kind that would lie about these figures is refused.",
);
const TITLE: Parameter = Parameter::new(
    "title",
    Values::Text(300),
    "A title in the place of the one that is made of the question.",
);
const PLAIN: Parameter =
    Parameter::new("plain", Values::Flag, "Only the figures, their unit and source, for tight places.")
        .default("false");

const EVENTS: Parameter = Parameter::new(
    "events",
    Values::Flag,
    "`false` leaves the history of the law out of the axis of years or months.",
)
.default("true");

const AXIS: Parameter = Parameter::new(
    "axis",
    Values::Words(&["free"]),
    "`free` gives each panel of small multiples its own scale.",
);

/// The form of an image.
pub const PICTURE: Group = &[
    KIND,
    Parameter::new("width", Values::Whole(240, 4096), "Width in pixels.").default("800"),
    Parameter::new(
        "height",
        Values::Whole(160, 4096),
        "Height in pixels. Without it as the width wants, and higher where not everything would be whole.",
    ),
    Parameter::new("theme", Values::Words(&["light", "dark"]), "Colours.").default("light"),
    TITLE,
    PLAIN,
    EVENTS,
    AXIS,
];

/// The scale of a PNG: pixels of the PNG per pixel of the image, along a side.
pub const SCALE: Group = &[Parameter::new(
    "scale",
    Values::Whole(1, 3),
    "Pixels that a pixel of the picture takes along a side; no side is longer than 4096.",
)
.default("1")];

/// How a PNG shows names.
pub const NAMES: Group = &[Parameter::new(
    "names",
    Values::Words(&["codes"]),
    "`codes`: ids and codes in the place of titles, labels and names. For previews, where no font here has the letters of those.",
)];

/// The form of a chart that adapts to the width of its page.
pub const CHART: Group = &[
    Parameter { values: Values::Words(&const { kinds_or("") }), ..KIND },
    Parameter::new(
        "theme",
        Values::Words(&["light", "dark", "auto"]),
        "Colours; `auto` follows the reader's system.",
    )
    .default("auto"),
    TITLE,
    PLAIN,
    EVENTS,
    AXIS,
];

/// The state of the builder besides the question and the form of a chart.
pub const BUILDER: Group = &[
    Parameter::new("dataset", Values::Dataset, "Dataset that is asked; else one that has the statute."),
    Parameter::new("add", Values::AnyText, "Name of a statute that is added to those that are kept."),
    Parameter::new("words", Values::Language, "Language of the chart; without it that of the page."),
    Parameter::new("width", Values::Whole(240, 4096), "Width in pixels; else as wide as there is room."),
    Parameter::new("pinned", Values::Words(&["1"]), "Copies the figures of this release, for ever."),
    Parameter::new(
        "copy",
        Values::Words(&["html", "frame", "address", "picture", "file", "data"]),
        "What is copied.",
    ),
    Parameter::new("background", Values::AnyText, "Background as `#rrggbb`, in copied HTML."),
    Parameter::new("ink", Values::AnyText, "Colour of texts, the same way."),
    Parameter::new("accent", Values::AnyText, "Colour of links and of a single series."),
];

/// The form of a printable page.
pub const SHEET: Group = &[KIND];

/// The dimension whose values a menu counts.
pub const OF: Group = &[Parameter::new(
    "of",
    Values::Dimensions { least: 1 },
    "Dimensions whose values are counted, with commas.",
)
.required()];

/// The two periods of a comparison.
pub const MOVED: Group = &[
    Parameter::new("of", Values::Compared, "The dimension whose values are compared.").default("statute"),
    Parameter::new(
        "before",
        Values::Span,
        "The earlier period: a year, or `2014..2016`. It ends before `after` begins.",
    )
    .required(),
    Parameter::new(
        "after",
        Values::Span,
        "The later period, in the same form. `from` and `to` have no place beside the two.",
    )
    .required(),
    Parameter::new("min", Values::Whole(0, u32::MAX), "Least size: of the larger of the two counts.")
        .default("10"),
    Parameter::new("limit", Values::Whole(1, 1000), "Most rows.").default("20"),
];

/// The two releases of a comparison.
pub const COMPARED: Group = &[
    Parameter::new("from", Values::Release, "The older release. Without it the one before `to`."),
    Parameter::new("to", Values::Release, "The newer release. Without it the newest."),
];

/// The request of a site that embeds one of our charts (oEmbed).
pub const OEMBED: Group = &[
    Parameter::new("url", Values::Address, "Address of anything of ours that shows a chart.").required(),
    Parameter::new("maxwidth", Values::Whole(1, u32::MAX), "Widest that the frame may be, in pixels."),
    Parameter::new("maxheight", Values::Whole(1, u32::MAX), "Highest that the frame may be, in pixels."),
    Parameter::new("format", Values::Words(&["json"]), "Form of the answer; another than JSON gives 501.")
        .default("json"),
];

/// The dataset that the description of the API is about.
pub const DATASET: Group = &[Parameter::new(
    "dataset",
    Values::Dataset,
    "Describes the addresses of this dataset alone, with its own dimensions, measures, codes and releases.",
)];

/// The search on the start page.
pub const SEARCH: Group = &[
    Parameter::new("q", Values::AnyText, "Words that a statute is called by, in any language."),
    Parameter::new("country", Values::Country, "Country whose statutes are shown."),
    Parameter::new("category", Values::Offence, "Category of offence."),
    Parameter::new("sort", Values::Words(&["country", "years", "figures"]), "Order of the statutes."),
];

/// The view of a statute's page.
pub const STATUTE_PAGE: Group = &[
    Parameter::new(
        "dataset",
        Values::Dataset,
        "Dataset whose figures are shown; without it the one with most to see.",
    ),
    Parameter::new("measure", Values::Measure, "What is counted."),
    filter(Dimension::Outcome, "Outcomes to keep."),
    Parameter::new("by", Values::Dimensions { least: 0 }, "Dimensions to group by."),
    Parameter { values: Values::Words(&const { kinds_or("auto") }), meaning: "Kind of chart.", ..KIND },
    filter(Dimension::Country, "Countries to keep."),
    filter(Dimension::Category, "Categories of offence to keep."),
    filter(Dimension::Role, "Roles of defendants to keep (datasets of single cases)."),
    filter(Dimension::Region, "Regions to keep (datasets of single cases)."),
    filter(Dimension::Source, "Sources to keep (datasets of published figures)."),
    filter(Dimension::Period, "Periods to keep (datasets that have others than years)."),
    filter(Dimension::Area, "Parts of a country to keep (datasets that have figures of them)."),
    filter(Dimension::Rule, "Counting rules to keep (datasets whose figures differ in them)."),
    LINEAGE,
    Parameter::new("from", Values::Period, "First period kept."),
    Parameter::new("to", Values::Period, "Last period kept."),
    Parameter::new("share", Values::Dimension, "A dimension in `by`: shows shares."),
];

/// The parameters of the page of a category: those of a statute's page, with the statute in the place of the category.
pub const CATEGORY_PAGE: Group = &{
    let mut all = [LINEAGE; STATUTE_PAGE.len()];
    let mut place = 0;
    while place < all.len() {
        all[place] = STATUTE_PAGE[place];
        place += 1;
    }
    all[6] = filter(Dimension::Statute, "Statutes to keep.");
    all
};
