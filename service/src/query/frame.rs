//! The records of a release as a polars frame of codes. Nobody else makes one.

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PolarsResult, Series};

use crate::domain::{Dimension, Period, day_number, day_of_number};
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
    /// Lays a release out in columns. Charges are moved into them: a hundred million are not held twice.
    ///
    /// # Errors
    /// When polars cannot make the frame; with columns of one length it always can.
    pub fn of(release: &mut Release) -> PolarsResult<Self> {
        match release.records_mut() {
            Records::Charges(charges) => Ok(Self { data: charges_frame(charges)?, same_cell: Vec::new() }),
            Records::Figures { figures, .. } => {
                Ok(Self { data: figures_frame(figures)?, same_cell: same_cell(figures) })
            }
        }
    }
}

/// Returns the charges of a release as they were before they were laid out: in the order of the release, all that is
/// still known of them. `None` for a reported dataset.
///
/// # Errors
/// When a column is missing or has another type, which is a bug.
pub fn charges(release: &Release, frame: &Frame) -> PolarsResult<Option<Charges>> {
    let Records::Charges(left) = release.records() else { return Ok(None) };
    let column = |name: &str| frame.data.column(name);
    let of = |dimension: Dimension| column(dimension.name());
    let days = |name: &str| PolarsResult::Ok(column(name)?.i32()?.iter());
    let charged = days(FIRST_DAY)?.zip(days(LAST_DAY)?).map(|(first, last)| known_to(first, last));
    let charges = Charges {
        ids: None,
        case: column(CASE)?.u32()?.iter().flatten().collect(),
        defendant: column(DEFENDANT)?.u32()?.iter().flatten().collect(),
        country: of(Dimension::Country)?.u8()?.iter().flatten().collect(),
        statute: of(Dimension::Statute)?.u16()?.iter().flatten().collect(),
        charged: charged.map(|period| period.map_or(0, Period::packed)).collect(),
        outcome: of(Dimension::Outcome)?.u8()?.iter().flatten().collect(),
        decided: left.decided.clone(),
        sentence: left.sentence.clone(),
        sentence_months: left.sentence_months.clone(),
        role: match left.has_roles {
            true => of(Dimension::Role)?.u8()?.iter().flatten().collect(),
            false => Vec::new(),
        },
        region: match left.has_regions {
            true => {
                of(Dimension::Region)?.u16()?.iter().map(|code| code.map_or(0, |code| code + 1)).collect()
            }
            false => Vec::new(),
        },
        source: column(ORIGIN)?.u32()?.iter().map(|text| text.map_or(0, |text| text + 1)).collect(),
        has_roles: left.has_roles,
        has_regions: left.has_regions,
        regions: left.regions.clone(),
        texts: left.texts.clone(),
    };
    Ok(Some(charges))
}

/// The period that lies between two days, these included: a day, a month or a year.
fn known_to(first: Option<i32>, last: Option<i32>) -> Option<Period> {
    let (first, last) = (day_of_number(first?)?, day_of_number(last?)?);
    [Period::Day(first), Period::Month(first), Period::Year(first)]
        .into_iter()
        .find(|period| period.last_day() == last)
}

fn column<T, Phantom: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, Phantom>,
{
    Series::new(name.into(), values).into_column()
}

fn charges_frame(charges: &mut Charges) -> PolarsResult<DataFrame> {
    let rows = charges.len();
    let dates: Vec<Option<Period>> =
        std::mem::take(&mut charges.charged).into_iter().map(Period::unpacked).collect();
    let region: Vec<Option<u16>> =
        std::mem::take(&mut charges.region).into_iter().map(|region| region.checked_sub(1)).collect();
    let source: Vec<Option<u32>> =
        std::mem::take(&mut charges.source).into_iter().map(|source| source.checked_sub(1)).collect();
    let mut columns = vec![
        column(CASE, std::mem::take(&mut charges.case)),
        column(DEFENDANT, std::mem::take(&mut charges.defendant)),
        column(Dimension::Country.name(), std::mem::take(&mut charges.country)),
        column(Dimension::Statute.name(), std::mem::take(&mut charges.statute)),
        column(Dimension::Outcome.name(), std::mem::take(&mut charges.outcome)),
        column(Dimension::Year.name(), each(&dates, |period| Some(period.year()))),
        column(Dimension::Month.name(), each(&dates, Period::month)),
    ];
    if charges.has_roles {
        columns.push(column(Dimension::Role.name(), std::mem::take(&mut charges.role)));
    }
    if charges.has_regions {
        columns.push(column(Dimension::Region.name(), region));
    }
    let source = if source.len() == rows { source } else { vec![None; rows] };
    columns.push(column(ORIGIN, source));
    columns.extend(bounds(&dates));
    DataFrame::new(rows, columns)
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
