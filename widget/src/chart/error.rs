//! The reasons why an answer cannot be drawn as asked.

#[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
use super::series::LANE_LIMIT;
use super::series::{PANEL_LIMIT, SERIES_LIMIT};

/// The reason why an answer cannot be drawn as asked. Its display is one or more sentences for an error page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// Stacking would sum the figures over a dimension, given by its title, over which they may not be summed.
    #[error(
        "These figures cannot be stacked: they may not be summed over “{dimension}”, because some are parts of others. Use `line` or `bar`, or keep one value of it."
    )]
    NotAdditive {
        /// The dimension's title in the answer's language.
        dimension: String,
    },
    /// Several measures cannot be stacked.
    #[error(
        "Different measures are never added together, so they cannot be stacked. Ask for one `measure`, or use `line` or `bar`."
    )]
    SeveralMeasures,
    /// Every share would be 100 %, because no dimension divides the total.
    #[error(
        "Every share would be 100 %. Add a dimension to `by` whose values share the total, such as `outcome`, or use `line` or `bar`."
    )]
    NoShares,
    /// A line needs years or months along the axis.
    #[error("A line needs time along the axis. Add `year` or `month` to `by`, or use `bar`.")]
    NoTime,
    /// There is no dimension to make panels of.
    #[error(
        "Small multiples need a dimension besides time. Add one to `by`, such as `country` or `statute`, or use `line`."
    )]
    NoPanels,
    /// There are more panels than one picture holds.
    #[error(
        "These small multiples would have {panels} panels; at most {PANEL_LIMIT} are drawn. Keep fewer values of the first dimension in `by`, or use `horizontal`."
    )]
    TooManyPanels {
        /// The number of panels that there would be.
        panels: usize,
    },
    /// There are more series than a reader can tell apart.
    #[error(
        "This chart would have {series} series, more than a reader can tell apart; at most {SERIES_LIMIT} are drawn. Keep fewer values or take a dimension out of `by`."
    )]
    TooManySeries {
        /// The number of series that there would be.
        series: usize,
    },
    /// There are so many series, panels, groups or figures that counting stopped early.
    #[error(
        "This chart would have more {what} than any picture shows. Keep fewer values or take a dimension out of `by`."
    )]
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    TooMuch {
        /// The things that are too many.
        what: &'static str,
    },
    /// The texts and groups do not fit into the picture.
    #[error(
        "The labels of this chart do not fit into the picture. At this width it needs a height of {height} pixels."
    )]
    TooLow {
        /// The height at which they fit, in pixels, at the same width.
        height: u32,
    },
    /// There are more lanes of stretches of time than one picture holds.
    #[error(
        "This chart would have {lanes} lanes; at most {LANE_LIMIT} are drawn. Keep fewer values or take a dimension out of `by`."
    )]
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    TooManyLanes {
        /// The number of lanes counted so far.
        lanes: usize,
    },
    /// A chart of stretches of time needs them.
    #[error("A chart of spans needs periods. Add `period` to `by`, or use another kind.")]
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    NoPeriods,
    /// A map needs countries.
    #[error("A map needs countries. Add `country` to `by`, or use another kind.")]
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    NoCountries,
    /// A map has one figure for each country, and the answer has several.
    #[error(
        "A map shows one figure for each country. Keep one year, one measure and one value of every other dimension in `by`."
    )]
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    NotOneFigure,
    /// Bars would be so thin that nobody could tell them apart.
    #[error(
        "The bars of this chart would be thinner than 3 pixels at this width. Keep fewer periods, or use `line`."
    )]
    TooThin,
    /// The answer has no measure.
    #[error("This answer has no column of counts to draw.")]
    NothingCounted,
}
