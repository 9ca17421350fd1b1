//! Published figures as a polars frame of codes. Nobody else makes one.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PolarsResult, Series};

use crate::domain::{Dimension, Period, day_number};
use crate::ingest::Figure;

/// First day of the record's date, in days since 1970.
pub const FIRST_DAY: &str = "first_day";
/// Last day of the record's date, in days since 1970.
pub const LAST_DAY: &str = "last_day";
/// The unit of a reported figure.
pub const MEASURE: &str = "measure";
/// A reported figure.
pub const VALUE: &str = "value";
/// Whether a reported figure is the one to use.
pub const PREFERRED: &str = "preferred";
/// Place of a reported figure in the release.
pub const PLACE: &str = "place";

/// The figures of a release in columns, ready to be asked.
#[derive(Debug, Clone)]
pub struct Frame {
    /// One row per record.
    pub(super) data: DataFrame,
    /// For each figure, the other figures of its cell.
    pub(super) same_cell: Vec<Vec<u32>>,
}

impl Frame {
    /// Lays figures out in columns.
    ///
    /// # Errors
    /// When polars cannot make the frame; with columns of one length it always can.
    pub fn of(figures: &[Figure]) -> PolarsResult<Self> {
        Ok(Self { data: figures_frame(figures)?, same_cell: same_cell(figures) })
    }
}

fn column<T, Phantom: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, Phantom>,
{
    Series::new(name.into(), values).into_column()
}

fn figures_frame(figures: &[Figure]) -> PolarsResult<DataFrame> {
    let year = |year: i32| jiff::civil::Date::new(i16::try_from(year).ok()?, 1, 1).ok().map(Period::Year);
    let dates: Vec<Option<Period>> = figures.iter().map(|figure| year(figure.year)).collect();
    let mut columns = vec![
        column(Dimension::Country.name(), figures.iter().map(|figure| figure.country).collect::<Vec<u8>>()),
        column(Dimension::Statute.name(), figures.iter().map(|figure| figure.statute).collect::<Vec<u16>>()),
        column(Dimension::Outcome.name(), figures.iter().map(|figure| figure.outcome).collect::<Vec<u8>>()),
        column(Dimension::Source.name(), figures.iter().map(|figure| figure.source).collect::<Vec<u16>>()),
        column(Dimension::Year.name(), figures.iter().map(|figure| figure.year).collect::<Vec<i32>>()),
        column(MEASURE, figures.iter().map(|figure| figure.measure.code()).collect::<Vec<u8>>()),
        column(VALUE, figures.iter().map(|figure| figure.value).collect::<Vec<u64>>()),
        column(PREFERRED, figures.iter().map(|figure| figure.preferred).collect::<Vec<bool>>()),
        column(PLACE, (0..).take(figures.len()).collect::<Vec<u32>>()),
    ];
    columns.extend(bounds(&dates));
    DataFrame::new(figures.len(), columns)
}

fn each(dates: &[Option<Period>], part: impl Fn(Period) -> Option<i32>) -> Vec<Option<i32>> {
    dates.iter().map(|period| period.and_then(&part)).collect()
}

/// The first and the last day each record may be of. One day known only to the year spans its whole year.
fn bounds(dates: &[Option<Period>]) -> [Column; 2] {
    [
        column(FIRST_DAY, each(dates, |period| Some(day_number(period.first_day())))),
        column(LAST_DAY, each(dates, |period| Some(day_number(period.last_day())))),
    ]
}

fn same_cell(figures: &[Figure]) -> Vec<Vec<u32>> {
    let mut cells: std::collections::HashMap<_, Vec<u32>> = std::collections::HashMap::new();
    for (place, figure) in (0..).zip(figures) {
        cells.entry(figure.cell()).or_default().push(place);
    }
    (0..)
        .zip(figures)
        .map(|(place, figure)| {
            cells[&figure.cell()].iter().copied().filter(|&other| other != place).collect()
        })
        .collect()
}
