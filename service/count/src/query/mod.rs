//! Queries: parsing, what a query means for one release, and why a query is refused.

mod canonical;
mod cause;
mod deadline;
mod error;
mod in_force;
mod instead;
mod params;
mod question;
mod rate;
mod statutes;

pub use canonical::{escape, escape_part};
pub use cause::Cause;
pub use deadline::{Deadline, Over, in_time, keep_deadline};
pub use error::{QueryError, value};
pub use in_force::in_force_between;
pub use instead::instead;
pub use params::{Params, decoded, language_of, meant};
pub use question::Query;
pub use rate::check as check_rate;
