//! Counts per value of a dimension, for menus.

use serde::Serialize;

use super::keys::{code, number};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::release::Release;

/// The values of one dimension, with the number of records of each.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Facet {
    /// The name of the dimension.
    pub dimension: &'static str,
    /// The values that occur: codes in byte order, periods in time order.
    pub values: Vec<FacetValue>,
}

/// One value of a dimension, and how often it occurs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FacetValue {
    /// The code or period; `null` where it is not known.
    pub value: Option<String>,
    /// The label of the code; `null` where there is none.
    pub label: Option<String>,
    /// The number of records with this value: charges, or published figures.
    #[schema(value_type = u64)]
    pub records: Option<u64>,
}

/// Returns the facet of a dimension.
pub fn facets(of: Dimension, release: &Release, counts: &Published, language: Language) -> Facet {
    let value = |row: usize| {
        let key = counts.key(0, row);
        let value = code(release, of, key);
        let label = |number| release.label(of, number, language).to_owned();
        FacetValue {
            label: if of.is_time() { value.clone() } else { number(key).map(label) },
            value,
            records: counts.cell(0, row).ok(),
        }
    };
    Facet { dimension: of.name(), values: counts.each_row().map(value).collect() }
}
