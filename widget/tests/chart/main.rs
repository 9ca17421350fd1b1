//! Charts as a reader gets them: what they say, whether their texts hold, and how some of them look.

mod boxes;
mod events;
#[cfg(feature = "serde")]
mod flat_form;
mod kinds;
mod limits;
mod places;
#[cfg(feature = "serde")]
mod positions;
mod rates;
mod samples;
mod semantics;
mod server_kinds;
mod shapes;
mod snapshots;
