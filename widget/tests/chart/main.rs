//! Charts as a reader gets them: what they say, whether their texts hold, and how some of them look.

mod boxes;
#[cfg(feature = "serde")]
mod flat_form;
mod kinds;
mod limits;
mod places;
#[cfg(feature = "serde")]
mod positions;
mod samples;
mod semantics;
mod shapes;
mod snapshots;
