//! The pages for people: plain HTML that needs no script, made from the same answers as every other format.

mod address;
mod category;
mod chart;
mod dataset;
mod document;
mod downloads;
mod embed;
mod evidence;
pub mod example;
mod frame;
mod index;
pub mod linked;
mod pivot;
mod reference;
mod report;
mod share;
mod shares;
mod snippet;
mod statute;
mod statute_history;
mod table;
mod trend;
mod view;

pub use address::Offered;
pub use category::{category, category_chart};
pub use chart::Chart;
pub use dataset::dataset;
pub use document::document;
pub use embed::embed;
pub use frame::{PageError, apology};
pub use index::index;
pub use reference::reference;
pub use report::{report, report_chart};
pub use share::{Oembed, Room, oembed_address};
pub use statute::{statute, statute_chart};
pub use view::PARAMETERS as STATUTE_PARAMETERS;
