//! The frame of records that polars queries: one row per charge or reported figure.
//!
//! Codes are the numbers of the release, as in answers; null means "unknown". A record known only to the year spans from the
//! first day of the year to the last.

use polars::prelude::{DataFrame, DataType, IntoColumn as _, NamedFrom as _, PolarsResult, Series};

use crate::domain::{Dimension, day_number};
use crate::ingest::Figure;
use crate::package::Kind;
use crate::release::{COLUMNS, Codes, Columns, Release, number};
use chargesheet_count::engine::main_rules;

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
/// Whether a reported figure is of a calendar year.
pub const IS_YEAR: &str = "is_year";
/// Whether a reported figure is of a whole country.
pub const IS_WHOLE: &str = "is_whole";
/// Whether a reported figure is counted by the main rule of its series (see [`main_rules`]).
pub const IS_MAIN_RULE: &str = "is_main_rule";
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
    pub fn of_figures(release: &Release, figures: &[Figure]) -> PolarsResult<Self> {
        let of = |name: &str, number: &dyn Fn(&Figure) -> Option<i32>| {
            Series::new(name.into(), figures.iter().map(number).collect::<Vec<_>>())
        };
        let is = |name: &str, is: &dyn Fn(&Figure) -> bool| {
            Series::new(name.into(), figures.iter().map(is).collect::<Vec<_>>())
        };
        let in_dimension =
            |dimension: Dimension| of(dimension.name(), &|figure| release.key(figure, dimension));
        let mut all = vec![
            of(CODE, &|figure| Some(figure.statute.into())),
            of(FIRST_DAY, &|figure| Some(day_number(figure.span.first_day()))),
            of(LAST_DAY, &|figure| Some(day_number(figure.span.last_day()))),
            of(MEASURE, &|figure| Some(figure.measure.code().into())),
            Series::new(VALUE.into(), figures.iter().map(|figure| figure.value).collect::<Vec<_>>()),
            is(PREFERRED, &|figure| figure.preferred),
            is(IS_YEAR, &|figure| figure.span.year().is_some()),
            is(IS_WHOLE, &|figure| figure.area.is_empty()),
            Series::new(IS_MAIN_RULE.into(), main_rules(figures)),
            Series::new(PLACE.into(), (0..).take(figures.len()).collect::<Vec<u32>>()),
        ];
        // The register gives the country, the statute and the category under which a figure is counted.
        let of_register = [Dimension::Country, Dimension::Statute, Dimension::Category];
        let own = Kind::Reported.dimensions().iter().copied().filter(|own| !of_register.contains(own));
        all.extend(own.map(in_dimension));
        Ok(Self { records: framed(all)?, are_figures: true })
    }
}

/// Builds a frame from columns of equal length.
pub fn framed(columns: Vec<Series>) -> PolarsResult<DataFrame> {
    let rows = columns.first().map_or(0, |column| column.len());
    DataFrame::new(rows, columns.into_iter().map(Series::into_column).collect())
}
