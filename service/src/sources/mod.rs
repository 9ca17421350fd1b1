//! The sources of reported figures on the web: fetches their pages, keeps them, and looks for the figures in them.

mod address_guard;
mod fetch;
mod figures_in_text;
mod page_text;
mod recorder;
mod robots;
mod table;
mod warc;

pub use address_guard::AllowedHost;
pub use fetch::{Failure, Fetcher, Limits, Page, USER_AGENT};
pub use figures_in_text::numbers;
pub use page_text::text;
pub use table::{Table, Values};
pub use warc::Archive;
