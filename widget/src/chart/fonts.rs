//! Fonts that several parts of a picture are written in.

use crate::svg::Font;

/// Font of ticks, legend and units.
pub const LABEL: Font = Font::regular(12);
/// Font of the figures at bars.
pub const FIGURE: Font = Font::regular(11);
