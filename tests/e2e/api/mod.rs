//! What is asked over HTTP, and what comes back: figures, files, descriptions, refusals.

mod answers;
mod appended_parameters;
mod archived_copies;
mod archives;
mod categories;
pub mod citations;
mod codebook;
mod contract;
pub mod corpus;
mod counting_plans;
mod csvw;
mod downloads;
mod evidence;
mod figures;
mod law_names;
mod lineage;
mod movers;
mod outcome_rates;
mod overlaps;
mod periods;
mod rates;
mod recount;
mod refusals;
mod routes;
mod short_addresses;
mod trends;
mod workbooks;
