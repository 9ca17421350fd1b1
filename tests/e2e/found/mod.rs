//! Found, read and followed by tools that people already use: names of files, addresses that forgive, search engines, reference
//! managers, feeds.

mod addresses;
mod blocks;
mod engines;
mod feeds;
mod file_names;
mod linked;
mod managers;
mod statistics;
