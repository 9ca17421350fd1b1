//! The fonts that several parts of a picture share.

use crate::svg::Font;

/// Font of tick labels, legend and units.
pub const LABEL: Font = Font::regular(12);
/// Font of the figures at bars.
pub const FIGURE: Font = Font::regular(11);
