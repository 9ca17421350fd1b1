//! The drawing, on the server and in the browser.

mod builder;
mod builder_choices;
mod builder_colours;
mod builder_window;
mod chart_reader;
mod chosen_years;
mod gallery;
mod interaction;
mod keyboard;
mod layout_shift;
mod peer_timings;
mod peers;
mod readable;
mod same_bytes;
mod scripts;
