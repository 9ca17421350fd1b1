//! The terms of the field as types. Their text is parsed only here.

mod address;
mod dimension;
mod event;
mod inert;
mod language;
mod lineage;
mod measure;
mod nearest;
pub mod own_name;
pub mod parameters;
mod period;
mod population;
mod reference;
mod say;
mod span;
mod status;
mod statute;
pub mod tables;
pub mod values;
mod written_date;

pub use address::is_address;
pub use dimension::{Codes, Dimension};
pub use event::{Event, EventKind};
pub use inert::{inert, would_run};
pub use language::{Language, Localized};
pub use measure::Measure;
pub use nearest::nearest;
pub use period::{Period, PeriodError, day_number, day_of_number};
pub use population::Population;
pub use reference::{CodeList, Entry, Lists, countries, offence_definition, offences, outcomes, roles};
pub use say::{Say, Told, fill};
pub use span::{Span, SpanKind};
pub use status::Status;
pub use statute::{Register, Statute};
pub use written_date::certain_date;
