//! Coverage: what a dataset has on each statute, for lists and menus.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::tables::WHOLE_COUNTRY;
use crate::domain::{Dimension, Language, Localized, Measure, Period};
use crate::ingest::Records;
use crate::query::Query;
use crate::release::Release;

/// What a dataset has on a statute.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The dataset's id.
    pub dataset: String,
    /// The id of the release that the coverage describes.
    pub release: String,
    /// Number of rows in the finest table. It says how much there is to see; it counts nothing in the world.
    pub rows: u64,
    /// First and last year with figures; `None` when no date is known.
    pub years: Option<(i32, i32)>,
    /// Every year with figures, ascending. A missing year in between is a gap.
    pub all_years: Vec<i32>,
    /// Outcomes that occur, in display order, with their labels.
    pub outcomes: Vec<(String, Localized)>,
    /// Measures that occur, in the dataset's order.
    pub measures: Vec<Measure>,
    /// The dimensions, with a comma between them, by which reported figures are best grouped first: by year where the dataset
    /// has figures of years, and by area where it has none of the whole country.
    pub first_grouping: String,
    /// One figure to show first: the last of `line`. In a case-level dataset the last year, the earliest stage, the first measure.
    pub latest: Option<Latest>,
    /// The figures by year of the series with the most years; of equal ones the one that ends last, the earliest stage, the first
    /// measure. Empty in a case-level dataset, where a year with few records says little.
    pub line: Vec<(i32, u64)>,
}

/// The first figure to show for a statute.
#[derive(Debug, Clone)]
pub struct Latest {
    /// The year.
    pub year: i32,
    /// Label of the outcome.
    pub outcome: Localized,
    /// What is counted.
    pub measure: Measure,
    /// How many.
    pub value: u64,
}

/// A position in a list. Reversed, so that the first entry of the list is the maximum.
type Place = Reverse<usize>;

/// A figure: first its rank (year, position of the outcome, position of the measure), then its outcome and value.
type Figure = ((i32, Place, Place), (u32, u64));

/// The coverage of a statute while it is collected.
#[derive(Default)]
struct Found {
    rows: u64,
    years: BTreeSet<i32>,
    outcomes: BTreeSet<u32>,
    /// Indexes in the dataset's list of measures.
    measures: BTreeSet<usize>,
    /// The highest-ranked figure of the statute's own rows.
    latest: Option<Figure>,
    /// The figures of the statute's own rows, by outcome, measure and year.
    values: BTreeMap<(u32, usize, i32), u64>,
    has_parts: bool,
    /// Whether there are figures of whole countries.
    has_whole: bool,
}

/// The group of a row of the answer.
#[derive(Clone, Copy)]
struct Group {
    outcome: u32,
    /// Whether it is of a part of the statute.
    is_part: bool,
    /// Whether it is of a whole country.
    is_whole: bool,
    /// Whether the answer is by year.
    is_dated: bool,
    /// Whether the answer has a row for each cell of the finest table.
    is_finest: bool,
}

/// Queries a dataset for everything it has, and records the results under each statute and under the articles it is a part of.
///
/// Where there are charges, there are persons and cases. A case-level dataset is therefore queried only for charges, which are
/// precomputed. Persons or cases are counted only for the figures to show first.
///
/// # Errors
/// On a bug.
pub fn covered(id: &str, dataset: &Dataset) -> Result<BTreeMap<String, Coverage>, AnswerError> {
    let release = &dataset.release;
    let measures = release.descriptor().chargesheet.measures.clone();
    let is_of_cases = matches!(release.records(), Records::Charges(_));
    let asked = if is_of_cases { vec![Measure::Charges] } else { measures.clone() };
    // A question that names these keeps the figures of other periods, of parts of a country and by other rules too.
    let further = [Dimension::Area, Dimension::Period, Dimension::Rule].into_iter();
    let own = release.dimensions();
    let further: Vec<Dimension> = further.filter(|dimension| own.contains(dimension)).collect();
    let by = |last: &[Dimension]| [&[Dimension::Statute, Dimension::Outcome], last].concat();
    let mut questions = vec![by(&[Dimension::Year])];
    questions.extend((!further.is_empty()).then(|| by(&[&[Dimension::Year], &further[..]].concat())));
    let finest = questions.len() - 1;
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for (place, by) in questions.into_iter().enumerate() {
        let area = by.iter().position(|&dimension| dimension == Dimension::Area);
        let (is_dated, is_finest) = (place == 0, place == finest);
        let answer = dataset.ask(&Query::everything(by, asked.clone()))?;
        for row in answer.each_row() {
            let number = |column| answer.key(column, row).and_then(|key: i32| u32::try_from(key).ok());
            let (Some(statute), Some(outcome)) = (number(0), number(1)) else {
                continue;
            };
            let id = release.code(Dimension::Statute, statute);
            let area = area.and_then(number);
            let is_whole = area.is_none_or(|area| release.code(Dimension::Area, area) == WHOLE_COUNTRY);
            let mut next = Some(id.to_owned());
            while let Some(whole) = next {
                next = release.register().get(&whole).and_then(|statute| statute.parent.clone());
                let is_part = whole != id;
                let note = found.entry(whole).or_default();
                note.has_parts |= is_part;
                note.take(release, &answer, row, Group { outcome, is_part, is_whole, is_dated, is_finest });
            }
        }
    }
    if is_of_cases {
        found.values_mut().for_each(|found| found.measures.extend(0..measures.len()));
        if let Some(&first) = measures.first().filter(|first| **first != Measure::Charges) {
            if dataset.is_near() {
                begin_with(first, dataset, &mut found)?;
            } else {
                // Lists are made when the data are loaded, which must neither wait for other machines nor differ by whether they answer.
                found.values_mut().for_each(|found| found.latest = None);
            }
        }
    }
    let finish = |(statute, found): (String, Found)| (statute, found.finish(id, release, &measures));
    Ok(found.into_iter().map(finish).collect())
}

/// Counts the figures to show first in another measure than charges, with one query for each year.
fn begin_with(
    measure: Measure,
    dataset: &Dataset,
    found: &mut BTreeMap<String, Found>,
) -> Result<(), AnswerError> {
    let release = &dataset.release;
    let mut by_year: BTreeMap<i32, BTreeMap<u32, Figure>> = BTreeMap::new();
    for (id, found) in found.iter_mut().filter(|(_, found)| !found.has_parts) {
        let statute = release.number(Dimension::Statute, id);
        if let (Some(statute), Some(figure)) = (statute, found.latest.take()) {
            by_year.entry(figure.0.0).or_default().insert(statute, figure);
        }
    }
    for (year, figures) in by_year {
        let period = Period::of_year(year);
        let query = Query {
            keep: BTreeMap::from([(Dimension::Statute, figures.keys().copied().collect())]),
            from: period,
            to: period,
            ..Query::everything(vec![Dimension::Statute, Dimension::Outcome], vec![measure])
        };
        let answer = dataset.ask(&query)?;
        for row in answer.each_row() {
            let number = |column| answer.key(column, row).and_then(|key: i32| u32::try_from(key).ok());
            let figure = number(0).and_then(|statute| Some((statute, figures.get(&statute)?)));
            let (Some((statute, &(place, (outcome, _)))), Ok(count)) = (figure, answer.cell(0, row)) else {
                continue;
            };
            if number(1) == Some(outcome)
                && let Some(found) = found.get_mut(release.code(Dimension::Statute, statute))
            {
                found.latest = Some((place, (outcome, count)));
            }
        }
    }
    Ok(())
}

impl Found {
    fn take(
        &mut self,
        release: &Release,
        answer: &Published,
        row: usize,
        Group { outcome, is_part, is_whole, is_dated, is_finest }: Group,
    ) {
        self.rows += u64::from(is_finest);
        self.outcomes.insert(outcome);
        self.has_whole |= is_whole;
        let year = if is_dated { answer.key(2, row) } else { None };
        self.years.extend(year);
        for measure in 0..answer.measures() {
            let Ok(value) = answer.cell(measure, row) else {
                continue;
            };
            self.measures.insert(measure);
            if let Some(year) = year
                && !is_part
            {
                self.values.insert((outcome, measure, year), value);
                let place = release.place(Dimension::Outcome, outcome);
                let figure = ((year, Reverse(place), Reverse(measure)), (outcome, value));
                if self.latest.is_none_or(|last| last.0 <= figure.0) {
                    self.latest = Some(figure);
                }
            }
        }
    }

    fn finish(self, id: &str, release: &Release, measures: &[Measure]) -> Coverage {
        let label = |number: u32| {
            let label = |language| release.label(Dimension::Outcome, number, language);
            Language::all().fold(Localized::default(), |text, language| text.with(language, label(language)))
        };
        // The figure of an article's own rows is not the figure of the article when its parts have rows too.
        let own = !self.has_parts;
        let mut line = Vec::new();
        let mut latest = self.latest.filter(|_| own);
        if own && !matches!(release.records(), Records::Charges(_)) {
            let mut series: BTreeMap<(u32, usize), Vec<(i32, u64)>> = BTreeMap::new();
            for (&(outcome, measure, year), &value) in &self.values {
                series.entry((outcome, measure)).or_default().push((year, value));
            }
            let first = |&(outcome, measure): &(u32, usize)| {
                (Reverse(release.place(Dimension::Outcome, outcome)), Reverse(measure))
            };
            let longest = series
                .into_iter()
                .max_by_key(|(key, figures)| (figures.len(), figures.last().map(|last| last.0), first(key)));
            if let Some(((outcome, measure), figures)) = longest {
                latest = figures.last().map(|&(year, value)| {
                    let place = release.place(Dimension::Outcome, outcome);
                    ((year, Reverse(place), Reverse(measure)), (outcome, value))
                });
                line = figures;
            }
        }
        let latest = latest.map(|((year, _, measure), (outcome, value))| Latest {
            year,
            outcome: label(outcome),
            measure: measures[measure.0],
            value,
        });
        let mut outcomes: Vec<u32> = self.outcomes.into_iter().collect();
        outcomes.sort_by_key(|&number| release.place(Dimension::Outcome, number));
        let time = if self.years.is_empty() { "period" } else { "year" };
        let area = if self.has_whole { "" } else { "area," };
        Coverage {
            first_grouping: format!("{time},{area}outcome"),
            dataset: id.to_owned(),
            release: release.id().to_string(),
            rows: self.rows,
            years: self.years.first().copied().zip(self.years.last().copied()),
            all_years: self.years.into_iter().collect(),
            outcomes: outcomes
                .into_iter()
                .map(|number| (release.code(Dimension::Outcome, number).to_owned(), label(number)))
                .collect(),
            measures: self.measures.iter().map(|&place| measures[place]).collect(),
            latest,
            line,
        }
    }
}
