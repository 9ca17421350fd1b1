//! Charts on other people's pages.

mod frame_height;
mod from_file;
mod host_layouts;
mod host_pages;
mod npm_package;
mod oembed;
mod pictures;
mod privacy;
mod react;
mod sandboxes;
mod sharing;
mod tools;
