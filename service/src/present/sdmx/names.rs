//! The names that SDMX-CSV and the structure message share.

use std::borrow::Cow;

use crate::domain::Dimension;
use crate::engine::Gap;
use crate::present::cube::Cube;
use crate::present::table::{Column, Holds};
use crate::query::Query;
use crate::release::Release;

/// The agency that maintains the structures.
pub const AGENCY: &str = "CHARGESHEET";

/// Returns the id and version of the structure of an answer. Answers with the same dimensions of a dataset have the same.
pub fn id(query: &Query, release: &Release) -> (String, String) {
    let mut id = release.dataset().to_uppercase();
    id.push_str("_BY");
    for dimension in &query.by {
        id.push('_');
        id.push_str(&dimension.name().to_uppercase());
    }
    let id = id.bytes().map(|byte| if byte.is_ascii_alphanumeric() { byte as char } else { '_' });
    let own = &release.descriptor().version;
    let is_version = own.split('.').count() == 3
        && own.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    (id.collect(), if is_version { own.clone() } else { "1.0.0".to_owned() })
}

/// Returns the concept of a dimension, by the names that SDMX has where it has one. Of several dimensions of time, the finest is the
/// time of the observation.
pub fn concept(dimension: Dimension, query: &Query) -> Cow<'static, str> {
    let times = [Dimension::Period, Dimension::Month, Dimension::Year];
    let time = times.into_iter().find(|own| query.by.contains(own));
    match dimension {
        own if time == Some(own) => "TIME_PERIOD".into(),
        Dimension::Country => "REF_AREA".into(),
        Dimension::Category => "OFFENCE".into(),
        Dimension::Rule => "COUNTING_RULE".into(),
        other => other.name().to_uppercase().into(),
    }
}

/// Returns the code of a column of figures in the dimension `MEASURE`.
pub fn measure(column: &Column) -> String {
    column.name.to_uppercase()
}

/// Returns the unit of a column of figures.
pub fn unit(column: &Column, cube: &Cube<'_>) -> String {
    match column.holds {
        Holds::Share(_) => "RATIO".to_owned(),
        Holds::Rate(_) => "PER_100000".to_owned(),
        Holds::Count(place) => cube.query.measures[place].name().to_uppercase(),
        _ => String::new(),
    }
}

/// Returns the observation status of a cell without a figure (`CL_OBS_STATUS` of SDMX): it cannot exist, it is suppressed, or it is
/// missing.
pub fn missing(gap: Gap) -> &'static str {
    match gap {
        Gap::NotInForce => "M",
        Gap::Withheld => "Q",
        Gap::NotReported | Gap::Unknown => "O",
    }
}
