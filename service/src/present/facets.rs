//! Counts per value of a dimension, for menus.

use serde::Serialize;

use super::keys::{code, number};
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
