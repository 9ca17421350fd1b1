//! What a data package must be, and whether it is: the part of Chargesheet that also runs in a browser.
//!
//! [`domain`] holds the words of the field as types, [`package`] reads what a package says of itself. Bytes come in and records and problems go out: nothing in here knows a
//! disk, a network, a thread or a clock. What does is in the service.

pub mod domain;
pub mod ingest;
pub mod package;
