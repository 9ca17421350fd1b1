//! From a question to its picture: which question a page asks first, in which form its answer can be drawn, and the drawing.

mod drawn;
mod judge;
mod page_answer;
mod topic;

pub use drawn::{Picture, Shape};
pub use judge::{Judge, fits, statutes_in};
pub use page_answer::page_answer;
pub use topic::{CATEGORY_PARAMETERS, PARAMETERS, Topic, chart, settled};
