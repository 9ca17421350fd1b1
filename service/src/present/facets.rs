//! Counts per value of a dimension, for menus.

use serde::Serialize;

use super::Month;
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::release::Release;

/// The values of one dimension.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Facet {
    /// The dimension.
    pub dimension: &'static str,
    /// Its values that occur, codes in byte order and periods in time order.
    pub values: Vec<FacetValue>,
}

/// One value and how often it occurs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FacetValue {
    /// The code or period; `null` where it is not known.
    pub value: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// Records with it: charges, or published figures.
    pub records: u64,
}

/// Returns the facet of a dimension.
pub fn facets(of: Dimension, release: &Release, counts: &Published, language: Language) -> Facet {
    let values = counts
        .each_row()
        .map(|row| {
            let key = counts.key(0, row);
            let number = key.and_then(|key| u32::try_from(key).ok());
            let value = match of {
                Dimension::Year => key.map(|year| year.to_string()),
                Dimension::Month => key.map(|month| Month(month).to_string()),
                _ => number.map(|number| release.code(of, number).to_owned()),
            };
            let label = if of.is_time() {
                value.clone()
            } else {
                number.map(|number| release.label(of, number, language).to_owned())
            };
            FacetValue { value, label, records: counts.value(0, row).unwrap_or_default() }
        })
        .collect();
    Facet { dimension: of.name(), values }
}
