//! Queries: parsing, what a query means for one release, and why a query is refused.

mod canonical;
mod cause;
mod deadline;
mod error;
mod instead;
mod params;
mod question;
mod rate;
#[cfg(test)]
pub(crate) mod recount;
mod short;
mod statutes;

pub use canonical::{escape, escape_part};
pub use cause::Cause;
pub use deadline::{Deadline, Over, in_time, keep_deadline};
pub use error::QueryError;
pub(crate) use error::value;
pub use instead::instead;
pub use params::{Params, decoded, language_of, meant};
pub use question::Query;
pub use rate::check as check_rate;
pub use short::{Short, ShortError, short};
