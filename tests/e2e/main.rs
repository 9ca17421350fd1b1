//! End-to-end tests: the real program over HTTP, and a real browser.
//!
//! They link none of our crates: JSON is read as JSON and CSV as CSV, so that a renamed field breaks a test.

mod accessible;
mod changes;
mod chosen;
mod commands;
mod contract;
mod corpus;
mod described;
mod embedded;
mod errors;
mod explorer;
mod figures;
mod from_file;
mod gallery;
mod layout;
mod oembed;
mod peers;
mod pictures;
mod placed;
mod react;
mod reading;
mod recorded;
mod recount;
mod releases;
mod releases_served;
mod releases_verified;
mod routes;
mod rulebook_bytes;
mod rulebook_inert;
mod rulebook_rows;
mod rulebook_shape;
mod rulebook_values;
mod same_bytes;
mod shared;
mod snippets;
mod store_faults;
mod store_load;
mod unmoved;
