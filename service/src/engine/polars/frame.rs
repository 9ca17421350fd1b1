//! The frame of records that polars queries: one row per charge or reported figure.
//!
//! Codes are the numbers of the release, as in answers; null means "unknown". A record known only to the year spans from the
//! first day of the year to the last.

use polars::prelude::{DataFrame, DataType, IntoColumn as _, NamedFrom as _, PolarsResult, Series};

use crate::domain::{Dimension, Period, day_number};
use crate::ingest::Figure;
use crate::release::{COLUMNS, Codes, Columns, number};

/// Code of the record's own statute.
pub const CODE: &str = "code";
/// First day of the record's date, in days since 1970.
pub const FIRST_DAY: &str = "first_day";
/// Last day of the record's date, in days since 1970.
pub const LAST_DAY: &str = "last_day";
/// Number of a charge's case.
pub const CASE: &str = "case";
/// Number of a charge's defendant.
pub const DEFENDANT: &str = "defendant";
/// The unit of a reported figure.
pub const MEASURE: &str = "measure";
/// A reported figure.
pub const VALUE: &str = "value";
/// Whether a reported figure is the preferred one of its cell.
pub const PREFERRED: &str = "preferred";
/// Index of a reported figure in the release.
pub const PLACE: &str = "place";

/// The records of a release.
#[derive(Debug)]
pub struct Frame {
    /// One row per record.
    pub records: DataFrame,
    /// Whether the records are reported figures.
    pub are_figures: bool,
}

impl Frame {
    /// Builds the frame of charges.
    ///
    /// # Errors
    /// When polars cannot build it; with columns of equal length it always can.
    pub fn of_charges(columns: &Columns) -> PolarsResult<Self> {
        let charges = &columns.records;
        let rows = 0..charges.rows();
        let mut code: Vec<i32> = Vec::with_capacity(rows.len());
        for (statute, ends) in (0..).zip(charges.starts.windows(2)) {
            code.resize(ends[1] as usize, statute);
        }
        let (days, times) = (charges.periods.days(), charges.periods.times());
        let dated = |part: &dyn Fn(usize) -> Option<i32>| -> Vec<Option<i32>> {
            rows.clone().map(|row| part(charges.period.at(row) as usize)).collect()
        };
        let mut all = vec![
            Series::new(CODE.into(), code),
            Series::new(FIRST_DAY.into(), dated(&|date| days[date].map(|(first, _)| first))),
            Series::new(LAST_DAY.into(), dated(&|date| days[date].map(|(_, last)| last))),
            Series::new(Dimension::Year.name().into(), dated(&|date| times[date].0)),
            Series::new(Dimension::Month.name().into(), dated(&|date| times[date].1)),
            Series::new(CASE.into(), &columns.case[..]),
            Series::new(DEFENDANT.into(), &columns.defendant[..]),
        ];
        for column in COLUMNS {
            let name = || column.name().into();
            let numbers =
                |codes: &Codes| rows.clone().map(|row| number(column, codes.at(row))).collect::<Vec<_>>();
            let unknown = || Series::full_null(name(), rows.len(), &DataType::Int32);
            all.push(
                charges.column(column).map_or_else(unknown, |codes| Series::new(name(), numbers(codes))),
            );
        }
        Ok(Self { records: framed(all)?, are_figures: false })
    }

    /// Builds the frame of reported figures.
    ///
    /// # Errors
    /// As [`Frame::of_charges`].
    pub fn of_figures(figures: &[Figure]) -> PolarsResult<Self> {
        let of = |name: &str, number: &dyn Fn(&Figure) -> Option<i32>| {
            Series::new(name.into(), figures.iter().map(number).collect::<Vec<_>>())
        };
        let days = |figure: &Figure| Period::of_year(figure.year);
        let preferred: Vec<bool> = figures.iter().map(|figure| figure.preferred).collect();
        let records = framed(vec![
            of(CODE, &|figure| Some(figure.statute.into())),
            of(FIRST_DAY, &|figure| Some(day_number(days(figure)?.first_day()))),
            of(LAST_DAY, &|figure| Some(day_number(days(figure)?.last_day()))),
            of(Dimension::Year.name(), &|figure| Some(figure.year)),
            of(Dimension::Outcome.name(), &|figure| Some(figure.outcome.into())),
            of(Dimension::Source.name(), &|figure| Some(figure.source.into())),
            of(MEASURE, &|figure| Some(figure.measure.code().into())),
            Series::new(VALUE.into(), figures.iter().map(|figure| figure.value).collect::<Vec<_>>()),
            Series::new(PREFERRED.into(), preferred),
            Series::new(PLACE.into(), (0..).take(figures.len()).collect::<Vec<u32>>()),
        ])?;
        Ok(Self { records, are_figures: true })
    }
}

/// Builds a frame from columns of equal length.
pub fn framed(columns: Vec<Series>) -> PolarsResult<DataFrame> {
    let rows = columns.first().map_or(0, |column| column.len());
    DataFrame::new(rows, columns.into_iter().map(Series::into_column).collect())
}
