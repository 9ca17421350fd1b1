//! `movers.json` and `movers.csv`: the codes whose counts grew or shrank most between two periods.

use serde::Serialize;

use super::csv::line;
use super::keys::{code, name};
use super::numbers::{number, significant};
use super::texts::{Texts, fill};
use super::trend::{Limit, Named, Note};
use crate::domain::{Dimension, Language, inert};
use crate::ingest::Records;
use crate::release::Release;
use crate::trend::{Apart, Direction, Mover, Movers, Question, Span};

/// The codes whose counts grew or shrank most between two periods, with texts in one language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MoversTold {
    /// The dataset's id.
    pub dataset: String,
    /// The id of the release that was compared.
    pub release: String,
    /// The pinned address of this answer, relative to the service. Its content never changes.
    pub url: String,
    /// The language of the texts.
    pub language: String,
    /// The dimension whose codes are compared.
    pub of: Named,
    /// The measure that is counted.
    pub measure: Named,
    /// The earlier period.
    pub before: Years,
    /// The later period.
    pub after: Years,
    /// The codes that can be compared, the largest difference per year first.
    pub rows: Vec<Row>,
    /// The codes that cannot be compared, in order of the codes.
    pub not_comparable: Vec<Row>,
    /// Codes left out because both counts are under `min`.
    pub under_min: usize,
    /// Codes left out because of `limit`.
    pub beyond_limit: usize,
    /// The limits of the comparison.
    pub limits: Vec<Note>,
    /// The statistical method, with its source.
    pub method: String,
    /// The whole comparison in words.
    pub sentence: String,
}

/// A period of whole years.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Years {
    /// The first year of the period.
    pub first: i32,
    /// The last year of the period.
    pub last: i32,
    /// The number of years in the period.
    pub years: u32,
}

/// A code with its counts in two periods.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
#[schema(as = Mover)]
pub struct Row {
    /// The code; `null` where it is not known.
    pub code: Option<String>,
    /// The label of the code.
    pub label: String,
    /// The count in the earlier period; `null` where there is no count, which does not mean zero.
    pub before: Option<u64>,
    /// The count in the later period; `null` where there is no count.
    pub after: Option<u64>,
    /// `after` minus `before`; `null` when the periods differ in length or cannot be compared.
    pub difference: Option<i128>,
    /// The difference of the counts per year.
    pub difference_per_year: Option<f64>,
    /// The ratio of the counts per year, `after` divided by `before`; `null` when `before` is 0.
    pub ratio: Option<f64>,
    /// Lower bound of the 95 % interval of the ratio.
    pub ratio_low: Option<f64>,
    /// Upper bound of the 95 % interval of the ratio; `null` when there is no upper bound.
    pub ratio_high: Option<f64>,
    /// `grew`, `shrank`, `unclear` or `not-comparable`.
    pub direction: &'static str,
    /// The reason why the code cannot be compared.
    pub reason: Option<Note>,
}

/// The source of texts and codes for one answer.
struct Context<'a> {
    question: &'a Question,
    release: &'a Release,
    language: Language,
}

/// Describes in one language which codes grew and which shrank.
pub fn movers(question: &Question, release: &Release, found: &Movers, language: Language) -> MoversTold {
    let context = Context { question, release, language };
    let texts = Texts::of(language);
    let id = release.dataset();
    let measure = question.query.measures[0];
    MoversTold {
        dataset: id.to_owned(),
        release: release.id().to_string(),
        url: format!(
            "/v1/datasets/{id}/releases/{}/movers.json?{}",
            release.id(),
            question.canonical(release)
        ),
        language: language.code().to_owned(),
        of: Named { code: question.of.name().to_owned(), label: texts.dimension(question.of).to_owned() },
        measure: Named { code: measure.name().to_owned(), label: texts.measure(measure).to_owned() },
        before: years(question.before),
        after: years(question.after),
        rows: found.rows.iter().take(question.limit).map(|mover| context.row(mover)).collect(),
        not_comparable: found.apart.iter().map(|apart| context.apart(apart)).collect(),
        under_min: found.under_min,
        beyond_limit: found.rows.len().saturating_sub(question.limit),
        limits: context.limits(found),
        method: texts.on_trend("method_ratio").to_owned(),
        sentence: context.sentence(found),
    }
}

fn years(span: Span) -> Years {
    Years { first: span.first.year(), last: span.last.year(), years: span.years() }
}

impl Context<'_> {
    fn label(&self, key: Option<i32>) -> String {
        name(self.release, self.question.of, key, self.language)
    }

    /// Returns a row with a code and its label, and nothing else.
    fn named(&self, key: Option<i32>) -> Row {
        Row {
            code: code(self.release, self.question.of, key),
            label: self.label(key),
            direction: "not-comparable",
            ..Row::default()
        }
    }

    fn row(&self, mover: &Mover) -> Row {
        let is_equal = self.question.before.years() == self.question.after.years();
        Row {
            before: Some(mover.before),
            after: Some(mover.after),
            difference: is_equal.then(|| i128::from(mover.after) - i128::from(mover.before)),
            difference_per_year: Some(significant(mover.difference_per_year)),
            ratio: mover.ratio.ratio.map(significant),
            ratio_low: Some(significant(mover.ratio.low)),
            ratio_high: mover.ratio.high.map(significant),
            direction: mover.ratio.direction().name(),
            ..self.named(mover.key)
        }
    }

    fn apart(&self, apart: &Apart) -> Row {
        let reason = Some(Note::of("apart", apart.reason.name(), Texts::of(self.language)));
        let (before, after) = (apart.before.ok(), apart.after.ok());
        Row { before, after, reason, ..self.named(apart.key) }
    }

    fn limits(&self, found: &Movers) -> Vec<Note> {
        let texts = Texts::of(self.language);
        let mut limits = Vec::new();
        let mut note = |is_so: bool, code, years: &[i32], values: &[(&str, &str)]| {
            limits.extend(is_so.then(|| Note::limit(code, texts, years.to_vec(), values)));
        };
        let is_empty = found.rows.is_empty() && found.apart.is_empty() && found.under_min == 0;
        note(is_empty, Limit::NothingRecorded, &[], &[]);
        note(!found.incomplete.is_empty(), Limit::IncompleteYears, &found.incomplete, &[]);
        let is_unequal = self.question.before.years() != self.question.after.years();
        note(is_unequal, Limit::UnequalPeriods, &[], &[]);
        let others = found.from_others.to_string();
        note(found.from_others > 0, Limit::SourcesDiffer, &[], &[("count", &others)]);
        let compared = found.rows.len().to_string();
        note(found.rows.len() > 1, Limit::ManyCompared, &[], &[("count", &compared)]);
        let undated = found.undated.unwrap_or_default();
        let measure = texts.measure(self.question.query.measures[0]).to_lowercase();
        let values = [("count", &*number(undated, texts)), ("measure", &measure)];
        note(undated > 0, Limit::UnknownYear, &[], &values);
        let is_documented = matches!(self.release.records(), Records::Charges(_));
        note(is_documented, Limit::DocumentedOnly, &[], &[]);
        limits
    }

    fn sentence(&self, found: &Movers) -> String {
        let texts = Texts::of(self.language);
        let with =
            |direction: Direction| found.rows.iter().filter(move |row| row.ratio.direction() == direction);
        let count = |direction| with(direction).count().to_string();
        let values = [
            ("before", &*self.question.before.to_string()),
            ("after", &self.question.after.to_string()),
            ("measure", &texts.measure(self.question.query.measures[0]).to_lowercase()),
            ("grew", &count(Direction::Grew)),
            ("shrank", &count(Direction::Shrank)),
            ("unclear", &count(Direction::Unclear)),
            ("apart", &found.apart.len().to_string()),
        ];
        let mut told = vec![fill(texts.on_trend("movers"), &values)];
        for (key, direction) in [("movers_grew", Direction::Grew), ("movers_shrank", Direction::Shrank)] {
            told.extend(with(direction).next().map(|first| {
                let (from, to) = (number(first.before, texts), number(first.after, texts));
                fill(texts.on_trend(key), &[("label", &self.label(first.key)), ("from", &from), ("to", &to)])
            }));
        }
        told.join(" ")
    }
}

type TextOf = fn(&Row) -> String;

/// The columns of the CSV after the code, each with a function for its cells.
const COLUMNS: [(&str, TextOf); 10] = [
    ("label", |row| inert(&row.label).into_owned()),
    ("before", |row| number_or_nothing(row.before)),
    ("after", |row| number_or_nothing(row.after)),
    ("difference", |row| number_or_nothing(row.difference)),
    ("difference_per_year", |row| number_or_nothing(row.difference_per_year)),
    ("ratio", |row| number_or_nothing(row.ratio)),
    ("ratio_low", |row| number_or_nothing(row.ratio_low)),
    ("ratio_high", |row| number_or_nothing(row.ratio_high)),
    ("direction", |row| row.direction.to_owned()),
    ("reason", |row| row.reason.as_ref().map_or("", |reason| reason.code).to_owned()),
];

fn number_or_nothing(number: Option<impl ToString>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

/// Writes the movers as CSV, in the form of [`super::csv::csv`]. Codes that can be compared come first; after them come the others,
/// with the code of the reason.
pub fn csv(told: &MoversTold, of: Dimension) -> Vec<u8> {
    let mut out = Vec::new();
    line(&mut out, [of.name()].into_iter().chain(COLUMNS.map(|(name, _)| name)));
    for row in told.rows.iter().chain(&told.not_comparable) {
        let code = inert(row.code.as_deref().unwrap_or_default());
        let cells = COLUMNS.map(|(_, of)| of(row));
        line(&mut out, [&*code].into_iter().chain(cells.iter().map(String::as_str)));
    }
    out
}
