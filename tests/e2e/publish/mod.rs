//! From a data package to a release in a store: checks, publishing, verifying, comparing.

mod asked;
mod changes;
mod check;
mod cite_check;
pub mod commands;
mod damaged_stores;
mod earlier_versions;
mod from_parquet;
mod newer_formats;
mod package_files;
mod quarantine;
mod releases;
mod releases_served;
mod releases_verified;
mod releases_withdrawn;
pub mod rulebook_background;
mod rulebook_bytes;
mod rulebook_inert;
mod rulebook_rows;
mod rulebook_shape;
mod rulebook_values;
mod sources;
mod store_faults;
mod store_load;
