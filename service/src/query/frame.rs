//! The records of a release as a polars frame of codes. Nobody else makes one.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PolarsResult, Series};

use crate::domain::{Dimension, Period, day_number};
use crate::ingest::{Charges, Figure, Records};
use crate::release::Release;

/// Number of the case.
pub const CASE: &str = "case";
/// Number of the defendant.
pub const DEFENDANT: &str = "defendant";
/// First day of the record's date, in days since 1970.
pub const FIRST_DAY: &str = "first_day";
/// Last day of the record's date, in days since 1970.
pub const LAST_DAY: &str = "last_day";
/// Number of where a charge's record comes from.
pub const ORIGIN: &str = "origin";
/// The unit of a reported figure.
pub const MEASURE: &str = "measure";
/// A reported figure.
pub const VALUE: &str = "value";
/// Whether a reported figure is the one to use.
pub const PREFERRED: &str = "preferred";
/// Place of a reported figure in the release.
pub const PLACE: &str = "place";

/// The records of a release in columns, ready to be asked.
#[derive(Debug, Clone)]
pub struct Frame {
    /// One row per record.
    pub(super) data: DataFrame,
    /// Reported datasets: for each figure, the other figures of its cell.
    pub(super) same_cell: Vec<Vec<u32>>,
}

impl Frame {
    /// Lays a release out in columns.
    ///
    /// # Errors
    /// When polars cannot make the frame; with columns of one length it always can.
    pub fn of(release: &Release) -> PolarsResult<Self> {
        match release.records() {
            Records::Charges(charges) => Ok(Self { data: charges_frame(charges)?, same_cell: Vec::new() }),
            Records::Figures { figures, .. } => {
                Ok(Self { data: figures_frame(figures)?, same_cell: same_cell(figures) })
            }
        }
    }
}

fn column<T, Phantom: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, Phantom>,
{
    Series::new(name.into(), values).into_column()
}

fn charges_frame(charges: &Charges) -> PolarsResult<DataFrame> {
    let rows = &charges.rows;
    let dates: Vec<Option<Period>> = rows.iter().map(|charge| charge.charged).collect();
    let mut columns = vec![
        column(CASE, rows.iter().map(|charge| charge.case).collect::<Vec<u32>>()),
        column(DEFENDANT, rows.iter().map(|charge| charge.defendant).collect::<Vec<u32>>()),
        column(Dimension::Country.name(), rows.iter().map(|charge| charge.country).collect::<Vec<u8>>()),
        column(Dimension::Statute.name(), rows.iter().map(|charge| charge.statute).collect::<Vec<u16>>()),
        column(Dimension::Outcome.name(), rows.iter().map(|charge| charge.outcome).collect::<Vec<u8>>()),
        column(Dimension::Role.name(), rows.iter().map(|charge| charge.role).collect::<Vec<u8>>()),
        column(
            Dimension::Region.name(),
            rows.iter().map(|charge| charge.region).collect::<Vec<Option<u32>>>(),
        ),
        column(ORIGIN, rows.iter().map(|charge| charge.source).collect::<Vec<Option<u32>>>()),
        column(Dimension::Year.name(), each(&dates, |period| Some(period.year()))),
        column(Dimension::Month.name(), each(&dates, Period::month)),
    ];
    columns.extend(bounds(&dates));
    DataFrame::new(rows.len(), columns)
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
