//! Published figures filtered, grouped and added up: with polars, over columns of codes.

use polars::prelude::{
    Column, DataFrame, DataType, Expr, Field, IntoColumn as _, IntoLazy as _, LazyFrame, NamedFrom,
    PolarsResult, Schema, Series, SortMultipleOptions, col, len, lit,
};

use super::frame::{FIRST_DAY, Frame, LAST_DAY, MEASURE, PLACE, PREFERRED, VALUE};
use super::{Cells, Counts, Deadline, Evidence, Query, Rival, in_time};
use crate::domain::{Dimension, Measure, day_number};
use crate::ingest::Figure;
use crate::release::Release;

/// Column of the number of records in a group.
const RECORDS: &str = "records";

/// Adds up figures for a query that has passed [`check`](super::check).
///
/// Rows are sorted by the dimensions in the order of the query, unknown values first: years and months
/// in time order, codes in byte order. Only groups with records appear.
///
/// # Errors
/// When polars fails; with the frames and plans made here that is a bug.
pub fn sums(query: &Query, release: &Release, figures: &[Figure], frame: &Frame) -> PolarsResult<Counts> {
    let kept = looked_up(filtered(query, release, frame), &query.by, query, release);
    let wanted: Vec<Expr> = query.measures.iter().map(|&measure| is_measure(measure)).collect();
    let any = wanted.iter().cloned().reduce(Expr::or).unwrap_or(lit(true));
    let mut sums: Vec<Expr> = query.measures.iter().map(|&measure| sum_of(measure)).collect();
    sums.push(col(PLACE).implode(true));
    let groups = grouped(kept.filter(any), &names(&query.by), sums)?;
    Deadline::current().keep();
    let keys = query
        .by
        .iter()
        .map(|&dimension| numbers(&groups, dimension.name()))
        .collect::<PolarsResult<Vec<_>>>()?;
    let values = query
        .measures
        .iter()
        .map(|&measure| counts(&groups, measure.name()))
        .collect::<PolarsResult<Vec<_>>>()?;
    let evidence = evidence(&groups, figures, frame)?;
    let plan = format!("published figures: {}", figures.len());
    Ok(Counts { keys, values, evidence, plan, ..Counts::default() })
}

/// Returns the records that a query keeps.
fn filtered(query: &Query, release: &Release, frame: &Frame) -> LazyFrame {
    let mut kept = frame.data.clone().lazy();
    for (&dimension, numbers) in &query.keep {
        if !matches!(dimension, Dimension::Statute | Dimension::Category) {
            kept = kept.filter(is_one_of(dimension, numbers.clone(), frame));
        }
    }
    if let Some(statutes) = query.statutes(release) {
        let statutes = statutes.into_iter().map(u32::from).collect();
        kept = kept.filter(is_one_of(Dimension::Statute, statutes, frame));
    }
    // A record known only to the year is kept when its whole year lies inside; one of unknown date never is.
    if let Some(from) = query.from {
        kept = kept.filter(col(FIRST_DAY).gt_eq(lit(day_number(from.first_day()))));
    }
    if let Some(to) = query.to {
        kept = kept.filter(col(LAST_DAY).lt_eq(lit(day_number(to.last_day()))));
    }
    let by_source = query.by.contains(&Dimension::Source) || query.keep.contains_key(&Dimension::Source);
    if !by_source {
        kept = kept.filter(col(PREFERRED));
    }
    kept
}

fn is_one_of(dimension: Dimension, numbers: Vec<u32>, frame: &Frame) -> Expr {
    let wanted = Series::new("wanted".into(), numbers);
    // Compared in the column's own narrow type; every number came from a code of that type.
    let wanted = match frame.data.column(dimension.name()).and_then(|column| wanted.cast(column.dtype())) {
        Ok(wanted) => wanted,
        Err(_) => wanted,
    };
    col(dimension.name()).is_in(lit(wanted).implode(false), false)
}

/// Adds what groups are made of and no record holds: the category of a statute, and the statute that one stands for.
fn looked_up(mut kept: LazyFrame, by: &[Dimension], query: &Query, release: &Release) -> LazyFrame {
    if by.contains(&Dimension::Category) {
        let category = of_statute(query.categories(release));
        kept = kept.with_column(category.alias(Dimension::Category.name()));
    }
    if query.lineage && by.contains(&Dimension::Statute) {
        kept = kept.with_column(of_statute(query.standing(release).into_iter().map(Some).collect()));
    }
    kept
}

/// Looks up what a table says of each record's statute; the table is in the order of the statutes' codes.
fn of_statute(table: Vec<Option<u16>>) -> Expr {
    let look_up = move |codes: Column| {
        let found: Vec<Option<u16>> = codes
            .u16()?
            .iter()
            .map(|code| code.and_then(|code| table.get(usize::from(code)).copied().flatten()))
            .collect();
        Ok(Series::new(codes.name().clone(), found).into_column())
    };
    let is_number = |_: &Schema, field: &Field| Ok(Field::new(field.name().clone(), DataType::UInt16));
    col(Dimension::Statute.name()).map(look_up, is_number)
}

fn names(by: &[Dimension]) -> Vec<&'static str> {
    by.iter().map(|dimension| dimension.name()).collect()
}

fn is_measure(measure: Measure) -> Expr {
    col(MEASURE).eq(lit(measure.code()))
}

/// The sum of one measure's figures; null where there is none, because missing is not zero.
fn sum_of(measure: Measure) -> Expr {
    let figures = col(VALUE).filter(is_measure(measure));
    polars::prelude::when(figures.clone().len().gt(lit(0)))
        .then(figures.sum())
        .otherwise(lit(polars::prelude::NULL))
        .alias(measure.name())
}

fn grouped(kept: LazyFrame, by: &[&str], mut counted: Vec<Expr>) -> PolarsResult<DataFrame> {
    counted.push(len().alias(RECORDS));
    if by.is_empty() {
        // One total row, unless there is nothing to count.
        return kept.select(counted).filter(col(RECORDS).gt(lit(0))).collect();
    }
    let keys: Vec<Expr> = by.iter().map(|&name| col(name)).collect();
    kept.group_by(keys).agg(counted).sort(by.to_vec(), SortMultipleOptions::new()).collect()
}

/// Counts the figures per value of one dimension.
///
/// # Errors
/// As [`sums`].
pub fn records(query: &Query, of: Dimension, release: &Release, frame: &Frame) -> PolarsResult<Counts> {
    let kept = looked_up(filtered(query, release, frame), &[of], query, release);
    let groups = grouped(kept, &[of.name()], Vec::new())?;
    Ok(Counts {
        keys: vec![numbers(&groups, of.name())?],
        values: vec![counts(&groups, RECORDS)?],
        ..Counts::default()
    })
}

fn numbers(groups: &DataFrame, name: &str) -> PolarsResult<Cells<i32>> {
    let column = groups.column(name)?.cast(&DataType::Int32)?;
    Ok(column.i32()?.iter().collect())
}

fn counts(groups: &DataFrame, name: &str) -> PolarsResult<Cells<u64>> {
    let column = groups.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.iter().collect())
}

fn evidence(groups: &DataFrame, figures: &[Figure], frame: &Frame) -> PolarsResult<Vec<Evidence>> {
    let lists = groups.column(PLACE)?;
    let mut all = Vec::with_capacity(groups.height());
    for list in in_time(lists.list()?.amortized_iter()) {
        let Some(list) = list else { continue };
        let places: Vec<u32> = list.as_ref().u32()?.iter().flatten().collect();
        all.push(evidence_of(&places, figures, frame));
    }
    Ok(all)
}

fn evidence_of(places: &[u32], figures: &[Figure], frame: &Frame) -> Evidence {
    let mut shown: Vec<u16> = Vec::new();
    let mut others: Vec<u16> = Vec::new();
    let mut rivals: Vec<Rival> = Vec::new();
    let mut status = crate::domain::Status::Normal;
    for &place in places {
        let figure = &figures[place as usize];
        shown.push(figure.source);
        status = status.max(figure.status);
        for &other in &frame.same_cell[place as usize] {
            let other = &figures[other as usize];
            others.push(other.source);
            if other.value != figure.value {
                rivals.push(Rival { measure: other.measure, source: other.source, value: other.value });
            }
        }
    }
    shown.sort_unstable();
    shown.dedup();
    others.sort_unstable();
    others.dedup();
    others.retain(|source| !shown.contains(source));
    rivals.sort_unstable();
    rivals.dedup();
    shown.append(&mut others);
    Evidence { status, sources: shown, rivals }
}
