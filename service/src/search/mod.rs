//! The search for statutes: by the words of their titles, laws, countries and categories in every language, by word forms, and by
//! other names. Nothing of what is searched is kept.

mod country;
mod fold;
mod index;
mod synonyms;

pub use index::{Found, Index, Nearest};
pub use synonyms::{Synonym, all as synonyms};
