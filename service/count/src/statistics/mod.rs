//! Statistics of single counts: shares and rates with their intervals.

mod garwood;
mod wilson;

pub use garwood::{Bounds, Rate, per_100000};
pub use wilson::{Interval, wilson};
