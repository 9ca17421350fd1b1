//! What tells a test that the charts of a page are drawn.

/// Whether the first chart of a page is drawn.
pub const DRAWN: &str =
    "!!document.querySelector('statute-chart')?.shadowRoot?.querySelector('.drawing svg')";

/// Whether every chart of a page is drawn, where it has any.
pub const ALL_DRAWN: &str = "[...document.querySelectorAll('statute-chart')].every((chart) => chart.shadowRoot?.querySelector('.drawing svg'))";
