//! Polars plans for selections: which records are selected, how they are grouped, and what is counted.

use polars::prelude::{
    Expr, IntoLazy as _, LazyFrame, NULL, NamedFrom, PolarsResult, Series, SortMultipleOptions, col, len,
    lit, when,
};

pub use super::frame::PLACE;
use super::frame::{
    CASE, CODE, DEFENDANT, FIRST_DAY, Frame, IS_MAIN_RULE, IS_WHOLE, IS_YEAR, LAST_DAY, MEASURE, PREFERRED,
    VALUE, framed,
};
use crate::domain::{Dimension, Measure, day_number};
use chargesheet_count::engine::{Kept, Provision, Selection};

/// Column with the number of records in a group.
pub const RECORDS: &str = "records";

/// Selects the records of a selection. Each record gets three columns from the register: its country, the statute under which
/// it is counted, and the category of offence.
///
/// # Errors
/// When polars cannot build the frame of statutes; with columns of equal length it always can.
pub fn kept(frame: &Frame, selection: &Selection) -> PolarsResult<LazyFrame> {
    let mut kept = frame.records.clone().lazy();
    for (dimension, codes) in &selection.codes {
        let codes: Vec<i32> = codes.iter().filter_map(|&code| i32::try_from(code).ok()).collect();
        let codes = lit(Series::new(dimension.name().into(), codes)).implode(false);
        kept = kept.filter(col(dimension.name()).is_in(codes, false));
    }
    // A comparison with an unknown date gives null, which no filter keeps.
    if let Some(from) = selection.from {
        kept = kept.filter(col(FIRST_DAY).gt_eq(lit(day_number(from.first_day()))));
    }
    if let Some(to) = selection.to {
        kept = kept.filter(col(LAST_DAY).lt_eq(lit(day_number(to.last_day()))));
    }
    if frame.are_figures {
        let Kept { every_source, every_period, every_area, every_rule } = selection.figures;
        let all = [
            (every_source, PREFERRED),
            (every_period, IS_YEAR),
            (every_area, IS_WHOLE),
            (every_rule, IS_MAIN_RULE),
        ];
        for (_, column) in all.into_iter().filter(|(is_every, _)| !is_every) {
            kept = kept.filter(col(column));
        }
    }
    let of_statutes = |name: &str, number: &dyn Fn(&Provision) -> Option<i32>| {
        Series::new(name.into(), selection.statutes.iter().map(number).collect::<Vec<_>>())
    };
    let mut statutes = vec![of_statutes(CODE, &|statute| Some(statute.code.into()))];
    statutes.extend(
        [Dimension::Country, Dimension::Statute, Dimension::Category]
            .map(|dimension| of_statutes(dimension.name(), &|statute| statute.key(dimension))),
    );
    Ok(kept.inner_join(framed(statutes)?.lazy(), col(CODE), col(CODE)))
}

/// Selects the figures of the measures asked for, so that a figure of another measure makes no group. Charges count for every
/// measure.
pub fn of_measures(kept: LazyFrame, frame: &Frame, selection: &Selection) -> LazyFrame {
    let asked = selection.measures.iter().map(|&measure| is_measure(measure)).reduce(Expr::or);
    match asked.filter(|_| frame.are_figures) {
        Some(asked) => kept.filter(asked),
        None => kept,
    }
}

fn is_measure(measure: Measure) -> Expr {
    col(MEASURE).eq(lit(i32::from(measure.code())))
}

/// Counts a measure. Reported figures are summed; without any figure the result is null, because missing is not zero. Charges
/// are counted, as are distinct cases and defendants.
pub fn measured(frame: &Frame, measure: Measure) -> Expr {
    let figures = col(VALUE).filter(is_measure(measure));
    let counted = match measure {
        _ if frame.are_figures => {
            when(figures.clone().len().gt(lit(0))).then(figures.sum()).otherwise(lit(NULL))
        }
        Measure::Charges => len(),
        Measure::Cases => col(CASE).n_unique(),
        Measure::Persons => col(DEFENDANT).n_unique(),
    };
    counted.alias(measure.name())
}

/// Counts records for each group, in order of the dimensions. Without dimensions there is one group.
pub fn grouped(kept: LazyFrame, by: &[Dimension], mut counted: Vec<Expr>) -> LazyFrame {
    counted.push(len().alias(RECORDS));
    if by.is_empty() {
        return kept.select(counted).filter(col(RECORDS).gt(lit(0)));
    }
    let names: Vec<&str> = by.iter().map(|dimension| dimension.name()).collect();
    let keys: Vec<Expr> = names.iter().map(|&name| col(name)).collect();
    kept.group_by(keys).agg(counted).sort(names, SortMultipleOptions::new())
}
