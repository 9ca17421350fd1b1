//! The service under load, behind proxies, and in the hands of whoever runs it.

mod answer_cache;
mod body_memory;
pub mod content_coding;
mod hardening;
mod hardening_computing;
mod hardening_disks;
mod operations;
mod proxies;
mod proxy_program;
