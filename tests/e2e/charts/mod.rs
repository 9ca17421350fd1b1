//! The drawing, on the server and in the browser.

mod chosen_years;
mod gallery;
mod interaction;
mod layout_shift;
mod peers;
mod same_bytes;
mod scripts;
