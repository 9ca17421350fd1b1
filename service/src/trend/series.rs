//! Time series from a table by year, and the years of a series that can be compared.

use std::collections::BTreeMap;

use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{Dimension, Period, Status, sorted};
use crate::engine::Cell;
use crate::query::Query;
use crate::release::Release;

/// The figure of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The year.
    pub year: i32,
    /// The count.
    pub value: u64,
    /// The observation status; `None` in a case-level dataset.
    pub status: Option<Status>,
    /// Numbers of the sources that report the figure, its own source first; empty in a case-level dataset.
    pub sources: Vec<u16>,
    /// Whether another source gives a different figure.
    pub is_disputed: bool,
}

/// The figures of one group over the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The keys of the query's dimensions, without the year, in their order.
    pub keys: Vec<Option<i32>>,
    /// One point for each year with a figure, in order of time.
    pub points: Vec<Point>,
}

/// The reason why the figure of a year is not compared with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unused {
    /// The year had not ended when the package was made.
    Incomplete,
    /// `from` or `to` cuts off a part of the year.
    Cut,
    /// The statute came into force only after the year.
    BeforeForce,
    /// A change of definition separates the year from those that are compared.
    BeyondBreak,
}

/// The facts that decide which years can be compared.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// The last year that had ended when the package was made; `None` when this is not known.
    pub last_complete: Option<i32>,
    /// Years of which the query keeps only a part.
    pub cut: [Option<i32>; 2],
    /// The year in which the single statute of the series came into force, where known.
    pub in_force_from: Option<i32>,
    /// Years in which the law itself begins a new definition, in order. The year of a change belongs to the new definition.
    pub breaks: Vec<i32>,
}

impl Limits {
    /// Returns the limits that a question and the date of its release set for every series.
    pub fn of(query: &Query, release: &Release) -> Self {
        let cut_from = query.from.filter(|from| from.first_day().day_of_year() > 1).map(Period::year);
        let is_whole = |to: Period| to.last_day() == to.last_day().last_of_year();
        let cut_to = query.to.filter(|to| !is_whole(*to)).map(Period::year);
        Self { last_complete: last_complete_year(release), cut: [cut_from, cut_to], ..Self::default() }
    }
}

/// Returns the statutes whose law is behind a statute's figures: itself and, where lineages are joined, those that it replaced.
fn lineage(query: &Query, release: &Release, code: u16) -> Vec<u16> {
    let mut codes = vec![code];
    if query.lineage {
        codes.extend(release.register().predecessors(code));
    }
    codes
}

/// Returns the years in which the law itself changes the definition behind a statute's figures, in order.
pub fn law_breaks(query: &Query, release: &Release, code: u16) -> Vec<i32> {
    let of = |code: u16| release.breaks(&release.register().at(code).id).into_iter().map(Period::year);
    sorted(lineage(query, release, code).into_iter().flat_map(of).collect())
}

/// Returns the years of other events that a statute's figures may show, such as a suspension, in order.
pub fn law_events(query: &Query, release: &Release, code: u16) -> Vec<i32> {
    let of = |code: u16| {
        let id = release.register().at(code).id.clone();
        let events =
            release.history().iter().filter(move |event| event.statute == id && !event.breaks_series);
        events.map(|event| event.date.year())
    };
    sorted(lineage(query, release, code).into_iter().flat_map(of).collect())
}

/// Returns the last year that had ended before the day on which the package was made; `None` when that day is not known.
pub fn last_complete_year(release: &Release) -> Option<i32> {
    let created = release.descriptor().created.split('T').next().unwrap_or_default();
    // A year ends on 31 December, so the last complete year is the year before the date.
    Period::parse(created).ok().map(|day| day.year() - 1)
}

/// Returns the series of a table that is grouped by year, in order of their keys.
pub fn series(query: &Query, published: &Published) -> Vec<Series> {
    let Some(time) = query.by.iter().position(|&dimension| dimension == Dimension::Year) else {
        return Vec::new();
    };
    let others: Vec<usize> = (0..query.by.len()).filter(|&column| column != time).collect();
    let mut all: BTreeMap<Vec<Option<i32>>, Vec<Point>> = BTreeMap::new();
    for row in published.each_row() {
        let keys: Vec<Option<i32>> = others.iter().map(|&column| published.key(column, row)).collect();
        let points = all.entry(keys).or_default();
        let (Some(year), Ok(value)) = (published.key(time, row), published.cell(0, row)) else {
            continue;
        };
        let evidence = published.evidence(row);
        points.push(Point {
            year,
            value,
            status: evidence.map(|evidence| evidence.status),
            sources: evidence.map_or(Vec::new(), |evidence| evidence.sources.clone()),
            is_disputed: evidence.is_some_and(|evidence| !evidence.rivals.is_empty()),
        });
    }
    let sorted = |(keys, mut points): (_, Vec<Point>)| {
        points.sort_by_key(|point| point.year);
        Series { keys, points }
    };
    all.into_iter().map(sorted).collect()
}

/// Returns the counts for which no year is known, by the keys of their series. `published` is the answer to the question.
///
/// # Errors
/// As [`Dataset::ask`].
pub fn undated(dataset: &Dataset, query: &Query, published: &Published) -> Result<Undated, AnswerError> {
    if query.from.is_none() && query.to.is_none() {
        return Ok(undated_of(query, published));
    }
    // Bounds of time leave out records without a date. Such records belong to no period, so they are counted for all periods.
    let unbounded = Query { from: None, to: None, ..query.clone() };
    match dataset.ask(&unbounded) {
        Ok(published) => Ok(undated_of(query, &published)),
        // Only a single year made this question allowed. Its figures are reported by year, so each of them has a year.
        Err(AnswerError::Refused(_)) => Ok(Undated::new()),
        Err(error) => Err(error),
    }
}

/// Counts for which no year is known, by the keys of their series.
pub type Undated = BTreeMap<Vec<Option<i32>>, Cell>;

fn undated_of(query: &Query, published: &Published) -> Undated {
    let Some(time) = query.by.iter().position(|&dimension| dimension == Dimension::Year) else {
        return Undated::new();
    };
    let keys = |row: usize| -> Vec<Option<i32>> {
        (0..query.by.len())
            .filter(|&column| column != time)
            .map(|column| published.key(column, row))
            .collect()
    };
    published
        .each_row()
        .filter(|&row| published.key(time, row).is_none())
        .map(|row| (keys(row), published.cell(0, row)))
        .collect()
}

impl Series {
    /// Returns, for each point, the reason why it is not compared with the others; `None` for the points that are.
    ///
    /// The longest run of years without a change of definition is compared; among equally long runs, the latest. A break in a
    /// year means that this year begins a new definition, even where the year itself cannot be used.
    pub fn unused(&self, limits: &Limits) -> Vec<Option<Unused>> {
        let mut why: Vec<Option<Unused>> = self.points.iter().map(|point| limits.against(point)).collect();
        let mut run = 0;
        let mut runs = Vec::with_capacity(self.points.len());
        let mut lengths = vec![0_usize];
        let mut before: Option<i32> = None;
        for (point, why) in self.points.iter().zip(&why) {
            // The law can also change in a year without a figure.
            let law = limits
                .breaks
                .iter()
                .any(|&year| year <= point.year && before.is_some_and(|before| before < year));
            before = Some(point.year);
            if law || point.status == Some(Status::Break) {
                run += 1;
                lengths.push(0);
            }
            runs.push(run);
            lengths[run] += usize::from(why.is_none());
        }
        let longest = (0..lengths.len()).max_by_key(|&run| lengths[run]).unwrap_or_default();
        for (why, run) in why.iter_mut().zip(runs) {
            if why.is_none() && run != longest {
                *why = Some(Unused::BeyondBreak);
            }
        }
        why
    }
}

impl Limits {
    fn against(&self, point: &Point) -> Option<Unused> {
        if self.last_complete.is_some_and(|last| point.year > last) {
            Some(Unused::Incomplete)
        } else if self.cut.contains(&Some(point.year)) {
            Some(Unused::Cut)
        } else if self.in_force_from.is_some_and(|first| point.year < first) {
            Some(Unused::BeforeForce)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[(i32, Status)]) -> Series {
        let point = |&(year, status): &(i32, Status)| Point {
            year,
            value: 20,
            status: Some(status),
            sources: vec![0],
            is_disputed: false,
        };
        Series { keys: Vec::new(), points: points.iter().map(point).collect() }
    }

    fn used(series: &Series, limits: &Limits) -> Vec<i32> {
        let unused = series.unused(limits);
        series
            .points
            .iter()
            .zip(unused)
            .filter(|(_, why)| why.is_none())
            .map(|(point, _)| point.year)
            .collect()
    }

    #[test]
    fn only_the_longest_run_that_no_break_crosses_is_compared() {
        use Status::{Break, Normal};
        let series = of(&[(2010, Normal), (2011, Normal), (2012, Break), (2013, Normal), (2014, Normal)]);
        assert_eq!(used(&series, &Limits::default()), [2012, 2013, 2014]);
        let equal = of(&[(2010, Normal), (2011, Normal), (2012, Break), (2013, Normal)]);
        assert_eq!(used(&equal, &Limits::default()), [2012, 2013]);
    }

    #[test]
    fn a_change_of_the_law_parts_a_series_also_where_its_year_has_no_figure() {
        use Status::Normal;
        let series = of(&[(2010, Normal), (2011, Normal), (2013, Normal), (2014, Normal), (2015, Normal)]);
        let changed = |year| Limits { breaks: vec![year], ..Limits::default() };
        assert_eq!(used(&series, &changed(2012)), [2013, 2014, 2015]);
        assert_eq!(used(&series, &changed(2014)), [2010, 2011, 2013]);
        assert_eq!(used(&series, &changed(2010)).len(), 5, "nothing is before the first year");
        assert_eq!(used(&series, &changed(2020)).len(), 5, "nothing is after the last year");
    }

    #[test]
    fn a_year_that_has_not_ended_is_not_compared_and_its_break_still_parts() {
        use Status::{Break, Normal};
        let series = of(&[(2023, Normal), (2024, Normal), (2025, Break), (2026, Normal)]);
        let limits = Limits { last_complete: Some(2024), ..Limits::default() };
        assert_eq!(used(&series, &limits), [2023, 2024]);
        let why = series.unused(&limits);
        assert_eq!(why[3], Some(Unused::Incomplete));
    }

    #[test]
    fn years_before_the_statute_and_years_that_are_cut_are_not_compared() {
        let series = of(&[(2014, Status::Normal), (2015, Status::Normal), (2016, Status::Normal)]);
        let limits = Limits { in_force_from: Some(2015), cut: [None, Some(2016)], ..Limits::default() };
        assert_eq!(series.unused(&limits), [Some(Unused::BeforeForce), None, Some(Unused::Cut)]);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let table = |rows: &[(i32, i32, u64)]| {
            let keys = vec![
                rows.iter().map(|row| Some(row.0)).collect(),
                rows.iter().map(|row| Some(row.1)).collect(),
            ];
            let values = vec![rows.iter().map(|row| Ok(row.2)).collect()];
            let counts = crate::engine::Counts::of(keys, values, Vec::new(), String::new());
            let by = vec![Dimension::Outcome, Dimension::Year];
            let query = Query::everything(by, vec![crate::domain::Measure::Cases]);
            series(&query, &crate::disclosure::protect(counts, crate::package::Disclosure::None))
        };
        let rows = [(1, 2019, 5), (1, 2020, 6), (2, 2018, 7), (2, 2020, 8)];
        let mut turned = rows;
        turned.reverse();
        assert_eq!(table(&rows), table(&turned));
        assert_eq!(table(&rows).len(), 2);
    }

    #[test]
    fn nothing_has_no_run() {
        assert!(of(&[]).unused(&Limits::default()).is_empty());
    }
}
